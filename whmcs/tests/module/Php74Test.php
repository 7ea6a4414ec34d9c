<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use PhpParser\Error;
use PhpParser\Lexer\Emulative;
use PhpParser\NodeTraverser;
use PhpParser\ParserFactory;
use PHPUnit\Framework\TestCase;
use Standin\Tests\Module\Syntax\NewerThan74;

/** What WHMCS loads before the module can look at PHP's version must be read by PHP 7.4. */
final class Php74Test extends TestCase
{
    private const FOLDER = __DIR__ . '/../../modules/servers/thexyz_polarismail';

    public static function setUpBeforeClass(): void
    {
        require_once '/usr/share/php/PhpParser/autoload.php';
    }

    /** @return array<string, array{string}> */
    public static function entryFiles(): array
    {
        $names = ['thexyz_polarismail.php', 'hooks.php', 'config.example.php'];
        foreach (glob(self::FOLDER . '/lang/*.php') ?: [] as $file) {
            $names[] = 'lang/' . basename($file);
        }
        return array_combine($names, array_map(static fn (string $name): array => [$name], $names));
    }

    /** @dataProvider entryFiles */
    public function testItParsesOnPhp74(string $name): void
    {
        self::assertSame([], self::newer((string) file_get_contents(self::FOLDER . "/$name")));
    }

    /** @return array<string, array{string}> */
    public static function newerSyntax(): array
    {
        $samples = [
            'match' => '$x = match ($y) { 1 => 2 };',
            'nullsafe' => '$x = $y?->z;',
            'a nullsafe call' => '$x = $y?->z();',
            'a named argument' => 'f(flags: 3);',
            'a union' => 'function f(int|string $x) {}',
            'a returned union' => 'function f(): int|false {}',
            'promotion' => 'class A { public function __construct(private int $x) {} }',
            'an enum' => 'enum Suit { case Hearts; }',
            'readonly' => 'class A { public readonly int $x; }',
            'static as a type' => 'class A { public function f(): static {} }',
            'mixed' => 'function f(mixed $x) {}',
            'never' => 'function f(): never {}',
            'a comma after the last parameter' => 'function f($x,) {}',
            'and of a closure' => '$f = static function ($x,) {};',
            'and of a use' => '$f = static function () use ($x,) {};',
            'an attribute' => '#[A(' . "\n" . '1)] function f() {}',
            'throw as an expression' => '$x = $y ?? throw new E();',
            'a catch without a variable' => 'try {} catch (E) {}',
            'a first-class callable' => '$f = strlen(...);',
            'the class of an object' => '$x = $y::class;',
            'new in a default' => 'function f($x = new A()) {}',
            'an octal' => '$x = 0o17;',
            'an intersection' => 'function f(A&B $x) {}',
        ];
        return array_map(static fn (string $code): array => [$code], $samples);
    }

    /** @dataProvider newerSyntax */
    public function testTheCheckKnowsNewerSyntax(string $code): void
    {
        self::assertNotSame([], self::newer("<?php\n$code\n"));
    }

    public function testOnAnOlderPhpEveryFunctionSaysWhichIsNeeded(): void
    {
        $text = (string) file_get_contents(self::FOLDER . '/thexyz_polarismail.php');
        $old = str_replace('PHP_VERSION_ID < 80100', 'true', $text, $count);
        self::assertSame(1, $count);
        // In a folder of its own: nothing of lib/ may be needed to say it.
        $folder = sys_get_temp_dir() . '/old-' . bin2hex(random_bytes(4));
        mkdir($folder);
        file_put_contents("$folder/old.php", $old);
        $calls = "define('WHMCS', 1); include '$folder/old.php'; echo json_encode(['created' => "
            . 'thexyz_polarismail_CreateAccount([]), "page" => thexyz_polarismail_ClientArea([]), '
            . '"tested" => thexyz_polarismail_TestConnection([])["error"], '
            . '"login" => thexyz_polarismail_ServiceSingleSignOn([])["errorMsg"], '
            . '"settings" => count(thexyz_polarismail_ConfigOptions([]))]);';
        $said = (array) json_decode((string) shell_exec(escapeshellarg(PHP_BINARY) . ' -r ' . escapeshellarg($calls)), true);
        unlink("$folder/old.php");
        rmdir($folder);
        self::assertSame(13, $said['settings']);
        $sentence = 'Thexyz Mailboxes needs PHP 8.1 or higher; this is PHP ' . PHP_VERSION . '.';
        unset($said['settings']);
        self::assertSame(array_fill_keys(['created', 'page', 'tested', 'login'], $sentence), $said);
    }

    /** @return list<string> */
    private static function newer(string $text): array
    {
        $lexer = new Emulative(['phpVersion' => '7.4']);
        try {
            $tree = (new ParserFactory())->create(ParserFactory::ONLY_PHP7, $lexer)->parse($text) ?? [];
        } catch (Error $error) {
            return [$error->getMessage()];
        }
        $visitor = new NewerThan74();
        $traverser = new NodeTraverser();
        $traverser->addVisitor($visitor);
        $traverser->traverse($tree);
        return array_merge($visitor->found, self::commas($text), preg_match('/\b0o\d/i', $text) === 1 ? ['an octal'] : []);
    }

    /** @return list<string> commas after the last parameter, which the tree does not keep */
    private static function commas(string $text): array
    {
        $tokens = array_values(array_filter(
            token_get_all($text),
            static fn ($token): bool => !is_array($token) || !in_array($token[0], [T_WHITESPACE, T_COMMENT, T_DOC_COMMENT], true)
        ));
        $found = [];
        $isInHead = false;
        foreach ($tokens as $index => $token) {
            $opens = is_array($token) && in_array($token[0], [T_FUNCTION, T_FN, T_USE], true);
            $isInHead = $opens || ($isInHead && !in_array($token, ['{', ';'], true));
            if ($isInHead && $token === ',' && ($tokens[$index + 1] ?? '') === ')') {
                $found[] = 'a comma after the last parameter';
            }
        }
        return $found;
    }
}
