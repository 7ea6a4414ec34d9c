<?php

/**
 * PHP's two functions for headers, as the module's namespace finds them first.
 */

declare(strict_types=1);

namespace Housemail\Whmcs;

use Standin\Tests\Module\Redirects;

function headers_sent(): bool
{
    return !Redirects::$possible;
}

function header(string $header): void
{
    Redirects::$headers[] = $header;
}
