<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use WHMCS\View\Menu\Item;

/**
 * The module's hook file from its own folder, from includes/hooks, from both and from
 * neither, before the module and after it: a process each, as functions stay declared.
 *
 * @runTestsInSeparateProcesses
 * @preserveGlobalState disabled
 */
final class HookModesTest extends ModuleTestCase
{
    protected function switches(): array
    {
        return ['hookMode' => 'D'];
    }

    /** @return array<string, array{string, bool}> */
    public static function modes(): array
    {
        $modes = [];
        foreach (['A' => 'its own', 'B' => 'the copy', 'C' => 'both', 'D' => 'none'] as $mode => $name) {
            $modes["$name, before the module"] = [$mode, false];
            $modes["$name, after the module"] = [$mode, true];
        }
        return $modes;
    }

    /** @dataProvider modes */
    public function testItComesOutTheSame(string $mode, bool $moduleFirst): void
    {
        if ($moduleFirst) {
            $this->host->modules->listed();
        }
        $this->boot(['hookMode' => $mode]);
        $times = $mode === 'D' ? 0 : 1;
        $id = $this->ordered();
        self::assertCount($times, run_hook('AfterShoppingCartCheckout', ['ServiceIDs' => [$id]]));
        self::assertCount($times, $this->asked());
        self::assertCount($times, run_hook('ShoppingCartValidateCheckout', []));
        self::assertSame('success', $this->command($id, 'Create'), 'All else works without hooks.');
        self::assertStringContainsString('pm-form-openWebmail', $this->details($id)->body);
        $said = $this->custom($id, 'addAlias', ['handle' => 'nick'])->body;
        self::assertStringContainsString('The alias nick was added.', $said);
    }

    public function testTheSideBarOfOurProductLeadsToOurPasswordPage(): void
    {
        $this->boot(['hookMode' => 'C']);
        $id = $this->mailbox();
        $_REQUEST = ['action' => 'productdetails', 'id' => (string) $id];
        $bar = new Item('Primary Sidebar');
        run_hook('ClientAreaPrimarySidebar', $bar);
        $bar->addChild('Service Details Overview')->addChild('Addons');
        $bar->addChild('Service Details Actions')->addChild('Change Password');
        run_hook('ClientAreaPrimarySidebar', $bar);
        self::assertNull($bar->getChild('Service Details Overview')->getChild('Addons'));
        self::assertNull($bar->getChild('Service Details Actions')->getChild('Change Password'));
        self::assertNotNull($bar->getChild('Service Details Actions')->getChild('pm-password'));
        $variables = run_hook('ClientAreaPageProductDetails', ['domain' => 'thexyz.com'])[0];
        self::assertSame(['', []], [$variables['domain'], $variables['serverdata']]);
    }

    public function testAHookWithoutItsModuleDoesNothing(): void
    {
        $this->boot(['hookMode' => 'B']);
        $this->hide('lib/autoload.php');
        self::assertSame([[]], run_hook('ShoppingCartValidateCheckout', []));
        self::assertSame([[]], run_hook('AfterCronJob', []));
        self::assertSame([], $this->asked());
    }
}
