"""What a row says about where it was made: versions, commit, machine."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import neurosynth

__all__ = ["commit", "machine", "versions"]

_PACKAGES = {"neurosynth": "neurosynth-pbe", "numpy": "numpy", "numba": "numba", "torch": "torch", "cvc5": "cvc5"}
"""Names in rows, and the distributions behind them."""


def versions() -> dict[str, str]:
    """Versions of Python and of what is installed of what matters; nothing is imported."""
    found = {"python": platform.python_version()}
    for name, distribution in _PACKAGES.items():
        try:
            found[name] = version(distribution)
        except PackageNotFoundError:
            continue
    return found


def commit() -> str | None:
    """The commit of the checkout this package is part of, with a plus sign when its files differ; None outside one."""
    folder = Path(neurosynth.__file__).parent
    try:
        _git(folder, "ls-files", "--error-unmatch", "__init__.py")  # a checkout of something else does not count
        found = _git(folder, "rev-parse", "--short=12", "HEAD")
        changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return None
    return found + ("+" if changed else "")


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def machine() -> dict[str, Any]:
    """``cpu``, ``cores`` and ``system``."""
    return {"cpu": _cpu(), "cores": os.cpu_count(), "system": platform.system()}


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # no procfs (macOS)
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
