"""Spaces of small tasks, filled up to a cost, for what works on banks."""

from __future__ import annotations

from collections.abc import Sequence

from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.grammar import Grammar
from neurosynth.search.bottom_up.levels import Levels
from neurosynth.search.bottom_up.run import simplified
from neurosynth.tasks.sygus_reader import read_sygus
from neurosynth.tasks.task import Example, Task

__all__ = ["filled", "right_on", "sygus"]


def sygus(logic: str, function: str, grammar: str, calls: dict[str, str], before: str = "") -> Task:
    """A task with its own grammar: ``calls`` are arguments and the output wanted, as SyGuS writes them."""
    constraints = "\n".join(f"(constraint (= (f {inputs}) {output}))" for inputs, output in calls.items())
    return read_sygus(f"(set-logic {logic})\n{before}\n(synth-fun f {function}\n({grammar}))\n{constraints}", "f.sl")


def filled(grammar: Grammar | None, examples: Sequence[Example], cost: int, *, compiled: bool = True) -> ValueStore:
    """The space of a grammar on examples with all values up to a cost; nothing ends it."""
    assert grammar is not None
    store = ValueStore(
        simplified(grammar),
        [e.inputs for e in examples],
        [e.output for e in examples],
        compiled=compiled,
        max_length=80,
        tick=lambda n: None,
        hit=lambda production, entries: None,
        grow=lambda count: None,
    )
    levels = Levels(store)
    for level in range(1, cost + 1):
        levels.fill(level)
    return store


def right_on(program: object, examples: Sequence[Example]) -> int:
    """The examples a program (or anything called with the inputs) gets right, as a bit mask."""
    assert callable(program)
    found = 0
    for i, e in enumerate(examples):
        value = program(*e.inputs)
        value = tuple(value) if isinstance(value, list) else value
        found |= (type(value) is type(e.output) and value == e.output) << i
    return found
