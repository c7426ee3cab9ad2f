"""The question worth asking: the row of the user's own table whose output would settle most between the programs found.

Where programs disagree most, an answer rules out most (Jha et al., ICSE 2010; Padhi et al., OOPSLA 2018).  Programs may also all be
wrong: a row that looks unlike the examples, or for which the best program gives something that looks unlike their outputs, is worth
a question even where they agree.  An invented input is asked about only where the table has no such row.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.ranking.looks import RowLooks
from neurosynth.ranking.perturb import plausible_inputs
from neurosynth.tasks.task import Task
from neurosynth.values.frozen import thaw, typed_key
from neurosynth.values.registry import domain_of

__all__ = ["Question", "QuestionConfig", "choose_question", "question_rows"]


LOOKED_AT = 2000
"""Rows of a long table that are looked at at all, to tell which look alike."""


@dataclass(frozen=True, slots=True)
class Question:
    """The input whose output would settle most, and what the candidates answer there."""

    inputs: tuple[Any, ...]
    answers: tuple[tuple[Any, float, Program], ...]
    """Answer, share of the mass that gives it, the best program among those; the most likely first."""
    row: int | None = None
    """Its place among the task's rows without outputs, from 0; None for an invented input."""

    @property
    def agreed(self) -> bool:
        """Whether all programs answer alike, so that it is the row itself that is unusual."""
        return len(self.answers) < 2

    def __str__(self) -> str:
        shown = ", ".join(repr(thaw(v)) for v in self.inputs)
        options = "; ".join(f"{thaw(a)!r} ({share:.0%}, {program})" for a, share, program in self.answers)
        return f"what is the output for {shown}? candidates: {options}"


@dataclass(frozen=True, kw_only=True)
class QuestionConfig:
    """How a question is chosen."""

    rows: int = 120
    """Rows of the table that are looked at: the first of each look, others spread evenly."""
    programs: int = 24
    """Programs compared on them, the best."""
    temper: float = 0.5
    """Exponent of the programs' shares: what search thinks of them is less sure than it says."""
    value_look: float = 0.5
    """Weight of the bits by which what the best program gives is unlike the outputs of the examples."""
    row_look: float = 0.25
    """Weight of the bits by which a row is unlike those of the examples."""
    undefined: float = 4.0
    """Bits of a row for which the best program gives nothing."""
    alike: float = 0.25
    """Weight of the logarithm to base 2 of how many rows of the table look the same: one answer settles them all."""
    least: float = 0.05
    """Bits a row must be worth to be asked about."""
    invented: int = 10
    """Rows without outputs from which on nothing is invented: the table itself shows what else may come."""


_CONFIG = QuestionConfig()


def choose_question(
    task: Task,
    programs: Sequence[tuple[Program, float]],
    invented: Sequence[tuple[Any, ...]] = (),
    config: QuestionConfig = _CONFIG,
) -> Question | None:
    """The row of the task that is worth most, else an ``invented`` input on which the programs differ; None where nothing is open.

    Args:
        task: its rows without outputs are those that may be asked about.
        programs: with their shares of belief, the best first.
        invented: inputs to fall back on where no plausible one tells the programs apart.
        config: all numbers.
    """
    compared = [(p, max(share, 1e-12)) for p, share in programs[: config.programs]]
    if not compared:
        return None
    rows = question_rows(task, config.rows)
    found = _best_row(task, compared, rows, config)
    if found is None and len(rows) < config.invented:
        # what could stand in the table first: nobody wants to answer what never comes
        found = _best_invented(compared, plausible_inputs(task), config)
        found = found or _best_invented(compared, [row for row in invented if row not in rows], config)
    return found


