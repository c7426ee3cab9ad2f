"""What stands behind a time that is on a later day than another: ``01:15 +1``, ``00:35 (next day)``, and nothing on the same day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.clock_days import late_clocks, whole_days
from neurosynth_dsls.columns.pieces.date_readings import readings
from neurosynth_dsls.columns.pieces.duration_readings import duration_readings
from neurosynth_dsls.columns.pieces.moment_reading import Reading

__all__ = ["DayMarks"]

BITS, LETTER = 20, 1
"""Bits of a mark of later days, and of each of its characters."""
BOTH = 3
"""Additional bits of the end of two times, instead of the sum of a time and a duration."""
LONGEST = 16
"""Characters of a mark."""
DAYS = frozenset("Yymd")
"""Fields of moments that tell a day, which is then written itself."""
_CLOCK = re.compile(r"\d{1,2}:\d\d(?: ?[AaPp]\.?[Mm]\.?)?(?![\d:])")

_Days = tuple[int, tuple[int, ...], Callable[[], Program]]
"""Bits, the days on the example rows, and the program that counts them."""


@dataclass(frozen=True)
class DayMarks:
    """Marks of times on a later day."""

    name: str = "day marks"

    def bind(self, column: Column) -> BoundDayMarks:
        """Find the times that are on a later day on some rows."""
        return BoundDayMarks(column)


class BoundDayMarks:
    """The marks of one column."""

    def __init__(self, column: Column) -> None:
        self.outputs = column.outputs
        self.days: list[_Days] = []
        outputs = column.outputs
        if column.leaf or len(outputs) < 2 or not all(isinstance(o, str) and _CLOCK.search(o) for o in outputs):
            return
        if len({_CLOCK.sub("", o) for o in outputs}) > 1:
            self.days = [d for d in (*_of_clocks(column), *_of_sums(column), *_of_pairs(column)) if len({*d[1]}) > 1]

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The marks behind times, whose ends are those of the outputs."""
        if not self.days or not all(_ends_with_clock(o[:p]) for o, p in zip(self.outputs, positions, strict=True)):
            return
        for cost, days, count in self.days:
            found = _marks(days, rests)
            if found is not None:
                same, later, numbered = found
                bits = BITS + cost + LETTER * (len(same) + len(later[0]) + len(later[1]))
                yield Piece(tuple(rests), bits, partial(_program, count, same, later, numbered), name="day mark")


def _ends_with_clock(text: str) -> bool:
    found = [m.end() for m in _CLOCK.finditer(text)]
    return bool(found) and found[-1] == len(text)


def _marks(days: Sequence[int], rests: Sequence[str]) -> tuple[str, tuple[str, str], bool] | None:
    """The text of the same day, those around the number of days, and whether there is a number; None if the rests are no marks."""
    same = {r for r, n in zip(rests, days, strict=True) if not n}
    later = {(r, n) for r, n in zip(rests, days, strict=True) if n}
    if len(same) != 1 or not later or max(map(len, rests)) > LONGEST:
        return None
    around = {tuple(re.split(r"\d+", r, maxsplit=1)) for r, _ in later}
    (first,) = same
    if len(around) != 1 or re.search(r"\d", first):
        return None
    before, *behind = around.pop()
    if all(re.findall(r"\d+", r) == [str(n)] for r, n in later):
        return first, (before, behind[0]), True
    if not behind and {n for _, n in later} == {1} and before != first:
        return first, (before, ""), False
    return None


def _program(count: Callable[[], Program], same: str, later: tuple[str, str], numbered: bool) -> Program:
    mark: Program = text(later[0])
    if numbered:
        mark = call("int.to.str", count())
        mark = call("str.++", mark, text(later[1])) if later[1] else mark
        mark = call("str.++", text(later[0]), mark) if later[0] else mark
    return call("ite", call("=", count(), 0), text(same), mark)


def _times(column: Column) -> list[Reading]:
    """The cheapest way to read each time without a day."""
    best: dict[object, Reading] = {}
    for r in readings(column):
        if r.dated and not r.fixed and "H" in r.fields and not DAYS & r.fields:
            best.setdefault(r.place, r)
    return [*best.values()]


def _of_clocks(column: Column) -> Iterator[_Days]:
    """Whole days of clocks that go on over midnight."""
    for clock in late_clocks(column):
        yield from _counted(column, clock.cost, partial(whole_days, clock.build))


def _of_sums(column: Column) -> Iterator[_Days]:
    """Midnights between a time and that time a duration later."""
    spans = [d for d in duration_readings(column) if not d.counted]
    for start in _times(column):
        for span in spans:
            if span.key[0] != start.key[0] and span.key[0] != "between":
                moved = partial(_sum, start, span.build)
                yield from _counted(column, start.cost + span.cost, partial(_between_days, start.build, moved))


def _sum(start: Reading, span: Callable[[], Program]) -> Program:
    return call("datetime.plus", start.build(), span())


def _between_days(start: Callable[[], Program], end: Callable[[], Program]) -> Program:
    return call("datetime.between", "day", call("datetime.floor", "day", "", start()), end())


def _of_pairs(column: Column) -> Iterator[_Days]:
    """One midnight between two times of which the second is earlier."""
    times = _times(column)
    for start in times:
        for end in times:
            if start is not end:
                yield from _counted(column, start.cost + end.cost + BOTH, partial(_earlier, start, end))


def _earlier(start: Reading, end: Reading) -> Program:
    return call("ite", call("datetime.<", end.build(), start.build()), 1, 0)


def _counted(column: Column, cost: int, build: Callable[[], Program]) -> Iterator[_Days]:
    function = Evaluator().function(build())
    values = tuple(function(row) for row in column.rows)
    if all(isinstance(v, int) and not isinstance(v, bool) and v >= 0 for v in values):
        yield cost, values, build
