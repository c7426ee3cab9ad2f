"""Compression: Stitch's form there and back, typing, names, limits."""

from __future__ import annotations

import os
import sys
import time
from types import ModuleType
from typing import Any

import pytest
from neurosynth_dsls.bitvectors import bitvectors
from neurosynth_dsls.lists import lists
from neurosynth_dsls.little import little
from neurosynth_dsls.turtle import turtle

from neurosynth.errors import InputError
from neurosynth.extras import installed
from neurosynth.language.generalise import parse_body
from neurosynth.language.macros import written_out
from neurosynth.language.syntax import parse_program
from neurosynth.library.compress import CompressionConfig, compress
from neurosynth.library.described import Solved
from neurosynth.library.naming import name_of
from neurosynth.library.stitch import CompressionFailed, Symbols, cost_of, read_tree, run_stitch
from neurosynth.library.typed import KnownAbstraction, NotTyped, body_text, inlined
from neurosynth.tasks.task import Task, example

needs_stitch = pytest.mark.skipif(not installed("library"), reason="stitch_core is not installed")

ROWS = [[3, 1, 2], [5, 4], [7], [2, 9, 4, 4]]


def solved(name: str, text: str, request: str = "list int -> list int") -> Solved:
    program = parse_program(text, lists, request=request)
    return Solved(name, Task([example(row, output=program(row)) for row in ROWS], name), program)


CORPUS = [
    solved(f"add-{n}-{shape}", text.format(n=n))
    for n in (1, 2, 3)
    for shape, text in {
        "sort": "(map (lambda (a) (+ a {n})) (sort x0))",
        "mirror": "(append (sort x0) (reverse (map (lambda (a) (+ a {n})) (sort x0))))",
    }.items()
]


@needs_stitch
def test_solutions_become_shorter_and_stay_right() -> None:
    found = compress(CORPUS, lists, CompressionConfig(abstractions=4))
    assert found.failure == ""
    assert "(map (lambda (a) (+ a x0)) (sort x1))" in {a.body for a in found.abstractions}
    assert found.ratio > 1.3
    assert found.bits > 0
    for before, after in zip(CORPUS, found.programs, strict=True):
        assert after.program.size < before.program.size
        assert written_out(after.program) == before.program
        assert after.program(ROWS[0]) == before.program(ROWS[0])
    (first, *_) = found.abstractions
    assert first.uses >= 2
    assert first.examples
    assert all(name in found.language for name in [first.name, *lists.primitives])


@needs_stitch
def test_it_is_the_same_each_time_and_names_stay_unique() -> None:
    first, again = (compress(CORPUS, lists, CompressionConfig(abstractions=3)) for _ in range(2))
    assert first.abstractions == again.abstractions
    second = compress(first.programs, first.language, CompressionConfig(abstractions=3), round=2)
    names = [a.name for a in (*first.abstractions, *second.abstractions)]
    assert len(set(names)) == len(names)


@needs_stitch
def test_a_corpus_in_another_language_is_named() -> None:
    with pytest.raises(InputError, match=r"primitive 'map' does not belong to language 'bitvectors'"):
        compress(CORPUS, bitvectors)


@needs_stitch
def test_nothing_to_say_is_no_failure() -> None:
    found = compress([CORPUS[0]], lists)
    assert (found.abstractions, found.failure) == ((), "")
    assert compress([], lists).abstractions == ()


def fake(compress_: Any) -> ModuleType:
    module = ModuleType("stitch_core")
    module.compress = compress_  # type: ignore[attr-defined]
    return module


def sleeping(*_: Any, **__: Any) -> None:
    time.sleep(60)


def ending(*_: Any, **__: Any) -> None:
    os._exit(3)


def crashing(*_: Any, **__: Any) -> None:
    os.abort()


def panicking(*_: Any, **__: Any) -> None:
    raise ValueError("index out of bounds")


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (sleeping, "not done after 0.3 s"),
        (ending, "exit status 3"),
        (crashing, "SIGABRT"),
        (panicking, "index out of bounds"),
    ],
)
def test_a_crash_is_a_round_without_compression(
    monkeypatch: pytest.MonkeyPatch, behaviour: Any, said: str, capfd: Any
) -> None:
    monkeypatch.setitem(sys.modules, "stitch_core", fake(behaviour))
    monkeypatch.setattr("neurosynth.library.stitch.require", lambda extra, what: None)
    found = compress(CORPUS, lists, CompressionConfig(seconds=0.3))
    assert said in found.failure
    assert found.programs == tuple(CORPUS)
    assert found.language is lists


def test_absent_it_is_said_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neurosynth.extras.find_spec", lambda name: None)
    with pytest.raises(
        InputError, match=r"compression needs stitch_core.*pip install -c constraints.txt '.\[library\]'"
    ):
        compress(CORPUS, lists)


def test_the_form_has_no_lambda_that_only_passes_on() -> None:
    symbols = Symbols()
    program = parse_program("(zipwith (lambda (a b) (- b a)) (filter (lambda (a) (even a)) x0) x1)", lists)
    text = symbols.text(program, 2)
    assert text.count("lam") == 2  # the inputs
    assert cost_of(program) == 605  # six leaves, five arguments
    heads = {name: (p.name, order) for name, (p, order) in symbols.heads.items()}
    assert ("-", (1, 0)) in heads.values()


