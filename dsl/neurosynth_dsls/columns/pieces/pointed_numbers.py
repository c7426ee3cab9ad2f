"""Notations of numbers that the table tells: points between thousands, as in ``1.234,50``, or ``113.900 km`` beside ``950 km``, and minus
signs behind, as in ``350,00-``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from neurosynth.language.pieces import Column

__all__ = ["BEHIND", "DECIMAL_COMMA", "POINTED", "minus_behind", "pointed_numbers"]

POINTED = 8
"""Bits for reading a part of a number, or its point as a decimal mark, where points group thousands; also without its minus sign."""
BEHIND = {
    "point, minus": ("#,##0.*;#,##0.*-", r"\d[\d,]*(?:\.\d+)?-?"),
    "comma, minus": ("[comma]#,##0.*;#,##0.*-", r"\d[\d.]*(?:,\d+)?-?"),
}
"""Formats and patterns of numbers with their minus sign behind them, by the decimal mark."""
DECIMAL_COMMA = re.compile(r"\d,\d{1,2}(?!\d)")
FEWEST = 3
"""Numbers with points that are needed where no number has a decimal comma."""
_NUMERIC = re.compile(r"\D{0,4}(?:\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,]\d+)?\D{0,12}")
"""A number with its currency or unit; a date in digits is none."""
_POINTS = re.compile(r"\D{0,4}(?!0\.)\d{1,3}(?:\.\d{3})*(?:,\d+)?\D{0,12}")
_DECIMAL_POINT = re.compile(r"\d\.\d{1,2}(?!\d)|(?<!\d)0\.\d")
_DIGIT = re.compile(r"\d")
_SIGNED = re.compile(r"(?:[^\W\d_]{3} ?|[$€£¥] ?)?\d[\d.,]*(-?)(?: ?[$€£¥]| [^\W\d_]{3})?\s*")
"""A number that may have its minus sign behind it, with its currency."""
_UNIT = re.compile(r"(-?\D{0,4}?)(\d[\d.]*)(\D{0,12})")


def pointed_numbers(column: Column, i: int) -> bool:
    """Whether the numbers of an input have points between thousands.

    All its cells allow it, and numbers of the table have decimal commas and never a decimal point, or the numbers of its unit are
    either below a thousand without a point or have three digits behind each.
    """
    known: dict[Any, Any] = column.memo.setdefault("pointed numbers", {})
    if "commas" not in known:
        every = [c for row in column.every for c in row if isinstance(c, str)]
        numbers = [c for c in every if _NUMERIC.fullmatch(c)]
        known["commas"] = any(map(DECIMAL_COMMA.search, numbers)) and not any(map(_DECIMAL_POINT.search, numbers))
        known["grouped"] = frozenset() if known["commas"] else _grouped(column)
    if i not in known:
        texts = [row[i] for row in column.every if isinstance(row[i], str) and _DIGIT.search(row[i])]
        allowed = all(map(_POINTS.fullmatch, texts)) and any(re.search("[.,]", t) for t in texts)
        known[i] = allowed and (known["commas"] or all(_unit(i, t)[0] in known["grouped"] for t in texts))
    return bool(known[i])


def minus_behind(column: Column, i: int) -> str:
    """The way to read the numbers of an input if the minus sign of some stands behind them, and all its cells are such; otherwise empty."""
    known: dict[Any, str] = column.memo.setdefault("minus behind", {})
    if i not in known:
        texts = [row[i] for row in column.every if isinstance(row[i], str) and _DIGIT.search(row[i])]
        found = [_SIGNED.fullmatch(t) for t in texts]
        if all(found) and any(m is not None and m[1] for m in found):
            commas = pointed_numbers(column, i) or any(map(DECIMAL_COMMA.search, texts))
            known[i] = "comma, minus" if commas else "point, minus"
        else:
            known[i] = ""
    return known[i]


def _unit(i: int, cell: str) -> tuple[Any, str]:
    """What stands around the number of a cell, which names the input if nothing does, and the number."""
    found = _UNIT.fullmatch(cell)
    if found is None:
        return None, ""
    around = (found[1].strip(" -"), found[3].strip())
    return around if any(around) else i, found[2]


def _grouped(column: Column) -> frozenset[Any]:
    """The units of whose numbers some are below a thousand without a point, and all others are grouped by points.

    One of the latter must end with a zero, which a decimal without further zeros would not.
    """
    numbers: dict[Any, list[str]] = defaultdict(list)
    for row in column.every:
        for i, cell in enumerate(row):
            if isinstance(cell, str) and _DIGIT.search(cell):
                unit, number = _unit(i, cell)
                numbers[unit].append(number)
    return frozenset(unit for unit, found in numbers.items() if unit is not None and _thousands(found))


def _thousands(numbers: Sequence[str]) -> bool:
    grouped = [n for n in numbers if "." in n]
    plain = [n for n in numbers if "." not in n]
    return (
        len({*grouped}) >= FEWEST
        and any(len(n) > 1 for n in plain)
        and all(re.fullmatch(r"[1-9]\d{0,2}|0", n) for n in plain)
        and all(re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", n) for n in grouped)
        and any(n.endswith("0") for n in grouped)
    )
