<?php

/**
 * Lays out a WHMCS root of this process, with the module as an admin uploads it, and loads
 * the stand-in host. STANDIN_SMARTY=3 and STANDIN_DATABASE choose another engine.
 */

declare(strict_types=1);

use Standin\Root;

error_reporting(E_ALL);
require_once dirname(__DIR__) . '/standin/src/autoload.php';

(static function (): void {
    $root = sys_get_temp_dir() . '/standin-' . bin2hex(random_bytes(6));
    $modules = ['sample_module' => __DIR__ . '/standin/sample_module'];
    $module = dirname(__DIR__) . '/modules/servers/thexyz_polarismail';
    if (is_file("$module/thexyz_polarismail.php")) {
        $modules['thexyz_polarismail'] = $module;
    }
    mkdir("$root/compiled", 0700, true);
    Root::lay("$root/whmcs", $modules);
    putenv("STANDIN_ROOT=$root/whmcs");
    putenv("STANDIN_COMPILED=$root/compiled");
    // A connection of the machine's own is none of the tests' business.
    putenv('HOUSEMAIL_WHMCS_CONFIG');
    $owner = getmypid();
    register_shutdown_function(static function () use ($root, $owner): void {
        // A forked child must not take its parent's files away.
        if (getmypid() === $owner) {
            Root::remove($root);
        }
    });
})();

require_once dirname(__DIR__) . '/standin/src/bootstrap.php';
require_once __DIR__ . '/HostTestCase.php';
spl_autoload_register(static function (string $class): void {
    // Standin\Tests\Module\Fake\Wire is in module/fake/Wire.php.
    if (preg_match('/^Standin\\\\Tests\\\\((?:[A-Z]\w+\\\\)+)(\w+)$/D', $class, $found) === 1) {
        $file = __DIR__ . '/' . strtolower(str_replace('\\', '/', $found[1])) . "$found[2].php";
        if (is_file($file)) {
            require_once $file;
        }
    }
});
require_once __DIR__ . '/standin/SampleHooks.php';
require_once __DIR__ . '/standin/SampleModule.php';
require_once __DIR__ . '/standin/SampleTestCase.php';

$_SESSION = [];
