"""Tasks as JSON objects.

{"name", "examples": [{"inputs": [...], "output": ...}], "test_examples"?, "language"?, "type"?, "constants"?, "input_names"?,
"unlabelled"?: [[...], ...] (rows of inputs whose outputs are wanted), "noise"?: the number of examples that may be wrong}

Other fields are kept in ``Task.extra`` and written back. The type determines the form of a value in JSON: bit-vectors are strings
(``"#x00ff"``), dates ``"2024-01-31"``. A constant is its bare value, or ``{"value", "type"}`` if the value alone does not determine its
type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from neurosynth.errors import InputError, TypeSyntaxError, nearest
from neurosynth.language.load import load_language
from neurosynth.language.program import Constant
from neurosynth.plugins import available
from neurosynth.tasks.task import Example, Task
from neurosynth.values.domain import NotInDomain, json_kind
from neurosynth.values.reading import type_of_values, type_told_by_all
from neurosynth.values.registry import domain_of, read_word
from neurosynth.values.types import STRING, Arrow, Type, TypeConstructor, is_ground, parse_type

__all__ = [
    "FIELDS",
    "check_nesting",
    "task_from_json",
    "task_to_json",
    "value_from_json",
    "value_to_json",
]

MAX_NESTING = 30
"""Maximum depth of lists inside lists; beyond it, recursion over their type would exceed Python's stack."""

FIELDS = ("name", "examples", "test_examples", "language", "type", "constants", "input_names", "unlabelled", "noise")
"""The fields of a task with a meaning; others are kept."""

_SUITE_LIST = re.compile(r"\blist-of-([A-Za-z]\w*(?:-of-[A-Za-z]\w*)*|list-of-\S+)")


def task_from_json(value: Any, where: str = "task", *, default_name: str = "task", noise: int | None = None) -> Task:
    """A task from its decoded JSON.

    Args:
        value: the result of ``json.loads``.
        where: the file and line, for messages.
        default_name: for a task without a name.
        noise: the number of examples that may be wrong, instead of the task's own field.

    Raises:
        InputError: for a missing or wrong field, or a wrong value in an example; the message says which, and what was allowed.
    """
    if not isinstance(value, dict):
        raise InputError(f"{where}: {json_kind(value)}; a task is an object with the fields {', '.join(FIELDS)}")
    name = _text(value, "name", where) or default_name
    where = f"{where}, task {name!r}"
    if "examples" not in value:
        raise InputError(f"{where}: no field 'examples'; fields there: {', '.join(value)}{nearest('examples', value)}")
    language = _text(value, "language", where)
    t = _type(value, language, where)
    told = _told_types(value) if t is None else {}
    examples = [*_examples(value["examples"], "examples", t, told, where)]
    if not examples:
        raise InputError(f"{where}: no examples: the list is empty; at least one is needed")
    tests = [*_examples(value.get("test_examples", []), "test_examples", t, told, where)]
    _check_arity(examples, tests, where)
    try:
        return Task(
            examples,
            name,
            language=language,
            type=t,
            constants=[_constant(c, i, t, language, where) for i, c in enumerate(_list(value, "constants", where), 1)],
            input_names=_input_names(value, where),
            test_examples=tests,
            unlabelled=_unlabelled(value, t, told, where),
            noise=_noise(value, where) if noise is None else noise,
            extra={k: v for k, v in value.items() if k not in FIELDS},
        )
    except InputError as error:
        message = str(error).removeprefix(f"task {name!r}").lstrip(":, ")
        raise InputError(message if message.startswith(where) else f"{where}: {message}") from None


def _noise(value: Mapping[str, Any], where: str) -> int:
    found = value.get("noise", 0)
    if not isinstance(found, int) or isinstance(found, bool):
        raise InputError(
            f"{where}: noise is {json_kind(found)}; allowed: the number of examples that may be wrong, such as 1"
        )
    return found


def _text(value: Mapping[str, Any], field: str, where: str) -> str | None:
    found = value.get(field)
    if found is None:
        return None
    if not isinstance(found, str) or not found:
        raise InputError(
            f"{where}: {field} is {json_kind(found) if found != '' else 'empty'}; allowed: a string that is not empty"
        )
    return found


def _list(value: Mapping[str, Any], field: str, where: str) -> list[Any]:
    found = value.get(field, [])
    if not isinstance(found, list):
        raise InputError(f"{where}: {field} is {json_kind(found)}; allowed: a list")
    return found


