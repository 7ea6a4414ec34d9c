<?php

declare(strict_types=1);

namespace Standin;

/**
 * Imitates WHMCS's reversible encryption with a visible prefix, so that a value stored
 * without encrypt() is noticed, and remembers every plain text as a known secret.
 */
final class Secret
{
    private const PREFIX = 'enc:';
    private const SHORTEST = 4;

    /** @var array<string, true> */
    private static array $known = [];

    public static function encrypt(string $plain): string
    {
        self::know($plain);
        return self::PREFIX . base64_encode($plain);
    }

    public static function decrypt(string $stored): string
    {
        if ($stored === '') {
            return '';
        }
        $plain = str_starts_with($stored, self::PREFIX)
            ? base64_decode(substr($stored, strlen(self::PREFIX)), true)
            : false;
        return $plain === false ? "\xF0\x9F\xFFjunk" : $plain;
    }

    public static function know(string $plain): void
    {
        if (strlen($plain) >= self::SHORTEST) {
            self::$known[$plain] = true;
        }
    }

    public static function forget(): void
    {
        self::$known = [];
    }

    /** @return list<string> the known secrets that occur in a text, in any encoding a log might hold */
    public static function foundIn(string $text): array
    {
        $found = [];
        foreach (array_map('strval', array_keys(self::$known)) as $secret) {
            $spellings = [
                $secret,
                rawurlencode($secret),
                urlencode($secret),
                htmlspecialchars($secret, ENT_QUOTES),
                trim((string) json_encode($secret), '"'),
                base64_encode($secret),
            ];
            foreach ($spellings as $spelling) {
                if ($spelling !== '' && str_contains($text, $spelling)) {
                    $found[$secret] = $secret;
                }
            }
        }
        return array_values($found);
    }
}
