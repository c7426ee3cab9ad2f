"""The turns of the portfolio's strategies in one pass: concatenation first, then deduction, lambda bodies, constants and trees."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from neurosynth.engine.backends.view import BankView
from neurosynth.engine.store.banks import SequenceBank, WordBank
from neurosynth.ranking.perturb import chance_inputs
from neurosynth.search.base import StrategyUse
from neurosynth.search.bottom_up.enumeration import Enumeration
from neurosynth.search.candidates import Step
from neurosynth.search.config import StrategiesConfig
from neurosynth.search.spuriousness import MASK_EXAMPLES
from neurosynth.search.strategies.base import Strategy
from neurosynth.search.strategies.beside import Nested
from neurosynth.search.strategies.concat_cover import ConcatCover, concatenation
from neurosynth.search.strategies.conditions import Chance
from neurosynth.search.strategies.constant_synthesis import ConstantSynthesis
from neurosynth.search.strategies.decision_trees import DecisionTrees, Term, conditionals
from neurosynth.search.strategies.deduction import Deduction
from neurosynth.search.strategies.lambda_bodies import LambdaBodies, invertible
from neurosynth.search.turns import timed
from neurosynth.work_clock import clock_seconds

__all__ = ["StrategySchedule"]

CONDITIONALS = 2
"""The conditionals of a grammar, over which trees are grown."""
LAMBDAS_FROM = 3
"""Cost from which lambda bodies are searched for while a level is being filled: cheap values are known by then."""


class StrategySchedule:
    """Gives each strategy its share of the working time, over all passes of a search."""

    def __init__(self, config: StrategiesConfig, view: BankView, search: Enumeration, body: Nested) -> None:
        """``body`` searches for the body of a lambda."""
        self.config, self.policy, self.view, self.search = config, config.policy, view, search
        self.run = search.run
        few = len(view.goal) <= MASK_EXAMPLES
        bank = view.banks[view.grammar.start]
        columnar = isinstance(bank, (WordBank, SequenceBank))
        self.cover = self._cover(view) if config.deduce and few else None
        self.constants = ConstantSynthesis(view) if config.edit and few and columnar else None
        self.deduction: Deduction | None = None
        if config.deduce and columnar and (deduction := Deduction(view)).useful:
            self.deduction = deduction
        places = invertible(view) if config.functions and few else []
        request = search.request
        self.bodies = LambdaBodies(view, places, body, request, search.memo) if places else None
        chance: Chance = tuple  # if nothing is compared, the first condition will do
        if config.alternatives:
            chance = cache(lambda: chance_inputs(request.task, seed=request.seed))
        found = conditionals(view)[:CONDITIONALS] if config.divide and few and columnar else []
        self.trees = [DecisionTrees(view, c, config.depth, chance) for c in found]

    @staticmethod
    def _cover(view: BankView) -> ConcatCover | None:
        production = concatenation(view)
        if production is None or not isinstance(view.banks[production.target], SequenceBank):
            return None
        return ConcatCover(view, production)

    # --- when -----------------------------------------------------------------------------------------------------

    def after_level(self) -> Iterator[Step]:
        """Covers first: without conditionals; then deduction; then trees, their uncovered examples filled in by covers."""
        yield from self._turn(self.cover, self.policy.concat_cover)
        yield from self._turn(self.deduction, self.policy.deduction)
        yield from self._lambdas()
        yield from self._turn(
            self.constants, self.policy.constant_synthesis, slice=self.policy.constant_synthesis_slice
        )
        for trees in self.trees:
            yield from self._trees(trees)

    def between(self) -> Iterator[Step]:
        """Search for lambda bodies once cheap values are known, and while a level is being filled."""
        if self.search.cost > LAMBDAS_FROM:
            yield from self._lambdas()

    def _lambdas(self) -> Iterator[Step]:
        policy = self.policy
        yield from self._turn(
            self.bodies, policy.lambda_bodies, least=policy.lambda_bodies_first, slice=policy.lambda_bodies_slice
        )

    def _trees(self, trees: DecisionTrees) -> Iterator[Step]:
        """Grow trees over a conditional, with as many leaves as an answer may still have."""
        # if a better program was found, memorising trees are not worth the search for their conditions
        examples = self.run.pool.examples
        trees.most = len(self.view.goal) if self.run.pool.open else len(examples) // 2
        # the search restarts for a tree that is wrong on an example it did not use: one tree is enough for that
        trees.others = len(self.view.goal) == len(examples)
        trees.update()
        trees.extra = []
        if self.cover is not None:
            deadline = self._deadline("cover for trees", self.policy.tree_cover)
            yield from timed("cover for trees", self._cover_rest(trees, self.cover, deadline), self.run.uses)
        if self.constants is not None:  # after covers: two examples may have the same constant by coincidence
            trees.extra += self.constants.terms.values()
        most = self.run.request.limits.max_programs
        if most is not None:  # comparing conditions takes many candidates, and little of the time
            used = self.run.uses.get(trees.name, StrategyUse()).tried
            trees.conditions.allowed = max(0.0, self.policy.tree_conditions * most - used)
        yield from timed(trees.name, trees.propose(self.run.clock.deadline(float("inf"))), self.run.uses)

    def _cover_rest(self, trees: DecisionTrees, cover: ConcatCover, deadline: float) -> Iterator[Step]:
        """Covers for examples that no known term satisfies, while time remains."""
        while (left := trees.uncovered) and clock_seconds() < deadline:
            chain = yield from cover.cover(left, deadline)
            if chain is None:
                return
            trees.extra.append(Term(chain.mask, cover.program(chain), chain.cost))

    # --- how long -------------------------------------------------------------------------------------------------

    def _turn(
        self, strategy: Strategy | None, share: float, *, least: float = 0.0, slice: float = 0.0
    ) -> Iterator[Step]:
        """A turn of a strategy, if it has more than ``slice`` seconds left."""
        if strategy is None:
            return
        deadline = self._deadline(strategy.name, share, least)
        if slice and deadline - clock_seconds() <= slice:
            return
        yield from timed(strategy.name, strategy.propose(deadline), self.run.uses)

    def _deadline(self, name: str, share: float, least: float = 0.0) -> float:
        """The time until which a strategy may work: its share of the working time so far (at least ``least`` seconds), minus what it
        has used, over all passes. A new share of the elapsed time at every level of every pass took most of the time, and shares that
        count the turns of guides leave enumeration hardly any time beside a guide that has half of it.
        """
        used, clock = self.run.uses.get(name, StrategyUse()).seconds, self.run.clock
        return clock.deadline(max(0.0, least - used, share * self.search.worked - used))
