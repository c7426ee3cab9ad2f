"""Numbers that kernels and engine share; no numba is imported here."""

from __future__ import annotations

__all__ = ["ANY", "ASK_REFERENCE", "UNCHANGED", "UNDEFINED_WORD", "WORD_LIMIT"]

ASK_REFERENCE = -2
"""A kernel returns this instead of a length for "ask the Python function"."""

UNCHANGED = -3
"""A kernel returns this for "the result is the first argument"; nothing is then written, hashed or stored again."""

ANY = -4
"""An inverse kernel returns this for "the output is right for any value"."""

UNDEFINED_WORD = -(1 << 63)
"""The ``int64`` that represents an undefined word."""

WORD_LIMIT = (1 << 62) - 1
"""Largest magnitude of an integer in search: 62 bits."""
