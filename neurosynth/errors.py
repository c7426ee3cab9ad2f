"""The errors a user can meet.

Every message has four parts: what is wrong, where, what was allowed, what to do next.  ``NeurosynthError`` is the base
the command line turns into one line on stderr and exit status 2; anything else that escapes is a bug.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "InputError",
    "NeurosynthError",
    "ParseError",
    "PrimitiveBug",
    "TypeSyntaxError",
    "UnknownNameError",
]


class NeurosynthError(Exception):
    """Base of all errors that a user's input can cause."""


class InputError(NeurosynthError):
    """A file, a task or an option that cannot be used as it is."""


class TypeSyntaxError(InputError):
    """Text that is no type."""

    def __init__(self, text: str, column: int, allowed: str) -> None:
        super().__init__(f"not a type: {text!r}, column {column}: expected {allowed}")
        self.text, self.column, self.allowed = text, column, allowed


class UnknownNameError(InputError):
    """A name that nothing goes by; says which are known and which is near."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        super().__init__(f"unknown {kind} {name!r}; known: {', '.join(names) or 'none'}{nearest(name, names)}")
        self.kind, self.name, self.known = kind, name, names


class ParseError(InputError):
    """Program text that does not parse or has no type; the message shows the line and a caret.

    ``detail`` is the bare fact in one line, without the text; ``line`` and ``column`` count from 1.
    """

    def __init__(self, message: str, *, line: int = 1, column: int = 1, detail: str = "") -> None:
        super().__init__(message)
        self.line, self.column, self.detail = line, column, detail or message


class PrimitiveBug(RuntimeError):
    """A primitive raised what it did not declare: a bug in the language, never in the user's data."""


def nearest(name: str, known: Iterable[str]) -> str:
    """``"; did you mean X?"`` for the closest known name, or nothing."""
    import difflib

    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
