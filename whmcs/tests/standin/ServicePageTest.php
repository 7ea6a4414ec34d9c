<?php

declare(strict_types=1);

namespace Standin\Tests;

use Standin\Row;
use WHMCS\Database\Capsule;
use WHMCS\View\Menu\Item;

final class ServicePageTest extends SampleTestCase
{
    public function testAForeignServiceIsRefusedBeforeTheModuleIsAsked(): void
    {
        $id = $this->active('anna');
        $_SESSION['uid'] = Capsule::table('tblclients')->insertGetId(['firstname' => 'Other']);
        self::assertSame(403, $this->details($id)->status);
        self::assertSame(403, $this->custom($id, 'addAlias')->status);
        self::assertFalse($this->wasCalled('ClientArea') || $this->wasCalled('addAlias'));
    }

    public function testAVisitorIsAskedToSignIn(): void
    {
        $id = $this->active('anna');
        unset($_SESSION['uid']);
        self::assertStringContainsString('dologin.php', $this->details($id)->body);
        $wrong = ['username' => 'michael@example.org', 'password' => 'wrong'];
        self::assertStringContainsString('Incorrect', $this->post('/dologin.php', $wrong)->body);
        $right = ['username' => 'michael@example.org', 'password' => 'Customer-1a'];
        self::assertSame(302, $this->post('/dologin.php', $right)->status);
        self::assertStringContainsString('anna@thexyz.com', $this->details($id)->body);
    }

    /** @return array<string, array{string}> */
    public static function states(): array
    {
        $states = ['Pending', 'Active', 'Completed', 'Suspended', 'Terminated', 'Cancelled', 'Fraud'];
        return array_combine($states, array_map(static fn (string $state): array => [$state], $states));
    }

    /** @dataProvider states */
    public function testTheModuleIsAskedInEveryState(string $state): void
    {
        $id = $this->active('anna');
        Row::updateService($id, ['domainstatus' => $state]);
        self::assertStringContainsString("<p id=\"status\">$state</p>", $this->details($id)->body);
        self::assertSame($state, $this->given('ClientArea')['status']);
    }

    public function testEveryPageOfEveryThemeSaysThatItIsAStandIn(): void
    {
        $id = $this->active('anna');
        foreach (['six' => 'bootstrap3', 'twenty-one' => 'bootstrap4', 'nexus' => 'bootstrap4'] as $theme => $css) {
            $page = $this->details($id, "&systpl=$theme")->body;
            self::assertStringContainsString($css, $page);
            self::assertStringContainsString('This is a stand-in for WHMCS', $page);
            self::assertStringContainsString("var csrfToken = '" . generate_token('plain'), $page);
            self::assertStringContainsString('id="tabOverview"', $page);
            self::assertStringContainsString('id="tabChangepw"', $page);
            self::assertStringContainsString('menuItemName="Service Details Actions"', $page);
        }
        self::assertStringContainsString('ionCube', $this->get('/standin.php')->body);
    }

    public function testACustomFunctionRunsByPostWithItsTokenOnly(): void
    {
        $id = $this->active('anna');
        $url = "&modop=custom&a=addAlias";
        self::assertSame(403, $this->details($id, $url)->status);
        self::assertSame(403, $this->details($id, $url . '&token=' . generate_token('plain'))->status);
        self::assertSame(403, $this->custom($id, 'addAlias', ['token' => 'wrong'])->status);
        self::assertFalse($this->wasCalled('addAlias'));
        self::assertStringContainsString('alertModuleCustomButtonSuccess', $this->custom($id, 'addAlias')->body);
        self::assertSame(1, SampleHooks::count('AfterModuleCustom'));
    }

    public function testBefore2025APlainLinkReachedTheModule(): void
    {
        $id = $this->active('anna');
        $this->boot(['customNeedsToken' => false]);
        $this->details($id, '&modop=custom&a=addAlias');
        self::assertTrue($this->wasCalled('addAlias'));
    }

    public function testAFunctionInNeitherListIsIgnoredWithoutAWord(): void
    {
        $id = $this->active('anna');
        foreach (['forbidden', 'CreateAccount', 'noSuchFunction', ''] as $function) {
            $answer = $this->custom($id, $function);
            self::assertSame(200, $answer->status);
            self::assertStringNotContainsString('alertModuleCustomButton', $answer->body);
        }
        self::assertFalse($this->wasCalled('forbidden') || count(SampleModule::$calls) > 20);
    }

    public function testAnErrorIsPrintedAsItIs(): void
    {
        $id = $this->active('anna');
        SampleModule::$answers['addAlias'] = 'No: <i>why</i>';
        self::assertStringContainsString('Action Failed! No: <i>why</i>', $this->custom($id, 'addAlias')->body);
        self::assertSame(1, SampleHooks::count('AfterModuleCustomFailed'));
    }

    public function testAnArrayIsAPageOfItsOwn(): void
    {
        $page = $this->custom($this->active('anna'), 'ownPage')->body;
        self::assertStringContainsString('<p id="own">a page of its own</p>', $page);
        self::assertStringContainsString('<a href="clientarea.php">Home</a>', $page);
        self::assertStringNotContainsString('tabOverview', $page);
    }

    /** @return array<string, array{string, string, string}> */
    public static function passwords(): array
    {
        return [
            'two that differ' => ['Active', 'Other-secret-9', 'did not match'],
            'of a suspended service' => ['Suspended', 'Fresh-secret-8', 'only while the service is active'],
        ];
    }

