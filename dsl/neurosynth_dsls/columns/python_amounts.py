"""Functions of exported code that read amounts and check the digits of codes, and the hooks that call them.

The primitives call the same functions, so that both agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Context, Decimal

from neurosynth.language.primitive import PythonCall

__all__ = ["AMOUNTS", "check_digit", "check_valid", "component_value", "currency", "number_in", "quantity", "seconds"]


def number_in(text: str) -> Decimal:
    """First number of a text with a point or a comma as the decimal mark; one mark before three digits groups."""
    found = re.search(r"-?[0-9](?:[0-9.,]{0,40}[0-9])?", text)
    if found is None:
        raise ValueError(f"{text!r} has no number")
    number = found.group()
    whole, mark, decimals = number.rpartition("," if number.rfind(",") > number.rfind(".") else ".")
    grouped = re.search("[.,]", whole)
    if grouped and not re.fullmatch(r"-?[0-9]{1,3}([.,])[0-9]{3}(?:\1[0-9]{3})*", whole):
        raise ValueError(f"{number!r} has marks in other places than before three digits")
    if mark and mark not in whole:
        if grouped or len(decimals) != 3 or whole in ("0", "-0") or len(whole.lstrip("-")) > 3:
            return Decimal(re.sub("[.,]", "", whole) + "." + decimals)
    elif mark and len(decimals) != 3:
        raise ValueError(f"{number!r} has marks in other places than before three digits")
    return Decimal(re.sub("[.,]", "", number))


def quantity(text: str, unit: str) -> Decimal:
    """Amount in m, l, kg, s, °C or °F of a text with its unit, such as 180 cm, 750 ml, 98.6 F or the pack 6 x 0.5 l."""
    sizes = {
        "m": {"mm": "0.001", "cm": "0.01", "dm": "0.1", "m": "1", "km": "1000", "in": "0.0254", "ft": "0.3048", "mi": "1609.344"},
        "l": {"ml": "0.001", "cl": "0.01", "dl": "0.1", "l": "1", "hl": "100"},
        "kg": {"mg": "0.000001", "g": "0.001", "kg": "1", "t": "1000", "oz": "0.028349523125", "lb": "0.45359237"},
        "s": {"ms": "0.001", "s": "1", "sec": "1", "min": "60", "h": "3600", "hr": "3600", "d": "86400", "day": "86400"},
    }  # fmt: skip
    exact = Context(prec=28)
    found = re.fullmatch(
        r"\s*(?:([0-9]{1,6})\s*[xX×*]\s*)?(-?[0-9]{1,12}(?:[.,][0-9]{1,12})?)\s*([°º]?\s?[A-Za-z]+)\.?\s*", text
    )
    if found is None:
        raise ValueError(f"{text!r} is not an amount with its unit")
    amount, name = Decimal(found[2].replace(",", ".")), found[3].lstrip("°º ")
    if unit in ("°C", "°F"):
        if name.upper() not in ("C", "F") or found[1]:
            raise ValueError(f"{text!r} is not a temperature")
        if name.upper() == unit[1]:
            return amount
        if unit == "°C":
            return exact.divide((amount - 32) * 5, Decimal(9))
        return exact.divide(amount * 9, Decimal(5)) + 32
    if found[3] != name or name.lower() not in sizes.get(unit, {}):
        raise ValueError(f"{text!r} is not an amount in units of {unit}")
    return (
        exact.multiply(exact.multiply(amount, int(found[1] or 1)), Decimal(sizes[unit][name.lower()])).normalize() + 0
    )


def seconds(text: str) -> Decimal:
    """Seconds of a time of a race such as 1:02:45, 1:02.45 or 58.90."""
    found = re.fullmatch(r"\s*(?:(?:([0-9]{1,4}):)?([0-9]{1,4}):)?([0-9]{1,6})(?:[.,]([0-9]{1,6}))?\s*", text)
    if found is None:
        raise ValueError(f"{text!r} is not a time such as 1:02.45")
    whole = int(found[1] or 0) * 3600 + int(found[2] or 0) * 60 + int(found[3])
    return Decimal(f"{whole}.{found[4]}" if found[4] else whole)


def component_value(text: str) -> Decimal:
    """Value of a component whose decimal mark is the letter of its multiplier, such as 4k7, 470R, 2M2, R22 or 100n; also 4.7 kΩ."""
    powers = {"p": -12, "n": -9, "u": -6, "µ": -6, "μ": -6, "m": -3, "": 0, "R": 0, "k": 3, "K": 3, "M": 6, "G": 9}
    found = re.fullmatch(
        r"\s*([0-9]{0,12})(?:[.,]([0-9]{1,12}))?\s?([pnuµμmRkKMG]?)([0-9]{0,12})\s?(?:Ω|[Oo]hms?|F|H)?\s*", text
    )
    if found is None or (found[4] and (found[2] or not found[3])) or not (found[1] or (found[3] == "R" and found[4])):
        raise ValueError(f"{text!r} is not the value of a component such as 4k7 or 470R")
    value = Decimal(f"{found[1] or 0}.{found[2] or found[4] or 0}") * Decimal(10) ** powers[found[3]]
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def currency(text: str) -> str:
    """Code of the only currency in a text such as €5, 12 EUR, US$ 3."""
    signs = {
        "€": "EUR",
        "$": "USD",
        "£": "GBP",
        "¥": "JPY",
        "₹": "INR",
        "zł": "PLN",
        "₺": "TRY",
        "₩": "KRW",
        "₽": "RUB",
    }
    codes = "EUR|USD|GBP|JPY|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|INR|CNY|BRL|MXN|ZAR|TRY|KRW|SGD|HKD|RUB"
    named = re.findall(rf"(?<![A-Z])(?:{codes})(?![A-Z])", text.upper())
    found = {signs[s] for s in signs if s in text} | {*named}
    if len(found) != 1:
        raise ValueError(f"{text!r} does not have one currency")
    return found.pop()


def check_digit(text: str, kind: str) -> str:
    """Check digit that belongs behind the digits of a text, by the rule luhn, ean or isbn10."""
    digits = [int(c) for c in text if c.isascii() and c.isdigit()]
    if not digits or len(digits) > 40 or re.search(r"[^0-9 .\-/]", text):
        raise ValueError(f"{text!r} is not a number with blanks or hyphens")
    if kind == "luhn":
        total = sum(sum(divmod(2 * d, 10)) if n % 2 == 0 else d for n, d in enumerate(reversed(digits)))
    elif kind == "ean":
        total = sum(3 * d if n % 2 == 0 else d for n, d in enumerate(reversed(digits)))
    elif kind == "isbn10":
        if len(digits) != 9:
            raise ValueError(f"{text!r} does not have nine digits")
        total = sum((n + 1) * d for n, d in enumerate(digits))
        return "X" if total % 11 == 10 else str(total % 11)
    else:
        raise ValueError(f"{kind!r} is not a rule; allowed: luhn, ean, isbn10")
    return str(-total % 10)


def check_valid(text: str, kind: str) -> bool:
    """Whether the last digit of a code is its check digit, or the two digits of an IBAN are right."""
    code = re.sub(r"[ .\-/]", "", text).upper()
    if kind == "iban":
        if not re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", code):
            return False
        return int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1
    if kind not in ("luhn", "ean", "isbn10"):
        raise ValueError(f"{kind!r} is not a rule; allowed: luhn, ean, isbn10, iban")
    if not re.fullmatch("[0-9]{9}[0-9X]" if kind == "isbn10" else "[0-9]{2,40}", code):
        return False
    return check_digit(code[:-1], kind) == code[-1]


Hook = Callable[[PythonCall], str]


def _second_first(function: Callable[..., object]) -> Hook:
    return lambda call: f"{call.use(function)}({call.arguments[1]}, {call.arguments[0]})"


AMOUNTS: Mapping[str, Hook] = {
    "number.read": lambda call: f"{call.use(number_in)}({call.arguments[0]})",
    "rkm.read": lambda call: f"{call.use(component_value)}({call.arguments[0]})",
    "clock.read": lambda call: f"{call.use(seconds)}({call.arguments[0]})",
    "quantity.read": _second_first(quantity),
    "currency.code": lambda call: f"{call.use(currency)}({call.arguments[0]})",
    "check.digit": _second_first(check_digit),
    "check.valid": _second_first(check_valid),
}
"""Hooks by the name of the primitive."""
