"""The cheapest covers of the outputs of some rows: Dijkstra's algorithm over tuples of positions."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from neurosynth.language.pieces import BoundSource, Column, Frame, Piece
from neurosynth.language.program import Constant
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.copies import Copies
from neurosynth.values.types import STRING
from neurosynth.work_clock import clock_seconds

__all__ = ["CONSTANT", "Paths", "constant_piece"]

CONSTANT = "constant"
"""The name of pieces that are constants."""
FREE = 12
"""Number of pieces without a value that are kept between two tuples of positions, the cheapest; and the cheapest of each further
kind."""
VALUED = 40
"""Number of values with which a state may continue, the cheapest; the value just written and its family are always among them."""
UNLIKELY = 8
"""Bits by which unlikely pieces are behind others where only so many are kept."""
TWIN = 3
"""Bits more than those of a field at which another way to write it is tried in its place."""
FIELDS = 40
"""Number of tuples of positions tried between the ends of a copy that fields of a changed value should write instead."""
REVISITS = 3
"""How often a pair of positions and last value is expanded."""

Path = tuple[Piece, "Path"] | None


@dataclass(slots=True)
class _Step:
    """The pieces between one tuple of positions and another."""

    ends: tuple[int, ...]
    free: list[Piece]
    valued: list[Piece]
    by_value: dict[Hashable, Piece]
    by_family: dict[Hashable, list[Piece]]
    twins: dict[Hashable, Piece]
    """By value, the cheapest piece of ``by_value`` written otherwise: a day without its zero, where no example has one of one digit."""
    fields: dict[Hashable, list[Piece]]
    """By value, all fields that write it, the cheapest first: the day beside the month, where they are the same number in all examples."""


def constant_piece(text: str, rows: int, config: CoverConfig) -> Piece:
    """A constant as a piece."""
    return Piece((text,) * rows, config.constant_cost(text), lambda: Constant(text, STRING), name=CONSTANT)


class Paths:
    """Covers of one column's outputs."""

    def __init__(self, column: Column, sources: Sequence[BoundSource], config: CoverConfig, deadline: float) -> None:
        self.outputs, self.sources, self.config, self.deadline = column.outputs, sources, config, deadline
        self._steps: dict[tuple[int, ...], list[_Step]] = {}
        self.expanded = 0
        self.copies = Copies(column, config)
        self.constants = [c for c in column.constants if c]

    def covers(self, wanted: int) -> Iterator[tuple[int, list[Piece]]]:
        """Cost and pieces, cheapest first."""
        config, goal = self.config, tuple(map(len, self.outputs))
        ticks, left, best = count(), dict[tuple[tuple[int, ...], Hashable], int](), None
        start = (0,) * len(goal)
        heap: list[tuple[int, int, tuple[int, ...], Piece | None, Path]] = [(0, 0, start, None, None)]
        while heap and wanted and self.expanded < config.expansions and clock_seconds() < self.deadline:
            cost, _, at, last, path = heapq.heappop(heap)
            if best is not None and cost > best + config.margin:
                return
            if at == goal:
                best = cost if best is None else best
                wanted -= 1
                pieces = _pieces(path)
                yield cost, pieces
                yield from self._of_one_value(pieces)
                yield from self._written_otherwise(cost, pieces)
                yield from self._each_field_once(cost, pieces)
                continue
            value = last.value if last is not None else None
            left[at, value] = left.get((at, value), 0) + 1
            if left[at, value] > REVISITS:
                continue
            self.expanded += 1
            written = path is not None and self._is_literal(path[0])
            for step in self.steps(at):
                for piece, bits in self._moves(step, last):
                    if written and self._is_literal(piece):
                        continue  # the two are one constant
                    after = piece if piece.value is not None else last
                    key = step.ends, after.value if after is not None else None
                    if left.get(key, 0) < REVISITS:
                        heapq.heappush(heap, (cost + bits, next(ticks), step.ends, after, (piece, path)))

    def _is_literal(self, piece: Piece) -> bool:
        """Whether a piece is a constant that nobody gave."""
        return piece.name == CONSTANT and piece.texts[0] not in self.constants

    def _of_one_value(self, pieces: Sequence[Piece]) -> Iterator[tuple[int, list[Piece]]]:
        """The cover with fields of the changed value instead of those of the value as it was read.

        On the example rows, a date and the date 30 days later often share their year. The year of the latter is meant, but the search
        may have dropped it among too many values.
        """
        changed = [p for p in pieces if p.moves is not None]
        if not changed or len({p.value for p in changed}) > 1:
            return
        value, moved, at, total = changed[0].value, changed[0].moves, (0,) * len(self.outputs), 0
        last: Piece | None = None
        found: list[Piece] = []
        for piece in pieces:
            ends = tuple(p + len(t) for p, t in zip(at, piece.texts, strict=True))
            step = next(s for s in self.steps(at) if s.ends == ends)
            replaced = [piece]
            if piece.copies == moved or (piece.frame is not None and piece.value != value and piece.read == moved):
                same = step.by_value.get(value)  # the same text, from the other value
                replaced = [same] if same is not None else self._fields(at, ends, value, last) or [piece]
            for part in replaced:
                after = tuple(p + len(t) for p, t in zip(at, part.texts, strict=True))
                total += self._bits(next(s for s in self.steps(at) if s.ends == after), part, last)
                last, at = part if part.value is not None else last, after
            found += replaced
        if found != list(pieces):
            yield total, found

    def _fields(
        self, start: tuple[int, ...], goal: tuple[int, ...], value: Hashable, last: Piece | None
    ) -> list[Piece] | None:
        """The cheapest fields of one value, and constants, between two tuples of positions; None if there are none.

        A copy of several fields, such as the date behind a time, is written by no single field.
        """
        ticks, done = count(), set[tuple[int, ...]]()
        heap: list[tuple[int, int, tuple[int, ...], Piece | None, Path]] = [(0, 0, start, last, None)]
        while heap and len(done) < FIELDS:
            cost, _, at, before, path = heapq.heappop(heap)
            if at == goal:
                return _pieces(path)
            if at in done:
                continue
            done.add(at)
            for step in self.steps(at):
                if any(e > g for e, g in zip(step.ends, goal, strict=True)):
                    continue
                constants = (p for p in step.free if p.name == CONSTANT)
                for piece in filter(None, (step.by_value.get(value), *constants)):
                    bits, after = self._bits(step, piece, before), piece if piece.value is not None else before
                    heapq.heappush(heap, (cost + bits, next(ticks), step.ends, after, (piece, path)))
        return None

    def _written_otherwise(self, cost: int, pieces: Sequence[Piece]) -> Iterator[tuple[int, list[Piece]]]:
        """The cover with all fields as the examples may be written, too, with zeros or without."""
        at, found = (0,) * len(self.outputs), []
        for piece in pieces:
            ends = tuple(p + len(t) for p, t in zip(at, piece.texts, strict=True))
            twin = None
            if piece.frame is not None:
                twin = next(s for s in self.steps(at) if s.ends == ends).twins.get(piece.value)
            found.append(piece if twin is None else twin)
            at = ends
        if found != list(pieces):
            yield cost + sum(b.cost - a.cost for a, b in zip(pieces, found, strict=True)), found

    def _each_field_once(self, cost: int, pieces: Sequence[Piece]) -> Iterator[tuple[int, list[Piece]]]:
        """The cover with another field of the same value in place of each that it already has.

        On 3 March and 5 May, the month can be written twice, but nobody means that.
        """
        at, found, written = (0,) * len(self.outputs), list[Piece](), set[tuple[Hashable, str]]()
        for piece in pieces:
            ends = tuple(p + len(t) for p, t in zip(at, piece.texts, strict=True))
            other = piece
            if piece.frame is not None:
                if (piece.value, _letter(piece)) in written:
                    step = next(s for s in self.steps(at) if s.ends == ends)
                    fresh = (f for f in step.fields.get(piece.value, ()) if (f.value, _letter(f)) not in written)
                    other = next(fresh, piece)
                written.add((other.value, _letter(other)))
            found.append(other)
            at = ends
        if found != list(pieces):
            yield cost + sum(b.cost - a.cost for a, b in zip(pieces, found, strict=True)), found

    def _bits(self, step: _Step, piece: Piece, last: Piece | None) -> int:
        """The cost of a piece of a step after the last written value, also of one that is not among the moves."""
        known = next((bits for p, bits in self._moves(step, last) if p is piece), None)
        if known is not None or piece.value is None:
            return piece.cost if known is None else known
        return piece.cost + self._change(piece, last) + self._out_of_place(piece, last)

    def _moves(self, step: _Step, last: Piece | None) -> Iterator[tuple[Piece, int]]:
        """The pieces of a step with their costs after the last written value."""
        inside = self.config.inside_format if last is not None and last.frame is not None else 0
        for piece in step.free:
            glue = inside and piece.name == CONSTANT and not any(c.isdigit() for c in piece.texts[0])
            yield piece, piece.cost - inside if glue and self._goes_on(step, last) else piece.cost
        if not step.by_value:
            return
        near: list[Piece] = []
        same = step.by_value.get(last.value) if last is not None else None
        if same is not None:
            bits = same.cost if same.again is None else same.again
            yield same, bits + self._out_of_place(same, last)
        if last is not None and last.family is not None:
            near = [p for p in step.by_family.get(last.family, ()) if p is not same][:6]
            for piece in near:
                bits = self.config.sibling + min(self.config.sibling_spread, piece.cost - near[0].cost)
                yield piece, bits + self.config.style * (piece.style != last.style) + self._out_of_place(piece, last)
        for piece in step.valued:
            if piece is not same and piece not in near:
                saved = (
                    piece.alike if last is not None and piece.manner is not None and piece.manner == last.manner else 0
                )
                yield piece, piece.cost + self._change(piece, last) + self._out_of_place(piece, last) - saved

    def _goes_on(self, step: _Step, last: Piece | None) -> bool:
        """Whether another field of what was read for the last one may follow a step, so that the step can be inside its format."""
        if last is None or last.family is None or step.ends == tuple(map(len, self.outputs)):
            return False
        families = (f for s in self.steps(step.ends) for f in s.by_family)
        return any(isinstance(f, tuple) and f[0] == last.family[0] for f in families)

    def _out_of_place(self, piece: Piece, last: Piece | None) -> int:
        """Bits for a field that should follow other fields of its value, and does not."""
        if piece.frame is None or not piece.frame.after:
            return 0
        before = Frame.START
        if last is not None:
            before = last.frame.code[-1] if last.frame is not None and last.value == piece.value else ""
        return 0 if before and before in piece.frame.after else self.config.out_of_place

    def _change(self, piece: Piece, last: Piece | None) -> int:
        """Bits for continuing with another value than the last."""
        config, family = self.config, piece.family
        derived = family is not None and family[1] != "" and piece.again is None
        bits = config.switch_derived if derived else config.switch
        before = last.family if last is not None else None
        if last is None or before is None or family is None or piece.loose or last.loose:
            return bits
        return bits + config.clash if before[0] == family[0] and before != family else bits

    def steps(self, at: tuple[int, ...]) -> list[_Step]:
        """All pieces that may follow a tuple of positions."""
        known = self._steps.get(at)
        if known is None:
            known = self._steps[at] = self._find_steps(at)
        return known

    def _find_steps(self, at: tuple[int, ...]) -> list[_Step]:
        rests = [o[p:] for o, p in zip(self.outputs, at, strict=True)]
        found: dict[tuple[int, ...], list[Piece]] = {}
        shared = _common_prefix(rests)
        for n in range(1, len(shared) + 1):
            piece = constant_piece(shared[:n], len(rests), self.config)
            if more := self.copies.bits(shared[:n]) + self._cuts_number(shared[:n], at, rests):
                piece = replace(piece, cost=piece.cost + more)
            found.setdefault(tuple(p + n for p in at), []).append(piece)
        for text in self.constants:
            if all(r.startswith(text) for r in rests):
                piece = replace(constant_piece(text, len(rests), self.config), cost=self.config.given)
                found.setdefault(tuple(p + len(text) for p in at), []).append(piece)
        for source in self.sources:
            for piece in source.starting(at, rests):
                ends = tuple(p + len(t) for p, t in zip(at, piece.texts, strict=True))
                found.setdefault(ends, []).append(piece)
        return [_step(ends, pieces) for ends, pieces in found.items()]

    def _cuts_number(self, text: str, at: tuple[int, ...], rests: Sequence[str]) -> int:
        """Bits for a constant that is a part of the outputs' numbers."""
        before = all(p and o[p - 1] in _NUMERIC for p, o in zip(at, self.outputs, strict=True))
        after = all(r[len(text) : len(text) + 1] in _NUMERIC for r in rests) and all(len(r) > len(text) for r in rests)
        digit = text[0].isdigit() or (text[0] in ".," and text[1:2].isdigit())
        starts, ends = digit and before, text[-1].isdigit() and after
        return self.config.cuts_number * (starts + ends)


