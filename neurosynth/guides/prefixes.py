"""Prefixes of programs in batches: the common data of greedy, beam and sampling decoders.

Letters: ``B`` prefixes, ``T`` tokens of each, ``V`` vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import NeurosynthError
from neurosynth.guides.base import GuideState, SequenceGuide
from neurosynth.guides.mask_table import MaskTable
from neurosynth.guides.one_thread import one_thread
from neurosynth.language.grammar import Grammar
from neurosynth.language.masks import TokenGrammar
from neurosynth.language.program import Constant, Program
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.task import Task
from neurosynth.work_clock import PREFIX, spend, stopwatch

__all__ = [
    "Batches",
    "Extended",
    "Gathers",
    "Pace",
    "PrefixWalk",
    "Prefixes",
    "likeliest",
    "log_softmax",
    "ranked",
    "slot_constants",
]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def slot_constants(vocabulary: Vocabulary, task: Task, grammar: Grammar) -> tuple[Constant, ...]:
    """The contents of the constant slots: the language's constants, the task's, then others of the grammar."""
    others = (p.head for p in grammar.productions if isinstance(p.head, Constant))
    return vocabulary.constants([*task.constants, *others])


def log_softmax(scores: NDArray[Any], allowed: Bools) -> Floats:
    """Scores (B, V) as log-probabilities over the allowed tokens of each row, -inf elsewhere.

    If all allowed tokens have a score of -inf, they are equally likely. Every row must allow a token.
    """
    masked = np.where(allowed, scores.astype(np.float64), -np.inf)
    top = masked.max(axis=1, keepdims=True)
    nothing = np.isneginf(top[:, 0])
    if nothing.any():
        masked[nothing] = np.where(allowed[nothing], 0.0, -np.inf)
        top[nothing] = 0.0
    masked -= top
    masked -= np.log(np.exp(masked).sum(axis=1, keepdims=True))
    return masked


def likeliest(scores: Floats, count: int, above: float = -np.inf) -> tuple[Ints, Ints, Floats]:
    """The ``count`` largest of scores (B, V) that are larger than ``above``, the largest first; equal ones in order.

    Returns:
        their rows, their columns and their scores.
    """
    return next(ranked(scores, count, above))


def ranked(scores: Floats, count: int, above: float = -np.inf) -> Iterator[tuple[Ints, Ints, Floats]]:
    """The scores (B, V) that are larger than ``above``, the largest first: the first ``count``, then the others.

    Yields:
        rows, columns and scores; equal ones in order.
    """
    candidates = np.flatnonzero(scores > above)
    values = scores.ravel()[candidates]
    rest = np.empty(0, dtype=np.int64)
    if len(candidates) > count:
        cut = np.partition(values, len(values) - count)[len(values) - count]
        top = values >= cut
        candidates, rest, values, others = candidates[top], candidates[~top], values[top], values[~top]
    order = np.argsort(-values, kind="stable")
    first, more = order[:count], order[count:]
    yield *np.divmod(candidates[first], scores.shape[1]), values[first]
    if len(more):
        yield *np.divmod(candidates[more], scores.shape[1]), values[more]
    if len(rest):
        order = np.argsort(-others, kind="stable")
        yield *np.divmod(rest[order], scores.shape[1]), others[order]


@dataclass(slots=True)
class Pace:
    """The size of batches for a guide, and the time that it takes.

    A neural guide is fastest on batches of a few dozen prefixes (an lstm on one core: 6,600 prefixes a second at 64, 5,400 at 256; a
    transformer 3,600, and at 1,024 only 1,600), and the clock can be checked between batches.
    """

    most: int
    """Number of prefixes at once."""
    tick: Callable[[], None]
    """Called after each batch; may raise to end decoding."""
    seconds: float = 0.0
    """Seconds that the guide has taken so far."""
    asked: int = 0
    """Number of prefixes that it has scored so far."""

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Counts the time of a block, which uses one thread for linear algebra."""
        begun = stopwatch()
        try:
            with one_thread():
                yield
        finally:
            self.seconds += stopwatch() - begun


