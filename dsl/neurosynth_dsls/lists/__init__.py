"""The language ``lists``: integers, booleans and lists, with typed lambdas.

Its operators are those of DeepCoder and DreamCoder. Lists are passed as tuples and may be returned as lists. Every function uses only
builtins, and every ``python`` template is a call or is in brackets or parentheses, so that exported code needs neither imports nor
rules of precedence. Templates are given only if they agree with the function everywhere, including exceptions, and mention each
argument once, so that nested ones stay short. Each topic is a file, in which each primitive is in one place: function, kernel, inverses
and their kernels.
"""

from __future__ import annotations

from neurosynth.language.language import Language
from neurosynth_dsls.lists import booleans, elements, functions, making, numbers, parts

__all__ = ["lists"]

lists = Language("lists", doc="Integers, booleans and lists of them: arithmetic, slicing, sorting, map, filter, fold.")
# Among programs of equal cost, those over primitives that come first are found first.
lists.include(numbers.part, booleans.part, elements.part, parts.part, making.part, functions.part)

for _value in range(6):
    lists.constant(_value, "int")
lists.constant(-1, "int")
for _value in range(6, 11):
    lists.constant(_value, "int", cost=2)
lists.constant((), "list int")

# the operations and the functions of DeepCoder (Balog et al., ICLR 2017)
lists.usual(
    (
        "head", "last", "take", "drop", "access", "minimum", "maximum", "reverse", "sort", "sum", "length",
        "map", "filter", "count", "zipwith", "scan",
    ),
    {
        "int -> int": (
            "(lambda (a) (+ a 1))", "(lambda (a) (- a 1))", "(lambda (a) (neg a))", "(lambda (a) (* a a))",
            *(f"(lambda (a) ({operation} a {n}))" for operation in ("*", "div") for n in (2, 3, 4)),
        ),
        "int -> bool": (
            "(lambda (a) (> a 0))", "(lambda (a) (< a 0))", "(lambda (a) (even a))", "(lambda (a) (odd a))",
        ),
        "int -> int -> int": tuple(f"(lambda (a b) ({f} a b))" for f in ("+", "-", "*", "min2", "max2")),
    },
)  # fmt: skip
