<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use DOMDocument;
use DOMElement;
use DOMXPath;
use PHPUnit\Framework\Assert;

/** Reads a page as a strict reader does: what is wrong with it, what is in it. */
final class Html
{
    /** libxml knows HTML 4 only: these are of HTML 5. */
    private const NEWER = '/^Tag (?:nav|section|details|summary|progress|header|footer|main|article) invalid/';

    public DOMXPath $find;

    public function __construct(string $page)
    {
        $document = new DOMDocument();
        $before = libxml_use_internal_errors(true);
        $document->loadHTML('<?xml encoding="utf-8"?>' . $page);
        $faults = [];
        foreach (libxml_get_errors() as $error) {
            if (preg_match(self::NEWER, $error->message) !== 1) {
                $faults[] = "line $error->line: " . trim($error->message);
            }
        }
        libxml_clear_errors();
        libxml_use_internal_errors($before);
        Assert::assertSame([], $faults, 'The page is no proper HTML.');
        $this->find = new DOMXPath($document);
    }

    /** @return list<DOMElement> */
    public function all(string $query): array
    {
        return array_values(array_filter(
            iterator_to_array($this->find->query($query)),
            static fn (object $node): bool => $node instanceof DOMElement
        ));
    }

    /** @return list<string> classes of the forms that call a function of ours */
    public function forms(): array
    {
        $name = static fn (DOMElement $form): string => $form->getAttribute('class');
        return array_map($name, $this->all('//form[starts-with(@class, "pm-form-")]'));
    }

    public function text(string $query): string
    {
        $words = array_map(static fn (DOMElement $node): string => $node->textContent, $this->all($query));
        return trim((string) preg_replace('/\s+/', ' ', implode(' ', $words)));
    }

    /** What holds for every page of ours, whatever is on it. */
    public function assertProper(string $token): void
    {
        foreach ($this->all('//*[@class="thexyz-pm"]//form') as $form) {
            Assert::assertSame('post', $form->getAttribute('method'));
            if ($form->getAttribute('class') !== 'pm-form-webmail') {
                $sent = $this->find->evaluate('string(.//input[@name="token"]/@value)', $form);
                Assert::assertSame($token, $sent, 'A form without the token.');
            }
        }
        Assert::assertSame([], $this->all('//a[contains(@href, "modop")]'), 'A link that changes something.');
        $this->assertLabelled();
        $ids = array_map(static fn (DOMElement $node): string => $node->getAttribute('id'), $this->all('//*[@id]'));
        Assert::assertSame($ids, array_values(array_unique($ids)), 'An id is there twice.');
    }

    private function assertLabelled(): void
    {
        $fields = '//*[@class="thexyz-pm"]//*[self::input[not(@type="hidden") and not(@hidden)] or self::textarea'
            . ' or self::select]';
        foreach ($this->all($fields) as $field) {
            $id = $field->getAttribute('id');
            $labels = $this->find->evaluate("count(//label[@for='$id']) + count(ancestor::label)", $field);
            Assert::assertGreaterThan(0, $labels, "The field {$field->getAttribute('name')} has no label.");
        }
        foreach ($this->all('//*[@aria-labelledby or @aria-describedby]') as $node) {
            foreach (['aria-labelledby', 'aria-describedby'] as $attribute) {
                $target = $node->getAttribute($attribute);
                Assert::assertTrue($target === '' || $this->all("//*[@id='$target']") !== [], "Nothing is #$target.");
            }
        }
    }
}
