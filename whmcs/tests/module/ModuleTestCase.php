<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use Housemail\Whmcs\Changes;
use Standin\Row;
use Standin\Secret;
use Standin\Tests\HostTestCase;
use Standin\Tests\Module\Fake\Answers;
use Standin\Tests\Module\Fake\Service;
use WHMCS\Database\Capsule;

require_once __DIR__ . '/headers.php';

/** A WHMCS that sells mailboxes through the module, in front of a service that obeys the test. */
abstract class ModuleTestCase extends HostTestCase
{
    protected const MAILBOX = 'anna';
    protected const ADDRESS = 'anna@thexyz.com';

    /** @var array<string, mixed> */
    private array $rules = [];
    /** @var array<string, string> files that a test took away, by where they belong */
    private array $hidden = [];

    protected function setUp(): void
    {
        parent::setUp();
        Redirects::forget();
        $this->rules = Answers::good();
        Service::tell($this->rules);
        $this->connect(Service::url(), Service::KEY);
        Secret::know('One-Time/Ticket+77&"x"');
    }

    protected function tearDown(): void
    {
        foreach ($this->hidden as $place => $kept) {
            rename($kept, $place);
        }
        $this->hidden = [];
        $this->disconnect();
        if (class_exists(Changes::class, false)) {
            Changes::$end = null;
        }
        parent::tearDown();
    }

    /**
     * From now on the service answers a call so; the other calls stay as they are.
     *
     * @param array<int|string, mixed> $rule see Service::tell()
     */
    protected function serviceSays(string $call, array $rule): void
    {
        $this->rules = $call === '*' ? ['*' => $rule] : [$call => $rule] + $this->rules;
        Service::tell($this->rules);
    }

    /** @param array<string, mixed> $changed of the overview */
    protected function overviewIs(array $changed): void
    {
        $this->serviceSays('overview', ['json' => Answers::overview($changed)]);
    }

    protected function serviceIsDown(): void
    {
        $this->connect(Service::closed(), Service::KEY);
    }

    /** @return list<string> the calls since the last rule, without the service's number */
    protected function asked(): array
    {
        $call = static fn (array $request): string => substr($request['path'], strlen('/api/v1/'));
        return array_map($call, Service::requests());
    }

    /** @return array<string, mixed> the body of the last request of a call */
    protected function sent(string $verb): array
    {
        foreach (array_reverse(Service::requests()) as $request) {
            if (preg_match("#/$verb$#D", $request['path']) === 1) {
                return (array) json_decode($request['body'], true);
            }
        }
        self::fail("The service was not asked for $verb.");
    }

    /** An Active service of ours without the way through the cart, which has tests of its own. */
    protected function mailbox(string $status = 'Active', array $more = []): int
    {
        $id = (int) Capsule::table('tblhosting')->insertGetId($more + [
            'userid' => $this->ids['client'], 'packageid' => $this->ids['product'], 'server' => $this->ids['server'],
            'domain' => 'thexyz.com', 'username' => self::ADDRESS, 'password' => Secret::encrypt('Mailbox-secret-1'),
            'domainstatus' => $status, 'regdate' => '2026-05-01', 'nextduedate' => '2026-06-01', 'amount' => '5.00',
            'billingcycle' => 'Monthly', 'paymentmethod' => 'banktransfer',
        ]);
        $field = ['fieldid' => $this->ids['mailbox'], 'relid' => $id, 'value' => self::MAILBOX];
        Capsule::table('tblcustomfieldsvalues')->insert($field);
        return $id;
    }

    /** A service as it waits for its first Create. */
    protected function ordered(string $mailbox = self::MAILBOX): int
    {
        $id = $this->mailbox('Pending', ['username' => '', 'password' => '', 'domain' => '']);
        $where = ['fieldid' => $this->ids['mailbox'], 'relid' => $id];
        $text = htmlspecialchars($mailbox, ENT_QUOTES);
        Capsule::table('tblcustomfieldsvalues')->where($where)->update(['value' => $text]);
        $domain = ['fieldid' => $this->ids['domain'], 'relid' => $id, 'value' => 'thexyz.com'];
        Capsule::table('tblcustomfieldsvalues')->insert($domain);
        return $id;
    }

    /** Calls a function of the module as the host does, with what it passes. */
    protected function call(string $function, int $serviceId, array $changed = []): mixed
    {
        $params = $changed + \Standin\Params::ofService($serviceId);
        return $this->host->modules->call(static::MODULE, $function, $params);
    }

    protected function setProduct(array $values): void
    {
        Capsule::table('tblproducts')->where('id', $this->ids['product'])->update($values);
    }

    protected function status(int $serviceId): string
    {
        return (string) Row::service($serviceId)->domainstatus;
    }

    /** Takes a file of the uploaded module away until the test ends. */
    protected function hide(string $file): void
    {
        $place = ROOTDIR . '/modules/servers/' . static::MODULE . "/$file";
        $kept = dirname(ROOTDIR) . '/hidden-' . md5($file);
        rename($place, $kept);
        $this->hidden[$place] = $kept;
    }

    /** Text as people read it on a page. */
    protected static function readable(string $html): string
    {
        return html_entity_decode(strip_tags($html), ENT_QUOTES);
    }

    protected function moduleLog(): string
    {
        $rows = array_map(static fn (object $row): string => implode("\n", (array) $row), $this->rows('tblmodulelog'));
        return implode("\n", $rows);
    }
}
