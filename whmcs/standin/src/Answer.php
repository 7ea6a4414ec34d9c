<?php

declare(strict_types=1);

namespace Standin;

/** What a page answers: a template with its variables, a redirect, or a body as it is. */
final class Answer
{
    public int $status = 200;
    public string $template = '';
    /** @var array<string, mixed> */
    public array $variables = [];
    public string $location = '';
    public string $body = '';
    public string $type = 'text/html; charset=utf-8';

    /** @param array<string, mixed> $variables */
    public static function page(string $template, array $variables, int $status = 200): self
    {
        $answer = new self();
        [$answer->template, $answer->variables, $answer->status] = [$template, $variables, $status];
        return $answer;
    }

    public static function redirect(string $location): self
    {
        $answer = new self();
        [$answer->location, $answer->status] = [$location, 302];
        return $answer;
    }

    public static function body(string $body, int $status = 200, string $type = 'text/html; charset=utf-8'): self
    {
        $answer = new self();
        [$answer->body, $answer->status, $answer->type] = [$body, $status, $type];
        return $answer;
    }

    /** @param mixed $value */
    public static function json($value): self
    {
        return self::body((string) json_encode($value, JSON_THROW_ON_ERROR), 200, 'application/json');
    }
}
