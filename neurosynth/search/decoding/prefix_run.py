"""What searches over prefixes share: asking the guide, running whole programs, and choosing the prefixes to extend.

Letters: ``B`` prefixes, ``V`` vocabulary.
"""

from __future__ import annotations

import heapq
import math
import sys
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from neurosynth.engine.limits import memory_mb
from neurosynth.errors import InputError
from neurosynth.guides.decoding import MAX_TOKENS, Decoded, decoded_weight
from neurosynth.guides.prefixes import Pace, Prefixes, PrefixWalk
from neurosynth.search.base import Outcome, SearchRequest
from neurosynth.search.candidates import Candidate, Step, Tried
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.decoding.execution import DEAD, Execution
from neurosynth.search.decoding.joins import Joins
from neurosynth.search.examples import choose_examples
from neurosynth.search.runner import Runner, Status
from neurosynth.work_clock import stopwatch

__all__ = ["Chosen", "Decoding", "MemoryRoom", "PrefixRun", "names"]

TOLD = 16
"""Number of programs between two checks of the clock."""
PARTIAL = 128
"""Number of remembered partial solutions, the most informative ones."""
ALONE, BESIDE = 0.4, 0.15
"""Share of the initially free memory that the guide's states may use: in a search of its own, and alongside another."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Decoding(ABC):
    """A search over prefixes, with the settings that all of them share."""

    max_tokens: int = MAX_TOKENS
    """Maximum number of tokens of a program."""
    prune: bool = True
    """Drop prefixes that no right program continues."""
    merge: bool = True
    """Keep one of several prefixes that lead to the same outputs."""
    examples: int = 5
    """Number of examples on which finished arguments are computed at once; the others follow if two values agree on those."""
    batch: int = 128
    """Number of prefixes that the guide scores at once."""
    policy: PortfolioConfig = field(default_factory=PortfolioConfig)
    """How long to continue after a program was found."""
    needs: Literal["sequence"] = field(default="sequence", init=False)

    def __post_init__(self) -> None:
        for name, least in (("max_tokens", 1), ("examples", 2), ("batch", 1)):
            if getattr(self, name) < least:
                raise InputError(f"{type(self).__name__}: {name} is {getattr(self, name)}; allowed: {least} or more")

    @property
    @abstractmethod
    def name(self) -> str:
        """Its name in results."""

    @abstractmethod
    def body(self, run: PrefixRun) -> Iterator[Step]:
        """The steps of this search for one call."""

    def run(self, request: SearchRequest) -> Outcome:
        """Search until a limit or a solution, or until every program of up to ``max_tokens`` tokens was tried.

        Raises:
            InputError: without a guide of tokens, or when the grammar's shortest program has more than ``max_tokens``.
        """
        run = PrefixRun(self, request, self.name)
        return run.outcome(self.body(run))

    def beside(self, request: SearchRequest, runner: Runner, known: set[bytes]) -> PrefixRun:
        """The same search as a part of another one, which takes its steps one by one from the returned run.

        Args:
            request: with a guide of tokens.
            runner: of the other search, whose clock and limits apply.
            known: names of the prefixes that similar searches have expanded; their continuations are not run again.

        Raises:
            InputError: as :meth:`run`.
        """
        run = PrefixRun(self, request, self.name, runner=runner, known=known)
        run.begin(self.body(run))
        return run


class PrefixRun:
    """One call of a search over prefixes: steps for the runner, computed from the guide's scores of prefixes."""

    def __init__(
        self,
        config: Decoding,
        request: SearchRequest,
        name: str,
        *,
        runner: Runner | None = None,
        known: set[bytes] | None = None,
    ) -> None:
        """``runner`` and ``known`` are given where it is part of another search: see :meth:`Decoding.beside`.

        Raises InputError without a guide of tokens, or where the grammar has no program of so few tokens.
        """
        if request.sequence is None:
            raise InputError(
                f"search {name!r} needs a guide of tokens and has none; name one: a file that 'neurosynth train' wrote for a kind "
                "that gives tokens probabilities, as in --guide FILE"
            )
        self.config, self.request = config, request
        self.runner = runner or Runner(request, policy=config.policy, source=name)
        self.name, self.apart = name, runner is None
        self.room = MemoryRoom(request.limits.max_memory, ALONE if runner is None else BESIDE)
        self.tick = self.runner.tick
        self.pace = Pace(config.batch, self.tick)
        self.walk = PrefixWalk(request.sequence, request.task, request.grammar, config.max_tokens, self.pace)
        self.examples = list(request.task.examples)
        few = choose_examples(self.examples, config.examples)
        rest = sorted(set(range(len(self.examples))) - set(few))
        self.ordered = [self.examples[i] for i in (*few, *rest)]
        self.tokens = 0
        """The strategy of the programs being run."""
        self.phase = ""
        self.kept_before = 0
        self._known: set[bytes] = set() if known is None else known
        self.most_right = -1
        """Number of examples on which the best program is right."""
        self.tried = 0
        """Number of programs run so far."""
        self._told = 0
        """The number of them that the runner knows of."""
        self._partial: list[tuple[float, tuple[int, ...], float, float]] = []
        """A heap of the most informative partial solutions: weight, tokens, log-probability, share of the examples."""
        self.execution = self._execution()
        self._joins: Joins | None = None
        self._body: Iterable[Step] = ()

    def begin(self, body: Iterator[Step]) -> None:
        """Yield the steps of a search."""
        self._body = body

    def outcome(self, body: Iterable[Step]) -> Outcome:
        """Take the steps of a search until it has no more, which means that nothing is left, or until it is stopped."""
        self._body = body
        outcome = self.runner.run(self)
        outcome.stats.guide_seconds = self.pace.seconds
        outcome.stats.programs_tried += self.take_untold()  # programs of a step that a limit cut off
        self._body = ()
        return outcome

    def __iter__(self) -> Generator[Step, None, None]:
        yield from self._body
        yield Tried(self.take_untold())

    def status(self) -> Status:
        """The state of the search."""
        return Status(cost=self.tokens, values_kept=self.kept_before + len(self.execution), phase=self.phase)

    def note_round(self, begun: float, tried: int, **columns: Any) -> None:
        """A row of the trace; ``begun`` and ``tried`` are the clock and the programs tried when the round began."""
        if sys.is_finalizing():
            return  # a round that nobody finished ends with the process, where memory cannot be read
        self.runner.trace.append(
            {
                **({} if self.apart else {"search": self.name}),
                **columns,
                "programs_tried": self.tried - tried,
                "prefixes": self.pace.asked,
                "values_kept": self.kept_before + len(self.execution),
                "seconds": round(stopwatch() - begun, 4),
                "guide_seconds": round(self.pace.seconds, 4),
                "memory_mb": round(memory_mb(), 1),
            }
        )

    # --- whole programs -----------------------------------------------------------------------------------------

    def finish(self, prefixes: Prefixes, nodes: Ints, scores: Floats, wanted: Bools) -> Iterator[Step]:
        """Run the programs that one more token makes of prefixes, the likeliest first.

        Args:
            prefixes: B of them.
            nodes: (B,) in the execution.
            scores: (B, V) log-probabilities; programs of none are not run.
            wanted: (B, V) which tokens make a program to run.
        """
        rows, tokens = np.nonzero(wanted & (scores > -np.inf))
        order = np.argsort(-scores[rows, tokens], kind="stable")
        rows, tokens = rows[order], tokens[order]
        for row, node, token in zip(rows.tolist(), nodes[rows].tolist(), tokens.tolist(), strict=True):
            yield from self.try_program(node, token, prefixes.tokens[row], float(scores[row, token]))

    def try_program(self, node: int, token: int, before: Sequence[int] | Ints, logprob: float) -> Iterator[Step]:
        """Run the program that a last token makes at a node of the execution, after those ``before``.

        A program that is better than those before, or right on the examples on which it ran, is proposed.
        """
        right = self.execution.finish(node, token)
        self.tried += 1
        if not self.apart:
            self._remember(right, token, before, logprob)
        if right > self.most_right or right == len(self.ordered):
            self.most_right = max(right, self.most_right)
            yield Candidate(self.walk.program([*map(int, before), token]), tried=self.take_untold())
        elif self.tried - self._told >= min(TOLD, self.runner.quota.left):
            yield Tried(self.take_untold())

    def join(self, most: int) -> Iterator[Step]:
        """Propose programs that join up to ``most`` more values of finished arguments."""
        if self._joins is None or self._joins.values is not self.execution.values:
            self._joins = Joins(self.walk, self.execution.values, self.ordered)
        yield Tried(self.take_untold())
        yield from self._joins.steps(most)

    def take_untold(self) -> int:
        """Number of programs run since the last call that the runner does not know of."""
        untold, self._told = self.tried - self._told, self.tried
        return untold

    # --- partial solutions --------------------------------------------------------------------------------------

    @property
    def share(self) -> float:
        """The share of the examples on which the best program so far is right, 0 to 1."""
        return max(0, self.most_right) / len(self.ordered)

    def partial(self, most: int = PARTIAL) -> list[Decoded]:
        """The most informative partial solutions: likely programs, and those right on some of the examples; the best first."""
        ordered = sorted(self._partial, key=lambda found: -found[0])[:most]
        return [Decoded(self.walk.program(tokens), logprob, tokens, share) for _, tokens, logprob, share in ordered]

    def _remember(self, right: int, token: int, before: Sequence[int] | Ints, logprob: float) -> None:
        share = right / len(self.ordered)
        weight = decoded_weight(logprob, share)
        if len(self._partial) < PARTIAL:
            heapq.heappush(self._partial, (weight, (*map(int, before), token), logprob, share))
        elif weight > self._partial[0][0]:
            heapq.heapreplace(self._partial, (weight, (*map(int, before), token), logprob, share))

    # --- prefixes -----------------------------------------------------------------------------------------------

    def choose(
        self,
        prefixes: Prefixes,
        nodes: Ints,
        candidates: Iterable[tuple[Ints, Ints, Floats]],
        count: int,
        kept: dict[tuple[int, int], float],
        again: Bools | None = None,
    ) -> Chosen:
        """The first ``count`` extended prefixes that are worth keeping.

        Args:
            prefixes: B, to be made longer.
            nodes: (B,) theirs in the execution.
            candidates: which prefix by which token with what score, in order.
            count: how many are wanted at most.
            kept: the score of each class of prefixes with equal outputs; another of the class is chosen only with a higher
                one.  Those chosen are added.
            again: (B, V) which were chosen before, and may be again.
        """
        rows: list[int] = []
        columns: list[int] = []
        after: list[int] = []
        refused: list[tuple[int, int]] = []
        for parents, tokens, scores in candidates:
            block = 2 * count
            for begin in range(0, len(parents), block):
                part = slice(begin, begin + block)
                steps = self.execution.advance(nodes[parents[part]], tokens[part])
                forms = self.walk.table.forms(self.walk.table.advance(prefixes.nodes[parents[part]], tokens[part]))
                self.tick()
                whole = zip(
                    *(a.tolist() for a in (parents[part], tokens[part], scores[part], steps, forms)), strict=True
                )
                for row, token, score, node, form in whole:
                    if len(rows) == count:
                        return Chosen(rows, columns, after, refused, False)
                    old = again is not None and again[row, token]
                    if node == DEAD or (not old and kept.get((form, node), -np.inf) >= score):
                        refused.append((row, token))
                        continue
                    if self.config.merge and not old:
                        kept[form, node] = score
                    rows.append(row)
                    columns.append(token)
                    after.append(node)
        return Chosen(rows, columns, after, refused, True)

    def fresh(self, known: list[bytes]) -> Bools:
        """(B,): which prefixes, by name, appear here for the first time."""
        fresh = np.array([name not in self._known for name in known])
        self._known.update(known)
        return fresh

    def renew(self, most: int) -> None:
        """Drop the known values and nodes if they are more than ``most``, or an eighth of it alongside another search."""
        if self.execution.size > (most if self.apart else most // 8):
            self.kept_before += len(self.execution)
            self.execution = self._execution()

    def _execution(self) -> Execution:
        config = self.config
        return Execution(self.walk.grammar, self.ordered, prune=config.prune, first=config.examples, tick=self.tick)


def names(tokens: Ints) -> list[bytes]:
    """The key that identifies prefixes (B, T)."""
    raw, size = tokens.astype(np.uint16).tobytes(), 2 * tokens.shape[1]
    return [raw[i * size : (i + 1) * size] for i in range(len(tokens))]


class MemoryRoom:
    """The number of prefixes whose guide states are kept."""

    def __init__(self, max_memory: float, share: float) -> None:
        """``max_memory``: gigabytes of the whole process; ``share``: the share of its free memory that the states may use."""
        self.before = memory_mb()
        self.megabytes = share * (1000 * max_memory - self.before)
        self.limit = math.inf
        self.next_look = 1000

    def most(self, size: int) -> float:
        """The number of states that fit, given ``size``."""
        if size >= self.next_look and self.limit == math.inf:
            self.next_look = size + 1000
            if memory_mb() - self.before > self.megabytes:
                self.limit = size // 2  # freed memory is used again, but the system does not report it as free
        return self.limit


@dataclass(frozen=True, slots=True)
class Chosen:
    """Prefixes to extend."""

    parents: list[int]
    """The index of the prefix that is extended."""
    tokens: list[int]
    nodes: list[int]
    """Its node in the execution."""
    refused: list[tuple[int, int]]
    """Prefixes and tokens that no new and right program continues."""
    all: bool
    """Whether no candidate was left."""
