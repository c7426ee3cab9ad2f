"""Texts with a beginning or an ending that some of them have and the others get: a full stop behind every remark, ``https://``, ``.pdf``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import takewhile
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.function_table import TIDY, TextFunction
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.text_index import TextIndex
from neurosynth_dsls.columns.python_phrases import with_end, with_start

__all__ = ["GivenEnds"]

BITS, CHARACTER = 22, 3
"""Bits of a beginning or an ending of one sign, and of each further character of it."""
UNSHOWN = 4
"""Additional bits if no example has it already, but other rows of the table do."""
LONGEST, MOST = 12, 3
"""Maximum length and number of beginnings and of endings that are tried, the shortest."""


_Way = tuple[str, Callable[[str, str], str], Callable[[str, str], bool], str]
"""A primitive, its function, the test of what it gives, and that beginning or ending."""


@dataclass(frozen=True)
class GivenEnds:
    """Inputs with a beginning or an ending."""

    name: str = "given ends"

    def bind(self, column: Column) -> BoundGivenEnds:
        """Find the beginnings and endings that all outputs share and only some inputs have."""
        return BoundGivenEnds(column)


class BoundGivenEnds:
    """The inputs of one column with such a beginning or ending."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        outputs = column.outputs
        if len(outputs) < 2 or not all(isinstance(o, str) and o for o in outputs):
            return
        ends = [e[::-1] for e in _shared([o[::-1] for o in outputs])]
        ways: list[_Way] = [("text.with_start", with_start, str.startswith, b) for b in _shared(outputs)]
        ways += [("text.with_end", with_end, str.endswith, e) for e in ends]
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows) if ways else None
            if texts is None:
                continue
            every = [row[i] for row in column.every if isinstance(row[i], str) and row[i]]
            for way in ways:
                self._add(source, texts, every, outputs, way)

    def _add(
        self,
        source: Program,
        texts: Sequence[str],
        every: Sequence[str],
        outputs: Sequence[str],
        way: _Way,
    ) -> None:
        """The texts that are given one beginning or ending, tidied in each way."""
        name, give, has, given = way
        if not any(has(t.strip(), given) for t in every) or all(has(t.strip(), given) for t in texts):
            return
        seen: set[tuple[str, ...]] = set()
        for function, compute in _tidying():
            bare = tuple(compute((t,)) for t in texts)
            values = tuple(give(t, given) for t in bare)
            if bare in seen or not all(v and v in o for v, o in zip(values, outputs, strict=True)):
                continue
            seen.add(bare)
            bits = (
                BITS + function.cost + CHARACTER * (len(given) - 1) + UNSHOWN * (not any(has(t, given) for t in bare))
            )
            self.index.add(Piece(values, bits, partial(_program, name, given, function, source), name="given ends"))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The texts that the rests start with."""
        return self.index.starting(rests)


def _shared(outputs: Sequence[str]) -> list[str]:
    """Beginnings that all outputs share and that end with a sign or a blank, but for a word alone."""
    alike = takewhile(lambda c: len({*c}) == 1, zip(*outputs, strict=False))
    shared = "".join(c[0] for c in alike)[:LONGEST]
    found = [shared[:n] for n in range(1, len(shared) + 1) if not shared[n - 1].isalnum()]
    return [b for b in found if b.strip() and not any(b == o for o in outputs)][:MOST]


def _program(name: str, given: str, function: TextFunction, source: Program) -> Program:
    return call(name, given, function.build(source))


@cache
def _tidying() -> tuple[tuple[TextFunction, Callable[[tuple[Any, ...]], Any]], ...]:
    """The functions, with the code that computes them."""
    evaluator = Evaluator()
    return tuple((f, evaluator.function(f.build(Input(0, STRING)))) for f in TIDY)
