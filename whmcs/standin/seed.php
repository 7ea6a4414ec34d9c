<?php

/**
 * Lays out a root, makes its database and sets it up as the product sheet says.
 *
 *   php whmcs/standin/seed.php --root DIR --database sqlite:FILE --server HOSTNAME:PORT
 *       [--endpoint URL] [--username NAME] [--module FOLDER] [--plain]
 *
 * The server's password is read from STANDIN_SERVER_PASSWORD, which no list of processes
 * shows. --plain: the server is reached without TLS. Prints one line of JSON: the sign-ins and
 * the ids of what was made.
 */

declare(strict_types=1);

use Standin\Database;
use Standin\Host;
use Standin\Options;
use Standin\Root;
use Standin\Schema;
use Standin\Seed;

require __DIR__ . '/src/autoload.php';

$given = getopt('', ['root:', 'database:', 'server:', 'endpoint:', 'username:', 'module:', 'plain']);
foreach (['root', 'database', 'server'] as $needed) {
    if (!is_string($given[$needed] ?? null)) {
        fwrite(STDERR, "seed.php needs --$needed.\n");
        exit(2);
    }
}
$module = (string) ($given['module'] ?? dirname(__DIR__) . '/modules/servers/' . Seed::MODULE);
if (!is_file($module . '/' . Seed::MODULE . '.php')) {
    fwrite(STDERR, "There is no module in $module.\n");
    exit(2);
}
Root::lay($given['root'], [Seed::MODULE => $module]);
putenv('STANDIN_ROOT=' . $given['root']);
require __DIR__ . '/src/bootstrap.php';

Database::connect($given['database']);
Schema::make();
[$host, $port] = explode(':', $given['server'] . ':', 3);
$standin = Host::boot(Options::stored());
$ids = (new Seed($standin))->run([
    'hostname' => $host,
    'port' => $port,
    'secure' => isset($given['plain']) ? '' : 'on',
    'endpoint' => (string) ($given['endpoint'] ?? ''),
    'username' => (string) ($given['username'] ?? 'admin'),
    'password' => (string) getenv('STANDIN_SERVER_PASSWORD'),
]);
foreach ($standin->faults->found() as $fault) {
    fwrite(STDERR, "$fault\n");
}
echo json_encode(['admin' => Seed::ADMIN, 'client' => Seed::CLIENT, 'ids' => $ids], JSON_THROW_ON_ERROR), "\n";
exit($standin->faults->found() === [] ? 0 : 1);
