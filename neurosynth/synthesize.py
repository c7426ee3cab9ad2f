"""From a task to a ranked result: the only module that combines task, guide and search."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from neurosynth.advice import Findings, GuideReport
from neurosynth.engine.limits import memory_mb
from neurosynth.errors import InputError, PrimitiveBug
from neurosynth.grown import solve_grown
from neurosynth.guide_resolution import UNIFORM, GuideResolution, resolve_guide
from neurosynth.guides.base import RuleGuide, SequenceGuide, ValueGuide
from neurosynth.guides.uniform import uniform
from neurosynth.judged import JudgedPrograms, judged, unjudged
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.overrun import Overrun, watched
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.noise import solve_noisy
from neurosynth.notebook import notebook_bar
from neurosynth.plugins import load, ships
from neurosynth.result import Result, Solution
from neurosynth.search.base import Doing, Limits, Outcome, Progress, Search, SearchRequest, StopReason
from neurosynth.tasks.checking import share_right
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.guess import guess_language
from neurosynth.tasks.task import Task
from neurosynth.values.registry import domain_of
from neurosynth.work_clock import clock_seconds, is_counted, patient, processor_bound

__all__ = ["Result", "Solution", "chosen_language", "load_language", "outputs", "share_right", "synthesize"]

_log = logging.getLogger(__name__)


def synthesize(
    task: Task | Sequence[Any],
    language: Language | str | None = None,
    *,
    guide: RuleGuide | SequenceGuide | ValueGuide | str | None = None,
    search: Search | str | None = None,
    limits: Limits | None = None,
    top: int = 1,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
) -> Result:
    """Search for programs that are right on every example of ``task``.

    Args:
        task: the examples.  If some of them may be wrong (``Task.noise``), ``Result.wrong`` lists the wrong ones.
        language: an object, the name of a plugin, or None for the task's own language or one chosen by its types.
        guide: an object, ``"uniform"``, the name of a plugin, the file of a trained guide, or None for ``"auto"``: the best
            trained guide of the language, used after the simplest programs have failed.
        search: an object, the name of a plugin, or None for ``"auto"``.
        limits: seconds, programs and gigabytes; the default is 10 s and 4 GB. Seconds that you give are wall-clock seconds. In the
            default 10 s, the time that the process waits for a processor or compiles loops does not count, up to 60 s.
        top: number of distinct programs to return.
        seed: random seed of the search.
        progress: called about ten times a second with a snapshot.  In a notebook, the default is a progress bar.

    A primitive that loops or sleeps beyond the time limit is interrupted if possible (:mod:`neurosynth.language.overrun`);
    :func:`neurosynth.apart.synthesize_apart` interrupts any primitive.

    Raises:
        InputError: for an unknown name, a language without programs of the requested type, or a guide that does not suit the
            search or the task.
        PrimitiveBug: if a primitive raises an undeclared exception; its ``result`` is the result so far.
    """
    if top < 1:
        raise InputError(f"top is {top}; allowed: a positive number")
    task = _as_task(task)
    given = limits or Limits()
    with patient(given.stretch):
        if task.noise:
            rest = {"language": language, "guide": guide, "search": search, "top": top, "seed": seed}
            return _of_noisy(task, given, progress, rest)
        return _solve_grown(task, language, guide, search, given, top=top, seed=seed, progress=progress)


def _as_task(given: Any) -> Task:
    if isinstance(given, Task):
        return given
    if isinstance(given, (list, tuple)):
        return Task(given)
    raise InputError(
        f"the task is {type(given).__name__} {given!r}; allowed: a neurosynth.Task, or a list of examples such as [('a b', 'a')]"
    )


def _solve_grown(
    task: Task,
    language: Language | str | None,
    guide: RuleGuide | SequenceGuide | ValueGuide | str | None,
    search: Search | str | None,
    given: Limits,
    *,
    top: int,
    seed: int,
    progress: Callable[[Progress], None] | None,
) -> Result:
    """The search in a language, then in the one from which it grew."""
    chosen = chosen_language(task, language)
    begun = clock_seconds()

    def within(some: Language, bounds: Limits) -> Result:
        asked = guide if some is chosen or guide == UNIFORM else None
        told = progress if some is chosen else _later(progress, begun)
        return _solve(task, some, asked, search, bounds, top=top, seed=seed, progress=told)

    if chosen.base is None:
        return within(chosen, given)
    return solve_grown(chosen, chosen.base, within, given)


def _solve(
    task: Task,
    chosen: Language,
    guide: RuleGuide | SequenceGuide | ValueGuide | str | None,
    search: Search | str | None,
    limits: Limits,
    *,
    top: int,
    seed: int,
    progress: Callable[[Progress], None] | None,
) -> Result:
    """The search of one task in one language."""
    worked, began = time.process_time(), time.perf_counter()
    _refuse_missing(task, chosen)
    searcher = load("searches", search or "auto")() if search is None or isinstance(search, str) else search
    grammar = task_grammar(task, chosen)
    given = _with_room(limits)
    resolution = resolve_guide(guide, task, chosen, grammar, searcher, seconds=given.seconds)
    request = SearchRequest(
        task=resolution.task,
        grammar=resolution.grammar,
        limits=replace(given, seconds=max(given.seconds - resolution.seconds, _LEAST)),
        top=top,
        seed=seed,
        progress=progress,
        weighted=resolution.weighted,
        deferred=resolution.deferred,
        at_once=resolution.at_once,
        sequence=resolution.sequence,
        values=resolution.values,
        language=chosen,
        given_constants=task.constants,
    )
    with notebook_bar(given.seconds, task.name) as bar:
        request = replace(request, progress=progress or bar)
        outcome, judged = _found(task, searcher, request, resolution, grammar)
    outcome.stats.processor_seconds = time.process_time() - worked
    outcome.stats.wall_seconds = time.perf_counter() - began
    result = _result(task, chosen, searcher, given, resolution, outcome, judged)
    if outcome.bug is not None:
        outcome.bug.result = result
        raise outcome.bug
    return result


def _of_noisy(task: Task, given: Limits, progress: Callable[[Progress], None] | None, rest: dict[str, Any]) -> Result:
    """For a task with wrong examples: several searches, each within its share of the limit."""
    begun = clock_seconds()

    def part(some: Task, seconds: float) -> Result:
        return synthesize(some, limits=replace(given, seconds=seconds), progress=_later(progress, begun), **rest)

    return solve_noisy(task, part, given.seconds)


def _found(
    task: Task, searcher: Search, request: SearchRequest, resolution: GuideResolution, grammar: Grammar
) -> tuple[Outcome, JudgedPrograms]:
    """The outcome of the search with its judgement, within the limit whatever primitives do."""
    assert request.language is not None
    own = ships("languages", request.language.name, request.language)  # budgets bound the work of its primitives
    begun = clock_seconds()
    bound = processor_bound(request.limits.seconds) if is_counted() else request.limits.seconds
    with watched(None if own else bound) as watch:
        outcome = searcher.run(request) if own else _run(searcher, request)
    if watch.fired and outcome.stop is StopReason.INTERRUPTED:
        outcome.stop = StopReason.SOLVED if outcome.programs else StopReason.TIME
    outcome = _with_guide(outcome, resolution)
    spared = request.limits.seconds - (clock_seconds() - begun)
    weighted = outcome.weighted or resolution.weighted or uniform(grammar)
    try:
        _tell_checking(request.progress, outcome)
    except KeyboardInterrupt:  # the search is over: its results are shown
        if not watch.fired:  # otherwise it was the limit that ended the primitive, again
            outcome.stop = StopReason.INTERRUPTED
    left = None if own else processor_bound(0) if is_counted() else max(spared, 0.0)
    try:
        with watched(left), _collecting_later():
            return outcome, judged(outcome, task, weighted, searcher.name, top=request.top, seed=request.seed)
    except (PrimitiveBug, Overrun) as error:  # on inputs that the search did not use
        if isinstance(error, PrimitiveBug):
            outcome.bug = outcome.bug or error
        return outcome, unjudged(outcome, weighted, request.top)


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Leave the collection of reference cycles to later: that of all that a search kept takes 0.2 s and more, and results would
    wait for it after the limit."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _result(
    task: Task,
    language: Language,
    searcher: Search,
    limits: Limits,
    resolution: GuideResolution,
    outcome: Outcome,
    found: JudgedPrograms,
) -> Result:
    """The complete result, for reading and for questions."""
    guide = resolution.said(asked=outcome.weighted is not None, failed=_failure(outcome))
    findings = Findings(
        task=task,
        search=searcher.name,
        stop=outcome.stop,
        limits=limits,
        stats=outcome.stats,
        programs=tuple(s.program for s in found.solutions),
        others=tuple(found.right),
        closest=outcome.closest,
        suspects=frozenset(outcome.suspects.difference(outcome.guide_proposed)),
        sources=outcome.sources,
        strategies=outcome.strategies,
        explored=outcome.explored,
        guide=_guide_report(guide, outcome, resolution),
        confidence=found.confidence,
        reasons=found.reasons,
        question=found.question,
        finds=tuple(outcome.finds),
    )
    return Result(
        task=task,
        language=language,
        findings=findings,
        stop=outcome.stop,
        solutions=found.solutions,
        stats=outcome.stats,
        trace=tuple(outcome.trace),
        closest=found.closest,
        near=found.near,
        confidence=found.confidence,
        evidence=found.evidence,
        ranking=found.ranking,
        question=found.question,
        guide=guide,
        guide_notes=resolution.noted(_failure(outcome)),
        search=searcher.name,
        by_chance=bool(found.solutions) and found.solutions[0].program in findings.suspects,
    )


def _tell_checking(progress: Callable[[Progress], None] | None, outcome: Outcome) -> None:
    """Report that the results are being checked, and what they are, because the search no longer reports."""
    if progress is None:
        return
    stats, found = outcome.stats, outcome.programs
    best, share = (found[0], 1.0) if found else (outcome.closest, outcome.closest_share)
    doing = Doing.CHECKING.value
    progress(
        Progress(stats.seconds, stats.programs_tried, 0, stats.values_kept, stats.peak_memory_mb, share, best, doing)
    )


def _later(progress: Callable[[Progress], None] | None, begun: float) -> Callable[[Progress], None] | None:
    """The limits for one of several searches of a call: seconds count from when the first of them ``begun``."""
    if progress is None:
        return None
    before = clock_seconds() - begun
    return lambda now: progress(replace(now, seconds=before + now.seconds))


def _run(searcher: Search, request: SearchRequest) -> Outcome:
    """The outcome of a search that a primitive may break out of; in that case, the last report of the search."""
    last: list[Progress] = []

    def progress(now: Progress) -> None:
        last[:] = [now]
        if request.progress is not None:
            request.progress(now)

    try:
        return searcher.run(replace(request, progress=progress))
    except PrimitiveBug as bug:
        outcome = Outcome(StopReason.BUG, bug=bug)
    except Overrun:
        outcome = Outcome(StopReason.TIME)
    for now in last:
        outcome.closest, outcome.closest_share = now.best, now.best_share
        outcome.stats.seconds, outcome.stats.programs_tried = now.seconds, now.programs_tried
        outcome.stats.values_kept = now.values_kept
    return outcome


def _with_room(limits: Limits) -> Limits:
    """The limits, with more memory if the process (a notebook with its data) already uses more than half of it."""
    return replace(limits, max_memory=max(limits.max_memory, memory_mb() / 1000 + limits.max_memory / 2))


_LEAST = 0.01
"""Seconds for a search whose guide has used all of them, so that the guide's results still count."""


