"""What a search brought: programs and how well they do, what it took, and why it ended."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from neurosynth.advice import Findings, GuideReport
from neurosynth.errors import NeurosynthError
from neurosynth.explain import Explanation, explain
from neurosynth.language.evaluate import Evaluator, evaluate
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.plugins import load
from neurosynth.ranking.agreement import Question, Ranking
from neurosynth.ranking.cells import Cell, Cells
from neurosynth.ranking.confidence import GUESS
from neurosynth.ranking.evidence import Evidence
from neurosynth.search.base import Limits, Stats, StopReason
from neurosynth.tasks.json_io import value_to_json
from neurosynth.tasks.task import Task

__all__ = ["Result", "Solution"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Solution:
    """A program and how well it does; call it like a function."""

    program: Program
    logprob: float | None
    """Natural logarithm of the guide's probability of the program; None when the grammar does not derive it."""
    share: float
    """Share of the task's examples it gets right, 0 to 1."""
    test_accuracy: float | None = None
    """Share of the held-out examples it gets right; None when the task has none."""
    belief: float = 0.0
    """Share of the mass of all candidates that behaves like it on unseen inputs, 0 to 1."""
    confidence: float = 0.0
    """How likely it is right on every other input too, 0 to 1: calibrated for the first solution, what is left for the others."""

    @property
    def matches(self) -> bool:
        """Whether every example of the task is right."""
        return self.share == 1.0

    @property
    def size(self) -> int:
        """Number of nodes of the program."""
        return self.program.size

    def __call__(self, *inputs: Any) -> Any:
        """The program's value on ``inputs``, or ``UNDEFINED``."""
        return evaluate(self.program, inputs)

    def __str__(self) -> str:
        return str(self.program)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What :func:`synthesize` found, best first, and what it took; prints itself as one line a program."""

    task: Task
    language: Language
    stop: StopReason
    solutions: tuple[Solution, ...] = ()
    stats: Stats = field(default_factory=Stats)
    trace: tuple[dict[str, Any], ...] = ()
    """One row a cost level, or a round of decoding."""
    findings: Findings | None = None
    """What :meth:`explain` is made of; None where another tool solved the task."""
    closest: Solution | None = None
    """The program right on most examples, when none is right on all."""
    confidence: float = 0.0
    """How likely the first program is right on every other input too, 0 to 1; calibrated (docs/trust.md)."""
    evidence: Evidence | None = None
    """What that was judged by; None where nothing was found, or another tool solved the task."""
    ranking: Ranking | None = None
    """All programs found that behave differently, best first; None where nothing was found, or another tool solved the task."""
    question: Question | None = None
    """The input whose output would settle most between the programs found; None where they agree."""
    guide: str = "uniform"
    guide_notes: tuple[str, ...] = ()
    """Of each guide that was wanted and could not be used a sentence that says why."""
    search: str = "auto"
    by_chance: bool = False
    """Whether the first program may be right by chance: few examples that say little, and very many programs compared."""

    @property
    def solved(self) -> bool:
        """Whether there is a program right on every example."""
        return bool(self.solutions)

    @property
    def best(self) -> Solution:
        """The first solution.

        Raises:
            NeurosynthError: when there is none; says why the search stopped and what to change.
        """
        if not self.solutions:
            near = f"; closest: {self.closest}, in Result.closest" if self.closest is not None else ""
            raise NeurosynthError(f"no program found for task {self.task.name!r}: {self.stop.advice}{near}")
        return self.solutions[0]

    @property
    def guess(self) -> bool:
        """Whether there is a program that is more likely wrong than right on other inputs."""
        return self.solved and self.ranking is not None and self.confidence < GUESS

    def fills(self) -> tuple[Cell, ...]:
        """What the first program gives for each of the task's unlabelled rows, with the confidence of each; nothing where none was found."""
        if self.ranking is None or not self.solved:
            return ()
        cells, evaluator = Cells(self.task, self.ranking, self.confidence), Evaluator()
        return tuple(cells.of(r, [evaluator.run(p, r) for p in cells.programs]) for r in self.task.unlabelled)

    def __str__(self) -> str:
        tried = f"{self.stats.programs_tried:,} programs, {self.stats.seconds:.2f} s"
        tail = f"{tried} · guide {self.guide} · search {self.search}"
        if not self.solutions:
            near = ""
            if self.closest is not None:
                near = f"closest {self.closest}, right on {self.closest.share:.0%} of the examples · "
            head = f"no program · stopped by {self.stop.value} after {tail} · {near}{self.stop.advice}"
            return "\n".join([head, *self.guide_notes])
        first, *others = self.solutions
        doubt = f"a guess, confidence {self.confidence:.0%} · " if self.guess else ""
        return "\n".join([f"{doubt}{first} · solved after {tail}", *map(str, others), *self.guide_notes])

    def explain(self) -> Explanation:
        """Why the search ended as it did: who found what, what was ruled out, what was close, what could be changed."""
        return explain(self.findings or self._findings())

    def _findings(self) -> Findings:
        """What is known of a result that another tool brought."""
        return Findings(
            task=self.task,
            search=self.search,
            stop=self.stop,
            limits=Limits(seconds=max(self.stats.seconds, 1e-9)),
            stats=self.stats,
            programs=tuple(s.program for s in self.solutions),
            closest=self.closest.program if self.closest is not None else None,
            guide=GuideReport(name=self.guide),
            confidence=self.confidence,
            question=self.question,
        )

    def source(self, solution: Solution) -> str:
        """Which strategy found a solution; empty where nobody said."""
        return self.findings.sources.get(solution.program, "") if self.findings is not None else ""

    def to_json(self) -> dict[str, Any]:
        """The object ``solve --json`` prints; ``question`` is there where the programs disagree, ``by_chance`` where it is true, ``fills``
        where the task has unlabelled rows, ``closest`` where no program is right on every example."""
        row: dict[str, Any] = {
            "task": self.task.name,
            "language": self.language.name,
            "stop": self.stop.value,
            "programs": [self._program_json(s) for s in self.solutions],
            "stats": self.stats.as_dict(),
        }
        if self.closest is not None:
            row["closest"] = {"text": str(self.closest), "share": round(self.closest.share, 4)}
        row["sources"] = {name: use.as_dict() for name, use in self.explain().uses.items()}
        row["trace"] = list(self.trace)
        if self.guide_notes:
            row["guide_notes"] = list(self.guide_notes)
        if self.by_chance:
            row["by_chance"] = True
        if self.solved and self.ranking is not None:
            row.update(confidence=round(self.confidence, 4), guess=self.guess)
        if self.question is not None:
            row["question"] = self._question_json(self.question)
        if fills := self.fills():
            row["fills"] = [
                self._fill_json(inputs, cell) for inputs, cell in zip(self.task.unlabelled, fills, strict=True)
            ]
        return row

    def _fill_json(self, inputs: Sequence[Any], cell: Cell) -> dict[str, Any]:
        """A row, what is filled in there (null where nothing is), its confidence, and other values with their shares of belief."""
        t = self.task.output_type
        return {
            "inputs": [value_to_json(v, p) for v, p in zip(inputs, self.task.parameters, strict=True)],
            "output": None if cell.value is UNDEFINED else value_to_json(cell.value, t),
            "confidence": round(cell.confidence, 4),
            "others": [{"output": value_to_json(v, t), "share": round(share, 4)} for v, share in cell.others],
        }

    def _question_json(self, question: Question) -> dict[str, Any]:
        """Inputs and answers as in a task's JSON; an undefined answer is null."""
        t = self.task.output_type
        return {
            "inputs": [value_to_json(v, p) for v, p in zip(question.inputs, self.task.parameters, strict=True)],
            "answers": [
                {
                    "output": None if output is UNDEFINED else value_to_json(output, t),
                    "share": round(share, 4),
                    "program": str(program),
                }
                for output, share, program in question.answers
            ],
        }

    def _program_json(self, solution: Solution) -> dict[str, Any]:
        row: dict[str, Any] = {"text": str(solution), "size": solution.size, "logprob": solution.logprob}
        if self.ranking is not None:
            row["confidence"] = round(solution.confidence, 4)
        if source := self.source(solution):
            row["source"] = source
        for form in ("smtlib", "python") if self.task.grammar is not None else ("python",):
            code = self.export(solution, form)
            if code is not None:
                row[form] = code
        if solution.test_accuracy is not None:
            row["test_accuracy"] = solution.test_accuracy
        return row

    def export(self, solution: Solution, exporter: str) -> str | None:
        """The solution in an exporter's form (``python``, ``smtlib`` …), or None where it has none there.

        An exporter with a bug costs its own form: the log says what to report.

        Raises:
            UnknownNameError: for an unknown exporter.
        """
        from neurosynth.export.base import ExportError

        chosen = load("exporters", exporter)()
        try:
            return str(chosen.export(solution.program, self.task))
        except ExportError:
            return None
        except Exception as error:  # of a plugin, or ours: the program was found, and has other forms
            said = f"{type(error).__name__}: {error}"
            _log.warning("exporter %r failed on %s: %s; please report it", exporter, solution.program, said)
            return None
