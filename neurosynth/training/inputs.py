"""Inputs for sampled tasks: rows of values that share a profile, per type or drawn from given tasks.

A *profile* fixes what the examples of one task have in common: the range of numbers and the lengths of lists, the
format of texts.  ``R`` is a number of rows; a row holds one value an input.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from neurosynth.errors import InputError
from neurosynth.language.drawn import InputGenerator
from neurosynth.language.language import Language
from neurosynth.language.program import Constant
from neurosynth.tasks.task import Task
from neurosynth.values.domain import Domain, NotInDomain, parts
from neurosynth.values.formats import text_format
from neurosynth.values.frozen import typed_key
from neurosynth.values.registry import added_types, domain_of, element_type, is_known, requests_of
from neurosynth.values.style import Range, Style
from neurosynth.values.types import Arrow, Size, Type, TypeConstructor, is_ground, parse_type

__all__ = [
    "Profile",
    "default_types",
    "draw_constants",
    "draw_profile",
    "draw_rows",
    "given_rows",
    "parts_of_type",
    "probe_rows",
]

Row = tuple[Any, ...]


_RANGES = (
    Range(-50, 50, 0, 12),
    Range(-50, 50, 0, 5),
    Range(-50, 50, 1, 6),
    Range(-10, 10, 0, 6),
    Range(-256, 256, 1, 10),
    Range(-256, 256, 15, 20),
    Range(-15, 15, 10, 20),
    Range(0, 9, 0, 10),
    Range(0, 16, 0, 8),
    Range(0, 16, 0, 8),
    Range(0, 5, 1, 10),
    Range(0, 99, 1, 8),
    Range(-9, 9, 2, 8),
)
_OTHER_RANGE_SHARE = 0.3
"""Of the inputs after the first, those whose numbers have a range of their own."""
_ATTEMPTS = 8
"""Draws of a row before a repeated one is given up."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the rows of one task have in common."""

    parameters: tuple[Type, ...]
    styles: tuple[Style, ...]
    """Of each input."""
    roles: tuple[str, ...]
    """What each input that counts stands for: ``position``, ``element`` of a list beside it, or ``value``."""
    generators: tuple[InputGenerator | None, ...] = ()
    """Of each input what makes its values; None, or nothing at all: its domain does."""

    def row(self, rng: Random) -> Row:
        """One value an input."""
        row: list[Any] = [None] * len(self.parameters)
        domains = [domain_of(t) for t in self.parameters]
        later = [i for i, d in enumerate(domains) if d.counts]  # an element is drawn from a list that is there
        for i in [*(i for i in range(len(row)) if i not in later), *later]:
            row[i] = self._value(rng, domains[i], i, row)
        return tuple(row)

    def _value(self, rng: Random, domain: Domain, position: int, row: Sequence[Any]) -> Any:
        generator = self.generators[position] if self.generators else None
        if generator is not None:
            return _generated(generator, domain, rng, Random(self.styles[position].seed))
        if domain.counts and self.roles[position] == "position":
            return rng.randint(0, 6)
        if domain.counts and self.roles[position] == "element":
            lists = [v for v, t in zip(row, self.parameters, strict=True) if v and element_type(t) == domain.type]
            if lists and rng.random() < 0.7:
                return rng.choice(rng.choice(lists))
        return domain.sample(rng, self.styles[position])


def _generated(generator: InputGenerator, domain: Domain, rng: Random, column: Random) -> Any:
    value = generator(rng, column)
    try:
        return domain.accept(value)
    except NotInDomain as error:
        name = getattr(generator, "__name__", repr(generator))
        raise InputError(
            f"the generator {name!r} of inputs of type {domain.type} made something else: {error}; allowed: {domain.json_form}"
        ) from None


def draw_profile(
    rng: Random, parameters: Sequence[Type], generators: Mapping[Type, InputGenerator] | None = None
) -> Profile:
    """A profile at random for inputs of these types; ``generators`` are the language's own, by type."""
    own = tuple((generators or {}).get(t) for t in parameters)
    shared, numbers = text_format(rng), rng.choice(_RANGES)
    ranges = [
        numbers if i == 0 or rng.random() > _OTHER_RANGE_SHARE else rng.choice(_RANGES) for i in range(len(parameters))
    ]
    roles = tuple(rng.choice(("position", "position", "element", "value")) for _ in parameters)
    texts = [shared if i == 0 or rng.random() < 0.4 else text_format(rng) for i in range(len(parameters))]
    bits = rng.choice(("any", "any", "small", "sparse", "runs"))
    seeds = [
        rng.getrandbits(32) if made is not None or _styled(domain_of(t)) else 0
        for t, made in zip(parameters, own, strict=True)
    ]
    styles = tuple(Style(n, text, bits, seed) for n, text, seed in zip(ranges, texts, seeds, strict=True))
    return Profile(tuple(parameters), styles, roles, own)


def _styled(domain: Domain) -> bool:
    return domain.styled or (domain.element is not None and _styled(domain.element))


def draw_rows(rng: Random, profile: Profile, count: int) -> list[Row]:
    """Up to ``count`` different rows; fewer where the profile has no more."""
    found: dict[Any, Row] = {}
    for _ in range(count * _ATTEMPTS):
        if len(found) == count:
            break
        row = profile.row(rng)
        found.setdefault(typed_key(row), row)
    return list(found.values())


