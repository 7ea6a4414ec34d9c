<?php

declare(strict_types=1);

namespace Standin\Web;

use Standin\Faults;
use WHMCS\Database\Capsule;

/** Faults outlive their request, which may have ended in a redirect, until a page shows them. */
final class FaultBox
{
    public static function keep(string $text): void
    {
        Capsule::table('standin_faults')->insert(['text' => $text, 'date' => date('Y-m-d H:i:s')]);
    }

    /** @return list<string> what no page has shown yet */
    public static function unseen(Faults $faults): array
    {
        $kept = Capsule::table('standin_faults')->where('shown', 0)->orderBy('id')->pluck('text', 'id')->all();
        Capsule::table('standin_faults')->whereIn('id', array_keys($kept))->update(['shown' => 1]);
        return array_values(array_unique([...array_values($kept), ...$faults->found()]));
    }

    /** @return list<string> all of them, for a program to read */
    public static function all(): array
    {
        return Capsule::table('standin_faults')->orderBy('id')->pluck('text')->all();
    }
}
