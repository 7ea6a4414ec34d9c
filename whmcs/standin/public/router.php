<?php

/**
 * Serves the stand-in to a browser: php -S 127.0.0.1:8080 router.php
 *
 * Needs STANDIN_ROOT (see seed.php) and STANDIN_DATABASE. Each request is a process of
 * its own as far as PHP's functions go, so hook files and modules load as in WHMCS.
 */

declare(strict_types=1);

use Standin\Database;
use Standin\Host;
use Standin\Options;
use Standin\Web\FaultBox;
use Standin\Web\Front;
use Standin\Web\Shell;
use Standin\Web\StaticFile;

require_once __DIR__ . '/../src/autoload.php';

$path = rawurldecode((string) parse_url((string) ($_SERVER['REQUEST_URI'] ?? '/'), PHP_URL_PATH));

if (StaticFile::serve($path, __DIR__)) {
    return true;
}

// A module's files lie below the web root: whoever asks for one runs it without WHMCS.
$direct = realpath(getenv('STANDIN_ROOT') . $path);
if ($direct !== false && str_starts_with($path, '/modules/') && str_ends_with($direct, '.php')) {
    require $direct;
    return true;
}

require_once __DIR__ . '/../src/bootstrap.php';

Database::connect((string) getenv('STANDIN_DATABASE'));
session_set_cookie_params(['httponly' => true, 'samesite' => 'Lax']);
session_name('STANDIN');
session_start();

$host = Host::boot(Options::stored(), FaultBox::keep(...));
// In WHMCS a fatal error is a white page; here it says why, if PHP still can.
register_shutdown_function(static function (): void {
    $last = error_get_last();
    if ($last !== null && ($last['type'] & (E_ERROR | E_PARSE | E_COMPILE_ERROR)) !== 0) {
        $text = "PHP ended with: {$last['message']} (" . basename($last['file']) . ":{$last['line']})";
        FaultBox::keep($text);
        echo '<div class="standin-fault" role="alert">', htmlspecialchars($text), '</div>';
    }
});
if ($path === '/standin-faults.json') {
    header('Content-Type: application/json');
    echo json_encode(FaultBox::all(), JSON_THROW_ON_ERROR);
    return true;
}
$answer = (new Shell($host))->render((new Front($host))->answer($path));
http_response_code($answer->status);
header("Content-Type: $answer->type");
header('Cache-Control: no-store');
if ($answer->location !== '') {
    header("Location: $answer->location");
}
echo $answer->body;
return true;
