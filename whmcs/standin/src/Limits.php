<?php

declare(strict_types=1);

namespace Standin;

/** What the stand-in cannot prove, because only a licensed WHMCS can. */
final class Limits
{
    public const SENTENCES = [
        'That WHMCS passes and encodes every value exactly as assumed here: what is stored of a drop-down in Module '
            . 'Settings, translated field names, passwords with &, < or quotes.',
        'How WHMCS itself enforces its token against forged requests, permissions and ownership.',
        'When WHMCS detects a module\'s hooks.php and how it caches that; the order among hooks of other modules.',
        'Theme overrides, custom themes, how the Nexus cart shows errors, and the real JavaScript of the themes.',
        'A site\'s Smarty version and security settings, its PHP extensions, ionCube Loader and OPcache.',
        'A site\'s MySQL or MariaDB settings, jobs of its cron that run at the same time, merge fields of e-mails, '
            . 'details of the module queue and of the order of an upgrade.',
    ];
}
