"""Whether a constant of the outputs is really a copy, because its text occurs in the inputs of every example row.

From ``a`` and ``b`` to ``ab``, the two letters can be constants as well as copies, and one row does not decide. The fewer rows there
are, the likelier it is that an input was copied whose value happens to be the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Constant, Program
from neurosynth.search.strategies.cover.config import CoverConfig

__all__ = ["Copies", "echoes"]

_RUNS = re.compile(r"\d+|[^\W\d_]+")
_NUMBER = re.compile(r"\W*(\d+(?:\.\d+)?)\W*")
FEW = 2
"""Number of example rows up to which initials and nearby numbers are checked: in more rows, equal ones are rarely coincidental."""
NEAR = Decimal("0.15")
"""Maximum distance between a number and another one that it may be derived from, as a share of that."""


class Copies:
    """What the example rows of a column have in common."""

    def __init__(self, column: Column, config: CoverConfig) -> None:
        self.config = config
        rows = [[v for v in row if isinstance(v, str)] for row in column.rows]
        words = [{run.casefold() for v in row for run in _RUNS.findall(v)} for row in rows]
        self._rows, self._count = rows, len(rows)
        self._words = frozenset(set.intersection(*words)) if words else frozenset()
        self._few = len(rows) <= FEW and not column.leaf
        self._leaf = len(rows) == 1 and column.leaf
        self._digits = [[run for v in row for run in re.findall(r"\d+", v)] for row in rows]
        capitals = [{run[0] for v in row for run in _RUNS.findall(v) if run[0].isupper()} for row in rows]
        self._initials = frozenset(set.intersection(*({w[0] for w in row} for row in words))) if words else frozenset()
        self._capitals = frozenset(set.intersection(*capitals)) if capitals else frozenset()
        self._numbers = [[Decimal(m.group(1)) for v in row if (m := _NUMBER.fullmatch(v))] for row in rows]

    def bits(self, text: str) -> int:
        """Bits for a constant that looks like a copy of what every example row has; 0 for others."""
        return max((self._of_run(run, lone) for run, lone in _runs(text)), default=0)

    def _of_run(self, run: str, lone: bool) -> int:
        config = self.config
        copied = config.copied + config.copied_of_leaf * self._leaf
        copied = copied if not self._few else config.copied_of_one if self._count == 1 else config.copied_of_two
        if (len(run) > 1 or lone) and run.casefold() in self._words:
            return copied
        if self._few and self._joined(run.casefold()):
            return copied
        if run.isdigit() and self._few:
            inside = len(run) > 1 and all(any(run in d for d in row) for row in self._digits)
            return copied if inside else config.near_number * self._near(run)
        if run.isalpha() and len(run) <= 2 and lone and len(self._rows) <= FEW:
            if len(self._rows) == 1 and all(c in self._capitals for c in run):
                return config.copied_of_one
            return config.initial * all(c.casefold() in self._initials for c in run)
        return 0

    def _joined(self, run: str) -> bool:
        """Whether a run consists of several whole inputs, one after the other, in every row."""
        return all(_made_of(run, [v.casefold() for v in row if v]) for row in self._rows)

    def _near(self, run: str) -> bool:
        if len(run) < 2:
            return False
        number = Decimal(run)
        return all(any(abs(number - n) <= NEAR * n for n in row) for row in self._numbers)


RARE = 4
"""Of so many rows of a table, one has a word that is rare."""


def echoes(side: Column, program: Program, verdicts: Mapping[Any, bool]) -> bool:
    """Whether the program of a branch with one example is a constant with a word of its input, and few rows take the branch."""
    if len(side.rows) > 1 or not isinstance(program, Constant) or not isinstance(program.value, str):
        return False
    words = {run.casefold() for v in side.rows[0] if isinstance(v, str) for run in _RUNS.findall(v)}
    return RARE * sum(verdicts.values()) < len(verdicts) and any(
        run.casefold() in words for run in _RUNS.findall(program.value)
    )


def _made_of(text: str, parts: Sequence[str]) -> bool:
    """Whether a text consists of whole ``parts``."""
    return not text or any(text.startswith(p) and _made_of(text[len(p) :], parts) for p in parts)


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Runs of digits and of letters, and whether each is separate, without a letter or digit of the other kind beside it."""
    for m in _RUNS.finditer(text):
        yield m.group(), not (text[m.start() - 1 : m.start()].isalnum() or text[m.end() : m.end() + 1].isalnum())
