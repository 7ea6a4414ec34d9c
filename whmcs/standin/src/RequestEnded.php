<?php

declare(strict_types=1);

namespace Standin;

use RuntimeException;

/** WHMCS ends the request here, such as on a wrong token. */
final class RequestEnded extends RuntimeException
{
}
