"""A result in the form for a person."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import IO, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from neurosynth.cli.ask import shown
from neurosynth.cli.progress import amount
from neurosynth.ranking.agreement import cases
from neurosynth.synthesize import Result, Solution, outputs
from neurosynth.tasks.checking import failing
from neurosynth.values.types import Type

__all__ = ["code", "show"]

_EXAMPLES = 10
_FILLED = 20
"""Maximum number of filled rows on a terminal; piped output has all of them."""
_WIDE = 10_000
"""Number of columns if there is no terminal: nothing is cut or wrapped."""


def show(result: Result, file: IO[str] | None = None, *, terminal: bool | None = None) -> None:
    """Print programs, their values on each example, why the search stopped, how long it took, and Python code.

    ``file`` replaces standard output, and ``terminal`` tells whether that is a terminal.
    """
    terminal = sys.stdout.isatty() if terminal is None else terminal
    console = Console(file=file, width=None if terminal else _WIDE, highlight=False, force_terminal=terminal or None)
    best = result.solutions[0] if result.solutions else result.nearest
    if not result.solutions:
        console.print("No program is right on every example.", style="bold")
    elif result.guess:
        console.print(_guess(result), style="bold yellow", soft_wrap=True)
    for rank, solution in enumerate(result.solutions, 1):
        code(console, str(solution), "scheme", f"{rank}. " if len(result.solutions) > 1 else "")
    if best is not None:
        if not result.solutions:
            console.print(f"Closest, right on {best.share:.0%}:")
            code(console, str(best), "scheme", "")
        console.print()
        _examples(console, result, best)
    if result.solutions:
        _filled(console, result, result.solutions[0], terminal)
        _accuracy(console, result.solutions[0])
    _doubted(console, result)
    console.print()
    console.print(_why(result), soft_wrap=True)
    if result.solutions:
        console.print(_trust(result), soft_wrap=True)
        python = result.export(result.solutions[0], "python")
        if python is not None:
            console.print()
            code(console, python.rstrip("\n"), "python", "")


def code(console: Console, text: str, language: str, before: str) -> None:
    """Print code with syntax colours, after ``before``."""
    shown = Text(text)
    if console.is_terminal and not console.no_color:
        from rich.syntax import Syntax

        shown = Syntax("", language, background_color="default").highlight(text)
        shown.rstrip()
    console.print(Text(before) + shown, soft_wrap=True)


def _cell(value: Any, t: Type) -> Text:
    """A value as its type shows it on a terminal."""
    return Text(shown(value, t))


def _row(result: Result, inputs: Sequence[Any], *values: Any) -> list[Text]:
    """Cells of a row: inputs, then values of the output's type."""
    cells = [_cell(v, t) for v, t in zip(inputs, result.task.parameters, strict=True)]
    return cells + [_cell(v, result.task.output_type) for v in values]


def _names(result: Result) -> list[str]:
    return [i.name or i.head for i in result.task.inputs]


def _examples(console: Console, result: Result, solution: Solution) -> None:
    examples = result.task.examples
    given = outputs(solution.program, [e.inputs for e in examples])
    wrong = set(failing(solution.program, examples))
    right_of = [i not in wrong for i in range(len(examples))]
    rows = list(zip(examples, given, right_of, strict=True))
    if not solution.matches:  # the wrong cells are the interesting ones
        rows.sort(key=lambda row: row[2])
    table = Table(*_names(result), "result", *(() if solution.matches else ("expected",)), "", box=None, pad_edge=False)
    for e, value, right in rows[:_EXAMPLES]:
        wanted = () if solution.matches else (e.output,)
        mark = Text("✓", style="green") if right else Text("✗", style="red")
        table.add_row(*_row(result, e.inputs, value, *wanted), mark)
    console.print(table)
    if len(rows) > _EXAMPLES:
        right_ones = sum(right for _, _, right in rows)
        console.print(f"… and {len(rows) - _EXAMPLES} more examples; right on {right_ones} of {len(rows)}")


def _filled(console: Console, result: Result, solution: Solution, terminal: bool) -> None:
    """The rows of a table that had no output."""
    rows = result.task.unlabelled
    if not rows:
        return
    shown = rows[:_FILLED] if terminal else rows
    table = Table(*_names(result), "filled in", "sure", box=None, pad_edge=False)
    cells = result.fills()
    for i, (row, value) in enumerate(zip(shown, outputs(solution.program, shown), strict=True)):
        table.add_row(*_row(result, row, value), Text(f"{cells[i].confidence:.0%}" if cells else ""))
    console.print()
    console.print(table)
    if len(rows) > len(shown):
        console.print(f"… and {len(rows) - len(shown)} more rows; send the output to a file to see them all")


def _doubted(console: Console, result: Result) -> None:
    """Examples that are probably wrong, and a program against which only one example speaks."""
    lines = [f"Considered wrong: {row}" for row in result.wrong]
    if (miss := result.near_miss) is not None:
        near, row = miss
        lines += [
            f"Right on all examples but one: {near}",
            f"  {row}; if the example is a mistake, correct it, or use --noise 1",
        ]
    if lines:
        console.print()
    for line in lines:
        console.print(Text(line), soft_wrap=True)


def _accuracy(console: Console, solution: Solution) -> None:
    if solution.test_accuracy is not None:
        console.print()
        console.print(f"Right on {solution.test_accuracy:.0%} of the held-out examples.")


def _guess(result: Result) -> str:
    """The first line of an answer that is more likely wrong than right."""
    return f"A guess: right on every example, but likely wrong on other inputs (confidence {result.confidence:.0%})."


def _trust(result: Result) -> str:
    """The confidence in the first program, the question to ask, and whether it probably memorises or is coincidental."""
    question = result.question
    line = f"Confidence {result.confidence:.0%}"
    if question is None:
        line += " · the programs found agree on all other inputs tried"
    else:
        cells = zip(question.inputs, result.task.parameters, strict=True)
        row = ", ".join(_cell(v, t).plain for v, t in cells)
        line += f" · unlike the examples: {row}" if question.agreed else f" · ask: what is the output for {row}?"
    told, examples = cases(result.solutions[0].program), len(result.task.examples)
    if told > 1 and told * 2 > examples:
        line += f"\nThis program distinguishes {told} cases for {examples} examples, so it may memorise them; give more examples."
    elif result.by_chance:
        line += "\nSo many programs were compared that some fit these examples by coincidence, maybe this one; give more examples."
    return line


def _why(result: Result) -> str:
    stats = result.stats
    word = "Solved in" if result.solved else f"Stopped by {result.stop.value} after"
    rate = f"{amount(stats.programs_tried)} programs tried ({amount(stats.programs_per_second)}/s)"
    line = (
        f"{word} {stats.seconds:.2f} s · {rate} · {amount(stats.values_kept)} values kept · "
        f"{stats.peak_memory_mb:.0f} MB · language {result.language.name} · "
        f"guide {result.guide} · search {result.search}"
    )
    lines = [line] if result.stop.value == "solved" else [result.advice, line]
    return "\n".join([*lines, *result.guide_notes])
