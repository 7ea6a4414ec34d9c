<?php

declare(strict_types=1);

namespace Standin\Tests;

use LogicException;
use Standin\Cart;
use Standin\CustomFields;
use Standin\Orders;
use WHMCS\Database\Capsule;

final class CartTest extends SampleTestCase
{
    public function testGateOneIsGivenTheFormAndItsObjectionKeepsTheLineOut(): void
    {
        SampleHooks::$answers['ShoppingCartValidateProductUpdate'] = ['Taken.', ''];
        $placed = $this->tryOrder('anna');
        self::assertSame(['Taken.'], $placed['errors']);
        $given = SampleHooks::last('ShoppingCartValidateProductUpdate');
        self::assertSame([0, 'anna'], [$given['i'], $given['customfield'][$this->ids['mailbox']]]);
        self::assertSame([], $this->rows('tblorders'));
    }

    public function testGateTwoIsGivenNoProductsAndStopsTheOrder(): void
    {
        SampleHooks::$answers['ShoppingCartValidateCheckout'] = 'Twice the same.';
        self::assertSame(['Twice the same.'], $this->tryOrder('anna')['errors']);
        $given = SampleHooks::last('ShoppingCartValidateCheckout');
        self::assertArrayNotHasKey('products', $given);
        self::assertSame($this->ids['client'], $given['clientId']);
        self::assertSame([], $this->rows('tblhosting'));
        self::assertCount(1, $_SESSION['cart']['products']);
    }

    public function testARequiredFieldAndItsPatternAreCheckedByWhmcsItself(): void
    {
        self::assertSame(['Mailbox is required'], $this->tryOrder(' ')['errors']);
        Capsule::table('tblcustomfields')->where('id', $this->ids['mailbox'])->update(['regexpr' => '/^[a-z]+$/']);
        self::assertSame(['Mailbox is not valid'], $this->tryOrder('a b')['errors']);
    }

    public function testWhatIsTypedIsStoredEncodedAndReachesTheModuleSo(): void
    {
        $id = $this->order('Tom & "x" <b>');
        $this->command($id, 'Create');
        $encoded = 'Tom &amp; &quot;x&quot; &lt;b&gt;';
        self::assertSame($encoded, CustomFields::value($this->ids['mailbox'], $id));
        self::assertSame($encoded, $this->given('CreateAccount')['customfields']['Mailbox']);
    }

    public function testAnEncodedRequestIsNotEncodedTwice(): void
    {
        $this->boot(['encodeRequest' => true]);
        $this->get("/cart.php?a=add&pid={$this->ids['product']}");
        $typed = [$this->ids['mailbox'] => 'a & b'];
        $this->post('/cart.php', ['a' => 'confproduct', 'i' => '0', 'customfield' => $typed]);
        self::assertSame('a &amp; b', $_SESSION['cart']['products'][0]['customfields'][$this->ids['mailbox']]);
    }

    public function testTheCheckoutHookIsGivenTheServices(): void
    {
        $id = $this->order('anna');
        $given = SampleHooks::last('AfterShoppingCartCheckout');
        self::assertSame([$id], $given['ServiceIDs']);
        self::assertSame((int) $this->service($id)->orderid, $given['OrderID']);
    }

    public function testSeveralOfOneLineShareWhatWasTyped(): void
    {
        $this->order('anna', 'thexyz.com', ['qty' => '2']);
        $services = $this->rows('tblhosting');
        self::assertCount(2, $services);
        foreach ($services as $service) {
            self::assertSame('anna', CustomFields::value($this->ids['mailbox'], (int) $service->id));
        }
    }

    /** @return array<string, array{string, string}> */
    public static function moments(): array
    {
        return ['on order' => ['order', 'Active'], 'on payment' => ['payment', 'Pending'],
            'on acceptance' => ['on', 'Pending'], 'never' => ['', 'Pending']];
    }

    /** @dataProvider moments */
    public function testAutomaticSetupHappensAtItsMoment(string $moment, string $afterCheckout): void
    {
        Capsule::table('tblproducts')->update(['autosetup' => $moment]);
        $id = $this->order('anna');
        $order = (int) $this->service($id)->orderid;
        self::assertSame($afterCheckout, $this->service($id)->domainstatus);
        $orders = new Orders($this->host);
        $orders->pay($order);
        $afterPayment = in_array($moment, ['order', 'payment'], true) ? 'Active' : 'Pending';
        self::assertSame($afterPayment, $this->service($id)->domainstatus);
        $orders->accept($order);
        self::assertSame($moment === '' ? 'Pending' : 'Active', $this->service($id)->domainstatus);
    }

