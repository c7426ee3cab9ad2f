"""Compares kernels with functions as the engine runs them: in a compiled space, entry by entry."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from neurosynth.engine.backends.base import Backend, backend_of, view_of
from neurosynth.engine.backends.inverse import Inverses, others
from neurosynth.engine.backends.objects import ObjectTiles
from neurosynth.engine.backends.view import BankView
from neurosynth.engine.store.banks import SequenceBank, WordBank
from neurosynth.engine.store.value_store import Range, ValueStore
from neurosynth.language.grammar import Abstraction, Grammar, Nonterminal, Production
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.testing.values import draw

__all__ = ["filled_space"]

WIDTHS = {1: 50, 2: 10, 3: 5}
"""Number of entries of each argument's bank on which a production of that arity is tried, in each of two rounds."""
SCOPED = {1: 20, 2: 5, 3: 3}
"""The same under a lambda, where there are more columns."""
GOALS = 4
"""Number of outputs on which each inverse kernel is tried."""
MOST = 2000
"""Number of known arguments for each of them."""
LENGTH = 64
"""Longest string or list."""

Watch = Callable[[Production, Sequence[Range], int], None]


def _nothing(*_: Any) -> None:
    """No limits, and no goal."""


def _order(grammar: Grammar) -> list[Nonterminal]:
    functions = {p.target for p in grammar.productions if isinstance(p.head, Abstraction)}
    return [n for n in grammar.levels() if n not in functions]


def _fill(backend: Backend, grammar: Grammar, watch: Watch = _nothing) -> None:
    """Leaves, then every production twice: over the first entries of its arguments' banks, then over the last.

    Only entries from before the round are used, so that programs stay small.
    """
    store, order = backend.store, _order(grammar)
    for level in (1, 2, 3):
        sizes = {n: bank.size for n, bank in store.banks.items()}
        for target in order:
            store.banks[target].open_level(level)
            for production in grammar.by_target[target]:
                if bool(production.arguments) == (level == 1):
                    continue
                before = store.banks[target].size
                known = [sizes[store.bodies.get(a, a)] for a in production.arguments]
                width = (SCOPED if target.scope else WIDTHS).get(len(known), 3)
                ranges = [(max(0, n - width), n) if level == 3 else (0, min(n, width)) for n in known]
                for _ in backend.expand(production, ranges):
                    pass
                watch(production, ranges, before)


def filled_space(
    grammar: Grammar, inputs: Sequence[tuple[Any, ...]], rng: random.Random, *, name: str | None
) -> ValueStore:
    """A store of small programs.  With a ``name`` for messages it is compiled, and its kernels are checked.

    Raises:
        AssertionError: if a kernel or an inverse kernel differs from the function; with the primitive, a program and both results.
    """
    goal = [draw(grammar.start.type, rng) for _ in inputs]
    store = ValueStore(grammar, inputs, goal, compiled=name is not None, max_length=LENGTH, patience=0)
    backend = backend_of(store)
    view = view_of(backend)
    if name is None or view is None:
        _fill(backend, grammar)
    else:
        _compare(backend, view, grammar, name)
    return store


def _compare(backend: Backend, view: BankView, grammar: Grammar, name: str) -> None:
    """Fill a compiled store; kernels must give the values of the functions on the same arguments."""
    store, objects = backend.store, ObjectTiles(backend.store)
    seen: dict[Nonterminal, set[tuple[Any, ...]]] = {n: set() for n in store.banks}

    def watch(production: Production, ranges: Sequence[Range], before: int) -> None:
        bank = store.banks[production.target]
        fresh = {store.values(production.target, i): i for i in range(before, bank.size)}
        seen[production.target].update(fresh)
        if view.has_kernel(production):
            _same(store, objects, production, ranges, fresh, seen[production.target], name)

    _fill(backend, grammar, watch)
    for production in grammar.productions:
        head = production.head
        if isinstance(head, Primitive) and head.inverse_kernels is not None and not production.target.scope:
            for position in range(head.arity):
                _inverse(store, view.inverses, production, position, name)


def _same(
    store: ValueStore,
    objects: ObjectTiles,
    production: Production,
    ranges: Sequence[Range],
    fresh: dict[tuple[Any, ...], int],
    seen: set[tuple[Any, ...]],
    name: str,
) -> None:
    """Check that the values that a kernel has just added are those of the function, and that none is missing."""
    evaluate = objects.evaluation(production)
    where = f"{name}, primitive {production.head}"
    wanted: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for entries in product(*(range(a, b) for a, b in ranges)):
        values = evaluate(entries)
        if values is not None:
            wanted.setdefault(_held(values, store.banks[production.target]), entries)
    for values, entry in fresh.items():
        if values not in wanted:
            children = store.banks[production.target].children[entry, : len(production.arguments)].tolist()
            truth = evaluate(tuple(children)) or ["undefined"]
            raise AssertionError(
                f"{where}: its kernel gives {_shown(values)} for {store.program(production.target, entry)}, its function "
                f"{_shown(truth)}; inputs {_shown(store.inputs)}"
            )
    for values, entries in wanted.items():
        if values not in seen:
            raise AssertionError(
                f"{where}: its function gives {_shown(values)} for {store.build(production, entries)}, its kernel something "
                f"else, or the same key as for other values; inputs {_shown(store.inputs)}"
            )


def _held(values: tuple[Any, ...], bank: object) -> tuple[Any, ...]:
    """Values as a bank holds them: one of bytes has no characters beyond ASCII."""
    if not isinstance(bank, SequenceBank) or bank.arena.data.dtype != np.uint8:
        return values
    return tuple(v if not isinstance(v, str) or v.isascii() else UNDEFINED for v in values)


def _inverse(store: ValueStore, inverses: Inverses, production: Production, position: int, name: str) -> None:
    """Check that the values of an inverse kernel for outputs of the production, and known other arguments, give the outputs again."""
    head = production.head
    assert isinstance(head, Primitive)
    if inverses.loop(production, position) is None:
        return
    bank = store.banks[production.target]
    assert isinstance(bank, (WordBank, SequenceBank))
    made = [i for i in range(bank.size) if store.production_of(production.target, i) == production]
    goals = [i for i in made if UNDEFINED not in store.values(production.target, i)][:GOALS]
    known = others(production.arguments, position)
    call = store.evaluator.caller(head)
    where = f"{name}, primitive {head}: its inverse kernel of argument {position + 1}"
    given = 0
    for goal in goals:
        wanted = store.values(production.target, goal)
        found_goals = inverses.subgoals(production, position, MOST, bank, goal)
        for row, chosen in enumerate(found_goals.known):
            values = found_goals.bank.decode(row)
            columns = [store.values(a, entry) for a, entry in zip(known, chosen, strict=True)]
            columns.insert(position, values)
            if any(UNDEFINED in column for column in columns):
                continue
            given += 1
            store.evaluator.reset()
            try:
                found = tuple(map(call, *columns))
            except Undefined:
                found = (UNDEFINED,)
            assert found == wanted, (
                f"{where} gives {_shown(values)} for outputs {_shown(wanted)}, but with that the function gives "
                f"{_shown(found)}; arguments {_shown(columns)}"
            )
    assert given or not goals, f"{where} finds nothing for outputs it made; inputs {_shown(store.inputs)}"


def _shown(values: Sequence[Any]) -> str:
    text = repr(list(values))
    return text if len(text) <= 200 else text[:197] + "..."
