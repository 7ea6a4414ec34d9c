<?php

declare(strict_types=1);

namespace Standin\Admin;

use Standin\Answer;
use Standin\Cart;
use Standin\CustomFields;
use Standin\Dispatcher;
use Standin\Orders;
use Standin\Params;
use Standin\Row;
use Standin\Secret;
use Standin\Upgrades;
use WHMCS\Database\Capsule;

/** Clients > Products/Services: one service, its module commands and its fields. */
final class ServicePage extends Page
{
    private const PATH = 'Clients > Products/Services';
    private const STATES = ['Pending', 'Active', 'Completed', 'Suspended', 'Terminated', 'Cancelled', 'Fraud'];
    private const LABELS = ['ChangePackage' => 'Change Package', 'ChangePassword' => 'Change Password'];

    protected function show(): Answer
    {
        if ($this->id() === 0) {
            $services = Capsule::table('tblhosting as service')
                ->join('tblproducts as product', 'product.id', '=', 'service.packageid')->orderByDesc('service.id');
            return $this->page('services', self::PATH, [
                'services' => $services->get(['service.*', 'product.name as product'])->all(),
            ]);
        }
        return $this->service($this->id());
    }

    protected function act(string $action): Answer
    {
        $id = $this->id();
        switch ($action) {
            case 'module':
                $this->command($id, $this->posted('command'));
                break;
            case 'custom':
                $this->custom($id, $this->posted('function'));
                break;
            case 'sso':
                return $this->singleSignOn($id);
            case 'upgrade':
                $result = (new Upgrades($this->host))->product($id, (int) $this->posted('packageid'));
                $this->sayResult('Change Package', $result);
                break;
            case 'options':
                $result = (new Upgrades($this->host))->options($id, $this->postedList('configoption'));
                $this->sayResult('Change Package', $result);
                break;
            case 'delete':
                (new Orders($this->host))->deleteService($id);
                $this->say('The service has been deleted.');
                return Answer::redirect('clientsservices.php');
            default:
                $this->save($id);
        }
        return Answer::redirect("clientsservices.php?id=$id");
    }

    private function command(int $id, string $command): void
    {
        if (!in_array($command, Dispatcher::commands(), true)) {
            return;
        }
        $extra = $command === 'Suspend' ? ['suspendreason' => $this->posted('suspreason')] : [];
        $this->sayResult(self::LABELS[$command] ?? $command, $this->host->dispatcher->run($id, $command, $extra));
    }

    private function custom(int $id, string $function): void
    {
        $module = (string) Row::productOf($id)->servertype;
        $buttons = $this->host->modules->buttons($module, 'AdminCustomButtonArray', Params::ofService($id));
        $label = array_search($function, $buttons, true);
        if ($label !== false && $this->host->modules->has($module, $function)) {
            $result = $this->host->dispatcher->custom($id, $function);
            $this->sayResult((string) $label, is_array($result) ? 'success' : $result);
        }
    }

    private function singleSignOn(int $id): Answer
    {
        $module = (string) Row::productOf($id)->servertype;
        $result = $this->host->modules->call($module, 'ServiceSingleSignOn', Params::ofService($id));
        if (is_array($result) && ($result['success'] ?? false) === true) {
            Secret::know((string) $result['redirectTo']);
            return Answer::redirect((string) $result['redirectTo']);
        }
        $why = is_array($result) ? $result['errorMsg'] ?? '' : 'The module gave no valid response';
        $this->say((string) $why, false);
        return Answer::redirect("clientsservices.php?id=$id");
    }

    private function save(int $id): void
    {
        $service = Row::service($id);
        $this->host->hooks->run('PreServiceEdit', ['serviceid' => $id]);
        $encode = static fn (string $text): string => htmlspecialchars($text, ENT_QUOTES);
        $values = ['domain' => $encode($this->posted('domain')), 'username' => $encode($this->posted('username'))];
        if (in_array($this->posted('domainstatus'), self::STATES, true)) {
            $values['domainstatus'] = $this->posted('domainstatus');
        }
        if ($this->posted('password') !== '') {
            $values['password'] = Secret::encrypt($this->posted('password'));
        }
        $values['server'] = (int) $this->posted('server');
        Row::updateService($id, $values);
        foreach ($this->postedList('customfield') as $fieldId => $value) {
            CustomFields::store((int) $fieldId, $id, $encode(trim((string) $value)));
        }
        $module = (string) Row::productOf($id)->servertype;
        if ($this->host->modules->has($module, 'AdminServicesTabFieldsSave')) {
            $this->host->modules->call($module, 'AdminServicesTabFieldsSave', Params::ofService($id));
        }
        $this->host->hooks->run('ServiceEdit', ['userid' => (int) $service->userid, 'serviceid' => $id]);
        $this->say('Changes Saved Successfully!');
    }

    private function service(int $id): Answer
    {
        $service = Row::service($id);
        $product = Row::productOf($id);
        $module = (string) $product->servertype;
        $params = Params::ofService($id);
        $fields = [];
        foreach (CustomFields::of((int) $product->id) as $field) {
            $fields[] = ['id' => $field->id, 'name' => $field->fieldname,
                'value' => html_entity_decode(CustomFields::value((int) $field->id, $id), ENT_QUOTES)];
        }
        return $this->page('service', self::PATH, [
            'service' => $service,
            'product' => $product,
            'client' => Row::of('tblclients', (int) $service->userid),
            'states' => self::STATES,
            'commands' => $this->commands($id),
            'buttons' => $this->host->modules->buttons($module, 'AdminCustomButtonArray', $params),
            'ssolabel' => $this->host->modules->has($module, 'ServiceSingleSignOn')
                ? $this->host->modules->meta($module)['ServiceSingleSignOnLabel'] ?? '' : '',
            'tabfields' => $this->host->modules->has($module, 'AdminServicesTabFields')
                ? (array) $this->host->modules->call($module, 'AdminServicesTabFields', $params) : [],
            'fields' => $fields,
            'products' => Capsule::table('tblproducts')->orderBy('id')->get(['id', 'name'])->all(),
            'servers' => Capsule::table('tblservers')->orderBy('id')->get(['id', 'name'])->all(),
            'options' => Cart::options((int) $product->id),
            'chosen' => Capsule::table('tblhostingconfigoptions')->where('relid', $id)
                ->pluck('optionid', 'configid')->all(),
        ]);
    }

    /** @return array<string, string> command -> label, of those that the module has */
    private function commands(int $id): array
    {
        $commands = [];
        foreach (Dispatcher::commands() as $command) {
            if ($this->host->dispatcher->can($id, $command)) {
                $commands[$command] = self::LABELS[$command] ?? $command;
            }
        }
        return $commands;
    }
}
