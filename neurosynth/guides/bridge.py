"""From a sequence guide to the costs of productions: how a model that writes programs steers enumeration.

The programs decoded for a task show which productions its solution probably uses. Their uses are counted, weighted by the probability
of each program and by the number of examples on which it is right, and smoothed, so that every program stays in the space.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from neurosynth.errors import InputError
from neurosynth.guides.base import RuleGuide, SequenceGuide, WeightedGrammar
from neurosynth.guides.contexts import refine
from neurosynth.guides.decoding import MAX_TOKENS, Decoded, beam, decoded_weight
from neurosynth.guides.derivations import Derivations
from neurosynth.guides.uniform import Uniform
from neurosynth.language.grammar import Grammar, Nonterminal
from neurosynth.tasks.task import Task
from neurosynth.work_clock import clock_seconds

__all__ = ["Bridge"]


@dataclass(frozen=True)
class Bridge:
    """A rule guide made of a sequence guide: decode under the grammar, run on the examples, count productions."""

    guide: SequenceGuide
    width: int = field(default=128, kw_only=True)
    """Number of programs decoded, which is the width of the beam."""
    smoothing: float = field(default=3.0, kw_only=True)
    """Weight of the prior of each non-terminal, in programs: the larger, the closer costs stay to those of the prior."""
    strength: float = field(default=10.0, kw_only=True)
    """Weight of all decoded programs together, in programs."""
    contextual: bool = field(default=False, kw_only=True)
    """Whether a production's probability depends on the parent and the argument position."""
    prior: RuleGuide = field(default_factory=Uniform, kw_only=True)
    """The prior towards which counts are smoothed."""
    max_tokens: int = field(default=MAX_TOKENS, kw_only=True)
    """Maximum number of tokens of a decoded program."""
    seconds: float = field(default=math.inf, kw_only=True)
    """Maximum time of an answer, in seconds; the answer then uses the programs decoded by then."""

    def __post_init__(self) -> None:
        if self.width < 1:
            raise InputError(f"Bridge: width is {self.width}; allowed: 1 or more programs")
        for name in ("smoothing", "strength"):
            value = getattr(self, name)
            if not 0 < value < np.inf:
                raise InputError(f"Bridge: {name} is {value}; allowed: a positive number of programs")

    @property
    def name(self) -> str:
        """The name of the guide behind it."""
        return self.guide.name

    def within(self, seconds: float) -> Bridge:
        """The same bridge, whose ``predict`` ends by then and answers with what it has."""
        return replace(self, seconds=seconds)

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """Probabilities of the productions for this task, and the decoded programs that are right on every example.

        Raises:
            InputError: if the grammar's shortest program has more than ``max_tokens`` tokens, or the task does not fit into the model's
                window.
        """
        deadline = clock_seconds() + self.seconds
        decoded = beam(self.guide, task, grammar, width=self.width, max_tokens=self.max_tokens, deadline=deadline)
        return self.weighted(task, grammar, list(decoded), deadline=deadline)

    def weighted(
        self, task: Task, grammar: Grammar, decoded: Sequence[Decoded], *, deadline: float = math.inf
    ) -> WeightedGrammar:
        """The same from programs that were decoded before or found in another way; those not counted by the ``deadline`` are left
        out."""
        base = self.prior.predict(task, refine(grammar).grammar if self.contextual else grammar)
        counts = self._counts(base, decoded, deadline)
        right = tuple(d.program for d in decoded if d.matches)
        share = max((d.share for d in decoded), default=0.0)
        return WeightedGrammar(base.grammar, self._smoothed(base, counts), right, len(decoded), share)

    def _counts(self, base: WeightedGrammar, decoded: Sequence[Decoded], deadline: float) -> np.ndarray:
        """(P,) uses of each production; the weights of the programs sum to ``strength`` if all are counted in time."""
        counts = np.zeros(len(base.logprobs))
        if not decoded:
            return counts
        logs = np.array([decoded_weight(d.logprob, d.share) for d in decoded])
        weights = np.exp(logs - logs.max())
        derivations = Derivations(base)
        for d, weight in zip(decoded, (self.strength * weights / weights.sum()).tolist(), strict=True):
            if clock_seconds() > deadline:
                break
            found = derivations.best(d.program)
            if found is not None:
                np.add.at(counts, np.array(found.productions, dtype=np.int64), weight)
        return counts

    def _smoothed(self, base: WeightedGrammar, counts: np.ndarray) -> np.ndarray:
        """(P,) natural log: counts plus ``smoothing`` times the prior, normalised for each non-terminal."""
        index: dict[Nonterminal, int] = {}
        targets = np.array([index.setdefault(p.target, len(index)) for p in base.grammar.productions], dtype=np.int64)
        mixed = counts + self.smoothing * np.exp(base.logprobs)
        logs: np.ndarray
        with np.errstate(divide="ignore"):
            logs = np.log(mixed / np.bincount(targets, mixed)[targets])
        return logs
