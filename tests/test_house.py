"""The rules of the house that no linter has: short files, one name for one class, few files from a task to a kernel."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import neurosynth as ns
from neurosynth.engine.backends.kernel_batch import KernelBatch
from neurosynth.search.portfolio import Auto

ROOT = Path(__file__).parent.parent
LINES = 400
"""A file that is longer has two things in it."""


def modules() -> Iterator[tuple[str, str]]:
    """The package's own files, and their text."""
    for folder in ("neurosynth", "dsl/neurosynth_dsls"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")


def test_files_are_short() -> None:
    lengths = {name: text.count("\n") for name, text in modules()}
    long = {name: length for name, length in lengths.items() if length > LINES}
    assert not long, f"longer than {LINES} lines: {long}; which two things are in there?"


def test_a_class_has_a_name_of_its_own() -> None:
    places = defaultdict(list)
    for name, text in modules():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{name}:{node.lineno}")
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert not twice, f"classes that share a name: {twice}; one concept has one name, and one name means one class"


def files_on_the_stack() -> list[str]:
    """The package's files whose functions are running, from ``synthesize`` down, each once."""
    frame, found = sys._getframe(1), dict[str, None]()
    while frame is not None:
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(ROOT / "neurosynth"):
            found[file.relative_to(ROOT).as_posix()] = None
        if frame.f_code.co_name == "synthesize":
            break
        frame = frame.f_back  # type: ignore[assignment]  # the last frame has none, and there is always synthesize before it
    return list(found)[::-1]


def test_from_a_task_to_a_kernel_there_are_few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enumeration's way; the kernel's own file comes on top.  Strategies, which read the banks, take three more."""
    walks: set[tuple[str, ...]] = set()
    for name in ("words", "sequences"):
        really = getattr(KernelBatch, name)

        def noted(self: KernelBatch, *given: Any, really: Any = really) -> Any:
            if self.module is not None:
                walks.add((*files_on_the_stack(), "neurosynth/engine/backends/kernel_batch.py"))
            return really(self, *given)

        monkeypatch.setattr(KernelBatch, name, noted)
    task = ns.Task([ns.example([1, 2, 3], output=[9, 4, 2]), ns.example([4, 7, 5], output=[25, 49, 17])])
    search = Auto(pipelines=False)  # that is a second search beside the first
    ns.synthesize(task, "lists", guide="uniform", search=search, limits=ns.Limits(seconds=30, max_programs=400_000))
    enumerations = {walk for walk in walks if not any("strategies" in file for file in walk)}
    assert enumerations
    for walk in enumerations:
        assert len(walk) + 1 <= 8, f"{len(walk) + 1} files from a task to a kernel: {walk}"
    for walk in walks:
        assert len(walk) + 1 <= 11, f"{len(walk) + 1} files from a task to a kernel: {walk}"


@pytest.mark.parametrize(
    ("file", "most"),
    [("search.py", 60), ("bag.py", 120), ("colour.py", 120), ("pile.py", 60), ("twice.py", 60)],
    ids=["a search", "a trainable torch guide", "a type", "a type in another guise", "a primitive with its row"],
)
def test_a_stranger_writes_one_short_file(file: str, most: int) -> None:
    """What ``tests/test_plugin_package.py`` installs, checks, trains and uses."""
    text = (ROOT / "tests" / "plugin_package" / "neurosynth_clock" / file).read_text(encoding="utf-8")
    assert text.count("\n") <= most, f"{file} is longer than {most} lines; what should the package do for it?"
