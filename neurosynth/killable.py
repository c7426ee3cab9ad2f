"""Work in a separate process that is killed if it does not end in time.

The process is a fork, because languages contain functions that cannot be pickled. Results may refer to objects that existed before (a
task, a language, its primitives), which are identical here. Forking a process with threads that hold locks, as OpenMP's do, is a risk;
the worst case is a fork that hangs and is killed.
"""

from __future__ import annotations

import ctypes
import faulthandler
import functools
import io
import os
import pickle
import select
import signal
import struct
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import IO, Any

from neurosynth.language.overrun import Interrupts
from neurosynth.work_clock import SharedExcuses, patient_seconds, shared_excuses

__all__ = ["Lost", "Send", "run_killable"]

_TICK = 0.05
"""Seconds between checks of the clock, the memory and interrupts."""
_LENGTH = struct.Struct("<Q")

Send = Callable[[Any], None]
"""The function that the work calls to send a message here."""


@dataclass
class Lost(Exception):
    """The process ended, or was ended, without an answer."""

    why: str
    """``time``, ``memory``, ``interrupted``, or ``ended``."""
    detail: str = ""
    """How it ended, if it ended by itself."""
    place: str = ""
    """The function that ran, and its file and line, if known."""

    def __str__(self) -> str:
        return f"{self.why}{f': {self.detail}' if self.detail else ''}{f' in {self.place}' if self.place else ''}"


def run_killable(
    work: Callable[[Send, Interrupts], Any],
    *,
    known: Iterable[object] = (),
    parts: Iterable[object] = (),
    seconds: float | None = None,
    stretch: float = 1.0,
    memory: float | None = None,
    on_message: Callable[[Any], None] = lambda message: None,
    stop: Callable[[], bool] = lambda: False,
    patience: float = 0.8,
) -> Any:
    """The result or the exception of ``work`` in a fork.

    Args:
        work: receives a function that sends messages here, and an object that notes interrupts there.
        known: objects to which messages and answers may refer.
        parts: the same, including all their parts.
        seconds: after which the fork is killed.
        stretch: how many times as long it may take while it waits for a processor or its patient clock stands; 1 for seconds of
            wall-clock time.
        memory: maximum number of bytes.
        on_message: receives the messages of the work.
        stop: called about twenty times a second; once it returns true, the fork is interrupted, and killed ``patience`` seconds later.
        patience: seconds from an interrupt to a kill.

    Raises:
        Lost: if there is no answer.

    """
    objects = _Objects(known, parts)
    sys.stdout.flush()
    sys.stderr.flush()
    ours, theirs = os.pipe()
    with tempfile.TemporaryFile() as said, closing(SharedExcuses()) as excuses:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # that this process has threads; see above
            pid = os.fork()
        if pid == 0:
            os.close(ours)
            _become(work, theirs, said, objects, excuses)
        os.close(theirs)
        _group(pid)
        end = None if seconds is None else _End(pid, seconds, stretch, excuses)
        watch = _Watch(pid, ours, objects, end, memory, stop, patience, said)
        try:
            return watch.answer(on_message)
        finally:
            os.close(ours)
            watch.close()


@dataclass
class _End:
    """The time limit of a fork."""

    pid: int
    seconds: float
    stretch: float = 1.0
    excuses: SharedExcuses | None = None
    began: float = field(default_factory=time.monotonic)

    @property
    def reached(self) -> bool:
        """Whether the time is over."""
        wall = time.monotonic() - self.began
        if wall <= self.seconds or self.stretch == 1:
            return wall > self.seconds
        worked = _worked(self.pid, otherwise=wall)
        if self.excuses is not None:
            worked -= self.excuses.seconds(worked)
        return patient_seconds(wall, worked, self.stretch) > self.seconds

    def sooner(self, seconds: float) -> _End:
        """The limit in so many seconds from now, or this one if it is sooner; the fork gets no more time for waiting."""
        left = self.seconds * self.stretch - (time.monotonic() - self.began)
        return _End(self.pid, min(seconds, left))


class _Watch:
    """The parent's side of one fork."""

    def __init__(
        self,
        pid: int,
        pipe: int,
        objects: _Objects,
        end: _End | None,
        memory: float | None,
        stop: Callable[[], bool],
        patience: float,
        said: IO[bytes],
    ) -> None:
        self.pid, self.pipe, self.objects, self.end, self.memory = pid, pipe, objects, end, memory
        self.stop, self.patience, self.said = stop, patience, said
        self.asked = False
        self.status: int | None = None
        self.data = bytearray()

    def answer(self, on_message: Callable[[Any], None]) -> Any:
        """Read until there is an answer.

        Raises:
            Lost: if there is none.
        """
        while True:
            try:
                for kind, value in self._messages():
                    if kind == "message":
                        on_message(value)
                    elif kind == "answer":
                        return value
                    else:
                        raise value
                self._look()
            except KeyboardInterrupt:
                if self.asked:
                    raise
                self._ask()

    def _messages(self) -> Iterator[tuple[str, Any]]:
        ready, _, _ = select.select([self.pipe], [], [], _TICK)
        if not ready:
            return
        found = os.read(self.pipe, 1 << 20)
        if not found:
            raise self._ended()
        self.data += found
        while len(self.data) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self.data)
            whole = _LENGTH.size + length
            if len(self.data) < whole:
                return
            payload = bytes(self.data[_LENGTH.size : whole])
            del self.data[:whole]
            yield self.objects.load(payload)

    def _look(self) -> None:
        if not self.asked and self.stop():
            self._ask()
        if self.end is not None and self.end.reached:
            raise Lost("interrupted" if self.asked else "time", place=self._place())
        if self.memory is not None and _resident(self.pid) > self.memory:
            raise Lost("memory", place=self._place())

    def _ask(self) -> None:
        """Interrupt the work, which may end with its results so far, and wait briefly for that."""
        self.asked = True
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)
        self.end = _End(self.pid, self.patience) if self.end is None else self.end.sooner(self.patience)

    def _ended(self) -> Lost:
        self.close()
        assert self.status is not None
        code = os.waitstatus_to_exitcode(self.status)
        if code < 0:
            name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
            how = f"was ended by {name}" + (": perhaps the system ran out of memory" if code == -signal.SIGKILL else "")
        else:
            how = f"ended with exit status {code}"
        return Lost("ended", how, _place(self._tail()))

    def _place(self) -> str:
        """The primitive that is running: the fork writes its stack on request, even from within a loop in C."""
        before = len(self._tail())
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGUSR2)
        for _ in range(20):
            time.sleep(0.005)
            if len(self._tail()) > before:
                break
        return _place(self._tail())

    def _tail(self) -> str:
        size = os.fstat(self.said.fileno()).st_size
        return os.pread(self.said.fileno(), 1 << 16, max(0, size - (1 << 16))).decode("utf-8", "replace")

    def close(self) -> None:
        """Kill the rest of the fork, and the processes that it started."""
        with suppress(ProcessLookupError, PermissionError):
            if self.status is None and not self._gone():
                os.killpg(self.pid, signal.SIGKILL)
        if self.status is None:
            self.status = os.waitpid(self.pid, 0)[1]

    def _gone(self) -> bool:
        """Whether it has ended by itself, after a moment in which it may."""
        for _ in range(20):
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.pid, signal.SIGKILL)  # what it started and left behind
                return True
            if self.end is not None and self.end.reached:
                return False
            time.sleep(0.001)
        return False