_NUMERIC = frozenset("0123456789.")


def _common_prefix(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    n = 0
    while n < len(first) and first[n] == last[n]:
        n += 1
    return first[:n]


def _step(ends: tuple[int, ...], pieces: list[Piece]) -> _Step:
    pieces.sort(key=lambda p: p.cost)
    plain = [p for p in pieces if p.value is None]
    first = {p.name: p for p in reversed(plain[FREE:])}
    free = [*plain[:FREE], *(first[n] for n in sorted(first.keys() - {p.name for p in plain[:FREE]}))]
    by_value: dict[Hashable, Piece] = {}
    by_family: dict[Hashable, list[Piece]] = {}
    twins: dict[Hashable, Piece] = {}
    fields: dict[Hashable, list[Piece]] = {}
    for p in pieces:
        if p.frame is not None:
            fields.setdefault(p.value, []).append(p)
        if p.value is not None and p.value not in by_value:
            by_value[p.value] = p
            by_family.setdefault(p.family, []).append(p)
        elif p.value is not None and _alike(p, by_value[p.value]):
            twins.setdefault(p.value, p)
    kept = sorted(by_value.values(), key=lambda p: p.cost + UNLIKELY * p.unlikely)[:VALUED]
    return _Step(ends, free, sorted(kept, key=lambda p: p.cost), by_value, by_family, twins, fields)


def _letter(field: Piece) -> str:
    """The last letter of a field of a format; empty for other pieces."""
    return field.frame.code[-1] if field.frame is not None else ""


def _alike(piece: Piece, other: Piece) -> bool:
    """Whether two pieces are one field of a format, written with other flags."""
    if piece.frame is None or other.frame is None or piece.cost > other.cost + TWIN:
        return False
    return piece.frame.code[-1] == other.frame.code[-1]


def _pieces(path: Path) -> list[Piece]:
    found = []
    while path is not None:
        found.append(path[0])
        path = path[1]
    return found[::-1]
