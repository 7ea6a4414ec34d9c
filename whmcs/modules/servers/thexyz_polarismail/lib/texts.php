<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

defined('WHMCS') || die('This file cannot be accessed directly');

/** The module's own words, in the language of whoever reads them. */
final class Texts
{
    /** WHMCS's names of languages, as the service calls them. */
    private const CODES = ['german' => 'de', 'french' => 'fr', 'spanish' => 'es']
        + ['portuguese-br' => 'pt-br', 'portuguese-pt' => 'pt-br', 'indonesian' => 'id'];

    /** @var array<string, array<string, string>> texts by language */
    private static array $loaded = [];

    /** @param array<string, int|string> $values filled in for {name} */
    public static function get(string $key, array $values = []): string
    {
        $marks = array_map(static fn (string $name): string => '{' . $name . '}', array_keys($values));
        return strtr(self::all()[$key] ?? $key, array_combine($marks, array_map('strval', $values)));
    }

    /** @return array<string, string> */
    public static function all(): array
    {
        $language = self::language();
        return self::$loaded[$language] ??= array_merge(self::read('english'), self::read($language));
    }

    /** For Accept-Language, so that the service's sentences are in the same language. */
    public static function code(): string
    {
        return self::CODES[self::language()] ?? 'en';
    }

    /** @param mixed $names what the service calls settings: in words, with commas */
    public static function settings(mixed $names): string
    {
        $names = array_filter((array) $names, 'is_string');
        return implode(', ', array_map(static fn (string $name): string => self::get("plan_$name"), $names));
    }

    public static function missing(string $file): string
    {
        return self::get('file_missing', ['file' => '/modules/servers/' . Records::MODULE . "/$file"]);
    }

    /** A number of bytes in the unit that fits; units are decimal, as the mail platform's. */
    public static function size(mixed $bytes): string
    {
        if (!is_numeric($bytes)) {
            return '?';
        }
        $power = min(4, max(1, (int) floor(log10(max(1, (float) $bytes)) / 3)));
        $number = number_format((float) $bytes / 1000 ** $power, 1, self::get('decimal_mark'), '');
        return preg_replace('/\D0$/', '', $number) . [1 => ' kB', ' MB', ' GB', ' TB'][$power];
    }

    private static function language(): string
    {
        $session = $_SESSION ?? [];
        $staff = Params::isAdminArea() ? $session['adminlang'] ?? '' : '';
        foreach ([$staff, $session['Language'] ?? '', $GLOBALS['CONFIG']['Language'] ?? ''] as $name) {
            if (is_string($name) && preg_match('/^[a-z_-]{1,40}$/iD', $name)) {
                return strtolower($name);
            }
        }
        return 'english';
    }

    /** @return array<string, string> */
    private static function read(string $language): array
    {
        $file = dirname(__DIR__) . '/lang/' . basename($language) . '.php';
        $texts = is_file($file) ? include $file : [];
        return is_array($texts) ? $texts : [];
    }
}
