<?php

/**
 * Optional hooks: addresses are checked in the cart, and the product details page of a
 * mailbox shows no hosting elements. WHMCS loads this file from the module's folder, or
 * its copy at /includes/hooks/thexyz_polarismail_ui_overrides.php, or both.
 *
 * Only closures here: a named function would be declared before the guard below runs,
 * and the second copy would be a fatal error. Nothing here may break a page of the shop.
 */

declare(strict_types=1);

defined('WHMCS') || die('This file cannot be accessed directly');

if (defined('THEXYZ_POLARISMAIL_HOOKS_LOADED') || PHP_VERSION_ID < 80100) {
    return;
}
define('THEXYZ_POLARISMAIL_HOOKS_LOADED', true);

(static function (): void {
    $folder = is_file(__DIR__ . '/thexyz_polarismail.php')
        ? __DIR__
        : (defined('ROOTDIR') ? ROOTDIR : dirname(__DIR__, 2)) . '/modules/servers/thexyz_polarismail';
    $hooks = [
        'ShoppingCartValidateProductUpdate' => ['Cart', 'ofProduct'],
        'ShoppingCartValidateCheckout' => ['Cart', 'ofCheckout'],
        'AfterShoppingCartCheckout' => ['Hooks', 'reserve'],
        'CancelOrder' => ['Hooks', 'releaseOrder'],
        'CancelAndRefundOrder' => ['Hooks', 'releaseOrder'],
        'FraudOrder' => ['Hooks', 'releaseOrder'],
        'DeleteOrder' => ['Hooks', 'releaseOrder'],
        'ServiceDelete' => ['Hooks', 'forget'],
        'AfterCronJob' => ['Hooks', 'finishPending'],
        'ClientAreaPageProductDetails' => ['Hooks', 'hideHosting'],
        'ClientAreaPrimarySidebar' => ['Hooks', 'tidySidebar'],
    ];
    foreach ($hooks as $point => [$class, $method]) {
        add_hook($point, 1, static function ($vars = []) use ($folder, $class, $method) {
            try {
                if (!is_file("$folder/lib/autoload.php")) {
                    return [];
                }
                require_once "$folder/lib/autoload.php";
                $class = "Housemail\\Whmcs\\$class";
                return (new $class())->$method($vars) ?? [];
            } catch (\Throwable $e) {
                $where = get_class($e) . ' in ' . basename($e->getFile()) . ':' . $e->getLine();
                if (function_exists('logActivity')) {
                    logActivity("Thexyz Mailboxes: the hook $method failed ($where)");
                }
                return [];
            }
        });
    }
})();