def _type(value: Mapping[str, Any], language: str | None, where: str) -> Type | None:
    text = _text(value, "type", where)
    if text is None:
        return None
    try:
        t = _parsed(_SUITE_LIST.sub(_respell, text), language)
    except TypeSyntaxError as error:
        hint = "" if language else '; a type that a language brings needs the field "language"'
        raise InputError(f"{where}: type: {error}{hint}") from None
    if not is_ground(t):
        raise InputError(f"{where}: type {text!r} has variables; a task's type has none: write e.g. list int -> int")
    return t


def _parsed(text: str, language: str | None) -> Type:
    try:
        return parse_type(text)
    except TypeSyntaxError:
        if language not in available("languages"):
            raise
        load_language(language)  # which may declare the type
        return parse_type(text)


def _respell(match: re.Match[str]) -> str:
    """``list-of-list-of-int`` as ``(list (list int))``."""
    inner = match.group(1)
    nested = _SUITE_LIST.fullmatch(inner)
    return f"(list {_respell(nested) if nested else inner})"


def _input_names(value: Mapping[str, Any], where: str) -> tuple[str, ...]:
    names = _list(value, "input_names", where)
    for name in names:
        if not isinstance(name, str) or not name:
            raise InputError(
                f"{where}: input_names has {json_kind(name) if name != '' else 'an empty name'}; "
                "allowed: strings that are not empty"
            )
        if names.count(name) > 1:
            raise InputError(
                f"{where}: input_names has {name!r} {names.count(name)} times; each input needs its own name"
            )
    return tuple(names)


def _examples(value: Any, field: str, t: Type | None, told: Mapping[int, Type], where: str) -> Iterator[Example]:
    shape = '{"inputs": [...], "output": ...}'
    if not isinstance(value, list):
        raise InputError(f"{where}: {field} is {json_kind(value)}; allowed: a list of {shape}")
    parameters = t.parameters if isinstance(t, Arrow) else ()
    result = t.result if isinstance(t, Arrow) else t
    for i, e in enumerate(value, 1):
        here = f"{where}, {'example' if field == 'examples' else 'test example'} {i}"
        if not isinstance(e, dict):
            raise InputError(f"{here}: {json_kind(e)}; allowed: {shape}")
        for needed in ("inputs", "output"):
            if needed not in e:
                raise InputError(
                    f"{here}: no field {needed!r}; fields there: {', '.join(e) or 'none'}{nearest(needed, e)}"
                )
        inputs = e["inputs"]
        if not isinstance(inputs, list):
            raise InputError(f"{here}: inputs is {json_kind(inputs)}; allowed: a list with one value for each input")
        if t is not None and len(inputs) != len(parameters):
            raise InputError(f"{here}: {len(inputs)} inputs; the type {t} has {len(parameters)}")
        types = parameters or [told.get(j) for j in range(len(inputs))]
        values = tuple(
            value_from_json(v, p, f"{here}, input {j}") for j, (v, p) in enumerate(zip(inputs, types, strict=True), 1)
        )
        yield Example(values, value_from_json(e["output"], result or told.get(-1), f"{here}, output"))


def _told_types(value: Mapping[str, Any]) -> dict[int, Type]:
    """Types of inputs (-1: the output) with fractions or null, which have no type by themselves: the other rows tell it."""
    columns: dict[int, list[Any]] = {}
    rows = [e for field in ("examples", "test_examples") for e in _rows(value, field) if isinstance(e, dict)]
    for row in (*(e.get("inputs") for e in rows), *_rows(value, "unlabelled")):
        for j, v in enumerate(row if isinstance(row, list) else ()):
            columns.setdefault(j, []).append(v)
    columns[-1] = [e["output"] for e in rows if "output" in e]
    told = {j: type_told_by_all(values) for j, values in columns.items()}
    return {j: t for j, t in told.items() if t is not None}


def _rows(value: Mapping[str, Any], field: str) -> Sequence[Any]:
    found = value.get(field)
    return found if isinstance(found, list) else ()


def _unlabelled(
    value: Mapping[str, Any], t: Type | None, told: Mapping[int, Type], where: str
) -> list[tuple[Any, ...]]:
    """The rows of inputs without outputs."""
    rows = []
    for i, row in enumerate(_list(value, "unlabelled", where), 1):
        here = f"{where}, unlabelled row {i}"
        if not isinstance(row, list):
            raise InputError(f"{here}: {json_kind(row)}; allowed: a list with one value for each input")
        stated = isinstance(t, Arrow) and len(t.parameters) == len(row)
        types = t.parameters if isinstance(t, Arrow) and stated else [told.get(j) for j in range(len(row))]
        rows.append(
            tuple(
                value_from_json(v, p, f"{here}, input {j}") for j, (v, p) in enumerate(zip(row, types, strict=True), 1)
            )
        )
    return rows


