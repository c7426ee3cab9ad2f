"""The best question: the row of the user's own table whose output would resolve most doubt between the programs found.

An answer rules out most where programs disagree most (Jha et al., ICSE 2010; Padhi et al., OOPSLA 2018). Programs may also all be
wrong: a row that looks unlike the examples, or on which the best program's value looks unlike their outputs, is worth a question even
if they agree. Invented inputs are used only if the table has no such row.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
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
"""Maximum number of rows of a long table that are examined for similarity."""


@dataclass(frozen=True, slots=True)
class Question:
    """The input whose output would resolve most doubt, and the answers of the candidates."""

    inputs: tuple[Any, ...]
    answers: tuple[tuple[Any, float, Program], ...]
    """Answer, share of the mass with this answer, and the best program among those; the most likely first."""
    row: int | None = None
    """Its index among the task's rows without outputs, from 0; None for an invented input."""

    @property
    def agreed(self) -> bool:
        """Whether all programs agree, so that it is the row itself that is unusual."""
        return len(self.answers) < 2

    def __str__(self) -> str:
        shown = ", ".join(repr(thaw(v)) for v in self.inputs)
        options = "; ".join(f"{thaw(a)!r} ({share:.0%}, {program})" for a, share, program in self.answers)
        return f"what is the output for {shown}? candidates: {options}"


@dataclass(frozen=True, kw_only=True)
class QuestionConfig:
    """Settings for choosing a question."""

    rows: int = 120
    """Maximum number of rows of the table that are considered: the first of each look, others evenly spread."""
    programs: int = 24
    """Number of programs compared on them, the best ones."""
    temper: float = 0.5
    """Exponent of the programs' shares, because a search is overconfident."""
    value_look: float = 0.5
    """Weight of the bits by which the best program's value is unlike the outputs of the examples."""
    row_look: float = 0.25
    """Weight of the bits by which a row is unlike those of the examples."""
    undefined: float = 4.0
    """Bits of a row on which the best program has no value."""
    alike: float = 0.25
    """Weight of the base-2 logarithm of the number of similar rows in the table, because one answer resolves them all."""
    least: float = 0.05
    """Minimum number of bits that a row must be worth to be asked about."""
    invented: int = 10
    """Number of rows without outputs from which no inputs are invented: the table itself shows the possible ones."""


_CONFIG = QuestionConfig()


def choose_question(
    task: Task,
    programs: Sequence[tuple[Program, float]],
    invented: Sequence[tuple[Any, ...]] = (),
    config: QuestionConfig = _CONFIG,
) -> Question | None:
    """The row of the task that is worth most, or else an ``invented`` input on which the programs differ; None if no question is open.

    Args:
        task: its rows without outputs are the candidates.
        programs: with their shares of belief, the best first.
        invented: inputs to use if no plausible one distinguishes the programs.
        config: all numbers.
    """
    compared = [(p, max(share, 1e-12)) for p, share in programs[: config.programs]]
    if not compared:
        return None
    rows = question_rows(task, config.rows)
    found = _best_row(task, compared, rows, config)
    if found is None and len(rows) < config.invented:
        # first inputs that could occur in the table: nobody wants to answer about others
        found = _best_invented(compared, plausible_inputs(task), config)
        found = found or _best_invented(compared, [row for row in invented if row not in rows], config)
    return found


def question_rows(task: Task, most: int) -> dict[tuple[Any, ...], int]:
    """Rows that may be asked about, each with its first index among those without outputs: the first of each look, others evenly
    spread."""
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
    """Indices of at most :data:`LOOKED_AT` rows without outputs, evenly spread."""
    return range(0, len(task.unlabelled), max(1, -(-len(task.unlabelled) // LOOKED_AT)))


def _look(task: Task, row: Sequence[Any]) -> tuple[str, ...]:
    return tuple("" if v is None else domain_of(t).shape(v) for t, v in zip(task.parameters, row, strict=True))


@dataclass(frozen=True, slots=True)
class _Votes:
    """The values of the programs on one row."""

    answers: list[Any]
    shares: dict[Any, float]
    """Key of an answer → tempered share of belief, summing to one."""

    @property
    def entropy(self) -> float:
        """The number of bits that the answer resolves between the programs."""
        return -sum(s * math.log2(s) for s in self.shares.values() if 0 < s < 1)

    @property
    def defined(self) -> float:
        """Share of belief in programs that have a value."""
        return 1.0 - self.shares.get(typed_key(UNDEFINED), 0.0)


_Run = Callable[[tuple[Any, ...]], Any]


def _compiled(compared: Sequence[tuple[Program, float]]) -> list[_Run]:
    """The functions of the programs: compiling a large decision tree takes longer than running it on a row."""
    evaluator = Evaluator()
    return [evaluator.function(p) for p, _ in compared]


def _votes(
    compared: Sequence[tuple[Program, float]], runs: Sequence[_Run], row: tuple[Any, ...], temper: float
) -> _Votes:
    answers = [run(row) for run in runs]
    weights = [share**temper for _, share in compared]
    whole = sum(weights)
    shares: dict[Any, float] = {}
    for answer, weight in zip(answers, weights, strict=True):
        shares[typed_key(answer)] = shares.get(typed_key(answer), 0.0) + weight / whole
    return _Votes(answers, shares)


def _best_row(
    task: Task, compared: Sequence[tuple[Program, float]], rows: dict[tuple[Any, ...], int], config: QuestionConfig
) -> Question | None:
    looks, runs = RowLooks(task), _compiled(compared)
    alike = Counter(_look(task, task.unlabelled[at]) for at in _spread(task))
    best: tuple[float, tuple[Any, ...], _Votes] | None = None
    for row in rows:
        if looks.blank(row):
            continue
        votes = _votes(compared, runs, row, config.temper)
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
    runs = _compiled(compared)
    best: tuple[float, tuple[Any, ...], _Votes] | None = None
    for row in invented:
        votes = _votes(compared, runs, row, config.temper)
        # an input on which most programs are undefined cannot be answered with an example
        worth = votes.entropy * votes.defined
        if worth > 0 and (best is None or worth > best[0]):
            best = worth, row, votes
    return None if best is None else _question(compared, best[1], best[2], None)


def _question(
    compared: Sequence[tuple[Program, float]], row: tuple[Any, ...], votes: _Votes, at: int | None
) -> Question:
    """The answers with their untempered shares of belief."""
    whole = sum(share for _, share in compared)
    told: dict[Any, tuple[Any, float, Program]] = {}
    for (program, share), answer in zip(compared, votes.answers, strict=True):
        value, sum_, first = told.get(typed_key(answer), (answer, 0.0, program))
        told[typed_key(answer)] = value, sum_ + share / whole, first
    return Question(row, tuple(sorted(told.values(), key=lambda a: -a[1])), at)
