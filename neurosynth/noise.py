"""Examples that may be wrong: the search finds a program that is right on all except a few of them, which are reported.

Of ``n + 1`` groups of the examples, one does not contain any of ``n`` wrong ones, so that a search for each group alone finds the rule
of the clean rows. A program from a group that is wrong on few enough of all examples identifies those; the search then runs again on
all others. The shortest description wins: a program together with the wrong outputs (Rissanen, Automatica 1978), so that a rule for one
odd row must be shorter than the row.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Constant, Program
from neurosynth.ranking.agreement import cases
from neurosynth.ranking.bits import BitsConfig, plain_bits, program_bits
from neurosynth.ranking.near_parts import one_typo
from neurosynth.result import Result
from neurosynth.search.base import Stats, StopReason
from neurosynth.tasks.checking import failing, share_right
from neurosynth.tasks.task import Task, first_contradiction
from neurosynth.values.frozen import typed_key
from neurosynth.work_clock import clock_seconds

__all__ = ["NoiseConfig", "solve_noisy"]

Solve = Callable[[Task, float], Result]
"""From a task and seconds to a result."""


@dataclass(frozen=True, kw_only=True)
class NoiseConfig:
    """Shares of the time, and numbers of searches."""

    exact: float = 0.25
    """Share of the time for a program that is right on every example."""
    group: float = 0.5
    """Share of the rest for the groups, evenly."""
    programs: int = 24
    """Number of programs of a search that are examined."""
    left_out: int = 40
    """Maximum number of sets of examples that are left out one after another if the groups are not enough."""
    left_out_seconds: float = 0.25
    """Maximum share of the rest for each of those."""
    enough: float = 0.5
    """Share of the remaining time from which no more examples are left out if a program was found."""
    explained: int = 4
    """Number of examples that a program without cases must explain before no more are left out."""
    typo: float = 4.0
    """Bits of an output that is one letter or digit away from the program's value: whoever allows for wrong examples expects such ones,
    so that no call of a program explains it better."""


@dataclass
class _Run:
    task: Task
    solve: Solve
    config: NoiseConfig
    deadline: float
    seconds: float
    found: list[tuple[float, Result]] = field(default_factory=list)
    """Results with the length of their description."""
    last: Result | None = None
    stats: Stats = field(default_factory=Stats)
    """Counters of all searches together."""
    interrupted: bool = False
    votes: Counter[int] = field(default_factory=Counter)
    """How often programs from parts of the examples were wrong on each example."""
    tried: set[tuple[int, ...]] = field(default_factory=set)

    @property
    def every(self) -> range:
        """The indices of all examples."""
        return range(len(self.task.examples))

    @property
    def left(self) -> float:
        return self.deadline - clock_seconds()

    @property
    def over(self) -> bool:
        return self.interrupted or self.left <= 0

    def search(self, kept: Sequence[int], seconds: float) -> Result | None:
        """The result for some of the examples, with the inputs of the others as rows without outputs; None if those contradict each
        other, or if time is over."""
        if (self.over and self.last is not None) or first_contradiction(
            [self.task.examples[i] for i in kept]
        ) is not None:
            return None
        others = [e.inputs for i, e in enumerate(self.task.examples) if i not in kept]
        part = replace(
            self.task,
            examples=[self.task.examples[i] for i in kept],
            unlabelled=(*self.task.unlabelled, *others),
            noise=0,
        )
        result = self.solve(part, max(0.01, min(seconds, self.left)))
        self.last = result
        self.stats = self.stats.plus(result.stats)
        self.interrupted = result.stop is StopReason.INTERRUPTED
        return result

    def take(self, result: Result | None) -> None:
        """Determine the examples on which a result's programs are wrong; if there are few enough, search on the others."""
        if result is None:
            return
        programs = result.findings.others if result.findings is not None else ()
        programs += tuple(s.program for s in (*result.solutions, result.closest) if s is not None)
        near = (result.near.program,) if result.near is not None else ()
        for at, program in enumerate((*programs[: self.config.programs], *near)):
            wrong = failing(program, self.task.examples)
            if at == 0:
                self.votes.update(wrong)
            if len(wrong) <= self.task.noise and wrong not in self.tried:
                self.tried.add(wrong)
                again = self.search([i for i in self.every if i not in wrong], self.left / 2)
                if again is not None and again.solutions:
                    self.note(again)

    def note(self, result: Result) -> None:
        """Add a result that is right on enough of the examples."""
        self.found.append((self.length(result), result))

    def length(self, result: Result) -> float:
        """The bits of the best program, and of the outputs on which it is wrong."""
        program = result.solutions[0].program
        function = Evaluator().function(program)
        told = program_bits(program, self.task.examples)
        for i in failing(program, self.task.examples):
            e = self.task.examples[i]
            told += self.config.typo if one_typo(function(e.inputs), e.output) else self._told(i)
        return told

    def _told(self, i: int) -> float:
        """The bits for marking an example as an exception, and its output."""
        return BitsConfig().condition + plain_bits(self.task.examples[i].output)

    def short(self, result: Result) -> bool:
        """Whether no program that leaves an example out can cost less than this one and that output."""
        return program_bits(result.solutions[0].program, self.task.examples) <= min(map(self._told, self.every))

    @property
    def enough(self) -> bool:
        """Whether no further examples need to be left out: a program without cases explains enough examples, or time is short."""
        if not self.found:
            return False
        best = min(self.found, key=lambda f: f[0])[1]
        sure = _general(best) and len(best.task.examples) >= self.config.explained
        return sure or self.left < self.config.enough * self.seconds


