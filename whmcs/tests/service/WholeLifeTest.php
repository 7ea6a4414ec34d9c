<?php

declare(strict_types=1);

namespace Standin\Tests\Service;

use Housemail\Whmcs\Bridge;
use Housemail\Whmcs\Changes;
use Housemail\Whmcs\Params;
use Standin\Cron;
use Standin\ModuleQueue;
use Standin\Orders;
use Standin\Servers;
use Standin\Tests\Module\Redirects;
use Standin\Upgrades;
use WHMCS\Database\Capsule;

/** The sheet's "Test the module", from WHMCS through the real service to the imitated platform. */
final class WholeLifeTest extends ServiceTestCase
{
    public function testTestConnectionSaysWhichPartOfTheWayFailed(): void
    {
        $servers = new Servers($this->host);
        $test = fn (array $changed): array => $servers->test($this->ids['server'], $changed + $this->server()
            + ['type' => self::MODULE]);
        self::assertTrue($test([])['success']);
        self::assertStringContainsString('user name or the password', $test(['password' => 'Wrong-one-1'])['error']);
        self::assertStringContainsString('cannot be reached', $test(['port' => '1'])['error']);
        $this->connect(rtrim((string) getenv('HOUSEMAIL_TEST_URL'), '/'), 'hm_000000000000_' . str_repeat('x', 43));
        self::assertStringContainsString('--new-key', $test([])['error']);
        $this->connect('http://127.0.0.1:1', 'hm_000000000000_' . str_repeat('x', 43));
        self::assertStringContainsString('cannot be reached', $test([])['error']);
        $this->disconnect();
        self::assertStringContainsString('housemail whmcs install', $test([])['error']);
    }

    public function testTheCartRefusesReservedTakenAndMalformedNames(): void
    {
        $taken = self::name();
        $this->active($taken);
        foreach (['hostmaster', 'no_reply', $taken, 'a..b', '<b>x</b>'] as $name) {
            self::assertNotSame([], $this->tryOrder($name)['errors'], $name);
        }
        self::assertSame([], $this->tryOrder(self::name())['errors']);
    }

    public function testAMailboxIsSoldUsedSuspendedChangedAndEnded(): void
    {
        $name = self::name();
        $id = $this->active($name);
        $service = $this->service($id);
        self::assertSame(["$name@thexyz.com", 'thexyz.com'], [$service->username, $service->domain]);
        self::assertSame('Active', $service->domainstatus);
        self::assertNotNull($this->onPlatform($name));
        self::assertStringContainsString("$name@thexyz.com", $this->details($id)->body);

        self::assertSame('success', $this->command($id, 'ChangePassword', ['password' => 'Another-secret-2']));
        $this->custom($id, 'addAlias', ['handle' => "a$name", 'destination' => '']);
        self::assertArrayHasKey("a$name", $this->platform()['aliases']);
        self::assertSame(["a$name@thexyz.com"], $this->copiedAliases($id));
        $this->custom($id, 'addList', ['handle' => "l$name", 'members' => "b@example.org\nrubbish"]);
        self::assertArrayHasKey("l$name", $this->platform()['lists']);
        $this->custom($id, 'removeListMember', ['list' => "l$name", 'member' => 'b@example.org']);
        $this->custom($id, 'removeAlias', ['handle' => "a$name"]);
        self::assertArrayNotHasKey("a$name", $this->platform()['aliases']);
        Redirects::$possible = true;
        Changes::$end = static fn () => null;
        $this->custom($id, 'openWebmail');
        self::assertStringStartsWith('http://127.0.0.1', Redirects::target());
        Changes::$end = null;

        self::assertSame('success', $this->command($id, 'Suspend', ['suspendreason' => 'overdue']));
        self::assertTrue($this->onPlatform($name)['disabled']);
        $this->custom($id, 'addAlias', ['handle' => "x$name", 'destination' => '']);
        self::assertArrayNotHasKey("x$name", $this->platform()['aliases']);
        self::assertSame('success', $this->command($id, 'Unsuspend'));

        $options = [$this->ids['type'] => $this->ids['type.Enhanced'], $this->ids['quota'] => $this->ids['quota.50']];
        Capsule::table('tblproducts')->where('id', $this->ids['product'])
            ->update(['configoption7' => 'Europe/Berlin', 'configoption9' => 'de']);
        self::assertSame('success', (new Upgrades($this->host))->options($id, $options));
        $changed = $this->onPlatform($name);
        self::assertSame([2, 50000, 'de'], [$changed['account_type'], $changed['quota_mb'], $changed['user_language']]);

        self::assertSame('success', $this->command($id, 'Terminate'));
        self::assertNull($this->onPlatform($name));
        self::assertArrayNotHasKey("l$name", $this->platform()['lists']);
        self::assertSame('success', $this->command($id, 'Terminate'));
    }

