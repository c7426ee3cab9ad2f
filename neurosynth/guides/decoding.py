"""Decoding under the grammar: the likeliest programs of a sequence guide, greedily or with a beam.

Only tokens with which some program of the grammar continues get probability; the guide's is renormalised over them. Every decoded
program runs on the task's examples.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import overload

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import InputError
from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.prefixes import Extended, PrefixWalk, likeliest
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.grammar import Grammar
from neurosynth.language.program import Program
from neurosynth.tasks.checking import share_right
from neurosynth.tasks.task import Task
from neurosynth.work_clock import clock_seconds

__all__ = [
    "MAX_TOKENS",
    "Decoded",
    "DecodingReport",
    "beam",
    "decoded_weight",
    "greedy",
    "program_logprobs",
    "report",
]

MAX_TOKENS = 32
"""Default for the maximum number of tokens of a decoded program."""
_SIZE = 10_000
"""Maximum number of elements of a value that a decoded program computes, or twice that of the largest value in the examples."""


def checking_budget(task: Task) -> Budget:
    """Budget of a decoded program on one example; beyond it, its value is undefined and therefore not right. Integers are limited to
    machine words, as in search. A program with nested repetitions takes as long as its budget allows.
    """
    values = (v for e in task.examples for v in (*e.inputs, e.output))
    largest = max((len(v) for v in values if isinstance(v, (str, tuple))), default=0)
    return Budget(steps=50_000, size=max(_SIZE, 2 * largest), bits=62)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A program that a guide generated."""

    program: Program
    logprob: float
    """Natural log of the probability of its tokens under the mask, at temperature 1."""
    tokens: tuple[int, ...]
    """Ids, without START and END."""
    share: float
    """Share of the task's examples on which it is right, 0 to 1."""
    count: int = 1
    """How often it was drawn, for samplers with replacement."""

    @property
    def matches(self) -> bool:
        """Whether every example is right."""
        return self.share == 1.0

    def __str__(self) -> str:
        return str(self.program)


def decoded_weight(logprob: float, share: float) -> float:
    """Natural log of the weight of a decoded program as evidence about the solution, from its log-probability and the share of the
    examples on which it is right. Beams are overconfident, so log-probabilities are halved, and a program that is right on an example
    or two has more weight.
    """
    return logprob / 2 + math.log(0.1 + share)


@dataclass(frozen=True, eq=False)
class DecodingReport(Sequence[Decoded]):
    """Decoded programs, the most probable first, with statistics; prints itself with one line for each program."""

    programs: tuple[Decoded, ...]
    guide: str
    method: str
    seconds: float
    """Seconds from the call to the last program run."""
    whole: bool = True
    """Whether it is everything that was asked for: False if time was up before."""

    @overload
    def __getitem__(self, index: int) -> Decoded: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Decoded]: ...
    def __getitem__(self, index: int | slice) -> Decoded | Sequence[Decoded]:
        return self.programs[index]

    def __iter__(self) -> Iterator[Decoded]:
        return iter(self.programs)

    def __len__(self) -> int:
        return len(self.programs)

    @property
    def best(self) -> Decoded | None:
        """The most probable program that is right on every example, or None."""
        return next((d for d in self.programs if d.matches), None)

    @property
    def solved(self) -> bool:
        """Whether some program is right on every example."""
        return self.best is not None

    @property
    def candidates_per_second(self) -> float:
        """Distinct programs decoded and run on the examples, per second."""
        return len(self.programs) / self.seconds if self.seconds > 0 else 0.0

    def __str__(self) -> str:
        right = sum(d.matches for d in self.programs)
        head = (
            f"{len(self.programs):,} programs, {right:,} right on every example · {self.method} · guide {self.guide} · "
            f"{self.seconds:.2f} s, {self.candidates_per_second:,.0f} programs/s"
        )
        return "\n".join([head, *(f"{d.logprob:9.3f}  {d.share:4.0%}  {d}" for d in self.programs)])


@dataclass(slots=True)
class Found:
    """Whole programs so far: tokens with their log-probability and how often each was drawn."""

    logprobs: dict[tuple[int, ...], float] = field(default_factory=dict)
    counts: dict[tuple[int, ...], int] = field(default_factory=dict)

    def add(self, extended: Extended, logprobs: NDArray[np.float64], counts: NDArray[np.int64] | None = None) -> None:
        """Add the whole programs of a step; ``logprobs`` and ``counts`` (B',) cover all its prefixes."""
        for i in np.flatnonzero(extended.whole).tolist():
            tokens = tuple(extended.tokens[i].tolist())
            self.logprobs[tokens] = float(logprobs[i])
            self.counts[tokens] = self.counts.get(tokens, 0) + (1 if counts is None else int(counts[i]))

    def best(self, count: int) -> list[tuple[int, ...]]:
        """The most probable, equal ones in the order of their tokens."""
        return sorted(self.logprobs, key=lambda tokens: (-self.logprobs[tokens], tokens))[:count]


