<?php

declare(strict_types=1);

namespace Standin\Admin;

use Standin\Answer;
use Standin\Host;
use Standin\View;
use WHMCS\Database\Capsule;

/** The admin's sign-in. */
final class LoginPage
{
    private Host $host;

    public function __construct(Host $host)
    {
        $this->host = $host;
    }

    public function answer(bool $leave): Answer
    {
        if ($leave) {
            unset($_SESSION['adminid']);
        }
        $error = '';
        if (!$leave && ($_SERVER['REQUEST_METHOD'] ?? '') === 'POST') {
            $this->host->tokens->check('WHMCS.admin.default');
            $name = is_string($_POST['username'] ?? null) ? $_POST['username'] : '';
            $password = is_string($_POST['password'] ?? null) ? $_POST['password'] : '';
            $admin = Capsule::table('tbladmins')->where('username', $name)->first();
            if ($admin !== null && password_verify($password, (string) $admin->password)) {
                $_SESSION['adminid'] = (int) $admin->id;
                return Answer::redirect('/admin/index.php');
            }
            $error = 'Login Failed. Please Try Again.';
        }
        return Answer::body(View::admin('login', ['path' => 'Login', 'menu' => [], 'flash' => [], 'faults' => [],
            'error' => $error, 'token' => generate_token('plain'), 'signedin' => false]));
    }
}
