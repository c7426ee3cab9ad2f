"""A solved program as one small JSON file: the program, its columns, and their shapes.

    {"format": "neurosynth program 1", "language": "columns", "program": "(str.word full_name 1)", "type": "string -> string",
     "inputs": [{"name": "full name", "type": "string", "shapes": ["Aa Aa"], "missing": false}],
     "output": {"name": "surname", "type": "string", "shapes": ["Aa"], "missing": false}, "confidence": 0.97, "examples": [...]}

The language parses the text; nothing is ever unpickled.
"""

from __future__ import annotations

import json
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from neurosynth.errors import InputError, NeurosynthError, shortened
from neurosynth.frames.shapes import CellShapes
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.program import Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.files import read_text, write_text
from neurosynth.tasks.json_io import value_from_json, value_to_json
from neurosynth.tasks.task import Example, Task
from neurosynth.values.types import parse_type

__all__ = ["FORMAT", "SavedProgram", "input_names", "load_program", "program_from_json", "save_program"]

_LONGEST = 1000
"""Maximum number of characters of a message about a field, which may contain anything."""
FORMAT = "neurosynth program 1"


@dataclass(frozen=True, kw_only=True)
class SavedProgram:
    """A program with everything needed to run it on another table."""

    program: Program
    language: str
    inputs: tuple[Input, ...]
    """Its inputs, by name and type, in the order of its arguments."""
    columns: tuple[str, ...]
    """Names of the columns of its inputs; a column without a name has another name in the program (:func:`input_names`)."""
    output: str
    """Name of the column that it fills."""
    input_shapes: tuple[CellShapes, ...]
    output_shapes: CellShapes
    confidence: float
    examples: tuple[Example, ...] = field(default=())
    """A few rows from which it was learned: exporters check their code on them."""

    @property
    def task(self) -> Task:
        """The rows from which it was learned, as a task."""
        return Task(
            self.examples,
            self.output,
            language=self.language,
            type=self.program_type,
            input_names=tuple(i.name for i in self.inputs),
        )

    @property
    def program_type(self) -> Any:
        """The type of the program as a function of its inputs."""
        return parse_type(" -> ".join(str(t) for t in (*(i.type for i in self.inputs), self.program.type)))

    def to_json(self) -> dict[str, Any]:
        """The JSON object of the file."""
        inputs = zip(self.columns, self.inputs, self.input_shapes, strict=True)
        parameters = [i.type for i in self.inputs]
        output = self.program.type
        return {
            "format": FORMAT,
            "language": self.language,
            "program": str(self.program),
            "type": str(self.program_type),
            "inputs": [
                {"name": name, **({} if name == i.name else {"as": i.name}), "type": str(i.type), **shapes.to_json()}
                for name, i, shapes in inputs
            ],
            "output": {"name": self.output, "type": str(output), **self.output_shapes.to_json()},
            "confidence": round(self.confidence, 4),
            "examples": [
                {
                    "inputs": [value_to_json(v, t) for v, t in zip(e.inputs, parameters, strict=True)],
                    "output": value_to_json(e.output, output),
                }
                for e in self.examples
            ],
        }


def input_names(columns: Sequence[str]) -> tuple[str, ...]:
    """The names of columns in programs: their own; a column without a name gets one that no other has."""
    unnamed = "(no name)"
    while unnamed in columns:
        unnamed += "'"
    return tuple(name or unnamed for name in columns)


def save_program(saved: SavedProgram, path: Path) -> None:
    """Write the file, whole or not at all.

    Raises:
        InputError: when it cannot be written.
    """
    write_text(path, json.dumps(saved.to_json(), ensure_ascii=False, indent=1) + "\n")


def load_program(path: Path, language: Language | None = None) -> SavedProgram:
    """Read a program that ``fill --save`` or ``solve --save`` wrote.

    Args:
        path: the file.
        language: an object to use instead of the language that the file names.

    Raises:
        InputError: for another kind of file, a language that is not installed, or a program that its language can no longer read; the
            message says which field.
    """
    try:
        row = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: invalid JSON: {error}; a saved program is what 'fill --save FILE' writes") from None
    if not isinstance(row, Mapping) or row.get("format") != FORMAT:
        found = row.get("format") if isinstance(row, Mapping) else type(row).__name__
        raise InputError(
            f"{path}: not a saved program: format is {reprlib.repr(found)}, expected {FORMAT!r}; write one with 'fill --save FILE'"
        )
    try:
        return program_from_json(row, language)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(f"{path}: damaged: field {error}; write it again with 'fill --save FILE'") from None
    except NeurosynthError as error:
        raise InputError(f"{path}: {shortened(str(error), _LONGEST)}") from None


def program_from_json(row: Mapping[str, Any], language: Language | None = None) -> SavedProgram:
    """The program from the result of :meth:`SavedProgram.to_json`.

    Raises:
        KeyError, TypeError, ValueError: for an object without the fields.
        InputError: for a language that is not installed, or a program that it cannot read.
    """
    chosen = language or load_language(row["language"])
    parameters = [parse_type(i["type"]) for i in row["inputs"]]
    columns = tuple(str(i["name"]) for i in row["inputs"])
    named = zip(parameters, row["inputs"], input_names(columns), strict=True)
    inputs = tuple(Input(at, t, str(i.get("as", name))) for at, (t, i, name) in enumerate(named))
    program = parse_program(row["program"], chosen, request=row["type"], inputs=inputs)
    output = program.type
    examples = tuple(
        Example(
            tuple(value_from_json(v, t, f"example {n}") for v, t in zip(e["inputs"], parameters, strict=True)),
            value_from_json(e["output"], output, f"example {n}"),
        )
        for n, e in enumerate(row["examples"], 1)
    )
    if not examples:
        raise ValueError("'examples': is empty; expected at least one row, on which exported code is checked")
    return SavedProgram(
        program=program,
        language=chosen.name,
        inputs=inputs,
        columns=columns,
        output=str(row["output"]["name"]),
        input_shapes=tuple(_shapes(i) for i in row["inputs"]),
        output_shapes=_shapes(row["output"]),
        confidence=float(row["confidence"]),
        examples=examples,
    )


def _shapes(row: Mapping[str, Any]) -> CellShapes:
    shapes: Sequence[str] = row.get("shapes", ())
    found = CellShapes(map(str, shapes), missing=bool(row.get("missing", False)))
    if not found.known:  # free text: everything matches
        found.known = {str(i) for i in range(CellShapes.MOST + 1)}
    return found
