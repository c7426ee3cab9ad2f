"""The type ``colour``: three bytes, written ``#ff8800``, one machine word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, Literal, NamedTuple

from neurosynth.values.domain import Domain
from neurosynth.values.style import Style


class RGB(NamedTuple):
    """Red, green and blue, each from 0 to 255."""

    red: int
    green: int
    blue: int


@dataclass(frozen=True, kw_only=True)
class Colour(Domain):
    """Colours of the screen."""

    python: ClassVar[Any] = RGB

    def contains(self, value: Any) -> bool:
        """Three bytes."""
        return isinstance(value, RGB) and all(type(part) is int and 0 <= part < 256 for part in value)

    def freeze(self, value: Any) -> Any:
        """A triple of any kind, or the text."""
        if isinstance(value, str):
            return self.read(value)
        return RGB(*map(int, value)) if isinstance(value, Sequence) and len(value) == 3 else value

    def write(self, value: Any) -> str:
        """``#ff8800``."""
        return f"#{value.red:02x}{value.green:02x}{value.blue:02x}"

    def read(self, text: str) -> Any:
        """From ``#ff8800``."""
        if len(text) != 7 or text[0] != "#":
            raise ValueError("expected a colour like #ff8800")
        return RGB(*bytes.fromhex(text[1:]))

    def sample(self, rng: Random, style: Style) -> Any:
        """Any colour, pure ones as often."""
        return RGB(*(rng.choice((0, 255, rng.randrange(256))) for _ in range(3)))

    @property
    def landmarks(self) -> tuple[Any, ...]:
        """Black, white, red, and one between."""
        return RGB(0, 0, 0), RGB(255, 255, 255), RGB(255, 0, 0), RGB(1, 128, 200)

    @property
    def machine(self) -> Literal["word"]:
        """One word."""
        return "word"

    def encode(self, value: Any) -> Any:
        """Red in the highest byte of three."""
        return value.red << 16 | value.green << 8 | value.blue

    def decode(self, stored: Any) -> Any:
        """The bytes of the word."""
        return RGB(stored >> 16, stored >> 8 & 255, stored & 255)
