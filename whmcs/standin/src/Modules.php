<?php

declare(strict_types=1);

namespace Standin;

/** The server modules below the root: found, included once, called under guard. */
final class Modules
{
    private Faults $faults;

    public function __construct(Faults $faults)
    {
        $this->faults = $faults;
    }

    /** @return array<string, string> name -> display name, of the modules that WHMCS would list */
    public function listed(): array
    {
        $listed = [];
        foreach (glob(ROOTDIR . '/modules/servers/*', GLOB_ONLYDIR) ?: [] as $folder) {
            $name = basename($folder);
            if (is_file("$folder/$name.php") && $this->has($name, 'ConfigOptions')) {
                $listed[$name] = (string) ($this->meta($name)['DisplayName'] ?? $name);
            }
        }
        return $listed;
    }

    /** @return array<string, mixed> */
    public function meta(string $module): array
    {
        return $this->has($module, 'MetaData') ? (array) $this->call($module, 'MetaData') : [];
    }

    /** @return array<string, array<string, mixed>> label -> field, by position */
    public function settings(string $module): array
    {
        return $this->has($module, 'ConfigOptions') ? (array) $this->call($module, 'ConfigOptions') : [];
    }

    public function has(string $module, string $suffix): bool
    {
        return $this->load($module) && function_exists("{$module}_$suffix");
    }

    /**
     * @param mixed ...$arguments
     * @return mixed
     */
    public function call(string $module, string $suffix, ...$arguments)
    {
        $this->load($module);
        $function = "{$module}_$suffix";
        // Templates and includes that count on WHMCS's working directory find it.
        chdir(ROOTDIR);
        return $this->faults->guard($function . '()', static fn () => $function(...$arguments));
    }

    /**
     * @param array<string, mixed> $params
     * @return array<string, string> label -> function suffix
     */
    public function buttons(string $module, string $list, array $params): array
    {
        if (!$this->has($module, $list)) {
            return [];
        }
        return array_map('strval', (array) $this->call($module, $list, $params));
    }

    private function load(string $module): bool
    {
        $file = ROOTDIR . "/modules/servers/$module/$module.php";
        if (preg_match('/^[a-z][a-z0-9_]*$/D', $module) !== 1 || !is_file($file)) {
            return false;
        }
        $this->faults->guard("Including $module.php", static function () use ($file): void {
            require_once $file;
        });
        return true;
    }
}
