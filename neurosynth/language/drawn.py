"""Columns that a language samples itself: programs with rows that fit them, in addition to those from a grammar."""

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
    """Another row at each call."""


DrawColumn = Callable[[Random], DrawnColumn]
"""Samples columns; the same ones for the same state of the generator."""

InputGenerator = Callable[[Random, Random], Any]
"""Makes a value for an input of a sampled task. Its only sources of randomness are the two generators. The second one is the same for
every value of a column, and determines what the values have in common."""
