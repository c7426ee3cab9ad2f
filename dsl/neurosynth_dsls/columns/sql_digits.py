"""The number of digits of an exact decimal in DuckDB, determined before a query runs.

Each decimal has the SQL type DECIMAL(38, s). The number of digits of every subexpression follows from those that are read
(:data:`READ`), so that an expression which 38 digits cannot represent is refused on export, not when a query runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from neurosynth.export.base import ExportError
from neurosynth.export.expressions import FormCall, refused
from neurosynth.export.sql import literal
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth_dsls.columns.number_format import NumberFormat, number_format
from neurosynth_dsls.columns.types import DECIMAL

__all__ = [
    "MOST",
    "QUOTIENT",
    "READ",
    "Digits",
    "aligned",
    "aligned_table",
    "decimal_argument",
    "decimals_of",
    "digits_of",
    "named",
    "native",
    "read_decimals",
]


class Digits(NamedTuple):
    """Maximum number of digits of a number, before and after its decimal mark."""

    whole: int
    decimals: int


READ = Digits(12, 6)
"""Digits of the numbers that a query reads; a text with more is NULL."""
MOST = 38
"""Maximum number of digits of DuckDB's decimals."""
INTEGERS = Digits(19, 0)
"""Digits of a BIGINT."""
QUOTIENT = 12
"""Decimals of a quotient."""


def digits_of(program: Program) -> Digits:
    """Maximum number of digits of a program's values.

    Raises:
        ExportError: if they exceed a decimal of DuckDB, or are unknown.
    """
    found = _unbounded(program)
    if sum(found) > MOST:
        raise ExportError(
            f"{program} may have {found.whole} digits before and {found.decimals} after the mark; DuckDB's decimals hold {MOST} in all; "
            "export this program to python"
        )
    return found


def _unbounded(program: Program) -> Digits:
    match program:
        case Constant(Decimal() as value):
            _, digits, exponent = value.as_tuple()
            assert isinstance(exponent, int)
            return Digits(max(len(digits) + exponent, 1), max(-exponent, 0))
        case Constant(tuple() as values):
            return _larger(*(digits_of(Constant(v, program.type)) for v in values if v is not None))
        case Input():
            return READ
        case Apply(primitive, arguments):
            rule = _RULES.get(primitive.name)
            if rule is not None:
                return rule(arguments)
    raise ExportError(
        f"the digits of {program} are not known, which DuckDB's decimals need; export this program to python"
    )


def _larger(*found: Digits) -> Digits:
    return Digits(max(f.whole for f in found), max(f.decimals for f in found))


def _sum(arguments: tuple[Program, ...]) -> Digits:
    larger = _larger(*map(digits_of, arguments))
    return Digits(larger.whole + 1, larger.decimals)


def _product(arguments: tuple[Program, ...]) -> Digits:
    x, y = map(digits_of, arguments)
    return Digits(x.whole + y.whole, x.decimals + y.decimals)


def _quotient(arguments: tuple[Program, ...]) -> Digits:
    x, y = map(digits_of, arguments)
    return Digits(x.whole + y.decimals, QUOTIENT)


def _shifted(arguments: tuple[Program, ...]) -> Digits:
    places, (whole, decimals) = int(_value(arguments[0])), digits_of(arguments[1])
    return Digits(whole + places, decimals) if places > 0 else Digits(whole, decimals - places)


def _parsed(format: Program) -> Digits:
    """The digits of a number in a format; a percent has two decimals more."""
    formats = number_format(str(_value(format)))
    return Digits(READ.whole, read_decimals(formats) + max(f.scale for f in formats))


def read_decimals(formats: Sequence[NumberFormat]) -> int:
    """Decimals of the numbers that some formats read, as they are written."""
    return 0 if all(f.most == 0 for f in formats) else READ.decimals


def decimals_of(step: Decimal) -> int:
    exponent = step.as_tuple().exponent
    assert isinstance(exponent, int)
    return max(-exponent, 0)


def _round(arguments: tuple[Program, ...]) -> Digits:
    step = _value(arguments[0])
    whole, decimals = digits_of(arguments[2])
    places = decimals_of(step)
    by = native(step, str(_value(arguments[1])))
    return Digits(max(whole, len(str(int(step)))) + 1, min(places, decimals) if by else places)


