"""Numbers as people type them: either decimal mark, packs, several units, currencies; and the check digits of codes."""

from __future__ import annotations

from decimal import Decimal

from neurosynth.language.language import Language
from neurosynth_dsls.columns import python_amounts as python

__all__ = ["amounts"]

amounts = Language("amounts", doc="Numbers as people type them, with either decimal mark and with units; check digits.")

_BAD = (ValueError, ArithmeticError)


@amounts.primitive(name="number.read", raises=_BAD)
def number_read(s: str) -> Decimal:
    """First number of a text with a point or a comma as the decimal mark, such as 1.234,56 and 1,234.56; one mark before three digits groups."""
    return python.number_in(s)


@amounts.primitive(name="quantity.read", raises=_BAD)
def quantity_read(unit: str, s: str) -> Decimal:
    """Amount in m, l, kg, s, °C or °F of a text with its unit, such as 180 cm, 750 ml, 98.6 F or the pack 6 x 0.5 l, to 28 digits."""
    return python.quantity(s, unit)


@amounts.primitive(name="clock.read", raises=_BAD)
def clock_read(s: str) -> Decimal:
    """Seconds of a time of a race such as 1:02:45, 1:02.45 or 58.90."""
    return python.seconds(s)


@amounts.primitive(name="rkm.read", raises=_BAD)
def rkm_read(s: str) -> Decimal:
    """Value of a component by IEC 60062, whose decimal mark is the letter of the multiplier: 4k7, 470R, 2M2, R22, 100n; also 4.7 kΩ."""
    return python.component_value(s)


@amounts.primitive(name="currency.code", raises=_BAD)
def currency_code(s: str) -> str:
    """Code of the only currency in a text such as €5, 12 EUR, US$ 3: EUR, EUR, USD."""
    return python.currency(s)


@amounts.primitive(name="check.digit", raises=_BAD)
def check_digit(kind: str, s: str) -> str:
    """Check digit that belongs behind the digits of a text, by the rule luhn, ean (also ISBN-13, GTIN) or isbn10, which may give an X."""
    return python.check_digit(s, kind)


@amounts.primitive(name="check.valid", raises=_BAD)
def check_valid(kind: str, s: str) -> bool:
    """Whether the last digit of a code is its check digit by the rule luhn, ean or isbn10, or the two digits of an IBAN by iban."""
    return python.check_valid(s, kind)
