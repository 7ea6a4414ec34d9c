<?php

declare(strict_types=1);

namespace Standin\Tests\Module\Fake;

/** HTTP as the fake service speaks it, and misspeaks it on demand. */
final class Wire
{
    private const API = '/api/v1/';

    /**
     * @param resource $client
     * @return array{method: string, path: string, headers: array<string, string>, body: string}|null
     */
    public static function read($client): ?array
    {
        $line = (string) fgets($client);
        if (preg_match('#^(\S+) (\S+) HTTP/1#', $line, $found) !== 1) {
            return null;
        }
        $headers = [];
        while (($header = trim((string) fgets($client))) !== '') {
            [$name, $value] = explode(':', $header, 2) + [1 => ''];
            $headers[strtolower($name)] = trim($value);
        }
        $length = (int) ($headers['content-length'] ?? 0);
        $body = $length > 0 ? (string) stream_get_contents($client, $length) : '';
        return ['method' => $found[1], 'path' => $found[2], 'headers' => $headers, 'body' => $body];
    }

    /**
     * Answers by the rule of the call: of a list each entry once, the last one for good.
     *
     * @param resource $client
     * @param array<string, mixed> $rules
     * @param array<string, mixed> $request
     */
    public static function answer($client, array &$rules, array $request): void
    {
        $call = (string) preg_replace('#^services/[^/]+/#', '', substr($request['path'], strlen(self::API)));
        $rule = $rules[$call] ?? $rules['*'] ?? ['status' => 404, 'json' => ['code' => 'path_unknown']];
        if (isset($rule[0])) {
            $next = array_shift($rule);
            $rules[isset($rules[$call]) ? $call : '*'] = $rule === [] ? $next : $rule;
            $rule = $next;
        }
        if (isset($rule['wait_ms'])) {
            // Until then, or until the other side has had enough.
            [$read, $none, $none2] = [[$client], null, null];
            stream_select($read, $none, $none2, 0, (int) $rule['wait_ms'] * 1000);
        }
        if (!empty($rule['drop'])) {
            return;
        }
        $body = (string) ($rule['body'] ?? self::encoded($rule['json'] ?? [], (array) json_decode($request['body'], true)));
        self::send($client, (int) ($rule['status'] ?? 200), (string) ($rule['type'] ?? 'application/json'), $body);
    }

    /**
     * @param resource $client
     * @param mixed $value
     */
    public static function json($client, int $status, $value): void
    {
        self::send($client, $status, 'application/json', (string) json_encode($value, JSON_INVALID_UTF8_SUBSTITUTE));
    }

    /** @param resource $client */
    private static function send($client, int $status, string $type, string $body): void
    {
        $length = strlen($body);
        $location = intdiv($status, 100) === 3 ? "Location: /api/v1/elsewhere\r\n" : '';
        $head = "HTTP/1.1 $status Said\r\nContent-Type: $type\r\nContent-Length: $length\r\n{$location}Connection: close";
        // The caller may be gone already, which is what some tests are about.
        set_error_handler(static fn (): bool => true);
        fwrite($client, "$head\r\n\r\n$body");
        restore_error_handler();
    }

    /**
     * `{handle}` and the like in an answer stand for what was sent.
     *
     * @param mixed $json
     * @param array<string, mixed> $sent
     */
    private static function encoded($json, array $sent): string
    {
        $fill = static function ($value) use ($sent) {
            return is_string($value)
                ? strtr($value, ['{handle}' => (string) ($sent['handle'] ?? ''), '{domain}' => (string) ($sent['domain'] ?? '')])
                : $value;
        };
        if (is_array($json)) {
            array_walk_recursive($json, static function (&$value) use ($fill): void {
                $value = $fill($value);
            });
        }
        return (string) json_encode($json, JSON_INVALID_UTF8_SUBSTITUTE);
    }
}
