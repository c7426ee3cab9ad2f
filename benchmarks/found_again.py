"""Which known functions of lists are among learned primitives, by what they give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Constant
from neurosynth.values.frozen import freeze, typed_key
from neurosynth.values.registry import domain_of
from neurosynth.values.types import INT, Arrow, type_variables

__all__ = ["found_again"]

_KNOWN: dict[str, tuple[list[Any], Any]] = {
    "length": ([[7, 5, 9, 6]], 4),
    "sum": ([[7, 5, 9, 6]], 27),
    "increment all": ([[7, 5, 9, 6]], [8, 6, 10, 7]),
    "append": ([[7, 5], [9]], [7, 5, 9]),
    "range": ([3], [0, 1, 2]),
    "count down": ([3], [3, 2, 1]),
    "last": ([[7, 5, 9, 6]], 6),
    "index": ([1, [7, 5, 9, 6]], 5),
    "drop": ([1, [7, 5, 9, 6]], [5, 9, 6]),
    "take": ([2, [7, 5, 9, 6]], [7, 5]),
}
"""What a learned primitive without functional arguments is called when it gives this."""


def found_again(language: Language, abstractions: Sequence[LearnedAbstraction]) -> dict[str, str]:
    """Which known functions are among learned primitives: by what they give."""
    found = {}
    for abstraction in abstractions:
        primitive = language[abstraction.name]
        chosen = primitive.at(dict.fromkeys(type_variables(primitive.type), INT))
        if any(isinstance(t, Arrow) for t in primitive.parameters):
            found[abstraction.name] = f"{_functional(chosen) or 'unknown'} : {abstraction.type}"
            continue
        for known, (inputs, output) in _KNOWN.items():
            if len(inputs) == len(chosen.parameters) and _gives(chosen, inputs, output):
                found[abstraction.name] = known
                break
    return found


def _functional(primitive: Primitive) -> str:
    """What a primitive with one functional argument does with the list 7, 5, 9, 6, or with the numbers below 4; "" for neither."""
    functions = [t for t in primitive.parameters if isinstance(t, Arrow)]
    lists = [t for t in primitive.parameters if str(t) == "list int"]
    shape = (len(functions[0].parameters), str(functions[0].result))
    given: dict[tuple[int, str], Any] = {
        (1, "int"): lambda a: a + 1,
        (1, "bool"): lambda a: a > 6,
        (2, "int"): lambda a, b: a + b,
        (3, "int"): lambda a, b, c: a + c,
        (2, "list int"): lambda a, b: (a + 1, *b),
        (3, "list int"): lambda a, b, c: (a + 1, *c),
    }
    if len(functions) > 1 or shape not in given:
        return ""
    values: dict[str, Any] = {"list int": (7, 5, 9, 6), "int": 0 if lists else 4}
    if any(not isinstance(t, Arrow) and str(t) not in values for t in primitive.parameters):
        return ""
    arguments = [given[shape] if isinstance(t, Arrow) else values[str(t)] for t in primitive.parameters]
    known = {
        (1, (8, 6, 10, 7)): "map", (1, (7, 9)): "filter", (1, (4, 3, 2, 1)): "a function of n, n - 1 …",
        (2, 27): "fold", (3, 27): "fold", (1, 27 + 4): "sum of a function",
        (2, (8, 6, 10, 7)): "fold to a list", (3, (8, 6, 10, 7)): "fold to a list",
        (2, (4, 3, 2, 1)): "recursion to a list", (1, (1, 2, 3, 4)): "a function of 0, 1 …",
    }  # fmt: skip
    value = primitive.function(*arguments)
    return known.get((shape[0], freeze(value)), "")


def _gives(primitive: Primitive, inputs: Sequence[Any], output: Any) -> bool:
    """Whether a primitive is of the types of these inputs, and gives the output for them."""
    if any(not domain_of(t).contains(freeze(v)) for v, t in zip(inputs, primitive.parameters, strict=True)):
        return False
    arguments = tuple(Constant(freeze(v), t) for v, t in zip(inputs, primitive.parameters, strict=True))
    value = Evaluator().run(Apply(primitive, arguments), ())
    return value is not UNDEFINED and typed_key(freeze(value)) == typed_key(freeze(output))
