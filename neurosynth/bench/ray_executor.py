"""Jobs on a Ray cluster: an actor for each processor, each with a :class:`~neurosynth.bench.local.LocalExecutor`.

An actor is handed a batch of jobs and sends each row back as it ends.  What an actor had not finished when it, or its
machine, was lost is run again by another one.  A task still has a process of its own, on the actor's machine, with the
limits kept there; the cluster only says where.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from neurosynth.bench import facts
from neurosynth.bench.jobs import Job
from neurosynth.bench.local import LocalExecutor
from neurosynth.bench.rows import Key, Row
from neurosynth.cluster import connected, cpus
from neurosynth.errors import InputError, NeurosynthError
from neurosynth.search.base import Stats

__all__ = ["RayExecutor"]

_BEAT = 0.25
"""Seconds after which the iterator says that nothing ended."""
_STAFF = 5.0
"""Seconds between looks at how many processors the cluster has."""
_STARTS = 3
"""Actors in a row that do not start before the run ends, where no other is at work."""
_BATCH = 32
"""Jobs handed to an actor at once, at most."""
_WORTH = 5.0
"""Seconds of tasks that a batch holds at least, where there are as many: each begins with a new process to fork from, which
takes as long as starting Python and loading the guide."""
_GOODBYE = 8.0
"""Seconds that actors have to end what they run; then they are ended."""


@dataclass(frozen=True, kw_only=True)
class RayExecutor:
    """Runs jobs on a Ray cluster, in as many actors as it has processors."""

    address: str | None = None
    """As for :func:`neurosynth.cluster.connected`."""
    jobs: int | None = None
    """How many at a time; None for one each processor of the cluster, also of machines that join later."""
    grace: float = 10.0
    """Seconds beyond its limit after which a task's process is killed."""
    tries: int = 3
    """How often a job may be running when its actor or machine is lost."""

    def __post_init__(self) -> None:
        LocalExecutor(jobs=1 if self.jobs is None else self.jobs, grace=self.grace)  # the same checks
        if self.tries < 1:
            raise InputError(f"tries is {self.tries}; allowed: 1 or more")

    def run(self, jobs: Sequence[Job]) -> Generator[Row | None, None, None]:
        """The row of each job once, as they end; None now and then while nothing ended.

        Raises:
            InputError: for a name that nothing goes by, which is the same for all jobs; when there is no cluster.
            NeurosynthError: when no actor starts.
        """
        if not jobs:
            return
        with connected(self.address):
            run = _Run(self, jobs)
            try:
                yield from run.rows()
            finally:
                run.close()


# --- in the cluster -------------------------------------------------------------------------------------------------

Sent = tuple[str, int, Any]
"""What an actor sends: ``row``, ``error`` (a job that cannot be run, and why) or ``fatal`` (as all the others), with the job's
number."""


class _Desk:
    """The actor.  Two of its methods may run at a time, so that it can be told to stop."""

    def __init__(self, grace: float) -> None:
        self.local = LocalExecutor(jobs=1, grace=grace)
        self.stopping = threading.Event()
        self.idle = threading.Event()
        self.idle.set()

    def ready(self) -> None:
        """Answers when the actor has begun."""

    def run(self, batch: list[tuple[int, bytes]]) -> Iterator[Sent]:
        """What came of each job, as they end."""
        self.idle.clear()
        try:
            yield from self._run(batch)
        finally:
            self.idle.set()

    def stop(self) -> None:
        """End what runs; answers when that is done."""
        self.stopping.set()
        self.idle.wait()

    def _run(self, batch: list[tuple[int, bytes]]) -> Iterator[Sent]:
        numbers: list[int] = []
        jobs: list[Job] = []
        for number, data in batch:
            try:
                jobs.append(pickle.loads(data))
            except Exception as error:  # it runs code of whoever wrote the task: that job's row, not the batch's end
                yield "error", number, f"cannot be read on this machine: {type(error).__name__}: {error}"
            else:
                numbers.append(number)
        by_key: dict[Key, deque[int]] = {}
        for number, job in zip(numbers, jobs, strict=True):
            by_key.setdefault(job.key, deque()).append(number)
        try:
            with closing(self.local.run(jobs)) as rows:
                for row in rows:
                    if self.stopping.is_set():
                        return
                    if row is not None:
                        yield "row", by_key[row.key].popleft(), row
        except InputError as error:
            yield "fatal", -1, str(error)


# --- here -----------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Actor:
    """An actor, and what it is at."""

    handle: Any
    starting: Any
    """The answer to its first call; None once it came."""
    rows: Any = None
    """The stream of what it sends, while it has a batch."""
    batch: list[int] = field(default_factory=list)
    """Jobs it has and has not sent a row of, in the order in which it runs them."""


