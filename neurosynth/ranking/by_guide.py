"""Ranking by a guide's probabilities of programs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from neurosynth.errors import InputError
from neurosynth.guides.base import RuleGuide, SequenceGuide
from neurosynth.guides.decoding import MAX_TOKENS, program_logprobs
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.guides.pcfg import CountedRules
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.program import Program
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task

__all__ = ["ByGuide", "logprob", "logprobs"]


def logprobs(
    programs: Iterable[Program],
    task: Task,
    guide: RuleGuide | SequenceGuide,
    grammar: Grammar,
    *,
    max_tokens: int = MAX_TOKENS,
) -> list[float | None]:
    """Natural log of the probability of programs for a task; None for a program that the grammar does not derive.

    For a sequence guide, it is that of the tokens under the mask of programs of at most ``max_tokens`` tokens (None for a longer one);
    for a rule guide, that of the likeliest derivation.

    Raises:
        InputError: if the grammar's shortest program has more than ``max_tokens`` tokens.
    """
    if isinstance(guide, SequenceGuide):
        return program_logprobs(guide, task, grammar, programs, max_tokens=max_tokens)
    weighted = guide.predict(task, grammar)
    return [derivation_logprob(weighted, program) for program in programs]


def logprob(
    program: Program,
    task: Task,
    guide: RuleGuide | SequenceGuide,
    grammar: Grammar,
    *,
    max_tokens: int = MAX_TOKENS,
) -> float | None:
    """:func:`logprobs` of one program."""
    return logprobs([program], task, guide, grammar, max_tokens=max_tokens)[0]


@dataclass(frozen=True)
class ByGuide:
    """The most probable program first, by any guide; equally probable ones by size, then tokens."""

    guide: RuleGuide | SequenceGuide
    language: Language | None = None
    """The language of the programs; needed only for a rule guide without one, such as ``Uniform``."""
    max_tokens: int = MAX_TOKENS
    """For sequence guides: a longer program scores -inf."""

    @property
    def name(self) -> str:
        """Its name in rows and messages."""
        return f"by {self.guide.name}"

    def rank(self, task: Task, programs: Iterable[Program]) -> list[tuple[Program, float]]:
        """Programs with their log-probability (nats), -inf for those that the grammar does not derive; the best first.

        Raises: InputError: if the language of the programs is unknown.

        """
        given = list(programs)
        grammar = task_grammar(task, self._language())
        found = logprobs(given, task, self.guide, grammar, max_tokens=self.max_tokens)
        scored = [(p, -math.inf if score is None else score) for p, score in zip(given, found, strict=True)]
        return sorted(scored, key=lambda row: (-row[1], row[0]))

    def _language(self) -> Language:
        if self.language is not None:
            return self.language
        if isinstance(self.guide, SequenceGuide):
            return self.guide.vocabulary.language
        if isinstance(self.guide, CountedRules):
            return self.guide.language
        raise InputError(f"ByGuide: guide {self.guide.name!r} does not say whose programs it ranks; give language=")
