"""Chains: the goal as a cheap concatenation of known values."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.engine.backends.view import BankView
from neurosynth.language.compile import compile_grammar
from neurosynth.language.program import Program
from neurosynth.plugins import load
from neurosynth.search.base import Limits, StopReason
from neurosynth.search.strategies.base import result_of
from neurosynth.search.strategies.concat_cover import Chain, ConcatCover, concatenation
from neurosynth.synthesize import synthesize
from neurosynth.tasks.task import Example, Task, example
from neurosynth.values.frozen import freeze
from neurosynth.values.types import parse_type
from tests.search.stores import filled, right_on, run_all, sygus

Rows = Sequence[tuple[tuple[str, ...], str]]

PIECES = '(S String (x y " " "-" "--" "ab" (str.++ S S) (str.at S I) (str.substr S I I))) (I Int (0 1 2))'


def strings(rows: Rows, pieces: str = PIECES) -> Task:
    """A task of two strings with a grammar of pieces."""
    calls = {" ".join(f'"{v}"' for v in inputs): f'"{output}"' for inputs, output in rows}
    return sygus("SLIA", "((x String) (y String)) String", pieces, calls)


def chains_of(task: Task, cost: int) -> ConcatCover:
    """Chains over the values of a task's grammar up to a cost."""
    store = filled(task.grammar, task.examples, cost)
    production = concatenation(store)
    assert production is not None
    chains = ConcatCover(store, production)
    run_all(chains.update())
    return chains


def later() -> float:
    """A deadline far away."""
    return time.perf_counter() + 20


def cheapest(chains: ConcatCover, goals: Sequence[Any]) -> int | None:
    """Least cost of a chain for the goals, by trying every known value at every place; None when there is none."""
    bank, store, production = chains.bank, chains.view, chains.production
    pieces = []
    for cost, (start, end) in bank.ranges.items():
        for entry in range(start, end):
            if int(bank.productions[entry]) != chains.number:
                pieces.append((cost, store.values(production.target, entry)))
    heap: list[tuple[int, tuple[int, ...]]] = [(-production.cost, (0,) * len(goals))]
    done = set()
    while heap:
        cost, places = heapq.heappop(heap)
        if all(p == len(g) for p, g in zip(places, goals, strict=True)) and cost > 0:
            return cost
        if places in done:
            continue
        done.add(places)
        for piece_cost, values in pieces:
            if all(g[p : p + len(v)] == v for g, p, v in zip(goals, places, values, strict=True)):
                after = tuple(p + len(v) for p, v in zip(places, values, strict=True))
                if after not in done:
                    heapq.heappush(heap, (cost + production.cost + piece_cost, after))
    return None


CHEAPEST: list[tuple[str, Rows]] = [
    ("inputs side by side", [(("ad", "b"), "adb"), (("c", "dd"), "cdd")]),
    ("one separator, not two", [(("p", "q"), "p--q"), (("r", "s"), "r--s")]),
    ("a constant twice", [(("p", "q"), "ab-abp"), (("r", "s"), "ab-abr")]),
    ("a piece of an input", [(("pqr", "s"), "s pq"), (("tuv", "w"), "w tu")]),
    ("one example", [(("pq", "rs"), "rs pq-rs")]),
    ("goals of different lengths", [(("", "b"), "b-"), (("ccc", ""), "-ccc"), (("d", "e"), "e-d")]),
]


@pytest.mark.parametrize(("name", "rows"), CHEAPEST, ids=[name for name, _ in CHEAPEST])
def test_small_goals_have_their_cheapest_chain(name: str, rows: Rows) -> None:
    task = strings(rows)
    chains = chains_of(task, 4)
    found = result_of(chains.solve(later()))
    assert found is not None
    assert found.mask == chains.everywhere
    assert right_on(chains.program(found), task.examples) == chains.everywhere
    assert found.cost == cheapest(chains, [e.output for e in task.examples])


TEXTS = st.text("ab- ", max_size=4)


