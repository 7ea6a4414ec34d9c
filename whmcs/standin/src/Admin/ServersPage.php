<?php

declare(strict_types=1);

namespace Standin\Admin;

use Standin\Answer;
use Standin\Row;
use Standin\Servers;
use WHMCS\Database\Capsule;

/** System Settings > Servers. */
final class ServersPage extends Page
{
    private const PATH = 'System Settings > Servers';
    private const FIELDS = ['name', 'hostname', 'ipaddress', 'type', 'username', 'password', 'secure', 'port'];

    protected function show(): Answer
    {
        return match ($this->asked('action')) {
            'manage' => $this->form($this->stored($this->id()), null),
            'managegroup' => $this->group(),
            default => $this->page('servers', self::PATH, [
                'servers' => Capsule::table('tblservers')->orderBy('id')->get()->all(),
                'groups' => $this->groups(),
                'types' => $this->host->modules->listed(),
            ]),
        };
    }

    protected function act(string $action): Answer
    {
        $servers = new Servers($this->host);
        if ($action === 'savegroup') {
            $members = array_map('intval', $this->postedList('servers'));
            $servers->saveGroup($this->id(), $this->posted('name'), $members);
            $this->say('Changes Saved Successfully!');
            return Answer::redirect('configservers.php');
        }
        $form = [];
        foreach (self::FIELDS as $name) {
            $form[$name] = $this->posted($name);
        }
        if ($action === 'test') {
            $result = $servers->test($this->id(), $form);
            return $this->posted('ajax') !== '' ? Answer::json($result) : $this->form($form, $result);
        }
        $servers->save($this->id(), $form);
        $this->say('Changes Saved Successfully!');
        return Answer::redirect('configservers.php');
    }

    /** @return array<string, string> */
    private function stored(int $id): array
    {
        if ($id === 0) {
            return array_fill_keys(self::FIELDS, '') + ['id' => '0'];
        }
        $row = array_map('strval', (array) Row::of('tblservers', $id));
        // The stored password never reaches a page; leaving the field empty keeps it.
        return ['password' => ''] + $row;
    }

    /**
     * @param array<string, string> $server
     * @param array{success: bool, error: string}|null $tested
     */
    private function form(array $server, ?array $tested): Answer
    {
        $ports = [];
        foreach (array_keys($this->host->modules->listed()) as $module) {
            $meta = $this->host->modules->meta($module);
            $ports[$module] = (string) ($meta['DefaultSSLPort'] ?? '');
        }
        return $this->page('server', self::PATH, [
            'id' => $this->id(),
            'server' => $server,
            'tested' => $tested,
            'types' => $this->host->modules->listed(),
            'ports' => $ports,
        ]);
    }

    private function group(): Answer
    {
        $id = $this->id();
        return $this->page('servergroup', self::PATH, [
            'id' => $id,
            'name' => $id > 0 ? Row::of('tblservergroups', $id)->name : '',
            'servers' => Capsule::table('tblservers')->orderBy('id')->get(['id', 'name'])->all(),
            'members' => Capsule::table('tblservergroupsrel')->where('groupid', $id)->pluck('serverid')->all(),
        ]);
    }

    /** @return list<array{id: int, name: string, servers: string}> */
    private function groups(): array
    {
        $groups = [];
        foreach (Capsule::table('tblservergroups')->orderBy('id')->get() as $group) {
            $names = Capsule::table('tblservers as server')
                ->join('tblservergroupsrel as member', 'member.serverid', '=', 'server.id')
                ->where('member.groupid', $group->id)->pluck('server.name')->all();
            $groups[] = ['id' => (int) $group->id, 'name' => (string) $group->name, 'servers' => implode(', ', $names)];
        }
        return $groups;
    }
}
