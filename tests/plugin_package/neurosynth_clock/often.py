"""The kind of guide ``often``: primitives are as likely as they were often in the programs, wherever they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from neurosynth import Grammar, Language, Primitive, Program, Task
from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.files import GuideFile
from neurosynth.guides.kinds import CountedKind, file_settings


@dataclass(frozen=True, kw_only=True)
class Often:
    """Settings."""

    more: float = 1.0
    """Added to each count."""


@dataclass(frozen=True)
class OftenGuide:
    """A rule guide."""

    settings: Often
    language: Language
    counts: Mapping[str, int]
    name: str = "often"

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """Of each non-terminal's productions the share of its count; what is not a primitive has no count."""
        names = (p.head.name if isinstance(p.head, Primitive) else "" for p in grammar.productions)
        masses = [self.counts.get(name, 0) + self.settings.more for name in names]
        totals: Counter[object] = Counter()
        for production, mass in zip(grammar.productions, masses, strict=True):
            totals[production.target] += mass  # type: ignore[assignment]  # counters count in floats, too
        shares = [m / totals[p.target] for p, m in zip(grammar.productions, masses, strict=True)]
        return WeightedGrammar(grammar, np.log(shares))

    def to_file(self) -> GuideFile:
        """What to write of it."""
        return GuideFile.of("often", self.settings, self.language, model={"counts": dict(self.counts)})


def fit(settings: Often, programs: Iterable[Program], language: Language) -> OftenGuide:
    """Count."""
    nodes = (node for program in programs for node in program.subprograms())
    return OftenGuide(settings, language, Counter(n.head for n in nodes if n.head in language.primitives))


def load(file: GuideFile, language: Language) -> OftenGuide:
    """The guide of a file; primitives that were removed lose their counts."""
    gone = {record.name for record in file.match(language).dropped}
    counts = {name: count for name, count in file.model["counts"].items() if name not in gone}
    return OftenGuide(file_settings(KIND, file), language, counts)


KIND = CountedKind(name="often", settings=Often, fit=fit, load=load)
