"""Tests for choosing items of a list: how all chosen items or all others begin or end, as the outputs tell, and words inside items."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import takewhile

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["ItemTest", "affix_tests", "word_tests"]

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
    return re.search(rf"(?<!\w){re.escape(item)}(?!\w)", output) is not None


def _test(has: Callable[[str, str], bool], affix: str, opposite: bool) -> Callable[[str], bool]:
    return lambda x: has(x, affix) != opposite


def _program(primitive: str, affix: str, opposite: bool) -> Callable[[Program], Program]:
    def build(p: Program) -> Program:
        test = call(primitive, affix, p)
        return call("not", test) if opposite else test

    return build
