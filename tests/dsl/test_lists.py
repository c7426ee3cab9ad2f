"""The language ``lists``: what each primitive means, its inverses and its Python templates."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.lists import lists

from neurosynth.language.evaluate import Budget, Evaluator, freeze, thaw
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.language.types import INT, list_of

TASKS = Path(__file__).resolve().parents[3] / "shared" / "tasks" / "deepcoder-exedec.jsonl"
EVALUATOR = Evaluator(Budget(bits=62, size=1000))
LISTS_OF_INT = st.lists(st.integers(-9, 9), max_size=6)


def call(name: str, *arguments: Any) -> Any:
    """The value of one primitive under a search's budget, lists as lists; functions are Python ones."""
    primitive = lists[name]
    slots = tuple(Input(i, t) for i, t in enumerate(primitive.parameters))
    return thaw(EVALUATOR.run(Apply(primitive, slots, primitive.result), [freeze(a) for a in arguments]))


def positive(x: int) -> bool:
    return x > 0


def plus(x: int, y: int) -> int:
    return x + y


def inverted(x: int) -> int:
    """12 // x, undefined at 0."""
    if x == 0:
        raise Undefined("division by zero")
    return 12 // x


def safely_positive(x: int) -> bool:
    """Whether x > 0, undefined at 0."""
    return inverted(x) > 0


LARGEST = 2**62 - 1

# name, arguments …, value
CASES: list[tuple[Any, ...]] = [
    ("+", 2, 3, 5),
    ("+", LARGEST, 0, LARGEST),
    ("+", LARGEST, 1, UNDEFINED),
    ("-", 2, 3, -1),
    ("-", -LARGEST, 1, UNDEFINED),
    ("*", -2, 3, -6),
    ("*", 2**31, 2**31, UNDEFINED),
    ("*", 2**31, 2**31 - 1, 2**62 - 2**31),
    ("div", 7, 2, 3),
    ("div", -7, 2, -4),
    ("div", 7, -2, -4),
    ("div", 7, 0, UNDEFINED),
    ("mod", 7, 3, 1),
    ("mod", -7, 3, 2),
    ("mod", 7, -3, -2),
    ("mod", 7, 0, UNDEFINED),
    ("neg", 4, -4),
    ("abs", -4, 4),
    ("min2", 3, -1, -1),
    ("max2", 3, -1, 3),
    ("even", -2, True),
    ("even", 3, False),
    ("odd", -3, True),
    ("odd", 0, False),
    (">", 2, 1, True),
    (">", 1, 1, False),
    ("<", 1, 2, True),
    ("<", 1, 1, False),
    (">=", 1, 1, True),
    (">=", 0, 1, False),
    ("<=", 1, 1, True),
    ("<=", 2, 1, False),
    ("=", 1, 1, True),
    ("=", [1, 2], [1, 2], True),
    ("=", [1, 2], [2, 1], False),
    ("=", True, False, False),
    ("not", True, False),
    ("and", True, False, False),
    ("or", True, False, True),
    ("head", [3, 1], 3),
    ("head", [], UNDEFINED),
    ("last", [3, 1], 1),
    ("last", [], UNDEFINED),
    ("access", 0, [3, 1], 3),
    ("access", 2, [3, 1], UNDEFINED),
    ("access", -1, [3, 1], UNDEFINED),
    ("minimum", [3, 1, 2], 1),
    ("minimum", [], UNDEFINED),
    ("maximum", [1, 3, 2], 3),
    ("maximum", [], UNDEFINED),
    ("sum", [1, 2, 3], 6),
    ("sum", [], 0),
    ("sum", [LARGEST, LARGEST, -LARGEST], LARGEST),
    ("sum", [LARGEST, 1], UNDEFINED),
    ("product", [2, 3, -1], -6),
    ("product", [], 1),
    ("product", [LARGEST, LARGEST, 0], 0),
    ("product", [LARGEST, 2], UNDEFINED),
    ("length", [4, 4], 2),
    ("is_empty", [], True),
    ("is_empty", [0], False),
    ("contains", 2, [1, 2], True),
    ("contains", 3, [1, 2], False),
    ("index", 2, [1, 2, 2], 1),
    ("index", 3, [1, 2, 2], -1),
    ("take", 2, [3, 1, 2], [3, 1]),
    ("take", 9, [3, 1], [3, 1]),
    ("take", -1, [3, 1], []),
    ("drop", 2, [3, 1, 2], [2]),
    ("drop", 9, [3, 1], []),
    ("drop", -1, [3, 1], [3, 1]),
    ("tail", [3, 1, 2], [1, 2]),
    ("tail", [], UNDEFINED),
    ("init", [3, 1, 2], [3, 1]),
    ("init", [], UNDEFINED),
    ("reverse", [3, 1, 2], [2, 1, 3]),
    ("sort", [3, 1, 2, 1], [1, 1, 2, 3]),
    ("unique", [2, 1, 2, 3, 1], [2, 1, 3]),
    ("unique", [[1], [1], []], [[1], []]),
    ("delete", 2, [2, 1, 2], [1]),
    ("range", 3, [0, 1, 2]),
    ("range", 0, []),
    ("range", -2, []),
    ("range", 1001, UNDEFINED),
    ("replicate", 3, 7, [7, 7, 7]),
    ("replicate", -1, 7, []),
    ("replicate", LARGEST, 7, UNDEFINED),
    ("singleton", 4, [4]),
    ("cons", 1, [2, 3], [1, 2, 3]),
    ("cons", [1], [[2], []], [[1], [2], []]),
    ("snoc", [1, 2], 3, [1, 2, 3]),
    ("append", [1], [2, 3], [1, 2, 3]),
    ("flatten", [[1, 2], [], [3]], [1, 2, 3]),
    ("map", inverted, [1, 2, 5], [12, 6, 2]),
    ("map", inverted, [1, 0], UNDEFINED),
    ("filter", positive, [1, -2, 3], [1, 3]),
    ("filter", safely_positive, [1, 0], UNDEFINED),
    ("count", positive, [1, -2, 3], 2),
    ("all", positive, [1, 2], True),
    ("all", positive, [], True),
    ("all", positive, [1, -2], False),
    ("all", safely_positive, [-1, 0], UNDEFINED),
    ("any", positive, [-1, 2], True),
    ("any", positive, [], False),
    ("any", safely_positive, [1, 0], UNDEFINED),
    ("takewhile", positive, [2, 1, -1, 3], [2, 1]),
    ("takewhile", positive, [2, 1], [2, 1]),
    ("takewhile", safely_positive, [-1, 0], UNDEFINED),
    ("dropwhile", positive, [2, 1, -1, 3], [-1, 3]),
    ("dropwhile", positive, [2, 1], []),
    ("dropwhile", safely_positive, [-1, 0], UNDEFINED),
    ("zipwith", plus, [1, 2, 3], [10, 20], [11, 22]),
    ("zipwith", plus, [], [10], []),
    ("scan", plus, [1, 2, 3], [1, 3, 6]),
    ("scan", plus, [], []),
    ("scan", lambda acc, x: acc - x, [1, 2, 3], [1, -1, -4]),
    ("fold", lambda acc, x: 10 * acc + x, 0, [1, 2, 3], 123),
    ("fold", lambda acc, x: [x, *acc], [], [1, 2, 3], [3, 2, 1]),
    ("fold", plus, 5, [], 5),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(map(str, case[:-1])).replace("<function ", "<"))
