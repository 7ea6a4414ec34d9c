<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

defined('WHMCS') || die('This file cannot be accessed directly');

/** The changes on the distribution lists page. Each answers in lines for that page. */
final class Lists
{
    /** What the service says of one member => how the line looks. */
    private const LOOKS = ['added' => 'success', 'removed' => 'success', 'already' => 'info', 'being_checked' => 'info'];

    /** @param array<string, mixed> $raw */
    public static function addList(array $raw): string
    {
        $input = ['handle' => Params::posted('handle'), 'members' => self::members()];
        return Changes::change($raw, 'lists', static function (Params $params) use ($input): array {
            $lines = Changes::ask($params, 'lists/add', $input, 'list_added', 'list_already');
            return array_merge($lines, self::results($lines[0]['results']));
        });
    }

    /** @param array<string, mixed> $raw */
    public static function removeList(array $raw): string
    {
        $input = ['handle' => Params::posted('list')];
        $work = static fn (Params $params): array => Changes::ask($params, 'lists/remove', $input, 'list_removed');
        return Changes::change($raw, 'lists', $work);
    }

    /** @param array<string, mixed> $raw */
    public static function addListMembers(array $raw): string
    {
        return self::changeMembers($raw, 'add', self::members());
    }

    /** @param array<string, mixed> $raw */
    public static function removeListMember(array $raw): string
    {
        return self::changeMembers($raw, 'remove', [Params::posted('member')]);
    }

    /**
     * @param array<string, mixed> $raw
     * @param string[] $members
     */
    private static function changeMembers(array $raw, string $verb, array $members): string
    {
        $input = ['handle' => Params::posted('list'), 'members' => $members];
        return Changes::change($raw, 'lists', static function (Params $params) use ($verb, $input): array {
            $lines = Changes::ask($params, "lists/members/$verb", $input, 'members_none');
            return self::results($lines[0]['results']) ?: $lines;
        });
    }

    /** @return string[] one per line, or with commas or blanks between */
    private static function members(): array
    {
        return preg_split('/[\s,;]+/', Params::posted('members'), -1, PREG_SPLIT_NO_EMPTY) ?: [];
    }

    /**
     * @param array<int, mixed> $results
     * @return array<int, array{type: string, text: string}> one line for each member
     */
    private static function results(array $results): array
    {
        return array_map(static function (array $result): array {
            $values = array_map('strval', array_filter($result, 'is_scalar'));
            $values += ['member' => '', 'status' => '', 'detail' => ''];
            $look = self::LOOKS[$values['status']] ?? 'error';
            $key = $look === 'error' ? 'member_refused' : "member_{$values['status']}";
            return ['type' => $look, 'text' => Texts::get($key, $values)];
        }, array_values(array_filter($results, 'is_array')));
    }
}
