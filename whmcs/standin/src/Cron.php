<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** The cron job: usage of each active server once a day, then the hooks. */
final class Cron
{
    private Host $host;

    public function __construct(Host $host)
    {
        $this->host = $host;
    }

    public function run(bool $daily = true): void
    {
        if ($daily) {
            foreach (Capsule::table('tblservers')->where(['active' => 1, 'disabled' => 0])->get() as $server) {
                $this->usage((int) $server->id, (string) $server->type);
            }
            $this->host->hooks->run('DailyCronJob');
        }
        $this->host->hooks->run('AfterCronJob');
        $this->host->logs->activity($daily ? 'Cron Job: Completed (daily)' : 'Cron Job: Completed');
    }

    private function usage(int $serverId, string $module): void
    {
        if ($this->host->modules->has($module, 'UsageUpdate')) {
            $this->host->modules->call($module, 'UsageUpdate', Params::ofServer($serverId));
        }
    }
}
