"""Measuring the time and the candidates of each strategy of a search."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator

from neurosynth.search.base import StrategyUse
from neurosynth.search.candidates import Candidate, Step
from neurosynth.work_clock import stopwatch

__all__ = ["timed"]

log = logging.getLogger("neurosynth.search")


def timed(name: str, steps: Iterator[Step], uses: dict[str, StrategyUse]) -> Generator[Step, None, None]:
    """The steps of a turn.

    Its own time, and what it tried and proposed, are added to ``uses``; what others do between two of its steps (verifying, a guide's
    phase) is not counted.
    """
    use = uses.setdefault(name, StrategyUse())
    use.turns += 1
    while True:
        begun = stopwatch()
        try:
            step = next(steps)
        except StopIteration:
            log.debug("%s: %.3f s and %d candidates so far", name, use.seconds, use.tried)
            return
        finally:
            use.seconds += stopwatch() - begun
        if isinstance(step, Candidate):
            use.proposed += 1
            use.tried += step.tried
        else:
            use.tried += step.count
        yield step
