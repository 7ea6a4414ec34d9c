<?php

declare(strict_types=1);

namespace Standin\Admin;

use Standin\Answer;
use Standin\ModuleQueue;
use WHMCS\Database\Capsule;

/** The admin's first page: what waits. */
final class HomePage extends Page
{
    protected function show(): Answer
    {
        return $this->page('home', 'Home', [
            'orders' => Capsule::table('tblorders')->where('status', 'Pending')->count(),
            'queue' => count(ModuleQueue::open()),
            'states' => Capsule::table('tblhosting')->groupBy('domainstatus')
                ->selectRaw('domainstatus as state, count(*) as number')->get()->all(),
        ]);
    }

    protected function act(string $action): Answer
    {
        return Answer::redirect('index.php');
    }
}
