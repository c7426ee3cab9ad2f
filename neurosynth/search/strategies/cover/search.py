"""The search by cover as a separate search, and as the first strategy of others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from neurosynth.language.program import Apply, Constant, Program
from neurosynth.ranking.agreement import read_inputs
from neurosynth.ranking.bits import is_conditional
from neurosynth.search.base import Doing, Needs, Outcome, SearchRequest, StopReason
from neurosynth.search.candidates import Candidate
from neurosynth.search.strategies.cover.candidates import told_bits
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.near import near_miss
from neurosynth.search.strategies.cover.strategy import candidates, column_of
from neurosynth.search.strategies.cover.typed import TextView, view_of_task
from neurosynth.tasks.checking import share_right
from neurosynth.values.types import BOOL, STRING
from neurosynth.work_clock import clock_seconds

__all__ = ["Cover", "cover", "may_compare"]


@dataclass(frozen=True, kw_only=True)
class Cover:
    """Covers of the outputs with pieces that the language offers; finds nothing for a language or a type without pieces."""

    name: str = field(default="cover", init=False)
    config: CoverConfig = field(default_factory=CoverConfig)
    """How many pieces and covers are kept, and what they cost."""

    @property
    def needs(self) -> Needs:
        """Rules, which it does not use."""
        return "rules"

    def run(self, request: SearchRequest) -> Outcome:
        """Search until no more candidates are known, or the time is over."""
        start = clock_seconds()
        found = cover(request, self.config, share=1.0)
        return found if found is not None else _outcome([], StopReason.EXHAUSTED, start, 0)


def cover(request: SearchRequest, config: CoverConfig, *, share: float) -> Outcome | None:
    """The outcome of covering, in at most a share of the time; None for a language or task without pieces.

    It reports the task as solved only if an answer is clear: a program that takes clearly fewer bits than the outputs.
    """
    task = request.task
    kit = request.language.pieces if request.language is not None else None
    if kit is None or task.grammar is not None or not task.inputs:
        return None
    view = view_of_task(task, kit)
    if view is None and task.output_type != STRING:
        return None
    if task.output_type != STRING:
        kit = replace(kit, is_empty=None)  # an empty text is not a number
    start = clock_seconds()
    deadline = start + share * request.limits.seconds
    column = column_of(
        task.inputs if view is None else view.inputs,
        [e.inputs if view is None else view.row(e.inputs) for e in task.examples],
        [e.output if view is None else view.told(e.output) for e in task.examples],
        [tuple(row) if view is None else view.row(row) for row in task.unlabelled],
        config,
        constants=[c.value for c in request.given_constants if c.type == STRING],
    )
    found: dict[object, Candidate] = {}
    try:
        request.tell(Doing.READING)
        for candidate in candidates(column, kit, config=config, deadline=deadline):
            made = candidate if view is None else _of_values(candidate, view)
            # a condition on a missing cell is missing, but pieces took it for false
            if made is not None and made.program not in found and share_right(made.program, task.examples) == 1.0:
                found[made.program] = made
    except KeyboardInterrupt:
        return _outcome(list(found.values()), StopReason.INTERRUPTED, start, told_bits(column, config))
    late = clock_seconds() >= deadline
    told = told_bits(column, config)
    best = next(iter(found.values()), None)
    settled = best is not None and best.cost < config.settled * told and not may_compare(best.program, len(task.inputs))
    reason = StopReason.SOLVED if settled else StopReason.TIME if late else StopReason.EXHAUSTED
    near = near_miss(column, kit, best, config, deadline) if view is None else None
    outcome = _outcome(list(found.values()), reason, start, told)
    if best is not None:
        outcome.near = near
    elif near is not None:
        outcome.closest, outcome.closest_share = near, share_right(near, task.examples)
    return outcome


def _of_values(candidate: Candidate, view: TextView) -> Candidate | None:
    """A candidate over texts as one over the values; None if there is none."""
    program = view.back(candidate.program)
    return None if program is None else replace(candidate, program=program)


def may_compare(program: Program, inputs: int) -> bool:
    """Whether a program with cases may imitate a relation between two inputs, which pieces cannot express. For example, a letter that
    the examples happened to share stood for "one input contains the other": 6 of 23 tasks of two or three examples were wrong for this
    reason, and enumeration finds the relation at once. A choice by a test of two inputs is a relation already. A bound of a number is none:
    pieces compare numbers of two inputs, too; nor is a missing cell.
    """
    conditions = [p.arguments[0] for p in program.subprograms() if isinstance(p, Apply) and _decides(p)]
    conditions = [c for c in conditions if not _bounds(c) and not _asks_presence(c)]
    return inputs > 1 and bool(conditions) and all(len(read_inputs(c)) < 2 for c in conditions)


def _asks_presence(condition: Program) -> bool:
    """Whether a condition asks if a cell is missing or empty."""
    if not isinstance(condition, Apply):
        return False
    empty = condition.primitive.name == "=" and any(
        isinstance(a, Constant) and a.value == "" for a in condition.arguments
    )
    return empty or (condition.primitive.missing == "seen" and len(condition.arguments) == 1)


def _bounds(condition: Program) -> bool:
    """Whether a condition compares a number, also one that is a text, or a date with a constant, or with the two ends of an interval."""
    if not isinstance(condition, Apply) or len(condition.arguments) != 2:
        return False
    if condition.primitive.name == "and":
        return all(map(_bounds, condition.arguments))
    constants = [a for a in condition.arguments if not read_inputs(a)]
    equal = condition.primitive.name == "="
    return any(
        a.type not in (STRING, BOOL) or (equal and isinstance(a, Constant) and str(a.value).isdecimal())
        for a in constants
    )


def _decides(program: Apply) -> bool:
    """Whether the root chooses by a condition. Taking another value for a missing one is not a condition."""
    return is_conditional(program) and program.arguments[0].type == BOOL


def _outcome(found: list[Candidate], reason: StopReason, start: float, told: int) -> Outcome:
    outcome = Outcome(reason)
    outcome.programs = [c.program for c in found]
    outcome.bits = {c.program: c.cost for c in found}
    outcome.sources = {c.program: c.source for c in found}
    outcome.suspects = {c.program for c in found if c.cost >= told}
    outcome.stats.seconds = clock_seconds() - start
    outcome.stats.programs_tried = len(found)
    outcome.stats.first_solved = 1 if found else None
    outcome.trace.append({"strategy": "cover", "candidates": len(found), "seconds": round(outcome.stats.seconds, 4)})
    return outcome
