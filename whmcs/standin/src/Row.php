<?php

declare(strict_types=1);

namespace Standin;

use RuntimeException;
use WHMCS\Database\Capsule;

/** Rows by id, where their absence is an error and not a surprise later. */
final class Row
{
    public static function of(string $table, int $id): object
    {
        return Capsule::table($table)->where('id', $id)->first()
            ?? throw new RuntimeException("There is no row $id in $table.");
    }

    public static function service(int $id): object
    {
        return self::of('tblhosting', $id);
    }

    public static function product(int $id): object
    {
        return self::of('tblproducts', $id);
    }

    public static function productOf(int $serviceId): object
    {
        return self::product((int) self::service($serviceId)->packageid);
    }

    /** @param array<string, mixed> $values */
    public static function updateService(int $id, array $values): void
    {
        Capsule::table('tblhosting')->where('id', $id)->update($values);
    }

    /** The left part of `value|Label`, which is what modules are given. */
    public static function value(string $name): string
    {
        return explode('|', $name, 2)[0];
    }

    /** The right part of `value|Label`, which is what customers are shown. */
    public static function label(string $name): string
    {
        $parts = explode('|', $name, 2);
        return $parts[1] ?? $parts[0];
    }
}
