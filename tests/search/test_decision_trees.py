"""Divide and conquer: terms right on some examples, predicates that tell the examples apart, a small tree."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.language.program import Constant
from neurosynth.ranking.agreement import cases
from neurosynth.search.base import StopReason
from neurosynth.search.portfolio import Auto
from neurosynth.search.strategies.decision_trees import DecisionTrees, Term, Tree, conditionals
from neurosynth.synthesize import synthesize
from neurosynth.tasks.task import Task
from neurosynth.values.types import INT
from tests.search.stores import filled, right_on, sygus

NUMBERS = "(I Int (x y 0 1 (- 1) (- I I) (ite B I I))) (B Bool ((<= I I) (= I I)))"
SIGNS = (-7, -2, 0, 1, 5)


def integers(rows: Sequence[tuple[int, int, int]], grammar: str = NUMBERS) -> Task:
    """A task of two integers: arguments and output."""

    def spelled(n: int) -> str:
        return str(n) if n >= 0 else f"(- {-n})"

    calls = {f"{spelled(a)} {spelled(b)}": spelled(output) for a, b, output in rows}
    return sygus("LIA", "((x Int) (y Int)) Int", grammar, calls)


def divided(task: Task, cost: int, conditional: int = 0) -> DecisionTrees:
    """Divide and conquer over a task's values up to a cost."""
    store = filled(task.grammar, task.examples, cost)
    divide = DecisionTrees(store, conditionals(store)[conditional])
    divide.update()
    return divide


def best_tree(divide: DecisionTrees) -> Tree | None:
    """The tree that is proposed first."""
    return next(iter(divide.solve()), None)


def grown(task: Task, cost: int) -> Tree:
    """The tree over a task's values up to a cost; right on every example."""
    divide = divided(task, cost)
    tree = best_tree(divide)
    assert tree is not None
    assert right_on(tree.program, task.examples) == divide.everywhere
    return tree


def maximum(a: int, b: int) -> int:
    return max(a, b)


def absolute(a: int, b: int) -> int:
    return abs(a)


def sign(a: int, b: int) -> int:
    return (a > 0) - (a < 0)


def clamped(a: int, b: int) -> int:
    return 0 if a < 0 else min(a, b)


TREES = [
    # function, cost of the values known, leaves at most, whether the tree is right on all numbers
    (maximum, 3, 2, True),
    (absolute, 3, 2, True),
    (sign, 3, 3, False),
    (clamped, 3, 4, False),
]


@pytest.mark.parametrize(("function", "cost", "leaves", "general"), TREES, ids=lambda v: getattr(v, "__name__", None))
def test_a_function_by_cases_has_a_tree(function: object, cost: int, leaves: int, general: bool) -> None:
    assert callable(function)
    rows = [(a, b, function(a, b)) for a in SIGNS for b in (-3, 0, 4)]
    tree = grown(integers(rows), cost)
    assert 2 <= tree.leaves <= leaves
    assert cases(tree.program) == tree.leaves
    if general:
        assert all(tree.program(a, b) == function(a, b) for a in range(-20, 20) for b in range(-20, 20))


@given(st.lists(st.tuples(*[st.integers(-9, 9)] * 3), min_size=1, max_size=6, unique_by=lambda row: row[:2]))
@settings(max_examples=15)
def test_a_tree_is_right_on_every_example_or_there_is_none(rows: list[tuple[int, int, int]]) -> None:
    task = integers(rows)
    divide = divided(task, 4)
    tree = best_tree(divide)
    if tree is not None:
        assert right_on(tree.program, task.examples) == divide.everywhere
        assert tree.leaves == cases(tree.program)
        assert tree.cost == tree.program.size
    else:
        assert divide.uncovered or len(rows) > 1


# --- the simplest tree ----------------------------------------------------------------------------------------------


def test_one_term_for_all_examples_is_a_tree_of_one_leaf() -> None:
    tree = grown(integers([(a, b, a - b) for a, b in ((3, 1), (-2, 5), (4, 4))]), 3)
    assert (str(tree.program), tree.leaves, tree.cost) == ("(- x y)", 1, 3)


