"""Long programs of the primitives and functions that a language declares as usual (:meth:`neurosynth.Language.usual`).

Most candidates of enumeration are rare functions, arithmetic and conditions. A pipeline of five operations on lists is beyond its reach, because
each operation multiplies the candidates by hundreds. A search alongside tries programs of the usual primitives alone, with the usual functions
as their arguments, each of which costs as much as any other. It is the space that DeepCoder searches (Balog et al., ICLR 2017); joins and
deduction by inverse semantics add the last operations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from neurosynth.errors import InputError
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

__all__ = ["PipelineTurn", "pipeline_request"]

STEP = 2
"""The cost of an operation; one with a function costs one less, and the function one."""


SIMPLEST = 2
"""The cost that enumeration has reached before this search begins, unless something was found."""


def pipeline_request(request: SearchRequest) -> SearchRequest | None:
    """The search for programs of usual parts that make the request's output; None if the language declares none, or none makes it."""
    language = request.language
    if language is None or not language.hints.usual:
        return None
    functions = usual_functions(language)
    try:
        grammar = _grammar(request.grammar, usual_primitives(language), functions)
    except InputError:  # no such program makes an output of this type
        return None
    planted = tuple(
        (n, function)
        for n in grammar.nonterminals
        if isinstance(n.type, Arrow) and not n.scope
        for function in functions
        if function.type == n.type
    )
    return replace(request, grammar=grammar, planted=planted)


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
        request = pipeline_request(self.request)
        if request is None:
            return
        policy, begun, clock = self.policy, stopwatch(), self.run.clock
        share = policy.pipelines_share if self.run.pool.open else policy.pipelines_doubted[1]
        yield from beside(
            request, min(share * clock.seconds, clock.left), self.run, self.nested, by="pipelines", what="usual parts"
        )
        self.seconds = stopwatch() - begun
