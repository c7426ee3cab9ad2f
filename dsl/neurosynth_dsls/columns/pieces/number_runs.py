"""Numbers of a list that follow one another, written as ranges: ``1,2,3,7`` as ``1-3, 7``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.splitting import LONGEST, runs

__all__ = ["short_ranges", "written_runs"]

BITS = 6
"""Bits of writing runs of numbers as ranges."""
SHORTEST = ((2, 0), (3, 2))
"""Numbers of the shortest run that is written as a range, and bits."""
_END = "\n"


def written_runs(
    lists: Sequence[list[str]], outputs: Sequence[str]
) -> Iterator[tuple[tuple[list[str], ...], int, Callable[[Program], Program]]]:
    """The items of lists of whole numbers with their runs as ranges, if an output has the ends of a run with a sign between them."""
    if not all(x.isdecimal() and x.isascii() for xs in lists for x in xs):
        return
    seen = [tuple(lists)]
    for least, bits in SHORTEST:
        sign = _sign(lists, outputs, least)
        if sign is None:
            continue
        items = tuple(runs(least, sign, xs) for xs in lists)
        if items not in seen and all(x in o for xs, o in zip(items, outputs, strict=True) for x in xs):
            seen.append(items)
            yield items, BITS + bits, partial(_build, least, sign)


def _sign(lists: Sequence[list[str]], outputs: Sequence[str], least: int) -> str | None:
    """The sign between the ends of the first run in its output."""
    for xs, output in zip(lists, outputs, strict=True):
        for x in runs(least, _END, xs):
            first, run, last = x.partition(_END)
            if run:
                found = re.search(rf"(?<!\d){first}(\D{{1,4}}){last}(?!\d)", output)
                return found[1] if found else None
    return None


def _build(least: int, sign: str, items: Program) -> Program:
    return call("pieces.runs", least, sign, items)


def short_ranges(sign: str, lists: Sequence[list[str]]) -> bool:
    """Whether the ranges among the items may be written out, which is wrong for telephone numbers."""
    ends = [x.partition(sign) for xs in lists for x in xs]
    return not any(a.isdecimal() and b.isdecimal() and int(b) - int(a) >= LONGEST for a, _, b in ends)
