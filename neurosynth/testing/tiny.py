"""A small language and small tasks for checking searches and guides; without kernels, so that nothing is compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.tasks.task import Example, Task

__all__ = ["finite_task", "grammar_of", "hard_task", "tiny", "tiny_tasks"]


def tiny() -> Language:
    """Sums, products, quotients, text: two types, one primitive that is undefined at places."""
    language = Language("check", doc="What searches and guides are checked on.")

    @language.primitive(name="+", commutative=True)
    def add(a: int, b: int) -> int:
        """Sum."""
        return a + b

    @language.primitive(name="*", commutative=True)
    def multiply(a: int, b: int) -> int:
        """Product."""
        return a * b

    @language.primitive(raises=(ZeroDivisionError,))
    def div(a: int, b: int) -> int:
        """Quotient, rounded down; undefined for divisor 0."""
        return a // b

    @language.primitive
    def length(s: str) -> int:
        """Number of characters."""
        return len(s)

    @language.primitive(name="join")
    def concatenate(s: str, t: str) -> str:
        """First text, then the second."""
        return s + t

    language.constant(0, "int")
    language.constant(1, "int")
    language.constant("-", "string")
    return language


def tiny_tasks() -> list[Task]:
    """Tasks that programs of a few nodes solve."""

    def task(name: str, function: Callable[..., Any], *rows: tuple[Any, ...]) -> Task:
        return Task([Example(row, function(*row)) for row in rows], name)

    numbers = [(n,) for n in (3, 7, 10)]
    return [
        task("x0", lambda n: n, *numbers),
        task("1", lambda n: 1, *numbers),
        task("(+ x0 1)", lambda n: n + 1, *numbers),
        task("(* x0 x0)", lambda n: n * n, *numbers),
        task("(+ 1 (* x0 x0))", lambda n: n * n + 1, *numbers),
        task("(div x0 x1)", lambda n, m: n // m, (9, 2), (7, 7), (100, 9)),
        task("(length (join x0 x1))", lambda s, t: len(s + t), ("ab", "c"), ("", ""), ("a", "aaaa")),
        task('(join x0 (join "-" x1))', lambda s, t: f"{s}-{t}", ("ab", "c"), ("x", "y")),
        # a program that is right on the first examples may be wrong on others
        task("(+ x0 (div x0 x1)), 40 examples", lambda n, m: n + n // m, *((n, 1 + n // 12) for n in range(40))),
    ]


def hard_task() -> Task:
    """No program within reach."""
    return Task([Example((n,), (n * 7919 + 104729) ** 5 % 15485863) for n in range(2, 9)], "hard")


def finite_task() -> tuple[Language, Task]:
    """A language of few programs, and a task none of them solves."""
    language = Language("finite", doc="Six programs of a text.")

    @language.primitive
    def positive(n: int) -> bool:
        """Whether it is greater than 0."""
        return n > 0

    @language.primitive
    def name_of(b: bool) -> str:
        """A name for it."""
        return str(b)

    @language.primitive
    def both(b: bool, n: int) -> str:
        """Both in a text."""
        return f"{b} {n}"

    return language, Task([Example((1,), "neither"), Example((-2,), "nor")], "finite")


def grammar_of(language: Language, task: Task) -> Grammar:
    """The grammar of a task."""
    assert task.type is not None
    return compile_grammar(language, task.type, constants=task.constants, inputs=task.inputs)
