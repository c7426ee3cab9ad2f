"""What searches over prefixes share: clock, limits, running whole programs, collecting right ones, choosing prefixes.

Letters: ``B`` prefixes, ``V`` vocabulary.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import InputError, PrimitiveBug
from neurosynth.guides.decoding import MAX_TOKENS
from neurosynth.guides.prefixes import Pace, Prefixes, PrefixWalk
from neurosynth.language.evaluate import Evaluator
from neurosynth.search.base import Outcome, Progress, SearchRequest, Stop, StopReason
from neurosynth.search.decoding.execution import DEAD, Execution
from neurosynth.search.examples import choose_examples
from neurosynth.search.memory import Memory, MemoryCap, memory_mb, peak_memory_mb
from neurosynth.tasks.task import typed_key

__all__ = ["Chosen", "Decoding", "PrefixRun", "Room", "names"]

GRACE = 0.5
"""Seconds in which to look for others after the first program, at least; else as long as it took."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Decoding:
    """Settings every search over prefixes shares."""

    max_tokens: int = MAX_TOKENS
    """Tokens a program may have."""
    prune: bool = True
    """Drop prefixes that nothing right goes on from."""
    merge: bool = True
    """Of prefixes that lead to the same outputs keep one."""
    examples: int = 5
    """Examples that finished arguments are computed on at once; on the others when two agree on those."""
    batch: int = 128
    """Prefixes the guide is given at once."""
    needs: Literal["sequence"] = field(default="sequence", init=False)

    def __post_init__(self) -> None:
        for name, least in (("max_tokens", 1), ("examples", 2), ("batch", 1)):
            if getattr(self, name) < least:
                raise InputError(f"{type(self).__name__}: {name} is {getattr(self, name)}; allowed: {least} or more")


