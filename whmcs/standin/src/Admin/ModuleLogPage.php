<?php

declare(strict_types=1);

namespace Standin\Admin;

use Standin\Answer;
use Standin\Logs;
use Standin\Settings;
use WHMCS\Database\Capsule;

/** Utilities > Logs > Module Log. */
final class ModuleLogPage extends Page
{
    private const SHOWN = 100;

    protected function show(): Answer
    {
        return $this->page('modulelog', 'Utilities > Logs > Module Log', [
            'on' => Settings::isOn(Logs::MODULE_LOG),
            'entries' => Capsule::table('tblmodulelog')->orderByDesc('id')->limit(self::SHOWN)->get()->all(),
        ]);
    }

    protected function act(string $action): Answer
    {
        if ($action === 'clear') {
            Capsule::table('tblmodulelog')->delete();
        } else {
            Settings::set(Logs::MODULE_LOG, $action === 'enable' ? 'on' : '');
        }
        return Answer::redirect('systemmodulelog.php');
    }
}
