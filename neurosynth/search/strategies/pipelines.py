"""Long programs of the primitives and functions that a language declares as usual (:meth:`neurosynth.Language.usual`).

Most candidates of enumeration are rare functions, arithmetic and conditions. A pipeline of five operations on lists is beyond its reach, because
each operation multiplies the candidates by hundreds. A search alongside tries programs of the usual primitives alone, with the usual functions
as their arguments. Each of these parts costs as much as any other, unless a guide says how likely it is. It is the space that DeepCoder searches
(Balog et al., ICLR 2017); joins and deduction by inverse semantics add the last operations.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from neurosynth.errors import InputError
from neurosynth.guides.base import KnowsUsual, RuleGuide, WeightedGrammar
from neurosynth.guides.derivations import Derivations
from neurosynth.language.grammar import NEVER, Abstraction, Grammar, Lift, Nonterminal, Production
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Constant, Program
from neurosynth.language.usual import usual_functions, usual_primitives
from neurosynth.search.base import SearchRequest
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.runner import Runner, RunnerStep
from neurosynth.search.strategies.beside import Nested, beside
from neurosynth.values.types import Arrow
from neurosynth.work_clock import stopwatch

K = TypeVar("K")
Planted = tuple[Nonterminal, Program, int]
"""A function, the non-terminal that it enters, and its cost (:attr:`SearchRequest.planted`)."""

__all__ = ["PipelineTurn", "pipeline_request"]

STEP = 2
"""The cost of an operation without a guide; one with a function costs one less, and the function one."""
TEMPER = 0.4
"""The power to which a guide's probabilities are raised: those of tokens that occur in a program are shared by odds, which is too sure of
single operations. Measured on sampled programs: 1.59 nats an operation, 2.05 with 1, and 2.08 if all are equally likely."""
NATS = 1.0
"""Nats of a unit of cost where a guide says how likely parts are."""
HIGHEST = 5
"""The cost of the least likely part."""
SIMPLEST = 2
"""The cost that enumeration has reached before this search begins, unless something was found."""


def pipeline_request(request: SearchRequest, guide: RuleGuide | None = None) -> SearchRequest | None:
    """The search for programs of usual parts that make the request's output; None if the language declares none, or none makes it.

    Without a guide, each part costs as much as any other; with one, the less the likelier it is for the task.
    """
    language = request.language
    if language is None or not language.hints.usual:
        return None
    functions = usual_functions(language)
    try:
        grammar = _grammar(request.grammar, usual_primitives(language), functions)
    except InputError:  # no such program makes an output of this type
        return None
    planted = tuple(
        (n, function, 1)
        for n in grammar.nonterminals
        if isinstance(n.type, Arrow) and not n.scope
        for function in functions
        if function.type == n.type
    )
    if guide is not None:
        weighted = guide.predict(request.task, grammar)
        if weighted.grammar is not grammar:
            raise InputError(
                f"guide {guide.name!r} refines the grammar; allowed for usual parts: one that weights it as it is"
            )
        grammar, planted = _costs(weighted), _function_costs(weighted, planted)
    return replace(request, grammar=grammar, planted=planted)


def _costs(weighted: WeightedGrammar) -> Grammar:
    """The grammar in which an operation costs its nats among those of its type, and everything else what it did."""
    nats: dict[Nonterminal, dict[Production, float]] = {}
    for p, logprob in zip(weighted.grammar.productions, weighted.logprobs.tolist(), strict=True):
        if isinstance(p.head, Primitive) and p.cost < NEVER:
            nats.setdefault(p.target, {})[p] = -logprob
    costs = {p: cost for those in nats.values() for p, cost in _shared(those).items()}
    return weighted.grammar.with_costs(costs.get(p, p.cost) for p in weighted.grammar.productions)


def _function_costs(weighted: WeightedGrammar, planted: Iterable[Planted]) -> tuple[Planted, ...]:
    """The functions at the cost of their nats among those of their type."""
    derivations = Derivations(weighted)
    nats: dict[Nonterminal, dict[Program, float]] = {}
    for n, function, _ in planted:
        found = derivations.best(function, n)
        nats.setdefault(n, {})[function] = math.inf if found is None else -found.logprob
    return tuple((n, function, cost) for n, those in nats.items() for function, cost in _shared(those).items())


def _shared(nats: Mapping[K, float]) -> dict[K, int]:
    """The costs of alternatives, whose probabilities are made to sum to 1."""
    total = sum(math.exp(-TEMPER * v) for v in nats.values())
    beyond = math.log(total) if total else 0.0
    return {k: max(1, round(min((TEMPER * v + beyond) / NATS, HIGHEST))) for k, v in nats.items()}


def _grammar(grammar: Grammar, primitives: Collection[str], functions: Sequence[Program]) -> Grammar:
    """The grammar of usual programs: functions have non-terminals of their own, into which only planted ones come.

    All other bodies stay in it without being enumerated, so that the compiled machine that applies functions is the same as in a search
    of the whole language.
    """
    types = {f.type for f in functions}
    captured = {p.type for f in functions for p in f.subprograms() if isinstance(p, Constant)}
    bodies = {
        p.arguments[0]: Nonterminal(f"usual {p.arguments[0]} of {p.target}", p.arguments[0].type, p.arguments[0].scope)
        for p in grammar.productions
        if isinstance(p.head, Abstraction) and p.target.type in types and not p.target.scope
    }
    found: list[Production] = []
    for p in grammar.productions:
        if p.target.scope:
            if isinstance(p.head, Lift) and p.target.type not in captured:
                continue
            found.append(replace(p, cost=NEVER))
            if p.target in bodies and isinstance(p.head, Primitive):
                found.append(replace(p, target=bodies[p.target], cost=NEVER))
        elif isinstance(p.head, Abstraction):
            found.append(replace(p, arguments=(bodies.get(p.arguments[0], p.arguments[0]),)))
        elif not isinstance(p.head, Primitive):
            found.append(p)
        elif p.head.name in primitives:
            given = [a for a in p.arguments if isinstance(a.type, Arrow)]
            if all(a.type in types for a in given):
                found.append(replace(p, cost=STEP - len(given)))
    return replace(grammar, productions=tuple(found), declared=()).trimmed()


class PipelineTurn:
    """Searches once for programs of usual parts, beside a search of the whole language."""

    def __init__(self, request: SearchRequest, run: Runner, nested: Nested, policy: PortfolioConfig) -> None:
        """``nested`` runs a search of another request, without trees, functions and guides."""
        self.request, self.run, self.nested, self.policy = request, run, nested, policy
        self.seconds = 0.0
        """Seconds that the turn took."""
        self._done = False

    def due(self, loading: float, cost: int) -> bool:
        """Whether to search now, once: after a share of the time if nothing was found, and soon if only doubted programs were.

        Args:
            loading: seconds that the search around it spent on loading.
            cost: the cost that it has reached: strategies first look at its simplest programs.
        """
        if self._done:
            return False
        run, policy = self.run, self.policy
        if run.pool.open:
            return cost > SIMPLEST and run.clock.worked - loading >= policy.pipelines_after * run.clock.seconds
        return run.stats.programs_tried >= policy.pipelines_doubted[0] and run.pool.doubted

    def turn(self) -> Iterator[RunnerStep]:
        """Search alongside for a share of the time."""
        self._done = True
        policy, begun = self.policy, stopwatch()
        request = self._guided()
        if request is None:
            return
        share = policy.pipelines_share if self.run.pool.open else policy.pipelines_doubted[1]
        yield from beside(
            request, share * self.run.clock.seconds, self.run, self.nested, by="pipelines", what="usual parts"
        )
        self.seconds = stopwatch() - begun

    def _guided(self) -> SearchRequest | None:
        """The request, with the costs of the guide of usual parts if there is one that can read the task."""
        deferred = self.request.deferred
        try:
            # Where programs were found, likely parts bring more that fit by coincidence: fewer of deepcoder-exedec are right.
            guide = deferred.usual() if isinstance(deferred, KnowsUsual) and self.run.pool.open else None
            return pipeline_request(self.request, guide)
        except InputError as error:
            self.run.trace.append({"guide": "usual parts", "error": str(error)})
            return pipeline_request(self.request)