class PrefixRun:
    """One call of a search over prefixes."""

    def __init__(self, config: Decoding, request: SearchRequest, name: str) -> None:
        """Raises InputError without a guide of tokens, or where the grammar has no program of so few tokens."""
        if request.sequence is None:
            raise InputError(
                f"search {name!r} needs a guide of tokens and has none; name one: a file that 'neurosynth train' wrote for a kind "
                "that gives tokens probabilities, as in --guide FILE"
            )
        self.config, self.request = config, request
        self.started = time.perf_counter()
        self.result = Outcome(StopReason.EXHAUSTED)
        self.memory = Memory(request.limits.max_memory)
        self.room = Room(request.limits.max_memory)
        self.pace = Pace(config.batch, self.tick)
        self.walk = PrefixWalk(request.sequence, request.task, request.grammar, config.max_tokens, self.pace)
        self.examples = list(request.task.examples)
        few = choose_examples(self.examples, config.examples)
        rest = sorted(set(range(len(self.examples))) - set(few))
        self.ordered = [self.examples[i] for i in (*few, *rest)]
        self.tokens = 0
        """Of the programs being run."""
        self.phase = ""
        self.kept_before = 0
        self._known: set[bytes] = set()
        self._evaluator = Evaluator()
        self._most_right = -1
        self._next_report = self.started + 0.05
        self._grace_until = math.inf
        self.execution = self._execution()

    def outcome(self, body: Callable[[], None]) -> Outcome:
        """Call ``body`` until it returns, which means that nothing is left, or is stopped; fill in the outcome."""
        try:
            body()
            stop = StopReason.EXHAUSTED
        except Stop as end:
            stop = end.reason
        except KeyboardInterrupt:
            stop = StopReason.INTERRUPTED
        except PrimitiveBug as bug:
            self.result.bug, stop = bug, StopReason.BUG
        except (MemoryCap, MemoryError):
            stop = StopReason.MEMORY
        found = self.result
        found.stop = StopReason.SOLVED if found.programs and stop is not StopReason.INTERRUPTED else stop
        stats = found.stats
        stats.seconds = time.perf_counter() - self.started
        stats.guide_seconds = self.pace.seconds
        stats.values_kept = self.kept_before + len(self.execution)
        stats.peak_memory_mb = peak_memory_mb()
        return found

    # --- limits -------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Look at the clock; raises where the search has to end."""
        now = time.perf_counter()
        if now - self.started >= self.request.limits.seconds:
            raise Stop(StopReason.TIME)
        if now >= self._grace_until:
            raise Stop(StopReason.SOLVED)
        if now >= self._next_report:
            self._next_report = now + 0.1
            self.memory.check()
            self._report(now)

    def _report(self, now: float) -> None:
        if self.request.progress is None:
            return
        stats, found = self.result.stats, self.result
        self.request.progress(
            Progress(
                now - self.started,
                stats.programs_tried,
                self.tokens,
                self.kept_before + len(self.execution),
                memory_mb(),
                found.closest_share,
                found.closest,
                self.phase,
            )
        )

    def note_round(self, begun: float, tried: int, **columns: Any) -> None:
        """A row of the trace; ``begun`` and ``tried`` are the clock and the programs tried when the round began."""
        stats = self.result.stats
        self.result.trace.append(
            {
                **columns,
                "programs_tried": stats.programs_tried - tried,
                "prefixes": self.pace.asked,
                "values_kept": self.kept_before + len(self.execution),
                "seconds": round(time.perf_counter() - begun, 4),
                "guide_seconds": round(self.pace.seconds, 4),
                "memory_mb": round(memory_mb(), 1),
            }
        )

    # --- whole programs -----------------------------------------------------------------------------------------

    def finish(self, prefixes: Prefixes, nodes: Ints, scores: Floats, wanted: Bools) -> None:
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
            self.try_program(node, token, prefixes.tokens[row])

    def try_program(self, node: int, token: int, before: Sequence[int] | Ints) -> None:
        """Run the program that a last token makes at a node of the execution, after those ``before``."""
        stats, limits = self.result.stats, self.request.limits
        right = self.execution.finish(node, token)
        stats.programs_tried += 1
        if right > self._most_right or right == len(self.ordered):
            self._note(right, [*map(int, before), token])
        if limits.max_programs is not None and stats.programs_tried >= limits.max_programs:
            raise Stop(StopReason.PROGRAMS)
        if not stats.programs_tried & 15:
            self.tick()

    def _note(self, right: int, tokens: Sequence[int]) -> None:
        """A program that is better than those before, or right on the examples it was run on: run it on all."""
        self._most_right = max(right, self._most_right)
        program = self.walk.program(tokens)
        function = self._evaluator.function(program)
        share = sum(typed_key(function(e.inputs)) == typed_key(e.output) for e in self.examples) / len(self.examples)
        found, stats = self.result, self.result.stats
        if found.closest is None or share > found.closest_share:
            found.closest, found.closest_share = program, share
        if share < 1.0 or program in found.programs:
            return
        if stats.first_solved is None:
            stats.first_solved = stats.programs_tried
        found.programs.append(program)
        if len(found.programs) >= self.request.top:
            raise Stop(StopReason.SOLVED)
        now = time.perf_counter()
        self._grace_until = min(self._grace_until, now + max(GRACE, now - self.started))

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
        """The first ``count`` of longer prefixes that are worth going on with.

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
        """(B,): of which prefixes, by name, this is asked for the first time."""
        fresh = np.array([name not in self._known for name in known])
        self._known.update(known)
        return fresh

    def renew(self, most: int) -> None:
        """Forget the values and nodes known when they are more than ``most``."""
        if self.execution.size > most:
            self.kept_before += len(self.execution)
            self.execution = self._execution()

    def _execution(self) -> Execution:
        config = self.config
        return Execution(self.walk.grammar, self.ordered, prune=config.prune, first=config.examples, tick=self.tick)


def names(tokens: Ints) -> list[bytes]:
    """What tells prefixes (B, T) apart."""
    raw, size = tokens.astype(np.uint16).tobytes(), 2 * tokens.shape[1]
    return [raw[i * size : (i + 1) * size] for i in range(len(tokens))]


class Room:
    """How many prefixes the guide's states are kept of."""

    SHARE = 0.4
    """What they may take of the memory that is free at first."""

    def __init__(self, max_memory: float) -> None:
        """``max_memory``: gigabytes of the whole process."""
        self.before = memory_mb()
        self.megabytes = self.SHARE * (1000 * max_memory - self.before)
        self.limit = math.inf
        self.next_look = 1000

    def most(self, size: int) -> float:
        """How many there may be, where there are ``size``."""
        if size >= self.next_look and self.limit == math.inf:
            self.next_look = size + 1000
            if memory_mb() - self.before > self.megabytes:
                self.limit = size // 2  # memory given back is used again, but is not seen to be free
        return self.limit


@dataclass(frozen=True, slots=True)
class Chosen:
    """Prefixes to go on with."""

    parents: list[int]
    """Which prefix is made longer."""
    tokens: list[int]
    nodes: list[int]
    """In the execution."""
    refused: list[tuple[int, int]]
    """Prefixes and tokens that nothing new and right follows on."""
    all: bool
    """Whether no candidate was left."""
