"""All numbers of a text filled up with zeros to one length, or all behind a sign, so that texts sort by them: ``1.2.10`` as ``01.02.10``."""

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

__all__ = ["paddings"]

ALL, BEHIND = 9, 10
"""Bits of filling up all numbers, and those directly behind a sign."""
SIGNS = "./-_: "
LONGEST = 10
"""Maximum length of numbers that are filled up."""
_FILLED = re.compile(r"(?<!\d)0\d+")
_NUMBER = re.compile(r"\d+")
_DATES = (
    re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[T ].*)?"),
    re.compile(r"\d{1,2}[:.]\d{1,2}(?:[:.]\d{1,2})?(?:\s?[ap]\.?m\.?)?", re.I),
)
"""Dates and times, whose parts have two digits for another reason."""

Padding = tuple[TextFunction, Callable[[tuple[Any, ...]], Any]]


def paddings(column: Column) -> Iterator[Padding]:
    """The functions that fill up numbers, with the code that computes them, if the outputs have such numbers of one length."""
    lengths = {len(n) for o in column.outputs if isinstance(o, str) for n in _FILLED.findall(o)}
    texts = [cell for row in column.rows for cell in row if isinstance(cell, str)]
    if len(lengths) != 1:
        return
    width = lengths.pop()
    if not any(
        _has_several(cell, o, width) for row, o in zip(column.rows, column.outputs, strict=True) for cell in row
    ):
        return  # one number has a format, which says so better
    if width > LONGEST or (width == 2 and any(all(map(p.fullmatch, texts)) for p in _DATES)):
        return  # dates and times are read as such
    yield _padding(width, "")
    for sign in SIGNS:
        if any(sign in o for o in column.outputs):
            yield _padding(width, sign)


def _has_several(cell: object, output: object, width: int) -> bool:
    """Whether several numbers of a cell stand in an output, those behind the first one filled up."""
    numbers = _NUMBER.findall(cell) if isinstance(cell, str) and isinstance(output, str) else []
    return len(numbers) > 1 and all(n.rjust(width, "0") in str(output) for n in numbers[1:])


@cache
def _padding(width: int, sign: str) -> Padding:
    literal, zeros = re.escape(sign), "0" * (width - 1)

    def build(p: Program) -> Program:
        filled = call("re.replace", rf"{literal}(\d+)", rf"{sign}{zeros}\1", p)
        return call("re.replace", rf"{literal}0*(\d{{{width},}})", rf"{sign}\1", filled)

    return TextFunction(BEHIND if sign else ALL, build), Evaluator().function(build(Input(0, STRING)))
