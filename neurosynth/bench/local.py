"""Jobs on this machine, each in a process of its own, several at a time."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

from neurosynth.bench import facts
from neurosynth.bench.jobs import Job
from neurosynth.bench.messages import Ended, Order
from neurosynth.bench.rows import HeldOut, Row
from neurosynth.errors import InputError, NeurosynthError
from neurosynth.search.base import Stats

__all__ = ["LocalExecutor"]

_BEAT = 0.25
"""Seconds after which the iterator says that nothing ended."""
_TRIES = 2
"""How often a job may be running when the process it was forked from is killed."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""One core for each task; and a process with threads cannot be forked safely."""
_ALLOCATION = {"MMAP_THRESHOLD_": 4 << 20, "TRIM_THRESHOLD_": 256 << 20, "TOP_PAD_": 16 << 20}
"""How glibc's malloc takes memory, which a process learns in its first second and a fork would learn anew: arrays of up to
4 MB come from a heap that grows by large steps and keeps what was freed.  Measured: 20 % fewer page faults in tasks of 1 s,
a third less system time."""

Message = tuple[int, int] | Ended


def _allocation() -> dict[str, str]:
    """The variables that say so to glibc; what the user set stays."""
    stated = {f"MALLOC_{name}": str(size) for name, size in _ALLOCATION.items()}
    return {name: size for name, size in stated.items() if name not in os.environ}


@dataclass(frozen=True, kw_only=True)
class LocalExecutor:
    """Runs jobs in forks of a process that has loaded what they need."""

    jobs: int = 1
    """How many at a time."""
    grace: float = 10.0
    """Seconds beyond its limit after which a task's process is killed."""
    learning: bool = True
    """Whether tasks begin with what earlier ones loaded."""

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise InputError(f"jobs is {self.jobs}; allowed: 1 or more")
        if not self.grace > 0:
            raise InputError(f"grace is {self.grace}; allowed: a positive number of seconds")

    def run(self, jobs: Sequence[Job]) -> Generator[Row | None, None, None]:
        """The row of each job once, as they end; None now and then while nothing ended.

        Raises:
            InputError: for a name that nothing goes by, which is the same for all jobs.
        """
        run = _Run(self, jobs)
        try:
            yield from run.rows()
        finally:
            run.close()

    def order(self, number: int, job: Job) -> Order:
        """The job as it is handed over, with the moment and the size at which it is stopped.

        Raises:
            InputError: for a job that cannot be sent to another process.
        """
        try:
            data = pickle.dumps(job)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise InputError(
                f"task {job.task.name!r} cannot be sent to another process: {error}; functions of its grammar must be "
                "those of a module"
            ) from error
        own, limits = job.solver.own_limits, job.limits
        return Order(number, data, limits.seconds + self.spare(job), self.cap(job) if own else limits.max_memory * 1e9)

    def spare(self, job: Job) -> float:
        """Seconds a job has beyond its limit; a solver that does not look at the time itself has hardly any."""
        return self.grace if job.solver.own_limits else min(self.grace, 1.0)

    def cap(self, job: Job) -> float:
        """Bytes at which a solver that minds its memory itself is stopped all the same."""
        return job.limits.max_memory * 1.2e9 + 0.3e9


