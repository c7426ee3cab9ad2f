"""What the micro-benchmarks are run on: tasks and programs of each shipped language, none of which takes long."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.task import Task, example
from neurosynth.training.sampling import sample_tasks

Benchmark = Callable[..., Any]
"""The fixture: ``benchmark(function, *arguments)`` calls the function many times and returns what it returned."""

PROGRAMS = {
    "strings": (
        "string -> string",
        '(ite (str.contains x0 "@") (str.++ (str.upper (str.word x0 0)) (str.after x0 "@")) (str.lower x0))',
        ("Ada Lovelace @ London",),
    ),
    "lists": (
        "list int -> list int",
        "(map (lambda (a) (+ (* a a) 1)) (filter (lambda (a) (> a 0)) (reverse (sort x0))))",
        ((5, -3, 0, 7, 12, -8, 4, 4, 9, -1),),
    ),
    "bitvectors": (
        "bitvec 64 -> bitvec 64",
        "(bvor (bvand x0 (bvnot (bvsub x0 #x0000000000000001))) (bvlshr x0 #x0000000000000004))",
        (0xDEADBEEF12345678,),
    ),
}
"""Of each language a type, a program of it as text, and inputs."""


@cache
def program(name: str) -> Program:
    """The program of a language."""
    request, text, _ = PROGRAMS[name]
    return parse_program(text, load_language(name), request=request)


@cache
def tasks(count: int = 24) -> tuple[Task, ...]:
    """List tasks, each with its program."""
    return tuple(sample_tasks(lists(), count=count, seed=0, types=["list int -> list int"], workers=1))


def lists() -> Language:
    """The language of the guides measured here."""
    return load_language("lists")


UNSOLVABLE = {
    "lists": Task([example([i, 3, 7], output=[i * 7919 % 101, 977]) for i in range(6)], "lists"),
    "strings": Task(
        [example(f"name {i}", output="".join("qxzjkvw"[(i * k * k + 3 * k) % 7] for k in range(6))) for i in range(6)],
        "strings",
    ),
}
"""Of a language a task that no small program solves."""
