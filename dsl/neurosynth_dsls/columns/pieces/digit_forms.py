"""Digits written below or above the line, or with the signs of another script: ``H2O`` as ``H₂O``, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Constant, Program
from neurosynth.values.types import STRING, list_of
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["DigitForms"]

BITS = 18
"""Bits of all digits in another form."""
PLAIN = "0123456789"
FORMS = ("₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９", "①②③④⑤⑥⑦⑧⑨")
"""Subscripts, superscripts, Arabic, Persian, Devanagari and wide digits, circled ones from one on."""


@dataclass(frozen=True)
class DigitForms:
    """Inputs with their digits in another form."""

    name: str = "digit forms"

    def bind(self, column: Column) -> BoundDigitForms:
        """Change the digits of all inputs."""
        return BoundDigitForms(column)


class BoundDigitForms:
    """The texts of one column with their digits in other forms."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        shown = set().union(*(set(o) for o in column.outputs if isinstance(o, str)))
        given = {c for row in column.rows for cell in row if isinstance(cell, str) for c in cell if not c.isascii()}
        for form in FORMS:
            plain = PLAIN[-len(form) :]
            for keys, values, seen in ((plain, form, shown), (form, plain, given)):
                if seen & set(form):
                    for piece in _changed(column, keys, values):
                        self.index.add(piece)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The changed texts that the rests start with."""
        return self.index.starting(rests)


def _changed(column: Column, keys: str, values: str) -> Iterator[Piece]:
    table = str.maketrans(keys, values)
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None:
            continue
        changed = tuple(t.translate(table) for t in texts)
        if changed != tuple(texts) and all(t and t in o for t, o in zip(changed, column.outputs, strict=True)):
            yield Piece(changed, BITS, _program(keys, values, source), name="digits in another form")


def _program(keys: str, values: str, source: Program) -> Callable[[], Program]:
    characters, others = (Constant(tuple(t), list_of(STRING)) for t in (keys, values))
    return partial(call, "text.translate", characters, others, source)
