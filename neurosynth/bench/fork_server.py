"""The fork server, which has loaded everything needed for solving, and its workers, which are forks of it.

It is started by :mod:`neurosynth.bench.local`. A worker runs one task after the other, so that modules loaded for one task are
available for the next. A task that crashes, exceeds its limits or leaves much memory behind affects only its worker, and another one is
forked. The server never runs the code of a task. As the parent of the workers, only the server can learn how they end, and it stops
those that exceed their limits. When the other end of its connection closes, it kills its workers and everything that they started, and
ends.
"""

from __future__ import annotations

import faulthandler
import gc
import math
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Any

from neurosynth.bench import facts
from neurosynth.bench.jobs import Job, Solver, WrongAnswer
from neurosynth.bench.messages import Ended, Order, Usage
from neurosynth.bench.processes import (
    below,
    cpu_of,
    end_children,
    end_with_parent,
    give_back_memory,
    memory_of,
    subreaper,
)
from neurosynth.engine.limits import memory_mb, peak_memory_mb
from neurosynth.errors import NeurosynthError, PrimitiveBug, UnknownNameError

__all__ = ["main", "perform"]

_TICK = 0.1
"""Seconds between checks of the memory and the time of the tasks; each check takes about a tenth of a millisecond."""
_SAID = 4000
"""Number of bytes kept of a worker's last output."""
_LEFT = 300.0
"""Megabytes that tasks may leave in a worker before another one replaces it."""

Answer = tuple[dict[str, Any], Usage, float, bool]
"""A worker's message: the parts of a row, the resources of the task, the worker's processor time so far, and whether it continues."""


@dataclass(slots=True, eq=False)
class _Worker:
    """The server's view of a worker."""

    pid: int
    pipe: Connection
    order: Order | None = None
    """Its current order; None while it waits."""
    began: float = 0.0
    """The time of the order, in seconds since 1970."""
    started: float = 0.0
    """The same on the monotonic clock."""
    cpu: float = 0.0
    """Seconds of processor time before the order began."""
    peak: float = 0.0
    """Maximum number of bytes since then."""
    overrun: str = ""


