"""The grammar of a task, for searches and decoders."""

from __future__ import annotations

from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.tasks.constants import suggest_constants
from neurosynth.tasks.task import Task

__all__ = ["task_grammar"]


def task_grammar(task: Task, language: Language) -> Grammar:
    """The task's own grammar, unless another language is requested; otherwise the language's grammar for its type. A task without
    constants gets those that its examples suggest.

    Raises:
        InputError: if no program of the task's type exists.
    """
    if task.grammar is not None and task.language in (None, language.name):
        return task.grammar
    assert task.type is not None
    constants = dict.fromkeys(task.constants, 1) or dict(suggest_constants(task))
    return compile_grammar(language, task.type, constants=constants, inputs=task.inputs)
