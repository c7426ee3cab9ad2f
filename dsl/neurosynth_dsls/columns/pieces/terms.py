"""Dates moved by a term whose unit stands in the cell: ``36M``, ``2Y``, ``18 months``, ``10 days``, ``1 yr 6 mo``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.moment_reading import Reading, remembered
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["by_terms"]

BITS, UNIT, EARLIER = 14, 2, 3
"""Bits of a term, of each of its units, and of going back."""
NAMES = {
    "year": "y yr yrs year years jahr jahre jahren an ans année années",
    "month": "m mo mos mth mths month months mon monat monate monaten mois",
    "week": "w wk wks week weeks woche wochen semaine semaines",
    "day": "d day days tag tage tagen jour jours",
}
"""The units, the longest first, and their names."""
_UNIT = {name: unit for unit, names in NAMES.items() for name in names.split()}
_PART = r"\d+\s*[^\W\d_]+\.?"
_TERM = re.compile(rf"\s*{_PART}(?:(?:[\s,+&]|and|und|et)*{_PART})*\s*")
_WORD = re.compile(r"(?<=\d)\s*([^\W\d_]+)")


def by_terms(column: Column, start: Reading) -> Iterator[Reading]:
    """A date that the terms of another input move, of which the table has several units."""
    if not {"Y", "m", "d"} <= start.fields or "H" in start.fields - start.implied:
        return
    for i, source in enumerate(column.inputs):
        if i == start.key[0] or texts_of(column, i, column.rows) is None:
            continue
        units = _units(column, i)
        if len(units) < 2:
            continue
        for name, sign in (("later", 1), ("earlier", -1)):

            def build(source: Program = source, units: dict[str, str] = units, sign: int = sign) -> Program:
                moment = start.build()
                for unit, pattern in units.items():
                    amount = call("pieces.sum", "0.*", call("re.find_all", pattern, source))
                    count = call("decimal.to_int", amount if sign > 0 else call("decimal.neg", amount))
                    moment = call("datetime.add", count, unit, moment)
                return moment

            read = remembered(column, build(), build)
            if all(isinstance(read(row), datetime) for row in column.rows):
                cost = start.cost + BITS + UNIT * len(units) + EARLIER * (sign < 0)
                key = ((name, "term", i, start.key), "moved")
                yield Reading(key, cost, build, read, start.fields, dated=False, moved=True, origin=start.key[0])


def _units(column: Column, i: int) -> dict[str, str]:
    """The units of the terms that an input has, the longest first, and the pattern of the numbers before each; none for other cells."""
    known: dict[int, dict[str, str]] = column.memo.setdefault("terms", {})
    if i not in known:
        known[i] = {}
        shown = {row[i] for row in column.rows}
        texts = [t for row in column.every if isinstance(t := row[i], str) and (t in shown or _TERM.fullmatch(t))]
        if texts and all(_TERM.fullmatch(t) for t in texts):
            words = {w for t in texts for w in _WORD.findall(t)}
            if all(w.lower() in _UNIT for w in words):
                known[i] = {
                    unit: _pattern(unit, words) for unit in NAMES if any(_UNIT[w.lower()] == unit for w in words)
                }
    return known[i]


def _pattern(unit: str, words: set[str]) -> str:
    """The numbers before the names of a unit: by their first letter if no other unit of the table has it."""
    first = {w[0].lower() for w in words if _UNIT[w.lower()] == unit}
    if first & {w[0].lower() for w in words if _UNIT[w.lower()] != unit}:
        names = sorted({w for w in words if _UNIT[w.lower()] == unit}, key=lambda w: (-len(w), w))
        return rf"\d+(?=\s*(?:{'|'.join(names)})(?![^\W\d_]))"
    letters = "".join(sorted(c for f in first for c in (f.upper(), f)))
    return rf"\d+(?=\s*[{letters}])"
