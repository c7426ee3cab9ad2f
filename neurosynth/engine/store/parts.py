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
_HASHED = 1 << 20
"""The same of compiled loops, where a later answer takes the place of an earlier one."""


class PartTest:
    """The test of the values of one type."""

    def __init__(self, keep: Keep, goals: Sequence[Sequence[Any]]) -> None:
        """``goals`` are outputs of all examples: those of the task, and of further ones that search is for at the same time."""
        self.keep = keep
        self.outlines = [[list(keep.outline(output)) for output in goal] for goal in goals]
        rows = [outline for outlines in self.outlines for outline in outlines]
        starts = np.cumsum([0, *map(len, rows)])
        self.words = np.array([word for outline in rows for word in outline], np.int64)
        """All outlines in a row."""
        spans = np.stack([starts[:-1], np.diff(starts)], axis=1).astype(np.int64)
        self.spans = spans.reshape(len(self.outlines), -1, 2)
        """(G, E, 2): for each goal where the outline of each example starts, and how long it is."""
        self.open = list(range(len(goals)))
        """The goals that search is still for."""
        self.known = np.zeros(_HASHED, np.uint64)
        """What compiled loops said of values, by their hashes."""
        self._known: list[dict[Any, bool]] = [{} for _ in goals[0]]

    def forget(self, goal: int) -> None:
        """No longer keep what can only be part of one of the goals; nothing happens to the last one."""
        if goal in self.open and len(self.open) > 1:
            self.open.remove(goal)
            self.known[:] = 0
            for known in self._known:
                known.clear()

    def open_spans(self, examples: np.ndarray) -> np.ndarray:
        """(G, C, 2): those of the goals that are open, of some of the examples."""
        return np.ascontiguousarray(self.spans[self.open][:, examples])

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
            found = known[value] = any(self.keep.test(self.outlines[g][example], value) for g in self.open)
        return found


def part_tests(hints: Hints, goals: Sequence[Sequence[Any]]) -> Mapping[Type, PartTest]:
    """The tests of a language for one or more goals, by the types of the values: what is part of any of them is kept."""
    return {keep.type: PartTest(keep, goals) for keep in hints.keeps}
