"""Solving in a learned language, and in the language from which it grew if that is not enough.

A larger language has more programs of each size, and its guide was trained on solved tasks, so a few tasks become harder. The base
therefore gets the end of the time, with its own guides: tasks that it solves early are solved in the learned language, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from neurosynth.language.language import Language
from neurosynth.result import Result
from neurosynth.search.base import Limits, StopReason

__all__ = ["solve_grown"]

SHARE = 0.5
"""Share of the time, and of the candidates, for the learned language; the rest is for its base.

If the effort that a task takes is spread evenly over its logarithm, a half loses the fewest tasks: those that take one of the two
languages more than its share.
"""
_LEAST = 0.05
"""Minimum number of seconds for a second search."""


def solve_grown(
    language: Language, base: Language, part: Callable[[Language, Limits], Result], limits: Limits
) -> Result:
    """The result of a search in a language, or else that of one in its base.

    Args:
        language: the learned language.
        base: the language from which it grew.
        part: searches in one of them, within limits.
        limits: of both together.
    """
    most = limits.max_programs
    first = part(
        language,
        replace(limits, seconds=SHARE * limits.seconds, max_programs=most and max(1, round(SHARE * most))),
    )
    left = limits.seconds - first.stats.seconds
    few = most is not None and first.stats.programs_tried >= most
    if first.solved or first.stop is StopReason.INTERRUPTED or left < _LEAST or few:
        return first
    rest = replace(limits, seconds=left, max_programs=most and max(1, most - first.stats.programs_tried))
    second = part(base, rest)
    if not second.solved:
        return replace(first, stop=second.stop, stats=first.stats.plus(second.stats))
    return replace(second, language=language, stats=first.stats.plus(second.stats), trace=(*first.trace, *second.trace))
