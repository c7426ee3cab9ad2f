"""Grammars: what is useless is named, what is enumerated comes once."""

from __future__ import annotations

import itertools

import pytest

from neurosynth.errors import InputError
from neurosynth.language.grammar import Abstraction, Grammar, Lift, Nonterminal, Production, Unit
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.values.types import BOOL, INT, Arrow, list_of
from tests.strategies import tiny

TINY = tiny()
LIST = list_of(INT)
N, M, L, C = Nonterminal("N", INT), Nonterminal("M", INT), Nonterminal("L", LIST), Nonterminal("C", BOOL)
X, ONE = Input(0, INT), Constant(1, INT)


def grammar(*productions: Production, start: Nonterminal = N) -> Grammar:
    return Grammar(start, productions, (X,))


SUMS = grammar(Production(N, X), Production(N, ONE), Production(N, TINY["+"], (N, N)))


def sums(cost: int) -> set[Program]:
    """All trees of ``+`` over x0 and 1 with ``cost`` nodes."""
    if cost == 1:
        return {X, ONE}
    shares = [(k, cost - 1 - k) for k in range(1, cost - 1)]
    return {Apply(TINY["+"], pair) for left, right in shares for pair in itertools.product(sums(left), sums(right))}


@pytest.mark.parametrize("cost", range(8))
def test_enumerates_each_program_once(cost: int) -> None:
    found = list(SUMS.enumerate(cost))
    assert len(found) == len(set(found))
    assert set(found) == (sums(cost) if cost else set())


def test_a_program_with_two_derivations_comes_once() -> None:
    two = grammar(Production(N, X), Production(N, Unit(), (M,), 0), Production(M, X), Production(M, ONE))
    assert list(two.enumerate(1)) == [X, ONE]


def test_enumerates_in_the_order_of_productions() -> None:
    assert [str(p) for p in SUMS.enumerate(3)] == ["(+ x0 x0)", "(+ x0 1)", "(+ 1 x0)", "(+ 1 1)"]


def test_costs_are_counted_once_a_production() -> None:
    dear = SUMS.with_costs([1, 3, 2])
    assert [str(p) for p in dear.enumerate(3)] == ["1"]
    assert [str(p) for p in dear.enumerate(4)] == ["(+ x0 x0)"]
    assert [str(p) for p in dear.enumerate(6)] == ["(+ x0 1)", "(+ 1 x0)"]


def test_lambdas_units_and_lifts_build_programs() -> None:
    function = Nonterminal("F", Arrow((INT,), INT))
    body = Nonterminal("B", INT, (INT,))
    whole = grammar(
        Production(L, Input(1, LIST)),
        Production(L, TINY["map"], (function, L)),
        Production(function, Abstraction((INT,)), (body,), 0),
        Production(body, Variable(0, INT)),
        Production(body, Lift(), (N,), 0),
        Production(N, X),
        start=L,
    )
    found = [str(p) for p in whole.enumerate(3)]
    assert found == ["(map (lambda (a) a) x1)", "(map (lambda (a) x0) x1)"]
    one = next(iter(whole.enumerate(3)))
    assert isinstance(one, Apply)
    assert one.arguments[0] == Lambda((INT,), Variable(0, INT))
    assert one.type == LIST


def test_unproductive_and_unreachable_nonterminals_are_found() -> None:
    messy = grammar(
        Production(N, X),
        Production(N, TINY["+"], (N, M)),
        Production(M, TINY["+"], (M, M)),
        Production(C, TINY["not"], (C,)),
        Production(L, TINY["pair"], (N, N)),
    )
    assert messy.unproductive == {M, C}
    assert messy.unreachable == {C, L}
    trimmed = messy.trimmed()
    assert trimmed.productions == (Production(N, X),)
    assert trimmed.nonterminals == (N,)
    assert not trimmed.unproductive
    assert not trimmed.unreachable


def test_declared_nonterminals_without_productions_are_unproductive_and_unreachable() -> None:
    declared = Grammar(N, (Production(N, X),), (X,), declared=(N, M))
    assert declared.unproductive == declared.unreachable == {M}
    assert declared.trimmed().nonterminals == (N,)


def test_trimming_keeps_each_production_once_at_its_lowest_cost() -> None:
    twice = grammar(Production(N, X, cost=3), Production(N, ONE), Production(N, X, cost=2))
    assert twice.trimmed().productions == (Production(N, X, cost=2), Production(N, ONE))


def test_trimming_keeps_the_programs() -> None:
    useless = (Production(N, TINY["+"], (N, M)), Production(M, TINY["+"], (M, N)))
    messy = grammar(*useless, *SUMS.productions)
    for cost in range(6):
        assert set(messy.trimmed().enumerate(cost)) == set(SUMS.enumerate(cost))


def test_a_start_that_derives_nothing_is_an_error_that_names_the_unproductive() -> None:
    with pytest.raises(InputError) as caught:
        grammar(Production(N, TINY["+"], (N, M)), Production(M, X))
    message = str(caught.value)
    assert "no program of type int from 'N'" in message
    assert "unproductive non-terminals: N;" in message
    assert "add a constant" in message


def test_levels_put_what_costs_nothing_after_what_it_uses() -> None:
    chain = grammar(
        Production(N, Unit(), (M,), 0),
        Production(M, X),
        Production(L, TINY["pair"], (N, N), 0),
        Production(C, TINY["="], (L, L)),
    )
    order = chain.levels()
    assert sorted(order, key=str) == sorted(chain.nonterminals, key=str)
    assert order.index(M) < order.index(N) < order.index(L)


@pytest.mark.parametrize(
    "productions",
    [
        (Production(N, Unit(), (M,), 0), Production(M, Unit(), (N,), 0), Production(N, X)),
        (Production(N, Unit(), (N,), 0), Production(N, X)),
    ],
)
def test_a_cycle_that_costs_nothing_is_named(productions: tuple[Production, ...]) -> None:
    with pytest.raises(InputError, match=r"productions of cost 0 form a cycle: .*N.*positive cost"):
        grammar(*productions).levels()


def test_a_grammar_prints_its_rules() -> None:
    assert str(SUMS) == "N : int  →  x0 | 1 | (+ N N)"
    assert str(Production(L, Abstraction((INT,)), (N,))) == "L → (lambda 1 N)"
