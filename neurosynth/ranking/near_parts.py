"""Near misses inside an answer: a part of the program that a single example needs, where that example may be a typing mistake.

Removing doubled letters turns ``Hopper`` into ``Hoper``, but only because somebody typed ``Hoper``.  Without that part the program is right
on all other examples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Apply, Program
from neurosynth.ranking.relatives import placed
from neurosynth.tasks.checking import failing
from neurosynth.tasks.task import Task
from neurosynth.values.types import STRING

__all__ = ["LEAST", "near_part", "one_typo"]

LEAST = 4
"""Number of examples from which all but one say something about that one."""
WORK = 10_000
"""Maximum number of parts of all programs that are tried, over all examples: about 20 ms."""


def near_part(task: Task, program: Program, evaluator: Evaluator | None = None) -> Program | None:
    """The program without one of its calls, if that is right on all examples but one, whose output is a typing mistake away; else None."""
    if len(task.examples) < LEAST or task.output_type != STRING:
        return None
    evaluator = evaluator or Evaluator()
    for shorter in islice(_shorter(program, lambda p: p), WORK // (program.size * len(task.examples))):
        wrong = failing(shorter, task.examples, evaluator)
        if len(wrong) == 1:
            e = task.examples[wrong[0]]
            if one_typo(evaluator.run(shorter, e.inputs), e.output):
                return shorter
    return None


def one_typo(meant: Any, typed: Any) -> bool:
    """Whether a text differs from what was meant by one letter or digit left out, put in, replaced by another, or two of them swapped.

    Letters that differ only in case, and signs and blanks, are hardly ever a mistake of this kind.
    """
    if not isinstance(meant, str) or not isinstance(typed, str) or meant.casefold() == typed.casefold():
        return False
    start = 0
    while start < min(len(meant), len(typed)) and meant[start] == typed[start]:
        start += 1
    a, b = meant[start:], typed[start:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    swapped = len(a) == 2 and b == a[::-1]
    return (max(len(a), len(b)) == 1 or swapped) and (a + b).isalnum()


def _shorter(p: Program, whole: Callable[[Program], Program]) -> Iterator[Program]:
    """The programs that ``whole`` builds from ``p`` with one call replaced by one of its arguments of the same type."""
    if not isinstance(p, Apply):
        return
    for at, argument in enumerate(p.arguments):
        if argument.type == p.type:
            yield whole(argument)
        yield from _shorter(argument, placed(p, at, whole))