@dataclass(eq=False)
class _Run:
    """One run: the actors there are, and the jobs that none of them has."""

    executor: RayExecutor
    jobs: Sequence[Job]
    todo: deque[int] = field(default_factory=deque)
    actors: list[_Actor] = field(default_factory=list)
    lost: Counter[int] = field(default_factory=Counter)
    """How often each job was running when its actor was lost."""
    failed_starts: int = 0
    """In a row."""
    done: int = 0
    seconds: float = 0.0
    """Of the tasks that are done, together."""
    looked: float = float("-inf")

    def rows(self) -> Iterator[Row | None]:
        """See :meth:`RayExecutor.run`."""
        import ray

        self.todo.extend(range(len(self.jobs)))
        while self.todo or any(actor.batch for actor in self.actors):
            self._staff()
            yield from self._hand_over()
            waiting = {actor.starting or actor.rows: actor for actor in self.actors if actor.starting or actor.rows}
            ready, _ = ray.wait(list(waiting), num_returns=1, timeout=_BEAT) if waiting else ([], [])
            if (
                ready
            ):  # whatever else is there, too: asking takes as long as there are actors, for one answer or for all
                ready, _ = ray.wait(list(waiting), num_returns=len(waiting), timeout=0)
            else:
                if not waiting:
                    time.sleep(_BEAT)
                yield None
            for reference in ready:
                yield from self._heard(waiting[reference])

    def _staff(self) -> None:
        """As many actors as can be at work: machines may have been lost, or have joined."""
        if time.monotonic() - self.looked < _STAFF:
            return
        import ray

        self.looked = time.monotonic()
        most = cpus() if self.executor.jobs is None else self.executor.jobs
        desk: Any = ray.remote(_Desk).options(num_cpus=1, max_restarts=0, max_task_retries=0, max_concurrency=2)
        waiting = sum(actor.starting is not None for actor in self.actors)
        working = len(self.actors) - waiting
        for _ in range(min(max(most, 1) - working, len(self.todo)) - waiting):
            handle = desk.remote(self.executor.grace)
            self.actors.append(_Actor(handle, handle.ready.remote()))

    def _hand_over(self) -> Iterator[Row]:
        """Give who has nothing to do a batch, or leave: its processor is then free for an actor that waits for one."""
        for actor in [a for a in self.actors if a.starting is None and a.rows is None]:
            batch: list[tuple[int, bytes]] = []
            size = self._size()
            while self.todo and len(batch) < size:
                number = self.todo.popleft()
                try:
                    batch.append((number, LocalExecutor().order(number, self.jobs[number]).job))
                except InputError as error:
                    yield self._row_of(number, "error", str(error))
            if batch:
                actor.batch = [number for number, _ in batch]
                actor.rows = actor.handle.run.options(num_returns="streaming").remote(batch)
            else:
                self._dismiss(actor)

    def _size(self) -> int:
        """Jobs of the next batch: half a share of what is left, so that all end at about the same time, or a few seconds."""
        working = sum(actor.starting is None for actor in self.actors)
        mean = self.seconds / self.done if self.done else _WORTH
        return min(_BATCH, max(1, int(_WORTH / max(mean, 1e-3)), len(self.todo) // (2 * max(working, 1))))

    def _heard(self, actor: _Actor) -> Iterator[Row]:
        """Take what came of an actor: that it has begun, a row, the end of its batch, or of itself."""
        import ray
        from ray.exceptions import RayError, RayTaskError

        try:
            if actor.starting is not None:
                ray.get(actor.starting)
                actor.starting, self.failed_starts = None, 0
                return
            kind, number, found = ray.get(next(actor.rows))
        except StopIteration:
            actor.rows = None
            if actor.batch:
                yield from self._without(actor, "it ended without a row")
            return
        except RayTaskError as error:
            raise NeurosynthError(f"an actor of the cluster failed: {_last_line(error)}") from error
        except RayError as error:
            yield from self._without(actor, _last_line(error))
            return
        match kind:
            case "fatal":
                raise InputError(found)
            case "error":
                actor.batch.remove(number)
                yield self._row_of(number, "error", f"task {self.jobs[number].task.name!r} {found}")
            case _:
                actor.batch.remove(number)
                self.done += 1
                self.seconds += found.wall
                yield found

    def _without(self, actor: _Actor, why: str) -> Iterator[Row]:
        """Go on without an actor: its jobs go to others, but one that was running too often when its actor was lost."""
        self._dismiss(actor)
        if actor.starting is not None:
            self.failed_starts += 1
            if self.failed_starts >= _STARTS and all(a.starting is not None for a in self.actors):
                raise NeurosynthError(
                    f"{_STARTS} actors in a row did not start on the cluster: {why}; every machine of it needs the same "
                    "version of neurosynth, with what its languages and guides need"
                )
            return
        self.looked = float("-inf")
        running = actor.batch[0] if actor.batch else None
        self.todo.extendleft(reversed(actor.batch[1:]))
        if running is None:
            return
        self.lost[running] += 1
        if self.lost[running] < self.executor.tries:
            self.todo.appendleft(running)
            return
        reason = f"the actor that ran it was lost, {self.executor.tries} times; the last time: {why}"
        yield self._row_of(running, "killed", reason)

    def _dismiss(self, actor: _Actor) -> None:
        import ray

        ray.kill(actor.handle)
        self.actors.remove(actor)

    def close(self) -> None:
        """End what runs, and the actors."""
        import ray

        at_work = [actor.handle.stop.remote() for actor in self.actors if actor.rows is not None]
        if at_work:
            ray.wait(at_work, num_returns=len(at_work), timeout=_GOODBYE)
        for actor in list(self.actors):
            self._dismiss(actor)

    def _row_of(self, number: int, stop: str, reason: str) -> Row:
        """The row of a job that no process can say anything about."""
        return Row(
            **self.jobs[number].fields(),
            stop=stop,
            reason=reason,
            solved=False,
            stats=Stats().as_dict(),
            wall=0.0,
            cpu=0.0,
            peak_memory_mb=0.0,
            versions=facts.versions(),
            commit=facts.commit(),
            machine=facts.machine(),
            started=datetime.now(UTC).isoformat(timespec="milliseconds"),
        )


def _last_line(error: Exception) -> str:
    """Ray's errors show where they came from first, and what it is last."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:200] if lines else type(error).__name__
