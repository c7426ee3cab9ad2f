"""Columns that a language draws by itself: programs with rows that suit them, beside what a grammar gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from neurosynth.language.program import Program
from neurosynth.values.types import Type

__all__ = ["DrawColumn", "DrawnColumn", "InputGenerator"]


@dataclass(frozen=True, slots=True)
class DrawnColumn:
    """A program and a generator of rows of inputs."""

    program: Program
    inputs: tuple[Type, ...]
    row: Callable[[Random], tuple[Any, ...]]
    """Another row, each time it is called."""


DrawColumn = Callable[[Random], DrawnColumn]
"""Draws columns; the same for the same state of the generator."""

InputGenerator = Callable[[Random, Random], Any]
"""Makes a value for an input of a sampled task.  All that is random comes from the two generators: the second one is the same
for every value of a column, so that what a column has in common is drawn from it."""
