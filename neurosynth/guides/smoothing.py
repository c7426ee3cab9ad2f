"""Counts of n-grams, and four estimates of probabilities from them.

Letters: ``n`` the order, ``U`` distinct n-grams, ``V`` vocabulary. A sequence is padded with n - 1 START tokens before it and one END
token after it; every token and the END are predicted, but never a START. For the same n-grams the estimates are those of ``nltk.lm``
(its own pipeline also counts START as predicted and pads with n - 1 END tokens).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from neurosynth.language.tokens import END, PAD, START

__all__ = ["AddK", "Context", "KneserNey", "MaximumLikelihood", "NGramCounts", "Smoothing", "WittenBell", "ngrams"]

Context = tuple[int, ...]
Ints = NDArray[np.int64]
Row = NDArray[np.float64]

UNPREDICTED = 2
"""PAD and START, the tokens of a vocabulary that are never predicted."""


def ngrams(sequences: Iterable[Sequence[int]], n: int) -> tuple[Ints, Ints]:
    """The distinct n-grams that end in a token or in END (U, n), sorted, and how often each occurs (U,)."""
    padding = [START] * (n - 1)
    stream: list[int] = []
    starts: list[int] = []
    for sequence in sequences:
        starts.append(len(stream))
        stream += padding
        stream += sequence
        stream.append(END)
    tokens = np.asarray(stream, dtype=np.int32)
    predicted = np.ones(len(tokens), dtype=np.bool_)
    for offset in range(n - 1):
        predicted[np.asarray(starts, dtype=np.int64) + offset] = False
    if not len(tokens):
        return np.empty((0, n), dtype=np.int64), np.empty(0, dtype=np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(tokens, n)[np.flatnonzero(predicted) - (n - 1)]
    rows, counts, _ = _grouped(windows.astype(np.int64), np.ones(len(windows), dtype=np.int64))
    return rows, counts


def _grouped(rows: Ints, weights: Ints) -> tuple[Ints, Ints, Ints]:
    """Distinct rows in order, the total weight of each, and the number of rows that each represents."""
    order = np.lexsort(rows.T[::-1])
    ordered = rows[order]
    first = np.flatnonzero(np.r_[True, (ordered[1:] != ordered[:-1]).any(axis=1)])
    return ordered[first], np.add.reduceat(weights[order], first), np.diff(np.r_[first, len(rows)])


@dataclass(frozen=True, slots=True)
class _Level:
    """The tokens that followed the contexts of one length: slices of three arrays."""

    spans: dict[Context, slice]
    tokens: Ints
    counts: Ints
    """How often the token followed the context."""
    continuations: Ints
    """Number of distinct tokens before the context and the token; for the longest contexts, the counts."""


class NGramCounts:
    """Counts of all orders up to n, computed from the n-grams of order n, which determine the shorter ones."""

    def __init__(self, rows: Ints, counts: Ints, vocabulary: int) -> None:
        """``rows`` (U, n) distinct and sorted, ``counts`` (U,), ``vocabulary`` the number V of token ids."""
        self.rows, self.counts, self.vocabulary = rows, counts, vocabulary
        self.n = rows.shape[1]
        levels = [_level(rows, counts, counts)]
        for _ in range(self.n - 1):
            rows, counts, continuations = _grouped(rows[:, 1:], counts)
            levels.append(_level(rows, counts, continuations))
        self._levels = levels[::-1]

    @property
    def contexts(self) -> Iterable[Context]:
        """Number of contexts of n - 1 tokens that occur."""
        return self._levels[-1].spans

    def followers(self, context: Context) -> tuple[Ints, Ints, Ints] | None:
        """Tokens that followed a context, their counts and their continuation counts; None for an unknown one."""
        level = self._levels[len(context)]
        span = level.spans.get(context)
        return None if span is None else (level.tokens[span], level.counts[span], level.continuations[span])


def _level(rows: Ints, counts: Ints, continuations: Ints) -> _Level:
    contexts = rows[:, :-1]
    first = np.flatnonzero(np.r_[True, (contexts[1:] != contexts[:-1]).any(axis=1)]) if len(rows) else np.empty(0, int)
    last = [*first[1:].tolist(), len(rows)]
    names = map(tuple, contexts[first].tolist())
    spans = {c: slice(a, b) for c, a, b in zip(names, first.tolist(), last, strict=True)} if len(rows) else {}
    return _Level(spans, rows[:, -1].copy(), counts, continuations)


class Smoothing(Protocol):
    """An estimate of what follows a context."""

    def row(self, counts: NGramCounts, context: Context, shorter: Callable[[Context], Row]) -> Row:
        """Probability of each token id after ``context`` (V,); ``shorter`` gives the same for shorter contexts."""
        ...


@dataclass(frozen=True, slots=True)
class MaximumLikelihood:
    """Relative frequencies; all zero after an unknown context."""

    def row(self, counts: NGramCounts, context: Context, shorter: Callable[[Context], Row]) -> Row:
        """Probability of each token id after ``context`` (V,)."""
        return _frequencies(counts, context)


@dataclass(frozen=True, slots=True)
class AddK:
    """Adds ``k`` to the count of every predictable token (Lidstone; Laplace for k = 1)."""

    k: float

    def row(self, counts: NGramCounts, context: Context, shorter: Callable[[Context], Row]) -> Row:
        """Probability of each token id after ``context`` (V,)."""
        row = np.full(counts.vocabulary, self.k, dtype=np.float64)
        row[[PAD, START]] = 0.0
        found = counts.followers(context)
        if found is not None:
            row[found[0]] += found[1]
        total: float = row.sum()
        return row / total


@dataclass(frozen=True, slots=True)
class WittenBell:
    """Interpolated with shorter contexts; the probability of a new token after a context is in proportion to the number of distinct
    tokens that followed it.

    Witten and Bell, IEEE Transactions on Information Theory 37(4), 1991.
    """

    def row(self, counts: NGramCounts, context: Context, shorter: Callable[[Context], Row]) -> Row:
        """Probability of each token id after ``context`` (V,)."""
        if not context:
            return _frequencies(counts, context)
        found = counts.followers(context)
        if found is None:
            return shorter(context[1:])
        tokens, seen, _ = found
        total = len(tokens) + int(seen.sum())
        row = shorter(context[1:]) * (len(tokens) / total)
        row[tokens] += seen / total
        return row


@dataclass(frozen=True, slots=True)
class KneserNey:
    """Interpolated with absolute discounting; shorter contexts count the distinct tokens before them.

    Kneser and Ney, ICASSP 1995; interpolated as in Chen and Goodman, Computer Speech and Language 13, 1999.
    """

    discount: float

    def row(self, counts: NGramCounts, context: Context, shorter: Callable[[Context], Row]) -> Row:
        """Probability of each token id after ``context`` (V,)."""
        found = counts.followers(context)
        if found is None:
            return shorter(context[1:]) if context else np.zeros(counts.vocabulary)
        tokens, _, seen = found
        total = int(seen.sum())
        if not context:
            row = np.zeros(counts.vocabulary)
            row[tokens] = seen / total
            return row
        row = shorter(context[1:]) * (self.discount * len(tokens) / total)
        row[tokens] += np.maximum(seen - self.discount, 0.0) / total
        return row


def _frequencies(counts: NGramCounts, context: Context) -> Row:
    row = np.zeros(counts.vocabulary)
    found = counts.followers(context)
    if found is not None:
        row[found[0]] = found[1] / found[1].sum()
    return row
