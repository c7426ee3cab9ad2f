"""The forms of the primitives of ``columns`` beyond ``strings`` in spreadsheet formulas.

Dates and moments are a spreadsheet's numbers: days since 30 December 1899, with the time of day as a fraction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal

from neurosynth.export.base import ExportError
from neurosynth.export.excel import excel_literal
from neurosynth.export.expressions import Form, FormCall
from neurosynth.language.program import Apply, Constant, Program
from neurosynth_dsls.columns.excel_formats import read_moment, read_number, write_moment, write_number
from neurosynth_dsls.columns.types import DATE
from neurosynth_dsls.strings.excel_forms import EXCEL as STRINGS
from neurosynth_dsls.strings.excel_forms import (
    blanks_as_blank,
    last_place,
    never_negative,
    number_at,
    padded,
    piece,
    place_at,
    word,
)

__all__ = ["EXCEL"]

_MOST_ENTRIES = 60
"""Maximum number of nested calls in a formula."""
_PARTS = {
    "year": "YEAR({0})", "month": "MONTH({0})", "day": "DAY({0})", "hour": "HOUR({0})", "minute": "MINUTE({0})", "second": "SECOND({0})",
    "weekday": "WEEKDAY({0},2)", "quarter": "ROUNDUP(MONTH({0})/3,0)", "half": "ROUNDUP(MONTH({0})/6,0)", "iso_week": "ISOWEEKNUM({0})",
    "day_of_year": "INT({0})-DATE(YEAR({0}),1,1)+1", "days_in_month": "DAY(EOMONTH({0},0))",
}  # fmt: skip
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_DAYS = {"day": 1, "week": 7}
_SECONDS = {"s": 1, "min": 60, "h": 3600}


def _refused(call: FormCall, what: str) -> ExportError:
    return ExportError(f"{call.primitive.name}: a formula cannot {what}; export this program to python")


def _to_the_second(call: FormCall) -> str:
    """A computed moment without rounding errors, which would cut minutes off just below the next one."""
    argument = call.programs[1]
    exact = not isinstance(argument, Apply) or argument.primitive.name.endswith(".parse") or argument.type == DATE
    return call[1] if exact else f"(ROUND({call[1]}*86400,0)/86400)"


def _part(call: FormCall) -> str:
    name = call.constant(0)
    if name not in _PARTS:
        raise _refused(call, f"tell the {name}")
    return _PARTS[name].format(_to_the_second(call))


def _add(call: FormCall) -> str:
    n, unit, d = call[0], str(call.constant(1)), call[2]
    count = n if not call.is_constant(0) else str(call.constant(0))
    if unit in _MONTHS:
        months = f"{count}*{_MONTHS[unit]}" if _MONTHS[unit] > 1 else count
        moved = f"EDATE({d},{months})"
        return moved if call.primitive.name.startswith("date.") else f"{moved}+MOD({d},1)"
    if unit in _DAYS:
        return f"{d}+{count}" + (f"*{_DAYS[unit]}" if _DAYS[unit] > 1 else "")
    if unit in _SECONDS:
        return f"{d}+{count}*{_SECONDS[unit]}/86400"
    raise _refused(call, f"add a {unit}")


def _steps(rounding: Callable[[str, int], str]) -> Form:
    """Down, up or to the nearest step of a moment; ``rounding`` receives whole seconds and those of the step."""

    def form(call: FormCall) -> str:
        step, offset, d = str(call.constant(0)), str(call.constant(1)), call[2]
        count = step.rstrip("abcdefghijklmnopqrstuvwxyz")
        unit, n = step[len(count) :], int(count or 1)
        down = call.primitive.name.endswith(".floor")
        if offset or (unit not in _SECONDS and not (down and n == 1)):
            raise _refused(call, f"go to steps of {step}{' from ' + offset if offset else ''}")
        if unit in _SECONDS:
            seconds = _SECONDS[unit] * n
            if 86400 % seconds:
                raise _refused(call, f"go to steps of {step}, which do not divide a day")
            return f"{rounding(f'ROUND({d}*86400,0)', seconds)}/86400"
        return {
            "day": f"INT({d})",
            "week": f"INT({d})-WEEKDAY({d},3)",
            "month": f"DATE(YEAR({d}),MONTH({d}),1)",
            "quarter": f"DATE(YEAR({d}),INT((MONTH({d})-1)/3)*3+1,1)",
            "half": f"DATE(YEAR({d}),INT((MONTH({d})-1)/6)*6+1,1)",
            "year": f"DATE(YEAR({d}),1,1)",
        }[unit]

    return form


_FLOOR = _steps(lambda x, s: f"INT({x}/{s})*{s}")
_CEIL = _steps(lambda x, s: f"-INT(-{x}/{s})*{s}")
_NEAREST = _steps(lambda x, s: f"INT({x}/{s}+0.5)*{s}")


def _end_of(call: FormCall) -> str:
    unit, d = str(call.constant(0)), call[1]
    ends = {
        "week": f"INT({d})-WEEKDAY({d},2)+7",
        "month": f"EOMONTH({d},0)",
        "quarter": f"EOMONTH({d},MOD(3-MONTH({d}),3))",
        "half": f"EOMONTH({d},MOD(6-MONTH({d}),6))",
        "year": f"DATE(YEAR({d}),12,31)",
    }
    if unit not in ends:
        raise _refused(call, f"tell the end of a {unit}")
    return ends[unit]


def _days_between(call: FormCall) -> str:
    unit, first, second = str(call.constant(0)), call[1], call[2]
    if unit == "day":
        return f"{second}-{first}"
    if unit == "week":
        return f"TRUNC(({second}-{first})/7)"
    raise _refused(call, f"count {unit}s between dates exactly")


def _table(call: FormCall, default: str, text: str) -> str:
    keys, values = call.constant(0), call.constant(1)
    if len(keys) > _MOST_ENTRIES:
        raise _refused(call, f"hold a table of {len(keys)} entries; allowed: {_MOST_ENTRIES}")
    formula = default
    for key, value in reversed(list(zip(keys, values, strict=True))):
        formula = f"IF(EXACT({text},{excel_literal(key)}),{excel_literal(value)},{formula})"
    return formula


def _slice(call: FormCall) -> str:
    s, start, end = call[0], number_at(call, 1), number_at(call, 2)
    if start is not None and end is not None:
        if start >= 0 and end >= 0:
            return f"MID({s},{start + 1},{max(end - start, 0)})"
        if start >= 0:
            return f"MID({s},{start + 1},MAX(LEN({s})-{start - end},0))"
        if end < 0:
            return f"LEFT(RIGHT({s},{-start}),MAX(MIN({-start},LEN({s}))-{-end},0))"
        raise _refused(call, f"cut from {start} to {end}")
    first = call[1] if start is None else str(start)
    if not never_negative(call.programs[1]):
        first = f"IF({first}<0,MAX(LEN({s})+{first},0),{place_at(call, 1)})"
    last = call[2] if end is None else str(end)
    if not never_negative(call.programs[2]):
        last = f"(LEN({s}){end})" if end is not None else f"IF({last}<0,LEN({s})+{last},{place_at(call, 2)})"
    return f"MID({s},{first}+1,MAX({last}-{first},0))"


def _last_index(call: FormCall) -> str:
    if len(str(call.constant(1))) != 1:
        raise _refused(call, f"find the last {call.constant(1)!r}: one character is allowed")
    return f"{last_place(call[0], call[1])}-1"


def _round(call: FormCall) -> str:
    step, mode, x = call.constant(0), str(call.constant(1)), call[2]
    digits = step.normalize().as_tuple()
    functions = {"half_up": "ROUND", "up": "ROUNDUP", "down": "ROUNDDOWN"}
    if digits.digits == (1,) and mode in functions:
        return f"{functions[mode]}({x},{-digits.exponent})"
    scaled = f"ROUND({x}/{excel_literal(step)},9)"
    counts = {
        "half_up": f"ROUND({scaled},0)",
        "up": f"ROUNDUP({scaled},0)",
        "down": f"ROUNDDOWN({scaled},0)",
        "floor": f"INT({scaled})",
        "ceiling": f"-INT(-{scaled})",
    }
    if mode not in counts:
        raise _refused(call, f"round {mode}")
    return f"{counts[mode]}*{excel_literal(step)}"


def _shift(call: FormCall) -> str:
    below = call.programs[1]
    scaled = isinstance(below, Apply) and below.primitive.name == "decimal./" and _multiplies(call.programs[0])
    return call[1] if scaled else f"{call[1]}*10^{call[0]}"


def _quotient(call: FormCall) -> str:
    """A quotient; a hundred times one is computed from the dividend, since 46/80*100 is less than 57.5 in binary fractions."""
    above = call.parent
    if above is not None and above.primitive.name == "decimal.shift" and _multiplies(above.arguments[0]):
        return f"{call[0]}*10^{above.arguments[0]}/{call[1]}"
    return f"{call[0]}/{call[1]}"


def _multiplies(places: Program) -> bool:
    return isinstance(places, Constant) and places.value > 0


def _ordinal(call: FormCall) -> str:
    n = f"ABS({call[0]})"
    teens = f"AND(MOD({n},100)>=11,MOD({n},100)<=13)"
    return f'{call[0]}&IF(OR({teens},MOD({n},10)>3,MOD({n},10)=0),"th",CHOOSE(MOD({n},10),"st","nd","rd"))'


def _duration(call: FormCall) -> str:
    value = call.primitive.function(call.constant(0))
    assert isinstance(value, timedelta)
    return f"({value // timedelta(seconds=1)}/86400)"


def _duration_in(call: FormCall) -> str:
    unit = str(call.constant(0))
    seconds = {**_SECONDS, "day": 86400, "week": 7 * 86400}[unit]
    return f"ROUND({call[1]}*86400,3)/{seconds}"


def _duration_text(call: FormCall) -> str:
    known = {"%H:%M:%S": "[hh]:mm:ss", "%-H:%M:%S": "[h]:mm:ss", "%H:%M": "[hh]:mm", "%-H:%M": "[h]:mm"}
    format = str(call.constant(0))
    if format not in known:
        raise _refused(call, f"write durations as {format!r}")
    return f'TEXT({call[1]},"{known[format]}")'


def _base(call: FormCall) -> str:
    base, n = call[0], call[1]
    return f'IF({n}<0,"-","")&LOWER(BASE(ABS({n}),{base}))'


def _index(call: FormCall) -> str:
    """From the start, or from a position; the empty text is found where the search starts."""
    s, pattern = call[0], call[1]
    start = call[2] if len(call.arguments) > 2 else "0"
    if start != "0" and not never_negative(call.programs[2]):
        start = f"IF({start}<0,MAX(LEN({s})+{start},0),{start})"
    found = f"FIND({pattern},{s}{f',{start}+1' if start != '0' else ''})-1"
    if not call.is_constant(1):
        return f'IF({pattern}="",{start},{found})'
    return found if call.constant(1) else start


def _modulo(call: FormCall) -> str:
    if not call.is_constant(1) or call.constant(1) != int(call.constant(1)):
        raise _refused(call, "tell what is left exactly where the divisor is not a whole constant")
    return f"MOD({call[0]},{call[1]})"


def _moments(kind: str) -> dict[str, Form]:
    """Forms that dates and moments share."""
    return {
        f"{kind}.parse": lambda call: read_moment(str(call.constant(0)), call[1]),
        f"{kind}.format": lambda call: write_moment(str(call.constant(0)), _to_the_second(call)),
        f"{kind}.part": _part,
        f"{kind}.add": _add,
        f"{kind}.floor": _FLOOR,
        f"{kind}.ceil": _CEIL,
        f"{kind}.nearest": _NEAREST,
        f"{kind}.end_of": _end_of,
        f"{kind}.next_weekday": lambda call: f"{call[1]}+MOD({call[0]}-WEEKDAY({call[1]},2)-1,7)+1",
        f"{kind}.add_workdays": "WORKDAY({1},{0})+MOD({1},1)",
        f"{kind}.workdays": "NETWORKDAYS({0},{1})",
        f"{kind}.minus": "{0}-{1}",
        f"{kind}.<": "{0}<{1}",
        f"{kind}.<=": "{0}<={1}",
    }


def _parse_date(call: FormCall) -> str:
    moment = read_moment(str(call.constant(0)), call[1])
    return f"INT({moment})" if "TIME(" in moment else moment


EXCEL: Mapping[str, Form] = {
    "ite": STRINGS["ite"],
    "is_missing": STRINGS["is_missing"],
    "first_present": STRINGS["first_present"],
    "missing": '""',
    "lookup": lambda call: _table(call, '""', call[2]),
    "lookup_or": lambda call: _table(call, call[2], call[3]),
    "is_one_of": lambda call: f"OR({','.join(f'EXACT({call[1]},{excel_literal(t)})' for t in call.constant(0))})",
    **_moments("datetime"),
    **_moments("date"),
    "date.parse": _parse_date,
    "date.between": _days_between,
    "datetime.plus": "{0}+{1}",
    "time.parse": lambda call: f"MOD({read_moment(str(call.constant(0)), call[1])},1)",
    "time.format": lambda call: write_moment(str(call.constant(0)), _to_the_second(call)),
    "time.<": "{0}<{1}",
    "datetime.date": "INT({0})",
    "datetime.time": "MOD({0},1)",
    "datetime.combine": "{0}+{1}",
    "date.moment": "{0}",
    "datetime.from_epoch": "{0}/86400+DATE(1970,1,1)",
    "datetime.to_epoch": "ROUND(({0}-DATE(1970,1,1))*86400,0)",
    "datetime.from_serial": "{0}",
    "datetime.to_serial": "INT({0})",
    "duration": _duration,
    "duration.in": _duration_in,
    "duration.format": _duration_text,
    "duration.+": "{0}+{1}",
    "duration.-": "{0}-{1}",
    "duration.<": "{0}<{1}",
    "decimal": lambda call: excel_literal(Decimal(str(call.constant(0)))),
    "decimal.parse": lambda call: read_number(str(call.constant(0)), call[1]),
    "decimal.format": lambda call: write_number(str(call.constant(0)), call[1], call.programs[1]),
    "decimal.from_int": "{0}",
    "decimal.to_int": "{0}",
    "decimal.+": "{0}+{1}",
    "decimal.-": "{0}-{1}",
    "decimal.*": "{0}*{1}",
    "decimal./": _quotient,
    "decimal.mod": _modulo,
    "decimal.shift": _shift,
    "decimal.neg": "-{0}",
    "decimal.abs": "ABS({0})",
    "decimal.sign": "SIGN({0})",
    "decimal.min": "MIN({0},{1})",
    "decimal.max": "MAX({0},{1})",
    "decimal.round": _round,
    "decimal.<": "{0}<{1}",
    "decimal.<=": "{0}<={1}",
    "decimal.between": "AND({0}<={2},{2}<{1})",
    "roman.write": "ROMAN({0})",
    "roman.read": "ARABIC({0})",
    "ordinal.write": _ordinal,
    "ordinal.read": "VALUE(LEFT({0},LEN({0})-2))",
    "base.write": _base,
    "text.with_start": 'IF(OR({1}="",EXACT(LEFT({1},LEN({0})),{0})),{1},{0}&{1})',
    "text.with_end": 'IF(OR({1}="",EXACT(RIGHT({1},LEN({0})),{0})),{1},{1}&{0})',
    "text.first_upper": "UPPER(LEFT({0},1))&MID({0},2,LEN({0})+1)",
    "text.first_lower": "LOWER(LEFT({0},1))&MID({0},2,LEN({0})+1)",
    "text.without_blanks": lambda call: f'SUBSTITUTE({blanks_as_blank(call[0])}," ","")',
    "text.first_filled": 'IF({0}<>"",{0},{1})',
    "text.join_filled": '{1}&IF(AND({1}<>"",{2}<>""),{0},"")&{2}',
    "text.pad_right": lambda call: padded(call, left=False),
    "text.repeat": "REPT({1},MAX({0},0))",
    "text.slice": _slice,
    "text.index": _index,
    "text.rindex": _last_index,
    "text.index_from": _index,
    "text.split_at": lambda call: piece(call[0], str(call.constant(1)), int(call.constant(2))),
    "text.word_at": lambda call: word(call[0], int(call.constant(1))),
}
