"""What a process has loaded on top of another: modules and compiled code, and how the other comes to have it too.

Tasks run in forks of one process.  A list task loads about sixty compiled loops from disk, which takes half a second of
processor time or more; were that process to know them already, its forks would, too.  So each fork says in the end what
it loaded beyond what it began with, and the process it came from loads the same.  Code is loaded, never run.  It also
says how much work it had for loops it did not load, since none of many short tasks may have enough to load one.

What the first task of a run loaded is kept beside the compiled code, for the next run with the same solvers and
languages: its first task would otherwise load the same once more than needed.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from neurosynth.bench.lessons import from_json, to_json
from neurosynth.bench.loaded import Loaded
from neurosynth.engine.folders import cache_folder, mention
from neurosynth.engine.loop_cache import GENERATED, Contents, contents_of, engine_stamp, load, on_disk

__all__ = ["Known", "Loaded", "learn", "recall", "remember"]

ENGINE = "neurosynth.engine."
MOST = 3000
"""Compiled functions learned at most: a suite whose every task had code of its own would fill the memory."""

KEPT = 1000
"""Modules and functions kept from run to run; a list task loads half as many."""


@dataclass(slots=True)
class Known:
    """What is loaded, or need not be looked at again."""

    modules: set[str] = field(default_factory=set)
    functions: dict[tuple[str, str], set[tuple[Any, ...]]] = field(default_factory=dict)
    """The signatures of each compiled function."""
    looked: int = 0
    """How many modules were loaded at the last look."""
    compiled: list[tuple[str, str, Any]] = field(default_factory=list)
    """Compiled functions of those modules, with module and name."""

    def add(self, item: Loaded) -> None:
        """Take note of one thing."""
        if item.function:
            self.functions.setdefault((item.module, item.function), set()).add(item.signature)
        else:
            self.modules.add(item.module)

    def __contains__(self, item: Loaded) -> bool:
        if item.function:
            return item.signature in self.functions.get((item.module, item.function), ())
        return item.module in self.modules

    @property
    def full(self) -> bool:
        """Whether it is enough."""
        return sum(map(len, self.functions.values())) >= MOST

    def beyond(self) -> Iterator[Loaded]:
        """What this process has loaded and is not known, in the order in which it can be loaded again.

        Looks at as little as possible: in a fork each object looked at costs a copy of the page it lies on.
        """
        new = list(islice(reversed(sys.modules), len(sys.modules) - self.looked))[::-1]
        yield from (_module(name) for name in new if name not in self.modules and name != "__main__")
        self.looked = len(sys.modules)
        dispatcher = _dispatcher()
        if dispatcher is None:
            return
        for name in new:
            if name.startswith((GENERATED, ENGINE)):
                found = vars(sys.modules[name]).items()
                mine = [(name, a, v) for a, v in found if isinstance(v, dispatcher) and v.__module__ == name]
                self.compiled.extend(mine)
        for name, attribute, value in self.compiled:
            yield from self._signatures(name, attribute, value)

    def _signatures(self, module: str, function: str, compiled: Any) -> Iterator[Loaded]:
        known = self.functions.get((module, function), ())
        signatures = compiled.signatures
        # only what is on disk: other functions would have to be compiled again
        if len(signatures) > len(known) and compiled.stats.cache_path is not None:
            yield from (Loaded(module, function, s) for s in signatures if s not in known)


def _dispatcher() -> type[Any] | None:
    """The class of numba's compiled functions, where numba was imported."""
    module = sys.modules.get("numba.core.dispatcher")
    return None if module is None else module.Dispatcher


def _module(name: str) -> Loaded:
    return Loaded(name, contents=contents_of(name) if name.startswith(GENERATED) else None)


def learn(item: Loaded) -> None:
    """Load it here, too; what cannot be imported here is left out (a module that was made, not imported)."""
    if item.contents is not None:
        load(item.contents)
    elif item.module not in sys.modules:
        try:
            importlib.import_module(item.module)
        except Exception:  # whatever it raises, a task that needs the module meets it, too, and its row says so
            return
    if item.function:
        getattr(sys.modules[item.module], item.function).compile(item.signature)


def remember(run: str, lessons: Sequence[Loaded]) -> None:
    """Keep what the first task of a run loaded, in place of what was kept before; ``run`` says what the run is of.

    Of too much only the end is kept, or every run would load what the first task of some run once needed.
    """
    path = _kept(run)
    lessons = lessons[-KEPT:]
    try:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".tmp", delete=False) as file:
            file.write(to_json(lessons))
        os.replace(file.name, path)
    except OSError as error:  # the disk is full: the next run learns again
        mention("lessons", "%s cannot be written: %s", path, error)


def recall(run: str) -> list[Loaded]:
    """What is kept of the last such run, of which compiled code only what is still on disk; nothing where none is.

    What was kept under another engine or numba is not looked at: its functions may have other arguments now.
    """
    path = _kept(run)
    try:
        lessons = from_json(path.read_bytes())
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:  # half of it, or damaged: the first task loads what it needs
        mention("lessons", "%s is damaged and made anew: %s", path, error)
        return []
    return [item for item in lessons if item.contents is None or _loads(item.contents)]


def _loads(contents: Contents) -> bool:
    """Whether code of these contents is on disk, and can be made here at all."""
    try:
        return on_disk(load(contents))
    except (
        Exception
    ):  # kernels of a language that changed or is gone: whatever their import raises, the code is of no use
        return False


def _kept(run: str) -> Path:
    told = f"{run} {sys.version} {engine_stamp()}"
    return cache_folder() / f"lessons_{hashlib.sha256(told.encode()).hexdigest()[:20]}.json"
