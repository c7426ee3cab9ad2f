"""Prefixes of programs in batches: what greedy, beam and sampling decoders walk on.

Letters: ``B`` prefixes, ``T`` tokens of each, ``V`` vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import NeurosynthError
from neurosynth.guides.base import GuideState, SequenceGuide
from neurosynth.language.grammar import Grammar
from neurosynth.language.masks import TokenGrammar, TokenState
from neurosynth.language.program import Constant, Program
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.task import Task

__all__ = ["MaskTable", "Prefixes", "Walk", "log_softmax", "slot_constants"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def slot_constants(vocabulary: Vocabulary, task: Task, grammar: Grammar) -> tuple[Constant, ...]:
    """What the constant slots point to: the language's constants, the task's, then others the grammar has."""
    others = (p.head for p in grammar.productions if isinstance(p.head, Constant))
    return vocabulary.constants([*task.constants, *others])


def log_softmax(scores: NDArray[Any], allowed: Bools) -> Floats:
    """Scores (B, V) made log-probabilities over the allowed tokens of each row, -inf elsewhere.

    Where all that is allowed has a score of -inf, it is equally likely.  Every row must allow something.
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


class MaskTable:
    """The masks of a :class:`TokenGrammar` as an automaton, built where decoding walks.

    Prefixes that may go on in the same ways are one node, whose mask is computed once.
    """

    def __init__(self, grammar: TokenGrammar, max_tokens: int) -> None:
        """Raises InputError when the shortest program has more than ``max_tokens`` tokens."""
        self._width = len(grammar.vocabulary)
        self._ids: dict[tuple[int, frozenset[tuple[int, ...]]], int] = {}
        self._states: list[TokenState] = []
        self._masks = np.empty((64, self._width), dtype=np.bool_)
        self._done = np.empty(64, dtype=np.bool_)
        self._next: dict[int, int] = {}
        self.root = self._node(grammar.start(max_tokens))

    def __len__(self) -> int:
        return len(self._states)

    def masks(self, nodes: Ints) -> Bools:
        """(B, V): which tokens may come next."""
        return self._masks[nodes]

    def done(self, nodes: Ints) -> Bools:
        """(B,): whether the tokens so far are a whole program."""
        return self._done[nodes]

    def advance(self, nodes: Ints, tokens: Ints) -> Ints:
        """(B,): the nodes after one more token each.

        Raises:
            InputError: for a token that the mask does not allow.
        """
        known, missing = self._next, -1
        keys = (nodes * self._width + tokens).tolist()
        found = np.array([known.get(key, missing) for key in keys], dtype=np.int64)
        for i in np.flatnonzero(found < 0).tolist():
            key = keys[i]
            if key not in known:
                known[key] = self._node(self._states[key // self._width].advance(key % self._width))
            found[i] = known[key]
        return found

    def _node(self, state: TokenState) -> int:
        key = (state.left, frozenset(state.stacks))
        found = self._ids.get(key)
        if found is None:
            found = self._ids[key] = len(self._states)
            self._states.append(state)
            if found == len(self._masks):
                self._masks = np.concatenate([self._masks, np.empty_like(self._masks)])
                self._done = np.concatenate([self._done, np.empty_like(self._done)])
            self._masks[found] = state.mask()
            self._done[found] = state.done
        return found


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
    """Prefixes made longer by one token each, and which of them are whole programs now."""

    tokens: Ints
    """(B', T + 1), of whole and unfinished ones."""
    whole: Bools
    """(B',)"""
    live: Prefixes
    """The unfinished ones, in order."""


class Walk:
    """One decoding: a guide on a task under a grammar.

    A token's arity follows from its name, so a prefix that is a whole program can only be followed by END: whole
    programs are taken off at once, and END costs nothing.
    """

    def __init__(self, guide: SequenceGuide, task: Task, grammar: Grammar, max_tokens: int) -> None:
        """Raises InputError when the grammar's shortest program has more than ``max_tokens`` tokens, or no token form."""
        self.guide, self.task = guide, task
        constants = slot_constants(guide.vocabulary, task, grammar)
        self.grammar = TokenGrammar(guide.vocabulary, grammar, constants)
        self.max_tokens = max_tokens
        self.table = MaskTable(self.grammar, max_tokens)

    def root(self) -> Prefixes:
        """The empty prefix."""
        nodes = np.array([self.table.root], dtype=np.int64)
        return Prefixes(self.guide.start(self.task), nodes, np.empty((1, 0), dtype=np.int64), np.zeros(1))

    def next_logprobs(self, prefixes: Prefixes, temperature: float = 1.0) -> Floats:
        """(B, V): natural log of the next token's probability, renormalised over the completable tokens.

        Raises:
            NeurosynthError: when the guide gives no numbers.
        """
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
        state = prefixes.state.advance(parents[live], tokens[live]) if live.any() else prefixes.state
        return Extended(longer, whole, Prefixes(state, nodes[live], longer[live], logprobs[live]))

    def program(self, tokens: Sequence[int]) -> Program:
        """The program of whole tokens."""
        state = self.grammar.start(self.max_tokens)
        for token in tokens:
            state = state.advance(token)
        return state.program()
