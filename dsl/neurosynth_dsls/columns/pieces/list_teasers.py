"""The first items of a list, and how many more there are: ``wifi, sauna +3 more``, ``Ann and 2 others``, ``tea, milk …``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.lists import EACH, splits
from neurosynth_dsls.columns.pieces.nested import whole
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["ListTeasers"]

HEAD = 18
"""Bits of the first items of a list."""
LAST = 2
"""Bits of the last items instead."""
MORE = 8
"""Bits of a text behind them where there are more."""
TOTAL = 3
"""Bits of the number of all items in that text instead of the number of the others."""
LENIENT = 6
"""Bits of lists that are whole though they have more items than others show."""
ENUMERATED = 4
"""Bits of another sign before the last item of those that are whole."""
FORMS = 12
"""Bits of another word behind the number 1."""
BESIDE, LETTER, DIGIT, OTHER = 3, 4, 9, 1
"""Bits of a constant in that text, and of its characters."""
MOST = 5
"""Maximum number of items that are shown."""
JOIN, LONGEST = 8, 24
"""Maximum number of characters between items, and around the number."""
_AFTER = (r"\W{1,3}", r"\W{0,2}[^\W\d_]+\)?", r"\W{0,2}[^\W\d_]+(?: [^\W\d_]+)+\)?")
"""What may stand behind the number, where no row shows the end of that text."""

Items = list[str]


@dataclass(frozen=True)
class ListTeasers:
    """First items of lists, with a text about the others."""

    name: str = "list teasers"

    def bind(self, column: Column) -> BoundTeasers:
        """Find lists whose first items stand in the outputs."""
        return BoundTeasers(column)


@dataclass(frozen=True, slots=True, eq=False)
class _Head:
    """The items that are shown on each example row."""

    texts: tuple[str, ...]
    counts: tuple[int, ...]
    shown: int
    """The number of items that are shown where there are more."""
    most: int
    """The number of items of the longest list that is whole."""
    join: str
    last: str
    """The sign before the last item of a whole list; empty if it is no other."""
    always: bool
    """Whether all lists of the table have more."""
    cost: int
    items: Callable[[], Program]

    @property
    def longer(self) -> list[int]:
        """The rows that have more items."""
        return [n for n, count in enumerate(self.counts) if count > self.most]


class BoundTeasers:
    """The first items of the lists of one column."""

    def __init__(self, column: Column) -> None:
        self.heads: list[_Head] = []
        self.ends: list[Piece] = []
        if not column.believes or len(column.rows) < 2 or not all(isinstance(o, str) for o in column.outputs):
            return
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            if texts is None:
                continue
            every = [row[i] for row in column.every if isinstance(row[i], str)]
            for split in splits(every, texts):
                lists = [split.apply(t) for t in texts]
                if max(map(len, lists)) < 2 or not all(lists):
                    continue
                counts = [len(split.apply(t)) for t in every]
                for bits, names, change in EACH[:7]:
                    changed = [[change(x) for x in xs] for xs in lists]
                    if not names or changed != lists:
                        build = partial(_changed, names, partial(split.build, whole(source, texts, every).build()))
                        cost = HEAD + split.cost + bits
                        self.heads += _heads(changed, counts, column.outputs, cost, build)
                        self.ends += _ends(changed, column.outputs, cost, build)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The items with which the rests start, with a text behind them where there are more."""
        for piece in self.ends:
            if all(map(str.startswith, rests, piece.texts)):
                yield piece
        for head in self.heads:
            if all(map(str.startswith, rests, head.texts)):
                if head.most == head.shown > 1 and not head.last:
                    yield Piece(head.texts, head.cost, partial(_first, head), name="first items")
                yield from _with_more(head, [r[len(t) :] for t, r in zip(head.texts, rests, strict=True)])


def _changed(names: Sequence[str], items: Callable[[], Program]) -> Program:
    item: Program = Variable(0, STRING)
    for name in names:
        item = call(name, item)
    return call("pieces.map", Lambda((STRING,), item), items()) if names else items()


