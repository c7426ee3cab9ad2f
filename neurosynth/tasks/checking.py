"""Whether a program is right on examples. Only this module decides it, by the reference semantics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Program
from neurosynth.tasks.task import Example
from neurosynth.values.frozen import typed_key

__all__ = ["failing", "right", "share_right"]


def right(value: Any, wanted: Any) -> bool:
    """Whether a (frozen) value is the output wanted; ``1`` is not ``True``, neither is ``[1]`` ``[True]``."""
    return type(value) is type(wanted) and bool(value == wanted) and typed_key(value) == typed_key(wanted)


def failing(program: Program, examples: Sequence[Example], evaluator: Evaluator | None = None) -> tuple[int, ...]:
    """The indices of the examples on which a program is wrong; ``evaluator`` may be shared between calls."""
    function = (evaluator or Evaluator()).function(program)
    return tuple(i for i, e in enumerate(examples) if not right(function(e.inputs), e.output))


def share_right(program: Program, examples: Sequence[Example], evaluator: Evaluator | None = None) -> float:
    """Share of the examples on which a program is right, 0 to 1."""
    return 1 - len(failing(program, examples, evaluator)) / len(examples)
