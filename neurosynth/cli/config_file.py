"""Settings in a TOML file, for ``train`` and ``sample``: tables ``[model]``, ``[training]`` and ``[sampling]``.

The command line takes precedence over the file, and the file over the defaults.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neurosynth.training.chunks import SamplingConfig

__all__ = ["ConfigFile", "read_config", "sampling_config"]

_TABLES = ("model", "training", "sampling")
_SAMPLING = ("seed", "types", "sizes", "examples", "test_examples", "inputs_from", "raised", "curriculum")


@dataclass(frozen=True, kw_only=True)
class ConfigFile:
    """The tables of a file, by name; empty if the file lacks one."""

    model: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the guide."""
    training: Mapping[str, Any] = field(default_factory=dict)
    """Fields of ``TrainConfig``."""
    sampling: Mapping[str, Any] = field(default_factory=dict)
    """Fields of ``SamplingConfig``; ``inputs_from`` is a task file."""


def read_config(path: str | None) -> ConfigFile:
    """The settings of a TOML file; none for no file.

    Raises:
        InputError: for a file that cannot be read or is not TOML (with the line), or a table that is not a table of settings.
        UnknownNameError: for a table of another name, with the known ones.
    """
    from neurosynth.errors import InputError, UnknownNameError
    from neurosynth.tasks.files import read_text

    if path is None:
        return ConfigFile()
    try:
        found = tomllib.loads(read_text(Path(path)))
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"{path}: invalid TOML: {error}; a line is 'name = value' under [model], [training] or [sampling]"
        ) from None
    except RecursionError:
        raise InputError(f"{path}: no settings: nested too deeply; allowed: tables of plain values") from None
    for name, table in found.items():
        if name not in _TABLES:
            raise UnknownNameError(f"table of {path}", name, _TABLES)
        if not isinstance(table, dict):
            raise InputError(f"{path}: {name} is {table!r}; allowed: a table, [{name}] and its settings below")
    return ConfigFile(**found)


def sampling_config(settings: Mapping[str, Any]) -> SamplingConfig:
    """The settings of sampling, from their JSON or TOML form.

    Raises:
        UnknownNameError: for a setting of another name, with the known ones.
        InputError: for a value that is not allowed, or a task file that cannot be read.
    """
    from neurosynth.errors import InputError, UnknownNameError
    from neurosynth.tasks.load import load_tasks
    from neurosynth.training.chunks import SamplingConfig

    values: dict[str, Any] = {}
    for name, value in settings.items():
        if name not in _SAMPLING:
            raise UnknownNameError("sampling setting", name, _SAMPLING)
        values[name] = tuple(value) if isinstance(value, (list, tuple)) else value
    if "inputs_from" in values:
        values["inputs_from"] = tuple(load_tasks(str(values["inputs_from"])))
    for name in ("sizes", "examples"):
        pair = values.get(name, (1, 1))
        if not isinstance(pair, tuple) or len(pair) != 2 or not all(type(n) is int for n in pair):
            raise InputError(
                f"sampling: {name} is {settings[name]!r}; allowed: two whole numbers, the minimum and the maximum"
            )
    if not all(isinstance(t, str) for t in values.get("types", ())) or isinstance(values.get("types", ()), str):
        raise InputError(f"sampling: types is {settings['types']!r}; allowed: a list of request types, as texts")
    for name in ("seed", "test_examples", "curriculum"):
        if type(values.get(name, 0)) is not int:
            raise InputError(f"sampling: {name} is {values[name]!r}; allowed: a whole number")
    if type(values.get("raised", 0.0)) not in (int, float):
        raise InputError(f"sampling: raised is {values['raised']!r}; allowed: a number from 0 to 1")
    return SamplingConfig(**values)
