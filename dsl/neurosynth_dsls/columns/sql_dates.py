"""DuckDB's SQL for dates, times and durations. A duration is a BIGINT of microseconds, and an INTERVAL if it is the result."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from neurosynth.export.expressions import Form, FormCall, refused
from neurosynth.export.sql import literal
from neurosynth.language.program import Constant, Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.duration_format import UNITS, DurationFormat, duration_format
from neurosynth_dsls.columns.sql_decimals import quotient
from neurosynth_dsls.columns.sql_digits import Digits, decimal_argument, named
from neurosynth_dsls.columns.units import SECONDS, Step, duration_of, step_of

__all__ = ["DATES"]

_READ = frozenset("YmdBbAajHIMSpyf%")
"""Letters of date codes that DuckDB reads like the language."""
_WRITTEN = _READ | frozenset("uwUVGW")
"""Letters that it writes like the language."""
_UNPADDED = frozenset("mdHIMSyj")
"""Letters that it writes without padding, too."""
_ONE_WIDTH = frozenset("YGuw")
"""Letters that it writes the same with padding and without."""
_PARTS = {
    "year": "year({0})", "month": "month({0})", "day": "day({0})", "hour": "hour({0})", "minute": "minute({0})", "second": "second({0})",
    "weekday": "isodow({0})", "quarter": "quarter({0})", "half": "(month({0}) + 5) // 6", "iso_week": "weekofyear({0})",
    "iso_year": "isoyear({0})", "day_of_year": "dayofyear({0})", "days_in_month": "day(last_day({0}))",
    "second_of_day": "hour({0}) * 3600 + minute({0}) * 60 + second({0})",
}  # fmt: skip
_OWN = {
    "q": "CAST(quarter({0}) AS VARCHAR)",
    "K": "CAST((month({0}) + 5) // 6 AS VARCHAR)",
    "n": "CAST((day({0}) + 6) // 7 AS VARCHAR)",
    "o": "strftime({0}, '%-d') || {1}",
    "O": "{1}",
    "L": "left(strftime({0}, '%f'), 3)",
}
"""Codes that DuckDB's formats lack, as expressions of a moment and the ordinal suffix of its day."""
_ENDING = (
    "CASE WHEN {0} IN (11, 12, 13) THEN 'th' WHEN {0} % 10 = 1 THEN 'st' WHEN {0} % 10 = 2 THEN 'nd' WHEN {0} % 10 = 3 THEN 'rd' "
    "ELSE 'th' END"
)
_FLAGS: Mapping[str, str] = {"^": "upper({0})", "~": "lower({0})", "1": "left({0}, 1)", "2": "left({0}, 2)"}
_DAY = 86_400
_SECOND = 1_000_000


# --- texts of moments -----------------------------------------------------------------------------------------------------


def _parse(kind: str) -> Form:
    def form(call: FormCall) -> str:
        readings: dict[bool, list[str]] = {}
        for format in str(call.constant(0)).split("|"):
            if format.startswith("["):
                raise refused(call, f"DuckDB knows English names alone, not those of {format!r}")
            codes = re.findall(r"%([-_^~.12]*)(.)", format)
            for flags, letter in codes:
                if letter not in _READ or flags not in ("", "-"):
                    raise refused(call, f"DuckDB reads no %{flags}{letter} of the format {format!r}")
            letters = {letter for _, letter in codes}
            # as in the language, a day without a year is in 2000, which has a 29 February
            readings.setdefault(bool(letters & set("Yy") or not letters & set("mdBbj")), []).append(format)
        texts = []
        for whole, formats in readings.items():
            text = call[1] if whole else f"'2000 ' || {call[1]}"
            texts.append(f"try_strptime({text}, [{', '.join(literal(f if whole else '%Y ' + f) for f in formats)}])")
        read = texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"
        return read if kind == "TIMESTAMP" else f"CAST({read} AS {kind})"

    return form


def _write(moment: str) -> Form:
    def form(call: FormCall) -> str:
        format = str(call.constant(0)).split("|")[0]
        if format.startswith("["):
            raise refused(call, f"DuckDB knows English names alone, not those of {format!r}")
        pieces: list[str] = []
        plain = ""
        for text, flags, letter in re.findall(r"([^%]+)|%([-_^~.12]*)(.)", format):
            if flags in ("-", "_") and letter in _ONE_WIDTH:
                flags = ""
            if text or (letter in _WRITTEN and (not flags or (flags == "-" and letter in _UNPADDED))):
                plain += text or f"%{flags}{letter}"
                continue
            pieces += [f"strftime(d, {literal(plain)})"] if plain else []
            plain = ""
            pieces.append(_piece(call, flags, letter))
        pieces += [f"strftime(d, {literal(plain)})"] if plain else []
        given = moment.format(call[1])
        if len(pieces) == 1 and pieces[0].count("(d,") == 1:
            return pieces[0].replace("(d,", f"({given},")
        return named(given, "d", " || ".join(pieces) or "CASE WHEN d IS NOT NULL THEN '' END")

    return form