def test_primitive_means(case: tuple[Any, ...]) -> None:
    name, *arguments, expected = case
    got = call(name, *arguments)
    assert got == expected
    assert type(got) is type(expected)


def test_every_primitive_has_a_case_and_a_doc() -> None:
    assert {case[0] for case in CASES} == set(lists.primitives) - {"if"}
    assert all(p.doc.endswith(".") for p in lists.primitives.values())


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


def test_loading_the_language_imports_no_compiler() -> None:
    code = "import sys, neurosynth_dsls.lists; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


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


# Inverse semantics

INVERTIBLE = {
    "+": (st.integers(-9, 9), st.integers(-9, 9)),
    "-": (st.integers(-9, 9), st.integers(-9, 9)),
    "neg": (st.integers(-9, 9),),
    "not": (st.booleans(),),
    "reverse": (LISTS_OF_INT,),
    "cons": (st.integers(-2, 2), st.lists(st.integers(-2, 2), max_size=3)),
    "snoc": (st.lists(st.integers(-2, 2), max_size=3), st.integers(-2, 2)),
    "append": (st.lists(st.integers(-2, 2), max_size=3), st.lists(st.integers(-2, 2), max_size=3)),
}


def missing(name: str, position: int, output: Any, known: list[Any]) -> list[Any]:
    inverse = lists[name].inverse
    assert inverse is not None
    invert = inverse[position]
    assert invert is not None
    return [thaw(v) for v in invert(freeze(output), *map(freeze, known))]


CALLS = [
    ("map", [4, 6], [[2, 3]], [((2,), 4), ((3,), 6)]),
    ("map", [4], [[2, 3]], None),
    ("zipwith", [5, 8], [[1, 2, 3], [4, 6]], [((1, 4), 5), ((2, 6), 8)]),
    ("zipwith", [5], [[1, 2, 3], [4, 6]], None),
    ("scan", [1, 3, 6], [[1, 2, 3]], [((1, 2), 3), ((3, 3), 6)]),
    ("scan", [2, 3], [[1, 2]], None),
    ("scan", [], [[]], []),
    ("filter", [1, 3], [[1, 2, 3]], [((1,), True), ((2,), False), ((3,), True)]),
    ("filter", [1], [[1, 2, 1]], None),
    ("filter", [3, 1], [[1, 2, 3]], None),
    ("takewhile", [1, 2], [[1, 2, 5, 1]], [((1,), True), ((2,), True), ((5,), False)]),
    ("takewhile", [1, 2], [[1, 2, 1]], None),
    ("takewhile", [2], [[1, 2]], None),
    ("dropwhile", [5, 1], [[2, 5, 1]], [((2,), True), ((5,), False)]),
    ("dropwhile", [2, 1], [[2, 2, 1]], None),
]
"""Primitive, output, the other arguments, what its function must answer."""


