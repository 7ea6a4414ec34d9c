<?php

declare(strict_types=1);

namespace Standin\Tests;

/** What the sample module's hooks were given, and what they shall answer. */
final class SampleHooks
{
    /** @var list<array{string, mixed}> */
    public static array $runs = [];
    /** @var array<string, mixed> */
    public static array $answers = [];

    /** @return mixed what the last run of a hook was given */
    public static function last(string $point)
    {
        $given = null;
        foreach (self::$runs as [$name, $arguments]) {
            $given = $name === $point ? $arguments : $given;
        }
        return $given;
    }

    public static function count(string $point): int
    {
        return count(array_filter(self::$runs, static fn (array $run): bool => $run[0] === $point));
    }

    public static function forget(): void
    {
        self::$runs = [];
        self::$answers = [];
    }
}
