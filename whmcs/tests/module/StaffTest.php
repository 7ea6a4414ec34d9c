<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use Illuminate\Database\QueryException;
use Standin\Tests\Module\Fake\Answers;
use Standin\Tests\Module\Fake\Service;
use WHMCS\Database\Capsule;

/** What staff see on a service's tab and read after its buttons. */
final class StaffTest extends ModuleTestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        $this->signInAsAdmin();
    }

    public function testTheTabShowsTheMailboxByOneCall(): void
    {
        $id = $this->mailbox();
        $fields = $this->call('AdminServicesTabFields', $id);
        self::assertSame(self::ADDRESS, $fields['Mailbox']);
        self::assertSame('Active', $fields['State']);
        self::assertStringContainsString('1.5 GB / 25 GB', $fields['Usage']);
        self::assertArrayNotHasKey('Needs attention', $fields);
        self::assertSame(["services/$id/overview"], $this->asked());
        self::assertSame('staff', $this->sent('overview')['actor']['kind']);
    }

    public function testWhatThePlatformDoesNotShowAfterAChangeIsOnTheTab(): void
    {
        $id = $this->mailbox();
        $unconfirmed = ['timezone', 'language'];
        $this->serviceSays('plan', ['json' => ['state' => 'active', 'changed' => [], 'unconfirmed' => $unconfirmed]]);
        $this->overviewIs(['unconfirmed' => $unconfirmed]);
        self::assertSame('success', $this->command($id, 'ChangePackage'));
        self::assertStringContainsString('timezone, language', implode($this->call('AdminServicesTabFields', $id)));
        $this->overviewIs([]);
        self::assertStringNotContainsString('timezone', implode($this->call('AdminServicesTabFields', $id)));
    }

    public function testAnEndedServiceIsNotAskedFor(): void
    {
        foreach (['Terminated', 'Cancelled', 'Fraud'] as $state) {
            $fields = $this->call('AdminServicesTabFields', $this->mailbox($state));
            self::assertSame(['Mailbox' => 'The service has ended.'], $fields);
        }
        self::assertSame([], $this->asked());
    }

    public function testATableThatMayNotBeMadeIsSaidAndChangesNothingElse(): void
    {
        $id = $this->mailbox();
        $withoutRight = static function (string $query): void {
            if (preg_match('/^create table \W?mod_/i', $query) === 1) {
                throw new QueryException($query, [], new \Exception('SQLSTATE[42000]: CREATE command denied'));
            }
        };
        Capsule::connection()->beforeExecuting($withoutRight);
        self::assertStringContainsString('permission to create tables', implode($this->call('AdminServicesTabFields', $id)));
        self::assertSame(200, $this->details($id, '&pm=aliases')->status);
        self::assertSame(200, $this->custom($id, 'addAlias', ['handle' => 'nick'])->status);
        foreach (['Suspend', 'Unsuspend', 'ChangePackage', 'Terminate'] as $command) {
            self::assertSame('success', $this->command($id, $command));
        }
        self::assertFalse(Capsule::schema()->hasTable('mod_thexyz_pm_aliases'));
    }

    public function testAnEndpointOnAnotherHostThanTheTestedServerIsSaid(): void
    {
        $this->setProduct(['configoption1' => 'https://other.example/admin/json.php']);
        $fields = $this->call('AdminServicesTabFields', $this->mailbox());
        self::assertStringContainsString('Test Connection tests only the server', $fields['Needs attention']);
    }

    public function testCheckNowSaysWhatDiffers(): void
    {
        $id = $this->mailbox();
        self::assertSame('success', $this->host->dispatcher->custom($id, 'checkNow'));
        $found = ['state' => 'active', 'address' => self::ADDRESS, 'presence' => 'present',
            'differences' => ['quota_gb', 'language'], 'needs_staff' => false];
        $this->serviceSays('check', ['json' => $found]);
        $said = $this->host->dispatcher->custom($id, 'checkNow');
        self::assertStringContainsString('anna@thexyz.com: state Active', $said);
        self::assertStringContainsString('quota, language', $said);
        foreach ([['presence' => 'absent'], ['presence' => 'unproven'], ['needs_staff' => true]] as $changed) {
            $this->serviceSays('check', ['json' => $changed + ['differences' => []] + $found]);
            self::assertNotSame('success', $this->host->dispatcher->custom($id, 'checkNow'));
        }
    }

    public function testStaffButtonsAreNotForClients(): void
    {
        unset($_SESSION['adminid']);
        $id = $this->mailbox();
        foreach (['checkNow', 'adoptMailbox', 'releaseAddress', 'CreateAccount', 'TerminateAccount'] as $function) {
            $page = $this->custom($id, $function);
            self::assertSame(200, $page->status);
            self::assertStringNotContainsString('alertModuleCustomButton', $page->body);
        }
        self::assertSame([], array_diff($this->asked(), ["services/$id/overview"]));
    }

    public function testACustomerInTheirOwnAreaIsNeverTakenForStaff(): void
    {
        unset($_SESSION['adminid']);
        $id = $this->mailbox();
        $this->details($id);
        self::assertSame('client', $this->sent('overview')['actor']['kind']);
        $this->command($id, 'ChangePassword', ['password' => 'Another-secret-2']);
        self::assertSame('client', $this->sent('password')['actor']['kind']);
        $this->command($id, 'Suspend', ['suspendreason' => 'late &amp; unpaid']);
        self::assertSame('automation', $this->sent('suspend')['actor']['kind']);
        self::assertSame('late & unpaid', $this->sent('suspend')['reason']);
    }

    public function testAReleaseThatIsRefusedSaysWhy(): void
    {
        $this->serviceSays('release-name', Answers::problem(409, 'address_taken', 'It is in use.'));
        self::assertSame('It is in use.', $this->host->dispatcher->custom($this->ordered(), 'releaseAddress'));
        self::assertCount(1, Service::requests());
    }
}
