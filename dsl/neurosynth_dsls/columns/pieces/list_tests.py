"""Tests for choosing items of a list: how all chosen items or all others begin or end, as the outputs tell, words inside items, and
what another cell of the row has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import takewhile

from neurosynth.language.pieces import Column
from neurosynth.language.program import Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["ItemTest", "affix_tests", "items_by_cells", "word_tests"]

ItemTest = tuple[int, Callable[[str], bool], Callable[[Program], Program]]
"""Bits, the test, and its program."""

AFFIX, CHARACTER, MOST = 6, 2, 16
"""Bits of a text with which items begin or end, of each of its characters, which stand in the table, and of all of them at most."""
LEAST = 2
"""Minimum number of its characters, and of distinct items that have it."""
OPPOSITE = 1
"""Bits of choosing the items that do not have it."""
WORD, WORDS = 8, 6
"""Bits of a word inside items, in addition to those of its characters, and maximum number of such words, the most frequent."""


CELL = 10
"""Bits of choosing items by another cell: those that begin with it, end with it or contain it."""


def items_by_cells(
    column: Column, i: int, lists: Sequence[Sequence[str]], split: Callable[[str], list[str]]
) -> Iterator[tuple[int, tuple[list[str], ...], Callable[[Program], Program]]]:
    """Bits, items and program of those items of an input that begin with, end with or contain another cell, or of all others."""
    for j, source in enumerate(column.inputs):
        cells = texts_of(column, j, column.rows) if j != i else None
        if cells is None or not all(map(str.strip, cells)):
            continue
        if not any(c in x for xs, c in zip(lists, cells, strict=True) for x in xs):
            continue
        every = [
            (x, row[j])
            for row in column.every
            if isinstance(row[i], str) and row[j]
            for x in split(row[i])
            if x.strip()
        ]
        seen: list[tuple[list[str], ...]] = [tuple(map(list, lists))]
        for has, run, primitive in _BY_CELL:
            found = [(x, c) for x, c in every if has(x, c)]
            if len(found) in (0, len(every)):
                continue
            if run and any(_goes_on(x, c, has) for x, c in found):
                has, build = partial(_is_run, re.compile(run)), partial(_run_is, run)
            else:
                build = partial(_has, primitive)
            for opposite in (False, True):
                items = tuple([x for x in xs if has(x, c) != opposite] for xs, c in zip(lists, cells, strict=True))
                if items not in seen:
                    seen.append(items)
                    yield CELL + OPPOSITE * opposite, items, partial(_filtered, build, source, opposite)


_BY_CELL: tuple[tuple[Callable[[str, str], bool], str, str], ...] = (
    (str.startswith, r"^(?:[^\W\d_]+|\d+)", "str.prefixof"),
    (str.endswith, r"(?:[^\W\d_]+|\d+)$", "str.suffixof"),
    (str.__contains__, "", "str.contains"),
)
"""How an item has a cell, the word or number of it that is the cell where others have longer ones, and the primitive."""


def _goes_on(item: str, cell: str, has: Callable[[str, str], bool]) -> bool:
    """Whether the cell is a part of a longer word or number of an item that begins or ends with it: ``CS`` of ``CSE101``."""
    beside = item[len(cell) : len(cell) + 1] if has is str.startswith else item[: len(item) - len(cell)][-1:]
    last = cell[-1] if has is str.startswith else cell[0]
    return (beside.isalpha() and last.isalpha()) or (beside.isdigit() and last.isdigit())


def _is_run(pattern: re.Pattern[str], item: str, cell: str) -> bool:
    found = pattern.search(item)
    return found is not None and found.group() == cell


def _run_is(run: str, cell: Program, item: Program) -> Program:
    return call("=", call("re.extract", run, 0, item), cell)


def _has(primitive: str, cell: Program, item: Program) -> Program:
    return call(primitive, *((item, cell) if primitive == "str.contains" else (cell, item)))


def _filtered(build: Callable[[Program, Program], Program], cell: Program, opposite: bool, items: Program) -> Program:
    test = build(cell, Variable(0, STRING))
    return call("pieces.filter", Lambda((STRING,), call("not", test) if opposite else test), items)


def word_tests(items: Sequence[str]) -> Iterator[ItemTest]:
    """Tests by a word that stands between blanks in several of the distinct items, but not in all, as a state does in a record."""
    distinct = list(dict.fromkeys(items))
    counts = Counter(w for x in distinct for w in {*x.split(" ")[1:]} if w.isalpha())
    several = [w for w, n in counts.items() if LEAST <= n < len(distinct)]
    for word in sorted(several, key=lambda w: (-counts[w], w))[:WORDS]:
        pattern = rf"(?<= ){word}(?= |$)"
        has = partial(_found, re.compile(pattern))
        yield WORD + min(MOST, CHARACTER * len(word)), has, partial(_contains, pattern)


def _found(pattern: re.Pattern[str], item: str) -> bool:
    return pattern.search(item) is not None


def _contains(pattern: str, item: Program) -> Program:
    return call("text.contains_pattern", item, pattern)


def affix_tests(lists: Sequence[Sequence[str]], outputs: Sequence[str]) -> Iterator[ItemTest]:
    """Tests by a beginning or an end that all items in the outputs share and no other item has, or the other way round."""
    kept: dict[str, None] = {}
    dropped: dict[str, None] = {}
    for items, output in zip(lists, outputs, strict=True):
        for item in items:
            if item.strip():
                (kept if _stands_in(item.strip(), output) else dropped)[item] = None
    if not kept or not dropped or kept.keys() & dropped.keys():
        return
    for chosen, others, opposite in ((kept, dropped, False), (dropped, kept, True)):
        if len(chosen) < LEAST:
            continue
        for primitive, affix, has in (
            ("str.prefixof", _start(list(chosen)), str.startswith),
            ("str.suffixof", _start([x[::-1] for x in chosen])[::-1], str.endswith),
        ):
            if len(affix.strip()) >= LEAST and not any(has(x, affix) for x in others):
                bits = AFFIX + min(MOST, CHARACTER * len(affix)) + OPPOSITE * opposite
                yield bits, _test(has, affix, opposite), _program(primitive, affix, opposite)


def _start(texts: Sequence[str]) -> str:
    """The longest beginning that all texts share."""
    first, last = min(texts), max(texts)
    return "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))


def _stands_in(item: str, output: str) -> bool:
    """Whether an item stands in an output, not inside a longer word."""
    return item in output and re.search(rf"(?<!\w){re.escape(item)}(?!\w)", output) is not None


def _test(has: Callable[[str, str], bool], affix: str, opposite: bool) -> Callable[[str], bool]:
    return lambda x: has(x, affix) != opposite


def _program(primitive: str, affix: str, opposite: bool) -> Callable[[Program], Program]:
    def build(p: Program) -> Program:
        test = call(primitive, affix, p)
        return call("not", test) if opposite else test

    return build
