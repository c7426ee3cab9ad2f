"""The interface of types: their values in program text, JSON, tables, memory, samples, and as inputs of models.

A domain belongs to one ground type (``int``, ``list date``, ``bitvec 8``) and is a frozen dataclass. Four methods are enough for a new
one, ``contains``, ``write``, ``read`` and ``sample``. All others have defaults that follow from them, and may be overridden.

Values come in three forms. *Frozen* values are used inside and are hashable (lists are tuples). *Thawed* values are given to users
(lists are lists). *Encoded* values are stored by compiled search: see :attr:`Domain.machine`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, ClassVar, Literal, Protocol

from neurosynth.errors import InputError
from neurosynth.values import exact_json
from neurosynth.values.frozen import freeze, show, thaw, typed_key
from neurosynth.values.properties import Property, Relation, plain_relations
from neurosynth.values.shapes import Rectangle
from neurosynth.values.style import Style, plain_style
from neurosynth.values.types import STRING, TypeConstructor
from neurosynth.values.words import quoted, text_shape

__all__ = [
    "MISSING_WORD",
    "Domain",
    "Machine",
    "NotInDomain",
    "Reference",
    "Spelling",
    "json_kind",
    "parts",
]

Machine = Literal["word", "bits", "text", "words", "object"]
"""The form in which compiled search stores a value: an int64, a uint64, code points, a sequence of int64, or the Python object."""

MISSING_WORD = -(1 << 63) + 1
"""The word that represents a missing value; kernels over a nullable type receive it."""

Reference = Callable[[Any, str], str]
"""Maps a Python object and the name wanted for it to its name in exported code, which imports or defines it."""


class NotInDomain(InputError):
    """An object that is not a value of a type: the bare fact, to which the caller adds the place."""


class Spelling(Protocol):
    """Receives the symbols of a value for a neural encoder; every domain writes to this interface."""

    def integer(self, value: int) -> None:
        """Write a whole number."""

    def integers(self, values: Sequence[int]) -> None:
        """Write several whole numbers."""

    def boolean(self, value: bool) -> None:
        """Write true or false."""

    def text(self, value: str) -> None:
        """Write characters."""

    def hexadecimal(self, value: int, digits: int) -> None:
        """Write a number as this many hexadecimal digits, highest first."""

    def mark(self, sign: str) -> None:
        """Write one of ``[``, ``]`` and ``,``."""


@dataclass(frozen=True, kw_only=True)
class Domain(ABC):
    """Everything about the values of one ground type; see the documentation of the module."""

    type: TypeConstructor = field(default=TypeConstructor("unnamed"))
    """The type; the registry sets it."""
    bare: bool = True
    """Whether literals are complete in program text; otherwise the type's name comes first: ``(colour "#ff8800")``."""

    nullable: ClassVar[bool] = False
    """Whether None, a missing value, is one of the values."""
    python: ClassVar[Any] = None
    """The Python class whose objects are exactly the values of this type; as an annotation, it means this type."""
    everywhere: ClassVar[bool] = False
    """Whether bodies of lambdas may use the type although it is neither parameter nor result of the lambda."""
    few: ClassVar[int | None] = None
    """Number of values, if there are few."""
    counts: ClassVar[bool] = False
    """Whether values are counts of places, so that a sampled one may be a position."""
    ordered: ClassVar[bool] = False
    """Whether values can be compared with ``<`` (missing ones aside)."""
    styled: ClassVar[bool] = False
    """Whether values of a sampled column share something that :class:`Style` has no field for."""
    constants: ClassVar[tuple[Any, ...]] = ()
    """Values that programs over this type may always use."""
    requests: ClassVar[tuple[str, ...]] = ()
    """Request types that suit a language over this type, by the text of the types; one given twice has twice the weight."""

    @classmethod
    def of(cls, type: TypeConstructor, *arguments: Any) -> Domain:
        """The domain of a type; ``arguments`` are the domains and sizes of the type's own arguments."""
        return cls(type=type)

    @classmethod
    def read_word(cls, text: str) -> tuple[Any, TypeConstructor] | None:
        """Value and type of a word of program text that is a literal of this kind of type."""
        return None

    # --- membership ---------------------------------------------------------------------------------------------------

    @abstractmethod
    def contains(self, value: Any) -> bool:
        """Whether a frozen value other than a missing one belongs to this type."""

    def has(self, value: Any) -> bool:
        """Whether a frozen value belongs to this type."""
        return self.nullable if value is None else self.contains(value)

    def freeze(self, value: Any) -> Any:
        """The frozen form of an object that represents a value of this type; other objects may stay as they are."""
        return freeze(value)

    def accept(self, value: Any) -> Any:
        """The frozen form of an object that a user gives as a value of this type.

        Raises:
            NotInDomain: if it is not a value of this type.
        """
        value = self.freeze(value)
        if not self.has(value):
            raise NotInDomain(f"{show(value)} is not a valid {self.type}")
        return value

    def thaw(self, value: Any) -> Any:
        """A frozen value in the form for users."""
        return thaw(value)

    def key(self, value: Any) -> Any:
        """A hashable key that is equal exactly for equal values; those of ``True`` and ``1`` differ."""
        return typed_key(value)

    @property
    def element(self) -> Domain | None:
        """The domain of the elements, if values are lists."""
        return None

    # --- program text -------------------------------------------------------------------------------------------------

    @abstractmethod
    def write(self, value: Any) -> str:
        """A value as plain text, in tables, and in JSON if that has no form for it."""

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value that :meth:`write` wrote.

        Raises:
            ValueError: for any other text, saying what was expected.
        """

    def literal(self, value: Any) -> str:
        """A value in program text; it reads back."""
        if value is None:
            return f"({self.type} null)"
        return self.spelling(value) if self.bare else f"({self.type} {self.spelling(value)})"

    def spelling(self, value: Any) -> str:
        """The literal without the type's name; a string by default."""
        return quoted(self.write(value))

    @property
    def spelled_as(self) -> TypeConstructor:
        """The type of the literal after the type's name."""
        return STRING

    def from_spelling(self, value: Any) -> Any:
        """The value of ``(type literal)`` from that of the literal.

        Raises:
            NotInDomain: for a literal that represents no value of this type.
        """
        try:
            return self.read(value)
        except ValueError as error:
            raise NotInDomain(f"{value!r} is not a valid {self.type}: {error}") from None

    # --- files --------------------------------------------------------------------------------------------------------

    def to_json(self, value: Any) -> Any:
        """A value in the form that ``json.dumps`` accepts: its text by default, null for a missing value."""
        return None if value is None else self.write(value)

    def from_json(self, value: Any) -> Any:
        """A value from the result of ``json.loads``.

        Raises:
            NotInDomain: if it is not a value of this type.
        """
        if value is None and self.nullable:
            return None
        if not isinstance(value, str):
            raise self.refuse(value)
        try:
            return self.read(value)
        except ValueError as error:
            raise NotInDomain(f"{value!r} is not a valid {self.type}: {error}") from None

    def refuse(self, value: Any) -> NotInDomain:
        """The error for a decoded JSON value that does not belong to this type."""
        shown = show(value)
        shown = shown if len(shown) <= 60 else shown[:57] + "..."
        return NotInDomain(f"{shown} is not a valid {self.type}; allowed: {self.json_form}")

    @property
    def json_form(self) -> str:
        """The form of a value in JSON, for messages: ``an integer like 12``."""
        return "a string"

    def to_cell(self, value: Any) -> str:
        """A value in a cell of a table; a missing one is empty."""
        return "" if value is None else self.write(value)

    def from_cell(self, text: str) -> Any:
        """A value from a cell; an empty one is missing if the type has missing values.

        Raises:
            NotInDomain: for text that is not a value of this type.
        """
        if text == "" and self.nullable:
            return None
        try:
            return self.read(text)
        except ValueError as error:
            shown = text if len(text) <= 60 else text[:57] + "..."
            raise NotInDomain(f"{shown} is not a valid {self.type}: {error}") from None

    def show(self, value: Any) -> str:
        """A value in the form for a terminal."""
        return "null" if value is None else self.write(value)

    def shapes(self, value: Any) -> Sequence[Rectangle]:
        """The shapes of a value's picture; none if values are not pictures."""
        return ()

    def from_line(self, text: str) -> Any:
        """The value that a user types: in the form of JSON, or as it is written.

        Raises:
            NotInDomain: if it is not a value of this type.
        """
        try:
            value = exact_json.loads(text)
        except (ValueError, RecursionError):
            return self.from_cell(text)
        return self.from_json(value)

    # --- budgets ------------------------------------------------------------------------------------------------------

    def limit(self, size: int, bits: int) -> Callable[[Any], Any] | None:
        """The check of a primitive's result: returns the frozen value, or raises ``Undefined`` beyond the budget.

        ``size`` is in characters or elements, ``bits`` in bits of an integer. None if no result needs a check.
        """
        return None

    def size(self, value: Any) -> int:
        """Number of characters or elements of a value; 1 if it has no parts."""
        return 1

    # --- generating values --------------------------------------------------------------------------------------------

    @abstractmethod
    def sample(self, rng: Random, style: Style) -> Any:
        """A value for the input of a sampled task."""

    def draw(self, rng: Random, part: Callable[[Domain], Any] | None = None) -> Any:
        """A value for a test; unusual ones are more frequent. ``part`` draws values of the elements."""
        return self.sample(rng, plain_style(rng))

    def perturb(self, value: Any, rng: Random) -> Any:
        """A value like ``value``, as in another row of the same column; possibly the same one."""
        return value if rng.random() < 0.5 else self.sample(rng, plain_style(rng))

    def redraw(self, value: Any, column: Sequence[Any], rng: Random) -> Any:
        """A meaningless value in the form of ``value``, one of ``column``: every part is drawn again."""
        return self.sample(rng, plain_style(rng))

    def recombine(self, value: Any, column: Sequence[Any], rng: Random) -> Any:
        """A plausible value of ``column``, to which ``value`` belongs: its form, with parts of others."""
        return self.redraw(value, column, rng)

    def task_constants(self, rng: Random, values: Sequence[Any], names: Iterable[str]) -> list[Any]:
        """Constants of a sampled task with these values and over types of these names."""
        return []

    @property
    def landmarks(self) -> tuple[Any, ...]:
        """A few values that distinguish functions of this type, the simplest first."""
        return ()

    @property
    def probes(self) -> tuple[Any, ...]:
        """Ordinary values for fingerprints of a primitive's meaning; they must not change."""
        return self.landmarks

    @property
    def far_landmarks(self) -> tuple[Any, ...]:
        """More of them; values seen in a task come first."""
        return ()

    def shape(self, value: Any) -> str:
        """A key for the common form of a column's values: that of the text in the cell (``9/9/9``)."""
        return text_shape(self.to_cell(value))

    def measure(self, value: Any) -> float | None:
        """A number that grows with the value, if the values of one column lie in a range; None for a missing or any other value."""
        return None

    # --- compiled search ----------------------------------------------------------------------------------------------

    @property
    def machine(self) -> Machine:
        """The form in which compiled search stores values."""
        return "object"

    def encode(self, value: Any) -> Any:
        """A frozen value in its stored form: an int, a str of its code points, a sequence of ints, or itself."""
        return value

    def decode(self, stored: Any) -> Any:
        """The frozen value of the result of :meth:`encode`."""
        return stored

    @property
    def coded(self) -> bool:
        """Whether :meth:`encode` and :meth:`decode` change anything."""
        return type(self).encode is not Domain.encode

    # --- models -------------------------------------------------------------------------------------------------------

    @property
    def type_symbols(self) -> tuple[str, ...]:
        """What a neural encoder is told about the type: names among int, bool, string, bitvec, list."""
        return ("string",)

    def spell(self, value: Any, out: Spelling) -> None:
        """Write a value for a neural encoder; the characters of its text by default."""
        out.text(self.to_cell(value))

    def spell_elements(self, values: Sequence[Any], out: Spelling) -> None:
        """Write the elements of a list so that the beginning of each is clear."""
        for value in values:
            out.mark(",")
            self.spell(value, out)

    @property
    def properties(self) -> tuple[Property, ...]:
        """Questions about one value whose answers a model reads."""
        return ()

    def relations(self, output: Domain) -> tuple[Relation, ...]:
        """Questions about an input of this type and an output of another; by default about their texts."""
        return plain_relations(self, output)

    # --- exported code ------------------------------------------------------------------------------------------------

    def annotation(self, refer: Reference) -> str:
        """The Python annotation of a value."""
        return "object" if self.python is None else refer(self.python, self.python.__name__)

    def source(self, value: Any, refer: Reference) -> str:
        """A Python expression for a value: by default its ``repr``, with the class of values imported or included."""
        if value is None or self.python is None:
            return repr(value)
        name, module = self.python.__name__, self.python.__module__
        text = repr(value).removeprefix(f"{module}.")
        return refer(self.python, name) + text.removeprefix(name) if text.startswith(f"{name}(") else text


_KINDS = {
    type(None): "null", bool: "a boolean", int: "an integer", float: "a number with a fraction",
    Decimal: "a number with a fraction", str: "a string", list: "a list",
}  # fmt: skip


def json_kind(value: Any) -> str:
    """The kind of a decoded JSON value, for messages: ``a list``."""
    return _KINDS.get(type(value), "an object")


def parts(domain: Domain, value: Any) -> Iterator[tuple[Domain, Any]]:
    """A value and the elements inside it, each with its domain."""
    yield domain, value
    if domain.element is not None and value is not None:
        for v in value:
            yield from parts(domain.element, v)
