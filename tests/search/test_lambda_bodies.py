"""Functions found from what they must answer: task => program, and what is not accepted as a body."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from neurosynth.language.load import load_language
from neurosynth.language.syntax import parse_program
from neurosynth.search.base import Limits, Outcome, SearchRequest, StopReason
from neurosynth.search.portfolio import Auto
from neurosynth.search.strategies.functional import spelled_out
from neurosynth.search.strategies.lambda_bodies import FIRST, GROWTH, LambdaBodies, invertible
from neurosynth.synthesize import share_right, synthesize
from neurosynth.tasks.checking import failing
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example
from tests.search.stores import filled, run_all

LISTS = load_language("lists")
ROWS: list[list[list[int]]] = [
    [[3, -8, 5, 0, 12, 4], [7, 1, 2, 2, 9, -3]],
    [[6, 6, 1, 5, -2], [0, 4, 10, 13, 3]],
    [[9, 2, -4, 7, 11, 8, 1], [5, 3, 1, 8, -7, 2, 4]],
    [[4, -1, 10, 3], [6, 6, 0, 15]],
]
UNSEEN: list[list[list[int]]] = [[[1, 10, -3, 4, 4, 8], [2, 6, -6, 0, 4, 3]]]


def running(f: Callable[[int, int], int], xs: list[int]) -> list[int]:
    results = xs[:1]
    for x in xs[1:]:
        results.append(f(results[-1], x))
    return results


CASES: dict[str, Callable[[list[int], list[int]], list[int]]] = {
    "map, a conditional": lambda xs, ys: [x if x > 4 else -x for x in xs],
    "map, deep": lambda xs, ys: [(x * x + x) * 3 for x in xs],
    "map over a sorted list": lambda xs, ys: [x * x - 1 for x in sorted(xs)],
    "map, with a value of the task": lambda xs, ys: [x + max(ys) for x in xs],
    "zipwith": lambda xs, ys: [x * y - x for x, y in zip(xs, ys, strict=True)],
    "zipwith of a reversed list": lambda xs, ys: [max(x, y) for x, y in zip(xs, reversed(ys), strict=True)],
    "scan": lambda xs, ys: running(lambda a, b: b if a > b else a + b, xs),
    "filter": lambda xs, ys: [x for x in xs if x > 3 and x % 2 == 0],
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_finds_the_function(name: str) -> None:
    def rows(given: list[list[list[int]]]) -> list[Any]:
        return [example(xs, ys, output=CASES[name](xs, ys)) for xs, ys in given]

    task = Task(rows(ROWS), name)
    search = Auto(pipelines=False)  # on a busy machine, long programs of usual parts may come first
    result = synthesize(task, LISTS, guide="uniform", search=search, limits=Limits(seconds=60))
    assert result.solved
    assert share_right(result.best.program, rows(UNSEEN)) == 1.0


def test_a_function_with_three_cases_is_searched_for_again() -> None:
    task = Task([example(xs, output=running(lambda a, b: b if abs(a) > abs(b) else a, xs)) for xs, _ in ROWS])
    grammar = task_grammar(task, LISTS)
    view = filled(grammar, task.examples, 1)
    asked = SearchRequest(task=task, grammar=grammar, limits=Limits(seconds=60))
    short = parse_program("(if (> (abs x0) (abs x1)) x1 x0)", LISTS, request="int -> int -> int")

    def attempts(first: str) -> list[int | None]:
        """The efforts of the search for the function, whose first attempt finds this body, and the second the short one."""
        body = parse_program(first, LISTS, request="int -> int -> int")
        efforts: list[int | None] = []

        def solve(request: SearchRequest) -> Outcome:
            before, x = request.task.examples[0].inputs[:2]
            if not (isinstance(before, int) and isinstance(x, int)) or failing(short, request.task.examples):
                return Outcome(StopReason.EXHAUSTED)  # the body of another function
            efforts.append(request.limits.max_programs)
            return Outcome(StopReason.SOLVED, [short if efforts[1:] else body])

        found = run_all(LambdaBodies(view, invertible(view), solve, asked).propose(time.perf_counter() + 60))
        assert len(found) == len(efforts)
        return efforts

    assert attempts("(if (> x1 2) (if (> x1 (abs x0)) x0 x1) x0)") == [FIRST, GROWTH * FIRST]
    assert attempts("(if (> x1 (abs x0)) x0 x1)") == [FIRST]


def test_calls_that_no_known_value_tells_apart_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task([example([3, 1], 2, output=[5, 3]), example([3, 4], 9, output=[12, 13])])
    grammar = task_grammar(task, LISTS)
    asked: list[Task] = []

    def solve(request: SearchRequest) -> Outcome:
        asked.append(request.task)
        return Outcome(StopReason.EXHAUSTED)

    view = filled(grammar, task.examples, 1)
    bodies = LambdaBodies(
        view, invertible(view), solve, SearchRequest(task=task, grammar=grammar, limits=Limits(seconds=60))
    )
    with monkeypatch.context() as without:
        without.setattr(LambdaBodies, "_closed", lambda self, most: iter(()))  # as before any value is known
        run_all(bodies.propose(time.perf_counter() + 60))
    assert not any(e.inputs == (3,) for t in asked for e in t.examples)
    before = len(asked)
    run_all(bodies.propose(time.perf_counter() + 60))
    assert any(e.inputs[0] == 3 and 9 in e.inputs[1:] for t in asked[before:] for e in t.examples)


def test_known_values_may_be_of_any_type() -> None:
    """A list of lists has no columns of words: its bank is one of objects."""
    rows = [[[3, 8], [5]], [[1, 1, 4], [2, 6]], [[9], [], [7, 7]], [[2, 2], [0, 5]]]
    task = Task([example(given, output=[3 * sum(r) - 1 for r in given]) for given in rows], "nested")
    search = Auto(pipelines=False)  # on a busy machine, long programs of usual parts may come first
    result = synthesize(task, LISTS, guide="uniform", search=search, limits=Limits(seconds=60))
    assert result.best([[1, 2], [10]]) == [8, 29]


def test_it_can_be_switched_off() -> None:
    task = Task([example(xs, ys, output=CASES["map, deep"](xs, ys)) for xs, ys in ROWS])
    search = Auto(functions=False, deduce=False, divide=False, pipelines=False)
    assert not synthesize(task, LISTS, guide="uniform", search=search, limits=Limits(seconds=2)).solved


@pytest.mark.parametrize(
    ("body", "calls", "expected"),
    [
        ("(+ x0 1)", 3, False),
        ("(if (> x0 1) x0 (neg x0))", 8, False),
        ("(if (> x0 1) x0 (neg x0))", 7, True),
        ("(if (> x0 1) x0 (if (even x0) 3 4))", 17, True),
        ("(+ (* x0 3) (- x0 2))", 3, True),
    ],
)
def test_a_body_that_would_answer_nearly_anything_is_no_function(body: str, calls: int, expected: bool) -> None:
    assert spelled_out(parse_program(body, LISTS, request="int -> int"), calls) is expected
