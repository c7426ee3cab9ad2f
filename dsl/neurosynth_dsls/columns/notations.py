"""Numbers in other notations: Roman, ordinal, letters, fractions, other bases, byte sizes."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth_dsls.columns.date_codes import ordinal_suffix
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.number_format import CONTEXT, write_number

__all__ = ["notations"]

notations = Language(
    "notations", doc="Numbers written otherwise: Roman, ordinal, letters, fractions, other bases, byte sizes."
)

_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_BYTES = ("B", "KB", "MB", "GB", "TB", "PB")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@notations.primitive(name="roman.write", raises=(ValueError,))
def roman(n: int) -> str:
    """Roman numeral of 1 to 3999."""
    if not 0 < n < 4000:
        raise ValueError(f"{n} has no Roman numeral; allowed: 1 to 3999")
    text = ""
    for value, letters in _ROMAN:
        text += letters * (n // value)
        n %= value
    return text


@notations.primitive(name="roman.read", raises=(ValueError,))
def from_roman(s: str) -> int:
    """Number of a Roman numeral, in letters of either case."""
    left, total = s.upper(), 0
    for value, letters in _ROMAN:
        while left.startswith(letters):
            left, total = left[len(letters) :], total + value
    if left or not s or roman(total) != s.upper():
        raise ValueError(f"{s!r} is not a Roman numeral")
    return total


@notations.primitive(name="ordinal.write")
def ordinal(n: int) -> str:
    """A number as 1st, 2nd, 3rd, 4th and so on."""
    return f"{n}{ordinal_suffix(abs(n))}"


@notations.primitive(name="ordinal.read", raises=(ValueError,))
def from_ordinal(s: str) -> int:
    """Number of a text such as 1st, 2nd, 3rd."""
    found = re.fullmatch(r"([0-9]+)(?:st|nd|rd|th)", s, re.IGNORECASE)
    if found is None:
        raise ValueError(f"{s!r} is not an ordinal number; allowed: such as 21st")
    return int(found[1])


@notations.primitive(name="base.write", raises=(ValueError,))
def in_base(base: int, n: int) -> str:
    """Digits of a number in base 2 to 36, in small letters, without a prefix."""
    if not 2 <= base <= 36:
        raise ValueError(f"base {base}; allowed: 2 to 36")
    left, digits = abs(n), ""
    while left:
        left, digit = divmod(left, base)
        digits = _DIGITS[digit] + digits
    return ("-" if n < 0 else "") + (digits or "0")


@notations.primitive(name="base.read", raises=(ValueError,))
def from_base(base: int, s: str) -> int:
    """Number of digits in base 2 to 36, in letters of either case; 0x, 0b or 0o in front may stand for 16, 2, 8."""
    if not 2 <= base <= 36:
        raise ValueError(f"base {base}; allowed: 2 to 36")
    return int(s, base)


@notations.primitive(name="letters.write", raises=(ValueError,))
def letters(n: int) -> str:
    """Letters that count: A to Z for 1 to 26, AA for 27, as the columns of a spreadsheet."""
    if n < 1:
        raise ValueError(f"{n} has no letters; allowed: 1 and more")
    text = ""
    while n:
        n, digit = divmod(n - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


@notations.primitive(name="letters.read", raises=(ValueError,))
def from_letters(s: str) -> int:
    """Number of letters that count, of either case: 1 for A, 26 for Z, 27 for AA."""
    if not re.fullmatch("[A-Za-z]{1,6}", s):
        raise ValueError(f"{s!r} is not one to six letters from A to Z")
    total = 0
    for letter in s.upper():
        total = total * 26 + ord(letter) - ord("A") + 1
    return total


@notations.primitive(name="fraction.read", raises=(ValueError, ArithmeticError))
def from_fraction(s: str) -> Decimal:
    """Number of a text such as 3/4, 1 1/2, 2½, 27.5/40, 5 or 0.75, to 28 digits."""
    plain = unicodedata.normalize("NFKC", re.sub("([¼-¾⅐-⅞])", r" \1", s)).replace("⁄", "/")
    number = r"[0-9]+(?:\.[0-9]+)?"
    found = re.fullmatch(rf"\s*({number})?(?:(?:^|\s)\s*({number})/({number}))?\s*", plain)
    if found is None or not plain.strip():
        raise ValueError(f"{s!r} is not a number or a fraction; allowed: such as 1 1/2")
    part = CONTEXT.divide(Decimal(found[2]), Decimal(found[3])) if found[2] else Decimal(0)
    return CONTEXT.add(Decimal(found[1] or 0), part)


@notations.primitive(name="bytes.write", raises=(ValueError, ArithmeticError, InputError))
def byte_size(base: int, format: str, n: Decimal) -> str:
    """Size in the largest unit of B, KB, MB, GB … that it reaches, the base 1000 or 1024; the format writes all but the unit."""
    if base not in (1000, 1024):
        raise ValueError(f"base {base} of byte sizes; allowed: 1000, 1024")
    unit = 0
    while unit < len(_BYTES) - 1 and abs(n) >= base ** (unit + 1):
        unit += 1
    return write_number(format, CONTEXT.divide(n, Decimal(base**unit))) + _BYTES[unit]


@notations.primitive(name="compact.write", raises=(ValueError, ArithmeticError))
def compact(base: int, places: int, units: list[str], n: Decimal) -> str:
    """Number in the largest unit that it reaches, with decimals, at most so many if negative; the first unit is that of the number itself."""
    if base < 2 or not units or abs(places) > 9:
        raise ValueError(
            f"base {base}, {places} decimals, {len(units)} units; allowed: a base above 1, up to 9, one or more"
        )
    unit = 0
    while unit < len(units) - 1 and abs(n) >= base ** (unit + 1):
        unit += 1
    if unit == 0:
        return write_number("0.#*", n) + units[unit]
    form = "0." + ("#" if places < 0 else "0") * abs(places) if places else "0"
    scaled = round_to(Decimal(1).scaleb(-abs(places)), "half_up", CONTEXT.divide(n, Decimal(base**unit)))
    return write_number(form, scaled) + units[unit]


_NAMED = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "mn": 6,
    "million": 6,
    "b": 9,
    "bn": 9,
    "billion": 9,
    "t": 12,
    "tn": 12,
    "trillion": 12,
}
"""Abbreviations and names of powers of ten."""


@notations.primitive(name="compact.read", raises=(ValueError, ArithmeticError))
def from_compact(s: str) -> Decimal:
    """Number of a text such as 12.5K, 3 million, $1.2B, -840."""
    found = re.fullmatch(r"\s*(-?)[$€£¥]?\s?([0-9][0-9,]*(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*", s)
    if found is None or (found[3] and found[3].lower() not in _NAMED):
        raise ValueError(f"{s!r} is not a number with an abbreviation; allowed: such as 12.5K, {', '.join(_NAMED)}")
    number = Decimal(found[1] + found[2].replace(",", ""))
    return number.scaleb(_NAMED.get(found[3].lower(), 0)) + 0


@notations.primitive(name="bytes.read", raises=(ValueError, ArithmeticError))
def from_byte_size(base: int, s: str) -> Decimal:
    """Bytes of a size such as 1.5 MB, 12k, 3 GiB; the base is 1000 or 1024."""
    if base not in (1000, 1024):
        raise ValueError(f"base {base} of byte sizes; allowed: 1000, 1024")
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([KMGTP]?)i?B?(?:ytes?)?\s*", s, re.IGNORECASE)
    if found is None:
        raise ValueError(f"{s!r} is not a byte size; allowed: such as 1.5 MB")
    return CONTEXT.multiply(Decimal(found[1]), Decimal(base ** " KMGTP".index(found[2].upper() or " ")))
