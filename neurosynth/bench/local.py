"""Jobs on this machine, several at a time, in workers that are monitored from outside."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from neurosynth.bench import facts
from neurosynth.bench.jobs import Job
from neurosynth.bench.messages import Ended, Order, Usage
from neurosynth.bench.processes import MARK, end_marked, run_folder
from neurosynth.bench.rows import HeldOut, Row
from neurosynth.errors import InputError, NeurosynthError
from neurosynth.search.base import Stats

__all__ = ["LocalExecutor", "made_row", "row_of"]

_BEAT = 0.25
"""Seconds after which the iterator yields None if nothing ended."""
_TRIES = 2
"""How often a job may be running when the fork server is killed."""
LATE = 1.05
"""An answer that took more than this times its limit came after the limit: reading a clock takes time, too."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""One core for each task; a process with threads cannot be forked safely."""
_ALLOCATION = {"MMAP_THRESHOLD_": 4 << 20, "TRIM_THRESHOLD_": 256 << 20, "TOP_PAD_": 16 << 20}
"""The settings of glibc's malloc: arrays of up to 4 MB come from a heap that grows in large steps and keeps freed memory. Measured: 20
% fewer page faults in tasks of 1 s, and a third less system time."""

Message = tuple[int, int] | Ended


@dataclass(frozen=True, kw_only=True)
class LocalExecutor:
    """Runs jobs in forks of a process that has loaded everything they need."""

    jobs: int = 1
    """Number of jobs at a time."""
    grace: float = 10.0
    """Seconds after its limit at which a task is killed."""
    logs: Path | None = None
    """A folder for the output of each task, in one file for each."""

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise InputError(f"jobs is {self.jobs}; allowed: 1 or more")
        if not self.grace > 0:
            raise InputError(f"grace is {self.grace}; allowed: a positive number of seconds")
        if self.logs is not None:
            _made_folder(self.logs)

    def run(self, jobs: Sequence[Job]) -> Generator[Row | None, None, None]:
        """The row of each job when it ends, and None now and then in between.

        Raises:
            InputError: for an unknown name, which is the same for all jobs.
        """
        with closing(_LocalRun(self, jobs)) as run:
            yield from run.rows()

    def order(self, number: int, job: Job) -> Order:
        """The order for a job, with the time and the size at which it is stopped.

        Raises:
            InputError: for a job that cannot be sent to another process.
        """
        try:
            data = pickle.dumps(job)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise InputError(
                f"task {job.task.name!r} cannot be sent to another process: {error}; functions of its grammar must be "
                "defined at the top level of a module"
            ) from error
        own, limits = job.solver.own_limits, job.limits
        # A solver that does not check the time itself gets hardly any extra time.
        deadline = limits.seconds + (self.grace if own else min(self.grace, 1.0))
        memory = self.cap(job) if own else limits.max_memory * 1e9
        return Order(number, data, deadline, memory, job.cpu_seconds, self.log(job), reuse=own)

    def cap(self, job: Job) -> float:
        """Number of bytes at which a solver that observes its memory limit itself is stopped anyway."""
        return job.limits.max_memory * 1.2e9 + 0.3e9

    def log(self, job: Job) -> str | None:
        """The file for a task's output, in a folder that is created if necessary."""
        if self.logs is None:
            return None
        names = (job.suite, f"{job.task.name}.{job.solver.name}.{job.seed}.{job.repeat}")
        suite, name = (re.sub(r"[^\w.+-]+", "-", text).lstrip(".")[-120:] for text in names)
        path = (self.logs / (suite or "-") / f"{name}.log").absolute()
        _made_folder(path.parent)
        return str(path)


def _made_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--logs: folder {path} cannot be made: {error.strerror or error}") from None


