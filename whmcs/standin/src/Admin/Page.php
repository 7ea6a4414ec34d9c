<?php

declare(strict_types=1);

namespace Standin\Admin;

use Standin\Answer;
use Standin\Host;
use Standin\View;
use Standin\Web\FaultBox;

/** A page of the admin area: shows on GET, acts on POST with the admin's token, then redirects. */
abstract class Page
{
    protected const MENU = [
        'Home' => 'index.php',
        'Orders' => 'orders.php',
        'Clients > Products/Services' => 'clientsservices.php',
        'System Settings > Servers' => 'configservers.php',
        'System Settings > Products/Services' => 'configproducts.php',
        'System Settings > Configurable Options' => 'configproductoptions.php',
        'Utilities > Logs > Module Log' => 'systemmodulelog.php',
        'Utilities > Logs > Activity Log' => 'systemactivitylog.php',
        'Utilities > Module Queue' => 'modulequeue.php',
        'Stand-in' => 'standin.php',
    ];

    protected Host $host;

    final public function __construct(Host $host)
    {
        $this->host = $host;
    }

    abstract protected function show(): Answer;

    abstract protected function act(string $action): Answer;

    final public function answer(): Answer
    {
        if (($_SERVER['REQUEST_METHOD'] ?? '') !== 'POST') {
            return $this->show();
        }
        check_token('WHMCS.admin.default');
        return $this->act($this->posted('action'));
    }

    /** @param array<string, mixed> $variables */
    final protected function page(string $template, string $path, array $variables = []): Answer
    {
        $flash = $_SESSION['adminflash'] ?? [];
        unset($_SESSION['adminflash']);
        return Answer::body(View::admin($template, $variables + [
            'path' => $path,
            'menu' => static::MENU,
            'flash' => $flash,
            'faults' => FaultBox::unseen($this->host->faults),
            'token' => generate_token('plain'),
            'signedin' => !empty($_SESSION['adminid']),
        ]));
    }

    /** Says it on the next page; a sentence of a module is HTML, as WHMCS prints it. */
    final protected function say(string $text, bool $good = true): void
    {
        $_SESSION['adminflash'][] = ['good' => $good, 'text' => $text];
    }

    final protected function sayResult(string $what, string $result): void
    {
        $good = $result === 'success';
        $this->say($good ? "$what: Module Command Success" : "$what: Module Command Error - $result", $good);
    }

    final protected function posted(string $name): string
    {
        return is_string($_POST[$name] ?? null) ? trim($_POST[$name]) : '';
    }

    /** @return array<int|string, mixed> */
    final protected function postedList(string $name): array
    {
        return is_array($_POST[$name] ?? null) ? $_POST[$name] : [];
    }

    final protected function asked(string $name): string
    {
        return is_string($_GET[$name] ?? null) ? $_GET[$name] : '';
    }

    final protected function id(): int
    {
        return (int) ($this->posted('id') !== '' ? $this->posted('id') : $this->asked('id'));
    }
}
