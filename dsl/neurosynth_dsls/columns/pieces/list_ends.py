"""Lists without their first or last items: those places alone, or all items equal to them, as the places of a round trip but its start."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["without_ends"]

Items = list[str]
Shortened = tuple[int, tuple[Items, ...], Callable[[Program], Program]]
"""Bits, the items that remain on the example rows, and the program from that of the list."""

END, BOTH = 9, 12
"""Bits of leaving out the first item or the last one, and both."""
EQUAL = 11
"""Bits of leaving out all items that are equal to the first, or to the last."""


def without_ends(lists: Sequence[Items]) -> Iterator[Shortened]:
    """The lists without their ends, each that differs from those before it."""
    seen: list[tuple[Items, ...]] = [tuple(lists)]
    for bits, shorten, build in _WAYS:
        items = tuple(map(shorten, lists))
        if items not in seen:
            seen.append(items)
            yield bits, items, build


def _both(p: Program) -> Program:
    return call("pieces.take", -1, call("pieces.drop", 1, p))


def _unequal(choose: str, n: int, p: Program) -> Program:
    return call("pieces.without", call(choose, n, p), p)


_WAYS: tuple[tuple[int, Callable[[Items], Items], Callable[[Program], Program]], ...] = (
    (END, lambda xs: xs[1:], partial(call, "pieces.drop", 1)),
    (END, lambda xs: xs[:-1], partial(call, "pieces.take", -1)),
    (EQUAL, lambda xs: [x for x in xs if x != xs[0]], partial(_unequal, "pieces.take", 1)),
    (EQUAL, lambda xs: [x for x in xs if x != xs[-1]], partial(_unequal, "pieces.drop", -1)),
    (BOTH, lambda xs: xs[1:-1], _both),
)
