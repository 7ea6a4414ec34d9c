<?php

declare(strict_types=1);

namespace Standin\Tests;

use Standin\ModuleCrash;
use Standin\RequestEnded;
use Standin\Secret;

final class FaultsTest extends SampleTestCase
{
    public function testAWarningAndAPrintedByteAreFaults(): void
    {
        $id = $this->active('anna');
        SampleModule::$answers['SuspendAccount'] = static function (array $params): string {
            echo 'stray';
            return 'success' . $params['noSuchKey'];
        };
        $this->command($id, 'Suspend');
        [$warning, $printed] = $this->takeFaults();
        self::assertStringContainsString('Undefined array key "noSuchKey"', $warning);
        self::assertStringContainsString('printed: stray', $printed);
    }

    public function testADeprecationIsAFaultToo(): void
    {
        $id = $this->active('anna');
        SampleModule::$answers['SuspendAccount'] = static function (): string {
            trigger_error('old', E_USER_DEPRECATED);
            return 'success';
        };
        $this->command($id, 'Suspend');
        self::assertStringContainsString('old', $this->takeFaults()[0]);
    }

    public function testAnExceptionIsAFaultAndAWhitePage(): void
    {
        $id = $this->active('anna');
        SampleModule::$answers['ClientArea'] = static function (): void {
            throw new \RuntimeException('broken <b>');
        };
        $answer = $this->details($id);
        self::assertSame(500, $answer->status);
        self::assertStringContainsString('class="standin-fault"', $answer->body);
        self::assertStringContainsString('broken &lt;b&gt;', $answer->body);
        self::assertCount(1, $this->takeFaults());
    }

    public function testAnExceptionInAHookEndsThePage(): void
    {
        add_hook('ClientAreaPageProductDetails', 5, static function (): void {
            throw new \LogicException('hook');
        });
        self::assertSame(500, $this->details($this->active('anna'))->status);
        self::assertStringContainsString('A hook at ClientAreaPageProductDetails', $this->takeFaults()[0]);
        $this->expectException(ModuleCrash::class);
        add_hook('Some', 1, static function (): void {
            throw new \LogicException('hook');
        });
        try {
            run_hook('Some');
        } finally {
            $this->takeFaults();
        }
    }

    public function testHooksRunByPriorityAndNullIsNoResult(): void
    {
        add_hook('Some', 9, static fn (): string => 'last');
        add_hook('Some', 1, static fn (): string => 'first');
        add_hook('Some', 5, static fn (): ?string => null);
        self::assertSame(['first', 'last'], run_hook('Some', []));
    }

    public function testAWrongTokenEndsTheRequestOrAnswersFalse(): void
    {
        self::assertStringContainsString('name="token"', generate_token());
        self::assertSame('&token=' . generate_token('plain'), generate_token('link'));
        $_POST['token'] = generate_token('plain');
        self::assertTrue(check_token());
        $_POST['token'] = 'wrong';
        $this->boot(['tokenReturns' => true]);
        self::assertFalse(check_token());
        $this->boot([]);
        $this->expectException(RequestEnded::class);
        check_token();
    }

    public function testASecretInAnySpellingIsFoundInALog(): void
    {
        Secret::know('Aa1+/&"secret');
        foreach (['rawurlencode', 'urlencode', 'base64_encode', 'htmlspecialchars', 'json_encode'] as $spell) {
            self::assertSame(['Aa1+/&"secret'], Secret::foundIn('x' . $spell('Aa1+/&"secret') . 'y'), $spell);
        }
        self::assertSame([], Secret::foundIn('nothing here'));
    }

    public function testAModuleFileThatIsAskedForDirectlyDies(): void
    {
        $file = ROOTDIR . '/modules/servers/sample_module/sample_module.php';
        exec(PHP_BINARY . ' ' . escapeshellarg($file), $printed);
        self::assertSame(['This file cannot be accessed directly'], $printed);
    }
}
