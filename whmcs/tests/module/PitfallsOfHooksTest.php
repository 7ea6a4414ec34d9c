<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use Standin\Cart;
use Standin\Orders;
use Standin\Tests\Module\Fake\Answers;
use WHMCS\Database\Capsule;

/** The rows of the list of pitfalls that are about hooks, the cart and what is shipped. */
final class PitfallsOfHooksTest extends ModuleTestCase
{
    private const MODULE_FOLDER = __DIR__ . '/../../modules/servers/thexyz_polarismail';

    public function testPitfall17ThereIsNoEndpointOfOurOwn(): void
    {
        $folder = realpath(self::MODULE_FOLDER);
        $reachable = array_map('basename', glob("$folder/*.php") ?: []);
        self::assertSame(['config.example.php', 'hooks.php', 'thexyz_polarismail.php'], $reachable);
        foreach ($this->everyPhpFile() as $file) {
            self::assertStringNotContainsString('init.php', (string) file_get_contents($file));
        }
    }

    public function testPitfall20BothCopiesOfTheHookFileTogetherRunOnce(): void
    {
        self::assertSame('C', $this->host->options->hookMode);
        self::assertCount(1, run_hook('ShoppingCartValidateCheckout', []));
        $id = $this->ordered();
        run_hook('AfterShoppingCartCheckout', ['ServiceIDs' => [$id]]);
        self::assertSame(["services/$id/reserve"], $this->asked());
    }

    public function testPitfall21ABrokenDatabaseOrServiceDoesNotBreakTheShop(): void
    {
        $id = $this->mailbox();
        $_REQUEST = ['action' => 'productdetails', 'id' => (string) $id];
        $_SESSION['cart']['products'] = [['pid' => $this->ids['product'], 'customfields' => 'x']];
        $this->serviceIsDown();
        $results = [];
        foreach ([false, true] as $broken) {
            if ($broken) {
                Capsule::schema()->rename('tblproducts', 'tblproducts_away');
            }
            foreach ($this->points() as $point => $arguments) {
                $results[] = run_hook($point, $arguments);
            }
        }
        self::assertCount(2 * count($this->points()), $results);
        self::assertStringContainsString('the hook', (string) json_encode($this->rows('tblactivitylog')));
        // Even what no version passes.
        foreach (array_keys($this->points()) as $point) {
            run_hook($point, 'nothing sensible');
        }
        Capsule::schema()->rename('tblproducts_away', 'tblproducts');
    }

    public function testPitfall22OtherProductsAreNoneOfOurBusiness(): void
    {
        $other = (int) Capsule::table('tblproducts')->insertGetId(['name' => 'Hosting', 'servertype' => 'cpanel']);
        Capsule::table('tblcustomfields')->insert(['type' => 'product', 'relid' => $other, 'fieldname' => 'Mailbox']);
        $service = $this->mailbox('Pending', ['packageid' => $other]);
        $_SESSION['cart']['products'] = [['pid' => $other, 'qty' => 3, 'domain' => 'example.org', 'customfields' => []]];
        $_REQUEST = ['action' => 'productdetails', 'id' => (string) $service];
        $given = ['i' => 0, 'customfield' => ['1' => 'postmaster']];
        self::assertSame([[]], run_hook('ShoppingCartValidateProductUpdate', $given));
        self::assertSame([[]], run_hook('ShoppingCartValidateCheckout', []));
        self::assertSame([[]], run_hook('ClientAreaPageProductDetails', ['domain' => 'example.org']));
        run_hook('AfterShoppingCartCheckout', ['ServiceIDs' => [$service]]);
        run_hook('ServiceDelete', ['serviceid' => $service, 'userid' => 1]);
        foreach (['CancelOrder', 'CancelAndRefundOrder', 'FraudOrder', 'DeleteOrder'] as $point) {
            run_hook($point, ['orderid' => 0]);
        }
        self::assertSame([], array_diff($this->asked(), ['release']));
    }

    public function testPitfall23ThereAreTwoGatesAndCreate(): void
    {
        $refused = ['json' => ['available' => false, 'detail' => 'Not available.', 'suggestions' => ['anna1']]];
        $this->serviceSays('availability', $refused);
        self::assertSame(['Not available. Still free: anna1.'], $this->tryOrder('anna')['errors']);
        // A line that was put into the cart before there was a hook.
        $_SESSION['cart']['products'] = [['pid' => $this->ids['product'], 'domain' => '', 'qty' => 1,
            'customfields' => [$this->ids['mailbox'] => 'anna'], 'configoptions' => []]];
        $placed = (new Cart($this->host))->checkout($this->ids['client']);
        self::assertSame(['Not available. Still free: anna1.'], $placed['errors']);
        self::assertSame([], $this->rows('tblorders'));
        $id = $this->ordered();
        $this->serviceSays('create', Answers::problem(409, 'address_taken', 'It already exists.'));
        self::assertSame('It already exists.', $this->command($id, 'Create'));
    }

