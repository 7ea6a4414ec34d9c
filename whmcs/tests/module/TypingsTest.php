<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use PhpParser\Lexer\Emulative;
use PhpParser\ParserFactory;

/** The module behaves alike however WHMCS types its values, and its entry files parse on an old PHP. */
final class TypingsTest extends ModuleTestCase
{
    /** @return array<string, array{array<string, mixed>}> */
    public static function typings(): array
    {
        return [
            'ids as numbers' => [[]],
            'ids as text' => [['stringIds' => true]],
            'without what may be missing' => [['dropOptional' => true]],
            'secure as text' => [['secureAsText' => true]],
            'drop-downs stored by their left part' => [['dropdownStorage' => 'left']],
            'Smarty with its security policy' => [['smartySecurity' => true]],
            'all at once' => [['stringIds' => true, 'dropOptional' => true, 'secureAsText' => true]],
        ];
    }

    /**
     * @dataProvider typings
     * @param array<string, mixed> $switches
     */
    public function testALifeIsTheSame(array $switches): void
    {
        $this->boot($switches);
        $id = $this->ordered();
        foreach (['Create', 'Suspend', 'Unsuspend', 'ChangePackage', 'ChangePassword'] as $command) {
            $extra = $command === 'ChangePassword' ? ['password' => 'Another-secret-2'] : [];
            self::assertSame('success', $this->command($id, $command, $extra), $command);
        }
        $sent = $this->sent('create');
        self::assertSame(['anna', 'thexyz.com', '1'], [$sent['handle'], $sent['domain'], $sent['plan']['account_type'][0]]);
        self::assertSame("services/$id/create", $this->asked()[0]);
        self::assertStringStartsWith('https://', $sent['server']['endpoint']);
        foreach (['', '&pm=password', '&pm=aliases', '&pm=lists'] as $page) {
            self::assertStringContainsString('anna@thexyz.com', $this->details($id, $page)->body);
        }
        self::assertSame('success', $this->command($id, 'Terminate'));
    }

    /** @return array<string, array{string}> */
    public static function entryFiles(): array
    {
        $folder = dirname(__DIR__, 2) . '/modules/servers/thexyz_polarismail';
        $files = ["$folder/thexyz_polarismail.php", "$folder/hooks.php", ...(glob("$folder/lang/*.php") ?: [])];
        return array_combine(array_map('basename', $files), array_map(static fn (string $file): array => [$file], $files));
    }

    /** @dataProvider entryFiles */
    public function testItParsesOnPhp74(string $file): void
    {
        $lexer = new Emulative(['phpVersion' => '7.4']);
        $parser = (new ParserFactory())->create(ParserFactory::ONLY_PHP7, $lexer);
        $text = (string) file_get_contents($file);
        self::assertNotEmpty($parser->parse($text));
        // The parser takes what later versions of PHP 7's grammar do not know.
        foreach (
            ['/\?->/', '/\bmatch\s*\(/', '/\benum\s+\w+/', '/\breadonly\b/', '/:\s*(?:mixed|static|never)\b/',
            '/\bfunction\s+__construct\(\s*(?:public|private|protected)/', '/#\[/', '/\(\.\.\.\)/',
            '/:\s*\w+\s*\|\s*\w+\s*[{;]/'] as $newer
        ) {
            self::assertDoesNotMatchRegularExpression($newer, $this->withoutComments($text));
        }
    }

    private function withoutComments(string $text): string
    {
        $tokens = array_filter(token_get_all($text), static fn ($token): bool => !is_array($token)
            || !in_array($token[0], [T_COMMENT, T_DOC_COMMENT, T_CONSTANT_ENCAPSED_STRING], true));
        return implode('', array_map(static fn ($token): string => is_array($token) ? $token[1] : $token, $tokens));
    }
}
