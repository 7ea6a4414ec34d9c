<?php

declare(strict_types=1);

// Run by `housemail whmcs install` with the PHP of this machine, as the user who runs
// WHMCS's PHP: loads the module from where it was installed, lets its own bridge ask
// Housemail, then presses its Test Connection. Facts go out as one line of JSON. The
// request comes on standard input, because the list of processes shows arguments and it
// may hold a password.

if (PHP_SAPI !== 'cli') {
    exit;
}

$asked = json_decode((string) stream_get_contents(STDIN), true, 8, JSON_THROW_ON_ERROR);
$said = ['php' => PHP_VERSION];

define('WHMCS', true);
define('ROOTDIR', $asked['root']);

// WHMCS reads what Test Connection answers as JSON: one stray character breaks it.
$stray = '';
set_error_handler(static function (int $level, string $text) use (&$stray): bool {
    $stray = $text;
    return true;
});
ob_start();
try {
    require $asked['root'] . '/modules/servers/thexyz_polarismail/thexyz_polarismail.php';
    $said['module'] = thexyz_polarismail_MetaData()['DisplayName'];
    $said['fault'] = _thexyz_polarismail_trouble('Bridge');
    if ($said['fault'] === '') {
        $answer = Housemail\Whmcs\Bridge::ask('pending');
        $said['hop'] = $answer->isGood() ? '' : $answer->sentence();
    }
    if (($said['hop'] ?? 'no') === '' && $asked['server'] !== null) {
        $said['test'] = thexyz_polarismail_TestConnection($asked['server']);
    }
} catch (Throwable $fault) {
    $said['fault'] = get_class($fault) . ' in ' . basename($fault->getFile()) . ':' . $fault->getLine();
}
$said['stray'] = ob_get_clean() . $stray;

echo json_encode($said, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
