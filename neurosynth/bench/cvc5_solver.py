"""cvc5 as a solver, by its Python API: tasks are sent in SyGuS-IF version 2, and answers are verified here."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from neurosynth.bench.answers import checked, no_program
from neurosynth.engine.limits import peak_memory_mb
from neurosynth.errors import InputError, NeurosynthError
from neurosynth.extras import require
from neurosynth.search.base import Limits, Stats, StopReason
from neurosynth.synthesize import Result
from neurosynth.tasks.guess import guess_language
from neurosynth.tasks.sygus_writer import to_sygus
from neurosynth.tasks.task import Task

__all__ = ["Cvc5"]


@dataclass(frozen=True, kw_only=True)
class Cvc5:
    """The SMT solver's enumerative synthesis (Reynolds et al., CAV 2019), with its default options.

    Its candidates are not comparable: ``programs_tried`` stays 0.

    Raises:
        InputError: if it is not installed.
    """

    language: str | None = None
    name: str = "cvc5"
    own_limits: bool = False

    def __post_init__(self) -> None:
        require("bench", "solver 'cvc5'")

    @property
    def settings(self) -> Mapping[str, str]:
        """It uses neither a guide nor a search of this project."""
        return {"guide": "", "search": ""}

    def prepare(self, language: str) -> None:
        """Import it."""
        import cvc5  # noqa: F401  for its own sake

    def solve(self, task: Task, limits: Limits, seed: int) -> Result:
        """The verified answer of cvc5 within its time.

        Raises:
            InputError: for a task that SyGuS-IF cannot express, or an invalid answer.
        """
        text = to_sygus(task)
        language = self.language or task.language or guess_language(task)
        started = time.perf_counter()
        answer = ask(text, limits.seconds, seed)
        left = limits.seconds - (time.perf_counter() - started)
        if (
            "fail" in answer and left > 0.05 * limits.seconds
        ):  # it gave up early: only its general algorithm detects infeasible tasks
            answer = ask(text, left, seed, incremental=True)
        stats = Stats(seconds=time.perf_counter() - started, peak_memory_mb=peak_memory_mb())
        deferred = stats.seconds > 1.05 * limits.seconds  # it checks its clock only now and then
        if "define-fun" in answer and not deferred:
            return checked(answer, task, language, self.name, stats)
        if "infeasible" in answer:
            return no_program(task, language, StopReason.EXHAUSTED, stats)
        if stats.seconds >= 0.95 * limits.seconds:
            return no_program(task, language, StopReason.TIME, stats)
        raise InputError(
            f"cvc5 gave up after {stats.seconds:.1f} s of {limits.seconds:g}: {answer.strip() or 'no answer'}"
        )


def ask(text: str, seconds: float, seed: int, *, incremental: bool = False) -> str:
    """The output of cvc5 for a SyGuS-IF file.

    Incremental solving is the default of its library (not of its program), and disables its methods for examples.

    Raises:
        NeurosynthError: if cvc5 refuses the file.
    """
    import cvc5

    terms = cvc5.TermManager()
    solver = cvc5.Solver(terms)
    solver.setOption("sygus", "true")
    solver.setOption("incremental", str(incremental).lower())
    solver.setOption("tlimit-per", str(max(1, round(seconds * 1000))))  # limit for each query: the file has one
    solver.setOption("seed", str(seed))
    symbols = cvc5.SymbolManager(terms)
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SYGUS_2_1, text, "task")
    said = []
    try:
        while not (command := parser.nextCommand()).isNull():
            said.append(str(command.invoke(solver, symbols) or ""))
    except RuntimeError as error:  # its own exceptions, and those of its parser
        raise NeurosynthError(f"cvc5 refuses the task: {' '.join(str(error).split())}") from error
    return "".join(said)
