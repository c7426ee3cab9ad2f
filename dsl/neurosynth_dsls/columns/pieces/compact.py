"""Numbers in thousands, millions and so on as the outputs abbreviate them: ``1.3M`` and ``84.5K``, ``3.3 MB`` and ``845 B``; and sizes all in
one unit, which no row may outgrow: ``52.1 MB`` and ``0.4 MB``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import log2

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.number_lines import decimal

__all__ = ["Abbreviation", "abbreviations", "one_unit", "unshown"]

BITS = 9
"""Bits of any abbreviation."""
UNSHOWN = 2
"""Bits of what no example shows: whether 1,000 or 1,024 begins the next unit, whether zeros are written."""

ONE = 1
"""Bits by which a single unit is less usual than units that grow with the numbers."""
ALONE = 2
"""Bits for units that grow where all examples have one, and other rows would have another."""


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A way to abbreviate numbers."""

    bits: int
    base: int
    places: int
    """Number of decimals; at most so many if it is negative."""
    units: tuple[str, ...]
    """The units and what is before them, beginning with that of the number itself."""
    shown: tuple[str, ...]
    """Those of them that the examples have."""
    sizes: bool
    """Whether they are units of data, which tables often give all in one unit."""


_LETTERS = (
    ("K", "M", "B", "T"),
    ("k", "M", "B", "T"),
    ("k", "m", "b", "t"),
    ("K", "M", "bn", "tn"),
    ("k", "m", "bn", "tn"),
)
_WORDS = (("thousand", "million", "billion", "trillion"), ("Thousand", "Million", "Billion", "Trillion"))
_SIZES = (("KB", "MB", "GB", "TB"), ("kB", "MB", "GB", "TB"), ("KiB", "MiB", "GiB", "TiB"))
_SHORT_SIZES = ("K", "M", "G", "T")
_OUTPUT = re.compile(r"\d+(?:\.(\d+))?(\s?)([^\W\d_]*)(?![\w.,])")


def abbreviations(outputs: Sequence[str]) -> Iterator[Abbreviation]:
    """The abbreviations that all outputs show, each by a number with a unit in it."""
    found = [list(_OUTPUT.finditer(o)) for o in outputs]
    for number in range(max(map(len, found), default=0)) if all(found) else ():
        if all(number < len(matches) for matches in found):
            yield from _of([(m[1], m[2], m[3]) for m in (matches[number] for matches in found)])


def _of(told: Sequence[tuple[str | None, str, str]]) -> Iterator[Abbreviation]:
    shown = {unit for _, _, unit in told}
    seen: set[tuple[object, ...]] = set()
    for units, first, bases in (
        *((u, ("",), (1000,)) for u in _LETTERS),
        *((u, ("",), (1000,)) for u in _WORDS),
        *((u, ("B", "bytes", "Bytes", ""), (1024, 1000)) for u in _SIZES),
        (_SHORT_SIZES, ("", "B"), (1024, 1000)),
    ):
        for one in first:
            if not shown <= {one, *units} or shown <= {one}:
                continue
            scaled = [(decimals or "", blank) for decimals, blank, unit in told if unit != one]
            blanks = {blank for _, blank in scaled} | {blank for _, blank, unit in told if unit == one and one}
            if len(blanks) != 1:
                continue
            places = [len(d) for d, _ in scaled]
            blank, most = blanks.pop(), max(places)
            for base, at_most in product(bases, (False, True)):
                if not at_most and min(places) < most:
                    continue
                zero = any(d.endswith("0") for d, _ in scaled)
                if at_most and (zero or not most):
                    continue
                bits = BITS + UNSHOWN * (base != bases[0]) + UNSHOWN * (one not in shown and one != first[0])
                bits += UNSHOWN * (at_most and min(places) == most)
                texts = (blank + one if one else "", *(blank + u for u in units))
                named = tuple(t for t, u in zip(texts, (one, *units), strict=True) if u in shown)
                places_written = -most if at_most else most
                key = (base, places_written, one in shown, tuple(u for u in units if u in shown))
                if key not in seen:  # units that no example shows are those of the first way
                    seen.add(key)
                    yield Abbreviation(bits, base, places_written, texts, named, units in _SIZES)


def one_unit(way: Abbreviation) -> tuple[str, int, Program, str] | None:
    """Name, bits, divisor and unit of sizes that are all in the one unit that the examples have, rounded to the decimals that they have."""
    if len(way.shown) != 1 or way.places < 0 or not way.sizes:
        return None
    power = way.units.index(way.shown[0])
    divisor = decimal(Decimal(way.base**power))
    return f"in {way.shown[0]} {way.base} {way.places}", way.bits + ONE, divisor, way.shown[0]


def unshown(texts: Sequence[str], others: Sequence[str]) -> int:
    """Bits of the chance that no example's text has a unit that the texts of other rows have."""
    shown = {_unit(t) for t in texts}
    new = sum(_unit(t) not in shown for t in others)
    if not new:
        return 0
    return ALONE * (len(shown) == 1) - int(len(texts) * log2(1 - new / (len(texts) + len(others))))


def _unit(text: str) -> str:
    return text.rstrip().lstrip("0123456789.,- ")
