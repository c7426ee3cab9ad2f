"""Whole inputs in which one phrase is spelt the same way everywhere: ``P.O. Box``, ``po box`` and ``POBox`` become ``PO Box``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["respelled"]

BASE, LETTER = 14, 2
"""Bits of a phrase, and of each of its letters: they are visible in the table, apart from their case."""
LONGEST, WORDS = 24, 3
"""Characters and words of a phrase at most."""
ABBREVIATED = 4
"""Letters at most of a word in capitals, which may have points between them."""
_WORD = re.compile(r"[^\W\d_]+(?:[-.&][^\W\d_]+)*\.?")
_FOLDED = re.compile(r"[^\W\d_]")


def respelled(column: Column) -> Iterator[Piece]:
    """Inputs in which a phrase, in any letter case and with or without signs between its parts, becomes one spelling of it."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or len(texts) < 3 or column.leaf:
            continue
        changed = [(t, o) for t, o in zip(texts, column.outputs, strict=True) if t != o]
        if len(changed) < 2 or not all(o and _folded(t) == _folded(o) for t, o in changed):
            continue
        for phrase in _phrases([o for _, o in changed]):
            pattern = _pattern(phrase)
            found = re.compile(pattern)
            spellings = {m.group() for t, _ in changed for m in found.finditer(t)}
            if len(spellings) > 1 and [found.sub(phrase, t) for t in texts] == list(column.outputs):
                cost = BASE + LETTER * len(phrase)
                build = partial(call, "text.replace_pattern", source, pattern, phrase)
                yield Piece(tuple(column.outputs), cost, build, name="one spelling")
                break


def _folded(text: str) -> str:
    return "".join(_FOLDED.findall(text)).casefold()


def _phrases(outputs: Sequence[str]) -> list[str]:
    """Phrases that all outputs have, the shortest first."""
    shared: set[str] | None = None
    for output in outputs:
        words = [*_WORD.finditer(output)]
        spans = ((a, b) for a in range(len(words)) for b in range(a, min(a + WORDS, len(words))))
        phrases = {output[words[a].start() : words[b].end()] for a, b in spans}
        shared = phrases if shared is None else shared & phrases
    return sorted((p for p in shared or () if 1 < len(p) <= LONGEST and "\\" not in p), key=lambda p: (len(p), p))


def _pattern(phrase: str) -> str:
    """Matches a phrase in any letter case, with or without signs between its words and the letters of its abbreviations."""
    words = []
    for word in re.findall(r"[^\W\d_]+", phrase):
        letters = [f"[{c.upper()}{c.lower()}]" for c in word]
        short = word.isupper() and 1 < len(word) <= ABBREVIATED
        words.append((r"[.\s]{0,2}" if short else "").join(letters))
    end = r"\.?" if phrase.endswith(".") else ""
    return r"(?<![^\W\d_])" + r"[-.\s]{0,2}".join(words) + r"(?![^\W\d_])" + end