def _piece(call: FormCall, flags: str, letter: str) -> str:
    """A code that DuckDB's formats lack, for a moment ``d``."""
    if letter in _OWN and not flags:
        return _OWN[letter].format("d", _ENDING.format("day(d)"))
    if letter in "UVW" and flags in ("-", "_"):
        week = f"CAST(CAST(strftime(d, '%{letter}') AS INTEGER) AS VARCHAR)"
        return week if flags == "-" else f"lpad({week}, 2, ' ')"
    if letter in _UNPADDED and flags == "_":
        return f"lpad(strftime(d, '%-{letter}'), 2, ' ')"
    if letter in _WRITTEN and flags and set(flags) <= set(_FLAGS):
        text = f"strftime(d, '%{letter}')"
        for flag in sorted(flags):
            text = _FLAGS[flag].format(text)
        return text
    raise refused(call, f"DuckDB writes no %{flags}{letter} of the format {call.constant(0)!r}")


# --- steps and units ------------------------------------------------------------------------------------------------------


def _step(call: FormCall, place: int) -> Step:
    try:
        return step_of(str(call.constant(place)))
    except ValueError as error:
        raise refused(call, str(error)) from None


def _interval(step: Step, count: str = "1") -> str:
    size, unit = (step.months, "MONTH") if step.months else (step.seconds, "SECOND")
    if not step.months and step.seconds % _DAY == 0:
        size, unit = step.seconds // _DAY, "DAY"
    return f"INTERVAL ({size if count == '1' else f'({count}) * {size}' if size != 1 else count}) {unit}"


def _of_kind(call: FormCall, moment: str) -> str:
    """A timestamp as the primitive's result type: a date for those of dates."""
    return f"CAST({moment} AS DATE)" if call.primitive.name.startswith("date.") else f"CAST({moment} AS TIMESTAMP)"


def _part(call: FormCall) -> str:
    name = call.constant(0)
    if name not in _PARTS:
        raise refused(call, f"DuckDB has no part {name!r}")
    return _PARTS[name].format(call[1])


def _add(call: FormCall) -> str:
    return _of_kind(call, f"{call[2]} + {_interval(_step(call, 1), call[0])}")


def _floor(call: FormCall, d: str) -> str:
    """A moment down to a multiple of a step."""
    step, offset = _step(call, 0), str(call.constant(1))
    if duration_of(offset):
        raise refused(call, f"this form has no steps from {offset} on")
    if step.months in (1, 3, 12):
        return f"date_trunc('{ {1: 'month', 3: 'quarter', 12: 'year'}[step.months] }', {d})"
    if step.months:
        index = f"year({d}) * 12 + month({d}) - 1"
        return f"make_date(1, 1, 1) + INTERVAL (({index}) // {step.months} * {step.months} - 12) MONTH"
    if step.seconds in (_DAY, 7 * _DAY):
        return f"date_trunc('{'day' if step.seconds == _DAY else 'week'}', {d})"
    if step.seconds < 1 or _DAY % step.seconds:
        raise refused(call, f"this form has no steps of {call.constant(0)}, which do not divide a day")
    return f"time_bucket(INTERVAL {step.seconds} SECOND, CAST({d} AS TIMESTAMP))"


def _rounded(choose: str) -> Form:
    """``choose`` receives the steps below, ``f``, and above, ``f + i``."""

    def form(call: FormCall) -> str:
        step = _step(call, 0)
        d = f"CAST({call[2]} AS TIMESTAMP)"
        if not choose:
            return _of_kind(call, _floor(call, call[2]))
        above = f"CAST(f[1] + {_interval(step)} AS TIMESTAMP)"
        pair = f"[CAST({_floor(call, d)} AS TIMESTAMP), {d}]"
        return _of_kind(call, named(pair, "f", f"CASE WHEN {choose.format(above)} THEN f[1] ELSE {above} END"))

    return form


def _end_of(call: FormCall) -> str:
    step = _step(call, 0)
    if not step.months and step.seconds < _DAY:
        raise refused(call, f"a {call.constant(0)} has no last day")
    start = _floor(FormCall(call.primitive, [call[0], "''"], [call.programs[0], _NO_OFFSET]), call[1])
    return _of_kind(call, f"{start} + {_interval(step)} - INTERVAL 1 DAY")


