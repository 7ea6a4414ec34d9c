<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use Standin\Tests\Module\Fake\Answers;
use Standin\Logs;
use Standin\Settings;
use WHMCS\Database\Capsule;

/** The rows of the list of pitfalls that are about pages and forms of the client area. */
final class PitfallsOfClientAreaTest extends ModuleTestCase
{
    private const LANGUAGE_FILE = 'tests-only-language';

    public function testPitfall13EveryFormCallsAFunctionThatIsAllowedAndThere(): void
    {
        $id = $this->mailbox();
        $allowed = array_values($this->host->modules->buttons(self::MODULE, 'ClientAreaAllowedFunctions', []));
        $called = [];
        foreach (['overview', 'aliases', 'lists'] as $page) {
            $html = new Html($this->details($id, "&pm=$page")->body);
            foreach ($html->all('//input[@name="a"]') as $field) {
                $called[] = $field->getAttribute('value');
            }
        }
        $called = array_values(array_unique($called));
        sort($allowed);
        sort($called);
        self::assertSame($allowed, $called);
        foreach ($allowed as $function) {
            self::assertTrue($this->host->modules->has(self::MODULE, $function), $function);
        }
    }

    public function testPitfall14NoLinkChangesAnything(): void
    {
        $id = $this->mailbox();
        foreach (['overview', 'password', 'aliases', 'lists'] as $page) {
            $html = new Html($this->details($id, "&pm=$page")->body);
            self::assertSame([], $html->all('//*[@class="thexyz-pm"]//a[contains(@href, "modop")]'));
            self::assertSame([], $html->all('//*[@class="thexyz-pm"]//form[not(@method="post")]'));
        }
        foreach ($this->templates() as $file) {
            self::assertStringNotContainsString('modop=', (string) file_get_contents($file));
        }
    }

    public function testPitfall15TheTokenIsWhmcssOwnAndCheckedBeforeTheAction(): void
    {
        $id = $this->mailbox();
        $page = new Html($this->details($id, '&pm=aliases')->body);
        $token = $page->all('//form[@class="pm-form-addAlias"]//input[@name="token"]')[0]->getAttribute('value');
        self::assertSame(generate_token('plain'), $token);
        foreach ([true, false] as $returns) {
            $this->boot(['customNeedsToken' => false, 'tokenReturns' => $returns]);
            $this->serviceSays('aliases/add', ['json' => Answers::overview()]);
            $this->custom($id, 'addAlias', ['handle' => 'nick', 'token' => 'wrong']);
            self::assertNotContains("services/$id/aliases/add", $this->asked());
        }
    }

    public function testPitfall16WhatTheServiceSaysIsEscapedAlsoInErrors(): void
    {
        $id = $this->mailbox();
        $said = 'No: <img src=x onerror=alert(1)>';
        $this->serviceSays('aliases/add', Answers::problem(409, 'alias_limit', $said));
        $page = $this->custom($id, 'addAlias', ['handle' => '"><script>alert(1)</script>']);
        self::assertStringNotContainsString('<img', $page->body);
        self::assertStringNotContainsString('<script>alert', $page->body);
        self::assertStringContainsString('No: &lt;img', $page->body);
    }

    public function testPitfall18WhoseMailboxItIsIsNeverTakenFromTheForm(): void
    {
        $mine = $this->mailbox();
        $other = (int) Capsule::table('tblclients')->insertGetId(['firstname' => 'Other', 'lastname' => 'One']);
        $foreign = $this->mailbox('Active', ['userid' => $other, 'username' => 'bert@thexyz.com']);
        self::assertSame(403, $this->custom($foreign, 'removeAlias', ['handle' => 'orders-in'])->status);
        self::assertSame([], $this->asked());
        $fields = ['id' => (string) $mine, 'serviceid' => (string) $foreign, 'userid' => (string) $other,
            'username' => 'bert@thexyz.com', 'handle' => 'orders-in'];
        $this->custom($mine, 'removeAlias', $fields);
        self::assertContains("services/$mine/aliases/remove", $this->asked());
        $sent = $this->sent('aliases/remove');
        self::assertSame(self::ADDRESS, $sent['service']['username']);
        self::assertSame((string) $this->ids['client'], $sent['owner']['id']);
        self::assertSame(['client', (string) $this->ids['client']], [$sent['actor']['kind'], $sent['actor']['id']]);
    }

