"""Deduction by inverses: pieces of texts by their positions, shifts and macros, goal first and joined."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import chain

import pytest

from neurosynth.engine.backends.base import view_of
from neurosynth.language.load import load_language
from neurosynth.language.syntax import parse_program
from neurosynth.search.bottom_up.levels import Levels
from neurosynth.search.candidates import Candidate
from neurosynth.search.strategies.deduction import Deduction
from neurosynth.tasks.checking import failing
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example
from tests.search.stores import backend_filled, filled, right_on, run_all, sygus

TEXT = """(Start String (ntString))
(ntString String (x " " "-" (str.substr ntString ntInt ntInt) (str.at ntString ntInt)))
(ntInt Int (0 1 2 (+ ntInt ntInt) (- ntInt ntInt) (str.len ntString) (str.indexof ntString ntString ntInt)))"""
WORD = """(Start (_ BitVec 16) (x #x0001 #x0002 #x0003 (shl3 Start) (halved Start) (bvxor Start Start) (bvshl Start Start)
(bvmul Start Start) (bvadd Start Start)))"""
MACROS = """(define-fun shl3 ((a (_ BitVec 16))) (_ BitVec 16) (bvshl a #x0003))
(define-fun halved ((a (_ BitVec 16))) (_ BitVec 16) (bvlshr (bvxor a #x0001) #x0001))"""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inverse kernels are used whatever was compiled before on this machine."""
    monkeypatch.setattr("neurosynth.engine.backends.inverse.should_compile_alone", lambda *_: True)


def text(calls: dict[str, str]) -> Task:
    return sygus("SLIA", "((x String)) String", TEXT, {f'"{given}"': f'"{wanted}"' for given, wanted in calls.items()})


def bits(wanted: dict[int, int]) -> Task:
    calls = {f"#x{given:04x}": f"#x{output & 0xFFFF:04x}" for given, output in wanted.items()}
    return sygus("BV", "((x (_ BitVec 16))) (_ BitVec 16)", WORD, calls, MACROS)


def deduced(task: Task, cost: int) -> list[str]:
    store = filled(task.grammar, task.examples, cost)
    found = [c.program for c in run_all(Deduction(store).propose(time.perf_counter() + 20))]
    assert all(right_on(p, task.examples) == (1 << len(task.examples)) - 1 for p in found)
    return list(map(str, found))


def joined(task: Task, cost: int) -> list[str]:
    backend = backend_filled(task.grammar, task.examples, cost)
    matches = [match for batch in Levels(backend).join() for match in batch.matches]
    return [str(backend.store.build(*match)) for match in matches]


def test_a_piece_from_a_position_and_its_length() -> None:
    task = text({"ab cde-": "cde", "abcd e-f": "e", "a bcdef-": "bcdef"})
    found = deduced(task, 6)
    assert any("str.substr" in p for p in found), found


def test_a_length_is_looked_up() -> None:
    task = text({"ab cd": "ab", "abcd e": "abcd", "a bcd": "a"})
    assert any(p.startswith("(str.substr x 0 (str.indexof x") for p in joined(task, 4))


def test_a_position_is_looked_up() -> None:
    task = text({"ab cd": " c", "abcd ef": " e", "a bcd": " b"})
    assert any(p.startswith("(str.substr x (str.indexof x") for p in joined(task, 4))
    assert any(p.startswith("(str.at x (") for p in deduced(text({"ab cd": "c", "abc-ef d": "d", "a bcd": "b"}), 4))


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        pytest.param(lambda x: ((x ^ 2) << 3) & 0xFFFF, "shl3", id="macro"),
        pytest.param(lambda x: ((x * 3) << 2) & 0xFFFF, "bvshl", id="shift"),
        pytest.param(lambda x: (x ^ 3) * 3 & 0xFFFF, "bvmul", id="product"),
    ],
)
def test_shifts_products_and_macros_of_them(wanted: Callable[[int], int], part: str) -> None:
    task = bits({x: wanted(x) for x in (0x0000, 0x0105, 0x03A2, 0x1F7F)})
    found = [*joined(task, 3), *deduced(task, 3)]
    assert any(part in p for p in found), found


def test_what_no_shift_gives_is_no_subgoal() -> None:
    task = bits({1: 7, 2: 3, 5: 1})  # odd: nothing shifted left by three
    store = filled(task.grammar, task.examples, 2)
    inverses = store.inverses
    shifts = [p for p in store.grammar.productions if "shl3" in str(p.head)]
    assert shifts
    for production in shifts:
        assert inverses.loop(production, 0) is not None
        assert inverses.subgoals(production, 0, 10, store.goal_bank, 0).known == []


def test_pairs_of_known_arguments_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    task = text({"ab cd": "ab", "abcd e": "abcd"})
    store = filled(task.grammar, task.examples, 4)
    (production,) = [p for p in store.grammar.productions if "str.substr" in str(p.head)]
    monkeypatch.setattr("neurosynth.engine.backends.inverse.PAIRS", 60)
    monkeypatch.setattr("neurosynth.engine.backends.inverse.FIRST", 6)
    (_, strings), (_, numbers) = store.inverses.spans(production, 2)
    assert (strings, numbers) == (6, 10)


def test_a_learned_primitive_of_texts_is_undone_by_its_parts() -> None:
    grammar = '(Start String (x "+" (dashed Start Start)))'
    macros = '(define-fun dashed ((a String) (b String)) String (str.++ a (str.++ "-" (str.rev b))))'
    task = sygus("SLIA", "((x String)) String", grammar, {'"abc"': '"abc-cba"', '"no"': '"no-on"'}, macros)
    assert set(joined(task, 1)) == {"(dashed x x)"}


ROWS: list[list[list[int]]] = [
    [[3, -1, 4, 1], [5, 9, -2, 6]],
    [[7, 2, 0], [1, -8, 2]],
    [[-4, 6, 6, 1, 2], [3, 3, 8, 0, 7]],
]


@pytest.mark.parametrize(
    "text",
    [
        "(map (lambda (a) (* a 3)) (scan (lambda (a b) (max2 a b)) x0))",
        "(zipwith (lambda (a b) (- a b)) (reverse x0) (scan (lambda (a b) (max2 a b)) x1))",
        "(scan (lambda (a b) (+ a b)) (map (lambda (a) (abs a)) (sort x0)))",
    ],
)
def test_lists_under_known_functions_are_solved_for(text: str) -> None:
    lists = load_language("lists")
    wanted = parse_program(text, lists)
    task = Task([example(*row, output=wanted(*row)) for row in ROWS], "lists")
    backend = backend_filled(task_grammar(task, lists), task.examples, 5)
    matches = [match for batch in Levels(backend).join() for match in batch.matches]
    view = view_of(backend)
    assert view is not None
    joined = (backend.store.build(*match) for match in matches)
    steps = Deduction(view).propose(time.perf_counter() + 20)
    deduced = (step.program for step in steps if isinstance(step, Candidate))
    assert any(failing(p, task.examples) == () for p in chain(joined, deduced))  # ends with the first one
