"""Probabilities of productions counted in a corpus: a PCFG, and one whose productions depend on parent and argument."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import InputError
from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.contexts import occurrences, place_of, production_key, refine
from neurosynth.guides.corpus import corpus
from neurosynth.guides.files import read_guide, write_guide
from neurosynth.language.grammar import Grammar, Nonterminal
from neurosynth.language.language import Language
from neurosynth.language.program import Program
from neurosynth.tasks.task import Task

__all__ = ["PCFG", "BigramPCFG", "CountedRules"]

KIND = "pcfg"
Table = Mapping[str, Mapping[str, Mapping[str, float]]]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PCFG:
    """Probabilities of productions, add-k smoothed, to be fitted: ``PCFG().fit(programs)``."""

    k: float = 0.5
    """Added to the count of each production; 0 rules out what the corpus never has."""

    def __post_init__(self) -> None:
        _non_negative("PCFG", k=self.k)

    def fit(self, programs: Iterable[Program], language: Language | str | None = None) -> CountedRules:
        """Count heads by type; inputs of a type count as one, and so do the constants a task brings.

        Raises:
            InputError: for an empty corpus, or when nothing tells the language.
        """
        return _fit(programs, language, self.k, None)

    @staticmethod
    def load(path: str | Path, language: Language | None = None) -> CountedRules:
        """The guide of a file that :meth:`CountedRules.save` wrote, of either kind.

        Raises:
            InputError: for a missing, truncated or foreign file, or one for another language.
        """
        return _load(path, language)


@dataclass(frozen=True, kw_only=True)
class BigramPCFG:
    """Probabilities of productions for each (parent primitive, argument position), backing off to those of a PCFG."""

    k: float = 0.5
    """Added to the count of each production in the PCFG backed off to."""
    strength: float = 3.0
    """How many occurrences of a context the PCFG weighs as much as."""

    def __post_init__(self) -> None:
        _non_negative("BigramPCFG", k=self.k, strength=self.strength)

    def fit(self, programs: Iterable[Program], language: Language | str | None = None) -> CountedRules:
        """Count heads by type and context; inputs of a type count as one, and so do the constants a task brings.

        Raises:
            InputError: for an empty corpus, or when nothing tells the language.
        """
        return _fit(programs, language, self.k, self.strength)

    @staticmethod
    def load(path: str | Path, language: Language | None = None) -> CountedRules:
        """The guide of a file that :meth:`CountedRules.save` wrote, of either kind.

        Raises:
            InputError: for a missing, truncated or foreign file, or one for another language.
        """
        return _load(path, language)


def _non_negative(owner: str, **settings: float) -> None:
    for name, value in settings.items():
        if not 0 <= value < math.inf:
            raise InputError(f"{owner}: {name} is {value}; allowed: 0 or more")


@dataclass(frozen=True, eq=False)
class CountedRules:
    """A fitted PCFG, a :class:`~neurosynth.guides.base.RuleGuide`."""

    language: Language
    counts: Table
    """Context, place, key to count; a PCFG without contexts has them too and adds them up."""
    k: float
    strength: float | None
    """None for a PCFG that does not look at contexts."""

    @property
    def name(self) -> str:
        """How rows and messages call it."""
        return "pcfg" if self.strength is None else "bigram-pcfg"

    @property
    def flat(self) -> CountedRules:
        """The PCFG of the same counts, that does not look at contexts and leaves a grammar as it is."""
        return replace(self, strength=None)

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """Probabilities of the productions; with contexts, of a refined grammar that derives the same programs.

        A production without a token of its own (``Start → ntString``) weighs as much as what only it leads to.
        """
        places = _Places(grammar, self.language)
        total = _added(self.counts)
        plain = places.masses(total) + self.k
        chances = _normalised(plain, places.targets)
        if self.strength is None:
            return WeightedGrammar(grammar, _log(chances))
        refined = refine(grammar)
        origins = np.array(refined.origins, dtype=np.int64)
        contexts = dict.fromkeys(refined.contexts)
        masses = {c: places.masses(self.counts[c]) for c in contexts if c in self.counts}
        own = np.array(
            [masses[c][i] if c in masses else 0.0 for c, i in zip(refined.contexts, refined.origins, strict=True)]
        )
        mixed = own + self.strength * chances[origins]
        return WeightedGrammar(refined.grammar, _log(_normalised(mixed, _targets(refined.grammar), chances[origins])))

    def save(self, path: str | Path) -> None:
        """Write it as JSON, whole or not at all.

        Raises:
            InputError: when the file cannot be written.
        """
        model: dict[str, Any] = {"k": self.k, "strength": self.strength, "counts": self.counts}
        write_guide(path, KIND, self.language, model)


def _fit(
    programs: Iterable[Program], language: Language | str | None, k: float, strength: float | None
) -> CountedRules:
    known = corpus(programs, language)
    counter = Counter(o for program in known for o in occurrences(program, known.language))
    counts: dict[str, dict[str, dict[str, float]]] = {}
    for (context, place, key), count in sorted(counter.items()):
        counts.setdefault(context, {}).setdefault(place, {})[key] = count
    return CountedRules(known.language, counts, k, strength)


def _load(path: str | Path, language: Language | None) -> CountedRules:
    kind, language, model = read_guide(path, language)
    if kind != KIND:
        raise InputError(f"{path}: a guide of kind {kind!r}, not {KIND!r}")
    match model:
        case {"k": int() | float() as k, "strength": int() | float() | None as strength, "counts": dict() as counts}:
            _non_negative(str(path), k=k, strength=strength or 0)
            if _is_table(counts):
                return CountedRules(language, counts, k, strength)
    raise InputError(f"{path}: a damaged PCFG; fit the guide again and save it")


def _is_table(counts: dict[str, Any]) -> bool:
    places = [place for context in counts.values() if isinstance(context, dict) for place in context.values()]
    found = [count for place in places if isinstance(place, dict) for count in place.values()]
    nested = all(isinstance(c, dict) for c in counts.values()) and all(isinstance(p, dict) for p in places)
    return nested and all(isinstance(c, (int, float)) and c > 0 for c in found)


def _added(counts: Table) -> dict[str, dict[str, float]]:
    """Counts by place and key over all contexts."""
    total: dict[str, dict[str, float]] = {}
    for places in counts.values():
        for place, keys in places.items():
            own = total.setdefault(place, {})
            for key, count in keys.items():
                own[key] = own.get(key, 0) + count
    return total


def _targets(grammar: Grammar) -> NDArray[np.int64]:
    """For each production a number that its non-terminal goes by (P,)."""
    index: dict[Nonterminal, int] = {}
    return np.array([index.setdefault(p.target, len(index)) for p in grammar.productions], dtype=np.int64)


class _Places:
    """Which production of a grammar each counted key belongs to."""

    def __init__(self, grammar: Grammar, language: Language) -> None:
        self.grammar = grammar
        self.targets = _targets(grammar)
        self._keys = [production_key(p, language) for p in grammar.productions]
        self._positions: dict[Nonterminal, list[int]] = {}
        for i, p in enumerate(grammar.productions):
            self._positions.setdefault(p.target, []).append(i)
        reached = {n: frozenset(self._reach(n)) for n in self._positions}
        self._owners = {n: self._owned(positions, reached) for n, positions in self._positions.items()}

    def _reach(self, start: Nonterminal) -> Iterable[str]:
        """Keys that a non-terminal derives as the first node."""
        seen = {start}
        queue = [start]
        for n in queue:  # grows while it is walked
            for i in self._positions.get(n, ()):
                key = self._keys[i]
                if key is not None:
                    yield key
                elif self.grammar.productions[i].arguments[0] not in seen:
                    seen.add(self.grammar.productions[i].arguments[0])
                    queue.append(self.grammar.productions[i].arguments[0])

    def _owned(self, positions: list[int], reached: Mapping[Nonterminal, frozenset[str]]) -> dict[str, list[int]]:
        """For each key the productions of one non-terminal that share its count: its own, else those that lead to it."""
        owned: dict[str, list[int]] = {}
        for i in positions:
            key = self._keys[i]
            if key is not None:
                owned.setdefault(key, []).append(i)
        direct = set(owned)
        for i in positions:
            if self._keys[i] is None:
                for key in sorted(reached.get(self.grammar.productions[i].arguments[0], frozenset()) - direct):
                    owned.setdefault(key, []).append(i)
        return owned

    def masses(self, counts: Mapping[str, Mapping[str, float]]) -> Floats:
        """The count of each production (P,), from counts by place and key."""
        masses = np.zeros(len(self._keys))
        for n, owners in self._owners.items():
            for key, count in counts.get(place_of(n.type, n.scope), {}).items():
                positions = owners.get(key, ())
                for i in positions:
                    masses[i] += count / len(positions)
        return masses


def _normalised(weights: Floats, targets: NDArray[np.int64], default: Floats | None = None) -> Floats:
    """Weights that sum to one for each target; where all of a target's are zero, ``default`` or evenly."""
    sums = np.bincount(targets, weights)[targets]
    sizes = np.bincount(targets)[targets]
    even = 1.0 / sizes if default is None else default
    return np.where(sums > 0, weights / np.where(sums > 0, sums, 1.0), even)


def _log(chances: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        logs: Floats = np.log(chances)
    return logs
