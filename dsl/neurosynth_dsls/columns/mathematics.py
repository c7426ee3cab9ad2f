"""Functions of numbers that school and spreadsheets know: powers, roots, logarithms, angles.

Powers, roots and logarithms keep 28 digits; sines, cosines and tangents keep 14 decimals, those of the machine's binary fractions.
``mathematics`` is not a separate language: ``columns`` includes its primitives.
"""

from __future__ import annotations

import ast
import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from neurosynth.language.language import Language
from neurosynth_dsls.columns.number_format import CONTEXT

__all__ = ["mathematics"]

mathematics = Language("mathematics", doc="Functions of numbers: powers, roots, logarithms, angles, fractions.")

_BAD = (ValueError, ArithmeticError)
EXPONENT = 100
"""Largest exponent, of either sign."""
_LONGER = Context(prec=CONTEXT.prec + 10)


@mathematics.primitive(name="decimal.sqrt", raises=_BAD)
def square_root(x: Decimal) -> Decimal:
    """Square root, to 28 digits; undefined for negative numbers."""
    return x.sqrt(CONTEXT)


@mathematics.primitive(name="decimal.power", raises=_BAD)
def power(x: Decimal, y: Decimal) -> Decimal:
    """The first number raised to the second, to 28 digits; exponents are -100 to 100."""
    if abs(y) > EXPONENT:
        raise ValueError(f"exponent {y}; allowed: -{EXPONENT} to {EXPONENT}")
    if not x and y < 0:
        raise ValueError("zero has no power with a negative exponent")
    return CONTEXT.power(x, y)


@mathematics.primitive(name="decimal.log", raises=_BAD)
def logarithm(base: Decimal, x: Decimal) -> Decimal:
    """Logarithm to a base such as 2 or 10, to 28 digits; undefined for numbers that are not positive."""
    if x <= 0 or base <= 0:
        raise ValueError(f"logarithm of {min(x, base)}; allowed: positive numbers")
    return CONTEXT.divide(x.ln(_LONGER), base.ln(_LONGER))


@mathematics.primitive(name="decimal.ln", raises=_BAD)
def natural_logarithm(x: Decimal) -> Decimal:
    """Natural logarithm, to 28 digits; undefined for numbers that are not positive."""
    if x <= 0:
        raise ValueError(f"logarithm of {x}; allowed: positive numbers")
    return x.ln(CONTEXT)


@mathematics.primitive(name="decimal.exp", raises=_BAD)
def exponential(x: Decimal) -> Decimal:
    """Euler's number raised to a number from -100 to 100, to 28 digits."""
    if abs(x) > EXPONENT:
        raise ValueError(f"exponent {x}; allowed: -{EXPONENT} to {EXPONENT}")
    return x.exp(CONTEXT)


@mathematics.primitive(name="decimal.sin", raises=_BAD)
def sine(degrees: Decimal) -> Decimal:
    """Sine of an angle in degrees, to 14 decimals."""
    return Decimal(repr(round(math.sin(math.radians(float(degrees))), 14))) + 0


@mathematics.primitive(name="decimal.cos", raises=_BAD)
def cosine(degrees: Decimal) -> Decimal:
    """Cosine of an angle in degrees, to 14 decimals."""
    return Decimal(repr(round(math.cos(math.radians(float(degrees))), 14))) + 0


@mathematics.primitive(name="decimal.tan", raises=_BAD)
def tangent(degrees: Decimal) -> Decimal:
    """Tangent of an angle in degrees, to 14 decimals; undefined for 90 and 270 degrees."""
    if degrees % 180 in (90, -90):
        raise ValueError(f"{degrees} degrees have no tangent")
    return Decimal(repr(round(math.tan(math.radians(float(degrees))), 14))) + 0


