"""The reference semantics: compiling a program, and running one that is compiled."""

from __future__ import annotations

import pytest

from benchmarks.micro.given import PROGRAMS, Benchmark, program
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED


@pytest.mark.parametrize("name", PROGRAMS)
def test_compile_program(name: str, benchmark: Benchmark) -> None:
    assert callable(benchmark(lambda: Evaluator().function(program(name))))


@pytest.mark.parametrize("name", PROGRAMS)
def test_run_program(name: str, benchmark: Benchmark) -> None:
    assert benchmark(Evaluator().function(program(name)), PROGRAMS[name][2]) is not UNDEFINED