def question_rows(task: Task, most: int) -> dict[tuple[Any, ...], int]:
    """Rows that may be asked about, each with its first place among those without outputs: the first of each look, others evenly."""
    known = {e.inputs for e in task.examples}
    places: dict[tuple[Any, ...], int] = {}
    for at in _spread(task):
        row = tuple(task.unlabelled[at])
        if row not in known:
            places.setdefault(row, at)
    if len(places) <= most:
        return places
    looks: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for row in places:
        if len(looks) >= most // 2:
            break
        looks.setdefault(_look(task, row), row)
    rows = list(places)
    chosen = {*looks.values(), *(rows[i * len(rows) // (most // 2)] for i in range(most // 2))}
    return {row: at for row, at in places.items() if row in chosen}


def _spread(task: Task) -> range:
    """Places of at most :data:`LOOKED_AT` rows without outputs, spread evenly."""
    return range(0, len(task.unlabelled), max(1, -(-len(task.unlabelled) // LOOKED_AT)))


def _look(task: Task, row: Sequence[Any]) -> tuple[str, ...]:
    return tuple("" if v is None else domain_of(t).shape(v) for t, v in zip(task.parameters, row, strict=True))


@dataclass(frozen=True, slots=True)
class _Votes:
    """What the programs give on one row."""

    answers: list[Any]
    shares: dict[Any, float]
    """Key of an answer → tempered share of belief, summing to one."""

    @property
    def entropy(self) -> float:
        """Bits that the answer settles between the programs."""
        return -sum(s * math.log2(s) for s in self.shares.values() if 0 < s < 1)

    @property
    def defined(self) -> float:
        """Share of belief in programs that give something."""
        return 1.0 - self.shares.get(typed_key(UNDEFINED), 0.0)


def _votes(compared: Sequence[tuple[Program, float]], row: tuple[Any, ...], temper: float, run: Evaluator) -> _Votes:
    answers = [run.run(p, row) for p, _ in compared]
    weights = [share**temper for _, share in compared]
    whole = sum(weights)
    shares: dict[Any, float] = {}
    for answer, weight in zip(answers, weights, strict=True):
        shares[typed_key(answer)] = shares.get(typed_key(answer), 0.0) + weight / whole
    return _Votes(answers, shares)


def _best_row(
    task: Task, compared: Sequence[tuple[Program, float]], rows: dict[tuple[Any, ...], int], config: QuestionConfig
) -> Question | None:
    looks, evaluator = RowLooks(task), Evaluator()
    alike = Counter(_look(task, task.unlabelled[at]) for at in _spread(task))
    best: tuple[float, tuple[Any, ...], _Votes] | None = None
    for row in rows:
        if looks.blank(row):
            continue
        votes = _votes(compared, row, config.temper, evaluator)
        first = votes.answers[0]
        nothing = first is UNDEFINED
        worth = votes.entropy + config.row_look * looks.of_row(row)
        worth += config.undefined if nothing else config.value_look * looks.output.surprise(first)
        if worth > config.least:
            worth *= 1 + config.alike * math.log2(alike[_look(task, row)])
            if best is None or worth > best[0]:
                best = worth, row, votes
    return None if best is None else _question(compared, best[1], best[2], rows[best[1]])


def _best_invented(
    compared: Sequence[tuple[Program, float]], invented: Sequence[tuple[Any, ...]], config: QuestionConfig
) -> Question | None:
    evaluator = Evaluator()
    best: tuple[float, tuple[Any, ...], _Votes] | None = None
    for row in invented:
        votes = _votes(compared, row, config.temper, evaluator)
        # an input on which most programs are undefined cannot be answered with an example
        worth = votes.entropy * votes.defined
        if worth > 0 and (best is None or worth > best[0]):
            best = worth, row, votes
    return None if best is None else _question(compared, best[1], best[2], None)


def _question(
    compared: Sequence[tuple[Program, float]], row: tuple[Any, ...], votes: _Votes, at: int | None
) -> Question:
    """The answers with their shares of belief as it is, not tempered."""
    whole = sum(share for _, share in compared)
    told: dict[Any, tuple[Any, float, Program]] = {}
    for (program, share), answer in zip(compared, votes.answers, strict=True):
        value, sum_, first = told.get(typed_key(answer), (answer, 0.0, program))
        told[typed_key(answer)] = value, sum_ + share / whole, first
    return Question(row, tuple(sorted(told.values(), key=lambda a: -a[1])), at)
