"""``check_search``: the properties of a search, on a table of small tasks and under every limit."""

from __future__ import annotations

import time
from typing import Any, get_args

from neurosynth.guides.uniform_tokens import UniformTokens
from neurosynth.language.evaluate import evaluate
from neurosynth.language.language import Language
from neurosynth.language.tokens import Vocabulary
from neurosynth.search.base import Limits, Needs, Outcome, Progress, Search, SearchRequest, StopReason
from neurosynth.tasks.checking import right
from neurosynth.tasks.task import Task
from neurosynth.testing.tiny import finite_task, grammar_of, hard_task, tiny, tiny_tasks
from neurosynth.values.frozen import freeze

__all__ = ["check_search"]

WHILE, BUSY = 10, 60
"""Seconds for a task of the table, and for another attempt if other processes occupied the core."""
SECONDS = (0.3, 1.0)
"""The limits that are tried on a task without a solution."""
TRIES = 3
"""How often a limit may be exceeded before the test fails: other processes may occupy the core for a while."""
SLACK = 65_536
"""Number of programs allowed beyond ``max_programs``: searches count in tiles."""


def check_search(search: Search, *, exhaustive: bool = True) -> None:
    """Check a search.

    * It solves a table of small tasks; its programs are right on every example, and none occurs twice.
    * The same seed gives the same program first.
    * ``seconds``, ``max_programs`` and ``max_memory`` hold, each with its own stop reason; so does an interruption.
    * It calls ``progress``, and fills in the statistics on every exit.
    * It reports EXHAUSTED if a finite space has no solution.

    Args:
        search: an object with ``name`` and ``run``.
        exhaustive: False for a search that cannot know that nothing is left (one that samples at random).

    Raises:
        AssertionError: with the violated property and the task.
    """
    name = getattr(search, "name", None)
    assert isinstance(name, str) and name, f"{search!r} has no name; rows and messages call it by that"  # noqa: PT018
    needs = getattr(search, "needs", None)
    assert needs in get_args(Needs), f"search {name!r} needs {needs!r}; allowed: {', '.join(get_args(Needs))}"
    language = tiny()
    for task in tiny_tasks():
        first = _solved(search, language, task)
        where = f"search {name!r}, task {task.name!r}"
        _right(first, task, where)
        again = _solved(search, language, task)
        texts = [str(outcome.programs[0]) if outcome.programs else "none" for outcome in (first, again)]
        assert texts[0] == texts[1], (
            f"{where}: seed 3 gives {texts[0]}, then {texts[1]}; a seed must give the same again"
        )
    _several(search, language, name)
    _limits(search, language, name)
    _interrupted(search, language, name)
    if exhaustive:
        small, task = finite_task()
        found = _run(search, small, task, Limits(seconds=10))
        assert found.stop is StopReason.EXHAUSTED, (
            f"search {name!r} on a language of few programs, none of which solves the task, stopped by {found.stop}, not "
            "EXHAUSTED; end the generator after the last program, or call check_search(…, exhaustive=False) for a search "
            "that draws programs at random"
        )


def _solved(search: Search, language: Language, task: Task) -> Outcome:
    """The outcome of a task of the table; a search that waited for a processor gets its time again."""
    for seconds in (WHILE, BUSY):
        began = time.process_time()
        found = _run(search, language, task, Limits(seconds=seconds), seed=3)
        used = time.process_time() - began
        if found.stop is not StopReason.TIME or used > seconds / 2:
            break
    assert found.stop is StopReason.SOLVED, (
        f"search {search.name!r}, task {task.name!r}: not solved, stopped by {found.stop} after {found.stats.seconds:.1f} s "
        f"({used:.1f} s of processor time) and {found.stats.programs_tried:,} candidates; "
        "every search has to solve the small tasks of this check"
    )
    return found


def _run(search: Search, language: Language, task: Task, limits: Limits, **options: Any) -> Outcome:
    guide = UniformTokens(Vocabulary(language)) if search.needs == "sequence" else None
    grammar = grammar_of(language, task)
    request = SearchRequest(task=task, grammar=grammar, limits=limits, sequence=guide, **options)
    outcome = search.run(request)
    where = f"search {search.name!r}, task {task.name!r}"
    assert isinstance(outcome, Outcome), f"{where}: run() returned {outcome!r}, not an Outcome"
    assert outcome.stats.seconds > 0, f"{where}, stopped by {outcome.stop}: stats.seconds was not filled in"
    if outcome.stop is StopReason.SOLVED:
        assert outcome.programs, f"{where}: SOLVED without a program"
    return outcome


def _right(outcome: Outcome, task: Task, where: str) -> None:
    texts = [str(p) for p in outcome.programs]
    assert len(set(texts)) == len(texts), f"{where}: a program is returned twice: {texts}"
    for program in outcome.programs:
        for example in task.examples:
            found = freeze(evaluate(program, example.inputs))
            assert right(found, example.output), (
                f"{where}: returned {program}, which gives {found!r} on the example {example}"
            )


def _several(search: Search, language: Language, name: str) -> None:
    """``top`` asks for several programs."""
    task = tiny_tasks()[2]
    found = _run(search, language, task, Limits(seconds=2), top=3)
    assert found.programs, f"search {name!r}, task {task.name!r} with top=3: no program, stopped by {found.stop}"
    _right(found, task, f"search {name!r}, task {task.name!r} with top=3")


def _limits(search: Search, language: Language, name: str) -> None:
    task = hard_task()
    where = f"search {name!r}, a task without a solution within reach"
    for seconds in SECONDS:
        taken: list[float] = []
        while not taken or (min(taken) > 1.1 * seconds + 0.5 and len(taken) < TRIES):
            started = time.perf_counter()
            found = _run(search, language, task, Limits(seconds=seconds))
            taken.append(time.perf_counter() - started)
            assert found.stop is StopReason.TIME, f"{where}, {seconds} s: stopped by {found.stop}, not TIME"
            assert found.stats.programs_tried > 0, f"{where}: stats.programs_tried was not filled in"
        assert min(taken) <= 1.1 * seconds + 0.5, f"{where}: took {min(taken):.2f} s of {seconds} s"
    found = _run(search, language, task, Limits(seconds=20, max_programs=300))
    assert found.stop is StopReason.PROGRAMS, f"{where}, max_programs=300: stopped by {found.stop}, not PROGRAMS"
    tried = found.stats.programs_tried
    assert tried <= 300 + SLACK, f"{where}, max_programs=300: tried {tried}"
    found = _run(search, language, task, Limits(seconds=20, max_memory=0.001))
    assert found.stop is StopReason.MEMORY, (
        f"{where}, max_memory=0.001, less than the process has already: stopped by {found.stop}, not MEMORY"
    )


def _interrupted(search: Search, language: Language, name: str) -> None:
    """Ctrl-C, as it arrives in the callback that draws the live line."""
    calls: list[Progress] = []

    def interrupt(progress: Progress) -> None:
        calls.append(progress)
        raise KeyboardInterrupt

    try:
        found = _run(search, language, hard_task(), Limits(seconds=2), progress=interrupt)
    except KeyboardInterrupt:
        raise AssertionError(
            f"search {name!r}: a KeyboardInterrupt left run(), which must end the search with INTERRUPTED and what "
            "was found so far"
        ) from None
    assert calls, (
        f"search {name!r} did not call progress in {found.stats.seconds:.1f} s; about ten times a second is wanted"
    )
    assert found.stop is StopReason.INTERRUPTED, (
        f"search {name!r}, interrupted: stopped by {found.stop}, not INTERRUPTED"
    )
