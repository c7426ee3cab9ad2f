"""The first or the last item of a list in alphabetical order, which is that of times, dates and codes of equal length: the best lap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from neurosynth.language.pieces import Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.list_joins import all_in

__all__ = ["extreme_items"]

EXTREME = 20
"""Bits of the first or last item in order."""
UNEVEN = 8
"""Additional bits for items of different lengths."""


def extreme_items(
    items: Sequence[Sequence[str]], every: Sequence[Sequence[str]], build: Callable[[], Program], outputs: Sequence[str]
) -> Iterator[Piece]:
    """The least and the greatest items of the example rows that stand in the outputs, if their places in the lists differ.

    ``every`` are the items of all rows of the table.
    """
    if not all(any(map(str.isalnum, x)) for xs in items for x in xs) or not all(items):
        return
    even = all(len(set(map(len, xs))) == 1 for xs in every)
    numbers = any(c.isdigit() for xs in items for x in xs for c in x)
    if numbers and not even:
        return  # 9:58 is behind 10:01
    for n, choose in ((0, min), (-1, max)):
        texts = tuple(map(choose, items))
        places = {xs.index(t) for xs, t in zip(items, texts, strict=True)}
        if len(places) > 1 and all_in(texts, outputs):
            yield Piece(texts, EXTREME + UNEVEN * (not even), partial(_item, n, build), name="item in order")


def _item(n: int, build: Callable[[], Program]) -> Program:
    return call("pieces.item", n, call("pieces.sort", build()))
