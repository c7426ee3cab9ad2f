"""The language ``lists``: whole programs, laws, and the programs of a public suite as a second opinion."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from neurosynth_dsls.lists import lists, parts
from neurosynth_dsls.lists.elements import total_kernel
from neurosynth_dsls.lists.numbers import multiply_kernel

from neurosynth.engine.constants import UNDEFINED_WORD, WORD_LIMIT
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.values.frozen import freeze, thaw
from neurosynth.values.types import INT, list_of
from tests.dsl.draws import INTEGERS
from tests.dsl.rows.lists import plus, positive

TASKS = Path(__file__).resolve().parents[3] / "shared" / "tasks" / "deepcoder-exedec.jsonl"
EVALUATOR = Evaluator(Budget(bits=62, size=1000))
LISTS_OF_INT = st.lists(st.integers(-9, 9), max_size=6)


def call(name: str, *arguments: Any) -> Any:
    """The value of one primitive under a search's budget, lists as lists; functions are Python ones."""
    primitive = lists[name]
    slots = tuple(Input(i, t) for i, t in enumerate(primitive.parameters))
    return thaw(EVALUATOR.run(Apply(primitive, slots, primitive.result), [freeze(a) for a in arguments]))


@pytest.mark.parametrize(("condition", "expected"), [(True, 1), (False, UNDEFINED)])
def test_if_evaluates_only_the_chosen_branch(condition: bool, expected: Any) -> None:
    undefined = apply("head", Constant((), list_of(INT)))
    program = apply("if", apply("=", x(0), Constant(0, INT)), Constant(1, INT), undefined)
    assert program(0 if condition else 1) == expected


# Whole programs


def apply(name: str, *arguments: Program) -> Apply:
    return Apply(lists[name], arguments)


def x(index: int) -> Input:
    return Input(index, INT)


def xs(index: int) -> Input:
    return Input(index, list_of(INT))


V0, V1 = Variable(0, INT), Variable(1, INT)

PROGRAMS: list[tuple[Program, list[Any], Any]] = [
    (apply("sum", apply("take", x(0), apply("sort", xs(1)))), [2, [3, 5, 4, 7, 5]], 7),
    (apply("map", Lambda((INT,), apply("*", V0, V0)), xs(0)), [[2, -3]], [4, 9]),
    (apply("scan", Lambda((INT, INT), apply("max2", V1, V0)), xs(0)), [[1, 3, 2]], [1, 3, 3]),
    (apply("fold", Lambda((INT, INT), apply("-", V1, V0)), Constant(0, INT), xs(0)), [[1, 2]], -3),
    (
        apply("map", Lambda((INT,), apply("count", Lambda((INT,), apply("<", V0, V1)), xs(0))), xs(0)),
        [[5, 1, 3]],
        [2, 0, 1],
    ),
    (
        apply("fold", Lambda((list_of(INT), INT), apply("cons", V0, Variable(1, list_of(INT)))), xs(1), xs(0)),
        [[1, 2], [9]],
        [2, 1, 9],
    ),
    (apply("flatten", apply("map", Lambda((INT,), apply("replicate", V0, V0)), xs(0))), [[2, 0, 1]], [2, 2, 1]),
    (apply("map", Lambda((INT,), apply("div", Constant(1, INT), V0)), xs(0)), [[1, 0]], UNDEFINED),
]


@pytest.mark.parametrize(("program", "inputs", "expected"), PROGRAMS, ids=[str(p) for p, _, _ in PROGRAMS])
def test_program_gives(program: Program, inputs: list[Any], expected: Any) -> None:
    assert program(*inputs) == expected


def test_constants() -> None:
    found = {str(c): cost for c, cost in lists.constants}
    assert found == {**{str(v): 1 for v in range(-1, 6)}, **{str(v): 2 for v in range(6, 11)}, "[]": 1}


# Laws


@given(st.integers(-3, 9), LISTS_OF_INT)
def test_take_and_drop_part_the_list(n: int, values: list[int]) -> None:
    assert call("append", call("take", n, values), call("drop", n, values)) == values


@given(LISTS_OF_INT)
def test_takewhile_and_dropwhile_part_the_list(values: list[int]) -> None:
    assert call("append", call("takewhile", positive, values), call("dropwhile", positive, values)) == values


