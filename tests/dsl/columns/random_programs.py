"""Random programs of ``columns`` with rows to run them on: texts that the formats of the program read, some values missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from neurosynth_dsls.columns import columns
from neurosynth_dsls.columns.date_format import write_moment
from neurosynth_dsls.columns.duration_format import write_duration
from neurosynth_dsls.columns.number_format import write_number
from neurosynth_dsls.columns.types import DATE, DATETIME, DECIMAL, DURATION, TIME

from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.values.types import (
    BOOL,
    INT,
    STRING,
    Arrow,
    Type,
    TypeConstructor,
    TypeVariable,
    list_of,
    substitute,
    type_variables,
)

ROWS = 6
PIECES = list_of(STRING)
GROUND = (STRING, INT, DECIMAL, DATETIME, DATE, BOOL)

FULL = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%-d.%-m.%Y",
    "%A, %B %-d, %Y",
    "%b %d, %y",
    "%o of %B %Y",
    "%Y%m%d",
    "%Y W%V %u",
    "%Y %j",
    "%d %b",
    "%m/%Y",
    "%d/%m/%y",
    "[de]%d. %B %Y",
    "%Y-%m-%dT%H:%M:%S%z",
    "%d.%m.%Y %H:%M %Z",
    "[fr]%d %B %Y %H:%M%z",
)
CLOCKS = ("%H:%M", "%-I:%M %p", "%I%p", "%H:%M:%S", "%-I:%M%~p", "%H.%M")
MIXED = ("%Y-%m-%d|%d/%m/%Y", "%Y-%m-%d|%Y-%m-%dT%H:%M%z", "%-d %B|%-d %b %Y", "%GW%V|%Y-%m-%d")
WRITTEN = (
    *FULL,
    *CLOCKS,
    "Q%q %Y",
    "%^b %_d",
    "%a",
    "%1b%~B",
    "%K. half",
    "%N %J %n",
    "[fr]%A %-d %B",
    "week %V of %G",
    "%.~p",
    "100%%",
    "%d{}'\"",
)
NUMBERS = ("0.#*", "#,##0.00", "0", "0.00", "0.0%", "$#,##0.00", "[comma]#,##0.0#", "0 kg", "(0)", "[space]#,##0")
PATTERNS = (
    "0", "0.00", "#,##0", "#,##0.00", "0.#*", "0.*", "0.##", "0.0#", "000", "00.0", "0.0%", "0%", "0.#%", "$#,##0.00", "0 kg",
    "[comma]#,##0.00", "[comma]0.0", "[space]#,##0", "#,##,##0", "#.00", "0.00E0",
    "0.##E+00", "$0.00;($0.00)", "0.0 %", "0‰", "+0;-0", "{0}''\"",
)  # fmt: skip
SPANS = ("%H:%M:%S", "%-Hh %Mm", "%-M min", "%-D days %H:%M", "%S s", "%H:%M:%S.%L")
STEPS = ("min", "5min", "15min", "h", "2h", "90min", "day", "week", "month", "quarter", "year", "2month", "3day")
MODES = ("half_up", "half_even", "half_down", "up", "down", "floor", "ceiling")
UNITS = ("day", "week", "month", "year", "h", "min")
REGEXES = (r"[0-9]+", r"[A-Z][a-z]+", r"\s+", r"[^a-z]", r"(\w)(\w)", "-", r"[A-Z]{2}|\d")
PARTS = (
    "year",
    "month",
    "day",
    "weekday",
    "quarter",
    "half",
    "iso_week",
    "iso_year",
    "day_of_year",
    "days_in_month",
    "hour",
    "second_of_day",
)
WORDS = (
    "Anna Lee",
    "bob",
    "x-1 Y2",
    "some_name",
    "parseHTTPText",
    "é à",
    "a,b,,c",
    "",
    "  pad ",
    "12 may",
    "A.B.",
    "Größe of Łódź",
    "twenty-one",
    "third box",
    "2 dozen",
    "n/a",
    "Acme Co., Ltd.",
    "B99",
    "q\"uo'te",
)

CHOICES: dict[tuple[str, int], tuple[Any, ...]] = {
    ("datetime.format", 0): WRITTEN,
    ("date.format", 0): tuple(f for f in WRITTEN if f not in CLOCKS),
    ("time.format", 0): CLOCKS,
    ("decimal.format", 0): PATTERNS,
    ("duration.format", 0): SPANS,
    **{(f"pieces.{name}", 0): NUMBERS for name in ("sum", "mean", "median", "least", "greatest")},
    ("bytes.write", 0): (1000, 1024),
    ("bytes.write", 1): ("0.0 ", "0", "0.# "),
    ("bytes.read", 0): (1000, 1024),
    ("compact.write", 0): (1000, 1024),
    ("compact.write", 1): (0, 1, -1, 2, -3),
    ("compact.write", 2): (("", "K", "M", "B"), (" B", " KB", " MB"), ("",)),
    ("quantity.read", 0): ("m", "l", "kg", "s", "°C", "°F"),
    ("text.shorten", 0): (3, 8, 20),
    ("text.shorten", 1): (3, 5, 12),
    ("text.shorten", 2): ("…", " …", ""),
    ("pieces.tally", 0): (" ", "x "),
    ("pieces.tally_behind", 0): (" x", " ("),
    ("pieces.tally_behind", 1): ("", ")"),
    ("check.digit", 0): ("luhn", "ean", "isbn10"),
    ("check.valid", 0): ("luhn", "ean", "isbn10", "iban"),
    ("base.write", 0): (2, 8, 16, 36),
    ("base.read", 0): (10, 16),
    ("decimal.power", 1): tuple(map(Decimal, ("2", "3", "-1", "0.5"))),
    ("decimal.log", 0): (Decimal(2), Decimal(10)),
    ("angle.write", 0): ("D°MM'SS\"", "D° MM.MM'[NS]"),
    ("text.rotate", 0): (13, -3),
    ("re.group", 1): (0, 1),
    ("re.replace", 1): ("-", "", r"\g<0>!", "$"),
    ("decimal.round", 0): tuple(map(Decimal, ("1", "0.01", "0.1", "0.05", "5", "100", "0.25"))),
    ("decimal.round_significant", 0): (1, 2, 3, 5),
    ("decimal.shift", 0): (-3, -2, 1, 2),
    ("duration.floor", 0): ("15min", "1h"),
    ("duration.mod", 0): ("24h", "90s"),
    ("duration.in", 0): ("s", "min", "h", "day"),
    ("duration.of", 0): ("s", "min", "h"),
    ("duration", 0): ("1h 30min", "-2day", "45s", "0.5s"),
    ("decimal", 0): ("1.609344", "3", "-0.5"),
    ("datetime.next_weekday", 0): (1, 3, 7),
    ("date.next_weekday", 0): (1, 5, 7),
    ("text.repeat", 0): (0, 2),
    ("text.title_except", 0): ("of the", ""),
    **{(f"{name}.write", 0): (" ", " and ") for name in ("words", "ordinal_words")},
    ("text.mask", 1): ("*", "#"),
    ("text.before_last", 1): (", ", "a", "."),
    ("text.after_last", 1): (", ", "a", "."),
    ("text.translate", 0): (("a", "é"), (".", ",")),
    ("text.translate", 1): (("e", "ee"), ("", "\\")),
    ("pieces.between", 0): ("a", "<b>", "("),
    ("pieces.between", 1): ("b", "</b>", ")"),
    ("pieces.numbered", 0): (". ", "{", "\\'"),
    ("pieces.ranges", 0): ("-", ".."),
    ("pieces.runs", 0): (2, 3),
    ("pieces.runs", 1): ("-", " to "),
    ("pieces.csv", 0): (",", ";", "ab"),
    ("text.step_number", 0): (1, -1, 20),
}  # fmt: skip
for _kind in ("date", "datetime"):
    CHOICES |= {
        (f"{_kind}.part", 0): PARTS if _kind == "datetime" else PARTS[:-2],
        (f"{_kind}.add", 0): (1, -1, 3, 14, -12),
        (f"{_kind}.add", 1): UNITS if _kind == "datetime" else UNITS[:4],
        (f"{_kind}.between", 0): UNITS if _kind == "datetime" else UNITS[:4],
        (f"{_kind}.end_of", 0): ("month", "quarter", "year", "week", "half"),
    }
    for _name in ("floor", "ceil", "nearest"):
        CHOICES[f"{_kind}.{_name}", 0] = STEPS if _kind == "datetime" else STEPS[6:]
        CHOICES[f"{_kind}.{_name}", 1] = ("", "", "15min", "1h", "1day") if _kind == "datetime" else ("", "1day")
for _p in columns.primitives:
    if _p.startswith("re.") or _p == "looks_like":
        CHOICES[_p, 0] = REGEXES
for _p in (
    "match",
    "match_start",
    "match_end",
    "match_from",
    "replace_pattern",
    "matches",
    "contains_pattern",
    "count_pattern",
):
    CHOICES[f"text.{_p}", 1] = REGEXES
for _p in ("text.match", "text.match_start", "text.match_end"):
    CHOICES[_p, 2] = (0, 1, -1)
for _p in ("decimal.round", "decimal.round_significant"):
    CHOICES[_p, 1] = MODES

SKIPPED = frozenset({"re.split", "time.moment"})
"""Drawn by tests of their own."""


@dataclass
class Draw:
    """One program in the making: its inputs and their values."""

    rng: Random
    missing: float
    inputs: list[Input] = field(default_factory=list)
    columns: list[list[Any]] = field(default_factory=list)

    def program(self) -> Program:
        """A program of any type."""
        return self.of(self.rng.choice([STRING, STRING, STRING, *GROUND, PIECES]), 4)

    def rows(self) -> list[tuple[Any, ...]]:
        """The rows of its inputs."""
        return list(zip(*self.columns, strict=True)) if self.columns else [()]

    def of(self, t: Type, depth: int) -> Program:
        """A program of a type."""
        makers = _makers(t) if depth > 0 else []
        if not makers or self.rng.random() < 0.15:
            return self.leaf(t, depth)
        return self.apply(self.rng.choice(makers), t, depth)

    def leaf(self, t: Type, depth: int) -> Program:
        """A constant, an input, or what an input reads as."""
        parsers: dict[Type, Callable[[], Program]] = {
            DATETIME: lambda: self.parsed("datetime.parse", self.rng.choice((*FULL, *CLOCKS, *MIXED))),
            DATE: lambda: self.parsed("date.parse", self.rng.choice(FULL)),
            TIME: lambda: self.parsed("time.parse", self.rng.choice(CLOCKS)),
            DECIMAL: lambda: self.parsed("decimal.parse", self.rng.choice(NUMBERS)),
            DURATION: lambda: self.parsed("duration.parse", self.rng.choice(SPANS)),
        }
        if t in parsers and self.rng.random() < 0.8:
            return parsers[t]()
        if t in (STRING, INT, BOOL, PIECES) and self.rng.random() < 0.3 and depth < 4:
            return Constant(self.value(t), t)
        if self.inputs and self.rng.random() < 0.4:
            known = [i for i in self.inputs if i.type == t]
            if known:
                return self.rng.choice(known)
        return self.column(t, lambda: self.value(t))

    def column(self, t: Type, value: Callable[[], Any]) -> Input:
        """A new input."""
        found = Input(len(self.inputs), t)
        self.inputs.append(found)
        self.columns.append([None if self.rng.random() < self.missing else value() for _ in range(ROWS)])
        return found

    def parsed(self, name: str, format: str) -> Program:
        """A parser on a column of texts in its format."""
        kind = name.partition(".")[0]
        alternatives = format.split("|")

        def text() -> str:
            chosen = self.rng.choice(alternatives)
            if kind == "decimal":
                value = self.value(DECIMAL)
                return write_number(chosen, abs(value) if "%" in chosen else value)
            if kind == "duration":
                return write_duration(chosen, abs(self.value(DURATION)))
            return write_moment(chosen, self.value(DATETIME))

        return Apply(columns[name], (Constant(format, STRING), self.column(STRING, text)))

    def value(self, t: Type) -> Any:
        """A value of a ground type."""
        rng = self.rng
        moment = datetime(rng.randint(1970, 2060), 1, 1) + timedelta(
            days=rng.randint(0, 365), seconds=60 * rng.randint(0, 1439) + rng.choice((0, 0, rng.randint(0, 59)))
        )
        match str(t):
            case "string":
                return rng.choice(WORDS)
            case "int":
                return rng.choice((0, 1, -1, 2, 3, rng.randint(-20, 99), 1234))
            case "bool":
                return rng.random() < 0.5
            case "decimal":
                return Decimal(rng.choice((0, 5, -5, 250, 12345, -999, rng.randint(-(10**6), 10**6)))).scaleb(
                    -rng.randint(0, 4)
                )
            case "datetime":
                return moment
            case "date":
                return moment.date()
            case "time":
                return moment.time()
            case "duration":
                return timedelta(seconds=rng.choice((0, 59, 3600, -90, rng.randint(-(10**5), 10**6))))
            case "list string":
                return tuple(rng.choice(WORDS) for _ in range(rng.randint(0, 3)))
        raise AssertionError(t)

    def apply(self, primitive: Primitive, t: Type, depth: int) -> Program:
        """A primitive at the type, on programs."""
        bindings: dict[str, Type | int] = dict.fromkeys(type_variables(primitive.type), STRING)
        if isinstance(primitive.result, TypeVariable):
            bindings[primitive.result.name] = t
        elif bindings:
            bindings = dict.fromkeys(bindings, self.rng.choice((STRING, INT, DECIMAL, DATE)))
        instance = primitive.at(bindings) if bindings else primitive
        if primitive.name.startswith("lookup"):
            return self.lookup(instance, t, depth)
        arguments: list[Program] = []
        for i, parameter in enumerate(instance.parameters):
            if (primitive.name, i) in CHOICES:
                arguments.append(Constant(self.rng.choice(CHOICES[primitive.name, i]), substitute(parameter, bindings)))
            elif isinstance(parameter, Arrow):
                arguments.append(self.function(parameter))
            else:
                arguments.append(self.of(parameter, depth - 1))
        return Apply(instance, tuple(arguments))

    def lookup(self, primitive: Primitive, t: Type, depth: int) -> Program:
        keys = tuple(self.rng.sample(WORDS, 3))
        values = tuple(self.value(t) for _ in keys)
        first = [Constant(keys, PIECES), Constant(values, list_of(t))]
        default = [self.leaf(t, 0)] if primitive.name == "lookup_or" else []
        return Apply(primitive, (*first, *default, self.of(STRING, depth - 1)))

    def function(self, t: Arrow) -> Lambda:
        """A lambda over texts that applies one or two primitives to its variable."""
        variable: Program = Variable(0, STRING)
        if t.result == BOOL:
            return Lambda(
                (STRING,), Apply(columns["str.contains"], (variable, Constant(self.rng.choice("ae1"), STRING)))
            )
        for name in self.rng.sample(["str.upper", "text.plain", "str.trim", "text.first_upper", "str.capitalize"], 2):
            variable = Apply(columns[name], (variable,))
        taken = Apply(columns["str.take"], (variable, Constant(2, INT)))
        return Lambda((STRING,), self.rng.choice((variable, taken)))


_KNOWN: dict[Type, list[Primitive]] = {}


def _makers(t: Type) -> list[Primitive]:
    """Primitives that give a type, but those that only read constants."""
    if t not in _KNOWN:
        found = []
        for p in columns.primitives.values():
            if p.name.endswith(".parse") or p.name in SKIPPED or not p.parameters:
                continue
            generic = isinstance(p.result, TypeVariable) and isinstance(t, TypeConstructor) and t in GROUND
            if p.result == t or generic:
                found.append(p)
        _KNOWN[t] = found
    return _KNOWN[t]


def draw(seed: int, missing: float = 0.15) -> tuple[Program, list[tuple[Any, ...]]]:
    """A random program and rows of values for its inputs."""
    made = Draw(Random(seed), missing)
    program = made.program()
    return program, made.rows()
