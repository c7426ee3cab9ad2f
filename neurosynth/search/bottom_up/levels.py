"""The levels of a bottom-up search: costs in increasing order, every production with every split of the cost."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence

import numpy as np

from neurosynth.engine.backends.base import Backend, view_of
from neurosynth.engine.store.banks import Bank
from neurosynth.engine.store.batch import DONE, Batch
from neurosynth.engine.store.splits import ranges, without_closed
from neurosynth.engine.store.value_store import Range
from neurosynth.guides.derivations import parts_of
from neurosynth.language.grammar import NEVER, Grammar, Lift, Nonterminal, Production
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Lambda, Program
from neurosynth.values.types import Arrow

__all__ = ["Levels", "declared_cost"]

_ENDED = 256
"""Number of new entries that are collected before they are tried as the last argument, while a level is being
filled."""


def declared_cost(program: Program) -> int:
    """The sum of the declared costs of its primitives, plus 1 for each leaf: the minimum cost of a program in which
    nothing was planted."""
    nodes = [p for p in program.subprograms() if not isinstance(p, Lambda)]
    return sum(p.primitive.cost if isinstance(p, Apply) else 1 for p in nodes)


class Levels:
    """Fills a store cost by cost."""

    def __init__(self, backend: Backend) -> None:
        self.backend, self.store, self.grammar = backend, backend.store, backend.store.grammar
        self.later = {} if _inverted(self.grammar, self.store.bodies) else _later(self.grammar, self.store.bodies)
        """How much later the level of a non-terminal comes than the closed programs of the same cost: parts under a
        lambda are used in programs that cost at least that much more."""
        order = [n for n in self.grammar.levels() if n not in self.store.bodies]
        self.order = sorted(order, key=lambda n: -self.later.get(n, 0))
        """An order in which parts come before the programs made of them."""
        self.highest: dict[Nonterminal, int] = {}
        self.joined: dict[tuple[Production, int], tuple[Range, ...]] = {}
        """The entries of the known and of the missing argument that the last join examined."""
        self.last = self._last_steps()
        """For each non-terminal, the productions that complete a program of it at no cost; applied to each entry soon
        after it was stored."""
        self._firsts: dict[Production, dict[int, np.ndarray]] = {}
        """By production and cost, all arguments except the last with which it is part of the goal if nothing
        follows."""
        self._ended: dict[Production, int] = {}
        """The entries of the last argument on which each of those was tried."""
        self._view = view_of(backend)
        self._planted: dict[tuple[Nonterminal, Program], int | None] = {}
        """The entries of programs that were planted, and of their parts."""

    @property
    def bound(self) -> int:
        """The highest cost at which a new program can still appear; above it the store has all there is."""
        bound = 0
        for p in self.grammar.productions:
            if p.cost >= NEVER:
                continue
            tops = [self.highest.get(self.store.bodies.get(a, a), 0) for a in p.arguments]
            if all(tops):
                bound = max(bound, p.cost + sum(tops) + self.later.get(p.target, 0))
        return bound

    def level_of(self, target: Nonterminal, cost: int) -> int:
        """The cost of the programs of a non-terminal that are tried together with closed programs of a cost; below 1
        means none yet."""
        return cost - self.later.get(target, 0)

    def open(self, cost: int) -> None:
        """From now on, entries have this cost, and those under a lambda a lower one."""
        for target, bank in self.store.banks.items():
            level = max(1, self.level_of(target, cost))
            if level not in bank.ranges:
                bank.open_level(level)

    def plant(self, program: Program, target: Nonterminal) -> Iterator[Batch]:
        """Keep the values of a program and of all its parts at the cost of the level that is open, which is less than their own.

        ``target`` derives it. The search can then build on promising values early (BUSTLE: Odena et al., ICLR 2021).
        """
        yield from self._plant(target, program)

    def _plant(self, target: Nonterminal, program: Program) -> Generator[Batch, None, int | None]:
        """The entry of a program, or None if the grammar does not derive it or it has no outputs."""
        if target in self.store.bodies:
            (abstraction,) = self.grammar.by_target[target]
            body = parts_of(abstraction, program)
            return None if body is None else (yield from self._plant(self.store.bodies[target], body[0]))
        key = target, program
        if key in self._planted:
            return self._planted[key]
        self._planted[key] = None  # a chain of unit productions that returns here makes nothing new
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
        """Try every program of this cost, one non-terminal after another; yields ``DONE`` after each production.

        Opens the level if necessary.
        """
        self.open(cost)
        for target in self.order:
            level = self.level_of(target, cost)
            if level >= 1:
                yield from self._fill(target, level)

    def _fill(self, target: Nonterminal, cost: int) -> Iterator[Batch]:
        """The programs of a non-terminal that have this cost."""
        bank = self.store.banks[target]
        for production in self.grammar.by_target[target]:
            if production in self._ended or production.cost >= NEVER:
                continue
            if not production.arguments:
                if production.cost == cost:
                    yield from self.backend.expand(production, ())
                    yield from self._end(target)
                continue
            first = bank.size
            for batch in self._tried(production, cost):
                yield batch
                if batch.tried:  # otherwise it is in the middle of a tile
                    yield from self._end(target, _ENDED)
            yield from self._end(target)
            if isinstance(production.head, Lift):
                bank.lifted[cost] = (first, bank.size)
            yield DONE
        start, end = bank.range(cost)
        if end > start:
            self.highest[target] = cost

    def _tried(self, production: Production, cost: int) -> Iterator[Batch]:
        """Try a production on all arguments whose costs sum to a cost."""
        if (ending := self._ending(production)) is not None:
            yield from self._continued(production, cost, ending)
            return
        for spans, triangular in list(self._spans(production, cost)):
            yield from self.backend.expand(production, spans, triangular=triangular)

    def _ending(self, production: Production) -> int | None:
        """The entry that means "nothing follows" as the last argument, for a production that continues with that
        argument."""
        target, arguments = production.target, production.arguments
        keep = self.grammar.hints.keep(target.type)
        long = (
            len(arguments) > 1
            and arguments[-1] == target
            and any(a == target or a in self.store.bodies for a in arguments[:-1])
        )
        if keep is None or not keep.ending or not long or target.scope:
            return None
        for p in self.grammar.by_target[target]:
            if isinstance(p.head, Primitive) and p.head.name == keep.ending:
                return self.backend.find(
                    target, (self.store.evaluator.run(Apply(p.head, ()), ()),) * len(self.store.goal)
                )
        return None

    def _continued(self, production: Production, cost: int, ending: int) -> Iterator[Batch]:
        """Try the production first with nothing following.

        Only results that are new and part of the goal are then tried with everything that may follow them. A result that is not new
        equals that of other steps, whose continuations were or will be tried.
        """
        bank = self.store.banks[production.target]
        known = self._firsts.setdefault(production, {})
        least = bank.cost_of(ending)
        spare = cost - production.cost
        number, begin = self.store.numbers[production], bank.size
        for spans, _ in list(self._spans(production, cost)):
            if spans[-1][0] <= ending < spans[-1][1]:
                yield from self.backend.expand(production, (*spans[:-1], (ending, ending + 1)))
        new = begin + np.flatnonzero(bank.productions[begin : bank.size] == number)
        if new.size:
            known[spare - least] = bank.children[new, : len(production.arguments) - 1]
        for others, firsts in list(known.items()):
            start, end = bank.range(spare - others)
            if start < end:
                yield from self.backend.expand(production, ((start, end),), firsts=firsts)

    def _last_steps(self) -> dict[Nonterminal, list[Production]]:
        """Productions of the goal that make it from one argument at no cost, by that argument: ``build`` of a plan."""
        found: dict[Nonterminal, list[Production]] = {}
        for target in self.order:
            for p in self.grammar.by_target[target] if target in self.store.goals else ():
                free = isinstance(p.head, Primitive) and not p.cost and len(p.arguments) == 1
                if free and p.arguments[0] in self.store.banks and p.arguments[0] not in self.store.goals:
                    found.setdefault(p.arguments[0], []).append(p)
        return found

    def _end(self, target: Nonterminal, least: int = 1) -> Iterator[Batch]:
        """Programs of the goal's type made from new entries at no cost, if there are at least so many.

        They are not delayed until the level is complete, because the limits cut off the largest level.
        """
        bank = self.store.banks[target]
        for production in self.last.get(target, ()):
            done = self._ended.setdefault(production, 0)
            if bank.size - done >= least:
                self._ended[production] = end = bank.size
                yield from self.backend.expand(production, ((done, end),))

    def _spans(self, production: Production, cost: int) -> Iterator[tuple[tuple[Range, ...], bool]]:
        """The entries of arguments that a production is tried on.

        Under a lambda, combinations of closed programs are left out if values are tested for being part of the goal:
        their result is a closed program, which was lifted already. (If values are not tested, a program that is
        undefined on some example is kept under a lambda, and not as a closed program.) Closed programs are also left out as
        functions, if the language says that these ignore their arguments for nothing.
        """
        tested = production.target.scope and production.target.type in self.store.parts
        again = tested and isinstance(production.head, Primitive)
        scope, banks = production.target.scope, [self.store.bank(a) for a in production.arguments]
        varying = self._varying(production)
        for spans, triangular in ranges(self.store, production, cost):
            if again and not triangular and all(a.scope == scope for a in production.arguments):
                closed = [bank.closed(span) for bank, span in zip(banks, spans, strict=True)]
                for box in without_closed(spans, closed):
                    yield box, False
            elif varying:
                yield from ((box, False) for box in _without_lifted(spans, banks, varying))
            else:
                yield spans, triangular

    def _varying(self, production: Production) -> tuple[int, ...]:
        """The arguments that are functions which have to use their parameters."""
        hints, arguments = self.grammar.hints, production.arguments
        return tuple(
            i
            for i, a in enumerate(arguments)
            if a in self.store.bodies and isinstance(a.type, Arrow) and hints.varying(a.type)
        )

    def join(self) -> Iterator[Batch]:
        """Known entries as one argument of a goal production that has inverse semantics; the other is looked up.

        If both arguments have inverses, only entries since the last join are needed: they are combined with all older
        ones from either side.
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
        """The part of ``spans`` that a join has to examine; None if nothing is new since the last one."""
        before = self.joined.get((production, position))
        now = (*spans, (0, self.store.bank(production.arguments[position]).size))
        self.joined[production, position] = now
        if before == now:
            return None
        return ((before[0][1], spans[0][1]),) if before and both else spans


