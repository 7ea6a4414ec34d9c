<?php

/**
 * Thexyz Mailboxes: sells single mailboxes on house domains through WHMCS.
 *
 * The functions that WHMCS calls, a few lines each. What they do is in lib/; every
 * decision is made by the Housemail service. This file keeps to the syntax of PHP 7.4,
 * so that an older PHP reads it and can say which version is needed.
 */

declare(strict_types=1);

defined('WHMCS') || die('This file cannot be accessed directly');

/** Names the reason why a class of lib/ cannot be used; '' when it can. */
function _thexyz_polarismail_trouble(string $class): string
{
    if (PHP_VERSION_ID < 80100) {
        return 'Thexyz Mailboxes needs PHP 8.1 or higher; this is PHP ' . PHP_VERSION . '.';
    }
    $needed = ['autoload', 'answer', 'bridge', 'modulelog', 'page', 'params', 'records', 'tables', 'texts'];
    foreach (array_merge($needed, [strtolower($class)]) as $name) {
        if (!is_file(__DIR__ . "/lib/$name.php")) {
            return "The file /modules/servers/thexyz_polarismail/lib/$name.php is missing. Upload it again.";
        }
    }
    require_once __DIR__ . '/lib/autoload.php';
    return '';
}

/**
 * Runs a function of lib/; whatever goes wrong becomes a sentence, never a fatal error.
 *
 * @param array{0: string, 1: string} $work class and method, named because lib/ is not loaded yet
 * @param array<string, mixed> $params
 * @return mixed what the function returns, or the sentence of what went wrong
 */
function _thexyz_polarismail_run(array $work, array $params, bool $forClient = false)
{
    try {
        $trouble = _thexyz_polarismail_trouble($work[0]);
        return $trouble ?: call_user_func(['Housemail\\Whmcs\\' . $work[0], $work[1]], $params);
    } catch (\Throwable $e) {
        // Neither message nor trace: they may hold a password.
        $where = get_class($e) . ' in ' . basename($e->getFile()) . ':' . $e->getLine();
        if (function_exists('logActivity')) {
            logActivity("Thexyz Mailboxes: $work[1] failed ($where)");
        }
        return $forClient
            ? 'This did not work. Please try again in a few minutes.'
            : "Thexyz Mailboxes: $work[1] failed ($where). Look at the service before you try again.";
    }
}

/** @return array<string, mixed> */
function thexyz_polarismail_MetaData(): array
{
    return [
        'DisplayName' => 'Thexyz Mailboxes',
        'APIVersion' => '1.1',
        'RequiresServer' => true,
        'DefaultSSLPort' => '443',
        'DefaultNonSSLPort' => '80',
        'ServiceSingleSignOnLabel' => 'Open Webmail',
    ];
}

/**
 * The module settings. WHMCS stores them by position: never reorder, only append.
 *
 * The last three are on when they are empty, as on products saved before they existed.
 * An unticked yesno is stored empty too, so these are drop-downs.
 *
 * @SuppressWarnings(PHPMD.UnusedFormalParameter) some versions of WHMCS pass something
 *
 * @param mixed $params
 * @return array<string, array<string, string>>
 */
function thexyz_polarismail_ConfigOptions($params = []): array
{
    $words = is_file(__DIR__ . '/lang/english.php') ? include __DIR__ . '/lang/english.php' : [];
    $field = static function (string $type, string $text, string $default, array $more) use ($words): array {
        return ['Type' => $type, 'Default' => $default, 'Description' => $words["config_$text"] ?? ''] + $more;
    };
    $switch = ['Options' => 'on,off'];
    return [
        'API Endpoint' => $field('text', 'endpoint', 'https://cp.emailarray.com/admin/json.php', ['Size' => '60']),
        'Allowed Domains CSV' => $field('text', 'domains', '', ['Size' => '60']),
        'Default Account Type' => $field('dropdown', 'account_type', '1|Basic', ['Options' => '1|Basic,2|Enhanced']),
        'Default Quota GB' => $field('text', 'quota', '25', ['Size' => '5']),
        'Max Aliases' => $field('text', 'aliases', '25', ['Size' => '5']),
        'Allow External Forwards' => $field('yesno', 'forwards', '', []),
        'Default Timezone' => $field('text', 'timezone', 'America/Montreal', ['Size' => '30']),
        'Default Date Format' => $field('text', 'date_format', 'yyyy-mm-dd', ['Size' => '15']),
        'Default Language' => $field('dropdown', 'language', 'en', ['Options' => 'en,pt-br,id,es,de,fr']),
        'Max Distribution Lists' => $field('text', 'lists', '5', ['Size' => '5']),
        'Enable Aliases' => $field('dropdown', 'enable_aliases', 'on', $switch),
        'Enable Distribution Lists' => $field('dropdown', 'enable_lists', 'on', $switch),
        'Allow External List Members' => $field('dropdown', 'external_members', 'on', $switch),
    ];
}

