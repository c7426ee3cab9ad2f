"""Solve, ask the question that resolves most doubt, add the answer as an example, and solve again, until the programs found agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from neurosynth.errors import InputError
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.ranking.questions import Question
from neurosynth.result import Asked
from neurosynth.search.base import StopReason
from neurosynth.synthesize import Result, synthesize
from neurosynth.tasks.task import Example, Task
from neurosynth.values.frozen import freeze, typed_key
from neurosynth.values.reading import has_type

__all__ = ["QUESTIONS", "Answer", "answered", "changed_rows", "settle", "settle_with"]

QUESTIONS = 5
"""Default for the maximum number of questions."""

Answer = Callable[[Question], Any]
"""From a question to the output for its inputs, or None to stop asking."""


def settle(
    task: Task,
    answer: Answer,
    language: Language | str | None = None,
    *,
    questions: int = QUESTIONS,
    tell: Callable[[Asked], None] | None = None,
    **options: Any,
) -> Result:
    """:func:`synthesize`, and again with one more example for every answer, until the programs found agree.

    Questions are about rows of ``task.unlabelled``; inputs are invented only if no row is worth a question.

    Args:
        task: the initial examples; ``Result.task`` also has the answers, as its last examples, and ``Result.asked`` reports what each
            of them changed.
        answer: called with a question; returns the output for ``question.inputs``, or None to stop asking.
        language: as in :func:`synthesize`.
        questions: the maximum number.
        tell: called after learning from each answer, with what it changed.
        options: arguments of :func:`synthesize`; the limits apply to each solve.

    Raises:
        InputError: for an answer that is not of the type of the task's outputs, a negative ``questions``, and the errors of
            :func:`synthesize`.
    """
    return settle_with(lambda t: synthesize(t, language, **options), task, answer, questions=questions, tell=tell)


def settle_with(
    solve: Callable[[Task], Result],
    task: Task,
    answer: Answer,
    *,
    questions: int = QUESTIONS,
    tell: Callable[[Asked], None] | None = None,
) -> Result:
    """:func:`settle` over any way to solve a task."""
    if questions < 0:
        raise InputError(f"questions is {questions}; allowed: 0 or a positive number")
    result = solve(task)
    asked: list[Asked] = []
    for _ in range(questions):
        question = result.question
        if question is None or result.stop is StopReason.INTERRUPTED:
            break
        value = answer(question)
        if value is None:
            break
        task = answered(task, question, value)
        before, result = result, solve(task)
        asked.append(Asked(question, task.examples[-1].output, changed_rows(before, result), len(task.unlabelled)))
        if tell is not None:
            tell(asked[-1])
    return replace(result, asked=tuple(asked)) if asked else result


def answered(task: Task, question: Question, value: Any) -> Task:
    """The task with one more example: the answer to a question.

    Raises:
        InputError: if the value is not of the type of the task's outputs, or contradicts an example.
    """
    value = freeze(value)
    if value is UNDEFINED or not has_type(value, task.output_type):
        shown = "undefined" if value is UNDEFINED else repr(value)
        raise InputError(
            f"task {task.name!r}: the answer {shown} is not a valid {task.output_type}; "
            "give one of that type, or None to stop asking"
        )
    return replace(task, examples=(*task.examples, Example(question.inputs, value)))


def changed_rows(before: Result, after: Result) -> int:
    """Number of the task's rows without outputs for which the best program has another value than before."""
    if not after.solutions or not before.solutions:
        return len(after.task.unlabelled) if after.solutions or before.solutions else 0
    evaluator = Evaluator()
    first, second = (evaluator.function(r.solutions[0].program) for r in (before, after))
    return sum(typed_key(first(tuple(row))) != typed_key(second(tuple(row))) for row in after.task.unlabelled)
