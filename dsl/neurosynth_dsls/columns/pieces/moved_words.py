"""Whole inputs whose first word, if it is one of a few, moves behind the rest: the article of a title, a prefix of a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["moved_words"]

BASE = 18
"""Bits of a move, in addition to its words."""
SEEN, RARE = 2, 6
"""Bits of a word with which several rows of the table begin, and of any other one."""
MOST = 6
"""Maximum number of such words."""


def moved_words(column: Column) -> Iterator[Piece]:
    """Inputs of which some lose their first word to the end of the output, while others stay as they are."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or not all(texts):
            continue
        found = _words(texts, column.outputs)
        if found is None:
            continue
        words, sign = found
        starts = [row[i].split(" ")[0] for row in column.every if isinstance(row[i], str)]
        bits = BASE + len(sign) + sum(SEEN if starts.count(w) > 1 else RARE for w in words)
        pattern = f"^({'|'.join(map(re.escape, words))}) (.+)$"
        by = f"\\2{sign}\\1"
        if [re.sub(pattern, by, t) for t in texts] == list(column.outputs):
            yield Piece(
                tuple(column.outputs), bits, partial(call, "re.replace", pattern, by, source), name="moved word"
            )


def _words(texts: Sequence[str], outputs: Sequence[str]) -> tuple[list[str], str] | None:
    """The words that move, and the text between the rest and them; None if some row is neither moved nor the same."""
    words: dict[str, None] = {}
    signs: set[str] = set()
    for text, output in zip(texts, outputs, strict=True):
        if text == output:
            continue
        word, _, rest = text.partition(" ")
        if not rest or not output.startswith(rest) or not output.endswith(word):
            return None
        signs.add(output[len(rest) : len(output) - len(word)])
        words[word] = None
    stay = any(t == o for t, o in zip(texts, outputs, strict=True))
    if not stay or not 1 < len(words) <= MOST or len(signs) != 1:
        return None
    sign = signs.pop()
    return (sorted(words, key=lambda w: (-len(w), w)), sign) if sign and not any(c.isalnum() for c in sign) else None
