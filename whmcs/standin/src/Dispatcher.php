<?php

declare(strict_types=1);

namespace Standin;

/** Runs the commands of a module, with all that WHMCS does around them. */
final class Dispatcher
{
    private const FUNCTIONS = [
        'Create' => 'CreateAccount',
        'Suspend' => 'SuspendAccount',
        'Unsuspend' => 'UnsuspendAccount',
        'Terminate' => 'TerminateAccount',
        'ChangePassword' => 'ChangePassword',
        'ChangePackage' => 'ChangePackage',
        'Renew' => 'Renew',
    ];
    private const STATES = [
        'Create' => 'Active',
        'Suspend' => 'Suspended',
        'Unsuspend' => 'Active',
        'Terminate' => 'Terminated',
    ];

    private Host $host;

    public function __construct(Host $host)
    {
        $this->host = $host;
    }

    /** @return list<string> */
    public static function commands(): array
    {
        return array_keys(self::FUNCTIONS);
    }

    public static function functionOf(string $command): string
    {
        return self::FUNCTIONS[$command];
    }

    public function can(int $serviceId, string $command): bool
    {
        return $this->host->modules->has((string) Row::productOf($serviceId)->servertype, self::FUNCTIONS[$command]);
    }

    /**
     * Runs one command; returns 'success' or what staff read.
     *
     * @param array<string, mixed> $extra keys for this call, such as the new `password`
     * @param bool $automated nobody watches: a failure waits in the module queue
     */
    public function run(int $serviceId, string $command, array $extra = [], bool $automated = false): string
    {
        $module = (string) Row::productOf($serviceId)->servertype;
        $function = self::FUNCTIONS[$command];
        if (!$this->host->modules->has($module, $function)) {
            return 'Function not supported by module';
        }
        if ($command === 'Create') {
            Credentials::fill($serviceId);
        }
        $params = Params::ofService($serviceId, $extra);
        [$params, $aborted] = $this->before($command, $params);
        if ($aborted) {
            return 'Action aborted by a hook';
        }
        $result = $this->answer("{$module}_$function", $this->host->modules->call($module, $function, $params));
        if ($result === 'success') {
            $this->succeeded($serviceId, $command, $params, $extra);
        } else {
            $this->failed($serviceId, $command, $params, $result, $automated);
        }
        return $result;
    }

    /** Runs a function behind a button of the admin's or the client's; returns what it returned. */
    public function custom(int $serviceId, string $function): string|array
    {
        $module = (string) Row::productOf($serviceId)->servertype;
        [$params, $aborted] = $this->before('Custom', Params::ofService($serviceId));
        if ($aborted) {
            return 'Action aborted by a hook';
        }
        $result = $this->host->modules->call($module, $function, $params);
        if (is_array($result)) {
            return $result;
        }
        $result = $this->answer("{$module}_$function", $result);
        $this->after('Custom', $params, $result);
        $this->note($serviceId, "Module Custom $function", $result);
        return $result;
    }

    /**
     * @param array<string, mixed> $params
     * @return array{array<string, mixed>, bool} the overridden params, and whether a hook aborts
     */
    private function before(string $command, array $params): array
    {
        foreach ($this->host->hooks->run("PreModule$command", ['params' => $params]) as $result) {
            if (is_array($result)) {
                if (!empty($result['abortcmd'])) {
                    return [$params, true];
                }
                $params = array_merge($params, $result);
            }
        }
        return [$params, false];
    }

    /** @param array<string, mixed> $params */
    private function after(string $command, array $params, string $result): void
    {
        if ($result === 'success') {
            $this->host->hooks->run("AfterModule$command", ['params' => $params]);
            return;
        }
        $failure = ['params' => $params, 'failureResponseMessage' => $result];
        $this->host->hooks->run("AfterModule{$command}Failed", $failure);
    }

    /** @param mixed $result */
    private function answer(string $function, $result): string
    {
        if (is_string($result) && $result !== '') {
            return $result;
        }
        $this->host->faults->record("$function() returned " . get_debug_type($result) . ' instead of a sentence.');
        return 'The module gave no valid response';
    }

    /**
     * @param array<string, mixed> $params
     * @param array<string, mixed> $extra
     */
    private function succeeded(int $serviceId, string $command, array $params, array $extra): void
    {
        $service = Row::service($serviceId);
        if (isset(self::STATES[$command])) {
            $reason = $command === 'Suspend' ? (string) ($extra['suspendreason'] ?? '') : '';
            $state = ['domainstatus' => self::STATES[$command], 'suspendreason' => $reason];
            Row::updateService($serviceId, $state);
        }
        if ($command === 'Create') {
            $this->host->logs->email(
                (int) $service->userid,
                'New Product Information',
                "Username: $service->username Domain: $service->domain"
            );
        }
        $this->note($serviceId, "Module $command", 'success');
        if ($command !== 'ChangePassword') {
            $this->after($command, $params, 'success');
            return;
        }
        Row::updateService($serviceId, ['password' => Secret::encrypt((string) $params['password'])]);
        $this->host->hooks->run('AfterModuleChangePassword', [
            'serviceid' => $serviceId,
            'oldpassword' => Secret::decrypt((string) $service->password),
            'newpassword' => $params['password'],
        ]);
    }

    /** @param array<string, mixed> $params */
    private function failed(int $serviceId, string $command, array $params, string $result, bool $automated): void
    {
        $this->after($command, $params, $result);
        $this->note($serviceId, "Module $command", $result);
        if ($automated) {
            ModuleQueue::add($serviceId, (string) $params['moduletype'], self::FUNCTIONS[$command], $result);
            $this->host->logs->email(0, 'Module Action Failed', "Service $serviceId, $command: $result");
        }
    }

    private function note(int $serviceId, string $what, string $result): void
    {
        $word = $result === 'success' ? 'Successful' : "Failed - Error: $result";
        $userId = (int) Row::service($serviceId)->userid;
        $this->host->logs->activity("$what $word - Service ID: $serviceId", $userId);
    }
}
