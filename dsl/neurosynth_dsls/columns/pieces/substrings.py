"""Substrings of the inputs, unchanged or in another letter case, between positions that exist in all example rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import substring
from neurosynth_dsls.columns.pieces.contexts import (
    CONFUSED,
    CONTEXT,
    SEPARATES,
    SHORT,
    STRANGE,
    Contexts,
    confused,
    loses_zeros,
    unpadded,
)
from neurosynth_dsls.columns.pieces.folding import folding_of, surely_folded
from neurosynth_dsls.columns.pieces.further_variants import folded, further_variants
from neurosynth_dsls.columns.pieces.output_patterns import output_tokens
from neurosynth_dsls.columns.pieces.positions import (
    EdgePosition,
    EndPosition,
    Fixed,
    FromLeft,
    Position,
    PositionTable,
    Spans,
    end_cost,
    position_table,
    spans,
)
from neurosynth_dsls.columns.pieces.tails import cut_words, tail_tokens
from neurosynth_dsls.columns.pieces.variants import SIGNLESS, VARIANTS, Variant, joined, lose_signs, replacements

CASES = 5
"""Number of variants in which letters keep or change their case, the first ones."""

__all__ = ["Substrings", "column_of_decimals", "texts_of"]

SAME = 3
"""Number of rows with one value from which an input is assumed to be constant."""
MANY = 16
"""Number of expressions of one position that are compared."""
BASE = 10
"""Bits of any substring."""
LONGEST = 600
"""Maximum number of characters of a text in which positions are sought."""
LEFTS, RIGHTS = 4, 5
"""Number of left and of right ends that are combined, all different somewhere in the table."""
UNDEFINED = 20
"""Bits for a piece that is undefined on all rows of the table; proportional if on some."""
CUT = 15
"""Bits for a piece that cuts words, or has blanks at its ends, on all rows of the table and on no example; proportional if on some."""
WHOLE = 2
"""Bits that a whole text costs less than a part of it."""
LACKING = 3
"""Bits for a piece that, on some row of the table, lacks a sign that it has on every example."""
CUT_COUNTED = 15
"""Additional bits for an end that is so many signs further and cuts words of the table and of no example: all examples have words of one
length by coincidence."""
KNOWN = 0.25
"""Share of the bits for other signs around a piece if it is the only match of a telling pattern in its text."""
CUTS_DECIMAL = 22
"""Bits for ending between the digits of an input that is a number with decimals in all rows of the table: such a number is rounded."""
INTO_RUN = 3
"""Bits for beginning inside a run of letters or digits of every example, and for ending between digits: words and numbers are usually
whole."""
FROM_END = 2
"""Bits for ending inside a run of every example at a distance from the end of the text: a fixed length is likelier."""
CODE = 2
"""Bits saved by an absolute position in a code: equally many letters and digits in all rows of the table."""
SPLITS_RUN = 4
"""Bits for ending inside a run of letters or digits of the output."""


def texts_of(column: Column, i: int, rows: Sequence[tuple[Any, ...]]) -> list[str] | None:
    """Input ``i`` on rows, or None if it is not text, missing on one of them, or constant in the whole table."""
    if column.inputs[i].type != STRING or _constant(column, i):
        return None
    values = [row[i] for row in rows]
    return values if all(isinstance(v, str) for v in values) else None


def _constant(column: Column, i: int) -> bool:
    """Whether an input is constant in the table, so that no output depends on it."""
    known: dict[int, bool] = column.memo.setdefault("constant inputs", {})
    if i not in known:
        known[i] = len(column.every) > SAME and len({row[i] for row in column.every}) == 1
    return known[i]


@dataclass(frozen=True)
class Substrings:
    """Parts of the inputs."""

    name: str = "substrings"

    def bind(self, column: Column) -> BoundSubstrings:
        """Find the positions in all inputs."""
        return BoundSubstrings(column)


@dataclass(slots=True)
class _Table:
    positions: PositionTable
    variant: Variant
    source: Program
    column: int
    """The index of the input."""
    judged: list[str]
    """The same text on the rows on which pieces are judged; empty if missing."""
    decimals: bool = False
    """Whether it is a number in all rows of the table, with decimals in some."""
    code: bool = False
    """Whether it is without its signs, and of one length in all rows of the table."""
    unchanged: tuple[list[str], list[str]] = ([], [])
    """The unchanged texts of the examples and of the judged rows, if a sign stands for two after the change."""
    distinct: dict[int, list[Position]] = field(default_factory=dict)
    """By the identity of a list of positions, those that differ somewhere in the table."""


class BoundSubstrings:
    """The positions in one column's texts."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.memo: Spans = column.memo.setdefault("spans", {})
        self.tables: list[_Table] = []
        for i, program in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            if texts is not None:
                self._add_tables(i, program, texts)

    def _add_tables(self, i: int, program: Program, texts: list[str]) -> None:
        seen: set[tuple[str, ...]] = set()
        every = [row[i] for row in self.column.every if isinstance(row[i], str)]
        decimals = column_of_decimals(self.column, i)
        outputs, folding = self.column.outputs, folding_of(self.column, i)
        plain = () if folding is None else [folded(v, folding) for v in VARIANTS[:CASES]]
        more_variants = further_variants(every, texts, outputs)
        usual = VARIANTS[CASES:] if plain and surely_folded(self.column) else VARIANTS
        for variant in (*plain, *usual, *replacements(every, texts, outputs), *more_variants):
            changed = tuple(map(variant.function, texts))
            if not all(changed) or changed in seen or max(map(len, changed)) > LONGEST:
                continue
            bare = variant.name in SIGNLESS and lose_signs(texts, every)
            if (
                variant.compared
                and not bare
                and not any(_share(c, t, o) for c, t, o in zip(changed, texts, self.column.outputs, strict=True))
            ):
                continue
            seen.add(changed)
            more = output_tokens(self.column.outputs, every) if not variant.compared else []
            more = [*more, *tail_tokens(changed, self.column.outputs)]
            judged = [variant.function(row[i] or "") for row in self.column.judged]
            table = position_table(changed, self.memo, more, judged)
            table.relative += cut_words(changed, self.column.outputs)
            code = bare and len({*map(len, changed), *map(len, judged)}) == 1
            if bare:
                variant = replace(variant, cost=variant.cost - SIGNLESS[variant.name], compared=False)
            if variant.compared:
                given = [row[i] or "" for row in self.column.judged]
                bits = joined(list(zip(texts, changed, strict=True)), list(zip(given, judged, strict=True)))
                variant = replace(variant, cost=variant.cost + bits)  # the same piece, but more expensive here
            made = _Table(table, variant, variant.program(program), i, judged, decimals, code)
            if variant.confused and any(variant.confused in t for t in every):
                made.unchanged = (texts, [row[i] or "" for row in self.column.judged])
            self.tables.append(made)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The substrings that the rests start with."""
        if not all(rests):
            return
        for table in self.tables:
            yield from self._in_table(table, rests)

    def _distinct(self, table: _Table, ways: Sequence[Position]) -> list[Position]:
        """The cheapest expressions of a position, one for each of its places in the rest of the table."""
        known: list[Position] | None = table.distinct.get(id(ways))
        if known is None:
            first: dict[tuple[int | None, ...], Position] = {}
            for way in ways[:MANY]:
                first.setdefault(tuple(self._places(table, way)), way)
            known = list(first.values()) if table.judged else list(ways)
            table.distinct[id(ways)] = known = known[: max(LEFTS, RIGHTS)]
        return known

    def _in_table(self, table: _Table, rests: Sequence[str]) -> Iterator[Piece]:
        texts, count = table.positions.texts, len(rests)
        first_text, first_rest = texts[0], rests[0]
        items = table.positions.items  # in the order of their places: right ends are behind the left one
        for i, (lefts, left_ways) in enumerate(items):
            if first_text[lefts[0] : lefts[0] + 1] != first_rest[0]:
                continue
            longest = [_agreement(t, at, r) for t, at, r in zip(texts, lefts, rests, strict=True)]
            if not all(longest):
                continue
            ends: dict[tuple[int, ...], list[EndPosition]] = {}
            farthest = lefts[0] + longest[0]
            for rights, right_ways in items[i + 1 :]:
                if rights[0] > farthest:
                    break
                if all(0 < rights[k] - lefts[k] <= longest[k] for k in range(count)):
                    ends[rights] = list(self._distinct(table, right_ways))
            for relative in table.positions.relative:
                found = []
                for k in range(count):
                    at = relative.find(texts[k], lefts[k])
                    if at is None or not 0 < at - lefts[k] <= longest[k]:
                        break
                    found.append(at)
                else:
                    ends.setdefault(tuple(found), []).append(relative)
            for rights, ways in ends.items():
                lengths = [b - a for a, b in zip(lefts, rights, strict=True)]
                cut = sum(_inside(r, n) for r, n in zip(rests, lengths, strict=True)) * SPLITS_RUN // count
                cut += self._into(table, lefts, rights)
                ends_inside = all(map(_cuts, texts, rights))
                ways.sort(key=lambda p: p.cost)
                for left, right in self._pairs(table, left_ways, ways):
                    back = FROM_END * (ends_inside and isinstance(right, Fixed) and (right.at or 0) < 0)
                    saved = CODE * table.code * (isinstance(left, Fixed) + isinstance(right, Fixed))
                    yield self._piece(table, rests, lengths, left, right, cut + back - saved)

    def _pairs(
        self, table: _Table, lefts: Sequence[Position], rights: Sequence[EndPosition]
    ) -> Iterator[tuple[Position, EndPosition]]:
        """Left and right ends that are combined: the cheapest, and those of a whole match."""
        for left in self._distinct(table, lefts)[:LEFTS]:
            for right in rights[:RIGHTS]:
                yield left, right
        for left in lefts:
            if isinstance(left, EdgePosition) and left.token.whole and left.side == 0:
                match = [r for r in rights if isinstance(r, FromLeft) and r.token == left.token]
                yield from ((left, right) for right in match[:1])

    def _into(self, table: _Table, lefts: Sequence[int], rights: Sequence[int]) -> int:
        """Bits for pieces that begin inside words, or cut numbers with decimals."""
        texts = table.positions.texts
        if table.variant.name in SIGNLESS and not table.variant.compared:
            return 0  # words without signs between them are cut in any case
        bits = INTO_RUN * (all(map(_cuts, texts, lefts)) + all(map(_in_digits, texts, rights)))
        if table.decimals and any(
            _in_digits(t, a) or _in_digits(t, b) for t, a, b in zip(texts, lefts, rights, strict=True)
        ):
            bits += CUTS_DECIMAL
        return bits

    def _piece(
        self, table: _Table, rests: Sequence[str], lengths: Sequence[int], left: Position, right: EndPosition, cut: int
    ) -> Piece:
        texts = tuple(r[:n] for r, n in zip(rests, lengths, strict=True))
        cost = BASE + table.variant.cost + left.cost + end_cost(left, right) + cut
        cost += self._undefined(table, left, right, texts) - WHOLE * _is_whole(left, right)
        copies = table.column if any(c.isdigit() for t in texts for c in t) else None
        return Piece(texts, cost, lambda: self._program(table, left, right), copies=copies, name="substring")

    def _program(self, table: _Table, left: Position, right: EndPosition) -> Program:
        texts = (*table.positions.texts, *filter(None, table.judged))
        return substring(table.source, left, right, texts)

    def _undefined(self, table: _Table, left: Position, right: EndPosition, texts: Sequence[str]) -> int:
        """Bits for rows of the table on which the positions do not exist, are reversed, or cut a word.

        Pieces that have a sign on every example and lack it on another row are suspect, too, and so are those without one that then
        have a comma: ``Ott, `` and then ``von ``.
        """
        if not table.judged:
            return 0
        starts = self._places(table, left)
        if isinstance(right, FromLeft):
            ends = [
                right.find(t, at) if at is not None and t else None for t, at in zip(table.judged, starts, strict=True)
            ]
        else:
            ends = self._places(table, right)
        signs = _shared_signs(texts)
        known = {c for t in texts for c in SEPARATES.findall(t)}
        strange = short = 0
        failed, cut, ragged, lacking, other = 0, 0, 0, 0, 0.0
        shown = list(self._shown(table, left, right))
        contexts, numeric = (
            Contexts(shown),
            len(shown) > 1 and any(map(loses_zeros, shown)) and all(map(unpadded, shown)),
        )
        counted = isinstance(right, FromLeft) and right.token is None
        counted = counted or (isinstance(right, Fixed) and right.at is not None and right.at > 0)
        for text, start, end in zip(table.judged, starts, ends, strict=True):
            if start is None or end is None or end <= start:
                failed += 1
            else:
                inside = _cuts(text, start) or _cuts(text, end)
                cut += inside
                ragged += inside or text[start].isspace() or text[end - 1].isspace()
                lacking += any(text.find(sign, start, end) < 0 for sign in signs)
                strange += not known.issuperset(SEPARATES.findall(text, start, end))
                short += contexts.stops_short((text, start, end))
                unlike = contexts.unlike((text, start, end), counted=counted)
                unlike *= KNOWN if self._alone(left, right, text) else 1
                other += max(unlike, float(numeric and not unpadded((text, start, end))))
        if cut and any(_cuts(text, a) or _cuts(text, b) for text, a, b in shown):  # then cutting is intended
            cut = ragged = 0
        if any(text[a].isspace() or text[b - 1].isspace() for text, a, b in shown):  # blanks at the ends are, too
            ragged = cut
        if table.decimals:  # the whole part of 18 ends with the text, and that of 19.5 does not
            other = 0.0
        share = int(UNDEFINED * failed + CUT * ragged + CUT_COUNTED * counted * cut + CONTEXT * other) // len(starts)
        strange *= len(texts) > 1
        if table.unchanged[1]:
            given, others = table.unchanged
            places = [(t, a, b) for t, (_, a, b) in zip(given, shown, strict=True)]
            share += CONFUSED * confused(table.variant.confused, places, zip(others, starts, ends, strict=True))
        return share + LACKING * (lacking > 0) + STRANGE * (strange > 0) + SHORT * (short > 0)

    def _alone(self, left: Position, right: EndPosition, text: str) -> bool:
        """Whether the piece is the only match of a telling pattern in a text."""
        if not isinstance(left, EdgePosition) or not left.token.telling or isinstance(right, Fixed):
            return False
        return right.token is left.token and len(spans(left.token.pattern, text, self.memo)) == 1

    def _shown(self, table: _Table, left: Position, right: EndPosition) -> Iterator[tuple[str, int, int]]:
        """The position of the piece in the examples."""
        for text in table.positions.texts:
            start = left.find(text, self.memo)
            if start is None:
                continue
            end = right.find(text, start) if isinstance(right, FromLeft) else right.find(text, self.memo)
            if end is not None:
                yield text, start, end

    def _places(self, table: _Table, position: Position) -> list[int | None]:
        known: list[int | None] | None = table.positions.memo.get(id(position))
        if known is None:
            known = table.positions.memo[id(position)] = [position.find(t, self.memo) for t in table.judged]
        return known


def _is_whole(left: Position, right: EndPosition) -> bool:
    """Whether it is the whole text."""
    return isinstance(left, Fixed) and left.at == 0 and isinstance(right, Fixed) and right.at is None


def _cuts(text: str, at: int) -> bool:
    """Whether a position is inside a run of letters and digits, or before the decimals of a number."""
    if not 0 < at < len(text) or not text[at].isalnum():
        return False
    return text[at - 1].isalnum() or (at > 1 and text[at].isdigit() and text[at - 1] == "." and text[at - 2].isdigit())


def _shared_signs(texts: Sequence[str]) -> set[str]:
    """Signs that all texts have; none for one text."""
    signs = {c for c in texts[0] if not c.isalnum() and not c.isspace()} if len(texts) > 1 else set()
    return {c for c in signs if all(c in t for t in texts)}


def _in_digits(text: str, at: int) -> bool:
    """Whether a position is between two digits."""
    return 0 < at < len(text) and text[at - 1].isdigit() and text[at].isdigit()


_NUMBER = re.compile(r"\s*[-+]?[$€£¥]?\s?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s?%?\s*")


def column_of_decimals(column: Column, i: int) -> bool:
    """Whether an input is a number in all rows of the table, with decimals in some."""
    known: dict[int, bool] = column.memo.setdefault("columns of decimals", {})
    if i not in known:
        given = [row[i] for row in column.every if isinstance(row[i], str) and row[i].strip()]
        known[i] = any("." in t for t in given) and all(map(_NUMBER.fullmatch, given))
    return known[i]


def _share(changed: str, text: str, output: str) -> bool:
    """Whether the output contains something that the changed text has and the text itself lacks."""
    if any(c in output and c not in text for c in set(changed) if c.isalnum()):
        return True
    pairs = {changed[i : i + 2] for i in range(len(changed) - 1)}
    return any(pair in output and pair not in text for pair in pairs)


def _agreement(text: str, at: int, rest: str) -> int:
    """How many characters of the text from ``at`` on start the rest."""
    n, most = 0, min(len(rest), len(text) - at)
    while n < most and text[at + n] == rest[n]:
        n += 1
    return n


def _inside(rest: str, n: int) -> bool:
    return n < len(rest) and rest[n - 1].isalnum() and rest[n].isalnum()
