"""Languages that were learned: a base, and abstractions over it in order, in one JSON file.

    {"library": 1, "name": "lists-learned", "base": {"language": "lists", "fingerprint": "…"},
     "primitives": [{"name": "map_add", "type": "int -> list int -> list int", "body": "(map (lambda (a) (+ a x0)) x1)", …}]}

Names, bodies, types and the order may be changed by hand. Each body is read, typed and run on its examples again when the file is
loaded; a wrong one is refused by name. If the base has changed since, the valid primitives are used, and the others are named.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from neurosynth.errors import InputError, ParseError, nearest
from neurosynth.language.calls import CALLS, has_calls
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.generalise import parse_body
from neurosynth.language.language import Language
from neurosynth.language.macros import macro
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Program
from neurosynth.values.domain import NotInDomain
from neurosynth.values.registry import domain_of
from neurosynth.values.types import INT, Type, substitute, type_variables

__all__ = ["LearnedAbstraction", "Library", "example_of", "library_language", "library_text", "read_library"]

FORMAT = 1
_BUDGET = Budget(steps=100_000, size=10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedAbstraction:
    """A learned primitive."""

    name: str
    type: str
    body: str
    """A program over ``x0``, ``x1`` …, one for each parameter."""
    doc: str = ""
    """Empty by default: it is then written from the body and the examples."""
    round: int = 0
    """The round in which it was learned, from 1."""
    uses: int = 0
    """Number of its applications in the rewritten solutions of that round."""
    tasks: tuple[str, ...] = ()
    """Some of the tasks whose solutions apply it."""
    bits: float = 0.0
    """The factor by which it shortened those solutions."""
    examples: tuple[Mapping[str, Any], ...] = ()
    """``{"inputs": […], "output": …}``, with values in their JSON form."""

    def to_json(self) -> dict[str, Any]:
        """The JSON object of the file, without empty fields."""
        found = {name: getattr(self, name) for name in _FIELDS}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in found.items() if v or k in _NEEDED}


_NEEDED = ("name", "type", "body")
_KINDS: dict[str, tuple[type, ...]] = {
    "name": (str,), "type": (str,), "body": (str,), "doc": (str,), "round": (int,), "uses": (int,), "tasks": (list,),
    "bits": (int, float), "examples": (list,),
}  # fmt: skip
_FIELDS = tuple(_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The content of a file of a learned language."""

    name: str
    base: str
    """The name of the language that it extends."""
    fingerprint: str = ""
    """The fingerprint of the base when it was learned."""
    abstractions: tuple[LearnedAbstraction, ...] = ()
    lineage: tuple[str, ...] = ()
    """Fingerprints of the language after each round; the first is the base's."""
    compression: tuple[Mapping[str, Any], ...] = ()
    """The statistics of each round's compression."""
    guide: str = ""
    """A guide trained for it: a file in the same folder."""
    path: Path | None = field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        """The JSON object of the file."""
        found: dict[str, Any] = {
            "library": FORMAT,
            "name": self.name,
            "base": {"language": self.base, "fingerprint": self.fingerprint},
            "lineage": list(self.lineage),
            "compression": [dict(c) for c in self.compression],
            "primitives": [a.to_json() for a in self.abstractions],
        }
        return {**found, "guide": self.guide} if self.guide else found


def library_text(library: Library) -> str:
    """The text of its file: one primitive after the other, one field per line, so that people can read and change it."""
    found = library.to_json()
    lines = [f"{_json(name)}: {_json(value)}" for name, value in found.items() if name not in _LISTS]
    for name in _LISTS:
        entries = [",\n    ".join(f"{_json(k)}: {_json(v)}" for k, v in entry.items()) for entry in found[name]]
        lines.append(f"{_json(name)}: [" + ",".join(f"\n   {{{entry}}}" for entry in entries) + "]")
    return "{" + ",\n ".join(lines) + "}\n"


_LISTS = ("compression", "primitives")
"""Fields with an object for each entry, which gets separate lines."""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_library(source: Path | str) -> Library:
    """Read a file, or the text of one.

    Raises:
        InputError: for a file that cannot be read or is not a library, with the field.
    """
    path = source if isinstance(source, Path) else None
    where = str(path or "library")
    try:
        row = json.loads(path.read_text(encoding="utf-8-sig") if path is not None else str(source))
    except FileNotFoundError:
        names = [p.name for p in path.parent.glob("*.json")] if path is not None and path.parent.is_dir() else []
        raise InputError(f"{where}: no such file{nearest(path.name if path else '', names)}") from None
    except OSError as error:
        raise InputError(f"{where}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: invalid JSON ({error}); allowed: a file written by 'neurosynth learn'") from None
    match row:
        case {"library": int() as version} if version != FORMAT:
            raise InputError(
                f"{where}: a library in format {version}; this version reads format {FORMAT}; learn it again"
            )
        case {
            "library": int(),
            "name": str() as name,
            "base": {"language": str() as base, **more},
            "primitives": list() as given,
        }:
            pass
        case {"library": int()}:
            raise InputError(
                f'{where}: a library without name, base or primitives; allowed: "name", "base": {{"language", "fingerprint"}}, '
                '"primitives": [{"name", "type", "body"}]'
            )
        case _:
            raise InputError(f"{where}: JSON, but not a library; allowed: a file written by 'neurosynth learn'")
    return Library(
        name=name,
        base=base,
        fingerprint=str(more.get("fingerprint", "")),
        abstractions=tuple(_abstraction(entry, i, where) for i, entry in enumerate(given, 1)),
        lineage=tuple(map(str, row.get("lineage", ()))),
        compression=tuple(row.get("compression", ())),
        guide=str(row.get("guide", "")),
        path=path,
    )


