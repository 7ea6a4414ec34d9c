<?php

declare(strict_types=1);

namespace Standin;

use RuntimeException;
use WHMCS\Database\Capsule;

/** Saves by name: core names to columns, any other to a custom field, made where it is missing. */
final class ServiceProperties
{
    private const COLUMNS = [
        'Username' => 'username',
        'Password' => 'password',
        'Domain' => 'domain',
        'Dedicated IP' => 'dedicatedip',
        'Disk Usage' => 'diskusage',
        'Disk Limit' => 'disklimit',
        'Bandwidth Usage' => 'bwusage',
        'Bandwidth Limit' => 'bwlimit',
        'Last Update' => 'lastupdate',
    ];

    private int $serviceId;
    private int $productId;

    public function __construct(int $serviceId, int $productId)
    {
        $this->serviceId = $serviceId;
        $this->productId = $productId;
    }

    /** @param array<string, mixed> $values */
    public function save(array $values): void
    {
        if (Host::current()->options->savingFails) {
            throw new RuntimeException('SQLSTATE[HY000] [2002] Connection refused');
        }
        foreach ($values as $name => $value) {
            $column = self::COLUMNS[$name] ?? null;
            if ($column === null) {
                CustomFields::store($this->field((string) $name), $this->serviceId, (string) $value);
                continue;
            }
            $stored = $column === 'password' ? Secret::encrypt((string) $value) : $value;
            Row::updateService($this->serviceId, [$column => $stored]);
        }
    }

    /** @return mixed */
    public function get(string $name)
    {
        $column = self::COLUMNS[$name] ?? null;
        if ($column !== null) {
            $value = Row::service($this->serviceId)->$column;
            return $column === 'password' ? Secret::decrypt((string) $value) : $value;
        }
        return Capsule::table('tblcustomfieldsvalues as value')
            ->join('tblcustomfields as field', 'field.id', '=', 'value.fieldid')
            ->where(['field.relid' => $this->productId, 'field.fieldname' => $name])
            ->where('value.relid', $this->serviceId)->value('value.value');
    }

    private function field(string $name): int
    {
        $key = ['type' => 'product', 'relid' => $this->productId, 'fieldname' => $name];
        $id = Capsule::table('tblcustomfields')->where($key)->value('id');
        if ($id === null) {
            Host::current()->inventedFields[] = $name;
            $id = Capsule::table('tblcustomfields')->insertGetId($key + ['fieldtype' => 'text', 'adminonly' => 'on']);
        }
        return (int) $id;
    }
}