    /** @return array<string, array{string}> */
    public static function idle(): array
    {
        $states = ['Pending', 'Completed', 'Terminated', 'Cancelled', 'Fraud'];
        return array_combine($states, array_map(static fn (string $state): array => [$state], $states));
    }

    /** @dataProvider idle */
    public function testPitfall25WithoutAMailboxTheServiceIsNotAsked(string $state): void
    {
        $id = $this->mailbox($state);
        $page = new Html($this->details($id)->body);
        self::assertNotSame('', $page->text('//*[contains(@class, "pm-calm")]'));
        self::assertSame([], $page->forms());
        self::assertSame([], $this->asked());
    }

    public function testPitfall25ADeadServiceLeavesACalmPageAtOnce(): void
    {
        $id = $this->mailbox();
        $this->serviceIsDown();
        $began = microtime(true);
        $page = new Html($this->details($id)->body);
        self::assertLessThan(2, microtime(true) - $began);
        self::assertStringContainsString('Your mail is not affected', $page->text('//*[contains(@class, "pm-calm")]'));
        self::assertStringContainsString('Premium Email Account', $page->text('//*[contains(@class, "pm-billing")]'));
    }

    public function testPitfall26AThrowableBecomesAPageAndNoSecretIsInWhatIsNoted(): void
    {
        $id = $this->mailbox();
        Capsule::schema()->rename('tblhosting', 'tblhosting_away');
        $shown = $this->host->modules->call(self::MODULE, 'ClientArea', [
            'serviceid' => $id, 'status' => 'Active', 'configoptions' => ['Account Type' => new \stdClass()],
            'clientsdetails' => 'none', 'customfields' => null, 'username' => ['x'], 'serverpassword' => 'Hidden-1234',
        ]);
        self::assertSame('templates/clientarea.tpl', $shown['tabOverviewReplacementTemplate']);
        $said = $this->host->modules->call(self::MODULE, 'AdminServicesTabFields', ['serviceid' => $id]);
        self::assertNotSame([], $said);
        Capsule::schema()->rename('tblhosting_away', 'tblhosting');
    }

    public function testPitfall27PartialsAreFoundFromEverywhere(): void
    {
        $id = $this->mailbox();
        $folder = ROOTDIR . '/templates/six/modules/servers/' . self::MODULE . '/templates';
        mkdir($folder, 0700, true);
        $copy = (string) file_get_contents(ROOTDIR . '/modules/servers/' . self::MODULE . '/templates/clientarea.tpl');
        file_put_contents("$folder/clientarea.tpl", $copy . '<p id="own">theme</p>');
        try {
            $page = new Html($this->details($id, '&pm=aliases')->body);
        } finally {
            \Standin\Root::remove(ROOTDIR . '/templates/six/modules');
        }
        self::assertSame('theme', $page->text('//p[@id="own"]'));
        self::assertContains('pm-form-addAlias', $page->forms());
        foreach ($this->templates() as $file) {
            preg_match_all('/\{include file=(\S+)/', (string) file_get_contents($file), $found);
            foreach ($found[1] as $path) {
                self::assertStringStartsWith('"`$pm.tplDir`/', $path, basename($file));
            }
        }
    }

    public function testPitfall28OnlyOneVariableIsAssigned(): void
    {
        $shown = $this->call('ClientArea', $this->mailbox());
        self::assertSame(['pm'], array_keys($shown['templateVariables']));
        $own = ['page', 'label', 'line', 'seen', 'alias', 'list', 'member', 'server', 'way', 'what', 'date', 'rule',
            'limit', 'active', 'call', 'name', 'value', 'pm'];
        foreach ($this->templates() as $file) {
            preg_match_all('/\{assign var=(\w+)|as \$(\w+)(?: => \$(\w+))?\}/', (string) file_get_contents($file), $found);
            $assigned = array_filter(array_merge($found[1], $found[2], $found[3]));
            self::assertSame([], array_values(array_diff($assigned, $own)), basename($file));
        }
    }