def test_a_leaf_is_the_cheapest_term_of_its_examples() -> None:
    tree = grown(integers([(1, 9, 1), (2, 8, 2), (5, 3, 3), (7, 6, 6)]), 5)
    assert {str(p) for p in tree.program.subprograms() if p.size == 1} == {"x", "y"}


def test_the_fewest_leaves_come_before_cheap_tests() -> None:
    # x = 0, x = 1 and x = -1 each split one example off; x <= y splits all of them rightly at once
    rows = [(-1, 5, 5), (0, 6, 6), (1, 7, 7), (9, 2, 9), (8, 3, 8), (7, 4, 7)]
    tree = grown(integers(rows), 3)
    assert tree.leaves == 2
    assert tree.program(100, 50) == 100
    assert tree.program(50, 100) == 100


def test_among_equal_tests_the_cheapest_is_taken() -> None:
    rows = [(1, 0, 1), (2, 0, 2), (-1, 0, 1), (-2, 0, 2)]
    tree = grown(integers(rows), 6)
    assert tree.program.size <= 9
    assert tree.leaves == 2


def test_the_smallest_tree_is_taken_of_those_the_best_splits_lead_to() -> None:
    # the split of least entropy is y <= x; it leaves terms mixed, where x <= 0 tells them apart at once
    rows = [(-3, -2, -3), (2, 2, 2), (-3, -3, -3), (2, -3, -3), (-3, 2, -3), (-2, -4, -2)]
    tree = grown(integers(rows), 3)
    assert (str(tree.program), tree.leaves) == ("(ite (<= x 0) x y)", 2)


# --- when there is none ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("predicates", "why"),
    [
        ("((= x x) (<= y y))", "hold everywhere"),
        ("((= x 0))", "holds nowhere"),
        ("((= y 1))", "splits the wrong examples"),
    ],
)
def test_predicates_that_do_not_separate_give_no_tree(predicates: str, why: str) -> None:
    grammar = f"(I Int (x y (ite B I I))) (B Bool {predicates})"
    divide = divided(integers([(3, 1, 3), (4, 2, 2), (5, 1, 1)], grammar), 4)
    assert divide.uncovered == 0
    assert divide.solve() == []


def test_an_example_no_term_gives_is_uncovered() -> None:
    divide = divided(integers([(3, 1, 3), (4, 2, 99), (5, 1, 1)], "(I Int (x y (ite B I I))) (B Bool ((<= I I)))"), 2)
    assert divide.uncovered == 0b010
    assert divide.solve() == []


def test_a_term_made_elsewhere_fills_in() -> None:
    task = integers(
        [(3, 1, 3), (4, 2, 99), (5, 6, 5)], "(I Int (x y (ite B I I))) (B Bool ((<= I 3) (<= I 4) (= I 4)))"
    )
    divide = divided(task, 3)
    divide.extra.append(Term(0b010, Constant(99, INT), 7))
    assert divide.uncovered == 0
    tree = best_tree(divide)
    assert tree is not None
    assert right_on(tree.program, task.examples) == 0b111
    assert tree.program(4, 0) == 99
    assert tree.cost == tree.program.size - 1 + 7


# --- other trees ----------------------------------------------------------------------------------------------------


def test_trees_that_begin_with_another_condition_stand_behind_the_best() -> None:
    rows = [(3, 1, 3), (4, 2, 4), (1, 5, 5), (2, 6, 6), (7, 0, 7), (0, 9, 9)]
    divide = divided(integers(rows), 3)
    best = divide.solve()
    assert len(best) == 1
    divide.others = True
    several = divide.solve()
    assert several[0] == best[0]
    assert len(several) == len({str(t.program) for t in several}) > 1
    for tree in several:
        assert right_on(tree.program, integers(rows).examples) == divide.everywhere
        assert tree.leaves == cases(tree.program) <= best[0].leaves + 1


