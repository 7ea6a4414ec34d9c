<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** Failed automated actions, which wait until somebody presses Retry. */
final class ModuleQueue
{
    public static function add(int $serviceId, string $module, string $action, string $error): void
    {
        $key = ['service_type' => 'service', 'service_id' => $serviceId, 'module_name' => $module];
        $key += ['module_action' => $action, 'completed' => 0];
        Capsule::table('tblmodulequeue')->updateOrInsert(
            $key,
            ['last_attempt' => date('Y-m-d H:i:s'), 'last_attempt_error' => $error]
        );
    }

    /** @return list<object> */
    public static function open(): array
    {
        return Capsule::table('tblmodulequeue')->where('completed', 0)->orderBy('id')->get()->all();
    }

    /** Calls the module again, with fresh parameters. */
    public static function retry(int $id): string
    {
        $entry = Row::of('tblmodulequeue', $id);
        $command = (string) array_search(
            (string) $entry->module_action,
            array_combine(
                Dispatcher::commands(),
                array_map([Dispatcher::class, 'functionOf'], Dispatcher::commands())
            ),
            true
        );
        $service = (int) $entry->service_id;
        $extra = $command === 'Suspend' ? ['suspendreason' => Row::service($service)->suspendreason] : [];
        $result = Host::current()->dispatcher->run($service, $command, $extra);
        Capsule::table('tblmodulequeue')->where('id', $id)->update([
            'num_retries' => (int) $entry->num_retries + 1,
            'last_attempt' => date('Y-m-d H:i:s'),
            'last_attempt_error' => $result === 'success' ? '' : $result,
            'completed' => $result === 'success' ? 1 : 0,
        ]);
        return $result;
    }
}