def solve_noisy(task: Task, solve: Solve, seconds: float, config: NoiseConfig | None = None) -> Result:
    """The result for a task of whose examples ``task.noise`` may be wrong; ``Result.wrong`` has those that are.

    Args:
        task: with ``noise`` above 0.
        solve: solves a task all of whose examples are right.
        seconds: wall-clock limit of all searches together.
        config: all numbers.
    """
    chosen = config or NoiseConfig()
    run = _Run(task, solve, chosen, clock_seconds() + seconds, seconds)
    exact = run.search(_commonest(task), chosen.exact * seconds)
    assert exact is not None  # the first search always runs, without the contradictory examples
    if exact.solutions:
        run.note(exact)
        run.tried.add(failing(exact.solutions[0].program, task.examples))
    if not _general(exact) or not run.short(exact):
        run.take(exact)
        groups = [list(run.every[at :: task.noise + 1]) for at in range(task.noise + 1)]
        share = chosen.group * run.left / len(groups)
        for group in groups:
            run.take(run.search(group, share))
        for kept in _left_out(run):
            if run.over or run.enough:
                break
            run.take(run.search(kept, chosen.left_out_seconds * run.left))
    elif exact.near is not None:
        run.take(exact)
    return _chosen(run, exact)


def _general(result: Result) -> bool:
    """Whether the best program neither has cases nor lists outputs, and is probably not coincidental."""
    if not result.solutions or result.by_chance:
        return False
    program = result.solutions[0].program
    return cases(program) == 1 and not any(map(_is_table, program.subprograms()))


def _is_table(p: Program) -> bool:
    """Whether a constant is a non-empty list, like the table of a lookup."""
    return isinstance(p, Constant) and isinstance(p.value, tuple) and bool(p.value)


def _commonest(task: Task) -> list[int]:
    """The examples without those that are outvoted by others with the same inputs."""
    outputs: dict[object, Counter[object]] = {}
    for e in task.examples:
        outputs.setdefault(typed_key(e.inputs), Counter())[typed_key(e.output)] += 1
    kept = {inputs: found.most_common(1)[0][0] for inputs, found in outputs.items()}
    return [i for i, e in enumerate(task.examples) if typed_key(e.output) == kept[typed_key(e.inputs)]]


def _left_out(run: _Run) -> Iterator[list[int]]:
    """All except a few of the examples: those on which programs were wrong most often are left out first."""
    suspected = sorted(run.every, key=lambda i: (-run.votes[i], i))
    for out in itertools.islice(itertools.combinations(suspected, run.task.noise), run.config.left_out):
        yield [i for i in run.every if i not in out]


def _chosen(run: _Run, exact: Result) -> Result:
    """The shortest description found, as a result for the whole task."""
    best = min(run.found, key=lambda f: f[0])[1] if run.found else exact
    solutions = tuple(replace(s, share=share_right(s.program, run.task.examples)) for s in best.solutions)
    stop = StopReason.INTERRUPTED if run.interrupted else best.stop
    return replace(best, task=run.task, solutions=solutions, stop=stop, stats=run.stats)
