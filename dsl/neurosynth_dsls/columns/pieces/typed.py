"""Conversions between numbers, dates or truth values and texts, without texts that are written only to be parsed again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import TextForm
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.values.types import BOOL, INT, STRING, Type, list_of
from neurosynth_dsls.columns.number_format import write_number
from neurosynth_dsls.columns.pieces.building import call, primitives
from neurosynth_dsls.columns.types import DATE, DATETIME, DECIMAL, TIME

__all__ = ["FORMS", "tidy"]

TRUE, FALSE = Constant("true", STRING), Constant("false", STRING)
DAY, CLOCK, MOMENT = "%Y-%m-%d", "%H:%M:%S", "%Y-%m-%dT%H:%M:%S"
EXACT = "0.#*"
"""The format that writes a number with all its decimals."""
_PARTS = {
    "%Y": "year", "%-m": "month", "%m": "month", "%-d": "day", "%d": "day", "%-H": "hour", "%H": "hour", "%-M": "minute", "%M": "minute",
    "%-S": "second", "%S": "second", "%u": "weekday", "%q": "quarter", "%K": "half", "%V": "iso_week", "%-V": "iso_week",
    "%G": "iso_year", "%j": "day_of_year", "%-j": "day_of_year",
}  # fmt: skip
"""Fields of moments that are numbers, and their names."""
_UNITS = {"%-D": "day", "%-H": "h", "%-M": "min", "%-S": "s", "%D": "day", "%H": "h", "%M": "min", "%S": "s"}
_TRUTH = {"true": Constant(True, BOOL), "false": Constant(False, BOOL)}


def _named(program: Program, *names: str) -> tuple[Program, ...] | None:
    """The arguments of a call of one of some primitives."""
    found = isinstance(program, Apply) and program.primitive.name in names
    return program.arguments if found and isinstance(program, Apply) else None


def _chosen(program: Program, read: Callable[[Program], Program], t: Type) -> Program | None:
    """A choice, a table or a missing value of texts, converted to one of parsed values."""
    if isinstance(program, Apply) and program.primitive.name == "missing":
        return Apply(program.primitive, (), t)
    if (parts := _named(program, "ite")) is not None:
        return call("ite", parts[0], read(parts[1]), read(parts[2]))
    if (parts := _named(program, "lookup")) is not None and isinstance(parts[1], Constant):
        entries = [read(Constant(v, STRING)) for v in parts[1].value]
        if all(isinstance(e, Constant) for e in entries):
            values = Constant(tuple(e.value for e in entries if isinstance(e, Constant)), list_of(t))
            return call("lookup", parts[0], values, parts[2])
    return None


def _number(program: Program) -> Program:
    """The decimal in a text."""
    if isinstance(program, Constant):
        return Constant(Decimal(program.value), DECIMAL)
    if (parts := _named(program, "decimal.format")) is not None:
        return parts[1]
    if (parts := _named(program, "int.to.str")) is not None:
        return call("decimal.from_int", parts[0])
    parts = _named(program, "datetime.format", "date.format", "time.format")
    if parts is not None and isinstance(parts[0], Constant) and parts[0].value in _PARTS:
        kind = "datetime" if parts[1].type == TIME else program.head.partition(".")[0]
        moment = call("time.moment", parts[1]) if parts[1].type == TIME else parts[1]
        return call("decimal.from_int", call(f"{kind}.part", _PARTS[parts[0].value], moment))
    parts = _named(program, "duration.format")
    if parts is not None and isinstance(parts[0], Constant) and parts[0].value in _UNITS:
        return call("duration.in", _UNITS[parts[0].value], parts[1])
    return _chosen(program, _number, DECIMAL) or tidy(call("decimal.parse", "0.*", program))


def _whole(program: Program) -> Program:
    """The integer in a text."""
    if isinstance(program, Constant):
        return Constant(int(program.value), INT)
    number = _chosen(program, _whole, INT) or _number(program)
    if number.type == INT:
        return number
    return _integer(number) or tidy(call("decimal.to_int", number))


def _truth(program: Program) -> Program:
    """The truth value in a text."""
    if isinstance(program, Constant):
        return _TRUTH[program.value]
    found = _chosen(program, _truth, BOOL) or call("=", program, TRUE)
    parts = _named(found, "ite")
    if parts is None:
        return tidy(found)
    test, yes, no = parts
    true, false = _TRUTH["true"], _TRUTH["false"]
    if (yes, no) == (true, false):
        return test
    if (yes, no) == (false, true):
        return _not(test)
    if yes == true:
        return call("or", test, no)
    if no == false:
        return call("and", test, yes)
    return call("or", _not(test), yes) if no == true else call("and", _not(test), no) if yes == false else found


def _not(test: Program) -> Program:
    """The opposite, without a ``not`` if there is a complementary test."""
    for name, other in (("decimal.<", "decimal.<="), ("datetime.<", "datetime.<="), ("date.<", "date.<="), ("<", "<=")):
        if (parts := _named(test, name)) is not None:
            return call(other, parts[1], parts[0])
        if (parts := _named(test, other)) is not None:
            return call(name, parts[1], parts[0])
    return call("not", test)


def _moment(
    kind: str, format: str, t: Type, value: Callable[[str], Any], of_moment: str
) -> Callable[[Program], Program]:
    def read(program: Program) -> Program:
        if isinstance(program, Constant):
            return Constant(value(program.value), t)
        parts = _named(program, "datetime.format")
        if parts is not None and parts[0] == Constant(format, STRING):
            return tidy(call(of_moment, parts[1])) if of_moment else parts[1]
        parts = _named(program, f"{kind}.format")
        if parts is not None and parts[0] == Constant(format, STRING):
            return parts[1]
        return _chosen(program, read, t) or call(f"{kind}.parse", format, program)

    return read


FORMS: dict[Type, TextForm] = {
    INT: TextForm(text=str, write=lambda p: call("decimal.format", "0", call("decimal.from_int", p)), read=_whole),
    DECIMAL: TextForm(
        text=lambda v: write_number(EXACT, v), write=lambda p: call("decimal.format", EXACT, p), read=_number
    ),
    BOOL: TextForm(text=lambda v: "true" if v else "false", write=lambda p: call("ite", p, TRUE, FALSE), read=_truth),
    DATE: TextForm(
        text=date.isoformat,
        write=lambda p: call("date.format", DAY, p),
        read=_moment("date", DAY, DATE, date.fromisoformat, "datetime.date"),
    ),
    TIME: TextForm(
        text=lambda v: v.strftime(CLOCK),
        write=lambda p: call("time.format", CLOCK, p),
        read=_moment("time", CLOCK, TIME, time.fromisoformat, "datetime.time"),
    ),
    DATETIME: TextForm(
        text=lambda v: v.strftime(MOMENT),
        write=lambda p: call("datetime.format", MOMENT, p),
        read=_moment("datetime", MOMENT, DATETIME, datetime.fromisoformat, ""),
    ),
}
"""Types of inputs and outputs other than text."""


def tidy(program: Program) -> Program:
    """A call with tidy arguments, in which texts that are written and parsed again are left out."""
    if not isinstance(program, Apply):
        return program
    for rule in (_reading, _on_dates, _on_integers, _on_truth):
        found = rule(program)
        if found is not None:
            return found
    return program


def _reading(program: Apply) -> Program | None:
    """A value that is parsed from its own text."""
    name, parts = program.primitive.name, program.arguments
    written = _named(parts[1], "decimal.format") if name == "decimal.parse" else None
    if written is not None and written[0] in (Constant("0", STRING), Constant(EXACT, STRING)):
        return written[1]
    if name == "str.to.int" and (written := _named(parts[0], "decimal.format")) is not None:
        return tidy(call("decimal.to_int", written[1]))
    if name in ("text.match", "str.trim", "str.number") and _named(parts[0], "decimal.format") is not None:
        return parts[0] if name == "str.trim" or parts[-1] in (Constant(0, INT), Constant(-1, INT)) else None
    if name == "datetime.parse" and isinstance(parts[0], Constant):
        for kind, format in (("date", DAY), ("time", CLOCK), ("datetime", MOMENT)):
            written = _named(parts[1], f"{kind}.format")
            if written is not None and written[0] == Constant(format, STRING) and format in parts[0].value.split("|"):
                return written[1] if kind == "datetime" else call(f"{kind}.moment", written[1])
    if name == "is_missing" and isinstance(parts[0], Apply) and parts[0].primitive.name.endswith(".format"):
        value = parts[0].arguments[-1]  # a text that is written is missing where the value is
        return call("is_missing", value) if isinstance(value, Input) else None
    if name == "decimal.to_int" and (inner := _named(parts[0], "decimal.from_int")) is not None:
        return inner[0]
    return None


def _on_dates(program: Apply) -> Program | None:
    """A function of moments that are midnights of dates as the same function of dates."""
    name, parts = program.primitive.name, program.arguments
    if name in ("datetime.date", "datetime.time"):
        kind = name.removeprefix("datetime.")
        if (inner := _named(parts[0], f"{kind}.moment")) is not None:
            return inner[0]
        if (inner := _named(parts[0], "datetime.parse")) is not None:
            return call(f"{kind}.parse", *inner)
        if name == "datetime.date" and isinstance(parts[0], Apply):
            return _as_dates(parts[0], DATETIME)
        return None
    return _as_dates(program, program.type) if program.type != DATETIME else None


def _as_dates(program: Apply, result: Type) -> Program | None:
    """The call with dates for moments that are midnights of dates; steps within a day are unchanged."""
    kind, _, rest = program.primitive.name.partition(".")
    other = primitives().get(f"date.{rest}")
    if kind != "datetime" or other is None or rest == "parse":
        return None
    parts = []
    for p in program.arguments:
        if p.type != DATETIME:
            parts.append(p)
        elif (inner := _named(p, "date.moment")) is not None:
            parts.append(inner[0])
        elif isinstance(p, Apply) and (made := _as_dates(p, DATETIME)) is not None:
            parts.append(made)
        else:
            return None
    within = {"h", "min", "s"}
    steps = {c.value.lstrip("0123456789") for c in parts if isinstance(c, Constant) and c.type == STRING}
    return Apply(other, tuple(parts)) if rest in ("format", "part") or not steps & within else None


_SAME = {"decimal.+": "+", "decimal.-": "-", "decimal.<": "<", "decimal.<=": "<=", "=": "="}
"""Functions of decimals that integers have, too."""


def _on_integers(program: Apply) -> Program | None:
    """A function of decimals that are integers as the same function of integers."""
    name, parts = program.primitive.name, program.arguments
    if name == "decimal.to_int" and isinstance(parts[0], Apply) and parts[0].type == DECIMAL:
        inner = parts[0]
        whole = [_integer(p) for p in inner.arguments]
        if inner.primitive.name in ("decimal.+", "decimal.-") and None not in whole:
            return call(_SAME[inner.primitive.name], *(p for p in whole if p is not None))
        return None
    if name in ("decimal.<", "decimal.<=", "=") and len(parts) == 2 and parts[0].type == DECIMAL:
        whole = [_integer(p) for p in parts]
        if None not in whole and any(_named(p, "decimal.from_int") for p in parts):
            return call(_SAME[name], *(p for p in whole if p is not None))
    return None


def _digits(program: Program) -> bool:
    """Whether a text consists of digits, by its pattern."""
    parts = _named(program, "text.match", "text.match_from")
    return parts is not None and parts[1] == Constant(r"\d+", STRING)


def _integer(program: Program) -> Program | None:
    """The integer of a decimal that was made from one."""
    if (inner := _named(program, "decimal.from_int")) is not None:
        return inner[0]
    if (inner := _named(program, "decimal.parse")) is not None and _digits(inner[1]):
        return call("str.to.int", inner[1])
    if (inner := _named(program, "decimal")) is not None and isinstance(inner[0], Constant):
        value = Decimal(inner[0].value)
        return Constant(int(value), INT) if value == int(value) else None
    if (inner := _named(program, "decimal.+", "decimal.-")) is not None and isinstance(program, Apply):
        whole = [_integer(p) for p in inner]
        return None if None in whole else call(_SAME[program.primitive.name], *(p for p in whole if p is not None))
    return None


def _on_truth(program: Apply) -> Program | None:
    """A test of the text of a truth value as that value or its opposite."""
    if program.type != BOOL:
        return None
    written = {a for a in program.arguments if (parts := _named(a, "ite")) is not None and parts[1:] == (TRUE, FALSE)}
    if len(written) != 1 or any(not isinstance(a, Constant) and a not in written for a in program.arguments):
        return None
    (text,) = written
    test = text.children[0]
    told = [_told(program, text, c) for c in (TRUE, FALSE)]
    return {(True, False): test, (False, True): call("not", test)}.get((told[0], told[1]))


def _told(program: Apply, text: Program, value: Constant) -> Any:
    arguments = tuple(value if a == text else a for a in program.arguments)
    found = Evaluator().function(Apply(program.primitive, arguments))(())
    return None if found is UNDEFINED else found
