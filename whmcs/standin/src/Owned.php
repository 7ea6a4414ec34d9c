<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** The services of one client. */
final class Owned
{
    public static function service(int $serviceId, int $clientId): ?object
    {
        return Capsule::table('tblhosting')->where(['id' => $serviceId, 'userid' => $clientId])->first();
    }

    /** @return list<object> with `product` and `groupname` */
    public static function services(int $clientId): array
    {
        return Capsule::table('tblhosting as service')
            ->join('tblproducts as product', 'product.id', '=', 'service.packageid')
            ->leftJoin('tblproductgroups as team', 'team.id', '=', 'product.gid')
            ->where('service.userid', $clientId)->orderByDesc('service.id')
            ->get(['service.*', 'product.name as product', 'team.name as groupname'])->all();
    }
}
