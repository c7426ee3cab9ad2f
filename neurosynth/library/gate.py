"""Gate: an abstraction is kept if tasks from which it was not made need no more candidates with it than without.

Each compared language gets a separate guide, fitted to the same solutions rewritten in it, and the same limit on candidates. All
abstractions are judged together first, then one by one: those without which the rest does better are dropped (raw abstractions can
hurt: LILO, Grand et al., ICLR 2024).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from neurosynth.bench.jobs import Executor
from neurosynth.bench.runner import RunProgress
from neurosynth.guides.files import write_guide_file
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction, Library, library_language, library_text
from neurosynth.language.macros import rewritten
from neurosynth.language.program import Apply
from neurosynth.library.config import LearnConfig
from neurosynth.library.described import Solved
from neurosynth.library.dream import fit_rules
from neurosynth.library.skeletons import learned_of
from neurosynth.library.stitch import node_cost
from neurosynth.library.wake import Speaker, Tally, solve_all, tally
from neurosynth.search.base import Limits
from neurosynth.tasks.files import write_text
from neurosynth.tasks.task import Task

__all__ = ["Gate", "GateVerdict"]

_LONGER = 4.0
"""Factor for the time of a task compared with the wake phase, because the limit here is on candidates."""
_SLACK = 0.02
"""Number of bits by which candidates may rise without consequences: productions of equal cost change their order."""


@dataclass(frozen=True, kw_only=True)
class GateVerdict:
    """The gate's decision."""

    kept: tuple[LearnedAbstraction, ...]
    refused: Mapping[str, str] = field(default_factory=dict)
    """The measurements against each dropped abstraction, by name."""
    without: Tally | None = None
    """The held-out tasks with the previous language."""
    with_: Tally | None = None
    """The held-out tasks with the kept abstractions."""
    note: str = ""


@dataclass
class Gate:
    """Judges abstractions over one language."""

    library: Library
    """The language without them."""
    base: Language
    solutions: Sequence[Solved]
    """The solutions in the base's words: guides are fitted to them after rewriting."""
    tasks: Sequence[tuple[str, Task]]
    """The tasks from which the abstractions were not made."""
    config: LearnConfig
    executor: Executor
    folder: Path
    note: Callable[[str], None]
    show: Callable[[str, RunProgress], None] = lambda what, progress: None
    spent: float = field(default=0.0, init=False)
    """Counted seconds of all tasks so far."""

    def judge(self, abstractions: Sequence[LearnedAbstraction]) -> GateVerdict:
        """Which of them are kept; later ones may use earlier ones."""
        if not self.tasks or not abstractions:
            return GateVerdict(kept=tuple(abstractions), note="" if abstractions else "nothing to judge")
        without = self._measured((), "without")
        kept, refused = list(abstractions), dict[str, str]()
        best = self._measured(kept, "all")
        order = sorted(kept, key=lambda a: a.bits)
        if not _no_worse(best, without):
            # together they cost more than they gain: begin with none, and let each prove useful
            kept, best = [], without
            for abstraction in sorted(abstractions, key=lambda a: -a.bits):
                if self.spent > self.config.gate_seconds:
                    refused[abstraction.name] = "not judged in time"
                    continue
                trial = _with(abstractions, kept, abstraction)
                now = self._measured(trial, f"with-{abstraction.name}")
                if _no_worse(now, best):
                    kept, best = trial, now
                else:
                    refused[abstraction.name] = _said(now, best)
            refused = {name: why for name, why in refused.items() if name not in {a.name for a in kept}}
            return GateVerdict(kept=tuple(kept), refused=refused, without=without, with_=best)
        for abstraction in order:
            if self.spent > self.config.gate_seconds or len(kept) == 1:
                break
            if abstraction not in kept or _needed(abstraction, kept, self.base, self.library):
                continue
            others = [a for a in kept if a is not abstraction]
            now = self._measured(others, f"without-{abstraction.name}")
            if _better(now, best):
                refused[abstraction.name] = _said(best, now)
                kept, best = others, now
        return GateVerdict(kept=tuple(kept), refused=refused, without=without, with_=best)

    def _measured(self, abstractions: Sequence[LearnedAbstraction], name: str) -> Tally:
        """The held-out tasks in the language with some abstractions, under a separate guide."""
        grown = replace(self.library, abstractions=(*self.library.abstractions, *abstractions))
        file, guide = self.folder / f"{name}.library.json", self.folder / f"{name}.guide.json"
        write_text(file, library_text(grown))
        language = library_language(grown, self.base)
        macros = learned_of(language)
        programs = [rewritten(s.program, macros, node_cost) for s in self.solutions]
        write_guide_file(guide, fit_rules(programs, language).to_file())
        speaker = Speaker(
            language=grown.name,
            library=file,
            guide=str(guide),
            search=self.config.search,
            alone=True,  # what the base solves in reserve says nothing about an abstraction
        )
        limits = Limits(
            seconds=_LONGER * self.config.seconds,
            max_programs=self.config.gate_programs,
            max_memory=self.config.max_memory,
        )
        running = solve_all(
            speaker.jobs(self.tasks, limits, self.config.seed, counted=True),
            self.executor,
            self.folder / f"{name}.jsonl",
            self.note,
        )
        while True:
            try:
                progress, _ = next(running)
            except StopIteration as done:
                self.spent += sum(float(row.stats.get("seconds") or 0.0) for row in done.value)
                return tally(done.value, self.config.gate_programs)
            self.show(name, progress)


def _no_worse(now: Tally, before: Tally) -> bool:
    return now.solved >= before.solved and now.effort <= before.effort + _SLACK


def _better(now: Tally, before: Tally) -> bool:
    return now.solved >= before.solved and now.effort < before.effort - _SLACK


def _said(worse: Tally, better: Tally) -> str:
    return (
        f"with it {worse.solved} of {worse.tasks} held-out tasks at 2^{worse.effort:.2f} candidates, "
        f"without it {better.solved} at 2^{better.effort:.2f}"
    )


def _needed(
    abstraction: LearnedAbstraction, kept: Sequence[LearnedAbstraction], base: Language, library: Library
) -> bool:
    """Whether the body of another one applies it."""
    language = library_language(replace(library, abstractions=(*library.abstractions, *kept)), base)
    return any(
        isinstance(node, Apply) and node.primitive.name == abstraction.name
        for other in kept
        if other is not abstraction
        for node in language[other.name].macro.subprograms()
    )


def _with(
    every: Sequence[LearnedAbstraction], kept: Sequence[LearnedAbstraction], one: LearnedAbstraction
) -> list[LearnedAbstraction]:
    """The kept ones and one more, in order, with those that it needs."""
    names = {a.name for a in kept} | {one.name}
    grew = True
    while grew:
        words = {word.strip("()") for a in every if a.name in names for word in a.body.split()}
        more = {a.name for a in every if a.name in words} - names
        names |= more
        grew = bool(more)
    return [a for a in every if a.name in names]
