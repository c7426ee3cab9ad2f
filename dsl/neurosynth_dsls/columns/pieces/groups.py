"""Letters and digits of an input in groups by position, whatever signs were between them: telephone, card and account numbers.

``(415) 555-0132``, ``415.555.0132`` and ``4155550132`` have the same ten digits; one rule makes ``415-555-0132`` from all of them.
A code may also be the last part of an input, such as the postcode of an address, or the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.national_numbers import national_numbers
from neurosynth_dsls.columns.pieces.substrings import column_of_decimals, texts_of

__all__ = ["Groups"]

BASE = 10
"""Bits of any grouping."""
LENGTH, REPEATED = 3, 2
"""Bits of a group whose length is unique, and of one whose length another has."""
OPEN = 3
"""Additional bits of a first or last group of any length."""
SIGNS = 2
"""Bits of the signs before a group, at their first occurrence."""
LONGEST = 34
"""Maximum number of letters and digits of a code, which is that of an international account number."""
UNKNOWN = 20
"""Bits if no row of the table has as many characters; proportional if some have not."""

LOCAL, PREFIX, LAST = 9, 3, 4
"""Digits of a telephone number at least, those of a country in front of some at most, and bits of leaving them out."""

PARTS, PART = ",;:|/\n", 6
"""Signs before the last part or behind the first one of all inputs, which may be codes, and bits of such a part."""

READERS: tuple[tuple[int, Callable[[Program], Program]], ...] = (
    (4, lambda p: call("str.only_digits", p)),
    (5, lambda p: call("text.only_alphanumeric", p)),
    (8, lambda p: call("str.upper", call("text.only_alphanumeric", p))),
)
"""The kept characters of a text, with bits."""


@dataclass(frozen=True)
class Groups:
    """Characters of the inputs in groups."""

    name: str = "groups"

    def bind(self, column: Column) -> BoundGroups:
        """Read the letters and digits of the inputs."""
        return BoundGroups(column)


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    cost: int
    program: Program
    source: tuple[str, ...]
    texts: tuple[str, ...]
    """The kept characters of the example rows."""
    judged: tuple[int, ...]
    """Their number on the rows without outputs."""
    ungrouped: bool = False
    """Whether they are also offered as they are, without signs between them."""


class BoundGroups:
    """The letters and digits of one column."""

    def __init__(self, column: Column) -> None:
        self.kept = list(_kept(column, READERS if column.believes else READERS[:1]))
        self.least = 1 if column.believes else 7

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """Groupings of all kept characters with which the rests start."""
        for kept in self.kept:
            piece = _piece(kept, rests) if min(map(len, kept.texts)) >= self.least else None
            if piece is not None:
                yield piece


def _kept(column: Column, readers: Sequence[tuple[int, Callable[[Program], Program]]]) -> Iterator[_Kept]:
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or column_of_decimals(column, i):
            continue
        judged = [row[i] for row in column.judged if isinstance(row[i], str) and row[i]]
        yield from _read(source, texts, judged, readers)
        if not column.believes or column.leaf:
            continue
        every = [row[i] for row in column.every if isinstance(row[i], str) and row[i]]
        for bits, form in national_numbers(texts, every, column.outputs):
            found, lengths = tuple(map(form.digits, texts)), tuple(len(form.digits(t)) for t in judged)
            yield _Kept(bits, form.program(source), tuple(texts), found, lengths, True)
        for sign in [s for s in PARTS if all(s in t for t in texts)]:
            bits = PART + UNKNOWN * sum(sign not in t for t in judged) // max(1, len(judged))
            for n in (-1, 0):
                part = call("text.split_at", source, sign, n)
                for kept in _read(part, [t.split(sign)[n] for t in texts], [t.split(sign)[n] for t in judged], readers):
                    yield replace(kept, cost=kept.cost + bits)


def _read(
    source: Program,
    texts: Sequence[str],
    judged: Sequence[str],
    readers: Sequence[tuple[int, Callable[[Program], Program]]],
) -> Iterator[_Kept]:
    evaluator = Evaluator()
    seen = set()
    for cost, build in readers:
        compute = evaluator.function(build(Input(0, STRING)))
        found = tuple(compute((t,)) for t in texts)
        if any(c.isalpha() and c not in f + f.lower() for t, f in zip(texts, found, strict=True) for c in t):
            continue  # digits among words do not form one code
        coded = all(re.search(r"\d", f) and len(f) <= LONGEST for f in found)
        if coded and found not in seen:
            seen.add(found)
            lengths = tuple(len(compute((t,))) for t in judged)
            yield _Kept(cost, build(source), tuple(texts), found, lengths)
            least = min((*map(len, found), *lengths))
            if all(map(str.isdecimal, found)) and LOCAL <= least < max(map(len, found)) <= least + PREFIX:
                program = call("str.drop", build(source), -least)
                ends = tuple(f[-least:] for f in found)
                yield _Kept(cost + LAST, program, tuple(texts), ends, tuple(least for _ in lengths))


def _piece(kept: _Kept, rests: Sequence[str]) -> Piece | None:
    found = []
    for text, rest in zip(kept.texts, rests, strict=True):
        groups = _grouped(text, rest)
        if groups is None:
            return None
        found.append(groups)
    signs = found[0][0]
    lengths = [g[1] for g in found]
    if kept.ungrouped and all(g[0] == ("",) for g in found):
        return Piece(kept.texts, BASE + kept.cost, lambda: kept.program, name="national numbers")
    if len(signs) < 2 or any(g[0] != signs for g in found):
        return None
    shape = _shape(lengths)
    texts = tuple(rest[: g[2]] for g, rest in zip(found, rests, strict=True))
    if shape is None or texts == kept.source or (None in shape and not {".", ","}.isdisjoint(signs)):
        return None  # groups of any length before a point or a comma are numbers
    pattern = "^" + "".join("(.+)" if n is None else f"(.{{{n}}})" for n in shape) + "$"
    by = "".join(s.replace("\\", r"\\") + rf"\{n}" for n, s in enumerate(signs, 1))
    known = [n for n in shape if n is not None]
    cost = BASE + kept.cost + LENGTH * len(set(known)) + REPEATED * (len(known) - len(set(known)))
    cost += OPEN * shape.count(None) + SIGNS * len({s for s in signs if s})
    if kept.judged:
        least, exact = sum(known), None not in shape
        cost += UNKNOWN * sum(n != least if exact else n <= least for n in kept.judged) // len(kept.judged)
    return Piece(texts, cost, partial(call, "re.replace", pattern, by, kept.program), name="groups")


def _grouped(kept: str, rest: str) -> tuple[tuple[str, ...], tuple[int, ...], int] | None:
    """The signs before each group, the lengths of the groups, and the end of the last one in ``rest``; None for another text."""
    signs, lengths, at, end = [], [], 0, 0
    while at < len(kept):
        found = _GROUP.match(rest, end)
        if found is None:
            return None
        group = found.group(2)[: len(kept) - at]
        if not kept.startswith(group, at):
            return None
        signs.append(found.group(1))
        lengths.append(len(group))
        at, end = at + len(group), found.start(2) + len(group)
    return tuple(signs), tuple(lengths), end


_GROUP = re.compile(r"([\W_]*)([^\W_]+)")


def _shape(lengths: Sequence[Sequence[int]]) -> list[int | None] | None:
    """The lengths that all rows share, with None for the first or the last group if its length varies."""
    shape = [column[0] if len(set(column)) == 1 else None for column in zip(*lengths, strict=True)]
    return shape if None not in shape[1:-1] and shape.count(None) < 2 and len(shape) < 10 else None
