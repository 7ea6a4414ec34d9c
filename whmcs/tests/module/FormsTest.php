<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use Housemail\Whmcs\Changes;
use Standin\Tests\Module\Fake\Answers;
use WHMCS\Database\Capsule;

/** The forms of the client area: who may send them, what they ask for, what they lead to. */
final class FormsTest extends ModuleTestCase
{
    /** @return array<string, array{string, string}> function of a form, call of the service */
    public static function functions(): array
    {
        return [
            'addAlias' => ['addAlias', 'aliases/add'],
            'removeAlias' => ['removeAlias', 'aliases/remove'],
            'addList' => ['addList', 'lists/add'],
            'removeList' => ['removeList', 'lists/remove'],
            'addListMembers' => ['addListMembers', 'lists/members/add'],
            'removeListMember' => ['removeListMember', 'lists/members/remove'],
            'openWebmail' => ['openWebmail', 'webmail-login'],
        ];
    }

    /** @dataProvider functions */
    public function testAForgedFormChangesNothing(string $function, string $call): void
    {
        $id = $this->mailbox();
        $token = generate_token('plain');
        foreach ([[], ['customNeedsToken' => false, 'tokenReturns' => true], ['customNeedsToken' => false]] as $switches) {
            $this->boot($switches);
            $this->custom($id, $function, ['token' => 'wrong', 'handle' => 'x']);
            $this->custom($id, $function, ['token' => '', 'handle' => 'x']);
            $this->custom($id, $function, ['token' => ['x'], 'handle' => 'x']);
            $this->details($id, "&modop=custom&a=$function&handle=x");
            $this->details($id, "&modop=custom&a=$function&handle=x&token=$token");
            $this->details($id, "&a=$function&handle=x&token=$token");
        }
        self::assertNotContains("services/$id/$call", $this->asked());
    }

    /** @dataProvider functions */
    public function testOnlyARunningServiceOfTheCustomerIsChanged(string $function, string $call): void
    {
        foreach (['Pending', 'Suspended', 'Terminated', 'Cancelled', 'Fraud', 'Completed'] as $state) {
            $id = $this->mailbox($state);
            $page = $this->custom($id, $function, ['handle' => 'x', 'list' => 'x', 'members' => 'a@b.example']);
            self::assertStringContainsString('alertModuleCustomButtonFailed', $page->body, $state);
            self::assertNotContains("services/$id/$call", $this->asked(), $state);
        }
        $other = (int) Capsule::table('tblclients')->insertGetId(['firstname' => 'Other']);
        $foreign = $this->mailbox('Active', ['userid' => $other]);
        self::assertSame(403, $this->custom($foreign, $function, ['handle' => 'x'])->status);
        $this->boot(['permissions' => ['products']]);
        $this->custom($mine = $this->mailbox(), $function, ['handle' => 'x']);
        foreach ([$foreign, $mine] as $id) {
            self::assertNotContains("services/$id/$call", $this->asked());
        }
    }

    /** @dataProvider functions */
    public function testTheRightFormReachesTheServiceAsTheCustomer(string $function, string $call): void
    {
        $id = $this->mailbox();
        $fields = ['handle' => ' Nick&amp;x ', 'list' => 'team', 'destination' => 'b@thexyz.com',
            'members' => "a@b.example, c@d.example;\r\n e@f.example ,", 'member' => 'a@b.example'];
        $page = $this->custom($id, $function, $fields);
        self::assertSame(200, $page->status);
        $sent = $this->sent($call);
        self::assertSame('client', $sent['actor']['kind']);
        $wanted = [
            'addAlias' => ['handle' => 'Nick&x', 'destination' => 'b@thexyz.com'],
            'removeAlias' => ['handle' => 'Nick&x'],
            'addList' => ['handle' => 'Nick&x', 'members' => ['a@b.example', 'c@d.example', 'e@f.example']],
            'removeList' => ['handle' => 'team'],
            'addListMembers' => ['handle' => 'team', 'members' => ['a@b.example', 'c@d.example', 'e@f.example']],
            'removeListMember' => ['handle' => 'team', 'members' => ['a@b.example']],
            'openWebmail' => [],
        ][$function];
        $context = ['server', 'plan', 'options', 'owner', 'service', 'actor'];
        self::assertSame($wanted, array_diff_key($sent, array_flip($context)));
    }

    public function testFieldsThatAreNoTextAreEmpty(): void
    {
        $id = $this->mailbox();
        $this->custom($id, 'addAlias', ['handle' => ['x' => 'y'], 'destination' => ['z']]);
        self::assertSame('', $this->sent('aliases/add')['handle']);
    }

    public function testAfterAChangeTheBrowserIsSentToThePageWhichSaysItOnce(): void
    {
        $id = $this->mailbox();
        Redirects::$possible = true;
        $ended = 0;
        $this->call('checkNow', $id);
        Changes::$end = static function () use (&$ended): void {
            $ended++;
        };
        $_SERVER['REQUEST_METHOD'] = 'POST';
        $_POST = ['token' => generate_token('plain'), 'handle' => 'nick'];
        self::assertSame('success', $this->call('addAlias', $id));
        self::assertSame("clientarea.php?action=productdetails&id=$id&pm=aliases", Redirects::target());
        self::assertSame(1, $ended);
        $page = new Html($this->details($id, '&pm=aliases')->body);
        $said = $page->all('//*[contains(@class, "pm-flash")]');
        self::assertSame('The alias nick was added.', trim($said[0]->textContent));
        self::assertStringContainsString('alert-success', $said[0]->getAttribute('class'));
        self::assertStringNotContainsString('pm-flash', $this->details($id, '&pm=aliases')->body);
    }

