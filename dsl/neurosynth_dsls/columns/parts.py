"""Optional parts of a text, and characters that replace others.

``parts`` is not a separate language: ``columns`` includes its primitives.
"""

from __future__ import annotations

import html
from urllib.parse import unquote_plus

from neurosynth.language.language import Language

__all__ = ["parts"]

parts = Language("parts", doc="Parts of a text that may not be there, and characters that stand for others.")


@parts.primitive(name="text.before_last", python="{0}.rsplit({1}, 1)[0]", raises=(ValueError,))
def before_last(s: str, separator: str) -> str:
    """What comes before the last separator; all of the text where there is none."""
    return s.rsplit(separator, 1)[0]


@parts.primitive(name="text.after_last", raises=(ValueError,))
def after_last(s: str, separator: str) -> str:
    """What comes after the last separator; "" where there is none."""
    _, found, rest = s.rpartition(separator)
    return rest if found else ""


@parts.primitive(name="text.optional", type="string -> string -> string -> string", missing="seen")
def optional(before: str | None, s: str | None, after: str | None) -> str | None:
    """The second text between the others; "" where it is empty or missing."""
    if before is None and s is None and after is None:
        return None
    return f"{before or ''}{s}{after or ''}" if s else ""


@parts.primitive(name="text.join_filled", type="string -> string -> string -> string", missing="seen")
def join_filled(separator: str | None, s: str | None, t: str | None) -> str | None:
    """The last two texts with the first between them; only one of them where the other is empty or missing."""
    if separator is None and s is None and t is None:
        return None
    return (separator or "").join(part for part in (s, t) if part)


@parts.primitive(name="text.first_filled", type="string -> string -> string", missing="seen")
def first_filled(s: str | None, t: str | None) -> str | None:
    """The first text, or the second where the first is empty or missing."""
    return s or (s if t is None else t)


@parts.primitive(name="text.translate", raises=(ValueError,))
def translate(characters: list[str], others: list[str], s: str) -> str:
    """Each of some characters replaced by the text that stands at its place among the others."""
    table: dict[str, str | int | None] = dict(zip(characters, others, strict=True))
    return s.translate(str.maketrans(table))


@parts.primitive(name="text.unescape")
def unescape(s: str) -> str:
    """Text of a web page with its characters as they are read: &amp; becomes &."""
    return html.unescape(s)


@parts.primitive(name="text.url_decode")
def url_decode(s: str) -> str:
    """Text of an address as it is read: a plus sign is a blank, and %26 becomes &."""
    return unquote_plus(s)
