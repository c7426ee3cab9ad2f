"""Inputs that count where they are filled: joined, such as first, middle and last name, or the first of them, such as telephone numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["SEPARATORS", "Filled", "joined_inputs", "runs_of_inputs"]

BASE = 12
"""Bits of joining two inputs, in addition to the separator."""
FURTHER = 4
"""Bits of each further input."""
SEPARATORS = (
    (0, ", "), (0, " "), (3, "; "), (3, " / "), (3, "/"), (3, "-"), (3, " - "), (4, ","), (4, ";"), (4, "|"), (4, " | "), (4, "\n"),
    (5, "_"), (5, "."), (6, " & "), (6, " and "), (6, "+"), (6, " + "),
)  # fmt: skip
"""Separators between inputs, with bits."""
FIRST = 13
"""Bits of the first of two inputs that is filled."""
BACKWARDS = 2
"""Additional bits if the last one is preferred."""
TOLD = 8
"""Bits of the first input that is filled with texts of its own around it, in addition to those of the texts."""
TEXT, LETTER, DIGIT, OTHER = 5, 5, 9, 1
"""Bits of such a text, and of its characters."""


@dataclass(frozen=True)
class Filled:
    """Consecutive inputs of which some are empty in some rows: joined without their empty ones, or the first that is filled."""

    name: str = "filled"

    def bind(self, column: Column) -> BoundFilled:
        """Find the inputs that the outputs hold."""
        return BoundFilled(column)


class BoundFilled:
    """The inputs of one column that some rows lack."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        if not all(column.outputs):
            return
        for start, end in runs_of_inputs(column):
            places = range(start, end)
            if (told := _told(column, start, end)) is not None:
                self.index.add(told)
            shown = [[row[i] for i in places if row[i]] for row in column.rows]
            if not all(shown):
                continue
            for bits, step in ((0, 1), (BACKWARDS, -1)):
                texts = tuple(filled[::step][0] for filled in shown)
                if all(t in o for t, o in zip(texts, column.outputs, strict=True)):
                    cost = FIRST + bits + FURTHER * (len(places) - 2)
                    self.index.add(
                        Piece(texts, cost, partial(_first, column.inputs[start:end][::step]), name="first filled")
                    )
            if not any(len(filled) > 1 for filled in shown):
                continue
            for bits, separator in SEPARATORS:
                texts = tuple(separator.join(filled) for filled in shown)
                if all(t in o for t, o in zip(texts, column.outputs, strict=True)):
                    cost = BASE + bits + FURTHER * (len(places) - 2)
                    build = partial(joined_inputs, separator, column.inputs[start:end])
                    self.index.add(Piece(texts, cost, build, name="filled"))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The inputs that the rests start with."""
        if all(rests):
            yield from self.index.starting(rests)


def _told(column: Column, start: int, end: int) -> Piece | None:
    """The first input that is filled, with texts around it that tell which one it is: ``040 77 (work)``; and a text if none is."""
    around: dict[int | None, tuple[str, str]] = {}
    for row, output in zip(column.rows, column.outputs, strict=True):
        first = next((i for i in range(start, end) if row[i]), None)
        before, value, behind = output.partition(row[first]) if first is not None else (output, "", "")
        if (first is not None and not value) or around.setdefault(first, (before, behind)) != (before, behind):
            return None
    told = [around[i] for i in range(start, end) if i in around]
    if len(told) < end - start or len({*told}) < 2 or column.leaf:
        return None
    none = around.get(None, ("", ""))[0]
    texts = [t for pair in told for t in pair if t] + [none] * bool(none)
    bits = sum(
        TEXT + sum(DIGIT if c.isdigit() else LETTER if c.isalpha() else OTHER for c in t) for t in dict.fromkeys(texts)
    )
    build = partial(_first_told, column.inputs[start:end], told, none)
    return Piece(tuple(column.outputs), FIRST + TOLD + FURTHER * (end - start - 2) + bits, build, name="first told")


def _first_told(inputs: Sequence[Program], around: Sequence[tuple[str, str]], none: str) -> Program:
    parts = [call("text.optional", before, p, behind) for p, (before, behind) in zip(inputs, around, strict=True)]
    return _first([*parts, text(none)] if none else parts)


def runs_of_inputs(column: Column) -> Iterator[tuple[int, int]]:
    """Two and more consecutive inputs that are texts, of which one is empty or missing on some row."""
    texts = [
        source.type == STRING and all(row[i] is None or isinstance(row[i], str) for row in column.every)
        for i, source in enumerate(column.inputs)
    ]
    empties = [any(not row[i] for row in column.every) for i in range(len(column.inputs))]
    for start in range(len(texts)):
        for end in range(start + 2, len(texts) + 1):
            if all(texts[start:end]) and any(empties[start:end]):
                yield start, end


def _first(inputs: Sequence[Program]) -> Program:
    return reduce(lambda a, b: call("text.first_filled", a, b), inputs)


def joined_inputs(separator: str, inputs: Sequence[Program]) -> Program:
    """The program that joins inputs without their empty ones."""
    return reduce(lambda a, b: call("text.join_filled", separator, a, b), inputs)
