<?php

declare(strict_types=1);

namespace Standin\Web;

/** Files that need no host: the themes' packages, our own style, a module's pictures and templates. */
final class StaticFile
{
    private const TYPES = ['css' => 'text/css', 'js' => 'text/javascript', 'map' => 'application/json',
        'png' => 'image/png', 'svg' => 'image/svg+xml', 'woff2' => 'font/woff2', 'woff' => 'font/woff',
        'ttf' => 'font/ttf', 'tpl' => 'text/plain', 'json' => 'text/plain'];
    private const PACKAGES = [
        '/assets/bootstrap3/' => '/usr/share/javascript/bootstrap/',
        '/assets/bootstrap4/' => '/usr/share/javascript/bootstrap4/',
        '/assets/jquery/' => '/usr/share/javascript/jquery/',
        '/assets/font-awesome/' => '/usr/share/fonts-font-awesome/',
    ];

    /** Says whether it has answered. */
    public static function serve(string $path, string $public): bool
    {
        $file = self::file($path, $public);
        $type = self::TYPES[strtolower(pathinfo($path, PATHINFO_EXTENSION))] ?? null;
        if ($file === null || $type === null) {
            return false;
        }
        header("Content-Type: $type");
        header('Cache-Control: max-age=60');
        readfile($file);
        return true;
    }

    private static function file(string $path, string $public): ?string
    {
        if (str_contains($path, '..') || str_contains($path, "\0")) {
            return null;
        }
        $candidate = match (true) {
            str_starts_with($path, '/assets/standin/') => "$public/" . substr($path, strlen('/assets/standin/')),
            str_starts_with($path, '/modules/') => getenv('STANDIN_ROOT') . $path,
            default => self::packaged($path),
        };
        return $candidate !== null && is_file($candidate) ? $candidate : null;
    }

    private static function packaged(string $path): ?string
    {
        foreach (self::PACKAGES as $prefix => $folder) {
            if (str_starts_with($path, $prefix)) {
                return $folder . substr($path, strlen($prefix));
            }
        }
        return null;
    }
}