@given(st.integers(-100, 100), st.integers(-9, 9).filter(bool))
def test_quotient_and_remainder_make_the_number(a: int, b: int) -> None:
    assert call("+", call("*", call("div", a, b), b), call("mod", a, b)) == a


@given(LISTS_OF_INT)
def test_scan_ends_where_fold_does(values: list[int]) -> None:
    if values:
        assert call("last", call("scan", plus, values)) == call("fold", plus, 0, values) == call("sum", values)


@given(INTEGERS, INTEGERS)
@example(2**31, 2**31 - 1)
@example(-(2**31), 2**31)
@example(WORD_LIMIT, -1)
@example(3, WORD_LIMIT // 3)
@example(3, WORD_LIMIT // 3 + 1)
def test_products_are_undefined_exactly_beyond_62_bits(a: int, b: int) -> None:
    assert multiply_kernel(a, b) == (a * b if abs(a * b) <= WORD_LIMIT else UNDEFINED_WORD)


@given(st.lists(st.one_of(st.sampled_from([WORD_LIMIT, -WORD_LIMIT, 1, -1]), INTEGERS), max_size=9))
@example([WORD_LIMIT, 1])
@example([-WORD_LIMIT, -1])
@example([WORD_LIMIT] * 8 + [-WORD_LIMIT] * 7)
def test_sums_are_undefined_exactly_beyond_62_bits(elements: list[int]) -> None:
    expected = sum(elements) if abs(sum(elements)) <= WORD_LIMIT else UNDEFINED_WORD
    assert total_kernel(np.array(elements, np.int64), 0, len(elements)) == expected


@given(st.lists(st.integers(-50, 50), min_size=30, max_size=200))
def test_long_lists_are_sorted_too(elements: list[int]) -> None:
    out = np.zeros(len(elements), np.int64)
    assert parts.sort_kernel(out, np.array(elements, np.int64), 0, len(elements)) == len(elements)
    assert out.tolist() == sorted(elements)


def test_templates_nest_with_lambdas() -> None:
    inner = (lists["count"].python or "").format("lambda b: " + (lists["<"].python or "").format("b", "a"), "x0")
    text = (lists["map"].python or "").format("lambda a: " + inner, "x0")
    assert text == "list(map(lambda a: sum(map(lambda b: (b < a), x0)), x0))"
    assert eval(text, {"x0": [5, 1, 3]}) == [2, 0, 1]


# DeepCoder programs of a public suite as a second opinion

DEEPCODER_WORDS: dict[str, Callable[..., Any]] = {
    "(+)": plus,
    "(-)": lambda a, b: call("-", a, b),
    "(*)": lambda a, b: call("*", a, b),
    "(max)": lambda a, b: call("max2", a, b),
    "(min)": lambda a, b: call("min2", a, b),
    "(+1)": lambda a: call("+", a, 1),
    "(-1)": lambda a: call("-", a, 1),
    "(*(-1))": lambda a: call("neg", a),
    "(**2)": lambda a: call("*", a, a),
    "(>0)": positive,
    "(<0)": lambda a: call("<", a, 0),
    "(%2==0)": lambda a: call("even", a),
    "(%2==1)": lambda a: call("odd", a),
    **{f"(*{k})": lambda a, k=k: call("*", a, k) for k in (2, 3, 4)},
    **{f"(/{k})": lambda a, k=k: call("div", a, k) for k in (2, 3, 4)},
}


def run_deepcoder(program: str, inputs: list[Any]) -> Any:
    """The last line's value of a program like ``x0 = INPUT | x1 = Map (+1) x0``."""
    values: dict[str, Any] = {}
    unread = iter(inputs)
    for line in program.split(" | "):
        target, operation = line.split(" = ", 1)
        head, *words = operation.split()
        if head == "INPUT":
            values[target] = next(unread)
            continue
        arguments = [values[w] if re.fullmatch(r"x\d+", w) else DEEPCODER_WORDS[w] for w in words]
        name = {"Scanl1": "scan"}.get(head, head.lower())
        values[target] = call(name, *arguments)
    return values[target]


@pytest.mark.skipif(not TASKS.exists(), reason="the public task suites are not beside the repository")
def test_deepcoder_programs_give_the_published_outputs() -> None:
    with TASKS.open() as file:
        tasks = [json.loads(line) for line in file][::10]
    assert len(tasks) > 100
    for task in tasks:
        for shown in task["examples"]:
            assert run_deepcoder(task["program"], shown["inputs"]) == shown["output"], task["name"]
