"""The shipped language for a task that names none."""

from __future__ import annotations

from neurosynth.tasks.task import Task
from neurosynth.values.types import STRING, Arrow, Size, Type, TypeConstructor

__all__ = ["guess_language"]


def guess_language(task: Task) -> str:
    """Name of the shipped language for the types of a task: columns, strings, bitvectors or lists."""
    assert task.type is not None
    names = set(_constructors(task.type))
    missing = any(value is None for e in task.examples for value in (*e.inputs, e.output))
    if missing or names & {"decimal", "date", "time", "datetime", "duration"}:
        return "columns"
    if task.output_type == STRING and task.grammar is None:
        return "columns"
    return "strings" if "string" in names else "bitvectors" if "bitvec" in names else "lists"


def _constructors(t: Type | Size) -> list[str]:
    match t:
        case TypeConstructor(name, arguments):
            return [name, *(n for a in arguments for n in _constructors(a))]
        case Arrow(parameters, result):
            return [n for p in (*parameters, result) for n in _constructors(p)]
    return []
