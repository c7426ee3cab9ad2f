"""Inputs similar to the given ones, on which programs that agree on the examples may disagree."""

from __future__ import annotations

import random
from typing import Any

from neurosynth.tasks.task import Task
from neurosynth.values.registry import domain_of

__all__ = ["chance_inputs", "plausible_inputs", "unseen_inputs"]


def unseen_inputs(task: Task, *, count: int = 24, seed: int = 0) -> list[tuple[Any, ...]]:
    """Up to ``count`` inputs without outputs: the task's unlabelled rows first, then perturbed examples.

    Perturbing keeps the format: letters become letters of the same case, digits digits, words are doubled or dropped,
    columns of two examples are mixed, numbers move a little, lists gain, lose or change an element.
    """
    rng = random.Random(seed)
    seen = {e.inputs for e in task.examples}
    found = [row for row in dict.fromkeys(map(tuple, task.unlabelled)) if row not in seen][:count]
    seen.update(found)
    given = [e.inputs for e in task.examples]
    domains = [domain_of(t) for t in task.parameters]
    for _ in range(count * 8):
        if len(found) >= count:
            break
        base, other = rng.choice(given), rng.choice(given)
        mixed = [b if rng.random() < 0.7 else o for b, o in zip(base, other, strict=True)]
        row = tuple(d.perturb(v, rng) for v, d in zip(mixed, domains, strict=True))
        if row not in seen:
            seen.add(row)
            found.append(row)
    return found


def plausible_inputs(task: Task, *, count: int = 24, seed: int = 0) -> list[tuple[Any, ...]]:
    """Up to ``count`` inputs that could occur in the same table: cells in the form of one row, with words and numbers of others."""
    rng = random.Random(seed)
    given = [*(e.inputs for e in task.examples), *task.unlabelled]
    columns = list(zip(*given, strict=True))
    domains = [domain_of(t) for t in task.parameters]
    known = set(map(tuple, given))
    found: dict[tuple[Any, ...], None] = {}
    for _ in range(count * 4):
        if len(found) >= count:
            break
        base = rng.choice(given)
        row = tuple(d.recombine(v, column, rng) for v, column, d in zip(base, columns, domains, strict=True))
        if row not in known:
            found[row] = None
    return list(found)


def chance_inputs(task: Task, *, count: int = 48, seed: int = 0) -> list[tuple[Any, ...]]:
    """Inputs that look like those of the examples but have no meaning: every letter, digit, number and bit is drawn again."""
    rng = random.Random(seed)
    columns = list(zip(*(e.inputs for e in task.examples), strict=True))
    domains = [domain_of(t) for t in task.parameters]
    return [
        tuple(d.redraw(rng.choice(column), column, rng) for column, d in zip(columns, domains, strict=True))
        for _ in range(count)
    ]
