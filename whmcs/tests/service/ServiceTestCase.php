<?php

declare(strict_types=1);

namespace Standin\Tests\Service;

use RuntimeException;
use Standin\Secret;
use Standin\Tests\HostTestCase;
use Standin\Tests\Module\Redirects;
use WHMCS\Database\Capsule;

require_once dirname(__DIR__) . '/module/headers.php';

/** A WHMCS in front of the real service and the imitated platform, which run beside these tests. */
abstract class ServiceTestCase extends HostTestCase
{
    protected const DOMAIN = 'thexyz.com';

    protected function setUp(): void
    {
        parent::setUp();
        Redirects::forget();
        $this->connect(self::given('URL'), self::given('KEY'));
        Secret::know(self::given('PASSWORD'));
        $this->switchesOff();
        // The service knows the services of every test run: each test has ids of its own.
        $first = (int) (microtime(true) * 1000) % 1_000_000_000;
        Capsule::table('tblhosting')->insert(['id' => $first, 'packageid' => 0, 'domainstatus' => 'Cancelled']);
    }

    protected function tearDown(): void
    {
        $this->disconnect();
        $this->switchesOff();
        parent::tearDown();
    }

    protected function server(): array
    {
        $parts = parse_url(self::given('ENDPOINT'));
        return ['hostname' => $parts['host'], 'port' => (string) $parts['port'], 'secure' => '',
            'username' => self::given('USERNAME'), 'password' => self::given('PASSWORD'), 'endpoint' => self::given('ENDPOINT')];
    }

    /** @return array<string, mixed> a domain of the platform: mailboxes, aliases, lists */
    protected function platform(): array
    {
        return $this->control('GET', '/state')['domains'][self::DOMAIN];
    }

    /** A name that no other test has used. */
    protected static function name(): string
    {
        return 'n' . bin2hex(random_bytes(6));
    }

    /** @return array<string, mixed>|null the mailbox as the platform has it */
    protected function onPlatform(string $name): ?array
    {
        return $this->platform()['mailboxes'][$name] ?? null;
    }

    /** @param array<string, mixed> $scope */
    protected function switchOn(string $name, array $scope): void
    {
        $this->control('POST', '/switch', ['name' => $name] + $scope);
    }

    /** @return array<string, mixed> */
    protected function control(string $method, string $path, array $body = []): array
    {
        $context = stream_context_create(['http' => ['method' => $method, 'timeout' => 20, 'ignore_errors' => true,
            'header' => 'Content-Type: application/json', 'content' => $method === 'POST' ? json_encode($body) : '']]);
        $said = file_get_contents(self::given('CONTROL') . $path, false, $context);
        $answer = json_decode((string) $said, true);
        if (!is_array($answer) || isset($answer['error'])) {
            throw new RuntimeException("The imitated platform says: $said");
        }
        return $answer;
    }

    private function switchesOff(): void
    {
        $this->control('POST', '/switch', ['on' => false, 'all' => true]);
    }

    private static function given(string $name): string
    {
        $value = (string) getenv("HOUSEMAIL_TEST_$name");
        return $value !== '' ? $value : self::fail("HOUSEMAIL_TEST_$name is not set: pytest tests/whmcs sets it.");
    }
}
