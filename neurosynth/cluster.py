"""A Ray cluster: one that is there already, or one of this machine alone, started for as long as it is needed.

Ray brings the machines together, sends functions and their results, and notices what is lost; it is not installed by default
(extra ``cluster``).  Every machine needs the same Python, the same Ray and this package; see ``docs/scaling.md``.
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
"""What ``--cluster`` takes."""

_AHEAD = 2
"""Results in the making for each processor of the cluster: one that is computed, and one that waits at the door."""


def check_cluster(name: str | None, address: str | None) -> None:
    """Check what ``--cluster`` and ``--cluster-address`` say.

    Raises:
        InputError: for another cluster than Ray's, an address without one, or where Ray is not installed.
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
    """Be connected to a Ray cluster; a connection that this process has already is used, and kept.

    Args:
        address: of a cluster, ``HOST:PORT`` or ``auto``; None for what ``RAY_ADDRESS`` says, else one of this machine alone,
            which ends with the connection.

    Raises:
        InputError: when Ray is not installed, or nothing answers at the address.
    """
    require("cluster", "a Ray cluster")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray reports its use to its makers unless told not to
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
    """See that something answers: Ray itself tries for minutes, and says little.

    Raises:
        ValueError: for what is not an address.
        OSError: when nothing answers.
    """
    if address in (None, "auto", "local"):
        return
    host, _, port = str(address).rpartition(":")
    if not host or "/" in host or not port.isdigit():
        raise ValueError("no HOST:PORT")
    socket.create_connection((host, int(port)), timeout=5).close()


def cpus() -> int:
    """Processors of the cluster as it is now; a machine that is lost or joins changes it."""
    import ray

    resources: Any = ray.cluster_resources  # without annotations
    return int(resources().get("CPU", 0))


def in_order_on_ray(make: Callable[[int], T], start: int, workers: int) -> Generator[T, None, None]:
    """``make(start)``, ``make(start + 1)`` … without end, computed by the cluster this process is connected to.

    What a lost machine was computing is computed again elsewhere.  ``make`` and the results are pickled.

    Args:
        make: gives the same for the same number, wherever it runs.
        start: the first number.
        workers: results in the making at most; fewer where the cluster is smaller.

    Raises:
        NeurosynthError: when a result is lost again and again.
    """
    import ray
    from ray.cloudpickle import dumps
    from ray.exceptions import RayError, RayTaskError

    # Lost workers are tried again as often as it takes; an exception of the function itself is not.
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
            f"the cluster repeatedly lost a result: {str(error).strip().splitlines()[0]}; look at its machines ('ray status')"
        ) from None
    finally:
        for reference in pending:
            ray.cancel(reference, force=True)


def _compute(data: bytes, index: int) -> Any:
    return _loaded(data)(index)


@lru_cache(maxsize=1)
def _loaded(data: bytes) -> Callable[[int], Any]:
    """What a process of the cluster computes, and with it all that it keeps between calls."""
    import pickle

    found: Callable[[int], Any] = pickle.loads(data)
    return found
