"""Compiled loops on disk, and whether there is enough work for one.

The text of a loop is written to a cache folder, so that numba's own cache finds the machine code in the next process.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

from neurosynth.engine.kernels import compile_helpers
from neurosynth.engine.kernels.choice import Loop, references
from neurosynth.engine.kernels.digest import digest_of
from neurosynth.engine.kernels.folders import cache_folder, mention
from neurosynth.engine.kernels.macros import MacroText
from neurosynth.engine.kernels.source import machine_source, part_source, source_of
from neurosynth.work_clock import is_counted

__all__ = [
    "GENERATED",
    "PATIENCE",
    "compiled_before",
    "load_loops",
    "load_machine",
    "load_part_test",
    "on_disk",
    "ready",
    "should_compile",
    "should_compile_alone",
]

PATIENCE = 200_000
"""Work on Python objects that takes as long as compiling a loop: 0.4 µs a unit; a candidate counts 8, and each of its columns 1."""
LOADING = 10
"""Factor by which loading a loop from disk is faster than compiling it."""
EARLIER = 5
"""Work of earlier processes counts a fifth."""
GRAIN = 2_000
"""Amount of work that is recorded for later processes at a time."""
ENGINE = Path(__file__).parents[1]
"""The folder of the engine's own sources."""
GENERATED = "neurosynth_kernels_"
"""How the names of generated modules begin."""


def _load(text: str, references: Sequence[str]) -> ModuleType:
    import numba

    stamps = [*map(digest_of, references), numba.__version__]
    digest = hashlib.sha256("\n".join([text, *stamps]).encode()).hexdigest()[:20]
    name = f"{GENERATED}{digest}"
    compile_helpers()
    if name in sys.modules:
        return sys.modules[name]
    path = cache_folder() / f"{name}.py"
    _keep(path, text)
    module = ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module
    # from the text, not from the file: files on disk may be damaged, including bytecode beside them
    exec(compile(text, str(path), "exec"), vars(module))
    return module


def _keep(path: Path, text: str) -> None:
    """Make sure that the file holds the text: numba caches compiled code only for functions in files."""
    try:
        found = path.read_bytes()
    except OSError:  # it usually does not exist yet
        found = b""
    if found == text.encode():
        return
    if found:
        mention("cache", "%s is damaged and written anew", path)
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".tmp", delete=False, encoding="utf-8") as file:
            temporary = file.name
            file.write(text)
        os.replace(temporary, path)
    except OSError as error:
        mention("cache", "%s cannot be written, so that its compiled code is not kept: %s", path, error)
        if temporary:
            Path(temporary).unlink(missing_ok=True)


@cache
def load_loops(loop: Loop) -> ModuleType:
    """The module of a loop; its function ``cells`` is compiled when first called."""
    return _load(source_of(loop), references(loop))


@cache
def load_machine(operations: tuple[tuple[str, int], ...], macros: tuple[MacroText, ...] = ()) -> ModuleType:
    """The virtual machine over these operations; ``macros`` are those that they name, and those that these call."""
    inner = (r for macro in macros for r in macro.references)
    return _load(machine_source(operations, macros), [*(k for k, _ in operations if ":" in k), *inner])


@cache
def load_part_test(kernel: str) -> ModuleType:
    """The module that drops values which cannot be part of the goal, by a test ``module:function``."""
    return _load(part_source(kernel), [kernel])


def compiled_before() -> bool:
    """Whether there is compiled code on disk, for some loop and for the shared code.

    Numba keeps both beside their sources, or in separate folders in ``NUMBA_CACHE_DIR``.
    """
    if elsewhere := os.environ.get("NUMBA_CACHE_DIR"):
        return all(any(Path(elsewhere).rglob(f"{name}*.nbi")) for name in (GENERATED, "tables."))
    shared = ENGINE / "store" / "__pycache__"
    beside = os.access(shared, os.W_OK)
    return _holds(cache_folder() / "__pycache__", GENERATED) and (not beside or _holds(shared, "tables."))


def ready() -> bool:
    """Whether this process has imported the modules of compiled loops, which takes half a second."""
    return "numba" in sys.modules


def _holds(folder: Path, prefix: str) -> bool:
    return folder.is_dir() and any(n.startswith(prefix) and n.endswith(".nbi") for n in os.listdir(folder))


_met: Counter[Loop] = Counter()
"""The work for each loop in this process."""


def should_compile(loop: Loop, work: int, patience: int) -> bool:
    """Whether to do ``work`` in a compiled loop: it exists, or all its work so far would have justified compiling it.

    Work of earlier processes counts less, so that a second start does not wait for loops that the first did not compile. Under counted
    time neither may have an influence, and a loop is always compiled.
    """
    if is_counted():
        return True
    module = load_loops(loop)
    if module.cells.signatures:
        return True
    if on_disk(module):
        _met[loop] += work
        return _met[loop] > patience // LOADING
    notes = Path(str(module.__file__)).with_suffix(".met")
    earlier = _noted(notes) // EARLIER
    before = _met[loop] // GRAIN
    _met[loop] += work
    if _met[loop] + earlier > patience:
        return True
    if grains := _met[loop] // GRAIN - before:
        try:
            with notes.open("ab") as file:
                file.write(b"." * grains)
        except OSError as error:
            mention("cache", "%s cannot be written, so that later processes do not know of this work: %s", notes, error)
    return False


def should_compile_alone(loop: Loop, work: int, patience: int) -> bool:
    """Whether to use a loop that has no substitute: at once if it was compiled before, otherwise as in :func:`should_compile`."""
    return on_disk(load_loops(loop)) or should_compile(loop, work, patience)


def on_disk(module: ModuleType) -> bool:
    """Whether a generated module was compiled already when this process first asked."""
    function = module.machine if hasattr(module, "machine") else module.cells
    folder = function.stats.cache_path
    return folder is not None and module.__name__ in _on_disk(folder)


@cache
def _noted(notes: Path) -> int:
    """Work that other processes had recorded when first asked: each byte of the file is one unit of it."""
    return GRAIN * notes.stat().st_size if notes.exists() else 0


@cache
def _on_disk(folder: str) -> frozenset[str]:
    """Modules whose loop was in numba's cache in this folder when first asked."""
    if not os.path.isdir(folder):
        return frozenset()
    return frozenset(name.split(".")[0] for name in os.listdir(folder) if name.endswith(".nbi"))
