<?php

declare(strict_types=1);

namespace Standin;

use FilesystemIterator;
use RecursiveDirectoryIterator;
use RecursiveIteratorIterator;
use RuntimeException;

/**
 * Lays out a directory like WHMCS's own: modules/servers, includes/hooks, templates.
 *
 * Modules are copied, as an admin uploads them, so that __DIR__ is below ROOTDIR. Knows
 * nothing of the host: it runs before STANDIN_ROOT exists.
 */
final class Root
{
    /** @param array<string, string> $modules name -> folder to copy */
    public static function lay(string $root, array $modules): void
    {
        foreach (['modules/servers', 'includes/hooks', 'templates'] as $folder) {
            self::folder("$root/$folder");
        }
        $themes = dirname(__DIR__) . '/templates';
        self::copy("$themes/six", "$root/templates/six");
        self::copy("$themes/twenty-one", "$root/templates/twenty-one");
        // The page of nexus is that of twenty-one, under its own name.
        self::copy("$themes/twenty-one", "$root/templates/nexus");
        self::copy("$themes/client", "$root/templates/client");
        foreach ($modules as $name => $source) {
            $target = "$root/modules/servers/$name";
            self::remove($target);
            self::copy($source, $target);
            if (is_file("$target/hooks.php")) {
                copy("$target/hooks.php", "$root/includes/hooks/{$name}_ui_overrides.php");
            }
        }
    }

    public static function remove(string $folder): void
    {
        if (!is_dir($folder)) {
            return;
        }
        $items = new RecursiveIteratorIterator(
            new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS),
            RecursiveIteratorIterator::CHILD_FIRST
        );
        foreach ($items as $item) {
            $item->isDir() && !$item->isLink() ? rmdir($item->getPathname()) : unlink($item->getPathname());
        }
        rmdir($folder);
    }

    private static function copy(string $from, string $to): void
    {
        self::folder($to);
        $items = new RecursiveIteratorIterator(
            new RecursiveDirectoryIterator($from, FilesystemIterator::SKIP_DOTS),
            RecursiveIteratorIterator::SELF_FIRST
        );
        foreach ($items as $item) {
            $target = $to . substr($item->getPathname(), strlen($from));
            $item->isDir() ? self::folder($target) : copy($item->getPathname(), $target);
        }
    }

    private static function folder(string $path): void
    {
        if (!is_dir($path) && !mkdir($path, 0700, true) && !is_dir($path)) {
            throw new RuntimeException("$path cannot be made.");
        }
    }
}
