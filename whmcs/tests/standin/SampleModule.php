<?php

declare(strict_types=1);

namespace Standin\Tests;

use Closure;

/** What the functions of the sample module were given and what they shall answer next. */
final class SampleModule
{
    /** @var list<array{string, array<string, mixed>}> */
    public static array $calls = [];
    /** @var array<string, mixed> */
    public static array $answers = [];

    /**
     * @param array<string, mixed> $params
     * @param mixed $usual
     * @return mixed
     */
    public static function answer(string $function, array $params, $usual)
    {
        self::$calls[] = [$function, $params];
        $answer = self::$answers[$function] ?? $usual;
        return $answer instanceof Closure ? $answer($params) : $answer;
    }

    public static function forget(): void
    {
        self::$calls = [];
        self::$answers = [];
    }
}
