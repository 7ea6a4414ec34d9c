<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** The Module Settings tab of a product: stored by position, not by name. */
final class ModuleSettings
{
    public const AUTOMATIC_SETUP = [
        'order' => 'Automatically setup the product as soon as an order is placed',
        'payment' => 'Automatically setup the product as soon as the first payment is received',
        'on' => 'Automatically setup the product when you manually accept a pending order',
        '' => 'Do not automatically setup this product',
    ];

    private Host $host;

    public function __construct(Host $host)
    {
        $this->host = $host;
    }

    /**
     * @return list<array{column: string, label: string, type: string, description: string, size: int,
     *     value: string, items: array<string, string>}>
     */
    public function fields(string $module, int $productId): array
    {
        $product = Row::product($productId);
        // Defaults fill the form until the product is saved with this module once.
        $fresh = $product->servertype !== $module;
        $fields = [];
        $number = 0;
        foreach ($this->host->modules->settings($module) as $label => $field) {
            $column = 'configoption' . ++$number;
            $items = self::items($field['Options'] ?? '');
            $value = (string) ($fresh ? ($field['Default'] ?? '') : $product->$column);
            $fields[] = [
                'column' => $column,
                'label' => (string) ($field['FriendlyName'] ?? $label),
                'type' => (string) ($field['Type'] ?? 'text'),
                'description' => (string) ($field['Description'] ?? ''),
                'size' => (int) ($field['Size'] ?? 25),
                'value' => $value,
                'items' => $items,
            ];
        }
        return $fields;
    }

    /**
     * @param array<int|string, string> $posted by position, from 1; an unticked box is not posted
     */
    public function save(int $productId, string $module, int $serverGroup, string $autosetup, array $posted): void
    {
        $row = ['servertype' => $module, 'servergroup' => $serverGroup, 'autosetup' => $autosetup];
        $row += array_fill_keys(Schema::settingColumns(), '');
        $number = 0;
        foreach ($this->host->modules->settings($module) as $field) {
            $value = (string) ($posted[++$number] ?? '');
            $list = in_array($field['Type'] ?? '', ['dropdown', 'radio'], true);
            $row["configoption$number"] = $list ? self::stored($value) : $value;
        }
        Capsule::table('tblproducts')->where('id', $productId)->update($row);
        if ($module !== '' && is_file(ROOTDIR . "/modules/servers/$module/hooks.php")) {
            $hooked = array_unique([...Settings::hookedModules(), $module]);
            Settings::set('ModuleHooks', implode(',', $hooked));
        }
    }

    /** @return array<int, string> the module's defaults by position, as an untouched form posts them */
    public function defaults(string $module): array
    {
        $values = [];
        $number = 0;
        foreach ($this->host->modules->settings($module) as $field) {
            $values[++$number] = (string) ($field['Default'] ?? '');
        }
        return $values;
    }

    /** What a version stores of the item `1|Basic`; nobody documents it. */
    private static function stored(string $item): string
    {
        return match (Host::current()->options->dropdownStorage) {
            'left' => Row::value($item),
            'right' => Row::label($item),
            default => $item,
        };
    }

    /**
     * @param mixed $options
     * @return array<string, string>
     */
    private static function items($options): array
    {
        if (is_array($options)) {
            return array_map('strval', $options);
        }
        $items = array_map('trim', explode(',', (string) $options));
        return array_combine($items, $items);
    }
}
