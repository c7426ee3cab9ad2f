"""Check digits of cards, books and articles: the digit that belongs behind a code, and whether the last digit of a code is right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import Column, Condition, Piece
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.text_index import TextIndex
from neurosynth_dsls.columns.python_amounts import check_digit, check_valid

__all__ = ["CheckConditions", "CheckDigits"]

DIGIT = 14
"""Bits of a check digit."""
VALID, EACH, LEAST = 11, 3, 3
"""Bits of a right check digit as a condition, what each row saves that has one, as one of ten has it by chance, and the least that is left."""
RIGHT, WRONG, MEANT = 2.3, 0.85, 5.0
"""Bits by which a right check digit speaks for codes that have one, half of them wrong, a wrong one against them, and what is needed."""
FEWEST = 3
"""Rows that are needed for a digit: one of ten is right by chance."""
DIGITS = (
    ("luhn", re.compile(r"[0-9]{4,19}")),
    ("ean", re.compile(r"[0-9]{7}|[0-9]{11,13}")),
    ("isbn10", re.compile(r"[0-9]{9}")),
)
"""Rules, and the codes without a check digit that they are tried on, without blanks and hyphens."""
CODES = (
    ("luhn", re.compile(r"[0-9]{8,19}")),
    ("ean", re.compile(r"[0-9]{8}|[0-9]{12,14}")),
    ("isbn10", re.compile(r"[0-9]{9}[0-9Xx]")),
    ("iban", re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")),
)
"""Rules, and the codes that they are tried on, of which one at least must be right."""
_BETWEEN = re.compile(r"[ \-]")


@dataclass(frozen=True)
class CheckDigits:
    """Check digits."""

    name: str = "check digits"

    def bind(self, column: Column) -> BoundCheckDigits:
        """Compute the digits of all inputs."""
        return BoundCheckDigits(column)


class BoundCheckDigits:
    """The check digits of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        if len(column.rows) < FEWEST or not all(column.outputs):
            return
        for i, source in enumerate(column.inputs):
            codes = _codes(column, i)
            if not codes or not all(row[i] for row in column.rows):
                continue
            for kind, pattern in DIGITS:
                if all(map(pattern.fullmatch, codes)):
                    digits = tuple(check_digit(row[i], kind) for row in column.rows)
                    if len({*digits}) > 1 and all(d in o for d, o in zip(digits, column.outputs, strict=True)):
                        self.index.add(Piece(digits, DIGIT, partial(call, "check.digit", kind, source), name=kind))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The digits that the rests start with."""
        if all(rests):
            yield from self.index.starting(rests)


@dataclass(frozen=True)
class CheckConditions:
    """Whether check digits are right."""

    name: str = "check digits"

    def conditions(self, column: Column) -> Iterator[Condition]:
        """The conditions that are true on some of the example rows and false on others."""
        for i, source in enumerate(column.inputs):
            codes = _codes(column, i)
            for kind, pattern in CODES:
                if sum(pattern.fullmatch(c) is not None for c in codes) * 2 <= len(codes):
                    continue
                every = tuple(isinstance(row[i], str) and check_valid(row[i], kind) for row in column.every)
                at = dict(zip(column.every, every, strict=True))
                rows = tuple(at[row] for row in column.rows)
                right = sum(check_valid(c, kind) for c in codes)
                meant = RIGHT * right - WRONG * (len(codes) - right) >= MEANT
                if meant and len({*rows}) == 2:
                    cost = max(LEAST, VALID - EACH * sum(rows))
                    yield Condition(cost, rows, every, partial(call, "check.valid", kind, source), "right check digit")


def _codes(column: Column, i: int) -> list[str]:
    """The cells of an input without blanks and hyphens, if digits are in all."""
    known: dict[int, list[str]] = column.memo.setdefault("codes", {})
    if i not in known:
        cells = [row[i] for row in column.every if row[i]]
        usable = all(isinstance(c, str) and len(c) < 48 for c in cells)
        known[i] = [_BETWEEN.sub("", c) for c in cells] if usable else []
    return known[i]
