"""Phrases of tables: cells that say nothing, titles that are cut, forms of companies, codes that go on, tallies of lists, counts."""

from __future__ import annotations

from decimal import Decimal

from neurosynth.language.language import Language
from neurosynth_dsls.columns import python_phrases as python

__all__ = ["phrases"]

phrases = Language("phrases", doc="Cells that say nothing, titles, companies, codes that go on, tallies and counts.")

_BAD = (ValueError, ArithmeticError)


@phrases.primitive(name="text.says_nothing")
def says_nothing(s: str) -> bool:
    """Whether a cell is empty or says that nothing is known: a dash, ?, n/a, none, null, unknown, tbd."""
    return python.says_nothing(s)


@phrases.primitive(name="text.shorten", raises=_BAD)
def shorten(longest: int, kept: int, mark: str, s: str) -> str:
    """The text if it has at most so many characters, or else its whole words within the characters kept, with a mark behind them."""
    return python.shortened(s, longest, kept, mark)


@phrases.primitive(name="text.without_legal_form")
def without_legal_form(s: str) -> str:
    """Name of a company without the legal form behind it: Ltd., Inc., LLC, GmbH, AG, S.A., B.V. and the like."""
    return python.without_legal_form(s)


@phrases.primitive(name="text.next_code", raises=_BAD)
def next_code(s: str) -> str:
    """The next code: the last letter or digit goes on by one, and Z or 9 becomes A or 0 and carries to the one before it; B99 to C00."""
    return python.next_code(s)


@phrases.primitive(name="text.name_case")
def name_case(s: str) -> str:
    """Name of a person in capital and small letters: O'Brien, McKay, Jean-Luc van Dyk, Roman numbers, Jr. and Sr. without a comma."""
    return python.name_case(s)


@phrases.primitive(name="text.with_start")
def with_start(opening: str, s: str) -> str:
    """The text with a beginning, which is added unless the text begins with it; an empty text stays empty."""
    return python.with_start(s, opening)


@phrases.primitive(name="text.with_end")
def with_end(ending: str, s: str) -> str:
    """The text with an ending, which is added unless the text ends with it; an empty text stays empty."""
    return python.with_end(s, ending)


@phrases.primitive(name="pieces.by_number", raises=_BAD)
def by_number(xs: list[str]) -> list[str]:
    """Pieces in order of the last number in each; those without a number come first. A hyphen behind a letter or digit is no sign."""
    return python.by_number(xs)


@phrases.primitive(name="pieces.natural")
def natural(xs: list[str]) -> list[str]:
    """Pieces in order, with the digits in them compared as whole numbers: 9:58 before 10:04, 1.9.2 before 1.10.0."""
    return python.in_natural_order(xs)


@phrases.primitive(name="pieces.tally")
def tally(between: str, xs: list[str]) -> list[str]:
    """Each different piece with how often it occurs in front of it, where it came first: 3 tea, 1 coffee."""
    return python.tallied(xs, between)


@phrases.primitive(name="pieces.tally_behind")
def tally_behind(between: str, behind: str, xs: list[str]) -> list[str]:
    """Each different piece with how often it occurs behind it, between two texts, where it came first: tea (3), coffee (1)."""
    return python.tallied_behind(xs, between, behind)


@phrases.primitive(name="count.read", raises=_BAD)
def count_read(s: str) -> Decimal:
    """Number of things in a text such as 15, 2 dozen, half a dozen, a pair, 3 pairs, a couple."""
    return python.counted(s)
