"""Jobs on a Ray cluster: batches of them, each on one processor, by a :class:`~neurosynth.bench.local.LocalExecutor` there.

A batch is a Ray task that sends each row back as it ends. Jobs that were unfinished when their process or machine was lost are handed
out again. A job still runs in a worker of its machine, which enforces the limits; the cluster only chooses the machine.
"""

from __future__ import annotations

import pickle
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from neurosynth.bench.jobs import Job
from neurosynth.bench.local import LocalExecutor, row_of
from neurosynth.bench.rows import Key, Row
from neurosynth.cluster import connected, cpus
from neurosynth.errors import InputError, NeurosynthError

__all__ = ["RayExecutor"]

_BEAT = 0.25
"""Seconds after which the iterator yields None if nothing ended."""
_BATCH = 32
"""Maximum number of jobs in a batch."""
_WORTH = 5.0
"""Minimum number of seconds of tasks in a batch, if there are as many: each starts a fork server, which takes as long as starting
Python and loading the guide."""
_GOODBYE = 8.0
"""Seconds that batches have for ending."""


@dataclass(frozen=True, kw_only=True)
class RayExecutor:
    """Runs jobs on a Ray cluster, as many at a time as it has processors."""

    address: str | None = None
    """As in :func:`neurosynth.cluster.connected`."""
    jobs: int | None = None
    """Number of jobs at a time; None for one for each processor of the cluster, including machines that join later."""
    grace: float = 10.0
    """Seconds after its limit at which a task is killed."""
    tries: int = 3
    """How often a job may be running when its machine is lost."""

    def __post_init__(self) -> None:
        LocalExecutor(jobs=1 if self.jobs is None else self.jobs, grace=self.grace)  # the same checks
        if self.tries < 1:
            raise InputError(f"tries is {self.tries}; allowed: 1 or more")

    def run(self, jobs: Sequence[Job]) -> Generator[Row | None, None, None]:
        """The row of each job when it ends, and None now and then in between.

        Raises:
            InputError: for an unknown name, which is the same for all jobs; if there is no cluster.
            NeurosynthError: if a machine of the cluster cannot run them.
        """
        if not jobs:
            return
        with connected(self.address), closing(_RayRun(self, jobs)) as run:
            yield from run.rows()


# --- in the cluster -------------------------------------------------------------------------------------------------

Sent = tuple[str, int, Any]
"""A message of a batch: ``row``, ``error`` (a job that cannot be run, and why) or ``fatal`` (like all others), with the job's
number."""


def _batch(batch: list[tuple[int, bytes]], grace: float) -> Iterator[Sent]:
    """The outcome of each job, when it ends."""
    jobs: dict[int, Job] = {}
    for number, data in batch:
        try:
            jobs[number] = pickle.loads(data)
        except (
            Exception
        ) as error:  # it runs code of the author of the task: an error affects that job's row, not the batch
            yield "error", number, f"cannot be read on this machine: {type(error).__name__}: {error}"
    by_key: dict[Key, deque[int]] = {}
    for number, job in jobs.items():
        by_key.setdefault(job.key, deque()).append(number)
    try:
        with closing(LocalExecutor(grace=grace).run(list(jobs.values()))) as rows:
            for row in rows:
                if row is not None:
                    yield "row", by_key[row.key].popleft(), row
    except InputError as error:
        yield "fatal", -1, str(error)


# --- here -----------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class _RayRun:
    """One run: the running batches, and the jobs that are in none of them."""

    executor: RayExecutor
    jobs: Sequence[Job]
    todo: deque[int] = field(default_factory=deque)
    out: dict[Any, list[int]] = field(default_factory=dict)
    """For each stream of answers, the jobs without an answer, in order."""
    lost: Counter[int] = field(default_factory=Counter)
    """How often each job was running when its batch was lost."""
    done: int = 0
    seconds: float = 0.0
    """Total over the finished tasks."""

    def rows(self) -> Iterator[Row | None]:
        """See :meth:`RayExecutor.run`."""
        import ray

        self.todo.extend(range(len(self.jobs)))
        while self.todo or self.out:
            yield from self._hand_out()
            if not self.out:
                continue
            ready, _ = ray.wait(list(self.out), num_returns=1, timeout=_BEAT)
            if not ready:
                yield None
            else:  # all available answers: asking for one takes as long as for all
                ready, _ = ray.wait(list(self.out), num_returns=len(self.out), timeout=0)
            for stream in ready:
                yield from self._heard(stream)

    def _hand_out(self) -> Iterator[Row]:
        """Start as many batches as can run: machines may have been lost, or have joined."""
        import ray

        most = max(cpus() if self.executor.jobs is None else self.executor.jobs, 1) if self.todo else 0
        batch_on_cluster: Any = ray.remote(_batch).options(num_cpus=1, max_retries=0, num_returns="streaming")
        while self.todo and len(self.out) < most:
            mean = self.seconds / self.done if self.done else _WORTH
            # Half a share of the rest, so that all end at about the same time, or some seconds' worth.
            size = min(_BATCH, max(1, int(_WORTH / max(mean, 1e-3)), len(self.todo) // (2 * most)))
            batch: list[tuple[int, bytes]] = []
            while self.todo and len(batch) < size:
                number = self.todo.popleft()
                try:
                    batch.append((number, LocalExecutor().order(number, self.jobs[number]).job))
                except InputError as error:
                    yield row_of(self.jobs[number], "error", str(error))
            if batch:
                self.out[batch_on_cluster.remote(batch, self.executor.grace)] = [number for number, _ in batch]

    def _heard(self, stream: Any) -> Iterator[Row]:
        """Receive a batch's message: a row, its end, or its loss."""
        import ray
        from ray.exceptions import RayError, RayTaskError

        try:
            kind, number, found = ray.get(next(stream))
        except StopIteration:
            yield from self._lost(stream, "it ended without a row")
            return
        except RayTaskError as error:
            raise NeurosynthError(
                f"a machine of the cluster failed: {_last_line(error)}; every machine needs the same version of neurosynth, "
                "and whatever its languages and guides need"
            ) from error
        except RayError as error:
            yield from self._lost(stream, _last_line(error))
            return
        if kind == "fatal":
            raise InputError(found)
        self.out[stream].remove(number)
        if kind == "error":
            yield row_of(self.jobs[number], "error", f"task {self.jobs[number].task.name!r} {found}")
        else:
            self.done += 1
            self.seconds += found.wall
            yield found

    def _lost(self, stream: Any, why: str) -> Iterator[Row]:
        """Continue without a batch: its jobs go to others, except one that was running too often when its batch was lost."""
        left = self.out.pop(stream)
        self.todo.extendleft(reversed(left[1:]))
        if not left:
            return
        running = left[0]
        self.lost[running] += 1
        if self.lost[running] < self.executor.tries:
            self.todo.appendleft(running)
            return
        reason = f"the process that ran it was lost, {self.executor.tries} times; the last time: {why}"
        yield row_of(self.jobs[running], "killed", reason)

    def close(self) -> None:
        """End running batches: a fork server whose batch is gone ends its workers, and itself."""
        import ray

        for stream in self.out:
            ray.cancel(stream, force=True)
        if self.out:
            ray.wait(list(self.out), num_returns=len(self.out), timeout=_GOODBYE)


def _last_line(error: Exception) -> str:
    """Ray's errors begin with their origin, and end with the error itself."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:200] if lines else type(error).__name__
