"""The searches for one column of a table: over few columns and then over more, on more rows where a program is wrong, within one limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from neurosynth.errors import InputError
from neurosynth.frames.choice import choose_examples
from neurosynth.frames.column_function import ColumnFunction
from neurosynth.frames.filled import FillConfig
from neurosynth.frames.saved import input_names
from neurosynth.frames.table import DataTable
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Constant
from neurosynth.result import Result
from neurosynth.search.base import Limits
from neurosynth.tasks.task import Example, Task, first_contradiction
from neurosynth.work_clock import stopwatch

__all__ = ["ColumnSearch", "Searched", "Solve", "given_value"]

Solve = Callable[[Task, Limits], Result]
"""From a task and the limits of one search to its result."""
_LEAST = 0.02
"""Least share of a column's time for which a further search begins."""
_RECITED = 0.2
"""Share of the outputs' text from which on a program recites them."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search over some columns found."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    """Their cells."""
    result: Result
    wrong: dict[int, Any]
    """Rows with an output on which the program is wrong, with its values."""


@dataclass
class ColumnSearch:
    """One column that is to be filled."""

    table: DataTable
    name: str
    cells: Sequence[Any]
    """Its cells; None for empty ones."""
    labelled: list[int]
    """Rows with an output."""
    empty: list[int]
    """Rows to fill."""
    config: FillConfig
    limits: Limits
    """Memory and programs of one search; the seconds of all of them come from ``config``."""
    solve: Solve
    began: float = field(default_factory=stopwatch)
    used: float = 0.0
    """Seconds that searches have reported."""

    @property
    def left(self) -> float:
        """Seconds that are left for the column. On a busy machine without a given limit, waiting for a processor does not count."""
        waited = (stopwatch() - self.began) / self.config.stretch
        return self.config.seconds - max(self.used, waited)

    def over(self, offers: Sequence[Mapping[str, Sequence[Any]]]) -> Searched:
        """The best of the searches over offered columns, the later ones where those before are not certain.

        Raises:
            InputError: if two rows contradict each other in all offered columns.
        """
        best: Searched | None = None
        for at, offer in enumerate(offers):
            last = at == len(offers) - 1
            rows = list(zip(*offer.values(), strict=True))
            if last:
                self._check_contradictions(rows)
            elif self._contradiction(rows) is not None:
                continue  # a column that was left out decides
            seconds = self.left if last else self.config.first_share * self.left
            if best is not None and seconds < _LEAST * self.config.seconds:
                break
            result, wrong = self._on_more_rows(list(offer), rows, seconds)
            found = Searched(list(offer), rows, result, wrong)
            if best is None or _better(found, best):
                best = found
            if result.solved and not wrong and result.confidence >= self.config.doubtful_below:
                break
        assert best is not None
        return best

    def _on_more_rows(
        self, names: list[str], rows: list[tuple[Any, ...]], seconds: float
    ) -> tuple[Result, dict[int, Any]]:
        """A result that is right on every row with an output if possible, and the rows on which it is wrong with its values."""
        config, cells, empty = self.config, self.cells, self.empty
        shown_rows = choose_examples(rows, cells, self.labelled, most=config.examples)
        evidence = [rows[row] for row in empty[:: max(1, len(empty) // config.evidence)]][: config.evidence]
        end = self.left - seconds
        found: tuple[Result, dict[int, Any]] | None = None
        for _ in range(config.rounds):
            within = self.left - end
            if found is not None and within < _LEAST * config.seconds:
                break
            task = Task(
                [Example(rows[row], cells[row]) for row in shown_rows],
                self.name,
                input_names=input_names(names),
                unlabelled=evidence,
                noise=min(config.noise, (len(shown_rows) - 1) // 2),
            )
            result = self._solved(task, max(within, _LEAST * config.seconds))
            if not result.solved:
                return found or (result, {})
            function = ColumnFunction(result.best.program, result.task)
            wrong = {r: given_value(function, rows[r]) for r in self.labelled if function(rows[r]) != cells[r]}
            found = result, wrong
            fresh = [row for row in wrong if row not in shown_rows]
            if not fresh or len(wrong) <= config.noise:
                break
            shown_rows = [*shown_rows, *fresh[:5]]
        assert found is not None
        return found

    def _solved(self, task: Task, seconds: float) -> Result:
        result = self.solve(task, replace(self.limits, seconds=seconds, stretch=self.config.stretch))
        self.used += result.stats.seconds
        return result

    def _contradiction(self, rows: list[tuple[Any, ...]]) -> tuple[int, int] | None:
        """Two given rows with the same inputs and different outputs, by their places, if more are than the search accepts."""
        most = min(self.config.noise, (len(self.labelled) - 1) // 2)
        return first_contradiction([Example(rows[row], self.cells[row]) for row in self.labelled], most)

    def _check_contradictions(self, rows: list[tuple[Any, ...]]) -> None:
        clash = self._contradiction(rows)
        if clash is not None:
            first, second = (self.labelled[at] for at in clash)
            line = self.table.line
            raise InputError(
                f"{self.table.path}: lines {line(first)} and {line(second)} contradict: the same cells give "
                f"{self.cells[first]!r} and {self.cells[second]!r} in column {self.name!r}; correct one, or empty it"
            )


def given_value(function: ColumnFunction, row: tuple[Any, ...]) -> Any:
    """The value of a function for a row; None if it has none."""
    value = function(row)
    return None if value is UNDEFINED else value


def _better(found: Searched, before: Searched) -> bool:
    """Whether a program is right on more given cells than one before, or recites fewer of them, or is more certain.

    Over few columns, a table of all given cells may be the only program, and then no other one speaks against it.
    """
    if not found.result.solved or not before.result.solved:
        return found.result.solved
    ranks = [(-len(s.wrong), not _recites(s.result), s.result.confidence) for s in (found, before)]
    return ranks[0] > ranks[1]


def _recites(result: Result) -> bool:
    """Whether texts of the program that occur in a single output make up much of the outputs."""
    outputs = [e.output for e in result.task.examples if isinstance(e.output, str) and e.output]
    constants = [p.value for p in result.best.program.subprograms() if isinstance(p, Constant)]
    texts = {t for c in constants for t in (c if isinstance(c, tuple) else (c,)) if isinstance(t, str) and t}
    alone = [t for t in texts if any(map(str.isalnum, t)) and sum(t in o for o in outputs) == 1]
    shares = [min(1.0, sum(len(t) for t in alone if t in o) / len(o)) for o in outputs]
    return bool(shares) and sum(shares) > _RECITED * len(shares)
