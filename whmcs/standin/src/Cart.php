<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** The cart in the session, with its two gates before an order exists. */
final class Cart
{
    private Host $host;

    public function __construct(Host $host)
    {
        $this->host = $host;
        $_SESSION['cart']['products'] ??= [];
    }

    /** @return list<array<string, mixed>> */
    public function lines(): array
    {
        return $_SESSION['cart']['products'];
    }

    /** Puts a product into the cart; returns its index there. */
    public function add(int $productId): int
    {
        Row::product($productId);
        $_SESSION['cart']['products'][] = ['pid' => $productId, 'domain' => '', 'billingcycle' => 'monthly',
            'configoptions' => [], 'customfields' => [], 'addons' => [], 'qty' => 1];
        return (int) array_key_last($_SESSION['cart']['products']);
    }

    public function remove(int $index): void
    {
        unset($_SESSION['cart']['products'][$index]);
        $_SESSION['cart']['products'] = array_values($_SESSION['cart']['products']);
    }

    /** The price refresh of the order form: WHMCS may or may not ask the hook for it. */
    public function calculate(array $request): array
    {
        return $this->errors('ShoppingCartValidateProductUpdate', $request + ['calctotal' => true]);
    }

    /**
     * Gate 1: the product form. Stores what was typed, HTML-encoded, where nobody objects.
     *
     * @param array<string, mixed> $request i, customfield, configoption, domain, qty
     * @return list<string> HTML sentences; none means stored
     */
    public function configure(int $index, array $request): array
    {
        $line = $_SESSION['cart']['products'][$index] ?? null;
        if ($line === null) {
            return ['This item is not in your cart any more.'];
        }
        $fields = self::encoded((array) ($request['customfield'] ?? []));
        $errors = array_merge(
            CustomFields::objections((int) $line['pid'], $fields),
            $this->errors('ShoppingCartValidateProductUpdate', ['i' => $index] + $request)
        );
        if ($errors !== []) {
            return $errors;
        }
        $line['customfields'] = $fields;
        $line['configoptions'] = array_map('intval', (array) ($request['configoption'] ?? []));
        $line['qty'] = max(1, (int) ($request['qty'] ?? 1));
        if (isset($request['domain'])) {
            $line['domain'] = self::encoded([(string) $request['domain']])[0];
        }
        $_SESSION['cart']['products'][$index] = $line;
        return [];
    }

    /**
     * Gate 2, then the order; the cart is empty afterwards.
     *
     * @param array<string, mixed> $request paymentmethod and the like, never the products
     * @return array{errors: list<string>, order: int}
     */
    public function checkout(int $clientId, array $request = []): array
    {
        if ($this->lines() === []) {
            return ['errors' => ['Your shopping cart is empty.'], 'order' => 0];
        }
        $request += ['a' => 'checkout', 'submit' => true, 'paymentmethod' => 'banktransfer', 'clientId' => $clientId];
        $errors = [];
        foreach ($this->lines() as $line) {
            $errors = array_merge($errors, CustomFields::objections((int) $line['pid'], $line['customfields']));
        }
        $errors = array_merge($errors, $this->errors('ShoppingCartValidateCheckout', $request));
        if ($errors !== []) {
            return ['errors' => $errors, 'order' => 0];
        }
        $order = (new Orders($this->host))->place($clientId, $this->lines(), (string) $request['paymentmethod']);
        $_SESSION['cart']['products'] = [];
        return ['errors' => [], 'order' => $order];
    }

    /** @return array<int, array{option: object, items: list<object>}> the configurable options of a product */
    public static function options(int $productId): array
    {
        $options = Capsule::table('tblproductconfigoptions as option')
            ->join('tblproductconfiglinks as link', 'link.gid', '=', 'option.gid')
            ->where('link.pid', $productId)->where('option.hidden', 0)
            ->orderBy('option.order')->get('option.*');
        $found = [];
        foreach ($options as $option) {
            $items = Capsule::table('tblproductconfigoptionssub')->where(['configid' => $option->id, 'hidden' => 0])
                ->orderBy('sortorder')->get()->all();
            $found[(int) $option->id] = ['option' => $option, 'items' => $items];
        }
        return $found;
    }

    /**
     * @param array<string, mixed> $request
     * @return list<string>
     */
    private function errors(string $hook, array $request): array
    {
        $errors = [];
        foreach ($this->host->hooks->run($hook, $request) as $result) {
            foreach ((array) $result as $sentence) {
                $errors[] = (string) $sentence;
            }
        }
        return array_values(array_filter($errors, static fn (string $sentence): bool => $sentence !== ''));
    }

    /**
     * @param array<int|string, mixed> $values
     * @return array<int|string, string> as WHMCS stores what people type; encoded only once
     */
    private static function encoded(array $values): array
    {
        $twice = !Host::current()->options->encodeRequest;
        return array_map(
            static fn ($value): string => htmlspecialchars(trim((string) $value), ENT_QUOTES, 'UTF-8', $twice),
            $values
        );
    }
}
