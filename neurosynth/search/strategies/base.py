"""What a strategy is: one way to make programs out of what is known, beside enumeration.

A strategy is asked again and again, each time until a deadline; it gives candidates as it finds them and says now and then how many
programs it tried, so that the runner can look at the clock.  It sees the banks through a read-only view, or, as an opening, nothing
but the task; it knows neither the runner nor other strategies.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Protocol, TypeVar

from neurosynth.search.base import SearchRequest
from neurosynth.search.candidates import Step

__all__ = ["Opening", "Strategy", "result_of"]

T = TypeVar("T")


class Strategy(Protocol):
    """Proposes programs from the banks of a search as they grow."""

    @property
    def name(self) -> str:
        """How results call it."""
        ...

    def propose(self, deadline: float) -> Iterator[Step]:
        """What the banks allow by now and was not proposed yet, until ``now()`` reaches the deadline."""
        ...


class Opening(Protocol):
    """Proposes programs from the task alone, before anything else is tried."""

    @property
    def name(self) -> str:
        """How results call it."""
        ...

    def propose(self, request: SearchRequest, deadline: float) -> Iterator[Step]:
        """Programs for the task of a request, until ``now()`` reaches the deadline."""
        ...


def result_of(steps: Generator[Step, None, T]) -> T:
    """Run the steps of a part of a strategy to their end, for its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
