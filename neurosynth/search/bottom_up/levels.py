"""The levels of a bottom-up search: one cost after the other, every production over every split of the cost."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from neurosynth.engine.backends.base import Backend, view_of
from neurosynth.engine.store.batch import DONE, Batch
from neurosynth.engine.store.splits import ranges, without_closed
from neurosynth.engine.store.value_store import Range
from neurosynth.guides.derivations import parts_of
from neurosynth.language.grammar import Abstraction, Lift, Nonterminal, Production, Unit
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Program

__all__ = ["Levels"]


class Levels:
    """Fills a store cost by cost."""

    def __init__(self, backend: Backend) -> None:
        self.backend, self.store, self.grammar = backend, backend.store, backend.store.grammar
        self.order = [n for n in self.grammar.levels() if n not in self.store.bodies]
        self.highest: dict[Nonterminal, int] = {}
        self.joined: dict[tuple[Production, int], tuple[Range, ...]] = {}
        """Entries of the known arguments and of the missing one that the last join looked at."""
        self._view = view_of(backend)
        self._planted: dict[tuple[Nonterminal, Program], int | None] = {}
        """The entries of programs that were planted, and of their parts."""

    @property
    def bound(self) -> int:
        """The highest cost at which a new program can still appear; above it the store has all there is."""
        bound = max(p.cost for p in self.grammar.productions if not p.arguments)
        for p in self.grammar.productions:
            tops = [self.highest.get(self.store.bodies.get(a, a), 0) for a in p.arguments]
            if p.arguments and all(tops):
                bound = max(bound, p.cost + sum(tops))
        return bound

    def open(self, cost: int) -> None:
        """From now on entries are of this cost."""
        for bank in self.store.banks.values():
            bank.open_level(cost)

    def plant(self, program: Program, target: Nonterminal | None = None) -> Iterator[Batch]:
        """Keep the values of a program and of all its parts at the cost of the level that is open, which is less than their own.

        ``target`` derives it; by default that of whole programs.  So search builds on what is worth it before its turn (BUSTLE: Odena
        et al., ICLR 2021).
        """
        yield from self._plant(self.grammar.start if target is None else target, program)

    def _plant(self, target: Nonterminal, program: Program) -> Generator[Batch, None, int | None]:
        """The entry of a program, or None where the grammar does not derive it or it has no outputs."""
        if target in self.store.bodies:
            (abstraction,) = self.grammar.by_target[target]
            body = parts_of(abstraction, program)
            return None if body is None else (yield from self._plant(self.store.bodies[target], body[0]))
        key = target, program
        if key in self._planted:
            return self._planted[key]
        self._planted[key] = None  # a chain of unit productions that comes back here makes nothing new
        for production in self.grammar.by_target[target]:
            parts = parts_of(production, program)
            if parts is None:
                continue
            entries: list[int] = []
            for argument, part in zip(production.arguments, parts, strict=True):
                entry = yield from self._plant(argument, part)
                if entry is None:
                    break
                entries.append(entry)
            if len(entries) == len(parts):
                self._planted[key] = yield from self.backend.insert(production, tuple(entries))
                break
        return self._planted[key]

    def fill(self, cost: int) -> Iterator[Batch]:
        """Try every program of this cost, non-terminal by non-terminal; gives ``DONE`` after each production.

        The level is opened where it is not yet.
        """
        for target in self.order:
            bank = self.store.banks[target]
            if cost not in bank.ranges:
                bank.open_level(cost)
            for production in self.grammar.by_target[target]:
                if not production.arguments:
                    if production.cost == cost:
                        yield from self.backend.expand(production, ())
                    continue
                first = bank.size
                for spans, triangular in list(self._spans(production, cost)):
                    yield from self.backend.expand(production, spans, triangular=triangular)
                if isinstance(production.head, Lift):
                    bank.lifted[cost] = (first, bank.size)
                yield DONE
            start, end = bank.range(cost)
            if end > start:
                self.highest[target] = cost

    def _spans(self, production: Production, cost: int) -> Iterator[tuple[tuple[Range, ...], bool]]:
        """The entries of arguments that a production is tried on.

        Under a lambda those that are all closed programs are left out where values are tested for being part of the goal: what is made
        of them is a closed program, which was lifted.  (Where values are not tested one that is undefined in some example is worth
        keeping under a lambda, and is not kept as a closed program.)
        """
        tested = production.target.scope and production.target.type in self.store.parts
        again = tested and isinstance(production.head, Primitive)
        scope, banks = production.target.scope, [self.store.bank(a) for a in production.arguments]
        for spans, triangular in ranges(self.store, production, cost):
            if again and not triangular and all(a.scope == scope for a in production.arguments):
                closed = [
                    next((span for span in bank.lifted.values() if s[0] <= span[0] and span[1] <= s[1]), (0, 0))
                    for bank, s in zip(banks, spans, strict=True)
                ]
                for box in without_closed(spans, closed):
                    yield box, False
            else:
                yield spans, triangular

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

    def probe(self, cost: int) -> Iterator[Batch]:
        """The level's programs of the goal's type only, and only against the goal; nothing is kept."""
        for target in self.order:
            if target in self.store.goals:
                for production in self.grammar.by_target[target]:
                    if isinstance(production.head, Primitive) and production.arguments:
                        for spans, triangular in list(ranges(self.store, production, cost)):
                            yield from self.backend.probe(production, spans, triangular=triangular)
                        yield DONE

    def join(self) -> Iterator[Batch]:
        """Known entries as one argument of a goal production that has inverse semantics; the other is looked up.

        With inverses for both arguments only entries since the last join need be looked at: they meet all older ones
        from either side.
        """
        if self._view is None:
            return
        inverses = self._view.inverses
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
                    if spans:
                        yield from inverses.join(production, position, spans, self._view.goal_bank)

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
