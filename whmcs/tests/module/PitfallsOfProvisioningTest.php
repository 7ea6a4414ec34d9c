<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use RuntimeException;
use Standin\ModuleQueue;
use Standin\Params;
use Standin\Secret;
use Standin\Servers;
use Standin\Tests\Module\Fake\Answers;
use Standin\Upgrades;
use WHMCS\Database\Capsule;

/**
 * What went wrong in other modules, by the rows of the list of pitfalls: those about
 * commands of WHMCS. PitfallsListTest says that each row has its test.
 */
final class PitfallsOfProvisioningTest extends ModuleTestCase
{
    public function testPitfall01ARetryOfCreateEndsWellAfterItsAnswerWasLost(): void
    {
        $id = $this->ordered();
        $this->serviceSays('create', [['drop' => true], ...[Answers::good()['create']]]);
        $said = $this->command($id, 'Create');
        self::assertStringContainsString('a repeat never makes a second mailbox', $said);
        self::assertSame('Pending', $this->status($id));
        self::assertSame('success', $this->command($id, 'Create'));
        self::assertSame(["services/$id/create", "services/$id/create"], $this->asked());
    }

    public function testPitfall02AnExistingMailboxIsNotTakenOver(): void
    {
        $id = $this->ordered();
        $taken = Answers::problem(409, 'address_taken', 'anna@thexyz.com already exists. Choose another name.');
        $this->serviceSays('create', $taken);
        self::assertSame('anna@thexyz.com already exists. Choose another name.', $this->command($id, 'Create'));
        self::assertSame(["services/$id/create"], $this->asked(), 'It must not adopt by itself.');
        self::assertNotSame(self::ADDRESS, $this->service($id)->username);
    }

    public function testPitfall03UsernameAndDomainAreWrittenBack(): void
    {
        $id = $this->ordered();
        self::assertSame('success', $this->command($id, 'Create'));
        self::assertSame([self::ADDRESS, 'thexyz.com'], [$this->service($id)->username, $this->service($id)->domain]);
    }

    public function testPitfall04StoredPasswordsAreDecryptedAndEncrypted(): void
    {
        $id = $this->ordered();
        run_hook('AfterShoppingCartCheckout', ['ServiceIDs' => [$id]]);
        self::assertSame('Server-secret-1', $this->sent('reserve')['server']['password']);
        $this->serviceSays('create', [
            Answers::problem(422, 'password_unsuitable', 'Too weak.', ['suggested_password' => 'Suggested-9+pass']),
            Answers::good()['create'],
        ]);
        Secret::know('Suggested-9+pass');
        self::assertSame('success', $this->command($id, 'Create'));
        self::assertStringStartsWith('enc:', $this->service($id)->password);
        self::assertSame('Suggested-9+pass', $this->password($id));
    }

    public function testPitfall05TestConnectionPrintsNothing(): void
    {
        $file = dirname(ROOTDIR) . '/housemail-whmcs.php';
        file_put_contents($file, "\xEF\xBB\xBF" . file_get_contents($file));
        $tested = (new Servers($this->host))->test($this->ids['server'], ['type' => self::MODULE]);
        self::assertSame(['success' => true, 'error' => ''], $tested);
        // What was printed would be a fault of this host.
        self::assertSame([], $this->host->faults->found());
    }

    public function testPitfall06TestConnectionNeedsNoSettingOfAProduct(): void
    {
        $params = Params::ofServer($this->ids['server']);
        self::assertArrayNotHasKey('configoption1', $params);
        $tested = $this->host->modules->call(self::MODULE, 'TestConnection', $params);
        self::assertSame(['success' => true, 'error' => ''], $tested);
        $sent = $this->sent('connection-test')['server'];
        self::assertSame('https://cp.emailarray.com/admin/json.php', $sent['endpoint']);
        self::assertSame(['admin', 'Server-secret-1'], [$sent['username'], $sent['password']]);
    }

    public function testPitfall07TheApiVersionStays(): void
    {
        self::assertSame('1.1', $this->host->modules->meta(self::MODULE)['APIVersion']);
    }

