<?php

declare(strict_types=1);

namespace Standin\Admin;

use Standin\Answer;
use Standin\Row;
use WHMCS\Database\Capsule;

/** System Settings > Configurable Options. */
final class OptionsPage extends Page
{
    private const PATH = 'System Settings > Configurable Options';
    private const TYPES = ['1' => 'Dropdown', '2' => 'Radio', '3' => 'Yes/No', '4' => 'Quantity'];

    protected function show(): Answer
    {
        if ($this->asked('action') === 'managegroup') {
            return $this->group($this->id());
        }
        return $this->page('optiongroups', self::PATH, [
            'groups' => Capsule::table('tblproductconfiggroups')->orderBy('id')->get()->all(),
        ]);
    }

    protected function act(string $action): Answer
    {
        $id = $this->id();
        if ($action === 'saveoption') {
            $this->saveOption($id);
        } else {
            $row = ['name' => $this->posted('name'), 'description' => $this->posted('description')];
            if ($id > 0) {
                Capsule::table('tblproductconfiggroups')->where('id', $id)->update($row);
            } else {
                $id = (int) Capsule::table('tblproductconfiggroups')->insertGetId($row);
            }
            Capsule::table('tblproductconfiglinks')->where('gid', $id)->delete();
            foreach ($this->postedList('productlinks') as $product) {
                Capsule::table('tblproductconfiglinks')->insert(['gid' => $id, 'pid' => (int) $product]);
            }
        }
        $this->say('Changes Saved Successfully!');
        return Answer::redirect("configproductoptions.php?action=managegroup&id=$id");
    }

    private function group(int $id): Answer
    {
        $options = [];
        foreach (Capsule::table('tblproductconfigoptions')->where('gid', $id)->orderBy('order')->get() as $option) {
            $items = Capsule::table('tblproductconfigoptionssub')->where('configid', $option->id)
                ->orderBy('sortorder')->pluck('optionname')->all();
            $options[] = ['id' => $option->id, 'name' => $option->optionname, 'type' => $option->optiontype,
                'items' => implode("\n", $items)];
        }
        return $this->page('optiongroup', self::PATH, [
            'id' => $id,
            'group' => $id > 0 ? Row::of('tblproductconfiggroups', $id) : null,
            'products' => Capsule::table('tblproducts')->orderBy('id')->get(['id', 'name'])->all(),
            'linked' => Capsule::table('tblproductconfiglinks')->where('gid', $id)->pluck('pid')->all(),
            'options' => $options,
            'types' => self::TYPES,
        ]);
    }

    /** One item a line; an item that keeps its name keeps its id, which services refer to. */
    private function saveOption(int $groupId): void
    {
        $row = ['gid' => $groupId, 'optionname' => $this->posted('optionname'),
            'optiontype' => $this->posted('optiontype')];
        $id = (int) $this->posted('optionid');
        if ($id > 0) {
            Capsule::table('tblproductconfigoptions')->where('id', $id)->update($row);
        } else {
            $id = (int) Capsule::table('tblproductconfigoptions')->insertGetId($row);
        }
        $items = array_values(array_filter(array_map('trim', explode("\n", $this->posted('items')))));
        Capsule::table('tblproductconfigoptionssub')->where('configid', $id)
            ->whereNotIn('optionname', $items)->delete();
        foreach ($items as $number => $item) {
            Capsule::table('tblproductconfigoptionssub')
                ->updateOrInsert(['configid' => $id, 'optionname' => $item], ['sortorder' => $number]);
        }
    }
}
