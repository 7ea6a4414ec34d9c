<?php

declare(strict_types=1);

namespace Standin\Web;

use Standin\Answer;
use Standin\Asked;
use Standin\Cart;
use Standin\Host;
use Standin\Owned;
use Standin\Row;
use Standin\ServicePage;
use Standin\Upgrades;
use WHMCS\Database\Capsule;

/** The client area: sign-in, services, one service, upgrade and cancellation. */
final class ClientPages
{
    private Host $host;
    private Shell $shell;

    public function __construct(Host $host)
    {
        $this->host = $host;
        $this->shell = new Shell($host);
    }

    public function answer(string $path): Answer
    {
        if ($path === 'logout.php') {
            unset($_SESSION['uid']);
            return Answer::redirect('clientarea.php');
        }
        if ($path === 'dologin.php') {
            return $this->signIn();
        }
        return Shell::clientId() === 0 ? $this->loginForm('') : $this->page($path);
    }

    private function page(string $path): Answer
    {
        $id = (int) Asked::text('id');
        return match ($path === 'upgrade.php' ? 'upgrade' : Asked::text('action')) {
            'upgrade' => $this->upgrade($id),
            'productdetails' => $this->details($id),
            'cancel' => $this->cancel($id),
            default => Answer::page('services', ['pagetitle' => 'My Products & Services',
                'services' => Owned::services(Shell::clientId())] + $this->shell->base('clientarea')),
        };
    }

    private function details(int $id): Answer
    {
        $base = ['pagetitle' => 'Manage Product'] + $this->shell->base('clientarea');
        return (new ServicePage($this->host, $this->shell->view()))->answer($id, Shell::clientId(), $base);
    }

    private function signIn(): Answer
    {
        check_token();
        $client = Capsule::table('tblclients')->where('email', Asked::text('username'))->first();
        if ($client === null || !password_verify(Asked::text('password'), (string) $client->password)) {
            return $this->loginForm('Login Details Incorrect. Please try again.');
        }
        $_SESSION['uid'] = (int) $client->id;
        $target = $_SESSION['loginurl'] ?? 'clientarea.php';
        unset($_SESSION['loginurl']);
        return Answer::redirect((string) $target);
    }

    private function loginForm(string $error): Answer
    {
        if (($_SERVER['REQUEST_METHOD'] ?? 'GET') === 'GET') {
            $_SESSION['loginurl'] = (string) ($_SERVER['REQUEST_URI'] ?? 'clientarea.php');
        }
        return Answer::page('login', ['pagetitle' => 'Login', 'error' => $error] + $this->shell->base('login'));
    }

    /** A paid upgrade: the invoice counts as paid at once. */
    private function upgrade(int $id): Answer
    {
        $service = Owned::service($id, Shell::clientId());
        if ($service === null) {
            return $this->shell->message('Access Denied', 'This service is not yours.', 403);
        }
        $result = '';
        if (($_SERVER['REQUEST_METHOD'] ?? '') === 'POST') {
            check_token();
            $upgrades = new Upgrades($this->host);
            $result = isset($_POST['pid'])
                ? $this->upgradeProduct($upgrades, $id)
                : $upgrades->options($id, (array) ($_POST['configoption'] ?? []), true);
        }
        $product = Row::productOf($id);
        $others = Capsule::table('tblproducts')->whereIn('id', explode(',', (string) $product->upgrades))
            ->where('id', '<>', $product->id)->get(['id', 'name'])->all();
        $chosen = Capsule::table('tblhostingconfigoptions')->where('relid', $id)->pluck('optionid', 'configid')->all();
        return Answer::page('upgrade', ['pagetitle' => 'Upgrade/Downgrade', 'serviceid' => $id, 'result' => $result,
            'kind' => $_GET['type'] ?? 'package', 'products' => $others, 'chosen' => $chosen,
            'options' => Cart::options((int) $product->id)] + $this->shell->base('upgrade'));
    }

    private function upgradeProduct(Upgrades $upgrades, int $id): string
    {
        $productId = (int) $_POST['pid'];
        $asked = ['id' => $id, 'pid' => $productId];
        foreach ($this->host->hooks->run('ShoppingCartValidateUpgrade', $asked) as $errors) {
            return implode(' ', (array) $errors);
        }
        return $upgrades->product($id, $productId, true);
    }

    private function cancel(int $id): Answer
    {
        if (Owned::service($id, Shell::clientId()) === null) {
            return $this->shell->message('Access Denied', 'This service is not yours.', 403);
        }
        if (($_SERVER['REQUEST_METHOD'] ?? '') === 'POST') {
            check_token();
            $this->host->hooks->run('CancellationRequest', ['userid' => Shell::clientId(), 'relid' => $id,
                'reason' => (string) ($_POST['cancellationreason'] ?? ''), 'type' => 'Immediate']);
            $this->host->logs->activity("Cancellation request received - Service ID: $id", Shell::clientId());
            return $this->shell->message('Request received', 'Staff terminate the service in the admin area.', 200);
        }
        $base = $this->shell->base('clientarea');
        return Answer::page('cancel', ['pagetitle' => 'Request Cancellation', 'serviceid' => $id] + $base);
    }
}
