"""How often each item of a list occurs: ``3 tea, 1 coffee``, ``tea x3, coffee x1``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.python_phrases import tallied, tallied_behind

__all__ = ["tallies"]

TALLY = 6
"""Bits of a tally, in addition to the characters beside its numbers."""

Items = list[str]
Tally = tuple[int, tuple[Items, ...], Callable[[Program], Program]]


def tallies(lists: Sequence[Items], outputs: Sequence[str]) -> Iterator[Tally]:
    """Bits, items and program of the tallies that stand in the outputs, if some item occurs several times."""
    several = next((k for k, xs in enumerate(lists) if len({*xs}) < len(xs)), None)
    if several is None or not all(x.strip() for xs in lists for x in xs):
        return
    first, output = lists[several][0], outputs[several]
    count = lists[several].count(first)
    before = re.search(rf"(?<![^\W_]){count}(\W?[xX×]?\W?){re.escape(first)}", output)
    behind = re.search(rf"{re.escape(first)}(\W{{0,2}}[xX×]?\W?){count}(\)?)", output)
    if before:
        items = tuple(tallied(xs, before[1]) for xs in lists)
        if _all_in(items, outputs):
            yield TALLY + len(before[1]), items, partial(call, "pieces.tally", before[1])
    if behind and (")" in behind[2]) == ("(" in behind[1]):
        items = tuple(tallied_behind(xs, behind[1], behind[2]) for xs in lists)
        if _all_in(items, outputs):
            bits = TALLY + len(behind[1] + behind[2])
            yield bits, items, partial(call, "pieces.tally_behind", behind[1], behind[2])


def _all_in(lists: Sequence[Items], outputs: Sequence[str]) -> bool:
    return all(x in o for xs, o in zip(lists, outputs, strict=True) for x in xs)
