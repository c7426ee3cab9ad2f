"""Programs as a JSON object."""

from __future__ import annotations

import json
from dataclasses import dataclass

from neurosynth.language.program import Input, Program
from neurosynth.tasks.task import Task

__all__ = ["JsonExporter"]


@dataclass(frozen=True, kw_only=True)
class JsonExporter:
    """One object: text, type, size, depth, tokens, inputs."""

    name: str = "json"
    indent: int | None = None
    """Spaces for each level; None for one line."""

    def export(self, program: Program, task: Task | None = None) -> str:
        """``{"text": "(sum x0)", "type": "int", "size": 2, …}``."""
        return json.dumps(as_object(program, task), ensure_ascii=False, indent=self.indent)


def as_object(program: Program, task: Task | None = None) -> dict[str, object]:
    """The content of the JSON as a dictionary; ``inputs`` maps names to types."""
    return {
        "text": str(program),
        "type": str(program.type),
        "size": program.size,
        "depth": program.depth,
        "tokens": list(program.tokens()),
        "inputs": {i.head: str(i.type) for i in inputs_of(program, task)},
    }


def inputs_of(program: Program, task: Task | None = None) -> tuple[Input, ...]:
    """All inputs of the task, or those that the program reads, in order of their indices."""
    if task is not None:
        return task.inputs
    read = {p.index: p for p in program.subprograms() if isinstance(p, Input)}
    return tuple(read[i] for i in sorted(read))
