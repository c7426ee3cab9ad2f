"""Conditions over two inputs of a row: one of them holds, or both do, or one without the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, product

from neurosynth.language.pieces import Column, Condition, PieceKit
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Program
from neurosynth.ranking.agreement import read_inputs

__all__ = ["combined"]

BITS, NEGATED = 8, 1
"""Bits of two conditions as one, and those of the opposite of one of them."""
DEAREST = 14
"""Bits up to which conditions are taken together."""
MOST = 40
"""Maximum number of conditions of which pairs are tried, the cheapest, one for each split of the rows by an input."""
FEWEST = 5
"""Minimum number of example rows."""


def combined(column: Column, conditions: Sequence[Condition], kit: PieceKit) -> Iterator[Condition]:
    """Pairs of conditions on different inputs that tell two outputs apart where no condition does so alone."""
    verdicts = {*column.outputs}
    if len(column.inputs) < 2 or len(column.rows) < FEWEST or len(verdicts) != 2 or not kit.combine:
        return
    wanted = tuple(o == column.outputs[0] for o in column.outputs)
    opposite = tuple(not w for w in wanted)
    if any(c.rows in (wanted, opposite) for c in conditions if c.general and c.cost <= DEAREST):
        return
    chosen: dict[tuple[frozenset[int], tuple[bool, ...]], Condition] = {}
    for condition in sorted((c for c in conditions if c.cost <= DEAREST), key=lambda c: c.cost):
        chosen.setdefault((frozenset(read_inputs(condition.build())), condition.rows), condition)
        if len(chosen) == MOST:
            break
    for ((mine, _), a), ((other, _), b) in combinations(chosen.items(), 2):
        if mine & other:
            continue
        for name, first, second in product(("or", "and"), (True, False), (True, False)):
            rows = _taken(name, a.rows, b.rows, first, second)
            if rows in (wanted, opposite) and (first or second):
                every = _taken(name, a.every, b.every, first, second)
                cost = a.cost + b.cost + BITS + NEGATED * (2 - first - second)
                build = partial(_program, kit.combine, name, a, b, first, second)
                yield Condition(cost, rows, every, build, f"{a.name} {name} {b.name}")


def _taken(name: str, a: Sequence[bool], b: Sequence[bool], first: bool, second: bool) -> tuple[bool, ...]:
    """Whether one of two conditions, or both, are as they should be."""
    pairs = [(x == first, y == second) for x, y in zip(a, b, strict=True)]
    return tuple(any(p) if name == "or" else all(p) for p in pairs)


def _program(
    primitives: Mapping[str, Primitive], name: str, a: Condition, b: Condition, first: bool, second: bool
) -> Program:
    sides = (c.build() if holds else Apply(primitives["not"], (c.build(),)) for c, holds in ((a, first), (b, second)))
    return Apply(primitives[name], tuple(sides))
