"""Compiled code is good as long as a kernel computes the same: its digest changes with what it computes, and only then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

KERNEL = '''
import helpers
from helpers import LIMIT, doubled, table

def f(a, b):
    """Docstring."""
    return doubled(a) + b + LIMIT + table[0] + helpers.tripled(b) if a in {"x", "y", "z"} else 1

def another(a):
    return a
'''
HELPERS = """
import numpy as np

LIMIT = 7
table = np.array([1, 2])

def inner(a):
    return a

def doubled(a):
    return inner(a) * 2

def tripled(a):
    return 3 * a
"""


def digest(folder: Path, kernel: str = KERNEL, helpers: str = HELPERS, seed: str = "0") -> str:
    """In a process of its own, so that nothing is known from before."""
    (folder / "kernel.py").write_text(kernel, encoding="utf-8")
    (folder / "helpers.py").write_text(helpers, encoding="utf-8")
    code = "from neurosynth.engine.kernels.digest import digest_of; print(digest_of('kernel:f'))"
    environment = {"PYTHONPATH": str(folder), "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


SAME = [
    ('"""Docstring."""', '"""Another."""'),
    ("def f", "# a comment\n\n\ndef f"),
    ("return a\n", "return a + 1\n"),  # of another function in the kernel's file
]
OTHER = [
    ("+ b +", "- b +"),
    ("else 1", "else 2"),
    ("return inner(a) * 2", "return inner(a) * 4"),
    ("def inner(a):\n    return a", "def inner(a):\n    return a + 1"),
    ("3 * a", "5 * a"),
    ("LIMIT = 7", "LIMIT = 8"),
    ("[1, 2]", "[1, 3]"),
]


def test_it_is_the_same_in_every_process(tmp_path: Path) -> None:
    assert len({digest(tmp_path, seed=seed) for seed in ("0", "1", "2")}) == 1


@pytest.mark.parametrize(("old", "new"), SAME)
def test_what_changes_nothing_keeps_it(tmp_path: Path, old: str, new: str) -> None:
    assert old in KERNEL
    assert digest(tmp_path) == digest(tmp_path, KERNEL.replace(old, new))


@pytest.mark.parametrize(("old", "new"), OTHER)
def test_what_changes_the_value_changes_it(tmp_path: Path, old: str, new: str) -> None:
    assert old in KERNEL + HELPERS
    assert digest(tmp_path) != digest(tmp_path, KERNEL.replace(old, new), HELPERS.replace(old, new))
