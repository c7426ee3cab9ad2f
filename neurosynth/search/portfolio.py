"""The portfolio: enumeration, deduction over concatenation, divide and conquer, interleaved level by level.

Enumeration sets the pace; after each of its levels the other means get a share of the time that passed so far.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial

from neurosynth.engine.store.banks import SequenceBank, WordBank
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.program import Program
from neurosynth.ranking.agreement import cases
from neurosynth.ranking.perturb import chance_inputs
from neurosynth.search.base import Outcome, SearchRequest, StopReason
from neurosynth.search.bottom_up.run import BottomUpConfig, BottomUpRun
from neurosynth.search.candidates import Candidate
from neurosynth.search.strategies.conditions import Chance
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.search import cover
from neurosynth.search.strategies.decision_trees import DEPTH, DecisionTrees, Term, conditionals
from neurosynth.search.strategies.lambda_bodies import LambdaBodies, invertible

__all__ = ["Auto"]

Columnar = (WordBank, SequenceBank)
COVER = 0.5
"""Share of the time for the search by cover at most, which comes first."""
CHAINS = 0.25
"""Share of the time for chains, and again for chains that cover examples no term is right on."""
EDITS = 0.1
"""Share of the time for terms by a constant that is deduced."""
EDITS_SLICE = 0.01
"""Seconds that they are given at a time at least: loading their loops takes longer than many a task."""
DEDUCTION = 0.1
"""Share of the time for deduction by inverse kernels."""
FUNCTIONS = 0.4
"""Share of the time for functions over known lists."""
BODY_DEPTH = 2
"""Conditions on a path in a function's body: more than four cases are never worth it."""
SLICE = 0.2
"""Seconds that functions are given at a time at least: each body is a search of its own."""


@dataclass(frozen=True, kw_only=True)
class Auto(BottomUpConfig):
    """Everything at once, the default."""

    name: str = field(default="auto", init=False)
    alternatives: int = 16
    """Programs right on all examples to collect, for a short while after the first, for ranking to choose from.

    With 0 nothing is compared: of conditions equal on the examples the first is taken, too.
    """
    learn: bool = True
    """After a third of the time prefer the productions of partial solutions and start again."""
    deduce: bool = True
    """Deduce chains of concatenations from the goal, and what its parts must be."""
    edit: bool = True
    """Deduce constants that, in the place of a known piece, make known texts right."""
    functions: bool = True
    """Deduce what a functional argument must answer, and search for its body."""
    divide: bool = True
    """Grow decision trees over the grammar's conditionals."""
    depth: int = DEPTH
    """Conditions on a path of a decision tree at most."""
    cover: CoverConfig | None = field(default_factory=CoverConfig)
    """The search by cover, which comes first where the language offers pieces; None to leave it out."""

    def run(self, request: SearchRequest) -> Outcome:
        """Search until a limit, a solution or exhaustion."""
        covered = cover(request, self.cover, share=COVER) if self.cover is not None else None
        if covered is not None and covered.stop in (StopReason.SOLVED, StopReason.INTERRUPTED):
            return covered
        left = request
        if covered is not None:
            seconds = max(request.limits.seconds - covered.stats.seconds, COVER * request.limits.seconds)
            left = replace(request, limits=replace(request.limits, seconds=seconds))
        outcome = BottomUpRun(self, left, lambda store, run: _Strategies(self, store, run)).outcome()
        return outcome if covered is None else _joined(covered, outcome)


def _joined(covered: Outcome, outcome: Outcome) -> Outcome:
    """The outcome of what came after an unsettled cover, with what the cover found."""
    outcome.stats.seconds += covered.stats.seconds
    outcome.stats.programs_tried += covered.stats.programs_tried
    outcome.trace[:0] = covered.trace
    outcome.suspects |= covered.suspects
    if covered.programs:
        outcome.programs = list(dict.fromkeys([*outcome.programs, *covered.programs]))
        outcome.bits = covered.bits
        if outcome.stop is not StopReason.INTERRUPTED:
            outcome.stop = StopReason.SOLVED
    return outcome


