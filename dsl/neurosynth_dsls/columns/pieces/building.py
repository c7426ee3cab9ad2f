"""Programs for pieces: positions and substrings in terms of the primitives of ``columns``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Program
from neurosynth.values.types import INT, STRING
from neurosynth_dsls.columns.pieces.positions import EdgePosition, EndPosition, Fixed, FromLeft, Position

__all__ = ["NUMBER", "call", "function_of", "integer", "primitives", "substring", "text"]

NUMBER = r"(?<![\w.])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
"""A number in a text: thousands may be grouped by commas; a minus counts unless it follows a word."""


@cache
def primitives() -> dict[str, Primitive]:
    """The primitives of ``columns``, imported late because the language contains the sources that use them."""
    from neurosynth_dsls.columns.language import columns

    return columns.primitives


@cache
def _evaluator() -> Evaluator:
    return Evaluator()


def function_of(program: Program) -> Callable[[tuple[Any, ...]], Any]:
    """The function of a program: from the inputs of a row to its value, or ``UNDEFINED``.

    One evaluator makes all of them: a new one would work out the limits of each primitive again, which takes longer than to run it.
    """
    return _evaluator().function(program)


def text(value: str) -> Constant:
    """A text constant."""
    return Constant(value, STRING)


def integer(value: int) -> Constant:
    """An integer constant."""
    return Constant(value, INT)


def call(name: str, *arguments: Any) -> Program:
    """A primitive applied to programs; texts and integers become constants."""
    programs = tuple(a if isinstance(a, Program) else integer(a) if isinstance(a, int) else text(a) for a in arguments)
    return Apply(primitives()[name], programs)


def substring(source: Program, left: Position, right: EndPosition, texts: Sequence[str] = ()) -> Program:
    """The text between two positions, in the simplest form.

    If all known ``texts`` have a separator, the text before or after it is written like that: the forms differ only on other texts.
    """
    if texts and (side := _side_of(left, right, texts)) is not None:
        return call(side[0], source, side[1])
    if isinstance(left, EdgePosition) and left.side == 0 and not left.token.literal:
        same = isinstance(right, EdgePosition) and (right.token, right.n, right.side) == (left.token, left.n, 1)
        on = isinstance(right, FromLeft) and right.token == left.token and not right.until
        if same or on:
            if left.token.pattern == r"\S+":
                return call("text.word_at", source, left.n)
            return call("text.match", source, left.token.pattern, left.n)
    if isinstance(right, FromLeft) and right.token is not None and not right.until:
        return call("text.match_from", source, right.token.pattern, _from_start(source, left))
    if isinstance(left, Fixed) and left.at == 0:
        if isinstance(right, Fixed) and right.at is None:
            return source
        return call("str.take", source, _end(source, right, left))
    start = _position(source, left)
    to_end = isinstance(left, Fixed) and left.at is not None and left.at < 0 and _reaches_end(left.at, right)
    if to_end or (isinstance(right, Fixed) and right.at is None):
        return call("str.drop", source, start)
    return call("text.slice", source, start, _end(source, right, left))


def _side_of(left: Position, right: EndPosition, texts: Sequence[str]) -> tuple[str, str] | None:
    """Before or after a separator, and that separator, if positions say no more."""
    if isinstance(left, Fixed) and left.at == 0 and isinstance(right, EdgePosition):
        name, edge, side = "str.before", right, 0
    elif isinstance(right, Fixed) and right.at is None and isinstance(left, EdgePosition):
        name, edge, side = "str.after", left, 1
    else:
        return None
    literal = edge.token.literal
    fits = bool(literal) and edge.n == 0 and edge.side == side and all(literal in t for t in texts)
    return (name, literal) if fits else None


def _reaches_end(left: int, right: EndPosition) -> bool:
    """Whether a length from so many characters before the end reaches the end."""
    return isinstance(right, FromLeft) and right.token is None and left + right.length == 0


def _from_start(source: Program, position: Position) -> Program:
    """A position counted from the start, even if it was given from the end."""
    if isinstance(position, Fixed) and position.at is not None and position.at < 0:
        return call("-", call("str.len", source), -position.at)
    return _position(source, position)


def _position(source: Program, position: Position) -> Program:
    if isinstance(position, Fixed):
        return integer(position.at) if position.at is not None else call("str.len", source)
    token, n, side = position.token, position.n, position.side
    if token.literal and n in (0, -1):
        at = call("text.index" if n == 0 else "text.rindex", source, token.literal)
        return call("+", at, len(token.literal)) if side else at
    return call("text.match_end" if side else "text.match_start", source, token.pattern, n)


def _end(source: Program, right: EndPosition, left: Position) -> Program:
    if not isinstance(right, FromLeft):
        return _position(source, right)
    if right.token is None:
        if isinstance(left, Fixed) and left.at is not None:
            return integer(left.at + right.length)
        return call("+", _position(source, left), right.length)
    at = call("text.index_from", source, right.token.literal, _from_start(source, left))
    return call("+", at, len(right.token.literal)) if right.through else at
