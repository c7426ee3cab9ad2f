"""The circumstances of a row: versions, commit, machine, and the other load of the machine."""

from __future__ import annotations

import os
import platform
import subprocess
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

__all__ = ["commit", "machine", "noise", "versions", "waited"]

_PACKAGES = {"neurosynth": "neurosynth-pbe", "numpy": "numpy", "numba": "numba", "torch": "torch", "cvc5": "cvc5"}
"""Names in rows, and the distributions behind them."""


def versions() -> dict[str, str]:
    """Versions of Python and of the relevant installed packages; nothing is imported."""
    found = {"python": platform.python_version()}
    for name, distribution in _PACKAGES.items():
        with suppress(PackageNotFoundError):
            found[name] = version(distribution)
    return found


def commit() -> str | None:
    """The commit of this package's checkout, with a plus sign if its files differ; None outside a checkout."""
    folder = Path(__file__).parents[1]
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
    """``cpu``, ``cores``, ``affinity`` (the cores that tasks may use), ``memory_gb``, ``system``; ``quota`` in a cgroup with one."""
    own = psutil.Process()
    affinity = own.cpu_affinity() if hasattr(own, "cpu_affinity") else None  # not on macOS
    found = {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "affinity": affinity,
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": platform.system(),
        "quota": _quota(),
    }
    return {name: value for name, value in found.items() if value is not None}


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # no procfs (macOS)
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _quota() -> float | None:
    """Maximum number of cores that this process's cgroup (version 2) may use; None without such a limit."""
    with suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/self/cgroup").read_text().splitlines()
        own = next(line.removeprefix("0::/") for line in lines if line.startswith("0::"))
        most, period = (Path("/sys/fs/cgroup") / own / "cpu.max").read_text().split()
        return int(most) / int(period)  # "max" is not a number: no limit
    return None


def noise(waited_before: float) -> dict[str, Any]:
    """The other load of the machine during a task: ``load`` (of one minute), ``waited``, and ``pressure`` if the system reports it.

    ``waited`` is the time in which the process could have worked but had no core. ``pressure`` is the share of the last ten seconds, in
    percent, during which some process waited for ``cpu``, ``memory`` or ``io`` (PSI).
    """
    found: dict[str, Any] = {"load": round(os.getloadavg()[0], 2), "waited": round(waited() - waited_before, 4)}
    pressure = {}
    for name in ("cpu", "memory", "io"):
        with suppress(OSError, ValueError, IndexError):
            pressure[name] = float(Path(f"/proc/pressure/{name}").read_text().split()[1].removeprefix("avg10="))
    return {**found, "pressure": pressure} if pressure else found


def waited() -> float:
    """Seconds so far in which this process's main thread could have worked but had no core; 0 if the system does not count them."""
    try:
        return int(Path("/proc/self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):  # no procfs, or a kernel without these counts
        return 0.0
