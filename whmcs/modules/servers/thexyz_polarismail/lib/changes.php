<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

defined('WHMCS') || die('This file cannot be accessed directly');

/**
 * Changes from the client area: one function each, called by a form with WHMCS's token.
 *
 * Names come from the form, but never whose they are: the service looks each up among
 * what belongs to the mailbox of this WHMCS service.
 */
final class Changes
{
    /** Ends the request after a redirect; tests put something else in its place. */
    public static ?\Closure $end = null;

    /** @param array<string, mixed> $raw */
    public static function addAlias(array $raw): string
    {
        $input = ['handle' => Params::posted('handle'), 'destination' => Params::posted('destination')];
        $work = static fn (Params $params): array => self::ask($params, 'aliases/add', $input, 'alias_added', 'alias_already');
        return self::change($raw, 'aliases', $work);
    }

    /** @param array<string, mixed> $raw */
    public static function removeAlias(array $raw): string
    {
        $input = ['handle' => Params::posted('handle')];
        $work = static fn (Params $params): array => self::ask($params, 'aliases/remove', $input, 'alias_removed');
        return self::change($raw, 'aliases', $work);
    }

    /**
     * Hands a one-time login on: a redirect, or a page of ours that posts a form.
     *
     * @param array<string, mixed> $raw
     * @return array<string, mixed>|string
     */
    public static function openWebmail(array $raw): array|string
    {
        $params = Params::of($raw, 'client');
        $login = self::refusal($params) ?: self::login($params);
        if (is_string($login)) {
            // No redirect: this is a window of its own, and WHMCS's page shows the sentence.
            return htmlspecialchars($login, ENT_QUOTES, 'UTF-8');
        }
        if ($login['method'] === 'GET' && self::redirect($login['url'])) {
            return 'success';
        }
        return [
            'templatefile' => 'templates/webmail',
            'breadcrumb' => [Page::url($params->serviceId(), '') => $params->text('username')],
            'vars' => ['pm' => ['login' => $login] + Page::frame($params->serviceId(), 'webmail')],
        ];
    }

    /**
     * WHMCS's own webmail button. It can only redirect: for a login that must be posted
     * it leads a customer to the page with our button.
     *
     * @param array<string, mixed> $raw
     * @return array{success: bool, redirectTo?: string, errorMsg?: string}
     */
    public static function singleSignOn(array $raw): array
    {
        $isStaff = Params::isAdminArea();
        $params = Params::of($raw, $isStaff ? 'automation' : 'client');
        $login = self::faultOf($params) ?: self::login($params);
        if (is_string($login)) {
            return ['success' => false, 'errorMsg' => $login];
        }
        if ($login['method'] === 'GET') {
            return ['success' => true, 'redirectTo' => $login['url']];
        }
        $root = rtrim((string) ($GLOBALS['CONFIG']['SystemURL'] ?? ''), '/');
        $byButton = Texts::get('webmail_by_button');
        if ($isStaff || $root === '') {
            return ['success' => false, 'errorMsg' => $byButton];
        }
        Page::flash($params->serviceId(), [['type' => 'info', 'text' => $byButton]]);
        return ['success' => true, 'redirectTo' => $root . '/' . Page::url($params->serviceId(), 'overview')];
    }

    /**
     * Asks for a change, and words its answer for the page.
     *
     * @param array<string, mixed> $input
     * @param string $done the text for success, with {name} for the handle
     * @return array<int, array{type: string, text: string}>
     */
    public static function ask(Params $params, string $verb, array $input, string $done, string $already = ''): array
    {
        $answer = Bridge::askService($params, $verb, $input);
        Tables::copyAliases($params->serviceId(), $answer->overview());
        $isDone = $answer->isGood();
        $isOld = $isDone && $already !== '' && ($answer->body['already'] ?? false) === true;
        return [[
            'type' => $isDone ? 'success' : ($answer->status === 202 ? 'info' : 'error'),
            'text' => $isDone ? Texts::get($isOld ? $already : $done, ['name' => (string) $input['handle']]) : $answer->sentence(),
            'results' => (array) ($answer->body['results'] ?? []),
        ]];
    }

    /**
     * Makes one change, unless its form is refused, and leaves to the page with the result.
     *
     * @param array<string, mixed> $raw
     * @param callable(Params): array<int, array{type: string, text: string}> $work
     */
    public static function change(array $raw, string $page, callable $work): string
    {
        $params = Params::of($raw, 'client');
        $refusal = htmlspecialchars(self::refusal($params), ENT_QUOTES, 'UTF-8');
        return $refusal ?: self::leave($params, $page, $work($params));
    }

    /** Says why a form is not acted on: only a POST with WHMCS's token, of a running service. */
    private static function refusal(Params $params): string
    {
        if (($_SERVER['REQUEST_METHOD'] ?? '') !== 'POST') {
            return Texts::get('form_only');
        }
        // Depending on its version WHMCS ends the request here, or says false.
        $isExpired = function_exists('check_token') && check_token('WHMCS.default') === false;
        return $isExpired ? Texts::get('form_expired') : self::faultOf($params);
    }

    private static function faultOf(Params $params): string
    {
        $status = $params->status();
        if ($params->fault() !== '' || $status === 'Active') {
            return $params->fault();
        }
        return Texts::get($status === 'Suspended' ? 'read_only_suspended' : 'calm_ended');
    }

    /** @param array<int, array{type: string, text: string}> $lines */
    private static function leave(Params $params, string $page, array $lines): string
    {
        $errors = array_filter($lines, static fn (array $line): bool => $line['type'] === 'error');
        if ($errors === [] || !headers_sent()) {
            Page::flash($params->serviceId(), $lines);
        }
        self::redirect(Page::url($params->serviceId(), $page));
        // Still here: WHMCS shows the page itself, and prints what is returned as it is.
        $html = htmlspecialchars(implode(' ', array_column($errors, 'text')), ENT_QUOTES, 'UTF-8');
        return $errors === [] ? 'success' : $html;
    }

    /** @SuppressWarnings(PHPMD.ExitExpression) else WHMCS would print its page after the redirect */
    private static function redirect(string $url): bool
    {
        if (headers_sent()) {
            return false;
        }
        header('Referrer-Policy: no-referrer');
        header('Location: ' . $url, true, 303);
        (self::$end ?? static fn () => exit)();
        return true;
    }

    /** @return array{method: string, url: string, fields: array<string, string>}|string a sentence without a login */
    private static function login(Params $params): array|string
    {
        $answer = Bridge::askService($params, 'webmail-login');
        $url = $answer->text('url');
        if (!$answer->isGood() || !Params::isSafe($url)) {
            return $answer->isGood() ? Texts::get('webmail_unsafe') : $answer->sentence();
        }
        $fields = array_map('strval', array_filter((array) ($answer->body['fields'] ?? []), 'is_scalar'));
        if (strtoupper($answer->text('method')) === 'POST') {
            return ['method' => 'POST', 'url' => $url, 'fields' => $fields];
        }
        $query = $fields === [] ? '' : (str_contains($url, '?') ? '&' : '?') . http_build_query($fields);
        return ['method' => 'GET', 'url' => $url . $query, 'fields' => []];
    }
}
