"""Inverses of learned primitives: from the inverses of the parts of their bodies."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.lists import lists

from neurosynth.language.generalise import parse_body
from neurosynth.language.macros import macro
from neurosynth.language.primitive import Primitive
from neurosynth.language.undoing import undoing


def learned(body: str) -> Primitive:
    program, t = parse_body(body, lists)
    return macro("learned", t, program)


@pytest.mark.parametrize(
    ("body", "invertible"),
    [
        ("(reverse (cons x0 x1))", [0, 1]),
        ("(append x0 (reverse (append x1 x2)))", [0, 1, 2]),
        ("(append x0 (append x1 x0))", [1]),  # x0 stands twice
        ("(reverse (map x0 x1))", [0]),
        ("(map (lambda (a) (+ a x0)) x1)", []),  # x0 stands in a lambda, and map has no inverse for its list
        ("(take 2 (sort x0))", []),
        ("(cons (+ x0 1) (map (lambda (a) (+ a 1)) x1))", [0]),  # what stands beside x0 is computed first
    ],
)
def test_which_arguments_have_an_inverse(body: str, invertible: list[int]) -> None:
    inverse = learned(body).inverse or ()
    assert [i for i, f in enumerate(inverse) if f is not None] == invertible


ROWS = st.lists(st.integers(-9, 9), max_size=4).map(tuple)


@given(ROWS, ROWS, ROWS)
def test_law_an_inverse_gives_the_argument_back(one: Any, two: Any, three: Any) -> None:
    primitive = learned("(append x0 (reverse (append x1 x2)))")
    values = [one, two, three]
    output = primitive.function(*values)
    assert primitive.inverse is not None
    for position, inverse in enumerate(primitive.inverse):
        assert inverse is not None
        others = [v for i, v in enumerate(values) if i != position]
        assert values[position] in list(inverse(output, *others))
    first = primitive.inverse[0]
    assert first is not None
    assert list(first((1, 2), (5,), ())) == []  # nothing before 5 gives that


def test_of_a_function_it_says_what_it_must_answer() -> None:
    inverse = (learned("(reverse (map x0 x1))").inverse or (None,))[0]
    assert inverse is not None
    assert [sorted(calls) for calls in inverse((9, 4), (2, 3))] == [[((2,), 4), ((3,), 9)]]


def test_kernels_are_put_together_where_all_parts_have_one() -> None:
    made = learned("(append x0 (reverse (append x1 x2)))")
    undone = undoing(made, 1)
    assert undone is not None
    assert [str(t) for t in undone.parameters] == ["list a", "list a", "list a"]
    assert undoing(learned("(append x0 (append x1 x0))"), 0) is None
    assert undoing(learned("(reverse (map x0 x1))"), 0) is None
