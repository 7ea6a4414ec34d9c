<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

defined('WHMCS') || die('This file cannot be accessed directly');

/** The way to the Housemail service: the only user of cURL. */
final class Bridge
{
    /** How long to wait for a change, for a page, for the cart; in milliseconds. */
    public const VERB_MS = 25_000;
    public const PAGE_MS = 6_000;
    public const CART_MS = 3_000;

    private const CONNECT_MS = 3_000;

    /**
     * Asks the service. Never throws: without an answer the Answer says why.
     *
     * @param string $call the path after /api/v1/
     * @param array<string, mixed> $body
     */
    public static function ask(string $call, array $body = [], int $ms = self::VERB_MS, string ...$secrets): Answer
    {
        $forClient = ($body['actor']['kind'] ?? '') === 'client';
        $key = '';
        try {
            $connection = self::connection();
            $key = $connection['key'];
            [$status, $said] = self::send($connection, $call, $body, $ms);
            $answer = new Answer($status, $said, '', $forClient);
        } catch (\RuntimeException $trouble) {
            $answer = new Answer(0, [], $trouble->getMessage(), $forClient);
        }
        ModuleLog::call($call, $body, $answer, [$key, ...$secrets]);
        return $answer;
    }

    /**
     * Asks about one service of WHMCS, with its context.
     *
     * @param array<string, mixed> $input beside the context
     */
    public static function askService(Params $params, string $verb, array $input = [], int $ms = self::VERB_MS): Answer
    {
        $fault = $params->fault();
        return $fault === ''
            ? self::ask("services/{$params->serviceId()}/$verb", $params->context() + $input, $ms, $params->password())
            : new Answer(0, [], $fault, false);
    }

    /**
     * @return array{url: string, key: string, ca_file: string}
     * @throws \RuntimeException a sentence for staff why the service could not be asked
     */
    private static function connection(): array
    {
        if (!function_exists('curl_init')) {
            throw new \RuntimeException(Texts::get('curl_missing'));
        }
        $path = self::connectionFile();
        if (!is_readable($path)) {
            throw new \RuntimeException(Texts::get('connection_unreadable', ['file' => $path]));
        }
        // A byte order mark before its first line must not reach the browser.
        ob_start();
        $found = Records::quietly(static fn (): mixed => include $path);
        ob_end_clean();
        $found = array_map('strval', array_filter(is_array($found) ? $found : [], 'is_scalar'));
        $found += ['url' => '', 'key' => '', 'ca_file' => ''];
        if (!Params::isSafe($found['url']) || $found['key'] === '') {
            throw new \RuntimeException(Texts::get('connection_wrong', ['file' => $path]));
        }
        return $found;
    }

    /** @throws \RuntimeException */
    private static function connectionFile(): string
    {
        $root = defined('ROOTDIR') ? (string) ROOTDIR : dirname(__DIR__, 4);
        $beside = dirname($root) . '/housemail-whmcs.php';
        foreach ([(string) getenv('HOUSEMAIL_WHMCS_CONFIG'), $beside, dirname(__DIR__) . '/config.php'] as $place) {
            if ($place !== '' && is_file($place)) {
                return $place;
            }
        }
        throw new \RuntimeException(Texts::get('not_connected'));
    }

    /**
     * @param array{url: string, key: string, ca_file: string} $connection
     * @param array<string, mixed> $body
     * @return array{0: int, 1: array<string, mixed>} HTTP status and answer
     * @throws \RuntimeException a sentence for staff why the service could not be asked
     */
    private static function send(array $connection, string $call, array $body, int $milliseconds): array
    {
        $handle = curl_init();
        curl_setopt_array($handle, self::options($connection, $call, $body, $milliseconds));
        $text = curl_exec($handle);
        $values = ['url' => $connection['url'], 'status' => (int) curl_getinfo($handle, CURLINFO_RESPONSE_CODE)];
        if (!is_string($text)) {
            // Before its "pretransfer" cURL has sent nothing: no host, no connection, no trust.
            $wasSent = curl_getinfo($handle, CURLINFO_PRETRANSFER_TIME) > 0;
            throw new \RuntimeException(Texts::get($wasSent ? 'answer_lost' : 'not_reachable', $values));
        }
        $said = json_decode($text, true);
        if (!is_array($said)) {
            throw new \RuntimeException(Texts::get('answer_unreadable', $values));
        }
        return [$values['status'], $said];
    }

    /**
     * @param array{url: string, key: string, ca_file: string} $connection
     * @param array<string, mixed> $body
     * @return array<int, mixed> options of cURL
     */
    private static function options(array $connection, string $call, array $body, int $milliseconds): array
    {
        $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE;
        $isLocal = Params::isLoopback((string) parse_url($connection['url'], PHP_URL_HOST));
        return [
            CURLOPT_URL => rtrim($connection['url'], '/') . "/api/v1/$call",
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => (string) json_encode($body ?: new \stdClass(), $flags),
            CURLOPT_HTTPHEADER => [
                'Authorization: Bearer ' . $connection['key'],
                'Content-Type: application/json',
                'Accept-Language: ' . Texts::code(),
                "X-Deadline-Ms: $milliseconds",
                // Else cURL waits a second before it sends a longer body.
                'Expect:',
            ],
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_CONNECTTIMEOUT_MS => min(self::CONNECT_MS, $milliseconds),
            CURLOPT_TIMEOUT_MS => $milliseconds,
            CURLOPT_NOSIGNAL => true,
        ] + ($connection['ca_file'] === '' ? [] : [CURLOPT_CAINFO => $connection['ca_file']])
            + ($isLocal ? [CURLOPT_PROXY => ''] : []);
    }
}