@given(st.lists(st.tuples(st.tuples(TEXTS, TEXTS), TEXTS), min_size=1, max_size=3, unique_by=lambda row: row[0]))
@settings(max_examples=40)
def test_a_chain_is_found_where_there_is_one_and_is_right(rows: Rows) -> None:
    task = strings(rows, '(S String (x y "-" (str.++ S S) (str.at S I))) (I Int (0 1))')
    chains = chains_of(task, 3)
    found = result_of(chains.solve(later()))
    best = cheapest(chains, [e.output for e in task.examples])
    if found is None:
        assert best is None or not any(e.output for e in task.examples)
    else:
        assert best is not None
        assert best <= found.cost <= 2 * best
        assert right_on(chains.program(found), task.examples) == chains.everywhere


def cost_of(store: BankView, program: Program) -> int:
    """Least cost of a program, by its size where every production costs 1."""
    assert all(p.cost == 1 for p in store.grammar.productions)
    return program.size


def test_the_cost_of_a_chain_is_that_of_its_program() -> None:
    chains = chains_of(strings([(("pq", "r"), "r-pq--p")]), 3)
    found = result_of(chains.solve(later()))
    assert found is not None
    assert found.cost == cost_of(chains.view, chains.program(found))


# --- lists ----------------------------------------------------------------------------------------------------------


def lists(examples: Sequence[Example], cost: int = 2) -> ConcatCover:
    """Chains in the language ``lists``."""
    grammar = compile_grammar(load("languages", "lists"), parse_type("list int -> list int"))
    store = filled(grammar, examples, cost)
    production = concatenation(store)
    assert production is not None
    assert "append" in str(production.head)
    chains = ConcatCover(store, production)
    run_all(chains.update())
    return chains


def rows_of(*rows: list[int], by: Any) -> list[Example]:
    """Examples of a function of a list."""
    return [Example((row,), freeze(by(row))) for row in rows]


LISTS = [
    ("itself three times", lambda xs: xs + xs + xs, "(append x0 (append x0 x0))"),
    ("backwards, then sorted", lambda xs: [*xs[::-1], *sorted(xs)], "(append (reverse x0) (sort x0))"),
]


@pytest.mark.parametrize(("name", "by", "program"), LISTS, ids=[row[0] for row in LISTS])
def test_lists_are_appended(name: str, by: Any, program: str) -> None:
    examples = rows_of([3, 1, 2], [5, -4], [7], by=by)
    chains = lists(examples)
    found = result_of(chains.solve(later()))
    assert found is not None
    assert str(chains.program(found)) == program


def test_a_value_undefined_somewhere_is_no_piece_of_the_whole_goal() -> None:
    examples = rows_of([3, 1, 2], [], by=lambda xs: xs[1:] + xs)
    chains = lists(examples)
    found = result_of(chains.solve(later()))
    assert found is None or right_on(chains.program(found), examples) == chains.everywhere
    assert all("tail" not in str(chains.view.program(chains.production.target, e)) for e in chains.rows.tolist())


def test_a_value_undefined_somewhere_serves_the_other_examples() -> None:
    examples = rows_of([], [3, 1, 2], [4, 5], by=lambda xs: [*xs[1:], *xs, *xs[1:]])
    chains = lists(examples)
    found = result_of(chains.cover(0b110, later()))
    assert found is not None
    assert found.mask == 0b110
    assert str(chains.program(found)) == "(append (tail x0) (append x0 (tail x0)))"


# --- cover ----------------------------------------------------------------------------------------------------------

TWO_SORTS: Rows = [(("p", "q"), "p-q"), (("r", "s"), "r-s"), (("t", "u"), "u t"), (("v", "w"), "w v")]