@dataclass(eq=False)
class _Run:
    """One run: the process that tasks are forked from, replaced when it is lost."""

    executor: LocalExecutor
    jobs: Sequence[Job]
    process: subprocess.Popen[bytes] | None = None
    connection: Connection | None = None
    todo: deque[int] = field(default_factory=deque)
    sent: dict[int, int | None] = field(default_factory=dict)
    """Jobs handed over, and the process of each once it began."""
    lost: Counter[int] = field(default_factory=Counter)
    common: dict[str, Any] = field(default_factory=dict)

    def rows(self) -> Iterator[Row | None]:
        """See :meth:`LocalExecutor.run`."""
        self.common = {"versions": facts.versions(), "commit": facts.commit(), "machine": facts.machine()}
        self.todo.extend(range(len(self.jobs)))
        while self.todo or self.sent:
            yield from self._hand_over()
            try:
                message = self._next()
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
        """Keep the other process supplied: with what it runs, and as many again."""
        while self.todo and len(self.sent) < 2 * self.executor.jobs + 2:
            number = self.todo.popleft()
            try:
                order = self.executor.order(number, self.jobs[number])
            except InputError as error:
                yield self._without_process(number, "error", str(error))
                continue
            self.sent[number] = None
            try:
                self._connected().send(order)
            except (BrokenPipeError, ConnectionResetError):
                return  # the next receive says so, too

    def _next(self) -> Message | None:
        connection = self._connected()
        return connection.recv() if connection.poll(_BEAT) else None

    def _connected(self) -> Connection:
        if self.connection is None:
            ours, theirs = socket.socketpair()
            with theirs:
                code = f"import sys; sys.path[:] = {sys.path!r}\nfrom neurosynth.bench.worker import main\n"
                self.process = subprocess.Popen(
                    [sys.executable, "-c", f"{code}main({theirs.fileno()})"],
                    pass_fds=[theirs.fileno()],
                    env={**os.environ, **dict.fromkeys(_THREADS, "1"), **_allocation()},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    process_group=0,  # Ctrl-C is for this process; it ends the other
                )
            self.connection = Connection(ours.detach())
            # A process that was lost may have been lost to what it learned.
            learning = self.executor.learning and not self.lost
            prepare = list({(job.solver.name, job.language): (job.solver, job.language) for job in self.jobs}.values())
            greeting = {"prepare": prepare, "slots": self.executor.jobs, "learning": learning}
            try:
                self.connection.send(greeting)
                self.connection.recv()
            except (EOFError, BrokenPipeError, ConnectionResetError):
                raise NeurosynthError(
                    "the process that tasks are forked from does not start; what it says is above"
                ) from None
        return self.connection

    def _again(self) -> Iterator[Row]:
        """The other process is gone: what it ran is run once more, then given up."""
        self.close()
        for number, pid in self.sent.items():
            self.lost[number] += pid is not None
            if self.lost[number] >= _TRIES:
                reason = f"the process it was forked from was killed, {_TRIES} times"
                yield self._without_process(number, "killed", reason)
            else:
                self.todo.appendleft(number)
        self.sent.clear()

    def close(self) -> None:
        """End the other process and, with it, the tasks."""
        if self.connection is None or self.process is None:
            return
        self.connection.close()
        self.connection = None
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.returncode:  # it did not come to end its forks itself
            for pid in self.sent.values():
                if pid is not None:
                    with suppress(ProcessLookupError, PermissionError):
                        os.killpg(pid, signal.SIGKILL)

    # --- rows -------------------------------------------------------------------------------------------------------

    def _without_process(self, number: int, stop: str, reason: str) -> Row:
        now = datetime.now(UTC).timestamp()
        return self._made(number, {"stop": stop, "reason": reason}, Ended(number, None, 0, "", "", now, 0.0, 0.0, 0.0))

    def _row(self, ended: Ended) -> Row:
        parts = ended.parts
        if parts is not None and parts["fatal"]:
            raise InputError(parts["fatal"])
        if parts is None:
            parts = why(ended, self.jobs[ended.number], self.executor)
        return self._made(ended.number, parts, ended)

    def _made(self, number: int, parts: dict[str, Any], ended: Ended) -> Row:
        job = self.jobs[number]
        empty = Stats(seconds=ended.wall, peak_memory_mb=ended.peak / 1e6).as_dict()
        found: dict[str, Any] = {
            **job.fields(),
            **self.common,
            "reason": "",
            "solved": False,
            "programs": (),
            "held_out": None,
            "stats": empty,
            "closest_share": 0.0,
            "wall": ended.wall,
            "started": datetime.fromtimestamp(ended.began, UTC).isoformat(timespec="milliseconds"),
        }
        own = {k: v for k, v in parts.items() if k not in ("fatal", "task", "language")}
        found.update({k: own.pop(k) for k in list(own) if k in found or k == "stop"})
        if found["held_out"] is not None:
            found["held_out"] = HeldOut(*found["held_out"])
        # A solver that is another program says what that took; of this process only its own loading is seen.
        apart = not job.solver.own_limits and "stats" in parts
        peak = found["stats"]["peak_memory_mb"] if apart else ended.peak / 1e6
        found.update(
            programs=tuple(found["programs"]),
            wall=round(found["wall"], 4),
            cpu=round(ended.cpu, 4),
            peak_memory_mb=round(peak, 1),
        )
        return Row(**found, extra=own)


_FAULTS = {
    signal.SIGSEGV: "segmentation fault",
    signal.SIGBUS: "bus error",
    signal.SIGFPE: "arithmetic fault",
    signal.SIGILL: "illegal instruction",
    signal.SIGABRT: "abort",
    signal.SIGTRAP: "trap",
}


def why(ended: Ended, job: Job, executor: LocalExecutor) -> dict[str, Any]:
    """``stop`` and ``reason`` of a job whose process ended without an answer."""
    own, limits = job.solver.own_limits, job.limits
    code = os.waitstatus_to_exitcode(ended.status)
    if ended.overrun == "memory":
        cap = f"{executor.cap(job) / 1e9:.1f} GB, the hard cap above its limit of {limits.max_memory:g} GB"
        return {"stop": "killed", "reason": f"its process held more than {cap}"} if own else {"stop": "memory"}
    if ended.overrun == "time":
        late = f"still running {executor.grace:g} s after its limit of {limits.seconds:g} s"
        return {"stop": "killed", "reason": late} if own else {"stop": "time"}
    if code == -signal.SIGXCPU:
        used = f"used {ended.cpu:.0f} s of processor time; its limit is {limits.seconds:g} s"
        return {"stop": "killed", "reason": used} if own else {"stop": "time"}
    if code < 0 and -code in _FAULTS:
        return {"stop": "crashed", "reason": f"{_FAULTS[signal.Signals(-code)]} (signal {-code}){_place(ended.said)}"}
    if code < 0:
        whom = "someone's kill, or the system ran out of memory" if code == -signal.SIGKILL else "someone's kill"
        return {"stop": "killed", "reason": f"signal {-code} from outside: {whom}"}
    last = ended.said.strip().split("\n")[-1][:200]
    return {"stop": "crashed", "reason": f"ended with exit status {code} and no answer{': ' if last else ''}{last}"}


def _place(said: str) -> str:
    """Where the interpreter was, as ``faulthandler`` says."""
    lines = [line.strip() for line in said.split("\n") if line.strip().startswith("File ")]
    return f" in {lines[0].removeprefix('File ')}" if lines else ""
