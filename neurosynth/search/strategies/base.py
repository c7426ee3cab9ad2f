"""A strategy: a way to make programs out of known values, in addition to enumeration. A strategy runs again and again, each time until
a deadline. It yields candidates as it finds them, and now and then the number of programs it tried, so that the runner can check the
clock. It sees the banks through a read-only view or, as an opening, only the task. It knows neither the runner nor other strategies.
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
        """Its name in results."""
        ...

    def propose(self, deadline: float) -> Iterator[Step]:
        """Yield what the banks allow by now and what was not proposed yet, until ``now()`` reaches the deadline."""
        ...


class Opening(Protocol):
    """Proposes programs from the task alone, before anything else is tried."""

    @property
    def name(self) -> str:
        """Its name in results."""
        ...

    def propose(self, request: SearchRequest, deadline: float) -> Iterator[Step]:
        """Programs for the task of a request, until ``now()`` reaches the deadline."""
        ...


def result_of(steps: Generator[Step, None, T]) -> T:
    """Run the steps of a part of a strategy to the end, for its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