def _without_lifted(
    spans: tuple[Range, ...], banks: Sequence[Bank], places: Sequence[int]
) -> Iterator[tuple[Range, ...]]:
    """The combinations without closed programs as the arguments at some places, as boxes that do not overlap."""
    boxes = [spans]
    for place in places:
        closed = banks[place].closed(spans[place])
        if closed[0] < closed[1]:
            ends = (spans[place][0], closed[0]), (closed[1], spans[place][1])
            boxes = [(*b[:place], end, *b[place + 1 :]) for b in boxes for end in ends if end[0] < end[1]]
    yield from boxes


def _inverted(grammar: Grammar, bodies: Mapping[Nonterminal, Nonterminal]) -> bool:
    """Whether functions are arguments of primitives with inverse semantics, so that joins and deduction can use them
    early."""
    return any(
        isinstance(p.head, Primitive) and (p.head.inverse is not None or p.head.inverse_kernels is not None)
        for p in grammar.productions
        if any(a in bodies for a in p.arguments)
    )


def _later(grammar: Grammar, bodies: Mapping[Nonterminal, Nonterminal]) -> dict[Nonterminal, int]:
    """For each non-terminal under a lambda, the minimum difference between the cost of a closed program and the cost of
    such a part of it.

    ``map`` of a function over a list costs at least 2 more than the function's body. Most candidates are bodies, and
    those of the last few levels cannot be used in programs of these levels.
    """
    least = _least(grammar)
    found: dict[Nonterminal, int] = {n: 0 for n in grammar.nonterminals if not n.scope and n not in bodies}
    grown = True
    while grown:
        grown = False
        for p in grammar.productions:
            if p.target not in found or any(a not in least for a in p.arguments):
                continue
            whole = found[p.target] + p.cost + sum(least[a] for a in p.arguments)
            for a in p.arguments:
                part = bodies.get(a, a)
                more = whole - least[a]
                if part.scope and more < found.get(part, more + 1):
                    found[part] = more
                    grown = True
    return {n: more for n, more in found.items() if n.scope}


def _least(grammar: Grammar) -> dict[Nonterminal, int]:
    """The cost of the cheapest program of each non-terminal that has one."""
    least: dict[Nonterminal, int] = {}
    grown = True
    while grown:
        grown = False
        for p in grammar.productions:
            if all(a in least for a in p.arguments):
                cost = p.cost + sum(least[a] for a in p.arguments)
                if cost < least.get(p.target, cost + 1):
                    least[p.target] = cost
                    grown = True
    return least
