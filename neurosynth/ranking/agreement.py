"""Ranking by simplicity and agreement: which of the programs right on the examples to believe, and what to ask.

Programs are grouped by what they do on inputs nobody gave outputs for; a group has the prior mass of its members.  A
program that stands alone with its answers is likely to have memorised.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.ranking.looks import Fit
from neurosynth.ranking.perturb import unseen_inputs
from neurosynth.ranking.questions import Question, choose_question
from neurosynth.tasks.task import Task
from neurosynth.values.frozen import typed_key

__all__ = [
    "ByAgreement",
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
NOTHING = 10.0
"""What a program adds that gives nothing for any of the task's rows without outputs; in proportion for some."""
UNLIKE = 1.0
"""What a bit adds by which what a program gives there is unlike the outputs of the examples, in the mean over the rows."""
BITS = 4.0
"""Bits of a search that knows them to one halving of a program's mass: its costs are rough."""
NODE = 16.0
"""Bits of a node of prior cost, where programs with and without known bits are compared."""
AGREEMENT = 6.0
"""Weight of the logarithm of agreement against prior cost in nodes."""


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

    @classmethod
    def unjudged(cls, programs: Sequence[Program]) -> Ranking:
        """Programs in the order given that nothing was compared of: each is believed as much as any other, and none much."""
        share = 1 / max(1, len(programs))
        return cls(tuple(programs), (0.0,) * len(programs), share, None, (share,) * len(programs))


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
    fit = Fit(task, evaluator)
    for members in groups.values():
        # What one of them leaves out none of them needs, however it is written.
        needed = set.intersection(*(read_inputs(p) for p in members))
        vain = UNREAD * (len(task.inputs) - len(needed))
        written = GUIDE_PROPOSED if any(p in guide_proposed for p in members) else 0.0
        for p in members:
            prior = vain + prior_cost(p) - written
            if p not in (bits or ()):  # with its bits a search has judged it on the table
                undefined, odd = fit.of(p)
                prior += NOTHING * undefined + UNLIKE * odd
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
    shares = {p: sum(mass[q] for q in groups[tuple(map(typed_key, answers[p]))]) / whole for p in order}
    compared = dict.fromkeys([*order, *sorted(given, key=costs.__getitem__)])
    question = choose_question(task, [(p, mass[p] / whole) for p in compared], inputs)
    return Ranking(tuple(order), tuple(scores[p] for p in order), confidence, question, tuple(shares[p] for p in order))


def _score(cost: float, answers: tuple[Any, ...], votes: list[dict[Any, float]]) -> float:
    if not answers:
        return -cost
    shares = [0.0 if a is UNDEFINED else vote[typed_key(a)] for a, vote in zip(answers, votes, strict=True)]
    agreement = sum(shares) / len(shares)
    return AGREEMENT * math.log(max(agreement, 1e-6)) - cost


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