def _with_guide(outcome: Outcome, resolution: GuideResolution) -> Outcome:
    """The outcome with the time and the results of the guide before the search."""
    stats, weighted = outcome.stats, resolution.weighted
    tried = weighted.tried if weighted is not None else 0
    found = weighted.found if weighted is not None else ()
    stats.seconds += resolution.seconds
    stats.guide_seconds += resolution.seconds
    stats.programs_tried += tried
    if found:
        stats.first_solved = tried
        outcome.programs += [p for p in found if p not in outcome.programs]
        outcome.sources = outcome.sources | dict.fromkeys(found, f"guide {resolution.name}")
        if outcome.stop is not StopReason.INTERRUPTED:
            outcome.stop = StopReason.SOLVED
    elif stats.first_solved is not None:
        stats.first_solved += tried
    return outcome


def _guide_report(name: str, outcome: Outcome, resolution: GuideResolution) -> GuideReport:
    """What the guide did, before the search or during it."""
    weighted = outcome.weighted or resolution.weighted
    waiting = resolution.deferred is not None and outcome.weighted is None
    return GuideReport(
        name=resolution.deferred.name if waiting and resolution.deferred is not None else name,
        asked=not waiting,
        seconds=outcome.stats.guide_seconds,
        wrote=weighted.found if weighted is not None else (),
        tried=weighted.tried if weighted is not None else 0,
        share=weighted.share if weighted is not None and weighted.tried else None,
        notes=resolution.noted(_failure(outcome)),
    )


