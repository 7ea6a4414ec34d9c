<?php

declare(strict_types=1);

namespace Standin;

use InvalidArgumentException;
use WHMCS\Database\Capsule;

/** Connects Capsule: SQLite for speed, MariaDB in strict mode for truth. */
final class Database
{
    /** @param string $dsn `sqlite::memory:`, `sqlite:/file` or `mariadb://user:password@host:3306/name[?socket=/path]` */
    public static function connect(string $dsn): void
    {
        $capsule = new Capsule();
        $capsule->addConnection(self::settings($dsn));
        $capsule->setAsGlobal();
        $capsule->bootEloquent();
        if (str_starts_with($dsn, 'sqlite:')) {
            Capsule::connection()->statement('PRAGMA busy_timeout = 10000');
        }
    }

    /** @return array<string, mixed> */
    private static function settings(string $dsn): array
    {
        if (str_starts_with($dsn, 'sqlite:')) {
            $file = substr($dsn, strlen('sqlite:'));
            if ($file !== ':memory:' && !is_file($file)) {
                touch($file);
                chmod($file, 0600);
            }
            return ['driver' => 'sqlite', 'database' => $file, 'prefix' => ''];
        }
        return self::mariadb($dsn);
    }

    /** @return array<string, mixed> */
    private static function mariadb(string $dsn): array
    {
        $parts = parse_url($dsn) ?: [];
        if (!in_array($parts['scheme'] ?? '', ['mariadb', 'mysql'], true)) {
            throw new InvalidArgumentException('The database is sqlite:FILE or mariadb://user:password@host/name.');
        }
        $parts += ['host' => '127.0.0.1', 'port' => 3306, 'path' => '', 'user' => '', 'pass' => '', 'query' => ''];
        parse_str($parts['query'], $query);
        return [
            'driver' => 'mysql',
            'host' => $parts['host'],
            'port' => $parts['port'],
            'unix_socket' => (string) ($query['socket'] ?? ''),
            'database' => ltrim($parts['path'], '/'),
            'username' => rawurldecode($parts['user']),
            'password' => rawurldecode($parts['pass']),
            'charset' => 'utf8mb4',
            'collation' => 'utf8mb4_unicode_ci',
            'prefix' => '',
            'strict' => true,
        ];
    }
}
