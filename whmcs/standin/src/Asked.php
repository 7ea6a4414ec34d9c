<?php

declare(strict_types=1);

namespace Standin;

/** What a request says, posted or in its address; anything but a text is nothing. */
final class Asked
{
    public static function text(string $name): string
    {
        $value = $_POST[$name] ?? $_GET[$name] ?? '';
        return is_string($value) ? $value : '';
    }
}
