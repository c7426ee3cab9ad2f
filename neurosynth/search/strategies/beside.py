"""A search alongside the one that asks: another request in a separate search, for some seconds, under the same limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from neurosynth.search.base import Outcome, Progress, SearchRequest, Stop, StopReason
from neurosynth.search.runner import Aside, Runner

__all__ = ["Nested", "beside"]

Nested = Callable[[SearchRequest], Outcome]
"""Runs a search for another request."""


def beside(
    request: SearchRequest, seconds: float, run: Runner, nested: Nested, *, by: str, what: str = "costs"
) -> Iterator[Aside]:
    """Search for a request and add the solutions to the search that ``run`` runs, which keeps its banks and then continues.

    Args:
        request: the request; its limits are set here, and it has no deferred guide.
        seconds: the time for it, at most what the search that asks has left.
        run: the runner of the search that asks.
        nested: runs a similar search.
        by: the guide's name in trace rows and in sources of programs.
        what: what the guide returned.

    Raises:
        Stop: where the limit of programs is reached.
    """
    limits, tried = run.request.limits, run.stats.programs_tried
    left = None if limits.max_programs is None else limits.max_programs - tried
    if left is not None and left <= 0:
        raise Stop(StopReason.PROGRAMS)
    seconds = min(seconds, run.clock.left)
    if seconds <= 0:
        return
    outcome = nested(
        replace(
            request,
            limits=replace(limits, seconds=seconds, max_programs=left),
            deferred=None,
            values=None,
            progress=_progress(run.request, run.clock.elapsed, tried),
        )
    )
    outcome.trace = [{**row, "guide": by} for row in outcome.trace]
    outcome.sources = {p: f"{source} ({what} of {by})" for p, source in outcome.sources.items()}
    yield Aside(outcome)


def _progress(request: SearchRequest, begun: float, tried: int) -> Callable[[Progress], None] | None:
    """Reports of the search alongside, with counts continued from there."""
    report = request.progress
    if report is None:
        return None
    return lambda p: report(replace(p, seconds=begun + p.seconds, programs_tried=tried + p.programs_tried))
