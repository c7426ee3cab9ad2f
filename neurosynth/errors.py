"""The errors that users can see.

Every message has four parts: what is wrong, where, what was allowed, what to do next. ``NeurosynthError`` is their base, which the
command line reports in one line on stderr with exit status 2; any other exception is a bug.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = [
    "InputError",
    "NeurosynthError",
    "ParseError",
    "PrimitiveBug",
    "TypeSyntaxError",
    "UnknownNameError",
    "closest",
    "known_names",
    "listed",
    "nearest",
    "printable",
    "shortened",
]


_LONG_WORD = re.compile(r"\S{400,}")


class NeurosynthError(Exception):
    """Base of all errors that a user's input can cause.

    A value of thousands of characters in the message is shortened.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(_LONG_WORD.sub(lambda word: shortened(word[0], 200), message))

    def __reduce__(self) -> tuple[Any, ...]:
        # as it is, whatever its __init__ takes: errors are also received from other processes
        return _again, (type(self), self.args), self.__dict__


def _again(kind: type[NeurosynthError], arguments: tuple[Any, ...]) -> NeurosynthError:
    error = kind.__new__(kind)
    error.args = arguments
    return error


class InputError(NeurosynthError):
    """A file, a task or an option that cannot be used."""


class TypeSyntaxError(InputError):
    """Text that is not a type."""

    def __init__(self, text: str, column: int, allowed: str) -> None:
        super().__init__(f"not a type: {text!r}, column {column}: expected {allowed}")
        self.text, self.column, self.allowed = text, column, allowed


class UnknownNameError(InputError):
    """An unknown name; the message lists the known ones, and a similar one or else ``remedy``."""

    def __init__(self, kind: str, name: str, known: Iterable[str], remedy: str = "") -> None:
        names = sorted(known)
        advice = nearest(name, names) or (remedy and f"; {remedy}")
        super().__init__(f"unknown {kind} {name!r}; known: {', '.join(names) or 'none'}{advice}")
        self.kind, self.name, self.known = kind, name, names


class ParseError(InputError):
    """Program text that does not parse or has no type; the message shows the line and a caret.

    ``detail`` is the fact in one line, without the text; ``line`` and ``column`` count from 1.
    """

    def __init__(self, message: str, *, line: int = 1, column: int = 1, detail: str = "") -> None:
        super().__init__(message)
        self.line, self.column, self.detail = line, column, detail or message


class PrimitiveBug(RuntimeError):
    """A primitive did something that it does not declare: a bug in the language, never in the user's data."""

    def __init__(self, primitive: str, arguments: str, what: str, remedy: str, program: str = "") -> None:
        super().__init__(primitive, arguments, what, remedy, program)
        self.primitive = primitive
        self.arguments = arguments
        """The arguments in text form, separated by commas; long ones are shortened."""
        self.what = what
        """What the primitive did: ``raised KeyError: 3``."""
        self.remedy = remedy
        self.program = program
        """The program in which it ran, if known."""
        self.result: Any = None
        """The results of the search so far: a ``Result``."""

    def within(self, program: object) -> PrimitiveBug:
        """The same bug with the program in which it ran, unless that is known."""
        self.program = self.program or str(program)
        return self

    @property
    def report(self) -> str:
        """Four lines: primitive, arguments, program, remedy."""
        lines = [
            f"a bug of primitive {self.primitive}: it {self.what}",
            f"arguments: {self.arguments or 'none'}",
            f"program: {shortened(self.program, 200) or 'not known'}",
            f"remedy: {self.remedy}",
        ]
        return "\n  ".join(" ".join(printable(line).split()) for line in lines)

    def __str__(self) -> str:
        where = f" in {self.program}" if self.program else ""
        return f"primitive {self.primitive}({self.arguments}) {self.what}{where}; {self.remedy}"


def shortened(text: str, most: int = 60) -> str:
    """A text of at most ``most`` characters, without the middle of a long one."""
    if len(text) <= most:
        return text
    tail = most // 4
    return f"{text[: most - tail - 3]} … {text[-tail:]}"


def printable(text: str) -> str:
    """A text in which control characters and invisible characters are escaped; line breaks and tabs stay."""
    if text.isprintable():
        return text
    return "".join(ch if ch.isprintable() or ch in "\n\t" else ascii(ch)[1:-1] for ch in text)


def closest(name: str, known: Iterable[str], most: int = 1) -> list[str]:
    """The known names that are most similar to a name, the closest first; none if none is similar.

    Of very many names, only those that share most pairs of characters with it are compared in full.
    """
    import difflib
    import heapq

    names = list(known)
    if len(names) > _COMPARED:
        pairs = _pairs(name)
        names = heapq.nlargest(_COMPARED, names, key=lambda n: 2 * len(pairs & _pairs(n)) - abs(len(n) - len(name)))
    return difflib.get_close_matches(name, names, n=most)


_COMPARED = 500
"""The names that are compared in full."""


def _pairs(name: str) -> set[str]:
    return {name[i : i + 2] for i in range(max(1, len(name) - 1))}


def nearest(name: str, known: Iterable[str]) -> str:
    """``"; did you mean X?"`` for the closest known name, or nothing."""
    near = closest(name, known)
    return f"; did you mean {near[0]}?" if near else ""


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names for a message: all of them, or the first few and the number of others."""
    found = ", ".join(shortened(repr(n)) for n in names[:most])
    return found if len(names) <= most else f"{found} … and {len(names) - most:,} more"


def known_names(kind: str, name: str, names: Sequence[str], most: int = 12) -> str:
    """The known names for a message about an unknown one: all names, or the most similar ones of many.

    >>> known_names("columns", "nmae", ["name", "age"])
    "columns: 'name', 'age'; did you mean name?"
    """
    if len(names) <= most:
        return f"{kind}: {listed(names)}{nearest(name, names)}"
    near = closest(name, names, 5)
    return f"nearest of {len(names):,} {kind}: {listed(near)}" if near else f"{kind}: {listed(names)}"
