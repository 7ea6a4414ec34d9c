<?php

declare(strict_types=1);

namespace Standin;

/** The token against forged requests, one a session. */
final class Tokens
{
    private bool $returns;

    /** @param bool $returns answer false instead of ending the request */
    public function __construct(bool $returns)
    {
        $this->returns = $returns;
    }

    public function generate(string $form): string
    {
        $_SESSION['standin_token'] ??= bin2hex(random_bytes(20));
        $token = (string) $_SESSION['standin_token'];
        return match ($form) {
            'plain' => $token,
            'link' => "&token=$token",
            default => '<input type="hidden" name="token" value="' . $token . '" />',
        };
    }

    public function isRight(): bool
    {
        $sent = $_POST['token'] ?? $_GET['token'] ?? '';
        return is_string($sent) && hash_equals($this->generate('plain'), $sent);
    }

    /** What WHMCS itself asks of a request before it lets a module act. */
    public function demandPost(): void
    {
        if (($_SERVER['REQUEST_METHOD'] ?? '') !== 'POST' || !$this->isRight()) {
            throw new RequestEnded('Invalid token. Go back, load the page again and repeat what you did.');
        }
    }

    public function check(string $form): bool
    {
        if ($this->isRight()) {
            return true;
        }
        if ($this->returns) {
            return false;
        }
        throw new RequestEnded("Invalid token ($form). Go back, load the page again and repeat what you did.");
    }
}
