<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

/** What the module would have sent as headers; PHPUnit has printed already, so real ones are late. */
final class Redirects
{
    /** Headers can still be sent, as in WHMCS before its page is printed. */
    public static bool $possible = false;
    /** @var list<string> */
    public static array $headers = [];

    public static function forget(): void
    {
        [self::$possible, self::$headers] = [false, []];
    }

    public static function target(): string
    {
        foreach (self::$headers as $header) {
            if (str_starts_with($header, 'Location: ')) {
                return substr($header, strlen('Location: '));
            }
        }
        return '';
    }
}
