"""Formats with alternatives: a text is read by the first one that fits."""

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
        """The value in a text; ``ValueError`` or ``ArithmeticError`` if it is not in this format."""
        ...


def reader(alternatives: Callable[[str], Sequence[Alternative[V]]], *, remembered: int) -> Callable[[str, str], V]:
    """A function that reads a text by the first alternative of a format that fits.

    It caches so many readings, including failures, and raises ``ValueError`` if none fits, with the reason of the first.
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
