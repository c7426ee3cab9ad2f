"""DuckDB's SQL for exact decimals: read from texts, computed, rounded and formatted without a binary float."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from neurosynth.errors import InputError
from neurosynth.export.expressions import Form, FormCall, refused
from neurosynth.export.sql import literal
from neurosynth.language.program import Apply, Constant
from neurosynth_dsls.columns.decimals import MODES
from neurosynth_dsls.columns.number_format import NumberFormat, number_format
from neurosynth_dsls.columns.sql_digits import (
    MOST,
    QUOTIENT,
    READ,
    Digits,
    aligned,
    decimal_argument,
    decimals_of,
    digits_of,
    named,
    native,
    read_decimals,
)

__all__ = ["DECIMALS", "quotient"]

_EXACT_DOUBLE = 15
"""Number of digits that a binary float represents exactly, so that ``format`` writes them unchanged."""
_ROUNDED = frozenset(
    {"decimal.round", "decimal.format", "decimal.to_int", "decimal.<", "decimal.<=", "decimal.between"}
)
"""Primitives that may contain a quotient: those that use fewer decimals than it has."""


# --- digits ---------------------------------------------------------------------------------------------------------------


def _checked(write: Callable[[FormCall], str]) -> Form:
    """A form of numbers; a value that needs too many digits is refused here."""

    def form(call: FormCall) -> str:
        digits_of(Apply(call.primitive, tuple(call.programs)))
        return write(call)

    return form


def _compared(operator: str) -> Form:
    def form(call: FormCall) -> str:
        x, y = aligned(call, 0, 1)
        return f"{x} {operator} {y}"

    return form


def _between(call: FormCall) -> str:
    low, high, x = aligned(call, 0, 1, 2)
    return f"{x} >= {low} AND {x} < {high}"


# --- arithmetic -----------------------------------------------------------------------------------------------------------


def _shift(call: FormCall) -> str:
    places = int(call.constant(0))
    return (
        f"{decimal_argument(call, 1)} * {literal(Decimal(1).scaleb(places))}" if places else decimal_argument(call, 1)
    )


def _divide(call: FormCall) -> str:
    return quotient(
        call,
        (decimal_argument(call, 0), digits_of(call.programs[0])),
        (decimal_argument(call, 1), digits_of(call.programs[1])),
    )


def quotient(call: FormCall, over: tuple[str, Digits], under: tuple[str, Digits]) -> str:
    """A quotient to twelve decimals, the last one odd if it is not exact: rounding it once more gives the same as rounding the exact
    one."""
    if call.parent is None or call.parent.primitive.name not in _ROUNDED:
        raise refused(call, "a quotient that is not rounded has no end in DuckDB's decimals")
    (x, of_x), (y, of_y) = over, under
    places = max(of_x.decimals, of_y.decimals)
    if of_x.whole + places + QUOTIENT > MOST or of_y.whole + places > MOST:
        raise refused(call, f"a quotient of so many digits does not fit DuckDB's decimals of {MOST}")
    up = f" * {10**places}" if places else ""
    scaled = f"p[1] * {10**QUOTIENT}"
    odd = (
        f"{scaled} // p[2] + CASE WHEN {scaled} % p[2] <> 0 AND {scaled} // p[2] % 2 = 0 "
        "THEN CASE WHEN (p[1] < 0) = (p[2] < 0) THEN 1 ELSE -1 END ELSE 0 END"
    )
    count = named(f"[CAST({x}{up} AS HUGEINT), CAST({y}{up} AS HUGEINT)]", "p", f"CASE WHEN p[2] <> 0 THEN {odd} END")
    return f"TRY_CAST({count} AS DECIMAL(26, 0)) * {literal(Decimal(1).scaleb(-QUOTIENT))}"


def _lesser(operator: str) -> Callable[[FormCall], str]:
    """The smaller or larger of two; DuckDB's ``least`` and ``greatest`` ignore NULL."""

    def write(call: FormCall) -> str:
        x, y = aligned(call, 0, 1)
        return f"CASE WHEN {x} {operator} {y} THEN {x} WHEN {y} {operator}= {x} THEN {y} END"

    return write


def _modulo(call: FormCall) -> str:
    x, y = aligned(call, 0, 1)
    return f"CASE WHEN {y} <> 0 THEN (({x}) % ({y}) + ({y})) % ({y}) END"


def _of_round(call: FormCall) -> str:
    step, mode = call.constant(0), str(call.constant(1))
    if mode not in MODES or step <= 0:
        raise refused(call, f"{mode} to {step} is not a rounding")
    return _rounded(call, decimal_argument(call, 2), step, mode)


