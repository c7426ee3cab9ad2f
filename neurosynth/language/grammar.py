"""Grammars: the space of programs of a search.

A grammar is compiled from a language for one request type (:func:`compile_grammar`), or read from a SyGuS file. It is context-free:
every non-terminal derives programs of one ground type in one *scope* (the types of the lambda parameters in sight, outermost first); a
production makes such a program from programs of other non-terminals.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from neurosynth.errors import InputError
from neurosynth.language.hints import NO_HINTS, Hints
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.values.types import Arrow, Type

__all__ = ["NEVER", "Abstraction", "Grammar", "Lift", "Nonterminal", "Production", "Unit"]

NEVER = 1_000
"""The cost from which on no level of a search applies a production: it only derives programs that are planted."""


@dataclass(frozen=True, slots=True)
class Nonterminal:
    """Programs of ``type`` under lambdas that bind ``scope``."""

    name: str
    type: Type
    scope: tuple[Type, ...] = ()

    def __hash__(self) -> int:
        return hash(self.name)  # names are nearly unique in a grammar, and hashing types takes long

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Unit:
    """Head of a production that passes its one argument on: ``Start → ntString``."""


@dataclass(frozen=True, slots=True)
class Lift:
    """Head of a production that uses a closed program (scope ``()``) under lambdas."""


@dataclass(frozen=True, slots=True)
class Abstraction:
    """Head of a production that makes a lambda from its body."""

    parameters: tuple[Type, ...]


Head = Primitive | Input | Constant | Variable | Unit | Lift | Abstraction


@dataclass(frozen=True, slots=True)
class Production:
    """``target → head(arguments)`` at an integer cost."""

    target: Nonterminal
    head: Head
    arguments: tuple[Nonterminal, ...] = ()
    cost: int = 1
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # asked for many times in a level: tables of an engine are indexed by production
        object.__setattr__(self, "_hash", hash((self.target, self.head, self.arguments)))

    def __hash__(self) -> int:
        return self._hash

    def build(self, arguments: Sequence[Program]) -> Program:
        """The program of this production from programs of its arguments."""
        match self.head:
            case Primitive() as primitive:
                return Apply(primitive, tuple(arguments), self.target.type)
            case Abstraction(parameters):
                return Lambda(parameters, arguments[0])
            case Unit() | Lift():
                return arguments[0]
            case _:
                return self.head

    def __str__(self) -> str:
        match self.head:
            case Primitive(name=name):
                text = f"({name} {' '.join(a.name for a in self.arguments)})" if self.arguments else name
            case Abstraction(parameters):
                text = f"(lambda {len(parameters)} {self.arguments[0]})"
            case Unit() | Lift():
                text = str(self.arguments[0])
            case _:
                text = str(self.head)
        return f"{self.target} → {text}"


@dataclass(frozen=True, eq=False)
class Grammar:
    """Productions and a start symbol for one request type.

    Raises:
        InputError: if the start symbol derives no program at all; the message lists the unproductive non-terminals.
    """

    start: Nonterminal
    productions: tuple[Production, ...]
    inputs: tuple[Input, ...] = ()
    request: Type | None = None
    declared: tuple[Nonterminal, ...] = field(default=())
    """All non-terminals that the source declares, including those without productions."""
    hints: Hints = NO_HINTS
    """The language's hints about values for the search."""

    def __post_init__(self) -> None:
        if self.start in self.unproductive:
            names = ", ".join(sorted(n.name for n in self.unproductive))
            raise InputError(
                f"the grammar derives no program of type {self.start.type} from {self.start.name!r}: unproductive non-terminals: {names}; "
                "add a constant, an input or a primitive that makes such values"
            )

    @cached_property
    def by_target(self) -> dict[Nonterminal, tuple[Production, ...]]:
        """Productions of each non-terminal, in order."""
        found: dict[Nonterminal, list[Production]] = {n: [] for n in self.nonterminals}
        for production in self.productions:
            found[production.target].append(production)
        return {n: tuple(ps) for n, ps in found.items()}

    @cached_property
    def nonterminals(self) -> tuple[Nonterminal, ...]:
        """Every non-terminal, the start first, then in order of appearance."""
        order = dict.fromkeys([self.start, *self.declared])
        for p in self.productions:
            order.update(dict.fromkeys([p.target, *p.arguments]))
        return tuple(order)

    @cached_property
    def unreachable(self) -> frozenset[Nonterminal]:
        """Non-terminals that no program of the start symbol contains."""
        reached = {self.start}
        waiting = [self.start]
        while waiting:
            for p in self.by_target[waiting.pop()]:
                waiting += set(p.arguments) - reached
                reached.update(p.arguments)
        return frozenset(self.nonterminals) - reached

    @cached_property
    def unproductive(self) -> frozenset[Nonterminal]:
        """Non-terminals that derive no finite program."""
        productive: set[Nonterminal] = set()
        grown = True
        while grown:
            grown = False
            for p in self.productions:
                if p.target not in productive and all(a in productive for a in p.arguments):
                    productive.add(p.target)
                    grown = True
        return frozenset(self.nonterminals) - productive

    def trimmed(self) -> Grammar:
        """The same programs without unreachable and unproductive non-terminals, and with each production once."""
        useless = self.unproductive
        kept = [p for p in self.productions if p.target not in useless and not useless.intersection(p.arguments)]
        once: dict[tuple[Nonterminal, Head, tuple[Nonterminal, ...]], Production] = {}
        for p in kept:
            key = (p.target, p.head, p.arguments)
            if key not in once or p.cost < once[key].cost:
                once[key] = p
        grammar = replace(self, productions=tuple(once.values()), declared=())
        unreachable = grammar.unreachable
        if not unreachable:
            return grammar
        return replace(grammar, productions=tuple(p for p in grammar.productions if p.target not in unreachable))

    def with_costs(self, costs: Iterable[int]) -> Grammar:
        """The same grammar with other costs, one for each production."""
        return replace(
            self, productions=tuple(replace(p, cost=c) for p, c in zip(self.productions, costs, strict=True))
        )

    def levels(self) -> tuple[Nonterminal, ...]:
        """Non-terminals ordered so that a production of cost 0 only uses earlier ones.

        Raises:
            InputError: if productions of cost 0 form a cycle, which the message names.
        """
        places = {n: i for i, n in enumerate(self.nonterminals)}
        sorter = TopologicalSorter[Nonterminal](dict.fromkeys(self.nonterminals, ()))
        for p in self.productions:
            if p.cost == 0:
                sorter.add(p.target, *p.arguments)
        try:
            sorter.prepare()
        except CycleError as error:
            cycle = " → ".join(map(str, error.args[1][:-1]))
            raise InputError(f"productions of cost 0 form a cycle: {cycle}; give one of them a positive cost") from None
        order: list[Nonterminal] = []
        ready: list[int] = []
        while sorter.is_active():
            for n in sorter.get_ready():
                heapq.heappush(ready, places[n])
            order.append(self.nonterminals[heapq.heappop(ready)])
            sorter.done(order[-1])
        return tuple(order)

    def enumerate(self, cost: int, target: Nonterminal | None = None) -> Iterator[Program]:
        """Every program of exactly this cost, once each, in order of productions: for tests and small spaces."""
        yield from dict.fromkeys(self._programs(target or self.start, cost))  # a program may have several derivations

    def _programs(self, target: Nonterminal, cost: int) -> Iterator[Program]:
        for p in self.by_target[target]:
            if cost >= p.cost:
                for arguments in self._tuples(p.arguments, cost - p.cost):
                    yield p.build(arguments)

    def _tuples(self, targets: tuple[Nonterminal, ...], cost: int) -> Iterator[tuple[Program, ...]]:
        if not targets:
            if cost == 0:
                yield ()
            return
        first, *rest = targets
        for share in [cost] if not rest else range(cost + 1):
            heads = list(self._programs(first, share))
            tails = list(self._tuples(tuple(rest), cost - share)) if heads else []
            yield from ((h, *t) for h in heads for t in tails)

    def __str__(self) -> str:
        lines = []
        for n, productions in self.by_target.items():
            right = " | ".join(str(p).split(" → ", 1)[1] for p in productions)
            lines.append(f"{n} : {n.type}  →  {right}")
        return "\n".join(lines)


def request_type(parameters: Sequence[Type], output: Type) -> Type:
    """``p1 -> … -> output``, or the output alone for no parameters."""
    assert not isinstance(output, Arrow)
    return Arrow(tuple(parameters), output) if parameters else output
