"""Plugins: languages, guides, searches, exporters and suites, found by entry points.

Listing imports nothing. A plugin that fails to load is named with its distribution, and does not affect the others.
``NEUROSYNTH_NO_PLUGINS=1`` disables the plugins of other distributions.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Any

from neurosynth.errors import InputError, UnknownNameError

__all__ = ["KINDS", "Plugin", "available", "load", "ships"]

KINDS = ("languages", "guides", "searches", "exporters", "suites")
_OWN = "neurosynth-pbe"


@dataclass(frozen=True, slots=True)
class Plugin:
    """An entry point: its name, its distribution, and how to load it."""

    kind: str
    name: str
    distribution: str
    entry: EntryPoint

    def load(self) -> Any:
        """Import it.

        Raises:
            InputError: if that fails, with the plugin, its distribution and the cause.
        """
        try:
            return self.entry.load()
        except Exception as error:
            raise InputError(
                f"plugin {self.name!r} ({self.kind}) of distribution {self.distribution!r} cannot be loaded: "
                f"{type(error).__name__}: {error}; fix or uninstall it, or set NEUROSYNTH_NO_PLUGINS=1"
            ) from error


def _entries(kind: str) -> Iterator[Plugin]:
    own_only = os.environ.get("NEUROSYNTH_NO_PLUGINS", "") not in ("", "0")
    for plugin in _read(kind, tuple(sys.path), entry_points):
        if plugin.distribution == _OWN or not own_only:
            yield plugin


@cache
def _read(kind: str, path: tuple[str, ...], read: Callable[..., EntryPoints]) -> tuple[Plugin, ...]:
    """All entry points of a kind on Python's search path; reading the metadata of some hundred packages takes up to a second."""
    entries = read(group=f"neurosynth.{kind}")
    return tuple(Plugin(kind, e.name, e.dist.name if e.dist is not None else "unknown", e) for e in entries)


def available(kind: str) -> dict[str, Plugin]:
    """Plugins of a kind by name, sorted; if names conflict, the project's own wins.

    Raises:
        UnknownNameError: for an unknown kind.
    """
    if kind not in KINDS:
        raise UnknownNameError("kind of plugin", kind, KINDS)
    found: dict[str, Plugin] = {}
    for plugin in sorted(_entries(kind), key=lambda p: (p.name, p.distribution != _OWN, p.distribution)):
        found.setdefault(plugin.name, plugin)
    return found


@cache
def _load(kind: str, name: str, environment: str) -> Any:
    plugins = available(kind)
    if name not in plugins:
        what = kind.removesuffix("s") if kind != "searches" else "search"
        raise UnknownNameError(what, name, plugins, f"install the package that has this {what}, or use a known one")
    return plugins[name].load()


def load(kind: str, name: str) -> Any:
    """The object behind a name.

    Raises:
        UnknownNameError: with the known names and the most similar ones.
        InputError: if the plugin does not load.
    """
    return _load(kind, name, os.environ.get("NEUROSYNTH_NO_PLUGINS", ""))


def ships(kind: str, name: str, value: object) -> bool:
    """Whether an object is the one that the project itself provides under a name."""
    return _is_own(kind, name, os.environ.get("NEUROSYNTH_NO_PLUGINS", "")) and load(kind, name) is value


@cache
def _is_own(kind: str, name: str, environment: str) -> bool:
    """Whether the plugin of a name is the project's; reading entry points takes a millisecond, so the answer is cached."""
    plugin = available(kind).get(name)
    return plugin is not None and plugin.distribution == _OWN
