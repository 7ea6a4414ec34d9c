<?php

declare(strict_types=1);

namespace Standin;

use Illuminate\Database\Schema\Blueprint;
use WHMCS\Database\Capsule;

/**
 * The tables of WHMCS that a server module may meet, with the columns it may read.
 *
 * Texts default to '' and not to NULL, as in WHMCS's older tables.
 */
final class Schema
{
    /** s string, t text, i integer, m money, d date or null, w date and time or null */
    private const TABLES = [
        'tblconfiguration' => ['s' => 'setting', 't' => 'value'],
        'tbladmins' => ['s' => 'username password'],
        'tblclients' => ['s' => 'firstname lastname companyname email address1 address2 city state postcode country '
            . 'phonenumber language status password', 'i' => 'currency'],
        'tblproductgroups' => ['s' => 'name', 'i' => 'order'],
        'tblproducts' => ['s' => 'type name servertype autosetup paytype', 't' => 'description upgrades',
            'i' => 'gid servergroup showdomainoptions allowqty stockcontrol qty welcomeemail hidden '
                . 'configoptionsupgrade', 'm' => 'price'],
        'tblhosting' => ['i' => 'userid orderid packageid server diskusage disklimit bwusage bwlimit',
            's' => 'domain paymentmethod billingcycle domainstatus username dedicatedip',
            't' => 'password notes suspendreason assignedips', 'm' => 'firstpaymentamount amount',
            'd' => 'regdate nextduedate', 'w' => 'lastupdate'],
        'tblservers' => ['s' => 'name ipaddress hostname type username secure port', 't' => 'password accesshash',
            'i' => 'active disabled'],
        'tblservergroups' => ['s' => 'name'],
        'tblservergroupsrel' => ['i' => 'groupid serverid'],
        'tblcustomfields' => ['s' => 'type fieldname fieldtype regexpr adminonly required showorder showinvoice',
            't' => 'description fieldoptions', 'i' => 'relid sortorder'],
        'tblcustomfieldsvalues' => ['i' => 'fieldid relid', 't' => 'value'],
        'tblproductconfiggroups' => ['s' => 'name', 't' => 'description'],
        'tblproductconfiglinks' => ['i' => 'gid pid'],
        'tblproductconfigoptions' => ['i' => 'gid qtyminimum qtymaximum order hidden', 's' => 'optionname optiontype'],
        'tblproductconfigoptionssub' => ['i' => 'configid sortorder hidden', 's' => 'optionname'],
        'tblhostingconfigoptions' => ['i' => 'relid configid optionid qty'],
        'tblorders' => ['i' => 'userid invoiceid', 's' => 'ordernum status paymentmethod', 'm' => 'amount',
            'w' => 'date'],
        'tblinvoices' => ['i' => 'userid', 's' => 'status', 'm' => 'total', 'w' => 'date'],
        'tblmodulelog' => ['s' => 'module action', 't' => 'request response arrdata', 'w' => 'date'],
        'tblactivitylog' => ['i' => 'userid', 't' => 'description', 'w' => 'date'],
        'tblmodulequeue' => ['s' => 'service_type module_name module_action', 't' => 'last_attempt_error',
            'i' => 'service_id num_retries completed', 'w' => 'last_attempt'],
        'tblemails' => ['i' => 'userid', 's' => 'subject', 't' => 'message', 'w' => 'date'],
        // Not WHMCS's: what the pages of the stand-in show in their red box.
        'standin_faults' => ['t' => 'text', 'i' => 'shown', 'w' => 'date'],
    ];

    /** Makes every table anew, and drops the tables that modules made. */
    public static function make(): void
    {
        $schema = Capsule::schema();
        foreach (self::moduleTables() as $table) {
            $schema->drop($table);
        }
        foreach (self::TABLES as $name => $columns) {
            $schema->dropIfExists($name);
            $schema->create($name, static function (Blueprint $table) use ($name, $columns): void {
                $table->increments('id');
                self::columns($table, $columns);
                if ($name === 'tblproducts') {
                    self::columns($table, ['t' => implode(' ', self::settingColumns())]);
                }
                if ($name === 'tblconfiguration') {
                    $table->unique('setting');
                }
            });
        }
    }

    /** Empties every table, which is faster than making them where they exist. */
    public static function clear(): void
    {
        foreach (self::moduleTables() as $table) {
            Capsule::schema()->drop($table);
        }
        foreach (array_keys(self::TABLES) as $name) {
            if (Capsule::table($name)->exists()) {
                // Counts from 1 again, as the tables of a new database do.
                Capsule::table($name)->truncate();
            }
        }
    }

    public static function isMade(): bool
    {
        return Capsule::schema()->hasTable('standin_faults');
    }

    /** @return list<string> configoption1 ... configoption24 */
    public static function settingColumns(): array
    {
        return array_map(static fn (int $number): string => "configoption$number", range(1, 24));
    }

    /** @return list<string> */
    private static function moduleTables(): array
    {
        $connection = Capsule::connection();
        $query = $connection->getDriverName() === 'sqlite'
            ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'mod_%'"
            : "SELECT table_name AS name FROM information_schema.tables
                WHERE table_schema = DATABASE() AND table_name LIKE 'mod_%'";
        return array_map(static fn (object $row): string => (string) $row->name, $connection->select($query));
    }

    /** @param array<string, string> $columns */
    private static function columns(Blueprint $table, array $columns): void
    {
        foreach ($columns as $type => $names) {
            foreach (explode(' ', $names) as $name) {
                match ($type) {
                    's' => $table->string($name)->default(''),
                    't' => $table->text($name)->default(''),
                    'i' => $table->integer($name)->default(0),
                    'm' => $table->decimal($name, 16, 2)->default('0.00'),
                    'd' => $table->date($name)->nullable(),
                    'w' => $table->dateTime($name)->nullable(),
                };
            }
        }
    }
}
