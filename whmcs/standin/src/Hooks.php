<?php

declare(strict_types=1);

namespace Standin;

use LogicException;

/** The hooks of one request, and where their files are found. */
final class Hooks
{
    /**
     * What each file registered when this process included it: its functions cannot be
     * declared twice, so a later host of the same process is given them again.
     *
     * @var array<string, list<array{string, int, callable|string}>>
     */
    private static array $recorded = [];
    private static string $mode = '';

    private Faults $faults;
    /** @var array<string, array<int, list<callable|string>>> */
    private array $points = [];
    private string $reading = '';

    public function __construct(Faults $faults)
    {
        $this->faults = $faults;
    }

    /** @param callable|string $function */
    public function add(string $point, int $priority, $function): void
    {
        if ($this->reading !== '') {
            self::$recorded[$this->reading][] = [$point, $priority, $function];
        }
        $this->points[$point][$priority][] = $function;
    }

    /**
     * @param mixed $arguments
     * @return list<mixed> what the functions returned, without null
     */
    public function run(string $point, $arguments = []): array
    {
        $results = [];
        $priorities = $this->points[$point] ?? [];
        ksort($priorities);
        foreach ($priorities as $functions) {
            foreach ($functions as $function) {
                $result = $this->faults->guard("A hook at $point", static fn () => $function($arguments));
                if ($result !== null) {
                    $results[] = $result;
                }
            }
        }
        return $results;
    }

    public function has(string $point): bool
    {
        return isset($this->points[$point]);
    }

    /** Includes the hook files that the options ask for. */
    public function load(Options $options): void
    {
        $mode = $options->hookMode;
        if ($mode === 'D') {
            return;
        }
        if (self::$mode !== '' && self::$mode !== $mode) {
            throw new LogicException("This process has loaded hook files in mode " . self::$mode . '; use another.');
        }
        self::$mode = $mode;
        foreach ($this->files($mode, $options->onlyHooksOf) as $file) {
            $this->include($file);
        }
    }

    /**
     * @param list<string>|null $only
     * @return list<string>
     */
    private function files(string $mode, ?array $only): array
    {
        $files = [];
        foreach ($mode === 'B' ? [] : Settings::hookedModules() as $module) {
            $files[ROOTDIR . "/modules/servers/$module/hooks.php"] = $module;
        }
        foreach ($mode === 'A' ? [] : (glob(ROOTDIR . '/includes/hooks/[!_]*.php') ?: []) as $file) {
            $files[$file] = basename($file, '_ui_overrides.php');
        }
        $wanted = $only === null ? $files : array_intersect($files, $only);
        return array_values(array_filter(array_keys($wanted), 'is_file'));
    }

    private function include(string $file): void
    {
        if (isset(self::$recorded[$file])) {
            foreach (self::$recorded[$file] as [$point, $priority, $function]) {
                $this->points[$point][$priority][] = $function;
            }
            return;
        }
        self::$recorded[$file] = [];
        $this->reading = $file;
        try {
            $this->faults->guard('The hook file ' . basename($file), static function () use ($file): void {
                require $file;
            });
        } finally {
            $this->reading = '';
        }
    }
}
