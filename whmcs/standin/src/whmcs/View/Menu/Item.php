<?php

declare(strict_types=1);

namespace WHMCS\View\Menu;

/** A side bar, a panel in it or a link in that; every setter returns the item. */
final class Item
{
    private string $name;
    private string $label;
    private string $uri = '';
    private int $order = 0;
    private string $icon = '';
    private string $class = '';
    private string $body = '';
    private string $footer = '';
    /** @var array<string, string> */
    private array $attributes = [];
    /** @var array<string, Item> */
    private array $children = [];

    /** @param array<string, mixed> $options label, uri, order, icon */
    public function __construct(string $name, array $options = [])
    {
        $this->name = $name;
        $this->label = (string) ($options['label'] ?? $name);
        $this->uri = (string) ($options['uri'] ?? '');
        $this->order = (int) ($options['order'] ?? 0);
        $this->icon = (string) ($options['icon'] ?? '');
    }

    /** @param array<string, mixed> $options */
    public function addChild(string $name, array $options = []): self
    {
        return $this->children[$name] = new self($name, $options);
    }

    public function removeChild(string $name): self
    {
        unset($this->children[$name]);
        return $this;
    }

    public function getChild(string $name): ?self
    {
        return $this->children[$name] ?? null;
    }

    /** @return array<string, Item> in their order */
    public function getChildren(): array
    {
        uasort($this->children, static fn (self $one, self $other): int => $one->order <=> $other->order);
        return $this->children;
    }

    public function hasChildren(): bool
    {
        return $this->children !== [];
    }

    public function getName(): string
    {
        return $this->name;
    }

    public function getLabel(): string
    {
        return $this->label;
    }

    public function setLabel(string $label): self
    {
        $this->label = $label;
        return $this;
    }

    public function getUri(): string
    {
        return $this->uri;
    }

    public function setUri(string $uri): self
    {
        $this->uri = $uri;
        return $this;
    }

    public function getOrder(): int
    {
        return $this->order;
    }

    public function setOrder(int $order): self
    {
        $this->order = $order;
        return $this;
    }

    public function moveToFront(): self
    {
        return $this->setOrder(PHP_INT_MIN);
    }

    public function moveToBack(): self
    {
        return $this->setOrder(PHP_INT_MAX);
    }

    public function getIcon(): string
    {
        return $this->icon;
    }

    public function setIcon(string $icon): self
    {
        $this->icon = $icon;
        return $this;
    }

    public function getClass(): string
    {
        return $this->class;
    }

    public function setClass(string $class): self
    {
        $this->class = $class;
        return $this;
    }

    public function getAttribute(string $name): string
    {
        return $this->attributes[$name] ?? '';
    }

    public function setAttribute(string $name, string $value): self
    {
        $this->attributes[$name] = $value;
        return $this;
    }

    public function getBodyHtml(): string
    {
        return $this->body;
    }

    public function setBodyHtml(string $html): self
    {
        $this->body = $html;
        return $this;
    }

    public function getFooterHtml(): string
    {
        return $this->footer;
    }

    public function setFooterHtml(string $html): self
    {
        $this->footer = $html;
        return $this;
    }
}
