"""Relatives: programs that differ from the best one in a single whole number, and are right on all examples too.

The second word and the last word are the same as long as all examples have two words, and a search keeps the cheaper program.  If the
other one has another value on a row to fill, then the examples leave that row open.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Apply, Constant, Lambda, Program
from neurosynth.ranking.agreement import Ranking, rank_by_agreement
from neurosynth.ranking.looks import RowLooks, fit_rows
from neurosynth.ranking.perturb import unseen_inputs
from neurosynth.tasks.checking import failing
from neurosynth.tasks.task import Task
from neurosynth.values.frozen import typed_key
from neurosynth.values.types import INT

__all__ = ["placed", "rank_with_relatives", "relatives"]

PLACES = range(-3, 4)
"""Numbers that replace another, in addition to its neighbours: positions from either end."""
MOST = 8
"""Maximum number of relatives; each behaves differently."""
WORK = 20_000
"""Maximum number of parts of all programs that are tried, about 0.2 s on a few examples: a decision tree may have a hundred numbers."""
SURCHARGE = 16
"""Bits that a relative costs more than the program that a search preferred to it."""


def relatives(task: Task, program: Program, evaluator: Evaluator | None = None) -> list[Program]:
    """Programs with another whole number in one place that are right on all examples and have another value on some other input.

    Only as many are tried as have :data:`WORK` parts together. Other inputs are the task's rows without outputs or, if there are none,
    inputs that look like those of the examples. An undefined value does not count as another value.
    """
    evaluator = evaluator or Evaluator()
    inputs = fit_rows(task, RowLooks(task)) or unseen_inputs(task)
    given = list(map(evaluator.function(program), inputs))
    first = tuple(map(typed_key, given))
    found: dict[tuple[Any, ...], Program] = {}
    for other in islice(_with_other_numbers(program, lambda p: p), WORK // program.size):
        if failing(other, task.examples, evaluator):
            continue
        values = list(map(evaluator.function(other), inputs))
        differs = any(v is not UNDEFINED and typed_key(v) != key for v, key in zip(values, first, strict=True))
        if differs and len(found) < MOST:
            found.setdefault(tuple(map(typed_key, values)), other)
    return list(found.values())


def _with_other_numbers(p: Program, whole: Callable[[Program], Program]) -> Iterator[Program]:
    """The programs that ``whole`` builds from ``p`` with another number in one place."""
    match p:
        case Constant(value) if p.type == INT and isinstance(value, int) and not isinstance(value, bool):
            for other in sorted({value - 1, value + 1, *PLACES} - {value}, key=lambda n: (abs(n - value), n)):
                yield whole(Constant(other, p.type))
        case Apply():
            for at, argument in enumerate(p.arguments):
                yield from _with_other_numbers(argument, placed(p, at, whole))
        case Lambda():
            return


def placed(p: Apply, at: int, whole: Callable[[Program], Program]) -> Callable[[Program], Program]:
    """The function that builds the whole program from another argument of one of its parts."""
    return lambda part: whole(Apply(p.primitive, (*p.arguments[:at], part, *p.arguments[at + 1 :])))


def rank_with_relatives(
    task: Task,
    programs: Iterable[Program],
    *,
    guide_proposed: Collection[Program] = (),
    bits: Mapping[Program, int] | None = None,
    usual: Collection[Program] = (),
    seed: int = 0,
) -> Ranking:
    """The ranking of the programs that a search found and of the relatives of the best one, which stays first."""
    given: Sequence[Program] = list(dict.fromkeys(programs))
    found = rank_by_agreement(task, given, guide_proposed=guide_proposed, bits=bits, usual=usual, seed=seed)
    if not found.programs:
        return found
    best = found.programs[0]
    near = relatives(task, best)
    more = [p for p in near if p not in given]
    if not more:
        return replace(found, relatives=len(near))
    costs = {**bits, **dict.fromkeys(more, bits[best] + SURCHARGE)} if bits and best in bits else bits
    more = [*given, *more]
    ranking = rank_by_agreement(task, more, guide_proposed=guide_proposed, bits=costs, usual=usual, seed=seed)
    return replace(ranking if ranking.programs[0] == best else found, relatives=len(near))
