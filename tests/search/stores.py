"""Stores of small tasks, filled up to a cost, for what works on banks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from neurosynth.engine.backends.base import Backend, backend_of, view_of
from neurosynth.engine.backends.view import BankView
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.grammar import Grammar
from neurosynth.search.bottom_up.enumeration import simplified
from neurosynth.search.bottom_up.levels import Levels
from neurosynth.search.candidates import Candidate, Step
from neurosynth.tasks.sygus_reader import read_sygus
from neurosynth.tasks.task import Example, Task

__all__ = ["backend_filled", "filled", "right_on", "run_all", "sygus"]


def sygus(logic: str, function: str, grammar: str, calls: dict[str, str], before: str = "") -> Task:
    """A task with its own grammar: ``calls`` are arguments and the output wanted, as SyGuS writes them."""
    constraints = "\n".join(f"(constraint (= (f {inputs}) {output}))" for inputs, output in calls.items())
    return read_sygus(f"(set-logic {logic})\n{before}\n(synth-fun f {function}\n({grammar}))\n{constraints}", "f.sl")


def backend_filled(
    grammar: Grammar | None, examples: Sequence[Example], cost: int, *, compiled: bool = True
) -> Backend:
    """The backend of a store of a grammar on examples with all values up to a cost; nothing ends it."""
    assert grammar is not None
    backend = backend_of(
        ValueStore(
            simplified(grammar),
            [e.inputs for e in examples],
            [e.output for e in examples],
            compiled=compiled,
            max_length=80,
        )
    )
    levels = Levels(backend)
    for level in range(1, cost + 1):
        for _ in levels.fill(level):
            pass
    return backend


def filled(grammar: Grammar | None, examples: Sequence[Example], cost: int) -> BankView:
    """What strategies see of that store, compiled."""
    view = view_of(backend_filled(grammar, examples, cost))
    assert view is not None
    return view


def run_all(steps: Iterable[Step]) -> list[Candidate]:
    """The candidates of a turn that nothing ends."""
    return [step for step in steps if isinstance(step, Candidate)]


def right_on(program: object, examples: Sequence[Example]) -> int:
    """The examples a program (or anything called with the inputs) gets right, as a bit mask."""
    assert callable(program)
    found = 0
    for i, e in enumerate(examples):
        value = program(*e.inputs)
        value = tuple(value) if isinstance(value, list) else value
        found |= (type(value) is type(e.output) and value == e.output) << i
    return found
