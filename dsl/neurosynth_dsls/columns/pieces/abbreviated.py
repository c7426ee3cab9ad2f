"""Inputs in which each of several words becomes another wherever it stands: ``Street`` becomes ``St``, ``Avenue`` becomes ``Ave``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Constant, Lambda, Program, Variable
from neurosynth.values.types import STRING, list_of
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["abbreviated"]

BASE = 16
"""Bits of a table of words that become others."""
ENTRY, SHORT, WRITTEN = 4, 2, 2
"""Bits of an entry, of one that shortens its word, and of each character of another one."""
MOST = 12
"""Maximum number of entries."""
TOKEN = r"[^\W_]+|[\W_]+"
"""Words, and the text between them."""


def abbreviated(column: Column) -> Iterator[Piece]:
    """The inputs of which words are replaced by a table with at least two entries; nothing else changes."""
    outputs = column.outputs
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or not all(texts) or len(texts) < 3:
            continue
        table = _table(texts, outputs)
        if table is None or not 2 <= len(table) <= MOST:
            continue
        bits = BASE + sum(SHORT + ENTRY if _shortens(a, b) else ENTRY + WRITTEN * len(b) for a, b in table.items())
        yield Piece(tuple(outputs), bits, partial(_replaced, source, table), name="words by a table")


def _table(texts: Sequence[str], outputs: Sequence[str]) -> dict[str, str] | None:
    """The words that change, each with its other form; None if something else changes, or a word does not always change."""
    table: dict[str, str] = {}
    places: set[int] = set()
    for text, output in zip(texts, outputs, strict=True):
        old, new = re.findall(TOKEN, text), re.findall(TOKEN, output)
        if len(old) != len(new):
            return None
        changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
        if len(changed) * 2 > len(old) + 1 or len(changed) > 2:
            return None
        for k, (a, b) in enumerate(zip(old, new, strict=True)):
            if a == b:
                continue
            places.add(0 if k == 0 else -1 if k == len(old) - 1 else k)
            if not a.isalpha() or not b.isalpha() or a.lower() == b.lower() or table.setdefault(a, b) != b:
                return None
    if places <= {0} or places <= {-1}:
        return None  # then it is a word at a place, not wherever it stands
    kept = {w for t, o in zip(texts, outputs, strict=True) for w in {*re.findall(TOKEN, t)} & {*re.findall(TOKEN, o)}}
    return None if kept & set(table) else table


def _shortens(word: str, short: str) -> bool:
    """Whether a form has only letters of its word, in their order, from the first on."""
    letters = iter(word.lower())
    return len(short) < len(word) and word[0] == short[0] and all(c in letters for c in short.lower())


def _replaced(source: Program, table: dict[str, str]) -> Program:
    texts = list_of(STRING)
    keys, values = Constant(tuple(table), texts), Constant(tuple(table.values()), texts)
    word = Variable(0, STRING)
    change = Lambda((STRING,), call("lookup_or", keys, values, word, word))
    return call("pieces.join", "", call("pieces.map", change, call("re.find_all", TOKEN, source)))
