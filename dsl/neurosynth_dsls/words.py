"""What the types of things that are built have in common: their values are rows of whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from neurosynth.values.domain import Domain, Machine, Spelling
from neurosynth.values.undefined import within_size

__all__ = ["WordsDomain"]


@dataclass(frozen=True, kw_only=True)
class WordsDomain(Domain):
    """Values that are tuples, and whole numbers to compiled loops and to models."""

    def limit(self, size: int, bits: int) -> Callable[[Any], Any] | None:
        """Values with more parts than ``size`` are undefined."""
        return within_size(size)

    def size(self, value: Any) -> int:
        """Parts of the frozen form."""
        return len(value)

    @property
    def machine(self) -> Machine:
        """Words."""
        return "words"

    @property
    def type_symbols(self) -> tuple[str, ...]:
        """A neural encoder reads a value as a list of numbers."""
        return "list", "int"

    def spell(self, value: Any, out: Spelling) -> None:
        """The words that compiled loops have."""
        out.integers(self.encode(value))

    def annotation(self, refer: Any) -> str:
        """In exported code."""
        return "tuple[int, ...]"