def _rounded(call: FormCall, x: str, step: Decimal, mode: str) -> str:
    """A number to a multiple of a step."""
    if (function := native(step, mode)) is not None:
        return f"{function}({x}, {decimals_of(step)})"
    counts = {
        "half_up": "round({y})",
        "half_even": "round_even({y}, 0)",
        "half_down": "CASE WHEN {y} < 0 THEN floor({y} + 0.5) ELSE ceil({y} - 0.5) END",
        "up": "CASE WHEN {y} < 0 THEN floor({y}) ELSE ceil({y}) END",
        "down": "trunc({y})",
        "floor": "floor({y})",
        "ceiling": "ceil({y})",
    }
    part = _reciprocal(step)
    if part is None:
        raise refused(call, f"a count of {step} is not exact in DuckDB's decimals")
    y = x if step == 1 else f"({x}) * {literal(part)}"
    often = counts[mode].count("{y}") > 1
    count = named(y, "y", counts[mode].format(y="y")) if often else counts[mode].format(y=y)
    return count if step == 1 else f"{count} * {literal(step)}"


def _reciprocal(step: Decimal) -> Decimal | None:
    """One divided by a step, if the result is finite."""
    found = Decimal(1) / step
    return found if found * step == 1 and len(found.as_tuple().digits) <= 12 else None


# --- formats --------------------------------------------------------------------------------------------------------------


def _formats(call: FormCall) -> tuple[NumberFormat, ...]:
    text = str(call.constant(0))
    try:
        found = number_format(text)
    except InputError as error:
        raise refused(call, str(error)) from None
    for format in found:
        if format.exponent or format.groups not in ((), (3,)):
            raise refused(call, f"DuckDB has no number format like {text!r}")
        if any(
            re.search(r"[0-9.]", around) or around in ("-", format.marks.group, format.marks.point)
            for around in _around(format)
        ):
            raise refused(call, f"the text around numbers in {text!r} looks like a part of them")
    return found


def _around(format: NumberFormat) -> list[str]:
    return [t for t in (format.prefix, format.suffix, *(format.negative or ())) if t]


def _pattern(text: str) -> str:
    """A text as a regular expression of DuckDB."""
    return re.escape(text).replace("\\ ", " ")


def _parse(call: FormCall) -> str:
    formats = _formats(call)
    readings = [r for format in formats for r in _readings(call[1], format, read_decimals(formats))]
    return readings[0] if len(readings) == 1 else f"coalesce({', '.join(readings)})"


def _readings(text: str, format: NumberFormat, places: int) -> list[str]:
    """The number in a text in one format: that of negative numbers first, if there is one."""
    group, point = _pattern(format.marks.group), _pattern(format.marks.point)
    whole = f"[0-9]{{1,{READ.whole}}}"
    if format.groups:
        whole = f"([0-9]{{1,3}}({group}[0-9]{{3}}){{1,{READ.whole // 3 - 1}}}|{whole})"
    decimals = f"{point}[0-9]{{1,{READ.decimals}}}"
    fraction = format.regex.fullmatch(f"{format.prefix}1{format.marks.point}5{format.suffix}") is not None
    digits = f"({whole}({decimals})?|{decimals})" if fraction else whole
    around = [(f"-?{_pattern(format.prefix)}", _pattern(format.suffix), format.prefix, format.suffix, "")]
    if format.negative is not None:
        before, after = format.negative
        around.insert(0, (_pattern(before), _pattern(after), before, after, "-"))
    readings = []
    for before, after, prefix, suffix, sign in around:
        found = f"regexp_extract({text}, {literal(f'^{before}{digits}{after}$')})"
        for mark in (prefix, suffix, format.marks.group if format.groups else ""):
            found = f"replace({found}, {literal(mark)}, '')" if mark else found
        found = found if format.marks.point == "." else f"replace({found}, {literal(format.marks.point)}, '.')"
        number = f"{sign}TRY_CAST({found} AS DECIMAL(38, {places}))"
        readings.append(f"{number} * {literal(Decimal(1).scaleb(-format.scale))}" if format.scale else number)
    return readings


