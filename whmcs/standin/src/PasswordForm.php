<?php

declare(strict_types=1);

namespace Standin;

/** WHMCS's own form of the tab Change Password. */
final class PasswordForm
{
    /** @return array<string, string> the variables that say how it went; none when nothing was posted */
    public static function answer(Host $host, int $serviceId): array
    {
        if (Asked::text('modulechangepassword') === '') {
            return [];
        }
        $host->tokens->demandPost();
        $new = Asked::text('newpw');
        Secret::know($new);
        if (Row::service($serviceId)->domainstatus !== 'Active') {
            return self::said('error', 'The password can be changed only while the service is active.');
        }
        if ($new === '' || $new !== Asked::text('confirmpw')) {
            return self::said('error', 'The passwords you entered did not match');
        }
        $result = $host->dispatcher->run($serviceId, 'ChangePassword', ['password' => $new]);
        return $result === 'success'
            ? self::said('success', 'Your password has been changed successfully!')
            : self::said('error', $result);
    }

    /** @return array<string, string> */
    private static function said(string $result, string $text): array
    {
        return ['modulechangepwresult' => $result, 'modulechangepasswordmessage' => $text];
    }
}
