<?php

declare(strict_types=1);

use Standin\Tests\SampleHooks;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}
if (defined('SAMPLE_MODULE_HOOKS_LOADED')) {
    return;
}
define('SAMPLE_MODULE_HOOKS_LOADED', true);

$points = [
    'ShoppingCartValidateProductUpdate', 'ShoppingCartValidateCheckout', 'AfterShoppingCartCheckout',
    'PreModuleCreate', 'AfterModuleCreate', 'AfterModuleCreateFailed', 'AfterModuleChangePassword',
    'PreModuleCustom', 'AfterModuleCustom', 'AfterModuleCustomFailed', 'AcceptOrder', 'CancelOrder', 'FraudOrder',
    'DeleteOrder', 'ServiceDelete', 'DailyCronJob', 'AfterCronJob', 'OverrideModuleUsernameGeneration',
    'ClientAreaPageProductDetails', 'ClientAreaPrimarySidebar', 'ClientAreaHeadOutput', 'ServiceEdit',
    'OrderPaid',
];
foreach ($points as $point) {
    add_hook($point, 1, static function ($arguments = null) use ($point) {
        SampleHooks::$runs[] = [$point, $arguments];
        $answer = SampleHooks::$answers[$point] ?? null;
        return $answer instanceof Closure ? $answer($arguments) : $answer;
    });
}