@mathematics.primitive(name="is_leap_year", raises=_BAD)
def is_leap_year(year: Decimal) -> bool:
    """Whether a year of the Gregorian calendar has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@mathematics.primitive(name="fraction.write", raises=_BAD)
def fraction(x: Decimal) -> str:
    """A number as a fraction in lowest terms, such as 3/4; a whole number without a denominator."""
    return str(Fraction(x))


@mathematics.primitive(name="fraction.mixed", raises=_BAD)
def mixed_fraction(x: Decimal) -> str:
    """A number as a whole number and a fraction in lowest terms, such as 1 1/2."""
    whole, rest = divmod(abs(Fraction(x)), 1)
    parts = [str(part) for part in (whole, rest) if part]
    return ("-" if x < 0 else "") + (" ".join(parts) or "0")


@mathematics.primitive(name="fraction.reduce", raises=_BAD)
def reduced(s: str) -> str:
    """Two whole numbers with a sign between them, as 6/8 or 15:25, both divided by their greatest common divisor."""
    found = re.fullmatch(r"\s*([0-9]+)(\s*[/:]\s*)([0-9]+)\s*", s)
    if found is None:
        raise ValueError(f"{s!r} is not a fraction or a ratio; allowed: such as 6/8 or 15:25")
    above, below = int(found[1]), int(found[3])
    common = math.gcd(above, below)
    if not common:
        raise ValueError(f"{s!r} has no greatest common divisor")
    return f"{above // common}{found[2]}{below // common}"


@mathematics.primitive(name="angle.read", raises=_BAD)
def angle(s: str) -> Decimal:
    """Degrees of an angle such as 48°51'24"N, 33 52 10 S, W 79°58.9'; south and west are negative."""
    found = re.fullmatch(
        r"\s*([-+]|[NSEWnsew])?\s*([0-9]+(?:\.[0-9]+)?)\s*[°ºd:\s]?\s*"
        r"(?:([0-9]+(?:\.[0-9]+)?)\s*(?:['′’m:]|\s|$)\s*)?(?:([0-9]+(?:\.[0-9]+)?)\s*(?:[\"″”s]|'')?)?\s*([NSEWnsew]?)\s*",
        s,
    )
    if found is None or (found[1] and found[5]):
        raise ValueError(f"{s!r} is not an angle; allowed: such as 48°51'24\"N")
    degrees, minutes, seconds = (Decimal(part or 0) for part in found.group(2, 3, 4))
    if minutes >= 60 or seconds >= 60:
        raise ValueError(f"{s!r} has 60 minutes or seconds")
    value = CONTEXT.add(degrees, CONTEXT.divide(minutes * 60 + seconds, Decimal(3600)))
    return -value if (found[1] or found[5]).upper() in ("-", "S", "W") and value else value


@mathematics.primitive(name="angle.write", raises=_BAD)
def written_angle(format: str, x: Decimal) -> str:
    """Degrees in a format such as D°MM'SS"[NS]: D, M and S have so many digits at least, and the last may have decimals, S.SS."""
    parts = re.fullmatch(
        r"(\[[NE][SW]\])?(D+)([^DMS[]*)(M+)(\.M+)?([^DMS.[]*)(?:(S+)(\.S+)?([^DMS[]*))?(\[[NE][SW]\])?", format
    )
    if parts is None or (parts[5] and parts[7]):
        raise ValueError(f"{format!r} is not a format of angles; allowed: such as D°MM'SS\"")
    decimals = len(parts[8] or parts[5] or ".") - 1
    unit = (3600 if parts[7] else 60) * 10**decimals
    count = int((abs(x) * unit).to_integral_value(ROUND_HALF_UP))
    below = x < 0 and count > 0
    last = count % (60 * 10**decimals)
    whole, behind = divmod(last, 10**decimals)
    tail = f".{behind:0{decimals}d}" if decimals else ""
    count //= 60 * 10**decimals
    numbers = [count // 60, count % 60, whole] if parts[7] else [count, whole]
    text = str(numbers[0]).zfill(len(parts[2])) + parts[3] + str(numbers[1]).zfill(len(parts[4]))
    text += parts[6] + str(whole).zfill(len(parts[7])) + tail + parts[9] if parts[7] else tail + parts[6]
    named = parts[1] or parts[10]
    if not named:
        return ("-" if below else "") + text
    letter = named[2 if below else 1]
    return letter + text if parts[1] else text + letter


@mathematics.primitive(name="expression.read", raises=(*_BAD, SyntaxError))
def expression(s: str) -> Decimal:
    """Value of arithmetic written as text, such as 3 + 4 * (2 - 0.5), to 28 digits; × and x multiply, ÷ divides."""
    text = re.sub(r"\s*([-+*/()×x÷−])\s*", r"\1", s.strip(" =")).translate(str.maketrans("×x÷−", "**/-"))
    if not re.fullmatch(r"[0-9.+\-*/()]{1,100}", text) or "**" in text or "//" in text:
        raise ValueError(f"{s!r} is not arithmetic; allowed: numbers, + - * / and brackets")
    operations = {ast.Add: CONTEXT.add, ast.Sub: CONTEXT.subtract, ast.Mult: CONTEXT.multiply, ast.Div: CONTEXT.divide}

    def value(node: ast.expr) -> Decimal:
        if isinstance(node, ast.BinOp):
            return operations[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.UnaryOp):
            return CONTEXT.minus(value(node.operand)) if isinstance(node.op, ast.USub) else value(node.operand)
        if not isinstance(node, ast.Constant):
            raise ValueError(f"{s!r} is not arithmetic")
        return Decimal(ast.get_source_segment(text, node) or "")

    return value(ast.parse(text, mode="eval").body)
