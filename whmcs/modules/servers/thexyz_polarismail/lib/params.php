<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

defined('WHMCS') || die('This file cannot be accessed directly');

/**
 * What WHMCS hands over, under the service's names. Decides nothing.
 *
 * WHMCS stores what people type HTML-encoded. It is decoded here, once, and nowhere else.
 */
final class Params
{
    private const DEFAULT_ENDPOINT = 'https://cp.emailarray.com/admin/json.php';

    /** The service's keys of the module settings, in their order from the second on. */
    private const PLAN = [
        'allowed_domains', 'account_type', 'quota_gb', 'max_aliases', 'allow_external_forwards', 'timezone',
        'date_format', 'language', 'max_lists', 'enable_aliases', 'enable_lists', 'allow_external_list_members',
    ];

    private const OPTIONS = ['Account Type', 'Mailbox Quota (GB)'];

    /** Text that is still encoded after decoding: nobody can tell what was typed. */
    private const STILL_ENCODED = '/&(?:amp|lt|gt|quot|apos|#0*39|#x0*27);/i';

    /** @param array<string, mixed> $raw */
    private function __construct(private array $raw, private string $actor)
    {
    }

    /**
     * @param array<string, mixed> $params as WHMCS passes them
     * @param string $actor "client" for what a client reads, else "automation", which is staff in the admin area
     */
    public static function of(array $params, string $actor = 'automation'): self
    {
        return new self($params, $actor);
    }

    public static function decode(mixed $value): string
    {
        return trim(self::decodeSecret($value));
    }

    /** Whether a name is the wanted one: in any case, and with a label for customers behind a bar. */
    public static function isNamed(mixed $found, string $wanted): bool
    {
        return strcasecmp(trim(explode('|', self::decode($found), 2)[0]), $wanted) === 0;
    }

    /** A field of a form of ours. */
    public static function posted(string $name): string
    {
        return self::decode($_POST[$name] ?? '');
    }

    /** Staff at work, and not looking at the client area with an admin's session. */
    public static function isAdminArea(): bool
    {
        return !empty($_SESSION['adminid']) && !defined('CLIENTAREA');
    }

    /** Says why this call cannot be about one mailbox of ours; '' when it can. */
    public function fault(): string
    {
        $isAddon = (int) $this->text('addonId') !== 0;
        return $isAddon ? Texts::get('fault_addon') : ($this->serviceId() > 0 ? '' : Texts::get('fault_no_service'));
    }

    /** A value by WHMCS's own name for it. */
    public function text(string $key): string
    {
        return self::decode($this->raw[$key] ?? '');
    }

    public function serviceId(): int
    {
        return (int) $this->text('serviceid');
    }

    public function status(): string
    {
        return $this->text('status') ?: Records::status($this->serviceId());
    }

    public function password(): string
    {
        return self::decodeSecret($this->raw['password'] ?? '');
    }

    /** WHMCS may or may not have encoded it, so a guess could set another password. */
    public function isPasswordAmbiguous(): bool
    {
        return preg_match(self::STILL_ENCODED, $this->password()) === 1;
    }

    /** The part before the @, or the full address: as typed. Null when the product has no such field. */
    public function handle(): ?string
    {
        return $this->customField('Mailbox');
    }

    /** The service's own domain, else what was chosen in the optional field "Domain". */
    public function domain(): string
    {
        return $this->text('domain') ?: ($this->customField('Domain') ?? '');
    }

    public function ownerName(): string
    {
        return trim($this->client('firstname') . ' ' . $this->client('lastname'));
    }

    /** What saves values of this service; null outside of WHMCS. */
    public function properties(): ?object
    {
        $model = $this->raw['model'] ?? null;
        return is_object($model) ? $model->serviceProperties ?? null : null;
    }

    /**
     * The context that every call about a service carries.
     *
     * @return array<string, mixed>
     */
    public function context(): array
    {
        $owner = ['id' => $this->text('userid'), 'name' => $this->ownerName()];
        return [
            'server' => $this->server(),
            'plan' => $this->plan(),
            'options' => $this->options(),
            'owner' => $owner + ['email' => $this->client('email'), 'language' => $this->client('language')],
            'service' => ['username' => $this->text('username'), 'domain' => $this->text('domain')]
                + ['status' => $this->text('status')],
            'actor' => self::actor($this->actor, $owner['id']),
        ];
    }