def report(
    walk: PrefixWalk,
    found: Found,
    chosen: Sequence[tuple[int, ...]],
    method: str,
    start: float,
    deadline: float = math.inf,
) -> DecodingReport:
    """Run the chosen programs on the examples; ``start`` is the start of decoding, by ``clock_seconds``. Programs that have not run by
    the ``deadline`` are left out.
    """
    evaluator = Evaluator(checking_budget(walk.task), deadline=deadline)
    rows = []
    for tokens in chosen:
        program = walk.program(tokens)
        share = share_right(program, walk.task.examples, evaluator)
        if clock_seconds() > deadline:
            break
        rows.append(Decoded(program, found.logprobs[tokens], tokens, share, found.counts[tokens]))
    now = clock_seconds()
    return DecodingReport(tuple(rows), walk.guide.name, method, now - start, whole=now <= deadline)


def greedy(guide: SequenceGuide, task: Task, grammar: Grammar, *, max_tokens: int = MAX_TOKENS) -> DecodingReport:
    """One program: the likeliest completable token at each step. Raises: InputError: if the grammar's shortest program has more than
    ``max_tokens`` tokens.
    """
    return _beam(guide, task, grammar, 1, max_tokens, "greedy")


def beam(
    guide: SequenceGuide,
    task: Task,
    grammar: Grammar,
    *,
    width: int = 10,
    max_tokens: int = MAX_TOKENS,
    deadline: float = math.inf,
) -> DecodingReport:
    """Up to ``width`` programs: the ``width`` likeliest prefixes are kept at each step, and of whole programs the best.

    A width of 1 is greedy decoding. With a width of at least the number of programs within ``max_tokens``, it finds them all. At the
    ``deadline`` (by ``clock_seconds``) decoding ends, and the programs that have run by then are returned.

    Raises:
        InputError: for a width below 1, or if the grammar's shortest program has more than ``max_tokens`` tokens.
    """
    if width < 1:
        raise InputError(f"beam width is {width}; allowed: 1 or more")
    return _beam(guide, task, grammar, width, max_tokens, f"beam {width}", deadline)


def _beam(
    guide: SequenceGuide,
    task: Task,
    grammar: Grammar,
    width: int,
    max_tokens: int,
    method: str,
    deadline: float = math.inf,
) -> DecodingReport:
    start = clock_seconds()
    walk = PrefixWalk(guide, task, grammar, max_tokens)
    found = Found()
    prefixes = walk.root()
    worst = -np.inf  # log-probability of the width-th best whole program
    while len(prefixes) and clock_seconds() < deadline:
        scores = prefixes.logprobs[:, None] + walk.next_logprobs(prefixes)
        parents, tokens, values = likeliest(scores, width, worst)
        if not len(parents):
            break
        extended = walk.extend(prefixes, parents, tokens, values)
        found.add(extended, values)
        if len(found.logprobs) >= width:
            worst = np.partition(np.fromiter(found.logprobs.values(), float), -width)[-width]
        prefixes = extended.live
    return report(walk, found, found.best(width), method, start, deadline)


def program_logprobs(
    guide: SequenceGuide, task: Task, grammar: Grammar, programs: Iterable[Program], *, max_tokens: int = MAX_TOKENS
) -> list[float | None]:
    """Natural log of the probability of given programs under the mask, all in one batch.

    None for a program that the grammar does not derive, that has no token form, or that has more than ``max_tokens``
    tokens: decoding could not generate it.

    Raises: InputError: if the grammar's shortest program has more than ``max_tokens`` tokens.
    """
    walk = PrefixWalk(guide, task, grammar, max_tokens)
    wanted: list[Sequence[int]] = []
    for program in programs:
        try:
            wanted.append(guide.vocabulary.encode(program, walk.grammar.constants))
        except InputError:
            wanted.append(())
    scores: list[float | None] = [None] * len(wanted)
    active = np.array([i for i, tokens in enumerate(wanted) if tokens], dtype=np.int64)
    rows = np.zeros(len(active), dtype=np.int64)  # the prefix of each active program
    totals = np.zeros(len(active))
    prefixes = walk.root()
    step = 0
    while len(active):
        logprobs = walk.next_logprobs(prefixes)
        tokens = np.array([wanted[i][step] for i in active.tolist()], dtype=np.int64)
        allowed = walk.table.masks(prefixes.nodes)[rows, tokens]
        active, rows, tokens = active[allowed], rows[allowed], tokens[allowed]
        totals = totals[allowed] + logprobs[rows, tokens]
        extended = walk.extend(prefixes, rows, tokens, totals)
        for i in np.flatnonzero(extended.whole).tolist():
            scores[int(active[i])] = float(totals[i])
        live = ~extended.whole
        active, totals, prefixes = active[live], totals[live], extended.live
        rows = np.arange(len(active), dtype=np.int64)
        step += 1
    return scores
