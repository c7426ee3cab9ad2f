"""The signs that part words in the examples, and no others, as blanks: ``hugo.carter-lee`` is ``Hugo Carter-Lee``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.program import Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.function_table import TextFunction

__all__ = ["shown_signs"]

BITS = 5
"""Bits of blanks in place of signs: one less than for all signs, as some row has words with another sign inside."""
SIGNS = 3
"""Maximum number of signs."""
CASES = ("", "str.title", "str.lower", "str.upper")
_SIGN = re.compile(r"(?<=[^\W\d_])(?:[^\w\s@]|_)(?=[^\W\d_])")
_INNER = "-'’"
"""Signs inside words."""

Spacing = tuple[TextFunction, Callable[[tuple[Any, ...]], Any]]


def shown_signs(column: Column) -> Iterator[Spacing]:
    """The functions that write blanks for the signs of the examples, with the code that computes them.

    They are offered if a word with a hyphen or an apostrophe, which no example has, stands beside one of these signs on another row.
    """
    signs = {c for row in column.rows for v in row if isinstance(v, str) for c in _SIGN.findall(_name(v))}
    if not signs or len(signs) > SIGNS or signs & {*_INNER} or any(c in o for c in signs for o in column.outputs):
        return
    chosen = "[" + re.sub(r"[\\\[\]^]", r"\\\g<0>", "".join(sorted(signs))) + "]"
    word = rf"[^\W\d_]+[{_INNER}][^\W\d_]+"
    inner = re.compile(rf"{chosen}{word}|{word}{chosen}")
    if any(inner.search(_name(v)) for row in column.judged for v in row if isinstance(v, str)):
        pattern = f"{chosen}+" if len(signs) > 1 else f"{re.escape(min(signs))}+"
        yield from (_spacing(pattern, case) for case in CASES)


def _name(text: str) -> str:
    """A text up to an at sign: behind that, hyphens and points have another meaning."""
    return text.partition("@")[0]


@cache
def _spacing(pattern: str, case: str) -> Spacing:
    def build(p: Program) -> Program:
        spaced = call("str.trim", call("text.replace_pattern", p, pattern, " "))
        return call(case, spaced) if case else spaced

    return TextFunction(BITS, build), Evaluator().function(build(Input(0, STRING)))
