"""The characters of texts with something between them: ``C-A-T``, ``(c)(a)(t)``, ``c _ t`` with gaps for some letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Piece
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["PartedLetters"]

BASE = 18
"""Bits of characters with something between them."""
SIGN = 2
"""Bits of each character between them."""
LONGEST = 4
"""Maximum number of characters between two others."""
LEAST = 3
"""Characters of the longest example at least."""
GAPS = "_-.*?•·"
"""Signs in place of left out letters."""

_Function = Callable[[Program], Program]


def _then(*names: str) -> _Function:
    def build(p: Program) -> Program:
        for name in names:
            p = call(name, p)
        return p

    return build


_TIDY: tuple[tuple[int, _Function], ...] = (
    (0, lambda p: p),
    (1, _then("str.trim")),
    (2, _then("str.lower")),
    (2, _then("str.upper")),
    (3, _then("str.trim", "str.lower")),
    (3, _then("str.trim", "str.upper")),
    (3, _then("text.without_blanks")),
    (4, _then("text.without_blanks", "str.lower")),
    (4, _then("text.without_blanks", "str.upper")),
    (4, _then("str.only_letters")),
    (5, _then("str.only_letters", "str.lower")),
    (5, _then("str.only_letters", "str.upper")),
    (4, _then("str.only_digits")),
)
"""Which characters, in which letter case, with bits; the first that fits is taken."""
_LEFT_OUT = (
    (5, r"[^\W_]"),
    (5, r"(?<=[^\W_])[^\W_]"),
    (5, r"(?<=[^\W_])[^\W_](?=[^\W_])"),
    (6, r"[^\W_](?=[^\W_])"),
    (6, r"[aeiouAEIOU]"),
    (7, r"(?<=[^\W_])[aeiouAEIOU]"),
    (7, r"(?<=[^\W_])[^\W_aeiouAEIOU]"),
    (7, r"[^\W_aeiouAEIOU]"),
    (8, r"(?<=[^\W_]{2})[^\W_]"),
    (8, r"[^\W_](?=[^\W_]{2})"),
    (8, r"(?<=[^\W_]{2})[^\W_](?=[^\W_]{2})"),
)
"""Bits and patterns of gaps: all letters, those behind the first one of a word, between the first and the last, vowels, consonants …"""


@dataclass(frozen=True)
class PartedLetters:
    """The characters of inputs with something between them."""

    name: str = "parted letters"

    def bind(self, column: Column) -> BoundPartedLetters:
        """Look for characters with the same text between them in the outputs."""
        return BoundPartedLetters(column)


class BoundPartedLetters:
    """The parted characters of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        if column.leaf:
            return
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            if texts is not None and all(texts):
                for piece in _parted(source, texts, _untidy(column, i), column.outputs):
                    self.index.add(piece)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The parted characters that the rests start with."""
        return self.index.starting(rests)


def _untidy(column: Column, i: int) -> list[str]:
    """The texts of an input on all rows that have blanks at an end."""
    return [t for row in column.every if isinstance(t := row[i], str) and t != t.strip()]


def _parted(source: Program, texts: Sequence[str], untidy: Sequence[str], outputs: Sequence[str]) -> Iterator[Piece]:
    seen: set[tuple[str, ...]] = set()
    for between in _between(outputs):
        for cost, function, compute in _functions("".join(g for g in GAPS if all(g in o for o in outputs))):
            kept = [compute((t,)) for t in texts]
            if any(k is UNDEFINED or not k for k in kept) or max(map(len, kept)) < LEAST:
                continue
            values = tuple(map(between.join, kept))
            if any(isinstance(u := compute((t,)), str) and u != u.strip() for t in untidy):
                continue  # blanks at an end are no letters
            if values in seen or not all(v in o for v, o in zip(values, outputs, strict=True)):
                continue
            seen.add(values)
            bits = BASE + SIGN * len(between) + cost
            yield Piece(values, bits, partial(_program, between, function, source), name="parted letters")


def _program(between: str, function: _Function, source: Program) -> Program:
    return call("pieces.join", between, call("pieces.characters", function(source)))


def _between(outputs: Sequence[str]) -> list[str]:
    """Texts without letters and digits that stand two characters apart in the longest output, and in all that are long enough."""
    longest = max(outputs, key=len)
    found: dict[str, None] = {}
    for at in range(1, len(longest)):
        for n in range(1, LONGEST + 1):
            sign = longest[at : at + n]
            if len(sign) < n or any(c.isalnum() for c in sign):
                break
            if longest[at + n + 1 :].startswith(sign):
                found[sign] = None
    return [s for s in found if all(s in o or len(o) < 2 for o in outputs)]


@cache
def _functions(gaps: str) -> tuple[tuple[int, _Function, Callable[[tuple[Any, ...]], Any]], ...]:
    """Bits and functions that choose the characters and write gaps, with the code that computes them."""
    evaluator = Evaluator()
    found = list(_TIDY)
    found += [(a + b, _gapped(f, pattern, gap)) for gap in gaps for b, pattern in _LEFT_OUT for a, f in _TIDY]
    return tuple((bits, f, evaluator.function(f(Input(0, STRING)))) for bits, f in found)


def _gapped(function: _Function, pattern: str, gap: str) -> _Function:
    return lambda p: call("text.replace_pattern", function(p), pattern, gap)
