"""Values whose type is not known yet: freezing, thawing, comparing and showing them."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["freeze", "show", "thaw", "too_large", "typed_key"]

_PLAIN = (int, str, bool, type(None), float)


def freeze(value: Any) -> Any:
    """A value in its internal form: lists as tuples at every depth, scalars of numpy and pandas as Python's own.

    ``NaT`` and ``NA`` become None.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple or kind is list:
        return tuple([freeze(v) for v in value])
    if kind.__module__.partition(".")[0] in ("numpy", "pandas"):
        from neurosynth.values.foreign import unwrapped

        plain = unwrapped(value)
        return value if plain is value else freeze(plain)
    return value


def thaw(value: Any) -> Any:
    """Tuples as lists at every depth: the form in which values are shown."""
    return [thaw(v) for v in value] if type(value) is tuple else value


def typed_key(value: Any) -> Any:
    """A key that distinguishes ``1`` and ``True``, which Python's equality does not."""
    if isinstance(value, tuple):
        return tuple(typed_key(v) for v in value)
    return (type(value).__name__, value)


def show(value: Any) -> str:
    """A value for a message: as JSON if possible, otherwise as Python writes it."""
    return json.dumps(thaw(value), ensure_ascii=False, default=str)


_NESTED = 10
"""A nested value may have this many times the elements and characters in total that a value may have at its top level."""


def too_large(value: Any, size: int) -> bool:
    """Whether a list or text has more than ``size`` elements or characters, or ten times as many in all with those of its parts.

    An object that occurs several times counts each time, because readers visit each occurrence. Counting ends as soon as the answer is
    known.
    """
    if len(value) > size:
        return True
    most, count, stack = _NESTED * size, 0, [value]
    while stack and count <= most:
        part = stack.pop()
        count += len(part)
        if part and not isinstance(part, str) and isinstance(part[0], (tuple, list, str)):
            stack.extend(part[: most - count + 1])
    return count > most
