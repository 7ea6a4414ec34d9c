<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use Standin\Secret;
use Standin\Tests\Module\Fake\Answers;
use WHMCS\Database\Capsule;

/** What Create and Adopt write into WHMCS, and what happens when it cannot be written. */
final class SavingTest extends ModuleTestCase
{
    private const SUGGESTED = 'Suggested-9+pass';

    public function testAMailboxThatCouldNotBeRecordedIsAnErrorThatARepeatMends(): void
    {
        $id = $this->ordered();
        self::assertStringContainsString('Run the same again', $this->call('CreateAccount', $id, $this->nothingSaves()));
        self::assertSame('', $this->service($id)->username);
        self::assertSame('success', $this->command($id, 'Create'));
        self::assertSame(self::ADDRESS, $this->service($id)->username);
        self::assertSame('Active', $this->status($id));
    }

    public function testWhatTheModelCannotSaveTheLocalApiSaves(): void
    {
        $id = $this->ordered();
        $this->boot(['savingFails' => true]);
        self::assertSame('success', $this->command($id, 'Create'));
        self::assertSame([self::ADDRESS, 'thexyz.com'], [$this->service($id)->username, $this->service($id)->domain]);
    }

    public function testNothingIsCreatedWithAPasswordThatWhmcsDoesNotKnow(): void
    {
        Secret::know(self::SUGGESTED);
        $id = $this->ordered();
        $more = ['suggested_password' => self::SUGGESTED];
        $this->serviceSays('create', Answers::problem(422, 'password_unsuitable', 'Too weak.', $more));
        $said = $this->call('CreateAccount', $id, $this->nothingSaves());
        self::assertStringContainsString('nothing was created', $said);
        self::assertCount(1, $this->asked(), 'It must not be tried with another password.');
    }

    public function testAnUnsuitablePasswordWithoutASuggestionIsLeftToStaff(): void
    {
        $id = $this->ordered();
        $this->serviceSays('create', Answers::problem(422, 'password_unsuitable', 'Too weak.'));
        self::assertSame('Too weak.', $this->command($id, 'Create'));
        self::assertCount(1, $this->asked());
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function open(): array
    {
        $state = static fn (string $state): array => ['state' => $state, 'detail' => 'We are checking what happened.'];
        return [
            'being checked' => [['status' => 202, 'json' => $state('creating')], 'We are checking what happened.'],
            'active, but not certain' => [['status' => 202, 'json' => $state('active')], 'We are checking what happened.'],
            'another state' => [['json' => $state('creating')], 'We are checking what happened.'],
            'no state' => [['json' => ['address' => self::ADDRESS]], 'unexpected answer (HTTP 200)'],
        ];
    }

    /**
     * @dataProvider open
     * @param array<string, mixed> $answer
     */
    public function testOnlyACertainMailboxIsASuccess(array $answer, string $says): void
    {
        $id = $this->ordered();
        $this->serviceSays('create', $answer);
        self::assertStringContainsString($says, $this->command($id, 'Create'));
        self::assertSame('Pending', $this->status($id));
        self::assertSame([], Capsule::table('tblemails')->where('subject', 'New Product Information')->get()->all());
        self::assertNotSame(self::ADDRESS, $this->service($id)->username);
    }

    public function testSuccessIsFollowedBySuccess(): void
    {
        $id = $this->ordered();
        foreach ([1, 2] as $time) {
            self::assertSame('success', $this->command($id, 'Create'), "The call number $time.");
        }
        self::assertSame(self::ADDRESS, $this->service($id)->username);
    }

    public function testAdoptIsRecordedAsCreateIs(): void
    {
        $this->signInAsAdmin();
        $id = $this->ordered();
        self::assertSame('success', $this->host->dispatcher->custom($id, 'adoptMailbox'));
        $sent = $this->sent('adopt');
        self::assertSame(['anna', 'thexyz.com', 'staff'], [$sent['handle'], $sent['domain'], $sent['actor']['kind']]);
        self::assertSame(self::ADDRESS, $this->service($id)->username);
        $this->host->dispatcher->custom($this->mailbox(), 'adoptMailbox');
        self::assertArrayNotHasKey('handle', $this->sent('adopt'), 'An address that is known is not guessed again.');
    }

    /** @return array<string, mixed> parameters of a service that neither the model nor the local API can find */
    private function nothingSaves(): array
    {
        $model = new class {
            public function __get(string $name): never
            {
                throw new \RuntimeException("No $name: SQLSTATE[HY000] [2002] Connection refused");
            }
        };
        return ['model' => $model, 'serviceid' => 987654];
    }
}
