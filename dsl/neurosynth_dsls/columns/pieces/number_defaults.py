"""Numbers that count where none is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["DEFAULTS", "Default"]

_DIGIT = re.compile(r"\d")
DEFAULTS = ((Decimal(0), 5), (Decimal(1), 9))
"""What may count for a missing number: nothing in a sum, once in a product; and bits."""


@dataclass(frozen=True, slots=True)
class Default:
    """A number that counts where none is written: in an empty cell, or beside ``n/a``."""

    value: Decimal
    bits: int
    shown: frozenset[str | None]
    """What the example rows have in place of a number."""

    @property
    def cost(self) -> int:
        """Bits."""
        return self.bits + 2 * bool(self.shown - {None, ""})

    def stands(self, cell: Any) -> bool:
        """Whether it stands for a cell."""
        if cell is None or cell == "":
            return cell in self.shown or (cell == "" and bool(self.shown - {None}))
        return bool(self.shown - {None, ""}) and isinstance(cell, str) and not _DIGIT.search(cell)

    def build(self, number: Callable[[], Program], source: Program) -> Program:
        """The number, or the default."""
        instead = call("decimal", f"{self.value:f}")
        program = number()
        if self.shown - {None, ""}:
            program = call("ite", call("text.contains_pattern", source, r"\d"), program, instead)
        elif "" in self.shown:
            program = call("ite", call("=", source, ""), instead, program)
        return call("first_present", program, instead) if None in self.shown else program