    public function testPitfall29NoScriptStandsInATemplate(): void
    {
        foreach ($this->templates() as $file) {
            $text = (string) file_get_contents($file);
            self::assertDoesNotMatchRegularExpression('/<script(?![^>]* src=)|\son\w+=|javascript:|<style/i', $text, $file);
        }
        self::assertGreaterThan(8, count($this->templates()));
    }

    public function testPitfall33TheLanguageFileIsOneOfOurs(): void
    {
        $id = $this->mailbox();
        $outside = ROOTDIR . '/modules/servers/' . self::MODULE . '/' . self::LANGUAGE_FILE . '.php';
        file_put_contents($outside, '<?php throw new RuntimeException("included");');
        $names = ['../' . self::LANGUAGE_FILE, '..\\x', "english\0", 'english.php', '/etc/passwd', ['german'], 'klingon'];
        try {
            foreach ($names as $name) {
                $_SESSION['Language'] = $name;
                self::assertStringContainsString('Your address', $this->details($id)->body);
            }
        } finally {
            unlink($outside);
        }
        $directory = (string) getcwd();
        chdir(sys_get_temp_dir());
        $_SESSION['Language'] = 'german';
        self::assertStringContainsString('Ihre Adresse', $this->details($id)->body);
        chdir($directory);
    }

    public function testPitfall40WithoutTheOwnTableEverythingElseWorksAndStaffRead(): void
    {
        $id = $this->mailbox();
        $this->details($id);
        Capsule::schema()->drop('mod_thexyz_pm_aliases');
        self::assertSame(200, $this->details($id)->status);
        self::assertCount(1, $this->rows('mod_thexyz_pm_aliases'), 'It is made again.');
        Capsule::schema()->drop('mod_thexyz_pm_aliases');
        Settings::set(Logs::MODULE_LOG, '');
        $isSqlite = Capsule::connection()->getDriverName() === 'sqlite';
        $readOnly = $isSqlite ? 'PRAGMA query_only = %d' : 'SET SESSION tx_read_only = %d';
        Capsule::connection()->statement(sprintf($readOnly, 1));
        $fields = implode($this->call('AdminServicesTabFields', $id));
        Capsule::connection()->statement(sprintf($readOnly, 0));
        self::assertStringContainsString('mod_thexyz_pm_aliases', $fields);
        self::assertStringContainsString('permission to create tables', $fields);
        self::assertStringContainsString(self::ADDRESS, $fields, 'All else is there.');
    }

    public function testPitfall41TheCopyOfAliasesFollowsTheService(): void
    {
        $id = $this->mailbox();
        $alias = static fn (string $name): array => ['handle' => $name, 'address' => "$name@thexyz.com",
            'destination' => self::ADDRESS, 'state' => 'active', 'added_at' => null];
        foreach ([['a', 'b'], ['b', 'c', 'd'], [], ['x']] as $names) {
            $this->overviewIs(['aliases' => array_map($alias, $names)]);
            $this->details($id, '&pm=aliases');
            $rows = Capsule::table('mod_thexyz_pm_aliases')->where('serviceid', $id)->orderBy('alias')->pluck('alias');
            $wanted = array_map(static fn (string $name): string => "$name@thexyz.com", $names);
            self::assertSame($wanted, $rows->all());
        }
        // The copy decides nothing: a row of another service gives way to what the service says.
        $second = $this->mailbox('Active', ['username' => 'bert@thexyz.com']);
        $this->details($second, '&pm=aliases');
        self::assertSame($second, (int) Capsule::table('mod_thexyz_pm_aliases')->value('serviceid'));
    }

    /** @return list<string> */
    private function templates(): array
    {
        $folder = ROOTDIR . '/modules/servers/' . self::MODULE . '/templates';
        return array_merge(glob("$folder/*.tpl") ?: [], glob("$folder/partials/*.tpl") ?: []);
    }
}
