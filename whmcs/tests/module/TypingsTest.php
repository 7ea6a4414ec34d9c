<?php

declare(strict_types=1);

namespace Standin\Tests\Module;

/** The module behaves alike however WHMCS types its values. */
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
}
