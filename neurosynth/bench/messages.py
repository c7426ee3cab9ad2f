"""The messages between the process that hands out tasks, the fork server and its workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Ended", "Order", "Usage"]


@dataclass(frozen=True, slots=True)
class Order:
    """A job to run, and when to stop it."""

    number: int
    job: bytes
    """Pickled; only the worker unpickles it."""
    deadline: float
    """Seconds after which it is killed."""
    memory: float
    """Number of bytes, of the worker and the processes that it started, above which it is killed."""
    cpu: float | None = None
    """Seconds of processor time after which it is killed."""
    log: str | None = None
    """The file for the task's output."""
    reuse: bool = True
    """Whether the worker may continue with another task."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The resources used by a task."""

    began: float
    """Seconds since 1970."""
    wall: float = 0.0
    """Seconds."""
    cpu: float = 0.0
    """Seconds of processor time of the worker and the processes that it started."""
    peak: float = 0.0
    """Maximum number of bytes of the worker, or of a process that it started."""
    noise: Mapping[str, Any] = field(default_factory=dict)
    """The other load of the machine (:func:`neurosynth.bench.facts.noise`)."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended."""

    number: int
    parts: dict[str, Any] | None
    """The result of :func:`~neurosynth.bench.fork_server.perform`; None if the worker did not get that far."""
    usage: Usage
    status: int = 0
    """The status of a worker that ended, from ``os.wait``."""
    overrun: str = ""
    """``time``, ``memory`` or ``cpu`` if it was killed for that reason."""
    said: str = ""
    """The end of its output, if ``parts`` is None."""
