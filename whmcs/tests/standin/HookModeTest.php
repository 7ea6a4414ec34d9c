<?php

declare(strict_types=1);

namespace Standin\Tests;

use Standin\Settings;

/**
 * Each way of loading in a process of its own, as functions cannot be declared twice.
 *
 * @runTestsInSeparateProcesses
 * @preserveGlobalState disabled
 */
final class HookModeTest extends SampleTestCase
{
    protected function switches(): array
    {
        return ['hookMode' => 'D'];
    }

    /** @return array<string, array{string, int}> */
    public static function modes(): array
    {
        return ['the module\'s own' => ['A', 1], 'the copy' => ['B', 1], 'both' => ['C', 1], 'none' => ['D', 0]];
    }

    /** @dataProvider modes */
    public function testAHookRunsOnceHoweverItsFileIsLoaded(string $mode, int $times): void
    {
        $this->boot(['hookMode' => $mode]);
        run_hook('DailyCronJob');
        self::assertSame($times, SampleHooks::count('DailyCronJob'));
        $this->boot(['hookMode' => $mode]);
        run_hook('DailyCronJob');
        self::assertSame(2 * $times, SampleHooks::count('DailyCronJob'));
    }

    public function testTheModulesOwnFileNeedsItsSettingsSavedOnce(): void
    {
        Settings::set('ModuleHooks', '');
        $this->boot(['hookMode' => 'A']);
        run_hook('DailyCronJob');
        self::assertSame(0, SampleHooks::count('DailyCronJob'));
    }

    public function testTheModuleMayBeIncludedBeforeItsHooks(): void
    {
        $this->host->modules->listed();
        $this->boot(['hookMode' => 'C']);
        run_hook('DailyCronJob');
        self::assertSame(1, SampleHooks::count('DailyCronJob'));
    }
}
