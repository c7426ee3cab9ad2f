"""The fields in which moments are written, and those of them that the outputs of a column may have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from neurosynth_dsls.columns.date_codes import Code
from neurosynth_dsls.columns.date_format import date_format

__all__ = ["Field", "fields_in"]

FIELDS: tuple[tuple[str, str, int], ...] = (
    ("%Y", "Y", 0),
    ("%y", "Y", 3),
    ("%-m", "m", 0),
    ("%m", "m", 0),
    ("%-d", "d", 0),
    ("%d", "d", 0),
    ("%B", "m", 0),
    ("%b", "m", 1),
    ("%^B", "m", 1),
    ("%^b", "m", 1),
    ("%~B", "m", 2),
    ("%~b", "m", 2),
    ("%A", "d", 0),
    ("%a", "d", 1),
    ("%^A", "d", 2),
    ("%^a", "d", 2),
    ("%~A", "d", 3),
    ("%~a", "d", 3),
    ("%1a", "d", 7),
    ("%2a", "d", 5),
    ("%-H", "H", 0),
    ("%H", "H", 0),
    ("%-I", "H", 1),
    ("%I", "H", 1),
    ("%-M", "M", 1),
    ("%M", "M", 0),
    ("%-S", "S", 1),
    ("%S", "S", 0),
    ("%L", "f", 1),
    ("%f", "f", 1),
    ("%p", "H", 0),
    ("%~p", "H", 0),
    ("%.p", "H", 1),
    ("%.~p", "H", 1),
    ("%1p", "H", 5),
    ("%1~p", "H", 5),
    ("%q", "m", 5),
    ("%K", "m", 7),
    ("%O", "d", 2),
    ("%V", "d", 4),
    ("%-V", "d", 4),
    ("%-N", "d", 5),
    ("%N", "d", 5),
    ("%-U", "d", 7),
    ("%U", "d", 7),
    ("%-J", "d", 6),
    ("%J", "d", 6),
    ("%-W", "d", 7),
    ("%W", "d", 7),
    ("%j", "d", 5),
    ("%-j", "d", 5),
    ("%u", "d", 8),
    ("%w", "d", 9),
    ("%n", "d", 8),
    ("%G", "d", 4),
    ("%C", "Y", 8),
)
"""Codes for writing outputs, the parts of a moment that they need, and their bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A code for writing outputs."""

    place: int
    code: Code
    needs: str
    """The part of a moment that it needs."""
    cost: int
    digits: int
    """The fewest digits of a number; 0 for names."""
    names: frozenset[str]
    """All texts that it writes, if it is no number."""


_MOMENTS = (
    *(datetime(2000, month, 1) for month in range(1, 13)),
    *(datetime(2000, 1, day, 12) for day in range(1, 32)),
)
"""Moments that have all names of months, weekdays, halves of days, and all endings of days."""


@cache
def _fields(locale: str) -> tuple[Field, ...]:
    found: list[Field] = []
    for text, needs, cost in FIELDS:
        (code,) = date_format(f"[{locale}]{text}" if locale and text[-1] in "BbAap" else text)[0].codes
        digits = (1 if "-" in code.flags else len(code.write(_MOMENTS[0]))) if code.is_number else 0
        names: frozenset[str] = frozenset() if code.is_number else frozenset(map(code.write, _MOMENTS))
        found.append(Field(len(found), code, needs, cost, digits, names))
    return tuple(found)


def fields_in(outputs: Sequence[str], locale: str) -> list[Field]:
    """The fields that outputs may have: those for whose digits all have room, and those of whose names all have one."""
    longest = min(max(map(len, _DIGITS.findall(o)), default=0) for o in outputs)
    letters = any(map(_LETTER.search, outputs))
    return [
        f
        for f in _fields(locale)
        if (f.digits <= longest if f.digits else letters and all(any(n in o for n in f.names) for o in outputs))
    ]


_DIGITS = re.compile(r"[0-9]+")
_LETTER = re.compile(r"[^\W\d_]")
