"""The types ``path`` and ``picture``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Annotated, Any, ClassVar

from neurosynth.values.domain import NotInDomain, Spelling
from neurosynth.values.shapes import Rectangle
from neurosynth.values.style import Style
from neurosynth_dsls.turtle.paths import finished
from neurosynth_dsls.turtle.pictures import SIDE, painted
from neurosynth_dsls.words import WordsDomain

__all__ = ["Path", "PathDomain", "Picture", "PictureDomain", "Room", "drawn"]

Path = Annotated[tuple[int, ...], "path"]
"""The annotation of a path: a row of words; see :mod:`neurosynth_dsls.turtle.paths`."""
Picture = Annotated[tuple[int, ...], "picture"]
"""The annotation of a picture: 64 rows from the top, the lowest bit of each leftmost."""

_FULL = 1 << SIDE


class Room(list[int]):
    """The buffer into which a function writes like a kernel."""

    @property
    def size(self) -> int:
        """Number of words."""
        return len(self)


@dataclass(frozen=True, kw_only=True)
class PathDomain(WordsDomain):
    """Paths, written as their words: ``4 0 0 0 0 4``."""

    everywhere: ClassVar[bool] = True

    def contains(self, value: Any) -> bool:
        """Words in order."""
        whole = isinstance(value, tuple) and len(value) >= 3 and len(value) % 3 == 0
        if not whole or not all(type(part) is int for part in value) or not 0 <= value[2] < 24:
            return False
        room = Room(value)
        return finished(room, len(value), *value[:3]) == len(value) and tuple(room) == value  # type: ignore[arg-type]  # a list in place of an array

    def write(self, value: Any) -> str:
        """Words."""
        return " ".join(map(str, value))

    def read(self, text: str) -> Any:
        """The value from words."""
        value = tuple(map(int, text.split()))
        if not self.contains(value):
            raise ValueError("expected the words of a path, like '4 0 0 0 0 4'")
        return value

    def sample(self, rng: Random, style: Style) -> Any:
        """Some lines that begin where the turtle begins, or a step before."""
        lines = {
            (rng.randint(-1, 1), 0, 1024 * rng.randrange(12) + rng.randint(1, 4)) for _ in range(rng.randint(0, 3))
        }
        room = Room([rng.randint(-3, 3), 0, rng.randrange(24), *(part for line in lines for part in line)])
        return tuple(room[: finished(room, len(room), *room[:3])])  # type: ignore[arg-type]  # a list in place of an array

    @property
    def landmarks(self) -> tuple[Any, ...]:
        """Nothing, a step, a turn."""
        return (0, 0, 0), (4, 0, 0, 0, 0, 4), (0, 0, 6)

    def show(self, value: Any) -> str:
        """A drawing."""
        return drawn(self._picture(value))

    def shapes(self, value: Any) -> Sequence[Rectangle]:
        """The picture that it draws from the middle of the paper."""
        return _runs(self._picture(value))

    def _picture(self, value: Any) -> tuple[int, ...]:
        room = Room([0] * SIDE)
        painted(room, value, 0, len(value))  # type: ignore[arg-type]  # a list in place of an array
        return tuple(room)


@dataclass(frozen=True, kw_only=True)
class PictureDomain(WordsDomain):
    """Pictures of 64 by 64, written as rows of hexadecimal digits from the top, the highest bit rightmost, without empty rows at the end."""

    def contains(self, value: Any) -> bool:
        """64 rows of 64 bits."""
        if not isinstance(value, tuple) or len(value) != SIDE:
            return False
        return all(type(row) is int and 0 <= row < _FULL for row in value)

    def write(self, value: Any) -> str:
        """``|||f0|90|90|f0``: a row between bars, in hexadecimal digits."""
        return "|".join(f"{row:x}" if row else "" for row in value).rstrip("|")

    def read(self, text: str) -> Any:
        """The value that :meth:`write` wrote."""
        rows = text.split("|")
        if len(rows) > SIDE:
            raise ValueError(f"expected at most {SIDE} rows, got {len(rows)}")
        value = tuple(int(row or "0", 16) for row in rows) + (0,) * (SIDE - len(rows))
        if not self.contains(value):
            raise ValueError(f"expected rows of at most {SIDE // 4} hexadecimal digits between bars")
        return value

    def from_json(self, value: Any) -> Any:
        """From its text."""
        if not isinstance(value, str):
            raise self.refuse(value)
        try:
            return self.read(value)
        except ValueError as error:
            shown = value if len(value) <= 60 else value[:57] + "..."
            raise NotInDomain(f"{shown!r} is not a picture: {error}") from None

    @property
    def json_form(self) -> str:
        """For messages."""
        return "rows of hexadecimal digits between bars, like '||f0|90|f0'"

    def limit(self, size: int, bits: int) -> Callable[[Any], Any] | None:
        """Every picture is valid."""
        return None

    def size(self, value: Any) -> int:
        """All pictures have the same size."""
        return 1

    def sample(self, rng: Random, style: Style) -> Any:
        """A line across."""
        row = rng.randrange(SIDE)
        return tuple((1 << rng.randrange(1, SIDE)) - 1 if k == row else 0 for k in range(SIDE))

    @property
    def landmarks(self) -> tuple[Any, ...]:
        """An empty one."""
        return ((0,) * SIDE,)

    def encode(self, value: Any) -> Any:
        """Rows as signed words."""
        return [row - _FULL if row >> (SIDE - 1) else row for row in value]

    def decode(self, stored: Any) -> Any:
        """Rows from signed words."""
        return tuple(row % _FULL for row in stored)

    def spell(self, value: Any, out: Spelling) -> None:
        """The number of points in each eighth of each eighth row: a small version of the picture."""
        step = SIDE // 8
        for top in range(0, SIDE, step):
            cells = (
                sum((row >> left & 255).bit_count() for row in value[top : top + step]) for left in range(0, SIDE, 8)
            )
            out.integers(tuple(cells))

    def show(self, value: Any) -> str:
        """A drawing."""
        return drawn(value)

    def shapes(self, value: Any) -> Sequence[Rectangle]:
        """Its points; adjacent ones of a row are merged."""
        return _runs(value)


def _runs(rows: tuple[int, ...]) -> Sequence[Rectangle]:
    """Adjacent points as one rectangle."""
    found = []
    for top, row in enumerate(rows):
        column = 0
        while row >> column:
            if row >> column & 1:
                width = 1
                while row >> (column + width) & 1:
                    width += 1
                found.append(Rectangle(column, SIDE - 1 - top, width, 1))
                column += width
            else:
                column += 1
    return found


def drawn(rows: tuple[int, ...]) -> str:
    """A picture as text, two points by four a character (Braille), without what is empty around it.

    >>> print(drawn((3, 3, 0, 0) + (0,) * 60))
    ⠛
    """
    dots = ((0, 0, 1), (0, 1, 2), (0, 2, 4), (1, 0, 8), (1, 1, 16), (1, 2, 32), (0, 3, 64), (1, 3, 128))
    lines = []
    for top in range(0, SIDE, 4):
        cells = (sum(bit for x, y, bit in dots if rows[top + y] >> (left + x) & 1) for left in range(0, SIDE, 2))
        lines.append("".join(chr(0x2800 + cell) if cell else " " for cell in cells).rstrip())
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    left = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return "\n".join(line[left:] for line in lines) or "no line"
