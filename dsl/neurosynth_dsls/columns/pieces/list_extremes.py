"""The first or the last item of a list in alphabetical order, which is that of times, dates and codes of equal length: the best lap.

Times and versions of different lengths are compared number by number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from neurosynth.language.pieces import Piece
from neurosynth.language.program import Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.list_joins import all_in
from neurosynth_dsls.columns.pieces.list_winners import rewritten
from neurosynth_dsls.columns.python_phrases import by_number, in_natural_order

__all__ = ["extreme_items"]

EXTREME = 20
"""Bits of the first or last item in order."""
UNEVEN = 8
"""Additional bits for items of different lengths."""


def extreme_items(
    items: Sequence[Sequence[str]], every: Sequence[Sequence[str]], build: Callable[[], Program], outputs: Sequence[str]
) -> Iterator[Piece]:
    """The least and the greatest items of the example rows that stand in the outputs, if their places in the lists differ.

    ``every`` are the items of all rows of the table.
    """
    if not all(any(map(str.isalnum, x)) for xs in items for x in xs) or not all(items):
        return
    yield from _by_number(items, build, outputs)
    even = all(len(set(map(len, xs))) == 1 for xs in every)
    numbers = any(c.isdigit() for xs in items for x in xs for c in x)
    sort: Callable[[Sequence[str]], list[str]] = sorted
    order, uneven = "pieces.sort", UNEVEN
    if numbers and not even:
        if not all(_counted_alike(xs) for xs in (chain(*items), chain(*every))):
            return  # 9:58 is behind 10:01
        sort, order, uneven = in_natural_order, "pieces.natural", NATURAL
    for n in (0, -1):
        texts = tuple(sort(xs)[n] for xs in items)
        places = {xs.index(t) for xs, t in zip(items, texts, strict=True)}
        if len(places) > 1 and all_in(texts, outputs):
            yield Piece(texts, EXTREME + uneven * (not even), partial(_item, n, order, build), name="item in order")


NATURAL = 1
"""Additional bits for times and versions of different lengths."""
_COUNTED = tuple(
    map(re.compile, (r"\d+:[0-5]\d(?:\.\d{1,2})?", r"\d+:[0-5]\d:[0-5]\d(?:\.\d{1,2})?", r"[vV]?\d+\.\d+\.\d+"))
)
"""Times with as many numbers, and versions."""


def _counted_alike(items: Iterable[str]) -> bool:
    """Whether all items are times, or all are versions, that number by number are in order."""
    texts = [*items]
    return any(all(map(p.fullmatch, texts)) for p in _COUNTED)


NUMBERED = 16
"""Bits of the item with the least or greatest number, or of what it says beside it."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
UNIT = r"\s?(?:[^\W\d_]+(?:/[^\W\d_]+)?|[%°€£$]\w?)"
"""The pattern of a unit behind a number."""
PARTS = (
    (0, "item", ""),
    (3, "name", r"^.*?[^\W_](?=[\W_]+-?\d[\d.]*\W*$)"),
    (3, "number", r"-?\d+(?:\.\d+)?(?=\W*$)"),
    (4, "name", rf"^.*?[^\W_](?=[\W_]+-?\d[\d.,:]*(?:{UNIT})?\W*$)"),
    (4, "amount", rf"\d[\d.,:]*{UNIT}(?=\W*$)"),
    (5, "name", r"(?<=\d\s)\S.*$"),
    (5, "name", r"(?<=\s)[^\W\d_].*$"),
    (6, "name", r"(?<=\s\w\w\s)\S.*$"),
)
"""Bits, names and patterns of the parts of such an item: beside the number, with or without a unit, and behind it."""
SPELLINGS = (
    (0, "", ""),
    (4, r"(?<=\d),(?=\d{3}(?!\d))", ""),
    (4, r"(?<=\d),(?=\d)", "."),
    (5, r"(?<=\d):(?=\d\d(?!\d))", ""),
)
"""Bits, pattern and replacement of what is no plain number: commas between thousands, decimal commas, minutes and seconds."""


def _by_number(items: Sequence[Sequence[str]], build: Callable[[], Program], outputs: Sequence[str]) -> Iterator[Piece]:
    """The items with the least and the greatest numbers, and their parts beside and with the number: the best of ``Ann 7, Bob 9``."""
    if not all(_NUMBER.search(x) and any(map(str.isalpha, x)) for xs in items for x in xs):
        return
    seen: set[tuple[str, ...]] = set()
    for more, spelling, plain in SPELLINGS:
        respelled = [[re.sub(spelling, plain, x) for x in xs] if spelling else list(xs) for xs in items]
        if spelling and respelled == [list(xs) for xs in items]:
            continue
        for n in (-1, 0):
            chosen = [by_number(xs)[n] for xs in respelled]
            if len({xs.index(t) for xs, t in zip(respelled, chosen, strict=True)}) < 2:
                continue
            for bits, name, pattern in PARTS:
                found = [re.search(pattern, t) if pattern else None for t in chosen]
                texts = tuple(m.group() if m else "" if pattern else t for m, t in zip(found, chosen, strict=True))
                if all(texts) and texts not in seen and all_in(texts, outputs):
                    seen.add(texts)
                    make = partial(_numbered, n, pattern, spelling, plain, build)
                    yield Piece(texts, NUMBERED + more + bits, make, name=f"{name} by number")
            item = partial(_numbered, n, "", spelling, plain, build)
            for bits, texts, rewrite in rewritten(chosen, outputs):
                yield Piece(texts, NUMBERED + more + bits, partial(_rewritten, rewrite, item), name="item by number")


def _rewritten(rewrite: Callable[[Program], Program], item: Callable[[], Program]) -> Program:
    return rewrite(item())


def _numbered(n: int, pattern: str, spelling: str, plain: str, build: Callable[[], Program]) -> Program:
    items = build()
    if spelling:
        items = call("pieces.map", Lambda((STRING,), call("re.replace", spelling, plain, Variable(0, STRING))), items)
    item = call("pieces.item", n, call("pieces.by_number", items))
    return call("re.extract", pattern, 0, item) if pattern else item


def _item(n: int, order: str, build: Callable[[], Program]) -> Program:
    return call("pieces.item", n, call(order, build()))
