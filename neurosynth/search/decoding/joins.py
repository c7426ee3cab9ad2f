"""Programs of two known values: an inverse says which value, together with a known one, makes the outputs.

A search over prefixes computes the values of finished arguments. For ``(- (length x0) (sum x0))``, both lengths and sums are among them
long before the whole program is likely enough to be run. From the outputs and either of them, the inverse of ``-`` gives the other
(bidirectional search: Duet, POPL 2021, here over values that a guide finds likely instead of all of a bank).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.errors import InputError
from neurosynth.guides.prefixes import PrefixWalk
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Program
from neurosynth.search.candidates import Candidate, Step, Tried
from neurosynth.search.decoding.token_values import TokenValues
from neurosynth.tasks.task import Example
from neurosynth.values.frozen import freeze, typed_key
from neurosynth.values.types import Arrow, Type

__all__ = ["Joins"]


@dataclass(frozen=True, slots=True)
class _Place:
    """An argument that an inverse gives from the output and the other argument."""

    token: int
    position: int
    inverse: Callable[..., Iterable[Any]]
    known: Type
    wanted: Type


class Joins:
    """Looks for two values of one execution that a primitive joins to the outputs; continues with values that are new."""

    def __init__(self, walk: PrefixWalk, values: TokenValues, examples: Sequence[Example]) -> None:
        self.walk, self.values = walk, values
        self._goal = tuple(e.output for e in examples)
        self._places = list(self._all_places())
        self._next = 0
        """The first value that was not looked at."""
        self._known: dict[Hashable, int] = {}
        """Values by type and column."""
        self._wanted: dict[Hashable, tuple[_Place, int]] = {}
        """What would make the outputs with a known value, by type and column."""

    def _all_places(self) -> Iterator[_Place]:
        grammar = self.walk.grammar.grammar
        for p in grammar.by_target[grammar.start]:
            types = [a.type for a in p.arguments]
            if len(types) != 2 or any(isinstance(t, Arrow) for t in types) or p in self.walk.grammar.left_out:
                continue
            inverses = p.head.inverse if isinstance(p.head, Primitive) else None
            for position, inverse in enumerate(inverses or ()):
                if inverse is not None and inverse not in (inverses or ())[:position]:  # either argument alike: once
                    assert isinstance(p.head, Primitive)
                    token = self.walk.grammar.vocabulary.primitive_token(p.head.name)
                    yield _Place(token, position, inverse, types[1 - position], types[position])

    def steps(self, most: int) -> Iterator[Step]:
        """Join up to ``most`` more values, those of the likeliest and shortest prefixes first."""
        while self._places and most > 0 and self._next < len(self.values):
            value, self._next = self._next, self._next + 1
            column = self.values.total(value)
            if column is not None:
                most -= 1
                yield from self._with(value, column)

    def _with(self, value: int, column: Sequence[Any]) -> Iterator[Step]:
        key = self.values.type_of(value), typed_key(column)
        self._known.setdefault(key, value)
        if key in self._wanted:
            yield from self._joined(*self._wanted[key], value)
        if any(v is None for v in (*self._goal, *column)):
            return  # inverses do not know missing values
        for place in self._places:
            if not self.values.is_of(value, place.known):
                continue
            wanted = tuple(
                next(iter(place.inverse(output, v)), UNDEFINED) for output, v in zip(self._goal, column, strict=True)
            )
            if UNDEFINED in wanted:
                continue
            yield Tried(1)
            key = self.values.number_of(place.wanted), typed_key(tuple(map(freeze, wanted)))
            self._wanted.setdefault(key, (place, value))
            if key in self._known:
                yield from self._joined(place, value, self._known[key])

    def _joined(self, place: _Place, known: int, other: int) -> Iterator[Step]:
        arguments = [self.values.tokens_of(known)]
        arguments.insert(place.position, self.values.tokens_of(other))
        program = self._program([place.token, *arguments[0], *arguments[1]])
        if program is not None:
            yield Candidate(program, tried=0)

    def _program(self, tokens: Sequence[int]) -> Program | None:
        try:
            return self.walk.program(tokens)
        except InputError:
            return None  # too long, or a value of another non-terminal of the same type
