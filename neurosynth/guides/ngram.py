"""N-gram priors over the tokens of programs: counting, four smoothings, probabilities in nats.

The prior is independent of the task: it models programs of a language. Letters: ``B`` prefixes, ``V`` vocabulary.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import InputError, UnknownNameError
from neurosynth.guides.corpus import corpus, encode_programs
from neurosynth.guides.files import GuideFile, write_guide_file
from neurosynth.guides.kinds import CountedKind, file_settings
from neurosynth.guides.smoothing import (
    UNPREDICTED,
    AddK,
    Context,
    KneserNey,
    MaximumLikelihood,
    NGramCounts,
    Smoothing,
    WittenBell,
    ngrams,
)
from neurosynth.language.language import Language
from neurosynth.language.program import Program
from neurosynth.language.tokens import PAD, START, Vocabulary
from neurosynth.tasks.task import Task

__all__ = ["KIND", "NGram", "NGramGuide"]

SMOOTHINGS = ("kneser-ney", "witten-bell", "add-k", "mle")
_CONSTANTS = 32  # slots, if the language's own constants leave room for the task's
_KEPT = 20_000  # number of rows of probabilities kept; 14 MB at 89 tokens

Row = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class NGram:
    """An n-gram model of token sequences, which is fitted like this: ``NGram(n=3).fit(load_programs("corpus.txt", "lists"))``.

    Raises:
        InputError: for a setting that is not allowed.
    """

    n: int = 3
    """Order: a token's probability depends on the n - 1 before it."""
    smoothing: str = "kneser-ney"
    """``kneser-ney`` and ``witten-bell`` (both interpolated), ``add-k`` or ``mle``."""
    k: float = 0.1
    """The amount that ``add-k`` adds to each count."""
    discount: float = 0.1
    """The amount that ``kneser-ney`` subtracts from each count, 0 to 1."""
    floor: float = 1e-4
    """Probability that is distributed evenly over all tokens, so that tokens which the corpus lacks stay possible; 0 gives the textbook
    estimates."""

    def __post_init__(self) -> None:
        if self.n < 1:
            raise InputError(f"NGram: n is {self.n}; allowed: 1 or more")
        if self.smoothing not in SMOOTHINGS:
            raise UnknownNameError("smoothing of NGram", self.smoothing, SMOOTHINGS)
        if not self.k > 0 or math.isinf(self.k):
            raise InputError(f"NGram: k is {self.k}; allowed: a positive number")
        for name in ("discount", "floor"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"NGram: {name} is {getattr(self, name)}; allowed: 0 to 1")

    def fit(
        self,
        programs: Iterable[Program],
        language: Language | str | None = None,
        *,
        vocabulary: Vocabulary | None = None,
    ) -> NGramGuide:
        """Count the programs.

        Args:
            programs: the corpus; the result of ``load_programs`` has its language. language: the language of other programs, an object
                or the name of a plugin.
            vocabulary: the tokens; by default those of the language, with 8 inputs and 32 constants or more.

        Raises:
            InputError: for an empty corpus, or a program with a token that the vocabulary lacks (named).
        """
        if vocabulary is not None and language is None:
            language = vocabulary.language
        known = corpus(programs, language)
        if vocabulary is None:
            own = len(known.language.constants)
            vocabulary = Vocabulary(known.language, constants=max(_CONSTANTS, own + _CONSTANTS // 2))
        rows, counts = ngrams(encode_programs(known, vocabulary), self.n)
        return NGramGuide(self, vocabulary, NGramCounts(rows, counts, len(vocabulary)))

    def _smoother(self) -> Smoothing:
        match self.smoothing:
            case "kneser-ney":
                return KneserNey(self.discount)
            case "witten-bell":
                return WittenBell()
            case "add-k":
                return AddK(self.k)
        return MaximumLikelihood()


@dataclass(frozen=True, eq=False)
class NGramGuide:
    """A fitted n-gram model, a :class:`~neurosynth.guides.base.SequenceGuide`."""

    config: NGram
    vocabulary: Vocabulary
    counts: NGramCounts
    _rows: dict[Context, Row] = field(default_factory=dict, repr=False)
    _logs: dict[bytes, NDArray[np.float32]] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Its name in rows and messages: ``3-gram kneser-ney``."""
        return f"{self.config.n}-gram {self.config.smoothing}"

    @property
    def language(self) -> Language:
        """The language of the programs to which it was fitted."""
        return self.vocabulary.language

    def __str__(self) -> str:
        total = int(self.counts.counts.sum())
        return f"{self.name} of language {self.language.name!r}, fitted to {total:,} tokens"

    @cached_property
    def _smoothing(self) -> Smoothing:
        return self.config._smoother()

    def row(self, context: Iterable[int]) -> Row:
        """Probability of each token id (V,) after these token ids; shorter contexts are padded with START as fitted.

        Sums to one; with ``mle`` and no floor all are zero after an unknown context.
        """
        size = self.config.n - 1
        padded = (*[START] * size, *context)
        row = self._smoothed(padded[len(padded) - size :])
        floor = self.config.floor
        if not floor:
            return row.copy()
        mixed: Row = (1 - floor) * row + floor / (len(self.vocabulary) - UNPREDICTED)
        mixed[[PAD, START]] = 0.0
        mixed /= mixed.sum()
        return mixed

    def _smoothed(self, context: Context) -> Row:
        found = self._rows.get(context)
        if found is None:
            found = self._smoothing.row(self.counts, context, self._smoothed)
            if len(self._rows) >= _KEPT:
                self._rows.clear()
            self._rows[context] = found
        return found

    def start(self, task: Task) -> _NGramState:
        """The state of one empty prefix; it does not depend on the task."""
        return _NGramState(self, np.full((1, self.config.n - 1), START, dtype=np.int64))

    def _log_row(self, history: NDArray[np.int64]) -> NDArray[np.float32]:
        key = history.tobytes()
        found = self._logs.get(key)
        if found is None:
            with np.errstate(divide="ignore"):
                found = np.log(self.row(history.tolist())).astype(np.float32)
            if len(self._logs) >= _KEPT:
                self._logs.clear()
            self._logs[key] = found
        return found

    def perplexity(self, programs: Iterable[Program]) -> float:
        """exp of the mean of -log p (nats) over the tokens of programs, the END of each counted; no mask.

        Infinite if a token has probability zero, which requires ``floor=0``.

        Raises:
            InputError: for no programs, or one with a token that the vocabulary lacks.
        """
        held_out = corpus(programs, self.language)
        rows, counts = ngrams(encode_programs(held_out, self.vocabulary), self.config.n)
        total, context, probabilities = 0.0, None, np.empty(0)
        for gram, count in zip(rows.tolist(), counts.tolist(), strict=True):
            if gram[:-1] != context:
                context = gram[:-1]
                probabilities = self.row(context)
            p = float(probabilities[gram[-1]])
            total += count * (math.log(p) if p > 0 else -math.inf)
        mean = -total / int(counts.sum())
        return math.exp(mean) if mean < 700 else math.inf

    def to_file(self) -> GuideFile:
        """The content of its file."""
        model = {"ngrams": self.counts.rows.tolist(), "counts": self.counts.counts.tolist()}
        return GuideFile.of(KIND.name, self.config, self.vocabulary, model=model)

    def save(self, path: str | Path) -> None:
        """Write it as JSON, atomically; ``load_guide`` reads it.

        Raises:
            InputError: if the file cannot be written.
        """
        write_guide_file(path, self.to_file())


def _load(file: GuideFile, language: Language) -> NGramGuide:
    """The guide of a file, for the current tokens.

    Raises:
        InputError: for a damaged file, another language or a primitive that changed.
    """
    config = file_settings(KIND, file)
    try:
        kinds = Counter(token.kind for token in file.tokens)
        vocabulary = Vocabulary(language, **{f"{kind}s": kinds[kind] for kind in ("input", "constant", "variable")})
        rows, counts = (np.asarray(file.model[name], dtype=np.int64) for name in ("ngrams", "counts"))
        if rows.ndim != 2 or rows.shape != (len(counts), config.n) or not len(rows):
            raise ValueError(f"{rows.shape} n-grams, {counts.shape} counts")
        if rows.min() < 0 or rows.max() >= len(file.tokens) or counts.min() < 1:
            raise ValueError("token ids or counts out of range")
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise file.damaged(error) from None
    match = file.match(vocabulary)
    if not match.same:
        moved = match.target()[rows]
        kept = (moved >= 0).all(axis=1)
        rows, counts = moved[kept], counts[kept]
        order = np.lexsort(rows.T[::-1])
        rows, counts = rows[order], counts[order]
        if match.added and not config.floor:
            config = replace(config, floor=NGram().floor)  # tokens that were never counted must stay possible
    return NGramGuide(config, vocabulary, NGramCounts(rows, counts, len(vocabulary)))


def _fit(settings: NGram, programs: Iterable[Program], language: Language) -> NGramGuide:
    return settings.fit(programs, language)


@dataclass(frozen=True, slots=True, eq=False)
class _NGramState:
    """B prefixes by their last n - 1 tokens (B, n - 1)."""

    guide: NGramGuide
    history: NDArray[np.int64]

    def log_probs(self) -> NDArray[np.float32]:
        """(B, V) float32, natural log, before any mask."""
        if not len(self.history):
            return np.empty((0, len(self.guide.vocabulary)), dtype=np.float32)
        return np.stack([self.guide._log_row(h) for h in self.history])

    def advance(self, parents: NDArray[Any], tokens: NDArray[Any]) -> _NGramState:
        """The extended prefixes."""
        longer = np.concatenate([self.history[parents], np.asarray(tokens, dtype=np.int64)[:, None]], axis=1)
        return _NGramState(self.guide, longer[:, 1:])


KIND = CountedKind(name="ngram", settings=NGram, fit=_fit, load=_load)
