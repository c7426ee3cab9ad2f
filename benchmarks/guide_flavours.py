"""What the tasks of a pool are drawn from: parts of a language, long chains, and the bodies of functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

import numpy as np

from neurosynth.guides.base import WeightedGrammar
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Grammar, Nonterminal
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Program
from neurosynth.tasks.task import Example, Task
from neurosynth.training.drawn import presentable
from neurosynth.training.inputs import draw_profile, draw_rows
from neurosynth.training.shapes import default_weights
from neurosynth.values.registry import domain_of

__all__ = ["BODIES", "FLAVOURS", "LONG", "Drawn", "Flavours", "as_calls"]

_FEWEST_CALLS = 4
"""Calls of a function whose body is learned from."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SMTLIB = _names(
    "str.++ str.at str.substr str.replace str.len str.indexof str.prefixof str.suffixof str.contains + - int.to.str "
    "str.to.int ite ="
)
_SLICING = _names(
    "str.++ str.substr str.take str.drop str.before str.after str.field str.word str.letters str.number str.at str.upper "
    "str.lower str.title str.capitalize str.replace str.indexof str.len + - str.initials str.trim str.only_digits"
)
_PIPELINES = _names(
    "map filter zipwith scan count take drop sort reverse head last minimum maximum sum access + - * div min2 max2 even odd "
    "> < = if neg abs mod"
)
FLAVOURS: dict[str, tuple[tuple[frozenset[str] | None, float], ...]] = {
    "strings": ((None, 0.35), (_SMTLIB, 0.3), (_SLICING, 0.35)),
    "lists": ((None, 0.5), (_PIPELINES, 0.5)),
}
"""Of each language the parts of it that tasks are sampled from, with their shares: small ones as published tasks use."""


@dataclass(frozen=True)
class Drawn:
    """Primitives, numbers of applications and request types that tasks are drawn from."""

    names: frozenset[str]
    sizes: tuple[int, int]
    types: tuple[str, ...]


LONG = {
    "lists": Drawn(
        _PIPELINES,
        (3, 13),
        (
            *("list int -> list int",) * 4, *("list int -> list int -> list int",) * 3, "list int -> int",
            "list int -> list int -> int", "int -> list int -> list int", "list int -> int -> list int",
        ),
    )
}  # fmt: skip
"""Long chains of a few primitives, lambdas that mostly apply one: every third part of a pool is drawn from them.

A step of a pipeline is two applications, ``map`` and what it maps, so that few programs of eight have four steps."""

BODIES = {
    "lists": Drawn(
        _names(
            "+ - * div mod neg abs min2 max2 even odd > < >= <= = not and or if head last access minimum maximum sum product "
            "length is_empty contains index"
        ),
        (1, 5),
        (
            *("int -> int",) * 4, *("int -> bool",) * 3, *("int -> int -> int",) * 4, *("int -> int -> bool",) * 3,
            *("int -> int -> int -> int",) * 3, "int -> int -> int -> bool", "int -> list int -> int",
            "int -> list int -> bool", "int -> int -> list int -> int", "list int -> int", "list int -> bool",
        ),
    )
}  # fmt: skip
"""What the bodies of functions are made of: a guide of them alone needs a tenth of the tokens, and its values are numbers."""


@dataclass(frozen=True)
class Flavours:
    """A prior that leaves out parts of a language, others for each chunk of tasks: what few programs use gets its turn."""

    language: str
    long: bool = False
    """Draw from :data:`LONG`."""
    bodies: bool = False
    """Draw from :data:`BODIES`."""
    name: str = "flavours"

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """The plain weights, those of primitives outside the flavour of this task made small."""
        if self.bodies:
            return WeightedGrammar(grammar, _logprobs(grammar, BODIES[self.language].names, others=1e-5))
        if self.long:
            return WeightedGrammar(grammar, _logprobs(grammar, LONG[self.language].names, short_lambdas=True))
        rng = Random(repr([e.inputs for e in task.examples]))
        kinds = FLAVOURS.get(self.language, ((None, 1.0),))
        (chosen,) = rng.choices([k for k, _ in kinds], weights=[w for _, w in kinds])
        return WeightedGrammar(grammar, _logprobs(grammar, chosen))


@lru_cache(maxsize=512)
def _logprobs(
    grammar: Grammar, chosen: frozenset[str] | None, short_lambdas: bool = False, others: float = 0.01
) -> np.ndarray:
    weights = np.array(default_weights(grammar))
    applied = np.array([isinstance(p.head, Primitive) for p in grammar.productions])
    if chosen is not None:
        weights[applied & [getattr(p.head, "name", "") not in chosen for p in grammar.productions]] *= others
    if short_lambdas:
        weights[applied & [bool(p.target.scope) for p in grammar.productions]] *= 0.1
    totals: dict[Nonterminal, float] = {}
    for p, w in zip(grammar.productions, weights.tolist(), strict=True):
        totals[p.target] = totals.get(p.target, 0.0) + w
    found: np.ndarray = np.log(weights / np.array([totals[p.target] for p in grammar.productions]))
    return found


def as_calls(
    drawn: Iterable[tuple[Task, Program]], rng: Random, times: int, most: int
) -> Iterator[tuple[Task, Program]]:
    """Each program on several other rows of inputs: the calls of a function are elements of lists, of any range."""
    evaluator = Evaluator()
    for task, program in drawn:
        for _ in range(times):
            profile = draw_profile(rng, task.parameters)
            if rng.random() < 0.7:
                profile = replace(profile, roles=tuple("value" for _ in profile.roles))
            rows = draw_rows(rng, profile, rng.randint(_FEWEST_CALLS, most))
            examples = [Example(row, evaluator.run(program, row)) for row in rows]
            outputs = {e.output for e in examples}
            shown = UNDEFINED not in outputs and all(presentable(domain_of(program.type), o) for o in outputs)
            if shown and len(outputs) > 1 and len(rows) >= _FEWEST_CALLS:
                yield replace(task, examples=tuple(examples), test_examples=()), program
