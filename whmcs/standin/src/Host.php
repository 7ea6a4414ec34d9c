<?php

declare(strict_types=1);

namespace Standin;

use Closure;
use RuntimeException;

/** One WHMCS, from the outside: what the global functions and the pages talk to. */
final class Host
{
    public const VERSION = '8.13.1-release.1';

    private static ?self $current = null;

    public Options $options;
    public Faults $faults;
    public Logs $logs;
    public Hooks $hooks;
    public Tokens $tokens;
    public Modules $modules;
    public Dispatcher $dispatcher;
    public LocalApi $api;
    /** @var list<string> custom fields that serviceProperties->save() had to make up */
    public array $inventedFields = [];

    /** @param (Closure(string): void)|null $keeper stores faults beyond this request */
    private function __construct(Options $options, ?Closure $keeper)
    {
        $this->options = $options;
        $this->faults = new Faults($keeper);
        $this->logs = new Logs();
        $this->hooks = new Hooks($this->faults);
        $this->tokens = new Tokens($options->tokenReturns);
        $this->modules = new Modules($this->faults);
        $this->dispatcher = new Dispatcher($this);
        $this->api = new LocalApi($this);
    }

    /**
     * Starts on the connected database; ends the host before it.
     *
     * @param (Closure(string): void)|null $keeper
     */
    public static function boot(Options $options, ?Closure $keeper = null): self
    {
        self::shutDown();
        self::$current = new self($options, $keeper);
        self::$current->faults->watch();
        $GLOBALS['CONFIG'] = ['Language' => 'english', 'SystemURL' => Settings::get('SystemURL')];
        $_SESSION['Language'] ??= 'english';
        self::$current->hooks->load($options);
        return self::$current;
    }

    public static function current(): self
    {
        return self::$current ?? throw new RuntimeException('No stand-in host is booted.');
    }

    public static function shutDown(): void
    {
        if (self::$current !== null) {
            self::$current->faults->unwatch();
            self::$current = null;
        }
    }
}
