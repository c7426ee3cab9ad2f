"""Ranking by one score in bits: which of the programs right on the examples to believe, and what to ask.

A program's cost is the bits to write it down (:mod:`neurosynth.ranking.bits`) and those by which the rows without outputs, the
inputs it leaves unread and the guide speak for or against it.  Programs are grouped by what they do on inputs nobody gave outputs
for; a group has the prior mass of its members.  A program that stands alone with its answers is likely to have memorised.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input, Program
from neurosynth.ranking.bits import is_conditional, program_bits
from neurosynth.ranking.looks import Fit
from neurosynth.ranking.perturb import unseen_inputs
from neurosynth.ranking.questions import Question, choose_question
from neurosynth.tasks.task import Task
from neurosynth.values.frozen import typed_key

__all__ = ["ByAgreement", "Ranking", "ScoreConfig", "cases", "rank_by_agreement", "read_inputs"]


@dataclass(frozen=True, kw_only=True)
class ScoreConfig:
    """What speaks for and against a program beside its own bits."""

    unread: float = 20.0
    """Bits of an input that it does not read: few tasks bring one in vain, and a program that fits by chance often does."""
    written: float = 50.0
    """Bits that are taken off for a program that a guide wrote for the task: it was right as one of a hundred, the others as some
    of many thousands."""
    undefined: float = 50.0
    """Bits of giving nothing for any of the task's rows without outputs; in proportion for some."""
    unlike: float = 5.0
    """Factor for the bits by which what it gives there is unlike the outputs of the examples, in the mean over the rows."""
    agreement: float = 30.0
    """Bits by which the natural logarithm of agreement with the other programs counts."""
    beside: float = 2.0
    """Factor for the bits of a program that the search did not judge on the whole table, beside those that it did."""
    halving: float = 4.0
    """Bits to one halving of a program's mass: the costs are rough."""


_CONFIG = ScoreConfig()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Semantically distinct programs, best first."""

    programs: tuple[Program, ...]
    scores: tuple[float, ...]
    """Higher is better: minus the cost, in halvings of mass, plus weighted log agreement."""
    confidence: float
    """Share of the mass of all candidates that does what the first program does on every unseen input, 0 to 1."""
    question: Question | None
    """None where all candidates agree everywhere that was tried."""
    shares: tuple[float, ...] = ()
    """Of each program: the share of the mass of all candidates that behaves like it on unseen inputs."""
    relatives: int = 0
    """Number of relatives of the first program (:mod:`neurosynth.ranking.relatives`)."""

    @classmethod
    def unjudged(cls, programs: Sequence[Program]) -> Ranking:
        """Programs in the order given that nothing was compared of: each is believed as much as any other, and none much."""
        share = 1 / max(1, len(programs))
        return cls(tuple(programs), (0.0,) * len(programs), share, None, (share,) * len(programs))


def read_inputs(program: Program) -> set[int]:
    """The inputs a program mentions, by their place."""
    return {p.index for p in program.subprograms() if isinstance(p, Input)}


def cases(program: Program) -> int:
    """How many cases a program tells apart: one more than it has conditionals."""
    return 1 + sum(map(is_conditional, program.subprograms()))


def rank_by_agreement(
    task: Task,
    programs: Iterable[Program],
    *,
    guide_proposed: Collection[Program] = (),
    bits: Mapping[Program, int] | None = None,
    seed: int = 0,
    config: ScoreConfig = _CONFIG,
) -> Ranking:
    """Order programs by their bits and by how much of the prior mass agrees with them on unseen inputs.

    ``guide_proposed`` are those that a guide wrote, which others with their behaviour profit from.  ``bits`` is what programs cost
    a search that judged them on the whole table: it counts in place of their own bits and of agreement.  Equal ones stay in the given
    order, which for a search is that of the language's declarations.
    """
    given = list(dict.fromkeys(programs))
    if not given:
        return Ranking((), (), 0.0, None)
    inputs = unseen_inputs(task, seed=seed)
    evaluator = Evaluator()
    answers = {p: tuple(map(evaluator.function(p), inputs)) for p in given}
    groups: dict[Any, list[Program]] = {}
    for p in given:
        groups.setdefault(tuple(map(typed_key, answers[p])), []).append(p)
    costs: dict[Program, float] = {}
    fit = Fit(task, evaluator)
    for members in groups.values():
        # What one of them leaves out none of them needs, however it is written.
        needed = set.intersection(*(read_inputs(p) for p in members))
        vain = config.unread * (len(task.inputs) - len(needed))
        written = config.written if any(p in guide_proposed for p in members) else 0.0
        for p in members:
            if bits and p in bits:  # a search has judged it on the table
                costs[p] = bits[p] / config.halving
                continue
            undefined, odd = fit.of(p)
            own = program_bits(p, task.examples) + config.undefined * undefined + config.unlike * odd
            costs[p] = (own + vain - written) * (config.beside if bits else 1.0) / config.halving
    cheapest = min(costs.values())
    mass = {p: math.exp2(cheapest - costs[p]) for p in given}
    whole = sum(mass.values())
    votes: list[dict[Any, float]] = [{} for _ in inputs]
    for p in given:
        for vote, answer in zip(votes, answers[p], strict=True):
            vote[typed_key(answer)] = vote.get(typed_key(answer), 0.0) + mass[p] / whole
    best = [min(members, key=costs.__getitem__) for members in groups.values()]
    weight = 0.0 if bits else config.agreement / config.halving
    scores = {p: weight * _log_agreement(answers[p], votes) - costs[p] for p in best}
    order = sorted(scores, key=lambda p: -scores[p])
    top = tuple(map(typed_key, answers[order[0]]))
    confidence = sum(mass[p] for p in groups[top]) / whole
    shares = {p: sum(mass[q] for q in groups[tuple(map(typed_key, answers[p]))]) / whole for p in order}
    compared = dict.fromkeys([*order, *sorted(given, key=costs.__getitem__)])
    question = choose_question(task, [(p, mass[p] / whole) for p in compared], inputs)
    return Ranking(tuple(order), tuple(scores[p] for p in order), confidence, question, tuple(shares[p] for p in order))


def _log_agreement(answers: tuple[Any, ...], votes: list[dict[Any, float]]) -> float:
    """Natural logarithm of the share of the mass that agrees, in the mean over the inputs."""
    if not answers:
        return 0.0
    shares = [0.0 if a is UNDEFINED else vote[typed_key(a)] for a, vote in zip(answers, votes, strict=True)]
    return math.log(max(sum(shares) / len(shares), 1e-6))


@dataclass(frozen=True)
class ByAgreement:
    """The ranker behind ``synthesize``, as a plugin; one program a behaviour first, the others after it."""

    seed: int = 0
    """For the perturbed inputs."""

    @property
    def name(self) -> str:
        """How rows and messages call it."""
        return "by agreement"

    def rank(self, task: Task, programs: Iterable[Program]) -> list[tuple[Program, float]]:
        """All programs with their scores, the best first."""
        given = list(dict.fromkeys(programs))
        ranking = rank_by_agreement(task, given, seed=self.seed)
        scores = dict(zip(ranking.programs, ranking.scores, strict=True))
        lowest = min(ranking.scores, default=0.0)
        costs = {p: program_bits(p, task.examples) for p in given if p not in scores}
        return [*scores.items(), *((p, lowest - costs[p]) for p in sorted(costs, key=costs.__getitem__))]
