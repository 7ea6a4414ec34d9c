<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

defined('WHMCS') || die('This file cannot be accessed directly');

/** A reason, in a sentence for staff, why the service could not be asked. */
final class Trouble extends \RuntimeException
{
}
