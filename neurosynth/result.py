"""The result of a search: programs and their quality, statistics, and why the search ended."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from neurosynth import notebook
from neurosynth.advice import Findings, GuideReport
from neurosynth.advice import shown as said
from neurosynth.errors import NeurosynthError
from neurosynth.explain import Explanation, explain
from neurosynth.export.base import Exporter, ExportError
from neurosynth.language.evaluate import Evaluator, evaluate
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.plugins import load
from neurosynth.ranking.agreement import Ranking, read_inputs
from neurosynth.ranking.cells import Cells, FilledCell
from neurosynth.ranking.confidence import GUESS
from neurosynth.ranking.evidence import Evidence
from neurosynth.ranking.questions import Question
from neurosynth.search.base import Limits, Stats, StopReason
from neurosynth.tasks.checking import failing
from neurosynth.tasks.json_io import value_to_json
from neurosynth.tasks.task import Task
from neurosynth.values.frozen import show

__all__ = ["Asked", "Result", "Solution", "WrongRow", "exported"]

_NEAR = 3
"""Minimum number of examples for which a program that is right on all but one says something about that one."""

_log = logging.getLogger(__name__)

_HTML_ROWS = 12
_HTML_PROGRAMS = 5


@dataclass(frozen=True, slots=True)
class Solution:
    """A program with its scores; call it like a function."""

    program: Program
    logprob: float | None
    """Natural logarithm of the guide's probability of the program; None if the grammar does not derive it."""
    share: float
    """Share of the task's examples on which it is right, 0 to 1."""
    test_accuracy: float | None = None
    """Share of the held-out examples on which it is right; None if the task has none."""
    belief: float = 0.0
    """Share of the mass of all candidates that behave like it on unseen inputs, 0 to 1."""
    confidence: float = 0.0
    """Probability that it is right on every other input, too, 0 to 1: calibrated for the first solution; the others share the rest."""

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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was answered, and the effect of the answer."""

    question: Question
    answer: Any
    changed: int
    """Number of rows of the task without outputs for which the best program has another value than before the answer."""
    rows: int
    """Number of rows of the task without outputs."""

    def __str__(self) -> str:
        if not self.rows:
            return "the answer is one more example"
        return f"the answer changed {self.changed:,} of {self.rows:,} rows without outputs"


@dataclass(frozen=True, slots=True)
class WrongRow:
    """An example that a program contradicts."""

    example: int
    """Its index among the task's examples, from 0."""
    inputs: tuple[Any, ...]
    output: Any
    """The output of the example."""
    gives: Any
    """The program's value; ``UNDEFINED`` if it has none."""

    def __str__(self) -> str:
        gives = "nothing" if self.gives is UNDEFINED else show(self.gives)
        return f"example {self.example + 1} ({', '.join(map(show, self.inputs))}) is {show(self.output)}, the program gives {gives}"


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of :func:`synthesize`: solutions, best first, and statistics. It prints itself with one line per program."""

    task: Task
    language: Language
    stop: StopReason
    solutions: tuple[Solution, ...] = ()
    stats: Stats = field(default_factory=Stats)
    trace: tuple[dict[str, Any], ...] = ()
    """One row per cost level, or per round of decoding."""
    findings: Findings | None = None
    """The facts behind :meth:`explain`; None if another tool solved the task."""
    closest: Solution | None = None
    """The program that is right on most examples, if none is right on all."""
    near: Solution | None = None
    """A program right on all examples but one that is simpler than the first solution, which tells cases apart for that one or has a part
    that it alone needs."""
    confidence: float = 0.0
    """Probability that the first program is right on every other input, 0 to 1; calibrated (docs/trust.md)."""
    evidence: Evidence | None = None
    """The evidence for the confidence; None without a solution, or if another tool solved the task."""
    ranking: Ranking | None = None
    """All solutions that behave differently, best first; None without a solution, or if another tool solved the task."""
    question: Question | None = None
    """The input whose output would resolve most doubt between the solutions; None if they agree."""
    asked: tuple[Asked, ...] = ()
    """The questions that were answered (:func:`neurosynth.questions.settle`)."""
    guide: str = "uniform"
    guide_notes: tuple[str, ...] = ()
    """One sentence for each guide that was wanted and could not be used, with the reason."""
    search: str = "auto"
    by_chance: bool = False
    """Whether the first program may be coincidental: the outputs contain little information, and very many programs were compared."""

    @property
    def solved(self) -> bool:
        """Whether a program is right on every example, except for up to ``Task.noise`` wrong ones."""
        return bool(self.solutions)

    @property
    def wrong(self) -> tuple[WrongRow, ...]:
        """The examples considered wrong, if ``Task.noise`` allows some: those with another output than the first solution gives."""
        return wrong_rows(self.task, self.solutions[0]) if self.solutions else ()

    @property
    def near_miss(self) -> tuple[Solution, WrongRow] | None:
        """A program that is right on all examples but one, and that example; None without such a program, with fewer than three examples, and
        for a constant."""
        near = self.near if self.solutions else self.closest
        if near is None or len(self.task.examples) < _NEAR or not read_inputs(near.program):
            return None
        wrong = wrong_rows(self.task, near)
        return (near, wrong[0]) if len(wrong) == 1 else None

    @property
    def nearest(self) -> Solution | None:
        """The program that is closest, if it is right on some example: a program that is right on none tells a person nothing."""
        return self.closest if self.closest is not None and self.closest.share > 0 else None

    @property
    def best(self) -> Solution:
        """The first solution.

        Raises:
            NeurosynthError: if there is none; the message says why the search stopped, and what to change.
        """
        if not self.solutions:
            near = f"; closest: {self.nearest}, in Result.closest" if self.nearest is not None else ""
            raise NeurosynthError(f"no program found for task {self.task.name!r}: {self.advice}{near}")
        return self.solutions[0]

    @property
    def advice(self) -> str:
        """Why the search ended, and what to change; if the machine was busy, how little processor time the search had."""
        return f"{self.stop.advice} {self.busy}".rstrip() if self.stop is StopReason.TIME else self.stop.advice

    @property
    def busy(self) -> str:
        """How little processor time the search had, if other work kept the machine busy; empty otherwise."""
        used, wall = self.stats.processor_seconds, self.stats.wall_seconds
        if not self.stats.waited or used is None or wall is None:
            return ""
        return f"The machine was busy: the search had {used:.1f} s of processor time in {wall:.0f} s."

    @property
    def guess(self) -> bool:
        """Whether there is a program that is more likely wrong than right on other inputs."""
        return self.solved and self.ranking is not None and self.confidence < GUESS

    def cells(self) -> Cells:
        """The estimator of the confidence of each cell that the first program fills; there must be a program."""
        ranking = self.ranking or Ranking.unjudged([s.program for s in self.solutions])
        return Cells(self.task, ranking, self.confidence)

    def fills(self) -> tuple[FilledCell, ...]:
        """The values of the first program for the task's unlabelled rows, each with its confidence; none if there is no program."""
        if not self.solved:
            return ()
        cells, evaluator = self.cells(), Evaluator()
        runs = [evaluator.function(p) for p in cells.programs]
        return tuple(cells.of(r, [run(tuple(r)) for run in runs]) for r in self.task.unlabelled)

    def __str__(self) -> str:
        tried = f"{self.stats.programs_tried:,} programs, {self.stats.seconds:.2f} s"
        tail = f"{tried} · guide {self.guide} · search {self.search}"
        if not self.solutions:
            near = ""
            if self.nearest is not None:
                near = f"closest {self.nearest}, right on {self.nearest.share:.0%} of the examples · "
            head = f"no program after {tail} · {near}{self.advice}"
            return "\n".join([head, *self.guide_notes])
        first, *others = self.solutions
        wrong = [f"considered wrong: {row}" for row in self.wrong]
        doubt = f"a guess, confidence {self.confidence:.0%} · " if self.guess else ""
        return "\n".join([f"{doubt}{first} · solved after {tail}", *map(str, others), *wrong, *self.guide_notes])

    def _repr_html_(self) -> str:
        """For notebooks: the examples with the program's values, the program, and its code a click away."""
        shown = self.solutions[0] if self.solutions else self.nearest
        task = self.task
        names = [task.input_names[i] if i < len(task.input_names) else f"x{i}" for i in range(task.arity)]
        examples = task.examples[:_HTML_ROWS]
        wrong = set(failing(shown.program, examples)) if shown is not None else set()
        rows = []
        for at, e in enumerate(examples):
            values = zip([*e.inputs, e.output], [*task.parameters, task.output_type], strict=True)
            cells = [notebook.text(said(v, t)) for v, t in values]
            if shown is not None:
                given = f"<td class={'bad' if at in wrong else 'in'}>{notebook.text(said(shown(*e.inputs), task.output_type))}</td>"
                cells.append(given)
            rows.append(cells)
        heads = [*names, "wanted", *(["given"] if shown is not None else [])]
        lead = f"<p>{notebook.text(str(self).splitlines()[0])}</p>"
        parts = [notebook.table(heads, rows), lead]
        for solution in self.solutions[:_HTML_PROGRAMS]:
            forms = {"Python": self.export(solution, "python"), "SMT-LIB": self.export(solution, "smtlib")}
            codes = {name: code for name, code in forms.items() if code is not None}
            parts.append(f"<pre>{notebook.text(solution)}</pre>{notebook.code_tabs(codes)}")
        return notebook.block(*parts)

    def explain(self) -> Explanation:
        """Explains how the search ended: who found what, what was ruled out, what was close, what could be changed."""
        return explain(self.findings or self.plain_findings(Limits(seconds=max(self.stats.seconds, 1e-9))))

    def plain_findings(self, limits: Limits) -> Findings:
        """The facts about a result of another tool, or of a search that was ended from outside."""
        return Findings(
            task=self.task,
            search=self.search,
            stop=self.stop,
            limits=limits,
            stats=self.stats,
            programs=tuple(s.program for s in self.solutions),
            closest=self.closest.program if self.closest is not None else None,
            guide=GuideReport(name=self.guide),
            confidence=self.confidence,
            question=self.question,
        )

    def source(self, solution: Solution) -> str:
        """The strategy that found a solution; empty if unknown."""
        return self.findings.sources.get(solution.program, "") if self.findings is not None else ""

    def to_json(self) -> dict[str, Any]:
        """The object that ``solve --json`` prints; ``question`` is present if the programs disagree, ``by_chance`` if it is true,
        ``fills`` if the task has unlabelled rows, and ``closest`` if no program is right on every example."""
        row: dict[str, Any] = {
            "task": self.task.name,
            "language": self.language.name,
            "stop": self.stop.value,
            "programs": [self._program_json(s) for s in self.solutions],
            "stats": self.stats.as_dict(),
        }
        if wrong := self.wrong:
            row["wrong"] = [self._wrong_json(w) for w in wrong]
        if (miss := self.near_miss) is not None:
            row["near_miss"] = {"text": str(miss[0]), **self._wrong_json(miss[1])}
        if self.closest is not None:
            row["closest"] = {"text": str(self.closest), "share": round(self.closest.share, 4)}
        row["sources"] = {name: use.as_dict() for name, use in self.explain().uses.items()}
        row["trace"] = list(self.trace)
        if self.guide_notes:
            row["guide_notes"] = list(self.guide_notes)
        if self.by_chance:
            row["by_chance"] = True
        if self.asked:
            row["asked"] = [self._asked_json(a) for a in self.asked]
        if self.solved and self.ranking is not None:
            row.update(confidence=round(self.confidence, 4), guess=self.guess)
        if self.question is not None:
            row["question"] = self._question_json(self.question)
        if fills := self.fills():
            row["fills"] = [
                self._fill_json(inputs, cell) for inputs, cell in zip(self.task.unlabelled, fills, strict=True)
            ]
        return row

    def _fill_json(self, inputs: Sequence[Any], cell: FilledCell) -> dict[str, Any]:
        """A row, its filled value (null if there is none), its confidence, and other values with their shares of belief."""
        t = self.task.output_type
        return {
            "inputs": [value_to_json(v, p) for v, p in zip(inputs, self.task.parameters, strict=True)],
            "output": None if cell.value is UNDEFINED else value_to_json(cell.value, t),
            "confidence": round(cell.confidence, 4),
            "others": [{"output": value_to_json(v, t), "share": round(share, 4)} for v, share in cell.others],
        }

    def _question_json(self, question: Question) -> dict[str, Any]:
        """Inputs and answers as in a task's JSON, with null for an undefined answer; ``row`` is the index among the ``unlabelled``
        rows."""
        t = self.task.output_type
        return {
            "inputs": self._inputs_json(question.inputs),
            "answers": [
                {
                    "output": None if output is UNDEFINED else value_to_json(output, t),
                    "share": round(share, 4),
                    "program": str(program),
                }
                for output, share, program in question.answers
            ],
            **({} if question.row is None else {"row": question.row}),
        }

    def _asked_json(self, asked: Asked) -> dict[str, Any]:
        output = value_to_json(asked.answer, self.task.output_type)
        inputs = self._inputs_json(asked.question.inputs)
        return {"inputs": inputs, "output": output, "changed": asked.changed, "rows": asked.rows}

    def _wrong_json(self, wrong: WrongRow) -> dict[str, Any]:
        t = self.task.output_type
        gives = None if wrong.gives is UNDEFINED else value_to_json(wrong.gives, t)
        inputs = self._inputs_json(wrong.inputs)
        return {"example": wrong.example, "inputs": inputs, "output": value_to_json(wrong.output, t), "gives": gives}

    def _inputs_json(self, inputs: Sequence[Any]) -> list[Any]:
        return [value_to_json(v, p) for v, p in zip(inputs, self.task.parameters, strict=True)]

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

    def export(self, solution: Solution, exporter: Exporter | str) -> str | None:
        """The solution in the form of an exporter or of the one of that name (``python``, ``smtlib`` …), or None if it cannot be
        expressed. A bug in an exporter affects only its own form; the log says what to report.

        Raises:
            UnknownNameError: for an unknown exporter.
        """
        return exported(solution.program, self.task, exporter)


def exported(program: Program, task: Task, exporter: Exporter | str) -> str | None:
    """A program for a task in the form of an exporter; see :meth:`Result.export`.

    Raises:
        UnknownNameError: for an unknown exporter.
    """
    chosen = load("exporters", exporter)() if isinstance(exporter, str) else exporter
    try:
        return str(chosen.export(program, task))
    except ExportError:
        return None
    except Exception as error:  # a bug of a plugin or of neurosynth: the program was found, and has other forms
        said = f"{type(error).__name__}: {error}"
        name = exporter if isinstance(exporter, str) else exporter.name
        _log.warning("exporter %r failed on %s: %s; please report it", name, program, said)
        return None


def wrong_rows(task: Task, solution: Solution) -> tuple[WrongRow, ...]:
    """The examples of a task that a solution contradicts, with its values."""
    if solution.matches:
        return ()
    rows = ((i, task.examples[i]) for i in failing(solution.program, task.examples))
    return tuple(WrongRow(i, e.inputs, e.output, solution(*e.inputs)) for i, e in rows)
