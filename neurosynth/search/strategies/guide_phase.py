"""A deferred guide's turn: asked once the easy programs were tried, it gets a search of its own beside the one that asks.

Starting again with the guide's costs, and a second time without them where they did not help, lost a third of the tasks
that want trees of many different terms: a guide that is wrong may cost its turn, not what was enumerated before.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from neurosynth.errors import InputError
from neurosynth.guides.costs import production_costs
from neurosynth.language.grammar import Grammar
from neurosynth.ranking.agreement import cases
from neurosynth.search.base import Outcome, Progress, Stop, StopReason
from neurosynth.search.candidates import Candidate, memorises

if TYPE_CHECKING:
    from neurosynth.guides.base import WeightedGrammar
    from neurosynth.search.bottom_up.run import BottomUpRun

__all__ = ["guide_phase"]


def guide_phase(run: BottomUpRun) -> None:
    """Ask the deferred guide of a run, verify what it found on the way, and search with its costs for a while.

    Where something was found that may be right by chance, what the guide itself writes is all that is wanted of it.  Of a guide
    that wrote nothing which is right on any example the costs are worth no time.

    Raises:
        Stop: when that search ended the whole run: it found a program, was interrupted or used up the programs.
    """
    begun = time.perf_counter()
    try:
        weighted = _asked(run)
        if weighted is not None and weighted.share > 0 and run.pool.open and not run.result.suspects:
            _search(run, production_costs(weighted))
    finally:
        run.guide_phase_seconds += time.perf_counter() - begun


def _asked(run: BottomUpRun) -> WeightedGrammar | None:
    guide, stats = run.request.deferred, run.result.stats
    assert guide is not None
    begun = time.perf_counter()
    try:
        weighted = guide.predict(run.request.task, run.request.grammar)
    except InputError as error:
        run.result.trace.append({"guide": guide.name, "error": str(error)})
        return None
    finally:
        spent = time.perf_counter() - begun
        stats.guide_seconds += spent
        run.pool.grace_until += spent  # what was found before waits for as much searching as without a guide
    run.result.weighted = weighted
    if not weighted.share:
        run.result.trace.append({"guide": guide.name, "share": 0.0})
    stats.programs_tried += weighted.tried
    for program in weighted.found:
        found = Candidate(program, program.size, cases(program))
        if found.leaves > 1 and memorises(found, run.examples):
            run.pool.propose(found)
        elif program in run.result.programs:
            run.result.guide_proposed.append(program)
        elif not run.pool.failing(program):
            run.pool.accept(program, guide_proposed=True)  # and there is no dearer one to wait for
    return weighted


def _search(run: BottomUpRun, grammar: Grammar) -> None:
    """A run with these costs; the one that asks keeps its banks and goes on where it was if this finds nothing."""
    limits, stats = run.request.limits, run.result.stats
    seconds = run.started + run.config.guide_phase_until * limits.seconds - time.perf_counter()
    left = None if limits.max_programs is None else limits.max_programs - stats.programs_tried
    if left is not None and left <= 0:
        raise Stop(StopReason.PROGRAMS)
    if seconds <= 0:
        return
    request = replace(
        run.request,
        grammar=grammar,
        limits=replace(limits, seconds=seconds, max_programs=left),
        deferred=None,
        progress=_progress(run),
    )
    beside = type(run)(replace(run.config, learn=False), request, run.make_strategies)
    beside.compiled = run.config.compiled
    outcome = beside.outcome()
    if stats.first_solved is None and outcome.stats.first_solved is not None:
        stats.first_solved = stats.programs_tried + outcome.stats.first_solved
    stats.programs_tried += outcome.stats.programs_tried
    run.kept_before += outcome.stats.values_kept
    assert run.request.deferred is not None
    run.result.trace += [{**row, "guide": run.request.deferred.name} for row in outcome.trace]
    _take(run, beside, outcome)


def _take(run: BottomUpRun, beside: BottomUpRun, outcome: Outcome) -> None:
    """What the other run found, verified there; this one ends where the other ended for good.

    A program that memorises ends the turn, which is short, and not the search: here it waits for a better one anew.
    """
    pending = {h.program for h in beside.pool.pending}
    mine = {h.program for h in run.pool.pending}
    enumerated = [p for p in outcome.programs if p not in pending]
    run.result.programs += [p for p in enumerated if p not in run.result.programs]
    if outcome.closest is not None and outcome.closest_share > run.result.closest_share:
        run.result.closest, run.result.closest_share = outcome.closest, outcome.closest_share
    for candidate in beside.pool.pending:
        if candidate.program not in mine:
            run.pool.hold(candidate)
    if beside.ended in (StopReason.INTERRUPTED, StopReason.PROGRAMS):
        raise Stop(beside.ended)
    if not run.pool.open:
        raise Stop(StopReason.SOLVED)


def _progress(run: BottomUpRun) -> Callable[[Progress], None] | None:
    """Reports of the run beside this one, counted on from here."""
    report = run.request.progress
    if report is None:
        return None
    tried, begun = run.result.stats.programs_tried, time.perf_counter() - run.started
    return lambda p: report(replace(p, seconds=begun + p.seconds, programs_tried=tried + p.programs_tried))
