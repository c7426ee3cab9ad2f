"""The types ``list a``: sequences of values of one type; tuples inside, lists for users."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from random import Random
from typing import Any, ClassVar, final

from neurosynth.values.domain import Domain, Machine, NotInDomain, Reference, Spelling
from neurosynth.values.frozen import freeze, too_large
from neurosynth.values.properties import (
    Property,
    Relation,
    each_pair,
    every,
    list_properties,
    list_relations,
    part_relations,
    some,
)
from neurosynth.values.style import Style
from neurosynth.values.types import TypeConstructor, list_of
from neurosynth.values.undefined import Undefined

__all__ = ["List"]

_REGULAR_SHARE = 0.2
"""Share of sampled lists of numbers whose elements repeat or are in order."""
_LONGEST_OF_OTHERS = 5
"""Number of elements of the longest sampled list of anything but numbers."""


@final
@dataclass(frozen=True, kw_only=True)
class List(Domain):
    """Lists of values of ``items``."""

    items: Domain

    requests: ClassVar[tuple[str, ...]] = (
        "list int -> list int", "list int -> list int", "list int -> list int", "list int -> list int",
        "list int -> int", "list int -> int", "list int -> list int -> list int",
        "list int -> list int -> list int", "list int -> int -> list int", "int -> list int -> list int",
        "int -> list int -> int", "list int -> list int -> int", "list int -> bool", "list int -> list bool",
        "int -> int", "int -> int -> int",
    )  # fmt: skip

    @classmethod
    def of(cls, type: TypeConstructor, *arguments: Any) -> Domain:
        (items,) = arguments
        return cls(type=type, items=items)

    @property
    def element(self) -> Domain | None:
        return self.items

    def contains(self, value: Any) -> bool:
        return isinstance(value, tuple) and all(self.items.has(v) for v in value)

    def freeze(self, value: Any) -> Any:
        value = freeze(value)
        return tuple([self.items.freeze(v) for v in value]) if isinstance(value, tuple) else value

    def thaw(self, value: Any) -> Any:
        return [self.items.thaw(v) for v in value] if isinstance(value, tuple) else value

    def write(self, value: Any) -> str:
        return json.dumps(self.to_json(value), ensure_ascii=False)

    def read(self, text: str) -> Any:
        try:
            return self.from_json(json.loads(text))
        except NotInDomain as error:
            raise ValueError(str(error)) from None

    def spelling(self, value: Any) -> str:
        return "[" + " ".join(map(self.items.literal, value)) + "]"

    @property
    def spelled_as(self) -> TypeConstructor:
        return list_of(self.items.type)

    def from_spelling(self, value: Any) -> Any:
        return value

    def to_json(self, value: Any) -> Any:
        return [self.items.to_json(v) for v in value]

    def from_json(self, value: Any) -> Any:
        if not isinstance(value, list):
            raise self.refuse(value)
        return tuple([self.items.from_json(v) for v in value])

    @property
    def json_form(self) -> str:
        return "a JSON list like [1, 2]"

    def limit(self, size: int, bits: int) -> Callable[[Any], Any] | None:
        flat = self.items.element is None
        measured = not flat or self.items.size("") == 0  # elements have parts, too

        def check(value: Any) -> Any:
            if len(value) > size or (measured and too_large(value, size)):
                raise Undefined("size budget")
            if isinstance(value, list):
                # lists inside lists must become tuples too, or equal values compare unequal
                value = tuple(value) if flat else freeze(value)
            return value

        return check

    def size(self, value: Any) -> int:
        return len(value)

    def sample(self, rng: Random, style: Style) -> Any:
        numbers, counted = style.numbers, self.items.counts
        longest = numbers.longest if counted else min(numbers.longest, _LONGEST_OF_OTHERS)
        length = rng.randint(min(numbers.shortest, longest), longest)
        if counted and rng.random() < _REGULAR_SHARE:
            return self._regular(rng, style, length)
        return tuple([self.items.sample(rng, style) for _ in range(length)])

    def _regular(self, rng: Random, style: Style, length: int) -> tuple[Any, ...]:
        """A list whose elements repeat or are in order, which is what ``unique``, ``sort`` and comparisons are for."""
        few = [self.items.sample(rng, style) for _ in range(rng.randint(1, 4))]
        if rng.random() < 0.5:
            return tuple(rng.choices(few, k=length))
        return tuple(sorted(self.items.sample(rng, style) for _ in range(length)))

    def draw(self, rng: Random, part: Callable[[Domain], Any] | None = None) -> Any:
        inner = part or (lambda domain: domain.draw(rng))
        return tuple([inner(self.items) for _ in range(rng.choice((0, 1, 2, 3, 5, 8)))])

    def perturb(self, value: Any, rng: Random) -> Any:
        items = list(value)
        kind = rng.randrange(4)
        if kind == 0 and items:
            del items[rng.randrange(len(items))]
        elif kind == 1 and items:
            items.insert(rng.randrange(len(items) + 1), rng.choice(items))
        elif kind == 2:
            rng.shuffle(items)
        elif items:
            at = rng.randrange(len(items))
            items[at] = self.items.perturb(items[at], rng)
        return tuple(items)

    def redraw(self, value: Any, column: Sequence[Any], rng: Random) -> Any:
        items = [item for other in column for item in other]
        return tuple([self.items.redraw(item, items, rng) for item in value])

    @property
    def landmarks(self) -> tuple[Any, ...]:
        return ((),)

    @property
    def probes(self) -> tuple[Any, ...]:
        own = self.items.probes
        return ((), own[:1], own[::-1], (*own[1:3], *own[:2])) if own else ()

    def shape(self, value: Any) -> str:
        """The shapes of the elements, whatever their numbers."""
        return "[" + " ".join(sorted({self.items.shape(v) for v in value})) + "]"

    def measure(self, value: Any) -> float | None:
        """The number in it that is farthest from 0."""
        known = [n for v in value if (n := self.items.measure(v)) is not None]
        return max(known, key=abs, default=None)

    @property
    def machine(self) -> Machine:
        return "words" if self.items.machine == "word" else "object"

    def encode(self, value: Any) -> Any:
        return [self.items.encode(v) for v in value] if self.machine == "words" else value

    def decode(self, stored: Any) -> Any:
        return tuple(map(self.items.decode, stored)) if self.machine == "words" else stored

    @property
    def coded(self) -> bool:
        return self.machine == "words" and self.items.coded

    @property
    def type_symbols(self) -> tuple[str, ...]:
        return ("list", *self.items.type_symbols)

    def spell(self, value: Any, out: Spelling) -> None:
        self.items.spell_elements(value, out)

    def spell_elements(self, values: Sequence[Any], out: Spelling) -> None:
        for value in values:
            out.mark("[")
            self.spell(value, out)
            out.mark("]")

    @cached_property
    def properties(self) -> tuple[Property, ...]:
        own = self.items.properties
        return (*list_properties(self.items.ordered), *map(every, own), *map(some, own))

    def relations(self, output: Domain) -> tuple[Relation, ...]:
        return _relations(self, output)

    def annotation(self, refer: Reference) -> str:
        return f"list[{self.items.annotation(refer)}]"

    def source(self, value: Any, refer: Reference) -> str:
        inner = ", ".join(self.items.source(v, refer) for v in value)
        return f"[{inner}]"


@lru_cache(maxsize=256)
def _relations(own: List, output: Domain) -> tuple[Relation, ...]:
    if isinstance(output, List):
        alike = own.items.type == output.items.type
        pairs = map(each_pair, own.items.relations(output.items))
        return (*list_relations(alike, alike and own.items.ordered), *pairs)
    found: tuple[Relation, ...] = ()
    if own.items.type == output.type:
        found += part_relations(output.ordered, output.counts, output=False)
    if output.counts:
        found += (
            Relation("output is its length", lambda xs, n: n == len(xs)),
            Relation("output below its length", lambda xs, n: n < len(xs)),
        )
    return found
