<?php

declare(strict_types=1);

namespace Standin\Tests\Module\Fake;

/** What the real service answers when all is well; docs/api.md has each of them. */
final class Answers
{
    private const MAY = ['password', 'webmail', 'alias_add', 'alias_remove', 'list_add', 'list_remove', 'members'];

    /** @return array<string, array<string, mixed>> */
    public static function good(): array
    {
        $state = static fn (string $state): array => ['json' => ['state' => $state, 'calls' => []]];
        $overview = ['json' => self::overview()];
        $service = ['username' => '{handle}@{domain}', 'domain' => '{domain}'];
        $made = ['json' => ['state' => 'active', 'address' => '{handle}@{domain}', 'service' => $service]];
        return [
            'connection-test' => ['json' => ['ok' => true, 'domains' => ['thexyz.com']]],
            'availability' => ['json' => ['available' => true, 'address' => '{handle}@{domain}', 'code' => 'available',
                'detail' => '', 'suggestions' => []]],
            'pending' => ['json' => ['pending' => []]],
            'usage' => ['json' => ['usage' => []]],
            'reserve' => ['json' => ['state' => 'held', 'address' => '{handle}@{domain}']],
            'release' => ['json' => ['state' => 'released', 'released' => 1]],
            'create' => $made,
            'adopt' => $made,
            'suspend' => $state('suspended'),
            'unsuspend' => $state('active'),
            'terminate' => $state('terminated'),
            'password' => $state('active'),
            'plan' => ['json' => ['state' => 'active', 'changed' => [], 'unconfirmed' => []]],
            'check' => ['json' => ['state' => 'active', 'address' => 'anna@thexyz.com', 'presence' => 'present',
                'differences' => [], 'needs_staff' => false]],
            'release-name' => ['json' => ['state' => 'released', 'detail' => 'It is free now.']],
            'webmail-login' => ['json' => self::login()],
            'overview' => $overview,
            'aliases/add' => $overview,
            'aliases/remove' => $overview,
            'lists/add' => $overview,
            'lists/remove' => $overview,
            'lists/members/add' => $overview,
            'lists/members/remove' => $overview,
        ];
    }

    /** @return array<string, mixed> */
    public static function login(string $method = 'POST'): array
    {
        return ['method' => $method, 'url' => 'https://webmail.example/login',
            'fields' => ['ticket' => 'One-Time/Ticket+77&"x"']];
    }

    /**
     * @param array<string, mixed> $changed
     * @return array<string, mixed>
     */
    public static function overview(array $changed = []): array
    {
        return $changed + [
            'address' => 'anna@thexyz.com',
            'domain' => 'thexyz.com',
            'display_name' => 'Michael Example',
            'state' => 'active',
            'usage' => ['used_bytes' => 1_500_000_000, 'quota_gb' => 25.0, 'last_login_at' => '2026-05-01T09:30:00+00:00',
                'seen_at' => '2026-05-01T12:00:00+00:00', 'fresh' => false],
            'plan' => ['account_type' => 'Basic', 'quota_gb' => 25.0, 'language' => 'en',
                'timezone' => 'America/Montreal', 'date_format' => 'yyyy-mm-dd'],
            'limits' => ['aliases' => ['used' => 1, 'max' => 25], 'lists' => ['used' => 1, 'max' => 5]],
            'aliases' => [['handle' => 'orders-in', 'address' => 'orders-in@thexyz.com', 'state' => 'active',
                'destination' => 'anna@thexyz.com', 'added_at' => '2026-05-01T12:00:00+00:00']],
            'lists' => [['handle' => 'team', 'address' => 'team@thexyz.com', 'state' => 'active',
                'members' => [['address' => 'b@example.org', 'state' => 'active']]]],
            'mail_program' => ['username' => 'anna@thexyz.com', 'servers' => [
                ['protocol' => 'IMAP', 'host' => 'imap.emailarray.com', 'port' => 993, 'security' => 'SSL/TLS'],
                ['protocol' => 'SMTP', 'host' => 'smtp.emailarray.com', 'port' => 465, 'security' => 'SSL/TLS'],
            ]],
            'may' => self::may(true),
        ];
    }

    /** @return array<string, array<string, mixed>> */
    public static function may(bool $allowed, string $sentence = ''): array
    {
        $each = ['allowed' => $allowed, 'code' => '', 'params' => [], 'sentence' => $allowed ? '' : $sentence];
        return array_fill_keys(self::MAY, $each);
    }

    /**
     * A refusal as the service words it.
     *
     * @param array<string, mixed> $more
     * @return array{status: int, json: array<string, mixed>, type: string}
     */
    public static function problem(int $status, string $code, string $detail, array $more = []): array
    {
        return ['status' => $status, 'type' => 'application/problem+json',
            'json' => ['status' => $status, 'code' => $code, 'detail' => $detail] + $more];
    }
}
