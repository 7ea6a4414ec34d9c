<?php

/**
 * A server module that shows the stand-in's tests what it was given and misbehaves when asked.
 */

declare(strict_types=1);

use Standin\Tests\SampleModule;
use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

function sample_module_MetaData(): array
{
    return ['DisplayName' => 'Sample Mailboxes', 'APIVersion' => '1.1', 'RequiresServer' => true,
        'DefaultSSLPort' => '443', 'ServiceSingleSignOnLabel' => 'Open Webmail'];
}

function sample_module_ConfigOptions(array $params = []): array
{
    return [
        'Endpoint' => ['Type' => 'text', 'Size' => '60', 'Default' => 'https://cp.emailarray.com/admin/json.php'],
        'Domains' => ['Type' => 'text', 'Default' => ''],
        'Kind' => ['Type' => 'dropdown', 'Options' => '1|Basic,2|Enhanced', 'Default' => '1|Basic'],
        'Forwards' => ['Type' => 'yesno', 'Description' => 'Tick to allow'],
    ];
}

function sample_module_TestConnection(array $params): array
{
    return SampleModule::answer('TestConnection', $params, ['success' => true, 'error' => '']);
}

function sample_module_CreateAccount(array $params): string
{
    $answer = SampleModule::answer('CreateAccount', $params, 'success');
    if ($answer === 'success') {
        $params['model']->serviceProperties->save([
            'Username' => html_entity_decode($params['customfields']['Mailbox'] ?? '') . '@thexyz.com',
            'Domain' => 'thexyz.com',
        ]);
    }
    return $answer;
}

/** @return mixed */
function sample_module_SuspendAccount(array $params)
{
    return SampleModule::answer('SuspendAccount', $params, 'success');
}

function sample_module_UnsuspendAccount(array $params): string
{
    return SampleModule::answer('UnsuspendAccount', $params, 'success');
}

function sample_module_TerminateAccount(array $params): string
{
    return SampleModule::answer('TerminateAccount', $params, 'success');
}

function sample_module_ChangePassword(array $params): string
{
    return SampleModule::answer('ChangePassword', $params, 'success');
}

function sample_module_ChangePackage(array $params): string
{
    return SampleModule::answer('ChangePackage', $params, 'success');
}

function sample_module_UsageUpdate(array $params): void
{
    SampleModule::answer('UsageUpdate', $params, null);
    Capsule::table('tblhosting')->where('server', $params['serverid'])
        ->update(['diskusage' => 12, 'disklimit' => 25600]);
}

/** @return mixed */
function sample_module_ClientArea(array $params)
{
    return SampleModule::answer('ClientArea', $params, [
        'tabOverviewReplacementTemplate' => 'templates/overview.tpl',
        'templateVariables' => ['pm' => ['address' => $params['username'], 'folder' => __DIR__ . '/templates']],
    ]);
}

function sample_module_ServiceSingleSignOn(array $params): array
{
    $url = 'https://webmail.example.net/?once=0123456789abcdef';
    return SampleModule::answer('ServiceSingleSignOn', $params, ['success' => true, 'redirectTo' => $url]);
}

function sample_module_AdminServicesTabFields(array $params): array
{
    return SampleModule::answer('AdminServicesTabFields', $params, ['State' => '<b>fine</b>']);
}

function sample_module_AdminServicesTabFieldsSave(array $params): void
{
    SampleModule::answer('AdminServicesTabFieldsSave', $params, null);
}

function sample_module_AdminCustomButtonArray(array $params = []): array
{
    return ['Check now' => 'checkNow'];
}

function sample_module_ClientAreaAllowedFunctions(array $params = []): array
{
    return ['Add alias' => 'addAlias', 'Own page' => 'ownPage'];
}

function sample_module_checkNow(array $params): string
{
    return SampleModule::answer('checkNow', $params, 'success');
}

function sample_module_addAlias(array $params): string
{
    return SampleModule::answer('addAlias', $params, 'success');
}

function sample_module_ownPage(array $params): array
{
    return SampleModule::answer('ownPage', $params, [
        'templatefile' => 'own',
        'vars' => ['said' => 'a page of its own'],
        'breadcrumb' => ['clientarea.php' => 'Home'],
    ]);
}

/** In neither list: nobody may reach it. */
function sample_module_forbidden(array $params): string
{
    return SampleModule::answer('forbidden', $params, 'success');
}
