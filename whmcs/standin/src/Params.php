<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

/** What a module function is given. */
final class Params
{
    private const IDS = ['serviceid', 'accountid', 'userid', 'pid', 'packageid', 'serverid'];
    private const OPTIONAL = ['suspendreason', 'status', 'whmcsVersion', 'serverhttpprefix'];

    /**
     * Of a call about a service.
     *
     * @param array<string, mixed> $extra keys of this command only, such as `suspendreason`
     * @return array<string, mixed>
     */
    public static function ofService(int $serviceId, array $extra = []): array
    {
        $service = Row::service($serviceId);
        $product = Row::product((int) $service->packageid);
        $params = [
            'whmcsVersion' => Host::VERSION,
            'accountid' => (int) $service->id,
            'serviceid' => (int) $service->id,
            'addonId' => 0,
            'userid' => (int) $service->userid,
            'domain' => (string) $service->domain,
            'username' => (string) $service->username,
            'password' => Secret::decrypt((string) $service->password),
            'packageid' => (int) $product->id,
            'pid' => (int) $product->id,
            'status' => (string) $service->domainstatus,
            'type' => (string) $product->type,
            'producttype' => (string) $product->type,
            'moduletype' => (string) $product->servertype,
        ];
        foreach (Schema::settingColumns() as $column) {
            $params[$column] = (string) $product->$column;
        }
        $params['customfields'] = self::customFields((int) $product->id, $serviceId);
        $params['configoptions'] = self::options($serviceId);
        $params['clientsdetails'] = self::client((int) $service->userid);
        $params['model'] = new Service($serviceId, (int) $product->id, (int) $service->userid);
        return self::typed($extra + $params + self::server((int) $service->server));
    }

    /**
     * Of a call about a server, which is all that Test Connection and the like see.
     *
     * @return array<string, mixed>
     */
    public static function ofServer(int $serverId): array
    {
        return self::typed(self::server($serverId));
    }

    /**
     * Of a server that may not be saved yet.
     *
     * @param array<string, string> $fields name hostname ipaddress username password accesshash secure port
     * @return array<string, mixed>
     */
    public static function ofServerForm(array $fields): array
    {
        return self::typed(self::serverKeys($fields));
    }

    /** @return array<string, mixed> */
    private static function server(int $id): array
    {
        $row = Capsule::table('tblservers')->where('id', $id)->first();
        if ($row === null) {
            return ['server' => false] + self::serverKeys([]);
        }
        $fields = (array) $row;
        $fields['password'] = Secret::decrypt((string) $row->password);
        return self::serverKeys($fields);
    }

    /**
     * @param array<string, mixed> $fields
     * @return array<string, mixed>
     */
    private static function serverKeys(array $fields): array
    {
        $secure = ($fields['secure'] ?? '') === 'on';
        return [
            'server' => $fields !== [],
            'serverid' => (int) ($fields['id'] ?? 0),
            'serverip' => (string) ($fields['ipaddress'] ?? ''),
            'serverhostname' => (string) ($fields['hostname'] ?? ''),
            'serverusername' => (string) ($fields['username'] ?? ''),
            'serverpassword' => (string) ($fields['password'] ?? ''),
            'serveraccesshash' => (string) ($fields['accesshash'] ?? ''),
            'serversecure' => $secure,
            'serverhttpprefix' => $secure ? 'https' : 'http',
            'serverport' => (string) ($fields['port'] ?? ''),
        ];
    }

    /** @return array<string, string> */
    private static function customFields(int $productId, int $serviceId): array
    {
        $fields = [];
        foreach (CustomFields::of($productId) as $field) {
            $fields[Row::value((string) $field->fieldname)] = CustomFields::value((int) $field->id, $serviceId);
        }
        return $fields;
    }

    /** @return array<string, mixed> */
    private static function options(int $serviceId): array
    {
        $options = [];
        foreach (ChosenOptions::of($serviceId) as $row) {
            $counted = ChosenOptions::isCounted($row->kind);
            $options[Row::value((string) $row->name)] = $counted ? (int) $row->qty : Row::value((string) $row->item);
        }
        return $options;
    }

    /** @return array<string, mixed> */
    private static function client(int $id): array
    {
        $client = (array) Capsule::table('tblclients')->where('id', $id)->first();
        unset($client['password']);
        $name = trim(($client['firstname'] ?? '') . ' ' . ($client['lastname'] ?? ''));
        return $client + ['userid' => $id, 'fullname' => $name];
    }

    /**
     * @param array<string, mixed> $params
     * @return array<string, mixed>
     */
    private static function typed(array $params): array
    {
        $options = Host::current()->options;
        if ($options->stringIds) {
            foreach (self::IDS as $key) {
                if (isset($params[$key])) {
                    $params[$key] = (string) $params[$key];
                }
            }
        }
        if ($options->secureAsText && isset($params['serversecure'])) {
            $params['serversecure'] = $params['serversecure'] ? 'on' : '';
        }
        return $options->dropOptional ? array_diff_key($params, array_flip(self::OPTIONAL)) : $params;
    }
}