    public function testWhatIsThereAlreadyIsNotSaidToBeAdded(): void
    {
        $id = $this->mailbox();
        Redirects::$possible = true;
        $this->call('checkNow', $id);
        Changes::$end = static fn (): bool => true;
        foreach (['aliases' => 'addAlias', 'lists' => 'addList'] as $page => $change) {
            $this->serviceSays("$page/add", ['json' => Answers::overview() + ['already' => true]]);
            $_SERVER['REQUEST_METHOD'] = 'POST';
            $_POST = ['token' => generate_token('plain'), 'handle' => 'nick'];
            $this->call($change, $id);
            $html = new Html($this->details($id, "&pm=$page")->body);
            $said = $html->all('//*[contains(@class, "pm-flash")]');
            self::assertCount(1, $said, $page);
            self::assertMatchesRegularExpression(
                '/^You have the [a-z ]+ nick already\.$/',
                trim($said[0]->textContent)
            );
        }
    }

    public function testAFlashIsSeenOnThePageOfItsServiceOnly(): void
    {
        [$first, $second] = [$this->mailbox(), $this->mailbox()];
        Redirects::$possible = true;
        $this->call('checkNow', $first);
        Changes::$end = static fn (): bool => true;
        $_SERVER['REQUEST_METHOD'] = 'POST';
        $_POST = ['token' => generate_token('plain'), 'list' => 'team'];
        $this->call('removeList', $first);
        self::assertStringNotContainsString('pm-flash', $this->details($second)->body);
        self::assertStringContainsString('The distribution list team was removed.', $this->details($first)->body);
    }

    public function testEachMemberIsAnsweredInALineOfItsOwn(): void
    {
        $id = $this->mailbox();
        $this->serviceSays('lists/members/add', ['json' => Answers::overview(['results' => [
            ['member' => 'a@b.example', 'status' => 'added'],
            ['member' => 'c@d.example', 'status' => 'already'],
            ['member' => 'e@f.example', 'status' => 'being_checked'],
            ['member' => 'rubbish', 'status' => 'refused', 'detail' => 'rubbish is not an e-mail address.'],
        ]])]);
        $page = $this->custom($id, 'addListMembers', ['list' => 'team', 'members' => 'a@b.example']);
        $texts = self::readable($page->body);
        self::assertStringContainsString('rubbish: rubbish is not an e-mail address.', $texts);
        $this->serviceSays('lists/members/add', ['json' => Answers::overview(['results' => []])]);
        $page = $this->custom($id, 'addListMembers', ['list' => 'team', 'members' => '  ']);
        self::assertStringContainsString('No address was entered for team.', self::readable($page->body));
    }

    public function testWebmailThatNeedsAFormGetsAPageWithAButton(): void
    {
        $id = $this->mailbox();
        $page = new Html($this->custom($id, 'openWebmail')->body);
        $form = $page->all('//form[@class="pm-form-webmail"]')[0];
        self::assertSame(['post', 'https://webmail.example/login'], [$form->getAttribute('method'), $form->getAttribute('action')]);
        $field = $page->all('//input[@name="ticket"]')[0];
        self::assertSame('One-Time/Ticket+77&"x"', $field->getAttribute('value'));
        self::assertCount(1, $page->all('//form[@class="pm-form-webmail"]//button[@type="submit"]'));
        self::assertSame([], $page->all('//form[@class="pm-form-webmail"]//input[@name="token"]'), 'It is none of theirs.');
    }

    public function testWebmailBySimpleLinkIsARedirectThatNoLogHolds(): void
    {
        $id = $this->mailbox();
        $login = ['method' => 'GET', 'url' => 'https://webmail.example/?a=1', 'fields' => ['t' => 'Once/Only+Ticket']];
        \Standin\Secret::know('Once/Only+Ticket');
        $this->serviceSays('webmail-login', ['json' => $login]);
        $target = 'https://webmail.example/?a=1&t=Once%2FOnly%2BTicket';
        self::assertSame($target, $this->details($id, '&dosinglesignon=1')->location);
        self::assertStringContainsString('href="https://webmail.example/', $this->custom($id, 'openWebmail')->body);
        Redirects::$possible = true;
        Changes::$end = static fn (): bool => true;
        $_SERVER['REQUEST_METHOD'] = 'POST';
        $_POST = ['token' => generate_token('plain')];
        self::assertSame('success', $this->call('openWebmail', $id));
        self::assertSame($target, Redirects::target());
        self::assertContains('Referrer-Policy: no-referrer', Redirects::$headers);
    }

    public function testWhmcssOwnButtonLeadsToOursWhereALoginMustBePosted(): void
    {
        $id = $this->mailbox();
        $GLOBALS['CONFIG']['SystemURL'] = 'https://shop.example/billing/';
        $location = $this->details($id, '&dosinglesignon=1')->location;
        $wanted = "https://shop.example/billing/clientarea.php?action=productdetails&id=$id&pm=overview";
        self::assertSame($wanted, $location);
        self::assertStringContainsString('Press "Open webmail"', self::readable($this->details($id)->body));
        $this->signInAsAdmin();
        self::assertFalse($this->call('ServiceSingleSignOn', $id)['success']);
    }
}
