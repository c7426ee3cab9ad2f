"""Lambdas in lambdas: what of them the grammar derives, and that enumeration and decoding know them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import neurosynth as ns
from neurosynth import A, B
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.guides.ngram import NGram
from neurosynth.guides.uniform import uniform
from neurosynth.language.load import load_language
from neurosynth.language.program import Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.search.base import Limits
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.search.decoding.beam import Beam
from neurosynth.synthesize import synthesize
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import parse_type

ROWS = ([[1, 2, 3], [4, 5]], [[7], [2, 9, -1]], [[3, 3], [5, 1, 2, 2]], [[0, 6]])
SHIFTED = "(map (lambda (a) (map (lambda (b) (+ b (head a))) a)) x0)"


def small() -> ns.Language:
    """A language of four primitives, for which a nested lambda is soon reached."""
    lang = ns.Language("nested")

    @lang.primitive
    def map(f: Callable[[A], B], xs: list[A]) -> list[B]:
        """The function of each element."""
        return [f(x) for x in xs]

    @lang.primitive(raises=(IndexError,))
    def head(xs: list[A]) -> A:
        """First element."""
        return xs[0]

    @lang.primitive(name="+", commutative=True)
    def plus(a: int, b: int) -> int:
        """Sum."""
        return a + b

    return lang


SMALL = small()


def parsed(text: str, language: ns.Language, t: str = "list (list int)") -> Program:
    return parse_program(text, language, inputs=[Input(0, parse_type(t))])


def written(text: str, language: ns.Language) -> Task:
    program = parsed(text, language)
    return Task([example(rows, output=program(rows)) for rows in ROWS], text)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        (SHIFTED, True),
        ("(map (lambda (a) (map (lambda (b) (+ b b)) a)) x0)", True),
        ("(map (lambda (a) (map (lambda (b) (head a)) a)) x0)", True),
        ("(map (lambda (a) (map (lambda (b) (+ (head a) (+ b (head (head x0))))) a)) x0)", True),
        # lists in the inner lambda are its parameters alone
        ("(map (lambda (a) (map (lambda (b) (+ b (head (map (lambda (c) (+ c c)) a)))) a)) x0)", False),
    ],
)
def test_which_lambdas_in_lambdas_are_part_of_the_space(text: str, inside: bool) -> None:
    task = written(text, SMALL)
    found = derivation_logprob(uniform(task_grammar(task, SMALL)), parsed(text, SMALL))
    assert (found is not None) is inside


def test_lambdas_over_numbers_stay_without_lambdas_in_them() -> None:
    """Bodies over words run in compiled loops as long as they have no lambdas."""
    lists = load_language("lists")
    task = Task([example([1, 2], output=[2, 1])])
    assert all(not n.scope for n in task_grammar(task, lists).nonterminals if str(n).startswith("("))


@pytest.mark.parametrize("compiled", [False, True])
def test_enumeration_finds_a_lambda_that_uses_an_outer_variable(compiled: bool) -> None:
    result = synthesize(
        written(SHIFTED, SMALL),
        SMALL,
        guide="uniform",
        search=BottomUp(compiled=compiled, object_cells=0 if compiled else 10**9),
        limits=Limits(seconds=60, max_programs=2_000_000),
    )
    assert result.best([[1, 2], [10]]) == [[2, 3], [20]]


def test_decoding_writes_a_lambda_that_uses_an_outer_variable() -> None:
    guide = NGram(n=4).fit([parsed(SHIFTED, SMALL)] * 20, SMALL)
    result = synthesize(written(SHIFTED, SMALL), SMALL, guide=guide, search=Beam(), limits=Limits(seconds=60))
    assert str(result.best) == SHIFTED