def test_other_trees_have_no_more_leaves_than_allowed() -> None:
    divide = divided(integers([(3, 1, 3), (4, 2, 4), (1, 5, 5), (2, 6, 6), (7, 0, 7), (0, 9, 9)]), 3)
    divide.others = True
    assert {tree.leaves for tree in divide.solve(2)} == {2}


# --- macros as conditionals -----------------------------------------------------------------------------------------

MACROS = """
(define-fun pick ((c (_ BitVec 8)) (a (_ BitVec 8)) (b (_ BitVec 8))) (_ BitVec 8) (ite (= c #x01) a b))
(define-fun last ((a (_ BitVec 8)) (b (_ BitVec 8)) (c (_ BitVec 8))) (_ BitVec 8) (ite (= #x00 c) b a))
(define-fun both ((a (_ BitVec 8)) (b (_ BitVec 8))) (_ BitVec 8) (ite (= a #x01) a b))
"""


def bits(call: str, rows: dict[str, str]) -> Task:
    """A task of one byte whose only conditional is a macro."""
    grammar = f"S (_ BitVec 8) (x #x00 #x01 (bvand S S) (bvnot S) (bvadd S S) {call})"
    return sygus("BV", "((x (_ BitVec 8))) (_ BitVec 8)", f"({grammar})", rows, MACROS)


ODD_TO_ZERO = {"#x01": "#x00", "#x07": "#x00", "#x33": "#x00", "#x02": "#xfd", "#x10": "#xef", "#x44": "#xbb"}
"""Nought for odd bytes, the complement of the others."""


@pytest.mark.parametrize("call", ["(pick S S S)", "(last S S S)"])
def test_a_macro_that_decides_is_a_conditional(call: str) -> None:
    task = bits(call, ODD_TO_ZERO)
    divide = divided(task, 3)
    tree = best_tree(divide)
    assert tree is not None
    assert (tree.leaves, cases(tree.program)) == (2, 2)
    assert right_on(tree.program, task.examples) == divide.everywhere
    assert [tree.program(v) for v in (0x55, 0x66)] == [0, 0x99]
    assert str(tree.program).startswith(call.split()[0])


def test_the_arguments_of_a_macro_are_told_by_its_body() -> None:
    def positions(call: str) -> list[tuple[int, int, int]]:
        task = bits(call, ODD_TO_ZERO)
        return [(c.condition, c.then, c.other) for c in conditionals(filled(task.grammar, task.examples, 1))]

    assert positions("(pick S S S)") == [(0, 1, 2)]
    assert positions("(last S S S)") == [(2, 1, 0)]


def test_branches_of_another_type_are_no_conditional_of_the_goal() -> None:
    grammar = "(S String (x y (str.++ S S) (str.at S I))) (I Int (0 1 (ite B I I))) (B Bool ((= S S)))"
    task = sygus("SLIA", "((x String) (y String)) String", grammar, {'"a" "b"': '"a"'})
    assert conditionals(filled(task.grammar, task.examples, 2)) == []


# --- strings --------------------------------------------------------------------------------------------------------


def test_strings_are_told_apart() -> None:
    grammar = '(S String (x y "" (ite B S S))) (B Bool ((= S S) (str.prefixof S S)))'
    rows = {'"" "b"': '"b"', '"" "cc"': '"cc"', '"d" "e"': '"d"', '"ff" "f"': '"ff"'}
    tree = grown(sygus("SLIA", "((x String) (y String)) String", grammar, rows), 3)
    assert tree.leaves == 2
    assert (tree.program("new", "g"), tree.program("", "g")) == ("new", "g")


# --- many examples --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", [60, 61, 90])
def test_more_examples_than_a_mask_has_bits_for_turn_trees_off(shown: int) -> None:
    rows = [(a, b, max(a, b)) for a in range(-5, 5) for b in range(9)]
    task = integers(rows)
    seen = synthesize(task, search=Auto(examples=shown, object_cells=0))
    assert seen.stop is StopReason.SOLVED  # by enumeration where there are no trees
    assert seen.best(100, 3) == 100
