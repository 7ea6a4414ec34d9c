<?php

/**
 * How this WHMCS reaches the Housemail service.
 *
 * `housemail whmcs install PATH` writes such a file outside of the web root, as
 * housemail-whmcs.php beside WHMCS's own folder: that is the better place. By hand:
 * copy this file to config.php, fill it in, and let only the web server's user read it.
 */

declare(strict_types=1);

defined('WHMCS') || exit;

return [
    // https, or http on this machine only.
    'url' => 'https://housemail.example.org',
    // Made by: housemail keys create NAME --kind whmcs --permissions read,write,adopt
    'key' => '',
    // A file with the certificate authority, when the service's certificate is your own.
    'ca_file' => '',
];
