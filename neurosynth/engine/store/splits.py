"""The ways to make a program of a cost: entries of its arguments' banks whose costs sum up to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from neurosynth.engine.store.banks import Bank
from neurosynth.engine.store.value_store import Range
from neurosynth.language.grammar import Nonterminal, Production
from neurosynth.language.primitive import Primitive

__all__ = ["Banks", "ranges", "splits", "without_closed"]


class Banks(Protocol):
    """An object with banks: a store, or a view of one."""

    def bank(self, target: Nonterminal) -> Bank:
        """The bank of a non-terminal."""
        ...


def ranges(store: Banks, production: Production, cost: int) -> Iterator[tuple[tuple[Range, ...], bool]]:
    """Ranges of arguments whose costs sum up, and whether only the upper triangle is needed."""
    head, arguments = production.head, production.arguments
    twin = isinstance(head, Primitive) and head.commutative and len(arguments) == 2 and arguments[0] == arguments[1]
    banks = [store.bank(a) for a in arguments]
    costs = [sorted(c for c, (a, b) in bank.ranges.items() if b > a) for bank in banks]
    for split in splits(cost - production.cost, costs):
        if twin and split[0] > split[1]:
            continue
        yield tuple(b.range(c) for b, c in zip(banks, split, strict=True)), twin and split[0] == split[1]


def splits(total: int, costs: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """Ways to write ``total`` as a sum with one term from each sorted list."""
    if len(costs) == 1:
        if total in costs[0]:
            yield (total,)
        return
    for first in costs[0]:
        if first > total:
            return
        for rest in splits(total - first, costs[1:]):
            yield (first, *rest)


def without_closed(spans: Sequence[Range], closed: Sequence[Range]) -> Iterator[tuple[Range, ...]]:
    """The combinations of ``spans`` except those whose parts are all in ``closed``, as boxes that do not overlap.

    >>> list(without_closed([(0, 4), (0, 9)], [(1, 3), (0, 9)]))
    [((0, 1), (0, 9)), ((3, 4), (0, 9))]
    """
    if not spans:
        return
    (start, end), (first, last) = spans[0], closed[0]
    first, last = (max(start, first), min(end, last)) if first < last else (end, end)
    for part in ((start, min(first, end)), (max(last, start), end)):
        if part[0] < part[1]:
            yield (part, *spans[1:])
    if first < last:
        for rest in without_closed(spans[1:], closed[1:]):
            yield ((first, last), *rest)