class ForkServer:
    """Serves one connection: runs at most ``slots`` jobs at a time, in the order of their arrival."""

    def __init__(self, connection: Connection, slots: int, folder: Path) -> None:
        self.connection, self.slots, self.folder = connection, slots, folder
        self.waiting: deque[Order] = deque()
        self.workers: list[_Worker] = []

    def serve(self) -> None:
        """Run until the other end closes the connection."""
        subreaper()
        try:
            while True:
                self._hand_out()
                sources = {w.pipe: w for w in self.workers}
                busy = any(w.order for w in self.workers)
                for source in wait([self.connection, *sources], _TICK if busy else None):
                    if source is self.connection:
                        self.waiting.append(self.connection.recv())
                    else:
                        self._heard(sources[source])  # type: ignore[index]  # one of those given
                for worker in [w for w in self.workers if w.order is not None]:
                    self._watch(worker, worker.order)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return
        finally:
            for worker in self.workers:
                _kill(worker.pid)
            end_children()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _hand_out(self) -> None:
        while self.waiting:
            worker = next((w for w in self.workers if w.order is None), None)
            if worker is None:
                if len(self.workers) >= self.slots:
                    return
                worker = self._fork()
            try:
                worker.pipe.send(self.waiting[0])
            except (BrokenPipeError, ConnectionResetError):  # it was killed while it waited
                self._reap(worker)
                continue
            worker.order = self.waiting.popleft()
            worker.started, worker.peak, worker.overrun = time.monotonic(), 0.0, ""
            worker.began = time.time()
            self.connection.send((worker.order.number, worker.pid))

    def _fork(self) -> _Worker:
        ours, theirs = Pipe()
        gc.freeze()  # a garbage collection in the fork would write to, and thereby copy, every shared page
        pid = os.fork()
        if pid == 0:
            for other in (ours, self.connection, *(w.pipe for w in self.workers)):
                other.close()  # pipes are closed when their owner closes them
            _work(theirs, self.folder)
        theirs.close()
        self.workers.append(_Worker(pid, ours))
        return self.workers[-1]

    def _heard(self, worker: _Worker) -> None:
        """Receive a worker's message, or its end."""
        try:
            parts, usage, cpu, stays = worker.pipe.recv()
        except (EOFError, ConnectionResetError, pickle.UnpicklingError):
            self._ended(worker)
            return
        assert worker.order is not None  # it only answers orders
        worker.cpu = cpu
        number, worker.order = worker.order.number, None
        if not stays:
            self._reap(worker)
        self.connection.send(Ended(number, parts, usage))

    def _watch(self, worker: _Worker, order: Order | None) -> None:
        if order is None or worker.overrun:
            return
        if _has_ended(worker.pid):
            if not worker.pipe.poll():  # a process that it started keeps the pipe open
                self._ended(worker)
            return
        tree = [worker.pid, *below(worker.pid)]
        used = memory_of(tree)
        worker.peak = max(worker.peak, used)
        if used > order.memory:
            worker.overrun = "memory"
        elif time.monotonic() - worker.started > order.deadline:
            worker.overrun = "time"
        elif order.cpu is not None and cpu_of(tree) - worker.cpu > order.cpu:
            worker.overrun = "cpu"
        if worker.overrun:
            self._ended(worker)

    def _ended(self, worker: _Worker) -> None:
        """Report how a worker ended that had, or did not have, an order."""
        order, overrun = worker.order, worker.overrun
        status, cpu, peak = self._reap(worker)
        if order is None:
            return
        usage = Usage(worker.began, time.monotonic() - worker.started, cpu - worker.cpu, max(peak, worker.peak))
        said = _tail(order.log or str(self.folder / f"{worker.pid}.log"))
        self.connection.send(Ended(order.number, None, usage, status, overrun, said))

    def _reap(self, worker: _Worker) -> tuple[int, float, float]:
        """End a worker and the processes that it started: its status, seconds of processor time, and peak number of bytes."""
        self.workers.remove(worker)
        worker.pipe.close()
        patience = 0 if worker.overrun or worker.order is None else 100
        while patience and not _has_ended(worker.pid):  # it may have closed its pipe and continue
            patience -= 1
            time.sleep(0.001)
        if not patience:
            _kill(worker.pid)
        _, status, usage = os.wait4(worker.pid, 0)
        _kill(worker.pid)  # processes that it started and left behind
        orphans = end_children({w.pid for w in self.workers})
        shutil.rmtree(self.folder / str(worker.pid), ignore_errors=True)
        unit = 1.0 if sys.platform == "darwin" else 1024.0
        return status, usage.ru_utime + usage.ru_stime + orphans, usage.ru_maxrss * unit


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _kill(pid: int) -> None:
    """End a worker and all of its group."""
    with suppress(
        ProcessLookupError, PermissionError
    ):  # nothing is left of it; macOS reports this by the second exception
        os.killpg(pid, signal.SIGKILL)


