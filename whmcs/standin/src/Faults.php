<?php

declare(strict_types=1);

namespace Standin;

use Closure;
use Throwable;

/**
 * Notices what a module must never do: warnings, stray output, exceptions, answers of
 * the wrong type. A test fails on each; a page shows them in a red box.
 */
final class Faults
{
    /** @var list<string> */
    private array $found = [];
    /** @var (Closure(string): void)|null */
    private ?Closure $keeper;
    private int $depth = 0;
    /** @var callable|null */
    private $previous;

    /** @param (Closure(string): void)|null $keeper stores a fault beyond this request */
    public function __construct(?Closure $keeper = null)
    {
        $this->keeper = $keeper;
    }

    public function watch(): void
    {
        $this->previous = set_error_handler([$this, 'onError']);
    }

    public function unwatch(): void
    {
        restore_error_handler();
    }

    public function record(string $text): void
    {
        $this->found[] = $text;
        if ($this->keeper !== null) {
            ($this->keeper)($text);
        }
    }

    /** @return list<string> */
    public function found(): array
    {
        return $this->found;
    }

    /** @return list<string> what was found, which is forgotten by this */
    public function take(): array
    {
        [$found, $this->found] = [$this->found, []];
        return $found;
    }

    /**
     * Runs foreign code: what it prints is a fault and goes nowhere.
     *
     * @return mixed what the code returns
     */
    public function guard(string $what, callable $call)
    {
        ob_start();
        $level = ob_get_level();
        $this->depth++;
        try {
            return $call();
        } catch (RequestEnded $ended) {
            throw $ended;
        } catch (Throwable $error) {
            // The inner of two guards has recorded it already.
            if (!$error instanceof ModuleCrash) {
                $where = basename($error->getFile()) . ':' . $error->getLine();
                $text = "$what ended with " . get_class($error) . ": {$error->getMessage()} ($where)";
                $this->record($text);
                throw new ModuleCrash($text, 0, $error);
            }
            throw $error;
        } finally {
            $this->depth--;
            $printed = '';
            while (ob_get_level() >= $level) {
                $printed = ob_get_clean() . $printed;
            }
            if ($printed !== '') {
                $this->record("$what printed: " . substr($printed, 0, 300));
            }
        }
    }

    public function onError(int $level, string $text, string $file = '', int $line = 0): bool
    {
        if ((error_reporting() & $level) === 0) {
            return false;
        }
        if ($level === E_DEPRECATED && self::isOfSmarty3($text, $file)) {
            return true;
        }
        if ($this->depth === 0 && $this->previous !== null) {
            return (bool) ($this->previous)($level, $text, $file, $line);
        }
        $this->record("PHP said: $text (" . basename(dirname($file)) . '/' . basename($file) . ":$line)");
        return true;
    }

    /** Smarty 3 was written for older PHP: its own deprecations are not the module's. */
    private static function isOfSmarty3(string $text, string $file): bool
    {
        return str_contains($file, '/smarty3/') || str_starts_with($text, 'Creation of dynamic property Smarty_');
    }
}
