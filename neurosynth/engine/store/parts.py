"""The values of a store that can be part of the goal: the tests of a language, bound to the outputs of a task."""

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
"""Maximum number of remembered answers: many candidates of a tile have values in common."""
_HASHED = 1 << 20
"""The same for compiled loops, where a later answer replaces an earlier one."""


class PartTest:
    """The test for the values of one type."""

    def __init__(self, keep: Keep, goals: Sequence[Sequence[Any]]) -> None:
        """``goals`` are outputs of all examples: those of the task, and of further tasks of the same search."""
        self.keep = keep
        self.outlines = [[list(keep.outline(output)) for output in goal] for goal in goals]
        rows = [outline for outlines in self.outlines for outline in outlines]
        starts = np.cumsum([0, *map(len, rows)])
        self.words = np.array([word for outline in rows for word in outline], np.int64)
        """All outlines, concatenated."""
        spans = np.stack([starts[:-1], np.diff(starts)], axis=1).astype(np.int64)
        self.spans = spans.reshape(len(self.outlines), -1, 2)
        """(G, E, 2): for each goal, the start of the outline of each example, and its length."""
        self.open = list(range(len(goals)))
        """The goals that the search still has."""
        self.known = np.zeros(_HASHED, np.uint64)
        """Answers of compiled loops about values, by their hashes."""
        self._known: list[dict[Any, bool]] = [{} for _ in goals[0]]

    def forget(self, goal: int) -> None:
        """Stop storing values that can only be part of one of the goals; has no effect for the last goal."""
        if goal in self.open and len(self.open) > 1:
            self.open.remove(goal)
            self.known[:] = 0
            for known in self._known:
                known.clear()

    def open_spans(self, examples: np.ndarray) -> np.ndarray:
        """(G, C, 2): the spans of the open goals, for some of the examples."""
        return np.ascontiguousarray(self.spans[self.open][:, examples])

    def kept(self, values: tuple[Any, ...], columns: Columns) -> tuple[Any, ...] | None:
        """The values, ``UNDEFINED`` if they cannot be part of the goal; None if nothing worth storing is left."""
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
    """The tests of a language for one or more goals, by the types of the values: parts of any goal are stored."""
    return {keep.type: PartTest(keep, goals) for keep in hints.keeps}
