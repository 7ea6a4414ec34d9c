<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use Standin\Logs;
use Standin\Params;
use Standin\Secret;
use Standin\Settings;
use Standin\Tests\Module\Fake\Answers;
use Standin\Tests\Module\Fake\Service;

/** Every call and the platform calls behind it are in WHMCS's module log; secrets are not, in no spelling. */
final class ModuleLogTest extends ModuleTestCase
{
    private const SERVER = 'S3rver "pass"/\\<&é+%=';
    private const PASSWORD = 'M4ilbox \'pass\'&<>"/+%ü';
    private const SUGGESTED = 'Sugg3st+"ed"/&=Pass';
    private const SECRETS = [self::SERVER, self::PASSWORD, self::SUGGESTED, Service::KEY];

    protected function server(): array
    {
        return ['username' => 'admin', 'password' => self::SERVER];
    }

    /** @return array<string, array{int}> */
    public static function statuses(): array
    {
        return ['done' => [200], 'being checked' => [202], 'refused' => [409], 'unsuitable' => [422], 'a fault' => [500],
            'unavailable' => [503]];
    }

    /** @dataProvider statuses */
    public function testNoSpellingOfASecretIsInAnyEntry(int $status): void
    {
        foreach ([self::PASSWORD, self::SUGGESTED, 'https://webmail.example/login'] as $secret) {
            Secret::know($secret);
        }
        foreach (array_keys(Answers::good()) as $call) {
            $json = (array) (Answers::good()[$call]['json'] ?? []);
            $json += ['suggested_password' => self::SUGGESTED];
            // A test of the connection knows no mailbox, so it cannot repeat its password.
            $known = array_diff(self::SECRETS, $call === 'connection-test' ? [self::PASSWORD] : []);
            $json = ['calls' => [self::platformCall($known)]] + $json;
            $json['code'] = $status === 422 ? 'password_unsuitable' : 'x';
            $this->serviceSays($call, ['status' => $status, 'json' => $json]);
        }
        $id = $this->mailbox('Active', ['password' => Secret::encrypt(self::PASSWORD)]);
        foreach (FunctionsTest::ofOneService() as $function) {
            $_SERVER['REQUEST_METHOD'] = 'POST';
            $_POST = ['token' => generate_token('plain'), 'handle' => 'nick', 'list' => 'team', 'members' => 'a@b.example'];
            $this->call($function, $id, ['password' => self::PASSWORD]);
        }
        $this->host->modules->call(self::MODULE, 'TestConnection', Params::ofServer($this->ids['server']));
        $log = $this->moduleLog();
        self::assertGreaterThan(25, count($this->rows('tblmodulelog')));
        self::assertStringContainsString('addUser', $log);
        foreach ([...self::SECRETS, 'One-Time/Ticket+77&"x"'] as $secret) {
            foreach (self::spellings($secret) as $spelling) {
                self::assertStringNotContainsString($spelling, $log);
                // As an encoded copy looks inside of the log's own JSON.
                $twice = trim((string) json_encode($spelling, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), '"');
                self::assertStringNotContainsString($twice, $log);
            }
        }
    }

    public function testALongFailureIsLoggedWithItsReason(): void
    {
        $this->serviceIsDown();
        $this->command($this->mailbox(), 'Suspend');
        self::assertStringContainsString('cannot be reached; nothing was sent', $this->moduleLog());
    }

    public function testWhoseServiceItIsIsSaidByNumberOnly(): void
    {
        $this->command($this->ordered(), 'Create');
        self::assertStringContainsString('"owner"', $this->moduleLog());
        foreach (['Michael', 'michael@example.org', 'visitor'] as $text) {
            self::assertStringNotContainsString($text, $this->moduleLog());
        }
    }

    public function testWithLoggingOffNothingIsWrittenAndAllWorks(): void
    {
        Settings::set(Logs::MODULE_LOG, '');
        $id = $this->ordered();
        self::assertSame('success', $this->command($id, 'Create'));
        self::assertSame(200, $this->details($id)->status);
        self::assertSame([], $this->rows('tblmodulelog'));
    }

    /**
     * @param string[] $secrets
     * @return array<string, mixed> a platform call as a careless service would report it
     */
    private static function platformCall(array $secrets): array
    {
        $all = array_map(self::spellings(...), array_values($secrets));
        return ['action' => 'addUser', 'host' => 'cp.emailarray.com', 'duration_ms' => 5, 'outcome' => 'ok',
            'request' => ['sent' => $all], 'response' => ['said' => $all]];
    }

    /** @return list<string> */
    private static function spellings(string $secret): array
    {
        return [
            $secret,
            rawurlencode($secret),
            urlencode($secret),
            base64_encode($secret),
            htmlspecialchars($secret, ENT_QUOTES),
            htmlspecialchars($secret, ENT_COMPAT),
            trim((string) json_encode($secret), '"'),
            trim((string) json_encode($secret, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), '"'),
        ];
    }
}
