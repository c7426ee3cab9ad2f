"""Unfinished programs on examples: which are dropped, which are equal, and whole ones as the reference says."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.errors import PrimitiveBug
from neurosynth.language.compile import compile_grammar
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.masks import TokenGrammar
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.language.tokens import Vocabulary
from neurosynth.search.decoding.execution import DEAD, ROOT, Execution
from neurosynth.tasks.task import Example, Task
from neurosynth.values.types import parse_type
from tests.search.sequences import LISTS, TINY, task


class Automaton:
    """An execution that reads tokens by name."""

    def __init__(self, language: Language, given: Task, *, prune: bool = True) -> None:
        assert given.type is not None
        self.grammar: Grammar = compile_grammar(language, given.type)
        self.vocabulary = Vocabulary(language)
        self.constants = self.vocabulary.constants(given.constants)
        self.tokens = TokenGrammar(self.vocabulary, self.grammar, self.constants)
        self.execution = Execution(self.tokens, given.examples, prune=prune)

    def ids(self, text: str) -> list[int]:
        names = [str(c) for c in self.constants]
        return [
            self.vocabulary.tokens.index(f"c{names.index(word)}" if word in names else word) for word in text.split()
        ]

    def read(self, text: str) -> int:
        """The node of an unfinished program, of which the grammar has some."""
        node, state = ROOT, self.tokens.start(32)
        for token in self.ids(text):
            state = state.advance(token)
            node = int(self.execution.advance(np.array([node]), np.array([token]))[0])
            if node == DEAD:
                break
        return node

    def right(self, program: Program) -> int:
        """Examples that a program is right on."""
        *first, last = self.vocabulary.encode(program, self.constants)
        node = ROOT
        for token in first:
            node = int(self.execution.advance(np.array([node]), np.array([token]))[0])
            if node == DEAD:
                return 0
        return self.execution.finish(node, last)


NUMBERS = task(TINY, "int -> int -> int", "x0", *((x, 5) for x in (0, 3, -2)))
WITH_LIST = task(TINY, "int -> list int -> int", "x0", *((x, [x, 1]) for x in (0, 3, -2)))


@pytest.mark.parametrize(
    ("prefix", "dropped"),
    [
        ("+ div x0", False),
        ("+ div 1 x0", True),  # undefined for 0, and the sum needs it
        ("div 1 div", False),
        ("+ head take x0", False),
        ("+ head take x0 x1", True),
        ("if = x0 0 1", False),
        ("if = x0 0 div 1 x0", False),  # perhaps it is not asked for where it is undefined
        ("if = x0 0 div 1 0", True),  # undefined everywhere
        ("if = div 1 x0 0", False),
        ("head map lambda div $0 0", False),  # perhaps the list is empty
        ("head map lambda div 1 0", False),
        ("fold lambda2 div $0 $1 0", False),
        ("+ fold lambda2 div $0 $1 0 x1", True),
    ],
)
def test_a_prefix_is_dropped_where_an_argument_that_is_needed_is_undefined(prefix: str, dropped: bool) -> None:
    assert (Automaton(TINY, WITH_LIST).read(prefix) == DEAD) == dropped
    assert Automaton(TINY, WITH_LIST, prune=False).read(prefix) != DEAD


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("+ 0", "+ zero", True),
        ("+ x0", "+ + 0 x0", True),
        ("+ x0", "+ 0", False),
        ("+ x0", "div x0", False),
        ("+ + x0 1", "+ + 1 x0", True),
        ("+ + + x0 1", "+ + + 1 x0", True),
        ("+ 1", "+ fold lambda2 + $0 $1 0 pair 1 zero", True),
        ("head map lambda + $0 1", "head map lambda + $0 + 0 1", True),  # the same function of equal values
        ("head map lambda + $0 1", "head map lambda + 1 $0", False),  # functions are not compared by what they do
        ("if = x0 0", "if = 0 x0", True),
        ("if = x0 0 1", "if = x0 0 x0", False),
        ("if = x0 0", "if = x0 1", False),
    ],
)
def test_prefixes_with_equal_values_are_one(one: str, other: str, equal: bool) -> None:
    automaton = Automaton(TINY, WITH_LIST)
    assert (automaton.read(one) == automaton.read(other)) == equal


def test_values_equal_on_the_examples_are_one_though_they_differ_elsewhere() -> None:
    automaton = Automaton(TINY, task(TINY, "int -> int -> int", "x0", (0, 0), (1, 1)))
    assert automaton.read("+ x0") == automaton.read("+ x1")
    assert automaton.read("+ x0") != automaton.read("+ + x0 x1")


@lru_cache
def _programs(language: Language, type_: str, cost: int) -> list[Program]:
    grammar = compile_grammar(language, parse_type(type_))
    return [p for c in range(1, cost + 1) for p in grammar.enumerate(c)]


@pytest.mark.parametrize(
    ("language", "type_", "rows", "cost"),
    [
        (TINY, "int -> int", ((0,), (3,), (-2,)), 5),
        (TINY, "list int -> list int", (((2, 1),), ((),), ((0, 0, 5),)), 5),
        (TINY, "string -> int -> bool", (("ab", 1), ("", 0)), 4),
        (LISTS, "list int -> int", (((2, 1),), ((3,),), ((0, 0, 5),)), 3),
    ],
    ids=["numbers", "lists", "text", "the shipped lists"],
)
@given(seed=st.integers(0, 10**6), prune=st.booleans())
@settings(max_examples=5)
def test_whole_programs_are_as_right_as_the_reference_says(
    language: Language, type_: str, rows: tuple[tuple[Any, ...], ...], cost: int, seed: int, prune: bool
) -> None:
    programs = _programs(language, type_, cost)
    rng = np.random.default_rng(seed)
    evaluator = Evaluator()
    wanted = programs[rng.integers(len(programs))]
    outputs = [evaluator.run(wanted, row) for row in rows]
    examples = [Example(r, v) for r, v in zip(rows, outputs, strict=True) if type(v) in (int, bool, str, tuple)]
    if not examples:
        return
    automaton = Automaton(language, Task(examples, type=parse_type(type_)), prune=prune)
    for index in rng.integers(len(programs), size=60).tolist():
        program = programs[index]
        found = [evaluator.run(program, e.inputs) for e in examples]
        expected = sum(type(v) is type(e.output) and v == e.output for v, e in zip(found, examples, strict=True))
        right = automaton.right(program)
        assert right == expected or (prune and right == 0 < expected < len(examples)), str(program)


def test_functions_in_functions_see_the_parameters_around_them_and_closed_values() -> None:
    type_ = "list int -> int -> list int"
    text = "(map (lambda (a) (+ a (fold (lambda (b c) (+ b c)) (div x1 (+ 1 1)) x0))) x0)"
    given = task(TINY, type_, text, ([1, 2], 4), ([5], 9))
    assert Automaton(TINY, given).right(parse_program(text, TINY, request=given.type)) == 2
    other = text.replace("(+ b c)", "(+ c c)")
    assert Automaton(TINY, given).right(parse_program(other, TINY, request=given.type)) == 0


def test_a_primitive_at_two_widths_goes_by_its_arguments_and_else_by_the_reference() -> None:
    language = Language("widths")
    language.add(TINY["bvnot"])

    @language.primitive(type="bitvec n")
    def ones(*, n: int) -> int:
        """All bits set."""
        return (1 << n) - 1

    @language.primitive(type="bitvec n -> bitvec n -> bool")
    def below(a: int, b: int, *, n: int) -> bool:
        """Whether the first is less."""
        return a < b

    given = task(language, "bitvec 3 -> bitvec 8 -> bool", "(below x1 (bvnot x1))", (1, 2), (5, 9))
    automaton = Automaton(language, given)

    def right(text: str) -> int:
        return automaton.right(parse_program(text, language, request=given.type))

    assert right("(below x1 (bvnot x1))") == 2
    assert right("(below x0 (bvnot x0))") == 1
    # which of the two it is decides the other argument, which comes too late: may be right
    assert right("(below ones x0)") == 2


def test_more_examples_than_are_computed_at_once() -> None:
    given = task(TINY, "int -> int", "(+ x0 1)", *((n,) for n in range(40)))
    spoilt = Task([*given.examples[:30], Example((30,), 0), *given.examples[31:]])
    automaton = Automaton(TINY, spoilt)

    def right(text: str) -> int:
        return automaton.right(parse_program(text, TINY, request=given.type))

    assert right("(+ x0 1)") == 30  # and no further
    assert right("(+ x0 0)") == 0
    assert right("(+ 0 1)") == 1
    assert right("(+ (+ x0 0) 1)") == 30
    # equal on the first examples, and not on all
    step = "(if (= (div (+ x0 1) (+ 1 (+ 1 1))) 0) x0 (+ x0 0))"
    assert right(f"(+ 1 {step})") == 30


def test_a_bug_of_a_primitive_is_told_with_the_program_as_one_would_write_it() -> None:
    language = Language("broken")

    @language.primitive
    def half(n: int) -> int:
        """A bug for odd numbers."""
        return {0: 0, 2: 1, 4: 2}[n]

    given = task(language, "int -> int", "x0", (4,), (2,))
    message = r"primitive half\(1\) raised KeyError: 1 in \(half \(half x0\)\); if the value is undefined there, add"
    with pytest.raises(PrimitiveBug, match=message):
        Automaton(language, given).read("half half half x0")


def test_what_takes_too_long_is_undefined() -> None:
    language = Language("slow")
    language.constant(0, "int")

    @language.primitive
    def again(f: Callable[[int], int], n: int) -> int:
        """n calls."""
        return sum(f(i) for i in range(n))

    language.add(TINY["+"])
    given = task(language, "int -> int", "x0", (100_000,), (2,))
    automaton = Automaton(language, given)
    assert automaton.read("+ again lambda + $0 0 0") != DEAD
    assert automaton.read("+ again lambda + $0 0 x0") == DEAD


def test_integers_larger_than_those_of_enumeration_are_undefined() -> None:
    language = Language("growing")

    @language.primitive
    def square(n: int) -> int:
        """n times n."""
        return n * n

    language.add(TINY["+"])
    given = task(language, "int -> int", "x0", (2**20,), (2,))
    automaton = Automaton(language, given)
    assert automaton.read("+ square x0") != DEAD
    assert automaton.read("+ square square x0") == DEAD


def test_primitives_are_applied_once_to_the_same_values() -> None:
    calls = []
    language = Language("counted")
    language.constant(0, "int")

    @language.primitive
    def next_one(n: int) -> int:
        """One more."""
        calls.append(n)
        return n + 1

    language.add(TINY["+"])
    given = task(language, "int -> int", "x0", (1,), (2,))
    automaton = Automaton(language, given)
    for prefix in ("+ next_one x0", "+ next_one + x0 0", "+ + next_one x0", "+ next_one x0"):
        automaton.read(prefix)
    assert calls == [1, 2]
