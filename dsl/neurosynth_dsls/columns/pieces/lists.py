"""Lists inside a cell: items between separators or marks that are chosen, changed, sorted, numbered, joined again, or counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import methodcaller

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.casing import case_words, first_upper
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.inner_parts import inner_parts
from neurosynth_dsls.columns.pieces.list_ends import without_ends
from neurosynth_dsls.columns.pieces.list_extremes import extreme_items
from neurosynth_dsls.columns.pieces.list_joins import all_changed, all_in, joined_lists
from neurosynth_dsls.columns.pieces.list_marks import marked_items
from neurosynth_dsls.columns.pieces.list_tallies import tallies
from neurosynth_dsls.columns.pieces.list_tests import affix_tests, items_by_cells, word_tests
from neurosynth_dsls.columns.pieces.list_unions import united_lists
from neurosynth_dsls.columns.pieces.nested import Part, parts_with_lists, whole
from neurosynth_dsls.columns.pieces.number_runs import short_ranges, written_runs
from neurosynth_dsls.columns.pieces.prefixed_ranges import prefixed_ranges
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.splitting import between, ranges

__all__ = ["Lists", "Split", "splits"]

FILTERED = 4
"""Bits of choosing items by a test."""
COUNTED = 16
"""Bits of the number of items."""
SPLITS = 8
"""Maximum number of separators of a text that form lists."""
KINDS = 6
"""Maximum number of items with which others are compared, the most frequent."""
RANGES = ("-", "–", "..", ":")
"""Signs between the ends of a range."""
SWAPPED = 32
"""Bits of another order that is seen on at most two items, if the table has longer lists."""
DATED = 8
"""Bits for the pieces of texts that are dates: reading them as dates detects impossible days."""
_DATE = re.compile(r"(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{2,4})")

Items = list[str]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """One way to split a text."""

    key: str
    cost: int
    apply: Callable[[str], Items]
    build: Callable[[Program], Program]


@dataclass(frozen=True, slots=True, eq=False)
class _List:
    """A list of each example row, with the program that makes it."""

    items: tuple[Items, ...]
    cost: int
    build: Callable[[], Program]


@dataclass(frozen=True)
class Lists:
    """Items of lists inside a cell."""

    name: str = "lists"

    def bind(self, column: Column) -> BoundLists:
        """Split the inputs, and find their items in the outputs."""
        return BoundLists(column)


class BoundLists:
    """The lists of one column on the example rows."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.pieces: list[Piece] = []
        if column.leaf and len(column.rows) < 2:
            return
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            if texts is None:
                continue
            every = [row[i] for row in column.every if isinstance(row[i], str)]
            for part in (whole(source, texts, every), *parts_with_lists(source, texts, every, column.outputs)):
                dated = DATED * all(map(_DATE.fullmatch, part.texts))
                for split in splits(part.table, part.texts):
                    items = tuple(map(split.apply, part.texts))
                    made = _List(items, part.cost + split.cost + dated, partial(_split, split, part))
                    self.pieces += self._of_list(made, split, i, part.table)
        self.pieces += (*united_lists(column, self._copied), *prefixed_ranges(column))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The lists that the rests start with."""
        for piece in self.pieces:
            if all(map(str.startswith, rests, piece.texts)):
                yield piece

    def _of_list(self, made: _List, split: Split, i: int, every: Sequence[str]) -> Iterator[Piece]:
        outputs, most = self.column.outputs, max(map(len, made.items))
        swaps = SWAPPED * (self.column.believes and most <= 2 < max(len(split.apply(t)) for t in every))
        for chosen in (made, *self._chosen(made, split, i, every)):
            counted = tuple(str(len(items)) for items in chosen.items)
            if len(set(counted)) > 1 and all(c in o for c, o in zip(counted, outputs, strict=True)):
                yield Piece(counted, COUNTED + chosen.cost, partial(_count, chosen), name="count")
            if chosen is made and split.key and all_in([str(len(x) - 1) for x in chosen.items], outputs):
                fewer = tuple(str(len(x) - 1) for x in chosen.items)
                if len(set(fewer)) > 1:
                    yield Piece(fewer, COUNTED + 2 + chosen.cost, partial(_fewer, chosen), name="count of others")
            if not self.column.believes:
                continue
            if chosen is made and most > 1 and split.key:
                listed = [split.apply(t) for t in every]
                for piece in extreme_items(made.items, listed, made.build, outputs):
                    yield replace(piece, cost=piece.cost + made.cost)
            copied = partial(self._copied, split.key)
            if chosen is made and split.key:
                for bits, items, build in marked_items(made.items, outputs):
                    marked = partial(_from_items, build, made)
                    yield from joined_lists(items, made.cost + bits, marked, outputs, swaps, copied)
            for written in _written(chosen, outputs, every, lambda: [x for t in every for x in split.apply(t)]):
                yield from joined_lists(written.items, written.cost, written.build, outputs, swaps, copied)

    def _copied(self, separator: str, text: str, rows: Sequence[int]) -> bool:
        """Whether a text between items has a word and stands in an input of all of some rows, but not as the separator of their items.

        It is a copy then: if the row of Rome becomes ``a Rome b``, the items of other rows are not joined by ``Rome``.
        """
        word = text.strip()
        if word == separator.strip() or not any(map(str.isalpha, word)):
            return False
        return all(any(isinstance(cell, str) and word in cell for cell in self.column.rows[k]) for k in rows)

    def _chosen(self, made: _List, split: Split, i: int, every: Sequence[str]) -> Iterator[_List]:
        """Some of the items: by another list, by their content, by their position."""
        for j, other in enumerate(self.column.inputs):
            texts = texts_of(self.column, j, self.column.rows) if j != i else None
            if texts is None:
                continue
            others = [split.apply(t) for t in texts]
            build = partial(split.build, other)
            for name, bits, kept in (("pieces.without", 6, False), ("pieces.common", 6, True)):
                items = tuple([x for x in xs if (x in ys) == kept] for xs, ys in zip(made.items, others, strict=True))
                if items != made.items:
                    yield _List(
                        items,
                        made.cost + bits,
                        lambda n=name, b=build: call(n, b(), made.build()),  # type: ignore[misc]  # a bound default has no type
                    )
        if not any(len(x) > 1 for x in made.items):
            return
        for bits, items, wrap in (*without_ends(made.items), *items_by_cells(self.column, i, made.items, split.apply)):
            yield _List(items, made.cost + bits, partial(_from_items, wrap, made))
        for bits, test, build_test in (*_tests(split, every), *affix_tests(made.items, self.column.outputs)):
            items = tuple([x for x in xs if test(x)] for xs in made.items)
            if items != made.items:
                yield _List(
                    items,
                    made.cost + bits + FILTERED,
                    lambda b=build_test: call(  # type: ignore[misc]  # a bound default has no type
                        "pieces.filter", Lambda((STRING,), b(Variable(0, STRING))), made.build()
                    ),
                )


def _from_items(build: Callable[[Program], Program], made: _List) -> Program:
    return build(made.build())


def _split(split: Split, part: Part) -> Program:
    return split.build(part.build())


def _count(made: _List) -> Program:
    return call("int.to.str", call("pieces.count", made.build()))


def _fewer(made: _List) -> Program:
    return call("int.to.str", call("-", call("pieces.count", made.build()), 1))


def splits(every: Sequence[str], texts: Sequence[str]) -> Iterator[Split]:
    """Ways to split texts that give several items for some row of the table, and ways to find all items of a kind."""
    separators = sorted({c for t in texts for c in re.findall(r"[^\w\s] |[^\w]", t)} | {"_"})
    longer = {c for t in texts for c in re.findall(r" [^\w\s] | (?:and|or|und|et|y|x|vs\.?) |(?<=\d)[xX](?=\d)", t)}
    found = [s for s in separators if any(s in t for t in texts)][:SPLITS]
    for s in [*found, *sorted(longer)[:2]]:
        yield Split(s, MISSED * _missed(s, every), methodcaller("split", s), lambda p, s=s: call("pieces.split", s, p))  # type: ignore[misc]  # a bound default has no type
    yield from (
        _uneven(s) for s in found if s[-1:] == " " and any(re.search(rf"{re.escape(s[0])}(?! )", t) for t in every)
    )
    for s in [s for s in found if s in ",;|/" and any(re.search(rf"(?:^|{s})\s*(?:{s}|$)", t) for t in every)]:
        pattern = rf"[^{s}\s](?:[^{s}]*[^{s}\s])?"
        yield Split(s, FILLED, re.compile(pattern).findall, lambda p, k=pattern: call("re.find_all", k, p))  # type: ignore[misc]  # a bound default has no type
    if all(s.strip() in RANGES for s in found) and any("-" in t for t in every):
        yield Split(",", 4, methodcaller("split", ","), lambda p: call("pieces.split", ",", p))
    yield from _enumerated(every, texts)
    for opening, closing in _marks(texts):
        yield Split(
            "",
            4,
            partial(between, opening, closing),
            lambda p, o=opening, c=closing: call("pieces.between", o, c, p),  # type: ignore[misc]  # a bound default has no type
        )
    for bits, pattern in KINDS_OF_ITEMS:
        kind = re.compile(pattern)
        if any(len(kind.findall(t)) > 1 for t in texts):
            bits += LOSES * (any(_loses(kind, t) for t in every) and not any(_loses(kind, t) for t in texts))
            yield Split("", bits, kind.findall, lambda p, k=pattern: call("re.find_all", k, p))  # type: ignore[misc]  # a bound default has no type


MISSED = 4
"""Bits of a sign with a blank, if it stands without the blank in some row of the table."""
FILLED = 2
"""Bits of the items between signs that are not empty, if some are."""


def _missed(separator: str, every: Sequence[str]) -> bool:
    """Whether the sign of a separator stands without its blank in some row, but not only before thousands."""
    if len(separator) != 2 or separator[1] != " ":
        return False
    found = [t for t in every if re.search(rf"{re.escape(separator[0])}(?!\s|$)", t)]
    return any(not re.search(r"\d[.,]\d{3}(?!\d)", t) for t in found)


LOSES = 12
"""Bits of items of a kind that leave out letters or digits on some row of the table, and on no example."""


def _loses(kind: re.Pattern[str], text: str) -> bool:
    """Whether letters or digits of a text are in no item of a kind."""
    return any(map(str.isalnum, kind.sub("", text)))


def _uneven(separator: str) -> Split:
    """At a sign that a blank follows on some rows only."""
    sign = separator[0]

    def build(p: Program) -> Program:
        trim = Lambda((STRING,), call("str.trim", Variable(0, STRING)))
        return call("pieces.map", trim, call("pieces.split", sign, p))

    return Split(separator, UNEVEN, lambda t: [x.strip() for x in t.split(sign)], build)


def _enumerated(every: Sequence[str], texts: Sequence[str]) -> Iterator[Split]:
    """At commas or semicolons, and at the word before the last item: ``A, B and C``."""
    for sign in (", ", "; "):
        for word in WORDS:
            if any(sign in t and word in t.rpartition(sign)[2] for t in texts) and all(
                word not in t.rpartition(sign)[0] for t in every
            ):
                pattern = f"{sign.strip()}?{word}|{sign}"
                yield Split(pattern, ENUMERATED, re.compile(pattern).split, lambda p, s=pattern: call("re.split", s, p))  # type: ignore[misc]  # a bound default has no type


WORDS = (" and ", " or ", " & ", " und ", " oder ", " et ", " ou ", " y ", " o ", " e ", " och ", " en ")
"""What stands before the last item of an enumeration."""
ENUMERATED = 2
"""Bits of signs and a word that both part items."""
UNEVEN = 2
"""Bits of a sign that a blank follows on some rows only."""


KINDS_OF_ITEMS = (
    (8, r"\d+"),
    (8, r"-?\d+(?:\.\d+)?"),
    (7, r"#\w+"),
    (7, r"@\w+"),
    (8, r"[A-Z]+"),
    (9, r"[^\W\d_]+"),
    (9, r"[A-Z][a-z]+"),
    (10, r"[A-Z][a-z]*"),
    (9, r"[\w.+-]+@[\w.-]+\w"),
    (6, r"[^/\s]+(?=/)"),
)
"""Bits and pattern of items that are found anywhere."""


def _marks(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Opening and closing marks that occur more than once in some text: tags, brackets, quotes."""
    tags = list(dict.fromkeys(tag for t in texts for tag in re.findall(r"<(\w+)>", t) if f"</{tag}>" in t))
    pairs = [(f"<{tag}>", f"</{tag}>") for tag in tags]
    pairs += [("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ('"', '"'), ("'", "'"), ("“", "”"), ("«", "»")]
    if tags:
        pairs.append((">", "<"))
    return [(o, c) for o, c in pairs if any(len(between(o, c, t)) > 1 for t in texts)][:5]


def _tests(
    split: Split, every: Sequence[str]
) -> Iterator[tuple[int, Callable[[str], bool], Callable[[Program], Program]]]:
    """Tests for choosing items: whether they are among the frequent ones, how they begin, whether they have digits."""
    counts: dict[str, int] = {}
    for text in every:
        for item in split.apply(text):
            counts[item] = counts.get(item, 0) + 1
    common = sorted((x for x, n in counts.items() if n > 1), key=lambda x: (-counts[x], x))[:KINDS]
    for item in common:
        bits = 6 + (2 * len(item) if len(item) < 6 else 12)
        yield bits, lambda x, c=item: x == c, lambda p, c=item: call("=", p, c)  # type: ignore[misc]  # a bound default has no type
        yield bits + 2, lambda x, c=item: x != c, lambda p, c=item: call("not", call("=", p, c))  # type: ignore[misc]  # a bound default has no type
    starts: dict[str, int] = {}
    for item in counts:
        for c in {item[:1], item.strip()[:1]}:
            starts[c] = starts.get(c, 0) + 1
    signs = [c for c, n in starts.items() if 0 < n < len(counts) and c and not c.isalnum()]
    for c in sorted(signs)[:3]:
        yield 8, lambda x, c=c: x.startswith(c), lambda p, c=c: call("str.prefixof", c, p)  # type: ignore[misc]  # a bound default has no type
        yield (
            9,
            lambda x, c=c: not x.startswith(c),  # type: ignore[misc]  # a bound default has no type
            lambda p, c=c: call("not", call("str.prefixof", c, p)),  # type: ignore[misc]  # a bound default has no type
        )
    for bits, pattern in ((8, r"\d"), (8, r"[^\W\d_]"), (9, r"[A-Z]")):
        kind = re.compile(pattern)
        if 0 < sum(kind.search(x) is not None for x in counts) < len(counts):
            yield (
                bits,
                lambda x, k=kind: k.search(x) is not None,  # type: ignore[misc]  # a bound default has no type
                lambda p, k=pattern: call("text.contains_pattern", p, k),  # type: ignore[misc]  # a bound default has no type
            )
    marks = {m for x in counts for m in re.findall(r"[^\w\s]|=\w+|:\w+", x)}
    for mark in sorted(m for m in marks if 0 < sum(m in x for x in counts) < len(counts))[:KINDS]:
        bits = 8 + 2 * len(mark)
        yield bits, lambda x, m=mark: m in x, lambda p, m=mark: call("str.contains", p, m)  # type: ignore[misc]  # a bound default has no type
    yield from word_tests(list(counts))


def spaced(item: str) -> str:
    """The words of a name such as some-name, with blanks between them."""
    return " ".join(case_words(item))


EACH: tuple[tuple[int, tuple[str, ...], Callable[[str], str]], ...] = (
    (0, (), lambda x: x),
    (1, ("str.trim",), str.strip),
    (3, ("str.capitalize",), str.capitalize),
    (3, ("str.title",), str.title),
    (4, ("text.first_upper",), first_upper),
    (4, ("str.upper",), str.upper),
    (4, ("str.lower",), str.lower),
    (4, ("text.spaced",), spaced),
    (6, ("text.spaced", "str.capitalize"), lambda x: spaced(x).capitalize()),
    (6, ("text.spaced", "str.title"), lambda x: spaced(x).title()),
)
"""Bits and names of the changes to each item."""


LOWERED = 6
"""Bits of small letters behind the first of each item, if names stand in the small letters of some row of the table."""
_INNER_NAME = re.compile(r"[a-z] [A-Z][a-z]")


def _written(
    made: _List, outputs: Sequence[str], every: Sequence[str], listed: Callable[[], list[str]]
) -> Iterator[_List]:
    """The items, each changed, with ranges among them written out, as in the outputs."""
    text = "\n".join([x for xs in made.items for x in xs])
    for bits, names, change in EACH if "-" in text or "_" in text else EACH[:7]:
        items = all_changed(made.items, change, outputs)
        if items is not None and not (names and items == made.items):
            lowers = change is str.capitalize and any(map(_INNER_NAME.search, listed()))
            bits += LOWERED * lowers
            yield _List(items, made.cost + bits, _mapped(made, _each(names)) if names else made.build)
    for bits, items, tally in tallies(made.items, outputs):
        yield _List(items, made.cost + bits, lambda t=tally: t(made.build()))  # type: ignore[misc]  # a bound default has no type
    for parts, bits, part in inner_parts(made.items, outputs, listed):
        yield _List(parts, made.cost + bits, _mapped(made, part))
    for sign in RANGES:
        if sign not in text or not short_ranges(sign, made.items):
            continue
        if any(map(re.compile(rf"\d{re.escape(sign)}\d").search, every)):
            spread = tuple(ranges(sign, xs) for xs in made.items)
            if spread != made.items and all(x in o for xs, o in zip(spread, outputs, strict=True) for x in xs):
                yield _List(spread, made.cost + 6, lambda s=sign: call("pieces.ranges", s, made.build()))  # type: ignore[misc]  # a bound default has no type
    for items, bits, shorten in written_runs(made.items, outputs):
        yield _List(items, made.cost + bits, lambda f=shorten: f(made.build()))  # type: ignore[misc]  # a bound default has no type


def _each(names: Sequence[str]) -> Lambda:
    program: Program = Variable(0, STRING)
    for name in names:
        program = call(name, program)
    return Lambda((STRING,), program)


def _mapped(made: _List, change: Lambda) -> Callable[[], Program]:
    return lambda: call("pieces.map", change, made.build())
