"""Numbers in programs of repetitions, for the simulations of towers and turtles."""

from __future__ import annotations

from neurosynth.language.program import Constant, Program, Variable

__all__ = ["number"]


def number(program: Program, counts: tuple[int, ...]) -> int:
    """A constant, or the count of a repetition around it; ``counts`` are those of all repetitions, from outside in."""
    match program:
        case Constant(value):
            return int(value)
        case Variable(index):
            return counts[-1 - index]
    raise AssertionError(program)
