"""Every number of a cell under one rule, however many there are: ``24 x 36.5 cm`` in millimetres, ``1;12`` as ``01, 12``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Input, Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.number_format import read_number
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.list_joins import joined_lists
from neurosynth_dsls.columns.pieces.number_decimals import decimals_of
from neurosynth_dsls.columns.pieces.number_guess import NumberTexts, number_texts
from neurosynth_dsls.columns.pieces.number_lines import Rule
from neurosynth_dsls.columns.pieces.number_values import nice_steps, rules
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.types import DECIMAL

__all__ = ["NumberItems"]

ALL = 8
"""Bits of all numbers of a cell."""
FEWEST = 4
"""Fewest distinct numbers that tell a rule."""
KEPT = 3
"""Rules that are kept for each notation, the cheapest."""
LOST = 10
"""Bits for decimals that a number of the table has and its notation lacks, where the rule rounds nothing."""
LONGEST = 15
"""Digits from which on numbers are identifiers."""
PATTERNS = (
    (r"\d+(?:\.\d+)?", "0.*"),
    (r"-?\d+(?:\.\d+)?", "0.*"),
    (r"\d+(?:,\d+)?", "[comma]0.*"),
    (r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", "#,##0.*"),
)
"""Patterns of numbers, and the formats that read them."""
_DATED = re.compile(r"\d:\d|\d{4}-\d\d|\d{1,2}([-/.])\d{1,2}\1\d")
_EXACT = ("", "shift", "linear")


@dataclass(frozen=True)
class NumberItems:
    """All numbers of an input, each changed in the same way, and joined again."""

    name: str = "number items"

    def bind(self, column: Column) -> BoundItems:
        """Find the numbers of the inputs and those of the outputs."""
        return BoundItems(column)


class BoundItems:
    """The numbers of the cells of one column."""

    def __init__(self, column: Column) -> None:
        self.pieces: list[Piece] = []
        if not column.believes:
            return
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            every = [row[i] for row in column.every if isinstance(row[i], str)]
            if texts is None or len({len(re.findall(r"\d+", t)) for t in every}) < 2:
                continue  # numbers at fixed places are written one by one
            if any(map(_DATED.search, texts)) or not all(map(re.compile(r"\d").search, texts)):
                continue
            self.pieces += _changed(column, source, texts, every)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The numbers that the rests start with."""
        for piece in self.pieces:
            if all(map(str.startswith, rests, piece.texts)):
                yield piece


def _changed(column: Column, source: Program, texts: Sequence[str], every: Sequence[str]) -> Iterator[Piece]:
    """The numbers of an input, if the outputs have as many."""
    seen: list[list[list[str]]] = []
    for pattern, form in PATTERNS:
        items = [re.findall(pattern, t) for t in texts]
        if items in seen or max(map(len, items)) < 2:
            continue
        seen.append(items)
        xs = _read(form, [x for xs in items for x in xs])
        told = _told(column.outputs, items)
        if xs is None or told is None or len({*xs}) < FEWEST:
            continue
        written = [y for ys in told for y in ys]
        for notation in number_texts(written):
            found = rules(xs, notation.values, nice_steps(), notation.decimals, notation.fixed)
            if notation.kept:
                found = (r for r in found if r.family in ("", "shift"))
            same = written == [x for xs in items for x in xs]
            for rule in sorted((r for r in found if r.key or not same), key=lambda r: r.cost)[:KEPT]:
                others = _read(form, [x for t in every for x in re.findall(pattern, t)])
                cost = ALL + rule.cost + notation.cost + LOST * _loses(rule, notation, others)
                build = partial(_program, source, pattern, form, rule, notation.pattern)
                yield from joined_lists(told, cost, build, column.outputs, 0, lambda text, rows: False)


def _read(form: str, texts: Sequence[str]) -> list[Decimal] | None:
    """The numbers of texts; None if one is none, or has too many digits."""
    if any(len(t) > LONGEST for t in texts):
        return None
    try:
        return [read_number(form, t) for t in texts]
    except ValueError:
        return None


def _told(outputs: Sequence[str], items: Sequence[Sequence[str]]) -> list[list[str]] | None:
    """The numbers of the outputs, in the first notation that finds as many as in the inputs."""
    for pattern, _ in PATTERNS:
        found = [re.findall(pattern, o) for o in outputs]
        if [*map(len, found)] == [*map(len, items)]:
            return found
    return None


def _loses(rule: Rule, notation: NumberTexts, numbers: Sequence[Decimal] | None) -> bool:
    """Whether the notation drops decimals of a number of the table although the rule does not round."""
    if numbers is None or rule.family not in _EXACT or "*" in notation.pattern:
        return False
    value, most = function_of(rule.build(Input(0, DECIMAL))), decimals_of(notation.pattern)
    return any(isinstance(y := value((x,)), Decimal) and round(y, most) != y for x in numbers)


def _program(source: Program, pattern: str, form: str, rule: Rule, written: str) -> Program:
    number = rule.build(call("decimal.parse", form, Variable(0, STRING)))
    each = Lambda((STRING,), call("decimal.format", written, number))
    return call("pieces.map", each, call("re.find_all", pattern, source))
