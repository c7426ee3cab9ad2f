"""What the kinds of drawn columns share: a rule, its rows, and rows shown that tell the rule from its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

__all__ = ["KINDS", "Cell", "Drawn", "Made", "column", "kind"]

Cell = str | None
Row = tuple[Cell, ...]
Rule = Callable[[Row], Cell]
TRIES = 60
"""Orders of the rows that are tried until those shown tell the rule."""


@dataclass(frozen=True)
class Drawn:
    """A rule, rows of inputs for it, and rules of the same kind that are as plausible."""

    rows: Sequence[Row]
    rule: Rule
    told: str
    """The rule in words, for whoever reads a failure."""
    others: Sequence[Rule] = ()


@dataclass(frozen=True)
class Made:
    """A column: its rows and their outputs, those to be shown first."""

    kind: str
    number: int
    told: str
    rows: Sequence[Row]
    outputs: Sequence[Cell]


KINDS: dict[str, Callable[[Random], Drawn]] = {}


def kind(name: str) -> Callable[[Callable[[Random], Drawn]], Callable[[Random], Drawn]]:
    """Register a function that draws columns of a kind."""

    def register(draw: Callable[[Random], Drawn]) -> Callable[[Random], Drawn]:
        KINDS[name] = draw
        return draw

    return register


def column(name: str, number: int, seed: int, shown: int) -> Made | None:
    """The column of a kind with a number; none where no order of its rows lets the shown ones tell the rule."""
    rng = Random(f"{name} {number} {seed}")
    drawn = KINDS[name](rng)
    rows = list(dict.fromkeys(drawn.rows))
    outputs = {row: drawn.rule(row) for row in rows}
    others = [values for rule in drawn.others if (values := {row: rule(row) for row in rows}) != outputs]
    for _ in range(TRIES):
        rng.shuffle(rows)
        first = rows[:shown]
        different = len({outputs[r] for r in first}) > 1 and len(rows) > shown + 3
        if different and all(any(other[r] != outputs[r] for r in first) for other in others):
            return Made(name, number, drawn.told, rows, [outputs[r] for r in rows])
    return None
