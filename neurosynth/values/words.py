"""Text of values: string literals, and the shape that texts of one column share."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["character_class", "quoted", "text_shape"]

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def quoted(text: str) -> str:
    """A string literal of program text: ``"a\\n"``."""
    return '"' + "".join(_escape(ch) for ch in text) + '"'


def _escape(ch: str) -> str:
    if ch in _ESCAPES:
        return _ESCAPES[ch]
    return ch if ch.isprintable() else f"\\u{{{ord(ch):x}}}"


def character_class(ch: str) -> str:
    """Digit, small letter, capital or other letter; any other character is a class of its own."""
    return "digit" if ch.isdigit() else "lower" if ch.islower() else "upper" if ch.isupper() else ch


class _Classes(dict[int, str]):
    """Maps a character to the representative of its class; for ``str.translate``, which asks for each character once."""

    def __missing__(self, code: int) -> str:
        c = chr(code)
        found = "9" if c.isdecimal() else " " if c.isspace() else c
        if c.isalpha():
            found = "A" if c.isupper() or c.istitle() else "a"
        self[code] = found
        return found


_CLASSES = _Classes()
_MIXED = re.compile(r"(?:Aa)+A?|(?:aA)+a?")
_MIXED_MARK = "\x00"


@lru_cache(maxsize=256)  # a cell is asked for several times in turn; texts can be long, so few are kept
def text_shape(text: str) -> str:
    """Digits as ``9``, words by their case as ``A``, ``a`` or ``Aa``, a run of white space as one space, the rest as it is.

    ``text_shape("12 Main St.")`` is ``"9 Aa Aa."``: the length of a number or a word does not matter.
    """
    if text.isdecimal():  # most cells of some columns
        return "9"
    found = text.translate(_CLASSES)
    for one in "9aA ":
        two = one + one
        while two in found:
            found = found.replace(two, one)
    if "A" in found and "a" in found:  # runs are one letter by now, so that a long word costs no more than it is long
        found = _MIXED.sub(_MIXED_MARK, found)
    return found.replace(_MIXED_MARK, "Aa")
