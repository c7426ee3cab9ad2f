"""Lists inside cells whose items are all changed in the same way: every author's name to initials, every duration to minutes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from neurosynth.language.pieces import Column, Items
from neurosynth.language.program import Apply, Input, Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.lists import Split, splits
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.splitting import chunks

__all__ = ["items_of"]

BITS = 22
"""Bits of changing all items, in addition to their change, their splitting and their joining."""
JOINS = 4
"""Maximum number of texts between the items of an output that are tried."""
LISTS = 3
"""Maximum number of ways to split and to join that are tried."""
MOST = 60
"""Maximum number of items of the example rows."""
JUDGED = 120
"""Maximum number of other items."""

EVEN = (
    Split("", 3, list, partial(call, "pieces.characters")),
    *(Split("", 5, partial(chunks, n), partial(call, "pieces.chunks", n)) for n in (2, 4, 8, 3)),
)
"""Items that no sign parts: characters, and groups of equal length."""


def items_of(column: Column) -> Iterator[Items]:
    """The items of a column with one input, if its outputs have as many, with their outputs; separators with a blank first."""
    yield from islice(_lists(column), LISTS)


def _lists(column: Column) -> Iterator[Items]:
    texts = texts_of(column, 0, column.rows) if len(column.inputs) == 1 else None
    if texts is None or not all(isinstance(o, str) and o for o in column.outputs):
        return
    every = [row[0] for row in column.every if isinstance(row[0], str)]
    separated = [s for s in splits(every, texts) if s.key and not s.key.isalnum()]
    for split in (*sorted(separated, key=lambda s: -len(s.key)), *EVEN):
        items = [split.apply(t) for t in texts]
        most = max(range(len(items)), key=lambda k: len(items[k]))
        if not 1 < len(items[most]) <= sum(map(len, items)) <= MOST:
            continue
        for join in _joins(column.outputs[most], len(items[most])):
            told = [o.split(join) if join else _evenly(o, len(x)) for o, x in zip(column.outputs, items, strict=True)]
            if all(len(a) == len(b) for a, b in zip(items, told, strict=True)):
                made = _made(column, split, items, told)
                if made is not None:
                    known = {*made.judged} <= {*made.rows}  # a table of all items has each
                    missing = MISSING[known:]
                    yield Items(
                        made,
                        BITS + split.cost + len(join) // 2,
                        partial(_mapped, split, join, column.inputs[0], missing),
                    )


def _joins(output: str, count: int) -> list[str]:
    """Texts that part an output into as many items."""
    found = dict.fromkeys(re.findall(r"[^\w\s]\s+|\s[^\w\s]\s|\s[a-z]{1,4}\s|[^\w\s]|\s", output))
    decimals = _DECIMALS.findall(output)
    separators = [j for j in found if output.count(j) == count - 1 and not any(j in d for d in decimals)][:JOINS]
    return separators + [""] * (len(output) % count == 0)


def _evenly(output: str, count: int) -> list[str]:
    """A text in so many parts of equal length; none if it has no such parts."""
    n = len(output) // max(1, count)
    return [output[i : i + n] for i in range(0, len(output), n)] if n * count == len(output) > 0 else []


_DECIMALS = re.compile(r"\d[.,]\d")


def _made(column: Column, split: Split, items: Sequence[Sequence[str]], told: Sequence[Sequence[str]]) -> Column | None:
    """The column of the items; None if equal items have different outputs, or none is changed."""
    pairs: dict[str, str] = {}
    for xs, ys in zip(items, told, strict=True):
        if not all(pairs.setdefault(x, y) == y for x, y in zip(xs, ys, strict=True)):
            return None
    if not all(pairs) or not all(pairs.values()) or all(x == y for x, y in pairs.items()) or len(pairs) < 2:
        return None
    counts = Counter(x for xs in items for x in xs)
    again = min(counts.values()) > 1  # then each item that occurs again speaks for a table of them
    told_pairs = [(x, pairs[x]) for x in (counts.elements() if again else pairs)]
    shown = tuple((x,) for x, _ in told_pairs)
    others = dict.fromkeys(
        (x,) for row in column.judged if isinstance(row[0], str) for x in split.apply(row[0]) if x and x not in pairs
    )
    judged = tuple(others)[:JUDGED]
    if not judged and again and column.judged:
        judged = tuple((x,) for x in pairs)  # the table has no other items
    return replace(
        column, rows=shown, outputs=tuple(y for _, y in told_pairs), every=(*shown, *judged), judged=judged, memo={}
    )


MISSING = ("lookup", "missing")
"""Primitives that may give a missing value for a text."""


def _mapped(split: Split, join: str, source: Program, missing: Sequence[str], change: Program) -> Program | None:
    """The cell whose items are changed, from the program of an item's change; None if that may be missing."""
    if any(isinstance(p, Apply) and p.primitive.name in missing for p in change.subprograms()):
        return None
    body = Lambda((STRING,), _of_item(change, 0))
    return call("pieces.join", join, call("pieces.map", body, split.build(source)))


def _of_item(program: Program, depth: int) -> Program:
    """A program over an input as one over the item of a list; inside further functions that is a later variable."""
    if isinstance(program, Input):
        return Variable(depth, STRING)
    if isinstance(program, Lambda):
        return Lambda(program.parameters, _of_item(program.body, depth + len(program.parameters)))
    if isinstance(program, Apply):
        return Apply(program.primitive, tuple(_of_item(a, depth) for a in program.arguments))
    return program