@pytest.mark.parametrize(("name", "output", "known", "calls"), CALLS)
def test_what_a_function_must_answer(name: str, output: Any, known: list[Any], calls: Any) -> None:
    inverse = lists[name].inverse
    assert inverse is not None
    invert = inverse[0]
    assert invert is not None
    assert list(invert(freeze(output), *map(freeze, known))) == ([] if calls is None else [calls])


PARTED = ("take", "drop")
"""Several counts give the same part; the inverse names one."""


@pytest.mark.parametrize("name", PARTED)
@given(st.integers(-2, 9), LISTS_OF_INT)
def test_the_count_of_a_part_is_one_that_gives_it(name: str, n: int, xs: list[int]) -> None:
    part = call(name, n, xs)
    (count,) = missing(name, 0, part, [xs])
    assert call(name, count, xs) == part
    assert n == count or not 0 <= n <= len(xs)


@pytest.mark.parametrize(("name", "part"), [("take", [2]), ("take", [1, 2, 3]), ("drop", [1]), ("drop", [0, 1, 2])])
def test_what_is_no_part_has_no_count(name: str, part: list[int]) -> None:
    assert missing(name, 0, part, [[1, 2]]) == []


def test_all_inverses_are_checked() -> None:
    found = {p.name for p in lists.primitives.values() if p.inverse}
    assert found == {*INVERTIBLE, *PARTED, *(row[0] for row in CALLS)}
    assert all(len(lists[name].inverse or ()) == len(INVERTIBLE[name]) for name in INVERTIBLE)


@pytest.mark.parametrize("name", INVERTIBLE)
@given(data=st.data())
def test_inverse_finds_the_argument(name: str, data: st.DataObject) -> None:
    arguments = list(data.draw(st.tuples(*INVERTIBLE[name])))
    output = call(name, *arguments)
    for i, argument in enumerate(arguments):
        assert missing(name, i, output, arguments[:i] + arguments[i + 1 :]) == [argument]


@pytest.mark.parametrize("name", INVERTIBLE)
@given(data=st.data())
def test_what_an_inverse_finds_gives_the_output(name: str, data: st.DataObject) -> None:
    arguments, others = (list(data.draw(st.tuples(*INVERTIBLE[name]))) for _ in range(2))
    output = call(name, *others)
    for i in range(len(arguments)):
        known = arguments[:i] + arguments[i + 1 :]
        for value in missing(name, i, output, known):
            assert call(name, *known[:i], value, *known[i:]) == output


# Python templates

ELEMENT = st.integers(-9, 9)
FUNCTIONS: dict[str, list[Callable[..., Any]]] = {
    "a -> bool": [positive, lambda x: x % 2 == 0, lambda x: 6 // x > 0],
    "a -> b": [lambda x: x * x, lambda x: 12 // x],
    "a -> b -> c": [plus, lambda x, y: x // y],
}
ARGUMENTS: dict[str, st.SearchStrategy[Any]] = {
    "int": ELEMENT,
    "bool": st.booleans(),
    "a": ELEMENT,
    "list int": LISTS_OF_INT,
    "list a": LISTS_OF_INT,
    "list b": LISTS_OF_INT,
    "list (list a)": st.lists(LISTS_OF_INT, max_size=3),
    **{t: st.sampled_from(fs) for t, fs in FUNCTIONS.items()},
}
TEMPLATED = [p for p in lists.primitives.values() if p.python is not None]


def outcome(run: Callable[[], Any]) -> Any:
    try:
        return run()
    except (Undefined, ZeroDivisionError, IndexError, ValueError):
        return UNDEFINED


@pytest.mark.parametrize("primitive", TEMPLATED, ids=lambda p: p.name)
@given(data=st.data())
def test_python_template_equals_the_function(primitive: Primitive, data: st.DataObject) -> None:
    arguments = [data.draw(ARGUMENTS[str(t)]) for t in primitive.parameters]
    texts = [f"f{i}" if callable(a) else repr(a) for i, a in enumerate(arguments)]
    environment = {f"f{i}": a for i, a in enumerate(arguments) if callable(a)}
    thunks = [(lambda a=a: a) for a in arguments] if primitive.lazy else arguments
    assert primitive.python is not None
    expression = primitive.python.format(*texts)
    expected = outcome(lambda: primitive.function(*thunks))
    got = outcome(lambda: eval(expression, {}, environment))
    assert got == expected
    assert type(got) is type(expected)


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
        for example in task["examples"]:
            assert run_deepcoder(task["program"], example["inputs"]) == example["output"], task["name"]