    public function testPitfall08SettingsKeepTheirPlaces(): void
    {
        self::assertSame([
            'API Endpoint', 'Allowed Domains CSV', 'Default Account Type', 'Default Quota GB', 'Max Aliases',
            'Allow External Forwards', 'Default Timezone', 'Default Date Format', 'Default Language',
            'Max Distribution Lists', 'Enable Aliases', 'Enable Distribution Lists', 'Allow External List Members',
        ], array_keys($this->host->modules->settings(self::MODULE)));
        $id = $this->mailbox();
        $values = array_map(static fn (int $number): string => "value $number", range(1, 24));
        $columns = array_map(static fn (int $number): string => "configoption$number", range(1, 24));
        $this->setProduct(array_combine($columns, $values));
        $this->call('ChangePackage', $id);
        $sent = $this->sent('plan');
        self::assertSame('value 1', $sent['server']['endpoint']);
        self::assertSame([
            'allowed_domains' => 'value 2', 'account_type' => 'value 3', 'quota_gb' => 'value 4',
            'max_aliases' => 'value 5', 'allow_external_forwards' => 'value 6', 'timezone' => 'value 7',
            'date_format' => 'value 8', 'language' => 'value 9', 'max_lists' => 'value 10',
            'enable_aliases' => 'value 11', 'enable_lists' => 'value 12', 'allow_external_list_members' => 'value 13',
        ], $sent['plan']);
    }

    public function testPitfall09ZeroAndNothingReachTheServiceAsTheyAre(): void
    {
        $id = $this->mailbox();
        $this->setProduct(['configoption5' => '0', 'configoption10' => '']);
        $this->call('ChangePackage', $id);
        $plan = $this->sent('plan')['plan'];
        self::assertSame(['0', ''], [$plan['max_aliases'], $plan['max_lists']]);
    }

    public function testPitfall10ConfigurableOptionsAreFoundByTheirNameBeforeTheBar(): void
    {
        $id = $this->mailbox();
        $options = ['account TYPE|Which one?' => '2|Enhanced', ' Mailbox Quota (GB)' => 50, 'Colour' => 'red'];
        $this->call('ChangePackage', $id, ['configoptions' => $options]);
        $wanted = ['Account Type' => '2|Enhanced', 'Mailbox Quota (GB)' => '50'];
        self::assertSame($wanted, $this->sent('plan')['options']);
        Capsule::table('tblproductconfigoptionssub')->where('id', $this->ids['quota.50'])
            ->update(['optionname' => '50|50 GB']);
        (new Upgrades($this->host))->options($id, [$this->ids['quota'] => $this->ids['quota.50']]);
        self::assertSame('50', $this->sent('plan')['options']['Mailbox Quota (GB)']);
    }

    /** @return array<string, array{string, string}> what WHMCS passes, what is meant */
    public static function passwords(): array
    {
        return [
            'as typed' => ['Ab&<"#+%/1234\' x', 'Ab&<"#+%/1234\' x'],
            'encoded' => ['Ab&amp;&lt;&quot;1234567', 'Ab&<"1234567'],
            'with a blank at its end' => ['Ab12345678! ', 'Ab12345678! '],
        ];
    }

    /** @dataProvider passwords */
    public function testPitfall11PasswordsAreDecodedOnceAndSentInTheBody(string $given, string $meant): void
    {
        $id = $this->mailbox();
        Secret::know($given);
        Secret::know($meant);
        self::assertSame('success', $this->command($id, 'ChangePassword', ['password' => $given]));
        self::assertSame($meant, $this->sent('password')['password']);
        self::assertSame(["services/$id/password"], $this->asked());
    }

    public function testPitfall11APasswordThatNobodyCanTellApartIsRefused(): void
    {
        $id = $this->mailbox();
        foreach (['ChangePassword', 'CreateAccount'] as $function) {
            $said = $this->call($function, $id, ['password' => 'Ab&amp;amp;12345']);
            self::assertStringContainsString('Choose another password', $said);
        }
        self::assertSame([], $this->asked());
    }

    public function testPitfall12APasswordThatDoesNotFitIsReplacedSavedAndTriedOnceMore(): void
    {
        $id = $this->ordered();
        $refused = Answers::problem(422, 'password_unsuitable', 'Too short.', ['suggested_password' => 'Fresh-pass-77!']);
        Secret::know('Fresh-pass-77!');
        $this->serviceSays('create', [$refused, Answers::good()['create']]);
        self::assertSame('success', $this->command($id, 'Create'));
        self::assertSame('Fresh-pass-77!', $this->sent('create')['password']);
        self::assertSame('Fresh-pass-77!', $this->password($id));
        self::assertCount(2, $this->asked());
        $this->serviceSays('create', $refused);
        self::assertSame('Too short.', $this->command($id, 'Create'));
        self::assertCount(2, $this->asked(), 'It must not go on for ever.');
    }