def _heads(
    lists: Sequence[Items], every: Sequence[int], outputs: Sequence[str], cost: int, items: Callable[[], Program]
) -> Iterator[_Head]:
    """The ways to show at most so many items that all outputs have."""
    counts = tuple(map(len, lists))
    if not all(xs[0] and xs[0] in o for xs, o in zip(lists, outputs, strict=True)):
        return
    for shown in range(1, min(MOST, max(counts) - 1) + 1):
        for most in range(shown, min(shown + 2, max(counts) - 1) + 1):
            if most > shown and most not in counts:
                continue  # no row shows that such a list is whole
            some = [n for n, count in enumerate(counts) if (min(count, shown) if count > most else count) > 1]
            first = next((n for n in some if counts[n] > most), some[0] if some else None)
            joins = [""] if first is None else _between(lists[first], outputs[first], 0)
            for join in joins:
                for last in _lasts(lists, counts, most, outputs, join):
                    texts = tuple(_shown(xs, shown, most, join, last) for xs in lists)
                    if all(t in o for t, o in zip(texts, outputs, strict=True)):
                        bits = cost + _join_bits(join) + LENIENT * (most > shown) + ENUMERATED * bool(last)
                        always = all(count > most for count in every)
                        yield _Head(texts, counts, shown, most, join, last, always, bits, items)


def _lasts(
    lists: Sequence[Items], counts: Sequence[int], most: int, outputs: Sequence[str], join: str
) -> Iterator[str]:
    """Signs before the last item of whole lists: the same as before the others, or one that an output has."""
    yield ""
    for n in [n for n, count in enumerate(counts) if 1 < count <= most][:1]:
        yield from (sign for sign in _between(lists[n], outputs[n], -2) if sign != join)


def _shown(items: Items, shown: int, most: int, join: str, last: str) -> str:
    if len(items) > most:
        return join.join(items[:shown])
    return last.join([join.join(items[:-1]), items[-1]]) if last and len(items) > 1 else join.join(items)


def _between(items: Items, output: str, at: int) -> list[str]:
    """What stands between two adjacent items in an output; nothing if that is long."""
    first, second = items[at : at + 2] if at + 2 else items[at:]
    start = output.find(first) + len(first)
    end = output.find(second, start)
    return [output[start:end]] if first in output and 0 <= end - start <= JOIN else []


def _ends(lists: Sequence[Items], outputs: Sequence[str], cost: int, items: Callable[[], Program]) -> Iterator[Piece]:
    """The last items, if some lists have fewer than are shown."""
    counts = list(map(len, lists))
    for shown in range(2, min(MOST, max(counts) - 1) + 1):
        if min(counts) >= shown:
            continue
        n = counts.index(max(counts))
        for join in _between(lists[n][-shown:], outputs[n], 0):
            texts = tuple(join.join(xs[-shown:]) for xs in lists)
            if all(t and t in o for t, o in zip(texts, outputs, strict=True)):
                build = partial(_joined, join, partial(_dropped, shown, items))
                yield Piece(texts, cost + LAST + _join_bits(join), build, name="last items")


def _dropped(shown: int, items: Callable[[], Program]) -> Program:
    return call("pieces.drop", -shown, items())


def _joined(join: str, items: Callable[[], Program]) -> Program:
    return call("pieces.join", join, items())


def _first(head: _Head) -> Program:
    return call("pieces.join", head.join, call("pieces.take", head.shown, head.items()))


@dataclass(frozen=True, slots=True)
class _More:
    """The text where there are more items."""

    before: str
    less: int | None
    """The number of items by which the number is less than that of all; None if it has no number."""
    one: str
    """What stands behind the number 1."""
    after: str
    """What stands behind other numbers."""

    def of(self, count: int) -> str:
        """The text for a number of items."""
        if self.less is None:
            return self.before + self.after
        number = count - self.less
        return f"{self.before}{number}{self.one if number == 1 else self.after}"

    def program(self, head: _Head) -> Program:
        """Its program."""
        if self.less is None:
            return text(self.before + self.after)
        number = call("pieces.count", head.items())
        number = call("-", number, self.less) if self.less else number
        end: Program = text(self.after)
        if self.one != self.after:
            end = call("ite", call("=", number, 1), self.one, self.after)
        parts = [text(self.before), call("int.to.str", number), end]
        return _all_of([p for p in parts if p != text("")])

    @property
    def cost(self) -> int:
        """Bits of its constants and choices."""
        forms = FORMS + LETTER * len(self.one) if self.one != self.after else 0
        return MORE + _bits(self.before) + _bits(self.after) + forms + TOTAL * (self.less == 0)


