"""Conditions equal on the examples: that one is taken which chance would be least likely to bring about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.language.evaluate import Evaluator
from neurosynth.ranking.perturb import chance_inputs
from neurosynth.search.strategies.conditions import BelievedCondition, Chance, Conditions
from neurosynth.search.strategies.decision_trees import DecisionTrees, conditionals
from neurosynth.tasks.task import Task
from tests.search.stores import filled, right_on, sygus

TEXTS = '(S String (x "a" "k" "g" "7" (ite B S S))) (B Bool ((str.contains S S) (str.suffixof S S) (str.prefixof S S)))'
BITS = "(_ BitVec 8) (x #x01 #x80 (bvand V V) (bvor V V) (bvnot V) (pick V V V))"
PICK = "(define-fun pick ((c (_ BitVec 8)) (t (_ BitVec 8)) (e (_ BitVec 8))) (_ BitVec 8) (ite (= c #x00) t e))"


def texts(rows: Sequence[tuple[str, str]]) -> Task:
    """A task of one text."""
    return sygus("SLIA", "((x String)) String", TEXTS, {f'"{x}"': f'"{y}"' for x, y in rows})


def bits(rows: Sequence[tuple[int, int]]) -> Task:
    """A task of one bit-vector, whose conditional is a macro."""
    calls = {f"#x{x:02x}": f"#x{y:02x}" for x, y in rows}
    return sygus("BV", "((x (_ BitVec 8))) (_ BitVec 8)", f"(V {BITS})", calls, PICK)


def chosen(task: Task, cost: int, chance: Chance | None = None) -> dict[str, BelievedCondition]:
    """For each condition a bank keeps, as text, the one to believe."""
    store = filled(task.grammar, task.examples, cost)
    shape = conditionals(store)[0]
    conditions = Conditions(store, shape.production, shape.condition, chance or (lambda: chance_inputs(task)))
    target = shape.production.arguments[shape.condition]
    bank = store.banks[target]
    return {str(store.program(target, e)): conditions.best(e, bank.cost_of(e)) for e in range(bank.size)}


WEIGHTS = [("17 kg", "k"), ("5 kg", "k"), ("31 kg", "k"), ("a ball", "a"), ("a kite", "a")]
SPECIFIC = [
    # what the bank keeps, what is believed, whether that holds on the other examples
    ("an ending before a letter anywhere", '(str.contains x "a")', '(str.suffixof "g" x)', True),
    ("nothing equal", '(str.contains x "7")', '(str.contains x "7")', False),
]


@pytest.mark.parametrize(("name", "kept", "believed", "negated"), SPECIFIC, ids=[row[0] for row in SPECIFIC])
def test_the_condition_least_likely_to_hold_by_chance_is_believed(
    name: str, kept: str, believed: str, negated: bool
) -> None:
    found = chosen(texts(WEIGHTS), 3)[kept]
    assert (str(found.program), found.negated) == (believed, negated)


def test_without_inputs_made_by_chance_the_first_condition_is_taken() -> None:
    for kept, condition in chosen(texts(WEIGHTS), 3, tuple).items():
        assert (str(condition.program), condition.negated) == (kept, False)


def test_no_more_candidates_are_compared_than_allowed() -> None:
    task = texts(WEIGHTS)
    store = filled(task.grammar, task.examples, 3)
    shape = conditionals(store)[0]
    bank = store.banks[shape.production.arguments[shape.condition]]
    tried = []
    for allowed in (0.0, 20.0, float("inf")):
        conditions = Conditions(store, shape.production, shape.condition, lambda: chance_inputs(task))
        conditions.allowed = allowed
        found = [conditions.best(e, bank.cost_of(e)) for e in range(bank.size)]
        tried.append(conditions.take_tried())
        if not allowed:
            assert [str(c.program) for c in found] == [
                str(store.program(conditions.target, e)) for e in range(bank.size)
            ]
    assert tried[0] == 0
    assert 20 <= tried[1] < tried[2]


@given(st.lists(st.text("a7k g", min_size=1, max_size=6), min_size=2, max_size=6, unique=True))
@settings(max_examples=15)
def test_what_is_believed_holds_on_the_same_examples_or_on_just_the_others(given_: list[str]) -> None:
    task = texts([(x, "a") for x in given_])
    store = filled(task.grammar, task.examples, 3)
    target = conditionals(store)[0].production.arguments[0]
    evaluator = Evaluator()
    for entry, condition in enumerate(chosen(task, 3).values()):
        values = [evaluator.run(condition.program, e.inputs) != condition.negated for e in task.examples]
        assert values == list(store.values(target, entry))


def test_conditions_of_a_macro_are_told_by_their_values() -> None:
    task = bits([(0x00, 1), (0x06, 1), (0x81, 0x80), (0x13, 0x80)])
    store = filled(task.grammar, task.examples, 4)
    target = conditionals(store)[0].production.arguments[0]
    found = chosen(task, 4)
    for entry, condition in enumerate(found.values()):
        assert not condition.negated
        assert [condition.program(*e.inputs) for e in task.examples] == list(store.values(target, entry))


def test_equal_conditions_are_kept_the_best_first() -> None:
    task = texts(WEIGHTS)
    store = filled(task.grammar, task.examples, 3)
    divide = DecisionTrees(store, conditionals(store)[0], chance=lambda: chance_inputs(task))
    divide.update()
    divide.others = True
    first, *others = divide.solve()
    assert str(first.program) == '(ite (str.suffixof "g" x) "k" "a")'
    assert others
    for tree in others:
        assert tree.program != first.program
        assert right_on(tree.program, task.examples) == divide.everywhere


def test_a_tree_is_made_of_the_conditions_believed() -> None:
    task = texts(WEIGHTS)
    store = filled(task.grammar, task.examples, 3)
    divide = DecisionTrees(store, conditionals(store)[0], chance=lambda: chance_inputs(task))
    divide.update()
    tree = divide.solve()[0]
    assert str(tree.program) == '(ite (str.suffixof "g" x) "k" "a")'
    assert tree.cost == tree.program.size
    assert right_on(tree.program, task.examples) == divide.everywhere
