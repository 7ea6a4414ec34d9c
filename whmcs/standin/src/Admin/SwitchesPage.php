<?php

declare(strict_types=1);

namespace Standin\Admin;

use ReflectionProperty;
use Standin\Answer;
use Standin\Cron;
use Standin\Limits;
use Standin\Options;
use Standin\Settings;

/** The stand-in's own page: its switches, the cron job, what it cannot prove. */
final class SwitchesPage extends Page
{
    protected function show(): Answer
    {
        $switches = [];
        foreach (Options::SWITCHES as $name => $values) {
            $comment = (string) (new ReflectionProperty(Options::class, $name))->getDocComment();
            $switches[] = [
                'name' => $name,
                'values' => array_map([self::class, 'text'], $values),
                'value' => self::text($this->host->options->$name),
                'says' => trim($comment, "/* \n"),
            ];
        }
        return $this->page('standin', 'Stand-in', ['switches' => $switches, 'limits' => Limits::SENTENCES]);
    }

    protected function act(string $action): Answer
    {
        if ($action === 'cron') {
            (new Cron($this->host))->run($this->posted('daily') === 'on');
            $this->say('The cron job has run.');
            return Answer::redirect('standin.php');
        }
        foreach (Options::SWITCHES as $name => $values) {
            $posted = $this->posted($name);
            if (in_array($posted, array_map([self::class, 'text'], $values), true)) {
                Settings::set("Standin.$name", $posted);
            }
        }
        $this->say('Changes Saved Successfully!');
        return Answer::redirect('standin.php');
    }

    /** @param bool|string $value */
    private static function text($value): string
    {
        return is_bool($value) ? ($value ? 'on' : 'off') : $value;
    }
}
