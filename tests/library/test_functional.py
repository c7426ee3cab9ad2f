"""Abstractions that call functions: patterns of two programs, which of them pay, and that solutions stay right."""

from __future__ import annotations

import pytest
from neurosynth_dsls.little import little
from neurosynth_dsls.turtle import turtle

from neurosynth.errors import InputError
from neurosynth.export.python import PythonExporter
from neurosynth.extras import installed
from neurosynth.language.calls import with_calls
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction, Library, library_language, library_text, read_library
from neurosynth.language.macros import written_out
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.library.compress import CompressionConfig, compress
from neurosynth.library.described import Solved
from neurosynth.library.functional import calling_functions, pattern_of
from neurosynth.tasks.task import Task, example

MAP = "(rec_list x0 empty (lambda (a b c) (cons (call x1 a) c)))"
ROWS = [[3, 1, 2], [5, 4], [], [2, 9, 4, 4]]


def parsed(text: str) -> Program:
    return parse_program(text, little, request="list int -> list int")


def loop(step: str) -> str:
    return f"(rec_list x0 empty (lambda (a b c) {step}))"


@pytest.mark.parametrize(
    ("one", "other", "pattern"),
    [
        # what differs reads a variable: a function of it
        (loop("(cons (+ a a) c)"), loop("(cons (- 0 a) c)"), "(rec_list x0 empty (lambda (a b c) (cons (call x1 a) c)))"),
        # of two variables, the outer one first
        (loop("(cons a (cons a c))"), loop("(if (= a 0) c empty)"), "(rec_list x0 empty (lambda (a b c) (call_2 x1 a c)))"),
        # the same two parts are the same function
        (
            loop("(cons (+ a 1) (cons (+ a 1) c))"),
            loop("(cons (- 0 a) (cons (- 0 a) c))"),
            "(rec_list x0 empty (lambda (a b c) (cons (call x1 a) (cons (call x1 a) c))))",
        ),
        # nothing is called: Stitch finds that
        (loop("(cons 0 c)"), loop("(cons 1 c)"), None),
        # functions of three variables
        (loop("(cons a b)"), loop("(if (= a 0) c empty)"), None),
        ("(rec_nat (car x0) x0 (lambda (a b) (cdr b)))", loop("(cons a c)"), None),
    ],
)  # fmt: skip
def test_the_pattern_of_two_programs(one: str, other: str, pattern: str | None) -> None:
    found = pattern_of(parsed(one), parsed(other))
    assert (None if found is None else str(found)) == pattern


STEPS = {"double": "(cons (+ a a) c)", "next": "(cons (+ a 1) c)", "negate": "(cons (- 0 a) c)"}


def solutions(language: Language = little) -> list[Solved]:
    found = []
    for name, step in STEPS.items():
        program = parse_program(loop(step), language, request="list int -> list int")
        found.append(Solved(name, Task([example(row, output=program(row)) for row in ROWS], name), program))
    return found


def test_a_map_is_found_in_what_solutions_share() -> None:
    (found,) = calling_functions([(s.key, s.program) for s in solutions()], little, count=3, arity=3, least_tasks=2)
    assert str(found.macro) == MAP
    assert str(found.type) == "list a -> (a -> b) -> list b"


@pytest.mark.parametrize("limits", [{"count": 0}, {"arity": 1}, {"least_tasks": 4}])
def test_limits_are_kept(limits: dict[str, int]) -> None:
    given = {"count": 3, "arity": 3, "least_tasks": 2, **limits}
    assert calling_functions([(s.key, s.program) for s in solutions()], little, **given) == []


def test_a_language_with_a_primitive_of_that_name_has_none() -> None:
    other = Language("other")
    for primitive in little.primitives.values():
        other.add(primitive)

    @other.primitive
    def call(n: int) -> int:
        """Something else."""
        return n

    given = [(s.key, s.program) for s in solutions(other)]
    assert calling_functions(given, other, count=3, arity=3, least_tasks=2) == []


@pytest.mark.skipif(not installed("library"), reason="stitch_core is not installed")
def test_solutions_are_rewritten_with_it_and_stay_right() -> None:
    found = compress(solutions(), little, CompressionConfig(abstractions=1))
    assert [a.body for a in found.abstractions] == [
        "(rec_list x0 empty x1)",  # Stitch's, of which the other is made
        "(rec_list_2 x0 (lambda (a b c) (cons (call x1 a) c)))",
    ]
    for before, after in zip(solutions(), found.programs, strict=True):
        assert after.program.head == found.abstractions[1].name
        assert written_out(after.program) == before.program
        assert [after.program(row) for row in ROWS] == [before.program(row) for row in ROWS]


ABSTRACTIONS = (
    LearnedAbstraction(name="each", type="list a -> (a -> b) -> list b", body=MAP),
    LearnedAbstraction(name="each_again", type="(a -> a) -> list a -> list a", body="(each (each x1 x0) (lambda (a) (call x0 a)))"),
)  # fmt: skip


def test_a_library_with_calls_reads_back_runs_and_exports() -> None:
    library = read_library(library_text(Library(name="grown", base="lists-little", abstractions=ABSTRACTIONS)))
    language = library_language(library, little)
    program = parse_program("(each_again (lambda (a) (+ a a)) x0)", language, request="list int -> list int")
    assert program([1, 2]) == [4, 8]
    written = written_out(program)
    assert "call" not in str(written)
    assert written([1, 2]) == [4, 8]
    assert parse_program(str(written), little, request="list int -> list int") == written
    space: dict[str, object] = {}
    source = PythonExporter(function="f").export(program)
    exec(source, space)
    assert space["f"]([1, 2]) == [4, 8]  # type: ignore[operator]  # a function of the module


def test_calls_are_no_programs_of_the_search() -> None:
    assert "call" in with_calls(little)
    assert with_calls(with_calls(little)).primitives == with_calls(little).primitives
    assert not any(p.enumerated for p in with_calls(turtle).primitives.values() if p.name.startswith("call"))


def test_a_number_of_functions_is_checked() -> None:
    with pytest.raises(InputError, match="functions is -1; allowed: 0 or more"):
        CompressionConfig(functions=-1)
