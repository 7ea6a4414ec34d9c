<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use DOMAttr;
use PHPUnit\Framework\Assert;
use Standin\Servers;
use Standin\Tests\Module\Fake\Answers;

/** Text of strangers in every place where it can come from: none of it becomes markup. */
final class EscapingTest extends ModuleTestCase
{
    private const ATTACK = '"\'><img src=x onerror=alert(1)><script>alert(2)</script>{$pm.csrfToken}{literal}{/if}&#60;b&#62;';
    private const CALLS = ['addAlias' => 'aliases/add', 'removeAlias' => 'aliases/remove', 'addList' => 'lists/add',
        'removeList' => 'lists/remove', 'addListMembers' => 'lists/members/add',
        'removeListMember' => 'lists/members/remove'];

    public function testEveryFieldOfTheOverviewIsTextOnEveryPage(): void
    {
        foreach ([true, false] as $allowed) {
            $overview = Answers::overview(['may' => Answers::may($allowed, 'why')]);
            array_walk_recursive($overview, static function (&$value): void {
                $value = is_string($value) || is_int($value) || is_float($value) || $value === null ? self::ATTACK : $value;
            });
            $overview['mail_program']['servers'][0]['protocol'] = self::ATTACK;
            $this->serviceSays('overview', ['json' => $overview]);
            $id = $this->mailbox();
            foreach (['overview', 'password', 'aliases', 'lists'] as $page) {
                $body = $this->details($id, "&pm=$page")->body;
                $this->assertHarmless($body);
                self::assertStringContainsString('&lt;img src=x', $body, $page);
            }
        }
    }

    public function testWhatAFormSentIsTextInTheFlash(): void
    {
        $id = $this->mailbox();
        foreach (self::CALLS as $function => $call) {
            $this->serviceSays($call, ['json' => Answers::overview(['results' => [
                ['member' => self::ATTACK, 'status' => 'added'],
                ['member' => self::ATTACK, 'status' => 'refused', 'detail' => self::ATTACK],
                ['member' => 'x', 'status' => self::ATTACK, 'detail' => self::ATTACK],
            ]])]);
            $page = $this->custom($id, $function, ['handle' => self::ATTACK, 'list' => self::ATTACK,
                'destination' => self::ATTACK, 'members' => self::ATTACK, 'member' => self::ATTACK]);
            $this->assertHarmless($page->body);
        }
    }

    /** @return array<string, array{int}> */
    public static function statuses(): array
    {
        return ['refused' => [409], 'being checked' => [202], 'invalid' => [422], 'a fault' => [500], 'busy' => [503]];
    }

    /** @dataProvider statuses */
    public function testWhatTheServiceSaysOfAChangeIsText(int $status): void
    {
        $id = $this->mailbox();
        foreach (self::CALLS + ['openWebmail' => 'webmail-login'] as $function => $call) {
            $this->serviceSays($call, Answers::problem($status, self::ATTACK, self::ATTACK, ['state' => self::ATTACK]));
            $this->assertHarmless($this->custom($id, $function, ['handle' => 'nick', 'list' => 'team'])->body);
            $this->assertHarmless($this->details($id)->body);
        }
        $this->serviceSays('overview', Answers::problem($status, self::ATTACK, self::ATTACK));
        $this->assertHarmless($this->details($id)->body);
        $this->assertHarmless($this->details($id, '&dosinglesignon=1')->body);
    }

    /** @dataProvider statuses */
    public function testWhatStaffReadIsText(int $status): void
    {
        $this->signInAsAdmin();
        $id = $this->mailbox();
        foreach (['overview', 'check', 'adopt', 'release-name', 'create', 'plan'] as $call) {
            $this->serviceSays($call, Answers::problem($status, self::ATTACK, self::ATTACK));
        }
        $this->assertHarmless($this->get("/admin/clientsservices.php?id=$id")->body);
        $fields = $this->call('AdminServicesTabFields', $id);
        $this->assertHarmless(implode($fields));
        $this->assertHarmless(implode(array_keys($fields)));
        $this->serviceSays('connection-test', Answers::problem($status, 'x', self::ATTACK));
        $tested = (new Servers($this->host))->test($this->ids['server'], ['type' => self::MODULE]);
        $this->assertHarmless($tested['error']);
    }