def _between_moments(call: FormCall) -> str:
    step, start, end = _step(call, 0), call[1], call[2]
    if step.unit in SECONDS:
        return f"(epoch_us({end}) - epoch_us({start})) // {step.seconds * _SECOND}"
    months = f"datesub('month', {start}, {end})"
    return months if step.months == 1 else f"{months} // {step.months}"


def _next_weekday(call: FormCall) -> str:
    n = int(call.constant(0))
    if not 1 <= n <= 7:
        raise refused(call, f"{n} is not a weekday")
    return _of_kind(call, f"{call[1]} + INTERVAL (({n + 6} - isodow({call[1]})) % 7 + 1) DAY")


_LATER = (
    "CASE WHEN f[2] > 0 THEN least(5 - f[1], 0) + f[2] // 5 * 7 + f[2] % 5 + CASE WHEN least(f[1], 5) + f[2] % 5 > 5 THEN 2 ELSE 0 END "
    "WHEN f[2] < 0 THEN CASE WHEN f[1] > 5 THEN 8 - f[1] ELSE 0 END - (-f[2] // 5 * 7 + -f[2] % 5 "
    "+ CASE WHEN CASE WHEN f[1] > 5 THEN 1 ELSE f[1] END - -f[2] % 5 < 1 THEN 2 ELSE 0 END) ELSE 0 END"
)
"""Days until so many working days later: ``f`` is the day of the week, from 1, and their number."""


def _add_workdays(call: FormCall) -> str:
    days = named(f"[CAST(isodow({call[1]}) AS BIGINT), {call[0]}]", "f", _LATER)
    within = f"CASE WHEN {call[0]} BETWEEN -2000000 AND 2000000 THEN {days} END"
    return _of_kind(call, f"{call[1]} + to_days(CAST({within} AS INTEGER))")


def _workdays(call: FormCall) -> str:
    counted = (
        "len(list_filter(range(0, datediff('day', f[{0}], f[{1}]) + 1), lambda i: (isodow(f[{0}]) - 1 + i) % 7 < 5))"
    )
    days = f"CASE WHEN f[2] < f[1] THEN -{counted.format(2, 1)} ELSE {counted.format(1, 2)} END"
    return named(f"[CAST({call[0]} AS DATE), CAST({call[1]} AS DATE)]", "f", days)


# --- durations ------------------------------------------------------------------------------------------------------------


def _spans(write: Callable[[FormCall], str]) -> Form:
    """A form of durations, which are microseconds inside a program."""

    def form(call: FormCall) -> str:
        if any(isinstance(p, Input) and str(p.type) == "duration" for p in call.programs):
            raise refused(call, "a column of intervals may have months, which no duration has")
        written = write(call)
        return (
            f"to_microseconds({written})"
            if call.parent is None and str(call.primitive.result) == "duration"
            else written
        )

    return form


def microseconds(span: timedelta) -> int:
    """A duration in the form that represents it inside a program."""
    return span // timedelta(microseconds=1)


def _read_span(call: FormCall) -> str:
    found = [_span_of(call, format) for format in duration_format(str(call.constant(0)))]
    return found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"


def _span_of(call: FormCall, format: DurationFormat) -> str:
    pattern = re.sub(r"\(\?P<\w+>", "(", format.regex.pattern).replace("\\ ", " ")
    letters = ["minus", *(p[0] for p in format.parts if isinstance(p, tuple))]
    text = literal(f"(?i)^{pattern}$")
    value = {u: f"TRY_CAST(regexp_extract({call[1]}, {text}, {letters.index(u) + 1}) AS BIGINT)" for u in format.units}
    units = format.units
    total = " + ".join(f"{value[u]} * {UNITS[u]}" if UNITS[u] > 1 else value[u] for u in units)
    held = [f"{value[u]} < {UNITS[larger] // UNITS[u]}" for larger, u in itertools.pairwise(units)]
    signed = f"(CASE WHEN starts_with({call[1]}, '-') THEN -1 ELSE 1 END) * ({total})"
    return f"CASE WHEN {' AND '.join(held)} THEN {signed} END" if held else signed