def _value(program: Program) -> Any:
    if not isinstance(program, Constant):
        raise ExportError(
            f"{program} is computed row by row; DuckDB needs a constant there; export this program to python"
        )
    return program.value


def native(step: Decimal, mode: str) -> str | None:
    """DuckDB's function with this rounding to decimal places."""
    return _NATIVE.get(mode) if step.as_tuple().digits == (1,) and step <= 1 else None


_NATIVE = {"half_up": "round", "half_even": "round_even", "down": "trunc"}


_RULES: Mapping[str, Callable[[tuple[Program, ...]], Digits]] = {
    "decimal.parse": lambda a: _parsed(a[0]),
    "decimal.from_int": lambda a: INTEGERS,
    "decimal.+": _sum,
    "decimal.-": _sum,
    "decimal.*": _product,
    "decimal./": _quotient,
    "decimal.mod": lambda a: _larger(*map(digits_of, a)),
    "decimal.shift": _shifted,
    "decimal.neg": lambda a: digits_of(a[0]),
    "decimal.abs": lambda a: digits_of(a[0]),
    "decimal.min": lambda a: _larger(*map(digits_of, a)),
    "decimal.max": lambda a: _larger(*map(digits_of, a)),
    "decimal.round": _round,
    "duration.in": lambda a: Digits(13, QUOTIENT),
    "ite": lambda a: _larger(*map(digits_of, a[1:])),
    "first_present": lambda a: _larger(*map(digits_of, a)),
    "lookup": lambda a: digits_of(a[1]),
    "lookup_or": lambda a: _larger(*map(digits_of, a[1:3])),
}


_OWN = frozenset(name for name in _RULES if "." in name)
"""Primitives of decimals, which are written with the type that their digits determine."""


# --- arguments ------------------------------------------------------------------------------------------------------------


def decimal_argument(call: FormCall, place: int) -> str:
    """An argument as an exact decimal of known digits."""
    program = call.programs[place]
    digits = digits_of(program)
    known = isinstance(program, Constant) or (isinstance(program, Apply) and program.primitive.name in _OWN)
    return call[place] if known else _cast(call[place], digits.decimals)


def _cast(written: str, decimals: int) -> str:
    return f"CAST({written} AS DECIMAL({MOST}, {decimals}))"


def aligned(call: FormCall, *places: int) -> list[str]:
    """Arguments; decimals get the same number of decimals, because DuckDB would otherwise cut some off, or use a float."""
    programs = [call.programs[i] for i in places]
    if programs[0].type != DECIMAL:
        return [call[i] for i in places]
    larger = _larger(*map(digits_of, programs))
    if sum(larger) > MOST:
        raise refused(
            call,
            f"{larger.whole} digits before and {larger.decimals} after the mark do not fit DuckDB's decimals of {MOST}",
        )
    return [
        call[i] if digits_of(p).decimals == larger.decimals and _typed(p) else _cast(call[i], larger.decimals)
        for i, p in zip(places, programs, strict=True)
    ]


def aligned_table(call: FormCall, values: int, default: int | None) -> tuple[list[str], str]:
    """The decimals of a table, and what stands for other keys, with the same number of decimals."""
    programs = [call.programs[i] for i in (values, default) if i is not None]
    digits = [digits_of(p) for p in programs]
    larger = _larger(*digits) if len(digits) > 1 else digits[0]
    if sum(larger) > MOST:
        raise refused(
            call,
            f"{larger.whole} digits before and {larger.decimals} after the mark do not fit DuckDB's decimals of {MOST}",
        )
    written = [_cast(literal(v), larger.decimals) for v in call.constant(values)]
    return written, "NULL" if default is None else _cast(call[default], larger.decimals)


def _typed(program: Program) -> bool:
    """Whether its expression has the type that its digits determine."""
    return isinstance(program, Apply) and program.primitive.name in _OWN


def named(value: str, name: str, body: str) -> str:
    """An expression that uses a value more than once, by a name."""
    return f"list_transform([{value}], lambda {name}: {body})[1]"
