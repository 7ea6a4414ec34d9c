<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** Sets up what the product sheet tells an admin to set up, word for word. */
final class Seed
{
    public const MODULE = 'thexyz_polarismail';
    public const DOMAINS = 'thexyz.com,thexyz.ca,thexyz.cn';
    public const CLIENT = ['username' => 'michael@example.org', 'password' => 'Customer-1a'];
    public const ADMIN = ['username' => 'demo', 'password' => 'demo'];
    /** Cheap on purpose: these passwords are printed on the screen and guard nothing. */
    private const COST = 4;
    private const QUOTAS = ['10', '25', '50', '100'];

    private Host $host;
    private string $module;

    public function __construct(Host $host, string $module = self::MODULE)
    {
        $this->host = $host;
        $this->module = $module;
    }

    /**
     * @param array<string, string> $server hostname port username password, and `endpoint` for the
     *     setting API Endpoint where it is not the one that the hostname gives
     * @return array<string, int> the ids of what was made
     */
    public function run(array $server): array
    {
        Settings::set('Language', 'english');
        Settings::set(Logs::MODULE_LOG, 'on');
        Capsule::table('tbladmins')->insert([
            'username' => self::ADMIN['username'],
            'password' => password_hash(self::ADMIN['password'], PASSWORD_BCRYPT, ['cost' => self::COST]),
        ]);
        $ids = ['client' => $this->client(), 'server' => $this->server($server)];
        $servers = new Servers($this->host);
        $ids['servergroup'] = $servers->saveGroup(0, 'PolarisMail Servers', [$ids['server']]);
        $group = (int) Capsule::table('tblproductgroups')->insertGetId(['name' => 'Email Services']);
        $ids['productgroup'] = $group;
        $endpoint = $server['endpoint'] ?? '';
        $ids['product'] = $this->product($group, 'Premium Email Account', 'payment', $ids['servergroup'], [
            1 => $endpoint, 2 => self::DOMAINS]);
        $ids['product2'] = $this->product($group, 'Thexyz Email Mailbox', 'on', $ids['servergroup'], [
            1 => $endpoint, 2 => 'thexyz.com']);
        $ids['mailbox'] = $this->mailboxField($ids['product']);
        $ids['domain'] = $this->domainField($ids['product']);
        $ids['mailbox2'] = $this->mailboxField($ids['product2']);
        Capsule::table('tblproducts')->whereIn('id', [$ids['product'], $ids['product2']])
            ->update(['upgrades' => "{$ids['product']},{$ids['product2']}", 'configoptionsupgrade' => 1]);
        return $ids + $this->options([$ids['product'], $ids['product2']]);
    }

    private function client(): int
    {
        return (int) Capsule::table('tblclients')->insertGetId([
            'firstname' => 'Michael', 'lastname' => 'Example', 'companyname' => 'Example &amp; Sons',
            'email' => self::CLIENT['username'], 'address1' => '1 Main Street', 'city' => 'Montreal',
            'state' => 'Quebec', 'postcode' => 'H2X 1Y4', 'country' => 'CA', 'phonenumber' => '+1.5145550100',
            'language' => 'english', 'status' => 'Active', 'currency' => 1,
            'password' => password_hash(self::CLIENT['password'], PASSWORD_BCRYPT, ['cost' => self::COST]),
        ]);
    }

    /** @param array<string, string> $server */
    private function server(array $server): int
    {
        return (new Servers($this->host))->save(0, [
            'name' => 'PolarisMail',
            'hostname' => $server['hostname'] ?? 'cp.emailarray.com',
            'type' => $this->module,
            'username' => $server['username'] ?? '',
            'password' => $server['password'] ?? '',
            'secure' => $server['secure'] ?? 'on',
            'port' => $server['port'] ?? '443',
        ]);
    }

    /** @param array<int, string> $changed settings by position that differ from the module's defaults */
    private function product(int $group, string $name, string $autosetup, int $servers, array $changed): int
    {
        $id = (int) Capsule::table('tblproducts')->insertGetId([
            'gid' => $group, 'name' => $name, 'type' => 'other', 'paytype' => 'recurring', 'price' => '5.00',
            'description' => 'An address of your own on one of our domains',
        ]);
        $settings = new ModuleSettings($this->host);
        $posted = array_filter($changed, static fn (string $value): bool => $value !== '')
            + $settings->defaults($this->module);
        $settings->save($id, $this->module, $servers, $autosetup, $posted);
        return $id;
    }

    private function mailboxField(int $productId): int
    {
        return (int) Capsule::table('tblcustomfields')->insertGetId([
            'type' => 'product', 'relid' => $productId, 'fieldname' => 'Mailbox', 'fieldtype' => 'text',
            'description' => 'Choose the first part of your email address', 'required' => 'on', 'showorder' => 'on',
        ]);
    }

    private function domainField(int $productId): int
    {
        return (int) Capsule::table('tblcustomfields')->insertGetId([
            'type' => 'product', 'relid' => $productId, 'fieldname' => 'Domain', 'fieldtype' => 'dropdown',
            'description' => 'Choose the domain of your email address', 'fieldoptions' => self::DOMAINS,
            'showorder' => 'on', 'sortorder' => 1,
        ]);
    }

    /**
     * @param list<int> $productIds
     * @return array<string, int> `type`, `quota`, and each item as `type.Basic` or `quota.50`
     */
    private function options(array $productIds): array
    {
        $group = (int) Capsule::table('tblproductconfiggroups')->insertGetId(['name' => 'Mailbox options']);
        foreach ($productIds as $productId) {
            Capsule::table('tblproductconfiglinks')->insert(['gid' => $group, 'pid' => $productId]);
        }
        return $this->option($group, 'type', 'Account Type', ['Basic', 'Enhanced'])
            + $this->option($group, 'quota', 'Mailbox Quota (GB)', self::QUOTAS);
    }

    /**
     * @param list<string> $items
     * @return array<string, int>
     */
    private function option(int $group, string $key, string $name, array $items): array
    {
        $id = (int) Capsule::table('tblproductconfigoptions')->insertGetId([
            'gid' => $group, 'optionname' => $name, 'optiontype' => '1', 'order' => $key === 'type' ? 0 : 1,
        ]);
        $ids = [$key => $id];
        foreach ($items as $number => $item) {
            $ids["$key.$item"] = (int) Capsule::table('tblproductconfigoptionssub')
                ->insertGetId(['configid' => $id, 'optionname' => $item, 'sortorder' => $number]);
        }
        return $ids;
    }
}
