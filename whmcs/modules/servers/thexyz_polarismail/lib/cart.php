<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

defined('WHMCS') || die('This file cannot be accessed directly');

/**
 * Checks addresses in the cart, before anybody pays.
 *
 * It asks the service and lets everything pass that the service does not refuse, also
 * when it does not answer in time: CreateAccount decides.
 */
final class Cart
{
    /** With less time left than this the service is not asked. */
    public const LEAST_MS = 500;

    private float $until;

    public function __construct()
    {
        $this->until = microtime(true) + Bridge::CART_MS / 1000;
    }

    /**
     * One product that is being configured.
     *
     * @param array<string, mixed> $vars the form
     * @return string[] errors, as HTML
     */
    public function ofProduct(array $vars): array
    {
        $line = self::lines()[(int) ($vars['i'] ?? -1)] ?? [];
        $product = Records::product((int) ($line['pid'] ?? $vars['pid'] ?? 0));
        $fields = array_filter((array) ($vars['customfield'] ?? []), 'is_scalar');
        // With calctotal only the price is refreshed: nobody has typed an address yet.
        if ($product === [] || $fields === [] || !empty($vars['calctotal'])) {
            return [];
        }
        $wanted = self::wanted($product, $fields, (string) ($line['domain'] ?? ''));
        $errors = self::tooMany($vars + $line) ? [Texts::get('cart_quantity')] : [];
        if ($wanted['handle'] !== '') {
            $errors[] = $this->check($product, $wanted)['error'];
        }
        return self::html($errors);
    }

    /** @return string[] errors of all lines of the cart, as HTML */
    public function ofCheckout(): array
    {
        $errors = [];
        $addresses = [];
        foreach (self::lines() as $line) {
            $product = Records::product((int) ($line['pid'] ?? 0));
            if ($product === []) {
                continue;
            }
            if (Records::fieldId($product['pid'], 'Mailbox') === 0) {
                $errors[] = Texts::get('cart_field_missing');
                continue;
            }
            $wanted = self::wanted($product, (array) ($line['customfields'] ?? []), (string) ($line['domain'] ?? ''));
            $found = $this->check($product, $wanted);
            $address = $found['address'] ?: strtolower($wanted['handle'] . '@' . $wanted['domain']);
            $errors[] = self::tooMany($line) ? Texts::get('cart_quantity') : '';
            $errors[] = $found['error'];
            $errors[] = isset($addresses[$address]) ? Texts::get('cart_twice', ['address' => $wanted['handle']]) : '';
            $addresses[$address] = true;
        }
        return self::html($errors);
    }

    /**
     * @param array<string, mixed> $product
     * @param array{handle: string, domain: string} $wanted
     * @return array{address: string, error: string}
     */
    private function check(array $product, array $wanted): array
    {
        $body = ['plan' => Params::of($product)->plan(), 'actor' => Params::actor('client')] + $wanted;
        $found = ['address' => '', 'error' => ''];
        if ($this->left() < self::LEAST_MS) {
            return $found;
        }
        $answer = Bridge::ask('availability', $body, $this->left());
        $isRefused = $answer->isGood() && ($answer->body['available'] ?? true) === false;
        if ($isRefused || ($answer->status === 422 && $answer->text('field') === 'handle')) {
            $names = implode(', ', array_filter((array) ($answer->body['suggestions'] ?? []), 'is_string'));
            $detail = $isRefused ? $answer->text('detail') : '';
            $found['error'] = $detail ?: Texts::get('cart_not_available');
            $found['error'] .= $names === '' ? '' : ' ' . Texts::get('cart_free', ['names' => $names]);
        }
        return ['address' => $answer->text('address')] + $found;
    }

    public function left(): int
    {
        return (int) max(0, ($this->until - microtime(true)) * 1000);
    }

    /**
     * What a customer asks for, from fields by their ids.
     *
     * @param array<string, mixed> $product
     * @param array<int|string, mixed> $fields
     * @return array{handle: string, domain: string}
     */
    private static function wanted(array $product, array $fields, string $domain): array
    {
        $id = static fn (string $name): int => Records::fieldId($product['pid'], $name);
        $typed = static fn (string $name): string => Params::decode($fields[$id($name)] ?? '');
        return ['handle' => $typed('Mailbox'), 'domain' => Params::decode($domain) ?: $typed('Domain')];
    }

    /** @param array<string, mixed> $line several services of one line would share one name */
    private static function tooMany(array $line): bool
    {
        return is_numeric($line['qty'] ?? 1) && (int) ($line['qty'] ?? 1) > 1;
    }

    /** @return array<int|string, array<string, mixed>> */
    private static function lines(): array
    {
        return array_filter((array) ($_SESSION['cart']['products'] ?? []), 'is_array');
    }

    /**
     * The theme prints errors as they are; what was typed may be encoded already.
     *
     * @param string[] $errors
     * @return string[]
     */
    private static function html(array $errors): array
    {
        $html = static fn (string $error): string => htmlspecialchars($error, ENT_QUOTES, 'UTF-8', false);
        return array_values(array_map($html, array_unique(array_filter($errors))));
    }
}
