<?php

declare(strict_types=1);

namespace Standin\Admin;

use Standin\Answer;
use WHMCS\Database\Capsule;

/** Utilities > Logs > Activity Log, and the e-mails that WHMCS would have sent. */
final class ActivityPage extends Page
{
    private const SHOWN = 100;

    protected function show(): Answer
    {
        return $this->page('activitylog', 'Utilities > Logs > Activity Log', [
            'entries' => Capsule::table('tblactivitylog')->orderByDesc('id')->limit(self::SHOWN)->get()->all(),
            'emails' => Capsule::table('tblemails')->orderByDesc('id')->limit(self::SHOWN)->get()->all(),
        ]);
    }

    protected function act(string $action): Answer
    {
        return Answer::redirect('systemactivitylog.php');
    }
}
