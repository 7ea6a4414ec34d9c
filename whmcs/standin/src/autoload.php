<?php

/**
 * Finds the stand-in's own classes, and those of WHMCS that it imitates.
 *
 * What is not listed under src/whmcs/ stays undefined on purpose: a module must load
 * without it.
 */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    foreach (['Standin\\' => __DIR__ . '/', 'WHMCS\\' => __DIR__ . '/whmcs/'] as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            $file = $folder . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
            if (is_file($file)) {
                require $file;
            }
        }
    }
});
