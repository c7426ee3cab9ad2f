"""Tasks with their programs, small models, and equations written out, for the tests of the neural guides."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from neurosynth.guides.kinds import build_guide
from neurosynth.guides.neural import NeuralGuide
from neurosynth.language.evaluate import evaluate
from neurosynth.language.program import Constant, Program
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.task import Example, Task
from neurosynth.values.types import INT, parse_type
from tests.strategies import tiny

__all__ = ["LANGUAGE", "PAIRS", "SMALL", "masked_softmax", "sequence_guide"]

# Threads that wait for each other over tensors this small took ten times as long on a busy machine.
torch.set_num_threads(1)

LANGUAGE = tiny()

SMALL = {"width": 16, "max_length": 48, "max_examples": 4, "constants": 8}
"""Settings of models that tests can afford."""


def _pair(
    text: str, request: str, *rows: tuple[Any, ...], constants: tuple[Constant, ...] = ()
) -> tuple[Task, Program]:
    program = parse_program(text, LANGUAGE, request=request)
    examples = [Example(row, evaluate(program, row)) for row in rows]
    return Task(examples, name=text, type=parse_type(request), constants=constants), program


PAIRS = (
    _pair("(+ x0 1)", "int -> int", (1,), (5,), (-70,)),
    _pair("(take 1 x0)", "list int -> list int", ([3, 4, 5],), ([],), ([7, 900],), ([0] * 9,)),
    _pair("(map (lambda (a) (+ a 1)) x0)", "list int -> list int", ([3, 4],), ([8, -5, 2],)),
    _pair("(head x0)", "list int -> int", ([3, 4],), ([9, 1, 1],)),
    _pair("(if (= x0 x1) x0 1)", "int -> int -> int", (3, 3), (4, 5), (2, 6)),
    _pair("(repeat 2 x0)", "string -> string", ("ab",), ("é!",), constants=(Constant(2, INT),)),
    _pair("(repeat 3 x0)", "string -> string", ("ab",), ("xyz",), constants=(Constant(3, INT),)),
    _pair("(not (= x0 0))", "int -> bool", (0,), (4,), (100,)),
)


def sequence_guide(kind: str, seed: int = 0, **settings: Any) -> NeuralGuide:
    """An untrained guide of a small model."""
    guide = build_guide(kind, LANGUAGE, {**SMALL, **settings}, seed)
    assert isinstance(guide, NeuralGuide)
    return guide


def masked_softmax(scores: Tensor, hidden: Tensor) -> Tensor:
    """``exp(s) / Σ exp(s)`` over the last dimension, where ``hidden`` counts nothing."""
    weights = torch.where(hidden, torch.zeros_like(scores), (scores - scores.amax(-1, keepdim=True)).exp())
    return weights / weights.sum(-1, keepdim=True)