@pytest.mark.parametrize(
    ("examples", "program", "mask"),
    [
        (0b1111, '(str.++ x (str.++ "-" y))', 0b0011),
        (0b1100, '(str.++ y (str.++ " " x))', 0b1100),
        (0b1010, '(str.++ x (str.++ "-" y))', 0b0010),
        (0b0001, '(str.++ x (str.++ "-" y))', 0b0001),
    ],
)
def test_cover_serves_the_lowest_example_and_those_that_stay_with_it(examples: int, program: str, mask: int) -> None:
    chains = chains_of(strings(TWO_SORTS), 2)
    found = result_of(chains.cover(examples, later()))
    assert found is not None
    assert (str(chains.program(found)), found.mask) == (program, mask)


def test_cover_is_right_on_what_it_says() -> None:
    task = strings(TWO_SORTS)
    chains = chains_of(task, 3)
    left = chains.everywhere
    while left:
        found = result_of(chains.cover(left, later()))
        assert found is not None
        assert found.mask & left & -left
        assert found.mask & ~left == 0
        assert right_on(chains.program(found), task.examples) & found.mask == found.mask
        left &= ~found.mask


def test_an_empty_goal_has_no_chain_of_nothing() -> None:
    chains = chains_of(strings([(("a", "b"), ""), (("c", "d"), "d-c")]), 2)
    assert result_of(chains.cover(0b01, later())) is None
    assert result_of(chains.solve(later())) is None


def test_an_empty_goal_among_others_does_not_end_the_search() -> None:
    pieces = "(S String (x y (str.++ S S) (ite B S S))) (B Bool ((= S S)))"
    task = strings([(("ab", "yy"), ""), (("cd", "zz"), "zzcd"), (("ef", "gg"), "ggef")], pieces)
    result = synthesize(task, limits=Limits(seconds=1))
    assert result.stop is StopReason.TIME
    assert result.closest is not None


# --- when there is none ---------------------------------------------------------------------------------------------


def test_a_goal_that_holds_something_unknown_has_no_chain() -> None:
    chains = chains_of(strings([(("p", "q"), "p#q"), (("r", "s"), "r#s")]), 3)
    assert result_of(chains.solve(later())) is None


def test_the_deadline_is_respected() -> None:
    chains = chains_of(strings([(("p", "q"), "p-q")]), 2)
    assert result_of(chains.solve(time.perf_counter())) is None
    assert result_of(chains.cover(1, time.perf_counter())) is None


def test_a_long_search_looks_at_the_clock_at_every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    # pieces of the same letter but other lengths in each example: very many places to be at, and the end is nowhere
    rows = [(("a" * n, "a" * (9 - n)), "a" * 60 + "#") for n in range(2, 8)]
    chains = chains_of(strings(rows, '(S String (x y "a" (str.++ S S)))'), 4)
    assert len(list(chains.cover(1, later()))) > 50
    seconds = itertools.count()
    monkeypatch.setattr("neurosynth.search.strategies.concat_cover.clock_seconds", lambda: float(next(seconds)))
    assert 0 < len(list(chains.cover(1, 20.0))) <= 20


def test_without_new_values_nothing_is_searched_again() -> None:
    chains = chains_of(strings([(("p", "q"), "p-q")]), 2)
    assert isinstance(result_of(chains.solve(later())), Chain)
    assert result_of(chains.solve(later())) is None


def test_a_search_that_was_cut_off_goes_on() -> None:
    chains = chains_of(strings([(("pq", "r"), "r-pq--p"), (("st", "u"), "u-st--s")]), 3)
    assert result_of(chains.solve(time.perf_counter())) is None
    found = result_of(chains.solve(later()))
    assert found is not None
    assert found.mask == chains.everywhere
    assert result_of(chains.solve(later())) is None


def test_a_grammar_without_concatenation_has_no_chains() -> None:
    task = strings([(("p", "q"), "p")], "(S String (x y (str.at S I))) (I Int (0 1))")
    assert concatenation(filled(task.grammar, task.examples, 2)) is None
    numbers = Task([example(1, output=2)])
    assert numbers.type is not None
    grammar = compile_grammar(load("languages", "lists"), numbers.type)
    assert concatenation(filled(grammar, numbers.examples, 1)) is None