def probe_rows(
    parameters: Sequence[Type], count: int, generators: Mapping[Type, InputGenerator] | None = None
) -> list[Row]:
    """``count`` rows of many profiles, always the same for the same types: what behaviour is compared on."""
    rng = Random(f"probe {' '.join(map(str, parameters))}")
    return [draw_profile(rng, parameters, generators).row(rng) for _ in range(count)]


def given_rows(rng: Random, tasks: Sequence[Task], count: int) -> tuple[list[Row], Task]:
    """Up to ``count`` different input rows of a task drawn at random, and that task; all have the same input types.

    Where it has too few, rows of other tasks follow.
    """
    order = rng.sample(tasks, k=len(tasks))
    found: dict[Any, Row] = {}
    for task in order:
        rows = [e.inputs for e in (*task.examples, *task.test_examples)]
        rng.shuffle(rows)
        for row in rows[: count - len(found)]:
            found.setdefault(typed_key(row), row)
        if len(found) == count:
            break
    return list(found.values()), order[0]


def draw_constants(rng: Random, language: Language, request: Type, rows: Sequence[Row]) -> list[Constant]:
    """Constants a task of this kind brings along, beyond the language's: texts found in its inputs, bit masks."""
    parameters = request.parameters if isinstance(request, Arrow) else ()
    types = sorted(set(parts_of_type(request)), key=_order)
    names = {t.name for t in types}
    found: list[Constant] = []
    for t in types:
        seen = [v for row in rows for p, value in zip(parameters, row, strict=True) for v in _parts(p, value, t)]
        found += [Constant(value, t) for value in domain_of(t).task_constants(rng, seen, names)]
    known = {c for c, _ in language.constants}
    return [c for c in found if c not in known]


def _order(t: TypeConstructor) -> tuple[bool, str]:
    """Sized types last, which is the order constants were always drawn in."""
    return any(isinstance(a, Size) for a in t.arguments), str(t)


def _parts(t: Type, value: Any, wanted: Type) -> Iterator[Any]:
    """The values of a type inside a value."""
    return (v for domain, v in parts(domain_of(t), value) if domain.type == wanted)


def parts_of_type(t: Type) -> Iterator[TypeConstructor]:
    """The types of values that a request type mentions: parameters, result, elements of lists."""
    if isinstance(t, Arrow):
        for part in (*t.parameters, t.result):
            yield from parts_of_type(part)
    elif isinstance(t, TypeConstructor):
        yield t
        for argument in t.arguments:
            if not isinstance(argument, Size):
                yield from parts_of_type(argument)


_TELLING, _PLAIN = ("list", "string", "bitvec"), ("int", "bool")
"""Types whose requests suit a language over them and others, the first that is there; and those asked last."""


def default_types(language: Language) -> tuple[str, ...]:
    """Request types that suit a language, by what its primitives take and give; one given twice counts twice.

    A language says itself which do, or has types of its own and is asked for what its primitives over them do.

    Raises:
        InputError: for a language whose primitives take and give nothing that is known.
    """
    if language.requests:
        return language.requests
    usable = [p for p in language.primitives.values() if p.enumerated]
    found = {part.name for p in usable for part in parts_of_type(p.type)}
    shipped = [name for name in (*_TELLING, *_PLAIN) if name in found]
    others = found & added_types() or (found - {*_PLAIN} if not found & {*_TELLING} else set())
    asked = [p.type for p in usable if isinstance(p.type, Arrow) and is_ground(p.type)]
    own = [str(t) for t in asked if _first_order(t) and others & {part.name for part in parts_of_type(t)}]
    if own or shipped:
        return tuple(dict.fromkeys(own)) or (*requests_of(shipped[0]), *_nested(language, requests_of(shipped[0])))
    raise InputError(
        f"language {language.name!r} has no default request types: its primitives take and give nothing of a known "
        "type; name types to sample"
    )


def _nested(language: Language, usual: Sequence[str]) -> Iterator[str]:
    """Requests over types of a language's primitives that the usual ones do not mention: lists of lists, tables of texts.

    Each such type is an input of tasks that ask for every type its primitives give, itself first.
    """
    mentioned = {part for text in usual for part in parts_of_type(parse_type(text))}
    found: dict[TypeConstructor, dict[TypeConstructor, None]] = {}
    for p in language.primitives.values():
        if not isinstance(p.type, Arrow):
            continue
        given = [t for t in p.type.parameters if isinstance(t, TypeConstructor) and is_ground(t)]
        for t in dict.fromkeys(given):
            made_of_others = len(list(parts_of_type(t))) > 1  # of bool -> bool there are four functions
            if made_of_others and t not in mentioned and is_known(t) and isinstance(p.type.result, TypeConstructor):
                found.setdefault(t, {})[t] = None
                if is_ground(p.type.result):
                    found[t][p.type.result] = None
    for t, results in found.items():
        yield from (f"{t} -> {result}" for result in results)


def _first_order(t: Arrow) -> bool:
    return not any(isinstance(p, Arrow) for p in t.parameters)
