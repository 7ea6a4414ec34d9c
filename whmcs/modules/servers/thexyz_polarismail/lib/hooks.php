<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

defined('WHMCS') || die('This file cannot be accessed directly');

/** What the module does when WHMCS reports an event; hooks.php says at which. */
final class Hooks
{
    /** Creates of one run of the cron. */
    private const MOST_CREATES = 10;

    private const HOSTING = ['Downloads', 'Resource Usage', 'Addons', 'Domain', 'SSL', 'Nameservers'];

    /**
     * Holds the address of each new service until it is created.
     *
     * @param array<string, mixed> $vars
     */
    public function reserve(array $vars): void
    {
        $cart = new Cart();
        foreach ((array) ($vars['ServiceIDs'] ?? []) as $serviceId) {
            $raw = Records::service((int) $serviceId);
            $params = Params::of($raw);
            if ($raw !== [] && $params->status() === 'Pending' && $cart->left() >= Cart::LEAST_MS) {
                $name = ['handle' => (string) $params->handle(), 'domain' => $params->domain()];
                Bridge::askService($params, 'reserve', $name, $cart->left());
            }
        }
    }

    /** @param array<string, mixed> $vars */
    public function releaseOrder(array $vars): void
    {
        array_map([self::class, 'release'], Records::ofOrder((int) ($vars['orderid'] ?? 0)));
    }

    /** @param array<string, mixed> $vars */
    public function forget(array $vars): void
    {
        self::release((int) ($vars['serviceid'] ?? 0));
        Tables::forget((int) ($vars['serviceid'] ?? 0));
    }

    /** Finishes creates whose answer was lost, so that nobody must press Create at night. */
    public function finishPending(): void
    {
        $answer = Bridge::ask('pending', [], Bridge::PAGE_MS);
        $begun = 0;
        foreach ((array) ($answer->body['pending'] ?? []) as $row) {
            $serviceId = (int) ($row['ref'] ?? 0);
            if ($begun < self::MOST_CREATES && (Records::service($serviceId)['status'] ?? '') === 'Pending') {
                $begun++;
                localAPI('ModuleCreate', ['serviceid' => $serviceId]);
            }
        }
    }

    /** @return array<string, mixed> variables of the product details page without hosting */
    public function hideHosting(): array
    {
        $blank = ['domain' => '', 'dedicatedip' => '', 'assignedips' => '', 'ns1' => '', 'ns2' => ''];
        return self::shown() === 0 ? [] : $blank + ['serverdata' => [], 'sslStatus' => null];
    }

    /** @param mixed $sidebar an item of WHMCS's menu */
    public function tidySidebar(mixed $sidebar): void
    {
        $serviceId = is_object($sidebar) ? self::shown() : 0;
        $overview = $serviceId === 0 ? null : $sidebar->getChild('Service Details Overview');
        foreach ($overview === null ? [] : self::HOSTING as $name) {
            if ($overview->getChild($name) !== null) {
                $overview->removeChild($name);
            }
        }
        $actions = $serviceId === 0 ? null : $sidebar->getChild('Service Details Actions');
        if ($actions !== null && $actions->getChild('Change Password') !== null) {
            // Our page has the same form, with the rules beside it.
            $actions->removeChild('Change Password');
            $uri = Page::url($serviceId, 'password');
            $actions->addChild('pm-password', ['label' => Texts::get('nav_password'), 'uri' => $uri, 'order' => 10]);
        }
    }

    /** Gives up what a service holds; a mailbox that exists is not touched by this. */
    private static function release(int $serviceId): void
    {
        $isForeign = Records::service($serviceId) === [] && Records::status($serviceId) !== '';
        if ($serviceId > 0 && !$isForeign) {
            Bridge::askService(Params::of(['serviceid' => $serviceId]), 'release', [], Bridge::PAGE_MS);
        }
    }

    /** The service whose product details page is asked for, when it is one of ours; else 0. */
    private static function shown(): int
    {
        $id = is_scalar($_REQUEST['id'] ?? null) ? (int) $_REQUEST['id'] : 0;
        $isDetails = ($_REQUEST['action'] ?? '') === 'productdetails' && $id > 0;
        return $isDetails && Records::service($id) !== [] ? $id : 0;
    }
}
