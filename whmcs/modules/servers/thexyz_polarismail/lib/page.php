<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

defined('WHMCS') || die('This file cannot be accessed directly');

/** The pages on the product details of the client area: what is shown, never a change. */
final class Page
{
    private const VERSION = '1.0.0';
    private const FRAME = 'templates/clientarea.tpl';

    /** Value of the parameter "pm" => the files without which that page cannot be shown. */
    private const PAGES = [
        'overview' => ['templates/overview.tpl'],
        'password' => ['templates/password.tpl'],
        'aliases' => ['templates/aliases.tpl'],
        'lists' => ['templates/distribution-lists.tpl', 'lib/lists.php'],
    ];
    private const SHARED = [
        self::FRAME, 'templates/partials/nav.tpl', 'templates/partials/hidden.tpl', 'templates/partials/limit.tpl',
        'templates/partials/billing.tpl', 'templates/webmail.tpl', 'lang/english.php',
    ];

    /**
     * @param array<string, mixed> $raw
     * @return array<string, mixed>|string a sentence when the frame itself is missing
     */
    public static function show(array $raw): array|string
    {
        $params = Params::of($raw, 'client');
        $asked = is_string($_GET['pm'] ?? null) ? $_GET['pm'] : '';
        $page = isset(self::PAGES[$asked]) ? $asked : 'overview';
        $missing = array_intersect(self::missingFiles(), [...self::SHARED, ...self::PAGES[$page]]);
        if (in_array(self::FRAME, $missing, true)) {
            return Texts::missing(self::FRAME);
        }
        $content = $missing === [] ? self::content($params) : ['calm' => Texts::missing(current($missing))];
        $model = $content + self::frame($params->serviceId(), $page);
        return ['tabOverviewReplacementTemplate' => self::FRAME, 'templateVariables' => ['pm' => $model]];
    }

    /**
     * What every page of ours needs, with a mailbox or without.
     *
     * @return array<string, mixed>
     */
    public static function frame(int $serviceId, string $page): array
    {
        $flash = $_SESSION[Records::MODULE]['flash'][$serviceId] ?? [];
        unset($_SESSION[Records::MODULE]['flash'][$serviceId]);
        return [
            'tplDir' => dirname(__DIR__) . '/templates',
            'version' => self::VERSION,
            'lang' => Texts::all(),
            'serviceId' => $serviceId,
            'url' => self::url($serviceId, ''),
            'csrfToken' => function_exists('generate_token') ? (string) generate_token('plain') : '',
            'page' => $page,
            'template' => basename(self::PAGES[$page][0] ?? ''),
            'flash' => $flash,
            'hasBilling' => is_file(dirname(__DIR__) . '/templates/partials/billing.tpl'),
        ];
    }

    /** Below the shop's root, with the page that is asked for. */
    public static function url(int $serviceId, string $page): string
    {
        return "clientarea.php?action=productdetails&id=$serviceId" . ($page === '' ? '' : "&pm=$page");
    }

    /** @param array<int, array{type: string, text: string}> $lines shown by the next page of this service */
    public static function flash(int $serviceId, array $lines): void
    {
        $_SESSION[Records::MODULE]['flash'][$serviceId] ??= [];
        array_push($_SESSION[Records::MODULE]['flash'][$serviceId], ...array_values($lines));
    }

    /** @return string[] files of the module that are not there */
    public static function missingFiles(): array
    {
        $isMissing = static fn (string $file): bool => !is_file(dirname(__DIR__) . "/$file");
        return array_values(array_filter(array_merge(self::SHARED, ...array_values(self::PAGES)), $isMissing));
    }

    /** @return array<string, mixed> what differs from the frame */
    private static function content(Params $params): array
    {
        $status = $params->status();
        $isSuspended = $status === 'Suspended';
        if ($params->fault() !== '') {
            return ['calm' => $params->fault()];
        }
        if ($status !== 'Active' && !$isSuspended) {
            return ['calm' => Texts::get($status === 'Pending' ? 'calm_pending' : 'calm_ended')];
        }
        $answer = Bridge::askService($params, 'overview', [], Bridge::PAGE_MS);
        $overview = $answer->overview();
        if ($overview === []) {
            $calm = $answer->isGood() ? Texts::get('unavailable') : $answer->sentence();
            return ['calm' => $calm, 'address' => $params->text('username')];
        }
        Tables::copyAliases($params->serviceId(), $overview);
        $quotaBytes = (float) ($overview['plan']['quota_gb'] ?? 0) * 1e9;
        return [
            'address' => (string) $overview['address'],
            'overview' => $overview,
            'state' => Texts::get('state_' . ($overview['state'] ?? '')),
            'usedSize' => Texts::size($overview['usage']['used_bytes'] ?? null),
            'quotaBytes' => $quotaBytes,
            'quotaSize' => Texts::size($quotaBytes),
            // The service says what may be done; WHMCS's own suspension comes before it.
            'may' => $isSuspended ? [] : $overview['may'],
            'readOnly' => $isSuspended ? Texts::get('read_only_suspended') : '',
        ];
    }
}
