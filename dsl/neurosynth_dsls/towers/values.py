"""The types ``plan`` and ``tower``.

A *plan* is the effect of a program relative to the initial position of the hand: the blocks that fall, and the final position of the
hand. Its frozen form is a tuple: the displacement of the hand, then the settled codes of its blocks
(:mod:`neurosynth_dsls.towers.blocks`). Two plans are equal if they have the same effect in every tower, so enumeration keeps one
program for each.

A *tower* is blocks at rest: ``[x, width, height]`` each, moved so that the leftmost middle is at 0. JSON may list them in any order in
which they can fall; the frozen form is settled, so two towers are equal if the same blocks are at the same positions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Annotated, Any, ClassVar

from neurosynth.values.domain import NotInDomain
from neurosynth.values.shapes import Rectangle
from neurosynth.values.style import Style
from neurosynth_dsls.towers.blocks import LYING, STANDING, bottoms, high, settled, wide
from neurosynth_dsls.words import WordsDomain

__all__ = ["Plan", "PlanDomain", "Tower", "TowerDomain", "block_of", "code_of", "drawn"]

Plan = Annotated[tuple[int, ...], "plan"]
"""The annotation of a plan: (displacement of the hand, code, code …)."""
Tower = Annotated[tuple[tuple[int, int, int], ...], "tower"]
"""The annotation of a tower: ((x, width, height), …)."""

_STEP = re.compile(r"(lay|stand) (-?\d+)|hand (-?\d+)")
_KINDS = {(6, 2): LYING, (2, 6): STANDING}


def code_of(block: Sequence[int]) -> int:
    """The code of ``(x, width, height)``.

    Raises:
        ValueError: for a size other than the two allowed ones.
    """
    x, width, height = block
    if (width, height) not in _KINDS:
        raise ValueError(f"a block is 6 wide and 2 high, or 2 wide and 6 high, not {width} and {height}")
    return 2 * x + _KINDS[width, height]


def block_of(code: int) -> tuple[int, int, int]:
    """``(x, width, height)`` of a code."""
    return code >> 1, 2 * wide(code), high(code)


@dataclass(frozen=True, kw_only=True)
class PlanDomain(WordsDomain):
    """Plans, written ``lay 0, stand 4, hand 6``: blocks by position, and the final position of the hand."""

    everywhere: ClassVar[bool] = True

    def contains(self, value: Any) -> bool:
        """The displacement of the hand and settled codes."""
        whole = isinstance(value, tuple) and bool(value) and all(type(part) is int for part in value)
        return whole and settled(value[1:]) == value[1:]

    def write(self, value: Any) -> str:
        """``lay 0, stand 4, hand 6``."""
        blocks = [f"{'stand' if code & 1 else 'lay'} {code >> 1}" for code in value[1:]]
        return ", ".join([*blocks, f"hand {value[0]}"])

    def read(self, text: str) -> Any:
        """The value that :meth:`write` wrote."""
        *blocks, last = (_STEP.fullmatch(step.strip()) for step in text.split(","))
        if last is None or last[3] is None or any(step is None or step[3] is not None for step in blocks):
            raise ValueError("expected blocks and the way of the hand, like 'lay 0, stand 4, hand 6'")
        return (int(last[3]), *settled(2 * int(step[2]) + (step[1] == "stand") for step in blocks if step is not None))

    def sample(self, rng: Random, style: Style) -> Any:
        """A few blocks near each other."""
        codes = [2 * rng.randint(-6, 6) + rng.randrange(2) for _ in range(rng.randint(0, 4))]
        return (rng.randint(-6, 6), *settled(codes))

    @property
    def landmarks(self) -> tuple[Any, ...]:
        """Nothing, a step, one block of each kind, an arch."""
        return (0,), (3,), (0, 0), (0, 1), (6, 1, 9, 4)

    def show(self, value: Any) -> str:
        """A drawing."""
        return drawn(value[1:])

    def shapes(self, value: Any) -> Sequence[Rectangle]:
        """The blocks on even ground."""
        return _shapes(value[1:])


@dataclass(frozen=True, kw_only=True)
class TowerDomain(WordsDomain):
    """Towers, in JSON ``[[x, width, height], …]`` in an order in which the blocks can fall."""

    def contains(self, value: Any) -> bool:
        """Settled blocks of the two kinds, the leftmost at 0."""
        if not isinstance(value, tuple) or not all(isinstance(b, tuple) and len(b) == 3 for b in value):
            return False
        if not all(type(part) is int for b in value for part in b) or not {b[1:] for b in value} <= _KINDS.keys():
            return False
        return bool(value == self.freeze(value))

    def freeze(self, value: Any) -> Any:
        """Settled, and moved so that the leftmost middle is at 0."""
        try:
            codes = [code_of(block) for block in value]
        except (TypeError, ValueError):
            return value
        left = min((code >> 1 for code in codes), default=0)
        return tuple(block_of(code - 2 * left) for code in settled(codes))

    def thaw(self, value: Any) -> Any:
        """Lists of three numbers."""
        return [list(block) for block in value]

    def write(self, value: Any) -> str:
        """As JSON."""
        return json.dumps(self.thaw(value))

    def read(self, text: str) -> Any:
        """From JSON."""
        try:
            return self.from_json(json.loads(text))
        except NotInDomain as error:
            raise ValueError(str(error)) from None

    def to_json(self, value: Any) -> Any:
        """Lists of three numbers."""
        return self.thaw(value)

    def from_json(self, value: Any) -> Any:
        """From lists of three numbers, in an order in which the blocks can fall."""
        triples = isinstance(value, list) and all(isinstance(b, list) and len(b) == 3 for b in value)
        if not triples or not all(type(part) is int for b in value for part in b):
            raise self.refuse(value)
        try:
            return self.freeze([(code_of(b), b)[1] for b in value])
        except ValueError as error:
            raise NotInDomain(f"{value} is not a tower: {error}") from None

    @property
    def json_form(self) -> str:
        """For messages."""
        return "blocks [x, width, height] like [[0, 6, 2], [0, 2, 6]]"

    def sample(self, rng: Random, style: Style) -> Any:
        """A few blocks near each other."""
        return self.freeze([block_of(2 * rng.randint(0, 9) + rng.randrange(2)) for _ in range(rng.randint(0, 5))])

    @property
    def landmarks(self) -> tuple[Any, ...]:
        """No block, one, an arch."""
        return (), ((0, 6, 2),), ((0, 2, 6), (4, 2, 6), (2, 6, 2))

    def encode(self, value: Any) -> Any:
        """The codes of the blocks."""
        return [code_of(block) for block in value]

    def decode(self, stored: Any) -> Any:
        """The blocks of codes."""
        return tuple(map(block_of, stored))

    def annotation(self, refer: Any) -> str:
        """In exported code."""
        return "tuple[tuple[int, int, int], ...]"

    def show(self, value: Any) -> str:
        """A drawing."""
        return drawn(self.encode(value))

    def shapes(self, value: Any) -> Sequence[Rectangle]:
        """The blocks."""
        return _shapes(self.encode(value))


def _shapes(codes: Sequence[int]) -> Sequence[Rectangle]:
    return [
        Rectangle((code >> 1) - wide(code), low, 2 * wide(code), high(code), code & 1, framed=True)
        for code, low in zip(codes, bottoms(codes), strict=True)
    ]


def drawn(codes: Sequence[int]) -> str:
    """Blocks as text, a character a unit and a line two: ``▬▬▬`` lies, ``▮`` stands; the ground is not drawn.

    >>> print(drawn([1, 9, 4]))
    ▬▬▬
    ▮ ▮
    ▮ ▮
    ▮ ▮
    """
    if not codes:
        return "no blocks"
    left = min((code >> 1) - wide(code) for code in codes)
    cells: dict[tuple[int, int], str] = {}
    for code, bottom in zip(codes, bottoms(codes), strict=True):
        first = ((code >> 1) - wide(code) - left) // 2
        for column in range(first, first + wide(code)):
            for row in range(bottom // 2, (bottom + high(code)) // 2):
                cells[row, column] = "▮" if code & 1 else "▬"
    rows, columns = (1 + max(place) for place in zip(*cells, strict=True))
    lines = ("".join(cells.get((row, c), " ") for c in range(columns)).rstrip() for row in reversed(range(rows)))
    return "\n".join(lines)
