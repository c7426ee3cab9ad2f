"""What a language offers to the search by cover: pieces of output texts, conditions, and the sources that find them in a column."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Program
from neurosynth.values.types import Type

__all__ = [
    "BoundSource",
    "Column",
    "Condition",
    "ConditionSource",
    "Frame",
    "Piece",
    "PieceKit",
    "PieceSource",
    "TextForm",
]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's columns as a search sees them: rows with outputs, and all rows."""

    inputs: tuple[Program, ...]
    """The inputs as programs."""
    rows: tuple[tuple[Any, ...], ...]
    """Inputs of the example rows; ``None`` is a missing value."""
    outputs: tuple[Any, ...]
    """Their outputs: texts, or ``None`` for a missing one."""
    every: tuple[tuple[Any, ...], ...]
    """Inputs of all rows of the table, in their order: formats are read off them."""
    judged: tuple[tuple[Any, ...], ...] = ()
    """Inputs of the rows that a program for the example rows is judged on: those of a branch, fewer where there are many."""
    categorical: bool = False
    """Whether rows repeat, so that few different inputs make up the table."""
    leaf: bool = False
    """Whether the rows are those of a branch: few rows then explain little, and derivations are not believed on them."""
    constants: tuple[str, ...] = ()
    """Constants that a person gave: they cost little."""
    memo: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """What sources remember about the table, whatever the example rows."""

    @property
    def believes(self) -> bool:
        """Whether there are rows enough to believe a derivation: rounding, shifting, scaling."""
        return not self.leaf or len(self.rows) > 2


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece as a field of a format: ``%d`` of a date.  Neighbours of one ``value`` become one call of the writer."""

    code: str
    """The field in the format's notation."""
    write: Callable[[str], Program]
    """The program that writes the value under a format text."""
    escape: Callable[[str], str | None]
    """A constant as format text, or None where the notation cannot hold it."""
    once: bool = False
    """Whether a format may have each field, by its last letter, once only."""
    after: str = ""
    """Last letters of the fields that it follows, where it is sensible behind those alone: seconds that no input tells."""

    START: ClassVar[str] = "^"
    """Stands in ``after`` for no value before it."""


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
    family: tuple[Hashable, Hashable] | None = None
    """How the value was derived: ``(reading, derivation)``."""
    again: int | None = None
    """Bits where the piece before it wrote the same value; ``cost`` where it is None."""
    loose: bool = False
    """Whether the piece stands beside differently derived values of its reading without a surcharge (a day beside a rounded time)."""
    frame: Frame | None = None
    """Set where the piece is a field of a format."""
    copies: Hashable = None
    """The input whose digits it copies; None for other pieces."""
    moves: Hashable = None
    """The input whose value it writes after a change; digits of that input copied beside it would be of the old value."""
    style: Hashable = None
    """How it is written: the ends of a range share it."""
    manner: Hashable = None
    """How its value was derived and written, whatever it was read from: several inputs are often treated alike."""
    alike: int = 0
    """Bits of that, saved where the value just written was made in the same manner from another input."""
    read: Hashable = None
    """The input whose value it writes as it was read, or after a change."""
    name: str = ""
    """For people who look at the search."""


class BoundSource(Protocol):
    """A source that has read a column."""

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterable[Piece]:
        """Pieces whose texts start the ``rests`` of the outputs, which begin at ``positions``."""
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


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A test of a row, known on all rows of the column."""

    cost: int
    """Bits."""
    rows: tuple[bool, ...]
    """On the example rows."""
    every: tuple[bool, ...]
    """On all rows."""
    build: Callable[[], Program]
    """Makes the program, of type bool."""
    name: str = ""
    """For people who look at the search."""
    general: bool = True
    """Whether it is about a kind of rows (a threshold, a shape) rather than about the words of one of them."""
    text: str = ""
    """The text that it looks for in an input, where it looks for one."""


class ConditionSource(Protocol):
    """Offers conditions that tell the example rows apart."""

    def conditions(self, column: Column) -> Iterable[Condition]:
        """The conditions that are true on some of the example rows and false on others."""
        ...


@dataclass(frozen=True, kw_only=True)
class TextForm:
    """How values of a type other than text are texts, so that they can be read and covered like them."""

    text: Callable[[Any], str]
    """The text of a value."""
    write: Callable[[Program], Program]
    """From a program to the program of its text, which gives what ``text`` does."""
    read: Callable[[Program], Program]
    """From the program of a text to that of the value; what was written for reading alone is left out."""


@dataclass(frozen=True, kw_only=True)
class PieceKit:
    """All that a language gives to the search by cover."""

    sources: tuple[PieceSource, ...]
    conditions: tuple[ConditionSource, ...] = ()
    concat: Primitive
    """Joins two texts."""
    choose: Primitive | None = None
    """``condition -> a -> a -> a``, lazy."""
    missing: Program | None = None
    """The program that is missing, where missing values may be outputs."""
    lookup: Callable[[Program, Sequence[tuple[str, str | None]]], Program] | None = None
    """A program that looks an input up in a table of inputs and outputs; undefined or missing for other inputs."""
    is_empty: Callable[[Program], Program] | None = None
    """Whether an input is an empty text."""
    forms: Mapping[Type, TextForm] = field(default_factory=dict)
    """Types besides text that inputs and outputs may have."""
    faulty: Callable[[Column], frozenset[tuple[Any, ...]]] = lambda column: frozenset()
    """Rows without outputs whose inputs are wrong by themselves: a program need not have a value there."""
    malformed: Callable[[str], bool] = lambda text: False
    """Whether a text has something that cannot be, such as a 31 February: no program is meant to write it."""
    tidy: Callable[[Program], Program] = lambda p: p
    """Programs over texts of values made programs over the values: what is written and read again is left out."""
