"""What a primitive means, as a short fingerprint: what was learned about it holds as long as that stays the same.

A macro means its body.  Any other primitive means what it gives on a few fixed arguments: it may be written anew, and a
change of what it does shows.  The arguments are ordinary small values, so that few corrections of rare cases show, too.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from neurosynth.errors import PrimitiveBug
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.primitive import Primitive, Undefined
from neurosynth.language.program import Apply
from neurosynth.values.frozen import freeze
from neurosynth.values.registry import domain_of, is_known
from neurosynth.values.types import INT, Arrow, Size, Type, TypeConstructor, TypeVariable, substitute, type_variables

__all__ = ["meaning"]

_CALLS = 24
_WIDTH = 8
"""Bits of the bit-vectors that a primitive over any width is tried on."""
_BUDGET = Budget(steps=10_000, size=1_000, bits=62)


def meaning(primitive: Primitive) -> str:
    """8 hex digits; empty where a parameter is of a type that no values are known of: such a primitive is its name and type."""
    if primitive.macro is not None:
        used = {n.primitive.name: n.primitive for n in primitive.macro.subprograms() if isinstance(n, Apply)}
        return _digest(str(primitive.macro), *(f"{name} {meaning(p)}" for name, p in sorted(used.items())))
    chosen = primitive.at(dict.fromkeys(_size_variables(primitive.type), _WIDTH))
    columns = [_samples(t) for t in chosen.parameters]
    if not all(columns):
        return ""
    evaluator = Evaluator(_BUDGET)
    call = evaluator.caller(chosen)
    results = []
    for values in _arguments(columns):
        evaluator.reset()
        results.append(_result(call, [_later(v) for v in values] if primitive.lazy else values))
    return _digest(*results)


def _arguments(columns: list[tuple[Any, ...]]) -> Iterator[list[Any]]:
    """All combinations of the columns' values where they are few, else some of them, the same ever."""
    if math.prod(map(len, columns)) <= _CALLS:
        yield from map(list, product(*columns))
        return
    for i in range(_CALLS):
        digits = hashlib.sha256(b"%d" % i).digest()
        yield [column[digits[k % len(digits)] % len(column)] for k, column in enumerate(columns)]


def _digest(*lines: str) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _result(call: Callable[..., Any], values: list[Any]) -> str:
    try:
        return repr(freeze(call(*values)))
    except Undefined:
        return "undefined"
    except PrimitiveBug:
        return "a bug"  # which is reported where the primitive is used


def _later(value: Any) -> Callable[[], Any]:
    return lambda: value


def _size_variables(t: Type) -> set[str]:
    """The variables in the widths of bit-vectors."""
    match t:
        case Arrow(parameters, result):
            return set().union(*map(_size_variables, (*parameters, result)))
        case TypeConstructor(_, arguments):
            sizes = [a for a in arguments if isinstance(a, Size)]
            inner = [_size_variables(a) for a in arguments if not isinstance(a, Size)]
            named = {part for size in sizes for part in size.text.split("+") if not part.isdigit()}
            return named.union(*inner)
    return set()


def _samples(t: Type) -> tuple[Any, ...]:
    """A few values of a type, the same ever; none of a type that is not known here."""
    match t:
        case TypeVariable():
            return _samples(INT)
        case Arrow(_, result):
            values = _samples(result)
            return (_function(values),) if values else ()
        case TypeConstructor():
            ground = substitute(t, dict.fromkeys(type_variables(t), INT))
            return domain_of(ground).probes if is_known(ground) else ()
    return ()


def _function(values: tuple[Any, ...]) -> Callable[..., Any]:
    """A function that gives one of these values, which of them depends on the arguments alone."""
    return lambda *arguments: values[zlib.crc32(repr(freeze(arguments)).encode("utf-8", "surrogatepass")) % len(values)]
