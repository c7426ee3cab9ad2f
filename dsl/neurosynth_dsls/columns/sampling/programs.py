"""Programs for people's columns, each with a generator of rows, for ``neurosynth sample --language columns``.

A family is a function that makes one column of a kind: it draws formats, steps and parts, builds the program, and returns a generator
of rows. Families are equally frequent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from neurosynth.language.drawn import DrawnColumn
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.values.registry import domain_of
from neurosynth.values.types import INT, STRING, Type, list_of
from neurosynth_dsls.columns.date_format import write_moment
from neurosynth_dsls.columns.number_format import write_number
from neurosynth_dsls.columns.sampling import people
from neurosynth_dsls.columns.types import DECIMAL

__all__ = ["FAMILIES", "draw_columns"]

DATES = (
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%b %d, %Y",
    "%B %-d, %Y",
    "%-d %B %Y",
    "%d-%b-%y",
    "%Y%m%d",
    "%A, %B %-d, %Y",
    "%-m/%-d/%y",
)
SHORT_DATES = (
    *DATES,
    "%B %Y",
    "%b %Y",
    "%A",
    "%a",
    "%Y-%m",
    "Q%q %Y",
    "%G-W%V",
    "%-j",
    "%o of %B",
    "%-d %b",
    "%B",
    "H%K %Y",
)
CLOCKS = ("%H:%M", "%-I:%M %p", "%H:%M:%S", "%-I:%M%~p", "%H%M", "%-I %p")
NUMBERS = ("0.00", "#,##0.00", "#,##0", "0.#*", "$#,##0.00", "0.0", "[comma]#,##0.00", "0")
MODES = ("half_up", "half_up", "half_up", "half_even", "floor", "ceiling")


class _Maker:
    """Builds programs of a language by name."""

    def __init__(self, primitives: dict[str, Any], rng: Random) -> None:
        self.primitives, self.rng = primitives, rng

    def call(self, name: str, *arguments: Any) -> Program:
        """A primitive on programs and plain values."""
        primitive = self.primitives[name]
        made = [a if isinstance(a, Program) else constant(a) for a in arguments]
        return Apply(primitive, tuple(made))

    def joined(self, *parts: Program | str) -> Program:
        """Texts one after the other."""
        *rest, last = [constant(p) if isinstance(p, str) else p for p in parts]
        for part in reversed(rest):
            last = self.call("str.++", part, last)
        return last


def constant(value: Any) -> Constant:
    """A constant of the type of a value."""
    types: dict[type, Type] = {str: STRING, int: INT, Decimal: DECIMAL, tuple: list_of(STRING)}
    t = types[type(value)]
    return Constant(domain_of(t).freeze(value), t)


Family = Callable[[_Maker], tuple[Program, Sequence[people.Cell]]]
X = Input(0, STRING)


def _dates(make: _Maker) -> tuple[Program, Sequence[people.Cell]]:
    read, written = make.rng.sample(DATES, 1)[0], make.rng.choice(SHORT_DATES)
    value = make.call("datetime.parse", read, X)
    change = make.rng.random()
    if change < 0.15:
        value = make.call("datetime.add", make.rng.choice((1, 7, 14, 30, -1, 90)), "day", value)
    elif change < 0.25:
        value = make.call("datetime.add", make.rng.choice((1, 3, 6, 12, -1)), "month", value)
    elif change < 0.35:
        value = make.call("datetime.end_of", make.rng.choice(("month", "quarter", "year")), value)
    elif change < 0.42:
        value = make.call("datetime.floor", make.rng.choice(("week", "month", "quarter")), "", value)
    return make.call("datetime.format", written, value), [lambda rng: write_moment(read, people.moment(rng))]


def _clocks(make: _Maker) -> tuple[Program, Sequence[people.Cell]]:
    read, written = make.rng.choice(CLOCKS[:4]), make.rng.choice(CLOCKS)
    value = make.call("datetime.parse", read, X)
    step = make.rng.choice(("15min", "30min", "h", "2h"))
    cell: people.Cell = lambda rng: write_moment(read, people.moment(rng))  # noqa: E731  # a line, as its neighbours
    if make.rng.random() < 0.4:
        low = make.call("datetime.floor", step, "", value)
        amount, unit = {"15min": (15, "min"), "30min": (30, "min"), "h": (1, "h"), "2h": (2, "h")}[step]
        high = make.call("datetime.add", amount, unit, low)
        between = make.rng.choice(("-", " - ", " to "))
        ends = [make.call("datetime.format", written, end) for end in (low, high)]
        return make.joined(ends[0], between, ends[1]), [cell]
    if make.rng.random() < 0.3:
        value = make.call(f"datetime.{make.rng.choice(('floor', 'ceil', 'nearest'))}", step, "", value)
    return make.call("datetime.format", written, value), [cell]


def _stamps(make: _Maker) -> tuple[Program, Sequence[people.Cell]]:
    read = make.rng.choice(("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %I:%M %p", "%d.%m.%Y %H:%M"))
    written = f"{make.rng.choice(SHORT_DATES)}{make.rng.choice((' ', ', ', ' at '))}{make.rng.choice(CLOCKS)}"
    program = make.call("datetime.format", written, make.call("datetime.parse", read, X))
    return program, [lambda rng: write_moment(read, people.moment(rng))]


def _numbers(make: _Maker) -> tuple[Program, Sequence[people.Cell]]:
    read, written = make.rng.choice(NUMBERS), make.rng.choice(NUMBERS)
    value = make.call("decimal.parse", read, X)
    change = make.rng.random()
    if change < 0.3:
        factor = Decimal(make.rng.choice(("1.19", "0.9", "2.54", "1.609344", "60", "0.453592", "12")))
        value = make.call("decimal.*", value, factor)
    elif change < 0.4:
        value = make.call("decimal.shift", make.rng.choice((-3, -2, 2, 3)), value)
    if make.rng.random() < 0.6:
        step = Decimal(make.rng.choice(("1", "0.1", "0.01", "0.01", "10", "0.5", "100", "0.05")))
        value = make.call("decimal.round", step, make.rng.choice(MODES), value)
    return make.call("decimal.format", written, value), [lambda rng: write_number(read, people.amount(rng))]


def _ranges(make: _Maker) -> tuple[Program, Sequence[people.Cell]]:
    step = make.rng.choice((5, 10, 20, 25, 50, 100))
    low = make.call("decimal.round", Decimal(step), "floor", make.call("decimal.parse", "0", X))
    high = make.call("decimal.+", low, Decimal(step - make.rng.choice((0, 1, 1))))
    before, between, after = make.rng.choice(
        (("", "-", ""), ("", " to ", ""), ("$", "-$", ""), ("[", ", ", ")"), ("", " - ", ""))
    )
    ends = [make.call("decimal.format", "0", end) for end in (low, high)]
    parts = [p for p in (before, ends[0], between, ends[1], after) if p != ""]
    return make.joined(*parts), [lambda rng: str(rng.randint(0, step * 8))]


def _names(make: _Maker) -> tuple[Program, Sequence[people.Cell]]:
    first, last = make.call("text.word_at", X, 0), make.call("text.word_at", X, -1)
    initial = make.call("str.take", first, 1)
    letters = Lambda((STRING,), make.call("str.take", Variable(0, STRING), 1))
    ways: list[Callable[[], Program]] = [
        lambda: make.joined(last, ", ", first),
        lambda: make.joined(initial, ". ", last),
        lambda: make.call("str.lower", make.joined(initial, last)),
        lambda: make.call("str.lower", make.joined(first, ".", last, "@", make.rng.choice(people.HOSTS))),
        lambda: make.joined(make.call("str.upper", last), " ", first),
        lambda: make.call(
            "pieces.join",
            make.rng.choice(("", ".", " ")),
            make.call("pieces.map", letters, make.call("pieces.words", X)),
        ),
        lambda: make.call("text.plain", X),
        lambda: make.call(make.rng.choice(("str.upper", "str.lower", "text.slug")), X),
    ]
    return make.rng.choice(ways)(), [people.full_name]


def _parts(make: _Maker) -> tuple[Program, Sequence[people.Cell]]:
    kinds: list[tuple[people.Cell, list[Callable[[], Program]]]] = [
        (people.email, [lambda: make.call("str.before", X, "@"), lambda: make.call("text.split_at", X, "@", 1)]),
        (people.path, [lambda: make.call("text.split_at", X, "/", -1), lambda: make.call("text.split_at", X, ".", -1)]),
        (people.url, [lambda: make.call("text.split_at", X, "/", 2), lambda: make.call("text.match", X, "[0-9]+", -1)]),
        (people.code, [lambda: make.call("text.split_at", X, "-", 1), lambda: make.call("str.take", X, 2)]),
        (people.phone, [lambda: make.call("str.only_digits", X), lambda: make.call("text.match", X, "[0-9]+", 0)]),
        (people.company, [lambda: make.call("text.word_at", X, 0), lambda: make.call("text.word_at", X, -1)]),
    ]
    cell, ways = make.rng.choice(kinds)
    program = make.rng.choice(ways)()
    if make.rng.random() < 0.2:
        program = make.call(make.rng.choice(("str.upper", "str.lower")), program)
    return program, [cell]


def _lists(make: _Maker) -> tuple[Program, Sequence[people.Cell]]:
    pieces = make.call("pieces.split", ", ", X)
    change = make.rng.choice(("sort", "reverse", "unique", "", ""))
    if change:
        pieces = make.call(f"pieces.{change}", pieces)
    if make.rng.random() < 0.25:
        return make.call("int.to.str", make.call("pieces.count", pieces)), [people.item_list]
    return make.call("pieces.join", make.rng.choice((";", "|", " ", " / ", ", ")), pieces), [people.item_list]


def _styles(make: _Maker) -> tuple[Program, Sequence[people.Cell]]:
    style = make.rng.choice(("snake", "kebab", "camel", "pascal", "slug", "title_words"))
    return make.call(f"text.{style}", X), [people.sentence]


def _lookups(make: _Maker) -> tuple[Program, Sequence[people.Cell]]:
    keys = tuple(make.rng.sample(("A", "B", "C", "D", "X", "Y", "N", "S", "M", "L"), make.rng.randint(2, 4)))
    values = tuple(w.title() for w in make.rng.sample(people.WORDS, len(keys)))
    return make.call("lookup", keys, values, X), [people.choice(keys)]


def _several(make: _Maker) -> tuple[Program, Sequence[people.Cell]]:
    cells = make.rng.sample((people.first_name, people.city, people.code, people.company), make.rng.randint(2, 3))
    inputs = [Input(i, STRING) for i in range(len(cells))]
    between = make.rng.choice((", ", " - ", " (", " in ", "/"))
    parts: list[Program | str] = [inputs[0]]
    for one in inputs[1:]:
        parts += [between, one]
    return make.joined(*parts, *([")"] if between == " (" else [])), cells


def _missing(make: _Maker) -> tuple[Program, Sequence[people.Cell]]:
    default = make.rng.choice(("unknown", "n/a", "-", "none"))
    program = make.call("first_present", make.call("str.upper", X) if make.rng.random() < 0.4 else X, default)
    return program, [lambda rng: people.city(rng) if rng.random() < 0.75 else None]


FAMILIES: tuple[Family, ...] = (
    _dates, _dates, _clocks, _stamps, _numbers, _numbers, _ranges, _names, _names, _parts, _parts, _lists, _styles, _lookups, _several, _missing,
)  # fmt: skip


def draw_columns(rng: Random) -> DrawnColumn:
    """A realistic column: its program, and how its rows are made."""
    from neurosynth_dsls.columns.language import columns

    program, cells = rng.choice(FAMILIES)(_Maker(columns.primitives, rng))
    return DrawnColumn(program, tuple(STRING for _ in cells), lambda r: tuple(cell(r) for cell in cells))
