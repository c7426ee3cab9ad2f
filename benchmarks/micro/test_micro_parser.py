"""Programs from text, to text, to tokens and back; tasks from files; grammars."""

from __future__ import annotations

import json

import pytest

from benchmarks.micro.given import PROGRAMS, Benchmark, lists, program, tasks
from neurosynth.language.compile import compile_grammar
from neurosynth.language.load import load_language
from neurosynth.language.program import Constant
from neurosynth.language.syntax import parse_program
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.json_io import task_from_json, task_to_json
from neurosynth.tasks.sygus_reader import read_sygus
from neurosynth.values.types import parse_type

SYGUS = """(set-logic SLIA)
(synth-fun f ((x String) (y String)) String ((S String) (N Int) (B Bool))
    ((S String (x y "" " " "," (str.++ S S) (str.replace S S S) (str.substr S N N) (ite B S S) (int.to.str N)))
     (N Int (0 1 2 (+ N N) (- N N) (str.len S) (str.indexof S S N) (str.to.int S)))
     (B Bool (true false (str.prefixof S S) (str.contains S S)))))
""" + "".join(f'(constraint (= (f "name {i}" "x{i}") "x{i}, name {i}"))\n' for i in range(50))


@pytest.mark.parametrize("name", PROGRAMS)
def test_parse(name: str, benchmark: Benchmark) -> None:
    request, text, _ = PROGRAMS[name]
    assert benchmark(parse_program, text, load_language(name), request=request) == program(name)


@pytest.mark.parametrize("name", PROGRAMS)
def test_print(name: str, benchmark: Benchmark) -> None:
    _, text, _ = PROGRAMS[name]
    assert benchmark(str, program(name)) == text


def test_encode_tokens(benchmark: Benchmark) -> None:
    assert benchmark(Vocabulary(lists()).encode, program("lists"), constants())


def test_decode_tokens(benchmark: Benchmark) -> None:
    vocabulary = Vocabulary(lists())
    ids = vocabulary.encode(program("lists"), constants())
    request = PROGRAMS["lists"][0]
    assert benchmark(vocabulary.decode, ids, request=request, constants=constants()) == program("lists")


def constants() -> list[Constant]:
    """Those of the list program, as a task has them."""
    return [part for part in program("lists").subprograms() if isinstance(part, Constant)]


def test_read_sygus(benchmark: Benchmark) -> None:
    assert len(benchmark(read_sygus, SYGUS, "task.sl").examples) == 50


def test_read_json(benchmark: Benchmark) -> None:
    text = json.dumps(task_to_json(tasks()[0]))
    assert benchmark(lambda: task_from_json(json.loads(text))).examples == tasks()[0].examples


@pytest.mark.parametrize("name", PROGRAMS)
def test_compile_grammar(name: str, benchmark: Benchmark) -> None:
    request = parse_type(PROGRAMS[name][0])
    assert benchmark(compile_grammar, load_language(name), request).productions
