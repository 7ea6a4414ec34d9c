<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

defined('WHMCS') || die('This file cannot be accessed directly');

/** WHMCS's module log: every call of ours, and the platform calls behind it. */
final class ModuleLog
{
    /** A shorter value would mask half of the log, and hides nothing. */
    private const SHORTEST_SECRET = 4;

    /**
     * @param array<string, mixed> $body what was sent
     * @param string[] $secrets the key of the service
     */
    public static function call(string $call, array $body, Answer $answer, array $secrets): void
    {
        if (!function_exists('logModuleCall')) {
            return;
        }
        $said = $answer->body;
        $mask = self::mask([
            ...$secrets,
            $body['server']['password'] ?? '',
            $body['password'] ?? '',
            $said['suggested_password'] ?? '',
            $said['url'] ?? '',
            ...array_values((array) ($said['fields'] ?? [])),
        ]);
        $hidden = array_flip(['calls', 'suggested_password', 'url', 'fields']);
        $response = ['status' => $answer->status, 'answer' => array_diff_key($said, $hidden)];
        self::write($call, self::shown($body), $response + array_filter(['trouble' => $answer->trouble]), $mask);
        foreach (array_filter((array) ($said['calls'] ?? []), 'is_array') as $made) {
            $request = ['host' => $made['host'] ?? '', 'request' => $made['request'] ?? []];
            $rest = array_diff_key($made, array_flip(['action', 'host', 'request']));
            self::write($call . ': ' . ($made['action'] ?? ''), $request, $rest, $mask);
        }
    }

    /**
     * What of a body may be written: no password, and of the owner the id only.
     *
     * @param array<string, mixed> $body
     * @return array<string, mixed>
     */
    private static function shown(array $body): array
    {
        unset($body['password'], $body['server']['password'], $body['actor']['visitor'], $body['display_name']);
        return isset($body['owner']) ? ['owner' => ['id' => $body['owner']['id'] ?? '']] + $body : $body;
    }

    /**
     * @param array<string, mixed> $request
     * @param array<string, mixed> $response
     * @param string[] $mask
     */
    private static function write(string $action, array $request, array $response, array $mask): void
    {
        $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRETTY_PRINT | JSON_INVALID_UTF8_SUBSTITUTE;
        $hide = static fn (mixed $part): mixed => is_string($part) ? str_replace($mask, '***', $part) : $part;
        $text = static function (array $said) use ($hide, $flags): string {
            // Before they are encoded once more, as then no copy of a secret would be recognized.
            array_walk_recursive($said, static fn (mixed &$part): mixed => $part = $hide($part));
            return (string) json_encode($said, $flags);
        };
        logModuleCall(Records::MODULE, $action, $text($request), $text($response), '', $mask);
    }

    /**
     * The secrets, also as they look when encoded.
     *
     * @param mixed[] $secrets
     * @return string[]
     */
    private static function mask(array $secrets): array
    {
        $mask = [];
        foreach (array_map('strval', array_filter($secrets, 'is_scalar')) as $secret) {
            foreach ([0, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE] as $flags) {
                $mask[] = trim((string) json_encode($secret, $flags | JSON_INVALID_UTF8_SUBSTITUTE), '"');
            }
            foreach ([ENT_QUOTES, ENT_COMPAT] as $flags) {
                $mask[] = htmlspecialchars($secret, $flags, 'UTF-8');
            }
            array_push($mask, $secret, rawurlencode($secret), urlencode($secret), base64_encode($secret));
        }
        $isLong = static fn (string $value): bool => strlen($value) >= self::SHORTEST_SECRET;
        return array_values(array_unique(array_filter($mask, $isLong)));
    }
}
