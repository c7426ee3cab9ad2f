"""Numbers in thousands, millions and so on as the outputs abbreviate them: ``1.3M`` and ``84.5K``, ``3.3 MB`` and ``845 B``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

__all__ = ["Abbreviation", "abbreviations"]

BITS = 9
"""Bits of any abbreviation."""
UNSHOWN = 2
"""Bits of what no example shows: whether 1,000 or 1,024 begins the next unit, whether zeros are written."""

Abbreviation = tuple[int, int, int, tuple[str, ...]]
"""Bits, base, decimals (at most so many if negative) and the units, beginning with that of the number itself."""

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
                places_written = -most if at_most else most
                key = (base, places_written, one in shown, tuple(u for u in units if u in shown))
                if key not in seen:  # units that no example shows are those of the first way
                    seen.add(key)
                    yield bits, base, places_written, texts
