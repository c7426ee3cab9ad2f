"""Items of lists that are marked, without their marks or with the marks moved: the names before ``(absent)``, the values before ``H``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.program import Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["Marked", "marked_items"]

Items = list[str]
Marked = tuple[int, tuple[Items, ...], Callable[[Program], Program]]
"""Bits, the marked items on the example rows as they are written, and their program from that of the list."""

MARK, CHARACTER, MOST = 9, 1, 16
"""Bits of a mark that chosen items have and then lose, of each of its characters, which stand in the table, and of all of them at most."""
MOVED = 20
"""Bits of items of several words, of which two are written, and the last is a mark."""
LEAST, TRIED = 2, 6
"""Minimum number of distinct marked items, and maximum number of marks that are tried."""
_ENDS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$|\s+\S+$|[^\w\s)\]]+$")
_STARTS = re.compile(r"^[(\[][^()\[\]]*[)\]]\s*|^[^\w\s(\[]+\s*|^\S+\s+")
_ITEM = Variable(0, STRING)


def marked_items(lists: Sequence[Items], outputs: Sequence[str]) -> Iterator[Marked]:
    """The items with a mark that some others lack, without it, or with it behind their first words, if they stand in the outputs."""
    distinct = dict.fromkeys(x for xs in lists for x in xs)
    yield from _without_marks(lists, list(distinct), outputs)
    yield from _with_moved(lists, list(distinct), outputs)


def _without_marks(lists: Sequence[Items], distinct: Sequence[str], outputs: Sequence[str]) -> Iterator[Marked]:
    for found, has, cut, test, build in (
        (_ENDS, str.endswith, str.removesuffix, "str.suffixof", "str.before"),
        (_STARTS, str.startswith, str.removeprefix, "str.prefixof", "str.after"),
    ):
        marks: dict[str, int] = {}
        for x in distinct:
            for m in found.finditer(x):
                marks[m.group()] = marks.get(m.group(), 0) + 1
        several = [m for m, n in marks.items() if LEAST <= n < len(distinct)]
        for mark in sorted(several, key=lambda m: -marks[m])[:TRIED]:
            items = tuple([cut(x, mark) for x in xs if has(x, mark)] for xs in lists)
            chosen = [x for xs in items for x in xs]
            if not all(chosen) or any(mark in x for x in chosen) or not _in_outputs(items, outputs):
                continue
            bits = MARK + min(MOST, CHARACTER * len(mark))
            yield bits, items, partial(_changed, call(test, mark, _ITEM), call(build, _ITEM, mark))


@dataclass(frozen=True, slots=True)
class _Shape:
    """The words of marked items: the first ones, some between, and the mark."""

    between: int
    mark: str

    @property
    def pattern(self) -> str:
        """With the first words and the mark as groups."""
        words = r"\s+\S+" * self.between
        return rf"^(.*\S){words}\s+({self.mark})$"


_SHAPES = [_Shape(n, mark) for n in (0, 1, 2) for mark in (r"[A-Z]+", r"[a-z]+", r"[^\w\s]+")]


def _with_moved(lists: Sequence[Items], distinct: Sequence[str], outputs: Sequence[str]) -> Iterator[Marked]:
    for shape in _SHAPES:
        pattern = re.compile(shape.pattern)
        matches = {x: m for x in distinct if (m := pattern.search(x))}
        if not LEAST <= len(matches) < len(distinct):
            continue
        k = next(k for k, xs in enumerate(lists) if any(x in matches for x in xs))
        first = next(matches[x] for x in lists[k] if x in matches)
        for join, end in _joins(first[1], first[2], outputs[k]):
            if not shape.between and not join.strip() and not end:
                continue  # that is the item as it is
            written = {x: f"{m[1]}{join}{m[2]}{end}" for x, m in matches.items()}
            items = tuple([written[x] for x in xs if x in written] for xs in lists)
            if _in_outputs(items, outputs):
                test = call("text.contains_pattern", _ITEM, shape.pattern)
                change = call("re.replace", shape.pattern, rf"\1{join}\2{end}", _ITEM)
                yield MOVED + len(join + end), items, partial(_changed, test, change)
                break


def _joins(first: str, mark: str, output: str) -> Iterator[tuple[str, str]]:
    """What stands between the first words and the mark in an output, and behind the mark if it closes that."""
    found = re.search(rf"(?<!\w){re.escape(first)}([^\w\\]{{1,3}}){re.escape(mark)}([)\]]?)(?!\w)", output)
    if found and bool(found[2]) == any(c in found[1] for c in "(["):
        yield found[1], found[2]


def _in_outputs(lists: Sequence[Items], outputs: Sequence[str]) -> bool:
    """Whether all items stand in their outputs, apart from letters and digits beside them; outputs of no items tell nothing."""
    return any(lists) and all(
        x in o and re.search(rf"(?<!\w){re.escape(x)}(?!\w)", o)
        for xs, o in zip(lists, outputs, strict=True)
        for x in xs
    )


def _changed(test: Program, change: Program, items: Program) -> Program:
    return call("pieces.map", Lambda((STRING,), change), call("pieces.filter", Lambda((STRING,), test), items))
