<?php

declare(strict_types=1);

namespace Standin;

use RuntimeException;

/** Foreign code let an exception out; in WHMCS this is a white page. */
final class ModuleCrash extends RuntimeException
{
}