class _Strategies:
    def __init__(self, config: Auto, store: ValueStore, run: BottomUpRun) -> None:
        # they import numba: 0.3 s that a small task need not wait for
        from neurosynth.search.strategies.concat_cover import EXAMPLES, ConcatCover, concatenation
        from neurosynth.search.strategies.constant_synthesis import ConstantSynthesis
        from neurosynth.search.strategies.deduction import Deduction

        self.config, self.store, self.run = config, store, run
        few = len(store.goal) <= EXAMPLES
        production = concatenation(store) if config.deduce and few else None
        self.concat_cover: ConcatCover | None = None
        if production is not None and isinstance(store.banks[production.target], SequenceBank):
            self.concat_cover = ConcatCover(store, production)
        self.deduction: Deduction | None = None
        columnar = isinstance(store.banks[store.grammar.start], Columnar)
        inverses = columnar and store.loops is not None
        if config.deduce and inverses:
            deduction = Deduction(store)
            self.deduction = deduction if deduction.useful else None
        self.constant_synthesis = (
            ConstantSynthesis(store, run.pool.right_on) if config.edit and few and inverses else None
        )
        places = invertible(store) if config.functions and few else []
        self.functions = (
            LambdaBodies(store, places, partial(_body, config), run.request, run.effort) if places else None
        )
        request = run.request
        chance: Chance = tuple  # where nothing is compared, the first condition will do
        if config.alternatives:
            chance = cache(lambda: chance_inputs(request.task, seed=request.seed))
        self.decision_trees = (
            [DecisionTrees(store, c, config.depth, chance) for c in conditionals(store)[:2]]
            if config.divide and few and columnar
            else []
        )

    def after_level(self, cost: int) -> None:
        """Chains first: without conditionals; then deduction; then trees, their uncovered examples filled in by chains."""
        if self.concat_cover is not None:
            with self._share("chains", CHAINS) as deadline:
                self.concat_cover.update()
                chain = self.concat_cover.solve(deadline)
                if chain is not None:
                    self.run.pool.propose(candidate(self.concat_cover.program(chain), chain.cost))
        if self.deduction is not None:
            with self._share("deduction", DEDUCTION) as deadline:
                for program, total in self.deduction.solve(deadline):
                    self.run.pool.propose(candidate(program, total))
        self._functions()
        if self.constant_synthesis is not None:
            with self._share("edits", EDITS) as deadline:
                if deadline - time.perf_counter() > EDITS_SLICE:
                    self.constant_synthesis.update(deadline)
            for program, total in self.constant_synthesis.whole:
                self.run.pool.propose(candidate(program, total))
        self._divide()

    def pause(self) -> None:
        """Functions are searched for once cheap values are known, and while a level is being filled."""
        if self.run.cost > 3:
            self._functions()

    def _functions(self) -> None:
        if self.functions is not None:
            with self._share("functions", FUNCTIONS, least=0.5) as deadline:
                if deadline - time.perf_counter() > SLICE:
                    for found in self.functions.solve(deadline):
                        self.run.pool.propose(found)

    def _divide(self) -> None:
        """Trees over the grammar's conditionals, of as many leaves as could still be an answer."""
        # where something better was found, trees that memorise are not worth the search for their conditions
        most = len(self.store.goal) if self.run.pool.open else len(self.run.examples) // 2
        for divide in self.decision_trees:
            divide.update()
            divide.extra = []
            if self.concat_cover is not None:
                with self._share("cover", CHAINS) as deadline:
                    self._cover(divide, deadline)
            if self.constant_synthesis is not None:  # after chains: two examples may want the same constant by accident
                divide.extra += self.constant_synthesis.terms.values()
            tree = divide.solve(most)
            if tree is not None and tree.leaves > 1:
                self.run.pool.propose(Candidate(tree.program, tree.cost, tree.leaves))

    @contextmanager
    def _share(self, name: str, share: float, least: float = 0.0) -> Iterator[float]:
        """The time until which a means may work: its share of the working time so far (``least`` seconds at first), what it
        had before taken off.

        Counted over restarts too: a share of the elapsed time at every level of every restart took most of the time.
        A guide that had its turn in between is no time of the means'.
        """
        now, guided = time.perf_counter(), self.run.guide_phase_seconds
        spent = self.run.spent.get(name, 0.0)
        try:
            yield now + max(0.0, least - spent, share * self.run.worked - spent)
        finally:
            guided = self.run.guide_phase_seconds - guided
            self.run.spent[name] = spent + time.perf_counter() - now - guided

    def _cover(self, divide: DecisionTrees, deadline: float) -> None:
        """Chains for examples that no known term satisfies, while a fair share of the time lasts."""
        assert self.concat_cover is not None
        while (left := divide.uncovered) and time.perf_counter() < deadline:
            chain = self.concat_cover.cover(left, deadline)
            if chain is None:
                return
            divide.extra.append(Term(chain.mask, self.concat_cover.program(chain), chain.cost))


def _body(config: Auto, request: SearchRequest) -> Outcome:
    """A search for a function's body: enumeration and trees, compiled from the start, without functions of its own."""
    config = replace(
        config, learn=False, deduce=False, edit=False, functions=False, alternatives=0, examples=24, depth=BODY_DEPTH
    )
    run = BottomUpRun(config, request, lambda store, run: _Strategies(config, store, run))
    run.compiled = True
    return run.outcome()


def candidate(program: Program, cost: int) -> Candidate:
    """A deduced program; its pieces may hold conditionals, which count as leaves."""
    return Candidate(program, cost, cases(program))
