"""The rules of the house that no linter has: short files, and one name for one class."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

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
