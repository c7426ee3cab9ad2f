"""Processes seen from outside: the memory and time of those below a process, and how to end them all."""

from __future__ import annotations

import ctypes
import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

import psutil

__all__ = [
    "MARK",
    "below",
    "children",
    "cpu_of",
    "end_children",
    "end_marked",
    "end_with_parent",
    "give_back_memory",
    "memory_of",
    "run_folder",
    "subreaper",
]

MARK = "NEUROSYNTH_BENCH_RUN"
"""The environment variable that every process of a run inherits; its value is the run's folder."""
_PREFIX = "neurosynth-bench-"
_SUBREAPER, _DEATH_SIGNAL = 36, 1  # of prctl(2)


def subreaper() -> None:
    """Become the parent of orphaned processes below this one, including those that called ``setsid`` (Linux 3.4)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def end_with_parent() -> None:
    """Be killed when the parent ends, however it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def give_back_memory() -> None:
    """Free unreferenced objects, and return free memory to the system if the C library can."""
    gc.collect()
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):  # glibc
        library.malloc_trim(0)


def children(pid: int | str) -> list[int]:
    """The children of a process, including adopted ones; none without procfs, or if it has ended."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):  # each thread has its own children
        with suppress(OSError):
            found += map(int, path.read_bytes().split())
    return found


def below(pid: int | str) -> list[int]:
    """All processes below one."""
    direct = children(pid)
    return direct + [p for child in direct for p in below(child)]


def memory_of(pids: Iterable[int]) -> float:
    """Resident bytes of several processes; one that has ended uses nothing."""
    total = 0.0
    for pid in pids:
        with suppress(psutil.Error):
            total += psutil.Process(pid).memory_info().rss
    return total


def cpu_of(pids: Iterable[int]) -> float:
    """Seconds of processor time of processes and of the children for which they waited."""
    total = 0.0
    for pid in pids:
        with suppress(psutil.Error):
            used = psutil.Process(pid).cpu_times()
            total += used.user + used.system + used.children_user + used.children_system
    return total


def end_children(keep: Collection[int] = ()) -> float:
    """Kill the children of this process, except those to keep, and the processes that they leave to it; returns their processor
    time."""
    used = 0.0
    while waiting := [pid for pid in children("self") if pid not in keep]:
        for pid in waiting:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in waiting:
            with suppress(ChildProcessError):
                _, _, usage = os.wait4(pid, 0)
                used += usage.ru_utime + usage.ru_stime
    return used


def end_marked(folder: Path) -> None:
    """Kill every process of a run, wherever it is: all have its folder in their environment."""
    for _ in range(5):  # one that was killed may have started another a moment before
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.pid != os.getpid() and process.environ().get(MARK) == str(folder):
                    process.kill()
                    found.append(process)
        if not found:
            return
        psutil.wait_procs(found, timeout=5)


def run_folder() -> Path:
    """A new temporary folder for a run; folders of killed runs are removed first."""
    parent = Path(tempfile.gettempdir())
    for old in parent.glob(f"{_PREFIX}*"):
        pid = old.name.removeprefix(_PREFIX).split("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            end_marked(old)
            shutil.rmtree(old, ignore_errors=True)  # another user's folder stays
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
