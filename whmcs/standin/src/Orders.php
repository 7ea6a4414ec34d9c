<?php

declare(strict_types=1);

namespace Standin;

use LogicException;
use WHMCS\Database\Capsule;

/** Orders, from the cart until they are accepted, cancelled, called fraud or deleted. */
final class Orders
{
    private const CYCLE_DAYS = 30;

    private Host $host;

    public function __construct(Host $host)
    {
        $this->host = $host;
    }

    /**
     * Makes order, invoice and Pending services of the cart's lines.
     *
     * @param list<array<string, mixed>> $lines
     */
    public function place(int $clientId, array $lines, string $paymentMethod): int
    {
        $total = 0.0;
        foreach ($lines as $line) {
            $total += (float) Row::product((int) $line['pid'])->price * (int) $line['qty'];
        }
        $now = date('Y-m-d H:i:s');
        $invoice = (int) Capsule::table('tblinvoices')->insertGetId(
            ['userid' => $clientId, 'status' => 'Unpaid', 'total' => $total, 'date' => $now]
        );
        $number = (string) random_int(1_000_000_000, 9_999_999_999);
        $order = (int) Capsule::table('tblorders')->insertGetId(['userid' => $clientId, 'invoiceid' => $invoice,
            'ordernum' => $number, 'status' => 'Pending', 'paymentmethod' => $paymentMethod, 'amount' => $total,
            'date' => $now]);
        $services = [];
        foreach ($lines as $line) {
            // One line of several makes several services, which share what was typed.
            for ($count = 0; $count < (int) $line['qty']; $count++) {
                $services[] = $this->service($clientId, $order, $line, $paymentMethod);
            }
        }
        $this->host->logs->activity("New Order Placed - Order ID: $order", $clientId);
        $placed = ['OrderID' => $order, 'OrderNumber' => $number, 'ServiceIDs' => $services, 'AddonIDs' => [],
            'DomainIDs' => [], 'RenewalIDs' => [], 'PaymentMethod' => $paymentMethod, 'InvoiceID' => $invoice,
            'TotalDue' => number_format($total, 2, '.', '')];
        if ($this->host->options->setupBeforeCheckoutHook) {
            $this->setUp($order, 'order');
            $this->host->hooks->run('AfterShoppingCartCheckout', $placed);
        } else {
            $this->host->hooks->run('AfterShoppingCartCheckout', $placed);
            $this->setUp($order, 'order');
        }
        return $order;
    }

    /** @return array<int, string> service -> what its module said */
    public function accept(int $order): array
    {
        $results = $this->setUp($order, 'on');
        $this->status($order, 'Active');
        $this->host->hooks->run('AcceptOrder', ['orderid' => $order]);
        return $results;
    }

    /** @return array<int, string> service -> what its module said */
    public function pay(int $order): array
    {
        $row = Row::of('tblorders', $order);
        $invoice = (int) $row->invoiceid;
        Capsule::table('tblinvoices')->where('id', $invoice)->update(['status' => 'Paid']);
        $this->host->hooks->run('InvoicePaid', ['invoiceid' => $invoice]);
        $paid = ['orderId' => $order, 'userId' => (int) $row->userid, 'invoiceId' => $invoice];
        $this->host->hooks->run('OrderPaid', $paid);
        return $this->setUp($order, 'payment');
    }

    public function cancel(int $order): void
    {
        $this->end($order, 'Cancelled');
        $this->host->hooks->run('CancelOrder', ['orderid' => $order]);
    }

    public function fraud(int $order): void
    {
        $this->end($order, 'Fraud');
        $userId = (int) Row::of('tblorders', $order)->userid;
        $this->host->hooks->run('FraudOrder', ['orderid' => $order, 'userid' => $userId]);
    }

    public function delete(int $order): void
    {
        if (!in_array(Row::of('tblorders', $order)->status, ['Cancelled', 'Fraud'], true)) {
            throw new LogicException('Only a cancelled or fraudulent order can be deleted.');
        }
        $this->host->hooks->run('DeleteOrder', ['orderid' => $order]);
        foreach ($this->services($order) as $service) {
            $this->deleteService((int) $service->id);
        }
        Capsule::table('tblorders')->where('id', $order)->delete();
    }

    public function deleteService(int $id): void
    {
        $userId = (int) Row::service($id)->userid;
        $this->host->hooks->run('ServiceDelete', ['userid' => $userId, 'serviceid' => $id]);
        Capsule::table('tblhosting')->where('id', $id)->delete();
        Capsule::table('tblcustomfieldsvalues')->where('relid', $id)->delete();
        Capsule::table('tblhostingconfigoptions')->where('relid', $id)->delete();
    }

    /** @return list<object> */
    public function services(int $order): array
    {
        return Capsule::table('tblhosting')->where('orderid', $order)->orderBy('id')->get()->all();
    }

    /**
     * Creates the Pending services whose product is set up at this moment.
     *
     * @return array<int, string>
     */
    private function setUp(int $order, string $moment): array
    {
        $results = [];
        foreach ($this->services($order) as $service) {
            $product = Row::product((int) $service->packageid);
            $wanted = $product->autosetup === $moment && $product->servertype !== '';
            if ($wanted && $service->domainstatus === 'Pending') {
                $id = (int) $service->id;
                $results[$id] = $this->host->dispatcher->run($id, 'Create', [], true);
            }
        }
        return $results;
    }

    /** Ends what the module made, then the order and its services. */
    private function end(int $order, string $status): void
    {
        foreach ($this->services($order) as $service) {
            $id = (int) $service->id;
            if (in_array($service->domainstatus, ['Active', 'Suspended'], true)) {
                $this->host->dispatcher->run($id, 'Terminate', [], true);
            }
            Row::updateService($id, ['domainstatus' => $status]);
        }
        $this->status($order, $status);
    }

    private function status(int $order, string $status): void
    {
        Capsule::table('tblorders')->where('id', $order)->update(['status' => $status]);
    }

    /** @param array<string, mixed> $line */
    private function service(int $clientId, int $order, array $line, string $paymentMethod): int
    {
        $product = Row::product((int) $line['pid']);
        $id = (int) Capsule::table('tblhosting')->insertGetId([
            'userid' => $clientId,
            'orderid' => $order,
            'packageid' => $product->id,
            'server' => $this->server((int) $product->servergroup),
            'regdate' => date('Y-m-d'),
            'nextduedate' => date('Y-m-d', time() + self::CYCLE_DAYS * 86400),
            'domain' => (string) $line['domain'],
            'paymentmethod' => $paymentMethod,
            'firstpaymentamount' => $product->price,
            'amount' => $product->price,
            'billingcycle' => 'Monthly',
            'domainstatus' => 'Pending',
        ]);
        foreach ($line['customfields'] as $fieldId => $value) {
            CustomFields::store((int) $fieldId, $id, (string) $value);
        }
        Upgrades::storeOptions($id, $line['configoptions']);
        return $id;
    }

    /** The first active server of the group. */
    private function server(int $group): int
    {
        return (int) Capsule::table('tblservers as server')
            ->join('tblservergroupsrel as member', 'member.serverid', '=', 'server.id')
            ->where(['member.groupid' => $group, 'server.active' => 1, 'server.disabled' => 0])
            ->orderBy('server.id')->value('server.id');
    }
}
