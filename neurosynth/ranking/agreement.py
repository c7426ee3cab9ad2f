"""Ranking by simplicity and agreement: which of the programs right on the examples to believe, and what to ask.

Programs are grouped by what they do on inputs nobody gave outputs for; a group has the prior mass of its members.  A
program that stands alone with its answers is likely to have memorised.  Where groups disagree most lies the question worth
asking (Jha et al., ICSE 2010; Padhi et al., OOPSLA 2018).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.ranking.perturb import unseen_inputs
from neurosynth.tasks.task import Task
from neurosynth.values.frozen import thaw, typed_key

__all__ = [
    "ByAgreement",
    "Question",
    "Ranking",
    "cases",
    "is_conditional",
    "prior_cost",
    "rank_by_agreement",
    "read_inputs",
]

CONDITIONAL = 3.0
"""What a conditional adds to a program's prior cost, in nodes: those that memorise examples are the classic failure."""
CHARACTER = 0.15
"""What a character of a text constant adds."""
UNREAD = 4.0
"""What an input that a program does not read adds: few tasks bring one in vain, and a program that fits by chance often does."""
GUIDE_PROPOSED = 10.0
"""What is taken off for a program that a guide wrote for the task: it was right as one of a hundred, the others as some of
many thousands, which says about as many bits for it."""
WORTH = 0.01
"""Entropy in nats from which a row of the task is asked about before an invented one."""
BITS = 4.0
"""Bits of a search that knows them to one halving of a program's mass: its costs are rough."""
NODE = 16.0
"""Bits of a node of prior cost, where programs with and without known bits are compared."""
AGREEMENT = 6.0
"""Weight of the logarithm of agreement against prior cost in nodes."""


@dataclass(frozen=True, slots=True)
class Question:
    """The input whose output would settle most, and what the candidates answer there."""

    inputs: tuple[Any, ...]
    answers: tuple[tuple[Any, float, Program], ...]
    """Answer, share of the mass that gives it, the best program among those; the most likely first."""

    def __str__(self) -> str:
        shown = ", ".join(repr(thaw(v)) for v in self.inputs)
        options = "; ".join(f"{thaw(a)!r} ({share:.0%}, {program})" for a, share, program in self.answers)
        return f"what is the output for {shown}? candidates: {options}"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Semantically distinct programs, best first."""

    programs: tuple[Program, ...]
    scores: tuple[float, ...]
    """Higher is better; minus prior cost in nodes, plus weighted log agreement."""
    confidence: float
    """Share of the mass of all candidates that does what the first program does on every unseen input, 0 to 1."""
    question: Question | None
    """None where all candidates agree everywhere that was tried."""
    shares: tuple[float, ...] = ()
    """Of each program: the share of the mass of all candidates that behaves like it on unseen inputs."""


def prior_cost(program: Program) -> float:
    """How unlikely a program is before any data: nodes, conditionals and the length of text constants count."""
    total = 0.0
    for p in program.subprograms():
        total += 1.0
        if is_conditional(p):
            total += CONDITIONAL
        if isinstance(p, Constant) and isinstance(p.value, str):
            total += CHARACTER * len(p.value)
    return total


def read_inputs(program: Program) -> set[int]:
    """The inputs a program mentions, by their place."""
    return {p.index for p in program.subprograms() if isinstance(p, Input)}


def is_conditional(p: Program) -> bool:
    """Whether the root of a program chooses between two others: a lazy primitive, or a macro whose body is one."""
    if not isinstance(p, Apply):
        return False
    body = p.primitive.macro
    return p.primitive.lazy or (isinstance(body, Apply) and body.primitive.lazy)


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
) -> Ranking:
    """Order programs by prior cost and by how much of the prior mass agrees with them on unseen inputs.

    ``guide_proposed`` are those that a guide wrote, which others with their behaviour profit from.  ``bits`` is what programs cost
    a search that judged them on the whole table: it counts in place of prior cost and agreement.  Equal ones stay in the given
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
    for members in groups.values():
        # What one of them leaves out none of them needs, however it is written.
        needed = set.intersection(*(read_inputs(p) for p in members))
        vain = UNREAD * (len(task.inputs) - len(needed))
        written = GUIDE_PROPOSED if any(p in guide_proposed for p in members) else 0.0
        for p in members:
            prior = vain + prior_cost(p) - written
            costs[p] = prior if not bits else bits[p] / BITS if p in bits else NODE / BITS * prior
    cheapest = min(costs.values())
    mass = {p: math.exp2(cheapest - costs[p]) for p in given}
    whole = sum(mass.values())
    votes: list[dict[Any, float]] = [{} for _ in inputs]
    for p in given:
        for vote, answer in zip(votes, answers[p], strict=True):
            vote[typed_key(answer)] = vote.get(typed_key(answer), 0.0) + mass[p] / whole
    best = [min(members, key=costs.__getitem__) for members in groups.values()]
    scores = {p: -costs[p] if bits else _score(costs[p], answers[p], votes) for p in best}
    order = sorted(scores, key=lambda p: -scores[p])
    top = tuple(map(typed_key, answers[order[0]]))
    confidence = sum(mass[p] for p in groups[top]) / whole
    question = _question(inputs, votes, given, answers, len(task.unlabelled))
    shares = {p: sum(mass[q] for q in groups[tuple(map(typed_key, answers[p]))]) / whole for p in order}
    return Ranking(tuple(order), tuple(scores[p] for p in order), confidence, question, tuple(shares[p] for p in order))


def _score(cost: float, answers: tuple[Any, ...], votes: list[dict[Any, float]]) -> float:
    if not answers:
        return -cost
    shares = [0.0 if a is UNDEFINED else vote[typed_key(a)] for a, vote in zip(answers, votes, strict=True)]
    agreement = sum(shares) / len(shares)
    return AGREEMENT * math.log(max(agreement, 1e-6)) - cost


def _question(
    inputs: list[tuple[Any, ...]],
    votes: list[dict[Any, float]],
    programs: list[Program],
    answers: dict[Program, tuple[Any, ...]],
    unlabelled: int,
) -> Question | None:
    """The input with the highest entropy of answers; one of the ``unlabelled`` rows of the task, which come first, where they differ."""
    entropies = [-sum(v * math.log(v) for v in vote.values() if v > 0) for vote in votes]
    if not entropies or max(entropies) < 1e-9:
        return None
    # an input on which most candidates are undefined cannot be answered with an example
    defined = [1.0 - vote.get(typed_key(UNDEFINED), 0.0) for vote in votes]
    worth = [h * d for h, d in zip(entropies, defined, strict=True)]
    of_task = worth[:unlabelled]
    at = worth.index(max(of_task if of_task and max(of_task) > WORTH else worth))
    ranked = sorted(votes[at].items(), key=lambda item: -item[1])
    found = []
    for key, share in ranked:
        giving = [p for p in programs if typed_key(answers[p][at]) == key]
        program = min(giving, key=prior_cost)
        found.append((answers[program][at], share, program))
    return Question(inputs[at], tuple(found))


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
        rest = sorted((p for p in given if p not in scores), key=prior_cost)
        return [*scores.items(), *((p, lowest - prior_cost(p)) for p in rest)]