    public function testPitfall19NothingOfTheParametersIsInTheModuleLogButWhatIsNeeded(): void
    {
        $id = $this->ordered();
        $this->command($id, 'Create');
        $log = $this->moduleLog();
        self::assertStringContainsString('"handle": "anna"', $log);
        foreach (['Server-secret-1', Fake\Service::KEY, 'michael@example.org', 'Montreal, ', 'model'] as $text) {
            self::assertStringNotContainsString($text, $log);
        }
    }

    public function testPitfall30UsageIsWrittenByTheServicesId(): void
    {
        $first = $this->mailbox();
        $second = $this->mailbox('Suspended', ['username' => 'bert@thexyz.com']);
        $row = static fn (int $id, int $used): array => ['ref' => (string) $id, 'used_mb' => $used,
            'quota_mb' => 25000, 'seen_at' => '2026-05-01T03:00:00+00:00'];
        $this->serviceSays('usage', ['json' => ['usage' => [$row($first, 12), $row($second, 700)]]]);
        $this->host->modules->call(self::MODULE, 'UsageUpdate', Params::ofServer($this->ids['server']));
        self::assertSame(12, (int) $this->service($first)->diskusage);
        self::assertSame(700, (int) $this->service($second)->diskusage);
        self::assertSame(25000, (int) $this->service($second)->disklimit);
    }

    /** @return array<string, array{string}> */
    public static function states(): array
    {
        $states = ['Pending', 'Active', 'Completed', 'Suspended', 'Terminated', 'Cancelled', 'Fraud'];
        return array_combine($states, array_map(static fn (string $state): array => [$state], $states));
    }

    /** @dataProvider states */
    public function testPitfall31CreateWorksInEveryState(string $state): void
    {
        $id = $this->ordered();
        Capsule::table('tblhosting')->where('id', $id)->update(['domainstatus' => $state]);
        self::assertSame('success', $this->command($id, 'Create'));
    }

    public function testPitfall32WhatIsGoneAlreadyIsSuspendedAndTerminatedWithSuccess(): void
    {
        foreach (['Terminate' => 'terminate', 'Suspend' => 'suspend'] as $command => $call) {
            $id = $this->mailbox('Active');
            $this->serviceSays($call, ['json' => ['state' => $call === 'suspend' ? 'suspended' : 'terminated']]);
            self::assertSame('success', $this->command($id, $command));
        }
    }

    public function testPitfall35SavingIsTriedAndNotAskedFor(): void
    {
        $id = $this->ordered();
        $model = new class {
            /** @var array<string, string> */
            public array $saved = [];

            public function __get(string $name): object
            {
                return $this;
            }

            public function __isset(string $name): bool
            {
                return $name === 'serviceProperties';
            }

            /** @param array<string, string> $values */
            public function save(array $values): void
            {
                $this->saved = $values;
            }
        };
        self::assertSame('success', $this->call('CreateAccount', $id, ['model' => $model]));
        self::assertSame(['Username' => self::ADDRESS, 'Domain' => 'thexyz.com'], $model->saved);
        self::assertSame('success', $this->call('CreateAccount', $id, ['model' => null]));
        self::assertSame(self::ADDRESS, $this->service($id)->username, 'Without a model the local API saves it.');
    }

