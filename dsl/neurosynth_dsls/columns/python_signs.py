"""Static properties of a number: its decimals, and that it is not a negative zero.

Exported code writes numbers with the ``z`` of format specifications, which drops the sign of a zero, only if a zero may have one.
"""

from __future__ import annotations

from decimal import Decimal

from neurosynth.language.program import Apply, Constant, Program
from neurosynth_dsls.columns.number_format import number_format

__all__ = ["decimals_of", "never_minus_zero"]


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def decimals_of(program: Program) -> int | None:
    """Maximum number of decimals of a number; None if unknown."""
    if isinstance(program, Constant):
        return _places(program.value)
    if not isinstance(program, Apply):
        return None
    name, arguments = program.primitive.name, program.arguments
    if name == "decimal.from_int":
        return 0
    if name == "decimal.parse" and isinstance(arguments[0], Constant):
        forms = number_format(arguments[0].value)
        whole = all(f.most == 0 and not f.scale and not f.exponent and not f.trailing for f in forms)
        return 0 if whole else None
    if name == "decimal.round" and isinstance(arguments[0], Constant):
        return _places(arguments[0].value)
    if name in ("decimal.+", "decimal.-", "decimal.*", "decimal.min", "decimal.max"):
        parts = [decimals_of(a) for a in arguments]
        if any(p is None for p in parts):
            return None
        known = [p for p in parts if p is not None]
        return sum(known) if name == "decimal.*" else max(known)
    if name in ("decimal.abs", "decimal.neg"):
        return decimals_of(arguments[0])
    if name == "decimal.shift" and isinstance(arguments[0], Constant):
        places = decimals_of(arguments[1])
        return None if places is None else max(0, places - arguments[0].value)
    return None


def never_minus_zero(program: Program) -> bool:
    """Whether a number is never a negative zero."""
    if isinstance(program, Constant):
        return bool(program.value) or not program.value.is_signed()
    if not isinstance(program, Apply):
        return False
    name, arguments = program.primitive.name, program.arguments
    if name in ("decimal.parse", "decimal.from_int", "decimal.abs", "duration.in", "bytes.read"):
        return True
    if name in ("decimal.+", "decimal.-", "decimal.min", "decimal.max"):
        return all(never_minus_zero(a) for a in arguments)
    if name == "decimal.shift":
        return never_minus_zero(arguments[1])
    if name == "decimal.round" and isinstance(arguments[1], Constant):
        return arguments[1].value in ("floor", "up") and never_minus_zero(arguments[2])
    if name == "decimal.*":
        return any(
            isinstance(a, Constant) and a.value > 0 and never_minus_zero(b) for a, b in (arguments, arguments[::-1])
        )
    if name == "decimal./":
        return isinstance(arguments[1], Constant) and arguments[1].value > 0 and never_minus_zero(arguments[0])
    return False
