<?php

/**
 * Everything that must exist before a module file is included: constants, functions,
 * Smarty, Capsule. Needs STANDIN_ROOT, the directory that plays WHMCS's own.
 */

declare(strict_types=1);

use Illuminate\Database\Capsule\Manager;

require_once __DIR__ . '/autoload.php';

(static function (): void {
    $root = (string) getenv('STANDIN_ROOT');
    if ($root === '' || !is_dir($root)) {
        throw new RuntimeException('STANDIN_ROOT must name the directory that holds modules/ and includes/.');
    }
    $engine = getenv('STANDIN_SMARTY') === '3' ? 'smarty3' : 'smarty4';
    foreach (["/usr/share/php/$engine/Smarty.class.php", '/usr/share/php/Illuminate/Database/autoload.php'] as $file) {
        if (!is_file($file)) {
            throw new RuntimeException("$file is missing: scripts/packages.sh installs it.");
        }
        require_once $file;
    }
    define('WHMCS', true);
    define('ROOTDIR', (string) realpath($root));
})();

class_alias(Manager::class, 'WHMCS\Database\Capsule');

require_once __DIR__ . '/functions.php';
