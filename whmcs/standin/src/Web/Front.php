<?php

declare(strict_types=1);

namespace Standin\Web;

use Standin\Admin;
use Standin\Answer;
use Standin\Host;
use Standin\ModuleCrash;
use Standin\RequestEnded;

/** The pages by their paths, which are WHMCS's own. */
final class Front
{
    private const ADMIN = [
        'index.php' => Admin\HomePage::class,
        'configservers.php' => Admin\ServersPage::class,
        'configproducts.php' => Admin\ProductsPage::class,
        'configproductoptions.php' => Admin\OptionsPage::class,
        'orders.php' => Admin\OrdersPage::class,
        'clientsservices.php' => Admin\ServicePage::class,
        'systemmodulelog.php' => Admin\ModuleLogPage::class,
        'modulequeue.php' => Admin\QueuePage::class,
        'systemactivitylog.php' => Admin\ActivityPage::class,
        'standin.php' => Admin\SwitchesPage::class,
    ];

    private const LANGUAGES = ['english', 'german', 'french', 'spanish', 'portuguese-br', 'indonesian'];

    private Host $host;

    public function __construct(Host $host)
    {
        $this->host = $host;
    }

    /** Answers the request that the superglobals describe. */
    public function answer(string $path): Answer
    {
        $this->encodeRequest();
        // As WHMCS does on every page: ?language=german stays for the session.
        if (in_array($_GET['language'] ?? null, self::LANGUAGES, true)) {
            $_SESSION['Language'] = $_GET['language'];
        }
        try {
            return $this->route(ltrim($path, '/'));
        } catch (RequestEnded $ended) {
            return (new Shell($this->host))->message('Invalid token', $ended->getMessage(), 403);
        } catch (ModuleCrash $crash) {
            // WHMCS would show a white page; here it says why.
            return (new Shell($this->host))->message('The module ended with an error', $crash->getMessage(), 500);
        }
    }

    private function route(string $path): Answer
    {
        if ($path === 'admin' || str_starts_with($path, 'admin/')) {
            return $this->admin(substr($path, strlen('admin/')) ?: 'index.php');
        }
        return match ($path) {
            '', 'index.php' => Answer::redirect('clientarea.php'),
            'clientarea.php', 'upgrade.php', 'logout.php', 'dologin.php'
                => (new ClientPages($this->host))->answer($path),
            'cart.php' => (new CartPages($this->host))->answer(),
            'standin.php' => (new Shell($this->host))->limits(),
            default => (new Shell($this->host))->message('Page not found', 'The stand-in has no such page.', 404),
        };
    }

    private function admin(string $page): Answer
    {
        if ($page === 'login.php' || $page === 'logout.php') {
            return (new Admin\LoginPage($this->host))->answer($page === 'logout.php');
        }
        if (empty($_SESSION['adminid'])) {
            return Answer::redirect('/admin/login.php');
        }
        $class = self::ADMIN[$page] ?? null;
        if ($class === null) {
            return (new Shell($this->host))->message('Page not found', 'The stand-in has no such page.', 404);
        }
        return (new $class($this->host))->answer();
    }

    private function encodeRequest(): void
    {
        if (!$this->host->options->encodeRequest) {
            return;
        }
        $encode = static function (&$value): void {
            $value = htmlspecialchars((string) $value, ENT_QUOTES, 'UTF-8');
        };
        array_walk_recursive($_GET, $encode);
        array_walk_recursive($_POST, $encode);
        array_walk_recursive($_REQUEST, $encode);
    }
}
