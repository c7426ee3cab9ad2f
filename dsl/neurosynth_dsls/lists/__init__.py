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
