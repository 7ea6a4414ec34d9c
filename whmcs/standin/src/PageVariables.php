<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\Database\Capsule;

/** The variables that WHMCS gives to the product details page. */
final class PageVariables
{
    /** @return array<string, mixed> */
    public static function of(int $serviceId): array
    {
        $service = Row::service($serviceId);
        $product = Row::product((int) $service->packageid);
        $suspended = $service->domainstatus === 'Suspended';
        return [
            'id' => $serviceId,
            'serviceid' => $serviceId,
            'pid' => (int) $product->id,
            'product' => (string) $product->name,
            'groupname' => (string) Capsule::table('tblproductgroups')->where('id', $product->gid)->value('name'),
            'modulename' => (string) $product->servertype,
            'domain' => (string) $service->domain,
            'domainId' => 0,
            'username' => (string) $service->username,
            'status' => (string) $service->domainstatus,
            'rawstatus' => (string) $service->domainstatus,
            'type' => (string) $product->type,
            'regdate' => self::date($service->regdate),
            'nextduedate' => self::date($service->nextduedate),
            'billingcycle' => (string) $service->billingcycle,
            'firstpaymentamount' => self::money($service->firstpaymentamount),
            'recurringamount' => self::money($service->amount),
            'paymentmethod' => 'Bank Transfer',
            'suspendreason' => $suspended ? (string) $service->suspendreason : '',
            'quantity' => 1,
            'quantitySupported' => false,
            'dedicatedip' => (string) $service->dedicatedip,
            'assignedips' => (string) $service->assignedips,
            'ns1' => '',
            'ns2' => '',
            'serverdata' => self::server((int) $service->server),
            'packagesupgrade' => (string) $product->upgrades !== '',
            'configoptionsupgrade' => (int) $product->configoptionsupgrade === 1,
            'showcancelbutton' => $service->domainstatus === 'Active',
            'showRenewServiceButton' => false,
            'pendingcancellation' => false,
            'unpaidInvoice' => null,
            'unpaidInvoiceMessage' => '',
            'unpaidInvoiceOverdue' => false,
            'configurableoptions' => self::options($serviceId),
            'customfields' => self::fields((int) $product->id, $serviceId),
            'productcustomfields' => self::fields((int) $product->id, $serviceId),
            'downloads' => [],
            'addons' => [],
            'addonsavailable' => false,
        ] + self::usage($service);
    }

    /** @param mixed $amount */
    public static function money($amount): string
    {
        return '$' . number_format((float) $amount, 2) . ' USD';
    }

    private static function date(?string $date): string
    {
        return $date === null ? '' : date('l, F jS, Y', (int) strtotime($date));
    }

    /** @return array<string, string> */
    private static function server(int $id): array
    {
        $row = Capsule::table('tblservers')->where('id', $id)->first(['name', 'hostname', 'ipaddress']);
        return array_map('strval', (array) $row);
    }

    /** @return list<array<string, string|int>> */
    private static function options(int $serviceId): array
    {
        $options = [];
        foreach (ChosenOptions::of($serviceId) as $row) {
            $options[] = ['optionname' => Row::label((string) $row->name), 'optiontype' => (int) $row->kind,
                'selectedoption' => Row::label((string) $row->item), 'selectedqty' => (int) $row->qty];
        }
        return $options;
    }

    /** @return list<array{name: string, value: string}> values stay encoded, as they are stored */
    private static function fields(int $productId, int $serviceId): array
    {
        $fields = [];
        foreach (CustomFields::of($productId) as $field) {
            if ($field->adminonly !== 'on') {
                $fields[] = ['name' => Row::label((string) $field->fieldname),
                    'value' => CustomFields::value((int) $field->id, $serviceId)];
            }
        }
        return $fields;
    }

    /** @return array<string, mixed> */
    private static function usage(object $service): array
    {
        $percent = static fn (int $used, int $limit): string => $limit > 0 ? round($used / $limit * 100) . '%' : '0%';
        return [
            'diskusage' => (int) $service->diskusage,
            'disklimit' => (int) $service->disklimit,
            'diskpercent' => $percent((int) $service->diskusage, (int) $service->disklimit),
            'bwusage' => (int) $service->bwusage,
            'bwlimit' => (int) $service->bwlimit,
            'bwpercent' => $percent((int) $service->bwusage, (int) $service->bwlimit),
            'lastupdate' => (string) $service->lastupdate,
            'metricStats' => [],
        ];
    }
}
