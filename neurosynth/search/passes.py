"""Passes of a search over banks: first on few examples and on Python objects, and again if that is not enough. A task with many
examples is searched on some of them and verified on all; a program that is wrong on another example adds it (counterexample guided:
Solar-Lezama et al., ASPLOS 2006). Small tasks never wait for compiled loops.
"""

from __future__ import annotations

from collections.abc import Sequence

from neurosynth.engine.backends.base import Backend, backend_of
from neurosynth.engine.kernels.cache import compiled_before, ready
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.grammar import Grammar
from neurosynth.language.program import Program
from neurosynth.search.clock import Clock
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.examples import choose_examples, fits_words, max_length
from neurosynth.search.runner import Runner, Status
from neurosynth.work_clock import is_counted

__all__ = ["Passes", "patient"]


def patient(object_cells: int, policy: PortfolioConfig) -> int:
    """Number of values to compute on objects before compiled loops take over; larger if those start with a wait."""
    if is_counted():  # what is loaded or compiled already differs from run to run
        return object_cells
    times = policy.cold if not compiled_before() else 1 if ready() else policy.unloaded
    return round(times * object_cells)


class Passes:
    """Chooses the examples and the backend of each pass, and makes the stores one after the other."""

    def __init__(self, run: Runner, *, examples: int, object_cells: int, compiled: bool) -> None:
        """
        Args:
            run: what runs the search.
            examples: searched on at first.
            object_cells: values to compute on Python objects before compiled loops take over.
            compiled: False keeps to Python objects throughout.
        """
        self.run, self.clock = run, run.clock
        self.examples = list(run.request.task.examples)
        self.chosen = choose_examples(self.examples, examples)
        self.backend: Backend | None = None
        self.compiled = False
        self.count = 0
        """Number of passes begun."""
        self.began = Mark(run)
        self._object_cells, self._may_compile = object_cells, compiled

    def begin(self, grammar: Grammar) -> Backend:
        """A new store on the chosen examples. The previous one is dropped, except for its closest program."""
        self.drop()
        self.count += 1
        self.began = Mark(self.run)
        chosen = [self.examples[i] for i in self.chosen]
        store = ValueStore(
            grammar,
            [e.inputs for e in chosen],
            [e.output for e in chosen],
            compiled=self.compiled and all(fits_words(e) for e in self.examples),
            max_length=max_length(self.examples),
            memory=self.run.memory,
            quota=self.run.quota,
        )
        self.backend = backend_of(store)
        return self.backend

    def drop(self) -> None:
        """Release the memory of the last store."""
        if self.backend is not None:
            self.run.note_near(self.near()[0])
            self.run.stats.values_kept += self.backend.store.kept
        self.backend = None

    def near(self) -> tuple[Program | None, float]:
        """The program that is right on most examples of the search, and the share of them."""
        if self.backend is None:
            return None, 0.0
        store = self.backend.store
        share, production, entries = store.best
        return (store.build(production, entries), share) if production is not None else (None, 0.0)

    def status(self, **more: object) -> Status:
        """The status that all searches over banks report."""
        near, share = self.near()
        kept = self.backend.store.kept if self.backend is not None else 0
        return Status(
            values_kept=kept,
            passes=self.count,
            pass_began=self.began.elapsed,
            searched_on=len(self.chosen),
            near=near,
            near_share=share,
            **more,  # type: ignore[arg-type]
        )

    def widen(self, failed: Sequence[int]) -> bool:
        """Add up to a third more examples, from ``failed``; False if all are in use already."""
        fresh = [i for i in failed if i not in self.chosen]
        if fresh:
            most = max(1, len(self.chosen) // 3)
            self.chosen = self.chosen + fresh[:: max(1, len(fresh) // most)][:most]
        return bool(fresh)

    def compile(self) -> bool:
        """Use compiled loops in the next pass, once the share of objects is used up."""
        backend = self.backend
        due = backend is not None and not self.compiled and self._may_compile
        if due and backend is not None and backend.object_cells > self._object_cells:
            self.compiled = True
            return True
        return False


class Mark:
    """The moment at which a pass began."""

    def __init__(self, run: Runner) -> None:
        clock: Clock = run.clock
        self.elapsed, self.worked, self.tried = clock.elapsed, clock.worked, run.stats.programs_tried
