"""Programs for the rows of a column: one cover, a table of outputs, or a condition with a program for either side."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Condition, Piece, PieceKit
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.ranking.agreement import read_inputs
from neurosynth.search.candidates import Candidate
from neurosynth.search.strategies.cover.assemble import assemble
from neurosynth.search.strategies.cover.candidates import judged, told_bits, unread
from neurosynth.search.strategies.cover.coherence import incoherent_bits
from neurosynth.search.strategies.cover.combined import combined
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.copies import echoes
from neurosynth.search.strategies.cover.paths import CONSTANT, Paths
from neurosynth.search.strategies.cover.shapes import shapes_of
from neurosynth.search.strategies.cover.shared import BRANCHES, shared_program, texts_in, told_gap, without_input
from neurosynth.search.strategies.cover.traits import inner_signs
from neurosynth.values.types import STRING
from neurosynth.work_clock import clock_seconds

__all__ = ["Branches"]

LOOKUP = "lookup"
"""The source of tables that list most rows of the column."""
TABLE = "table"
"""The source of candidates that list outputs."""
CASES = "cases"
"""The source of candidates that choose between outputs by general conditions."""
MEMORISED = (CONSTANT, TABLE, CASES, "missing")
SIDES = 5
"""Number of conditions tried among those that split the rows in the same way, the cheapest."""


class Branches:
    """Decision trees over covers, for one column."""

    def __init__(self, kit: PieceKit, config: CoverConfig, deadline: float) -> None:
        self.kit, self.config, self.deadline = kit, config, deadline
        self.evaluator = Evaluator()
        self._best: dict[Any, Candidate | None] = {}
        self._programs: dict[Any, list[tuple[int, Program]]] = {}
        self._leaves: dict[Any, Candidate] = {}
        """The best program of the rows of a branch, whatever condition chose them."""
        self._graded = False
        """Whether two inputs agree in grades, so that one condition more than usual may stand on a path."""

    def covers(self, column: Column, wanted: int) -> list[Candidate]:
        """Programs of one cover, judged, best first."""
        special = self._special(column)
        if special is not None:
            return special
        covered = _present(column)
        found: list[Candidate] = []
        programs = self._programs_of(covered, wanted)
        if _of_one_kind(column) and not any(isinstance(p, Constant) for _, p in programs):
            kind = covered.outputs[0]
            programs = [*programs, (self.config.constant_cost(kind), Constant(kind, STRING))]
        for cost, program in programs:
            if found and clock_seconds() > self.deadline:
                break
            score = self._judged(program, cost, column)
            if score is not None and isinstance(program, Constant):
                found.append(Candidate(program, score + self._lone(column) - self._named(column), CONSTANT))
            elif score is not None:
                found.append(Candidate(program, score + self.config.varies * _of_one_kind(column), "cover"))
        return sorted(found, key=lambda c: c.cost)

    def _judged(self, program: Program, cost: int, column: Column) -> int | None:
        """The cost with the surcharge for rows without outputs, or None if an example is wrong."""
        key = ("judge", column.rows)
        if key not in column.memo:
            outputs = _present(column).outputs
            malformed = self.kit.malformed if not any(map(self.kit.malformed, outputs)) else _well_formed
            column.memo[key] = shapes_of(outputs, inner_signs(column)), malformed
        shapes, malformed = column.memo[key]
        return judged(program, cost, column, self.config, self.evaluator, shapes, malformed)

    def _lone(self, column: Column) -> int:
        """Bits for a constant if one or two rows are shown and others are to be filled."""
        bits = {1: self.config.lone, 2: self.config.lone_of_two}.get(len(column.rows), 0)
        return bits if column.judged and not column.leaf else 0

    def _named(self, column: Column) -> int:
        """Bits that a constant saves if several rows of a branch have it as their output."""
        return self.config.named * sum(map(str.isalpha, column.outputs[0])) if _of_one_kind(column) else 0

    def _programs_of(self, column: Column, wanted: int) -> list[tuple[int, Program]]:
        """The programs of the cheapest covers. Those of a branch do not depend on the rows on which they are judged."""
        key = (column.rows, column.leaf)
        if key not in self._programs:
            if clock_seconds() > self.deadline:  # reading a column takes time, too
                return []
            column = replace(column, judged=()) if column.leaf else column
            bound = [source.bind(column) for source in self.kit.sources]
            found: dict[Program, int] = {}
            for cost, pieces in Paths(column, bound, self.config, self.deadline).covers(wanted):
                found.setdefault(
                    assemble(pieces, self.kit), cost + incoherent_bits(pieces, self.config) + self._torn(pieces, column)
                )
            self._programs[key] = [(cost, program) for program, cost in found.items()]
        return self._programs[key]

    def _torn(self, pieces: Sequence[Piece], column: Column) -> int:
        """Bits for a beginning and an end of one input that leave out the same signs in all examples, but other text in other rows.

        ``_thumb`` belongs before the last point of ``cat.jpg``, and therefore not between the first and the last point of
        ``my.cat.jpg``.
        """
        parts = [p for p in pieces if p.name != CONSTANT]
        if len(parts) != 2 or any(p.value is not None for p in parts) or not column.judged:
            return 0
        programs = [p.build() for p in parts]
        for n, source in enumerate(column.inputs):
            if not isinstance(source, Input) or any(read_inputs(p) != {source.index} for p in programs):
                continue
            shown = {_gap(row[n], *texts) for row, *texts in zip(column.rows, *(p.texts for p in parts), strict=True)}
            if len(shown) > 1 or any(gap is None or any(map(str.isalnum, gap)) for gap in shown):
                return 0
            first, last = map(self.evaluator.function, programs)
            torn = sum(_gap(row[n], first(row), last(row)) not in shown for row in column.judged)
            return self.config.torn * torn // len(column.judged)
        return 0

    def _special(self, column: Column) -> list[Candidate] | None:
        """Outputs that need no pieces, or that no pieces make."""
        if all(o is None for o in column.outputs):
            return [Candidate(self.kit.missing, 8, "missing")] if self.kit.missing is not None else []
        if all(o == "" for o in column.outputs):
            return [Candidate(Constant("", STRING), 3, "constant")]
        return [] if any(o is None for o in _present(column).outputs) else None

    def tables(self, column: Column) -> Iterator[Candidate]:
        """Lookups in a table of the examples' outputs, one for each input that distinguishes the outputs."""
        config = self.config
        if self.kit.lookup is None or len(column.rows) < 2 or len(set(column.outputs)) < 2:
            return
        for i, source in enumerate(column.inputs):
            pairs: dict[str, str | None] = {}
            for row, output in zip(column.rows, column.outputs, strict=True):
                if not isinstance(row[i], str) or pairs.setdefault(row[i], output) != output:
                    break
            else:
                cost = config.table + sum(config.table_entry + config.output_cost(o) for o in pairs.values())
                unknown = sum(row[i] not in pairs for row in column.judged)
                if not column.categorical:
                    cost += config.undefined * unknown // max(1, len(column.judged))
                seen = column.categorical or (unknown * 3 <= len(column.judged) and len(column.judged) > 0)
                yield Candidate(self.kit.lookup(source, list(pairs.items())), cost, LOOKUP if seen else TABLE)

    def recoded(self, column: Column) -> Iterator[Candidate]:
        """Tables of some values that are replaced, where the examples leave other values as they are."""
        for i, source in enumerate(column.inputs):
            pairs = list(dict.fromkeys((row[i], o) for row, o in zip(column.rows, column.outputs, strict=True)))
            replaced = [(a, b) for a, b in pairs if a != b]
            texts = all(isinstance(a, str) and isinstance(b, str) for a, b in pairs)
            if self.kit.recode is None or not texts or len(dict(pairs)) < len(pairs):
                continue
            alone = len(column.inputs) == 1 or len(replaced) + 1 < len(pairs)  # of many inputs, one may stay by chance
            if alone and 1 < len(replaced) < len(pairs):
                entries = sum(self.config.table_entry + self.config.output_cost(b) for _, b in replaced)
                cost = self.config.table + self.config.stays + entries + unread(source, column, self.config)
                yield Candidate(self.kit.recode(source, replaced), cost, LOOKUP)

    def mapped(self, column: Column) -> Iterator[Candidate]:
        """Programs that change all items of a list inside a cell in the same way."""
        covered = _present(column)
        if not all(isinstance(o, str) for o in covered.outputs):
            return
        shapes = shapes_of(covered.outputs, inner_signs(column))
        for items in self.kit.items(covered):
            if clock_seconds() > self.deadline:
                return
            flat = self.covers(items.column, self.config.leaf_covers)
            found = flat[0] if flat else None
            enough = self.config.settled * told_bits(items.column, self.config)
            if found is None or found.source in MEMORISED or found.cost >= enough:
                continue
            program = items.build(found.program)
            if program is None:
                continue
            score = judged(program, found.cost + items.cost, column, self.config, self.evaluator, shapes)
            if score is not None:
                yield Candidate(program, score, "items")

    def best(self, column: Column, depth: int = 0) -> Candidate | None:
        """The cheapest program for the rows: one cover, or a condition with the best program for either side."""
        key = (column.rows, column.judged)
        if key in self._best:
            return self._best[key]
        self._best[key] = None
        flat = self.covers(column, self.config.covers if depth == 0 else self.config.leaf_covers)
        best = flat[0] if flat else None
        if depth < self.config.depth + self._graded and len(column.rows) > 1:
            for found in self.splits(column, best.cost if best is not None else None, depth):
                if best is None or found.cost < best.cost:
                    best = found
        self._best[key] = best
        return best

    def divides(self, column: Column, bound: int | None) -> bool:
        """Whether rows with a program of ``bound`` bits are divided at all."""
        enough = max(self.config.branch_from, told_bits(column, self.config) // self.config.branch_share)
        return self.kit.choose is not None and (bound is None or bound > enough)

    def beside(self, column: Column, condition: Condition, other: Candidate) -> Candidate | None:
        """The choice between the best program of the rows for which a condition holds, and a known one of the other rows."""
        verdicts = dict(zip(column.every, condition.every, strict=True))
        sides = {wanted: _side(column, condition.rows, verdicts, wanted) for wanted in (True, False)}
        best = self.best(sides[True], self.config.depth)
        return self._choice(column, condition, sides, {True: best, False: other}) if best is not None else None

    def splits(self, column: Column, bound: int | None, depth: int) -> Iterator[Candidate]:
        """Conditionals, each cheaper than ``bound`` and than those before it."""
        if not self.divides(column, bound):
            return
        groups: dict[tuple[bool, ...], list[Condition]] = {}
        for source in self.kit.conditions:
            for condition in source.conditions(column):
                if clock_seconds() > self.deadline:
                    return
                if depth < self.config.depth or condition.graded:
                    groups.setdefault(_side_of(condition), []).append(condition)
        if depth == 0:
            self._graded = sum(c.graded for some in groups.values() for c in some) > 1
            for condition in combined(column, [c for some in groups.values() for c in some], self.kit):
                groups.setdefault(_side_of(condition), []).append(condition)
        for side in sorted(groups, key=lambda s: _variety(s, column.outputs)):
            ordered = sorted(groups[side], key=lambda c: c.cost)
            for condition in chain(ordered[:SIDES], self._telling(column, ordered[SIDES:])):
                if clock_seconds() > self.deadline:
                    return
                found = self._split(column, condition, bound, depth)
                if found is not None:
                    bound = found.cost
                    yield found

    def _telling(self, column: Column, conditions: Sequence[Condition]) -> Iterator[Condition]:
        """Those that look for a text which the program for the rows that have it looks for, too."""
        known: dict[Any, frozenset[str]] = {}
        for condition in conditions:
            if condition.text:
                rows = tuple(r for r, holds in zip(column.rows, condition.rows, strict=True) if holds)
                if rows not in known:
                    leaf = self._leaves.get(rows)
                    known[rows] = texts_in(leaf.program) if leaf is not None else frozenset()
                if _sought(condition.text, known[rows]):
                    yield condition

    def _split(self, column: Column, condition: Condition, bound: int | None, depth: int) -> Candidate | None:
        """The choice between the best programs of both sides, where it is cheaper than the bound."""
        verdicts = dict(zip(column.every, condition.every, strict=True))
        sides = {wanted: _side(column, condition.rows, verdicts, wanted) for wanted in (True, False)}
        cost = self.config.branch + min(condition.cost, self.config.telling if condition.text else condition.cost)
        found: dict[bool, Candidate] = {}
        for wanted in sorted(sides, key=lambda w: len(sides[w].rows)):
            if bound is not None and cost >= bound:
                return None
            best = self.best(sides[wanted], depth + 1)
            if best is None:
                return None
            cost += min(best.cost, self.config.shared) if not found else best.cost
            found[wanted] = self._leaves[sides[wanted].rows] = best
        made = self._choice(column, condition, sides, found)
        return made if bound is None or made.cost < bound else None

    def _choice(
        self, column: Column, condition: Condition, sides: dict[bool, Column], found: dict[bool, Candidate]
    ) -> Candidate:
        """The choice between programs of both sides, of which one may be made of the other."""
        verdicts = dict(zip(column.every, condition.every, strict=True))
        for wanted, side in sides.items():
            told = self._told(side, condition, wanted, found)
            if told is not found[wanted]:
                found[wanted] = told
                break  # a program that was made of the other one's cannot explain that in turn
        looked = _sought(condition.text, texts_in(found[True].program))
        looked = looked and not any(
            condition.text in o for o in sides[True].outputs if isinstance(o, str)
        )  # a mark, no word
        cost = self.config.branch + (min(condition.cost, self.config.telling) if looked else condition.cost)
        assert self.kit.choose is not None
        program = Apply(self.kit.choose, (condition.build(), found[True].program, found[False].program))
        cost += found[True].cost + found[False].cost + unread(program, column, self.config)
        cost += self.config.echo * (not condition.general and echoes(sides[True], found[True].program, verdicts))
        known = found[True].source in MEMORISED and found[False].source in MEMORISED
        general = condition.general and all(f.source != TABLE for f in found.values())
        return Candidate(program, cost, (CASES if general else TABLE) if known else BRANCHES)

    def _told(self, side: Column, condition: Condition, wanted: bool, found: dict[bool, Candidate]) -> Candidate:
        """The best program of one side, also made of that of the other side or of what the condition compares."""
        best, tools = found[wanted], (self.kit, self.config, self.evaluator)
        for made in (
            shared_program(side, found[not wanted], *tools),
            without_input(side, condition, found[not wanted], *tools),
            told_gap(side, condition, wanted, *tools),
        ):
            bits = None if made is None else self._judged(made.program, made.cost, side)
            if made is not None and bits is not None and bits < best.cost:
                best = replace(made, cost=bits)
        return best


def _side_of(condition: Condition) -> tuple[bool, ...]:
    """The rows that are on the side of the first one."""
    return condition.rows if condition.rows[0] else tuple(not x for x in condition.rows)


def _of_one_kind(column: Column) -> bool:
    """Whether several rows of a branch have one output, which names a kind of rows."""
    return column.leaf and len(column.rows) > 1 and len(set(column.outputs)) == 1


def _sought(text: str, texts: Collection[str]) -> bool:
    """Whether a program that contains some texts looks for a text, too; a letter of a longer text is nothing that it looks for, nor is a
    character that a pattern excludes."""
    single = len(text) == 1 and text.isalnum()
    return bool(text) and any(t == text if single else text in _EXCLUDED.sub("", t) for t in texts)


_EXCLUDED = re.compile(r"\[\^[^\]]*\]")


def _well_formed(text: str) -> bool:
    return False


def _gap(text: Any, first: Any, last: Any) -> str | None:
    """The text between its beginning and its end; None if it does not have them."""
    if not all(isinstance(t, str) for t in (text, first, last)) or len(first) + len(last) > len(text):
        return None
    return text[len(first) : len(text) - len(last)] if text.startswith(first) and text.endswith(last) else None


def _present(column: Column) -> Column:
    """The column without the example rows that have no output because an input is missing, as every program that reads it does."""
    kept = [o is not None or None not in row for row, o in zip(column.rows, column.outputs, strict=True)]
    if all(kept):
        return column
    rows, outputs = (
        tuple(v for v, k in zip(values, kept, strict=True) if k) for values in (column.rows, column.outputs)
    )
    return replace(column, rows=rows, outputs=outputs)


def _side(column: Column, mask: Sequence[bool], verdicts: dict[Any, bool], wanted: bool) -> Column:
    """The rows on one side of a condition."""
    return replace(
        column,
        rows=tuple(r for r, m in zip(column.rows, mask, strict=True) if m == wanted),
        outputs=tuple(o for o, m in zip(column.outputs, mask, strict=True) if m == wanted),
        judged=tuple(r for r in column.judged if verdicts[r] == wanted),
        leaf=True,
    )


def _variety(side: Sequence[bool], outputs: Sequence[Any]) -> int:
    """Number of different outputs on either side, added, so that splits which keep equal outputs together come first."""
    return len({o for m, o in zip(side, outputs, strict=True) if m}) + len(
        {o for m, o in zip(side, outputs, strict=True) if not m}
    )
