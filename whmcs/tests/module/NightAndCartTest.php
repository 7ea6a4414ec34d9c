<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use Standin\Cron;
use Standin\Orders;
use Standin\Tests\Module\Fake\Answers;
use WHMCS\Database\Capsule;

/** What runs without anybody looking: the two gates of the cart, orders that end, the cron job. */
final class NightAndCartTest extends ModuleTestCase
{
    public function testBothGatesRefuseWhatTheServiceRefuses(): void
    {
        $detail = 'This address is not available. Choose another name.';
        $this->serviceSays('availability', ['json' => ['available' => false, 'detail' => $detail,
            'suggestions' => ['anna1', 'anna.mail']]]);
        $errors = $this->tryOrder('anna')['errors'];
        self::assertStringContainsString($detail, implode($errors));
        self::assertStringContainsString('anna1, anna.mail', implode($errors));
        $this->fillCart([['mailbox' => 'anna']]);
        self::assertStringContainsString($detail, implode(run_hook('ShoppingCartValidateCheckout', [])[0]));
    }

    public function testTheCartAsksAsAClientAndSaysNothingOfTheServer(): void
    {
        $this->tryOrder('anna');
        $sent = $this->sent('availability');
        self::assertSame('client', $sent['actor']['kind']);
        self::assertArrayNotHasKey('server', $sent);
        self::assertSame('anna', $sent['handle']);
        self::assertSame('thexyz.com', $sent['domain']);
    }

    public function testThePriceIsRefreshedWithoutACheck(): void
    {
        $given = ['i' => 0, 'calctotal' => 'true', 'customfield' => [$this->ids['mailbox'] => 'postmaster']];
        $this->fillCart([['mailbox' => '']]);
        self::assertSame([[]], run_hook('ShoppingCartValidateProductUpdate', $given));
        self::assertSame([], $this->asked());
    }

    public function testTheSameAddressTwiceAndAQuantityAreRefused(): void
    {
        $this->fillCart([['mailbox' => 'anna'], ['mailbox' => ' Anna ']]);
        $this->serviceSays('availability', ['json' => ['available' => true, 'address' => 'anna@thexyz.com',
            'detail' => '']]);
        $twice = implode(run_hook('ShoppingCartValidateCheckout', [])[0]);
        self::assertStringContainsString('twice', $twice);
        $this->fillCart([['mailbox' => 'anna', 'qty' => 2]]);
        self::assertNotSame([], run_hook('ShoppingCartValidateCheckout', [])[0]);
    }

    public function testAServiceThatDoesNotAnswerInThreeSecondsLetsTheOrderPass(): void
    {
        $this->serviceSays('availability', ['wait_ms' => 6000, 'json' => ['available' => false, 'detail' => 'no']]);
        $this->fillCart([['mailbox' => 'anna'], ['mailbox' => 'bert']]);
        $begun = microtime(true);
        self::assertSame([], run_hook('ShoppingCartValidateCheckout', [])[0]);
        self::assertLessThan(4.5, microtime(true) - $begun);
    }

    public function testACheckoutReservesAndAnEndedOrderReleases(): void
    {
        foreach (['cancel', 'fraud', 'delete'] as $ending) {
            $placed = $this->tryOrder("anna-$ending");
            $orders = new Orders($this->host);
            $id = (int) $orders->services($placed['order'])[0]->id;
            self::assertContains("services/$id/reserve", $this->asked());
            if ($ending === 'delete') {
                $orders->cancel($placed['order']);
            }
            $orders->$ending($placed['order']);
            self::assertContains("services/$id/release", $this->asked(), $ending);
        }
    }

    public function testTheCronJobFinishesAtMostTenCreatesOfServicesThatStillWait(): void
    {
        $waiting = array_map(fn (int $n): int => $this->ordered("night$n"), range(1, 12));
        $active = $this->mailbox();
        $refs = array_map(static fn (int $id): array => ['ref' => (string) $id], [$active, 99999, ...$waiting]);
        $this->serviceSays('pending', ['json' => ['pending' => $refs]]);
        (new Cron($this->host))->run(false);
        $states = array_count_values(array_map([$this, 'status'], $waiting));
        self::assertSame(['Active' => 10, 'Pending' => 2], $states);
        self::assertNotContains("services/$active/create", $this->asked());
    }

    public function testTheCronJobIsCalmWhenTheServiceIsDown(): void
    {
        $id = $this->ordered();
        $this->serviceIsDown();
        (new Cron($this->host))->run();
        self::assertSame('Pending', $this->status($id));
    }

    public function testUsageIsAskedForInPagesOfAThousand(): void
    {
        $row = ['userid' => $this->ids['client'], 'packageid' => $this->ids['product'], 'domain' => 'thexyz.com',
            'server' => $this->ids['server'], 'domainstatus' => 'Active'];
        foreach (array_chunk(array_fill(0, 1001, $row), 100) as $some) {
            Capsule::table('tblhosting')->insert($some);
        }
        $last = (int) Capsule::table('tblhosting')->max('id');
        $usage = [['ref' => (string) $last, 'used_mb' => 12.5, 'quota_mb' => 25000.0,
            'seen_at' => '2026-05-01T03:00:00+00:00']];
        $this->serviceSays('usage', ['json' => ['usage' => $usage]]);
        (new Cron($this->host))->run();
        self::assertSame(['usage', 'usage'], array_values(array_intersect($this->asked(), ['usage'])));
        $written = Capsule::table('tblhosting')->where('diskusage', '>', 0)->get()->all();
        self::assertSame([$last], array_map(static fn (object $row): int => (int) $row->id, $written));
        self::assertSame([13, 25000], [(int) $written[0]->diskusage, (int) $written[0]->disklimit]);
    }

    public function testUsageThatCannotBeReadChangesNothing(): void
    {
        $id = $this->mailbox();
        $this->serviceSays('usage', Answers::problem(503, 'busy', 'Try again.'));
        (new Cron($this->host))->run();
        self::assertSame(0, (int) $this->service($id)->diskusage);
        self::assertStringContainsString('usage was not updated', $this->everyLog());
    }

    /** @param list<array{mailbox: string, qty?: int}> $wanted */
    private function fillCart(array $wanted): void
    {
        $_SESSION['cart']['products'] = array_map(fn (array $line): array => [
            'pid' => $this->ids['product'],
            'qty' => $line['qty'] ?? 1,
            'domain' => '',
            'customfields' => [$this->ids['mailbox'] => $line['mailbox'], $this->ids['domain'] => 'thexyz.com'],
        ], $wanted);
    }
}
