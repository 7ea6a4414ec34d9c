<?php

declare(strict_types=1);

namespace Standin\Tests;

use Standin\ModuleSettings;
use WHMCS\Database\Capsule;

final class ParamsTest extends SampleTestCase
{
    public function testAServiceCallIsGivenEverythingThatModulesRead(): void
    {
        $id = $this->active('anna');
        $given = $this->given('CreateAccount');
        foreach (['serviceid', 'accountid', 'userid', 'pid', 'packageid', 'serverid'] as $key) {
            self::assertIsInt($given[$key], $key);
        }
        self::assertSame([$id, 0, 'other', 'other', 'sample_module'], [$given['serviceid'], $given['addonId'],
            $given['type'], $given['producttype'], $given['moduletype']]);
        self::assertSame(['Mailbox' => 'anna', 'Domain' => 'thexyz.com'], $given['customfields']);
        self::assertSame(['Account Type' => 'Basic', 'Mailbox Quota (GB)' => '25'], $given['configoptions']);
        $settings = [$given['configoption3'], $given['configoption4'], $given['configoption24']];
        self::assertSame(['1|Basic', '', ''], $settings);
        self::assertSame('Michael Example', $given['clientsdetails']['fullname']);
        self::assertSame(['Server-secret-1', true, 'https', '443'], [$given['serverpassword'], $given['serversecure'],
            $given['serverhttpprefix'], $given['serverport']]);
        self::assertSame($id, $given['model']->id);
    }

    public function testOlderVersionsGiveTextsAndFewerKeys(): void
    {
        $id = $this->order('anna');
        $this->boot(['stringIds' => true, 'dropOptional' => true, 'secureAsText' => true]);
        $this->command($id, 'Create');
        $given = $this->given('CreateAccount');
        self::assertSame(["$id", 'on'], [$given['serviceid'], $given['serversecure']]);
        foreach (['status', 'whmcsVersion', 'serverhttpprefix', 'suspendreason'] as $key) {
            self::assertArrayNotHasKey($key, $given);
        }
        $this->command($id, 'Suspend', ['suspendreason' => 'x']);
        self::assertArrayNotHasKey('suspendreason', $this->given('SuspendAccount'));
    }

    public function testNamesEndAtTheirPipe(): void
    {
        Capsule::table('tblcustomfields')->where('id', $this->ids['mailbox'])
            ->update(['fieldname' => 'Mailbox|Your name']);
        Capsule::table('tblproductconfigoptionssub')->where('id', $this->ids['quota.25'])
            ->update(['optionname' => '25|25 GB']);
        $this->active('anna');
        $given = $this->given('CreateAccount');
        self::assertSame('anna', $given['customfields']['Mailbox']);
        self::assertSame('25', $given['configoptions']['Mailbox Quota (GB)']);
    }

    public function testQuantitiesAndTicksAreNumbers(): void
    {
        Capsule::table('tblproductconfigoptions')->where('id', $this->ids['quota'])->update(['optiontype' => '4']);
        $more = ['configoption' => [$this->ids['quota'] => '0']];
        $this->command($this->order('anna', 'thexyz.com', $more), 'Create');
        self::assertSame(['Mailbox Quota (GB)' => 0], $this->given('CreateAccount')['configoptions']);
    }

    /** @return array<string, array{string, string}> */
    public static function storage(): array
    {
        return [
            'the item' => ['item', '2|Enhanced'],
            'its left part' => ['left', '2'],
            'its right part' => ['right', 'Enhanced'],
        ];
    }

    /** @dataProvider storage */
    public function testModuleSettingsAreStoredByPosition(string $storage, string $stored): void
    {
        $this->boot(['dropdownStorage' => $storage]);
        $settings = new ModuleSettings($this->host);
        $posted = [1 => 'https://x/', 3 => '2|Enhanced', 4 => 'on'];
        $settings->save($this->ids['product'], 'sample_module', 1, 'on', $posted);
        $row = $this->rows('tblproducts')[0];
        $saved = [$row->configoption1, $row->configoption2, $row->configoption3, $row->configoption4];
        self::assertSame(['https://x/', '', $stored, 'on'], $saved);
        $settings->save($this->ids['product'], 'sample_module', 1, 'on', [1 => 'https://x/']);
        self::assertSame('', $this->rows('tblproducts')[0]->configoption4);
    }

    public function testGeneratedPasswordsOfBothStyles(): void
    {
        $id = $this->order('anna');
        $this->boot(['generatedPassword' => 'letters']);
        $this->command($id, 'Create');
        self::assertMatchesRegularExpression('/^[A-Za-z0-9]{10}$/', $this->password($id));
    }

    public function testSavingFailsWhenTheDatabaseHasGone(): void
    {
        $id = $this->order('anna');
        $this->boot(['savingFails' => true]);
        $this->expectExceptionMessage('Connection refused');
        try {
            $this->command($id, 'Create');
        } finally {
            $this->takeFaults();
        }
    }
}
