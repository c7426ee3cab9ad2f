"""What the tests of guides share: a small language of chains, corpora, a guide with random scores."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import Arrow

TASK = Task([example(3, output=4), example(5, output=6)])


def numbers() -> Language:
    """Two constants and two primitives on integers: few programs of few tokens."""
    language = Language("numbers")

    @language.primitive(name="+")
    def add(a: int, b: int) -> int:
        """Sum."""
        return a + b

    @language.primitive
    def neg(a: int) -> int:
        """Minus."""
        return -a

    language.constant(0, "int")
    language.constant(1, "int")
    return language


def parsed(language: Language, *texts: str) -> list[Program]:
    """Programs from their texts."""
    return [parse_program(text, language) for text in texts]


def grammar_of(language: Language, task: Task = TASK) -> Grammar:
    """The language's grammar for a task's type."""
    assert isinstance(task.type, Arrow)
    return compile_grammar(language, task.type)


def programs_within(grammar: Grammar, tokens: int) -> set[Program]:
    """Every program of up to that many tokens, where each production that has a token costs 1."""
    return {p for cost in range(1, tokens + 1) for p in grammar.enumerate(cost)}


@dataclass(frozen=True, eq=False)
class Noise:
    """A sequence guide whose scores depend on the whole prefix and on nothing else: no two prefixes are alike."""

    vocabulary: Vocabulary
    seed: int = 0
    spread: float = 1.0
    name: str = field(default="noise", init=False)

    def start(self, task: Task) -> _NoiseState:
        """One empty prefix."""
        return _NoiseState(self, [()])


@dataclass(frozen=True, eq=False)
class _NoiseState:
    guide: Noise
    prefixes: list[tuple[int, ...]]

    def log_probs(self) -> NDArray[np.float32]:
        """(B, V) scores, normalised."""
        scores = np.stack([self._row(p) for p in self.prefixes])
        rows: NDArray[np.float32] = np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), np.float32)
        return rows

    def _row(self, prefix: tuple[int, ...]) -> NDArray[np.float64]:
        rng = np.random.default_rng([self.guide.seed, *prefix])
        return rng.normal(scale=self.guide.spread, size=len(self.guide.vocabulary))

    def advance(self, parents: NDArray[Any], tokens: NDArray[Any]) -> _NoiseState:
        """The longer prefixes."""
        pairs = zip(parents.tolist(), tokens.tolist(), strict=True)
        return _NoiseState(self.guide, [(*self.prefixes[p], t) for p, t in pairs])
