<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** The commands of the local API that a mailbox module may use. */
final class LocalApi
{
    private const COLUMNS = ['serviceusername' => 'username', 'domain' => 'domain', 'status' => 'domainstatus',
        'notes' => 'notes', 'nextduedate' => 'nextduedate'];
    private const MODULE_COMMANDS = ['ModuleCreate' => 'Create', 'ModuleSuspend' => 'Suspend',
        'ModuleUnsuspend' => 'Unsuspend', 'ModuleTerminate' => 'Terminate', 'ModuleChangePw' => 'ChangePassword',
        'ModuleChangePackage' => 'ChangePackage'];
    private const PERMISSIONS = ['profile', 'contacts', 'products', 'manageproducts', 'productsso', 'domains',
        'managedomains', 'invoices', 'quotes', 'tickets', 'affiliates', 'emails', 'orders'];

    private Host $host;

    public function __construct(Host $host)
    {
        $this->host = $host;
    }

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>
     */
    public function call(string $command, array $data): array
    {
        if (isset(self::MODULE_COMMANDS[$command])) {
            return $this->module(self::MODULE_COMMANDS[$command], $data);
        }
        switch ($command) {
            case 'UpdateClientProduct':
                return $this->updateClientProduct($data);
            case 'EncryptPassword':
                return ['result' => 'success', 'password' => Secret::encrypt((string) ($data['password2'] ?? ''))];
            case 'DecryptPassword':
                return ['result' => 'success', 'password' => Secret::decrypt((string) ($data['password2'] ?? ''))];
            case 'GetClientsProducts':
                return $this->products($data);
            case 'GetUserPermissions':
                $names = $this->host->options->permissions ?? self::PERMISSIONS;
                return ['result' => 'success', 'permissions' => ['permission' => array_values($names)]];
        }
        $this->host->faults->record("localAPI('$command') is not among the commands that the stand-in imitates.");
        return ['result' => 'error', 'message' => "Command $command not found"];
    }

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>
     */
    private function module(string $command, array $data): array
    {
        $id = (int) ($data['serviceid'] ?? $data['accountid'] ?? 0);
        if (!Capsule::table('tblhosting')->where('id', $id)->exists()) {
            return ['result' => 'error', 'message' => 'Service ID not found'];
        }
        $extra = [];
        if ($command === 'Suspend') {
            $extra['suspendreason'] = (string) ($data['suspendreason'] ?? '');
        }
        if ($command === 'ChangePassword' && isset($data['servicepassword'])) {
            $extra['password'] = (string) $data['servicepassword'];
            Secret::know($extra['password']);
        }
        $result = $this->host->dispatcher->run($id, $command, $extra);
        return $result === 'success' ? ['result' => 'success'] : ['result' => 'error', 'message' => $result];
    }

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>
     */
    private function updateClientProduct(array $data): array
    {
        $id = (int) ($data['serviceid'] ?? 0);
        if (!Capsule::table('tblhosting')->where('id', $id)->exists()) {
            return ['result' => 'error', 'message' => 'Service ID not found'];
        }
        $set = [];
        foreach (self::COLUMNS as $key => $column) {
            if (isset($data[$key])) {
                $set[$column] = (string) $data[$key];
            }
        }
        if (isset($data['servicepassword'])) {
            $set['password'] = Secret::encrypt((string) $data['servicepassword']);
        }
        if ($set !== []) {
            Row::updateService($id, $set);
        }
        return ['result' => 'success', 'serviceid' => $id];
    }

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>
     */
    private function products(array $data): array
    {
        $query = Capsule::table('tblhosting');
        $filters = ['serviceid' => 'id', 'clientid' => 'userid', 'pid' => 'packageid', 'domain' => 'domain'];
        foreach ($filters as $key => $column) {
            if (isset($data[$key])) {
                $query->where($column, $data[$key]);
            }
        }
        $rows = [];
        foreach ($query->orderBy('id')->get() as $row) {
            $rows[] = ['id' => $row->id, 'clientid' => $row->userid, 'orderid' => $row->orderid,
                'pid' => $row->packageid, 'domain' => $row->domain, 'username' => $row->username,
                'status' => $row->domainstatus];
        }
        return ['result' => 'success', 'totalresults' => count($rows), 'products' => ['product' => $rows]];
    }
}
