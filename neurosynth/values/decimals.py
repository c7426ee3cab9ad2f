"""The type ``decimal``: exact decimal numbers, :class:`decimal.Decimal`.

Equal numbers are one value (``1.0`` and ``1.00``): search keeps one of several equal values, so a primitive must not depend on trailing
zeros.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal as Number
from random import Random
from typing import Any, ClassVar, final

from neurosynth.values.domain import Domain
from neurosynth.values.frozen import freeze
from neurosynth.values.properties import Property, Relation
from neurosynth.values.style import Style
from neurosynth.values.types import TypeConstructor

__all__ = ["Decimal"]

_TYPE = TypeConstructor("decimal")
_WORD = re.compile(r"-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)")
_TEXT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_PLAIN_DIGITS = 40
"""Number of places before or after the point up to which a number is written without an exponent."""


@final
@dataclass(frozen=True, kw_only=True)
class Decimal(Domain):
    """Decimal numbers."""

    nullable: ClassVar[bool] = True
    python: ClassVar[Any] = Number
    styled: ClassVar[bool] = True
    ordered: ClassVar[bool] = True

    @classmethod
    def read_word(cls, text: str) -> tuple[Any, TypeConstructor] | None:
        return (Number(text), _TYPE) if _WORD.fullmatch(text) else None

    def contains(self, value: Any) -> bool:
        return isinstance(value, Number) and value.is_finite()

    def freeze(self, value: Any) -> Any:
        value = freeze(value)
        if isinstance(value, float):
            value = Number(repr(value))
        elif isinstance(value, int) and not isinstance(value, bool):
            value = Number(value)
        return None if isinstance(value, Number) and value.is_nan() else value

    def write(self, value: Any) -> str:
        return f"{value:f}" if _exponent(value) > -_PLAIN_DIGITS and value.adjusted() < _PLAIN_DIGITS else str(value)

    def read(self, text: str) -> Any:
        if not _TEXT.fullmatch(text):
            raise ValueError("expected a number like 12.50")
        return Number(text)

    def spelling(self, value: Any) -> str:
        text = self.write(value)
        return text if _WORD.fullmatch(text) else text + ".0"

    @property
    def spelled_as(self) -> TypeConstructor:
        return _TYPE

    def from_spelling(self, value: Any) -> Any:
        return value

    def to_json(self, value: Any) -> Any:
        """A number if JSON's readers keep it exact, otherwise its text."""
        if value is None:
            return None
        if value == value.to_integral_value() and value.adjusted() < 15:
            return int(value)
        rounded = float(value)
        return rounded if Number(repr(rounded)) == value else self.write(value)

    def from_json(self, value: Any) -> Any:
        if isinstance(value, (int, float, Number)) and not isinstance(value, bool):
            return self.accept(value)
        if isinstance(value, str) or value is None:
            return super().from_json(value)
        raise self.refuse(value)

    @property
    def json_form(self) -> str:
        return 'a number like 12.5, or "12.50" in quotes'

    def sample(self, rng: Random, style: Style) -> Any:
        shared = Random(style.seed)
        places, whole = shared.choice((0, 1, 2, 2, 3)), shared.choice((10, 100, 1000, 100_000))
        low = -whole if shared.random() < 0.2 else 0
        return Number(rng.randint(low * 10**places, whole * 10**places)).scaleb(-places)

    def perturb(self, value: Any, rng: Random) -> Any:
        if value is None:
            return None
        step = Number(rng.choice([0, 0, 1, -1, 2, 5, 10])).scaleb(_exponent(value))
        return Number(0) if rng.random() < 0.1 else value + step

    def redraw(self, value: Any, column: Sequence[Any], rng: Random) -> Any:
        if value is None:
            return None
        known = [v for v in column if v is not None]
        places = max(0, min(_PLAIN_DIGITS, -min(map(_exponent, known))))
        low, high = int(min(known).scaleb(places)), int(max(known).scaleb(places))
        return Number(rng.randint(low, high)).scaleb(-places)

    def measure(self, value: Any) -> float | None:
        return None if value is None else float(value)

    @property
    def properties(self) -> tuple[Property, ...]:
        return _PROPERTIES

    def relations(self, output: Domain) -> tuple[Relation, ...]:
        return (*super().relations(output), *(_RELATIONS if isinstance(output, Decimal) else ()))

    @property
    def landmarks(self) -> tuple[Any, ...]:
        return tuple(map(Number, ("0", "1", "-1", "0.5", "2", "10", "-2.25", "100")))


def _exponent(value: Number) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)  # the exponent of a finite number
    return exponent


_PROPERTIES = (
    Property("negative", lambda n: n < 0),
    Property("zero", lambda n: n == 0),
    Property("whole", lambda n: n == n.to_integral_value()),
    Property("over 100", lambda n: abs(n) > 100),
    Property("over 1000", lambda n: abs(n) > 1000),
)
_RELATIONS = (
    Relation("negated", lambda a, b: a == -b),
    Relation("within one", lambda a, b: abs(a - b) < 1),
    Relation("input further from zero", lambda a, b: abs(a) > abs(b)),
)
