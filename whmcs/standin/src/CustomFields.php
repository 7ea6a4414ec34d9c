<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** The custom fields of products and their values, which are stored HTML-encoded. */
final class CustomFields
{
    /** @return list<object> */
    public static function of(int $productId): array
    {
        return Capsule::table('tblcustomfields')->where(['type' => 'product', 'relid' => $productId])
            ->orderBy('sortorder')->orderBy('id')->get()->all();
    }

    /** @return list<object> those that an order form asks for */
    public static function onOrderForm(int $productId): array
    {
        return array_values(array_filter(
            self::of($productId),
            static fn (object $field): bool => $field->showorder === 'on' && $field->adminonly !== 'on'
        ));
    }

    public static function value(int $fieldId, int $serviceId): string
    {
        return (string) Capsule::table('tblcustomfieldsvalues')
            ->where(['fieldid' => $fieldId, 'relid' => $serviceId])->value('value');
    }

    public static function store(int $fieldId, int $serviceId, string $encoded): void
    {
        Capsule::table('tblcustomfieldsvalues')
            ->updateOrInsert(['fieldid' => $fieldId, 'relid' => $serviceId], ['value' => $encoded]);
    }

    /**
     * What WHMCS itself objects to; modules and hooks are not asked.
     *
     * @param array<int|string, mixed> $values by field id, encoded
     * @return list<string>
     */
    public static function objections(int $productId, array $values): array
    {
        $errors = [];
        foreach (self::onOrderForm($productId) as $field) {
            $value = (string) ($values[$field->id] ?? '');
            $label = htmlspecialchars(Row::label((string) $field->fieldname), ENT_QUOTES, 'UTF-8', false);
            if ($value === '' && $field->required === 'on') {
                $errors[] = "$label is required";
            } elseif ($value !== '' && $field->regexpr !== '' && preg_match((string) $field->regexpr, $value) !== 1) {
                $errors[] = "$label is not valid";
            }
        }
        return $errors;
    }
}
