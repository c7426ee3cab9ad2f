"""Numbers of a series as pieces (the next one, as wide as the last), and fields of lines of CSV."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Piece
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["Series"]

STEP = 14
"""Bits of a text whose last number is moved, in addition to the digits of the step."""
FURTHER, DIGIT = 4, 6
"""Bits of a step other than 1 and -1, and of each of its digits."""
FIELD = 12
"""Bits of a field of CSV."""
FIELDS = 8
"""Number of fields that are tried."""
UNDEFINED_BITS = 20
"""Bits if all judged rows have no such value; proportional if some have none."""

_LAST = re.compile(r"[0-9]+(?=[^0-9]*$)")
_ZERO = re.compile(r"(?<![0-9])(?<![0-9][.,])0[0-9]+(?![0-9]|[.,][0-9])")


@dataclass(frozen=True)
class Series:
    """Texts with the next number, and fields between separators that may be quoted."""

    name: str = "series"

    def bind(self, column: Column) -> BoundSeries:
        """Find the steps and the fields."""
        return BoundSeries(column)


class BoundSeries:
    """The series and fields of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        if not all(column.outputs):
            return
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            if texts is None or not all(texts):
                continue
            every = [row[i] for row in column.every if isinstance(row[i], str)]
            if any(map(_ZERO.search, every)) and column.believes and len(texts) > 1:
                self._add_steps(column, i, source, texts)
            if any('"' in t for t in every):
                self._add_fields(column, i, source, texts, every)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The texts that the rests start with."""
        if all(rests):
            yield from self.index.starting(rests)

    def _add_steps(self, column: Column, i: int, source: Program, texts: Sequence[str]) -> None:
        last = _LAST.search(texts[0])
        if last is None:
            return
        numbers = {int(n) for n in re.findall(r"[0-9]+", column.outputs[0]) if len(n) <= len(last.group()) + 1}
        for step in sorted({n - int(last.group()) for n in numbers} - {0}, key=abs):
            bits = STEP + (0 if abs(step) == 1 else FURTHER + DIGIT * len(str(abs(step))))
            for cost, read in ((0, _itself), (2, _last_number)):
                self._add(column, i, texts, bits + cost, partial(_stepped, step, read), source, "step")

    def _add_fields(self, column: Column, i: int, source: Program, texts: Sequence[str], every: Sequence[str]) -> None:
        separator = next((c for c in ",;\t|" if all(c in t for t in every)), None)
        for n in range(FIELDS if separator is not None else 0):
            self._add(column, i, texts, FIELD + n, partial(_field, n, separator or ""), source, "field")

    def _add(
        self,
        column: Column,
        i: int,
        texts: Sequence[str],
        bits: int,
        make: Callable[[Program], Program],
        source: Program,
        name: str,
    ) -> None:
        """Keep the piece if its texts stand in the outputs."""
        function = Evaluator().function(make(Input(0, STRING)))
        values = [function((t,)) for t in texts]
        if not all(isinstance(v, str) and v and v in o for v, o in zip(values, column.outputs, strict=True)):
            return
        judged = [function((row[i],)) for row in column.judged if isinstance(row[i], str)]
        failed = sum(v is UNDEFINED or v == "" for v in judged)
        bits += UNDEFINED_BITS * failed // max(1, len(judged))
        self.index.add(Piece(tuple(values), bits, partial(make, source), name=name))


def _itself(source: Program) -> Program:
    return source


def _last_number(source: Program) -> Program:
    return call("text.match", source, "[0-9]+", -1)


def _stepped(step: int, read: Callable[[Program], Program], source: Program) -> Program:
    return call("text.step_number", step, read(source))


def _field(n: int, separator: str, source: Program) -> Program:
    return call("pieces.item", n, call("pieces.csv", separator, source))
