"""The process that tasks are forked from, and the forks.

It is started by :mod:`neurosynth.bench.local`, imports what solving needs, and forks itself for each task, so that a
task begins with everything loaded and ends with a process that can be killed.  It is the parent of the tasks' processes:
only it can learn how they end, and it stops those that overrun.  It never runs what a task brings; what a fork found
necessary to load it loads, too (:mod:`neurosynth.bench.warm`).  When the other end of its connection closes, it kills
its forks and ends.
"""

from __future__ import annotations

import faulthandler
import gc
import math
import os
import pickle
import resource
import selectors
import signal
import sys
import tempfile
import time
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import IO, Any

from neurosynth.bench import warm
from neurosynth.bench.jobs import Job, Solver, WrongAnswer
from neurosynth.bench.messages import Ended, Order
from neurosynth.engine.kernels.cache import take_note, work_met
from neurosynth.errors import NeurosynthError, UnknownNameError

__all__ = ["main", "perform"]

_TICK = 0.1
"""Seconds between looks at the memory and the time of the tasks; each look takes about a tenth of a millisecond."""
_FEW = 20
"""Things the first task loaded beyond what was kept of earlier runs, from which on they are kept, too."""
_SAID = 4000
"""Bytes kept of what a task's process wrote last."""


@dataclass(slots=True, eq=False)
class _Running:
    order: Order
    pid: int
    pipe: int
    output: IO[bytes]
    memory: _Memory
    began: float
    started: float
    """Of the monotonic clock."""
    data: bytearray = field(default_factory=bytearray)
    overrun: str = ""
    peak: float = 0.0


class Template:
    """Serves one connection: starts at most ``slots`` jobs at a time, in the order in which they came."""

    def __init__(self, connection: Connection, slots: int, learning: bool, run: str) -> None:
        self.connection, self.slots, self.learning, self.run = connection, slots, learning, run
        self.first = True
        self.recalled: list[warm.Loaded] = []
        self.waiting: deque[Order] = deque()
        self.running: list[_Running] = []
        self.lessons: deque[warm.Loaded] = deque()
        self.known = warm.Known()
        self.selector = selectors.DefaultSelector()
        self.selector.register(connection, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until the other end closes the connection."""
        self._look()
        if self.learning:
            self.recalled = warm.recall(self.run)
            self.lessons.extend(i for i in self.recalled if i not in self.known)
        try:
            while True:
                self._turn()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return
        finally:
            for task in self.running:
                _kill(task.pid)
                os.waitpid(task.pid, 0)

    def _turn(self) -> None:
        # Learning first: whatever is started before it would load the same again.  One thing a turn, so that tasks that
        # overrun are seen in between.
        if self.lessons:
            self._learn(self.lessons.popleft())
        else:
            while self.waiting and len(self.running) < self.slots:
                self._start(self.waiting.popleft())
        ready = self.lessons or (self.waiting and len(self.running) < self.slots)
        patience = 0.0 if ready else _TICK if self.running else None
        for key, _ in self.selector.select(patience):
            if key.data is None:
                self.waiting.append(self.connection.recv())
            else:
                self._read(key.data)
        for task in list(self.running):
            self._watch(task)

    def _learn(self, item: warm.Loaded) -> None:
        self.known.add(item)
        if not self.known.full:
            warm.learn(item)
        if not self.lessons:
            self._look()

    def _look(self) -> None:
        """Know what is loaded here, so that forks need not look at it."""
        for item in list(self.known.beyond()):
            self.known.add(item)

    def _start(self, order: Order) -> None:
        ours, theirs = os.pipe()
        output = tempfile.TemporaryFile()  # noqa: SIM115  closed when the task ends
        gc.freeze()  # a collection in the fork would write to, and so copy, every page it shares
        pid = os.fork()
        if pid == 0:
            self._let_go()
            _become(order, theirs, output, self.known if self.learning else None)
        os.close(theirs)
        _group(pid)
        os.set_blocking(ours, False)
        task = _Running(order, pid, ours, output, _Memory(pid), time.time(), time.monotonic())
        self.running.append(task)
        self.selector.register(ours, selectors.EVENT_READ, task)
        self.connection.send((order.number, pid))

    def _let_go(self) -> None:
        """In a fork: close what is the parent's, so that ends of pipes close when their owner does."""
        self.selector.close()
        self.connection.close()
        for task in self.running:
            os.close(task.pipe)
            task.output.close()
            task.memory.close()

    def _read(self, task: _Running) -> None:
        """Take what the task sent; when its end of the pipe is closed, so is it."""
        while True:
            try:
                found = os.read(task.pipe, 1 << 20)
            except BlockingIOError:
                return
            if not found:
                break
            task.data += found
        self.selector.unregister(task.pipe)
        os.close(task.pipe)
        self.running.remove(task)
        self._end(task)

    def _watch(self, task: _Running) -> None:
        used = task.memory.used()
        task.peak = max(task.peak, used)
        if task.overrun:
            return
        if used > task.order.memory:
            task.overrun = "memory"
        elif time.monotonic() - task.started > task.order.deadline:
            task.overrun = "time"
        if task.overrun:
            _kill(task.pid)

    def _end(self, task: _Running) -> None:
        status, usage = _reap(task.pid)
        wall = time.monotonic() - task.started
        _kill(task.pid)  # what it started and left behind
        parts = _whole(task.data) if status == 0 else None
        said = "" if parts is not None else _tail(task.output)
        task.output.close()
        task.memory.close()
        if parts is not None:
            lessons = [i for i in parts.pop("loaded") if i not in self.known]
            self.lessons.extend(lessons)
            if self.first and len(lessons) > _FEW:
                warm.remember(self.run, [*self.recalled, *lessons])
            self.first = False
            take_note(parts.pop("work"))
        peak = usage.ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0)
        ended = Ended(
            number=task.order.number,
            parts=parts,
            status=status,
            overrun=task.overrun,
            said=said,
            began=task.began,
            wall=wall,
            cpu=usage.ru_utime + usage.ru_stime,
            peak=max(peak, task.peak),
        )
        self.connection.send(ended)


