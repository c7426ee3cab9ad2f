"""What the process that hands out tasks, the fork server and its workers say to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Ended", "Order", "Usage"]


@dataclass(frozen=True, slots=True)
class Order:
    """A job to be run, and when to stop it."""

    number: int
    job: bytes
    """Pickled, and only unpickled in the worker."""
    deadline: float
    """Seconds after which it is killed."""
    memory: float
    """Bytes, of the worker and those it started, above which it is killed."""
    cpu: float | None = None
    """Seconds of processor time after which it is killed."""
    log: str | None = None
    """The file that gets what the task writes."""
    reuse: bool = True
    """Whether the worker may go on with another task."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a task took."""

    began: float
    """Seconds since 1970."""
    wall: float = 0.0
    """Seconds."""
    cpu: float = 0.0
    """Seconds of processor time of the worker and those it started."""
    peak: float = 0.0
    """Bytes; the most the worker, or one it started, held."""
    noise: Mapping[str, Any] = field(default_factory=dict)
    """What else the machine did meanwhile (:func:`neurosynth.bench.facts.noise`)."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended."""

    number: int
    parts: dict[str, Any] | None
    """What :func:`~neurosynth.bench.fork_server.perform` gave; None when the worker did not come that far."""
    usage: Usage
    status: int = 0
    """Of a worker that ended, as ``os.wait`` gives it."""
    overrun: str = ""
    """``time``, ``memory`` or ``cpu`` when it was killed for that."""
    said: str = ""
    """The end of what it wrote, where ``parts`` is None."""
