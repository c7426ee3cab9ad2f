"""The interface between a language and the search by cover: pieces of output texts, conditions, and the sources that find them in a
column."""

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
    "Items",
    "Piece",
    "PieceKit",
    "PieceSource",
    "TextForm",
]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's columns for a search: rows with outputs, and all rows."""

    inputs: tuple[Program, ...]
    """The inputs as programs."""
    rows: tuple[tuple[Any, ...], ...]
    """Inputs of the example rows; ``None`` is a missing value."""
    outputs: tuple[Any, ...]
    """Their outputs: texts, or ``None`` for a missing one."""
    every: tuple[tuple[Any, ...], ...]
    """Inputs of all rows of the table, in their order: formats are read from them."""
    judged: tuple[tuple[Any, ...], ...] = ()
    """Inputs of the rows on which a program for the example rows is judged: those of a branch, and a sample if there are many."""
    categorical: bool = False
    """Whether rows repeat, so that few distinct inputs make up the table."""
    leaf: bool = False
    """Whether the rows are those of a branch: few rows explain little, and derivations from them are not trusted."""
    constants: tuple[str, ...] = ()
    """Constants that the user gave: they cost little."""
    memo: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """What sources remember about the table, whatever the example rows are."""

    @property
    def believes(self) -> bool:
        """Whether there are enough rows to trust a derivation: rounding, shifting, scaling."""
        return not self.leaf or len(self.rows) > 2


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece that is a field of a format: ``%d`` of a date. Adjacent fields of one ``value`` become one call of the writer."""

    code: str
    """The field in the format's notation."""
    write: Callable[[str], Program]
    """The program that writes the value under a format text."""
    escape: Callable[[str], str | None]
    """A constant as format text, or None if the notation cannot express it."""
    once: bool = False
    """Whether a format may contain each field, by its last letter, only once."""
    after: str = ""
    """Last letters of the fields that it must follow, if it only makes sense after those: computed seconds."""

    START: ClassVar[str] = "^"
    """Means "no value before it" in ``after``."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A program of type text whose values on the example rows are known."""

    texts: tuple[str, ...]
    """Its value on each example row."""
    cost: int
    """Cost in bits."""
    build: Callable[[], Program]
    """Makes the program."""
    value: Hashable = None
    """The written value, and its derivation; None for a piece that writes no typed value."""
    family: tuple[Hashable, Hashable] | None = None
    """The derivation of the value: ``(reading, derivation)``."""
    again: int | None = None
    """Cost in bits if the previous piece wrote the same value; ``cost`` if it is None."""
    loose: bool = False
    """Whether the piece may be combined with differently derived values of its reading at no extra cost (a day with a rounded time)."""
    frame: Frame | None = None
    """Set if the piece is a field of a format."""
    copies: Hashable = None
    """The input from which it copies digits; None for other pieces."""
    moves: Hashable = None
    """The input whose changed value it writes; digits of that input that are copied beside it would belong to the old value."""
    style: Hashable = None
    """The format of the value, which the ends of a range share."""
    manner: Hashable = None
    """The derivation and format of its value, independent of the input: several inputs often share them."""
    alike: int = 0
    """Bits of that, which are saved if the previous value was made in the same way from another input."""
    read: Hashable = None
    """The input whose value it writes, unchanged or changed."""
    unlikely: bool = False
    """Whether others are to be kept first: the date of a rounded time, which is nearly always the date that was read."""
    name: str = ""
    """For people who inspect the search."""


class BoundSource(Protocol):
    """A source that has read a column."""

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterable[Piece]:
        """Pieces whose texts start the ``rests`` of the outputs, which begin at ``positions``."""
        ...


class PieceSource(Protocol):
    """Finds pieces of one kind in any column."""

    @property
    def name(self) -> str:
        """Its name in traces."""
        ...

    def bind(self, column: Column) -> BoundSource:
        """Read a column once."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A test of a row, known on all rows of the column."""

    cost: int
    """Cost in bits."""
    rows: tuple[bool, ...]
    """Its values on the example rows."""
    every: tuple[bool, ...]
    """Its values on all rows."""
    build: Callable[[], Program]
    """Makes the program, of type bool."""
    name: str = ""
    """For people who inspect the search."""
    general: bool = True
    """Whether it describes a kind of rows (a threshold, a shape) rather than the words of one of them."""
    text: str = ""
    """The text that it looks for in an input, if it looks for one."""
    gap: Callable[[bool], Program] | None = None
    """If it compares two numbers or moments: the program of the text of their distance, where it holds and where it does not."""
    graded: bool = False
    """Whether it is one of several grades in which two inputs agree (the same year, the same month, the same text): where others of
    them have divided the rows, one more may."""


class ConditionSource(Protocol):
    """Offers conditions that separate the example rows."""

    def conditions(self, column: Column) -> Iterable[Condition]:
        """The conditions that are true on some of the example rows and false on others."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """The items of lists inside the cells of a column, as a column of their own."""

    column: Column
    """Its one input is an item."""
    cost: int
    """Bits of splitting and joining."""
    build: Callable[[Program], Program | None]
    """From the program of an item's output to that of the cell's; None if an item's output may be missing, as no list has missing items."""


@dataclass(frozen=True, kw_only=True)
class TextForm:
    """The texts of values of a type other than text, so that such values can be read and covered like texts."""

    text: Callable[[Any], str]
    """The text of a value."""
    write: Callable[[Program], Program]
    """From a program to the program of its text, whose values are those of ``text``."""
    read: Callable[[Program], Program]
    """From the program of a text to that of the value; text that is only written to be parsed again is left out."""


@dataclass(frozen=True, kw_only=True)
class PieceKit:
    """Everything that a language offers to the search by cover."""

    sources: tuple[PieceSource, ...]
    conditions: tuple[ConditionSource, ...] = ()
    concat: Primitive
    """Joins two texts."""
    choose: Primitive | None = None
    """``condition -> a -> a -> a``, lazy."""
    combine: Mapping[str, Primitive] = field(default_factory=dict)
    """The primitives ``and``, ``or`` and ``not`` of conditions, if two of them may be one."""
    missing: Program | None = None
    """The program whose value is missing, if missing values may be outputs."""
    items: Callable[[Column], Iterable[Items]] = lambda column: ()
    """Lists inside the cells of a column whose items may all be changed by one program."""
    lookup: Callable[[Program, Sequence[tuple[str, str | None]]], Program] | None = None
    """A program that looks up an input in a table of inputs and outputs; undefined or missing for other inputs."""
    recode: Callable[[Program, Sequence[tuple[str, str]]], Program] | None = None
    """A program that replaces some values of an input, and leaves others as they are."""
    blanks: Callable[[Column], Iterable[Condition]] = lambda column: ()
    """Conditions that an input is empty, blank or missing. The rows for which one is false are treated as a column of their own."""
    is_empty: Callable[[Program], Program] | None = None
    """Whether an input is an empty text."""
    forms: Mapping[Type, TextForm] = field(default_factory=dict)
    """Further types of inputs and outputs in addition to text."""
    faulty: Callable[[Column], frozenset[tuple[Any, ...]]] = lambda column: frozenset()
    """Rows without outputs whose inputs are wrong themselves: a program need not have a value there."""
    malformed: Callable[[str], bool] = lambda text: False
    """Whether a text contains something impossible, such as a 31 February: no program is meant to write it."""
    tidy: Callable[[Program], Program] = lambda p: p
    """Programs over texts of values converted to programs over the values: texts that are written and parsed again are left out."""
