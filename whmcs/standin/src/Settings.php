<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** The configuration table. */
final class Settings
{
    public static function get(string $name): string
    {
        return (string) Capsule::table('tblconfiguration')->where('setting', $name)->value('value');
    }

    public static function set(string $name, string $value): void
    {
        Capsule::table('tblconfiguration')->updateOrInsert(['setting' => $name], ['value' => $value]);
    }

    public static function isOn(string $name): bool
    {
        return self::get($name) === 'on';
    }

    /** @return list<string> the modules whose hooks.php was detected when their settings were saved */
    public static function hookedModules(): array
    {
        return array_values(array_filter(explode(',', self::get('ModuleHooks'))));
    }
}
