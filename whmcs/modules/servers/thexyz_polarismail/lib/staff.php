<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

defined('WHMCS') || die('This file cannot be accessed directly');

/** What staff see and press in the admin area. */
final class Staff
{
    /**
     * @param array<string, mixed> $raw server fields only
     * @return string '', or which part of the way failed and how to mend it
     */
    public static function testConnection(array $raw): string
    {
        $body = ['server' => Params::of($raw)->server(), 'actor' => Params::actor('automation')];
        $answer = Bridge::ask('connection-test', $body);
        return $answer->isGood() && ($answer->body['ok'] ?? false) === true ? '' : $answer->sentence();
    }

    /**
     * @param array<string, mixed> $raw
     * @return array<string, string> label => HTML
     */
    public static function tabFields(array $raw): array
    {
        $params = Params::of($raw);
        $isEnded = in_array($params->status(), ['Terminated', 'Cancelled', 'Fraud'], true);
        $rows = $isEnded ? ['tab_mailbox' => [Texts::get('tab_ended')]] : self::mailbox($params);
        $rows['tab_attention'] = $params->fault() === '' ? self::warnings($params) : [];
        $fields = [];
        foreach (array_filter($rows) as $label => $lines) {
            $fields[Texts::get($label)] = nl2br(htmlspecialchars(implode("\n", $lines), ENT_QUOTES, 'UTF-8'));
        }
        return $fields;
    }

    /** @param array<string, mixed> $raw */
    public static function checkNow(array $raw): string
    {
        $answer = Bridge::askService(Params::of($raw), 'check');
        if (!$answer->isGood()) {
            return $answer->sentence();
        }
        $differences = Texts::settings($answer->body['differences'] ?? []);
        $isPresent = $answer->text('presence') === 'present';
        if ($isPresent && $differences === '' && empty($answer->body['needs_staff'])) {
            return 'success';
        }
        $found = ['address' => $answer->text('address'), 'differences' => $differences ?: '-'];
        foreach (['state', 'presence'] as $what) {
            $found[$what] = Texts::get("{$what}_" . $answer->text($what));
        }
        return Texts::get('check_differs', $found);
    }

    /** @param array<string, mixed> $raw */
    public static function adopt(array $raw): string
    {
        $params = Params::of($raw);
        // Without a handle the service takes the user name, when that is an address.
        $isNamed = str_contains($params->text('username'), '@');
        $name = $isNamed ? [] : ['handle' => $params->handle(), 'domain' => $params->domain()];
        $answer = Bridge::askService($params, 'adopt', $name);
        return $answer->reached('active', 'suspended') ? Commands::record($params, $answer) : $answer->sentence();
    }

    /** @param array<string, mixed> $raw */
    public static function releaseAddress(array $raw): string
    {
        $params = Params::of($raw);
        $answer = Bridge::askService($params, 'release-name', [
            'handle' => $params->handle() ?: $params->text('username'),
            'domain' => $params->domain(),
            'reason' => 'Released in WHMCS for service ' . $params->serviceId(),
        ]);
        return $answer->reached('released') ? 'success' : $answer->sentence();
    }

    /** @return array<string, string[]> label => lines */
    private static function mailbox(Params $params): array
    {
        $answer = Bridge::askService($params, 'overview', [], Bridge::PAGE_MS);
        if (!$answer->isGood()) {
            return ['tab_mailbox' => [$answer->sentence()]];
        }
        Tables::copyAliases($params->serviceId(), $answer->body);
        $usage = (array) ($answer->body['usage'] ?? []) + ['used_bytes' => null, 'quota_gb' => 0, 'seen_at' => null];
        $seen = str_replace('T', ' ', substr((string) $usage['seen_at'], 0, 16));
        $unconfirmed = Texts::settings($answer->body['unconfirmed'] ?? []);
        $sizes = Texts::size($usage['used_bytes']) . ' / ' . Texts::size((float) $usage['quota_gb'] * 1e9);
        return [
            'tab_mailbox' => [$answer->text('address')],
            'tab_state' => [Texts::get('state_' . $answer->text('state'))],
            'tab_usage' => [$sizes, Texts::get('usage_seen', ['date' => $seen . ' UTC'])],
            'tab_unconfirmed' => $unconfirmed === '' ? [] : [Texts::get('unconfirmed', ['settings' => $unconfirmed])],
        ];
    }

    /** @return string[] */
    private static function warnings(Params $params): array
    {
        $used = $params->server()['endpoint'];
        $tested = $params->serverEndpoint();
        $isSame = parse_url($used, PHP_URL_HOST) === parse_url($tested, PHP_URL_HOST);
        return array_values(array_filter([
            $params->handle() === null ? Texts::get('mailbox_field_missing') : '',
            ...array_map([Texts::class, 'missing'], Page::missingFiles()),
            Tables::trouble(),
            $isSame ? '' : Texts::get('endpoint_differs', ['endpoint' => $used, 'server' => $tested]),
        ]));
    }
}