def _written_span(call: FormCall) -> str:
    format = duration_format(str(call.constant(0)))[0]
    units = format.units
    above = dict(zip(units[1:], units, strict=False))
    values = {
        u: f"abs(n) // {UNITS[u]}" if u not in above else f"abs(n) % {UNITS[above[u]]} // {UNITS[u]}" for u in units
    }
    widths = {"D": 1, "H": 2, "M": 2, "S": 2, "L": 3, "f": 6}
    pattern, arguments = "", []
    for part in format.parts:
        if isinstance(part, str):
            pattern += part.replace("{", "{{").replace("}", "}}")
        else:
            letter, padded = part
            pattern += f"{{:0{widths[letter]}d}}" if padded else "{:d}"
            arguments.append(f"CAST({values[letter]} AS BIGINT)")
    sign = f"CASE WHEN n <= -{UNITS[units[-1]]} THEN '-' ELSE '' END"
    return named(f"CAST({call[1]} AS BIGINT)", "n", f"{sign} || format({literal(pattern)}, {', '.join(arguments)})")


def _in_unit(call: FormCall) -> str:
    size = _step(call, 0).seconds
    if not size:
        raise refused(call, f"a {call.constant(0)} has no fixed length")
    return quotient(call, (call[1], Digits(19, 0)), (str(size * _SECOND), Digits(13, 0)))


def _of_unit(call: FormCall) -> str:
    size = _step(call, 0).seconds
    if not size:
        raise refused(call, f"a {call.constant(0)} has no fixed length")
    return f"CAST(round_even({decimal_argument(call, 1)} * {size * _SECOND}, 0) AS BIGINT)"


def _floor_span(call: FormCall) -> str:
    size = microseconds(duration_of(str(call.constant(0))))
    if size <= 0:
        raise refused(call, f"the step {call.constant(0)!r} is not positive")
    return named(f"CAST({call[1]} AS BIGINT)", "n", f"n - (n % {size} + {size}) % {size}")


def _rest_of_span(call: FormCall) -> str:
    size = microseconds(duration_of(str(call.constant(0))))
    if size <= 0:
        raise refused(call, f"the step {call.constant(0)!r} is not positive")
    return f"(CAST({call[1]} AS BIGINT) % {size} + {size}) % {size}"


_NO_OFFSET: Program = Constant("", STRING)
_BOTH: Mapping[str, Form] = {
    "part": _part,
    "add": _add,
    "floor": _rounded(""),
    "ceil": _rounded("f[1] = f[2]"),
    "nearest": _rounded("epoch_us({0}) + epoch_us(f[1]) > 2 * epoch_us(f[2])"),
    "end_of": _end_of,
    "between": _between_moments,
    "next_weekday": _next_weekday,
    "add_workdays": _add_workdays,
    "workdays": _workdays,
    "<": "{0} < {1}",
    "<=": "{0} <= {1}",
    "minus": _spans(lambda call: f"epoch_us({call[0]}) - epoch_us({call[1]})"),
    "plus": _spans(lambda call: _of_kind(call, f"{call[0]} + to_microseconds({call[1]})")),
}

DATES: Mapping[str, Form] = {
    **{f"{kind}.{name}": form for kind in ("date", "datetime") for name, form in _BOTH.items()},
    "datetime.parse": _parse("TIMESTAMP"),
    "date.parse": _parse("DATE"),
    "time.parse": _parse("TIME"),
    "datetime.format": _write("{}"),
    "date.format": _write("{}"),
    "time.format": _write("DATE '1900-01-01' + {}"),
    "time.<": "{0} < {1}",
    "time.moment": "DATE '1900-01-01' + {0}",
    "datetime.date": "CAST({0} AS DATE)",
    "datetime.time": "CAST({0} AS TIME)",
    "date.moment": "CAST({0} AS TIMESTAMP)",
    "datetime.combine": "{0} + {1}",
    "datetime.from_epoch": "make_timestamp({0} * 1000000)",
    "datetime.to_epoch": "CAST(floor(epoch({0})) AS BIGINT)",
    "datetime.from_serial": (
        "CASE WHEN {0} BETWEEN 61 AND 2958465 THEN TIMESTAMP '1899-12-30 00:00:00' + INTERVAL ({0}) DAY END"
    ),
    "datetime.to_serial": "datediff('day', DATE '1899-12-30', CAST({0} AS DATE))",
    "duration": _spans(lambda call: str(microseconds(duration_of(str(call.constant(0)))))),
    "duration.parse": _spans(_read_span),
    "duration.format": _spans(_written_span),
    "duration.in": _spans(_in_unit),
    "duration.of": _spans(_of_unit),
    "duration.+": _spans(lambda call: f"{call[0]} + {call[1]}"),
    "duration.-": _spans(lambda call: f"{call[0]} - {call[1]}"),
    "duration.floor": _spans(_floor_span),
    "duration.mod": _spans(_rest_of_span),
    "duration.<": _spans(lambda call: f"{call[0]} < {call[1]}"),
}
