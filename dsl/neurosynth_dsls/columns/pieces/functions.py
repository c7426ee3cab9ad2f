"""Whole inputs, and their parts at a delimiter, through one or two text functions: initials, slugs, letters without accents …"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Piece
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input, Program
from neurosynth.language.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["Functions", "TextIndex"]

BASE = 10
"""Bits of any function of a text."""
SAME = 15
"""Bits more where a function changed nothing on the example rows."""
SHORT = 8
"""Bits more where only one character comes out: chance makes many functions agree on it."""
PART = 4
"""Bits for taking a part at a delimiter first."""
UNDEFINED_BITS = 20
"""Bits for a piece that is undefined on all rows of the table; in proportion on some."""


class TextIndex:
    """Pieces whose texts are known beforehand, found by how the first row goes on."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[Piece]] = {}
        self._lengths: list[int] = []

    def add(self, piece: Piece) -> None:
        """Keep a piece; its first text must not be empty."""
        first = piece.texts[0]
        if first not in self._pieces:
            self._pieces[first] = []
            self._lengths = sorted({len(first), *self._lengths})
        self._pieces[first].append(piece)

    def starting(self, rests: Sequence[str]) -> Iterator[Piece]:
        """The pieces that the rests start with."""
        first = rests[0]
        for n in self._lengths:
            if n > len(first):
                return
            for piece in self._pieces.get(first[:n], ()):
                if all(r.startswith(t) for r, t in zip(rests, piece.texts, strict=True)):
                    yield piece


@dataclass(frozen=True, slots=True)
class TextFunction:
    """A function of a text, as a program over it."""

    cost: int
    build: Callable[[Program], Program]


def _replace(pattern: str, by: str) -> Callable[[Program], Program]:
    return lambda p: call("text.replace_pattern", p, pattern, by)


def _then(*names: str) -> Callable[[Program], Program]:
    def build(p: Program) -> Program:
        for name in names:
            p = call(name, p)
        return p

    return build


FUNCTIONS: tuple[TextFunction, ...] = (
    TextFunction(1, _then("str.trim")),
    TextFunction(2, _then("str.lower")),
    TextFunction(2, _then("str.upper")),
    TextFunction(2, _then("str.title")),
    TextFunction(3, _then("str.capitalize")),
    TextFunction(2, _then("str.collapse")),
    TextFunction(3, _then("str.only_digits")),
    TextFunction(4, _then("str.only_letters")),
    TextFunction(5, _then("str.only_capitals")),
    TextFunction(4, _then("str.drop_digits")),
    TextFunction(5, _then("str.initials")),
    TextFunction(6, _then("str.initials", "str.upper")),
    TextFunction(6, _then("str.initials", "str.lower")),
    TextFunction(6, _then("str.reverse")),
    TextFunction(7, _then("str.swapcase")),
    TextFunction(4, _replace(r"[\W_]", "")),
    TextFunction(4, lambda p: call("str.collapse", call("text.replace_pattern", p, r"[^\w\s]", ""))),
    TextFunction(4, _replace(r"\s", "")),
    TextFunction(5, _replace(r"[\W_]+", "-")),
    TextFunction(5, _replace(r"\W+", "_")),
    TextFunction(6, lambda p: call("str.lower", call("text.replace_pattern", p, r"[\W_]+", "-"))),
    TextFunction(6, lambda p: call("str.lower", call("text.replace_pattern", p, r"[\W_]+", "_"))),
    TextFunction(5, lambda p: call("str.trim", call("text.replace_pattern", p, r"[\W_]+", " "))),
    TextFunction(6, _replace(r"<[^>]*>", "")),
    TextFunction(5, lambda p: call("str.collapse", call("text.replace_pattern", p, r"\(.*?\)|\[.*?\]|\{.*?\}", ""))),
    TextFunction(6, lambda p: call("str.trim", call("text.replace_pattern", p, r"(?<=[a-z0-9])(?=[A-Z])", " "))),
    TextFunction(7, lambda p: call("text.replace_pattern", call("str.title", p), r"[\W_]+", "")),
    TextFunction(10, lambda p: call("int.to.str", call("str.len", p))),
    TextFunction(12, lambda p: call("int.to.str", call("text.count_pattern", p, r"\S+"))),
)


@cache
def compiled() -> tuple[tuple[TextFunction, Callable[[tuple[Any, ...]], Any]], ...]:
    """The functions with what computes them."""
    evaluator = Evaluator()
    return tuple((f, evaluator.function(f.build(Input(0, STRING)))) for f in FUNCTIONS)


@dataclass(frozen=True)
class Functions:
    """Text functions of inputs and of their parts."""

    name: str = "functions"

    def bind(self, column: Column) -> BoundFunctions:
        """Compute all functions on the example rows."""
        return BoundFunctions(column)


class BoundFunctions:
    """What the functions make of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        outputs = column.outputs
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            if texts is None:
                continue
            judged = [row[i] for row in column.judged if isinstance(row[i], str) and row[i]]
            for program, base, cost, parts in _bases(source, texts, judged):
                for function, compute in compiled():
                    values = [compute((t,)) for t in base]
                    if not all(v and v is not UNDEFINED and v in o for v, o in zip(values, outputs, strict=True)):
                        continue
                    short = SHORT * all(len(v) == 1 for v in values)
                    bits = short + BASE + cost + function.cost + SAME * (values == base) + _undefined(parts, compute)
                    self.index.add(Piece(tuple(values), bits, _builder(function, program), name="function"))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The values that the rests start with."""
        return self.index.starting(rests)


def _builder(function: TextFunction, program: Callable[[], Program]) -> Callable[[], Program]:
    return lambda: function.build(program())


def _undefined(texts: Sequence[str | None], compute: Callable[[tuple[Any, ...]], Any]) -> int:
    if not texts:
        return 0
    failed = sum(t is None or compute((t,)) in (UNDEFINED, "") for t in texts)
    return UNDEFINED_BITS * failed // len(texts)


def _bases(
    source: Program, texts: list[str], judged: list[str]
) -> Iterator[tuple[Callable[[], Program], list[str], int, Sequence[str | None]]]:
    """A program, its texts on the example rows, its bits, its texts on the judged rows."""
    yield lambda: source, texts, 0, judged
    signs = {c for c in set.intersection(*map(set, texts)) if not c.isalnum()}
    words = set.intersection(*({*re.findall(r"[^\W\d_]{2,}|[^\w\s] ", t)} for t in texts))
    for sign in sorted(signs | words):
        for n in (0, 1, -1):
            if any(len(t.split(sign)) <= abs(n) for t in texts):
                continue
            parts = [t.split(sign)[n] for t in texts]
            if all(parts):
                others = [p[n] if -len(p := t.split(sign)) <= n < len(p) else None for t in judged]
                yield (lambda s=sign, n=n: call("text.split_at", source, s, n)), parts, PART, others
