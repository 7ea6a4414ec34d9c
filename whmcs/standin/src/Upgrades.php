<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** Upgrades: the rows are written before the module is called, so it sees the new plan only. */
final class Upgrades
{
    private Host $host;

    public function __construct(Host $host)
    {
        $this->host = $host;
    }

    public function product(int $serviceId, int $productId, bool $automated = false): string
    {
        $old = (int) Row::service($serviceId)->packageid;
        $amount = Row::product($productId)->price;
        Row::updateService($serviceId, ['packageid' => $productId, 'amount' => $amount]);
        $this->moveFields($serviceId, $old, $productId);
        return $this->host->dispatcher->run($serviceId, 'ChangePackage', [], $automated);
    }

    /** @param array<int|string, int|string> $chosen option -> item, or the quantity */
    public function options(int $serviceId, array $chosen, bool $automated = false): string
    {
        self::storeOptions($serviceId, $chosen);
        return $this->host->dispatcher->run($serviceId, 'ChangePackage', [], $automated);
    }

    /** @param array<int|string, int|string> $chosen */
    public static function storeOptions(int $serviceId, array $chosen): void
    {
        foreach ($chosen as $optionId => $value) {
            $option = Row::of('tblproductconfigoptions', (int) $optionId);
            $counted = ChosenOptions::isCounted($option->optiontype);
            Capsule::table('tblhostingconfigoptions')->updateOrInsert(
                ['relid' => $serviceId, 'configid' => (int) $optionId],
                $counted ? ['optionid' => 0, 'qty' => (int) $value] : ['optionid' => (int) $value, 'qty' => 0]
            );
        }
    }

    /** Values belong to the fields of one product; those of the same name go along. */
    private function moveFields(int $serviceId, int $from, int $to): void
    {
        $names = [];
        foreach (CustomFields::of($to) as $field) {
            $names[Row::value((string) $field->fieldname)] = (int) $field->id;
        }
        foreach (CustomFields::of($from) as $field) {
            $name = Row::value((string) $field->fieldname);
            if ($from !== $to && isset($names[$name])) {
                CustomFields::store($names[$name], $serviceId, CustomFields::value((int) $field->id, $serviceId));
            }
        }
    }
}