def _tail(path: str) -> str:
    """The end of a file."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _SAID))
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:  # it ended before it wrote anything
        return ""


# --- a worker ---------------------------------------------------------------------------------------------------------


def _work(pipe: Connection, folder: Path) -> None:
    """Run as a worker, and end."""
    code = 1
    try:
        os.setpgid(0, 0)  # processes of tasks end with it, and Ctrl-C does not reach it
        end_with_parent()
        subreaper()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        faulthandler.enable(file=2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(OSError):  # no procfs
            Path("/proc/self/oom_score_adj").write_text(
                "800"
            )  # if memory is short, the system ends a task before the run
        own = folder / str(os.getpid())
        own.mkdir()
        tempfile.tempdir = os.environ["TMPDIR"] = str(own)  # files that tasks leave there are removed with the worker
        base, going_on = memory_mb(), True
        while going_on:
            order: Order = pipe.recv()
            parts, usage = _carried_out(order, own.with_suffix(".log"))
            end_children()
            if memory_mb() > base + _LEFT / 2:
                give_back_memory()
            going_on = order.reuse and memory_mb() < base + _LEFT and threading.active_count() == 1
            pipe.send((parts, usage, _cpu(), going_on))
        code = 0
    except EOFError:  # the server has ended
        code = 0
    except BaseException:  # whatever it is, this process must end here instead of continuing as its parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _carried_out(order: Order, log: Path) -> tuple[dict[str, Any], Usage]:
    """Carry out an order: the parts of its row, and the resources used."""
    try:
        descriptor = os.open(order.log or log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    except OSError:  # a full disk affects the log, not the task
        descriptor = os.open(os.devnull, os.O_WRONLY)
    for standard in (1, 2):
        os.dup2(descriptor, standard)
    os.close(descriptor)
    with suppress(OSError):  # without Linux, the peak is that of the worker so far
        Path("/proc/self/clear_refs").write_text("5")
    began, cpu, waited = time.time(), _cpu(), facts.waited()
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    # A worker whose server is lost ends by itself, too.
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(cpu + (order.cpu or order.deadline)) + 1, most))
    parts = perform(pickle.loads(order.job))
    sys.stdout.flush()
    sys.stderr.flush()
    used = Usage(began, parts["wall"], _cpu() - cpu, peak_memory_mb() * 1e6, facts.noise(waited))
    return parts, used


def _cpu() -> float:
    """Seconds of processor time of this process and of the children for which it waited."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def perform(job: Job) -> dict[str, Any]:
    """Run a job here: the parts of its row that it determines, with ``fatal`` if all other jobs would fail in the same way."""
    started = time.perf_counter()
    parts: dict[str, Any] = {"fatal": ""}
    try:
        parts.update(_solved(job))
    except WrongAnswer as error:
        parts.update(stop="wrong", reason=str(error))
    except UnknownNameError as error:
        parts.update(stop="error", reason=str(error))
        if error.kind != "language" or job.solver.language is not None:
            parts["fatal"] = str(error)
    except NeurosynthError as error:
        parts.update(stop="error", reason=str(error).split("\n")[0])
    except MemoryError:
        parts.update(stop="memory")
    except PrimitiveBug as error:
        print(error.report, file=sys.stderr)  # for the task's log, with the file of the declaration
        parts.update(stop="error", reason=f"PrimitiveBug: primitive {error.primitive}({error.arguments}) {error.what}")
    except Exception as error:  # any failure becomes a row, never the end of a run
        traceback.print_exc()  # for the task's log
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        # The module instead of its file, so that rows of two machines agree.
        where = f" ({place.tb_frame.f_globals['__name__']}, line {place.tb_lineno})" if place is not None else ""
        said = f": {error}" if str(error) else ""
        parts.update(stop="error", reason=f"{type(error).__name__}{said}{where}")
    parts["wall"] = time.perf_counter() - started
    return parts


def _solved(job: Job) -> dict[str, Any]:
    result = job.solver.solve(job.task, job.limits, job.seed)
    parts = result.to_json()
    del parts["trace"]  # a row of a benchmark contains figures, not explanations
    parts.update(guide=result.guide, search=result.search, solved=result.solved)
    best = result.solutions[0] if result.solutions else result.closest
    parts["closest_share"] = round(best.share, 4) if best is not None else 0.0
    if result.solutions and job.task.test_examples:
        tests = len(job.task.test_examples)
        parts["held_out"] = (tests, round((result.solutions[0].test_accuracy or 0.0) * tests))
    return parts


def main(descriptor: int) -> None:
    """Serve the connection of a file descriptor, whose first message has the settings."""
    with Connection(descriptor) as connection:
        try:
            greeting = connection.recv()
            for solver, language in greeting["preload"]:
                _preload(solver, language)
            connection.send("ready")
        except (EOFError, BrokenPipeError, ConnectionResetError):  # nobody waits for it any more
            return
        ForkServer(connection, greeting["slots"], greeting["folder"]).serve()


def _preload(solver: Solver, language: str) -> None:
    """Load everything that all tasks need, so that workers need not."""
    import neurosynth.search.portfolio  # noqa: F401  brings the engine and numba

    with suppress(NeurosynthError):  # the tasks fail in the same way, and report it
        solver.prepare(language)
