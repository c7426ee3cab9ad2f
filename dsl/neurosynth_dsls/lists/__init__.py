"""The language ``lists``: integers, booleans and lists, with typed lambdas.

Its operators are those of DeepCoder and DreamCoder.  Lists travel as tuples and may come back as lists.  Every function
here uses builtins only, and every ``python`` template delimits itself (a call, brackets or parentheses), so that
exported code needs neither imports nor knowledge of precedence.  Templates are given only where they agree with the
function everywhere, also in raising, and mention each argument once, so that nested ones stay short.

A theme is a file, and a primitive one place in it: function, kernel, inverses and their kernels.
"""

from __future__ import annotations

from neurosynth.language.language import Language
from neurosynth_dsls.lists import booleans, elements, functions, making, numbers, parts

__all__ = ["lists"]

lists = Language("lists", doc="Integers, booleans and lists of them: arithmetic, slicing, sorting, map, filter, fold.")
# Of programs of one cost those over primitives that come first are found first.
lists.include(numbers.part, booleans.part, elements.part, parts.part, making.part, functions.part)

for _value in range(6):
    lists.constant(_value, "int")
lists.constant(-1, "int")
for _value in range(6, 11):
    lists.constant(_value, "int", cost=2)
lists.constant((), "list int")