def _reap(pid: int) -> tuple[int, resource.struct_rusage]:
    """Wait for a process whose pipe is closed; one that closed it and goes on is killed."""
    for _ in range(100):
        found, status, usage = os.wait4(pid, os.WNOHANG)
        if found:
            return status, usage
        time.sleep(0.001)
    _kill(pid)
    _, status, usage = os.wait4(pid, 0)
    return status, usage


def _kill(pid: int) -> None:
    """End the process and all of its group."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # nothing is left of it; macOS says so by the second
        return


def _group(pid: int) -> None:
    """A group of its own, so that what the task starts ends with it, and Ctrl-C does not reach it."""
    try:
        os.setpgid(pid, pid)
    except (ProcessLookupError, PermissionError):  # it has ended, or has done so itself
        return


def _whole(data: bytearray) -> dict[str, Any] | None:
    """What was sent, if all of it came."""
    try:
        parts = pickle.loads(data)
    except (EOFError, pickle.UnpicklingError):
        return None
    return parts if isinstance(parts, dict) else None


def _tail(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - _SAID))
    return output.read().decode("utf-8", "replace")


class _Memory:
    """How many bytes a process and those it started hold; 0 where there is no procfs to ask.

    Its files are kept open: a look then takes a fifteenth of the time.
    """

    def __init__(self, pid: int) -> None:
        self.files: list[int] = []
        for path in (f"/proc/{pid}/statm", f"/proc/{pid}/task/{pid}/children"):
            with suppress(OSError):  # no procfs, or the process has ended
                self.files.append(os.open(path, os.O_RDONLY))

    def used(self) -> float:
        """Resident bytes now."""
        try:
            size, children = (os.pread(file, 1 << 14, 0).split() for file in self.files)
        except (OSError, ValueError):  # it has ended, or there were no files
            return 0.0
        return float(int(size[1]) * resource.getpagesize()) + sum(map(_memory_of, map(int, children)))

    def close(self) -> None:
        """Let go of the files."""
        while self.files:
            os.close(self.files.pop())


def _memory_of(pid: int) -> float:
    memory = _Memory(pid)
    try:
        return memory.used()
    finally:
        memory.close()


# --- in the fork ---------------------------------------------------------------------------------------------------


def _become(order: Order, pipe: int, output: IO[bytes], known: warm.Known | None) -> None:
    """Be the process of a task, and end."""
    code = 1
    try:
        _group(0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for descriptor in (1, 2):
            os.dup2(output.fileno(), descriptor)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        faulthandler.enable(file=2)
        seconds = math.ceil(order.deadline) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _first_to_go()
        before = work_met()
        parts = perform(pickle.loads(order.job))
        parts["loaded"] = list(known.beyond()) if known is not None else []
        parts["work"] = work_met() - before if known is not None else Counter()
        _send(pipe, pickle.dumps(parts))
        code = 0
    except BaseException:  # whatever it is, this process must end here and not go on as its parent
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _first_to_go() -> None:
    """Where the system runs out of memory, it is to end a task before the run."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("800")
    except OSError:  # no procfs
        return


def _send(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def perform(job: Job) -> dict[str, Any]:
    """Do a job here: the parts of its row that it decides, with ``fatal`` where all others would fail the same way."""
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
    except Exception as error:  # whatever breaks is a row, never the end of a run
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        # The module, not its file: rows of two machines are to say the same.
        where = f" ({place.tb_frame.f_globals['__name__']}, line {place.tb_lineno})" if place is not None else ""
        said = f": {error}" if str(error) else ""
        parts.update(stop="error", reason=f"{type(error).__name__}{said}{where}")
    parts["wall"] = time.perf_counter() - started
    return parts


def _solved(job: Job) -> dict[str, Any]:
    result = job.solver.solve(job.task, job.limits, job.seed)
    parts = result.to_json()
    parts.update(guide=result.guide, search=result.search, solved=result.solved)
    best = result.solutions[0] if result.solutions else result.closest
    parts["closest_share"] = round(best.share, 4) if best is not None else 0.0
    if result.solutions and job.task.test_examples:
        tests = len(job.task.test_examples)
        parts["held_out"] = (tests, round((result.solutions[0].test_accuracy or 0.0) * tests))
    return parts


def main(descriptor: int) -> None:
    """Serve the connection behind a file descriptor, whose first message says how."""
    with Connection(descriptor) as connection:
        greeting = connection.recv()
        for solver, language in greeting["prepare"]:
            _prepare(solver, language)
        connection.send("ready")
        run = repr([(solver.name, sorted(solver.settings.items()), name) for solver, name in greeting["prepare"]])
        Template(connection, greeting["slots"], greeting["learning"], run).serve()


def _prepare(solver: Solver, language: str) -> None:
    """Load what every task needs; what some need beyond that is learned from them."""
    import neurosynth.search.portfolio  # noqa: F401  brings the engine and numba

    with suppress(NeurosynthError):  # said by the tasks, which meet it, too
        solver.prepare(language)
