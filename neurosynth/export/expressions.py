"""Programs as one expression of another language (SQL, pandas, polars), built from the form of each primitive.

A language declares the forms in a table: ``lang.forms_in("package.module")`` names a module with ``FORMS``, dialect → name of a
primitive → form, which is imported on export. A form is a template (``"upper({0})"``) or a function that receives a :class:`FormCall`
and may read constants. A primitive without a form cannot be expressed, and the error names it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.export.base import ExportError
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Program

_MOST_CHARACTERS = 100_000
"""Forms that use an argument more than once make expressions that grow with each level; one longer than this is refused."""

__all__ = ["ExpressionWriter", "Form", "FormCall", "form_of", "missing_forms", "refused"]


@dataclass(frozen=True, slots=True)
class FormCall:
    """One application of a primitive: the expressions of its arguments, and which of them are constants."""

    primitive: Primitive
    arguments: Sequence[str]
    programs: Sequence[Program]
    parent: Apply | None = None
    """The application of which this one is an argument."""

    def __getitem__(self, position: int) -> str:
        """The expression of an argument."""
        return self.arguments[position]

    def is_constant(self, position: int) -> bool:
        """Whether an argument is a constant."""
        return isinstance(self.programs[position], Constant)

    def constant(self, position: int) -> Any:
        """The value of an argument that is a constant.

        Raises:
            ExportError: if it is not a constant.
        """
        program = self.programs[position]
        if not isinstance(program, Constant):
            raise ExportError(
                f"argument {position + 1} of {self.primitive.name} is {program}, computed row by row; this form needs a constant there"
            )
        return program.value


def refused(call: FormCall, why: str) -> ExportError:
    """The error for a form that cannot write a call."""
    return ExportError(f"{call.primitive.name}: {why}; export this program to python")


Form = str | Callable[[FormCall], str]


def form_of(primitive: Primitive, dialect: str) -> Form | None:
    """The form of a primitive in a dialect; None if there is none."""
    if not primitive.forms:
        return None
    tables: Mapping[str, Mapping[str, Form]] = importlib.import_module(primitive.forms).FORMS
    return tables.get(dialect, {}).get(primitive.name)


def missing_forms(program: Program, dialect: str) -> list[str]:
    """Names of the primitives of a program that a dialect cannot write."""
    used = {p.primitive.name: p.primitive for p in program.subprograms() if isinstance(p, Apply)}
    return sorted(name for name, primitive in used.items() if form_of(primitive, dialect) is None)


@dataclass(frozen=True)
class ExpressionWriter:
    """Writes programs as expressions of a dialect."""

    dialect: str
    inputs: Mapping[int, str]
    """The expression of each input."""
    literal: Callable[[Any], str]
    """The expression of a constant."""
    combine: Callable[[Apply, str], str] = lambda _, written: written
    """Wraps each application, in a test for missing arguments."""
    argument: Callable[[Apply, int, str], str] = lambda _, __, written: written
    """Wraps an argument, given its position, before the form uses it."""

    def write(self, program: Program, parent: Apply | None = None) -> str:
        """The expression, either alone or as an argument of ``parent``.

        Raises:
            ExportError: for a primitive without a form, a lambda, or a form that needs a constant.
        """
        match program:
            case Input(index):
                return self.inputs[index]
            case Constant(value):
                return self.literal(value)
            case Apply(primitive, arguments):
                form = form_of(primitive, self.dialect)
                if form is None:
                    raise ExportError(
                        f"{self.dialect} cannot express {primitive.name} ({primitive.doc.splitlines()[0] if primitive.doc else ''}); "
                        "export this program to python"
                    )
                texts = [self.argument(program, i, self.write(a, program)) for i, a in enumerate(arguments)]
                call = FormCall(primitive, texts, arguments, parent)
                written = self.combine(program, form.format(*texts) if isinstance(form, str) else form(call))
                if len(written) > _MOST_CHARACTERS:
                    raise ExportError(
                        f"{self.dialect} needs {len(written):,} characters for {primitive.name} and its arguments; "
                        f"allowed: {_MOST_CHARACTERS:,}; export this program to python"
                    )
                return written
        raise ExportError(f"{self.dialect} has no user-defined functions: {program}; export this program to python")
