"""The examples that a search computes on, and the maximum size of their values."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from neurosynth.engine.constants import WORD_LIMIT
from neurosynth.tasks.task import Example

__all__ = ["choose_examples", "fits_words", "max_length"]


def choose_examples(examples: Sequence[Example], count: int) -> list[int]:
    """Indices of up to ``count`` different examples: the first one, then those with distinct outputs, shortest inputs first."""
    if len(examples) <= count:
        return list(range(len(examples)))
    order = sorted(range(len(examples)), key=lambda i: (len(repr(examples[i].inputs)), i))
    spread = [order[round(k * (len(order) - 1) / (count - 1))] for k in range(count)]
    seen: dict[Any, int] = {}
    for i in itertools.chain([0], spread):
        seen.setdefault((type(examples[i].output), examples[i].output), i)
    chosen = list(dict.fromkeys([0, *seen.values(), *spread]))[:count]
    return sorted(chosen)


def fits_words(example: Example) -> bool:
    """Whether all integers of an example fit the machine words of the search."""

    def fits(value: Any) -> bool:
        if isinstance(value, tuple):
            return all(map(fits, value))
        return not isinstance(value, int) or -WORD_LIMIT <= value <= (1 << 64) - 1

    return all(map(fits, (*example.inputs, example.output)))


def max_length(examples: Sequence[Example]) -> int:
    """The longest string or list that a search keeps: about twice the longest in the examples."""

    def length(value: Any) -> int:
        if isinstance(value, tuple):
            return max([len(value), *map(length, value)])
        return len(value) if isinstance(value, str) else 0

    return 2 * max(length(v) for e in examples for v in (*e.inputs, e.output)) + 32
