"""Number formats of output pieces: the numbers in texts, and the pattern that writes them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from neurosynth_dsls.columns.number_format import MARKS, write_number

__all__ = ["NumberTexts", "number_texts"]

PADDED = 8
"""Bits for decimals that are so many at least, and may be more, where no example has more."""
CENTS = 1
"""Additional bits if they are two, as amounts of money have."""
UNSIGNED = 2
"""Bits for a zero without a sign among numbers that have one."""


@dataclass(frozen=True, slots=True)
class NumberTexts:
    """Numbers and their notation."""

    values: tuple[Decimal, ...]
    pattern: str
    cost: int
    decimals: int
    """Maximum number of shown decimals."""
    fixed: bool
    """Whether all show the same number of decimals, which the pattern requires."""
    kept: bool
    """Whether as many decimals are written as the number has."""
    even: bool = False
    """Whether all texts show the same number of decimals, whatever the pattern asks for."""
    unsigned: bool = False
    """Whether zero has no sign, where positive numbers have a plus."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """The text around the digits of numbers whose signs have a special notation."""

    negative: tuple[bool, ...]
    digits: tuple[str, ...]
    above: str
    """Before a positive number."""
    below: tuple[str, str]
    """Around a negative one."""
    unsigned: bool
    """Whether zero has no sign, where positive numbers have a plus."""


_SIGNED = re.compile(r"([-+(]?)([$€£¥]?)(\d[\d.,' ]*)(\)?)")


def _signs(texts: Sequence[str]) -> _Signs | None:
    """The signs, if some are not a minus before the digits; None if texts do not share them."""
    found = [_SIGNED.fullmatch(t) for t in texts]
    read = [m.groups() for m in found if m is not None]
    if len(read) < len(texts) or len({currency for _, currency, _, _ in read}) > 1:
        return None
    currency = read[0][1]
    marks = {sign for sign, *_ in read if sign in ("-", "(")}
    signed = [(sign, set(digits) <= set("0., ")) for sign, _, digits, _ in read if sign not in ("-", "(")]
    unsigned = any(sign for sign, _ in signed) and any(zero and not sign for sign, zero in signed)
    plus = {sign == "+" for sign, zero in signed if not (unsigned and zero)}
    if len(marks) > 1 or len(plus) > 1 or any((sign == "(") != bool(end) for sign, _, _, end in read):
        return None
    bracket = marks == {"("}
    if not bracket and plus != {True} and not (marks and currency):
        return None
    below = ("(" if bracket else "-") + currency, ")" if bracket else ""
    negative = tuple(sign in ("-", "(") for sign, *_ in read)
    above = ("+" if plus == {True} else "") + currency
    return _Signs(negative, tuple(d for _, _, d, _ in read), above, below, unsigned)


def number_texts(texts: Sequence[str]) -> Iterator[NumberTexts]:
    """The ways to read texts as numbers in one format; the format writes exactly these texts.

    A sign is a minus before the digits, or, if the texts show it, a plus sign, brackets, or a sign before a currency.
    """
    signs = _signs(texts)
    if signs is None:
        yield from _plain_texts(texts)
        return
    for found in _plain_texts(signs.digits):
        values = tuple(-v if below else v for v, below in zip(found.values, signs.negative, strict=True))
        start, end = re.match(r"(\[.*?\])?", found.pattern).span()  # type: ignore[union-attr]
        variant, body = found.pattern[start:end], found.pattern[end:]
        pattern = f"{variant}{signs.above}{body};{signs.below[0]}{body.replace('*', '')}{signs.below[1]}"
        unsigned = signs.unsigned
        signed = ["+" + t if unsigned and not v else t for v, t in zip(values, texts, strict=True)]
        if all(_writes(pattern, v, t) for v, t in zip(values, signed, strict=True)):
            cost = found.cost + 2 + UNSIGNED * unsigned
            yield replace(found, values=values, pattern=pattern, cost=cost, unsigned=unsigned)


def _plain_texts(texts: Sequence[str]) -> Iterator[NumberTexts]:
    for variant, marks in MARKS.items():
        for group in (False, True):
            grouped = group and any(marks.group in t for t in texts)
            if group != grouped or (variant and not grouped and marks.point == "."):
                continue
            values = _values(texts, marks.group if grouped else "", marks.point)
            if values is None or (variant and not grouped and not any(marks.point in t for t in texts)):
                continue
            even = len({len(t.partition(marks.point)[2]) for t in texts}) == 1
            for whole, decimals, cost, fixed, kept, most in _patterns(texts, marks.point, grouped):
                pattern = (f"[{variant}]" if variant else "") + whole + decimals
                if all(_writes(pattern, v, t) for v, t in zip(values, texts, strict=True)):
                    bits = cost + grouped + 2 * bool(variant)
                    yield NumberTexts(values, pattern, bits, most, fixed, kept, even)


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


_LAKHS = re.compile(r"\d{1,2}(?:,\d\d)+,\d{3}")
"""Numbers grouped as in India, by hundreds after the thousands."""


def _patterns(texts: Sequence[str], point: str, grouped: bool) -> Iterator[tuple[str, str, int, bool, bool, int]]:
    """Whole part, decimals, bits, fixed, kept, most."""
    wholes = [t.lstrip("-").partition(point)[0] for t in texts]
    decimals = [t.partition(point)[2] for t in texts]
    padded = [len(w) for w in wholes if len(w) > 1 and w[0] == "0"]
    width = min(padded) if padded else 1
    lakhs = grouped and point == "." and any(map(_LAKHS.fullmatch, wholes))
    whole = ("#,##,##0" if lakhs else "#,##0") if grouped else "0" * width
    least, most = min(map(len, decimals)), max(map(len, decimals))
    zero = any(d.endswith("0") for d in decimals)
    yield whole, ".*", 1 if most else 3, False, True, most
    if least == most:
        yield whole, f".{'0' * most}" if most else "", 0 if not most or zero else 2, True, False, most
    if not any(d.endswith("0") and len(d) > least for d in decimals):
        low = least if zero else 0
        odd = (PADDED + CENTS * (low == 2)) * (low > 0 and least == most)
        yield whole, f".{'0' * low}#*", 1 + odd, False, False, most
        if most:
            yield whole, f".{'0' * low}{'#' * (most - low)}", 2, False, False, most