def value_from_json(value: Any, t: Type | None, where: str) -> Any:
    """A value in the form for programs; ``t`` None means that its type is not known yet.

    Raises:
        InputError: if it is not a value of the type, or has no type by itself.
    """
    if isinstance(t, TypeConstructor):
        try:
            return domain_of(t).from_json(value)
        except NotInDomain as error:
            raise InputError(f"{where}: {error}; correct the value or the task's type") from None
    match value:
        case list():
            check_nesting(value, where)
            return tuple([value_from_json(v, None, where) for v in value])
        case str():
            return value_from_json(value, STRING, where)
        case None | float() | Decimal() | dict():
            raise InputError(
                f"{where}: {json_kind(value)}; allowed: integers, strings, true, false, lists of one of these; "
                'other values need the task\'s "type"'
            )
    return value


def check_nesting(value: Any, where: str) -> None:
    """Check that lists are not nested too deeply.

    Raises:
        InputError: beyond :data:`MAX_NESTING`.
    """
    level = [value]
    for _ in range(MAX_NESTING):
        level = [item for items in level if isinstance(items, list) for item in items if isinstance(item, list)]
        if not level:
            return
    raise InputError(f"{where}: lists nested deeper than {MAX_NESTING}; allowed: {MAX_NESTING}")


def _check_arity(examples: list[Example], tests: list[Example], where: str) -> None:
    arity = len(examples[0].inputs)
    for kind, some in (("example", examples), ("test example", tests)):
        for i, e in enumerate(some, 1):
            if len(e.inputs) != arity:
                raise InputError(
                    f"{where}, {kind} {i}: {len(e.inputs)} inputs; example 1 has {arity}, all need the same number"
                )


def _constant(value: Any, number: int, task_type: Type | None, language: str | None, where: str) -> Constant:
    here = f"{where}, constant {number}"
    if isinstance(value, dict):
        if set(value) != {"value", "type"} or not isinstance(value["type"], str):
            raise InputError(
                f"{here}: an object with {', '.join(value) or 'no fields'}; "
                'allowed: a value, or {"value": ..., "type": "..."}'
            )
        t = _type(value, language, here)
        return Constant(value_from_json(value["value"], t, here), t or task_type)  # type: ignore[arg-type]  # a type text gives a type
    bits = read_word(value) if isinstance(value, str) and value.startswith("#") else None
    if bits is not None and bits[1].name in str(task_type):
        return Constant(*bits)
    checked = value_from_json(value, None, here)
    return Constant(checked, type_of_values([checked], here))


def task_to_json(task: Task) -> dict[str, Any]:
    """The JSON object of a task: ``task_from_json`` of it is the same task.

    A grammar is not part of it: ``to_sygus`` writes those.
    """
    found: dict[str, Any] = {"name": task.name}
    if task.language is not None:
        found["language"] = task.language
    found["type"] = str(task.type)
    if task.input_names:
        found["input_names"] = list(task.input_names)
    if task.constants:
        found["constants"] = [_constant_to_json(c, task.type) for c in task.constants]
    found["examples"] = [_example_to_json(e, task) for e in task.examples]
    if task.test_examples:
        found["test_examples"] = [_example_to_json(e, task) for e in task.test_examples]
    if task.unlabelled:
        types = task.parameters
        found["unlabelled"] = [[value_to_json(v, t) for v, t in zip(r, types, strict=True)] for r in task.unlabelled]
    if task.noise:
        found["noise"] = task.noise
    found.update((k, v) for k, v in task.extra.items() if k not in FIELDS)
    return found


def _example_to_json(e: Example, task: Task) -> dict[str, Any]:
    inputs = [value_to_json(v, t) for v, t in zip(e.inputs, task.parameters, strict=True)]
    return {"inputs": inputs, "output": value_to_json(e.output, task.output_type)}


def value_to_json(value: Any, t: Type) -> Any:
    """A value in JSON: lists for tuples, ``"#x0f"`` for a bit-vector, null for a missing value."""
    domain = domain_of(t)
    return None if value is None else domain.to_json(domain.freeze(value))


def _constant_to_json(constant: Constant, task_type: Type | None) -> Any:
    value = value_to_json(constant.value, constant.type)
    try:
        bare: Constant | None = _constant(value, 1, task_type, None, "")
    except InputError:  # it has no type by itself
        bare = None
    same = bare is not None and bare.type == constant.type and bare.value == constant.value
    return value if same else {"value": value, "type": str(constant.type)}
