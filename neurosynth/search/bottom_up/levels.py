"""The levels of a bottom-up search: one cost after the other, every production over every split of the cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from neurosynth.engine.store.splits import ranges
from neurosynth.engine.store.value_store import Range, ValueStore
from neurosynth.language.grammar import Abstraction, Nonterminal, Production, Unit
from neurosynth.language.primitive import Primitive

__all__ = ["Levels"]


class Levels:
    """Fills a space cost by cost."""

    def __init__(self, store: ValueStore) -> None:
        self.store, self.grammar = store, store.grammar
        self.order = [n for n in self.grammar.levels() if n not in store.bodies]
        self.highest: dict[Nonterminal, int] = {}
        self.joined: dict[tuple[Production, int], tuple[Range, ...]] = {}
        """Entries of the known arguments and of the missing one that the last join looked at."""
        self.pause: Callable[[], None] = lambda: None
        """Called between productions, which take up to seconds each at high costs."""

    @property
    def bound(self) -> int:
        """The highest cost at which a new program can still appear; above it the space is exhausted."""
        bound = max(p.cost for p in self.grammar.productions if not p.arguments)
        for p in self.grammar.productions:
            tops = [self.highest.get(self.store.bodies.get(a, a), 0) for a in p.arguments]
            if p.arguments and all(tops):
                bound = max(bound, p.cost + sum(tops))
        return bound

    def fill(self, cost: int) -> None:
        """Try every program of this cost, non-terminal by non-terminal."""
        for target in self.order:
            bank = self.store.banks[target]
            bank.open_level(cost)
            for production in self.grammar.by_target[target]:
                if not production.arguments:
                    if production.cost == cost:
                        self.store.expand(production, ())
                    continue
                for spans, triangular in list(ranges(self.store, production, cost)):
                    self.store.expand(production, spans, triangular=triangular)
                self.pause()
            start, end = bank.range(cost)
            if end > start:
                self.highest[target] = cost

    def count(self, cost: int, targets: Sequence[Nonterminal] | None = None) -> int:
        """Candidates of a level (of these non-terminals in it) as far as lower levels tell."""
        total = 0
        for target in self.order if targets is None else targets:
            for production in self.grammar.by_target[target]:
                if isinstance(production.head, (Abstraction, Unit)) or not production.arguments:
                    continue
                for spans, triangular in ranges(self.store, production, cost):
                    product = 1
                    for a, b in spans:
                        product *= b - a
                    total += product // 2 if triangular else product
        return total

    def probe(self, cost: int) -> None:
        """The level's programs of the goal's type only, and only against the goal; nothing is kept."""
        for target in self.order:
            if target in self.store.goals:
                for production in self.grammar.by_target[target]:
                    if isinstance(production.head, Primitive) and production.arguments:
                        for spans, triangular in list(ranges(self.store, production, cost)):
                            self.store.probe(production, spans, triangular=triangular)
                        self.pause()

    def join(self) -> None:
        """Known entries as one argument of a goal production that has inverse semantics; the other is looked up.

        With inverses for both arguments only entries since the last join need be looked at: they meet all older ones
        from either side.
        """
        loops = self.store.loops
        if loops is None:
            return
        inverses = loops.inverses
        for target in sorted(self.store.goals, key=str):
            for production in self.grammar.by_target[target]:
                if not isinstance(production.head, Primitive) or len(production.arguments) not in (2, 3):
                    continue
                if inverses.by_constants(production):
                    continue
                positions = [i for i in range(production.head.arity) if inverses.loop(production, i) is not None]
                both = len(positions) == len(production.arguments) == 2
                ready = [
                    i for i in positions if inverses.should_compile_alone(production, i, inverses.spans(production, i))
                ]
                for position in ready if not both or len(ready) == 2 else ():
                    spans = self._unjoined(production, position, inverses.spans(production, position), both)
                    for entries in inverses.join(production, position, spans, loops.goal_bank) if spans else ():
                        self.store.hit(production, entries)

    def _unjoined(
        self, production: Production, position: int, spans: tuple[Range, ...], both: bool
    ) -> tuple[Range, ...] | None:
        """The part of ``spans`` that a join has to look at; None where there is nothing new since the last one."""
        before = self.joined.get((production, position))
        now = (*spans, (0, self.store.bank(production.arguments[position]).size))
        self.joined[production, position] = now
        if before == now:
            return None
        return ((before[0][1], spans[0][1]),) if before and both else spans
