<?php

declare(strict_types=1);

namespace WHMCS\Authentication;

use WHMCS\Database\Capsule;

/** Who is signed in, by the session. */
final class CurrentUser
{
    public function isAuthenticatedUser(): bool
    {
        return $this->user() !== null;
    }

    public function isAuthenticatedAdmin(): bool
    {
        return $this->admin() !== null;
    }

    public function isMasqueradingAdmin(): bool
    {
        return $this->isAuthenticatedUser() && $this->isAuthenticatedAdmin();
    }

    /** In the stand-in each client has one user, of the same id. */
    public function user(): ?object
    {
        return $this->client();
    }

    public function admin(): ?object
    {
        return $this->row('tbladmins', 'adminid');
    }

    public function client(): ?object
    {
        return $this->row('tblclients', 'uid');
    }

    private function row(string $table, string $key): ?object
    {
        $id = (int) ($_SESSION[$key] ?? 0);
        return $id > 0 ? Capsule::table($table)->where('id', $id)->first() : null;
    }
}
