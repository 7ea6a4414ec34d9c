<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use Standin\Tests\Module\Fake\Answers;

/**
 * Every page in every state and theme, read strictly. OtherEnginesTest runs this file
 * again with Smarty 3 and on MariaDB.
 */
final class PagesTest extends ModuleTestCase
{
    private const PAGES = ['overview', 'password', 'aliases', 'lists'];
    private const THEMES = ['six', 'twenty-one', 'nexus'];
    private const FORMS = [
        'overview' => ['pm-form-openWebmail'],
        'password' => ['pm-form-password'],
        'aliases' => ['pm-form-removeAlias', 'pm-form-addAlias'],
        'lists' => ['pm-form-removeListMember', 'pm-form-addListMembers', 'pm-form-removeList', 'pm-form-addList'],
    ];

    /** @return array<string, array{string, bool}> */
    public static function shells(): array
    {
        $shells = [];
        foreach (self::THEMES as $theme) {
            $shells[$theme] = [$theme, false];
            $shells["$theme, with Smarty's security policy"] = [$theme, true];
        }
        return $shells;
    }

    /** @dataProvider shells */
    public function testEveryPageOfARunningMailboxIsProper(string $theme, bool $security): void
    {
        $this->boot(['smartySecurity' => $security]);
        $id = $this->mailbox();
        foreach (self::PAGES as $name) {
            $page = $this->read($id, $name, $theme);
            self::assertSame(self::FORMS[$name], $page->forms());
            self::assertSame('page', $page->all('//a[@aria-current]')[0]->getAttribute('aria-current'));
            self::assertSame(self::ADDRESS, $page->all('//input[@id="pm-address"]')[0]->getAttribute('value'));
        }
    }

    /** @dataProvider shells */
    public function testEveryPageInEveryOtherStateIsProper(string $theme, bool $security): void
    {
        $this->boot(['smartySecurity' => $security]);
        foreach (['Pending', 'Completed', 'Terminated', 'Cancelled', 'Fraud', 'Suspended'] as $state) {
            $id = $this->mailbox($state);
            foreach (self::PAGES as $name) {
                $page = $this->read($id, $name, $theme);
                self::assertSame([], $page->forms(), "$state, $name");
                self::assertNotSame('', $page->text('//*[contains(@class, "alert")]'), "$state, $name");
            }
        }
    }

    /** @dataProvider shells */
    public function testEveryPageIsProperWhenTheServiceIsDown(string $theme, bool $security): void
    {
        $this->boot(['smartySecurity' => $security]);
        $this->serviceIsDown();
        $id = $this->mailbox();
        foreach (self::PAGES as $name) {
            $page = $this->read($id, $name, $theme);
            self::assertStringContainsString('Your mail is not affected', $page->text('//*[contains(@class, "pm-calm")]'));
            self::assertSame([], $page->forms());
        }
    }

    /** @dataProvider shells */
    public function testWhereALimitIsReachedThePageSaysWhy(string $theme, bool $security): void
    {
        $this->boot(['smartySecurity' => $security]);
        $this->overviewIs(['may' => Answers::may(false, '25 of 25 are in use. Remove one first.'), 'limits' => [
            'aliases' => ['used' => 25, 'max' => 25], 'lists' => ['used' => 0, 'max' => 0]]]);
        $id = $this->mailbox();
        foreach (self::PAGES as $name) {
            $page = $this->read($id, $name, $theme);
            self::assertSame([], $page->forms());
            self::assertStringContainsString('Remove one first.', $page->text('//*[@class="pm-why"]'));
        }
        $text = $this->read($id, 'overview', $theme)->text('//dl');
        self::assertStringContainsString('25 of 25', $text);
        self::assertStringContainsString('0, no limit', $text);
    }

    public function testASuspendedMailboxIsShownToBeReadOnly(): void
    {
        $id = $this->mailbox('Suspended', ['suspendreason' => 'Overdue &amp; <b>late</b>']);
        $this->overviewIs(['state' => 'suspended']);
        $page = $this->read($id, 'aliases', 'six');
        self::assertStringContainsString('nothing can be changed', $page->text('//*[contains(@class, "pm-readonly")]'));
        self::assertCount(1, $page->all('//tr[@data-alias="orders-in@thexyz.com"]'));
        $text = $this->read($id, 'overview', 'six')->text('//*[contains(@class, "pm-billing")]');
        self::assertStringContainsString('Overdue & <b>late</b>', $text);
    }

    public function testWithNothingYetThePageSaysWhatToDo(): void
    {
        $this->overviewIs(['aliases' => [], 'lists' => [], 'mail_program' => ['username' => self::ADDRESS, 'servers' => []],
            'usage' => ['used_bytes' => null, 'quota_gb' => 25.0, 'last_login_at' => null, 'seen_at' => null, 'fresh' => false]]);
        $id = $this->mailbox();
        self::assertStringContainsString('Add one below', $this->read($id, 'aliases', 'six')->text('//*[@class="pm-empty"]'));
        self::assertStringContainsString('Add one below', $this->read($id, 'lists', 'six')->text('//*[@class="pm-empty"]'));
        $overview = $this->read($id, 'overview', 'six');
        self::assertStringContainsString('? of 25 GB used', $overview->text('//dl'));
        self::assertStringContainsString('Support tells you the servers', $overview->text('//section'));
    }

