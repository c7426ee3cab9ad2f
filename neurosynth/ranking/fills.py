"""The evidence of the rows to fill about a program: its values compared with the given outputs, and the rows compared with the
examples."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Constant, Program
from neurosynth.ranking.agreement import read_inputs
from neurosynth.ranking.bits import copied_share
from neurosynth.ranking.looks import Fit
from neurosynth.tasks.task import Task
from neurosynth.values.words import text_shape

__all__ = ["Rows", "looks", "of_fills", "of_table"]


@dataclass(frozen=True)
class Rows:
    """Inputs without outputs, and the values of the first program and of the others there."""

    inputs: Sequence[tuple[Any, ...]]
    first: Sequence[Any]
    agreement: Sequence[float]
    """For each row, the share of belief that agrees with the first program."""


def of_fills(task: Task, program: Program, rows: Rows) -> dict[str, float]:
    """The shapes of a program's values, compared with the outputs of the examples."""
    count = max(1, len(rows.inputs))
    texts = [(row, v) for row, v in zip(rows.inputs, rows.first, strict=True) if isinstance(v, str)]
    shown = [e for e in task.examples if isinstance(e.output, str)]
    undefined = sum(v is UNDEFINED for v in rows.first)
    fills = {
        "undefined": undefined / count,
        "some_undefined": float(undefined > 0),
        "surprise": Fit(task).of(program)[1],
        "unchanged": 0.0,
        "unlike": 0.0,
        "log_unlike": 0.0,
        "copied_less": 0.0,
        "longer": 0.0,
        "empty": 0.0,
    }
    if texts and shown:
        shapes = {text_shape(e.output) for e in shown}
        lengths = [len(e.output) for e in shown]
        same = sum(v in row for row, v in texts) / len(texts) - sum(e.output in e.inputs for e in shown) / len(shown)
        copied = sum(copied_share(e.output, e.inputs) for e in shown) / len(shown)
        fills["unchanged"] = max(0.0, same)
        unlike = sum(text_shape(v) not in shapes for _, v in texts)
        fills["unlike"], fills["log_unlike"] = unlike / len(texts), math.log2(1 + unlike)
        fills["copied_less"] = copied - sum(copied_share(v, row) for row, v in texts) / len(texts)
        fills["longer"] = sum(len(v) > 2 * max(lengths) or 2 * len(v) < min(lengths) for _, v in texts) / len(texts)
        fills["empty"] = sum(not v for _, v in texts) / len(texts) if all(lengths) else 0.0
    return fills


def of_table(task: Task, program: Program, rows: Rows) -> dict[str, float]:
    """How the rows to fill differ from the examples, in the inputs that the program reads: a wide table always has something new."""
    wanted = len(task.unlabelled)
    read = sorted(read_inputs(program)) or range(len(task.inputs))
    examples = [[e.inputs[at] for at in read] for e in task.examples]
    inputs = [[row[at] for at in read] for row in rows.inputs]
    columns = list(zip(*examples, strict=True))
    signs, seen = list(map(_signs, columns)), list(map(looks, columns))
    fresh = sum(any(_signs([v]) - s for v, s in zip(row, signs, strict=True)) for row in inputs)
    other = sum(any(looks([v]) - s for v, s in zip(row, seen, strict=True)) for row in inputs)
    count = max(1, len(inputs)) if wanted else 1
    return {
        "table": float(wanted > 0),
        "log_rows": math.log2(1 + wanted),
        "new_signs": fresh / count if wanted else 0.0,
        "new_looks": other / count if wanted else 0.0,
        "log_new_looks": math.log2(1 + other) if wanted else 0.0,
        "new_letters": _share_of_new(examples, inputs, _foreign) if wanted else 0.0,
        "other_words": _share_of_new(examples, inputs, _words) if wanted else 0.0,
        "other_counts": _other_counts(program, examples, inputs) if wanted else 0.0,
    }


Table = Sequence[Sequence[Any]]
"""Rows of cells."""
_WORD = re.compile(r"\d+|[^\W\d_]+")


def _words(row: Sequence[Any]) -> list[int]:
    """For each cell, the number of words and numbers in it; -1 if it is not text."""
    return [len(_WORD.findall(cell)) if isinstance(cell, str) else -1 for cell in row]


def _foreign(row: Sequence[Any]) -> list[int]:
    """For each cell, whether it has letters beyond those of English, so that it may matter how they are treated."""
    return [int(isinstance(cell, str) and any(c.isalpha() and not c.isascii() for c in cell)) for cell in row]


def _share_of_new(examples: Table, rows: Table, count: Callable[[Sequence[Any]], list[int]]) -> float:
    """Share of rows in which some count differs from those of all examples at its place."""
    known = [set(column) for column in zip(*map(count, examples), strict=True)]
    new = sum(any(n not in k for n, k in zip(count(row), known, strict=True)) for row in rows)
    return new / max(1, len(rows))


def _other_counts(program: Program, examples: Table, rows: Table) -> float:
    """Share of rows in which a sign that the program looks for occurs another number of times than in any example.

    In examples with two commas, the second one is also the last; a row with three does not tell which of them is meant.
    """
    sought = sorted(set(_sought(program)))
    if not sought:
        return 0.0

    def counts(row: Sequence[Any]) -> list[int]:
        return [cell.count(sign) if isinstance(cell, str) else -1 for cell in row for sign in sought]

    return _share_of_new(examples, rows, counts)


def _sought(program: Program) -> Iterator[str]:
    """The signs in a program: texts without letters and digits; in a pattern, the signs after a backslash."""
    for p in program.subprograms():
        texts = p.value if isinstance(p, Constant) and isinstance(p.value, tuple) else ()
        texts = (p.value,) if isinstance(p, Constant) and isinstance(p.value, str) else texts
        for text in texts:
            if isinstance(text, str) and text and not any(c.isalnum() for c in text):
                yield text[1:] if len(text) == 2 and text[0] == "\\" else text


def _signs(cells: Sequence[Any]) -> set[str]:
    """Characters of texts that are neither letters nor digits."""
    return {c for v in cells if isinstance(v, str) for c in v if not c.isalnum()}


def looks(cells: Sequence[Any]) -> set[str]:
    """The shapes of texts."""
    return {text_shape(v) for v in cells if isinstance(v, str)}
