"""Bits of programs and outputs: the order of things, and laws."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.language.load import load_language
from neurosynth.language.syntax import parse_program
from neurosynth.ranking.bits import copied_bits, copied_share, program_bits, spelled_runs, unexplained
from neurosynth.tasks.task import Example, Task, example

values = st.recursive(
    st.integers(-50, 50) | st.text("ab1-", max_size=6) | st.booleans(), lambda v: st.lists(v, max_size=3).map(tuple)
)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        pytest.param(example("Ada Lovelace", output="Lovelace"), example("Ada Lovelace", output="Turing"), id="a copy"),
        pytest.param(example("ab", output="ab"), example("ab", output="xy"), id="the input itself"),
        pytest.param(example("x", output="--"), example("x", output="qw"), id="signs before letters"),
        pytest.param(
            example([3, 900, 7], output=[900, 3]), example([3, 4, 7], output=[901, 17]), id="elements of a list"
        ),
        pytest.param(example([5], output=3), example([5], output=1_000_000), id="small numbers"),
    ],
)
def test_outputs_that_say_less_take_fewer_bits(less: Example, more: Example) -> None:
    assert copied_bits([less]) < copied_bits([more])


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("(str.upper x0)", "(str.upper (str.lower x0))"),
        ('(str.++ x0 "-")', '(str.++ x0 "ab")'),
        ('(str.++ x0 "ab")', '(str.++ x0 "abcdef")'),
        ('(str.++ x0 "-")', '(ite (= x0 "q") "ab" "cd")'),
    ],
)
def test_programs_that_say_less_take_fewer_bits(less: str, more: str) -> None:
    task = Task([example("q", output="abcdef-")], language="strings")
    strings = load_language("strings")
    read = [parse_program(t, strings, request=task.type) for t in (less, more)]
    assert program_bits(read[0], task.examples) < program_bits(read[1], task.examples)


def test_a_pattern_costs_little_and_a_text_of_the_output_its_letters() -> None:
    task = Task([example("q", output="abcdefghijkl")], language="strings")
    strings = load_language("strings")
    pattern, text = (
        parse_program(f'(str.++ x0 "{t}")', strings, request=task.type) for t in ("zyxwvutsrqpo", "abcdefghijkl")
    )
    assert program_bits(pattern, task.examples) < program_bits(text, task.examples)


@given(values, st.lists(values, min_size=1, max_size=2))
def test_bits_are_positive_and_a_copied_output_is_the_cheapest(output: Any, inputs: list[Any]) -> None:
    bits = copied_bits([Example(tuple(inputs), output)])
    assert bits > 0
    assert copied_bits([Example((output, *inputs), output)]) <= bits + 4


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_the_copied_share_is_a_share(value: str, source: str) -> None:
    assert 0 <= copied_share(value, [source]) <= 1
    if len(value) > 1:
        assert copied_share(value, [source + value]) == 1


@pytest.mark.parametrize(
    ("text", "outputs", "runs"),
    [
        pytest.param("%d.04.%Y", ["05.04.2024", "16.04.2024"], ["04"], id="a month that a format spells"),
        pytest.param("%d.%m.%Y", ["05.04.2024", "16.04.2024"], [], id="fields alone"),
        pytest.param("#,##0.00", ["1,200.00", "89.00"], [], id="zeros are digits to fill"),
        pytest.param("Week %V", ["Week 07", "Week 31"], ["Week"], id="a word"),
        pytest.param("Week %V", [], [], id="no outputs"),
    ],
)
def test_what_a_format_spells_is_told(text: str, outputs: list[str], runs: list[str]) -> None:
    assert spelled_runs(text, outputs) == runs


@given(st.floats(0.1, 1000.0), st.floats(0.1, 1000.0))
def test_more_outputs_leave_less_unexplained(few: float, many: float) -> None:
    task = Task([example([1, 2], output=3)], language="lists")
    total = parse_program("(sum x0)", load_language("lists"), request=task.type)
    shares = [unexplained(total, task.examples, told) for told in sorted((few, many))]
    assert 0.0 <= shares[1] <= shares[0] <= 1.0


def test_as_many_bits_as_the_outputs_explain_nothing_and_a_fourth_of_them_everything() -> None:
    task = Task([example([1, 2], output=3)], language="lists")
    total = parse_program("(sum x0)", load_language("lists"), request=task.type)
    bits = program_bits(total, task.examples)
    assert unexplained(total, task.examples, bits) == 1.0
    assert unexplained(total, task.examples, 4 * bits) == pytest.approx(0.0)
    assert unexplained(total, task.examples, 2 * bits) == pytest.approx(0.5)
