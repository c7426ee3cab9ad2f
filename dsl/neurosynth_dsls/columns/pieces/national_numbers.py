"""Telephone numbers of one country, of which only some have its code: ``+44 7700 900123``, ``0044 (0)7700 900123``, ``07700 900123``.

The code becomes the zero in front of national numbers, or nothing, or the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["NationalNumber", "national_numbers"]

BITS = 8
"""Bits of all numbers in the same form."""
LEAST = 7
"""Digits of a number at least."""
LONG_CODES = re.compile(r"2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")
"""Codes of countries with two digits; 1 and 7 are codes with one digit, and all others have three."""
NOT_DIALLED = r"[^\d+]"
_INTERNATIONAL = re.compile(r"(?:\+|00)([1-9]\d*)")
_NUMBER = re.compile(r"\d[\d\s()./-]*")


@dataclass(frozen=True, slots=True, eq=False)
class NationalNumber:
    """One form of the digits of all numbers."""

    code: str
    """The code of the country."""
    zero: bool
    """Whether a zero in front of national numbers is left out where the code stands, and may be missing elsewhere."""
    by: str
    """What stands in front of the others in place of the code or the zero."""

    @property
    def pattern(self) -> str:
        """Matches the beginning of a number that is replaced."""
        return rf"^(?:(?:\+|00){self.code})?" + "0?" * self.zero

    def digits(self, text: str) -> str:
        """The digits of a number in this form."""
        return re.sub(r"\D", "", re.sub(self.pattern, self.by, _dialled(text)))

    def program(self, source: Program) -> Program:
        """The same as a program."""
        dialled = call("text.replace_pattern", source, NOT_DIALLED, "")
        return call("str.only_digits", call("text.replace_pattern", dialled, self.pattern, self.by))


def national_numbers(
    texts: Sequence[str], every: Sequence[str], outputs: Sequence[str]
) -> Iterator[tuple[int, NationalNumber]]:
    """Forms with their bits in which the digits of all examples stand in their outputs.

    Some rows of the table must have a code, all of them the same, and others none.
    """
    codes = {_code(t) for t in every}
    if len(codes) != 2 or None not in codes:
        return
    code = next(c for c in codes if c is not None)
    told = [{re.sub(r"\D", "", n) for n in _NUMBER.findall(o)} for o in outputs]
    seen: set[tuple[str, ...]] = set()
    for zero, by in ((True, "0"), (True, code), (False, ""), (False, code)):
        form = NationalNumber(code, zero, by)
        found = tuple(map(form.digits, texts))
        if found in seen or not all(len(f) >= LEAST and f in t for f, t in zip(found, told, strict=True)):
            continue
        seen.add(found)
        yield BITS, form


def _code(text: str) -> str | None:
    """The code of a country with which a number begins, if it does."""
    found = _INTERNATIONAL.match(_dialled(text))
    if found is None:
        return None
    digits = found.group(1)
    return digits[:1] if digits[0] in "17" else digits[: 2 if LONG_CODES.match(digits) else 3]


def _dialled(text: str) -> str:
    return re.sub(NOT_DIALLED, "", text)
