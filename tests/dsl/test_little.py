"""The language ``lists-little``: its primitives, and the functions that it is there to find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.little import little

import neurosynth as ns
from neurosynth.language.compile import compile_grammar
from neurosynth.language.language import Language
from neurosynth.language.syntax import parse_program
from neurosynth.testing import check_language, check_rows
from neurosynth.values.types import parse_type
from tests.dsl.rows.little import ROWS

NUMBERS = st.lists(st.integers(-9, 9), max_size=8)


def test_rows() -> None:
    check_rows(little, ROWS)


@pytest.mark.slow
def test_the_language_passes_its_check() -> None:
    check_language(little, values={"int": [0, 1, 2, 3]})


KNOWN: list[tuple[str, str, Callable[[list[int]], Any]]] = [
    ("length", "(rec_list x0 0 (lambda (h t n) (+ n 1)))", len),
    ("sum", "(rec_list x0 0 (lambda (h t n) (+ h n)))", sum),
    ("map", "(rec_list x0 empty (lambda (h t r) (cons (+ h h) r)))", lambda xs: [x + x for x in xs]),
    ("filter", "(rec_list x0 empty (lambda (h t r) (if (> h 1) (cons h r) r)))", lambda xs: [x for x in xs if x > 1]),
    ("append", "(rec_list x0 (cons 0 empty) (lambda (h t r) (cons h r)))", lambda xs: [*xs, 0]),
    ("tails", "(rec_list x0 0 (lambda (h t n) (+ n (rec_list t 0 (lambda (a b m) (+ m 1))))))", lambda xs: len(xs) * (len(xs) - 1) // 2),
    ("last", "(rec_list x0 0 (lambda (h t n) (if (empty? t) h n)))", lambda xs: xs[-1] if xs else 0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "function"), KNOWN, ids=[name for name, *_ in KNOWN])
@given(xs=NUMBERS)
def test_functions_of_lists_are_recursions(
    name: str, text: str, function: Callable[[list[int]], Any], xs: list[int]
) -> None:
    assert parse_program(text, little, request=None)(xs) == function(xs), name


@given(st.integers(0, 12), NUMBERS)
def test_functions_of_numbers_are_recursions(n: int, xs: list[int]) -> None:
    counted = parse_program("(rec_nat x0 empty (lambda (k r) (cons (- x0 (+ 1 k)) r)))", little)
    assert counted(n) == list(range(n))
    dropped = parse_program("(rec_nat x0 x1 (lambda (k r) (cdr r)))", little)
    assert dropped(min(n, len(xs)), xs) == xs[n:]


FOUND = [
    ("length", [([1, 2, 3],), ([],), ([7],), ([5, 5],)]),
    ("sum", [([1, 2, 3],), ([],), ([7, -9],), ([5, 5],)]),
    ("map", [([1, 2, 3],), ([],), ([7],), ([5, 0],)]),
]


@pytest.mark.parametrize(("name", "inputs"), FOUND, ids=[name for name, _ in FOUND])
def test_searches_find_them(name: str, inputs: list[tuple[Any, ...]]) -> None:
    function = {n: f for n, _, f in KNOWN}[name]
    task = ns.Task([ns.example(*row, output=function(*row)) for row in inputs], name)
    result = ns.synthesize(task, little, guide="uniform", limits=ns.Limits(seconds=60, max_programs=300_000))
    assert result.best([4, 0, 3, 1]) == function([4, 0, 3, 1]), result


def test_functions_over_lists_are_searched_only_where_a_language_says_so() -> None:
    without = Language("without")
    without.include(little)
    without.hints = type(little.hints)()
    request = parse_type("list int -> list int")
    scopes = [{n.scope for n in compile_grammar(lang, request).nonterminals} for lang in (little, without)]
    assert parse_type("list int") in {t for scope in scopes[0] for t in scope}
    assert parse_type("list int") not in {t for scope in scopes[1] for t in scope}
