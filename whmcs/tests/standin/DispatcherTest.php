<?php

declare(strict_types=1);

namespace Standin\Tests;

use Standin\ModuleQueue;
use Standin\Orders;
use Standin\Settings;
use Standin\Upgrades;
use WHMCS\Database\Capsule;

final class DispatcherTest extends SampleTestCase
{
    public function testAModuleWithoutConfigOptionsIsNotListed(): void
    {
        $folder = ROOTDIR . '/modules/servers/unlisted';
        mkdir($folder);
        file_put_contents("$folder/unlisted.php", '<?php function unlisted_MetaData(): array { return []; }');
        $listed = $this->host->modules->listed();
        self::assertArrayNotHasKey('unlisted', $listed);
        self::assertSame('Sample Mailboxes', $listed['sample_module']);
    }

    public function testAServiceWaitsPendingAndEmptyUntilItIsCreated(): void
    {
        $service = $this->service($this->order('anna'));
        $shown = [$service->domainstatus, $service->domain, $service->username, $service->password];
        self::assertSame(['Pending', '', '', ''], $shown);
        self::assertSame($this->ids['server'], (int) $service->server);
    }

    public function testCreateFillsUsernameAndPasswordBeforeTheCall(): void
    {
        $id = $this->order('anna');
        self::assertSame('success', $this->command($id, 'Create'));
        $given = $this->given('CreateAccount');
        self::assertMatchesRegularExpression('/^u[0-9a-f]{8}$/', $given['username']);
        self::assertSame($this->password($id), $given['password']);
        self::assertSame(14, strlen($given['password']));
        self::assertSame('Active', $this->service($id)->domainstatus);
        self::assertSame('anna@thexyz.com', $this->service($id)->username);
        self::assertSame([], $this->host->inventedFields);
    }

    public function testTheWelcomeMailNamesWhatTheModuleSaved(): void
    {
        $this->active('anna');
        self::assertStringContainsString('anna@thexyz.com', $this->rows('tblemails')[0]->message);
    }

    public function testAHookMayChooseTheUsername(): void
    {
        SampleHooks::$answers['OverrideModuleUsernameGeneration'] = 'chosen@thexyz.com';
        $id = $this->order('anna');
        $this->command($id, 'Create');
        self::assertSame('chosen@thexyz.com', $this->given('CreateAccount')['username']);
    }

    public function testAFailedSetUpWaitsInTheQueueAndARetryMendsIt(): void
    {
        SampleModule::$answers['CreateAccount'] = 'The platform does not answer.';
        $id = $this->order('anna');
        (new Orders($this->host))->pay((int) $this->service($id)->orderid);
        self::assertSame('Pending', $this->service($id)->domainstatus);
        self::assertSame(1, SampleHooks::count('AfterModuleCreateFailed'));
        $entry = ModuleQueue::open()[0];
        self::assertSame('The platform does not answer.', $entry->last_attempt_error);
        SampleModule::$answers = [];
        self::assertSame('success', ModuleQueue::retry((int) $entry->id));
        self::assertSame([], ModuleQueue::open());
        self::assertSame('Active', $this->service($id)->domainstatus);
    }

    public function testACommandPressedByHandDoesNotWaitInTheQueue(): void
    {
        SampleModule::$answers['CreateAccount'] = 'No.';
        $this->command($this->order('anna'), 'Create');
        self::assertSame([], $this->rows('tblmodulequeue'));
        self::assertStringContainsString('Error: No.', array_reverse($this->rows('tblactivitylog'))[0]->description);
    }

    public function testWhatAModuleSavedBeforeItFailedStaysSaved(): void
    {
        $id = $this->order('anna');
        SampleModule::$answers['CreateAccount'] = static function (array $params): string {
            $params['model']->serviceProperties->save(['Username' => 'half@thexyz.com']);
            return 'Half done.';
        };
        $this->command($id, 'Create');
        self::assertSame('half@thexyz.com', $this->service($id)->username);
    }

    public function testAnAnswerThatIsNoSentenceIsAFaultAndAFailure(): void
    {
        $id = $this->active('anna');
        SampleModule::$answers['SuspendAccount'] = true;
        self::assertSame('The module gave no valid response', $this->command($id, 'Suspend'));
        self::assertSame('Active', $this->service($id)->domainstatus);
        self::assertStringContainsString('returned bool', $this->takeFaults()[0]);
    }

    public function testSuspendPassesItsReasonAndUnsuspendForgetsIt(): void
    {
        $id = $this->active('anna');
        $this->command($id, 'Suspend', ['suspendreason' => 'Overdue']);
        self::assertSame('Overdue', $this->given('SuspendAccount')['suspendreason']);
        $service = $this->service($id);
        self::assertSame(['Suspended', 'Overdue'], [$service->domainstatus, $service->suspendreason]);
        $this->command($id, 'Unsuspend');
        self::assertSame(['Active', ''], [$this->service($id)->domainstatus, $this->service($id)->suspendreason]);
        $this->command($id, 'Terminate');
        self::assertSame('Terminated', $this->service($id)->domainstatus);
    }

    public function testAHookMayOverrideParametersOrAbort(): void
    {
        $id = $this->order('anna');
        SampleHooks::$answers['PreModuleCreate'] = ['abortcmd' => true];
        self::assertSame('Action aborted by a hook', $this->command($id, 'Create'));
        self::assertFalse($this->wasCalled('CreateAccount'));
        SampleHooks::$answers['PreModuleCreate'] = ['domain' => 'thexyz.ca'];
        $this->command($id, 'Create');
        self::assertSame('thexyz.ca', $this->given('CreateAccount')['domain']);
    }

