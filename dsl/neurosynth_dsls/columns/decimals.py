"""Exact decimal numbers: read, written, computed, rounded, compared.

Results keep 28 digits, like Python's decimals by default; results that do not fit, and divisions by zero, are undefined. Formats are
texts, see :mod:`neurosynth_dsls.columns.number_format`.
"""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth_dsls.columns.number_format import CONTEXT, read_number, write_number

__all__ = ["MODES", "decimals", "round_significant", "round_to"]

decimals = Language("decimals", doc="Exact decimal numbers: read, written, computed, rounded, compared.")

_BAD = (ValueError, ArithmeticError, InputError)

MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
}
"""Names of rounding modes: up is away from zero, down is towards it, and floor and ceiling follow the number line."""


def _mode(name: str) -> str:
    if name not in MODES:
        raise ValueError(f"{name!r} is not a rounding; allowed: {', '.join(MODES)}")
    return MODES[name]


def _unsigned_zero(x: Decimal) -> Decimal:
    return x if x else abs(x)


def round_to(step: Decimal, mode: str, x: Decimal) -> Decimal:
    """To a multiple of ``step``; steps 1, 0.1, 0.01 … give a number with so many decimals."""
    rounding = _mode(mode)
    if step <= 0:
        raise ValueError(f"step {step} is not positive")
    _, digits, exponent = step.as_tuple()
    assert isinstance(exponent, int)
    if digits == (1,) and exponent <= 0:
        return _unsigned_zero(x.quantize(step, rounding, CONTEXT))
    count = CONTEXT.divide(x, step).quantize(Decimal(1), rounding, CONTEXT)
    return _unsigned_zero(CONTEXT.multiply(count, step))


def round_significant(digits: int, mode: str, x: Decimal) -> Decimal:
    """To so many significant digits."""
    rounding = _mode(mode)
    if not 1 <= digits <= 28:
        raise ValueError(f"{digits} significant digits; allowed: 1 to 28")
    return Context(prec=digits, rounding=rounding).plus(x)


@decimals.primitive(name="decimal", raises=_BAD)
def decimal_(text: str) -> Decimal:
    """The number 1.609344 as a text of plain digits, the form in which programs contain a decimal."""
    return read_number("0.*", text)


@decimals.primitive(name="decimal.parse", raises=_BAD)
def parse(format: str, text: str) -> Decimal:
    """Number that a text states in a format such as #,##0.0#, $0.00, [comma]0.0, 0%; alternatives are separated by |."""
    return read_number(format, text)


@decimals.primitive(name="decimal.format", raises=_BAD)
def format_(format: str, x: Decimal) -> str:
    """Text of a number in a format such as #,##0.00, 0.#*, 000, 0.0%, $#,##0;($#,##0)."""
    return write_number(format, x)


@decimals.primitive(name="decimal.from_int")
def from_int(n: int) -> Decimal:
    """A whole number as a decimal."""
    return Decimal(n)


@decimals.primitive(name="decimal.to_int", raises=_BAD)
def to_int(x: Decimal) -> int:
    """A decimal that is a whole number as an integer; undefined for others."""
    if x != x.to_integral_value():
        raise ValueError(f"{x} is not whole")
    return int(x)


@decimals.primitive(name="decimal.+", commutative=True, raises=_BAD)
def add(x: Decimal, y: Decimal) -> Decimal:
    """Sum."""
    return CONTEXT.add(x, y)


@decimals.primitive(name="decimal.-", raises=_BAD)
def subtract(x: Decimal, y: Decimal) -> Decimal:
    """First minus second."""
    return CONTEXT.subtract(x, y)


@decimals.primitive(name="decimal.*", commutative=True, raises=_BAD)
def multiply(x: Decimal, y: Decimal) -> Decimal:
    """Product."""
    return CONTEXT.multiply(x, y)


@decimals.primitive(name="decimal./", raises=_BAD)
def divide(x: Decimal, y: Decimal) -> Decimal:
    """First divided by second, to 28 digits; undefined for zero."""
    return CONTEXT.divide(x, y)


@decimals.primitive(name="decimal.mod", raises=_BAD)
def modulo(x: Decimal, y: Decimal) -> Decimal:
    """What is left of the first after whole multiples of the second; between 0 and the second."""
    return CONTEXT.remainder(CONTEXT.add(CONTEXT.remainder(x, y), y), y)


@decimals.primitive(name="decimal.shift", raises=_BAD)
def shift(places: int, x: Decimal) -> Decimal:
    """Decimal mark moved to the right by so many places; to the left for a negative number."""
    return x.scaleb(places, CONTEXT)


@decimals.primitive(name="decimal.neg")
def negate(x: Decimal) -> Decimal:
    """The number with the other sign."""
    return CONTEXT.minus(x)


@decimals.primitive(name="decimal.abs")
def absolute(x: Decimal) -> Decimal:
    """The number without its sign."""
    return CONTEXT.abs(x)


@decimals.primitive(name="decimal.sign")
def sign(x: Decimal) -> int:
    """1 for a positive number, -1 for a negative one, 0 for zero."""
    return (x > 0) - (x < 0)


@decimals.primitive(name="decimal.min")
def minimum(x: Decimal, y: Decimal) -> Decimal:
    """The smaller of two."""
    return min(x, y)


@decimals.primitive(name="decimal.max")
def maximum(x: Decimal, y: Decimal) -> Decimal:
    """The larger of two."""
    return max(x, y)


@decimals.primitive(name="decimal.round", raises=_BAD)
def round_(step: Decimal, mode: str, x: Decimal) -> Decimal:
    """To a multiple of a step (0.01, 0.5, 10), half_up, half_even, half_down, up, down, floor or ceiling."""
    return round_to(step, mode, x)


@decimals.primitive(name="decimal.round_significant", raises=_BAD)
def round_significant_(digits: int, mode: str, x: Decimal) -> Decimal:
    """To so many significant digits; modes as for decimal.round."""
    return round_significant(digits, mode, x)


@decimals.primitive(name="decimal.<")
def less(x: Decimal, y: Decimal) -> bool:
    """Whether the first is less than the second."""
    return x < y


@decimals.primitive(name="decimal.<=")
def less_equal(x: Decimal, y: Decimal) -> bool:
    """Whether the first is at most the second."""
    return x <= y


@decimals.primitive(name="decimal.between", raises=_BAD)
def between(low: Decimal, high: Decimal, x: Decimal) -> bool:
    """Whether the number is at least the first and less than the second."""
    return low <= x < high