    /** @return array{kind: string, id: string, visitor: string} */
    public static function actor(string $kind, string $id = ''): array
    {
        if ($kind === 'client') {
            // Opaque: nobody can get from it to the session.
            $visitor = session_id() ? hash('sha256', 'housemail visitor ' . session_id()) : '';
            return ['kind' => 'client', 'id' => $id, 'visitor' => $visitor];
        }
        return self::isAdminArea()
            ? ['kind' => 'staff', 'id' => (string) $_SESSION['adminid'], 'visitor' => '']
            : ['kind' => 'automation', 'id' => '', 'visitor' => ''];
    }

    /** @return array{platform: string, endpoint: string, username: string, password: string} */
    public function server(): array
    {
        return [
            'platform' => 'emailarray',
            'endpoint' => $this->text('configoption1') ?: $this->serverEndpoint(),
            'username' => $this->text('serverusername'),
            'password' => self::decodeSecret($this->raw['serverpassword'] ?? ''),
        ];
    }

    /** @return array<string, string> */
    public function plan(): array
    {
        $plan = [];
        foreach (self::PLAN as $index => $key) {
            $plan[$key] = $this->text('configoption' . ($index + 2));
        }
        return $plan;
    }

    /** The endpoint that follows from the server alone, which is what Test Connection tries. */
    public function serverEndpoint(): string
    {
        $typed = $this->text('serverhostname') ?: $this->text('serverip');
        $host = (string) preg_replace('#^[a-z]+://|/.*$#i', '', $typed);
        if ($host === '') {
            return self::DEFAULT_ENDPOINT;
        }
        $host = filter_var($host, FILTER_VALIDATE_IP, FILTER_FLAG_IPV6) ? "[$host]" : $host;
        $parts = parse_url("https://$host") ?: [];
        $host = strtolower($parts['host'] ?? $host);
        $port = (string) ($parts['port'] ?? $this->text('serverport'));
        // Plain http only on this machine, for trying. A server is https even without "SSL"
        // ticked, and then WHMCS says 80.
        $isPlain = self::isLoopback($host) && !in_array($this->text('serversecure'), ['1', 'on', 'true'], true);
        $port = in_array($port, ['', '80', '443'], true) ? '' : ":$port";
        return ($isPlain ? 'http' : 'https') . "://$host$port/admin/json.php";
    }

    /** https, or http that does not leave this machine. */
    public static function isSafe(string $url): bool
    {
        $parts = parse_url($url) ?: [];
        $scheme = isset($parts['user']) ? '' : $parts['scheme'] ?? '';
        return $scheme === 'https' || ($scheme === 'http' && self::isLoopback($parts['host'] ?? ''));
    }

    public static function isLoopback(string $host): bool
    {
        return $host === 'localhost' || $host === '[::1]' || preg_match('/^127(?:\.\d{1,3}){3}$/D', $host) === 1;
    }

    /** @return array<string, string> the configurable options of the sheet, under its names */
    private function options(): array
    {
        $options = [];
        foreach ((array) ($this->raw['configoptions'] ?? []) as $name => $value) {
            foreach (self::OPTIONS as $option) {
                if (self::isNamed($name, $option)) {
                    $options[$option] = self::decode($value);
                }
            }
        }
        return $options;
    }

    private function client(string $name): string
    {
        return self::decode(((array) ($this->raw['clientsdetails'] ?? []))[$name] ?? '');
    }

    /**
     * The value of a custom field, whatever the spelling of its name; null without one.
     *
     * The last look is in the table: a shop in several languages may hand over
     * translated names.
     */
    private function customField(string $name): ?string
    {
        foreach ((array) ($this->raw['customfields'] ?? []) as $key => $value) {
            if (self::isNamed($key, $name)) {
                return self::decode($value);
            }
        }
        return Records::customField((int) $this->text('pid'), $this->serviceId(), $name);
    }

    /** As decode(), but nothing is trimmed: a blank may belong to a password. */
    private static function decodeSecret(mixed $value): string
    {
        return is_scalar($value) ? html_entity_decode((string) $value, ENT_QUOTES | ENT_HTML5, 'UTF-8') : '';
    }
}
