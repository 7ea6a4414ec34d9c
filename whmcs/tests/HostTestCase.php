<?php

declare(strict_types=1);

namespace Standin\Tests;

use PHPUnit\Framework\TestCase;
use Standin\Answer;
use Standin\Cart;
use Standin\Database;
use Standin\Host;
use Standin\Options;
use Standin\Orders;
use Standin\Row;
use Standin\Schema;
use Standin\Secret;
use Standin\Seed;
use Standin\Web\Front;
use Standin\Web\Shell;
use WHMCS\Database\Capsule;

/**
 * A fresh WHMCS for each test, set up as the product sheet says.
 *
 * After each test: no fault of a module, and no known secret in any log.
 */
abstract class HostTestCase extends TestCase
{
    protected const MODULE = Seed::MODULE;

    protected Host $host;
    /** @var array<string, int> see Seed: client, server, product, product2, mailbox, domain, type.Basic, quota.50 ... */
    protected array $ids = [];

    /** @return array<string, mixed> Options of the test's host, by name */
    protected function switches(): array
    {
        return [];
    }

    /** @return array<string, string> the server of the set-up: hostname port secure username password endpoint */
    protected function server(): array
    {
        return ['username' => 'admin', 'password' => 'Server-secret-1'];
    }

    protected function setUp(): void
    {
        $_SESSION = $_GET = $_POST = $_REQUEST = [];
        $_SERVER['REQUEST_METHOD'] = 'GET';
        Secret::forget();
        self::freshDatabase();
        // Hooks need the modules that the set-up makes known, so the host is booted twice.
        $this->host = Host::boot(Options::of(['hookMode' => 'D']));
        $this->ids = (new Seed($this->host, static::MODULE))->run($this->server());
        $faults = $this->host->faults->found();
        $this->boot($this->switches());
        array_map([$this->host->faults, 'record'], $faults);
        $_SESSION['uid'] = $this->ids['client'];
    }

    protected function assertPostConditions(): void
    {
        self::assertSame([], $this->host->faults->found(), 'The module is at fault.');
        self::assertSame([], Secret::foundIn($this->everyLog()), 'A secret is in a log.');
    }

    protected function tearDown(): void
    {
        Host::shutDown();
    }

    /**
     * Starts another host on the same database, such as with other switches.
     *
     * @param array<string, mixed> $switches
     */
    protected function boot(array $switches): void
    {
        $this->host = Host::boot(Options::of($switches + ['onlyHooksOf' => [static::MODULE]]));
    }

    /**
     * Writes the connection file where the module looks first without being told; the key
     * is a secret from then on.
     */
    protected function connect(string $url, string $key): void
    {
        $entries = var_export(['url' => $url, 'key' => $key], true);
        $text = "<?php\n\nif (!defined('WHMCS')) {\n    exit;\n}\n\nreturn $entries;\n";
        file_put_contents(self::connectionFile(), $text);
        Secret::know($key);
    }

    protected function disconnect(): void
    {
        if (is_file(self::connectionFile())) {
            unlink(self::connectionFile());
        }
    }

    private static function connectionFile(): string
    {
        return dirname(ROOTDIR) . '/housemail-whmcs.php';
    }

    /** Says that the faults so far were wanted; returns them. */
    protected function takeFaults(): array
    {
        return $this->host->faults->take();
    }

    /**
     * Orders one mailbox through the cart's two gates; returns the Pending service.
     *
     * @param array<string, mixed> $more configoption, domain, qty of the product form
     */
    protected function order(string $mailbox, string $domain = 'thexyz.com', array $more = []): int
    {
        $placed = $this->tryOrder($mailbox, $domain, $more);
        self::assertSame([], $placed['errors']);
        $services = (new Orders($this->host))->services($placed['order']);
        return (int) $services[0]->id;
    }

