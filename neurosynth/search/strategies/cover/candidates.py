"""How a candidate is judged on the rows of the column that have no outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Apply, Input, Program
from neurosynth.ranking.agreement import read_inputs
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.shapes import (
    DIGIT,
    ENDLESS,
    LETTER,
    all_words,
    as_one,
    has_digits,
    is_code,
    kind_of,
    merges_word,
    shape,
    short_decimals,
    splits_word,
    with_decimals,
    without_minus,
)
from neurosynth.search.strategies.cover.traits import Traits, input_shape, mask_of, traits_of
from neurosynth.values.types import STRING

__all__ = ["judged", "told_bits", "unread"]


def judged(
    program: Program,
    cost: int,
    column: Column,
    config: CoverConfig,
    evaluator: Evaluator,
    shapes: frozenset[str],
    malformed: Callable[[str], bool] = lambda text: False,
) -> int | None:
    """The cost with the surcharge for rows without outputs, or None if an example is wrong.

    ``malformed`` tells whether a text contains something impossible; it counts only if no example does.
    """
    function = evaluator.function(program)
    if any(function(row) != wanted for row, wanted in zip(column.rows, column.outputs, strict=True)):
        return None
    # decimals that no output has count if an input is copied, which is hardly what is asked for
    rows = _Rows(
        column,
        traits_of(column),
        shapes,
        malformed,
        mask_of(column),
        isinstance(program, Input),
        _copied_digits(column),
    )
    for row in column.judged:
        rows.look(row, function(row))
    return cost + rows.surcharge(config) + unread(program, column, config)


@dataclass(slots=True)
class _Rows:
    """What is unlike the examples in the values of a program on rows without outputs, counted."""

    column: Column
    traits: Traits
    shapes: frozenset[str]
    malformed: Callable[[str], bool]
    mask: str | None
    copies: bool
    numbers: bool
    """Whether the examples are those of a branch, and each output is a number that stands in its row."""
    undefined: int = 0
    joined: int = 0
    nothing: int = 0
    stayed: int = 0
    odd: int = 0
    new: int = 0
    longer: int = 0
    left: int = 0
    cased: int = 0
    short: int = 0
    split: int = 0
    merged: frozenset[str] | None = None
    """The shapes with adjacent words as one, once they are needed."""

    def look(self, row: Sequence[Any], value: Any) -> None:
        """Count what is unlike the examples on one row."""
        traits = self.traits
        if value is UNDEFINED or value is None:
            # no number is found in ``Unknown``, but a condition should lead such a row elsewhere
            self.undefined += not _empty(row) and (not traits.numeric or has_digits(row) or self.column.leaf)
        elif not isinstance(value, str):
            pass
        elif value in row and (traits.words_stay or (traits.stays and has_digits((value,)))) and LETTER.search(value):
            # words that stay unchanged, as they do in an example, are not odd, but numbers in another form are, a little
            unseen = shape(value, traits.inner) not in self.shapes
            self.stayed += has_digits((value,)) and unseen
            self.odd += unseen and input_shape(row, self.column) in traits.changed
        else:
            self._look_at_shape(row, value)
            self.joined += self.numbers and value.isdecimal() and not _stands_in(value, row)
            self.left += not traits.gone.isdisjoint(map(kind_of, value))
            self.cased += traits.casing is not None and traits.casing(value) != value
            self.short += traits.whole and not all_words(row, value)
            self.split += bool(traits.inner) and (
                splits_word(row, value, traits.inner) or merges_word(row, value, traits.inner)
            )

    def _look_at_shape(self, row: Sequence[Any], value: str) -> None:
        """Count a shape that no output has, as odd if the row itself looks like an example."""
        traits, shapes = self.traits, self.shapes
        found = shape(value, traits.inner)
        unseen = more_parts = False
        if found not in shapes:
            if self.merged is None:
                self.merged = frozenset(map(as_one, shapes))
            more_parts = as_one(found) in self.merged
            more_parts = more_parts or ((len(value), True) in traits.codes and is_code(value))
            more_parts = more_parts or (not self.copies and short_decimals(found, value, shapes))
            unseen = not more_parts and (self.copies or not with_decimals(found, value, row, shapes))
            unseen = unseen and not without_minus(found, shapes)
        self.longer += more_parts
        strange = unseen or (traits.bare is not None and traits.bare.search(value) is not None)
        wrong = self._is_wrong(row, value)
        alike = wrong or (strange and input_shape(row, self.column) in traits.known)
        alike = alike or (
            traits.numeric and value != "" and not has_digits((value,))
        )  # a word in the place of a number
        strange = strange or wrong
        if strange and not alike and not value:
            self.nothing += 1 + traits.numeric  # a number that is not there is missing rather than empty
        else:
            self.odd, self.new = self.odd + (strange and alike), self.new + (strange and not alike)

    def _is_wrong(self, row: Sequence[Any], value: str) -> bool:
        """Whether a value cannot be meant, whatever the row looks like."""
        traits = self.traits
        return (
            (traits.length is not None and len(value) != traits.length)
            or self.malformed(value)
            or (not traits.endless and value not in row and ENDLESS.search(value) is not None)
            or (self.mask is not None and any(map(str.isdigit, value)) and DIGIT.sub("0", value) != self.mask)
        )

    def surcharge(self, config: CoverConfig) -> int:
        """Bits for all that was counted."""
        count = max(1, len(self.column.judged))
        # one odd row of two is no evidence: it may be the row for which an example is missing; all of several are
        unlike = config.odd * self.odd + config.odd_new * self.new + config.longer * self.longer
        unlike += config.nothing * self.nothing + config.stayed * self.stayed
        every = 1 < count == self.odd
        unlike //= min(count + config.odd_every, max(count, config.odd_rows)) if every else max(count, config.odd_rows)
        unfit = config.unfit * ((self.odd > 0) + (self.short > 0)) + config.splits_some * (self.split > 0)
        unfit += config.undefined_branch * (self.column.leaf and self.undefined > 0)
        lost = config.undefined * self.undefined + config.left * self.left
        lost += config.joined * self.joined + config.cased * self.cased + config.short * self.short
        lost = (lost + config.splits * self.split) // count
        return lost + unlike + unfit


def _copied_digits(column: Column) -> bool:
    """Whether the rows are those of a branch, and every output is a number that stands in an input."""
    key = ("copied digits", column.rows)
    if key not in column.memo:
        pairs = zip(column.rows, column.outputs, strict=True)
        column.memo[key] = column.leaf and all(
            isinstance(o, str) and o.isdecimal() and _stands_in(o, r) for r, o in pairs
        )
    return bool(column.memo[key])


def _stands_in(value: str, row: Sequence[Any]) -> bool:
    return any(isinstance(cell, str) and value in cell for cell in row)


def _pieces_of(program: Program) -> list[Program]:
    """The parts that a program joins to its output."""
    if isinstance(program, Apply) and program.primitive.hash_kernel == "concat" and program.type == STRING:
        return [part for argument in program.arguments for part in _pieces_of(argument)]
    return [program]


def _only_signs(piece: Program, column: Column) -> bool:
    """Whether a piece gives signs and blanks alone on all examples: whatever input it reads, it says nothing of it."""
    if not isinstance(piece, Apply) or piece.type != STRING:
        return False
    function = Evaluator().function(piece)
    values = [function(row) for row in column.rows]
    return all(isinstance(v, str) and not any(c.isalnum() for c in v) for v in values)


def unread(program: Program, column: Column, config: CoverConfig) -> int:
    """Bits for inputs that a program does not read, if there are few and their values differ: they are rarely useless."""
    if not 1 < len(column.inputs) <= len(config.unread) + 1 or column.leaf:
        return 0
    read: set[int] = set()
    for piece in _pieces_of(program):
        if not _only_signs(piece, column):
            read |= read_inputs(piece)
    vain = sum(i.index not in read and _varies(column, n) for n, i in enumerate(column.inputs) if isinstance(i, Input))
    return config.unread[len(column.inputs) - 2] * vain


def _varies(column: Column, n: int) -> bool:
    key = ("varies", n)
    if key not in column.memo:
        column.memo[key] = len({row[n] for row in column.every}) > 1
    return bool(column.memo[key])


def told_bits(column: Column, config: CoverConfig) -> int:
    """Bits of the outputs as literal text; a program must have fewer to explain anything."""
    return sum(map(config.output_cost, column.outputs))


def _empty(row: Sequence[Any]) -> bool:
    """Whether a row is empty, so that no output can be expected."""
    return all(value is None or value == "" for value in row)
