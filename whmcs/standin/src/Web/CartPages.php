<?php

declare(strict_types=1);

namespace Standin\Web;

use Standin\Answer;
use Standin\Cart;
use Standin\CustomFields;
use Standin\Host;
use Standin\Orders;
use Standin\PageVariables;
use Standin\Row;
use WHMCS\Database\Capsule;

/** The order pages: products, product form, review and checkout. */
final class CartPages
{
    private Host $host;
    private Shell $shell;
    private Cart $cart;

    public function __construct(Host $host)
    {
        $this->host = $host;
        $this->shell = new Shell($host);
        $this->cart = new Cart($host);
    }

    public function answer(): Answer
    {
        return ($_SERVER['REQUEST_METHOD'] ?? '') === 'POST' ? $this->act() : $this->show();
    }

    private function show(): Answer
    {
        return match ($_GET['a'] ?? '') {
            'add' => Answer::redirect('cart.php?a=confproduct&i=' . $this->cart->add((int) ($_GET['pid'] ?? 0))),
            'confproduct' => $this->form((int) ($_GET['i'] ?? -1), [], []),
            'view', 'checkout' => $this->review([]),
            'complete' => $this->complete(),
            default => $this->products(),
        };
    }

    private function act(): Answer
    {
        $index = (int) ($_POST['i'] ?? $_GET['i'] ?? -1);
        switch ($_POST['a'] ?? $_GET['a'] ?? '') {
            case 'confproduct':
                return $this->configure($index);
            case 'checkout':
                return $this->checkout();
            case 'remove':
                check_token();
                $this->cart->remove($index);
                return Answer::redirect('cart.php?a=view');
        }
        return $this->show();
    }

    /** The theme posts the form by AJAX: an empty answer means that it is stored. */
    private function configure(int $index): Answer
    {
        if (!empty($_POST['calctotal'])) {
            return Answer::body($this->list($this->cart->calculate($_POST)));
        }
        $errors = $this->cart->configure($index, $_POST);
        if (!empty($_POST['ajax'])) {
            return Answer::body($this->list($errors));
        }
        return $errors === [] ? Answer::redirect('cart.php?a=view') : $this->form($index, $errors, $_POST);
    }

    /** @param list<string> $errors HTML, printed as it is, as the themes do */
    private function list(array $errors): string
    {
        return implode('', array_map(static fn (string $error): string => "<li>$error</li>", $errors));
    }

    /**
     * @param list<string> $errors
     * @param array<string, mixed> $typed
     */
    private function form(int $index, array $errors, array $typed): Answer
    {
        $line = $this->cart->lines()[$index] ?? null;
        if ($line === null) {
            return Answer::redirect('cart.php');
        }
        $product = Row::product((int) $line['pid']);
        return Answer::page('cart-configure', [
            'pagetitle' => 'Configure',
            'index' => $index,
            'product' => $product,
            'price' => PageVariables::money($product->price),
            'fields' => CustomFields::onOrderForm((int) $product->id),
            'options' => Cart::options((int) $product->id),
            'errors' => $this->list($errors),
            'values' => ($typed['customfield'] ?? []) + $line['customfields'],
            'chosen' => ($typed['configoption'] ?? []) + $line['configoptions'],
            'domain' => $typed['domain'] ?? $line['domain'],
            'qty' => $typed['qty'] ?? $line['qty'],
        ] + $this->shell->base('cart'));
    }

    private function products(): Answer
    {
        $groups = [];
        foreach (Capsule::table('tblproductgroups')->orderBy('order')->orderBy('id')->get() as $group) {
            $products = Capsule::table('tblproducts')->where(['gid' => $group->id, 'hidden' => 0])->orderBy('id');
            $groups[] = ['name' => $group->name, 'products' => $products->get()->all()];
        }
        return Answer::page('cart-products', ['pagetitle' => 'Shopping Cart', 'groups' => $groups]
            + $this->shell->base('cart'));
    }

    /** @param list<string> $errors */
    private function review(array $errors): Answer
    {
        $lines = [];
        foreach ($this->cart->lines() as $line) {
            $product = Row::product((int) $line['pid']);
            $typed = [];
            foreach (CustomFields::onOrderForm((int) $product->id) as $field) {
                $typed[Row::label((string) $field->fieldname)] = $line['customfields'][$field->id] ?? '';
            }
            $price = PageVariables::money($product->price);
            $lines[] = ['name' => $product->name, 'price' => $price, 'qty' => $line['qty'], 'typed' => $typed];
        }
        return Answer::page('cart-review', ['pagetitle' => 'Review & Checkout', 'lines' => $lines,
            'errors' => $this->list($errors)] + $this->shell->base('cart'));
    }

    private function checkout(): Answer
    {
        check_token();
        if (Shell::clientId() === 0) {
            $_SESSION['loginurl'] = '/cart.php?a=view';
            $base = $this->shell->base('login');
            return Answer::page('login', ['pagetitle' => 'Login', 'error' => 'Sign in to check out.'] + $base);
        }
        $done = $this->cart->checkout(Shell::clientId(), $_POST);
        if ($done['errors'] !== []) {
            return $this->review($done['errors']);
        }
        $_SESSION['orderdetails'] = ['OrderID' => $done['order']];
        return Answer::redirect('cart.php?a=complete');
    }

    private function complete(): Answer
    {
        $order = (int) ($_SESSION['orderdetails']['OrderID'] ?? 0);
        $row = Capsule::table('tblorders')->where(['id' => $order, 'userid' => Shell::clientId()])->first();
        if ($row === null) {
            return Answer::redirect('cart.php');
        }
        return Answer::page('cart-complete', ['pagetitle' => 'Order Confirmation', 'order' => $row,
            'services' => (new Orders($this->host))->services($order)] + $this->shell->base('cart'));
    }
}
