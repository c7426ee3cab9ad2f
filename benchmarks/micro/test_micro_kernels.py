"""Kernels in the engine: enumeration over grammars of one operator each, of a fixed number of candidates.

``objects`` is the same search on Python objects, for comparison.
"""

from __future__ import annotations

import re

import pytest

from benchmarks.micro.given import UNSOLVABLE, Benchmark
from neurosynth.language.grammar import Grammar
from neurosynth.language.load import load_language
from neurosynth.search.base import Limits, Outcome, SearchRequest
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.sygus_reader import read_sygus
from neurosynth.tasks.task import Task

COMPILED, ON_OBJECTS = 100_000, 5_000
"""Candidates."""
OPERATORS = {
    "concat": "(S String (x STRINGS (str.++ S S)))",
    "replace": "(S String (x STRINGS (str.replace S S S)))",
    "substr": "(S String (x STRINGS (str.substr S N N))) (N Int (0 1 2 3 (+ N N)))",
    "indexof": "(S String (x STRINGS (str.substr S N N))) (N Int (0 1 2 3 (str.indexof S S N)))",
    "ite": "(S String (x STRINGS (ite B S S) (str.++ S S))) (B Bool ((str.contains S S)))",
    "bvadd": "(S (_ BitVec 64) (x WORDS (bvadd S S)))",
    "bvudiv": "(S (_ BitVec 64) (x WORDS (bvudiv S S) (bvnot S)))",
    "bvlshr": "(S (_ BitVec 64) (x WORDS (bvlshr S S) (bvnot S)))",
}
"""Grammars."""
LEAVES = {"STRINGS": '"" " " "a" "e 1"', "WORDS": "#x0000000000000001 #x00000000000000ff"}
EXAMPLES = {
    "String": [(f'"name {i} ab"', f'"{"q" * (i + 2)}"') for i in range(1, 7)],
    "(_ BitVec 64)": [(f"#x{i * 0x1234567:016x}", f"#x{i * i * 977 + 5:016x}") for i in range(1, 7)],
}
"""By sort, inputs and outputs that no small program gives."""


def of_one_operator(name: str) -> Task:
    """A task in SyGuS-IF that nothing solves."""
    rules = re.sub("STRINGS|WORDS", lambda match: LEAVES[match[0]], OPERATORS[name])
    logic, sort = ("SLIA", "String") if "STRINGS" in OPERATORS[name] else ("BV", "(_ BitVec 64)")
    heads = " ".join(
        f"({symbol} {given})" for symbol, given in re.findall(r"\(([SNB]) (\w+|\(_ BitVec 64\)) \(", rules)
    )
    examples = "".join(f"(constraint (= (f {given}) {wanted}))\n" for given, wanted in EXAMPLES[sort])
    text = f"(set-logic {logic})\n(synth-fun f ((x {sort})) {sort} ({heads}) ({rules}))\n{examples}"
    return read_sygus(text, f"{name}.sl")


def search(task: Task, grammar: Grammar, programs: int, compiled: bool) -> Outcome:
    """Enumerate so many candidates, all of them in compiled loops or none."""
    limits = Limits(seconds=60, max_programs=programs)
    way = BottomUp(object_cells=1, compiled=compiled, join=False)
    return way.run(SearchRequest(task=task, grammar=grammar, limits=limits))


@pytest.mark.parametrize("name", OPERATORS)
def test_operator(name: str, benchmark: Benchmark) -> None:
    task = of_one_operator(name)
    assert task.grammar is not None
    search(task, task.grammar, COMPILED, True)  # kernels are read from disk, or compiled
    found = benchmark(search, task, task.grammar, COMPILED, True)
    assert found.stats.programs_tried >= COMPILED


@pytest.mark.parametrize("name", UNSOLVABLE)
def test_whole_language(name: str, benchmark: Benchmark) -> None:
    grammar = task_grammar(UNSOLVABLE[name], load_language(name))
    search(UNSOLVABLE[name], grammar, COMPILED, True)
    assert benchmark(search, UNSOLVABLE[name], grammar, COMPILED, True).stats.programs_tried >= COMPILED


@pytest.mark.parametrize("name", UNSOLVABLE)
def test_objects(name: str, benchmark: Benchmark) -> None:
    grammar = task_grammar(UNSOLVABLE[name], load_language(name))
    assert benchmark(search, UNSOLVABLE[name], grammar, ON_OBJECTS, False).stats.programs_tried >= ON_OBJECTS