    public function testANewPasswordIsStoredOnlyWhenTheModuleAgrees(): void
    {
        $id = $this->active('anna');
        $old = $this->password($id);
        SampleModule::$answers['ChangePassword'] = 'Too weak.';
        $this->command($id, 'ChangePassword', ['password' => 'New-secret-22']);
        self::assertSame($old, $this->password($id));
        SampleModule::$answers = [];
        $this->command($id, 'ChangePassword', ['password' => 'New-secret-22']);
        self::assertSame('New-secret-22', $this->password($id));
        self::assertSame('New-secret-22', SampleHooks::last('AfterModuleChangePassword')['newpassword']);
    }

    public function testAnUpgradeIsWrittenBeforeTheModuleIsCalled(): void
    {
        $id = $this->active('anna');
        $upgrades = new Upgrades($this->host);
        $upgrades->options($id, [
            $this->ids['quota'] => $this->ids['quota.100'],
            $this->ids['type'] => $this->ids['type.Enhanced'],
        ]);
        $given = $this->given('ChangePackage');
        self::assertSame(['Account Type' => 'Enhanced', 'Mailbox Quota (GB)' => '100'], $given['configoptions']);
        $upgrades->product($id, $this->ids['product2']);
        $given = $this->given('ChangePackage');
        self::assertSame([$this->ids['product2'], 'anna'], [$given['pid'], $given['customfields']['Mailbox']]);
    }

    public function testAnUnknownPropertyBecomesACustomFieldAndIsNoticed(): void
    {
        $id = $this->order('anna');
        SampleModule::$answers['CreateAccount'] = static function (array $params): string {
            $params['model']->serviceProperties->save(['Usernme' => 'typo']);
            return (string) $params['model']->serviceProperties->get('Usernme');
        };
        self::assertSame('typo', $this->command($id, 'Create'));
        self::assertSame(['Usernme'], $this->host->inventedFields);
    }

    public function testTheDailyCronAsksOnlyTheServer(): void
    {
        $id = $this->active('anna');
        (new \Standin\Cron($this->host))->run();
        self::assertSame($this->serverKeys(), array_keys($this->given('UsageUpdate')));
        self::assertSame(12, (int) $this->service($id)->diskusage);
        self::assertSame(1, SampleHooks::count('AfterCronJob'));
        (new \Standin\Cron($this->host))->run(false);
        self::assertSame([1, 2], [SampleHooks::count('DailyCronJob'), SampleHooks::count('AfterCronJob')]);
    }

    public function testTestConnectionSeesTheFormAndNoSetting(): void
    {
        $servers = new \Standin\Servers($this->host);
        $form = ['hostname' => 'cp.example.net', 'type' => 'sample_module', 'username' => 'u',
            'password' => 'Typed-secret'];
        self::assertSame(['success' => true, 'error' => ''], $servers->test(0, $form));
        $given = $this->given('TestConnection');
        self::assertSame($this->serverKeys(), array_keys($given));
        self::assertSame(['cp.example.net', 'Typed-secret'], [$given['serverhostname'], $given['serverpassword']]);
        SampleModule::$answers['TestConnection'] = null;
        $servers->test($this->ids['server'], ['type' => 'sample_module']);
        self::assertSame('Server-secret-1', $this->given('TestConnection')['serverpassword']);
    }

    public function testTheLocalApiRunsModulesAndSavesServices(): void
    {
        $id = $this->order('anna');
        self::assertSame(['result' => 'success'], localAPI('ModuleCreate', ['serviceid' => $id]));
        $changed = ['serviceid' => $id, 'domain' => 'thexyz.ca', 'servicepassword' => 'Api-secret-3'];
        localAPI('UpdateClientProduct', $changed);
        self::assertSame(['thexyz.ca', 'Api-secret-3'], [$this->service($id)->domain, $this->password($id)]);
        self::assertSame(1, localAPI('GetClientsProducts', ['serviceid' => $id])['totalresults']);
        self::assertSame('error', localAPI('ModuleSuspend', ['serviceid' => 999])['result']);
        self::assertSame('error', localAPI('NoSuchCommand')['result']);
        self::assertStringContainsString('NoSuchCommand', $this->takeFaults()[0]);
    }

    public function testTheModuleLogIsWrittenOnlyWhileEnabledAndMasked(): void
    {
        logModuleCall('sample_module', 'x', ['p' => 'Server-secret-1'], 'ok', '', ['', 'Server-secret-1']);
        self::assertStringContainsString('***', $this->rows('tblmodulelog')[0]->request);
        Settings::set('ModuleLogging', '');
        logModuleCall('sample_module', 'x', 'y', 'z');
        self::assertCount(1, $this->rows('tblmodulelog'));
    }

    public function testAnUnencryptedPasswordIsNoticed(): void
    {
        $id = $this->active('anna');
        Capsule::table('tblhosting')->where('id', $id)->update(['password' => 'plain']);
        self::assertStringContainsString('junk', $this->password($id));
    }

    /** @return list<string> */
    private function serverKeys(): array
    {
        return ['server', 'serverid', 'serverip', 'serverhostname', 'serverusername', 'serverpassword',
            'serveraccesshash', 'serversecure', 'serverhttpprefix', 'serverport'];
    }
}
