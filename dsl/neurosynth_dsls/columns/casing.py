"""Letters in another case, names in the styles of programming languages, plain letters."""

from __future__ import annotations

import re
import unicodedata
from itertools import filterfalse

from neurosynth.language.language import Language

__all__ = ["case_words", "casing", "plain"]

casing = Language("casing", doc="Letters of another case, names in the styles of programs, plain letters.")


def case_words(s: str) -> list[str]:
    """Runs of letters and digits, cut before a capital that follows a small letter or digit, and before the last of several."""
    return re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", s))


STROKES = {
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ı": "i",
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH",
}  # fmt: skip
"""Letters that Unicode does not take apart, in plain letters."""
UMLAUTS = {"ä": "ae", "Ä": "Ae", "ö": "oe", "Ö": "Oe", "ü": "ue", "Ü": "Ue"}
"""German umlauts as they are written where only plain letters are to be had."""


def plain(s: str) -> str:
    """Letters without their accents and strokes."""
    table: dict[str, str | int | None] = {**STROKES}
    letters = unicodedata.normalize("NFD", s.translate(str.maketrans(table)))
    return "".join(filterfalse(unicodedata.combining, letters))


@casing.primitive(name="text.plain")
def plain_(s: str) -> str:
    """Letters without their accents and strokes: é becomes e, ł l, ß ss."""
    return plain(s)


@casing.primitive(name="text.umlauts")
def umlauts(s: str) -> str:
    """German umlauts as two plain letters: ä becomes ae, ö becomes oe."""
    table: dict[str, str | int | None] = {**UMLAUTS}
    return unicodedata.normalize("NFC", s).translate(str.maketrans(table))


@casing.primitive(name="text.first_upper")
def first_upper(s: str) -> str:
    """First character capital, the others as they are."""
    return s[:1].upper() + s[1:]


@casing.primitive(name="text.first_lower")
def first_lower(s: str) -> str:
    """First character small, the others as they are."""
    return s[:1].lower() + s[1:]


@casing.primitive(name="text.title_words")
def title_words(s: str) -> str:
    """First letter of each word between white space capital, the others small; white space stays one blank."""
    return " ".join(word.capitalize() for word in s.split())


@casing.primitive(name="text.title_except")
def title_except(small: str, s: str) -> str:
    """First letter of each word between white space capital, but not of the words of the first text behind the first word; the others small."""
    kept = small.split()
    words = s.lower().split()
    return " ".join(word if i and word in kept else word.capitalize() for i, word in enumerate(words))


@casing.primitive(name="text.snake")
def snake(s: str) -> str:
    """Words in small letters with underscores between them."""
    return "_".join(case_words(s)).lower()


@casing.primitive(name="text.kebab")
def kebab(s: str) -> str:
    """Words in small letters with hyphens between them."""
    return "-".join(case_words(s)).lower()


@casing.primitive(name="text.pascal")
def pascal(s: str) -> str:
    """Words with a capital first letter, put together."""
    return "".join(word.capitalize() for word in case_words(s))


@casing.primitive(name="text.camel")
def camel(s: str) -> str:
    """Words put together, all but the first with a capital first letter."""
    joined = "".join(word.capitalize() for word in case_words(s))
    return joined[:1].lower() + joined[1:]


@casing.primitive(name="text.spaced")
def spaced(s: str) -> str:
    """Words of a name such as someName or some_name, with blanks between them."""
    return " ".join(case_words(s))


@casing.primitive(name="text.slug")
def slug(s: str) -> str:
    """For addresses: small letters without accents and digits, hyphens in place of everything else."""
    return re.sub(r"[^a-z0-9]+", "-", plain(s).lower()).strip("-")


@casing.primitive(name="text.only_alphanumeric")
def only_alphanumeric(s: str) -> str:
    """Letters and digits alone, put together."""
    return "".join(c for c in s if c.isalnum())


@casing.primitive(name="text.without_blanks")
def without_blanks(s: str) -> str:
    """Text without its white space."""
    return "".join(s.split())


@casing.primitive(name="text.pad_right", size=lambda s, n, c: max(len(s), n) if c else len(s))
def pad_right(s: str, n: int, c: str) -> str:
    """Made n characters long by putting the first character of c behind; longer texts and an empty c change nothing."""
    return s + c[:1] * max(0, n - len(s))


@casing.primitive(name="text.repeat", size=lambda n, s: len(s) * max(0, n))
def repeat(n: int, s: str) -> str:
    """The text n times; "" for a negative n."""
    return s * n


@casing.primitive(name="text.mask")
def mask(keep: int, c: str, s: str) -> str:
    """All letters and digits but the last ``keep`` replaced by a character; others stay."""
    places = [i for i, ch in enumerate(s) if ch.isalnum()]
    hidden = set(places[: max(0, len(places) - max(0, keep))])
    return "".join(c if i in hidden else ch for i, ch in enumerate(s))
