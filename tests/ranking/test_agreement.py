"""Ranking by simplicity and agreement: what to believe among programs right on the examples, and what to ask."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.language.evaluate import evaluate
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.plugins import load
from neurosynth.ranking.agreement import ByAgreement, Ranking, ScoreConfig, cases, rank_by_agreement
from neurosynth.ranking.base import Ranker
from neurosynth.ranking.bits import BitsConfig, is_conditional, program_bits
from neurosynth.ranking.perturb import unseen_inputs
from neurosynth.tasks.task import Task, example
from neurosynth.values.frozen import freeze, thaw, typed_key

LISTS = Task([example([3, 1, 2], output=3), example([5, 4], output=5)])
NAMES = Task([example("Ada Lovelace", output="Lovelace"), example("Alan Turing", output="Turing")])


def program(text: str, task: Task = LISTS) -> Program:
    """A program for a task, in the language of its types."""
    return parse_program(text, load("languages", "lists" if task is LISTS else "strings"), request=task.type)


def ranked(*texts: str, task: Task = LISTS) -> Ranking:
    """The ranking of programs given as text."""
    return rank_by_agreement(task, [program(t, task) for t in texts])


TWO = Task([example([3, 1, 2], 3, output=3), example([5, 4], 5, output=5)])


def test_what_reads_every_input_comes_first() -> None:
    """An input that nothing needs costs a program that is written so that it mentions it as much."""

    def order(*texts: str) -> list[str]:
        lists = load("languages", "lists")
        return [
            str(p) for p in rank_by_agreement(TWO, [parse_program(t, lists, request=TWO.type) for t in texts]).programs
        ]

    assert order("(head x0)", "(max2 x1 (head x0))")[0] == "(max2 x1 (head x0))"
    assert order("x1", "(+ (head x0) (- x1 (head x0)))") == ["x1"]


# --- the order ------------------------------------------------------------------------------------------------------

ORDERS = [
    # task, better, worse
    ("the general one before one that memorises", LISTS, "(maximum x0)", "(if (= (length x0) 2) 5 3)"),
    ("no condition before one, at the same size", LISTS, "(head (take 1 (take 1 x0)))", "(if (= 1 1) (head x0) 3)"),
    ("the shorter one", LISTS, "(head x0)", "(head (reverse (reverse (take 2 x0))))"),
    ("a short text constant before a long one", NAMES, '(str.++ "x" x0)', '(str.++ "Lovelace, A" x0)'),
]


@pytest.mark.parametrize(("name", "task", "better", "worse"), ORDERS, ids=[row[0] for row in ORDERS])
@pytest.mark.parametrize("backwards", [False, True], ids=["given in order", "given backwards"])
def test_the_likelier_program_comes_first(name: str, task: Task, better: str, worse: str, backwards: bool) -> None:
    given_ = [worse, better] if backwards else [better, worse]
    ranking = ranked(*given_, task=task)
    assert str(ranking.programs[0]) == better
    assert list(ranking.scores) == sorted(ranking.scores, reverse=True)


def test_a_program_others_agree_with_comes_before_one_that_stands_alone() -> None:
    together = ["(maximum x0)", "(head (reverse (sort x0)))", "(last (sort x0))", "(maximum (reverse x0))"]
    alone = "(head x0)"
    bits = [program_bits(program(text), LISTS.examples) for text in (alone, together[0])]
    assert bits[0] == bits[1]
    ranking = ranked(alone, *together)
    assert [str(p) for p in ranking.programs] == ["(maximum x0)", alone]


@pytest.mark.parametrize("backwards", [False, True], ids=["given in order", "given backwards"])
def test_a_program_undefined_on_unseen_inputs_comes_after_one_of_its_size(backwards: bool) -> None:
    task = Task(LISTS.examples, unlabelled=[((),)])
    texts = ["(sum (take 1 x0))", "(head (take 1 x0))"]
    ranking = rank_by_agreement(task, [program(t) for t in (reversed(texts) if backwards else texts)])
    assert [str(p) for p in ranking.programs] == texts


def test_equal_programs_stay_in_the_given_order() -> None:
    for texts in (("(head x0)", "(last x0)"), ("(last x0)", "(head x0)")):
        task = Task([example([4], output=4)])
        ranking = rank_by_agreement(task, [program(t) for t in texts])
        assert str(ranking.programs[0]) == texts[0]


def test_programs_that_do_the_same_are_one_entry_the_simplest() -> None:
    ranking = ranked("(maximum (reverse x0))", "(maximum x0)", "(last (sort x0))", "(head x0)", "(head (take 3 x0))")
    assert sorted(map(str, ranking.programs)) == ["(head x0)", "(maximum x0)"]


def test_programs_given_twice_count_once() -> None:
    once, twice = ranked("(head x0)", "(maximum x0)"), ranked("(head x0)", "(maximum x0)", "(head x0)")
    assert once == twice


def test_the_ranking_is_the_same_every_time() -> None:
    texts = ["(head x0)", "(maximum x0)", "(product (init x0))"]
    assert ranked(*texts) == ranked(*texts)


# --- the score ------------------------------------------------------------------------------------------------------


MANY = Task([example([9 * n, n, n + 1], output=9 * n) for n in range(1, 12)])


def test_what_speaks_for_a_program_is_counted_in_bits() -> None:
    first, second = ranked("(head x0)", "(maximum x0)").programs
    assert rank_by_agreement(MANY, [first, second], guide_proposed=[second]).programs[0] == second
    nothing = ScoreConfig(written=0.0)
    assert rank_by_agreement(MANY, [first, second], guide_proposed=[second], config=nothing).programs[0] == first


def test_a_guide_says_nothing_where_the_outputs_have_fewer_bits_than_its_program() -> None:
    first, second = ranked("(head x0)", "(maximum x0)").programs
    assert rank_by_agreement(LISTS, [first, second], guide_proposed=[second]).programs[0] == first


def test_bits_of_a_search_that_judged_on_the_table_count_in_place_of_those_of_the_program() -> None:
    long, short = program("(maximum (reverse (sort x0)))"), program("(head x0)")
    ranking = rank_by_agreement(LISTS, [short, long], bits={long: 12})
    own = 2.0 * program_bits(short, LISTS.examples)
    assert ranking.programs == (long, short)
    assert ranking.scores == pytest.approx((-12 / 4.0, -own / 4.0))


@pytest.mark.parametrize(
    ("text", "count"),
    [("(head x0)", 1), ("(if (> (head x0) 2) 5 3)", 2), ("(+ (if (> 1 2) 3 4) (if (> 1 2) (if (> 3 2) 1 2) 4))", 4)],
)
def test_cases_count_conditionals(text: str, count: int) -> None:
    found = program(text)
    assert cases(found) == count
    assert is_conditional(found) == text.startswith("(if")


# --- confidence -----------------------------------------------------------------------------------------------------


def test_programs_that_agree_leave_no_doubt_and_no_question() -> None:
    ranking = ranked("(maximum x0)", "(last (sort x0))")
    assert ranking.confidence == pytest.approx(1.0)
    assert ranking.question is None


def test_two_of_one_size_share_the_confidence() -> None:
    assert ranked("(maximum x0)", "(head x0)").confidence == pytest.approx(0.5)


def test_bits_halve_the_mass() -> None:
    halvings = BitsConfig().primitive / ScoreConfig().halving
    assert ranked("(maximum x0)", "(head (reverse x0))").confidence == pytest.approx(1 / (1 + 2.0**-halvings))


def test_no_programs_give_an_empty_ranking() -> None:
    assert rank_by_agreement(LISTS, []) == Ranking((), (), 0.0, None)


POOL = [
    "(head x0)", "(maximum x0)", "(last x0)", "(minimum x0)", "(sum x0)", "(length x0)", "(head (tail x0))",
    "(product (init x0))", "(if (> (head x0) 2) 5 3)", "(index 1 x0)", "3",
]  # fmt: skip


@given(st.lists(st.sampled_from(POOL), min_size=1, max_size=6), st.integers(0, 3))
@settings(max_examples=30)
def test_laws_of_a_ranking(texts: list[str], seed: int) -> None:
    programs = list(dict.fromkeys(map(program, texts)))
    ranking = rank_by_agreement(LISTS, programs, seed=seed)
    inputs = unseen_inputs(LISTS, seed=seed)
    behaviours = {p: tuple(typed_key(evaluate(p, row)) for row in inputs) for p in programs}
    assert set(ranking.programs) <= set(programs)
    assert {behaviours[p] for p in ranking.programs} == set(behaviours.values())
    assert len({behaviours[p] for p in ranking.programs}) == len(ranking.programs)
    assert 0 < ranking.confidence <= 1 + 1e-9
    assert (ranking.question is None) == (len(set(behaviours.values())) == 1)
    if ranking.question is not None:
        shares = [share for _, share, _ in ranking.question.answers]
        assert sum(shares) == pytest.approx(1)
        assert shares == sorted(shares, reverse=True)


# --- the question ---------------------------------------------------------------------------------------------------


def entropy(programs: list[Program], row: tuple[Any, ...]) -> float:
    """Of the answers on an input, by prior mass (nats)."""
    mass: dict[Any, float] = {}
    for p in programs:
        key = typed_key(evaluate(p, row))
        mass[key] = mass.get(key, 0.0) + 2.0 ** (-program_bits(p, LISTS.examples) / ScoreConfig().halving)
    whole = sum(mass.values())
    return -sum(m / whole * math.log(m / whole) for m in mass.values())


def test_the_question_is_the_input_of_greatest_disagreement() -> None:
    programs = [program(t) for t in ("(head x0)", "(maximum x0)", "(product (init x0))", "(head (reverse (sort x0)))")]
    question = rank_by_agreement(LISTS, programs).question
    assert question is not None
    most = max(entropy(programs, row) for row in unseen_inputs(LISTS))
    assert entropy(programs, question.inputs) == pytest.approx(most)


def test_a_rare_disagreement_is_found_among_given_rows() -> None:
    same = [[[9, 2]], [[8, 1, 1]], [[7, 7]]]
    telling = [[2, 6, 4]]
    task = Task(LISTS.examples, unlabelled=[*map(freeze, same), freeze(telling)])
    question = rank_by_agreement(task, [program("(head x0)"), program("(maximum x0)")]).question
    assert question is not None
    answers = {output for output, _, _ in question.answers}
    assert len(answers) == 2
    assert all(evaluate(p, question.inputs) == output for output, _, p in question.answers)


def test_each_answer_comes_with_its_simplest_program() -> None:
    question = ranked("(last (sort x0))", "(maximum x0)", "(head (take 2 x0))", "(head x0)").question
    assert question is not None
    assert {str(p) for _, _, p in question.answers} == {"(maximum x0)", "(head x0)"}


def test_a_question_prints_itself() -> None:
    question = ranked("(maximum x0)", "(head x0)").question
    assert question is not None
    (row,) = question.inputs
    assert str(question).startswith(f"what is the output for {thaw(row)!r}? candidates: ")
    assert "(50%, (maximum x0))" in str(question)


def test_an_undefined_answer_is_an_answer() -> None:
    task = Task([example([3, 1], output=3), example([5, 4], output=5)], unlabelled=[((),)])
    question = rank_by_agreement(task, [program("(head x0)"), program("(sum (take 1 x0))")]).question
    assert question is not None
    assert question.inputs == ((),)
    assert {repr(output) for output, _, _ in question.answers} == {"UNDEFINED", "0"}


# --- as a plugin ----------------------------------------------------------------------------------------------------


def test_as_a_ranker_it_keeps_every_program() -> None:
    ranker = ByAgreement()
    assert isinstance(ranker, Ranker)
    texts = ["(last (sort x0))", "(maximum x0)", "(head x0)", "(if (= (length x0) 2) 5 3)"]
    rows = ranker.rank(LISTS, [program(t) for t in texts])
    assert sorted(str(p) for p, _ in rows) == sorted(texts)
    scores = [score for _, score in rows]
    assert scores == sorted(scores, reverse=True)
    assert str(rows[0][0]) == "(maximum x0)"


def test_a_digit_spelled_beside_a_rounding_is_no_match_for_it() -> None:
    """Next to a program that was judged on the whole table, text with a digit of the output is charged for it, if one row is shown."""
    task = Task([example("17.66", output="17.65")], language="columns", unlabelled=[("1.14",), ("3.48",)])
    language = load("languages", "columns")

    def written(text: str) -> Program:
        return parse_program(text, language, inputs=task.inputs, request=task.type)

    rounded = written('(decimal.format "0.#*" (decimal.round (decimal "0.05") "half_up" (decimal.parse "0.*" x0)))')
    spelled = written('(str.++ (str.take x0 -1) "5")')
    ranking = rank_by_agreement(task, [spelled, rounded], guide_proposed=[spelled], bits={rounded: 37})
    assert ranking.programs[0] == rounded
