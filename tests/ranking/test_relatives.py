"""Programs that differ from the best in one number, which the examples leave open."""

from __future__ import annotations

import time

from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.ranking.agreement import rank_by_agreement
from neurosynth.ranking.evidence import Evidence, features
from neurosynth.ranking.relatives import MOST, rank_with_relatives, relatives
from neurosynth.tasks.checking import share_right
from neurosynth.tasks.task import Task, example


def surnames(*rows: str) -> Task:
    """Two names of two words, the last word wanted, and rows to fill."""
    shown = [example("Ada Lovelace", output="Lovelace"), example("Alan Turing", output="Turing")]
    return Task(shown, language="columns", unlabelled=[(r,) for r in rows])


def program(text: str, task: Task) -> Program:
    return parse_program(text, load_language("columns"), inputs=task.inputs, request=task.type)


def test_the_second_word_may_be_the_last_one() -> None:
    task = surnames("Grace Brewster Hopper")
    found = relatives(task, program('(text.split_at x0 " " 1)', task))
    assert [str(p) for p in found] == ['(text.split_at x0 " " -1)']


def test_where_all_rows_have_two_words_nothing_is_open() -> None:
    task = surnames(*[f"Person Number{i:02d}" for i in range(30)])
    assert relatives(task, program('(text.split_at x0 " " 1)', task)) == []


def test_a_relative_that_gives_nothing_says_nothing() -> None:
    task = Task(
        [example("a b c", output="a"), example("d e f", output="d")],
        language="columns",
        unlabelled=[(f"g{i}",) for i in range(30)],
    )
    first = program('(text.split_at x0 " " 0)', task)
    third_from_the_end = program('(text.split_at x0 " " -3)', task)
    assert share_right(third_from_the_end, task.examples) == 1.0
    assert third_from_the_end(*task.unlabelled[0]) is UNDEFINED
    assert relatives(task, first) == []


def test_relatives_are_right_on_all_examples_each_with_a_behaviour_of_its_own() -> None:
    task = Task(
        [example("x-1-2-3-4-5-6", output="6")],
        language="columns",
        unlabelled=[("x-1-2-3-4-5-6-7-8",), ("y-0-1-2-3-4-5-6",)],
    )
    first = program('(text.split_at x0 "-" 6)', task)
    found = relatives(task, first)
    assert 0 < len(found) <= MOST
    behaviours = {tuple(p(*row) for row in task.unlabelled) for p in [first, *found]}
    assert len(behaviours) == len(found) + 1
    assert all(share_right(p, task.examples) == 1.0 for p in found)


def test_the_ranking_has_them_behind_the_first_which_stays() -> None:
    task = surnames("Grace Brewster Hopper")
    second = program('(text.split_at x0 " " 1)', task)
    alone = rank_by_agreement(task, [second], bits={second: 20})
    ranking = rank_with_relatives(task, [second], bits={second: 20})
    assert alone.programs == ranking.programs[:1] == (second,)
    assert [str(p) for p in ranking.programs[1:]] == ['(text.split_at x0 " " -1)']
    assert 0.5 < ranking.shares[0] < 1.0
    assert ranking.question is not None
    assert ranking.question.inputs == ("Grace Brewster Hopper",)
    assert {a for a, _, _ in ranking.question.answers} == {"Brewster", "Hopper"}


def test_a_ranking_without_programs_stays_empty() -> None:
    assert rank_with_relatives(surnames("Grace Hopper"), []).programs == ()


def test_features_count_open_numbers_and_name_a_near_miss() -> None:
    task = surnames("Grace Brewster Hopper")
    second, last = program('(text.split_at x0 " " 1)', task), program('(text.split_at x0 " " -1)', task)
    plain = Evidence(task=task, programs=(second,))
    numbers = features(plain, rank_with_relatives(task, [second]))
    assert (numbers["open_numbers"], numbers["near_miss"]) == (1.0, 0.0)
    missed = Evidence(task=task, programs=(second,), near=last)
    assert features(missed, rank_with_relatives(task, [second]))["near_miss"] == 1.0


def test_a_large_tree_is_judged_shortly() -> None:
    """A tree of a hundred cases has hundreds of numbers; before the work was bounded, this took several seconds."""
    examples = [example([i, i % 7], output=[i * i % 101]) for i in range(100)]
    task = Task(examples, language="lists")
    text = "(cons 0 x0)"
    for one in examples:
        (given,), (output,) = one.inputs, one.output
        text = f"(if (= (head x0) {given[0]}) (cons {output} (drop 2 x0)) {text})"
    tree = parse_program(text, load_language("lists"), inputs=task.inputs, request=task.type)
    assert share_right(tree, examples) == 1.0
    begun = time.process_time()
    assert rank_with_relatives(task, [tree]).programs[0] == tree
    assert time.process_time() - begun < 3
