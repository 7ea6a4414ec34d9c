<?php

declare(strict_types=1);

namespace Standin;

/** The product details page of the client area: what WHMCS does before, around and after the module. */
final class ServicePage
{
    private Host $host;
    private View $view;
    /** @var array<string, mixed> */
    private array $results = ['modulecustombuttonresult' => '', 'modulechangepwresult' => '',
        'modulechangepasswordmessage' => '', 'ssoerror' => ''];

    public function __construct(Host $host, View $view)
    {
        $this->host = $host;
        $this->view = $view;
    }

    /** Answers the request in $_GET and $_POST about one service of a signed-in client. */
    public function answer(int $serviceId, int $clientId, array $base): Answer
    {
        $service = Owned::service($serviceId, $clientId);
        if ($service === null || !$this->may('products')) {
            return Answer::page('refused', ['pagetitle' => 'Access Denied'] + $base, 403);
        }
        $module = (string) Row::product((int) $service->packageid)->servertype;
        $custom = $this->custom($serviceId, $module, $base);
        if ($custom !== null) {
            return $custom;
        }
        if ($this->may('manageproducts')) {
            $this->results = PasswordForm::answer($this->host, $serviceId) + $this->results;
        }
        $redirect = $this->singleSignOn($serviceId, $module);
        if ($redirect !== null) {
            return $redirect;
        }
        $variables = $this->variables($serviceId, $base);
        return Answer::page('clientareaproductdetails', $this->output($serviceId, $module, $variables));
    }

    private function may(string $permission): bool
    {
        $granted = $this->host->options->permissions;
        return $granted === null || in_array($permission, $granted, true);
    }

    /** @param array<string, mixed> $base */
    private function custom(int $serviceId, string $module, array $base): ?Answer
    {
        if (Asked::text('modop') !== 'custom' || !$this->may('manageproducts')) {
            return null;
        }
        if ($this->host->options->customNeedsToken) {
            $this->host->tokens->demandPost();
        }
        $function = Asked::text('a');
        // A name in neither list is ignored without a word: the page just loads again.
        if (!in_array($function, $this->customFunctions($serviceId, $module), true)) {
            return null;
        }
        $result = $this->host->dispatcher->custom($serviceId, $function);
        if (!is_array($result)) {
            $this->results['modulecustombuttonresult'] = $result;
            return null;
        }
        return $this->ownPage($serviceId, $module, $result, $base);
    }

    /** @return list<string> */
    private function customFunctions(int $serviceId, string $module): array
    {
        $functions = [];
        foreach (['ClientAreaCustomButtonArray', 'ClientAreaAllowedFunctions'] as $list) {
            $functions[] = array_values($this->host->modules->buttons($module, $list, Params::ofService($serviceId)));
        }
        $known = array_merge(...$functions);
        return array_values(array_filter($known, fn (string $name): bool => $this->host->modules->has($module, $name)));
    }

    /**
     * @param array<string, mixed> $result
     * @param array<string, mixed> $base
     */
    private function ownPage(int $serviceId, string $module, array $result, array $base): Answer
    {
        $variables = $this->variables($serviceId, $base);
        $body = $this->view->module($module, (string) $result['templatefile'], ($result['vars'] ?? []) + $variables);
        return Answer::page('modulepage', [
            'modulepage' => $body,
            'pagetitle' => (string) ($result['pagetitle'] ?? $variables['product']),
            'breadcrumb' => (array) ($result['breadcrumb'] ?? []),
        ] + $variables);
    }

    private function singleSignOn(int $serviceId, string $module): ?Answer
    {
        if (Asked::text('dosinglesignon') === '' || !$this->host->modules->has($module, 'ServiceSingleSignOn')) {
            return null;
        }
        if (!$this->may('productsso')) {
            $this->results['ssoerror'] = 'You do not have permission to do this.';
            return null;
        }
        $result = $this->host->modules->call($module, 'ServiceSingleSignOn', Params::ofService($serviceId));
        if (is_array($result) && ($result['success'] ?? false) === true) {
            $target = (string) ($result['redirectTo'] ?? '');
            Secret::know($target);
            return Answer::redirect($target);
        }
        $this->results['ssoerror'] = (string) (is_array($result) ? $result['errorMsg'] ?? '' : '');
        if ($this->results['ssoerror'] === '') {
            $this->host->faults->record("{$module}_ServiceSingleSignOn() must return redirectTo or errorMsg.");
        }
        return null;
    }

    /**
     * @param array<string, mixed> $base
     * @return array<string, mixed>
     */
    private function variables(int $serviceId, array $base): array
    {
        $variables = $this->results + PageVariables::of($serviceId) + $base;
        foreach ($this->host->hooks->run('ClientAreaPageProductDetails', $variables) as $result) {
            $variables = array_merge($variables, (array) $result);
        }
        return $variables;
    }

    /**
     * @param array<string, mixed> $variables
     * @return array<string, mixed>
     */
    private function output(int $serviceId, string $module, array $variables): array
    {
        $params = Params::ofService($serviceId);
        $variables += ['moduleclientarea' => '', 'tplOverviewTabOutput' => '', 'hookOutput' => []];
        $forTemplate = $this->preTemplate($serviceId, $module, $variables);
        $folder = ROOTDIR . "/modules/servers/$module";
        if (!$this->host->modules->has($module, 'ClientArea')) {
            if (is_file("$folder/clientarea.tpl")) {
                $shown = $this->view->module($module, 'clientarea', $params + $forTemplate);
                $variables['moduleclientarea'] = $shown;
            }
        } else {
            $given = $this->host->modules->call($module, 'ClientArea', $params);
            $variables = array_merge($variables, $this->rendered($module, $given, $forTemplate));
        }
        if ($variables['tplOverviewTabOutput'] === '') {
            $service = ['service' => $params['model']];
            $variables['hookOutput'] = $this->host->hooks->run('ClientAreaProductDetailsOutput', $service);
        }
        return array_merge($variables, SideBars::of($this->host, $serviceId, $module));
    }

    /**
     * @param mixed $given
     * @param array<string, mixed> $variables
     * @return array<string, string>
     */
    private function rendered(string $module, $given, array $variables): array
    {
        if (!is_array($given)) {
            return ['moduleclientarea' => (string) $given];
        }
        $forms = [
            'tabOverviewReplacementTemplate' => ['tplOverviewTabOutput', 'templateVariables'],
            'tabOverviewModuleOutputTemplate' => ['moduleclientarea', 'templateVariables'],
            'templatefile' => ['moduleclientarea', 'vars'],
        ];
        foreach ($forms as $key => [$target, $own]) {
            if (!empty($given[$key])) {
                $assigned = ($given[$own] ?? []) + $variables;
                return [$target => $this->view->module($module, (string) $given[$key], $assigned)];
            }
        }
        return [];
    }

    /**
     * @param array<string, mixed> $variables
     * @return array<string, mixed>
     */
    private function preTemplate(int $serviceId, string $module, array $variables): array
    {
        $arguments = ['serviceid' => $serviceId, 'groupname' => $variables['groupname'],
            'product' => $variables['product'], 'modulename' => $module, 'domain' => $variables['domain'],
            'systemStatus' => $variables['rawstatus'], 'username' => $variables['username'], 'password' => ''];
        foreach ($this->host->hooks->run('ClientAreaProductDetailsPreModuleTemplate', $arguments) as $result) {
            $variables = array_merge($variables, (array) $result);
        }
        return $variables;
    }
}
