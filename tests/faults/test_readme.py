"""The table of faults and their tests is true: each class has its case and ten relatives, and the counts are those of pytest."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
LEAST = 11
"""A case and ten relatives."""


def table() -> list[tuple[str, dict[Path, list[str]], int]]:
    """Of each class its name, the tests by file, and how many cases there are said to be."""
    found = []
    for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[2].isdecimal():
            tests = {}
            for part in cells[1].split(";"):
                file, names = part.split(":")
                tests[(FOLDER / file.strip()).resolve()] = [name.strip() for name in names.split(",")]
            found.append((cells[0], tests, int(cells[2])))
    return found


@pytest.mark.slow
def test_each_class_has_its_case_and_ten_relatives() -> None:
    rows = table()
    assert len(rows) >= 12
    files = sorted({str(file.relative_to(ROOT)) for _, tests, _ in rows for file in tests})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-o", "addopts=--import-mode=importlib", *files]
    listed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).stdout
    counts = Counter(re.findall(r"^(tests/\S+?::\w+)", listed, re.MULTILINE))
    for name, tests, said in rows:
        cases = {f"{file.relative_to(ROOT)}::{test}": 0 for file, names in tests.items() for test in names}
        cases = {test: counts[test] for test in cases}
        assert all(cases.values()), f"{name}: there is no such test: {[t for t, n in cases.items() if not n]}"
        assert sum(cases.values()) == said, f"{name}: {sum(cases.values())} cases, README.md says {said}: {cases}"
        assert said >= LEAST, f"{name}: {said} cases; a case and ten relatives are wanted"
