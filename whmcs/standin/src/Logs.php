<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** Module log, activity log and the record of e-mails. */
final class Logs
{
    public const MODULE_LOG = 'ModuleLogging';

    /**
     * @param array{mixed, mixed, mixed} $texts request, response, processed
     * @param array<mixed> $secrets
     */
    public function module(string $module, string $action, array $texts, array $secrets): void
    {
        if (!Settings::isOn(self::MODULE_LOG)) {
            return;
        }
        [$request, $response, $processed] = array_map(
            static fn ($value): string => self::masked($value, $secrets),
            $texts
        );
        Capsule::table('tblmodulelog')->insert([
            'date' => date('Y-m-d H:i:s'),
            'module' => $module,
            'action' => $action,
            'request' => $request,
            'response' => $response,
            'arrdata' => $processed,
        ]);
    }

    public function activity(string $message, int $clientId = 0): void
    {
        Capsule::table('tblactivitylog')->insert([
            'date' => date('Y-m-d H:i:s'),
            'description' => $message,
            'userid' => $clientId,
        ]);
    }

    /** Records that a mail would be sent; nothing is. */
    public function email(int $clientId, string $name, string $text): void
    {
        Capsule::table('tblemails')->insert([
            'date' => date('Y-m-d H:i:s'),
            'userid' => $clientId,
            'subject' => $name,
            'message' => $text,
        ]);
    }

    /**
     * @param mixed $value
     * @param array<mixed> $secrets
     */
    private static function masked($value, array $secrets): string
    {
        $text = is_string($value) ? $value : print_r($value, true);
        foreach ($secrets as $secret) {
            $secret = (string) $secret;
            if ($secret !== '') {
                $text = str_replace($secret, str_repeat('*', strlen($secret)), $text);
            }
        }
        return $text;
    }
}