def _place(stack: str) -> str:
    """Of a stack as ``faulthandler`` writes it, innermost first: the function that the evaluator called."""
    found = ""
    for line in stack.rpartition("(most recent call first)")[2].splitlines():
        where, _, function = line.strip().rpartition(" in ")
        if function == "call" and "evaluate.py" in where:
            return found
        if where.startswith("File "):
            file, _, number = where.removeprefix("File ").partition(", line ")
            found = f"{function} ({os.path.basename(file.strip(chr(34)))}:{number})"
    return ""


def _worked(pid: int, *, otherwise: float) -> float:
    """Processor seconds that a process has had; ``otherwise`` without procfs."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return otherwise


def _resident(pid: int) -> float:
    """Number of bytes that a process uses; 0 without procfs."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return float(int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
    except (OSError, IndexError):
        return 0.0


def _group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # it has ended, or has terminated its group itself
        os.setpgid(pid, pid)


# --- in the fork ----------------------------------------------------------------------------------------------------


def _become(
    work: Callable[[Send, Interrupts], Any], pipe: int, said: IO[bytes], objects: _Objects, excuses: SharedExcuses
) -> None:
    """Do the work, and end."""
    code = 1
    try:
        _group(0)
        _end_with_parent()
        interrupts = Interrupts()
        signal.signal(signal.SIGINT, interrupts)
        signal.signal(signal.SIGTERM, interrupts)
        faulthandler.enable(file=said)
        faulthandler.register(signal.SIGUSR2, file=said, all_threads=False)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(2, 1)  # text that a primitive prints is not part of the answer

        def send(kind: str, value: Any) -> None:
            payload = objects.dump((kind, value))
            _write(pipe, _LENGTH.pack(len(payload)) + payload)

        try:
            with shared_excuses(excuses):
                answer = work(lambda message: send("message", message), interrupts)
        except Exception as error:
            error.__traceback__ = error.__cause__ = error.__context__ = None
            try:
                send("error", error)
            except (pickle.PicklingError, TypeError, AttributeError):  # it belongs to a plugin and cannot be pickled
                send("error", RuntimeError(f"{type(error).__name__}: {error}"))
        else:
            send("answer", answer)
        code = 0
    except BaseException:  # whatever it is, this process must end here instead of continuing as its parent
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _write(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _end_with_parent() -> None:
    """If the system supports it: be killed when the parent ends, however it ends."""
    if sys.platform == "linux":
        parent_ends = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(parent_ends, signal.SIGKILL)


# --- objects that both processes have ---------------------------------------------------------------------------------


class _Objects:
    """Pickles that refer to objects which existed before the fork."""

    def __init__(self, known: Iterable[object], parts: Iterable[object]) -> None:
        self.by_id: dict[int, object] = {id(value): value for value in known}
        for value in parts:
            self._add(value)

    def _add(self, value: object) -> None:
        if id(value) in self.by_id or value is None or isinstance(value, (str, int, bytes, float, type)):
            return
        self.by_id[id(value)] = value
        if isinstance(value, functools.partial):
            self._add(value.func)
        if isinstance(value, (tuple, list)):
            for item in value:
                self._add(item)
        elif isinstance(value, Mapping):
            for item in value.values():
                self._add(item)
        for name in getattr(value, "__slots__", ()) or getattr(value, "__dict__", ()):
            if not callable(value) or isinstance(value, functools.partial):
                self._add(getattr(value, name, None))

    def dump(self, value: Any) -> bytes:
        file = io.BytesIO()
        _Pickler(file, self.by_id).dump(value)
        return file.getvalue()

    def load(self, data: bytes) -> Any:
        return _Unpickler(io.BytesIO(data), self.by_id).load()


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, known: dict[int, object]) -> None:
        super().__init__(file, protocol=5)
        self.known = known

    def persistent_id(self, value: Any) -> int | None:
        return id(value) if id(value) in self.known else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, known: dict[int, object]) -> None:
        super().__init__(file)
        self.known = known

    def persistent_load(self, number: Any) -> Any:
        return self.known[number]
