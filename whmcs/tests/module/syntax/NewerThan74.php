<?php

declare(strict_types=1);

namespace Standin\Tests\Module\Syntax;

use PhpParser\Node;
use PhpParser\Node\Expr;
use PhpParser\Node\Stmt;
use PhpParser\NodeVisitorAbstract;

/**
 * Finds what PHP 7.4 does not know. The parser reads with 7.4's words, but its grammar
 * is that of the newest PHP, so the tree has to be looked at too.
 */
final class NewerThan74 extends NodeVisitorAbstract
{
    private const NODES = [
        Expr\NullsafePropertyFetch::class, Expr\NullsafeMethodCall::class, Expr\Match_::class, Expr\Throw_::class,
        Node\UnionType::class, Node\IntersectionType::class, Node\VariadicPlaceholder::class, Node\AttributeGroup::class,
        Stmt\Enum_::class,
    ];
    private const TYPES = ['mixed', 'static', 'never', 'null', 'false', 'true'];

    /** @var list<string> */
    public array $found = [];

    /** @return null */
    public function enterNode(Node $node)
    {
        $isNewer = in_array(get_class($node), self::NODES, true)
            || ($node instanceof Node\Arg && $node->name !== null)
            || ($node instanceof Node\Param && ($node->flags !== 0 || $node->default instanceof Expr\New_))
            || ($node instanceof Stmt\Catch_ && $node->var === null)
            || ($node instanceof Stmt\ClassConst && ($node->flags & Stmt\Class_::MODIFIER_FINAL) !== 0)
            || ($node instanceof Expr\ClassConstFetch && $node->class instanceof Expr && (string) $node->name === 'class')
            || $this->isTypedNewer($node);
        if ($isNewer) {
            $this->found[] = "line {$node->getStartLine()}: {$node->getType()}";
        }
        return null;
    }

    private function isTypedNewer(Node $node): bool
    {
        $type = $node->returnType ?? $node->type ?? null;
        $type = $type instanceof Node\NullableType ? $type->type : $type;
        $isName = $type instanceof Node\Identifier || $type instanceof Node\Name;
        return $isName && in_array(strtolower((string) $type), self::TYPES, true);
    }
}
