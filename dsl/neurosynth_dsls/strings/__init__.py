"""The language ``strings``: text, integers and conditions on them, as SMT-LIB 2.6 defines them, and further operations for data.

A string is a sequence of Unicode code points.  The SMT-LIB functions are total: out of range gives ``""`` or -1, never
an error.  Names are those of SyGuS files (``str.to.int``); ``smtlib`` holds the spelling of SMT-LIB 2.6 where it
differs.  Beyond SMT-LIB come case, trimming, reversal, words and fields, runs, initials, ends and padding, for columns of
real data.

Each topic is a file, in which each primitive is in one place: function, kernel, inverses and their kernels. Every function is
self-contained, so that exported programs can include its source. Costs of primitives beyond SMT-LIB: 1 for those that take a part at a
position given by an argument; 2 for those that transform a whole text, because they apply to every known text and each cheap one
multiplies all later levels; 3 for those that are rarely needed.
"""

from __future__ import annotations

from neurosynth.language.language import Language
from neurosynth_dsls.logic import logic
from neurosynth_dsls.strings import (
    casing,
    keeping,
    numbers,
    pieces,
    regular,
    replacing,
    rest,
    rewriting,
    runs,
    searching,
    words,
)

__all__ = ["strings"]

strings = Language(
    "strings",
    doc="Text and integers: SMT-LIB strings, and case, words and fields for columns of data.",
    family=regular.indexed,
)
# Among programs of equal cost, those over primitives that come first are found first: SMT-LIB's own before those for data.
strings.include(
    logic, pieces.part, replacing.part, searching.part, numbers.part, casing.part, words.part, runs.part, keeping.part,
    rewriting.part, rest.part, regular.part,
)  # fmt: skip

for _text, _cost in (("", 1), (" ", 1), (",", 1), (".", 2), ("-", 2)):
    strings.constant(_text, "string", cost=_cost)
for _number, _cost in ((0, 1), (1, 1), (2, 2), (3, 2), (-1, 1)):
    strings.constant(_number, "int", cost=_cost)
strings.forms_in("neurosynth_dsls.strings.forms")
