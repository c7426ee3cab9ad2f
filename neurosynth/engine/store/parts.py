"""Which values of a store can be part of the goal: the tests of a language, bound to the outputs of a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from neurosynth.engine.store.banks import Columns
from neurosynth.language.hints import Hints, Keep
from neurosynth.language.primitive import UNDEFINED
from neurosynth.values.types import Type

__all__ = ["PartTest", "part_tests"]

_REMEMBERED = 1 << 20
"""Answers that are remembered at most: many candidates of a tile share values with others."""


class PartTest:
    """The test of the values of one type."""

    def __init__(self, keep: Keep, goal: Sequence[Any]) -> None:
        self.keep = keep
        self.outlines = [list(keep.outline(output)) for output in goal]
        starts = np.cumsum([0, *map(len, self.outlines)])
        self.words = np.array([word for outline in self.outlines for word in outline], np.int64)
        """The outlines of all examples in a row."""
        self.spans = np.stack([starts[:-1], np.diff(starts)], axis=1).astype(np.int64)
        """(E, 2): where that of each example starts, and how long it is."""
        self._known: list[dict[Any, bool]] = [{} for _ in self.outlines]

    def kept(self, values: tuple[Any, ...], columns: Columns) -> tuple[Any, ...] | None:
        """The values, ``UNDEFINED`` where they can be no part of the goal; None where nothing is left that is worth keeping."""
        found = tuple(
            value if value is UNDEFINED or self._is_part(e, value) else UNDEFINED
            for e, value in zip(columns.examples.tolist(), values, strict=True)
        )
        if any(found[c] is UNDEFINED for c in columns.required):
            return None
        lost = sum(value is UNDEFINED for value in found)
        return None if lost == len(found) or (lost and not columns.partial) else found

    def _is_part(self, example: int, value: Any) -> bool:
        known = self._known[example]
        found = known.get(value)
        if found is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            found = known[value] = self.keep.test(self.outlines[example], value)
        return found


def part_tests(hints: Hints, goal: Sequence[Any]) -> Mapping[Type, PartTest]:
    """The tests of a language for a goal, by the types of the values."""
    return {keep.type: PartTest(keep, goal) for keep in hints.keeps}
