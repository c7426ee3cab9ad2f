"""The meaning of a primitive as a short fingerprint: what a guide learned about it is valid as long as the fingerprint stays the same.
The meaning of a macro is its body. That of any other primitive is its values on a few fixed arguments: its code may change, but a
change of its values is detected. The arguments are ordinary small values, so that most corrections of rare cases keep the fingerprint.
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
"""Width of the bit-vectors on which a primitive over any width is tried."""
_BUDGET = Budget(steps=10_000, size=1_000, bits=62)


def meaning(primitive: Primitive) -> str:
    """8 hex digits; empty if a parameter's type has no known values: such a primitive is identified by name and type."""
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
    """All combinations of the columns' values if there are few, otherwise some of them, always the same."""
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
        return "a bug"  # an error there is reported when the primitive is used


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
    """A few values of a type, always the same; none for an unknown type."""
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
    """A function that returns one of these values, chosen by the arguments alone."""
    return lambda *arguments: values[zlib.crc32(repr(freeze(arguments)).encode("utf-8", "surrogatepass")) % len(values)]