    /**
     * @param array<string, mixed> $more
     * @return array{errors: list<string>, order: int}
     */
    protected function tryOrder(string $mailbox, string $domain = 'thexyz.com', array $more = []): array
    {
        $cart = new Cart($this->host);
        $index = $cart->add($this->ids['product']);
        $fields = [$this->ids['mailbox'] => $mailbox, $this->ids['domain'] => $domain];
        $more += ['configoption' => [$this->ids['type'] => $this->ids['type.Basic'],
            $this->ids['quota'] => $this->ids['quota.25']]];
        $errors = $cart->configure($index, ['customfield' => $fields] + $more);
        if ($errors !== []) {
            $cart->remove($index);
            return ['errors' => $errors, 'order' => 0];
        }
        return $cart->checkout($this->ids['client']);
    }

    /** @param array<string, mixed> $extra */
    protected function command(int $serviceId, string $command, array $extra = []): string
    {
        return $this->host->dispatcher->run($serviceId, $command, $extra);
    }

    /** Orders and creates; returns the Active service. */
    protected function active(string $mailbox, string $domain = 'thexyz.com'): int
    {
        $id = $this->order($mailbox, $domain);
        self::assertSame('success', $this->command($id, 'Create'));
        return $id;
    }

    protected function service(int $id): object
    {
        return Row::service($id);
    }

    protected function password(int $id): string
    {
        return Secret::decrypt((string) Row::service($id)->password);
    }

    protected function get(string $url): Answer
    {
        return $this->request('GET', $url, []);
    }

    /**
     * Posts with the right token unless another is given.
     *
     * @param array<string, mixed> $fields
     */
    protected function post(string $url, array $fields): Answer
    {
        return $this->request('POST', $url, $fields + ['token' => generate_token('plain')]);
    }

    /** The product details page; `$more` is added to its query. */
    protected function details(int $serviceId, string $more = ''): Answer
    {
        return $this->get("/clientarea.php?action=productdetails&id=$serviceId$more");
    }

    /**
     * Calls a function of the client area as its forms do.
     *
     * @param array<string, mixed> $fields
     */
    protected function custom(int $serviceId, string $function, array $fields = []): Answer
    {
        $fields += ['id' => (string) $serviceId, 'modop' => 'custom', 'a' => $function];
        return $this->post("/clientarea.php?action=productdetails&id=$serviceId", $fields);
    }

    /** @return list<object> */
    protected function rows(string $table): array
    {
        return Capsule::table($table)->orderBy('id')->get()->all();
    }

    /** Every text that staff may read, in which no secret may be. */
    protected function everyLog(): string
    {
        $texts = [];
        foreach (['tblmodulelog', 'tblactivitylog', 'tblmodulequeue', 'tblemails'] as $table) {
            foreach ($this->rows($table) as $row) {
                $texts[] = implode("\n", array_map('strval', (array) $row));
            }
        }
        return implode("\n", $texts);
    }

    protected function signInAsAdmin(): void
    {
        $_SESSION['adminid'] = (int) Capsule::table('tbladmins')->value('id');
    }

    /** @param array<string, mixed> $fields */
    private function request(string $method, string $url, array $fields): Answer
    {
        $_SERVER['REQUEST_METHOD'] = $method;
        $_SERVER['REQUEST_URI'] = $url;
        parse_str((string) parse_url($url, PHP_URL_QUERY), $query);
        $_GET = $query;
        $_POST = $fields;
        $_REQUEST = $fields + $query;
        $directory = getcwd();
        try {
            $answer = (new Front($this->host))->answer((string) parse_url($url, PHP_URL_PATH));
            return (new Shell($this->host))->render($answer);
        } finally {
            chdir((string) $directory);
            $_SERVER['REQUEST_METHOD'] = 'GET';
            $_GET = $_POST = $_REQUEST = [];
        }
    }

    private static function freshDatabase(): void
    {
        $dsn = (string) (getenv('STANDIN_DATABASE') ?: 'sqlite::memory:');
        Database::connect($dsn);
        if ($dsn !== 'sqlite::memory:' && Schema::isMade()) {
            Schema::clear();
        } else {
            Schema::make();
        }
    }
}
