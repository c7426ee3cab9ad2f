"""Outcomes of two cells by which of them are empty and whether they agree: ``same``, ``conflict``, ``only left``, ``only right``, ``missing``.

A tree of conditions has too few rows for so many outcomes. Here they are one comparison, as in merging two lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call, text

__all__ = ["Agreements"]

BASE = 26
"""Bits of such a comparison, in addition to those of its outcomes."""
TEXT, LETTER, OTHER, COPY = 4, 4, 9, 5
"""Bits of a text that is an outcome, of its letters and of its other characters, and of an outcome that is one of the cells."""
NAMED = 1
"""Bits of a letter of a text that several rows have."""
FEWEST = 3
"""Fewest outcomes: two are a condition."""
LONGEST = 30
"""Characters of a text."""
NEITHER, FIRST, SECOND, SAME, OTHERS = range(5)
"""The cases: both cells empty, only the first one filled, only the second one, both alike, and both different."""


def _exact(value: str) -> str:
    return value


def _trimmed(value: str) -> str:
    return value.strip()


def _lower(value: str) -> str:
    return value.strip().lower()


COMPARED: tuple[tuple[int, Callable[[str], str], Callable[[Program], Program]], ...] = (
    (0, _exact, lambda p: p),
    (2, _trimmed, lambda p: call("str.trim", p)),
    (2, _lower, lambda p: call("str.lower", call("str.trim", p))),
)
"""What is compared of the cells: everything, all but blanks around them, and all but those and letter case; with bits."""


@dataclass(frozen=True)
class Agreements:
    """Outcomes of two cells by which of them are empty and whether they agree."""

    name: str = "agreements"

    def bind(self, column: Column) -> BoundAgreements:
        """Compare each two inputs."""
        return BoundAgreements(column)


class BoundAgreements:
    """The outcomes in one column."""

    def __init__(self, column: Column) -> None:
        self.pieces: list[Piece] = []
        if column.leaf or len(column.outputs) < FEWEST or len({*column.outputs}) < FEWEST:
            return
        for i, j in combinations(range(len(column.inputs)), 2):
            if column.inputs[i].type == column.inputs[j].type == STRING:
                self.pieces += _pieces(column, i, j)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The outcomes, if the rests are the whole outputs."""
        if not any(positions):
            yield from (p for p in self.pieces if p.texts == tuple(rests))


def _pieces(column: Column, i: int, j: int) -> Iterator[Piece]:
    if not all(isinstance(row[n], str) for row in column.every for n in (i, j)):
        return
    told: set[tuple[int, ...]] = set()
    for bits, compared, build in COMPARED:
        cases = tuple(_case(row[i], row[j], compared) for row in column.rows)
        every = {_case(row[i], row[j], compared) for row in column.every}
        shown = {*cases}
        if cases in told or not {SAME, OTHERS} & shown or not {FIRST, SECOND} & shown or len(shown) < FEWEST + 1:
            continue
        told.add(cases)
        if every - shown:
            continue  # a case that no example shows
        outcomes: dict[int, tuple[int, int | str]] = {}
        for case in shown:
            rows = [n for n, c in enumerate(cases) if c == case]
            found = _outcome([(column.rows[n][i], column.rows[n][j], column.outputs[n]) for n in rows], case)
            if found is None:
                break
            outcomes[case] = found
        else:
            if len({value for _, value in outcomes.values()}) < FEWEST:
                continue
            known = {value: cost for cost, value in outcomes.values()}
            cost = BASE + bits + sum(known.values())
            program = partial(
                _program, column.inputs[i], column.inputs[j], {c: v for c, (_, v) in outcomes.items()}, build
            )
            yield Piece(tuple(column.outputs), cost, program, name="agreement")


def _case(first: str, second: str, compared: Callable[[str], str]) -> int:
    empty = (not first.strip(), not second.strip())
    if any(empty):
        return NEITHER if all(empty) else SECOND if empty[0] else FIRST
    return SAME if compared(first) == compared(second) else OTHERS


def _outcome(rows: Sequence[tuple[str, str, str]], case: int) -> tuple[int, int | str] | None:
    """The bits and the outcome of a case: a text, or the number of the cell that it is."""
    outputs = {o for *_, o in rows}
    for n in (0, 1) if case != NEITHER else ():
        if all(row[n].strip() == row[2] != "" for row in rows):
            return COPY, n
    if len(outputs) > 1:
        return None
    only = outputs.pop()
    letters = sum(c.isalpha() for c in only)
    return (
        None
        if len(only) > LONGEST
        else (TEXT + (NAMED if len(rows) > 1 else LETTER) * letters + OTHER * (len(only) - letters), only)
    )


def _program(
    first: Program, second: Program, outcomes: Mapping[int, int | str], compared: Callable[[Program], Program]
) -> Program:
    def outcome(case: int) -> Program | None:
        value = outcomes.get(case)
        if value is None or isinstance(value, str):
            return None if value is None else text(value)
        return call("str.trim", (first, second)[value])

    def either(condition: Callable[[], Program], yes: Program | None, no: Program | None) -> Program | None:
        if yes is None or no is None or yes == no:
            return no if yes is None else yes
        return call("ite", condition(), yes, no)

    def empty(p: Program) -> Program:
        return call("=", call("str.trim", p), "")

    agree = either(lambda: call("=", compared(first), compared(second)), outcome(SAME), outcome(OTHERS))
    filled = either(lambda: empty(second), outcome(FIRST), agree)
    lacking = either(lambda: empty(second), outcome(NEITHER), outcome(SECOND))
    made = either(lambda: empty(first), lacking, filled)
    assert made is not None, "some rows have outcomes"
    return made
