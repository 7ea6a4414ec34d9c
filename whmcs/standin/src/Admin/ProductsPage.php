<?php

declare(strict_types=1);

namespace Standin\Admin;

use Standin\Answer;
use Standin\CustomFields;
use Standin\ModuleSettings;
use Standin\Row;
use WHMCS\Database\Capsule;

/** System Settings > Products/Services. */
final class ProductsPage extends Page
{
    private const PATH = 'System Settings > Products/Services';
    private const TYPES = ['hostingaccount' => 'Shared Hosting', 'reselleraccount' => 'Reseller Hosting',
        'server' => 'Server/VPS', 'other' => 'Other'];
    private const TABS = ['details' => 'Details', 'module' => 'Module Settings', 'fields' => 'Custom Fields',
        'options' => 'Configurable Options', 'upgrades' => 'Upgrades'];
    private const FIELD_TEXTS = ['fieldname', 'fieldtype', 'description', 'fieldoptions', 'regexpr'];
    private const FIELD_FLAGS = ['adminonly', 'required', 'showorder', 'showinvoice'];

    protected function show(): Answer
    {
        return match ($this->asked('action')) {
            'creategroup' => $this->page('productgroup', self::PATH),
            'create' => $this->page('productnew', self::PATH, ['types' => self::TYPES, 'groups' => $this->groups()]),
            'edit' => $this->edit($this->id()),
            default => $this->page('products', self::PATH, [
                'groups' => $this->groups(),
                'products' => Capsule::table('tblproducts')->orderBy('id')->get()->all(),
                'types' => self::TYPES,
                'setup' => ModuleSettings::AUTOMATIC_SETUP,
                'modules' => $this->host->modules->listed(),
            ]),
        };
    }

    protected function act(string $action): Answer
    {
        if ($action === 'creategroup') {
            Capsule::table('tblproductgroups')->insert(['name' => $this->posted('name')]);
            $this->say('Product Group Created Successfully!');
            return Answer::redirect('configproducts.php');
        }
        if ($action === 'create') {
            $id = (int) Capsule::table('tblproducts')->insertGetId(['type' => $this->posted('type'),
                'gid' => (int) $this->posted('gid'), 'name' => $this->posted('productname'), 'paytype' => 'recurring']);
            $this->say('Product Created Successfully!');
            return $this->backTo($id, 'details');
        }
        $id = $this->id();
        $tab = str_replace('save', '', $action);
        match ($tab) {
            'module' => $this->saveModule($id),
            'fields' => $this->saveFields($id),
            'options' => $this->saveLinks($id),
            'upgrades' => $this->saveUpgrades($id),
            default => $this->saveDetails($id),
        };
        return $this->saved($id, $tab);
    }

    private function saveModule(int $id): void
    {
        (new ModuleSettings($this->host))->save(
            $id,
            $this->posted('servertype'),
            (int) $this->posted('servergroup'),
            $this->posted('autosetup'),
            array_map('strval', $this->postedList('packageconfigoption'))
        );
    }

    private function saveUpgrades(int $id): void
    {
        $this->update($id, [
            'upgrades' => implode(',', array_map('intval', $this->postedList('upgradepackages'))),
            'configoptionsupgrade' => $this->posted('configoptionsupgrade') === 'on' ? 1 : 0,
        ]);
    }

    private function saveDetails(int $id): void
    {
        $this->update($id, [
            'name' => $this->posted('name'), 'type' => $this->posted('type'), 'gid' => (int) $this->posted('gid'),
            'description' => $this->posted('description'), 'price' => (float) $this->posted('price'),
            'showdomainoptions' => $this->posted('showdomainops') === 'on' ? 1 : 0,
            'allowqty' => $this->posted('allowqty') === 'on' ? 1 : 0,
        ]);
    }

    private function saved(int $id, string $tab): Answer
    {
        $this->say('Changes Saved Successfully!');
        return $this->backTo($id, $tab);
    }

    private function backTo(int $id, string $tab): Answer
    {
        return Answer::redirect("configproducts.php?action=edit&id=$id&tab=$tab");
    }

    /** @param array<string, mixed> $values */
    private function update(int $id, array $values): void
    {
        Capsule::table('tblproducts')->where('id', $id)->update($values);
    }

    /** @return list<object> */
    private function groups(): array
    {
        return Capsule::table('tblproductgroups')->orderBy('id')->get()->all();
    }

    private function edit(int $id): Answer
    {
        $product = Row::product($id);
        $tab = isset(self::TABS[$this->asked('tab')]) ? $this->asked('tab') : 'details';
        $module = isset($_GET['servertype']) ? $this->asked('servertype') : (string) $product->servertype;
        $settings = new ModuleSettings($this->host);
        return $this->page('product', self::PATH, [
            'product' => $product,
            'tab' => $tab,
            'tabs' => self::TABS,
            'types' => self::TYPES,
            'groups' => $this->groups(),
            'modules' => $this->host->modules->listed(),
            'servertype' => $module,
            'settings' => $tab === 'module' && $module !== '' ? $settings->fields($module, $id) : [],
            'setup' => ModuleSettings::AUTOMATIC_SETUP,
            'servergroups' => Capsule::table('tblservergroups')->orderBy('id')->get()->all(),
            'fields' => CustomFields::of($id),
            'optiongroups' => Capsule::table('tblproductconfiggroups')->orderBy('id')->get()->all(),
            'linked' => Capsule::table('tblproductconfiglinks')->where('pid', $id)->pluck('gid')->all(),
            'others' => Capsule::table('tblproducts')->orderBy('id')->get(['id', 'name'])->all(),
            'upgrades' => explode(',', (string) $product->upgrades),
        ]);
    }

    private function saveFields(int $productId): void
    {
        foreach ($this->postedList('customfield') as $fieldId => $posted) {
            $row = $this->fieldRow((array) $posted);
            Capsule::table('tblcustomfields')->where(['id' => (int) $fieldId, 'relid' => $productId])->update($row);
        }
        $new = $this->postedList('new');
        if (trim((string) ($new['fieldname'] ?? '')) !== '') {
            $row = $this->fieldRow($new) + ['type' => 'product', 'relid' => $productId];
            Capsule::table('tblcustomfields')->insert($row);
        }
    }

    /**
     * @param array<int|string, mixed> $posted
     * @return array<string, string|int>
     */
    private function fieldRow(array $posted): array
    {
        $row = ['sortorder' => (int) ($posted['sortorder'] ?? 0)];
        foreach (self::FIELD_TEXTS as $name) {
            $row[$name] = trim((string) ($posted[$name] ?? ''));
        }
        foreach (self::FIELD_FLAGS as $name) {
            $row[$name] = ($posted[$name] ?? '') === 'on' ? 'on' : '';
        }
        return $row;
    }

    private function saveLinks(int $productId): void
    {
        Capsule::table('tblproductconfiglinks')->where('pid', $productId)->delete();
        foreach ($this->postedList('configoptionlinks') as $group) {
            Capsule::table('tblproductconfiglinks')->insert(['gid' => (int) $group, 'pid' => $productId]);
        }
    }
}
