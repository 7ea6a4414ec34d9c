<?php

declare(strict_types=1);

namespace Standin\Admin;

use Standin\Answer;
use Standin\ModuleQueue;
use WHMCS\Database\Capsule;

/** Utilities > Module Queue. */
final class QueuePage extends Page
{
    protected function show(): Answer
    {
        return $this->page('modulequeue', 'Utilities > Module Queue', [
            'entries' => ModuleQueue::open(),
            'completed' => Capsule::table('tblmodulequeue')->where('completed', 1)->count(),
        ]);
    }

    protected function act(string $action): Answer
    {
        if ($action === 'retry') {
            $this->sayResult('Retry', ModuleQueue::retry($this->id()));
        } else {
            Capsule::table('tblmodulequeue')->where('id', $this->id())->update(['completed' => 1]);
            $this->say('Marked Resolved');
        }
        return Answer::redirect('modulequeue.php');
    }
}
