"""Programs that are the answer with the signs of its constants in another order, such as one that reads the day first and not the month.

Neither is likelier than the other as long as the examples fit both, whatever their costs say: on 5 May, day and month are the same number.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Apply, Constant, Lambda, Program
from neurosynth.ranking.looks import RowLooks, fit_rows
from neurosynth.ranking.perturb import unseen_inputs
from neurosynth.tasks.task import Task
from neurosynth.values.frozen import typed_key

__all__ = ["EXCHANGED", "exchanged"]

EXCHANGED = "exchanged"
"""The name of this reason against an answer, beside those of :data:`~neurosynth.ranking.evidence.MEANINGS`."""


def exchanged(
    task: Task, first: Program, programs: Iterable[Program], evaluator: Evaluator | None = None
) -> tuple[Program, ...]:
    """The programs that differ from ``first`` only by the order of characters in their text constants, one for each other behaviour.

    ``programs`` are right on all examples. One counts if it has a value on each row of the table for which ``first`` has one, and
    another value on some row. Without such rows, it counts if it has another value for some input that looks like those of the examples.
    """
    form = _form(first)
    others = [p for p in programs if p != first and _form(p) == form]
    if not others:
        return ()
    evaluator = evaluator or Evaluator()
    rows = fit_rows(task, RowLooks(task))
    inputs = rows or unseen_inputs(task)
    given = list(map(evaluator.function(first), inputs))
    behaviours: dict[tuple[Any, ...], Program] = {}
    for other in others:
        values = list(map(evaluator.function(other), inputs))
        pairs = [(v, g) for v, g in zip(values, given, strict=True) if g is not UNDEFINED]
        refuted = bool(rows) and any(v is UNDEFINED for v, _ in pairs)
        if not refuted and any(v is not UNDEFINED and typed_key(v) != typed_key(g) for v, g in pairs):
            behaviours.setdefault(tuple(map(typed_key, values)), other)
    return tuple(behaviours.values())


def _form(p: Program) -> Hashable:
    """A program in which the characters of each text constant are sorted."""
    match p:
        case Constant(str() as text):
            return "".join(sorted(text))
        case Apply():
            return (p.primitive.name, *map(_form, p.arguments))
        case Lambda():
            return ("lambda", _form(p.body))
    return p