    public function testPitfall24ARenamedFieldIsFoundAndAMissingOneStopsTheOrder(): void
    {
        $rename = fn (string $name) => Capsule::table('tblcustomfields')->where('id', $this->ids['mailbox'])
            ->update(['fieldname' => $name]);
        foreach (['Mailbox|Choose your address', 'mailbox ', 'MAILBOX|x'] as $name) {
            $rename($name);
            $this->serviceSays('availability', Answers::good()['availability']);
            $id = $this->order('anna');
            self::assertSame('anna', $this->sent('availability')['handle'], $name);
            self::assertSame('success', $this->command($id, 'Create'));
            self::assertSame('anna', $this->sent('create')['handle'], $name);
        }
        $id = $this->ordered();
        $rename('Choose your address');
        self::assertStringContainsString('the order form has no field', implode($this->tryOrder('anna')['errors']));
        self::assertStringContainsString('no custom field Mailbox', $this->command($id, 'Create'));
        $fields = implode($this->call('AdminServicesTabFields', $id));
        self::assertStringContainsString('no custom field Mailbox', $fields);
    }

    public function testPitfall34NothingOfOthersIsShipped(): void
    {
        $files = array_map('basename', $this->everyFile());
        self::assertSame([], array_intersect($files, ['composer.json', 'composer.lock', 'vendor', 'autoload_real.php']));
        foreach ($this->everyPhpFile() as $file) {
            preg_match_all('/^use ([\w\\\\]+)/m', (string) file_get_contents($file), $found);
            self::assertSame([], array_diff($found[1], ['WHMCS\Database\Capsule']), $file);
        }
    }

    public function testPitfall37NothingIsAcceptedOrSetByAHook(): void
    {
        $registered = (string) file_get_contents(self::MODULE_FOLDER . '/hooks.php');
        self::assertDoesNotMatchRegularExpression("/'(?:Pre|After)Module/", $registered);
        foreach ($this->everyPhpFile() as $file) {
            $text = (string) file_get_contents($file);
            self::assertStringNotContainsString('AcceptOrder', $text);
            self::assertStringNotContainsString("'domainstatus' =>", $text);
        }
        $placed = $this->tryOrder('anna');
        self::assertSame('Pending', (new Orders($this->host))->services($placed['order'])[0]->domainstatus);
    }

    public function testPitfall43AnAddressThatWasGivenUpIsRefusedInTheCartAndStaffMayReleaseIt(): void
    {
        $detail = 'This address is not available. Choose another name.';
        $this->serviceSays('availability', ['json' => ['available' => false, 'detail' => $detail, 'suggestions' => []]]);
        self::assertSame([$detail], $this->tryOrder('anna')['errors']);
        $this->signInAsAdmin();
        $id = $this->ordered();
        self::assertSame('success', $this->host->dispatcher->custom($id, 'releaseAddress'));
        $sent = $this->sent('release-name');
        self::assertSame(['anna', 'thexyz.com', 'staff'], [$sent['handle'], $sent['domain'], $sent['actor']['kind']]);
        self::assertStringContainsString((string) $id, $sent['reason']);
    }

    /** @return array<string, mixed> every hook of ours with what it is given */
    private function points(): array
    {
        return [
            'ShoppingCartValidateProductUpdate' => ['i' => 0, 'customfield' => [$this->ids['mailbox'] => 'anna']],
            'ShoppingCartValidateCheckout' => ['a' => 'checkout'],
            'AfterShoppingCartCheckout' => ['ServiceIDs' => [1, 999]],
            'CancelOrder' => ['orderid' => 1],
            'CancelAndRefundOrder' => ['orderid' => 1],
            'FraudOrder' => ['orderid' => 1],
            'DeleteOrder' => ['orderid' => 1],
            'ServiceDelete' => ['serviceid' => 1, 'userid' => 1],
            'AfterCronJob' => [],
            'ClientAreaPageProductDetails' => ['domain' => 'thexyz.com'],
            'ClientAreaPrimarySidebar' => new \WHMCS\View\Menu\Item('Primary Sidebar'),
        ];
    }

    public function testTheHooksAreExactlyThese(): void
    {
        preg_match_all("/^        '(\w+)' => \[/m", (string) file_get_contents(self::MODULE_FOLDER . '/hooks.php'), $found);
        self::assertSame($found[1], array_keys($this->points()));
    }

    /** @return list<string> */
    private function everyFile(): array
    {
        $items = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator(
            (string) realpath(self::MODULE_FOLDER),
            \FilesystemIterator::SKIP_DOTS
        ));
        return array_values(array_map('strval', iterator_to_array($items, false)));
    }

    /** @return list<string> */
    private function everyPhpFile(): array
    {
        $files = array_filter($this->everyFile(), static fn (string $file): bool => str_ends_with($file, '.php'));
        self::assertGreaterThan(15, count($files));
        return array_values($files);
    }
}
