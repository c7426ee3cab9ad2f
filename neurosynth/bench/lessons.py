"""What one run of tasks loaded, as JSON for the next: modules, compiled functions and the types of their arguments.

JSON, because reading it runs nothing: a file that was cut short, changed or planted is a list of unknown names at worst.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from neurosynth.bench.loaded import Loaded
from neurosynth.engine.codegen import Loop
from neurosynth.engine.loop_cache import Contents

__all__ = ["from_json", "to_json"]


def to_json(lessons: Iterable[Loaded]) -> str:
    """The lessons as text; those with an argument of a type that has no text are left out."""
    return json.dumps([row for row in map(_row, lessons) if row is not None])


def from_json(text: str | bytes) -> list[Loaded]:
    """What :func:`to_json` was given.

    Raises:
        ValueError: for anything else.
    """
    try:
        rows = json.loads(text)
        if not isinstance(rows, list):
            raise ValueError(f"no list: {text[:40]!r}")
        return [_lesson(row) for row in rows]
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no lessons: {error!r}") from None


def _row(item: Loaded) -> dict[str, Any] | None:
    types = [_type_to_json(t) for t in item.signature]
    if None in types:
        return None
    contents: Any = item.contents
    if isinstance(contents, Loop):
        contents = {**dataclasses.asdict(contents), "modules": list(contents.modules)}
    return {"module": item.module, "function": item.function, "signature": types, "contents": contents}


def _lesson(row: Any) -> Loaded:
    module, function = row["module"], row["function"]
    if not isinstance(module, str) or not isinstance(function, str):
        raise ValueError(f"no names: {module!r}, {function!r}")
    return Loaded(module, function, tuple(_type_from_json(t) for t in row["signature"]), _contents(row["contents"]))


def _contents(value: Any) -> Contents | None:
    if value is None:
        return None
    if isinstance(value, dict):
        fields = {f.name: value[f.name] for f in dataclasses.fields(Loop)}
        fields["modules"] = tuple(fields["modules"])
        for field in dataclasses.fields(Loop):
            if type(fields[field.name]) is not type(getattr(Loop("", "", ""), field.name)):
                raise ValueError(f"{field.name} of a loop is {fields[field.name]!r}")
        return Loop(**fields)
    operations = tuple((key, count) for key, count in value)
    if not all(isinstance(key, str) and type(count) is int for key, count in operations):
        raise ValueError(f"no operations: {value!r}")
    return operations


@cache
def _scalars() -> dict[str, Any]:
    """numba's types of single values by the names they print as."""
    from numba import types

    numbers = [f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)]
    return {str(t): t for t in (getattr(types, name) for name in ("boolean", *numbers, "float32", "float64"))}


def _type_to_json(t: Any) -> Any:
    """A type of numba's as JSON; None where there is no text for it."""
    from numba import types

    if isinstance(t, types.Array):
        dtype = _type_to_json(t.dtype)
        same = (
            None if dtype is None else types.Array(t.dtype, t.ndim, t.layout, readonly=not t.mutable, aligned=t.aligned)
        )
        return [dtype, t.ndim, t.layout, t.mutable, t.aligned] if same == t else None
    return str(t) if _scalars().get(str(t)) == t else None


def _type_from_json(value: Any) -> Any:
    from numba import types

    if isinstance(value, str):
        return _scalars()[value]
    dtype, dimensions, layout, mutable, aligned = value
    if layout not in ("A", "C", "F") or dimensions not in range(1, 8):
        raise ValueError(f"no type: {value!r}")
    return types.Array(_type_from_json(dtype), dimensions, layout, readonly=not mutable, aligned=bool(aligned))
