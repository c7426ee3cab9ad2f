"""The first part of the wake phase: one search for tasks with the same inputs, or without any.

One search for fifty towers gains more than fifty searches with a fiftieth of the time, which would all compute the same programs. It
writes the rows that the jobs of the tasks would have written. The remaining tasks are then solved one by one: in a search for one task,
fewer values are parts of the goal, so that it reaches larger programs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from neurosynth.bench import facts
from neurosynth.bench.jobs import Job
from neurosynth.bench.local import made_row
from neurosynth.bench.messages import Usage
from neurosynth.bench.rows import RowFile
from neurosynth.bench.runner import Plan, RunProgress
from neurosynth.errors import InputError
from neurosynth.guide_resolution import UNIFORM
from neurosynth.guides.costs import production_costs
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.guides.pcfg import CountedRules
from neurosynth.guides.trained import AUTO, find_guide
from neurosynth.guides.uniform import uniform
from neurosynth.killable import Lost, run_killable
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.library.wake import on_the_clock
from neurosynth.result import Result, Solution
from neurosynth.search.base import Limits, Stats, StopReason
from neurosynth.search.bottom_up.together import FoundTogether, Together, same_inputs
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task
from neurosynth.work_clock import counted

__all__ = ["solve_together"]

_NAMED = {"guide": "", "search": "together"}
"""The name of this search in rows."""


def solve_together(
    jobs: Sequence[Job],
    language: Language,
    guide: str,
    limits: Limits,
    path: Path,
    note: Callable[[str], None],
    show: Callable[[RunProgress], None] = lambda progress: None,
) -> None:
    """Solve the tasks that can be solved together, and write a row for each to a file; does nothing if that was done before.

    Args: jobs: one for each task. language: of all jobs. guide: that of the jobs; counts of productions determine the order of the
    search, and other guides are ignored. limits: for the search of each group of tasks with the same inputs, in counted seconds. path:
    file of the rows; a second file marks that it is complete. note: receives messages for the user. show: called as tasks are solved.

    """
    common = {"versions": facts.versions(), "commit": facts.commit(), "machine": facts.machine()}
    done = path.with_name(f"{path.stem}-together.json")
    by_key = {f"{job.suite}/{job.task.name}": job for job in jobs}
    groups = same_inputs({key: job.task for key, job in by_key.items()})
    if done.exists() or not groups:
        return
    figures = []
    plan = Plan(jobs=tuple(jobs), left_out={job.suite: 0 for job in jobs})
    with RowFile(path, resume=True, on_torn=note) as file:
        progress = RunProgress(plan, file.rows)
        known = {row.key for row in file.rows}

        def add(key: str, parts: dict[str, Any], begun: float, seconds: float) -> None:
            job = by_key[key]
            if job.key not in known:
                known.add(job.key)
                row = made_row(job, parts, Usage(begun, seconds, seconds), common)
                file.append(row)
                progress.add(row)
                show(progress)

        for group in groups:
            begun = time.time()
            try:
                grammar = _grammar(next(iter(group.values())), language, guide)
            except InputError as error:  # tasks for another language: each gets a row that reports it
                note(f"{len(group)} tasks, such as {next(iter(group))!r}, are not searched for together: {error}")
                continue

            def found(message: tuple[str, str, int, float], begun: float = begun) -> None:
                key, text, tried, seconds = message
                add(key, _parts(by_key[key], text, language, tried, seconds), begun, seconds)

            answer = _searched(group, grammar, limits, found, note)
            figures.append(answer)
    done.write_text(json.dumps(figures) + "\n", encoding="utf-8")


def _grammar(task: Task, language: Language, guide: str) -> Grammar:
    """The grammar of a task with costs from counts."""
    grammar = task_grammar(task, language)
    if guide in (AUTO, UNIFORM):
        return grammar
    rules = find_guide(guide, language)
    return production_costs(rules.predict(task, grammar)) if isinstance(rules, CountedRules) else grammar


def _searched(
    group: Mapping[str, Task],
    grammar: Grammar,
    limits: Limits,
    found: Callable[[tuple[str, str, int, float]], None],
    note: Callable[[str], None],
) -> dict[str, Any]:
    """The search for a group in a separate process, and its outcome."""

    def work(send: Callable[[Any], None], interrupts: Any) -> dict[str, Any]:
        with counted():
            search = Together(group, grammar, limits)
            for one in search.run():
                send(_message(one))
            return {"tasks": len(group), "left": sorted(search.open), **search.figures()}

    try:
        answer = run_killable(
            work, seconds=on_the_clock(limits.seconds), memory=limits.max_memory * 1.2e9, on_message=found
        )
    except Lost as lost:
        note(f"the search for {len(group)} tasks together ended early: {lost}; each is solved by itself")
        return {"tasks": len(group), "left": [], "stop": lost.why}
    return dict(answer)


def _message(one: FoundTogether) -> tuple[str, str, int, float]:
    return one.task, str(one.program), one.tried, one.seconds


def _parts(job: Job, text: str, language: Language, tried: int, seconds: float) -> dict[str, Any]:
    """The report that a worker would have made about the task."""
    task = job.task
    program: Program = parse_program(text, language, request=task.type, inputs=task.inputs, constants=task.constants)
    logprob = derivation_logprob(uniform(task_grammar(task, language)), program)
    stats = Stats(seconds=seconds, programs_tried=tried, first_solved=tried)
    result = Result(
        task=task,
        language=language,
        stop=StopReason.SOLVED,
        solutions=(Solution(program, logprob, 1.0, None),),
        stats=stats,
        guide=_NAMED["guide"],
        search=_NAMED["search"],
    )
    parts = result.to_json()
    del parts["trace"]
    return {**parts, "guide": result.guide, "search": result.search, "solved": True, "closest_share": 1.0}
