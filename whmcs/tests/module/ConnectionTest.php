<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use Standin\Servers;
use Standin\Tests\Module\Fake\Answers;
use Standin\Tests\Module\Fake\Service;

/** Test Connection names the part of the way that failed, and how to mend it. */
final class ConnectionTest extends ModuleTestCase
{
    public function testWithoutAConnectionFileItSaysHowToConnect(): void
    {
        $this->disconnect();
        $said = $this->tested();
        self::assertStringContainsString('not connected to Housemail yet', $said);
        self::assertStringContainsString('housemail whmcs install', $said);
    }

    /** @return array<string, array{string}> */
    public static function incomplete(): array
    {
        $file = static fn (string $url, string $key): string => "<?php return ['url' => '$url', 'key' => '$key'];";
        return [
            'no key' => [$file('https://housemail.example', '')],
            'no url' => [$file('', Service::KEY)],
            'plain http over the network' => [$file('http://housemail.example', Service::KEY)],
            'a name that only looks local' => [$file('http://127.0.0.1.example', Service::KEY)],
            'a password in the url' => [$file('https://user:pass@housemail.example', Service::KEY)],
            'another scheme' => [$file('file:///etc/passwd', Service::KEY)],
            'no array' => ['<?php return 5;'],
            'nothing' => [''],
            'an array in an array' => ['<?php return ["url" => ["x"], "key" => ["y"]];'],
            'a parse error' => ['<?php return [;'],
            'an exception' => ['<?php throw new Exception("' . Service::KEY . '");'],
        ];
    }

    /** @dataProvider incomplete */
    public function testAnIncompleteConnectionFileIsNamedAndNothingOfItIsShown(string $text): void
    {
        file_put_contents(dirname(ROOTDIR) . '/housemail-whmcs.php', $text);
        $said = $this->tested();
        self::assertStringContainsString('/housemail-whmcs.php is not complete', $said);
        self::assertStringNotContainsString('user:pass', $said);
    }

    public function testANamedFileComesBeforeTheOthers(): void
    {
        $named = sys_get_temp_dir() . '/named-' . bin2hex(random_bytes(4)) . '.php';
        copy(dirname(ROOTDIR) . '/housemail-whmcs.php', $named);
        $this->connect('https://nobody.invalid', 'hm_other_key-that-is-not-used');
        putenv("HOUSEMAIL_WHMCS_CONFIG=$named");
        try {
            self::assertSame('', $this->tested());
        } finally {
            putenv('HOUSEMAIL_WHMCS_CONFIG');
            unlink($named);
        }
    }

    public function testTheFileInTheModuleFolderComesLast(): void
    {
        $own = ROOTDIR . '/modules/servers/' . self::MODULE . '/config.php';
        copy(dirname(ROOTDIR) . '/housemail-whmcs.php', $own);
        $this->disconnect();
        try {
            self::assertSame('', $this->tested());
        } finally {
            unlink($own);
        }
    }

    public function testAServiceThatIsNotThereIsNamedWithItsAddress(): void
    {
        $this->serviceIsDown();
        self::assertMatchesRegularExpression('#Housemail at http://127\.0\.0\.1:\d+ cannot be reached#', $this->tested());
    }

    public function testSomethingElseThatAnswersIsNotTakenForTheService(): void
    {
        $this->serviceSays('*', ['status' => 404, 'type' => 'text/html', 'body' => '<h1>Not found</h1>']);
        self::assertStringContainsString('is not Housemail', $this->tested());
        self::assertStringContainsString('(HTTP 404)', $this->tested());
    }

    public function testARefusedKeySaysHowToMakeAnother(): void
    {
        $refused = Answers::problem(401, 'key_revoked', 'This API key was revoked.');
        $this->serviceSays('connection-test', $refused);
        self::assertStringContainsString('housemail whmcs install PATH', $this->tested());
        self::assertStringContainsString('This API key was revoked.', $this->tested());
    }

    public function testTheServicesOwnSentenceIsPassedOn(): void
    {
        $detail = 'The mail platform refused the user name or the password.';
        $this->serviceSays('connection-test', Answers::problem(409, 'server_login_refused', $detail));
        self::assertSame($detail, $this->tested());
    }

    public function testTheKeyIsInTheHeaderAndNeverInTheAddress(): void
    {
        self::assertSame('', $this->tested());
        [$request] = Service::requests();
        self::assertSame(['POST', '/api/v1/connection-test'], [$request['method'], $request['path']]);
        self::assertSame('Bearer ' . Service::KEY, $request['headers']['authorization']);
        self::assertSame('application/json', $request['headers']['content-type']);
        self::assertSame('25000', $request['headers']['x-deadline-ms']);
        self::assertStringNotContainsString(Service::KEY, $request['body']);
    }

    public function testARedirectIsNotFollowed(): void
    {
        $this->serviceSays('connection-test', ['status' => 302, 'json' => ['ok' => true]]);
        self::assertNotSame('', $this->tested());
        self::assertSame(['connection-test'], $this->asked());
    }

    public function testTheServiceIsAskedInTheLanguageOfWhoReads(): void
    {
        $id = $this->mailbox();
        $codes = ['german' => 'de', 'french' => 'fr', 'spanish' => 'es', 'portuguese-br' => 'pt-br', 'indonesian' => 'id'];
        foreach ($codes + ['english' => 'en', 'klingon' => 'en'] as $language => $code) {
            $_SESSION['Language'] = $language;
            $this->details($id);
            $requests = Service::requests();
            self::assertSame($code, end($requests)['headers']['accept-language'], $language);
        }
        $_SESSION['adminlang'] = 'french';
        $this->signInAsAdmin();
        $this->call('checkNow', $id);
        $requests = Service::requests();
        self::assertSame('fr', end($requests)['headers']['accept-language']);
    }

    private function tested(): string
    {
        $tested = (new Servers($this->host))->test($this->ids['server'], ['type' => self::MODULE, 'username' => 'admin']);
        self::assertSame($tested['error'] === '', $tested['success']);
        return html_entity_decode($tested['error'], ENT_QUOTES);
    }
}
