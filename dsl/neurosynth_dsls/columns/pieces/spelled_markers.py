"""Parts before and behind a marker that is spelled in two ways: ``Ann Lee née Ray`` and ``Bea Fox, born Kay``, or has none.

A branch for each spelling has few rows of its own to learn from; here all rows tell the parts together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["main_parts", "told_behind"]

BEFORE, BEHIND = 13, 4
"""Bits of what stands before the marker, or of all where there is none, and of what stands behind it."""
SEEN, RARE = 1, 6
"""Bits of a spelling that several rows of the table have, and of another one."""
TRIED = 5
"""Maximum number of spellings, the most frequent."""
_SPELLINGS = re.compile(r"[,;]? (?:[^\W\dA-Z_][^\W\d_]*\.?|[^\w\s]{1,2}|[^\W\d_](?:/[^\W\d_]){1,2})(?= )")
WAYS: tuple[tuple[int, Callable[[str], str], Callable[[Program], Program]], ...] = (
    (0, lambda t: t, lambda p: p),
    (2, lambda t: t.split(" ")[-1], lambda p: call("text.split_at", p, " ", -1)),
    (3, lambda t: t.rpartition(" ")[0] or t, lambda p: call("text.before_last", p, " ")),
    (2, lambda t: t.split(" ")[0], lambda p: call("text.split_at", p, " ", 0)),
    (3, lambda t: t.partition(" ")[2], lambda p: call("str.after", p, " ")),
)
"""Bits, values and programs of the words of a text: all, the last, all others, the first, all others."""


@dataclass(frozen=True, slots=True, eq=False)
class _Marked:
    """An input with two spellings of a marker."""

    source: Program
    texts: Sequence[str]
    cost: int
    pattern: str


def main_parts(column: Column) -> Iterator[Piece]:
    """What stands before the marker, and its words."""
    for marked in _marked(column):
        ends = rf"(?:{marked.pattern}).*$"
        mains = [re.sub(ends, "", t) for t in marked.texts]
        seen: set[tuple[str, ...]] = set()
        for bits, change, build in WAYS:
            values = tuple(map(change, mains))
            if values in seen or not all(v and v in o for v, o in zip(values, column.outputs, strict=True)):
                continue
            seen.add(values)
            main = partial(call, "text.replace_pattern", marked.source, ends, "")
            yield Piece(values, BEFORE + marked.cost + bits, partial(_built, build, main), name="before a marker")


def told_behind(column: Column) -> Iterator[tuple[tuple[str, ...], int, Callable[[], Program]]]:
    """What stands behind the marker, "" where there is none: the texts, their bits and the builder of the program."""
    for marked in _marked(column):
        behind = rf"(?:{marked.pattern})(.+)$"
        texts = tuple(m[1] if (m := re.search(behind, t)) else "" for t in marked.texts)
        yield texts, BEHIND + marked.cost, partial(call, "re.group", behind, 1, marked.source)


def _built(build: Callable[[Program], Program], main: Callable[[], Program]) -> Program:
    return build(main())


def _marked(column: Column) -> Iterator[_Marked]:
    if column.leaf or len(column.rows) < 3 or not column.believes:
        return
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or not all(texts):
            continue
        every = [row[i] for row in column.every if isinstance(row[i], str) and row[i]]
        counts: dict[str, int] = {}
        for t in every:
            for m in dict.fromkeys(_SPELLINGS.findall(t)):
                counts[f"{m} "] = counts.get(f"{m} ", 0) + 1
        found = [m for m in counts if any(m in t for t in texts) and any(m not in t for t in texts)]
        best = sorted(found, key=lambda m: (-counts[m], m))[:TRIED]
        for one, other in combinations(best, 2):
            if any(t.count(one) + t.count(other) > 1 for t in every) or one in other or other in one:
                continue
            bits = sum(SEEN if counts[m] > 1 else RARE for m in (one, other))
            pattern = "|".join(re.escape(m).replace("\\ ", " ") for m in (one, other))
            yield _Marked(source, texts, bits, pattern)