    /** @dataProvider passwords */
    public function testPasswordsThatWhmcsItselfRefuses(string $state, string $confirm, string $says): void
    {
        $id = $this->active('anna');
        Row::updateService($id, ['domainstatus' => $state]);
        $answer = $this->changePassword($id, 'Fresh-secret-8', $confirm);
        self::assertStringContainsString($says, $answer);
        self::assertFalse($this->wasCalled('ChangePassword'));
    }

    public function testThePasswordFormAsksTheModuleAndShowsItsSentenceWithoutTags(): void
    {
        $id = $this->active('anna');
        SampleModule::$answers['ChangePassword'] = 'Too <b>weak</b>.';
        $said = $this->changePassword($id, 'Fresh-secret-8', 'Fresh-secret-8');
        self::assertStringContainsString('alertModuleChangePwFailed', $said);
        self::assertStringNotContainsString('<b>weak', $said);
        SampleModule::$answers = [];
        $said = $this->changePassword($id, 'Fresh-secret-8', 'Fresh-secret-8');
        self::assertStringContainsString('has been changed successfully', $said);
        self::assertSame('Fresh-secret-8', $this->password($id));
        self::assertSame(403, $this->post(
            "/clientarea.php?action=productdetails",
            ['id' => "$id", 'modulechangepassword' => 'true', 'newpw' => 'x', 'confirmpw' => 'x', 'token' => '']
        )->status);
    }

    public function testSingleSignOnRedirectsOrSaysWhyNot(): void
    {
        $id = $this->active('anna');
        $answer = $this->details($id, '&dosinglesignon=1');
        self::assertSame('https://webmail.example.net/?once=0123456789abcdef', $answer->location);
        SampleModule::$answers['ServiceSingleSignOn'] = ['success' => false, 'errorMsg' => 'Not <now>.'];
        self::assertStringContainsString('Not &lt;now&gt;.', $this->details($id, '&dosinglesignon=1')->body);
    }

    public function testAUserWithoutPermissionsIsStoppedByWhmcs(): void
    {
        $id = $this->active('anna');
        $this->boot(['permissions' => ['products']]);
        $this->custom($id, 'addAlias');
        $this->changePassword($id, 'Fresh-secret-8', 'Fresh-secret-8');
        self::assertStringContainsString('permission', $this->details($id, '&dosinglesignon=1')->body);
        self::assertFalse($this->wasCalled('addAlias') || $this->wasCalled('ChangePassword'));
        $this->boot(['permissions' => []]);
        self::assertSame(403, $this->details($id)->status);
    }

    public function testHooksMayChangeVariablesSideBarAndHead(): void
    {
        $id = $this->active('anna');
        SampleHooks::$answers['ClientAreaPageProductDetails'] = ['rawstatus' => 'Changed'];
        SampleHooks::$answers['ClientAreaHeadOutput'] = '<meta name="from-hook">';
        SampleHooks::$answers['ClientAreaPrimarySidebar'] = static function (Item $bar): void {
            $actions = $bar->getChild('Service Details Actions');
            $actions->removeChild('Change Password');
            $actions->addChild('pm-aliases', ['label' => 'Aliases', 'uri' => '?pm=aliases', 'order' => 1]);
        };
        $page = $this->details($id)->body;
        self::assertStringContainsString('<p id="status">Changed</p>', $page);
        self::assertStringContainsString('<meta name="from-hook">', $page);
        self::assertStringContainsString('menuItemName="pm-aliases"', $page);
        self::assertStringNotContainsString('menuItemName="Change Password"', $page);
    }

    public function testEveryWayToReturnTheClientAreaIsShownInItsPlace(): void
    {
        $id = $this->active('anna');
        $vars = ['pm' => ['address' => 'x', 'folder' => ROOTDIR . '/modules/servers/sample_module/templates']];
        $forms = [
            'plain <em>HTML</em>' => 'plain <em>HTML</em>',
            'own' => ['templatefile' => 'own', 'vars' => ['said' => 'classic']],
            'inside' => ['tabOverviewModuleOutputTemplate' => 'overview.tpl', 'templateVariables' => $vars],
        ];
        foreach ($forms as $form) {
            SampleModule::$answers['ClientArea'] = $form;
            $page = $this->details($id)->body;
            self::assertStringContainsString('Registration Date', $page);
            self::assertStringContainsString('module-client-area', $page);
        }
        $replaces = ['tabOverviewReplacementTemplate' => 'overview', 'templateVariables' => $vars];
        SampleModule::$answers['ClientArea'] = $replaces;
        self::assertStringNotContainsString('Registration Date', $this->details($id)->body);
    }

    public function testModuleTemplatesRenderUnderASecurityPolicy(): void
    {
        $id = $this->active('anna');
        $this->boot(['smartySecurity' => true]);
        self::assertStringContainsString('<nav>overview</nav>', $this->details($id)->body);
    }

    public function testAPaidUpgradeByTheClientCallsTheModule(): void
    {
        $id = $this->active('anna');
        $fields = ['id' => "$id", 'configoption' => [$this->ids['quota'] => (string) $this->ids['quota.50']]];
        $page = $this->post("/upgrade.php?type=configoptions&id=$id", $fields)->body;
        self::assertStringContainsString('has been made', $page);
        self::assertSame('50', $this->given('ChangePackage')['configoptions']['Mailbox Quota (GB)']);
    }

    private function changePassword(int $id, string $new, string $confirm): string
    {
        $fields = ['id' => "$id", 'modulechangepassword' => 'true', 'newpw' => $new, 'confirmpw' => $confirm];
        return $this->post('/clientarea.php?action=productdetails', $fields)->body;
    }
}