def _format(call: FormCall) -> str:
    format, program = _formats(call)[0], call.programs[1]
    if format.trailing and format.most is None:
        raise refused(call, "the zeros at the end of a number are not kept in DuckDB's decimals")
    digits, x = digits_of(program), decimal_argument(call, 1)
    if format.scale:
        digits, x = Digits(digits.whole + format.scale, digits.decimals), f"({x}) * {10**format.scale}"
    places = digits.decimals if format.most is None else format.most
    places = max(places, format.least)
    if places < digits.decimals:
        x, digits = f"round_even({x}, {places})", Digits(digits.whole + 1, places)
    elif places > digits.decimals or isinstance(program, Constant):
        x, digits = f"CAST({x} AS DECIMAL(38, {places}))", Digits(digits.whole, places)
    if sum(digits) > MOST:
        raise refused(call, f"so many digits do not fit DuckDB's decimals of {MOST}")
    if format.negative is not None:
        above, below = (
            f"{_quoted(before)}{_body('abs(r)', digits, format)}{_quoted(after, last=True)}"
            for before, after in ((format.prefix, format.suffix), format.negative)
        )
        return named(x, "r", f"CASE WHEN r < 0 THEN {below} ELSE {above} END")
    if format.whole > 1 and not format.groups:  # codes, which are never negative
        body = f"{_quoted(format.prefix)}{_body('r', digits, format)}{_quoted(format.suffix, last=True)}"
        return named(x, "r", f"CASE WHEN r >= 0 THEN {body} END")
    simple = not format.groups or sum(digits) <= _EXACT_DOUBLE
    body = _body(x, digits, format) if simple else named(x, "r", _body("r", digits, format))
    if format.prefix:
        by = "\\0" + format.prefix.replace("\\", "\\\\")
        body = f"regexp_replace({body}, '^-?', {literal(by)})"
    return body + _quoted(format.suffix, last=True)


def _quoted(text: str, last: bool = False) -> str:
    return "" if not text else f" || {literal(text)}" if last else f"{literal(text)} || "


def _body(r: str, digits: Digits, format: NumberFormat) -> str:
    """The digits of a rounded number with their marks, and its sign."""
    places = digits.decimals
    if not format.groups:
        text = f"CAST({r} AS VARCHAR)"
    elif sum(digits) <= _EXACT_DOUBLE:
        text = f"format('{{:,.{places}f}}', {r})"
    else:
        end = f" || right(CAST({r} AS VARCHAR), {places + 1})" if places else ""
        sign = "" if r.startswith("abs(") else f"CASE WHEN {r} < 0 THEN '-' ELSE '' END || "
        text = f"{sign}format('{{:,}}', CAST(trunc(abs({r})) AS HUGEINT)){end}"
    if format.whole == 0:
        text = f"regexp_replace({text}, '^(-?)0', '\\1')"
    elif format.whole > 1:
        length = format.whole + (places + 1 if places else 0)
        text = f"CASE WHEN length({text}) < {length} THEN lpad({text}, {length}, '0') ELSE {text} END"
        text = f"({text})"
    if places > format.least:
        zeros = r"\.?0+$" if not format.least else f"0{{1,{places - format.least}}}$"
        text = f"regexp_replace({text}, '{zeros}', '')"
    marks = format.marks.group + format.marks.point
    if marks != ",.":
        text = f"translate({text}, ',.', {literal(marks)})"
    return text


_NUMBERS: Mapping[str, Callable[[FormCall], str]] = {
    "decimal.parse": _parse,
    "decimal.from_int": lambda call: f"CAST({call[0]} AS DECIMAL(38, 0))",
    "decimal.+": lambda call: f"{decimal_argument(call, 0)} + {decimal_argument(call, 1)}",
    "decimal.-": lambda call: f"{decimal_argument(call, 0)} - {decimal_argument(call, 1)}",
    "decimal.*": lambda call: f"{decimal_argument(call, 0)} * {decimal_argument(call, 1)}",
    "decimal./": _divide,
    "decimal.mod": _modulo,
    "decimal.shift": _shift,
    "decimal.neg": lambda call: f"-{decimal_argument(call, 0)}",
    "decimal.abs": lambda call: f"abs({decimal_argument(call, 0)})",
    "decimal.min": _lesser("<"),
    "decimal.max": _lesser(">"),
    "decimal.round": _of_round,
}


def _to_int(call: FormCall) -> str:
    return named(decimal_argument(call, 0), "x", "CASE WHEN x = trunc(x) THEN TRY_CAST(x AS BIGINT) END")


DECIMALS: Mapping[str, Form] = {
    **{name: _checked(write) for name, write in _NUMBERS.items()},
    "decimal.format": _format,
    "decimal.to_int": _to_int,
    "decimal.sign": lambda call: f"CAST(sign({decimal_argument(call, 0)}) AS BIGINT)",
    "decimal.<": _compared("<"),
    "decimal.<=": _compared("<="),
    "decimal.between": _between,
}
