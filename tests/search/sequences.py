"""What the tests of searches over prefixes share: calling them, tasks, watching the programs they run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.ngram import NGram
from neurosynth.guides.uniform_tokens import UniformTokens
from neurosynth.language.compile import compile_grammar
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.language.tokens import Vocabulary
from neurosynth.search.base import Limits, Outcome, Search, SearchRequest
from neurosynth.search.candidates import Step
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.decoding import prefix_run
from neurosynth.search.decoding.beam import Beam
from neurosynth.search.decoding.prefix_first import PrefixFirst
from neurosynth.search.decoding.sampling import Sampling
from neurosynth.tasks.task import Example, Task
from neurosynth.testing.tiny import tiny as sums
from neurosynth.values.types import parse_type
from tests.strategies import tiny

__all__ = ["LISTS", "SUMS", "TASKS", "TINY", "every_program", "find", "prior", "small_space", "task", "watched"]

LISTS = load_language("lists")
TINY = tiny()
SUMS = sums()
PRIOR = (
    "(take 2 x0)",
    "(map (lambda (a) (+ a 1)) x0)",
    "(reverse (sort x0))",
    "(sum (filter (lambda (a) (> a 0)) x0))",
    "(head (drop 2 x0))",
    "(length x0)",
)


def task(language: Language, type_: str, program: str, *rows: tuple[Any, ...]) -> Task:
    """A task that a program gives the outputs of."""
    known = parse_program(program, language, request=type_)
    return Task([Example(row, known(*row)) for row in rows], program, type=parse_type(type_))


NUMBERS = (([3, 1, 2],), ([10, -4],), ([5, 5, 0, 9],), ([2, 2, -8, 1, 60],))
TASKS: list[tuple[Language, Task]] = [
    (language, task(language, type_, program, *rows))
    for language, type_, program, rows in (
        (LISTS, "list int -> list int", "x0", NUMBERS),
        (LISTS, "list int -> int", "(sum x0)", NUMBERS),
        (LISTS, "list int -> list int", "(reverse (sort x0))", NUMBERS),
        (LISTS, "list int -> list int", "(map (lambda (a) a) (tail x0))", NUMBERS),
        (LISTS, "list int -> int", "(head (drop 1 x0))", NUMBERS),
        (SUMS, "int -> int -> int", "(+ x0 (div x0 x1))", ((9, 2), (7, 7), (100, 9))),
        (SUMS, "string -> string -> string", '(join x0 (join "-" x1))', (("ab", "c"), ("x", "y"))),
        (TINY, "int -> int", "(if (= x0 0) 1 (div x0 x0))", ((0,), (3,), (-2,))),
    )
]
"""Small tasks and what solves them; the last is undefined for 0 but for the conditional."""


def find(
    search: Search, given: Task, language: Language, guide: SequenceGuide | None = None, **options: Any
) -> Outcome:
    """The outcome of a search within 20 s, or what ``options`` say, by default with the uniform guide."""
    assert given.type is not None
    grammar = compile_grammar(language, given.type, constants=given.constants, inputs=given.inputs)
    more = {k: options.pop(k) for k in ("top", "progress", "seed") if k in options}
    limits = Limits(**{"seconds": 20, **options})
    chosen = guide or UniformTokens(Vocabulary(language))
    return search.run(SearchRequest(task=given, grammar=grammar, limits=limits, sequence=chosen, **more))


def prior() -> SequenceGuide:
    """An n-gram guide of a few list programs."""
    return NGram(n=3).fit([parse_program(text, LISTS) for text in PRIOR], LISTS)


def small_space(goal: str = "(neg (neg (neg 1)))") -> tuple[Language, Task, set[Program]]:
    """A language of integers, a task and every program of up to five tokens."""
    from tests.guides.counting import grammar_of, numbers, programs_within

    language = numbers()
    given = task(language, "int -> int", goal, (3,), (5,))
    return language, given, programs_within(grammar_of(language, given), 5)


def watched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The tokens of every program that searches over prefixes will run, in order."""
    seen: list[tuple[int, ...]] = []
    original = prefix_run.PrefixRun.try_program

    def note(self: Any, node: int, token: int, before: Sequence[int], logprob: float) -> Iterator[Step]:
        seen.append((*map(int, before), token))
        yield from original(self, node, token, before, logprob)

    monkeypatch.setattr(prefix_run.PrefixRun, "try_program", note)
    return seen


def every_program(
    search: Beam | PrefixFirst | Sampling, given: Task, language: Language, guide: SequenceGuide | None = None
) -> Outcome:
    """The outcome with every right program of the space, however long they take."""
    patient = replace(search, policy=PortfolioConfig(more_wait=math.inf))
    return find(patient, given, language, guide, top=1_000_000, seconds=60)


def wrong(given: Task, output: Any) -> Task:
    """The same task with outputs that no program gives."""
    return replace(given, examples=[Example(e.inputs, output) for e in given.examples])
