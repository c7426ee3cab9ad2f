"""Guides that come trained: plugins that say what they are for before anything big is imported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from neurosynth.errors import InputError, UnknownNameError
from neurosynth.extras import installed
from neurosynth.guides.base import RuleGuide, SequenceGuide, WeightedGrammar
from neurosynth.guides.bridge import Bridge
from neurosynth.guides.checkpoint import load_guide
from neurosynth.guides.pcfg import CountedRules
from neurosynth.guides.uniform import Uniform
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.plugins import Plugin, available, load
from neurosynth.tasks.task import Task

__all__ = ["AUTO", "DeferredGuide", "TrainedGuide", "as_rules", "find_guide", "trained_guides"]

AUTO = "auto"
"""The name that takes the best guide there is for the task's language."""


@dataclass(frozen=True)
class TrainedGuide:
    """A guide in a file, as an entry point of the group ``neurosynth.guides`` named ``LANGUAGE-KIND``."""

    name: str
    language: str
    """The language it speaks; the file says which version of it."""
    file: Path
    extra: str | None = None
    """The optional part of the install that loading needs; None for guides that count."""
    automatic: bool = True
    """Whether ``auto`` takes it: False for one that was not measured to bring more than it costs, or less than another."""

    @property
    def usable(self) -> bool:
        """Whether what it needs is installed."""
        return self.extra is None or installed(self.extra)

    def load(self, language: Language | None = None) -> RuleGuide | SequenceGuide:
        """The guide itself.

        Raises:
            InputError: when the file is damaged, for another version of the language, or an extra is missing.
        """
        return load_guide(self.file, language)


_LOADED: dict[tuple[Path, str], RuleGuide] = {}
"""Guides loaded by name in this process: loading one takes longer than asking it."""


@dataclass(frozen=True)
class DeferredGuide:
    """A rule guide that is loaded when it is asked for the first time."""

    trained: TrainedGuide
    language: Language

    @property
    def name(self) -> str:
        """That of the guide behind it."""
        return self.trained.name

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """Load the guide and ask it.

        Raises:
            InputError: where loading or asking it does.
        """
        key = (self.trained.file, self.language.fingerprint)
        if key not in _LOADED:
            _LOADED[key] = as_rules(self.trained.load(self.language), self.language)
        return _LOADED[key].predict(task, grammar)


def trained_guides(language: Language) -> Iterator[TrainedGuide]:
    """The usable guides that plugins bring for a language, those that count first, each kind by name."""
    found = [_trained(p) for name, p in available("guides").items() if name.startswith(f"{language.name}-")]
    usable = [t for t in found if t is not None and t.language == language.name and t.usable]
    yield from sorted(usable, key=lambda t: (t.extra is not None, t.name))


def _trained(plugin: Plugin) -> TrainedGuide | None:
    loaded = plugin.load()
    return loaded if isinstance(loaded, TrainedGuide) else None


def as_rules(guide: RuleGuide | SequenceGuide, language: Language) -> RuleGuide:
    """A guide that gives costs: itself, or bridged, smoothed towards the counts that come with the language."""
    if isinstance(guide, RuleGuide):
        return guide
    loaded = (t.load(language) for t in trained_guides(language) if t.extra is None)
    counted = next((g for g in loaded if isinstance(g, CountedRules)), None)
    return Bridge(guide, prior=Uniform() if counted is None else counted.flat)


def find_guide(name: str, language: Language) -> RuleGuide | SequenceGuide:
    """The guide of a name: a plugin that comes trained (or needs no training), else a file.

    Raises:
        UnknownNameError: for a name that is neither.
        InputError: for a kind that has to be trained first, or where loading it fails.
    """
    if Path(name).suffix in (".json", ".safetensors"):
        return load_guide(name, language)
    known = available("guides")
    if name not in known:
        raise UnknownNameError("guide", name, [AUTO, *known, "FILE.json", "FILE.safetensors"])
    loaded = load("guides", name)
    if isinstance(loaded, TrainedGuide):
        return loaded.load(language)
    guide = loaded() if isinstance(loaded, type) else loaded
    if not isinstance(guide, (RuleGuide, SequenceGuide)):
        raise InputError(
            f"guide {name!r} has to be trained first: neurosynth train {name} --language {language.name} --out FILE, then "
            "--guide FILE"
        )
    return guide
