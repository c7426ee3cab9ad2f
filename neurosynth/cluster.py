"""A Ray cluster: an existing one, or one of this machine alone that runs as long as it is needed.

Ray connects the machines, sends functions and their results, and detects what is lost; it is not installed by default (extra
``cluster``). Every machine needs the same Python, the same Ray and this package; see ``docs/scaling.md``.
"""

from __future__ import annotations

import logging
import os
import socket
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from typing import Any, TypeVar

from neurosynth.errors import InputError, NeurosynthError
from neurosynth.extras import require

__all__ = ["CLUSTERS", "check_cluster", "connected", "cpus", "in_order_on_ray"]

T = TypeVar("T")

CLUSTERS = ("ray",)
"""Values of ``--cluster``."""

_AHEAD = 2
"""Number of results in progress for each processor of the cluster: one that is being computed, and one that waits."""


def check_cluster(name: str | None, address: str | None) -> None:
    """Check the options ``--cluster`` and ``--cluster-address``.

    Raises:
        InputError: for another cluster than Ray's, an address without a cluster, or if Ray is not installed.
    """
    if name is None:
        if address is not None:
            raise InputError(f"--cluster-address {address} without a cluster; add --cluster ray")
        return
    if name not in CLUSTERS:
        raise InputError(f"--cluster is {name!r}; allowed: {', '.join(CLUSTERS)}")
    require("cluster", "--cluster ray")


@contextmanager
def connected(address: str | None = None) -> Iterator[None]:
    """Connect to a Ray cluster; an existing connection of this process is used, and kept.

    Args:
        address: of a cluster, ``HOST:PORT`` or ``auto``; None for ``RAY_ADDRESS``, or else for one of this machine alone, which ends
            with the connection.

    Raises:
        InputError: if Ray is not installed, or nothing answers at the address.
    """
    require("cluster", "a Ray cluster")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray reports its use to its makers unless it is told not to
    import ray
    from ray.exceptions import RayError

    if ray.is_initialized():
        yield
        return
    where = address or os.environ.get("RAY_ADDRESS")
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if where is None:
        options["include_dashboard"] = False  # allowed only where a cluster is started
    try:
        _knock(where)
        ray.init(address=address, **options)
    except (OSError, ValueError, RuntimeError, RayError) as error:
        what = getattr(error, "strerror", None) or str(error).strip().splitlines()[0]
        raise InputError(
            f"no Ray cluster at {where or 'this machine'}: {what}; start one ('ray start --head'), give its "
            "--cluster-address HOST:PORT, or leave the address out for one of this machine alone"
        ) from None
    try:
        yield
    finally:
        ray.shutdown()


def _knock(address: str | None) -> None:
    """Check that something answers: Ray itself tries for minutes, with little information.

    Raises:
        ValueError: for an invalid address.
        OSError: if nothing answers.
    """
    if address in (None, "auto", "local"):
        return
    host, _, port = str(address).rpartition(":")
    if not host or "/" in host or not port.isdigit():
        raise ValueError("no HOST:PORT")
    socket.create_connection((host, int(port)), timeout=5).close()


def cpus() -> int:
    """Current number of processors of the cluster; it changes when machines are lost or join."""
    import ray

    resources: Any = ray.cluster_resources  # without annotations
    return int(resources().get("CPU", 0))


def in_order_on_ray(make: Callable[[int], T], start: int, workers: int) -> Generator[T, None, None]:
    """``make(start)``, ``make(start + 1)`` … without end, computed by the cluster this process is connected to.

    The work of a lost machine is done again elsewhere.  ``make`` and the results are pickled.

    Args:
        make: returns the same for the same number, wherever it runs.
        start: the first number.
        workers: maximum number of results in progress; fewer if the cluster is smaller.

    Raises:
        NeurosynthError: if a result is lost repeatedly.
    """
    import ray
    from ray.cloudpickle import dumps
    from ray.exceptions import RayError, RayTaskError

    # Lost workers are retried without limit; exceptions of the function itself are not.
    compute: Any = ray.remote(_compute).options(num_cpus=1, max_retries=8, retry_exceptions=False)
    data = ray.put(dumps(make))  # type: ignore[no-untyped-call]
    pending: deque[Any] = deque()
    try:
        for index in count(start):
            pending.append(compute.remote(data, index))
            if len(pending) >= min(workers, max(cpus(), 1)) * _AHEAD:
                yield ray.get(pending.popleft())
    except RayTaskError as error:
        if isinstance(error.cause, NeurosynthError):
            raise error.cause from None
        raise
    except RayError as error:
        raise NeurosynthError(
            f"the cluster repeatedly lost a result: {str(error).strip().splitlines()[0]}; check its machines ('ray status')"
        ) from None
    finally:
        for reference in pending:
            ray.cancel(reference, force=True)


def _compute(data: bytes, index: int) -> Any:
    return _loaded(data)(index)


@lru_cache(maxsize=1)
def _loaded(data: bytes) -> Callable[[int], Any]:
    """The computation in a process of the cluster, with everything that it keeps between calls."""
    import pickle

    found: Callable[[int], Any] = pickle.loads(data)
    return found
