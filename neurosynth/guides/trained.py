"""Trained guides: plugins whose language is known before anything large is imported."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from neurosynth.errors import InputError, UnknownNameError
from neurosynth.guides.base import KnowsUsual, RuleGuide, SequenceGuide, WeightedGrammar, within
from neurosynth.guides.bodies import WithBodies
from neurosynth.guides.bridge import Bridge
from neurosynth.guides.files import GuideFile, read_guide_file
from neurosynth.guides.kinds import CountedKind, NeuralKind, find_kind, load_guide
from neurosynth.guides.mixture import Mixture
from neurosynth.guides.pcfg import CountedRules
from neurosynth.guides.uniform import Uniform
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.plugins import Plugin, available, load
from neurosynth.tasks.task import Task
from neurosynth.work_clock import clock_seconds

GUIDE_SUFFIXES = (".json", ".safetensors")
"""Suffixes of guide files."""

__all__ = [
    "AUTO",
    "GUIDE_SUFFIXES",
    "DeferredGuide",
    "NamedGuide",
    "TrainedGuide",
    "as_rules",
    "find_guide",
    "mixed_names",
    "trained_guides",
]

G = TypeVar("G")

AUTO = "auto"
"""The name that chooses the best available guide for the task's language."""


@dataclass(frozen=True)
class TrainedGuide:
    """A guide in a file, as an entry point of the group ``neurosynth.guides`` whose name begins with ``LANGUAGE-``."""

    name: str
    language: str
    """Its language; the file records the primitives with which it was trained."""
    file: Path
    automatic: bool = False
    """Whether ``auto`` uses it: a guide that reads the task and was measured to be worth its cost."""
    bodies: Path | None = None
    """A second guide of tokens, for the bodies of functions; see :class:`~neurosynth.guides.bodies.WithBodies`."""
    usual: Path | None = None
    """A guide of productions for the parts that the language declares as usual (:meth:`neurosynth.Language.usual`)."""

    def unusable(self, language: Language) -> str:
        """Why it cannot be used with a language in its current state; empty if it can."""
        try:
            header = _header(self.file)
            kind = find_kind(header.kind)
        except InputError as error:
            return str(error)
        if kind.absent:
            return f"{kind.absent} not installed"
        return header.mismatch(language)

    def load(self, language: Language | None = None) -> RuleGuide | SequenceGuide:
        """The guide itself.

        Raises:
            InputError: if the file is damaged, a primitive has changed since, or an extra is missing.
        """
        guide = load_guide(self.file, language)
        if self.bodies is None and self.usual is None:
            return guide
        programs = _of_tokens(self.name, guide)
        bodies = programs if self.bodies is None else _of_tokens(self.bodies.stem, load_guide(self.bodies, language))
        return WithBodies(programs, bodies, _kept_usual(self, language))

    def load_usual(self, language: Language | None = None) -> RuleGuide | None:
        """The guide of usual parts, without the others; None if there is none.

        Raises:
            InputError: as for ``load``, or if it gives probabilities to tokens.
        """
        if self.usual is None:
            return None
        guide = load_guide(self.usual, language)
        if not isinstance(guide, RuleGuide):
            raise InputError(
                f"guide {self.usual.stem!r} gives probabilities to tokens; allowed: a guide of productions"
            )
        return guide


_LOADED: dict[Path, tuple[Language, str, Any]] = {}
"""For each file, the guide that was loaded last, with its language: loading one takes longer than asking it."""


@lru_cache(maxsize=64)
def _header_at(file: Path, changed: int) -> GuideFile:
    return read_guide_file(file, tensors=False)


def _header(file: Path) -> GuideFile:
    return _header_at(file, file.stat().st_mtime_ns if file.exists() else 0)


def _kept(trained: TrainedGuide, language: Language) -> RuleGuide | SequenceGuide:
    return _kept_file(trained.file, language, trained.load)


def _kept_usual(trained: TrainedGuide, language: Language | None) -> RuleGuide | None:
    if trained.usual is None or language is None:
        return trained.load_usual(language)
    return _kept_file(trained.usual, language, trained.load_usual)


def _kept_file(file: Path, language: Language, load_it: Callable[[Language], G]) -> G:
    known = _LOADED.get(file)
    if known is None or known[0] is not language or known[1] != language.fingerprint:
        known = _LOADED[file] = language, language.fingerprint, load_it(language)
    guide: G = known[2]
    return guide


