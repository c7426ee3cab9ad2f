"""Text of values: string literals, and the shape that texts of one column share."""

from __future__ import annotations

import itertools

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


def text_shape(text: str) -> str:
    """Runs of digits, small letters and capitals as ``9``, ``a`` and ``A``, all other characters as they are."""
    signs = {"digit": "9", "lower": "a", "upper": "A"}
    return "".join(
        signs[name] if name in signs else "".join(run) for name, run in itertools.groupby(text, character_class)
    )
