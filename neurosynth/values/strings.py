"""The type ``string``: Python's text."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, final

from neurosynth.values.domain import Domain, Machine, NotInDomain, Reference, Spelling
from neurosynth.values.properties import Property, Relation, text_properties, text_relations
from neurosynth.values.style import Style
from neurosynth.values.undefined import within_size
from neurosynth.values.words import character_class, quoted

__all__ = ["String"]


_RUN = re.compile(r"\d+|[^\W\d_]+")


@final
@dataclass(frozen=True, kw_only=True)
class String(Domain):
    """Texts, which may be missing. An empty cell of a table is the empty text."""

    nullable: ClassVar[bool] = True
    python: ClassVar[Any] = str
    ordered: ClassVar[bool] = True
    requests: ClassVar[tuple[str, ...]] = (
        "string -> string",
        "string -> string",
        "string -> string",
        "string -> string -> string",
        "string -> int",
    )

    def contains(self, value: Any) -> bool:
        return isinstance(value, str)

    def write(self, value: Any) -> str:
        return str(value)

    def read(self, text: str) -> Any:
        return text

    def spelling(self, value: Any) -> str:
        return quoted(value)

    def from_cell(self, text: str) -> Any:
        return text

    def from_json(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.refuse(value)
        if not value.isascii() and any("\ud800" <= ch <= "\udfff" for ch in value):
            raise NotInDomain(f"{value!r} has half of a surrogate pair, which is not a character; correct the escape")
        return value

    def show(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def from_line(self, text: str) -> Any:
        return self.from_json(text)

    def limit(self, size: int, bits: int) -> Callable[[Any], Any] | None:
        return within_size(size)

    def size(self, value: Any) -> int:
        return 0 if value is None else len(value)

    def sample(self, rng: Random, style: Style) -> Any:
        return style.text(rng)

    def draw(self, rng: Random, part: Callable[[Domain], Any] | None = None) -> Any:
        length = rng.choice((0, 1, 2, 3, 5, 8, 13))
        return "".join(rng.choice("aab bcA.Z-,19 é") for _ in range(length))

    def perturb(self, value: Any, rng: Random) -> Any:
        if value is None:
            return None
        kind = rng.randrange(4)
        words = value.split(" ")
        if kind == 0 and len(words) > 1:
            at = rng.randrange(len(words))
            dropped, doubled = words[:at] + words[at + 1 :], [*words[:at], words[at], *words[at:]]
            return " ".join(dropped if rng.random() < 0.5 else doubled)
        if kind == 1 and value:
            # a run of letters or digits becomes longer or shorter
            at = rng.randrange(len(value))
            if value[at].isalnum():
                more = _like(value[at], rng) if rng.random() < 0.5 else ""
                return value[:at] + more + value[at + (rng.random() < 0.5) :]
        return "".join(_like(ch, rng) if ch.isalnum() and rng.random() < 0.6 else ch for ch in value)

    def redraw(self, value: Any, column: Sequence[Any], rng: Random) -> Any:
        if value is None:
            return None
        texts = [text for text in column if text is not None]
        return "".join(
            rng.choice([c for text in texts for c in text if character_class(c) == character_class(ch)]) for ch in value
        )

    def recombine(self, value: Any, column: Sequence[Any], rng: Random) -> Any:
        if value is None:
            return None
        runs: dict[tuple[str, ...], list[str]] = {}
        for text in column:
            for run in _RUN.findall(text or ""):
                runs.setdefault(_kind(run), []).append(run)
        return _RUN.sub(lambda found: rng.choice(runs[_kind(found.group())]), value)

    def task_constants(self, rng: Random, values: Sequence[Any], names: Iterable[str]) -> list[Any]:
        from neurosynth.values.formats import text_constants

        return list(text_constants(rng, [v for v in values if v is not None]))

    @property
    def landmarks(self) -> tuple[Any, ...]:
        return ("", "a", "B", "7")

    @property
    def probes(self) -> tuple[Any, ...]:
        return ("", "a", "ab", "Ab 1", "x-y, z", " 20  b ", "a1-a1")

    @property
    def machine(self) -> Machine:
        return "text"

    def spell(self, value: Any, out: Spelling) -> None:
        out.text(self.to_cell(value))

    @property
    def properties(self) -> tuple[Property, ...]:
        return _PROPERTIES

    def relations(self, output: Domain) -> tuple[Relation, ...]:
        if isinstance(output, String):
            return _RELATIONS
        return (*super().relations(output), *(_OF_LENGTH if output.counts else ()))

    def annotation(self, refer: Reference) -> str:
        return "str"


_PROPERTIES, _RELATIONS = text_properties(), text_relations()
_OF_LENGTH = (
    Relation("output is its length", lambda s, n: n == len(s)),
    Relation("output below its length", lambda s, n: 0 <= n < len(s)),
    Relation("output is its words", lambda s, n: n == len(s.split())),
)


def _kind(run: str) -> tuple[str, ...]:
    """A key for runs that may replace each other: digits by their number, words by the case of their first letters."""
    return ("digit", str(len(run))) if run.isdigit() else tuple(map(character_class, run[:2]))


def _like(ch: str, rng: Random) -> str:
    for alphabet in (string.digits, string.ascii_lowercase, string.ascii_uppercase):
        if ch in alphabet:
            return rng.choice(alphabet)
    return ch
