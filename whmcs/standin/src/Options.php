<?php

declare(strict_types=1);

namespace Standin;

/**
 * The points where WHMCS versions differ, or where nobody documents what they do.
 *
 * A module must come out the same whichever way each of them is set.
 */
final class Options
{
    /** Which copies of a hook file are loaded: A the module's, B the one in includes/hooks, C both, D none. */
    public string $hookMode = 'C';
    /** Hook files of these modules only; null: of all. Serves tests that share one root. */
    public ?array $onlyHooksOf = null;
    /** Ids reach the module as numeric strings instead of integers. */
    public bool $stringIds = false;
    /** Keys that older versions do not pass are left out. */
    public bool $dropOptional = false;
    /** 'Use SSL' reaches the module as 'on' instead of true. */
    public bool $secureAsText = false;
    /** $_GET, $_POST and $_REQUEST are HTML-encoded before a module sees them. */
    public bool $encodeRequest = false;
    /** What of a drop-down's item `1|Basic` is stored: item, left or right. */
    public string $dropdownStorage = 'item';
    /** Generated passwords: `symbols` (14 characters) or `letters` (10 letters and digits). */
    public string $generatedPassword = 'symbols';
    /** check_token() returns false instead of ending the request. */
    public bool $tokenReturns = false;
    /** modop=custom needs POST and token, as since 2025; off: plain links reach the module. */
    public bool $customNeedsToken = true;
    /** Templates are rendered under Smarty's security policy. */
    public bool $smartySecurity = false;
    /** Automatic setup on order runs before AfterShoppingCartCheckout instead of after it. */
    public bool $setupBeforeCheckoutHook = false;
    /** serviceProperties->save() throws, as with a database that has gone away. */
    public bool $savingFails = false;
    /** What the signed-in user may do for this client; null: everything. */
    public ?array $permissions = null;

    /** The switches of an admin page, with the values that each may have. */
    public const SWITCHES = [
        'hookMode' => ['A', 'B', 'C', 'D'],
        'stringIds' => [false, true],
        'dropOptional' => [false, true],
        'secureAsText' => [false, true],
        'encodeRequest' => [false, true],
        'dropdownStorage' => ['item', 'left', 'right'],
        'generatedPassword' => ['symbols', 'letters'],
        'tokenReturns' => [false, true],
        'customNeedsToken' => [false, true],
        'smartySecurity' => [false, true],
        'setupBeforeCheckoutHook' => [false, true],
    ];

    /** @param array<string, mixed> $values */
    public static function of(array $values): self
    {
        $options = new self();
        foreach ($values as $name => $value) {
            if (!property_exists($options, $name)) {
                throw new \InvalidArgumentException("There is no switch $name.");
            }
            $options->$name = $value;
        }
        return $options;
    }

    /** Reads the switches that the admin page stored. */
    public static function stored(): self
    {
        $options = new self();
        foreach (self::SWITCHES as $name => $values) {
            $text = Settings::get("Standin.$name");
            if ($text !== '') {
                $options->$name = is_bool($values[0]) ? $text === 'on' : $text;
            }
        }
        return $options;
    }
}