def _failure(outcome: Outcome) -> str:
    """Why a deferred guide could not answer; empty if it could, or was not asked."""
    return next((str(row["error"]) for row in outcome.trace if "guide" in row and "error" in row), "")


def chosen_language(task: Task, language: Language | str | None) -> Language:
    """The language of a search: the given one, or else the task's own, or else one chosen by its types.

    Raises:
        InputError: for an unknown name.
    """
    if isinstance(language, Language):
        return language
    return load_language(language or task.language or guess_language(task))


def _refuse_missing(task: Task, language: Language) -> None:
    """Missing values need a language whose primitives define their treatment."""
    if any(p.missing for p in language.primitives.values()):
        return
    for i, e in enumerate(task.examples, 1):
        places = [f"input {j}" for j, v in enumerate(e.inputs, 1) if v is None]
        places += ["output"] if e.output is None else []
        if places:
            raise InputError(
                f"task {task.name!r}, example {i}, {places[0]} is missing (null); language {language.name!r} has no missing values; "
                "give a value, leave the row out, or use a language with missing values (--language columns)"
            )


def outputs(program: Program, rows: Iterable[Sequence[Any]]) -> list[Any]:
    """The program's values on rows of inputs, lists as lists, with ``UNDEFINED`` for undefined ones."""
    function = Evaluator().function(program)
    thaw = domain_of(program.type).thaw
    return [value if value is UNDEFINED else thaw(value) for value in (function(tuple(row)) for row in rows)]
