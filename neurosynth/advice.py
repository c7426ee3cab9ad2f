"""What a search found, and what could be changed about a task that was not solved, or not as it was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Constant, Program
from neurosynth.ranking.agreement import cases
from neurosynth.ranking.questions import Question
from neurosynth.search.base import Limits, Stats, StopReason, StrategyUse
from neurosynth.search.candidates import Find
from neurosynth.search.explored import Explored
from neurosynth.tasks.task import Example, Task
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Type

__all__ = ["Findings", "GuideReport", "many", "short", "shown", "suggestions"]

WIDE = 28
"""Characters of a value in a table."""


@dataclass(frozen=True, kw_only=True)
class GuideReport:
    """What a guide did in a search."""

    name: str
    asked: bool = True
    """False where a deferred guide was not needed."""
    seconds: float = 0.0
    wrote: tuple[Program, ...] = ()
    """Programs right on every example that it wrote itself."""
    tried: int = 0
    """Programs it wrote and ran in all."""
    share: float | None = None
    """Share of the examples that the best of those gets right; None where none was run."""
    notes: tuple[str, ...] = ()
    """Why one that was wanted was not used."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What an explanation is made of."""

    task: Task
    search: str
    stop: StopReason
    limits: Limits
    stats: Stats
    programs: tuple[Program, ...] = ()
    """Those returned, the best first."""
    others: tuple[Program, ...] = ()
    """All that are right on every example, also those that are not returned."""
    closest: Program | None = None
    suspects: frozenset[Program] = frozenset()
    """Programs that may be right by chance."""
    sources: Mapping[Program, str] = field(default_factory=dict)
    strategies: Mapping[str, StrategyUse] = field(default_factory=dict)
    explored: Explored | None = None
    guide: GuideReport
    confidence: float = 0.0
    reasons: Sequence[tuple[str, float]] = ()
    """What each feature of the evidence adds to the log odds of the confidence, what says most first."""
    question: Question | None = None
    finds: Sequence[Find] = ()
    """When each program was found, for searches that tell."""


def suggestions(
    f: Findings, *, wrong: Sequence[Example], held_out: Sequence[Example], unread: Sequence[int]
) -> list[str]:
    """What could be changed, what is most likely to help first.

    Args:
        f: what was found.
        wrong: the examples that the closest program is wrong on.
        held_out: the held-out examples that the best program is wrong on.
        unread: the inputs that nothing which was found reads.
    """
    found: list[str] = []
    if held_out and f.programs:
        found.append(f"Give {held_out[0]} as an example too: the program is wrong there.")
    if f.question is not None and f.programs:
        given = ", ".join(shown(v, t) for v, t in zip(f.question.inputs, f.task.parameters, strict=True))
        found.append(f"Give the output for {given}: the programs found disagree there (confidence {f.confidence:.0%}).")
    if f.programs:
        best = f.programs[0]
        if best in f.suspects or (cases(best) > 1 and 2 * cases(best) > len(f.task.examples)):
            found.append(
                "Give more examples that differ: a program can fit so few by coincidence, or with one case for each."
            )
        elif len(f.task.examples) == 1:
            found.append("Give a second example that differs: very many programs fit a single example.")
    else:
        if f.closest is not None and len(wrong) == 1 and len(f.task.examples) > 2:
            found.append(f"Check the example {wrong[0]}: the closest program is right on all others.")
        found += _missing_texts(f)
        found += _limits(f)
    # a constant reads no input at all, and the advice above is about those
    for i in unread if len(unread) < f.task.arity else ():
        name = f.task.inputs[i].name or f.task.inputs[i].head
        found.append(f"Leave out input {name}, or give examples in which it matters: no program found reads it.")
    if len({e.output for e in f.task.examples}) == 1 and len(f.task.examples) > 1:
        found.append("Give examples with different outputs: all outputs are equal, so a constant fits them.")
    return found


def _limits(f: Findings) -> list[str]:
    """What to raise, and how far the next level is."""
    explored, stats = f.explored, f.stats
    match f.stop:
        case StopReason.EXHAUSTED:
            return ["Add a primitive or a constant to the language: no program is left to try."]
        case StopReason.MEMORY:
            return [f"Raise max_memory, which is {f.limits.max_memory:g} GB, or give fewer constants."]
        case StopReason.PROGRAMS:
            return [f"Raise max_programs, which is {f.limits.max_programs:,}."]
        case StopReason.TIME if explored is not None and stats.programs_per_second:
            seconds = explored.next_level / stats.programs_per_second
            far = (
                "within reach"
                if seconds < 60 * f.limits.seconds
                else "out of reach: add a constant or a primitive instead"
            )
            needed = f"the next cost level takes about {many(round(seconds))} s at this rate ({far})"
            return [f"Raise the time limit, which is {f.limits.seconds:g} s: {needed}."]
        case StopReason.TIME:
            return [f"Raise the time limit, which is {f.limits.seconds:g} s."]
    return []


def _missing_texts(f: Findings) -> list[str]:
    """Texts that stand in outputs, and neither in the inputs nor in a constant: a program can hardly make them."""
    known = {c.value for c in f.task.constants if isinstance(c.value, str)}
    if f.explored is not None:
        heads = (p.head for p in f.explored.grammar.productions)
        known |= {h.value for h in heads if isinstance(h, Constant) and isinstance(h.value, str)}
    found: dict[str, None] = {}
    for e in f.task.examples:
        if not isinstance(e.output, str):
            return []
        inputs = [v for v in e.inputs if isinstance(v, str)]
        if not inputs:
            return []
        text = ""
        for ch in [*e.output, None]:
            # case may be changed, so letters count whatever their case
            if ch is not None and not any(ch.lower() in v.lower() for v in [*inputs, *known]):
                text += ch
            elif text:
                found[text] = None
                text = ""
    return [f"Give {t!r} as a constant: outputs contain it, but no input and no constant does." for t in found][:3]


def shown(value: Any, t: Type) -> str:
    """A value as a person reads it, not too long."""
    if value is UNDEFINED:
        return "undefined"
    domain = domain_of(t)
    return short(repr(value) if isinstance(value, str) else domain.show(domain.freeze(value)))


def short(text: str) -> str:
    return text if len(text) <= WIDE else text[: WIDE - 1] + "…"


def many(count: int) -> str:
    """A number to be read: in full up to a billion, then by its magnitude."""
    return f"{count:,}" if count < 10**9 else f"about 10^{len(str(count)) - 1}"