def symbols_of(*texts: str) -> Symbols:
    symbols = Symbols()
    for text in texts:
        symbols.text(parse_program(text, lists), 3)
    return symbols


def body(text: str, holes: int, known: dict[str, KnownAbstraction] | None = None) -> str:
    """The body of a Stitch text that spells primitives by their names."""
    symbols = symbols_of(
        "(map (lambda (a) (+ a 1)) (filter (lambda (a) (even a)) (sort x0)))", "(zipwith (lambda (a b) (- a b)) x0 x1)"
    )
    names = {p.name: atom for atom, (p, _) in symbols.heads.items()}
    for name, atom in names.items():
        text = " ".join(
            atom if word == name else word for word in text.replace("(", "( ").replace(")", " )").split(" ")
        )
    return body_text(read_tree(text), holes, symbols, known or {}).text


@pytest.mark.parametrize(
    ("text", "holes", "expected"),
    [
        ("(map (lam (+ $0 #1)) #0)", 2, "(map (lambda (v1) (+ v1 x0)) x1)"),  # arguments in the order of first use
        ("(map even #0)", 1, "(map (lambda (v1) (even v1)) x0)"),
        ("(map (+ #0) #1)", 2, "(map (lambda (v1) (+ x0 v1)) x1)"),  # a partial application, eta-expanded
        ("(lam (+ $0 #0))", 1, "(+ x0 x1)"),
        ("(map #0)", 1, "(map x0 x1)"),
        ("(zipwith - #0 #0)", 1, "(zipwith (lambda (v1 v2) (- v1 v2)) x0 x0)"),
        ("(map #0 (sort #1))", 2, "(map x0 (sort x1))"),
    ],
)
def test_bodies_become_text(text: str, holes: int, expected: str) -> None:
    assert body(text, holes) == expected


@pytest.mark.parametrize(
    ("text", "holes", "why"),
    [
        ("(map (lam (#0 $0)) #1)", 2, "a hole is applied"),
        ("(sort (lam $0))", 0, "a function where a value is needed"),
        ("(sort (+ #0))", 1, "a partial application"),
        ("(sort #0 #0)", 1, "too many arguments"),
        ("(sort (fn_9 #0))", 1, "uses one that was dropped"),
    ],
)
def test_what_the_language_cannot_say_is_dropped(text: str, holes: int, why: str) -> None:
    with pytest.raises(NotTyped) as error:
        body(text, holes)
    assert str(error.value) == why


def test_one_that_was_dropped_is_written_out() -> None:
    tree = inlined(read_tree("(p1 (lam (fn_0 $0 $1)))"), "fn_0", read_tree("(p2 (lam (p3 $0 #0 #1)))"), 2)
    assert tree == read_tree("(p1 (lam (p2 (lam (p3 $0 $1 $2)))))")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("(last (sort x0))", "last_of_sort"),
        ("(map (lambda (a) (+ a x0)) x1)", "map_add"),
        ("(filter (lambda (a) (> a 0)) x0)", "filter_greater_0"),
        ("(take 2 x0)", "take_2"),
        ("(+ x0 x0)", "add_self"),
    ],
)
def test_names_tell_the_structure(text: str, name: str) -> None:
    program, _ = parse_body(text, lists)
    assert name_of(program, ()) == name
    assert name_of(program, (name,)) == f"{name}_2"


@needs_stitch
def test_a_syntax_that_stitch_refuses_is_a_failure(capfd: Any) -> None:
    with pytest.raises(CompressionFailed, match="stitch_core"):
        run_stitch(["(((("], ["t"], prefix="fn_", count=1, max_arity=2, seconds=20, memory=1)


@needs_stitch
def test_what_only_finishes_a_program_is_in_no_abstraction() -> None:
    shapes = {
        f"{n} by {side}": f"(draw (repeat {n} (forward {side} (left {n} done)) done))"
        for n in (3, 4, 6)
        for side in (2, 3)
    }
    corpus = []
    for name, text in shapes.items():
        program = parse_program(text, turtle)
        corpus.append(Solved(name, Task([example(output=tuple(program()))], name, type=program.type), program))
    found = compress(corpus, turtle, CompressionConfig(abstractions=2))
    assert found.abstractions
    assert {str(a.type).split(" -> ")[-1] for a in found.abstractions} == {"path"}
    assert all(s.program.arguments[0].size < 4 for s in found.programs)  # type: ignore[attr-defined]  # all draw something


@needs_stitch
def test_a_hole_for_a_function_that_the_language_takes_is_kept() -> None:
    """A fold over a list: functions of three parameters are rare, but here they are what the language is made of."""
    steps = {
        "double": "(cons (+ h h) r)",
        "next": "(cons (+ h 1) r)",
        "negate": "(cons (- 0 h) r)",
        "twice": "(cons h (cons h r))",
    }
    corpus = []
    for name, step in steps.items():
        program = parse_program(f"(rec_list x0 empty (lambda (h t r) {step}))", little, request="list int -> list int")
        corpus.append(Solved(name, Task([example(row, output=program(row)) for row in ROWS], name), program))
    found = compress(corpus, little, CompressionConfig(abstractions=3, functions=0))
    types = {a.type for a in found.abstractions}
    assert "list a -> (a -> list a -> list b -> list b) -> list b" in types
    assert all(s.program.head != "rec_list" for s in found.programs)
