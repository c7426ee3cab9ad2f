"""One thread for the linear algebra of guides.

The matrices of a step of decoding are small: a second thread gains little if a core is free; otherwise the threads wait for each other.
A beam of 16 took 28 s instead of 0.5 on two cores with a load of 13.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from threadpoolctl import ThreadpoolController

__all__ = ["one_thread"]


@contextmanager
def one_thread() -> Iterator[None]:
    """Within it, numpy's matrix products use one thread; afterwards as many as before."""
    with _controller().limit(limits=1, user_api="blas"):
        yield


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    """The controller of the loaded libraries; finding them takes some milliseconds."""
    return ThreadpoolController()
