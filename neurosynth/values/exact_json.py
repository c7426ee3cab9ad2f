"""JSON without lost digits: a number that no float represents is read as a ``decimal.Decimal``, and written with the same digits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

__all__ = ["dumps", "loads"]

_MARK = "\ue0de\ue0c1"
"""Marks the digits of a decimal until the text is complete: private-use characters, which no table has in this order."""
_MARKED = re.compile(f'"{_MARK}([^"]*){_MARK}"')


def loads(text: str, *, parse_constant: Callable[[str], Any] | None = None) -> Any:
    """The result of ``json.loads``, except that numbers which a float would round are decimals. ``0.1`` stays a float, because the
    float's shortest text is that number; ``0.12345678901234567890`` and ``1e400`` do not.

    Raises:
        ValueError: for text that is not JSON.
    """
    return json.loads(text, parse_float=_number, parse_constant=parse_constant)


def _number(text: str) -> float | Decimal:
    exact, rounded = Decimal(text), float(text)
    return rounded if Decimal(repr(rounded)) == exact else exact


def dumps(value: Any, *, default: Callable[[Any], Any] | None = None, allow_nan: bool = True) -> str:
    """The result of ``json.dumps``, with unescaped characters and each decimal as a number with all its digits.

    Raises:
        TypeError: for a value without a form in JSON, if ``default`` is not given.
        ValueError: for NaN or an infinite number if ``allow_nan`` is false.
    """

    def of(item: Any) -> Any:
        if isinstance(item, Decimal) and item.is_finite():
            return f"{_MARK}{item}{_MARK}"
        if default is None:
            raise TypeError(f"Object of type {type(item).__name__} is not JSON serializable")
        return default(item)

    text = json.dumps(value, ensure_ascii=False, allow_nan=allow_nan, default=of)
    return _MARKED.sub(r"\1", text) if _MARK in text else text