def _abstraction(entry: Any, number: int, where: str) -> LearnedAbstraction:
    if not isinstance(entry, dict) or any(name not in entry for name in _NEEDED):
        raise InputError(f"{where}, primitive {number}: needs the fields {', '.join(_NEEDED)}")
    for name, value in entry.items():
        if name not in _KINDS:
            raise InputError(
                f"{where}, primitive {number}: unknown field {name!r}; allowed: {', '.join(_FIELDS)}{nearest(name, _FIELDS)}"
            )
        if not isinstance(value, _KINDS[name]) or isinstance(value, bool):
            wanted = {str: "a text", int: "a number", list: "a list"}[_KINDS[name][0]]
            raise InputError(
                f"{where}, primitive {entry['name']!r}: {name} is {json.dumps(value)[:60]}; allowed: {wanted}"
            )
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    return LearnedAbstraction(**fields)


def library_language(library: Library, base: Language, *, notes: list[str] | None = None) -> Language:
    """The language: its base, and the abstractions as primitives.

    Args:
        library: from a file, or just learned.
        base: the language that it names.
        notes: if the base has changed, receives a sentence for each abstraction that is no longer valid; such abstractions are left
            out.

    Raises:
        InputError: for an invalid abstraction, if the base has not changed or ``notes`` is not given.
    """
    changed = bool(library.fingerprint) and library.fingerprint != base.fingerprint
    language = base.with_primitives((), name=library.name)
    language.extends = (base.name, *base.extends)
    language.base = base if base.base is None else base.base
    language.doc = base.doc
    if any(has_calls(a.body) for a in library.abstractions):
        for primitive in CALLS:
            if language.get(primitive.name) is None:
                language.add(primitive)
    lost: list[str] = []
    for abstraction in library.abstractions:
        try:
            language.add(_primitive(abstraction, language))
        except InputError as error:
            fact = error.detail if isinstance(error, ParseError) else str(error)
            said = f"{library.path or library.name}: primitive {abstraction.name!r}: {fact}"
            if not changed or notes is None:
                raise InputError(f"{said}; correct it, or remove it from the file") from None
            lost.append(f"{said}; left out, as language {base.name!r} has changed since")
    if notes is not None:
        notes += lost
    return language


def _primitive(abstraction: LearnedAbstraction, language: Language) -> Primitive:
    if language.get(abstraction.name) is not None:
        raise InputError(f"the name is taken in language {language.name!r}; give it another")
    if not abstraction.name or any(c.isspace() or c in '()[]"|;' for c in abstraction.name):
        raise InputError(
            "the name cannot occur in a program; allowed: no blanks, brackets, quotes, bars and semicolons"
        )
    body, t = parse_body(abstraction.body, language, abstraction.type)
    if not isinstance(body, Apply):
        raise InputError(
            f"body {abstraction.body} is a value that the language has already; give a body that applies something"
        )
    made = macro(
        abstraction.name,
        t,
        body,
        doc=abstraction.doc or _doc(abstraction),
        origin=f"learned in round {abstraction.round}",
    )
    for example in abstraction.examples:
        _check_example(made, body, example)
    return made


def _doc(abstraction: LearnedAbstraction) -> str:
    """Its meaning, an example, and its origin."""
    lines = [f"Means {abstraction.body}."]
    for example in abstraction.examples[:2]:
        inputs = " ".join(json.dumps(v, ensure_ascii=False) for v in example.get("inputs", ()))
        lines.append(f"{abstraction.name} {inputs} = {json.dumps(example.get('output'), ensure_ascii=False)}")
    if abstraction.uses:
        tasks = f", as for {', '.join(abstraction.tasks[:3])}" if abstraction.tasks else ""
        lines.append(f"Learned in round {abstraction.round} from {abstraction.uses} uses{tasks}.")
    return "\n".join(lines)


def _ground(t: Type) -> Type:
    """The type with int for its variables: the type of its examples."""
    return substitute(t, dict.fromkeys(type_variables(t), INT))


def example_of(body: Program, parameters: Sequence[Type], values: Sequence[Any]) -> Mapping[str, Any] | None:
    """An example of a macro from values of its arguments, in the form of the file; None if it has no value there."""
    result = _ground(body.type)
    found = Evaluator(_BUDGET).run(body, values)
    if found is UNDEFINED:
        return None
    inputs = [domain_of(_ground(t)).to_json(v) for t, v in zip(parameters, values, strict=True)]
    return {"inputs": inputs, "output": domain_of(result).to_json(found)}


def _check_example(primitive: Primitive, body: Program, example: Any) -> None:
    """Raises InputError if the body does not give the example's output."""
    match example:
        case {"inputs": list() as inputs, "output": output} if len(inputs) == primitive.arity:
            pass
        case _:
            raise InputError(
                f'example {json.dumps(example)[:80]} is not an example; allowed: {{"inputs": [one per argument], "output": …}}'
            )
    try:
        values = [domain_of(_ground(t)).from_json(v) for t, v in zip(primitive.parameters, inputs, strict=True)]
        wanted = domain_of(_ground(body.type)).from_json(output)
    except NotInDomain as error:
        raise InputError(f"example {json.dumps(example)[:80]}: {error}") from None
    found = Evaluator(_BUDGET).run(body, values)
    if found is UNDEFINED or found != wanted:
        shown = "undefined" if found is UNDEFINED else json.dumps(domain_of(_ground(body.type)).to_json(found))
        raise InputError(f"its body gives {shown} for the example {json.dumps(example)[:120]}")
