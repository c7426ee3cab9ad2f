"""Yes-or-no questions about values, which models read beside the values themselves: property signatures.

BUSTLE (Odena et al., 2021) and Odena & Sutton (2020): the properties of outputs, of inputs, and between the two, over all examples of a
task. A domain declares its own (:attr:`Domain.properties`, :meth:`Domain.relations`); a language adds more. Names are shared between
types where they mean the same: ``ascending`` is a property of every list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

__all__ = [
    "Property", "Relation", "each_pair", "every", "list_properties", "list_relations", "part_relations", "plain_relations", "some",
    "text_properties", "text_relations",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Property:
    """A question about one value."""

    name: str
    holds: Callable[[Any], bool]
    """Applied to a frozen value that is not missing."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A question about an input and the output."""

    name: str
    holds: Callable[[Any, Any], bool]
    """Applied to two frozen values, neither missing: the input first."""


class RelatedDomain(Protocol):
    """What relations between any two values need to know about a domain."""

    @property
    def type(self) -> object:
        """Properties of its values."""
        ...

    @property
    def ordered(self) -> bool:
        """Whether its values can be compared."""
        ...

    @property
    def element(self) -> object | None:
        """The domain of its elements, if values are lists."""
        ...

    def to_cell(self, value: Any) -> str:
        """The text of a value."""
        ...


def plain_relations(own: RelatedDomain, output: RelatedDomain) -> tuple[Relation, ...]:
    """Relations between values of which nothing else is known: values of one type may be equal; of two values of different types that
    are not lists, the text of one may be part of the other's."""
    if own.type == output.type:
        same = Relation("same", lambda a, b: bool(a == b))
        return (same, Relation("input below output", lambda a, b: bool(a < b))) if own.ordered else (same,)
    if own.element is not None or output.element is not None:
        return ()
    return (
        Relation("written within output", lambda a, b: own.to_cell(a) in output.to_cell(b)),
        Relation("output written within it", lambda a, b: output.to_cell(b) in own.to_cell(a)),
    )


# Elements


def every(element: Property) -> Property:
    """Whether it holds of all elements of a list."""
    holds = element.holds
    return Property(f"every {element.name}", lambda xs: all(x is not None and holds(x) for x in xs))


def some(element: Property) -> Property:
    """Whether it holds of an element of a list."""
    holds = element.holds
    return Property(f"some {element.name}", lambda xs: any(x is not None and holds(x) for x in xs))


def each_pair(element: Relation) -> Relation:
    """Whether lists are of one length and it holds between elements at the same place."""
    holds = element.holds

    def between(xs: Sequence[Any], ys: Sequence[Any]) -> bool:
        return len(xs) == len(ys) and all(
            x is not None and y is not None and holds(x, y) for x, y in zip(xs, ys, strict=True)
        )

    return Relation(f"each {element.name}", between)


# Lists


def list_properties(ordered: bool) -> tuple[Property, ...]:
    """Properties of any list; ``ordered``: whether its elements can be compared."""
    found = [
        Property("empty", lambda xs: not xs),
        Property("one element", lambda xs: len(xs) == 1),
        Property("two elements", lambda xs: len(xs) == 2),
        Property("over 4 elements", lambda xs: len(xs) > 4),
        Property("over 8 elements", lambda xs: len(xs) > 8),
        Property("distinct", lambda xs: len(set(xs)) == len(xs)),
        Property("all equal", lambda xs: len(set(xs)) <= 1),
        Property("palindrome", lambda xs: xs == xs[::-1]),
        Property("ends equal", lambda xs: bool(xs) and xs[0] == xs[-1]),
        Property("neighbours differ", lambda xs: all(a != b for a, b in pairwise(xs))),
    ]
    if ordered:
        found += [
            Property("ascending", lambda xs: all(a <= b for a, b in pairwise(xs))),
            Property("descending", lambda xs: all(a >= b for a, b in pairwise(xs))),
            Property("first is least", lambda xs: bool(xs) and xs[0] == min(xs)),
            Property("first is greatest", lambda xs: bool(xs) and xs[0] == max(xs)),
            Property("last is least", lambda xs: bool(xs) and xs[-1] == min(xs)),
            Property("last is greatest", lambda xs: bool(xs) and xs[-1] == max(xs)),
        ]
    return tuple(found)


