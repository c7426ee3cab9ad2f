"""What the two branches of a choice have in common: a program that both use, and a text that the condition and a branch look for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Condition, PieceKit
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.ranking.agreement import read_inputs
from neurosynth.search.candidates import Candidate
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.values.types import STRING

__all__ = ["BRANCHES", "SHARED", "shared_program", "texts_in", "told_gap", "without_input"]

SHARED = "cover"
"""The source of programs that are those of the other branch with constants around them: they explain as much as it does."""

BRANCHES = "branch"
"""The source of choices between programs, each of which may be that of another branch, too."""


def shared_program(
    column: Column, other: Candidate, kit: PieceKit, config: CoverConfig, evaluator: Evaluator
) -> Candidate | None:
    """The program of the other branch with constants before or behind it, where that gives the outputs of this branch.

    Where that branch chooses again, each of its programs is tried. ``350.00 DR`` is ``-350.00`` as ``75.25 CR`` is ``75.25``, and no
    other reading of its number is meant.
    """
    if other.source not in (SHARED, BRANCHES):
        return None
    best = None
    leaves = _leaves(other.program, kit) if other.source == BRANCHES else (other.program,)
    for core in (core for leaf in leaves for core in _cores(leaf, kit)):
        made = _with_constants(column, core, kit, evaluator, config.shared, config.shared_by_chance, config)
        if made is None or made.program == other.program:
            continue  # one program for both sides needs no condition
        if best is None or made.cost < best.cost:
            best = made
    return best


def without_input(
    column: Column, condition: Condition, other: Candidate, kit: PieceKit, config: CoverConfig, evaluator: Evaluator
) -> Candidate | None:
    """The program of the other branch with a constant in place of all that it reads of the inputs that the condition asks for.

    ``Van 12 (unassigned)`` is written as ``Van 07 (J. Marsh)`` is, where there is no driver.
    """
    asked = read_inputs(condition.build())
    parts = list(_joined(other.program, kit))
    places = [n for n, p in enumerate(parts) if not asked.isdisjoint(read_inputs(p))]
    if other.source != SHARED or not places or not column.rows or len(places) == len(parts):
        return None
    best = None
    for start in {places[0], max(0, places[0] - 1)}:
        for end in {places[-1] + 1, min(len(parts), places[-1] + 2)}:
            kept = parts[:start], parts[end:]
            if not any(read_inputs(p) for some in kept for p in some):
                continue
            between = {
                _between(o, *("".join(map(str, (evaluator.function(p)(row) for p in some))) for some in kept))
                for row, o in zip(column.rows, column.outputs, strict=True)
            }
            constant = between.pop() if len(between) == 1 else None
            if constant is None or _spelled(constant, column, asked):
                continue
            told = [Constant(constant, STRING)] if constant else []
            cost = config.shared + (config.constant_cost(constant) if constant else 0)
            if best is None or cost < best.cost:
                best = Candidate(_as_one([*kept[0], *told, *kept[1]], kit), cost, SHARED)
    return best


def _spelled(constant: str, column: Column, asked: Collection[int]) -> bool:
    """Whether a constant has a word that stands in an input of every row, in one that the condition does not ask for: that is a copy.

    Without a title, ``Dear Ann Lee`` has the whole name, and not the constant ``Ann`` before the last name of whoever it is.
    """
    rest = [n for n, source in enumerate(column.inputs) if isinstance(source, Input) and source.index not in asked]
    rows = [{word for n in rest if isinstance(row[n], str) for word in _WORD.findall(row[n])} for row in column.rows]
    return any(all(word in words for words in rows) for word in _WORD.findall(constant))


_WORD = re.compile(r"[^\W\d_]{2,}")


def _between(output: object, before: str, behind: str) -> str | None:
    """What stands between the start and the end of an output; None if it does not have them."""
    if not isinstance(output, str) or len(before) + len(behind) > len(output):
        return None
    fits = output.startswith(before) and output.endswith(behind)
    return output[len(before) : len(output) - len(behind)] if fits else None


def _as_one(parts: Sequence[Program], kit: PieceKit) -> Program:
    """The text that several parts are together, with adjacent constants as one."""
    program = parts[-1]
    for part in reversed(parts[:-1]):
        first = program.arguments[0] if isinstance(program, Apply) and program.primitive == kit.concat else program
        if not isinstance(part, Constant) or not isinstance(first, Constant):
            program = Apply(kit.concat, (part, program))
        elif first is program:
            program = Constant(part.value + first.value, STRING)
        else:
            assert isinstance(program, Apply), "it joins two texts"
            program = Apply(kit.concat, (Constant(part.value + first.value, STRING), program.arguments[1]))
    return program


def _leaves(program: Program, kit: PieceKit) -> Iterator[Program]:
    """The programs between which a choice of choices decides, without those that are constants."""
    if isinstance(program, Apply) and program.primitive == kit.choose:
        for branch in program.arguments[1:]:
            yield from _leaves(branch, kit)
    elif not isinstance(program, Constant):
        yield program


def _cores(program: Program, kit: PieceKit) -> Iterator[Program]:
    """A program, and what it is without the constants at its ends: ``due: 12 May`` has the date of ``12 May (paid)``."""
    yield program
    parts = list(_joined(program, kit))
    start = next((n for n, p in enumerate(parts) if not isinstance(p, Constant)), 0)
    end = next((n for n in range(len(parts), 0, -1) if not isinstance(parts[n - 1], Constant)), 0)
    if start < end and end - start < len(parts):
        yield _as_one(parts[start:end], kit)


def _joined(program: Program, kit: PieceKit) -> Iterator[Program]:
    if isinstance(program, Apply) and program.primitive == kit.concat:
        for part in program.arguments:
            yield from _joined(part, kit)
    else:
        yield program


def told_gap(
    column: Column, condition: Condition, holds: bool, kit: PieceKit, config: CoverConfig, evaluator: Evaluator
) -> Candidate | None:
    """The distance of what the condition compares, with constants around it: ``order 5`` where stock is below the minimum."""
    if condition.gap is None or not all(isinstance(o, str) and _DIGIT.search(o) for o in column.outputs):
        return None
    return _with_constants(column, condition.gap(holds), kit, evaluator, config.gap, config.gap_by_chance, config)


_DIGIT = re.compile(r"\d")


def _with_constants(
    column: Column,
    shared: Program,
    kit: PieceKit,
    evaluator: Evaluator,
    cost: int,
    chance: int,
    config: CoverConfig,
) -> Candidate | None:
    """A program with constants around it; ``chance`` are bits if it gives one character only, which stands anywhere."""
    if not column.rows:
        return None
    function = evaluator.function(shared)
    around: set[tuple[str, str]] = set()
    least = 0
    for row, wanted in zip(column.rows, column.outputs, strict=True):
        value = function(row)
        if not isinstance(value, str) or not isinstance(wanted, str) or not value or wanted.count(value) != 1:
            return None
        before, _, behind = wanted.partition(value)
        around.add((before, behind))
        least = max(least, len(value))
    if len(around) > 1:
        return None
    before, behind = around.pop()
    cost += chance * (least < 2)
    program = shared
    if behind:
        cost += config.constant_cost(behind)
        program = Apply(kit.concat, (program, Constant(behind, STRING)))
    if before:
        cost += config.constant_cost(before)
        program = Apply(kit.concat, (Constant(before, STRING), program))
    return Candidate(program, cost, SHARED)


def texts_in(program: Program) -> frozenset[str]:
    """The texts that are constants of a program."""
    return frozenset(p.value for p in program.subprograms() if isinstance(p, Constant) and isinstance(p.value, str))
