<?php

declare(strict_types=1);

namespace Housemail\Whmcs;

defined('WHMCS') || die('This file cannot be accessed directly');

/** What the service answered, or why there is no answer. */
final class Answer
{
    /** What a page cannot do without: texts, and parts of their own. */
    private const TEXTS = ['address', 'domain', 'state'];
    private const PARTS = ['usage', 'plan', 'limits', 'aliases', 'lists', 'may'];

    /**
     * @param int $status of HTTP; 0 when there is no answer
     * @param array<string, mixed> $body
     * @param string $trouble the sentence when there is no answer that can be read
     */
    public function __construct(
        public readonly int $status,
        public readonly array $body,
        public readonly string $trouble,
        private bool $forClient,
    ) {
    }

    /** Only this is success: answered with 200 and with the wanted state. */
    public function reached(string ...$states): bool
    {
        return $this->isGood() && in_array($this->body['state'] ?? null, $states, true);
    }

    public function isGood(): bool
    {
        return $this->status === 200;
    }

    public function text(string $key): string
    {
        $value = $this->body[$key] ?? '';
        return is_scalar($value) ? (string) $value : '';
    }

    /**
     * The overview in the answer to a change, in whichever place it is.
     *
     * @return array<string, mixed>
     */
    public function overview(): array
    {
        $overview = (array) ($this->body['overview'] ?? $this->body);
        $missing = array_diff(self::TEXTS, array_keys(array_filter($overview, 'is_string')));
        $parts = array_diff(self::PARTS, array_keys(array_filter($overview, 'is_array')));
        return $missing === [] && $parts === [] ? $overview : [];
    }

    /** What to say when the wanted state was not reached. */
    public function sentence(): string
    {
        $isKeyRefused = $this->status === 401 || str_starts_with($this->text('code'), 'key_');
        // What is wrong between WHMCS and the service is nothing that a client could mend.
        if ($this->forClient && ($this->trouble !== '' || $isKeyRefused || $this->status === 500)) {
            return Texts::get('unavailable');
        }
        $said = $this->trouble . $this->text('detail');
        return ($isKeyRefused ? Texts::get('key_refused') . ' ' : '')
            . ($said !== '' ? $said : Texts::get('answer_unexpected', ['status' => $this->status]));
    }
}
