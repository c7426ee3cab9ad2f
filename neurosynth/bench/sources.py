"""The rows of a report: read, selected, and refused if a comparison of them would be meaningless."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosynth.bench.rows import Row, limits_to_json, read_rows
from neurosynth.errors import InputError, UnknownNameError

__all__ = ["Placed", "check_comparable", "chosen", "read", "value_at", "without_duplicates"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and its place."""

    row: Row
    file: str
    number: int
    """Number of the row in its file, from 1."""

    def __str__(self) -> str:
        return f"{self.file} row {self.number}"


def read(files: Sequence[str | Path]) -> tuple[list[Placed], list[str]]:
    """The rows of files in order, and notes on the files.

    Raises:
        InputError: without files, for one that does not contain rows (with the line), or if none has a row.
    """
    if not files:
        raise InputError("no rows files; name at least one that 'neurosynth bench run' wrote")
    torn: list[str] = []
    placed = []
    for name in dict.fromkeys(map(str, files)):
        file = Path(name)
        # The same name in two folders is distinguished by the folder.
        shown = name if sum(Path(other).name == file.name for other in set(map(str, files))) > 1 else file.name
        placed += [Placed(row, shown, i) for i, row in enumerate(read_rows(file, on_torn=torn.append), 1)]
    if not placed:
        raise InputError(f"{', '.join(map(str, files))}: no rows; 'neurosynth bench run SUITE --out FILE' writes them")
    return placed, torn


def value_at(placed: Placed, path: str) -> str:
    """A field of a row as text, such as ``suite``, ``limits.seconds``, ``versions.numba``, or ``file``, which contains it.

    Raises:
        InputError: for a field that rows do not have.
    """
    first, *rest = path.split(".", 1)
    row = placed.row
    if first == "file":
        value: Any = placed.file
    elif first == "limits":
        value = limits_to_json(row.limits)
    elif first in type(row).__dataclass_fields__ and first != "extra":
        value = getattr(row, first)
    elif first in row.extra:
        value = row.extra[first]
    else:
        known = [name for name in type(row).__dataclass_fields__ if name != "extra"]
        raise UnknownNameError("field of rows", first, ["file", *known, *row.extra])
    if rest and isinstance(value, Mapping):
        value = value.get(rest[0])
    elif rest:
        raise InputError(f"field {path!r}: {first} has no parts; allowed: {first}")
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def chosen(placed: Sequence[Placed], where: Iterable[str]) -> list[Placed]:
    """The rows that match ``FIELD=VALUE`` conditions; of several on one field, any may hold.

    Raises:
        InputError: for a condition of another form, an unknown field, or a condition that no row meets.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for condition in where:
        path, equals, value = condition.partition("=")
        if not equals or not path:
            raise InputError(
                f"condition {condition!r}: expected FIELD=VALUE, such as suite=circuits or limits.seconds=10"
            )
        wanted[path].append(value)
    kept = list(placed)
    for path, values in wanted.items():
        found = [(p, value_at(p, path)) for p in kept]
        met = [p for p, value in found if any(_same(value, v) for v in values)]
        if not met:
            there = ", ".join(list(dict.fromkeys(value for _, value in found))[:12])
            raise InputError(f"no row has {path}={' or '.join(values)}; {path} is: {there}")
        kept = met
    return kept


def _same(value: str, wanted: str) -> bool:
    try:
        return value == wanted or float(value) == float(wanted)
    except ValueError:
        return False


def check_comparable(placed: Sequence[Placed]) -> None:
    """Refuse rows of one suite that ran under different limits, or were shown different numbers of examples.

    Raises:
        InputError: with two of them, the difference, and how to report them separately.
    """
    first: dict[str, tuple[Placed, dict[str, Any]]] = {}
    for p in placed:
        own = {
            **{f"limits.{k}": v for k, v in limits_to_json(p.row.limits).items()},
            "cpu_seconds": p.row.cpu_seconds,
            "show": p.row.show,
        }
        other, theirs = first.setdefault(p.row.suite, (p, own))
        differing = [name for name in own if own[name] != theirs[name]]
        if not differing:
            continue
        name = differing[0]
        what = {"show": "numbers of examples shown"}.get(name, "limits")
        sides = (f"{at} has {name}={value_at(at, name)}" for at in (other, p))
        raise InputError(
            f"suite {p.row.suite!r}: rows of different {what} in one comparison: {' and '.join(sides)}; report them separately: "
            f"--where {name}={value_at(other, name)}, then --where {name}={value_at(p, name)}"
        )


def without_duplicates(placed: Sequence[Placed], by: Callable[[Placed], object], *, last: bool) -> list[Placed]:
    """Rows of which no two are the same task run the same way.

    Args:
        by: further fields that distinguish rows.
        last: keep the last of several, at the place of the first.

    Raises:
        InputError: for such rows unless ``last``, with two of them and the remedies.
    """
    kept: dict[object, Placed] = {}
    twice: list[tuple[Placed, Placed]] = []
    for p in placed:
        key = (p.row.key, by(p))
        if key in kept:
            twice.append((kept[key], p))
        kept[key] = p
    if twice and not last:
        one, other = twice[0]
        more = f", and {len(twice) - 1:,} more" if len(twice) > 1 else ""
        raise InputError(
            f"task {one.row.task!r} of suite {one.row.suite!r} was run twice the same way: {one} and {other}{more}; keep the "
            "last of each (--last), or distinguish them (--by commit, --by file)"
        )
    return list(kept.values())
