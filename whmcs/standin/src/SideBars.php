<?php

declare(strict_types=1);

namespace Standin;

use WHMCS\View\Menu\Item;

/** The two side bars of the product details page. */
final class SideBars
{
    /** @return array{primarySidebar: Item, secondarySidebar: Item} */
    public static function of(Host $host, int $serviceId, string $module): array
    {
        $page = "clientarea.php?action=productdetails&id=$serviceId";
        $primary = new Item('Primary Sidebar');
        $overview = $primary->addChild('Service Details Overview', ['label' => 'Overview', 'order' => 10]);
        $overview->addChild('Information', ['uri' => "$page#tabOverview", 'order' => 10]);
        $actions = $primary->addChild('Service Details Actions', ['label' => 'Actions', 'order' => 20]);
        self::actions($host, $actions, $serviceId, $module, $page);
        $secondary = new Item('Secondary Sidebar');
        $host->hooks->run('ClientAreaPrimarySidebar', $primary);
        $host->hooks->run('ClientAreaSecondarySidebar', $secondary);
        return ['primarySidebar' => $primary, 'secondarySidebar' => $secondary];
    }

    private static function actions(Host $host, Item $actions, int $serviceId, string $module, string $page): void
    {
        $active = Row::service($serviceId)->domainstatus === 'Active';
        if ($active) {
            self::whileActive($host, $actions, $serviceId, $module, $page);
        }
        $order = 10;
        $buttons = $host->modules->buttons($module, 'ClientAreaCustomButtonArray', Params::ofService($serviceId));
        foreach ($buttons as $text => $function) {
            $order += 10;
            // The theme's JavaScript turns this link into a form with the token.
            $uri = "$page&modop=custom&a=" . rawurlencode($function);
            $actions->addChild("Custom Module Button $text", ['label' => $text, 'uri' => $uri, 'order' => $order]);
        }
        if ((string) Row::productOf($serviceId)->upgrades !== '') {
            $actions->addChild('Upgrade/Downgrade', ['uri' => "upgrade.php?type=package&id=$serviceId", 'order' => 80]);
        }
        if ((int) Row::productOf($serviceId)->configoptionsupgrade === 1) {
            $uri = "upgrade.php?type=configoptions&id=$serviceId";
            $actions->addChild('Upgrade/Downgrade Options', ['uri' => $uri, 'order' => 90]);
        }
    }

    private static function whileActive(Host $host, Item $actions, int $serviceId, string $module, string $page): void
    {
        $label = (string) ($host->modules->meta($module)['ServiceSingleSignOnLabel'] ?? '');
        if ($label !== '' && $host->modules->has($module, 'ServiceSingleSignOn')) {
            $actions->addChild('Login', ['label' => $label, 'uri' => "$page&dosinglesignon=1", 'order' => 10]);
        }
        if ($host->modules->has($module, 'ChangePassword')) {
            $actions->addChild('Change Password', ['uri' => "$page#tabChangepw", 'order' => 70]);
        }
        $cancel = ['label' => 'Request Cancellation', 'uri' => "clientarea.php?action=cancel&id=$serviceId"];
        $actions->addChild('Cancel', $cancel + ['order' => 100]);
    }
}
