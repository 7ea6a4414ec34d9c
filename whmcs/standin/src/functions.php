<?php

/**
 * The global functions that WHMCS offers to modules and hooks.
 */

declare(strict_types=1);

use Standin\Host;
use Standin\Secret;

/** @param callable|string $function */
function add_hook(string $point, int $priority, $function): void
{
    Host::current()->hooks->add($point, $priority, $function);
}

/**
 * @param mixed $arguments
 * @return list<mixed>
 */
function run_hook(string $point, $arguments = []): array
{
    return Host::current()->hooks->run($point, $arguments);
}

/**
 * @param mixed $request
 * @param mixed $response
 * @param mixed $processed
 * @param array<mixed> $replaceVars
 */
function logModuleCall(
    string $module,
    string $action,
    $request,
    $response,
    $processed = '',
    array $replaceVars = []
): void {
    Host::current()->logs->module($module, $action, [$request, $response, $processed], $replaceVars);
}

function logActivity(string $message, int $clientId = 0): void
{
    Host::current()->logs->activity($message, $clientId);
}

/**
 * Who acts is no matter here, but callers may say it.
 *
 * @param array<string, mixed> $data
 * @return array<string, mixed>
 * @SuppressWarnings(PHPMD.UnusedFormalParameter)
 */
function localAPI(string $command, array $data = [], ?string $admin = null): array
{
    return Host::current()->api->call($command, $data);
}

function encrypt(string $plain): string
{
    return Secret::encrypt($plain);
}

function decrypt(string $stored): string
{
    return Secret::decrypt($stored);
}

function generate_token(string $form = 'form'): string
{
    return Host::current()->tokens->generate($form);
}

/** Returns only where the token is right, unless the stand-in plays a version that answers. */
function check_token(string $form = 'WHMCS.default'): bool
{
    return Host::current()->tokens->check($form);
}
