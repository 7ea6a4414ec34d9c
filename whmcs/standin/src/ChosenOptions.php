<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** The configurable options that a service was ordered with. */
final class ChosenOptions
{
    /** Yes/no and quantity: they have a number, the other kinds an item. */
    private const COUNTED = ['3', '4'];

    /** @return list<object> name, kind, item, qty */
    public static function of(int $serviceId): array
    {
        return Capsule::table('tblhostingconfigoptions as chosen')
            ->join('tblproductconfigoptions as option', 'option.id', '=', 'chosen.configid')
            ->leftJoin('tblproductconfigoptionssub as sub', 'sub.id', '=', 'chosen.optionid')
            ->where('chosen.relid', $serviceId)
            ->get(['option.optionname as name', 'option.optiontype as kind', 'sub.optionname as item', 'chosen.qty'])
            ->all();
    }

    public static function isCounted(mixed $kind): bool
    {
        return in_array((string) $kind, self::COUNTED, true);
    }
}