@runtime_checkable
class Gathers(Protocol):
    """A state of a guide that can join prefixes of several states, so that a search asks the guide in few batches."""

    def log_probs(self) -> NDArray[Any]:
        """As in any state."""
        ...

    def advance(self, parents: NDArray[Any], tokens: NDArray[Any]) -> GuideState:
        """As in any state."""
        ...

    def gather(self, states: Sequence[Any], batch: NDArray[Any], row: NDArray[Any]) -> GuideState:
        """The state of B prefixes: prefix ``row[i]`` (B,) of ``states[batch[i]]`` (B,).

        All states must be of the same guide and task, and their prefixes must have the same number of tokens.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Batches:
    """Prefixes in several batches of a guide, with the interface of a state."""

    states: tuple[GuideState, ...]
    batch: Ints
    """(B,): the index of each prefix's state in ``states``."""
    row: Ints
    """(B,): the index of the prefix in that state."""
    pace: Pace

    @staticmethod
    def one(state: GuideState, size: int, pace: Pace) -> Batches:
        """From a single state of ``size`` prefixes."""
        return Batches((state,), np.zeros(size, dtype=np.int64), np.arange(size), pace)

    def log_probs(self) -> NDArray[np.float32]:
        """(B, V) float32, natural log: the next token of each prefix."""
        with self.pace.timed():
            scores = [state.log_probs() for state in self.states]
        starts = np.cumsum([0, *(len(s) for s in scores[:-1])])
        gathered: NDArray[np.float32] = np.concatenate(scores)[starts[self.batch] + self.row]
        return gathered

    def advance(self, parents: NDArray[Any], tokens: NDArray[Any]) -> Batches:
        """The state of B' longer prefixes: prefix ``parents[i]`` followed by token id ``tokens[i]``."""
        states: list[GuideState] = []
        batch, row = np.empty(len(parents), dtype=np.int64), np.empty(len(parents), dtype=np.int64)
        of, at = self.batch[parents], self.row[parents]
        for part in self._parts(of):
            batch[part], row[part] = len(states), np.arange(len(part))
            with self.pace.timed():
                used, which = np.unique(of[part], return_inverse=True)
                state, rows = self.states[used[0]], at[part]
                if len(used) > 1:
                    assert isinstance(state, Gathers)
                    state = state.gather([self.states[i] for i in used.tolist()], which, rows)
                    rows = np.arange(len(part))
                states.append(state.advance(rows, tokens[part]))
            self.pace.asked += len(part)
            spend(PREFIX * len(part))
            self.pace.tick()
        return Batches(tuple(states), batch, row, self.pace)

    def _parts(self, of: Ints) -> Iterator[Ints]:
        """Groups of prefixes that are extended together, given the batch of each."""
        order = np.argsort(of, kind="stable")
        groups = [order]
        if len(self.states) > 1 and not isinstance(self.states[0], Gathers):
            groups = np.split(order, np.flatnonzero(np.diff(of[order])) + 1)
        for group in groups:
            for begin in range(0, len(group), self.pace.most):
                yield group[begin : begin + self.pace.most]

    def take(self, rows: Ints) -> Batches:
        """Some of the prefixes (B',)."""
        return Batches(self.states, self.batch[rows], self.row[rows], self.pace)


@dataclass(frozen=True, slots=True, eq=False)
class Prefixes:
    """B unfinished prefixes of the same length."""

    state: GuideState
    nodes: Ints
    """(B,) in the mask table."""
    tokens: Ints
    """(B, T)"""
    logprobs: Floats
    """(B,) natural log of each prefix's probability under the mask."""

    def __len__(self) -> int:
        return len(self.nodes)


