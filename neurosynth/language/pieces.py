"""What a language offers to the search by cover: pieces of output texts, and the sources that find them in a column."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from neurosynth.language.program import Program

__all__ = ["BoundSource", "Column", "Frame", "Piece", "PieceSource"]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's columns as a search sees them: rows with outputs, and all rows."""

    inputs: tuple[Program, ...]
    """The inputs as programs."""
    rows: tuple[tuple[Any, ...], ...]
    """Inputs of the example rows; ``None`` is a missing value."""
    outputs: tuple[str, ...]
    """Their outputs."""
    every: tuple[tuple[Any, ...], ...]
    """Inputs of all rows of the table, in their order."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece as a field of a format: ``%d`` of a date.  Neighbours of one ``value`` become one call of the writer."""

    code: str
    """The field in the format's notation."""
    write: Callable[[str], Program]
    """The program that writes the value under a format text."""
    escape: Callable[[str], str | None]
    """A constant as format text, or None where the notation cannot hold it."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A program of type text whose values on the example rows are known."""

    texts: tuple[str, ...]
    """Its value on each example row."""
    cost: int
    """Bits."""
    build: Callable[[], Program]
    """Makes the program."""
    value: Hashable = None
    """What is written, and how it was made; None for a piece that writes no typed value."""
    family: Hashable = None
    """How the value was derived, its reading first: ``(reading, derivation)``."""
    frame: Frame | None = field(default=None)
    """Set where the piece is a field of a format."""
    name: str = ""
    """For people who look at the search."""


class BoundSource(Protocol):
    """A source that has read a column."""

    def starting(self, rests: Sequence[str], befores: Sequence[str]) -> Iterable[Piece]:
        """Pieces whose texts start the ``rests`` of the outputs; ``befores`` is what stands before, one text a row."""
        ...


class PieceSource(Protocol):
    """Finds pieces of one kind in any column."""

    @property
    def name(self) -> str:
        """What traces call it."""
        ...

    def bind(self, column: Column) -> BoundSource:
        """Read a column once."""
        ...
