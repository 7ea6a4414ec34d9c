<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

use WHMCS\Database\Capsule;

defined('WHMCS') || die('This file cannot be accessed directly');

/**
 * The module's own table in WHMCS's database, made at its first use.
 *
 * mod_thexyz_pm_aliases is a copy, for people who look there: the service has the
 * original, and nothing is ever decided by the copy. Everything works without it: what
 * cannot be copied must not turn a done change into a failed one.
 */
final class Tables
{
    private const ALIASES = 'mod_thexyz_pm_aliases';

    /** '', or in the words of the guide what is to be checked. */
    public static function trouble(): string
    {
        return self::isReady() ? '' : Texts::get('tables_missing', ['table' => self::ALIASES]);
    }

    /**
     * Brings the copy of a service's aliases to what an overview says.
     *
     * @param array<string, mixed> $overview
     */
    public static function copyAliases(int $serviceId, array $overview): void
    {
        if (!is_array($overview['aliases'] ?? null) || !self::isReady()) {
            return;
        }
        $wanted = array_map(static fn (array $alias): array => [
            'serviceid' => $serviceId,
            'alias' => (string) $alias['address'],
            'destination' => (string) ($alias['destination'] ?? ''),
            'state' => (string) ($alias['state'] ?? ''),
        ], $overview['aliases']);
        sort($wanted);
        Records::quietly(static function () use ($serviceId, $wanted): void {
            $rows = Capsule::table(self::ALIASES)->where('serviceid', $serviceId)
                ->get(['serviceid', 'alias', 'destination', 'state'])->all();
            $have = array_map(static fn (object $row): array => (array) $row, $rows);
            sort($have);
            // Loosely: some drivers give numbers as text.
            if ($have != $wanted) {
                self::replaceAliases($serviceId, $wanted);
            }
        });
    }

    public static function forget(int $serviceId): void
    {
        Records::quietly(static fn () => Capsule::table(self::ALIASES)->where('serviceid', $serviceId)->delete());
    }

    /** @param array<int, array<string, int|string>> $rows */
    private static function replaceAliases(int $serviceId, array $rows): void
    {
        Capsule::connection()->transaction(static function () use ($serviceId, $rows): void {
            Capsule::table(self::ALIASES)->where('serviceid', $serviceId)
                ->orWhereIn('alias', array_column($rows, 'alias'))->delete();
            foreach (array_chunk($rows, 100) as $some) {
                Capsule::table(self::ALIASES)->insert($some);
            }
        });
    }

    private static function isReady(): bool
    {
        $isThere = static fn (): bool => Capsule::schema()->hasTable(self::ALIASES);
        if (Records::quietly($isThere) !== true) {
            Records::quietly(static fn () => Capsule::schema()->create(self::ALIASES, self::columns(...)));
        }
        // Not "did it work": of two first requests at once, the other one may have made it.
        return Records::quietly($isThere) === true;
    }

    private static function columns(object $columns): void
    {
        $columns->increments('id');
        $columns->unsignedInteger('serviceid')->index();
        // 191: the longest that older MySQL can index in utf8mb4.
        $columns->string('alias', 191)->unique();
        $columns->string('destination', 255);
        $columns->string('state', 20);
    }
}