    public function testTheRowsOfTheServicesTabAreText(): void
    {
        $this->signInAsAdmin();
        $overview = Answers::overview();
        array_walk_recursive($overview, static function (&$value): void {
            $value = is_string($value) ? self::ATTACK : $value;
        });
        $this->serviceSays('overview', ['json' => ['unconfirmed' => [self::ATTACK, 'timezone']] + $overview]);
        $id = $this->mailbox();
        $fields = $this->call('AdminServicesTabFields', $id, ['configoption1' => 'https://' . self::ATTACK . '/']);
        self::assertStringContainsString('timezone', implode($fields));
        $this->assertHarmless(implode($fields));
    }

    public function testErrorsOfTheCartAreText(): void
    {
        $said = ['available' => false, 'detail' => self::ATTACK, 'suggestions' => [self::ATTACK, ['x'], 5]];
        $this->serviceSays('availability', ['json' => $said]);
        $this->get("/cart.php?a=add&pid={$this->ids['product']}");
        $typed = [$this->ids['mailbox'] => self::ATTACK, $this->ids['domain'] => self::ATTACK];
        $form = ['a' => 'confproduct', 'i' => '0', 'customfield' => $typed];
        $this->assertHarmless($this->post('/cart.php', $form)->body);
        $this->assertHarmless($this->post('/cart.php', $form + ['ajax' => '1'])->body);
        $line = ['pid' => $this->ids['product'], 'qty' => 2, 'domain' => self::ATTACK, 'customfields' => $typed];
        $_SESSION['cart']['products'] = [$line, $line];
        foreach (run_hook('ShoppingCartValidateCheckout', []) as $errors) {
            self::assertGreaterThan(2, count($errors));
            $this->assertHarmless(implode($errors));
        }
    }

    public function testTheWebmailPageIsText(): void
    {
        $id = $this->mailbox();
        $login = ['method' => 'POST', 'url' => 'https://webmail.example/?x=' . self::ATTACK,
            'fields' => [self::ATTACK => self::ATTACK, 'list' => ['x']]];
        $this->serviceSays('webmail-login', ['json' => $login]);
        $this->assertHarmless($this->custom($id, 'openWebmail')->body);
        foreach (['javascript:alert(1)', 'http://webmail.example/', 'https://u:p@webmail.example/', '//x', 'data:,x'] as $url) {
            $this->serviceSays('webmail-login', ['json' => ['url' => $url] + $login]);
            $page = $this->custom($id, 'openWebmail')->body;
            self::assertStringContainsString('cannot be opened safely', $page);
            self::assertStringNotContainsString('pm-form-webmail', $page);
            $said = $this->call('ServiceSingleSignOn', $id);
            self::assertFalse($said['success'], $url);
        }
    }

    private function assertHarmless(string $html): void
    {
        $isWhole = str_starts_with($html, '<!DOCTYPE');
        $page = new Html($isWhole ? $html : "<!DOCTYPE html><title>x</title><div>$html</div>");
        $foreign = '//img[@src="x"]|//script[contains(text(), "alert(")]|//b[text()]';
        self::assertSame([], $page->all($foreign), 'Text became an element.');
        foreach ($page->find->query('//@*') as $attribute) {
            Assert::assertInstanceOf(DOMAttr::class, $attribute);
            self::assertFalse(str_starts_with($attribute->name, 'on'), "Text became the attribute $attribute->name.");
        }
        foreach ($page->find->query('//@href|//@action|//@src') as $attribute) {
            self::assertDoesNotMatchRegularExpression('/^\s*(?:javascript|data):/i', $attribute->value);
        }
    }
}