@dataclass(frozen=True, slots=True, eq=False)
class Extended:
    """Extended prefixes, and which of them are whole programs now."""

    tokens: Ints
    """(B', T + 1), for whole and unfinished ones."""
    whole: Bools
    """(B',)"""
    live: Prefixes
    """The unfinished ones, in order."""


class PrefixWalk:
    """One decoding: a guide on a task under a grammar.

    A token's arity follows from its name, so a whole program can only be followed by END: whole programs are removed at once, and END
    costs nothing.
    """

    def __init__(
        self,
        guide: SequenceGuide,
        task: Task,
        grammar: Grammar,
        max_tokens: int,
        pace: Pace | None = None,
    ) -> None:
        """``pace``: how the guide is asked; None scores all prefixes at once. Raises: InputError: if the grammar's shortest program has
        more than ``max_tokens`` tokens, or no token form.
        """
        self.guide, self.task, self.pace = guide, task, pace
        constants = slot_constants(guide.vocabulary, task, grammar)
        self.grammar = TokenGrammar(guide.vocabulary, grammar, constants)
        self.max_tokens = max_tokens
        self.table = MaskTable(self.grammar, max_tokens)

    def root(self) -> Prefixes:
        """The empty prefix."""
        nodes = np.array([self.table.root], dtype=np.int64)
        state: GuideState
        if self.pace is None:
            with one_thread():
                state = self.guide.start(self.task)
        else:
            with self.pace.timed():
                state = self.guide.start(self.task)
            self.pace.asked += 1
            spend(PREFIX)
            state = Batches.one(state, 1, self.pace)
        return Prefixes(state, nodes, np.empty((1, 0), dtype=np.int64), np.zeros(1))

    def next_logprobs(self, prefixes: Prefixes, temperature: float = 1.0) -> Floats:
        """(B, V): natural log of the next token's probability, renormalised over the completable tokens.

        Raises:
            NeurosynthError: if the guide returns no numbers.
        """
        with one_thread():
            scores = prefixes.state.log_probs()
        allowed = self.table.masks(prefixes.nodes)
        if scores.shape != allowed.shape or np.isnan(scores).any():
            raise NeurosynthError(
                f"guide {self.guide.name!r} gave {'NaN' if scores.shape == allowed.shape else f'shape {scores.shape}'} "
                f"for {len(prefixes)} prefixes of task {self.task.name!r}; log-probabilities of shape {allowed.shape} "
                "are needed: fit or train the guide again"
            )
        return log_softmax(scores / temperature if temperature != 1.0 else scores, allowed)

    def extend(self, prefixes: Prefixes, parents: Ints, tokens: Ints, logprobs: Floats) -> Extended:
        """Prefix ``parents[i]`` followed by token ``tokens[i]``, of probability ``exp(logprobs[i])`` (all (B',))."""
        nodes = self.table.advance(prefixes.nodes[parents], tokens)
        longer = np.concatenate([prefixes.tokens[parents], tokens[:, None]], axis=1)
        whole = self.table.done(nodes)
        live = ~whole
        with one_thread():
            state = prefixes.state.advance(parents[live], tokens[live]) if live.any() else prefixes.state
        return Extended(longer, whole, Prefixes(state, nodes[live], longer[live], logprobs[live]))

    def replay(self, tokens: Ints) -> Batches:
        """The guide's state after prefixes (B, T), read from their first token on; common beginnings are read once."""
        state, size = self.root().state, len(self.guide.vocabulary)
        assert isinstance(state, Batches), "a walk without a pace keeps no batches"
        rows = np.zeros(len(tokens), dtype=np.int64)
        for column in tokens.T:
            longer, rows = np.unique(rows * size + column, return_inverse=True)
            state = state.advance(*np.divmod(longer, size))
        return state.take(rows)

    def program(self, tokens: Sequence[int]) -> Program:
        """The program of complete tokens."""
        state = self.grammar.start(self.max_tokens)
        for token in tokens:
            state = state.advance(token)
        return state.program()