def _with_more(head: _Head, behind: Sequence[str]) -> Iterator[Piece]:
    """The items of a head with the texts that may stand behind them where there are more."""
    whole_lists = {b for n, b in enumerate(behind) if n not in head.longer}
    for more in dict.fromkeys(_mores(head, [(head.counts[n], behind[n]) for n in head.longer], whole_lists)):
        texts = tuple(t + (more.of(c) if c > head.most else "") for t, c in zip(head.texts, head.counts, strict=True))
        yield Piece(texts, head.cost + more.cost, partial(_teaser, head, more), name="teaser")


def _mores(head: _Head, longer: Sequence[tuple[int, str]], whole_lists: set[str]) -> Iterator[_More]:
    """The texts about other items, from the numbers of all items and what stands behind the first ones there."""
    if not longer:
        return
    if whole_lists:
        for end in _afters([b for _, b in longer], whole_lists):
            yield _More("", None, end, end)
    count, first = longer[0]
    for less in (head.shown, 0):
        for found in re.finditer(rf"(?<!\d){count - less}(?!\d)", first[:LONGEST]):
            before = first[: found.start()]
            starts = [f"{before}{c - less}" for c, _ in longer]
            if not all(
                b.startswith(s) and not b[len(s) :][:1].isdigit() for s, (_, b) in zip(starts, longer, strict=True)
            ):
                continue
            ends = [(c - less, b[len(s) :]) for s, (c, b) in zip(starts, longer, strict=True)]
            for end in _afters([e for _, e in ends], whole_lists):
                yield _More(before, less, end, end)
            ones, others = ([e for n, e in ends if (n == 1) == single] for single in (True, False))
            if ones and others and ones[0] != others[0]:
                for one, end in zip(_afters(ones, whole_lists), _afters(others, whole_lists), strict=False):
                    if one and end:
                        yield _More(before, less, one, end)


def _afters(rests: Sequence[str], whole_lists: set[str]) -> Iterator[str]:
    """What the text about others may end with: all but what follows whole lists, too; if that is unknown, signs or words."""
    if len(whole_lists) == 1:
        (further,) = whole_lists
        if len(set(rests)) == 1 and rests[0].endswith(further) and len(rests[0]) <= len(further) + LONGEST:
            yield rests[0].removesuffix(further)
            return
    yield ""
    for pattern in _AFTER:
        found = re.match(pattern, rests[0])
        if found and all(r.startswith(found.group()) for r in rests) and len(found.group()) <= LONGEST:
            yield found.group()


def _join_bits(join: str) -> int:
    """Bits of what stands between items: letters and digits there are often another item."""
    return len(join) // 2 + sum(DIGIT if c.isdigit() else LETTER for c in join if c.isalnum())


def _bits(constant: str) -> int:
    bits = sum(DIGIT if c.isdigit() else LETTER if c.isalpha() else OTHER for c in constant)
    return BESIDE + bits if constant else 0


def _teaser(head: _Head, more: _More) -> Program:
    items, told = head.items(), more.program(head)
    some = _first(head) if head.shown > 1 else call("pieces.item", 0, items)
    longer = call(">=", call("pieces.count", items), head.most + 1)
    if head.always:
        return call("str.++", some, told)
    if head.most == head.shown and not head.last:
        return call("str.++", some, call("ite", longer, told, ""))
    everything = (
        call("pieces.join_last", head.join, head.last, items) if head.last else call("pieces.join", head.join, items)
    )
    return call("ite", longer, call("str.++", some, told), everything)


def _all_of(parts: Sequence[Program]) -> Program:
    program = parts[-1]
    for part in reversed(parts[:-1]):
        program = call("str.++", part, program)
    return program