@dataclass(frozen=True)
class DeferredGuide:
    """A rule guide that is loaded on first use."""

    trained: TrainedGuide
    language: Language
    notes: list[str] = field(default_factory=list)
    """Receives the reason why counts for smoothing cannot be used."""
    seconds: float = math.inf
    """Maximum time of an answer, including loading, in seconds."""

    @property
    def name(self) -> str:
        """The name of the guide behind it."""
        return self.trained.name

    def within(self, seconds: float) -> DeferredGuide:
        """The same guide, whose ``predict`` ends by then and answers with what it has."""
        return replace(self, seconds=seconds)

    def bridged(self) -> Bridge | None:
        """The bridge from it to costs; None for a guide that gives costs itself.

        Raises:
            InputError: if loading it fails.
        """
        rules = self._rules()
        return rules if isinstance(rules, Bridge) else None

    def usual(self) -> RuleGuide | None:
        """The guide of usual parts, without loading the others.

        Raises:
            InputError: if loading it fails.
        """
        return _kept_usual(self.trained, self.language)

    def _rules(self) -> RuleGuide:
        return as_rules(_kept(self.trained, self.language), self.language, self.notes)

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """Load the guide and ask it.

        Raises:
            InputError: if loading or asking it fails.
        """
        begun = clock_seconds()
        rules = self._rules()
        return within(rules, begun + self.seconds - clock_seconds()).predict(task, grammar)


@dataclass(frozen=True)
class NamedGuide:
    """A guide of tokens that the user named, for a search that derives costs from it itself."""

    bridge: Bridge

    @property
    def name(self) -> str:
        """The name of the guide behind it."""
        return self.bridge.name

    def bridged(self) -> Bridge:
        """The bridge."""
        return self.bridge

    def usual(self) -> RuleGuide | None:
        """The guide of usual parts that comes with it."""
        return self.bridge.guide.usual() if isinstance(self.bridge.guide, KnowsUsual) else None

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """As in the bridge."""
        return self.bridge.predict(task, grammar)


def trained_guides(language: Language) -> Iterator[TrainedGuide]:
    """The guides for a language: the shipped ones, then those of plugins, for the nearest base that has any.

    Of plugins, those that ``auto`` may use come first, each kind by name.
    """
    yield from (TrainedGuide(file.stem, language.name, file, automatic=True) for file in language.guide_files)
    for name in (language.name, *language.extends):
        found = [_trained(p) for plugin, p in available("guides").items() if plugin.startswith(f"{name}-")]
        own = [t for t in found if t is not None and t.language == name]
        if own:
            yield from sorted(own, key=lambda t: (not t.automatic, t.name))
            return


def _trained(plugin: Plugin) -> TrainedGuide | None:
    loaded = plugin.load()
    return loaded if isinstance(loaded, TrainedGuide) else None


def as_rules(guide: RuleGuide | SequenceGuide, language: Language, notes: list[str] | None = None) -> RuleGuide:
    """A guide that gives costs: the guide itself, or bridged and smoothed towards the counts of the language.

    The reason why these counts cannot be used is added to ``notes``.
    """
    if isinstance(guide, RuleGuide):
        return guide
    return Bridge(guide, prior=_prior(language, [] if notes is None else notes))


def _prior(language: Language, notes: list[str]) -> RuleGuide:
    for trained in trained_guides(language):
        if trained.automatic:
            continue
        why = trained.unusable(language)
        if why:
            note = f"guide {trained.name} not used: {why}"
            notes += [note] if note not in notes else []
            continue
        if isinstance(find_kind(_header(trained.file).kind), CountedKind):
            counted = _kept(trained, language)
            if isinstance(counted, CountedRules):
                return counted.flat
    return Uniform()


def mixed_names(name: str) -> list[str]:
    """The names in ``NAME+NAME``; empty for the name of a single guide, or of a file with a ``+`` in its name."""
    if "+" not in name or name in available("guides") or Path(name).exists():
        return []
    return name.split("+")


def _of_tokens(name: str, guide: RuleGuide | SequenceGuide) -> SequenceGuide:
    if not isinstance(guide, SequenceGuide):
        raise InputError(
            f"guide {name!r} weights productions and cannot be combined with another; allowed: guides that give probabilities to tokens"
        )
    return guide


def find_guide(name: str, language: Language) -> RuleGuide | SequenceGuide:
    """The guide of a name: a plugin that is trained (or needs no training), or else a file, or several of these mixed.

    Raises:
        UnknownNameError: for a name that is neither.
        InputError: for a kind that must be trained first, if loading it fails, or for guides that cannot be mixed.
    """
    if parts := mixed_names(name):
        return Mixture(tuple(_of_tokens(part, find_guide(part, language)) for part in parts))
    if Path(name).suffix in GUIDE_SUFFIXES:
        return load_guide(name, language)
    known = available("guides")
    if name not in known:
        raise UnknownNameError("guide", name, [AUTO, *known, "FILE.json", "FILE.safetensors", "GUIDE+GUIDE"])
    loaded = load("guides", name)
    if isinstance(loaded, TrainedGuide):
        return loaded.load(language)
    if isinstance(loaded, (CountedKind, NeuralKind)):
        raise InputError(
            f"guide {name!r} has to be trained first: neurosynth train {name} --language {language.name} --out FILE, then "
            "--guide FILE"
        )
    guide = loaded() if isinstance(loaded, type) else loaded
    if not isinstance(guide, (RuleGuide, SequenceGuide)):
        raise InputError(
            f"plugin {name!r} (guides) is a {type(guide).__name__}; allowed: a guide, a kind of guide, or a trained guide"
        )
    return guide
