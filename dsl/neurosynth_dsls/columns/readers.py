"""Formats with alternatives: a text is read in the first one that fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

__all__ = ["reader"]

V = TypeVar("V")
Value = TypeVar("Value", covariant=True)


class Alternative(Protocol[Value]):
    """One alternative of a format."""

    def parse(self, text: str) -> Value:
        """What a text tells; ``ValueError`` or ``ArithmeticError`` where it is not in this format."""
        ...


def reader(alternatives: Callable[[str], Sequence[Alternative[V]]], *, remembered: int) -> Callable[[str, str], V]:
    """What reads a text in a format: in its first alternative that fits.  So many readings are remembered, failures too.

    The function that is returned raises ``ValueError`` when none fits, with the reason of the first.
    """

    @lru_cache(maxsize=remembered)
    def found(format: str, text: str) -> tuple[V | None, str]:
        reason = ""
        for alternative in alternatives(format):
            try:
                return alternative.parse(text), ""
            except (ValueError, ArithmeticError) as error:
                reason = reason or str(error)
        return None, reason or f"{format!r} has no alternative"

    def read(format: str, text: str) -> V:
        value, reason = found(format, text)
        if value is None:
            raise ValueError(reason)
        return value

    return read
