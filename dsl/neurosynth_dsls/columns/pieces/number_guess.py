"""Number formats of output pieces: the numbers that texts say, and the pattern that writes them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from neurosynth_dsls.columns.number_format import MARKS, write_number

__all__ = ["NumberTexts", "number_texts"]


@dataclass(frozen=True, slots=True)
class NumberTexts:
    """Numbers and how they are written."""

    values: tuple[Decimal, ...]
    pattern: str
    cost: int
    decimals: int
    """Decimals shown at most."""
    fixed: bool
    """Whether all show the same number of decimals, which the pattern asks for."""
    kept: bool
    """Whether as many decimals are written as the number carries."""


def number_texts(texts: Sequence[str]) -> Iterator[NumberTexts]:
    """The ways to read texts as numbers in one format; the format writes exactly these texts."""
    for variant, marks in MARKS.items():
        for group in (False, True):
            grouped = group and any(marks.group in t for t in texts)
            if group != grouped or (variant and not grouped and marks.point == "."):
                continue
            values = _values(texts, marks.group if grouped else "", marks.point)
            if values is None or (variant and not grouped and not any(marks.point in t for t in texts)):
                continue
            for whole, decimals, cost, fixed, kept, most in _patterns(texts, marks.point, grouped):
                pattern = (f"[{variant}]" if variant else "") + whole + decimals
                if all(_writes(pattern, v, t) for v, t in zip(values, texts, strict=True)):
                    bits = cost + grouped + 2 * bool(variant)
                    yield NumberTexts(values, pattern, bits, most, fixed, kept)


def _writes(pattern: str, value: Decimal, text: str) -> bool:
    try:
        return write_number(pattern, value) == text
    except ValueError:  # a pattern of full width has no room for a sign
        return False


def _values(texts: Sequence[str], group: str, point: str) -> tuple[Decimal, ...] | None:
    found = []
    for text in texts:
        plain = text.replace(group, "") if group else text
        if point != ".":
            if "." in plain:
                return None
            plain = plain.replace(point, ".")
        if not re.fullmatch(r"-?\d+(?:\.\d+)?", plain) or len(plain) > 28:
            return None
        found.append(Decimal(plain))
    return tuple(found)


def _patterns(texts: Sequence[str], point: str, grouped: bool) -> Iterator[tuple[str, str, int, bool, bool, int]]:
    """Whole part, decimals, bits, fixed, kept, most."""
    wholes = [t.lstrip("-").partition(point)[0] for t in texts]
    decimals = [t.partition(point)[2] for t in texts]
    padded = [len(w) for w in wholes if len(w) > 1 and w[0] == "0"]
    width = min(padded) if padded else 1
    whole = "#,##0" if grouped else "0" * width
    least, most = min(map(len, decimals)), max(map(len, decimals))
    zero = any(d.endswith("0") for d in decimals)
    yield whole, ".*", 1 if most else 3, False, True, most
    if least == most:
        yield whole, f".{'0' * most}" if most else "", 0 if not most or zero else 2, True, False, most
    if not any(d.endswith("0") and len(d) > least for d in decimals):
        low = least if zero else 0
        yield whole, f".{'0' * low}#*", 1, False, False, most
        if most:
            yield whole, f".{'0' * low}{'#' * (most - low)}", 2 if most else 3, False, False, most
