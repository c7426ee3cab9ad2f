"""neurosynth: programs from input-output examples.

>>> import neurosynth as ns
>>> str(ns.parse_type("int -> list a -> list a"))
'int -> list a -> list a'
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neurosynth.errors import InputError, NeurosynthError
    from neurosynth.frames.dataframes import fill
    from neurosynth.guides.corpus import load_programs
    from neurosynth.guides.kinds import load_guide
    from neurosynth.guides.ngram import NGram
    from neurosynth.guides.pcfg import PCFG, BigramPCFG
    from neurosynth.guides.uniform import Uniform
    from neurosynth.language.compile import compile_grammar
    from neurosynth.language.evaluate import evaluate
    from neurosynth.language.grammar import Grammar
    from neurosynth.language.language import A, B, C, Language
    from neurosynth.language.primitive import UNDEFINED, Primitive
    from neurosynth.language.program import Constant, Program
    from neurosynth.language.syntax import parse_program
    from neurosynth.questions import settle
    from neurosynth.search.base import Limits, Outcome, Progress, SearchRequest, StopReason
    from neurosynth.search.bottom_up.search import BottomUp
    from neurosynth.synthesize import Result, Solution, load_language, synthesize
    from neurosynth.tasks.load import load_task, load_tasks
    from neurosynth.tasks.sygus_writer import to_sygus
    from neurosynth.tasks.task import Example, Task, example
    from neurosynth.training.sampling import sample_tasks
    from neurosynth.values.types import parse_type

__all__ = [
    "PCFG",
    "UNDEFINED",
    "A",
    "B",
    "BigramPCFG",
    "BottomUp",
    "C",
    "Constant",
    "Example",
    "Grammar",
    "InputError",
    "Language",
    "Limits",
    "NGram",
    "NeurosynthError",
    "Outcome",
    "Primitive",
    "Program",
    "Progress",
    "Result",
    "SearchRequest",
    "Solution",
    "StopReason",
    "Task",
    "Uniform",
    "compile_grammar",
    "evaluate",
    "example",
    "fill",
    "load_guide",
    "load_language",
    "load_programs",
    "load_task",
    "load_tasks",
    "parse_program",
    "parse_type",
    "sample_tasks",
    "settle",
    "synthesize",
    "to_sygus",
]

_MODULES = {
    "errors": ("InputError", "NeurosynthError"),
    "frames.dataframes": ("fill",),
    "guides.kinds": ("load_guide",),
    "guides.corpus": ("load_programs",),
    "guides.ngram": ("NGram",),
    "guides.pcfg": ("PCFG", "BigramPCFG"),
    "guides.uniform": ("Uniform",),
    "language.compile": ("compile_grammar",),
    "language.evaluate": ("evaluate",),
    "language.grammar": ("Grammar",),
    "language.language": ("A", "B", "C", "Language"),
    "language.primitive": ("UNDEFINED", "Primitive"),
    "language.program": ("Constant", "Program"),
    "language.syntax": ("parse_program",),
    "questions": ("settle",),
    "search.base": ("Limits", "Outcome", "Progress", "SearchRequest", "StopReason"),
    "search.bottom_up.search": ("BottomUp",),
    "synthesize": ("Result", "Solution", "load_language", "synthesize"),
    "tasks.load": ("load_task", "load_tasks"),
    "tasks.sygus_writer": ("to_sygus",),
    "tasks.task": ("Example", "Task", "example"),
    "training.sampling": ("sample_tasks",),
    "values.types": ("parse_type",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


class _Door(types.ModuleType):
    """This module, whose ``synthesize`` stays the function although a submodule has the same name."""

    @property
    def synthesize(self) -> Any:
        return _fetch("synthesize")

    @synthesize.setter
    def synthesize(self, value: object) -> None:
        """The import system sets the submodule here; nobody reads it."""


def _fetch(name: str) -> Any:
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __getattr__(name: str) -> Any:
    # On first use: importing everything takes longer than many tasks.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = _fetch(name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


sys.modules[__name__].__class__ = _Door