    public function testPitfall36NoCustomFieldIsMadeUp(): void
    {
        $before = $this->rows('tblcustomfields');
        $id = $this->ordered();
        $this->serviceSays('create', [
            Answers::problem(422, 'password_unsuitable', 'Weak.', ['suggested_password' => 'Fresh-pass-77!']),
            Answers::good()['create'],
        ]);
        Secret::know('Fresh-pass-77!');
        $this->command($id, 'Create');
        $this->command($id, 'ChangePackage');
        self::assertSame([], $this->host->inventedFields);
        self::assertEquals($before, $this->rows('tblcustomfields'));
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function hosts(): array
    {
        $default = 'https://cp.emailarray.com/admin/json.php';
        return [
            'nothing' => [['serverhostname' => '', 'serverip' => ''], $default],
            'a name' => [['serverhostname' => 'Mail.Example.org'], 'https://mail.example.org/admin/json.php'],
            'with a scheme' => [['serverhostname' => ' https://mail.example.org/x '], 'https://mail.example.org/admin/json.php'],
            'with a port' => [['serverhostname' => 'mail.example.org:8443'], 'https://mail.example.org:8443/admin/json.php'],
            'and a port field' => [['serverhostname' => 'mail.example.org', 'serverport' => '8443'],
                'https://mail.example.org:8443/admin/json.php'],
            'port 80 without SSL' => [['serverhostname' => 'mail.example.org', 'serverport' => '80', 'serversecure' => ''],
                'https://mail.example.org/admin/json.php'],
            'an address' => [['serverhostname' => '', 'serverip' => '192.0.2.7'], 'https://192.0.2.7/admin/json.php'],
            'a long address' => [['serverhostname' => '', 'serverip' => '2001:db8::7'], 'https://[2001:db8::7]/admin/json.php'],
            'this machine' => [['serverhostname' => 'http://127.0.0.1:8090', 'serversecure' => false],
                'http://127.0.0.1:8090/admin/json.php'],
        ];
    }

    /**
     * @dataProvider hosts
     * @param array<string, mixed> $server
     */
    public function testPitfall38AHostNameMayCarryPortAndScheme(array $server, string $endpoint): void
    {
        $params = $server + Params::ofServer($this->ids['server']);
        $this->host->modules->call(self::MODULE, 'TestConnection', $params);
        self::assertSame($endpoint, $this->sent('connection-test')['server']['endpoint']);
    }

    public function testPitfall39AProductAddonIsRefusedByEveryFunction(): void
    {
        $id = $this->mailbox();
        foreach (FunctionsTest::ofOneService() as $function) {
            $_SERVER['REQUEST_METHOD'] = 'POST';
            $_POST['token'] = generate_token('plain');
            $said = $this->call($function, $id, ['addonId' => 7]);
            $said = (string) json_encode($said);
            self::assertMatchesRegularExpression('/not for product addons|cannot be shown/', $said, $function);
        }
        self::assertSame([], $this->asked());
    }

    public function testPitfall42TerminateForgetsTheCopyOfItsAliases(): void
    {
        $id = $this->mailbox();
        $this->details($id);
        self::assertCount(1, $this->rows('mod_thexyz_pm_aliases'));
        self::assertSame('success', $this->command($id, 'Terminate'));
        self::assertSame([], $this->rows('mod_thexyz_pm_aliases'));
        self::assertContains("services/$id/terminate", $this->asked());
    }

    public function testPitfall44AChangedMailboxFieldDoesNotTurnToAnotherMailbox(): void
    {
        $id = $this->mailbox();
        Capsule::table('tblcustomfieldsvalues')->where('relid', $id)->update(['value' => 'somebody-else']);
        foreach (['Suspend', 'Unsuspend', 'ChangePackage', 'ChangePassword', 'Terminate'] as $command) {
            $this->command($id, $command);
        }
        $bodies = array_column(Fake\Service::requests(), 'body');
        self::assertCount(5, $bodies);
        foreach ($bodies as $body) {
            self::assertStringNotContainsString('somebody-else', $body);
            self::assertSame(self::ADDRESS, json_decode($body, true)['service']['username']);
        }
    }

    public function testAFailureWaitsInTheQueueUntilARetry(): void
    {
        $id = $this->ordered();
        $this->serviceSays('create', [
            Answers::problem(503, 'platform_unavailable', 'Nothing was changed. Try again in a minute.'),
            Answers::good()['create'],
        ]);
        $this->host->dispatcher->run($id, 'Create', [], true);
        $entry = ModuleQueue::open()[0] ?? throw new RuntimeException('Nothing waits.');
        self::assertStringContainsString('Nothing was changed', $entry->last_attempt_error);
        self::assertSame('success', ModuleQueue::retry((int) $entry->id));
        self::assertSame([], ModuleQueue::open());
        self::assertSame('Active', $this->status($id));
    }
}
