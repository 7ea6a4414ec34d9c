<?php

declare(strict_types=1);

namespace Standin\Tests\Module\Fake;

use RuntimeException;

/** Starts the fake service once for the process, tells it what to answer, reads what it was asked. */
final class Service
{
    public const KEY = 'hm_0123456789ab_the-key-of-this-WHMCS/1+2&3';

    /** @var resource|null */
    private static $process = null;
    private static string $url = '';

    public static function url(): string
    {
        if (self::$process === null) {
            self::start();
        }
        return self::$url;
    }

    /** Where nothing listens. */
    public static function closed(): string
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $name = (string) stream_socket_get_name($socket, false);
        fclose($socket);
        return "http://$name";
    }

    /**
     * Replaces every rule and forgets the requests.
     *
     * @param array<string, mixed> $rules call => status, json, body, type, wait_ms, drop; or a list of such
     */
    public static function tell(array $rules): void
    {
        self::ask('/_rules', (string) json_encode($rules, JSON_THROW_ON_ERROR));
    }

    /** @return list<array{method: string, path: string, headers: array<string, string>, body: string}> */
    public static function requests(): array
    {
        return array_values((array) json_decode(self::ask('/_requests', ''), true));
    }

    private static function ask(string $path, string $body): string
    {
        $handle = curl_init(self::url() . $path);
        curl_setopt_array($handle, [CURLOPT_POST => true, CURLOPT_POSTFIELDS => $body, CURLOPT_PROXY => '',
            CURLOPT_RETURNTRANSFER => true, CURLOPT_HTTPHEADER => ['Expect:'], CURLOPT_TIMEOUT => 20]);
        $said = curl_exec($handle);
        if (!is_string($said)) {
            throw new RuntimeException('The fake service does not answer: ' . curl_error($handle));
        }
        return $said;
    }

    private static function start(): void
    {
        $pipes = [];
        $process = proc_open([PHP_BINARY, __DIR__ . '/server.php'], [1 => ['pipe', 'w']], $pipes);
        if ($process === false) {
            throw new RuntimeException('The fake service does not start.');
        }
        self::$url = 'http://127.0.0.1:' . trim((string) fgets($pipes[1]));
        self::$process = $process;
        $owner = getmypid();
        register_shutdown_function(static function () use ($process, $owner): void {
            if (getmypid() === $owner) {
                proc_terminate($process);
            }
        });
    }
}
