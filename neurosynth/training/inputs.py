"""Inputs for sampled tasks: rows of values that share a profile, per type or drawn from given tasks.

A *profile* fixes what the examples of one task have in common: the range of numbers and the lengths of lists, the
format of texts.  ``R`` is a number of rows; a row holds one value an input.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.language.program import Constant
from neurosynth.language.types import BOOL, INT, STRING, Arrow, Size, Type, TypeConstructor, bitvec
from neurosynth.tasks.task import Task, typed_key
from neurosynth.training.texts import Format, text_constants, text_format

__all__ = [
    "Profile",
    "default_types",
    "draw_constants",
    "draw_profile",
    "draw_rows",
    "given_rows",
    "parts_of_type",
    "probe_rows",
]

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Range:
    """Numbers from ``low`` to ``high`` in lists of ``shortest`` to ``longest`` elements."""

    low: int
    high: int
    shortest: int
    longest: int


_RANGES = (
    _Range(-50, 50, 0, 12),
    _Range(-50, 50, 0, 5),
    _Range(-50, 50, 1, 6),
    _Range(-10, 10, 0, 6),
    _Range(-256, 256, 1, 10),
    _Range(-256, 256, 15, 20),
    _Range(-15, 15, 10, 20),
    _Range(0, 9, 0, 10),
    _Range(0, 16, 0, 8),
    _Range(0, 16, 0, 8),
    _Range(0, 5, 1, 10),
    _Range(0, 99, 1, 8),
    _Range(-9, 9, 2, 8),
)
_OTHER_RANGE_SHARE = 0.3
"""Of the inputs after the first, those whose numbers have a range of their own."""
_OTHER_NUMBER_SHARE = 0.08
"""Of tasks over numbers, those that bring numbers along which the language lacks."""
_ATTEMPTS = 8
"""Draws of a row before a repeated one is given up."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the rows of one task have in common."""

    parameters: tuple[Type, ...]
    numbers: tuple[_Range, ...]
    """Of each input."""
    roles: tuple[str, ...]
    """What each input that is a number stands for: ``position``, ``element`` of a list beside it, or ``value``."""
    texts: tuple[Format, ...]
    """The format of the texts in each input."""
    bits: str
    """How bit-vectors look: ``any``, ``small``, ``sparse`` or ``runs``."""

    def row(self, rng: Random) -> Row:
        """One value an input."""
        row: list[Any] = [None] * len(self.parameters)
        later = [i for i, t in enumerate(self.parameters) if t == INT]  # an element is drawn from a list that is there
        for i in [*(i for i in range(len(row)) if i not in later), *later]:
            row[i] = self._value(rng, self.parameters[i], i, row)
        return tuple(row)

    def _value(self, rng: Random, t: Type, position: int, row: Sequence[Any]) -> Any:
        if t == INT:
            return self._number(rng, self.roles[position], self.numbers[position], row)
        return self._part(rng, t, self.numbers[position], self.texts[position])

    def _number(self, rng: Random, role: str, numbers: _Range, row: Sequence[Any]) -> int:
        if role == "position":
            return rng.randint(0, 6)
        lists = [v for v in row if isinstance(v, tuple) and v and type(v[0]) is int]
        if role == "element" and lists and rng.random() < 0.7:
            return int(rng.choice(rng.choice(lists)))
        return rng.randint(numbers.low, numbers.high)

    def _part(self, rng: Random, t: Type, numbers: _Range, text: Format) -> Any:
        match t:
            case TypeConstructor("int"):
                return rng.randint(numbers.low, numbers.high)
            case TypeConstructor("bool"):
                return rng.random() < 0.5
            case TypeConstructor("string"):
                return text(rng)
            case TypeConstructor("bitvec", (Size() as width,)):
                return _bits(rng, int(str(width)), self.bits)
            case TypeConstructor("list", (TypeConstructor() as element,)):
                longest = numbers.longest if element == INT else min(numbers.longest, 5)
                length = rng.randint(min(numbers.shortest, longest), longest)
                if element == INT and rng.random() < 0.2:
                    return _regular(rng, numbers, length)
                return tuple(self._part(rng, element, numbers, text) for _ in range(length))
        raise InputError(
            f"no inputs of type {t} can be made up; allowed: int, bool, string, bitvec, lists of these: "
            "give tasks to draw inputs from"
        )


def _regular(rng: Random, numbers: _Range, length: int) -> tuple[int, ...]:
    """A list whose elements repeat or are in order: what ``unique``, ``sort`` and comparisons are there for."""
    few = [rng.randint(numbers.low, numbers.high) for _ in range(rng.randint(1, 4))]
    if rng.random() < 0.5:
        return tuple(rng.choices(few, k=length))
    return tuple(sorted(rng.randint(numbers.low, numbers.high) for _ in range(length)))


def _bits(rng: Random, width: int, kind: str) -> int:
    match kind:
        case "small":
            return rng.randrange(min(1 << width, 256))
        case "sparse":
            value = 0
            for _ in range(rng.randint(0, 4)):
                value |= 1 << rng.randrange(width)
            return value
        case "runs":
            start = rng.randrange(width)
            run = ((1 << rng.randint(1, width)) - 1) << start
            return (run | rng.getrandbits(width) & rng.getrandbits(width)) & ((1 << width) - 1)
    return rng.getrandbits(width)


