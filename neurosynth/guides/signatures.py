"""Property signatures: properties of a task's inputs and output, and relations between them, as numbers for a model. BUSTLE (Odena et
al., 2021): each property is evaluated on every example; over all examples it holds always, never, or sometimes. The properties are
those of the domains and of the language (:mod:`neurosynth.values.properties`). A guide stores them by name, so that a language can gain
and lose some.

Letters: ``K`` properties, ``R`` roles: the output first, then each input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from neurosynth.language.language import Language
from neurosynth.language.value_properties import TypedProperty, TypedRelation
from neurosynth.tasks.task import Task
from neurosynth.values.domain import Domain
from neurosynth.values.registry import domain_of, is_known, requests_of
from neurosynth.values.types import (
    Arrow,
    Size,
    Type,
    TypeConstructor,
    is_ground,
    parse_type,
    substitute,
    type_variables,
)

__all__ = ["ANSWERS", "MOST_EXAMPLES", "Signatures", "property_names"]

ANSWERS = 3
"""The answers for a property over all examples: always, never, sometimes."""
MOST_EXAMPLES = 24
"""Number of examples evaluated, from the first on."""
_MISSING = "missing"

Answer = tuple[int, Callable[..., bool]]
"""Number of a property or relation, and the function that evaluates it."""


class Signatures:
    """The properties that a guide knows, each with a number.

    An answer is a number from 1: ``1 + ANSWERS · property + answer``; 0 is padding.
    """

    def __init__(self, language: Language, names: Sequence[str] | None = None) -> None:
        """``names``: by number; by default all properties of the language's types."""
        self.names = property_names(language) if names is None else tuple(names)
        self._number = {name: i for i, name in enumerate(self.names)}
        self._more = tuple(language.value_properties)
        self._cached = lru_cache(maxsize=4096)(self._answers)
        self._unary = lru_cache(maxsize=256)(self._of_value)
        self._binary = lru_cache(maxsize=1024)(self._of_pair)

    def __len__(self) -> int:
        return len(self.names)

    def of_task(self, task: Task, inputs: int) -> tuple[tuple[int, ...], ...]:
        """Answers of each role: of the output alone, then of each input alone and with the output; kept for 4,096 tasks.

        ``inputs``: the maximum number of inputs.
        """
        return self._cached(task, inputs)

    def _answers(self, task: Task, inputs: int) -> tuple[tuple[int, ...], ...]:
        shown = task.examples[:MOST_EXAMPLES]
        output = domain_of(task.output_type)
        outputs = [e.output for e in shown]
        found = [self.of_values(output, outputs)]
        for i, t in enumerate(task.parameters[:inputs]):
            found.append(self.of_input(domain_of(t), [e.inputs[i] for e in shown], output, outputs))
        return tuple(found)

    def of_input(
        self, domain: Domain, values: Sequence[Any], output: Domain, outputs: Sequence[Any]
    ) -> tuple[int, ...]:
        """Answers about values, one for each example, alone and with the outputs."""
        alone = self.of_values(domain, values)
        pairs = [(a, b) for a, b in zip(values, outputs, strict=True) if _whole(a) and _whole(b)]
        return (*alone, *_asked(self._binary(domain, output), pairs)) if pairs else alone

    def of_values(self, domain: Domain, values: Sequence[Any]) -> tuple[int, ...]:
        """Answers about values, one for each example, alone."""
        there = [(v,) for v in values if _whole(v)]
        missing = self._number.get(_MISSING)
        found = _asked(self._unary(domain), there) if there else ()
        if missing is None or len(there) == len(values):
            return found
        return (*found, 1 + ANSWERS * missing + (2 if there else 0))

    def _of_value(self, domain: Domain) -> tuple[Answer, ...]:
        own = [q.holds_of for q in self._more if isinstance(q, TypedProperty) and q.type == domain.type]
        return self._numbered((*domain.properties, *own))

    def _of_pair(self, domain: Domain, output: Domain) -> tuple[Answer, ...]:
        own = [q.holds_of for q in self._more if isinstance(q, TypedRelation) and q.types == (domain.type, output.type)]
        return self._numbered((*domain.relations(output), *own))

    def _numbered(self, properties: Iterable[Any]) -> tuple[Answer, ...]:
        return tuple((self._number[q.name], q.holds) for q in properties if q.name in self._number)


def _whole(value: Any) -> bool:
    """Whether neither the value nor an element of it is missing."""
    return value is not None and not (isinstance(value, tuple) and any(not _whole(v) for v in value))


def _asked(properties: Sequence[Answer], rows: Sequence[tuple[Any, ...]]) -> tuple[int, ...]:
    found = []
    for number, holds in properties:
        yes = sum(1 for row in rows if holds(*row))
        found.append(1 + ANSWERS * number + (0 if yes == len(rows) else 1 if yes == 0 else 2))
    return tuple(found)


def property_names(language: Language) -> tuple[str, ...]:
    """Names of the properties and relations over the types of a language, sorted: those of its domains and its own."""
    domains = [domain_of(t) for t in _types(language)]
    names = {_MISSING, *(q.name for q in language.value_properties)}
    for domain in domains:
        names.update(p.name for p in domain.properties)
        for other in domains:
            names.update(r.name for r in domain.relations(other))
    return tuple(sorted(names))


def _types(language: Language) -> list[Type]:
    """The types of the values of a language's primitives, with variables replaced by types without arguments."""
    found: dict[Type, None] = {}
    open_types: dict[Type, None] = {}
    for p in language.primitives.values():
        for part in _parts(p.type):
            (found if is_ground(part) else open_types)[part] = None
    plain = [t for t in found if isinstance(t, TypeConstructor) and not t.arguments and is_known(t)]
    for part in open_types:
        for t in plain:
            found[substitute(part, dict.fromkeys(type_variables(part), t))] = None
    for name in sorted({t.name for t in found if isinstance(t, TypeConstructor)}):
        for text in (*requests_of(name), *language.requests):
            for part in _parts(parse_type(text)):
                found[part] = None
    return sorted((t for t in found if is_known(t)), key=str)


def _parts(t: Type) -> Iterable[Type]:
    if isinstance(t, Arrow):
        for part in (*t.parameters, t.result):
            yield from _parts(part)
    elif isinstance(t, TypeConstructor):
        yield t
        for argument in t.arguments:
            if not isinstance(argument, Size):
                yield from _parts(argument)