    public function testAutomaticSetupOnOrderMayRunBeforeTheCheckoutHook(): void
    {
        Capsule::table('tblproducts')->update(['autosetup' => 'order']);
        $this->boot(['setupBeforeCheckoutHook' => true]);
        $this->order('anna');
        $points = array_column(SampleHooks::$runs, 0);
        self::assertLessThan(
            array_search('AfterShoppingCartCheckout', $points, true),
            array_search('AfterModuleCreate', $points, true)
        );
    }

    public function testCancelAndFraudEndWhatIsActiveAndDeleteComesLast(): void
    {
        $id = $this->active('anna');
        $order = (int) $this->service($id)->orderid;
        $orders = new Orders($this->host);
        try {
            $orders->delete($order);
            self::fail('A pending order was deleted.');
        } catch (LogicException $refusal) {
            self::assertStringContainsString('cancelled', $refusal->getMessage());
        }
        $orders->cancel($order);
        self::assertTrue($this->wasCalled('TerminateAccount'));
        self::assertSame('Cancelled', $this->service($id)->domainstatus);
        $orders->delete($order);
        self::assertSame([], $this->rows('tblhosting'));
        self::assertSame(['userid' => $this->ids['client'], 'serviceid' => $id], SampleHooks::last('ServiceDelete'));
        $pending = $this->order('bob');
        $orders->fraud((int) $this->service($pending)->orderid);
        self::assertSame('Fraud', $this->service($pending)->domainstatus);
    }

    public function testThePagesLeadFromTheProductToTheOrder(): void
    {
        self::assertStringContainsString('Premium Email Account', $this->get('/cart.php')->body);
        $answer = $this->get("/cart.php?a=add&pid={$this->ids['product']}");
        self::assertSame('cart.php?a=confproduct&i=0', $answer->location);
        $form = $this->get('/cart.php?a=confproduct&i=0')->body;
        self::assertStringContainsString("name=\"customfield[{$this->ids['mailbox']}]\"", $form);
        self::assertStringContainsString('Choose the first part of your email address', $form);
        $fields = ['ajax' => '1', 'a' => 'confproduct', 'i' => '0', 'customfield' => [$this->ids['mailbox'] => '']];
        self::assertSame('<li>Mailbox is required</li>', $this->post('/cart.php', $fields)->body);
        $fields['customfield'] = [$this->ids['mailbox'] => 'anna'];
        self::assertSame('', $this->post('/cart.php', $fields)->body);
        self::assertStringContainsString('anna', $this->get('/cart.php?a=view')->body);
        $done = $this->post('/cart.php?a=checkout', ['a' => 'checkout']);
        self::assertSame('cart.php?a=complete', $done->location);
        self::assertStringContainsString('Your Order Number is', $this->get('/cart.php?a=complete')->body);
        self::assertSame([], (new Cart($this->host))->lines());
    }

    public function testThePriceRefreshReachesTheHookAndStoresNothing(): void
    {
        $this->get("/cart.php?a=add&pid={$this->ids['product']}");
        $refresh = ['a' => 'confproduct', 'i' => '0', 'calctotal' => 'true', 'customfield' => []];
        self::assertSame('', $this->post('/cart.php', $refresh)->body);
        self::assertNotEmpty(SampleHooks::last('ShoppingCartValidateProductUpdate')['calctotal']);
        self::assertSame([], (new Cart($this->host))->lines()[0]['customfields']);
    }

    public function testNobodyChecksOutWithoutATokenOrASession(): void
    {
        $this->get("/cart.php?a=add&pid={$this->ids['product']}");
        self::assertSame(403, $this->post('/cart.php', ['a' => 'checkout', 'token' => 'wrong'])->status);
        unset($_SESSION['uid']);
        self::assertStringContainsString('Sign in', $this->post('/cart.php', ['a' => 'checkout'])->body);
        self::assertSame([], $this->rows('tblorders'));
    }
}
