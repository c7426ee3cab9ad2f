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
from neurosynth.guides.files import GuideFile, write_guide_file
from neurosynth.guides.kinds import CountedKind, file_settings
from neurosynth.guides.token_records import FLOOR
from neurosynth.language.grammar import Grammar, Nonterminal
from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Program
from neurosynth.tasks.task import Task

__all__ = ["BIGRAM_KIND", "KIND", "PCFG", "BigramPCFG", "CountedRules"]

CountTable = Mapping[str, Mapping[str, Mapping[str, float]]]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PCFG:
    """Probabilities of productions, add-k smoothed, which are fitted like this: ``PCFG().fit(programs)``."""

    k: float = 0.5
    """Added to the count of each production; 0 rules out what the corpus lacks."""

    def __post_init__(self) -> None:
        _non_negative("PCFG", k=self.k)

    def fit(self, programs: Iterable[Program], language: Language | str | None = None) -> CountedRules:
        """Count heads by type; inputs of a type count as one, and so do the constants of a task. Raises: InputError: for an empty
        corpus, or if the language is unknown.
        """
        return _fit(programs, language, self.k, None)


@dataclass(frozen=True, kw_only=True)
class BigramPCFG:
    """Probabilities of productions for each (parent primitive, argument position), backing off to those of a PCFG."""

    k: float = 0.5
    """Added to the count of each production in the PCFG used for backing off."""
    strength: float = 3.0
    """Weight of the PCFG, in occurrences of a context."""

    def __post_init__(self) -> None:
        _non_negative("BigramPCFG", k=self.k, strength=self.strength)

    def fit(self, programs: Iterable[Program], language: Language | str | None = None) -> CountedRules:
        """Count heads by type and context; inputs of a type count as one, and so do the constants of a task. Raises: InputError: for an
        empty corpus, or if the language is unknown.
        """
        return _fit(programs, language, self.k, self.strength)


def _non_negative(owner: str, **settings: float) -> None:
    for name, value in settings.items():
        if not 0 <= value < math.inf:
            raise InputError(f"{owner}: {name} is {value}; allowed: 0 or more")


@dataclass(frozen=True, eq=False)
class CountedRules:
    """A fitted PCFG, a :class:`~neurosynth.guides.base.RuleGuide`."""

    language: Language
    counts: CountTable
    """Count by context, place and key; a PCFG without contexts has them, too, and adds them up."""
    k: float
    strength: float | None
    """None for a PCFG without contexts."""
    added: frozenset[str] = frozenset()
    """Primitives (by name) and constants (by key) that the language did not have when the programs were counted."""

    @property
    def name(self) -> str:
        """Its name in rows and messages."""
        return "pcfg" if self.strength is None else "bigram-pcfg"

    @property
    def flat(self) -> CountedRules:
        """The PCFG of the same counts that ignores contexts and leaves a grammar unchanged."""
        return replace(self, strength=None)

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """Probabilities of the productions; with contexts, of a refined grammar that derives the same programs.

        A production without a token (``Start → ntString``) has the weight of the productions that only it leads to.
        """
        places = _Places(grammar, self.language)
        total = _added(self.counts)
        plain = places.masses(total) + self.k
        if self.added:
            plain = self._floored(plain, places)
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

    def _floored(self, masses: Floats, places: _Places) -> Floats:
        """Masses (P,) in which productions that the counts cannot know have at most ``FLOOR`` of the others' mass."""
        new = np.array([key in self.added for key in places.names], dtype=np.bool_)
        known = np.bincount(places.targets, np.where(new, 0.0, masses))[places.targets]
        floored: Floats = np.where(new & (known > 0), np.minimum(masses, FLOOR * known), masses)
        return floored

    def to_file(self) -> GuideFile:
        """The content of its file."""
        settings: PCFG | BigramPCFG
        settings = PCFG(k=self.k) if self.strength is None else BigramPCFG(k=self.k, strength=self.strength)
        return GuideFile.of(self.name, settings, self.language, model={"counts": self.counts})

    def save(self, path: str | Path) -> None:
        """Write it as JSON, atomically; ``load_guide`` reads it.

        Raises:
            InputError: if the file cannot be written.
        """
        write_guide_file(path, self.to_file())


