"""Kernels against functions, as the engine runs them: in a compiled space, entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from neurosynth.engine.space import Range, Space
from neurosynth.language.grammar import Abstraction, Grammar, Nonterminal, Production
from neurosynth.language.primitive import UNDEFINED, Primitive

__all__ = ["Filled", "compare_kernels", "fill_objects"]

WIDTHS = {1: 80, 2: 14, 3: 7}
"""Entries of each argument's bank that a production of that arity is tried on, in each of two rounds."""
LENGTH = 64
"""Longest string or list."""

Watch = Callable[[Production, Sequence[Range], int], None]


@dataclass(frozen=True)
class Filled:
    """A space on Python objects, and what it was made from."""

    space: Space
    grammar: Grammar
    inputs: list[tuple[Any, ...]]


def _nothing(*_: Any) -> None:
    """No limits, no hits wanted."""


def _space(
    grammar: Grammar, inputs: Sequence[tuple[Any, ...]], goal: Sequence[Any], *, compiled: bool, hit: Any = _nothing
) -> Space:
    return Space(
        grammar, inputs, goal, compiled=compiled, max_length=LENGTH, tick=_nothing, hit=hit, grow=_nothing
    )  # fmt: skip


def _order(grammar: Grammar) -> list[Nonterminal]:
    functions = {p.target for p in grammar.productions if isinstance(p.head, Abstraction)}
    return [n for n in grammar.levels() if n not in functions]


def _fill(space: Space, grammar: Grammar, watch: Watch = _nothing) -> None:
    """Leaves, then every production twice: over the first entries of its arguments' banks, then over the last."""
    order = _order(grammar)
    for level in (1, 2, 3):
        for target in order:
            space.banks[target].open_level(level)
            for production in grammar.by_target[target]:
                if bool(production.arguments) == (level == 1):
                    continue
                before = space.banks[target].size
                ranges = _ranges(space, production, last=level == 3)
                space.expand(production, ranges)
                watch(production, ranges, before)


def _ranges(space: Space, production: Production, *, last: bool) -> list[Range]:
    width = WIDTHS.get(len(production.arguments), 4)
    sizes = [space.bank(a).size for a in production.arguments]
    return [(max(0, n - width), n) if last else (0, min(n, width)) for n in sizes]


def fill_objects(grammar: Grammar, inputs: Sequence[tuple[Any, ...]]) -> Filled:
    """A space of small programs on Python objects."""
    goal = _goal(grammar, inputs)
    space = _space(grammar, inputs, goal, compiled=False)
    _fill(space, grammar)
    return Filled(space, grammar, list(inputs))


def _goal(grammar: Grammar, inputs: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Outputs of the wanted type: those of the first program of the start symbol that is defined on all inputs."""
    probe = _space(grammar, inputs, [None] * len(inputs), compiled=False)
    _fill(probe, grammar)
    bank = probe.banks[grammar.start]
    rows = (probe.values(grammar.start, i) for i in range(bank.size))
    return list(next(r for r in rows if UNDEFINED not in r))


def compare_kernels(filled: Filled, name: str) -> None:
    """Kernels and inverse kernels of a grammar's primitives give what the functions give on the same arguments.

    Raises:
        AssertionError: with the primitive, a program and both results.
    """
    grammar = filled.grammar
    space = _space(grammar, filled.inputs, filled.space.goal, compiled=True)
    seen: dict[Nonterminal, set[tuple[Any, ...]]] = {n: set() for n in space.banks}

    def watch(production: Production, ranges: Sequence[Range], before: int) -> None:
        bank = space.banks[production.target]
        fresh = {space.values(production.target, i): i for i in range(before, bank.size)}
        seen[production.target].update(fresh)
        if isinstance(production.head, Primitive) and space.loops is not None and space.loops.compiles(production):
            _same(space, production, ranges, fresh, seen[production.target], name)

    _fill(space, grammar, watch)
    for production in grammar.by_target[grammar.start]:
        head = production.head
        if isinstance(head, Primitive) and head.inverse_kernels is not None and head.arity == 2:
            _joins(filled, production, name)


def _same(
    space: Space,
    production: Production,
    ranges: Sequence[Range],
    fresh: dict[tuple[Any, ...], int],
    seen: set[tuple[Any, ...]],
    name: str,
) -> None:
    """What a kernel has just added is what the function gives, and nothing that the function gives is missing."""
    evaluate = space.evaluation(production)
    where = f"{name}, primitive {production.head}"
    wanted: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for entries in product(*(range(a, b) for a, b in ranges)):
        values = evaluate(entries)
        if values is not None:
            wanted.setdefault(values, entries)
    for values, entry in fresh.items():
        if values not in wanted:
            children = space.banks[production.target].children[entry, : len(production.arguments)].tolist()
            truth = evaluate(tuple(children)) or ["undefined"]
            raise AssertionError(
                f"{where}: its kernel gives {_shown(values)} for {space.program(production.target, entry)}, its function "
                f"{_shown(truth)}; inputs {_shown(space.inputs)}"
            )
    for values, entries in wanted.items():
        if values not in seen:
            raise AssertionError(
                f"{where}: its function gives {_shown(values)} for {space.build(production, entries)}, its kernel something "
                f"else, or the same key as for other values; inputs {_shown(space.inputs)}"
            )


def _joins(filled: Filled, production: Production, name: str) -> None:
    """Inverse kernels find arguments that give a goal which the production is known to make."""
    grammar, inputs = filled.grammar, filled.inputs
    known = filled.space
    bank = known.banks[production.target]
    made = [i for i in range(bank.size) if known.production_of(production.target, i) == production]
    goals = [g for g in (known.values(production.target, i) for i in made) if UNDEFINED not in g][:2]
    head = production.head
    assert isinstance(head, Primitive)
    found = {0: 0, 1: 0}
    asked = {0: False, 1: False}
    for goal in goals:
        hits: list[tuple[int, ...]] = []
        space = _space(grammar, inputs, goal, compiled=True, hit=lambda p, entries, into=hits: into.append(entries))
        _fill(space, grammar)
        assert space.loops is not None
        for position in (0, 1):
            hits.clear()
            other = space.bank(production.arguments[1 - position])
            if not space.loops.inverts(production, position):
                continue
            space.loops.join(production, position, (0, other.size))
            asked[position] = True
            found[position] += len(hits)
            for entries in hits:
                program = space.build(production, entries)
                values = tuple(space.evaluator.run(program, row) for row in inputs)
                assert values == goal, (
                    f"{name}, primitive {head}: its inverse kernel of argument {position + 1} gives {program} for the outputs "
                    f"{_shown(goal)}, but that gives {_shown(values)}; inputs {_shown(inputs)}"
                )
    for position in (0, 1):
        assert not goals or not asked[position] or found[position], (
            f"{name}, primitive {head}: its inverse kernel of argument {position + 1} finds nothing for outputs it made, "
            f"such as {_shown(goals[0])}; inputs {_shown(inputs)}"
        )


def _shown(values: Sequence[Any]) -> str:
    text = repr(list(values))
    return text if len(text) <= 200 else text[:197] + "..."
