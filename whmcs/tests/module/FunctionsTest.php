<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

use Standin\Tests\Module\Fake\Answers;
use Standin\Tests\Module\Fake\Service;

/** Every function of the module in front of a service that does not do its work. */
final class FunctionsTest extends ModuleTestCase
{
    private const SERVER_ONLY = ['MetaData', 'ConfigOptions', 'TestConnection', 'UsageUpdate'];
    private const LISTS = ['AdminCustomButtonArray', 'ClientAreaAllowedFunctions'];
    private const FOR_CLIENTS = ['ClientArea', 'ServiceSingleSignOn', 'ChangePassword'];

    /** @return list<string> the functions that are about one service */
    public static function ofOneService(): array
    {
        $text = (string) file_get_contents(dirname(__DIR__, 2) . '/modules/servers/thexyz_polarismail/thexyz_polarismail.php');
        preg_match_all('/^function thexyz_polarismail_(\w+)/m', $text, $found);
        return array_values(array_diff($found[1], self::SERVER_ONLY, self::LISTS));
    }

    /** @return array<string, array{array<string, mixed>|null}> a rule for all calls; null: nothing listens */
    public static function troubles(): array
    {
        $bad = '<b onclick=alert(1)>{$pm.csrfToken}</b>{literal}<script>alert(2)</script>.';
        $troubles = [
            'down' => null,
            'a slow one that hangs up' => ['wait_ms' => 60, 'drop' => true],
            'answers with nothing' => ['body' => ''],
            'a page of a proxy' => ['status' => 502, 'type' => 'text/html', 'body' => "<html><h1>Bad$bad</h1></html>"],
            'a page with 200' => ['type' => 'text/html', 'body' => "<html>$bad</html>"],
            'truncated' => ['body' => '{"state": "active", "address": "ann'],
            'a number' => ['body' => '17'],
            'text' => ['body' => '"success"'],
            'null' => ['body' => 'null'],
            'an empty object' => ['json' => (object) []],
            'a list' => ['json' => [1, [2]]],
            'a success that names no state' => ['json' => ['address' => self::ADDRESS]],
            'another state' => ['json' => ['state' => 'failed', 'detail' => $bad, 'address' => self::ADDRESS]],
            'wrong types' => ['json' => ['state' => ['active'], 'detail' => ['x'], 'calls' => 'none', 'code' => 7,
                'suggestions' => 'x', 'results' => 'y', 'pending' => 'z', 'usage' => 5, 'fields' => 'f', 'url' => []]],
            'a redirect' => ['status' => 302, 'body' => ''],
            'being checked' => ['status' => 202, 'json' => ['state' => 'creating', 'code' => 'being_checked',
                'detail' => "We are checking. $bad"]],
        ];
        foreach ([400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503] as $status) {
            $code = $status === 401 ? 'key_revoked' : 'some_code';
            $troubles["refuses with $status"] = Answers::problem($status, $code, "Refused: $bad");
        }
        return array_map(static fn (?array $rule): array => [$rule], $troubles);
    }

    /**
     * @dataProvider troubles
     * @param array<string, mixed>|null $rule
     */
    public function testEachFunctionSaysASentenceAndChangesNothing(?array $rule): void
    {
        $id = $this->mailbox();
        $row = $this->service($id);
        $this->hasTrouble($rule);
        foreach (self::ofOneService() as $function) {
            $_SERVER['REQUEST_METHOD'] = 'POST';
            $_POST = ['token' => generate_token('plain'), 'handle' => 'nick', 'list' => 'team', 'members' => 'b@b.example'];
            $this->assertIsAnswer($function, $this->call($function, $id));
        }
        self::assertEquals($row, $this->service($id));
        $this->assertServerFunctionsSurvive();
    }

    /** @param array<string, mixed>|null $rule */
    private function hasTrouble(?array $rule): void
    {
        if ($rule === null) {
            $this->serviceIsDown();
        } else {
            $this->serviceSays('*', $rule);
        }
    }

    private function assertIsAnswer(string $function, mixed $answer): void
    {
        if ($function === 'ClientArea') {
            self::assertSame('templates/clientarea.tpl', $answer['tabOverviewReplacementTemplate']);
            self::assertNotSame('', $answer['templateVariables']['pm']['calm']);
        } elseif ($function === 'ServiceSingleSignOn') {
            self::assertFalse($answer['success']);
            self::assertSentence($answer['errorMsg']);
        } elseif ($function === 'AdminServicesTabFields') {
            self::assertNotSame([], $answer);
            self::assertNoMarkup(implode('', $answer), '<br>');
        } else {
            self::assertIsString($answer, $function);
            // A 200 with an empty body is what a change of an alias may be answered with.
            self::assertNotSame('', $answer, $function);
            if ($answer !== 'success') {
                self::assertSentence($answer);
            }
            if (in_array($function, $this->clientFunctions(), true)) {
                self::assertNoMarkup($answer);
            }
        }
        if (in_array($function, [...self::FOR_CLIENTS, ...$this->clientFunctions()], true)) {
            // Where the service is and why its key is refused is none of a client's business.
            $said = is_array($answer) ? $answer['templateVariables']['pm']['calm'] ?? $answer : $answer;
            $text = (string) json_encode($said, JSON_UNESCAPED_SLASHES);
            self::assertStringNotContainsString('127.0.0.1', $text, $function);
            self::assertStringNotContainsString('housemail whmcs', $text, $function);
        }
    }

    private function assertServerFunctionsSurvive(): void
    {
        $params = \Standin\Params::ofServer($this->ids['server']);
        $tested = $this->host->modules->call(self::MODULE, 'TestConnection', $params);
        self::assertFalse($tested['success']);
        self::assertSentence($tested['error']);
        self::assertNoMarkup($tested['error']);
        self::assertNull($this->host->modules->call(self::MODULE, 'UsageUpdate', $params));
    }

    /** @return list<string> */
    private function clientFunctions(): array
    {
        return array_values($this->host->modules->buttons(self::MODULE, 'ClientAreaAllowedFunctions', []));
    }

    private static function assertSentence(string $text): void
    {
        self::assertMatchesRegularExpression('/\w.*[.!?)>}]$/Ds', trim($text));
        self::assertStringNotContainsString(Service::KEY, $text);
        self::assertStringNotContainsString('Server-secret-1', $text);
    }

    private static function assertNoMarkup(string $html, string $allowed = ''): void
    {
        self::assertSame($html, strip_tags($html, $allowed), 'What was said is not escaped.');
    }
}
