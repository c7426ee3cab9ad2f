"""The judgement of the programs that a search found: verified by the reference semantics, ranked and compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from neurosynth.errors import NeurosynthError
from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.language.program import Program
from neurosynth.ranking.agreement import Ranking
from neurosynth.ranking.confidence import log_odds, shipped
from neurosynth.ranking.evidence import Evidence, features
from neurosynth.ranking.exchanged import EXCHANGED, exchanged
from neurosynth.ranking.near_parts import near_part
from neurosynth.ranking.questions import Question
from neurosynth.ranking.relatives import rank_with_relatives
from neurosynth.result import Solution
from neurosynth.search.base import Outcome
from neurosynth.tasks.checking import share_right
from neurosynth.tasks.task import Task

__all__ = ["JudgedPrograms", "judged", "unjudged"]


FITTED = "auto"
"""The search whose answers confidence was fitted on."""


@dataclass(frozen=True, kw_only=True)
class JudgedPrograms:
    """The programs found, verified, ranked and compared on other inputs."""

    right: tuple[Program, ...]
    solutions: tuple[Solution, ...]
    closest: Solution | None
    near: Solution | None = None
    confidence: float = 0.0
    evidence: Evidence | None = None
    ranking: Ranking | None = None
    reasons: Sequence[tuple[str, float]] = ()
    question: Question | None = None


def judged(
    outcome: Outcome,
    task: Task,
    weighted: WeightedGrammar,
    search: str,
    *,
    top: int,
    seed: int,
    usual: Collection[Program] = (),
) -> JudgedPrograms:
    """The best ``top`` programs of an outcome, best first; ``usual`` are functions that take as few bits as a primitive.

    Raises:
        NeurosynthError: for a search whose programs are not right on the examples.
        PrimitiveBug: for a primitive with undeclared behaviour.
    """
    right = _checked(outcome, task, search)
    ranking = rank_with_relatives(
        task, right, guide_proposed=outcome.guide_proposed, bits=outcome.bits, usual=usual, seed=seed
    )
    near = outcome.near
    if ranking.programs:
        ranking = replace(ranking, exchanged=exchanged(task, ranking.programs[0], right))
        near = near or near_part(task, ranking.programs[0])
    evidence = Evidence(
        task=task,
        programs=tuple(right),
        bits=outcome.bits,
        sources=outcome.sources,
        suspects=frozenset(outcome.suspects.difference(outcome.guide_proposed)),
        guide_proposed=frozenset(outcome.guide_proposed),
        tried=outcome.stats.programs_tried,
        near=near,
    )
    numbers = features(evidence, ranking) if right else None
    confidence, reasons = _confidence(ranking, numbers) if numbers is not None else (0.0, [])
    if right and search != FITTED and ranking.programs[0] not in outcome.bits:
        confidence = min(confidence, most_of(len(right)))
    solutions = tuple(
        replace(_solution(p, task, weighted), belief=share, confidence=chance)
        for p, share, chance in zip(ranking.programs[:top], ranking.shares, _chances(confidence, ranking), strict=False)
    )
    closest = None
    if not solutions and outcome.closest is not None:
        closest = _solution(outcome.closest, task, weighted)
    return JudgedPrograms(
        right=tuple(right),
        solutions=solutions,
        closest=closest,
        near=_solution(near, task, weighted) if solutions and near is not None else None,
        confidence=confidence,
        evidence=evidence if right else None,
        ranking=ranking if right else None,
        reasons=reasons,
        question=ranking.question,
    )


def _confidence(ranking: Ranking, numbers: Mapping[str, float]) -> tuple[float, list[tuple[str, float]]]:
    """The confidence in the first program of a ranking, and the contribution of each feature to its log odds, largest first.

    Programs that are as likely by symmetry share the probability.
    """
    model = shipped()
    chance, reasons = model.of_answer(numbers), model.answer.said(numbers)
    if not ranking.exchanged:
        return chance, reasons
    shared = model.within(chance / (1 + len(ranking.exchanged)))
    reasons.append((EXCHANGED, log_odds(shared) - log_odds(chance)))
    return shared, sorted(reasons, key=lambda said: -abs(said[1]))


def most_of(programs: int) -> float:
    """The highest confidence in the best of several programs of a search that confidence was not fitted on.

    Agreement says little if there is next to nothing to compare: one program has at most two chances in three, two have three in four
    (the rule of succession of Laplace, 1774, for programs of which none contradicted the first).
    """
    return (programs + 1) / (programs + 2)


def _chances(first: float, ranking: Ranking) -> list[float]:
    """Probabilities of programs: the given one for the first, and shares of the rest for the others."""
    rest = 1.0 - ranking.shares[0] if ranking.shares else 0.0
    return [first, *((1.0 - first) * share / rest if rest > 0 else 0.0 for share in ranking.shares[1:])]


def unjudged(outcome: Outcome, weighted: WeightedGrammar, top: int) -> JudgedPrograms:
    """The same in the order in which the search found them, without running them again. There is no evidence for any of them, so the first
    gets the lowest confidence.
    """
    programs = tuple(outcome.programs[:top])
    share = 1 / max(1, len(programs))
    least = shipped().least if programs else 0.0
    solutions = tuple(
        Solution(p, derivation_logprob(weighted, p), 1.0, belief=share, confidence=least) for p in programs
    )
    ranking = Ranking.unjudged(programs) if programs else None
    closest = None
    if not solutions and outcome.closest is not None:
        closest = Solution(outcome.closest, derivation_logprob(weighted, outcome.closest), outcome.closest_share)
    return JudgedPrograms(
        right=tuple(outcome.programs), solutions=solutions, closest=closest, confidence=least, ranking=ranking
    )


def _checked(outcome: Outcome, task: Task, search: str) -> list[Program]:
    """The programs that are right on every example by the reference semantics: the claim of a search is always verified."""
    right = [p for p in outcome.programs if share_right(p, task.examples) == 1.0]
    if outcome.programs and not right:
        claimed = outcome.programs[0]
        raise NeurosynthError(
            f"search {search!r} calls {claimed} a solution of task {task.name!r}, but it is right on only "
            f"{share_right(claimed, task.examples):.0%} of the examples: a bug of the search or of a kernel; please report it"
        )
    return right


def _solution(program: Program, task: Task, weighted: WeightedGrammar) -> Solution:
    tested = share_right(program, task.test_examples) if task.test_examples else None
    return Solution(program, derivation_logprob(weighted, program), share_right(program, task.examples), tested)