def _fit(
    programs: Iterable[Program], language: Language | str | None, k: float, strength: float | None
) -> CountedRules:
    known = corpus(programs, language)
    counter = Counter(o for program in known for o in occurrences(program, known.language))
    counts: dict[str, dict[str, dict[str, float]]] = {}
    for (context, place, key), count in sorted(counter.items()):
        counts.setdefault(context, {}).setdefault(place, {})[key] = count
    return CountedRules(known.language, counts, k, strength)


def _load(kind: CountedKind, file: GuideFile, language: Language) -> CountedRules:
    """The guide of a file, for the current primitives and constants.

    Raises:
        InputError: for a damaged file, another language or a primitive that changed.
    """
    settings, counts = file_settings(kind, file), file.model.get("counts")
    if not isinstance(counts, dict) or not _is_table(counts):
        raise file.damaged("no table of counts")
    added = frozenset(f"constant {r.meaning}" if r.kind == "constant" else r.name for r in file.match(language).added)
    strength = settings.strength if isinstance(settings, BigramPCFG) else None
    return CountedRules(language, counts, settings.k, strength, added)


def _is_table(counts: dict[str, Any]) -> bool:
    places = [place for context in counts.values() if isinstance(context, dict) for place in context.values()]
    found = [count for place in places if isinstance(place, dict) for count in place.values()]
    nested = all(isinstance(c, dict) for c in counts.values()) and all(isinstance(p, dict) for p in places)
    return nested and all(isinstance(c, (int, float)) and c > 0 for c in found)


def _added(counts: CountTable) -> dict[str, dict[str, float]]:
    """Counts by place and key over all contexts."""
    total: dict[str, dict[str, float]] = {}
    for places in counts.values():
        for place, keys in places.items():
            own = total.setdefault(place, {})
            for key, count in keys.items():
                own[key] = own.get(key, 0) + count
    return total


def _targets(grammar: Grammar) -> NDArray[np.int64]:
    """For each production, the number of its non-terminal (P,)."""
    index: dict[Nonterminal, int] = {}
    return np.array([index.setdefault(p.target, len(index)) for p in grammar.productions], dtype=np.int64)


class _Places:
    """The production of a grammar for each counted key."""

    def __init__(self, grammar: Grammar, language: Language) -> None:
        self.grammar = grammar
        self.targets = _targets(grammar)
        self._keys = [production_key(p, language) for p in grammar.productions]
        heads = (p.head for p in grammar.productions)
        self.names = [h.name if isinstance(h, Primitive) else k for h, k in zip(heads, self._keys, strict=True)]
        """For each production, the primitive's name, or else its key."""
        self._positions: dict[Nonterminal, list[int]] = {}
        for i, p in enumerate(grammar.productions):
            self._positions.setdefault(p.target, []).append(i)
        reached = {n: frozenset(self._reach(n)) for n in self._positions}
        self._owners = {n: self._owned(positions, reached) for n, positions in self._positions.items()}

    def _reach(self, start: Nonterminal) -> Iterable[str]:
        """Keys of the first node that a non-terminal can derive."""
        seen = {start}
        queue = [start]
        for n in queue:  # grows during iteration
            for i in self._positions.get(n, ()):
                key = self._keys[i]
                if key is not None:
                    yield key
                elif self.grammar.productions[i].arguments[0] not in seen:
                    seen.add(self.grammar.productions[i].arguments[0])
                    queue.append(self.grammar.productions[i].arguments[0])

    def _owned(self, positions: list[int], reached: Mapping[Nonterminal, frozenset[str]]) -> dict[str, list[int]]:
        """For each key, the productions of one non-terminal that share its count: its own, or else those that lead to it."""
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
    """Weights that sum to one for each target; if all weights of a target are zero, ``default`` or even ones."""
    sums = np.bincount(targets, weights)[targets]
    sizes = np.bincount(targets)[targets]
    even = 1.0 / sizes if default is None else default
    return np.where(sums > 0, weights / np.where(sums > 0, sums, 1.0), even)


def _log(chances: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        logs: Floats = np.log(chances)
    return logs


def _kind(settings: type[PCFG] | type[BigramPCFG], name: str) -> CountedKind:
    def fit(chosen: PCFG | BigramPCFG, programs: Iterable[Program], language: Language) -> CountedRules:
        return chosen.fit(programs, language)

    def load(file: GuideFile, language: Language) -> CountedRules:
        return _load(kind, file, language)

    kind = CountedKind(name=name, settings=settings, fit=fit, load=load)
    return kind


KIND = _kind(PCFG, "pcfg")
BIGRAM_KIND = _kind(BigramPCFG, "bigram-pcfg")
