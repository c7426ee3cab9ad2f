"""Ranking by one score in bits: the order of the programs that are right on the examples.

The cost of a program is the number of bits needed to write it down (:mod:`neurosynth.ranking.bits`), corrected by the evidence of the
rows without outputs, of unread inputs and of the guide. Programs are grouped by their behaviour on inputs without outputs; a group has
the prior mass of its members. A program with which no other agrees has probably memorised.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Constant, Input, Program
from neurosynth.ranking.bits import copied_bits, is_conditional, program_bits, unexplained, usual_bits
from neurosynth.ranking.looks import Fit
from neurosynth.ranking.perturb import unseen_inputs
from neurosynth.ranking.questions import Question, choose_question
from neurosynth.tasks.task import Task
from neurosynth.values.frozen import typed_key

__all__ = ["ByAgreement", "Ranking", "ScoreConfig", "cases", "rank_by_agreement", "read_inputs"]


@dataclass(frozen=True, kw_only=True)
class ScoreConfig:
    """The evidence about a program in addition to its own bits."""

    unread: float = 20.0
    """Bits for each input that it does not read: few tasks have a useless input, and coincidental programs often ignore one."""
    written: float = 50.0
    """Bits subtracted for a program that a guide generated for the task: it was right as one of a hundred candidates, the others as
    some of many thousands. It counts in proportion to how much of the outputs the program explains: a few hundred candidates produce
    outputs of a few bits by coincidence. Next to programs that a search judged on the whole table, it counts nothing: of 35 answers
    where a guide's program came before the cheapest of those, 2 were right, and 14 of those."""
    spelled: float = 15.0
    """Bits for each text constant with digits of an output in a program next to such ones, if one or two examples are shown: with a
    digit more or less, ``17.65`` is a part of ``17.66``, and what made it is arithmetic."""
    undefined: float = 50.0
    """Bits if the program has no value on any of the task's rows without outputs; proportional if on some."""
    unlike: float = 5.0
    """Factor for the bits by which its values there are unlike the outputs of the examples, averaged over the rows."""
    agreement: float = 30.0
    """Bits for each unit of the natural logarithm of the agreement with the other programs."""
    beside: float = 2.0
    """Factor for the bits of programs that the search did not judge on the whole table, next to programs that it did."""
    halving: float = 4.0
    """Number of bits that halve a program's mass, because costs are rough."""


_CONFIG = ScoreConfig()
FEW = 2
"""Examples up to which constants may be anything."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Semantically distinct programs, best first."""

    programs: tuple[Program, ...]
    scores: tuple[float, ...]
    """Higher is better: minus the cost, in halvings of mass, plus weighted log agreement."""
    confidence: float
    """Share of the mass of all candidates that agrees with the first program on every unseen input, 0 to 1."""
    question: Question | None
    """None if all candidates agree everywhere that was tried."""
    shares: tuple[float, ...] = ()
    """For each program, the share of the mass of all candidates that behaves like it on unseen inputs."""
    relatives: int = 0
    """Number of relatives of the first program (:mod:`neurosynth.ranking.relatives`)."""
    exchanged: tuple[Program, ...] = ()
    """Programs as likely as the first that behave differently (:mod:`neurosynth.ranking.exchanged`)."""

    @classmethod
    def unjudged(cls, programs: Sequence[Program]) -> Ranking:
        """Programs in the given order without any comparison: each has the same low belief."""
        share = 1 / max(1, len(programs))
        return cls(tuple(programs), (0.0,) * len(programs), share, None, (share,) * len(programs))


def read_inputs(program: Program) -> set[int]:
    """The inputs of a program, by index."""
    return {p.index for p in program.subprograms() if isinstance(p, Input)}


def cases(program: Program) -> int:
    """The number of cases of a program: one more than its conditionals."""
    return 1 + sum(map(is_conditional, program.subprograms()))


def rank_by_agreement(
    task: Task,
    programs: Iterable[Program],
    *,
    guide_proposed: Collection[Program] = (),
    bits: Mapping[Program, int] | None = None,
    usual: Collection[Program] = (),
    seed: int = 0,
    config: ScoreConfig = _CONFIG,
) -> Ranking:
    """Order programs by their bits and by the share of the prior mass that agrees with them on unseen inputs.

    ``guide_proposed`` are those that a guide generated; other programs with the same behaviour benefit from them. ``bits`` are the
    costs from a search that judged programs on the whole table; they replace their own bits and the agreement. ``usual`` are functions that take
    as few bits as a primitive. Equal ones keep the given order, which for a search is that of the language's declarations.
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
    told = copied_bits(task.examples)
    for members in groups.values():
        # If one of them does not read an input, none of them needs it, however it is written.
        needed = set.intersection(*(read_inputs(p) for p in members))
        vain = config.unread * (len(task.inputs) - len(needed))
        explained = (1.0 - unexplained(p, task.examples, told) for p in members if p in guide_proposed)
        written = 0.0 if bits else config.written * max(explained, default=0.0)
        for p in members:
            if bits and p in bits:  # a search has judged it on the table
                costs[p] = bits[p] / config.halving
                continue
            undefined, odd = fit.of(p)
            own = program_bits(p, task.examples) - usual_bits(p, usual)
            own += config.undefined * undefined + config.unlike * odd
            own += config.spelled * _spelled(p, task) if bits else 0.0
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


def _spelled(program: Program, task: Task) -> int:
    """The number of text constants with digits of an output, if one or two examples are shown."""
    if len(task.examples) > FEW:
        return 0
    texts = [p.value for p in program.subprograms() if isinstance(p, Constant) and isinstance(p.value, str)]
    outputs = [e.output for e in task.examples if isinstance(e.output, str)]
    return sum(any(c.isdigit() for c in t) and any(t in o for o in outputs) for t in texts)


def _log_agreement(answers: tuple[Any, ...], votes: list[dict[Any, float]]) -> float:
    """Natural logarithm of the share of the mass that agrees, averaged over the inputs."""
    if not answers:
        return 0.0
    shares = [0.0 if a is UNDEFINED else vote[typed_key(a)] for a, vote in zip(answers, votes, strict=True)]
    return math.log(max(sum(shares) / len(shares), 1e-6))


@dataclass(frozen=True)
class ByAgreement:
    """The ranker of ``synthesize`` as a plugin; one program for each behaviour first, the others after them."""

    seed: int = 0
    """Seed for the perturbed inputs."""

    @property
    def name(self) -> str:
        """Its name in rows and messages."""
        return "by agreement"

    def rank(self, task: Task, programs: Iterable[Program]) -> list[tuple[Program, float]]:
        """All programs with their scores, the best first."""
        given = list(dict.fromkeys(programs))
        ranking = rank_by_agreement(task, given, seed=self.seed)
        scores = dict(zip(ranking.programs, ranking.scores, strict=True))
        lowest = min(ranking.scores, default=0.0)
        costs = {p: program_bits(p, task.examples) for p in given if p not in scores}
        return [*scores.items(), *((p, lowest - costs[p]) for p in sorted(costs, key=costs.__getitem__))]
