"""Rows of solved tasks as training pairs: the tasks by name from their suites, the programs from the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from neurosynth.bench.rows import Row
from neurosynth.bench.suites import Suite
from neurosynth.errors import InputError, NeurosynthError
from neurosynth.guide_resolution import with_constants
from neurosynth.language.language import Language
from neurosynth.language.program import Constant, Program
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.checking import share_right
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task

__all__ = ["checked_pair", "solved_pairs"]


def solved_pairs(
    rows: Iterable[Row], suites: Sequence[Suite], language: Language, tell: Callable[[str], None]
) -> list[tuple[Task, Program]]:
    """Each task that some row solved in a language, with each first program that is right on every example of it.

    A program that is wrong on the held-out examples of its row is left out, because it is coincidental. Tasks have the constants that a
    search would give them, and those of the program.

    Args:
        rows: of any solvers and suites; those of other languages and unsolved ones are ignored.
        suites: the tasks; rows of other suites are ignored.
        language: the language of the wanted programs.
        tell: receives a sentence for each solved row that cannot be used.

    Raises:
        InputError: if no row can be used; the message says what the rows are of.
    """
    tasks = {(suite.name, task.name): task for suite in suites for task in suite.tasks}
    names = {suite.name for suite in suites}
    found: dict[tuple[str, str, str], tuple[Task, Program]] = {}
    met: set[str] = set()
    for row in rows:
        met.add(row.suite)
        if not row.solved or not row.programs or row.language != language.name or row.suite not in names:
            continue
        text = str(row.programs[0].get("text"))
        key = (row.suite, row.task, text)
        if key in found or (row.held_out is not None and not row.held_out.all_right):
            continue
        where = f"row of suite {row.suite!r}, task {row.task!r}"
        if key[:2] not in tasks:
            tell(f"{where}: no such task in the suite given")
            continue
        try:
            found[key] = checked_pair(tasks[key[:2]], text, language)
        except NeurosynthError as error:
            tell(f"{where}: {error}")
    if not found:
        raise InputError(
            f"no row to learn from; needed: a task of the suites {', '.join(sorted(names)) or 'none'}, solved in language "
            f"{language.name!r} and right on its held-out examples; the rows are of {', '.join(sorted(met)) or 'no suite'}"
        )
    return list(found.values())


def checked_pair(task: Task, text: str, language: Language) -> tuple[Task, Program]:
    """A task with the constants that a search would give it and those of a program, and the program.

    Raises:
        InputError: for text that is not a program of the task, or one that is not right on every example.
    """
    known = with_constants(task, language, task_grammar(task, language))
    program = parse_program(text, language, request=task.type, inputs=task.inputs, constants=known.constants)
    if share_right(program, task.examples) != 1.0:
        raise InputError(f"{text} is not right on every example")
    own = {c for c, _ in language.constants}
    used = [n for n in program.subprograms() if isinstance(n, Constant) and n not in own]
    return replace(known, constants=tuple(dict.fromkeys([*known.constants, *used]))), program
