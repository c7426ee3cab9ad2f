"""Accents that outputs lose: then they are lost in every part of a row, also where no example has one."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.program import Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["Folding", "folding_of", "surely_folded"]

_ACCENTED = re.compile(r"[^\W\d_a-zA-Z]")
_WAYS = ("text.umlauts", "text.plain")
"""Primitives that write accented letters with plain ones: an umlaut by two letters, or by one."""


class Folding:
    """A way to write accented letters with plain ones."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._function = Evaluator().function(call(name, Input(0, STRING)))

    def text(self, s: str) -> str:
        """The text without accents."""
        return str(self._function((s,))) if s and not s.isascii() else s

    def program(self, p: Program) -> Program:
        """The program of that text."""
        return call(self.name, p)


@cache
def _folding(name: str) -> Folding:
    return Folding(name)


def folding_of(column: Column, i: int) -> Folding | None:
    """How the accents of input ``i`` are lost, if it has any on some row, all outputs are plain, and some example shows a lost accent."""
    known: dict[Any, Any] = column.memo.setdefault("folding", {})
    key = (column.rows, column.outputs)
    if key not in known:
        known[key] = _shown(column)
    if ("accents", i) not in known:
        known["accents", i] = any(isinstance(row[i], str) and _ACCENTED.search(row[i]) for row in column.every)
    found: Folding | None = known[key]
    return found if known["accents", i] else None


def _shown(column: Column) -> Folding | None:
    if not all(isinstance(o, str) and o.isascii() for o in column.outputs):
        return None
    letters = [
        (c, o.casefold())
        for row, o in zip(column.rows, column.outputs, strict=True)
        for cell in row
        if isinstance(cell, str) and not cell.isascii()
        for c in _ACCENTED.findall(cell)
    ]
    if not letters:
        return None
    for name in _WAYS:
        fold: Callable[[str], str] = _folding(name).text
        told = [fold(c).casefold() for c, _ in letters]
        wide = name != "text.umlauts" or any(len(t) > 1 and t in o for t, (_, o) in zip(told, letters, strict=True))
        if wide and any(t.isascii() and t in o for t, (_, o) in zip(told, letters, strict=True)):
            return _folding(name)
    return None


def surely_folded(column: Column) -> bool:
    """Whether some example has a lost accent beside the next letter of its word, and no input has these letters without it."""
    key = ("surely folded", column.rows, column.outputs)
    if key not in column.memo:
        folding = _shown(column)
        rows = [
            (" ".join(v for v in row if isinstance(v, str)), o)
            for row, o in zip(column.rows, column.outputs, strict=True)
        ]
        column.memo[key] = folding is not None and any(_shows(text, o, folding) for text, o in rows)
    return bool(column.memo[key])


_PAIR = re.compile(r"(?=([^\W\d_]{2}))")


def _shows(text: str, output: str, folding: Folding) -> bool:
    known = text.casefold()
    pairs = {p for p in _PAIR.findall(text) if _ACCENTED.search(p)}
    told = {folding.text(p).casefold() for p in pairs}
    return any(t in output.casefold() and t not in known for t in told)
