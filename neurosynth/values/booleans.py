"""The type ``bool``: true and false."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, final

from neurosynth.values.domain import Domain, Machine, Reference, Spelling
from neurosynth.values.properties import Property
from neurosynth.values.style import Style
from neurosynth.values.types import BOOL, TypeConstructor

__all__ = ["Bool"]

_WORDS = {"true": True, "false": False}


@final
@dataclass(frozen=True, kw_only=True)
class Bool(Domain):
    """Truth values."""

    python: ClassVar[Any] = bool
    few: ClassVar[int | None] = 2
    everywhere: ClassVar[bool] = True
    requests: ClassVar[tuple[str, ...]] = ("bool -> bool", "bool -> bool -> bool")

    @classmethod
    def read_word(cls, text: str) -> tuple[Any, TypeConstructor] | None:
        return (_WORDS[text], BOOL) if text in _WORDS else None

    def contains(self, value: Any) -> bool:
        return isinstance(value, bool)

    def write(self, value: Any) -> str:
        return "true" if value else "false"

    def read(self, text: str) -> Any:
        if text not in _WORDS:
            raise ValueError(f"expected {self.json_form}")
        return _WORDS[text]

    def spelling(self, value: Any) -> str:
        return self.write(value)

    @property
    def spelled_as(self) -> TypeConstructor:
        return BOOL

    def from_spelling(self, value: Any) -> Any:
        return value

    def to_json(self, value: Any) -> Any:
        return value

    def from_json(self, value: Any) -> Any:
        if not isinstance(value, bool):
            raise self.refuse(value)
        return value

    @property
    def json_form(self) -> str:
        return "true or false"

    def sample(self, rng: Random, style: Style) -> Any:
        return rng.random() < 0.5

    def draw(self, rng: Random, part: Callable[[Domain], Any] | None = None) -> Any:
        return rng.random() < 0.5

    def perturb(self, value: Any, rng: Random) -> Any:
        return value if rng.random() < 0.5 else not value

    def redraw(self, value: Any, column: Sequence[Any], rng: Random) -> Any:
        return rng.random() < 0.5

    @property
    def landmarks(self) -> tuple[Any, ...]:
        return (False, True)

    @property
    def machine(self) -> Machine:
        return "word"

    def encode(self, value: Any) -> Any:
        return int(value)

    def decode(self, stored: Any) -> Any:
        return bool(stored)

    @property
    def type_symbols(self) -> tuple[str, ...]:
        return ("bool",)

    def spell(self, value: Any, out: Spelling) -> None:
        out.boolean(value)

    def spell_elements(self, values: Sequence[Any], out: Spelling) -> None:
        for value in values:
            out.boolean(value)

    def annotation(self, refer: Reference) -> str:
        return "bool"

    @property
    def properties(self) -> tuple[Property, ...]:
        return (Property("true", bool),)
