"""Bodies of functions that a guide generates: the calls of a table, what a body may read, and what is proposed."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.bodies import WithBodies
from neurosynth.guides.ngram import NGram, NGramGuide
from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input
from neurosynth.language.syntax import parse_program
from neurosynth.ranking.agreement import cases
from neurosynth.search.base import Limits, SearchRequest
from neurosynth.search.candidates import Candidate, Tried
from neurosynth.search.runner import Runner
from neurosynth.search.strategies.body_decoding import BodyDecoding
from neurosynth.search.strategies.call_tables import CallTables
from neurosynth.search.strategies.functional import LambdaPlace, calls_of, places
from neurosynth.synthesize import synthesize
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import INT, parse_type

LISTS = load_language("lists")
INTS = parse_type("list int")
ROWS = ([3, 1, 4, 8], [1, 5, 2], [9, 2, 6, 5], [7, 0])


def written(text: str, *more: int) -> Task:
    """The task that a program of a list, and of these numbers, is right on."""
    inputs = [Input(0, INTS), *(Input(i, INT) for i in range(1, len(more) + 1))]
    program = parse_program(text, LISTS, inputs=inputs)
    return Task([example(row, *more, output=program(row, *more)) for row in ROWS], text)


def knowing(*bodies: str) -> NGramGuide:
    """A guide of tokens that wrote these bodies of up to three numbers before."""
    inputs = [Input(0, INT), Input(1, INT), Input(2, INT)]
    return NGram(n=4).fit([parse_program(text, LISTS, inputs=inputs) for text in bodies] * 20, LISTS)


def proposed(task: Task, guide: SequenceGuide) -> tuple[list[str], int]:
    """The programs that are proposed, and how many were tried for them, at most 2,000."""
    request = SearchRequest(task=task, grammar=task_grammar(task, LISTS), limits=Limits(seconds=60), language=LISTS)
    found, tried = [], 0
    with closing(iter(BodyDecoding(request, guide, Runner(request)))) as steps:
        for step in steps:
            tried += step.count if isinstance(step, Tried) else step.tried
            found += [str(step.program)] if isinstance(step, Candidate) else []
            if tried >= 2_000:
                break
    return found, tried


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("(map (lambda (a) (mod (+ a 1) 4)) x0)", "(mod (+ x0 1) 4)"),
        ("(filter (lambda (a) (= (mod a 3) 1)) x0)", "(= (mod x0 3) 1)"),
        ("(map (lambda (a) (* a a)) (sort x0))", "(* x0 x0)"),
        ("(zipwith (lambda (a b) (- b a)) x0 (tail x0))", "(- x1 x0)"),
    ],
)  # fmt: skip
def test_a_body_is_found_from_the_calls_of_its_function(text: str, body: str) -> None:
    inputs = [Input(0, INT), Input(1, INT)]
    guide = NGram(n=4).fit([parse_program(body, LISTS, inputs=inputs)] * 20, LISTS)
    found, tried = proposed(written(text), guide)
    assert found == [text]
    assert tried <= 200


def test_a_body_may_read_the_inputs_of_the_task() -> None:
    text = "(map (lambda (a) (if (= a x1) x2 a)) x0)"
    found, _ = proposed(written(text, 5, 7), knowing("(if (= x0 x1) x2 x0)", "(+ x0 x2)"))
    assert found == [text]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("(reverse (scan (lambda (a b) (+ a b)) x0))", "(+ x0 x1)"),
        ("(cons x1 (filter (lambda (a) (odd a)) x0))", "(odd x0)"),
        ("(append x0 (map (lambda (a) (* a a)) x0))", "(* x0 x0)"),
    ],
)  # fmt: skip
def test_a_function_may_make_an_argument_that_an_inverse_deduces(text: str, body: str) -> None:
    found, _ = proposed(written(text, 7) if "x1" in text else written(text), knowing(body))
    assert found == [text]


def test_what_a_body_reads_tells_calls_apart() -> None:
    task = written("(map (lambda (a) (- a x1)) x0)", 7)
    request = SearchRequest(task=task, grammar=task_grammar(task, LISTS), limits=Limits(seconds=60), language=LISTS)
    bodies = list(CallTables(request, inputs=8).bodies())
    assert bodies
    costs = [body.table.cost for body in bodies]
    assert costs == sorted(costs)
    assert all(body.table.consistent(body.given) for body in bodies)
    assert all(len(body.table.scope) + len(body.given) <= 8 for body in bodies)
    assert {str(known.program) for body in bodies for known in body.given} == {"x0", "x1"}


def test_a_second_guide_writes_the_bodies() -> None:
    text, body = "(map (lambda (a) (mod (+ a 1) 4)) x0)", "(mod (+ x0 1) 4)"
    others = knowing("(if (= x0 x1) x2 x0)")
    assert proposed(written(text), others)[0] == []
    assert proposed(written(text), WithBodies(others, knowing(body)))[0] == [text]


def test_nothing_is_proposed_where_the_guide_writes_no_answer() -> None:
    found, tried = proposed(written("(map (lambda (a) (mod (+ a 1) 4)) x0)"), knowing("(if (= x0 x1) x2 x0)"))
    assert found == []
    assert tried > 0


def test_no_function_can_make_the_goal() -> None:
    task = Task([example(row, output=[77, 78, 79, *row]) for row in ROWS])
    assert proposed(task, knowing("(+ x0 1)")) == ([], 0)


def test_a_body_as_large_as_its_calls_is_not_proposed() -> None:
    task = Task([example([3], output=[4]), example([5], output=[8]), example([6], output=[7])])
    assert proposed(task, knowing("(if (= x0 3) 4 (if (= x0 5) 8 7))"))[0] == []


def place(name: str) -> LambdaPlace:
    grammar = task_grammar(written("(sort x0)"), LISTS)
    return next(p for p in places(grammar, grammar.start) if getattr(p.production.head, "name", "") == name)


@pytest.mark.parametrize(
    ("name", "goal", "columns", "calls"),
    [
        ("map", [(4, 5), (1,)], [[(3, 4), (0,)]], ((0, (3,), 4), (0, (4,), 5), (1, (0,), 1))),
        ("map", [(4, 5), (1,)], [[(3, 4), (0, 2)]], None),
        ("map", [(4, 5), (1,)], [[(3, 4), UNDEFINED]], None),
        ("map", [(4,), (1,)], [[(3,), (0,)]], None),  # two calls: nearly anything answers them
        ("map", [(4, 5, 1), (1,)], [[(3, 3, 2), (0,)]], None),  # one argument, two results
        ("filter", [(3, 5), ()], [[(3, 4, 5), ()]], ((0, (3,), True), (0, (4,), False), (0, (5,), True))),
        ("filter", [(5, 3), ()], [[(3, 4, 5), ()]], None),
        ("scan", [(3, 7, 12), ()], [[(3, 4, 5), ()]], None),
        ("scan", [(3, 7, 12, 13), ()], [[(3, 4, 5, 1), ()]], ((0, (3, 4), 7), (0, (7, 5), 12), (0, (12, 1), 13))),
    ],
)  # fmt: skip
def test_the_calls_that_a_function_must_answer(
    name: str, goal: list[Any], columns: list[list[Any]], calls: tuple[Any, ...] | None
) -> None:
    assert calls_of(place(name), goal, columns) == calls


def test_a_named_guide_decodes_bodies_early() -> None:
    text = "(map (lambda (a) (mod (+ a 1) 4)) x0)"
    guide = knowing("(mod (+ x0 1) 4)")
    result = synthesize(written(text), LISTS, guide=guide, limits=Limits(seconds=60))
    assert str(result.best) == text
    assert result.stats.first_solved is not None
    assert result.stats.first_solved < 300  # after the likeliest programs, before the others
    assert result.findings is not None
    assert "decoding (bodies)" in result.findings.strategies


@pytest.mark.parametrize(
    ("text", "numbers", "parts"),
    [
        ("(map (lambda (a) (if (= a x1) x2 a)) x0)", (5, 7), ("(+ x0 1)",)),
        ("(map (lambda (a) (if (> a x1) (* a a) a)) x0)", (3,), ("(* x0 x0)",)),
        ("(map (lambda (a) (if (> a 4) 4 a)) x0)", (), ("(> x0 4)",)),
        ("(map (lambda (a) (if (> (mod a 3) x1) (* a a) a)) x0)", (1,), ("(* x0 x0)", "(> (mod x0 3) x1)")),
    ],
)  # fmt: skip
def test_the_cases_of_a_body_are_found_one_by_one(text: str, numbers: tuple[int, ...], parts: tuple[str, ...]) -> None:
    # the guide never wrote a conditional; conditions of one primitive on what a body reads are tried without it
    found, tried = proposed(written(text, *numbers), knowing(*parts))
    assert len(found) == 1
    assert cases(parse_program(found[0], LISTS, inputs=[Input(0, INTS), Input(1, INT), Input(2, INT)])) == 2
    assert tried <= 500


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("(filter (lambda (a) (and (> a x1) (> x2 a))) x0)", "(+ x0 1)"),
        ("(filter (lambda (a) (or (odd a) (> a x1))) x0)", "(+ x0 1)"),
        ("(filter (lambda (a) (and (odd a) (> a 1))) x0)", "(> x0 1)"),
    ],
)  # fmt: skip
def test_two_conditions_are_combined(text: str, known: str) -> None:
    found, tried = proposed(written(text, 2, 8), knowing(known))
    assert len(found) == 1
    inputs = [Input(0, INTS), Input(1, INT), Input(2, INT)]
    meant, answer = (parse_program(t, LISTS, inputs=inputs) for t in (text, found[0]))
    assert [answer(row, 2, 8) for row in ROWS] == [meant(row, 2, 8) for row in ROWS]
    assert tried <= 300


def test_a_body_of_two_cases_for_few_calls_is_not_proposed() -> None:
    task = Task([example([3, 9], output=[3, 7]), example([9, 1], output=[7, 1])])
    assert proposed(task, knowing("(+ x0 1)"))[0] == []
