"""One search for several tasks whose programs have the same inputs: everything that it computes serves all of them.

Tasks without inputs (drawings, towers) are such tasks: the candidates are the same, and only the goals differ. If a
language defines which values can be part of an output, the search keeps the values that can be part of the output of
any task.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from neurosynth.engine.backends.base import Backend, backend_of
from neurosynth.engine.limits import Memory, MemoryCap, Quota
from neurosynth.engine.store.batch import DONE
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.grammar import Grammar
from neurosynth.language.program import Program
from neurosynth.search.base import Limits, StopReason
from neurosynth.search.bottom_up.enumeration import simplified
from neurosynth.search.bottom_up.levels import Levels
from neurosynth.search.clock import Clock
from neurosynth.search.examples import fits_words, max_length
from neurosynth.tasks.checking import failing
from neurosynth.tasks.task import Task
from neurosynth.work_clock import CANDIDATE, spend

__all__ = ["FoundTogether", "Together", "same_inputs"]

_LOOK = 8
"""Number of batches between two checks for solutions."""


@dataclass(frozen=True, slots=True)
class FoundTogether:
    """The first program that is right on one of the tasks."""

    task: str
    """Its key."""
    program: Program
    tried: int
    """Number of candidates so far, for all tasks together."""
    seconds: float
    """Seconds since the search began."""


class Together:
    """Searches for programs of all tasks, in the order of their costs."""

    def __init__(self, tasks: Mapping[str, Task], grammar: Grammar, limits: Limits) -> None:
        """
        Args:
            tasks: by any key; all of one type, and with the same inputs in every example.
            grammar: of the programs of every one of them, with the costs that set the order.
            limits: of the whole search.

        Raises:
            ValueError: for tasks whose types or inputs differ.
        """
        shapes = {(t.type, tuple(e.inputs for e in t.examples)) for t in tasks.values()}
        if len(shapes) != 1:
            raise ValueError(f"{len(shapes)} kinds of inputs; one search is for tasks with the same inputs")
        self.open = dict(tasks)
        """The tasks without a program yet."""
        self.tried = 0
        self.stop = StopReason.EXHAUSTED
        """Why it ended."""
        self._clock, self._quota = Clock(limits.seconds), Quota(limits.max_programs)
        self._most = limits.max_programs
        self._memory = Memory(limits.max_memory)
        goals = [tuple(e.output for e in t.examples) for t in tasks.values()]
        examples = [e for t in tasks.values() for e in t.examples]
        store = ValueStore(
            simplified(grammar),
            [e.inputs for e in next(iter(tasks.values())).examples],
            goals[0],
            others=goals[1:],
            compiled=all(map(fits_words, examples)),
            max_length=max_length(examples),
            memory=self._memory,
            quota=self._quota,
            patience=0,  # on Python objects, a test of parts takes a hundred times as long for each of the tasks
        )
        self._backend: Backend = backend_of(store)
        self._levels = Levels(self._backend)
        self._numbers = {key: number for number, key in enumerate(tasks)}
        self._wrong: dict[str, Program] = {}
        """Programs that matched a task's output key, but are wrong on it."""

    def run(self) -> Iterator[FoundTogether]:
        """Yield solutions as they are found; ends at a limit, or when every task has a program."""
        try:
            yield from self._found()
        except (MemoryCap, MemoryError):
            self.stop = StopReason.MEMORY

    def figures(self) -> dict[str, Any]:
        """Candidates tried, seconds, and the stop reason."""
        return {"tried": self.tried, "seconds": round(self._clock.elapsed, 2), "stop": self.stop.value}

    def _found(self) -> Iterator[FoundTogether]:
        cost = batches = 0
        while cost < self._levels.bound:
            cost += 1
            self._levels.open(cost)
            for batch in self._levels.fill(cost):
                self.tried += batch.tried
                self._quota.take(batch.tried)
                spend(CANDIDATE * batch.tried)
                batches += 1
                if batch is DONE or not batches % _LOOK:
                    yield from self._look()
                if stop := self._stop():
                    yield from self._look()
                    self.stop = StopReason.SOLVED if not self.open else stop
                    return
        yield from self._look()

    def _stop(self) -> StopReason | None:
        if not self.open:
            return StopReason.SOLVED
        if self._clock.left <= 0:
            return StopReason.TIME
        if self._most is not None and self.tried >= self._most:
            return StopReason.PROGRAMS
        self._memory.take(0)
        return None

    def _look(self) -> Iterator[FoundTogether]:
        """Programs of tasks whose outputs are in the banks now."""
        store = self._backend.store
        for key, task in list(self.open.items()):
            goal = tuple(e.output for e in task.examples)
            for target in sorted(store.goals, key=str):
                entry = self._backend.find(target, goal)
                if entry is None:
                    continue
                program = store.program(target, entry)
                if self._wrong.get(key) == program:
                    continue
                if failing(program, task.examples):
                    self._wrong[key] = program
                    continue
                del self.open[key]
                for test in store.parts.values():
                    test.forget(self._numbers[key])  # values that are part of no other output are no longer kept
                yield FoundTogether(key, program, self.tried, self._clock.elapsed)
                break


def same_inputs(tasks: Mapping[str, Task]) -> Sequence[Mapping[str, Task]]:
    """Groups of at least two tasks with one type and the same inputs; tasks with a separate grammar are in none."""
    groups: dict[object, dict[str, Task]] = {}
    for key, task in tasks.items():
        if task.grammar is None:
            shape = task.type, tuple(e.inputs for e in task.examples), task.constants
            groups.setdefault(shape, {})[key] = replace(task, test_examples=())
    return [group for group in groups.values() if len(group) > 1]