    public function testAFailureWaitsInTheQueueAndARetryMakesOneMailbox(): void
    {
        $name = self::name();
        $this->connect('http://127.0.0.1:1', 'hm_000000000000_' . str_repeat('x', 43));
        $placed = $this->tryOrder($name);
        self::assertSame([], $placed['errors'], 'the cart fails open');
        $orders = new Orders($this->host);
        $orders->pay($placed['order']);
        $id = (int) $orders->services($placed['order'])[0]->id;
        self::assertSame('Pending', $this->service($id)->domainstatus);
        $this->connect((string) getenv('HOUSEMAIL_TEST_URL'), (string) getenv('HOUSEMAIL_TEST_KEY'));
        self::assertSame('success', ModuleQueue::retry((int) ModuleQueue::open()[0]->id));
        self::assertSame('success', $this->command($id, 'Create'));
        self::assertNotNull($this->onPlatform($name));
    }

    public function testAnAnswerLostAtNightIsFinishedByTheCronJob(): void
    {
        $this->active(self::name());
        $name = self::name();
        $id = $this->order($name);
        $this->switchOn('connection_reset', ['action' => 'addUser', 'phase' => 'after', 'count' => 1]);
        // So little time that the service cannot look itself what became of it.
        $params = Params::of(\Standin\Params::ofService($id));
        $wanted = ['handle' => $name, 'domain' => self::DOMAIN, 'password' => 'Another-secret-2'];
        $answer = Bridge::ask("services/$id/create", $params->context() + $wanted, 2500);
        self::assertSame([202, 'creating'], [$answer->status, $answer->text('state')]);
        for ($tries = 0; $tries < 60 && $this->service($id)->domainstatus !== 'Active'; $tries++) {
            sleep(1);
            (new Cron($this->host))->run(false);
        }
        self::assertSame('Active', $this->service($id)->domainstatus);
        self::assertSame("$name@thexyz.com", $this->service($id)->username);
        self::assertNotNull($this->onPlatform($name));
    }

    public function testStaffCheckAdoptAndRelease(): void
    {
        $this->signInAsAdmin();
        $name = self::name();
        $id = $this->active($name);
        self::assertSame('success', $this->host->dispatcher->custom($id, 'checkNow'));
        self::assertStringContainsString("$name@thexyz.com", implode($this->call($id, 'AdminServicesTabFields')));
        $old = self::name();
        $this->control('POST', '/seed', ['mailboxes' => [['domain' => self::DOMAIN, 'username' => $old]]]);
        $moved = $this->order(self::name());
        Capsule::table('tblhosting')->where('id', $moved)
            ->update(['username' => "$old@thexyz.com", 'domainstatus' => 'Active']);
        self::assertSame('success', $this->host->dispatcher->custom($moved, 'adoptMailbox'));
        self::assertSame("$old@thexyz.com", $this->service($moved)->username);

        self::assertSame('success', $this->command($id, 'Terminate'));
        self::assertNotSame([], $this->tryOrderAsAnother($name)['errors']);
        self::assertSame('success', $this->host->dispatcher->custom($id, 'releaseAddress'));
        self::assertSame([], $this->tryOrderAsAnother($name)['errors']);
    }

    /** @return list<string> */
    private function copiedAliases(int $id): array
    {
        return Capsule::table('mod_thexyz_pm_aliases')->where('serviceid', $id)->pluck('alias')->all();
    }

    private function call(int $id, string $function): mixed
    {
        return $this->host->modules->call(self::MODULE, $function, \Standin\Params::ofService($id));
    }

    /** @return array{errors: list<string>, order: int} */
    private function tryOrderAsAnother(string $name): array
    {
        $_SESSION['uid'] = $this->ids['client'] + 1;
        try {
            return $this->tryOrder($name);
        } finally {
            $_SESSION['uid'] = $this->ids['client'];
        }
    }
}
