"""Fields of a line of CSV, and the next number of a series.

``records`` is not a separate language: ``columns`` includes its primitives.
"""

from __future__ import annotations

import csv
import re

from neurosynth.language.language import Language

__all__ = ["records"]

records = Language("records", doc="Fields of lines of CSV, and numbers of a series.")

LONGEST = 4000
"""Digits of a number of a series; Python reads no longer ones."""


@records.primitive(name="pieces.csv", raises=(ValueError, csv.Error))
def fields(separator: str, s: str) -> list[str]:
    """Fields of a line of CSV without their quotes; a separator between quotes is a part of its field, and two quotes there are one."""
    if len(separator) != 1 or separator in '"\r\n':
        raise ValueError(f"{separator!r} as separator; allowed: one character other than a quote and the end of a line")
    return next(csv.reader([s], delimiter=separator), [])


@records.primitive(name="text.step_number", raises=(ValueError,), size=lambda k, s: len(s) + 20)
def step_number(step: int, s: str) -> str:
    """The text with a step added to its last whole number, which keeps its leading zeros; undefined without one, or below zero."""
    found = re.search(r"[0-9]+(?=[^0-9]*$)", s)
    if found is None or len(found[0]) > LONGEST or int(found[0]) + step < 0:
        raise ValueError(f"no next number of {s!r}; allowed: texts with a number")
    return s[: found.start()] + str(int(found[0]) + step).zfill(len(found[0])) + s[found.end() :]
