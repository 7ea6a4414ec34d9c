<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** Servers and their groups. */
final class Servers
{
    private const FIELDS = ['name', 'hostname', 'ipaddress', 'type', 'username', 'accesshash', 'secure', 'port'];

    private Host $host;

    public function __construct(Host $host)
    {
        $this->host = $host;
    }

    /**
     * @param array<string, string> $form an empty password keeps the stored one
     */
    public function save(int $id, array $form): int
    {
        $row = array_intersect_key($form, array_flip(self::FIELDS)) + ['secure' => ''];
        if (($form['password'] ?? '') !== '' || $id === 0) {
            $row['password'] = Secret::encrypt((string) ($form['password'] ?? ''));
        }
        if ($id > 0) {
            Capsule::table('tblservers')->where('id', $id)->update($row);
            return $id;
        }
        return (int) Capsule::table('tblservers')->insertGetId($row + ['active' => 1]);
    }

    /**
     * Test Connection: the module is given the form's fields and nothing of any product.
     *
     * @param array<string, string> $form
     * @return array{success: bool, error: string}
     */
    public function test(int $id, array $form): array
    {
        $module = (string) ($form['type'] ?? '');
        if (!$this->host->modules->has($module, 'TestConnection')) {
            return ['success' => false, 'error' => 'This module has no connection test.'];
        }
        if (($form['password'] ?? '') === '' && $id > 0) {
            $form['password'] = Secret::decrypt((string) Row::of('tblservers', $id)->password);
        }
        Secret::know((string) ($form['password'] ?? ''));
        $params = Params::ofServerForm($form + ($id > 0 ? ['id' => (string) $id] : []));
        $result = $this->host->modules->call($module, 'TestConnection', $params);
        if (!is_array($result) || !isset($result['success'], $result['error'])) {
            $this->host->faults->record("{$module}_TestConnection() must return success and error.");
            return ['success' => false, 'error' => 'The module gave no valid response'];
        }
        return ['success' => $result['success'] === true, 'error' => (string) $result['error']];
    }

    /** @param list<int> $serverIds */
    public function saveGroup(int $id, string $name, array $serverIds): int
    {
        if ($id > 0) {
            Capsule::table('tblservergroups')->where('id', $id)->update(['name' => $name]);
        } else {
            $id = (int) Capsule::table('tblservergroups')->insertGetId(['name' => $name]);
        }
        Capsule::table('tblservergroupsrel')->where('groupid', $id)->delete();
        foreach ($serverIds as $serverId) {
            Capsule::table('tblservergroupsrel')->insert(['groupid' => $id, 'serverid' => $serverId]);
        }
        return $id;
    }
}
