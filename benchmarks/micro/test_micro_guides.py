"""Guides: a beam over tokens, and costs of productions, for one task each; learning is in test_micro_training.py."""

from __future__ import annotations

import pytest

from benchmarks.micro.given import Benchmark, lists, tasks
from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.decoding import beam
from neurosynth.guides.ngram import NGram
from neurosynth.guides.pcfg import BigramPCFG
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.grammar import task_grammar

TOKENS = 16
SHAPES = {"lstm": {"width": 32, "layers": 2}, "transformer": {"width": 32, "layers": 2}}


def corpus() -> list[Program]:
    """The programs of the tasks."""
    return [parse_program(t.extra["program"], lists(), request=t.type) for t in tasks()]


@pytest.mark.parametrize("width", [1, 10])
@pytest.mark.parametrize("kind", ["ngram", *SHAPES])
def test_beam(kind: str, width: int, benchmark: Benchmark) -> None:
    guide: SequenceGuide
    if kind == "ngram":
        guide = NGram(n=3).fit(corpus(), lists())
    else:
        pytest.importorskip("torch", reason="needs the extra 'neural'")
        from neurosynth.guides.kinds import build_guide
        from neurosynth.guides.neural import NeuralGuide

        built = build_guide(kind, lists(), SHAPES[kind], seed=0)
        assert isinstance(built, NeuralGuide)
        guide = built
    grammar = task_grammar(tasks()[0], lists())
    assert len(benchmark(beam, guide, tasks()[0], grammar, width=width, max_tokens=TOKENS)) <= width


def test_costs_of_productions(benchmark: Benchmark) -> None:
    guide = BigramPCFG().fit(corpus(), lists())
    assert benchmark(guide.predict, tasks()[0], task_grammar(tasks()[0], lists())) is not None