_LENGTHS = (
    Relation("same length", lambda xs, ys: len(xs) == len(ys)),
    Relation("output longer", lambda xs, ys: len(xs) < len(ys)),
    Relation("output one longer", lambda xs, ys: len(ys) == len(xs) + 1),
    Relation("output one shorter", lambda xs, ys: len(ys) == len(xs) - 1),
    Relation("output twice as long", lambda xs, ys: len(ys) == 2 * len(xs)),
    Relation("output half as long", lambda xs, ys: len(ys) == len(xs) // 2),
)


def _within(xs: Sequence[Any], ys: Sequence[Any]) -> bool:
    """Whether ``xs`` is a run of ``ys``."""
    return any(ys[i : i + len(xs)] == xs for i in range(len(ys) - len(xs) + 1))


def _subsequence(xs: Sequence[Any], ys: Sequence[Any]) -> bool:
    """Whether ``xs`` are elements of ``ys`` in their order."""
    rest = iter(ys)
    return all(x in rest for x in xs)


def list_relations(alike: bool, ordered: bool) -> tuple[Relation, ...]:
    """Relations between lists; ``alike``: of one type, ``ordered``: whose elements can be compared."""
    if not alike:
        return _LENGTHS
    found = [
        *_LENGTHS,
        Relation("same", lambda xs, ys: bool(xs == ys)),
        Relation("output begins input", lambda xs, ys: bool(xs[: len(ys)] == ys)),
        Relation("output ends input", lambda xs, ys: bool(xs[len(xs) - len(ys) :] == ys) if ys else True),
        Relation("output within input", lambda xs, ys: _within(ys, xs)),
        Relation("output picked from input", lambda xs, ys: _subsequence(ys, xs)),
        Relation("input begins output", lambda xs, ys: bool(ys[: len(xs)] == xs)),
        Relation("input ends output", lambda xs, ys: bool(ys[len(ys) - len(xs) :] == xs) if xs else True),
        Relation("input within output", lambda xs, ys: _within(xs, ys)),
        Relation("input picked from output", lambda xs, ys: _subsequence(xs, ys)),
        Relation("reversed", lambda xs, ys: bool(xs[::-1] == ys)),
        Relation("output ends input reversed", lambda xs, ys: bool(xs[::-1][: len(ys)] == ys)),
        Relation("same elements", lambda xs, ys: len(xs) == len(ys) and set(xs) == set(ys)),
        Relation("same set", lambda xs, ys: set(xs) == set(ys)),
        Relation("output of input's elements", lambda xs, ys: set(ys) <= set(xs)),
        Relation("input of output's elements", lambda xs, ys: set(xs) <= set(ys)),
        Relation("nothing in common", lambda xs, ys: not set(xs) & set(ys)),
        Relation("same first", lambda xs, ys: xs[:1] == ys[:1]),
        Relation("same last", lambda xs, ys: xs[-1:] == ys[-1:]),
        Relation("same at some place", lambda xs, ys: any(x == y for x, y in zip(xs, ys, strict=False))),
    ]
    if ordered:
        found += [
            Relation("sorted", lambda xs, ys: len(xs) == len(ys) and tuple(sorted(xs)) == ys),
            Relation("output begins input sorted", lambda xs, ys: tuple(sorted(xs))[: len(ys)] == ys),
            Relation("same greatest", lambda xs, ys: bool(xs and ys) and max(xs) == max(ys)),
            Relation("same least", lambda xs, ys: bool(xs and ys) and min(xs) == min(ys)),
        ]
    return tuple(found)


def part_relations(ordered: bool, counts: bool, output: bool) -> tuple[Relation, ...]:
    """Relations between a list and a value of its elements' type; ``output``: whether the list is the output."""
    plain: list[tuple[str, Callable[[Any, Any], bool]]] = [
        ("an element", lambda xs, v: v in xs),
        ("first", lambda xs, v: bool(xs) and xs[0] == v),
        ("last", lambda xs, v: bool(xs) and xs[-1] == v),
        ("every element", lambda xs, v: all(x == v for x in xs)),
    ]
    if ordered:
        plain += [
            ("the greatest", lambda xs, v: bool(xs) and max(xs) == v),
            ("the least", lambda xs, v: bool(xs) and min(xs) == v),
            ("not below any", lambda xs, v: all(x <= v for x in xs)),
            ("not above any", lambda xs, v: all(x >= v for x in xs)),
        ]
    if counts:
        plain += [
            ("the sum", lambda xs, v: sum(xs) == v),
            ("second", lambda xs, v: len(xs) > 1 and xs[1] == v),
            ("of one parity with all", lambda xs, v: all((x - v) % 2 == 0 for x in xs)),
        ]
    return tuple(
        Relation(f"input {name}", lambda v, xs, f=f: f(xs, v)) if output else Relation(f"output {name}", f)  # type: ignore[misc]
        for name, f in plain
    )


# Texts


def _has(test: Callable[[str], bool]) -> Callable[[Any], bool]:
    return lambda s: any(map(test, s))


_SIGNS = (" ", ",", ".", "-", "/", ":", "@", "_", "(", '"')


def text_properties() -> tuple[Property, ...]:
    """Properties of texts."""
    return (
        Property("empty text", lambda s: not s),
        Property("one character", lambda s: len(s) == 1),
        Property("over 4 characters", lambda s: len(s) > 4),
        Property("over 10 characters", lambda s: len(s) > 10),
        Property("over 20 characters", lambda s: len(s) > 20),
        Property("has digits", _has(str.isdigit)),
        Property("has small letters", _has(str.islower)),
        Property("has capitals", _has(str.isupper)),
        Property("only digits", str.isdigit),
        Property("only letters", str.isalpha),
        Property("all small", str.islower),
        Property("all capitals", str.isupper),
        Property("titled", str.istitle),
        Property("begins with a capital", lambda s: s[:1].isupper()),
        Property("begins with a digit", lambda s: s[:1].isdigit()),
        Property("ends with a digit", lambda s: s[-1:].isdigit()),
        Property("ends with a letter", lambda s: s[-1:].isalpha()),
        Property("spaces at its ends", lambda s: s != s.strip()),
        Property("beyond ascii", lambda s: not s.isascii()),
        *(Property(f"has {sign!r}", lambda s, sign=sign: sign in s) for sign in _SIGNS),  # type: ignore[misc]
    )


def _digits(s: str) -> str:
    return "".join(filter(str.isdigit, s))


def _letters(s: str) -> str:
    return "".join(filter(str.isalpha, s))


def _alnum(s: str) -> str:
    return "".join(filter(str.isalnum, s))


def text_relations() -> tuple[Relation, ...]:
    """Relations between texts."""
    return (
        Relation("same", lambda a, b: a == b),
        Relation("same but for case", lambda a, b: a.lower() == b.lower()),
        Relation("same length", lambda a, b: len(a) == len(b)),
        Relation("output longer", lambda a, b: len(a) < len(b)),
        Relation("output begins input", lambda a, b: a.startswith(b)),
        Relation("output ends input", lambda a, b: a.endswith(b)),
        Relation("output within input", lambda a, b: b in a),
        Relation("input begins output", lambda a, b: b.startswith(a)),
        Relation("input ends output", lambda a, b: b.endswith(a)),
        Relation("input within output", lambda a, b: a in b),
        Relation("output within input but for case", lambda a, b: b.lower() in a.lower()),
        Relation("input within output but for case", lambda a, b: a.lower() in b.lower()),
        Relation("output picked from input", lambda a, b: _subsequence(b, a)),
        Relation("input picked from output", lambda a, b: _subsequence(a, b)),
        Relation("capitals of input", lambda a, b: a.upper() == b),
        Relation("small letters of input", lambda a, b: a.lower() == b),
        Relation("title of input", lambda a, b: a.title() == b),
        Relation("same digits", lambda a, b: _digits(a) == _digits(b)),
        Relation("digits of input", lambda a, b: _digits(a) == b),
        Relation("same letters", lambda a, b: _letters(a) == _letters(b)),
        Relation("letters of input", lambda a, b: _letters(a) == b),
        Relation("same letters and digits", lambda a, b: _alnum(a) == _alnum(b)),
        Relation("characters of input", lambda a, b: set(b) <= set(a)),
        Relation("characters of output", lambda a, b: set(a) <= set(b)),
        Relation("a word of input", lambda a, b: b in a.split()),
        Relation("first word of input", lambda a, b: a.split()[:1] == [b]),
        Relation("last word of input", lambda a, b: a.split()[-1:] == [b]),
        Relation("as many words", lambda a, b: len(a.split()) == len(b.split())),
        Relation("initials of input", lambda a, b: "".join(w[0] for w in a.split()).lower() == _letters(b).lower()),
        Relation("input without its ends' spaces", lambda a, b: a.strip() == b),
        Relation("same first character", lambda a, b: a[:1] == b[:1]),
        Relation("same last character", lambda a, b: a[-1:] == b[-1:]),
        Relation("reversed", lambda a, b: a[::-1] == b),
    )
