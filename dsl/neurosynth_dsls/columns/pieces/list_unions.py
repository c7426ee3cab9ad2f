"""The items of two cells as one list: tags of two columns without repetitions, in one order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.list_joins import joined_lists

__all__ = ["united_lists"]

UNITED = 6
"""Bits of putting the items of two cells together."""
UNEVEN = 2
"""Bits of signs of which only some have a blank beside them."""
INPUTS = 4
"""Maximum number of inputs of a table whose pairs are tried."""
_SEPARATOR = re.compile(r"\s?[,;|/+]\s?")


def united_lists(column: Column, copied: Callable[[str, str, Sequence[int]], bool]) -> Iterator[Piece]:
    """Lists of the items of two inputs with the same separator, all of which stand in the outputs.

    ``copied`` tells of a separator and a text between items whether all of some rows have that text in their inputs.
    """
    texts = [i for i, source in enumerate(column.inputs) if source.type == STRING]
    if not column.believes or not 1 < len(texts) <= INPUTS:
        return
    for i in texts:
        for j in texts:
            if i < j:
                yield from _united(column, i, j, copied)


def _united(column: Column, i: int, j: int, copied: Callable[[str, str, Sequence[int]], bool]) -> Iterator[Piece]:
    cells = [(row[i] or "", row[j] or "") for row in column.rows]
    found = dict.fromkeys(s for pair in cells for cell in pair for s in _SEPARATOR.findall(cell))
    for separator in found:
        lists = [[x for cell in pair if cell for x in cell.split(separator)] for pair in cells]
        told = all(x and x in o for xs, o in zip(lists, column.outputs, strict=True) for x in xs)
        if not told or not any(len(set(xs)) < len(xs) or sorted(xs) != xs for xs in lists):
            continue  # joined cells as they are need no list
        build = partial(_items, separator, column.inputs[i], column.inputs[j])
        yield from joined_lists(lists, UNITED, build, column.outputs, 0, partial(copied, separator))
    yield from _uneven(column, i, j, copied)


def _uneven(column: Column, i: int, j: int, copied: Callable[[str, str, Sequence[int]], bool]) -> Iterator[Piece]:
    """Items between signs of which only some have a blank beside them, in this table."""
    every = [cell for row in column.every for cell in (row[i], row[j]) if cell]
    for sign in dict.fromkeys(s.strip() for cell in every for s in _SEPARATOR.findall(cell)):
        spaces = {s for cell in every for s in re.findall(rf"\s*{re.escape(sign)}\s*", cell)}
        if len(spaces) < 2:
            continue
        lists = [[x.strip() for cell in (row[i], row[j]) if cell for x in cell.split(sign)] for row in column.rows]
        if all(x and x in o for xs, o in zip(lists, column.outputs, strict=True) for x in xs):
            build = partial(_trimmed, sign, column.inputs[i], column.inputs[j])
            yield from joined_lists(lists, UNITED + UNEVEN, build, column.outputs, 0, partial(copied, sign))


def _items(separator: str, one: Program, other: Program) -> Program:
    return call("pieces.split", separator, call("text.join_filled", separator, one, other))


def _trimmed(sign: str, one: Program, other: Program) -> Program:
    return call("pieces.map", Lambda((STRING,), call("str.trim", Variable(0, STRING))), _items(sign, one, other))
