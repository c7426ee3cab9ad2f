"""The type ``int``: whole numbers of any size."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, final

from neurosynth.values.domain import Domain, Machine, Reference, Spelling
from neurosynth.values.properties import Property, Relation, part_relations
from neurosynth.values.style import Style
from neurosynth.values.types import INT, TypeConstructor
from neurosynth.values.undefined import Undefined

__all__ = ["Int"]

_WORD = re.compile(r"-?\d+")
_TASK_CONSTANTS_SHARE = 0.08
"""Share of sampled tasks over numbers with numbers that the language lacks as constants."""


@final
@dataclass(frozen=True, kw_only=True)
class Int(Domain):
    """Whole numbers."""

    python: ClassVar[Any] = int
    everywhere: ClassVar[bool] = True
    counts: ClassVar[bool] = True
    ordered: ClassVar[bool] = True
    requests: ClassVar[tuple[str, ...]] = ("int -> int", "int -> int -> int")

    @classmethod
    def read_word(cls, text: str) -> tuple[Any, TypeConstructor] | None:
        return (int(text), INT) if _WORD.fullmatch(text) else None

    def contains(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)

    def write(self, value: Any) -> str:
        return str(value)

    def read(self, text: str) -> Any:
        if not _WORD.fullmatch(text):
            raise ValueError(f"expected {self.json_form}")
        return int(text)

    def spelling(self, value: Any) -> str:
        return str(value)

    @property
    def spelled_as(self) -> TypeConstructor:
        return INT

    def from_spelling(self, value: Any) -> Any:
        return value

    def to_json(self, value: Any) -> Any:
        return value

    def from_json(self, value: Any) -> Any:
        if not self.contains(value):
            raise self.refuse(value)
        return value

    @property
    def json_form(self) -> str:
        return "an integer like 12"

    def limit(self, size: int, bits: int) -> Callable[[Any], Any] | None:
        def check(value: Any) -> Any:
            if value.bit_length() > bits:
                raise Undefined("integer budget")
            return value

        return check

    def sample(self, rng: Random, style: Style) -> Any:
        return rng.randint(style.numbers.low, style.numbers.high)

    def draw(self, rng: Random, part: Callable[[Domain], Any] | None = None) -> Any:
        return rng.choice((0, 1, 2, -1, rng.randint(-5, 9), rng.randint(-5, 9), rng.randint(-1000, 1000), 1 << 20))

    def perturb(self, value: Any, rng: Random) -> Any:
        return value + rng.choice([0, 0, 1, -1, 2, 5, -value])

    def redraw(self, value: Any, column: Sequence[Any], rng: Random) -> Any:
        return rng.randint(min(column), max(column))

    def task_constants(self, rng: Random, values: Sequence[Any], names: Iterable[str]) -> list[Any]:
        if (
            "string" in names or rng.random() >= _TASK_CONSTANTS_SHARE
        ):  # together with texts, numbers are mostly positions
            return []
        return sorted({rng.choice((rng.randint(11, 100), -rng.randint(2, 10))) for _ in range(rng.randint(1, 2))})

    @property
    def landmarks(self) -> tuple[Any, ...]:
        return (0, 1, 2, 3, -1, 5, 4, 7, 10, -3, 6, 9, 16, -2, 25, 8, 12)

    @property
    def probes(self) -> tuple[Any, ...]:
        return (0, 1, 2, 3, 5, -3)

    @property
    def far_landmarks(self) -> tuple[Any, ...]:
        return (100, -57, 11, 13, 14, 15, 1000)

    def shape(self, value: Any) -> str:
        return "-9" if value < 0 else "9"

    def measure(self, value: Any) -> float | None:
        return float(max(-(1 << 1000), min(1 << 1000, value)))

    @property
    def machine(self) -> Machine:
        return "word"

    @property
    def type_symbols(self) -> tuple[str, ...]:
        return ("int",)

    def spell(self, value: Any, out: Spelling) -> None:
        out.integer(value)

    def spell_elements(self, values: Sequence[Any], out: Spelling) -> None:
        out.integers(values)  # no separator: each number of several symbols begins with a sign

    def annotation(self, refer: Reference) -> str:
        return "int"

    @property
    def properties(self) -> tuple[Property, ...]:
        return _PROPERTIES

    def relations(self, output: Domain) -> tuple[Relation, ...]:
        if isinstance(output, Int):
            return _RELATIONS
        if output.element is not None:
            own = part_relations(ordered=True, counts=True, output=True) if isinstance(output.element, Int) else ()
            return (*_OF_LENGTH, *own)
        return (*super().relations(output), *(_OF_LENGTH if output.machine == "text" else ()))


_PROPERTIES = (
    Property("negative", lambda n: n < 0),
    Property("zero", lambda n: n == 0),
    Property("one", lambda n: n == 1),
    Property("even", lambda n: n % 2 == 0),
    Property("by three", lambda n: n % 3 == 0),
    Property("by four", lambda n: n % 4 == 0),
    Property("by ten", lambda n: n % 10 == 0),
    Property("one digit", lambda n: -10 < n < 10),
    Property("over 30", lambda n: abs(n) > 30),
    Property("over 100", lambda n: abs(n) > 100),
    Property("over 1000", lambda n: abs(n) > 1000),
    Property("square", lambda n: n >= 0 and math.isqrt(n) ** 2 == n),
)
_RELATIONS = (
    Relation("same", lambda a, b: a == b),
    Relation("input below output", lambda a, b: a < b),
    Relation("input further from zero", lambda a, b: abs(a) > abs(b)),
    Relation("same parity", lambda a, b: (a - b) % 2 == 0),
    Relation("same sign", lambda a, b: (a > 0) == (b > 0) and (a < 0) == (b < 0)),
    Relation("negated", lambda a, b: a == -b),
    Relation("output one more", lambda a, b: b == a + 1),
    Relation("output one less", lambda a, b: b == a - 1),
    Relation("output twice input", lambda a, b: b == 2 * a),
    Relation("output half input", lambda a, b: b == a // 2),
    Relation("output square of input", lambda a, b: b == a * a),
    Relation("input divides output", lambda a, b: a != 0 and b % a == 0),
    Relation("output divides input", lambda a, b: b != 0 and a % b == 0),
    Relation("same last digit", lambda a, b: (a - b) % 10 == 0),
)
_OF_LENGTH = (
    Relation("input is its length", lambda n, xs: n == len(xs)),
    Relation("input below its length", lambda n, xs: n < len(xs)),
)
