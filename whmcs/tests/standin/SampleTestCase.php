<?php

declare(strict_types=1);

namespace Standin\Tests;

/** A host that sells the sample module. */
abstract class SampleTestCase extends HostTestCase
{
    protected const MODULE = 'sample_module';

    protected function setUp(): void
    {
        SampleHooks::forget();
        parent::setUp();
        SampleModule::forget();
        SampleHooks::forget();
    }

    /** @return array<string, mixed> what a function was given last */
    protected function given(string $function): array
    {
        $given = [];
        foreach (SampleModule::$calls as [$name, $params]) {
            $given = $name === $function ? $params : $given;
        }
        self::assertNotSame([], $given, "$function was not called.");
        return $given;
    }

    protected function wasCalled(string $function): bool
    {
        return in_array($function, array_column(SampleModule::$calls, 0), true);
    }
}
