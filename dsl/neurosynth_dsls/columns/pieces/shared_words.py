"""Two items joined with the words that they share written once: ``Ann & Bo Lee`` from ``Ann Lee; Bo Lee``, ``3-5 kg``, ``Room 1 & 2``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["shared_words"]

BASE = 20
"""Bits of words that are written once, in addition to the text between the items."""
CHARACTER = 1
"""Bits of each character of that text."""
JOINED = 4
"""Bits of items that stand in two inputs."""
LONGEST = 8
"""Maximum number of characters of that text."""
BETWEEN = "\n"
"""The text between the items of two inputs before they are joined."""
SEPARATORS = (
    *("; ", ";", ", ", ",", " and ", " & ", " und ", " et ", " y ", " + ", " / ", "/", " | ", "|", " to ", " - "),
    *(" – ", "-", "–"),
)
"""Texts between items; of those in a text, the first parts it."""


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to leave out what two items share, by a pattern."""

    bits: int
    pattern: str
    """With ``{s}`` for the text between the items."""
    by: str


WAYS = (
    _Way(0, r" (\S+)(?={s}.+ \1$)", ""),
    _Way(1, r"(?<=\d) ?([^\W\d_]+|[%°€$£])(?={s}.*\d ?\1$)", ""),
    _Way(2, r"((?: \S+)+)(?={s}.+\1$)", ""),
    _Way(1, r"^((\S+) .+{s})\2 ", r"\1"),
    _Way(2, r"^(([^\W\d_]+|[€$£])(?=\d).+{s})\2(?=\d)", r"\1"),
)
"""The last word, a unit behind numbers, all last words, the first word, letters or a currency before digits."""


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """Texts of two items, some of which have only one."""

    cost: int
    source: Program
    texts: Sequence[str]
    every: Sequence[str]
    separator: str


def shared_words(column: Column) -> Iterator[Piece]:
    """The items of one input or of two that follow one another, if some of them share words that their outputs have once."""
    if column.leaf or len(column.rows) < 2 or not column.believes or not all(column.outputs):
        return
    for pair in _pairs(column):
        seen: set[tuple[str, ...]] = set()
        sign = re.escape(pair.separator).replace("\\ ", " ")
        for way in WAYS:
            pattern = way.pattern.replace("{s}", sign)
            once = tuple(re.sub(pattern, way.by, t) for t in pair.every)
            if once in seen or once == tuple(pair.every):
                continue
            seen.add(once)
            texts = [re.sub(pattern, way.by, t) for t in pair.texts]
            changed = [k for k, t in enumerate(texts) if t != pair.texts[k]]
            join = _join(texts[changed[0]], pair.separator, column.outputs[changed[0]]) if changed else None
            if join is None:
                continue
            values = tuple(t.replace(pair.separator, join) for t in texts)
            if all(v and v in o for v, o in zip(values, column.outputs, strict=True)):
                cost = BASE + pair.cost + way.bits + CHARACTER * len(join)
                yield Piece(values, cost, partial(_build, pair, pattern, way.by, join), name="shared words")


def _pairs(column: Column) -> Iterator[_Pair]:
    """Inputs with one separator at most in every example, and each two inputs that follow one another."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or not all(texts):
            continue
        separator = next((s for s in SEPARATORS if any(s in t for t in texts)), None)
        if separator is not None and max(t.count(separator) for t in texts) == 1:
            every = [row[i] for row in column.every if isinstance(row[i], str)]
            yield _Pair(0, source, texts, every, separator)
    for i, j in pairwise(range(len(column.inputs))):
        if all(column.inputs[k].type == STRING for k in (i, j)):
            rows = [[row[k] for k in (i, j) if row[k]] for row in column.rows]
            every = [BETWEEN.join(row[k] for k in (i, j) if row[k]) for row in column.every]
            source = call("text.join_filled", BETWEEN, column.inputs[i], column.inputs[j])
            yield _Pair(JOINED, source, [BETWEEN.join(row) for row in rows], every, BETWEEN)


def _join(text: str, separator: str, output: str) -> str | None:
    """What stands between the items in an output."""
    first, _, second = text.partition(separator)
    found = re.search(rf"{re.escape(first)}(.{{1,{LONGEST}}}?){re.escape(second)}", output)
    return found[1] if found else None


def _build(pair: _Pair, pattern: str, by: str, join: str) -> Program:
    once = call("re.replace", pattern, by, pair.source)
    return once if join == pair.separator else call("str.replace_all", once, pair.separator, join)
