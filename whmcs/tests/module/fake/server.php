<?php

/**
 * A Housemail service that answers what it is told to, over a real socket.
 *
 * Prints its port. POST /_rules replaces what it answers; GET /_requests hands over what
 * it was asked since then. One request at a time, which is all that PHP's cURL makes.
 */

declare(strict_types=1);

require __DIR__ . '/Wire.php';

use Standin\Tests\Module\Fake\Wire;

$listening = stream_socket_server('tcp://127.0.0.1:0');
echo explode(':', (string) stream_socket_get_name($listening, false))[1], "\n";
$rules = [];
$requests = [];
while (($client = stream_socket_accept($listening, -1)) !== false) {
    $request = Wire::read($client);
    if ($request === null) {
        fclose($client);
        continue;
    }
    if ($request['path'] === '/_rules') {
        [$rules, $requests] = [(array) json_decode($request['body'], true), []];
        Wire::json($client, 200, ['ok' => true]);
    } elseif ($request['path'] === '/_requests') {
        Wire::json($client, 200, $requests);
    } else {
        $requests[] = $request;
        Wire::answer($client, $rules, $request);
    }
    fclose($client);
}
