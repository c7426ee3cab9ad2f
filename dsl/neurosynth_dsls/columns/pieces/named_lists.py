"""Names of several people on one line: ``Smith et al.`` for three authors and more, ``Anna & Tom Berg`` for two of one surname."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["NamedLists"]

BASE = 22
"""Bits of a list of names of which the longer ones are cut."""
MERGED = 24
"""Bits of two names with one surname."""
LETTER, OTHER, SEPARATOR = 5, 1, 3
"""Bits of the letters and other characters of the words that stand for the others, and of a separator."""
SEPARATORS = ("; ", ";", ", ", " and ", " & ", " / ", "/", "|", "\n")
"""Separators of names in a cell."""
LONGEST = 16
"""Characters of such words, and of a separator."""
NAMES: tuple[tuple[int, Callable[[str], str], Callable[[Program], Program]], ...] = (
    (0, lambda s: s, lambda p: p),
    (4, lambda s: s.split(" ")[-1], lambda p: call("text.split_at", p, " ", -1)),
    (5, lambda s: s.split(",")[0], lambda p: call("text.split_at", p, ",", 0)),
    (6, lambda s: s.split(" ")[0], lambda p: call("text.split_at", p, " ", 0)),
)
"""Bits of the part of a name that is written, what it is, and its program."""


@dataclass(frozen=True)
class NamedLists:
    """Names of several people."""

    name: str = "named lists"

    def bind(self, column: Column) -> BoundNamedLists:
        """Compare the names of the inputs with the outputs."""
        return BoundNamedLists(column)


class BoundNamedLists:
    """The names of one column."""

    def __init__(self, column: Column) -> None:
        self.pieces: list[Piece] = []
        if column.leaf or len(column.rows) < 3 or not all(column.outputs):
            return
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            if texts is not None and all(texts):
                for separator in SEPARATORS:
                    lists = [t.split(separator) for t in texts]
                    if len({*map(len, lists)}) > 1 and all(map(all, lists)):
                        self.pieces += _cut(column.outputs, lists, source, separator)
        for i in range(len(column.inputs) - 1):
            self.pieces += _merged(column, i, i + 1)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The names, if the rests are the whole outputs."""
        if not any(positions):
            yield from (p for p in self.pieces if p.texts == tuple(rests))


def _cut(outputs: Sequence[str], lists: Sequence[list[str]], source: Program, separator: str) -> Iterator[Piece]:
    """The names joined, or the first one and a word for the others if there are more than so many."""
    for bits, part, build in NAMES:
        names = [[part(n.strip()) for n in xs] for xs in lists]
        if not all(o.startswith(xs[0]) for o, xs in zip(outputs, names, strict=True)):
            continue
        rests = [(o[len(xs[0]) :], xs[1:]) for o, xs in zip(outputs, names, strict=True)]
        cut = {r for r, xs in rests if xs and not any(x and x in r for x in xs)}
        if len(cut) != 1:
            continue
        (word,) = cut
        joined = [xs for (r, _), xs in zip(rests, names, strict=True) if r != word]
        most = max(map(len, joined), default=0)
        whole = [o for (r, _), o in zip(rests, outputs, strict=True) if r != word]
        if most < 2 or len(word) > LONGEST or not word or any(len(xs) <= most for xs in _others(rests, names, word)):
            continue
        for join, last in _joins(joined, whole):
            cost = BASE + bits + SEPARATOR * (1 + (join != last))
            cost += sum(LETTER if c.isalpha() else OTHER for c in word)
            program = partial(_program, source, separator, build if bits else None, join, last, most, word)
            yield Piece(tuple(outputs), cost, program, name="names cut")
            return


def _others(rests: Sequence[tuple[str, list[str]]], names: Sequence[list[str]], word: str) -> list[list[str]]:
    return [xs for (r, _), xs in zip(rests, names, strict=True) if r == word]


def _joins(names: Sequence[list[str]], outputs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The separators with which all names give the outputs: between any two, and before the last."""
    longest = max(range(len(names)), key=lambda n: len(names[n]))
    parts = re.split(
        "|".join(map(re.escape, sorted(filter(None, names[longest]), key=len, reverse=True))), outputs[longest]
    )
    between = [p for p in parts if p]
    if not between or max(map(len, between)) > LONGEST:
        return
    join, last = between[0], between[-1]
    if all(_join_last(join, last, xs) == o for xs, o in zip(names, outputs, strict=True)):
        yield join, last


def _join_last(join: str, last: str, names: Sequence[str]) -> str:
    return last.join([join.join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _program(
    source: Program,
    separator: str,
    part: Callable[[Program], Program] | None,
    join: str,
    last: str,
    most: int,
    word: str,
) -> Program:
    names = call("pieces.split", separator, source)
    written = names if part is None else call("pieces.map", Lambda((STRING,), part(Variable(0, STRING))), names)
    first = call("pieces.item", 0, written)
    listed = call("pieces.join", join, written) if join == last else call("pieces.join_last", join, last, written)
    return call("ite", call(">=", call("pieces.count", names), most + 1), call("str.++", first, text(word)), listed)


def _merged(column: Column, i: int, j: int) -> Iterator[Piece]:
    """Two names, the surname of both once; or one where the other cell is empty."""
    pairs = [(row[i], row[j]) for row in column.rows]
    if not all(isinstance(a, str) and isinstance(b, str) and a for a, b in pairs):
        return
    same = [" " in a and " " in b and a.rpartition(" ")[2] == b.rpartition(" ")[2] for a, b in pairs]
    if all(same) or not any(same):
        return
    both = next(n for n, s in enumerate(same) if s)
    (a, b), output = pairs[both], column.outputs[both]
    first = a.rpartition(" ")[0]
    if not (output.startswith(first) and output.endswith(b)) or len(output) <= len(first) + len(b):
        return
    separator = output[len(first) : len(output) - len(b)]
    values = tuple(
        a.rpartition(" ")[0] + separator + b if s else separator.join(filter(None, (a, b)))
        for (a, b), s in zip(pairs, same, strict=True)
    )
    if values == column.outputs and len(separator) <= LONGEST:
        one, other = column.inputs[i], column.inputs[j]
        cost = MERGED + sum(LETTER if c.isalpha() else OTHER for c in separator)
        yield Piece(values, cost, partial(_one_surname, one, other, separator), name="one surname")


def _one_surname(one: Program, other: Program, separator: str) -> Program:
    same = call("=", *(call("text.after_last", p, " ") for p in (one, other)))
    merged = call("str.++", call("text.before_last", one, " "), call("str.++", text(separator), other))
    return call("ite", same, merged, call("text.join_filled", separator, one, other))
