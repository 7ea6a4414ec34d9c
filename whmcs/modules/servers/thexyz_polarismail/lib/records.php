<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

use WHMCS\Database\Capsule;

defined('WHMCS') || die('This file cannot be accessed directly');

/** WHMCS's own records: reads its tables, saves values of a service its way. */
final class Records
{
    public const MODULE = 'thexyz_polarismail';

    /** A service's value, as serviceProperties and as the local API call it. */
    private const API_NAMES = ['Username' => 'serviceusername', 'Domain' => 'domain', 'Password' => 'servicepassword'];

    /**
     * Saves values of the service; says whether it is certain that they are saved.
     *
     * @param array<string, string> $values Username, Domain, Password
     */
    public static function save(Params $params, array $values): bool
    {
        return self::quietly(static function () use ($params, $values): bool {
            // Without properties this is a call on null, and so an Error too.
            $params->properties()->save($values);
            return true;
        }) ?? self::quietly(static function () use ($params, $values): bool {
            $data = ['serviceid' => $params->serviceId()];
            foreach ($values as $name => $value) {
                $data[self::API_NAMES[$name]] = $value;
            }
            return (localAPI('UpdateClientProduct', $data)['result'] ?? '') === 'success';
        }) ?? false;
    }

    public static function status(int $serviceId): string
    {
        $read = static fn () => Capsule::table('tblhosting')->where('id', $serviceId)->value('domainstatus');
        return (string) self::quietly($read);
    }

    /** The id of a product's custom field by its raw name, which nobody translates. */
    public static function fieldId(int $productId, string $name): int
    {
        $fields = Capsule::table('tblcustomfields')->where('type', 'product')->where('relid', $productId);
        foreach ($fields->orderBy('id')->get(['id', 'fieldname']) as $field) {
            if (Params::isNamed($field->fieldname, $name)) {
                return (int) $field->id;
            }
        }
        return 0;
    }

    public static function customField(int $productId, int $serviceId, string $name): ?string
    {
        return self::quietly(static function () use ($productId, $serviceId, $name): ?string {
            $field = self::fieldId($productId, $name);
            $values = Capsule::table('tblcustomfieldsvalues')->where('fieldid', $field)->where('relid', $serviceId);
            return $field === 0 ? null : Params::decode($values->value('value'));
        });
    }

    /**
     * The settings of a product of ours as $params has them; nothing for any other.
     *
     * @return array<string, mixed>
     */
    public static function product(int $productId): array
    {
        $product = $productId > 0
            ? Capsule::table('tblproducts')->where('id', $productId)->where('servertype', self::MODULE)->first()
            : null;
        $numbers = ['pid' => (int) ($product->id ?? 0), 'servergroup' => (int) ($product->servergroup ?? 0)];
        return $product === null ? [] : $numbers + (array) $product;
    }

    /**
     * What WHMCS would pass for a service of ours, for hooks, which get only an id.
     *
     * @return array<string, mixed> empty when the service is not one of ours
     */
    public static function service(int $serviceId): array
    {
        $row = Capsule::table('tblhosting')->where('id', $serviceId)->first();
        $product = $row === null ? [] : self::product((int) $row->packageid);
        $client = Capsule::table('tblclients')->where('id', $row->userid ?? 0)->first();
        return $product === [] ? [] : [
            'serviceid' => (int) $row->id,
            'userid' => (int) $row->userid,
            'domain' => (string) $row->domain,
            'username' => (string) $row->username,
            'status' => (string) $row->domainstatus,
            'clientsdetails' => (array) $client,
        ] + $product + self::server((int) $row->server, $product['servergroup']);
    }

    /** @return int[] the services of an order */
    public static function ofOrder(int $orderId): array
    {
        return array_map('intval', Capsule::table('tblhosting')->where('orderid', $orderId)->pluck('id')->all());
    }

    /** @return int[] the running services of ours on a server, those after an id, at most so many */
    public static function onServer(int $serverId, int $after, int $most): array
    {
        $ids = Capsule::table('tblhosting as s')->join('tblproducts as p', 'p.id', '=', 's.packageid')
            ->where('s.server', $serverId)->where('p.servertype', self::MODULE)
            ->whereIn('s.domainstatus', ['Active', 'Suspended'])->where('s.id', '>', $after)
            ->orderBy('s.id')->limit($serverId > 0 ? $most : 0)->pluck('s.id')->all();
        return array_map('intval', $ids);
    }

    /**
     * The server of a service; before one is assigned, the first of the product's group.
     *
     * @return array<string, mixed>
     */
    private static function server(int $serverId, int $groupId): array
    {
        $servers = Capsule::table('tblservers');
        $server = $serverId > 0
            ? $servers->where('id', $serverId)->first()
            : $servers->join('tblservergroupsrel as r', 'r.serverid', '=', 'tblservers.id')
                ->where('r.groupid', $groupId)->where('type', self::MODULE)
                ->orderBy('tblservers.id')->first('tblservers.*');
        return $server === null ? [] : [
            'serverip' => (string) $server->ipaddress,
            'serverhostname' => (string) $server->hostname,
            'serverusername' => (string) $server->username,
            // The table has it encrypted.
            'serverpassword' => function_exists('decrypt') ? (string) decrypt((string) $server->password) : '',
            'serversecure' => (string) $server->secure,
            'serverport' => (string) ($server->port ?? ''),
        ];
    }

    /** The result of a look-up that may fail: then null. */
    public static function quietly(callable $work): mixed
    {
        try {
            return $work();
        } catch (\Throwable) {
            return null;
        }
    }
}
