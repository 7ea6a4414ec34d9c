<?php

declare(strict_types=1);

namespace Standin\Admin;

use LogicException;
use Standin\Answer;
use Standin\Orders;
use Standin\Row;
use WHMCS\Database\Capsule;

/** Orders: accept, cancel, fraud, delete, and the payment that may set up. */
final class OrdersPage extends Page
{
    protected function show(): Answer
    {
        if ($this->asked('action') === 'view') {
            return $this->order($this->id());
        }
        $orders = Capsule::table('tblorders as order')
            ->join('tblclients as client', 'client.id', '=', 'order.userid')
            ->leftJoin('tblinvoices as invoice', 'invoice.id', '=', 'order.invoiceid')->orderByDesc('order.id')
            ->get(['order.*', 'client.firstname', 'client.lastname', 'invoice.status as payment']);
        return $this->page('orders', 'Orders', ['orders' => $orders->all()]);
    }

    protected function act(string $action): Answer
    {
        $id = $this->id();
        $orders = new Orders($this->host);
        $results = [];
        try {
            match ($action) {
                'accept' => $results = $orders->accept($id),
                'pay' => $results = $orders->pay($id),
                'cancel' => $orders->cancel($id),
                'fraud' => $orders->fraud($id),
                'delete' => $orders->delete($id),
            };
        } catch (LogicException $refusal) {
            $this->say($refusal->getMessage(), false);
            return Answer::redirect("orders.php?action=view&id=$id");
        }
        foreach ($results as $service => $result) {
            $this->sayResult("Service $service, Create", $result);
        }
        $this->say('Changes Saved Successfully!');
        return Answer::redirect($action === 'delete' ? 'orders.php' : "orders.php?action=view&id=$id");
    }

    private function order(int $id): Answer
    {
        $order = Row::of('tblorders', $id);
        $services = Capsule::table('tblhosting as service')
            ->join('tblproducts as product', 'product.id', '=', 'service.packageid')->where('service.orderid', $id)
            ->get(['service.*', 'product.name as product']);
        return $this->page('order', 'Orders', [
            'order' => $order,
            'client' => Row::of('tblclients', (int) $order->userid),
            'payment' => Capsule::table('tblinvoices')->where('id', $order->invoiceid)->value('status'),
            'services' => $services->all(),
        ]);
    }
}
