<?php

declare(strict_types=1);

defined('WHMCS') || die('This file cannot be accessed directly');

// Housemail\Whmcs\Params is in lib/params.php. Loaded by the module and by its hooks.
spl_autoload_register(static function (string $class): void {
    $name = strtolower(str_replace('Housemail\\Whmcs\\', '', $class, $isOurs));
    if ($isOurs === 1 && is_file(__DIR__ . "/$name.php")) {
        require_once __DIR__ . "/$name.php";
    }
});