/**
 * @param array<string, mixed> $params server fields only
 * @return array{success: bool, error: string}
 */
function thexyz_polarismail_TestConnection(array $params = []): array
{
    $trouble = (string) _thexyz_polarismail_run(['Staff', 'testConnection'], $params);
    return ['success' => $trouble === '', 'error' => htmlspecialchars($trouble, ENT_QUOTES, 'UTF-8')];
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_CreateAccount(array $params = []): string
{
    return _thexyz_polarismail_run(['Commands', 'create'], $params);
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_SuspendAccount(array $params = []): string
{
    return _thexyz_polarismail_run(['Commands', 'suspend'], $params);
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_UnsuspendAccount(array $params = []): string
{
    return _thexyz_polarismail_run(['Commands', 'unsuspend'], $params);
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_TerminateAccount(array $params = []): string
{
    return _thexyz_polarismail_run(['Commands', 'terminate'], $params);
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_ChangePassword(array $params = []): string
{
    return _thexyz_polarismail_run(['Commands', 'changePassword'], $params, true);
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_ChangePackage(array $params = []): string
{
    return _thexyz_polarismail_run(['Commands', 'changePackage'], $params);
}

/** @param array<string, mixed> $params server fields only */
function thexyz_polarismail_UsageUpdate(array $params = []): void
{
    $trouble = (string) _thexyz_polarismail_run(['Commands', 'updateUsage'], $params);
    if ($trouble !== '' && function_exists('logActivity')) {
        logActivity("Thexyz Mailboxes: usage was not updated. $trouble");
    }
}

/**
 * @param array<string, mixed> $params
 * @return array<string, mixed>|string the page; a sentence when its template is missing
 */
function thexyz_polarismail_ClientArea(array $params = [])
{
    $page = _thexyz_polarismail_run(['Page', 'show'], $params, true);
    return is_array($page) ? $page : htmlspecialchars((string) $page, ENT_QUOTES, 'UTF-8');
}

/**
 * @param array<string, mixed> $params
 * @return array<string, mixed>
 */
function thexyz_polarismail_ServiceSingleSignOn(array $params = []): array
{
    $way = _thexyz_polarismail_run(['Changes', 'singleSignOn'], $params, true);
    return is_array($way) ? $way : ['success' => false, 'errorMsg' => (string) $way];
}

/**
 * @param array<string, mixed> $params
 * @return array<string, string> label => HTML
 */
function thexyz_polarismail_AdminServicesTabFields(array $params = []): array
{
    $fields = _thexyz_polarismail_run(['Staff', 'tabFields'], $params);
    return is_array($fields)
        ? $fields
        : ['Thexyz Mailboxes' => htmlspecialchars((string) $fields, ENT_QUOTES, 'UTF-8')];
}

/** @return array<string, string> */
function thexyz_polarismail_AdminCustomButtonArray(): array
{
    return [
        'Check now' => 'checkNow',
        'Adopt existing mailbox' => 'adoptMailbox',
        'Release quarantined address' => 'releaseAddress',
    ];
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_checkNow(array $params = []): string
{
    return _thexyz_polarismail_run(['Staff', 'checkNow'], $params);
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_adoptMailbox(array $params = []): string
{
    return _thexyz_polarismail_run(['Staff', 'adopt'], $params);
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_releaseAddress(array $params = []): string
{
    return _thexyz_polarismail_run(['Staff', 'releaseAddress'], $params);
}

/** @return array<string, string> */
function thexyz_polarismail_ClientAreaAllowedFunctions(): array
{
    return [
        'Add alias' => 'addAlias',
        'Remove alias' => 'removeAlias',
        'Add distribution list' => 'addList',
        'Remove distribution list' => 'removeList',
        'Add members' => 'addListMembers',
        'Remove member' => 'removeListMember',
        'Open webmail' => 'openWebmail',
    ];
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_addAlias(array $params = []): string
{
    return _thexyz_polarismail_run(['Changes', 'addAlias'], $params, true);
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_removeAlias(array $params = []): string
{
    return _thexyz_polarismail_run(['Changes', 'removeAlias'], $params, true);
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_addList(array $params = []): string
{
    return _thexyz_polarismail_run(['Lists', 'addList'], $params, true);
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_removeList(array $params = []): string
{
    return _thexyz_polarismail_run(['Lists', 'removeList'], $params, true);
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_addListMembers(array $params = []): string
{
    return _thexyz_polarismail_run(['Lists', 'addListMembers'], $params, true);
}

/** @param array<string, mixed> $params */
function thexyz_polarismail_removeListMember(array $params = []): string
{
    return _thexyz_polarismail_run(['Lists', 'removeListMember'], $params, true);
}

/**
 * @param array<string, mixed> $params
 * @return array<string, mixed>|string the page that hands the login on, or a sentence
 */
function thexyz_polarismail_openWebmail(array $params = [])
{
    return _thexyz_polarismail_run(['Changes', 'openWebmail'], $params, true);
}
