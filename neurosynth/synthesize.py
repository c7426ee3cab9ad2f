"""From a task to a ranked result: the one place that knows task, guide and search together."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from neurosynth.engine.limits import memory_mb
from neurosynth.errors import InputError, NeurosynthError, PrimitiveBug
from neurosynth.guide_resolution import GuideResolution, resolve_guide
from neurosynth.guides.base import RuleGuide, SequenceGuide, WeightedGrammar
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.guides.uniform import uniform
from neurosynth.language.evaluate import Evaluator, evaluate
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.overrun import Overrun, watched
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.plugins import load, ships
from neurosynth.ranking.agreement import Question, rank_by_agreement
from neurosynth.search.base import Limits, Outcome, Progress, Search, SearchRequest, Stats, StopReason
from neurosynth.tasks.checking import share_right
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.guess import guess_language
from neurosynth.tasks.json_io import value_to_json
from neurosynth.tasks.task import Task
from neurosynth.values.registry import domain_of

__all__ = ["Result", "Solution", "chosen_language", "load_language", "outputs", "share_right", "synthesize"]

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
    """One row a cost level."""
    closest: Solution | None = None
    """The program right on most examples, when none is right on all."""
    confidence: float = 0.0
    """Share of the mass of all programs found that does what the first does on unseen inputs, 0 to 1."""
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
        return "\n".join([f"{first} · solved after {tail}", *map(str, others), *self.guide_notes])

    def to_json(self) -> dict[str, Any]:
        """The object ``solve --json`` prints; ``confidence`` and ``question`` are there where the programs disagree, ``by_chance``
        where it is true."""
        row: dict[str, Any] = {
            "task": self.task.name,
            "language": self.language.name,
            "stop": self.stop.value,
            "programs": [self._program_json(s) for s in self.solutions],
            "stats": self.stats.as_dict(),
        }
        if self.guide_notes:
            row["guide_notes"] = list(self.guide_notes)
        if self.by_chance:
            row["by_chance"] = True
        if self.question is not None:
            row.update(confidence=round(self.confidence, 4), question=self._question_json(self.question))
        return row

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


def synthesize(
    task: Task,
    language: Language | str | None = None,
    *,
    guide: RuleGuide | SequenceGuide | str | None = None,
    search: Search | str | None = None,
    limits: Limits | None = None,
    top: int = 1,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
) -> Result:
    """Search for programs that give the output of every example of ``task``.

    Args:
        task: the examples.
        language: an object, the name of a plugin, or None for the task's own, else one guessed from the types.
        guide: an object, ``"uniform"``, the name of a plugin, the file of a trained guide, or None for ``"auto"``: the best
            trained guide there is for the language, asked once the easy programs were tried.
        search: an object, the name of a plugin, or None for ``"auto"``.
        limits: seconds, programs, gigabytes; by default 10 s and 4 GB.  Where the process holds more than half of the gigabytes
            already, the search may take that half on top.
        top: how many semantically distinct programs are wanted.
        seed: for searches that draw at random.
        progress: called about ten times a second with a snapshot.

    A primitive that loops or sleeps beyond the limit is ended (:mod:`neurosynth.language.overrun` says which can be;
    :func:`neurosynth.apart.synthesize_apart` ends all of them).

    Raises:
        InputError: for an unknown name, a language that makes no value of the wanted type, or a guide that cannot guide
            this search or this task.
        PrimitiveBug: when a primitive does what it did not declare; its ``result`` is what was found by then.
    """
    if top < 1:
        raise InputError(f"top is {top}; allowed: a positive number")
    chosen = chosen_language(task, language)
    searcher = load("searches", search or "auto")() if search is None or isinstance(search, str) else search
    grammar = task_grammar(task, chosen)
    given = _with_room(limits or Limits())
    resolution = resolve_guide(guide, task, chosen, grammar, searcher)
    left = given.seconds - resolution.seconds
    request = SearchRequest(
        task=resolution.task,
        grammar=resolution.grammar,
        limits=replace(given, seconds=max(left, _LEAST)),
        top=top,
        seed=seed,
        progress=progress,
        weighted=resolution.weighted,
        deferred=resolution.deferred,
        sequence=resolution.sequence,
        language=chosen,
    )
    own = ships("languages", chosen.name, chosen)  # budgets bound what its primitives take
    begun = time.perf_counter()
    with watched(None if own else request.limits.seconds) as watch:
        outcome = searcher.run(request) if own else _run(searcher, request)
    if watch.fired and outcome.stop is StopReason.INTERRUPTED:
        outcome.stop = StopReason.SOLVED if outcome.programs else StopReason.TIME
    outcome = _with_guide(outcome, resolution)
    spared = request.limits.seconds - (time.perf_counter() - begun)
    weighted = outcome.weighted or resolution.weighted or uniform(grammar)
    try:
        with watched(None if own else max(spared, 0.0)):
            judged = _judged(outcome, task, weighted, searcher.name, top=top, seed=seed)
    except (PrimitiveBug, Overrun) as error:  # on inputs that the search did not look at
        if isinstance(error, PrimitiveBug):
            outcome.bug = outcome.bug or error
        judged = _unjudged(outcome, weighted, top)
    result = Result(
        task=task,
        language=chosen,
        stop=outcome.stop,
        stats=outcome.stats,
        trace=tuple(outcome.trace),
        guide=resolution.said(asked=outcome.weighted is not None, failed=_failure(outcome)),
        guide_notes=resolution.noted(_failure(outcome)),
        search=searcher.name,
        **judged,
    )
    if outcome.bug is not None:
        outcome.bug.result = result
        raise outcome.bug
    return result


def _run(searcher: Search, request: SearchRequest) -> Outcome:
    """The outcome of a search that a primitive may break out of: then what the search last said of itself."""
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


def _judged(
    outcome: Outcome, task: Task, weighted: WeightedGrammar, search: str, *, top: int, seed: int
) -> dict[str, Any]:
    """What a result says of the programs found: verified, ranked, compared on other inputs."""
    right = _checked(outcome, task, search)
    ranking = rank_by_agreement(task, right, guide_proposed=outcome.guide_proposed, seed=seed)
    solutions = tuple(_solution(p, task, weighted) for p in ranking.programs[:top])
    closest = None
    if not solutions and outcome.closest is not None:
        closest = _solution(outcome.closest, task, weighted)
    return {
        "solutions": solutions,
        "closest": closest,
        "confidence": ranking.confidence,
        "question": ranking.question,
        "by_chance": bool(solutions) and solutions[0].program in outcome.suspects.difference(outcome.guide_proposed),
    }


def _unjudged(outcome: Outcome, weighted: WeightedGrammar, top: int) -> dict[str, Any]:
    """The same in the order in which the search found them, without running them once more."""
    solutions = tuple(Solution(p, derivation_logprob(weighted, p), 1.0) for p in outcome.programs[:top])
    closest = None
    if not solutions and outcome.closest is not None:
        closest = Solution(outcome.closest, derivation_logprob(weighted, outcome.closest), outcome.closest_share)
    return {"solutions": solutions, "closest": closest}


def _with_room(limits: Limits) -> Limits:
    """The limits, memory raised where the process (a notebook with its data) holds more than half of it already."""
    return replace(limits, max_memory=max(limits.max_memory, memory_mb() / 1000 + limits.max_memory / 2))


_LEAST = 0.01
"""Seconds left to a search whose guide took all of them: what the guide found still comes through."""


def _with_guide(outcome: Outcome, resolution: GuideResolution) -> Outcome:
    """The outcome with what the guide took and found before the search began."""
    stats, weighted = outcome.stats, resolution.weighted
    tried = weighted.tried if weighted is not None else 0
    found = weighted.found if weighted is not None else ()
    stats.seconds += resolution.seconds
    stats.guide_seconds += resolution.seconds
    stats.programs_tried += tried
    if found:
        stats.first_solved = tried
        outcome.programs += [p for p in found if p not in outcome.programs]
        if outcome.stop is not StopReason.INTERRUPTED:
            outcome.stop = StopReason.SOLVED
    elif stats.first_solved is not None:
        stats.first_solved += tried
    return outcome


def _failure(outcome: Outcome) -> str:
    """Why a deferred guide could not answer; empty where it could, or was not asked."""
    return next((str(row["error"]) for row in outcome.trace if "guide" in row and "error" in row), "")


def chosen_language(task: Task, language: Language | str | None) -> Language:
    """The language of a search: the one given, else the task's own, else by its types.

    Raises:
        InputError: for an unknown name.
    """
    if isinstance(language, Language):
        return language
    return load_language(language or task.language or guess_language(task))


def _checked(outcome: Outcome, task: Task, search: str) -> list[Program]:
    """The programs that the reference semantics finds right on every example: a search is never taken at its word."""
    right = [p for p in outcome.programs if share_right(p, task.examples) == 1.0]
    if outcome.programs and not right:
        claimed = outcome.programs[0]
        raise NeurosynthError(
            f"search {search!r} calls {claimed} a solution of task {task.name!r}, but it is right on only "
            f"{share_right(claimed, task.examples):.0%} of the examples: a bug of the search or of a kernel; please report it"
        )
    return right


def _solution(program: Program, task: Task, weighted: WeightedGrammar) -> Solution:
    tested = share_right(program, task.test_examples) if task.test_examples else None
    return Solution(program, derivation_logprob(weighted, program), share_right(program, task.examples), tested)


def outputs(program: Program, rows: Iterable[Sequence[Any]]) -> list[Any]:
    """The program's values on rows of inputs, lists as lists, ``UNDEFINED`` where it has none."""
    function = Evaluator().function(program)
    thaw = domain_of(program.type).thaw
    return [value if value is UNDEFINED else thaw(value) for value in (function(tuple(row)) for row in rows)]
