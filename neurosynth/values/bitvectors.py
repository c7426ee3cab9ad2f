"""The types ``bitvec n``: words of n bits, as non-negative integers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, final

from neurosynth.values.domain import Domain, Machine, NotInDomain, Reference, Spelling
from neurosynth.values.properties import Property, Relation
from neurosynth.values.style import Style
from neurosynth.values.types import TypeConstructor, bitvec

__all__ = ["Bitvec"]

_HEX = re.compile(r"#x[0-9a-fA-F]+")
_BINARY = re.compile(r"#b[01]+")


@final
@dataclass(frozen=True, kw_only=True)
class Bitvec(Domain):
    """Words of ``width`` bits."""

    width: int

    constants: ClassVar[tuple[Any, ...]] = (0, 1)
    ordered: ClassVar[bool] = True
    requests: ClassVar[tuple[str, ...]] = ("bitvec 64 -> bitvec 64", "bitvec 64 -> bitvec 64 -> bitvec 64")

    @classmethod
    def of(cls, type: TypeConstructor, *arguments: Any) -> Domain:
        (width,) = arguments
        return cls(type=type, width=width)

    @classmethod
    def read_word(cls, text: str) -> tuple[Any, TypeConstructor] | None:
        if _HEX.fullmatch(text):
            return int(text[2:], 16), bitvec(4 * (len(text) - 2))
        return (int(text[2:], 2), bitvec(len(text) - 2)) if _BINARY.fullmatch(text) else None

    def contains(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << self.width

    def write(self, value: Any) -> str:
        return f"#x{value:0{self.width // 4}x}" if self.width % 4 == 0 else f"#b{value:0{self.width}b}"

    def read(self, text: str) -> Any:
        found = self.read_word(text)
        if found is None:
            raise ValueError("allowed: #x and hexadecimal digits, #b and binary digits")
        value, t = found
        if t != bitvec(self.width):
            raise ValueError(f"it has {t.arguments[0]} bits")
        return value

    def spelling(self, value: Any) -> str:
        return self.write(value)

    @property
    def spelled_as(self) -> TypeConstructor:
        return bitvec(self.width)

    def from_spelling(self, value: Any) -> Any:
        return value

    def from_json(self, value: Any) -> Any:
        if isinstance(value, str):
            return super().from_json(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.refuse(value)
        if not self.contains(value):
            raise NotInDomain(f"{value} is not a valid {self.type}; allowed: 0 to {(1 << self.width) - 1}")
        return value

    @property
    def json_form(self) -> str:
        return "like #x0f, #b01 or a number"

    def sample(self, rng: Random, style: Style) -> Any:
        match style.bits:
            case "small":
                return rng.randrange(min(1 << self.width, 256))
            case "sparse":
                value = 0
                for _ in range(rng.randint(0, 4)):
                    value |= 1 << rng.randrange(self.width)
                return value
            case "runs":
                start = rng.randrange(self.width)
                run = ((1 << rng.randint(1, self.width)) - 1) << start
                noise = rng.getrandbits(self.width) & rng.getrandbits(self.width)
                return (run | noise) & ((1 << self.width) - 1)
        return rng.getrandbits(self.width)

    def draw(self, rng: Random, part: Callable[[Domain], Any] | None = None) -> Any:
        ends = (0, 1, (1 << self.width) - 1, 1 << (self.width - 1))
        return rng.choice((*ends, rng.getrandbits(self.width), rng.getrandbits(self.width)))

    def perturb(self, value: Any, rng: Random) -> Any:
        return value ^ (1 << rng.randrange(self.width)) if rng.random() < 0.7 else value

    def redraw(self, value: Any, column: Sequence[Any], rng: Random) -> Any:
        return rng.getrandbits(self.width)

    def task_constants(self, rng: Random, values: Sequence[Any], names: Iterable[str]) -> list[Any]:
        masks = [2, 3, 4, 7, 8, 15, 16, 32, 63, 255, (1 << self.width) - 1, 1 << (self.width - 1)]
        fit = [m for m in masks if 1 < m < 1 << self.width]
        return sorted(rng.sample(fit, k=min(len(fit), rng.randint(0, 3))))

    @property
    def properties(self) -> tuple[Property, ...]:
        top, full = 1 << (self.width - 1), (1 << self.width) - 1
        return (
            *_PROPERTIES,
            Property("top bit", lambda v: v >= top),
            Property("all ones", lambda v: v == full),
            Property("only upper half", lambda v: v & ((1 << self.width // 2) - 1) == 0),
            Property("only lower half", lambda v: v >> (self.width // 2) == 0),
        )

    def relations(self, output: Domain) -> tuple[Relation, ...]:
        if output.type != self.type:
            return super().relations(output)
        full = (1 << self.width) - 1
        return (
            *_RELATIONS,
            Relation("complement", lambda a, b: a ^ b == full),
            Relation("negated", lambda a, b: (a + b) & full == 0),
            Relation("output twice input", lambda a, b: (2 * a) & full == b),
        )

    @property
    def landmarks(self) -> tuple[Any, ...]:
        return (0, 1, (1 << self.width) - 1)

    @property
    def probes(self) -> tuple[Any, ...]:
        return tuple(v % (1 << self.width) for v in (0, 1, 5, -1, -3))

    @property
    def machine(self) -> Machine:
        return "bits" if self.width <= 64 else "object"

    @property
    def type_symbols(self) -> tuple[str, ...]:
        return ("bitvec",)

    def spell(self, value: Any, out: Spelling) -> None:
        out.hexadecimal(value, -(-self.width // 4))

    def annotation(self, refer: Reference) -> str:
        return "int"

    def source(self, value: Any, refer: Reference) -> str:
        return str(value) if value < 10 else f"0x{value:x}"


_PROPERTIES = (
    Property("zero", lambda v: v == 0),
    Property("one", lambda v: v == 1),
    Property("even", lambda v: v % 2 == 0),
    Property("one bit", lambda v: v.bit_count() == 1),
    Property("one run of ones", lambda v: v > 0 and ((v | (v - 1)) + 1) & v == 0),
    Property("ones from below", lambda v: v & (v + 1) == 0),
)
_RELATIONS = (
    Relation("same", lambda a, b: a == b),
    Relation("input below output", lambda a, b: a < b),
    Relation("output's ones in input", lambda a, b: a & b == b),
    Relation("input's ones in output", lambda a, b: a & b == a),
    Relation("nothing in common", lambda a, b: a & b == 0),
    Relation("as many ones", lambda a, b: a.bit_count() == b.bit_count()),
    Relation("same parity", lambda a, b: (a ^ b) & 1 == 0),
    Relation("output one more", lambda a, b: b == a + 1),
    Relation("output one less", lambda a, b: b == a - 1),
    Relation("output half input", lambda a, b: b == a >> 1),
)
