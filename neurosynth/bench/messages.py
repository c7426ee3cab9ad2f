"""What the process that hands out tasks and the one they are forked from say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Ended", "Order"]


@dataclass(frozen=True, slots=True)
class Order:
    """A job to be run, and when to stop it."""

    number: int
    job: bytes
    """Pickled, and only unpickled in the fork."""
    deadline: float
    """Seconds after which it is killed."""
    memory: float
    """Bytes, of the process and those it started, above which it is killed."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the process of a job ended."""

    number: int
    parts: dict[str, Any] | None
    """What :func:`~neurosynth.bench.worker.perform` gave; None when the process did not come that far."""
    status: int
    """As ``os.wait`` gives it."""
    overrun: str
    """``time`` or ``memory`` when it was killed for that, else empty."""
    said: str
    """The end of what it wrote on its output, where ``parts`` is None."""
    began: float
    """Seconds since 1970."""
    wall: float
    cpu: float
    peak: float
    """Bytes; the most its process, or one it started, held."""
