"""How a candidate is judged on the rows of the column that have no outputs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.search.strategies.cover.config import CoverConfig

__all__ = ["judged", "shape", "shapes_of", "told_bits"]

NUMBERS = 3
"""Numbers of one output that may lack their decimals, the last."""


_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"^-(?=[\d.])"), ""),
    (re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![,\d])|\d+"), "0"),
    (re.compile(r"[^\W\d_]+"), "a"),
)


def shape(text: str) -> str:
    """A text with every run of digits, letters and white space as one character; a leading minus is left out.

    Digits in groups of three are one run.
    """
    for pattern, by in _SHAPES:
        text = pattern.sub(by, text)
    return text


_DECIMALS = re.compile(r"(?<![0.,])0\.0(?![.,]?0)")


def shapes_of(outputs: Iterable[str]) -> frozenset[str]:
    """The shapes of outputs; where numbers have decimals, those without them, too: ``0.9`` and then ``1``."""
    found = set(map(shape, outputs))
    for text in list(found):
        ends = [m.start() + 1 for m in _DECIMALS.finditer(text)][-NUMBERS:]
        for count in range(1, len(ends) + 1):
            for chosen in combinations(ends, count):
                found.add("".join(c for i, c in enumerate(text) if i not in chosen and i - 1 not in chosen))
    return frozenset(found)


def judged(
    program: Program, cost: int, column: Column, config: CoverConfig, evaluator: Evaluator, shapes: frozenset[str]
) -> int | None:
    """The cost with the surcharge for rows without outputs, or None where an example comes out wrong."""
    function = evaluator.function(program)
    stays = False
    for row, wanted in zip(column.rows, column.outputs, strict=True):
        if function(row) != wanted:
            return None
        stays = stays or wanted in row
    undefined = odd = longer = left = 0
    merged = {_words_as_one(s) for s in shapes}
    gone, bare = _gone(column), _bare(column)
    for row in column.judged:
        value = function(row)
        if value is UNDEFINED or value is None:
            undefined += not _empty(row)
        elif isinstance(value, str) and not (stays and value in row and _LETTER.search(value)):
            # words that stay as they are, as on an example, are not odd
            found = shape(value)
            more_words = found not in shapes and _words_as_one(found) in merged
            longer += more_words
            unseen = found not in shapes and not more_words and not _with_decimals(found, value, row, shapes)
            odd += unseen or (bare and _PADDED.search(value) is not None)
            left += not gone.isdisjoint(map(_kind, value))
    count = max(1, len(column.judged))
    # one odd row of two is no evidence: it may well be the row that an example is missing for
    strange = (config.odd * odd + config.longer * longer) // max(count, config.odd_rows)
    return cost + config.undefined * undefined // count + strange + config.left * left // count


def _with_decimals(shape: str, text: str, row: Sequence[Any], shapes: frozenset[str]) -> bool:
    """Whether a shape is known but for decimals, and the numbers with decimals are copies of an input's."""
    if _DECIMALS.sub("0", shape) not in shapes:
        return False
    return all(any(n in v for v in row if isinstance(v, str)) for n in re.findall(r"\d+\.\d+", text))


def _words_as_one(shape: str) -> str:
    """A shape with words that follow each other as one."""
    return re.sub(r"a(?: a)+", "a", shape)


def _kind(c: str) -> str:
    """What a character is one of: letters with marks, and every sign for itself; digits, plain letters and blanks are of no kind."""
    if c.isalpha():
        return "" if c.isascii() else "é"
    return "" if c.isdigit() or c.isspace() else c


def _gone(column: Column) -> frozenset[str]:
    """Kinds of characters that the inputs of examples have and no output has."""
    known = column.memo.get(("gone", column.rows))
    if known is None:
        inputs = {_kind(c) for row in column.rows for v in row if isinstance(v, str) for c in v}
        known = frozenset(inputs - {_kind(c) for o in column.outputs if isinstance(o, str) for c in o} - {""})
        column.memo["gone", column.rows] = known
    return known


_LETTER = re.compile(r"[^\W\d_]")
_PADDED = re.compile(r"(?<![\d.,:])0\d(?![\d.,])")
_BARE = re.compile(r"(?<![\d.,:])\d(?![\d.,])")


def _bare(column: Column) -> bool:
    """Whether the outputs have numbers of one digit, and none with a zero before it."""
    texts = [o for o in column.outputs if isinstance(o, str)]
    return any(map(_BARE.search, texts)) and not any(map(_PADDED.search, texts))


def told_bits(column: Column, config: CoverConfig) -> int:
    """Bits of the outputs as they are: what a program must stay below to have explained anything."""
    return sum(map(config.output_cost, column.outputs))


def _empty(row: Sequence[Any]) -> bool:
    """Whether nothing stands in a row, so that nothing can be expected of it."""
    return all(value is None or value == "" for value in row)
