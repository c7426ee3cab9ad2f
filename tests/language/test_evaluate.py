"""The reference semantics: values, undefined values, bugs, budgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.errors import InputError, PrimitiveBug
from neurosynth.language.evaluate import Budget, Evaluator, evaluate
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Input
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.task import Task
from neurosynth.values.reading import has_type
from neurosynth.values.types import INT, Arrow, Type, list_of
from tests.strategies import languages, programs, requests, tasks, tiny, values

TINY = tiny()


def faulty() -> Language:
    """The tiny language with primitives that have bugs."""
    language = TINY.with_primitives([], name="faulty")

    @language.primitive
    def broken(n: int) -> int:
        return n // 0

    @language.primitive(type="list int -> list (list int)")
    def singles(xs: tuple[int, ...]) -> list[list[int]]:
        return [[x] for x in xs]

    @language.primitive(type="bool -> a -> a -> a", lazy=True, raises=(RuntimeError,))
    def either(condition: Callable[[], bool], then: Callable[[], Any], other: Callable[[], Any]) -> Any:
        return then() if condition() else other()

    @language.primitive(type="bool -> int -> int", lazy=True)
    def lazily_broken(condition: Callable[[], bool], value: Callable[[], int]) -> int:
        raise KeyError("oops")

    @language.primitive(type="(int -> int) -> int -> int")
    def call_broken(f: Callable[[int], int], n: int) -> int:
        raise KeyError("oops")

    return language


FAULTY = faulty()


def run(text: str, *inputs: Any, budget: Budget | None = None, language: Language = FAULTY) -> Any:
    return evaluate(parse_program(text, language), inputs, budget=budget)


@pytest.mark.parametrize(
    ("text", "inputs", "expected"),
    [
        ("(+ x0 1)", [4], 5),
        ("(map (lambda (a) (+ a x1)) x0)", [[1, 2], 10], [11, 12]),
        ("(fold (lambda (a b) (+ (+ a a) b)) 0 x0)", [[1, 0, 1]], 5),
        ("(map (lambda (a) (map (lambda (b) (+ a b)) x0)) x0)", [[1, 2]], [[2, 3], [3, 4]]),
        ("(map (lambda (a) (fold (lambda (b c) (+ b (+ a c))) x1 x0)) x0)", [[1, 2], 100], [105, 107]),
        ('(= (pair "a" x0) ["a" "b"])', ["b"], True),
        ("(singles x0)", [[1, 2]], [[1], [2]]),
        ("(= (singles x0) [[1]])", [[1]], True),
        ("(bvnot #x0f)", [], 0xF0),
        ("(bvconcat #b101 #x0f)", [], 0x50F),
        ("(zero)", [], 0),
        ('(if (= x0 1) "one" "other")', [2], "other"),
    ],
)
def test_values(text: str, inputs: list[Any], expected: Any) -> None:
    assert run(text, *inputs) == expected


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("(head x0)", [[]]),
        ("(div 1 x0)", [0]),
        ("(+ 1 (head x0))", [[]]),
        ("(map (lambda (a) (div 1 a)) x0)", [[1, 0]]),
        ("(if (= (div 1 x0) 1) 1 2)", [0]),
    ],
)
def test_declared_exceptions_make_the_whole_undefined(text: str, inputs: list[Any]) -> None:
    assert run(text, *inputs) is UNDEFINED


def test_conditionals_only_compute_the_branch_they_take() -> None:
    assert run("(if (= x0 0) 7 (div 1 x0))", 0) == 7
    assert run("(if (= x0 0) 7 (broken x0))", 0) == 7
    assert run("(map (lambda (a) (if (= a 0) 0 (div 6 a))) x0)", [0, 2]) == [0, 3]


def test_a_bug_is_reported_with_primitive_arguments_and_program() -> None:
    with pytest.raises(PrimitiveBug) as caught:
        run("(+ 1 (broken x0))", 3)
    message = str(caught.value)
    assert "primitive broken(3) raised ZeroDivisionError" in message
    assert "in (broken x0)" in message
    assert "raises=(ZeroDivisionError,)" in message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("(map (lambda (a) (broken a)) x0)", "primitive broken(1) raised ZeroDivisionError"),
        ("(if (= 1 1) (broken 1) 2)", "primitive broken(1) raised ZeroDivisionError"),
        ("(either (= 1 1) (broken 1) 2)", "primitive broken(1) raised ZeroDivisionError"),
        ("(lazily_broken (= 1 1) (div 1 0))", "primitive lazily_broken(True, UNDEFINED) raised KeyError"),
        ("(call_broken (lambda (a) a) 1)", "primitive call_broken(<function>, 1) raised KeyError"),
    ],
)
def test_a_bug_is_laid_at_the_door_of_its_own_primitive(text: str, part: str) -> None:
    with pytest.raises(PrimitiveBug) as caught:
        run(text, [1])
    assert str(caught.value).startswith(part)


def test_long_arguments_are_cut_in_messages() -> None:
    language = Language("l")

    @language.primitive
    def bad(text: str) -> int:
        raise KeyError

    with pytest.raises(PrimitiveBug) as caught:
        run("(bad x0)", "x" * 1000, language=language)
    assert len(str(caught.value)) < 300


def test_the_size_of_a_result_is_asked_before_it_is_built() -> None:
    calls: list[int] = []
    language = Language("l")

    @language.primitive(size=lambda n, text: n * len(text))
    def repeat(n: int, text: str) -> str:
        calls.append(n)
        return text * n

    assert run('(repeat 10000000000 "x")', language=language) is UNDEFINED
    assert not calls
    assert run('(repeat 3 "x")', language=language) == "xxx"
    assert run('(repeat 4 (repeat 4 "x"))', budget=Budget(size=15), language=language) is UNDEFINED
    assert run('(repeat 4 (repeat 4 "x"))', budget=Budget(size=16), language=language) == "x" * 16


def test_results_beyond_the_size_are_undefined_without_a_size_function() -> None:
    assert run("(pair 1 2)", budget=Budget(size=1)) is UNDEFINED
    assert run("(pair 1 2)", budget=Budget(size=2)) == [1, 2]


def test_steps_are_counted_in_every_run_anew() -> None:
    program = parse_program("(map (lambda (a) (+ a 1)) x0)", TINY)
    assert evaluate(program, [[1, 2, 3]], budget=Budget(steps=4)) == [2, 3, 4]
    assert evaluate(program, [[1, 2, 3]], budget=Budget(steps=3)) is UNDEFINED
    evaluator = Evaluator(Budget(steps=4))
    assert [evaluator.run(program, [(1, 2, 3)]) for _ in range(3)] == [(2, 3, 4)] * 3


def test_integers_beyond_the_bits_are_undefined() -> None:
    assert run("(+ x0 x0)", 1 << 61, budget=Budget(bits=62)) is UNDEFINED
    assert run("(+ x0 x0)", 1 << 60, budget=Budget(bits=62)) == 1 << 61
    assert run("(head (pair x0 x0))", 1 << 62, budget=Budget(bits=62)) is UNDEFINED


@pytest.mark.parametrize("field", ["steps", "size", "bits"])
def test_a_budget_is_positive(field: str) -> None:
    with pytest.raises(InputError, match=rf"Budget\.{field} is 0; allowed: a positive number"):
        Budget(**{field: 0})


def test_macros_run_their_body() -> None:
    body = parse_program("(+ x0 (+ x0 x1))", TINY, request="int -> int -> int")
    macro = Primitive(name="twice", type=Arrow((INT, INT), INT), function=lambda *_: None, macro=body)
    program = Apply(macro, (Input(0, INT), Apply(macro, (Input(0, INT), Input(0, INT)))))
    assert evaluate(program, [2]) == 10


def test_too_few_inputs_are_an_error() -> None:
    with pytest.raises(InputError, match=r"\(\+ x0 x2\) reads 3 inputs, 1 given"):
        run("(+ x0 x2)", 1)


def test_lists_come_back_as_lists() -> None:
    assert run("x0", [[1], []]) == [[1], []]
    assert Evaluator().run(Input(0, list_of(INT)), [(1,)]) == (1,)


@given(requests().flatmap(lambda r: st.tuples(st.just(r), programs(TINY, r, depth=3))), st.data())
def test_values_have_the_type_of_the_program(drawn: tuple[Type, Any], data: st.DataObject) -> None:
    request, program = drawn
    parameters = request.parameters if isinstance(request, Arrow) else ()
    inputs = [data.draw(values(t)) for t in parameters]
    found = Evaluator(Budget(steps=1000, size=1000)).run(program, inputs)
    assert found is UNDEFINED or has_type(found, program.type)


@given(tasks(TINY))
def test_drawn_tasks_are_tasks(task: Task) -> None:
    assert task.arity == len(task.parameters)


@given(languages())
def test_drawn_languages_print(language: Language) -> None:
    assert str(len(language.primitives)) in repr(language)
