"""Arguments that a Python template may skip, and programs that may be undefined.

The reference computes every argument of a primitive that is not lazy: ``(or true (even (head x0)))`` is undefined on an empty list.
Python's ``or`` would skip the second one. If that makes a difference, exported code calls a function instead.
"""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator, Sequence
from functools import lru_cache

from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Program

__all__ = ["may_be_undefined", "skips"]

_NAME = "argument_{}_"


def skips(primitive: Primitive, arguments: Sequence[Program]) -> bool:
    """Whether the template may skip an argument that may be undefined."""
    if primitive.lazy or primitive.python is None:
        return False
    lazily = _lazily(primitive.python, primitive.arity, tuple(sorted(primitive.sizes)))
    return any(may_be_undefined(arguments[i]) for i in lazily if i < len(arguments))


def may_be_undefined(program: Program) -> bool:
    """Whether a program may have no value on some inputs, or a function (a lambda) on some arguments."""
    return any(isinstance(p, Apply) and _may_fail(p.primitive) for p in program.subprograms())


def _may_fail(primitive: Primitive) -> bool:
    if primitive.raises:
        return True
    if primitive.macro is not None:
        return may_be_undefined(primitive.macro)
    code = getattr(getattr(primitive.function, "func", primitive.function), "__code__", None)
    return code is not None and "Undefined" in code.co_names


@lru_cache(maxsize=1024)
def _lazily(template: str, arity: int, sizes: tuple[str, ...]) -> frozenset[int]:
    """The arguments at positions that Python may skip."""
    names = [_NAME.format(i) for i in range(arity)]
    try:
        text = string.Formatter().vformat(template, names, dict.fromkeys(sizes, "1"))
        tree = ast.parse(text.strip(), mode="eval")
    except (IndexError, KeyError, ValueError, SyntaxError):
        return frozenset()  # not a template of one expression; filling it in reports the problem
    found = {n.id for part in _parts(tree) for n in ast.walk(part) if isinstance(n, ast.Name)}
    return frozenset(i for i, name in enumerate(names) if name in found)


def _parts(tree: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression that are not always computed exactly once."""
    for node in ast.walk(tree):
        match node:
            case ast.BoolOp():
                yield from node.values[1:]
            case ast.IfExp():
                yield from (node.body, node.orelse)
            case ast.Compare():
                yield from node.comparators[1:]
            case ast.Lambda():
                yield node.body
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                yield node.elt
                yield from _inner(node.generators)
            case ast.DictComp():
                yield from (node.key, node.value)
                yield from _inner(node.generators)


def _inner(generators: Sequence[ast.comprehension]) -> Iterator[ast.AST]:
    for position, generator in enumerate(generators):
        yield from generator.ifs
        if position:
            yield generator.iter