@dataclass(eq=False)
class _LocalRun:
    """One run: the fork server, which is replaced when it is lost."""

    executor: LocalExecutor
    jobs: Sequence[Job]
    process: subprocess.Popen[bytes] | None = None
    connection: Connection | None = None
    ready: bool = False
    """Whether the fork server has loaded everything, and may have begun tasks."""
    folder: Path | None = None
    todo: deque[int] = field(default_factory=deque)
    sent: dict[int, int | None] = field(default_factory=dict)
    """Jobs that were handed over, and the process of each once it began."""
    lost: Counter[int] = field(default_factory=Counter)
    common: dict[str, Any] = field(default_factory=dict)

    def rows(self) -> Iterator[Row | None]:
        """See :meth:`LocalExecutor.run`."""
        self.common = {"versions": facts.versions(), "commit": facts.commit(), "machine": facts.machine()}
        self.todo.extend(range(len(self.jobs)))
        while self.todo or self.sent:
            yield from self._hand_over()
            try:
                connection = self._connected()
                message: Message | None = connection.recv() if connection.poll(_BEAT) else None
            except (EOFError, ConnectionResetError, BrokenPipeError):
                yield from self._again()
                continue
            match message:
                case None:
                    yield None
                case (number, pid):
                    self.sent[number] = pid
                case Ended():
                    del self.sent[message.number]
                    yield self._row(message)

    def _hand_over(self) -> Iterator[Row]:
        """Keep the fork server supplied with the jobs that it runs, and as many again."""
        while self.todo and len(self.sent) < 2 * self.executor.jobs + 2:
            number = self.todo.popleft()
            try:
                order = self.executor.order(number, self.jobs[number])
            except InputError as error:
                yield row_of(self.jobs[number], "error", str(error), **self.common)
                continue
            self.sent[number] = None
            try:
                self._connected().send(order)
            except (BrokenPipeError, ConnectionResetError):
                return  # the next receive reports it, too

    def _connected(self) -> Connection:
        if self.connection is not None and self.ready:
            return self.connection
        try:
            self.folder = folder = run_folder()
        except OSError as error:
            raise InputError(
                f"no temporary folder for the run: {error}; set TMPDIR to a folder with free space"
            ) from None
        allocation = {f"MALLOC_{name}": str(size) for name, size in _ALLOCATION.items()}
        ours, theirs = socket.socketpair()
        with theirs:
            code = f"import sys; sys.path[:] = {sys.path!r}\nfrom neurosynth.bench.fork_server import main\n"
            self.process = subprocess.Popen(
                [sys.executable, "-c", f"{code}main({theirs.fileno()})"],
                pass_fds=[theirs.fileno()],
                env={**allocation, **os.environ, **dict.fromkeys(_THREADS, "1"), MARK: str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C is for this process, which ends the other one
            )
        self.connection = Connection(ours.detach())
        preload = {(job.solver.name, job.language): (job.solver, job.language) for job in self.jobs}
        greeting = {"preload": list(preload.values()), "slots": self.executor.jobs, "folder": folder}
        try:
            self.connection.send(greeting)
            self.connection.recv()
            self.ready = True
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise NeurosynthError("the process that runs the tasks did not start; its error message is above") from None
        return self.connection

    def _again(self) -> Iterator[Row]:
        """The fork server is lost: jobs that it ran are run once more, then given up."""
        self.close()
        for number, pid in self.sent.items():
            self.lost[number] += pid is not None
            if self.lost[number] >= _TRIES:
                reason = f"the process it was forked from was killed, {_TRIES} times"
                yield row_of(self.jobs[number], "killed", reason, **self.common)
            else:
                self.todo.appendleft(number)
        self.sent.clear()

    def close(self) -> None:
        """End the fork server and, with it, the tasks; an interrupt may have arrived at any moment of its start."""
        if self.connection is not None:
            self.connection.close()
        if self.process is not None:
            try:
                self.process.wait(5 if self.ready else 0)  # a server that is still loading has started nothing
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            if self.process.returncode and self.folder is not None:  # it had no chance to end its workers itself
                end_marked(self.folder)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.connection = self.process = self.folder = None
        self.ready = False

    def _row(self, ended: Ended) -> Row:
        job, parts = self.jobs[ended.number], ended.parts
        if parts is None:
            parts = why(ended, job, self.executor)
        elif parts["fatal"]:
            raise InputError(parts["fatal"])
        else:
            parts = {**parts, **_too_late(ended.usage, parts, job)}
        row = made_row(job, parts, ended.usage, self.common)
        if (log := self.executor.log(job)) is not None:
            last = (
                f"\n{row.suite} {row.task} · {row.solver} · {row.stop}, {row.termination}{': ' if row.reason else ''}{row.reason} · "
                f"{row.wall:.2f} s, {row.cpu:.2f} s of processor time, {row.peak_memory_mb:.0f} MB\n"
            )
            with suppress(OSError), open(log, "ab") as file:  # a full disk affects the log, not the run
                file.write(last.encode("utf-8", "backslashreplace"))
        return row


# --- rows -------------------------------------------------------------------------------------------------------------


def row_of(job: Job, stop: str, reason: str, **common: Any) -> Row:
    """The row of a job about which no process can report anything; ``common``: versions, commit and machine."""
    common = common or {"versions": facts.versions(), "commit": facts.commit(), "machine": facts.machine()}
    usage = Usage(datetime.now(UTC).timestamp())
    return made_row(job, {"stop": stop, "reason": reason, "termination": "lost"}, usage, common)


def made_row(job: Job, parts: dict[str, Any], usage: Usage, common: dict[str, Any]) -> Row:
    """The row of a job, from a worker's report and the resources used."""
    found: dict[str, Any] = {
        **job.fields(),
        **common,
        "reason": "",
        "termination": {"error": "exception", "wrong": "wrong"}.get(parts["stop"], "ended"),
        "solved": False,
        "stats": Stats(seconds=usage.wall, peak_memory_mb=usage.peak / 1e6).as_dict(),
        "noise": usage.noise,
        "started": datetime.fromtimestamp(usage.began, UTC).isoformat(timespec="milliseconds"),
    }
    own = {k: v for k, v in parts.items() if k not in ("fatal", "task", "language", "wall")}
    for name in list(own):
        if name in found or name in ("stop", "programs", "held_out", "closest_share"):
            found[name] = own.pop(name)
    if found.get("held_out") is not None:
        found["held_out"] = HeldOut(*found["held_out"])
    # A solver that is another program reports its own resources; the worker's are only those of its own loading.
    apart = not job.solver.own_limits and "stats" in parts
    found.update(
        programs=tuple(found.get("programs", ())),
        wall=round(usage.wall, 4),
        cpu=round(usage.cpu, 4),
        peak_memory_mb=round(found["stats"]["peak_memory_mb"] if apart else usage.peak / 1e6, 1),
    )
    return Row(**found, extra=own)


def _too_late(usage: Usage, parts: dict[str, Any], job: Job) -> dict[str, Any]:
    """The treatment of an answer after a limit: it does not count."""
    if not parts.get("solved"):
        return {}
    used = (("time", usage.wall, job.limits.seconds, "s"), ("cpu", usage.cpu, job.cpu_seconds, "s of processor time"))
    for stop, took, limit, unit in used:
        if limit is not None and took > LATE * limit + 0.02:
            reason = f"solved after {took:.2f} {unit}; the limit is {limit:g}"
            return {"solved": False, "stop": stop, "termination": "late", "reason": reason}
    return {}


_FAULTS = {
    signal.SIGSEGV: "segmentation fault",
    signal.SIGBUS: "bus error",
    signal.SIGFPE: "arithmetic fault",
    signal.SIGILL: "illegal instruction",
    signal.SIGABRT: "abort",
    signal.SIGTRAP: "trap",
}


def why(ended: Ended, job: Job, executor: LocalExecutor) -> dict[str, Any]:
    """``stop``, ``termination`` and ``reason`` of a job whose worker ended without an answer."""
    own, limits = job.solver.own_limits, job.limits
    code = os.waitstatus_to_exitcode(ended.status)
    used = f"used {ended.usage.cpu:.0f} s of processor time"
    if ended.overrun == "memory":
        cap = f"{executor.cap(job) / 1e9:.1f} GB, the hard cap above its limit of {limits.max_memory:g} GB"
        return _limit("memory", "memory", f"its process held more than {cap}" if own else "")
    if ended.overrun == "time":
        late = f"still running {executor.grace:g} s after its limit of {limits.seconds:g} s"
        return _limit("time", "walltime", late if own else "")
    if job.cpu_seconds is not None and (ended.overrun == "cpu" or code == -signal.SIGXCPU):
        return {"stop": "cpu", "termination": "cputime"}
    if code == -signal.SIGXCPU:
        return _limit("time", "cputime", f"{used}; its limit is {limits.seconds:g} s" if own else "")
    if code < 0 and -code in _FAULTS:
        reason = f"{_FAULTS[signal.Signals(-code)]} (signal {-code}){_place(ended.said)}"
        return {"stop": "crashed", "termination": "signal", "reason": reason}
    if code < 0:
        whom = "someone's kill, or the system ran out of memory" if code == -signal.SIGKILL else "someone's kill"
        return {"stop": "killed", "termination": "signal", "reason": f"signal {-code} from outside: {whom}"}
    last = ended.said.strip().split("\n")[-1][:200]
    reason = f"ended with exit status {code} and no answer{': ' if last else ''}{last}"
    return {"stop": "crashed", "termination": "exit", "reason": reason}


def _limit(stop: str, termination: str, failure: str) -> dict[str, Any]:
    """Stopped at a limit from outside, with this text: a failure of a solver that observes the limit itself."""
    return {"stop": "killed" if failure else stop, "termination": termination, "reason": failure}


def _place(said: str) -> str:
    """The position of the interpreter, from ``faulthandler``."""
    lines = [line.strip() for line in said.split("\n") if line.strip().startswith("File ")]
    return f" in {lines[0].removeprefix('File ')}" if lines else ""
