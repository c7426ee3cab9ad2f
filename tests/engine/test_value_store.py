"""Compiled loops and Python objects give the same banks, in the same order; the engine's own parts hold their laws."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from neurosynth.engine.backends.base import backend_of, view_of
from neurosynth.engine.limits import Memory
from neurosynth.engine.store.banks import Arena
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Grammar
from neurosynth.language.primitive import Primitive
from neurosynth.plugins import load
from neurosynth.search.bottom_up.levels import Levels
from neurosynth.tasks.task import Task, example
from neurosynth.values.registry import domain_of
from neurosynth.values.types import STRING, parse_type

INTS = Task(
    [
        example([3, 1, 2], 2, output=[2, 1]),
        example([], 0, output=[]),
        example([5, -7, 5, 0, 12], -3, output=[0]),
        example([1 << 40, -1], 1, output=[1]),
    ],
    "lists",
)
WORDS = Task(
    [
        example("Ada Lovelace", "x", output="AL"),
        example("", "yy", output=""),
        example(" 12 b", "7", output="1"),
    ],
    "strings",
)
UNICODE = Task([example("Ärger straße", output="Ä"), example("naïve ｃafé", output="n")], "unicode")
BITS = Task(
    [example(0x0F, 0x81, output=1), example(0xFF, 0, output=2), example(0x80, 0x80, output=3)],
    "bits",
    type=parse_type("bitvec 8 -> bitvec 8 -> bitvec 8"),
)


def fill(task: Task, grammar: Grammar, *, compiled: bool, cost: int) -> ValueStore:
    """The space of a task's grammar up to a cost; nothing ends it."""
    store = ValueStore(
        grammar,
        [e.inputs for e in task.examples],
        [e.output for e in task.examples],
        compiled=compiled,
        max_length=40,
        patience=0,
    )
    levels = Levels(backend_of(store))
    for level in range(1, cost + 1):
        for _ in levels.fill(level):
            pass
    return store


def contents(store: ValueStore) -> dict[str, list[tuple[str, tuple[Any, ...]]]]:
    """Every bank: programs and their values, in order."""
    return {
        str(target): [(str(store.program(target, i)), store.values(target, i)) for i in range(bank.size)]
        for target, bank in store.banks.items()
    }


@pytest.mark.parametrize(
    ("language", "task", "cost"),
    [("lists", INTS, 3), ("strings", WORDS, 3), ("strings", UNICODE, 3), ("bitvectors", BITS, 3)],
    ids=["lists", "strings", "unicode", "bits"],
)
def test_kernels_and_objects_give_the_same_banks_in_the_same_order(
    language: str, task: Task, cost: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert task.type is not None
    grammar = compile_grammar(load("languages", language), task.type)
    reference = contents(fill(task, grammar, compiled=False, cost=cost))
    compiled = contents(fill(task, grammar, compiled=True, cost=cost))
    # which loops pay depends on what is cached: every call its own way, loops or objects
    draw = random.Random(0)
    monkeypatch.setattr("neurosynth.engine.backends.production_kernels.should_compile", lambda *_: draw.random() < 0.5)
    mixed = contents(fill(task, grammar, compiled=True, cost=cost))
    for ours in (compiled, mixed):
        assert ours.keys() == reference.keys()
        for target, entries in reference.items():
            assert ours[target] == entries, target


PROCESS = """
import sys
import numpy as np
from neurosynth.engine.kernels.choice import Loop
from neurosynth.engine.kernels.cache import load_loops, should_compile, should_compile_alone
loop = Loop("neurosynth_dsls.lists.numbers:add_kernel", "ww", "w")
if "alone" in sys.argv:
    sys.exit(print(should_compile_alone(loop, 0, 10**9), should_compile_alone(loop, 9, 8)))
print(next((n for n in range(1, int(sys.argv[1])) if should_compile(loop, 6000, 100_000)), "never"))
if "compile" in sys.argv:
    out, rows, ones = np.empty(4, np.int64), np.zeros(4, np.int32), np.ones((1, 1), np.int64)
    load_loops(loop).cells(4, 0, 1, out, rows, ones, rows, ones)
    assert should_compile(loop, 0, 10**9)
"""


def test_a_loop_runs_once_it_would_have_paid_for_itself(tmp_path: Path) -> None:
    """By work of 6,000 a time, and a patience of 100,000."""

    def first(*arguments: str) -> str:
        folders = {"NEUROSYNTH_CACHE": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "numba")}
        done = subprocess.run(
            [sys.executable, "-c", PROCESS, *arguments],
            env={**os.environ, **folders}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    assert first("alone") == "False True"  # nothing stands in for it, but it is compiled only once that pays
    assert first("16") == "never"
    assert first("99", "compile") == "14"  # 84,000 here, and a fifth of the 90,000 of the first process
    assert first("99") == "2"  # it is only to be loaded: a tenth
    assert first("alone") == "True True"


def test_most_productions_of_the_shipped_languages_run_compiled() -> None:
    for language, task in (("lists", INTS), ("strings", WORDS), ("bitvectors", BITS)):
        assert task.type is not None
        grammar = compile_grammar(load("languages", language), task.type)
        view = view_of(backend_of(fill(task, grammar, compiled=True, cost=1)))
        assert view is not None
        slow = {
            str(p)
            for p in grammar.productions
            if p.arguments and isinstance(p.head, Primitive) and not view.has_kernel(p)
        }
        assert slow == set()


def test_every_bank_holds_distinct_values() -> None:
    assert INTS.type is not None
    store = fill(INTS, compile_grammar(load("languages", "lists"), INTS.type), compiled=True, cost=3)
    for target, bank in store.banks.items():
        rows = [store.values(target, i) for i in range(bank.size)]
        assert len(rows) == len(set(rows)), target


def test_values_of_entries_are_what_the_reference_semantics_gives() -> None:
    assert WORDS.type is not None
    store = fill(WORDS, compile_grammar(load("languages", "strings"), WORDS.type), compiled=True, cost=4)
    rng = np.random.default_rng(1)
    for target, bank in store.banks.items():
        for entry in rng.integers(0, bank.size, 40).tolist():
            program = store.program(target, entry)
            found = tuple(store.evaluator.run(program, e.inputs) for e in WORDS.examples)
            assert store.values(target, entry) == found, str(program)


@pytest.mark.parametrize(("dtype", "kept"), [(np.uint8, False), (np.int32, True)])
def test_bytes_hold_no_characters_beyond_ascii(dtype: Any, *, kept: bool) -> None:
    """A character made from a number would be another one if eight bits of it were kept."""
    arena = Arena(dtype, Memory(1e9))
    starts, lengths = arena.put(["ab", chr(200), chr(0x2603), "c"], domain_of(STRING))
    assert lengths.tolist() == [2, 1 if kept else -1, 1 if kept else -1, 1]
    assert arena.data[starts[3]] == ord("c")
