"""Words and signs that mean yes or no, in whatever form a table has them: ``Y``, ``true``, ``1``, ``nein``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Constant, Program
from neurosynth.values.types import STRING, list_of
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["Verdicts", "forms_of_yes", "means_yes", "says_yes", "spellings_of_yes"]

BASE = 16
"""Bits of the two words for yes and no, in addition to their characters."""
LETTER = 2
"""Bits of a character of the words, which the outputs show."""


def _forms(words: str) -> frozenset[str]:
    return frozenset(words.split())


YES = _forms("y yes true t 1 on x ok yep ja j wahr oui o vrai si sí sì s da sim ✓ ✔ ☑ + checked enabled active")
NO = _forms("n no false f 0 off nope nein falsch non faux não nao ✗ ✘ ☐ - unchecked disabled inactive")
"""Forms of yes and no, in small letters."""
COMMON = frozenset({"1", "on", "t", "true", "y", "yes"})
"""Forms of yes that a program knows although the table lacks them: other tables may have them."""


@dataclass(frozen=True)
class Verdicts:
    """One word for all forms of yes, another for all forms of no."""

    name: str = "verdicts"

    def bind(self, column: Column) -> BoundVerdicts:
        """Find the inputs that mean yes or no on every row of the table."""
        return BoundVerdicts(column)


class BoundVerdicts:
    """The words for yes and no in one column."""

    def __init__(self, column: Column) -> None:
        self.pieces: list[Piece] = []
        if column.leaf or len({*column.outputs}) != 2:
            return
        for i, source in enumerate(column.inputs):
            shown = texts_of(column, i, column.rows)
            every = [row[i] for row in column.every]
            if shown is None or not all(isinstance(v, str) and _form(v) in YES | NO for v in every):
                continue
            forms = list(dict.fromkeys(map(_form, every)))
            words = {(_form(t) in YES, o) for t, o in zip(shown, column.outputs, strict=True)}
            if len(forms) < 3 or len(words) != 2 or len({yes for yes, _ in words}) != 2:
                continue  # two forms are a condition
            told = dict(words)
            cost = BASE + LETTER * sum(map(len, told.values()))
            build = partial(_verdict, source, sorted(COMMON | (YES & {*forms})), told[True], told[False])
            self.pieces.append(Piece(tuple(column.outputs), cost, build, name="verdict"))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The words, if the rests are the whole outputs."""
        if not any(positions):
            yield from (p for p in self.pieces if p.texts == tuple(rests))


def _form(value: str) -> str:
    return value.strip().lower()


def says_yes(value: str) -> bool:
    """Whether a cell means yes."""
    return _form(value) in YES


def forms_of_yes(values: Sequence[object]) -> Sequence[str] | None:
    """The forms of yes that a program should know, if all cells mean yes or no or are empty, in three ways or more; otherwise None."""
    forms = {_form(v) for v in values if isinstance(v, str)}
    known = forms - {""}
    if len(forms) < 3 or not known <= YES | NO or not known & YES:
        return None
    return sorted(COMMON | (YES & known))


def spellings_of_yes(values: Sequence[object]) -> Sequence[str] | None:
    """As :func:`forms_of_yes`, where three cells or more differ in anything, also in letter case and blanks."""
    forms = {_form(v) for v in values if isinstance(v, str)}
    if len({*values}) < 3 or not all(isinstance(v, str) for v in values) or not forms - {""} <= YES | NO:
        return None
    return sorted(COMMON | (YES & forms)) if forms & YES else None


def means_yes(forms: Sequence[str], source: Program) -> Program:
    """Whether a cell has one of the forms of yes."""
    return call("is_one_of", Constant(tuple(forms), list_of(STRING)), call("str.lower", call("str.trim", source)))


def _verdict(source: Program, forms: Sequence[str], yes: str, no: str) -> Program:
    return call("ite", means_yes(forms, source), text(yes), text(no))
