<?php

declare(strict_types=1);

namespace Standin;

/** The username and password that WHMCS makes before the first Create. */
final class Credentials
{
    private const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
    private const SYMBOLS = '!#$%()*+-=?@_{}[]';

    public static function fill(int $serviceId): void
    {
        $service = Row::service($serviceId);
        $set = [];
        if ($service->username === '') {
            $set['username'] = self::username($serviceId, (string) $service->domain);
        }
        if ($service->password === '') {
            $set['password'] = Secret::encrypt(self::password(Host::current()->options->generatedPassword));
        }
        if ($set !== []) {
            Row::updateService($serviceId, $set);
        }
    }

    private static function username(int $serviceId, string $domain): string
    {
        $asked = Host::current()->hooks->run(
            'OverrideModuleUsernameGeneration',
            ['params' => Params::ofService($serviceId)]
        );
        $names = array_filter($asked, static fn ($name): bool => is_string($name) && $name !== '');
        if ($names !== []) {
            return (string) end($names);
        }
        $letters = (string) preg_replace('/[^a-z0-9]/', '', strtolower($domain));
        return $letters === '' ? 'u' . bin2hex(random_bytes(4)) : substr($letters, 0, 8);
    }

    private static function password(string $style): string
    {
        if ($style === 'letters') {
            return self::pick(self::LETTERS, 10);
        }
        $mixed = self::pick(self::LETTERS, 10) . self::pick(self::SYMBOLS, 2) . 'a' . random_int(0, 9);
        return str_shuffle($mixed);
    }

    private static function pick(string $alphabet, int $count): string
    {
        $text = '';
        while (strlen($text) < $count) {
            $text .= $alphabet[random_int(0, strlen($alphabet) - 1)];
        }
        return $text;
    }
}
