"""Texts of dates as tokens: numbers, names of months and weekdays in the column's locale, offsets, signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from neurosynth_dsls.columns.names import PLAIN, babel_works, names_of

__all__ = ["DateToken", "locale_of", "shortens", "skeleton_of", "tokens_of"]


@dataclass(frozen=True, slots=True)
class DateToken:
    kind: str
    """n (digits), B b A a p (names), z (an offset), or the text itself."""
    text: str


_OFFSET = r"(?:(?<=T\d\d:\d\d)|(?<=:\d\d:\d\d)|(?<=\d:\d\d )|(?<=\.\d{3})|(?<=\.\d{6}))[+-][01]\d:?[0-5]\d(?!\d)"
_TOKENS = re.compile(_OFFSET + r"|[^\W\d_]+|\d+|\s+|.", re.S)


@cache
def _names(locale: str) -> dict[str, str]:
    """Letter of the code of each name of a month or a weekday, in small letters."""
    found: dict[str, str] = {}
    names = names_of(locale)
    for kind, words in (
        ("b", names.short_months),
        ("B", names.months),
        ("a", names.short_weekdays),
        ("A", names.weekdays),
    ):
        for word in words:
            found.setdefault(word.lower(), kind)
    if not locale:
        found["may"] = "B"
    return found


LOCALES = ("de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl")
"""Locales whose names are tried if words that no English date has stand next to numbers."""
SEEN = 100
"""Number of texts of a column that are searched for names."""
_COMMON = frozenset(["am", "pm", "st", "nd", "rd", "th", "the", "day", "week", "uhr", "utc", "gmt"])


def locale_of(texts: Sequence[str], shown: Sequence[str]) -> str | None:
    """The locale of the names of months or weekdays, "" for English; None if the words belong to none, or Babel is not installed."""
    wanted = _foreign(shown)
    if not wanted:
        return ""
    if not babel_works() or not all(_DATED.fullmatch(t) or t.isalpha() for t in shown):
        return None
    others = _foreign(texts[:SEEN])
    known = [*LOCALES, *(x + PLAIN for x in LOCALES)]
    words = [(m.group().lower(), t[m.end() : m.end() + 1] == ".") for t in shown for m in _NAME.finditer(t)]
    best = max(
        known,
        key=lambda x: (
            len(wanted & _plain_names(x)),
            len(others & _plain_names(x)),
            _pointed(x, words),
            -known.index(x),
        ),
    )
    return best if wanted <= _plain_names(best) else None


def _pointed(locale: str, words: Sequence[tuple[str, bool]]) -> int:
    """How many names have a point behind them where the locale's have one, and none where they have none."""
    names = _names(locale)
    return sum(word + "." in names if point else word in names for word, point in words)


_NAME = re.compile(r"[^\W\d_]+")
_DATED = re.compile(r"[^\d]{0,24}\d{1,4}(?:[^\d]{1,24}\d{1,4}){0,5}[^\d]{0,14}")


@cache
def _plain_names(locale: str) -> frozenset[str]:
    return frozenset(name.rstrip(".") for name in _names(locale))


def _foreign(texts: Sequence[str]) -> set[str]:
    """Words of at least three letters that no English date has."""
    words = {w.lower() for t in texts for w in re.findall(r"[^\W\d_]{3,}", t)}
    return {w for w in words if w not in _names("") and w not in _COMMON}


def shortens(texts: Sequence[str]) -> bool:
    """Whether English months are abbreviated, so that May counts as a short name, too."""
    return _shortens(tuple(texts))


@lru_cache(maxsize=64)
def _shortens(texts: tuple[str, ...]) -> bool:
    words = {w for t in texts for w in re.findall(r"[^\W\d_]{3,}", t.lower())} - {"may"}
    known = _names("")
    return any(known.get(w) == "b" for w in words) and not any(known.get(w) == "B" for w in words)


def tokens_of(text: str, locale: str = "", *, short: bool = False) -> list[DateToken]:
    """The tokens of a text; ``short`` says that May is a short name."""
    found: list[DateToken] = []
    names = _names(locale)
    skip = 0
    for m in _TOKENS.finditer(text):
        if m.start() < skip:
            continue
        word = m.group()
        lower = word.lower()
        previous = found[-1] if found else None
        if word.isdigit() and word.isascii():
            found.append(DateToken("n", word))
        elif len(word) > 4 and word[0] in "+-":
            found.append(DateToken("z", word))
        elif locale and f"{lower}." in names and text[m.end() : m.end() + 1] == ".":
            found.append(DateToken(names[f"{lower}."], f"{word}."))
            skip = m.end() + 1
        elif lower in names:
            found.append(DateToken("b" if short and lower == "may" else names[lower], word))
        elif lower in ("am", "pm"):
            found.append(DateToken("p", word))
        elif lower in ("st", "nd", "rd", "th") and previous is not None and previous.kind == "n":
            found.append(DateToken("O", word))
        elif word.isspace():
            found.append(DateToken(" ", word))
        else:
            found.append(DateToken(word, word))
    return _halves(found)


def _halves(tokens: list[DateToken]) -> list[DateToken]:
    """``a.m.`` as one token."""
    found: list[DateToken] = []
    at = 0
    while at < len(tokens):
        four = [t.text.lower() for t in tokens[at : at + 4]]
        if len(four) == 4 and four[0] in "ap" and four[1:] == [".", "m", "."]:
            found.append(DateToken(".p", "".join(t.text for t in tokens[at : at + 4])))
            at += 4
        else:
            found.append(tokens[at])
            at += 1
    return found


def skeleton_of(tokens: Sequence[DateToken]) -> tuple[str, ...]:
    return tuple(t.kind if t.kind != "n" else "n" + (str(len(t.text)) if len(t.text) > 2 else "") for t in tokens)
