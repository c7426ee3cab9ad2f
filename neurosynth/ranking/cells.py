"""The features that indicate whether one filled cell is right: the values of the other programs there, and the shapes of the row and
the value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.ranking.agreement import Ranking, read_inputs
from neurosynth.ranking.confidence import log_odds, shipped
from neurosynth.tasks.task import Task
from neurosynth.values.frozen import typed_key
from neurosynth.values.words import text_shape

__all__ = ["CELL_FEATURES", "COMPARED", "CellFeatures", "Cells", "FilledCell"]

COMPARED = 8
"""Number of programs with different behaviour that contribute to a cell."""
SHOWN = 3
"""Maximum number of other values that are listed."""
CELL_FEATURES = ("answer", "agreement", "dissent", "unlike", "length", "new_signs", "new_looks", "unchanged")


class CellFeatures:
    """Computes the features of the cells that one answer fills."""

    def __init__(
        self, task: Task, confidence: float, shares: Sequence[float], *, read: Sequence[int] | None = None
    ) -> None:
        """
        Args:
            task: the examples.
            confidence: of the answer, more than 0 and less than 1.
            shares: the belief in each program, the answer first.
            read: the inputs that the answer reads, whose cells may look new; None for all.
        """
        self._read = range(len(task.inputs)) if read is None else read
        self._answer = log_odds(confidence)
        self._shares = shares
        outputs = [e.output for e in task.examples if isinstance(e.output, str)]
        self._shapes = {text_shape(o) for o in outputs}
        self._lengths = (min(map(len, outputs), default=0), max(map(len, outputs), default=0))
        columns = [[e.inputs[at] for e in task.examples] for at in self._read]
        self._signs = [set().union(*map(_signs, column)) for column in columns]
        self._looks = [{text_shape(v) for v in column if isinstance(v, str)} for column in columns]
        self._copies = any(e.output in e.inputs for e in task.examples)

    def of(self, row: Sequence[Any], values: Sequence[Any]) -> dict[str, float]:
        """The features of :data:`CELL_FEATURES` for each program's value on a row; the answer's value is first."""
        return dict(zip(CELL_FEATURES, self.numbers(row, values), strict=True))

    def numbers(self, row: Sequence[Any], values: Sequence[Any]) -> tuple[float, ...]:
        """The same in the order of :data:`CELL_FEATURES`; most rows of a table share them."""
        value = values[0]
        agreement, dissent = (1.0, 0.0) if _one_text(values) else self._votes(values)
        least, most = self._lengths
        text = value if isinstance(value, str) else None
        cells = [row[at] for at in self._read]
        return (
            self._answer,
            agreement,
            dissent,
            float(text is not None and text_shape(text) not in self._shapes),
            float(text is not None and not least <= len(text) <= most)
            + float(text is not None and (len(text) > 2 * most or 2 * len(text) < least)),
            float(any(not _signs(v) <= s for v, s in zip(cells, self._signs, strict=True))),
            float(any(isinstance(v, str) and text_shape(v) not in s for v, s in zip(cells, self._looks, strict=True))),
            float(text is not None and not self._copies and text in cells),
        )

    def _votes(self, values: Sequence[Any]) -> tuple[float, float]:
        """The share of belief in the first value, and the share of the other programs that have another one."""
        key = typed_key(values[0])
        given = [(s, typed_key(v)) for s, v in zip(self._shares, values, strict=True) if v is not UNDEFINED]
        whole = sum(s for s, _ in given)
        others = [k for _, k in given[1:]]
        return (
            sum(s for s, k in given if k == key) / whole if whole else 0.0,
            sum(k != key for k in others) / len(others) if others else 0.0,
        )


@dataclass(frozen=True, slots=True)
class FilledCell:
    """A filled cell."""

    value: Any
    """``UNDEFINED`` if the program has no value."""
    confidence: float
    """The probability that it is right, 0 to 1; 0 without a value."""
    others: tuple[tuple[Any, float], ...]
    """Other values of programs there, each with its probability, the largest first: the share of belief in it, but together no more than
    the first value's confidence leaves."""


class Cells:
    """The confidence of each cell that the first program of a ranking fills."""

    def __init__(self, task: Task, ranking: Ranking, confidence: float) -> None:
        """``confidence`` is that of the answer; ``ranking`` has at least one program."""
        self._model = shipped()
        self.programs: tuple[Program, ...] = ranking.programs[:COMPARED]
        whole = sum(ranking.shares[:COMPARED])
        self._shares = [share / whole for share in ranking.shares[:COMPARED]]
        self._as_likely = [i for i, p in enumerate(self.programs) if p in ranking.exchanged]
        answer = confidence * (1 + len(ranking.exchanged))  # rows on which those agree are not in doubt
        self.read: list[int] = sorted(set().union(*map(read_inputs, self.programs)))
        """Inputs that any of the programs reads; the others change nothing."""
        read = sorted(read_inputs(self.programs[0])) or None
        self._features = CellFeatures(task, self._model.within(answer), self._shares, read=read)
        self._chances: dict[tuple[float, ...], float] = {}
        """By the values of the features, which most rows of a table share."""

    def of(self, row: Sequence[Any], values: Sequence[Any]) -> FilledCell:
        """The cell of a row, from the values of ``programs`` there."""
        if _one_text(values):  # as in most cells, and cheaper than keys
            return FilledCell(values[0], self._model.within(self._chance(row, values)), ())
        votes: dict[Any, tuple[Any, float]] = {}
        for value, share in zip(values, self._shares, strict=True):
            if value is not UNDEFINED:
                key = typed_key(value)
                votes[key] = (value, votes[key][1] + share if key in votes else share)
        first = votes.pop(typed_key(values[0]), None)
        others = sorted(votes.values(), key=lambda v: -v[1])
        if first is None:
            return FilledCell(UNDEFINED, 0.0, tuple(others[:SHOWN]))
        told = {typed_key(values[i]) for i in self._as_likely} - {typed_key(values[0])}
        chance = self._model.within(self._chance(row, values) / (1 + len(told)))
        scale = min(1.0, (1.0 - chance) / max(sum(share for _, share in others), 1e-12))
        return FilledCell(values[0], chance, tuple((value, share * scale) for value, share in others[:SHOWN]))

    def _chance(self, row: Sequence[Any], values: Sequence[Any]) -> float:
        """The probability of the answer's value, before other answers share it."""
        key = self._features.numbers(row, values)
        if key not in self._chances:
            self._chances[key] = self._model.of_cell(dict(zip(CELL_FEATURES, key, strict=True)))
        return self._chances[key]


def _one_text(values: Sequence[Any]) -> bool:
    """Whether all programs give the same text."""
    value = values[0]
    return type(value) is str and all(type(v) is str and v == value for v in values)


_SIGN = re.compile(r"[\W_]")


def _signs(cell: Any) -> set[str]:
    """Characters of a text that are neither letters nor digits."""
    return set(_SIGN.findall(cell)) if isinstance(cell, str) and not cell.isalnum() else set()
