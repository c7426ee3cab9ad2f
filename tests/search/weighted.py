"""Small weighted grammars, brute force over them, and what an enumerator gives, for tests of enumeration."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from hypothesis import strategies as st

from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.language.grammar import Abstraction, Grammar, Head, Lift, Nonterminal, Production, Unit
from neurosynth.language.language import Language
from neurosynth.language.program import Constant, Input, Program, Variable
from neurosynth.language.types import INT, Arrow
from neurosynth.search.best_first.enumerator import Batch, Enumerator

COARSE = 0.5
"""Nats: few costs, so that brute force ends."""


def shapes() -> Language:
    """Functions of one, two and three numbers, and one of a function."""
    language = Language("shapes")

    @language.primitive
    def one(a: int) -> int:
        """Of one."""
        return a

    @language.primitive
    def two(a: int, b: int) -> int:
        """Of two."""
        return a + b

    @language.primitive
    def three(a: int, b: int, c: int) -> int:
        """Of three."""
        return a + b + c

    @language.primitive
    def at(f: Callable[[int], int], a: int) -> int:
        """A function's value."""
        return f(a)

    return language


SHAPES = shapes()
ONE, TWO, THREE, AT = (SHAPES[name] for name in ("one", "two", "three", "at"))
N, M, K = (Nonterminal(name, INT) for name in "NMK")
F, B = Nonterminal("F", Arrow((INT,), INT)), Nonterminal("B", INT, (INT,))
X = Input(0, INT)


def number(value: int) -> Constant:
    return Constant(value, INT)


def weighted(
    *rules: tuple[Nonterminal, Head, tuple[Nonterminal, ...], float], start: Nonterminal = N
) -> WeightedGrammar:
    """A grammar of productions with probabilities (or weights in place of them, for each non-terminal)."""
    productions = tuple(Production(n, head, arguments) for n, head, arguments, _ in rules)
    sums: dict[Nonterminal, float] = {}
    for n, _, _, weight in rules:
        sums[n] = sums.get(n, 0.0) + weight
    with np.errstate(divide="ignore"):
        logprobs = np.log([w / (sums[n] or 1.0) for n, _, _, w in rules])
    return WeightedGrammar(Grammar(start, productions, (X,)), logprobs)


SUMS = weighted((N, X, (), 0.5), (N, number(1), (), 0.3), (N, TWO, (N, N), 0.2))
FINITE = weighted(
    (N, TWO, (M, K), 0.6), (N, X, (), 0.4), *((n, number(i), (), i + 1) for n in (M, K) for i in range(4))
)
LAMBDAS = weighted(
    (N, X, (), 0.4), (N, number(1), (), 0.3), (N, TWO, (N, N), 0.1), (N, AT, (F, N), 0.2), (F, Abstraction((INT,)), (B,), 1.0),
    (B, Variable(0, INT), (), 0.5), (B, Lift(), (N,), 0.3), (B, TWO, (B, B), 0.2),
)  # fmt: skip


def batches(enumerator: Enumerator, size: int = 1 << 10) -> Iterator[Batch]:
    """Batches to the end."""
    while len(batch := enumerator.next_batch(size)):
        yield batch


def derived(enumerator: Enumerator, cost: int) -> list[tuple[int, tuple[int, ...]]]:
    """Costs and sequences of productions of all derivations up to a cost, in the order they come."""
    found: list[tuple[int, tuple[int, ...]]] = []
    for batch in batches(enumerator):
        ends, sequence = enumerator.sequences(batch)
        for k, c in enumerate(batch.costs.tolist()):
            if c > cost:
                return found
            found.append((c, tuple(sequence[ends[k] : ends[k + 1]].tolist())))
    return found


def programs(given: WeightedGrammar, cost: int, resolution: float) -> list[tuple[int, Program]]:
    """Costs and programs up to a cost, in the order they come."""
    enumerator = Enumerator(given, resolution=resolution)
    found = []
    for program in enumerator:
        units = round(-(derivation_logprob(rounded(given, resolution), program) or 0.0))
        if units > cost:
            break
        found.append((units, program))
    return found


def rounded(given: WeightedGrammar, resolution: float) -> WeightedGrammar:
    """Minus the costs for probabilities; what is impossible left out."""
    possible = np.flatnonzero(np.isfinite(given.logprobs))
    units = np.maximum(np.rint(-given.logprobs[possible] / resolution), given.logprobs[possible] < 0)
    productions = tuple(given.grammar.productions[i] for i in possible.tolist())
    return WeightedGrammar(Grammar(given.grammar.start, productions, given.grammar.inputs), -units)


def brute_force(given: WeightedGrammar, cost: int, resolution: float) -> dict[Program, int]:
    """Every program with a derivation up to a cost, and the cost of its cheapest."""
    costs = rounded(given, resolution)
    grammar = costs.grammar.with_costs((-costs.logprobs).astype(int).tolist())
    found: dict[Program, int] = {}
    for c in range(cost + 1):
        for program in grammar.enumerate(c):
            found.setdefault(program, c)
    return found


@st.composite
def grammars(draw: st.DrawFn) -> WeightedGrammar:
    """Random grammars of three non-terminals and a lambda; some productions impossible, some certain."""
    heads: list[tuple[Head, int]] = [(ONE, 1), (TWO, 2), (THREE, 3), (AT, 2), (Unit(), 1)]
    rules: list[tuple[Nonterminal, Head, tuple[Nonterminal, ...], float]] = []
    weight = st.one_of(st.just(0.0), st.floats(0.01, 1.0))
    targets = (N, M, K)
    for i, n in enumerate(targets):
        rules.append((n, number(i), (), draw(st.floats(0.05, 1.0))))
        for head, arity in draw(st.lists(st.sampled_from(heads), max_size=3, unique_by=lambda h: str(h[0]))):
            pool = targets[i + 1 :] if isinstance(head, Unit) else targets  # no way back at no cost: brute force ends
            if not pool:
                continue
            arguments = tuple(draw(st.sampled_from(pool)) for _ in range(arity))
            arguments = (F, *arguments[1:]) if head is AT else arguments
            rules.append((n, head, arguments, draw(weight)))
    rules.append((F, Abstraction((INT,)), (B,), 1.0))
    rules.append((B, Variable(0, INT), (), draw(st.floats(0.05, 1.0))))
    rules.append((B, Lift(), (draw(st.sampled_from(targets)),), draw(weight)))
    rules.append((B, ONE, (B,), draw(weight)))
    return weighted(*rules)


def drawn(grammar: Grammar, seed: int) -> WeightedGrammar:
    """A grammar with probabilities drawn at random."""
    weights = np.random.default_rng(seed).gamma(1.0, size=len(grammar.productions)) + 1e-3
    index = {n: i for i, n in enumerate(grammar.nonterminals)}
    targets = np.array([index[p.target] for p in grammar.productions])
    return WeightedGrammar(grammar, np.log(weights / np.bincount(targets, weights)[targets]))