    public function testWhatIsBeingCheckedIsMarked(): void
    {
        $alias = ['handle' => 'x', 'address' => 'x@thexyz.com', 'destination' => self::ADDRESS, 'state' => 'adding'];
        $list = ['handle' => 't', 'address' => 't@thexyz.com', 'state' => 'adding', 'members' => []];
        $this->overviewIs(['aliases' => [$alias], 'lists' => [$list]]);
        $id = $this->mailbox();
        foreach (['aliases', 'lists'] as $name) {
            self::assertStringContainsString('(being checked)', $this->read($id, $name, 'six')->text('//th|//h4'));
        }
    }

    public function testAPageThatDoesNotExistIsTheOverview(): void
    {
        $id = $this->mailbox();
        foreach (['&pm=nothing', '&pm[]=lists', '&pm=../../config', ''] as $query) {
            self::assertStringContainsString('pm-form-openWebmail', $this->details($id, $query)->body);
        }
    }

    /** @return array<string, array{string, string, string}> file, page that needs it, page that does not */
    public static function files(): array
    {
        return [
            'the list library' => ['lib/lists.php', 'lists', 'aliases'],
            'the list template' => ['templates/distribution-lists.tpl', 'lists', 'overview'],
            'the alias template' => ['templates/aliases.tpl', 'aliases', 'lists'],
            'the overview' => ['templates/overview.tpl', 'overview', 'aliases'],
            'the password page' => ['templates/password.tpl', 'password', 'overview'],
            'the navigation' => ['templates/partials/nav.tpl', 'lists', ''],
            'the billing part' => ['templates/partials/billing.tpl', 'overview', ''],
            'the frame' => ['templates/clientarea.tpl', 'overview', ''],
        ];
    }

    /** @dataProvider files */
    public function testAMissingFileIsNamedWithWhereItBelongs(string $file, string $needs, string $other): void
    {
        $id = $this->mailbox();
        $this->call('checkNow', $id);
        $this->hide($file);
        $sentence = "The file /modules/servers/thexyz_polarismail/$file is missing. Upload it again.";
        self::assertStringContainsString($sentence, $this->details($id, "&pm=$needs")->body);
        self::assertStringContainsString($sentence, implode($this->call('AdminServicesTabFields', $id)));
        if ($other !== '') {
            self::assertStringNotContainsString('is missing', $this->details($id, "&pm=$other")->body);
        }
    }

    public function testAMissingLibraryIsASentenceOfEveryFunction(): void
    {
        $id = $this->mailbox();
        $this->hide('lib/bridge.php');
        $missing = 'lib/bridge.php is missing. Upload it again.';
        foreach (FunctionsTest::ofOneService() as $function) {
            $said = (string) json_encode($this->call($function, $id), JSON_UNESCAPED_SLASHES);
            self::assertStringContainsString($missing, $said, $function);
        }
        $params = \Standin\Params::ofServer($this->ids['server']);
        $tested = $this->host->modules->call(self::MODULE, 'TestConnection', $params);
        self::assertStringContainsString($missing, $tested['error']);
        self::assertCount(13, $this->host->modules->settings(self::MODULE), 'It is still listed.');
    }

    public function testAChangedPasswordIsSaidOnOurPageToo(): void
    {
        $id = $this->mailbox();
        $form = ['modulechangepassword' => 'true', 'id' => (string) $id];
        $url = "/clientarea.php?action=productdetails&id=$id&pm=password";
        $this->serviceSays('password', Answers::problem(422, 'password_unsuitable', 'Use <b>at least</b> 10 characters.'));
        $page = new Html($this->post($url, $form + ['newpw' => 'short-One1', 'confirmpw' => 'short-One1'])->body);
        $page->assertProper(generate_token('plain'));
        $said = $page->text('//*[contains(@class, "pm-flash")]');
        self::assertSame('The password was not changed. Use at least 10 characters.', $said);
        $this->serviceSays('password', Answers::good()['password']);
        $page = new Html($this->post($url, $form + ['newpw' => 'Good-Pass-123', 'confirmpw' => 'Good-Pass-123'])->body);
        self::assertStringContainsString('The password was changed.', $page->text('//*[contains(@class, "pm-flash")]'));
        self::assertSame('Good-Pass-123', $this->password($id));
        self::assertStringNotContainsString('Good-Pass-123', $page->find->document->saveHTML());
    }

    private function read(int $id, string $page, string $theme): Html
    {
        $html = new Html($this->details($id, "&pm=$page&systpl=$theme")->body);
        $html->assertProper(generate_token('plain'));
        return $html;
    }
}