def draw_profile(rng: Random, parameters: Sequence[Type]) -> Profile:
    """A profile at random for inputs of these types."""
    shared, numbers = text_format(rng), rng.choice(_RANGES)
    return Profile(
        tuple(parameters),
        tuple(
            numbers if i == 0 or rng.random() > _OTHER_RANGE_SHARE else rng.choice(_RANGES)
            for i in range(len(parameters))
        ),
        tuple(rng.choice(("position", "position", "element", "value")) for _ in parameters),
        tuple(shared if i == 0 or rng.random() < 0.4 else text_format(rng) for i in range(len(parameters))),
        rng.choice(("any", "any", "small", "sparse", "runs")),
    )


def draw_rows(rng: Random, profile: Profile, count: int) -> list[Row]:
    """Up to ``count`` different rows; fewer where the profile has no more."""
    found: dict[Any, Row] = {}
    for _ in range(count * _ATTEMPTS):
        if len(found) == count:
            break
        row = profile.row(rng)
        found.setdefault(typed_key(row), row)
    return list(found.values())


def probe_rows(parameters: Sequence[Type], count: int) -> list[Row]:
    """``count`` rows of many profiles, always the same for the same types: what behaviour is compared on."""
    rng = Random(f"probe {' '.join(map(str, parameters))}")
    return [draw_profile(rng, parameters).row(rng) for _ in range(count)]


def given_rows(rng: Random, tasks: Sequence[Task], count: int) -> tuple[list[Row], Task]:
    """Up to ``count`` different input rows of a task drawn at random, and that task; all have the same input types.

    Where it has too few, rows of other tasks follow.
    """
    order = rng.sample(tasks, k=len(tasks))
    found: dict[Any, Row] = {}
    for task in order:
        rows = [e.inputs for e in (*task.examples, *task.test_examples)]
        rng.shuffle(rows)
        for row in rows[: count - len(found)]:
            found.setdefault(typed_key(row), row)
        if len(found) == count:
            break
    return list(found.values()), order[0]


def draw_constants(rng: Random, language: Language, request: Type, rows: Sequence[Row]) -> list[Constant]:
    """Constants a task of this kind brings along, beyond the language's: texts found in its inputs, bit masks."""
    types = set(parts_of_type(request))
    found: list[Constant] = []
    if STRING in types:
        texts = [text for row in rows for value in row for text in _texts(value)]
        found += [Constant(text, STRING) for text in text_constants(rng, texts)]
    elif INT in types and rng.random() < _OTHER_NUMBER_SHARE:
        numbers = {rng.choice((rng.randint(11, 100), -rng.randint(2, 10))) for _ in range(rng.randint(1, 2))}
        found += [Constant(n, INT) for n in sorted(numbers)]
    for t in sorted(types, key=str):
        if isinstance(t, TypeConstructor) and t.name == "bitvec":
            width = int(str(t.arguments[0]))
            masks = [2, 3, 4, 7, 8, 15, 16, 32, 63, 255, (1 << width) - 1, 1 << (width - 1)]
            fit = [m for m in masks if 1 < m < 1 << width]
            found += [Constant(m, t) for m in sorted(rng.sample(fit, k=min(len(fit), rng.randint(0, 3))))]
    known = {c for c, _ in language.constants}
    return [c for c in found if c not in known]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)


def parts_of_type(t: Type) -> Iterator[Type]:
    """The ground types a request type mentions: parameters, result, elements of lists."""
    if isinstance(t, Arrow):
        for part in (*t.parameters, t.result):
            yield from parts_of_type(part)
        return
    yield t
    if isinstance(t, TypeConstructor):
        for argument in t.arguments:
            if not isinstance(argument, Size):
                yield from parts_of_type(argument)


def default_types(language: Language) -> tuple[str, ...]:
    """Request types that suit a language, by what its primitives take and give; one given twice counts twice.

    Raises:
        InputError: for a language over none of int, bool, string, bit-vectors and lists.
    """
    names = set()
    for primitive in language.primitives.values():
        for part in parts_of_type(primitive.type):
            if isinstance(part, TypeConstructor):
                names.add(part.name)
    if "list" in names:
        return (
            "list int -> list int", "list int -> list int", "list int -> list int", "list int -> list int",
            "list int -> int", "list int -> int", "list int -> list int -> list int",
            "list int -> list int -> list int", "list int -> int -> list int", "int -> list int -> list int",
            "int -> list int -> int", "list int -> list int -> int", "list int -> bool", "list int -> list bool",
            "int -> int", "int -> int -> int",
        )  # fmt: skip
    if "string" in names:
        return (
            "string -> string",
            "string -> string",
            "string -> string",
            "string -> string -> string",
            "string -> int",
        )
    if "bitvec" in names:
        word = str(bitvec(64))
        return (f"{word} -> {word}", f"{word} -> {word} -> {word}")
    for t in (INT, BOOL):
        if t.name in names:
            return (f"{t} -> {t}", f"{t} -> {t} -> {t}")
    raise InputError(
        f"language {language.name!r} has no default request types: its primitives know none of int, bool, string, "
        "bitvec, list; name types to sample"
    )
