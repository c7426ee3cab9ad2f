"""Programs as a self-contained Python function.

Primitives with a ``python`` template become its expression; for others, the source of the function is included
(:mod:`neurosynth.export.source`). Values are Python's own: lists are lists, bit-vectors are non-negative integers. If the program's
value is undefined, the function raises. Inside neurosynth, lists are tuples. Code that would behave differently on lists (a set of
lists) is written with tuples instead. If a task is given, the code also runs on its examples before it is returned.
"""

from __future__ import annotations

import builtins
import keyword
from dataclasses import dataclass
from typing import Any

from neurosynth.export.base import ExportError
from neurosynth.export.json import inputs_of
from neurosynth.export.layout import quoted
from neurosynth.export.nullness import has_missing
from neurosynth.export.source import Sources, identifier
from neurosynth.export.writer import Writer, folded
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program, variable_name
from neurosynth.tasks.task import Task
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Type, TypeConstructor, is_ground

__all__ = ["PythonExporter", "identifier"]

_FROZEN = '''def frozen(value):
    """Lists as tuples, all the way down."""
    return tuple((frozen(v) for v in value)) if isinstance(value, (list, tuple)) else value'''

_THAWED = '''def thawed(value):
    """Tuples as lists, all the way down."""
    return [thawed(v) for v in value] if isinstance(value, (list, tuple)) else value'''


@dataclass(frozen=True, kw_only=True)
class PythonExporter:
    """Readable Python without imports of neurosynth."""

    name: str = "python"
    function: str = "program"
    """The name of the function."""

    def __post_init__(self) -> None:
        if not self.function.isidentifier() or keyword.iskeyword(self.function):
            raise ExportError(f"{self.function!r} is not a name of a Python function")

    def export(self, program: Program, task: Task | None = None) -> str:
        """The source of a module that defines the function.

        Raises:
            ExportError: if the source of a primitive is not available, or the code does not do what the program does.
        """
        nested = any(_depth(p.type) > 1 for p in program.subprograms())
        # a template may be wrong: the last form takes the source of every primitive
        forms = [(True, True, False), (True, True, True), (True, False, False)]
        if not nested:
            forms = [(False, True, False), (False, True, True), *forms]
        for tuples, templates, portable in forms:
            code = _module(program, task, self.function, tuples=tuples, templates=templates, portable=portable)
            if task is None or _agrees(code, self.function, program, task):
                return code
        raise ExportError(
            f"the Python code of {program} returns other values than the program; check the python= templates"
        )


def _agrees(code: str, function: str, program: Program, task: Task) -> bool:
    space: dict[str, Any] = {}
    exec(compile(code, "<exported program>", "exec"), space)
    reference = Evaluator().function(program)
    domains, output = [domain_of(t) for t in task.parameters], domain_of(task.output_type)
    for e in task.examples:
        wanted = reference(e.inputs)
        if wanted is UNDEFINED:
            continue
        try:
            found = space[function](*(d.thaw(v) for d, v in zip(domains, e.inputs, strict=True)))
        except Exception:  # whatever it raises, it does not give the program's value
            return False
        if output.key(output.freeze(found)) != output.key(wanted):
            return False
    return True


def _module(
    program: Program, task: Task | None, function: str, *, tuples: bool, templates: bool, portable: bool
) -> str:
    """Imports, constants, helpers, and the function."""
    sources = Sources({*dir(builtins), *keyword.kwlist, function, "frozen", "thawed"}, portable=portable)
    inputs = {i.index: (sources.name(identifier(i.name or i.head)), i.type) for i in inputs_of(program, task)}
    sources.taken.update(variable_name(level) for level in range(23))
    writer = Writer(sources, {i: name for i, (name, _) in inputs.items()}, {}, tuples=tuples, templates=templates)
    written = program if tuples else folded(program)
    lines = writer.block(written)
    missing = " | None" if has_missing(program) else ""
    parameters = ", ".join(f"{name}: {sources.annotation(t)}{missing}" for name, t in inputs.values())
    body = [f"{name} = frozen({name})" for name, t in inputs.values() if tuples and _depth(t)]
    head = f"def {function}({parameters}) -> {sources.annotation(program.type)}{missing}:"
    if not missing:
        body.insert(0, f"# {_printable(str(program))}")
    top = "\n".join([*sources.import_lines, *sources.constants])
    if sources.import_lines and sources.constants:
        top = "\n".join([*sources.import_lines, "", *sources.constants])
    helpers = (_FROZEN, _THAWED) if tuples else ()
    blocks = [quoted(top), *helpers, *map(quoted, sources.definitions), "\n    ".join([head, *body, *lines])]
    return "\n\n\n".join(block for block in blocks if block) + "\n"


def _printable(text: str) -> str:
    """One line that any editor can show: other characters (of a column's name) are escaped."""
    return "".join(ch if ch.isprintable() else ascii(ch)[1:-1] for ch in " ".join(text.splitlines()))


def _depth(t: Type) -> int:
    """Maximum depth of lists inside lists in values of a type; a value of any type counts as a list."""
    if not isinstance(t, TypeConstructor) or not is_ground(t):
        return 1
    inner = domain_of(t).element
    return 0 if inner is None else 1 + _depth(inner.type)
