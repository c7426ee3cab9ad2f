"""``synthesize`` in a separate process: limits hold whatever a primitive does, and the results so far are returned.

A primitive that loops in C, takes all memory or crashes ends only that process. The search reports its best program as it runs; this is
the result if the search is killed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from neurosynth.errors import PrimitiveBug
from neurosynth.killable import Lost, Send, run_killable
from neurosynth.language.language import Language
from neurosynth.language.overrun import Interrupts
from neurosynth.ranking.agreement import Ranking
from neurosynth.ranking.confidence import shipped
from neurosynth.search.base import Limits, Progress, Stats, StopReason
from neurosynth.synthesize import Result, Solution, chosen_language, synthesize
from neurosynth.tasks.task import Task

__all__ = ["SPARE", "call_apart", "synthesize_apart"]

SPARE = 0.6
"""Seconds after the limit at which the process is killed; the watchdog inside it has ended what it can by then."""
_ROOM = 1.2
"""Memory at which the process is killed, as a multiple of the limit, which the search itself observes."""
_MORE = 0.3e9
"""Additional bytes."""

_STOPS = {"time": StopReason.TIME, "memory": StopReason.MEMORY, "interrupted": StopReason.INTERRUPTED}


@dataclass(frozen=True)
class _Failed:
    """A bug in a primitive, with the results so far."""

    bug: PrimitiveBug
    result: Any


def synthesize_apart(
    task: Task,
    language: Language | str | None = None,
    *,
    limits: Limits | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
    **options: Any,
) -> Result:
    """:func:`neurosynth.synthesize` in a fork that is killed :data:`SPARE` seconds after the time limit, or at a fifth more than the
    memory limit. If nobody gave a time limit, the time that the fork waits for a processor does not count.

    Args:
        task: the examples.
        language: as in :func:`synthesize`.
        limits: as in :func:`synthesize`.
        progress: called here with the snapshots that the search sends.
        stop: called about twenty times a second; once it returns true, the search is interrupted.
        options: further arguments of :func:`synthesize`.

    Raises:
        InputError: like :func:`synthesize`.
        PrimitiveBug: like :func:`synthesize`, and if a primitive ends its process.
    """
    given = limits or Limits()
    chosen = chosen_language(task, language)
    last: list[Progress] = []

    def take(now: Progress) -> None:
        if now.best is None and last:  # another search of the same call begins: earlier results are kept
            now = replace(now, best=last[0].best, best_share=last[0].best_share)
        last[:] = [now]
        if progress is not None:
            progress(now)

    def work(send: Send, interrupts: Interrupts) -> Result | _Failed:
        def tell(now: Progress) -> None:
            send(now)
            interrupts.check()

        try:
            return synthesize(task, chosen, limits=given, progress=tell, **options)
        except PrimitiveBug as bug:
            found, bug.result = bug.result, None
            return _Failed(bug, found)

    try:
        answer = run_killable(
            work,
            known=[task, *(value for value in options.values() if not isinstance(value, (str, int)))],
            parts=[chosen, task.grammar, task.constants],
            seconds=given.seconds + SPARE,
            stretch=given.stretch,
            memory=given.max_memory * 1e9 * _ROOM + _MORE,
            on_message=take,
            stop=stop,
        )
    except Lost as lost:
        return _of_snapshot(lost, task, chosen, given, last, options)
    if isinstance(answer, _Failed):
        answer.bug.result = answer.result
        raise answer.bug
    assert isinstance(answer, Result)
    return answer


def _of_snapshot(
    lost: Lost, task: Task, language: Language, limits: Limits, last: Iterable[Progress], options: dict[str, Any]
) -> Result:
    """The last report of the search, as a result. Its program was not compared with others or run on other inputs, so it gets the lowest
    confidence.

    Raises:
        PrimitiveBug: if the process ended by itself; its ``result`` is that report.
    """
    stats, best, share = Stats(), None, 0.0
    for now in last:
        stats = Stats(now.seconds, now.programs_tried, now.values_kept, now.memory_mb)
        best, share = now.best, now.best_share
    found = None if best is None else Solution(best, None, share)
    solved = found is not None and share == 1.0
    stop = _STOPS.get(lost.why, StopReason.BUG)
    if solved and lost.why in ("time", "memory"):
        stop = StopReason.SOLVED
    trace: dict[str, Any] = {"killed": lost.why}
    if lost.place:
        trace["running"] = lost.place
    search = options.get("search") or "auto"
    result = Result(
        task=task,
        language=language,
        stop=stop,
        solutions=(found,) if found is not None and solved else (),
        closest=None if solved else found,
        stats=stats,
        trace=(trace,),
        search=search if isinstance(search, str) else search.name,
        confidence=shipped().least if solved else 0.0,
        ranking=Ranking.unjudged([found.program]) if found is not None and solved else None,
    )
    result = replace(result, findings=result.plain_findings(limits))
    if lost.why == "ended":
        remedy = "a primitive must neither end nor crash its process; see what it calls (C code, os, signal)"
        bug = PrimitiveBug(lost.place or "(unknown)", "(unknown)", f"{lost.detail or 'ended its process'}", remedy)
        bug.result = result
        raise bug
    return result


def call_apart(
    function: Callable[[], Any], *, seconds: float | None = None, stop: Callable[[], bool] = lambda: False
) -> Any:
    """The result or the exception of a function in a fork, for code that runs programs again to show their values.

    Raises:
        Lost: if there is no answer within ``seconds``, or once ``stop`` returns true.
    """

    def work(send: Send, interrupts: Interrupts) -> Any:
        return function()

    return run_killable(work, seconds=seconds, stop=stop, patience=0.1)
