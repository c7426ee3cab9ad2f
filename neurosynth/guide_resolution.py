"""The guide of a search, and its form: a guide of one kind is bridged for a search that needs the other kind."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from neurosynth.errors import InputError
from neurosynth.guides.base import RuleGuide, SequenceGuide, ValueGuide, WeightedGrammar, within
from neurosynth.guides.bridge import Bridge
from neurosynth.guides.costs import production_costs
from neurosynth.guides.kinds import AnyGuide, load_any_guide
from neurosynth.guides.trained import (
    AUTO,
    GUIDE_SUFFIXES,
    DeferredGuide,
    NamedGuide,
    TrainedGuide,
    as_rules,
    find_guide,
    mixed_names,
    trained_guides,
)
from neurosynth.guides.uniform_tokens import UniformTokens
from neurosynth.language.grammar import Grammar
from neurosynth.language.language import Language
from neurosynth.language.program import Constant
from neurosynth.language.tokens import Vocabulary
from neurosynth.search.base import Search
from neurosynth.tasks.task import Task
from neurosynth.work_clock import clock_seconds

__all__ = ["GuideResolution", "resolve_guide"]

UNIFORM = "uniform"


@dataclass(frozen=True, kw_only=True)
class GuideResolution:
    """The guide in the form for a search."""

    task: Task
    """With the constants for the guide's constant slots."""
    grammar: Grammar
    """With the guide's costs."""
    name: str
    weighted: WeightedGrammar | None = None
    deferred: RuleGuide | None = None
    sequence: SequenceGuide | None = None
    values: ValueGuide | None = None
    at_once: bool = False
    """Whether to ask the deferred guide first."""
    seconds: float = 0.0
    """Seconds spent so far on loading and asking the guide."""
    notes: list[str] = field(default_factory=list)
    """For each guide that was wanted and cannot be used, a sentence with the reason; a deferred guide adds to them."""

    def said(self, *, asked: bool, failed: str = "") -> str:
        """The name of the guide in the result; ``asked``: whether a deferred one was asked, ``failed``: why it could not answer."""
        if self.deferred is None or failed:
            return self.name
        return self.deferred.name if asked else f"{self.name} ({self.deferred.name} not needed)"

    def noted(self, failed: str = "") -> tuple[str, ...]:
        """The notes, with one for a deferred guide that could not answer."""
        if self.deferred is None or not failed:
            return tuple(self.notes)
        return (*self.notes, not_used(self.deferred.name, failed))


def not_used(name: str, why: str) -> str:
    """A sentence for the result and the terminal."""
    return f"guide {name} not used: {why}"


def resolve_guide(
    guide: AnyGuide | str | None,
    task: Task,
    language: Language,
    grammar: Grammar,
    search: Search,
    *,
    seconds: float = math.inf,
) -> GuideResolution:
    """The guide in the form that the search needs.

    A guide that is named, or given, is asked at once, within so many seconds if it accepts a limit; with ``auto``, the search asks it.

    Raises:
        InputError: for an unknown guide, one of another language, or one that cannot guide this search.
    """
    started = clock_seconds()
    known = with_constants(task, language, grammar)
    notes: list[str] = []
    guide = _loaded(guide, language)
    if isinstance(guide, ValueGuide):
        if search.needs == "sequence":
            raise InputError(
                f"search {search.name!r} needs a guide that gives probabilities to tokens, but {guide.name!r} scores values; "
                "use --search auto or bottom-up with this guide"
            )
        seconds = clock_seconds() - started
        return GuideResolution(task=known, grammar=grammar, name=guide.name, values=guide, seconds=seconds)
    if search.needs == "sequence":
        chosen = _sequence(guide, language, search, notes)
        seconds = clock_seconds() - started
        return GuideResolution(
            task=known, grammar=grammar, name=chosen.name, sequence=chosen, seconds=seconds, notes=notes
        )
    if guide is None or guide == AUTO:
        best = next((t for t in _usable(language, notes) if t.automatic), None)
        deferred = DeferredGuide(best, language, notes) if best is not None else None
        return GuideResolution(task=known, grammar=grammar, name=UNIFORM, deferred=deferred, notes=notes)
    if guide == UNIFORM:
        return GuideResolution(task=known, grammar=grammar, name=UNIFORM)
    rules = find_guide(guide, language) if isinstance(guide, str) else guide
    if search.needs == "both" and isinstance(rules, SequenceGuide) and not isinstance(rules, RuleGuide):
        bridge = as_rules(rules, language, notes)
        assert isinstance(bridge, Bridge)
        return GuideResolution(
            task=known,
            grammar=grammar,
            name=UNIFORM,
            deferred=NamedGuide(bridge),
            at_once=True,
            seconds=clock_seconds() - started,
            notes=notes,
        )
    rules = as_rules(rules, language, notes)
    weighted = within(rules, started + seconds - clock_seconds()).predict(known, grammar)
    return GuideResolution(
        task=known,
        grammar=production_costs(weighted),
        name=rules.name,
        weighted=weighted,
        seconds=clock_seconds() - started,
        notes=notes,
    )


def _loaded(guide: AnyGuide | str | None, language: Language) -> AnyGuide | str | None:
    """The guide of a file; other guides are returned unchanged."""
    in_file = isinstance(guide, str) and Path(guide).suffix in GUIDE_SUFFIXES and not mixed_names(guide)
    return load_any_guide(guide, language) if isinstance(guide, str) and in_file else guide


def with_constants(task: Task, language: Language, grammar: Grammar) -> Task:
    """The task with the constants of its grammar, if it has none of its own."""
    if task.constants:
        return task
    own = {c for c, _ in language.constants}
    heads = dict.fromkeys(p.head for p in grammar.productions if isinstance(p.head, Constant))
    return replace(task, constants=tuple(c for c in heads if c not in own))


def _usable(language: Language, notes: list[str]) -> Iterator[TrainedGuide]:
    """The shipped guides that fit a language; a note for each one that ``auto`` would use and cannot."""
    for trained in trained_guides(language):
        why = trained.unusable(language)
        if not why:
            yield trained
        elif trained.automatic:
            notes.append(not_used(trained.name, why))


def _sequence(
    guide: RuleGuide | SequenceGuide | str | None, language: Language, search: Search, notes: list[str]
) -> SequenceGuide:
    if guide is None or guide == AUTO:
        for trained in _usable(language, notes):
            loaded = trained.load(language)
            if isinstance(loaded, SequenceGuide):
                return loaded
        return UniformTokens(Vocabulary(language))
    if guide == UNIFORM:
        return UniformTokens(Vocabulary(language))
    found = find_guide(guide, language) if isinstance(guide, str) else guide
    if not isinstance(found, SequenceGuide):
        raise InputError(
            f"search {search.name!r} needs a guide that gives probabilities to tokens, but {found.name!r} weights productions; use an "
            "n-gram, a recurrent model or a transformer, or --search auto"
        )
    return found
