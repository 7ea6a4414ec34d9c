<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

use WHMCS\Database\Capsule;

defined('WHMCS') || die('This file cannot be accessed directly');

/** What WHMCS orders: each returns "success", or the sentence why not. */
final class Commands
{
    private const USAGE_PAGE = 1_000;

    /** @param array<string, mixed> $raw */
    public static function create(array $raw): string
    {
        $params = Params::of($raw);
        if ($params->fault() === '' && $params->handle() === null) {
            return Texts::get('mailbox_field_missing');
        }
        if ($params->isPasswordAmbiguous()) {
            return Texts::get('password_ambiguous');
        }
        $input = ['handle' => $params->handle(), 'domain' => $params->domain(), 'password' => $params->password()];
        $input['display_name'] = $params->ownerName();
        $answer = Bridge::askService($params, 'create', $input);
        $suggested = $answer->text('suggested_password');
        if ($answer->text('code') === 'password_unsuitable' && $suggested !== '') {
            // WHMCS first: it sends the password to the customer, so it must know it.
            if (!Records::save($params, ['Password' => $suggested])) {
                return Texts::get('password_not_saved');
            }
            $answer = Bridge::askService($params, 'create', ['password' => $suggested] + $input);
        }
        return $answer->reached('active') ? self::record($params, $answer) : $answer->sentence();
    }

    /** @param array<string, mixed> $raw */
    public static function suspend(array $raw): string
    {
        $params = Params::of($raw);
        $answer = Bridge::askService($params, 'suspend', ['reason' => $params->text('suspendreason')]);
        return $answer->reached('suspended') ? 'success' : $answer->sentence();
    }

    /** @param array<string, mixed> $raw */
    public static function unsuspend(array $raw): string
    {
        $answer = Bridge::askService(Params::of($raw), 'unsuspend');
        return $answer->reached('active') ? 'success' : $answer->sentence();
    }

    /** @param array<string, mixed> $raw */
    public static function terminate(array $raw): string
    {
        $params = Params::of($raw);
        $answer = Bridge::askService($params, 'terminate');
        if (!$answer->reached('terminated')) {
            return $answer->sentence();
        }
        Tables::forget($params->serviceId());
        return 'success';
    }

    /** @param array<string, mixed> $raw */
    public static function changePassword(array $raw): string
    {
        $params = Params::of($raw, Params::isAdminArea() ? 'automation' : 'client');
        if ($params->isPasswordAmbiguous()) {
            return Texts::get('password_ambiguous');
        }
        $answer = Bridge::askService($params, 'password', ['password' => $params->password()]);
        return $answer->reached('active', 'suspended') ? 'success' : $answer->sentence();
    }

    /** @param array<string, mixed> $raw */
    public static function changePackage(array $raw): string
    {
        // What the platform does not show back is named on the service's tab.
        $answer = Bridge::askService(Params::of($raw), 'plan');
        return $answer->reached('active', 'suspended') ? 'success' : $answer->sentence();
    }

    /**
     * Writes the recorded usage to the services of a server, found by their ids: on a
     * shared domain all of them have the same domain.
     *
     * @param array<string, mixed> $raw server fields only
     * @return string '', or why the usage was not updated
     */
    public static function updateUsage(array $raw): string
    {
        $last = 0;
        while ($ids = Records::onServer((int) Params::of($raw)->text('serverid'), $last, self::USAGE_PAGE)) {
            $answer = Bridge::ask('usage', ['refs' => array_map('strval', $ids)]);
            if (!$answer->isGood()) {
                return $answer->sentence();
            }
            foreach ((array) ($answer->body['usage'] ?? []) as $row) {
                self::writeUsage((array) $row, $ids);
            }
            $last = max($ids);
        }
        return '';
    }

    /** Saves what WHMCS must know of a mailbox that exists now; a repeat mends a failure. */
    public static function record(Params $params, Answer $answer): string
    {
        $service = (array) ($answer->body['service'] ?? []);
        $saved = ['Username' => (string) ($service['username'] ?? ''), 'Domain' => (string) ($service['domain'] ?? '')];
        $address = ['address' => $answer->text('address')];
        return Records::save($params, $saved) ? 'success' : Texts::get('record_not_saved', $address);
    }

    /**
     * @param array<string, mixed> $row
     * @param int[] $ids
     */
    private static function writeUsage(array $row, array $ids): void
    {
        $seen = strtotime((string) ($row['seen_at'] ?? ''));
        $serviceId = (int) ($row['ref'] ?? 0);
        if ($seen === false || !isset($row['used_mb']) || !in_array($serviceId, $ids, true)) {
            return;
        }
        $usage = ['diskusage' => (int) round((float) $row['used_mb']), 'bwusage' => 0, 'bwlimit' => 0];
        $usage['disklimit'] = (int) round((float) ($row['quota_mb'] ?? 0));
        Capsule::table('tblhosting')->where('id', $serviceId)
            ->update($usage + ['lastupdate' => date('Y-m-d H:i:s', $seen)]);
    }
}
