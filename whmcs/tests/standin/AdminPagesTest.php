<?php

declare(strict_types=1);

namespace Standin\Tests;

use Standin\ModuleQueue;
use WHMCS\Database\Capsule;

final class AdminPagesTest extends SampleTestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        $this->signInAsAdmin();
    }

    public function testNobodyEntersWithoutSigningIn(): void
    {
        unset($_SESSION['adminid']);
        self::assertSame('/admin/login.php', $this->get('/admin/configservers.php')->location);
        $wrong = $this->post('/admin/login.php', ['username' => 'demo', 'password' => 'x']);
        self::assertStringContainsString('Login Failed', $wrong->body);
        $this->post('/admin/login.php', ['username' => 'demo', 'password' => 'demo']);
        self::assertSame(200, $this->get('/admin/index.php')->status);
    }

    /** @return array<string, array{string, list<string>}> */
    public static function pages(): array
    {
        return [
            'home' => ['index.php', ['pending orders']],
            'servers' => ['configservers.php', ['System Settings &gt; Servers', 'Add New Server', 'Create New Group',
                'PolarisMail Servers', 'Sample Mailboxes']],
            'server' => ['configservers.php?action=manage', ['>Name<', '>Hostname<', '>IP Address<', '>Type<',
                '>Username<', '>Password<', 'Test Connection']],
            'group' => ['configservers.php?action=managegroup', ['Create New Group']],
            'products' => ['configproducts.php', ['System Settings &gt; Products/Services', 'Email Services',
                'Premium Email Account', 'Create a New Product', 'Create a New Group']],
            'new product' => ['configproducts.php?action=create', ['>Other<']],
            'module settings' => ['configproducts.php?action=edit&id=1&tab=module', ['Module Settings',
                'Automatically setup the product as soon as the first payment is received',
                'Automatically setup the product when you manually accept a pending order', 'PolarisMail Servers']],
            'custom fields' => ['configproducts.php?action=edit&id=1&tab=fields', ['Field Name', 'Text Box',
                'Required Field', 'Show on Order Form', 'Choose the first part of your email address']],
            'options of a product' => ['configproducts.php?action=edit&id=1&tab=options', ['Mailbox options']],
            'upgrades' => ['configproducts.php?action=edit&id=1&tab=upgrades', ['Thexyz Email Mailbox']],
            'details' => ['configproducts.php?action=edit&id=1', ['Require Domain']],
            'options' => ['configproductoptions.php?action=managegroup&id=1', ['Account Type', 'Mailbox Quota (GB)']],
            'option groups' => ['configproductoptions.php', ['Mailbox options']],
            'module log' => ['systemmodulelog.php', ['Utilities &gt; Logs &gt; Module Log', 'Disable Debug Logging']],
            'queue' => ['modulequeue.php', ['Utilities &gt; Module Queue']],
            'activity' => ['systemactivitylog.php', ['E-mails']],
            'switches' => ['standin.php', ['Run cron job', 'ionCube', 'Ids reach the module as numeric strings']],
        ];
    }

    /**
     * @dataProvider pages
     * @param list<string> $says
     */
    public function testEveryPageShowsTheSheetsWordsAndSaysWhatItIs(string $page, array $says): void
    {
        $answer = $this->get("/admin/$page");
        self::assertSame(200, $answer->status);
        foreach ([...$says, 'This is a stand-in for WHMCS'] as $text) {
            self::assertStringContainsString($text, $answer->body);
        }
        self::assertStringNotContainsString('Server-secret-1', $answer->body);
    }

    public function testAServerIsTestedAndSaved(): void
    {
        $form = ['name' => 'Second', 'hostname' => 'cp.example.net', 'type' => 'sample_module', 'username' => 'u',
            'password' => 'Typed-secret', 'secure' => 'on', 'port' => '8443'];
        $said = $this->post('/admin/configservers.php', $form + ['action' => 'test', 'ajax' => '1'])->body;
        self::assertSame('{"success":true,"error":""}', $said);
        SampleModule::$answers['TestConnection'] = ['success' => false, 'error' => 'refused'];
        $said = $this->post('/admin/configservers.php', $form + ['action' => 'test'])->body;
        self::assertStringContainsString('Connection failed: refused', $said);
        self::assertStringNotContainsString('Typed-secret', $said);
        $this->post('/admin/configservers.php', $form + ['action' => 'save']);
        $saved = $this->rows('tblservers')[1];
        self::assertSame(['Second', '8443', 'Typed-secret'], [$saved->name, $saved->port, decrypt($saved->password)]);
        $this->post('/admin/configservers.php', ['action' => 'save', 'id' => $saved->id, 'password' => ''] + $form);
        self::assertSame('Typed-secret', decrypt($this->rows('tblservers')[1]->password));
        $group = ['action' => 'savegroup', 'name' => 'G', 'servers' => [(string) $saved->id]];
        $this->post('/admin/configservers.php', $group);
        self::assertStringContainsString('Second', $this->get('/admin/configservers.php')->body);
    }

    public function testAProductIsMadeAsTheSheetSays(): void
    {
        $this->post('/admin/configproducts.php', ['action' => 'creategroup', 'name' => 'Mail']);
        $made = $this->post('/admin/configproducts.php', ['action' => 'create', 'type' => 'other', 'gid' => '2',
            'productname' => 'Personal Email Account']);
        self::assertSame(1, preg_match('/id=(\d+)/', $made->location, $match));
        $id = $match[1];
        $settings = ['1' => '', '2' => 'thexyz.com', '4' => 'on'];
        $this->post('/admin/configproducts.php', ['action' => 'savemodule', 'id' => $id, 'autosetup' => 'on',
            'servertype' => 'sample_module', 'servergroup' => '1', 'packageconfigoption' => $settings]);
        $new = ['fieldname' => 'Mailbox', 'fieldtype' => 'text', 'required' => 'on', 'showorder' => 'on'];
        $this->post('/admin/configproducts.php', ['action' => 'savefields', 'id' => $id, 'new' => $new]);
        $links = ['action' => 'saveoptions', 'id' => $id, 'configoptionlinks' => ['1']];
        $this->post('/admin/configproducts.php', $links);
        $this->post('/admin/configproducts.php', ['action' => 'saveupgrades', 'id' => $id, 'upgradepackages' => ['1']]);
        $this->post('/admin/configproducts.php', ['action' => 'savedetails', 'id' => $id, 'name' => 'Renamed',
            'type' => 'other', 'gid' => '2', 'price' => '7.5']);
        $row = Capsule::table('tblproducts')->where('id', $id)->first();
        self::assertSame(['Renamed', 'sample_module', 'thexyz.com', 'on', '1'], [$row->name, $row->servertype,
            $row->configoption2, $row->configoption4, $row->upgrades]);
        $field = array_reverse($this->rows('tblcustomfields'))[0];
        self::assertSame([(int) $id, 'Mailbox', 'on'], [(int) $field->relid, $field->fieldname, $field->required]);
        $this->get("/cart.php?a=add&pid=$id");
        $form = $this->get('/cart.php?a=confproduct&i=0')->body;
        self::assertStringContainsString('Mailbox *', $form);
        self::assertStringContainsString('Account Type', $form);
    }

    public function testAnOptionKeepsTheIdsOfItsItems(): void
    {
        $this->post('/admin/configproductoptions.php', ['action' => 'saveoption', 'id' => '1',
            'optionname' => 'Account Type', 'optionid' => (string) $this->ids['type'], 'optiontype' => '1',
            'items' => "Enhanced\nPremium"]);
        $names = Capsule::table('tblproductconfigoptionssub')->where('configid', $this->ids['type'])
            ->orderBy('sortorder')->pluck('optionname', 'id')->all();
        self::assertSame('Enhanced', $names[$this->ids['type.Enhanced']]);
        self::assertSame(['Enhanced', 'Premium'], array_values($names));
    }

    public function testOrdersAreAcceptedPaidCancelledAndDeleted(): void
    {
        $id = $this->order('anna');
        $order = (string) $this->service($id)->orderid;
        self::assertStringContainsString('Accept Order', $this->get("/admin/orders.php?action=view&id=$order")->body);
        $this->post('/admin/orders.php', ['action' => 'pay', 'id' => $order]);
        self::assertSame('Active', $this->service($id)->domainstatus);
        $page = $this->get("/admin/orders.php?action=view&id=$order")->body;
        self::assertStringContainsString("Service $id, Create: Module Command Success", $page);
        $this->post('/admin/orders.php', ['action' => 'accept', 'id' => $order]);
        self::assertSame(1, SampleHooks::count('AcceptOrder'));
        $this->post('/admin/orders.php', ['action' => 'delete', 'id' => $order]);
        self::assertStringContainsString('cancelled', $this->get('/admin/orders.php')->body);
        $this->post('/admin/orders.php', ['action' => 'cancel', 'id' => $order]);
        $this->post('/admin/orders.php', ['action' => 'delete', 'id' => $order]);
        self::assertSame([], $this->rows('tblorders'));
    }

    public function testTheServicePageRunsCommandsButtonsAndFields(): void
    {
        $id = $this->active('anna');
        $url = '/admin/clientsservices.php';
        $page = $this->get("$url?id=$id")->body;
        foreach (
            ['>Create<', '>Suspend<', '>Unsuspend<', '>Terminate<', '>Change Package<', '>Change Password<',
            '>Check now<', '>Open Webmail<', '<b>fine</b>'] as $text
        ) {
            self::assertStringContainsString($text, $page);
        }
        self::assertStringNotContainsString('>Renew<', $page);
        $command = ['action' => 'module', 'id' => "$id", 'command' => 'Suspend', 'suspreason' => 'Abuse'];
        $this->post($url, $command);
        self::assertSame('Abuse', $this->given('SuspendAccount')['suspendreason']);
        $this->post($url, ['action' => 'custom', 'id' => "$id", 'function' => 'checkNow']);
        self::assertTrue($this->wasCalled('checkNow'));
        $this->post($url, ['action' => 'custom', 'id' => "$id", 'function' => 'forbidden']);
        self::assertFalse($this->wasCalled('forbidden'));
        $edit = ['action' => 'save', 'id' => "$id", 'domain' => 'thexyz.ca', 'username' => 'a&b', 'server' => '1',
            'domainstatus' => 'Active', 'password' => 'Edited-secret',
            'customfield' => [$this->ids['mailbox'] => '<x>']];
        $this->post($url, $edit);
        self::assertSame(['thexyz.ca', 'a&amp;b', 'Edited-secret'], [$this->service($id)->domain,
            $this->service($id)->username, $this->password($id)]);
        self::assertTrue($this->wasCalled('AdminServicesTabFieldsSave'));
        $this->post($url, ['action' => 'module', 'id' => "$id", 'command' => 'ChangePassword']);
        self::assertSame('Edited-secret', $this->given('ChangePassword')['password']);
        $this->post($url, ['action' => 'upgrade', 'id' => "$id", 'packageid' => (string) $this->ids['product2']]);
        self::assertSame($this->ids['product2'], $this->given('ChangePackage')['pid']);
        self::assertStringContainsString('once=', $this->post($url, ['action' => 'sso', 'id' => "$id"])->location);
        $this->post($url, ['action' => 'delete', 'id' => "$id"]);
        self::assertSame([], $this->rows('tblhosting'));
    }

    public function testTheQueueTheLogAndTheCronAreDrivenFromTheirPages(): void
    {
        SampleModule::$answers['CreateAccount'] = 'Down.';
        $id = $this->order('anna');
        $this->post('/admin/orders.php', ['action' => 'pay', 'id' => (string) $this->service($id)->orderid]);
        $entry = ModuleQueue::open()[0];
        self::assertStringContainsString('Down.', $this->get('/admin/modulequeue.php')->body);
        SampleModule::$answers = [];
        $this->post('/admin/modulequeue.php', ['action' => 'retry', 'id' => (string) $entry->id]);
        self::assertSame('Active', $this->service($id)->domainstatus);
        $this->post('/admin/systemmodulelog.php', ['action' => 'disable']);
        self::assertStringContainsString('is disabled', $this->get('/admin/systemmodulelog.php')->body);
        $this->post('/admin/standin.php', ['action' => 'cron', 'daily' => 'on']);
        self::assertSame(1, SampleHooks::count('DailyCronJob'));
        $this->post('/admin/standin.php', ['action' => 'switches', 'stringIds' => 'on', 'hookMode' => 'X']);
        self::assertTrue(\Standin\Options::stored()->stringIds);
        self::assertSame('C', \Standin\Options::stored()->hookMode);
    }

    public function testAForgedPostIsRefused(): void
    {
        $pages = ['configservers.php', 'configproducts.php', 'orders.php', 'clientsservices.php', 'standin.php'];
        foreach ($pages as $page) {
            self::assertSame(403, $this->post("/admin/$page", ['action' => 'save', 'token' => 'wrong'])->status);
        }
    }
}
