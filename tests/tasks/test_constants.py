"""Constants read off the examples: what outputs hold and inputs lack, separators, shared words, repeated numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.language.program import Constant
from neurosynth.plugins import load
from neurosynth.synthesize import synthesize
from neurosynth.tasks.constants import LONGEST, suggest_constants, with_given
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Example, Task, example
from neurosynth.values.types import INT, STRING


def costs(*examples: Example) -> dict[Any, int]:
    """Suggested values with their costs."""
    return {constant.value: cost for constant, cost in suggest_constants(Task(examples))}


SUGGESTED = [
    # what, examples, values and costs that must be among the suggested
    (
        "a piece all outputs share",
        [example("Ada", output="Dear Ada!"), example("Bob", output="Dear Bob!")],
        {"Dear ": 1, "!": 1},
    ),
    (
        "a piece half of the outputs share",
        [example("a", output="a kg"), example("b", output="b kg"), example("c", output="c m"), example("d", output="d m")],
        {" kg": 2, " m": 2},
    ),
    (
        "the longest of a piece and its parts",
        [example("Paris", output="Paris, France"), example("Lyon", output="Lyon, France")],
        {", France": 1, "France": 1, ", ": 1},
    ),
    (
        "anything new where there is one example",
        [example("Ada", output="Ada #1")],
        {" #": 1, "1": 1},
    ),
    (
        "separators of the inputs",
        [example("a-b", output="b"), example("c-d", output="d"), example("e-f_g", output="f")],
        {"-": 1},
    ),
    (
        "words all inputs share",
        [example("Mr Ada", output=3), example("Mr Alan", output=4)],
        {"Mr": 2, " ": 1},
    ),
    (
        "numbers all outputs are",
        [example(1, output=42), example(2, output=42)],
        {42: 2},
    ),
    (
        "numbers all outputs hold",
        [example([1], output=[9, 1, 77]), example([], output=[77, 9])],
        {9: 2, 77: 2},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("what", "examples", "wanted"), SUGGESTED, ids=[row[0] for row in SUGGESTED])
def test_examples_suggest(what: str, examples: list[Example], wanted: dict[Any, int]) -> None:
    found = costs(*examples)
    assert wanted.items() <= found.items()


NOT_SUGGESTED = [
    # what, examples, values that must not be among the suggested
    (
        "what every output takes from its input",
        [example("Ada Lovelace", output="Lovelace"), example("Alan Lovelace", output="Lovelace")],
        {"Love", "e L", "Ada"},
    ),
    (
        "what one output of many has alone",
        [example("a", output="a?"), example("b", output="b"), example("c", output="c"), example("d", output="d!!")],
        {"?", "!!", "!"},
    ),
    (
        "true and false",
        [example(1, output=True), example(2, output=True)],
        {True},
    ),
    (
        "numbers that differ",
        [example(1, output=5), example(2, output=6)],
        {5, 6},
    ),
    (
        "a separator of one row of three",
        [example("a/b", output="b"), example("cd", output="d"), example("ef", output="f")],
        {"/"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("what", "examples", "unwanted"), NOT_SUGGESTED, ids=[row[0] for row in NOT_SUGGESTED])
def test_examples_do_not_suggest(what: str, examples: list[Example], unwanted: set[Any]) -> None:
    assert not unwanted & costs(*examples).keys()


TEXTS = st.text("ab, X", max_size=10)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4, unique_by=lambda row: row[0]), st.integers(1, 8))
@settings(max_examples=60)
def test_laws_of_suggestions(rows: list[tuple[str, str]], most: int) -> None:
    task = Task([example(a, output=b) for a, b in rows])
    found = suggest_constants(task, most=most)
    assert found == suggest_constants(task, most=most)
    assert len(dict(found)) == len(found) <= 4 * most
    for constant, cost in found:
        assert constant.type == STRING
        assert 0 < len(constant.value) <= LONGEST
        assert cost in (1, 2)
        of_inputs = any(constant.value in text for text, _ in rows)
        of_outputs = any(constant.value in text for _, text in rows)
        assert of_inputs or of_outputs


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=2, max_size=4, unique_by=lambda row: row[0]))
@settings(max_examples=60)
def test_with_several_examples_one_output_alone_suggests_no_text(rows: list[tuple[str, str]]) -> None:
    rows = [(a.replace("X", "x"), b) for a, b in rows]
    found = costs(*(example(a, output=b) for a, b in rows))
    alone = [value for value in found if "X" in value and sum(value in b for _, b in rows) < 2]
    assert alone == []


def test_no_more_of_a_kind_than_asked_for() -> None:
    examples = [example("a,b;c.d:e", output="<1>a(2)b[3]c{4}d=5=e") for _ in range(1)]
    found = [c.value for c, _ in suggest_constants(Task(examples), most=2)]
    assert len(found) <= 2 + 2 + 1 + 1


def test_longer_pieces_than_a_phrase_are_left_out() -> None:
    assert all(len(value) <= LONGEST for value in costs(example("a", output="x" * 100)))


# --- in the grammar -------------------------------------------------------------------------------------------------


def test_a_task_that_brings_constants_gets_no_others() -> None:
    task = Task([example("a", output="a!"), example("b", output="b!")], constants=[Constant("?", STRING)])
    grammar = task_grammar(task, load("languages", "strings"))
    values = {p.head.value for p in grammar.productions if isinstance(p.head, Constant)}
    assert "?" in values
    assert "!" not in values


def test_suggested_constants_keep_their_costs_in_the_grammar() -> None:
    task = Task([example("Mr Ada", output="Ada!"), example("Mr Bo", output="Bo!")])
    grammar = task_grammar(task, load("languages", "strings"))
    found = {p.head.value: p.cost for p in grammar.productions if isinstance(p.head, Constant)}
    assert (found["!"], found["Mr"]) == (1, 2)


def test_a_suggested_constant_solves_a_task() -> None:
    task = Task([example("Ada", output="Dear Ada!"), example("Bob", output="Dear Bob!")])
    assert synthesize(task).best("Emmy") == "Dear Emmy!"


def test_constants_no_primitive_takes_do_no_harm() -> None:
    language = Language("letters")

    @language.primitive
    def twice(s: str) -> str:
        """The text two times."""
        return s + s

    task = Task([example("a", output="aaaa"), example("b", output="bbbb")])
    assert str(synthesize(task, language).best) == "(twice (twice x0))"
    assert INT not in {c.type for c, _ in suggest_constants(task)}


def test_constants_that_a_person_wrote() -> None:
    text = Task([example("a", output="b")])
    assert [c.value for c in with_given(text, ["N/A", "7"]).constants] == ["N/A", "7"]
    numbers = Task([example(1, output=2)])
    assert [c.value for c in with_given(numbers, ["7"]).constants] == [7]
    with pytest.raises(InputError, match="the constant 'x' is not an integer"):
        with_given(numbers, ["x"])
