"""A language of functions that take their process down, and tasks whose search calls them."""

from __future__ import annotations

import ctypes
import itertools
import os
import resource
import signal
import sys
import time

import neurosynth as ns
from neurosynth.language.compile import compile_grammar
from neurosynth.tasks.task import Task

__all__ = ["DEEDS", "harmless", "task_of", "unsolved"]


def endless(x: int) -> int:
    """A loop in C that looks at no signal and no clock."""
    return sum(itertools.repeat(x * 0))


def sleeping(x: int) -> int:
    """Forever, without using the processor."""
    time.sleep(1e6)
    return x


def greedy(x: int) -> int:
    """All memory, in pieces."""
    kept = []
    while True:
        kept.append(b"x" * 100_000_000)
        time.sleep(0.005)


def modest(x: int) -> int:
    """More memory at once than any machine has."""
    return len(b"x" * (1 << 60))


def segfault(x: int) -> int:
    """Read where nothing is."""
    return len(ctypes.string_at(0))


def abort(x: int) -> int:
    """As a failed assertion in C does."""
    os.abort()


def killed(x: int) -> int:
    """``kill -9`` of the process that runs it."""
    os.kill(os.getpid(), signal.SIGKILL)
    return x


def leave(x: int) -> int:
    """End the process without a word, as if all were well."""
    os._exit(0)


def talk(x: int) -> int:
    """End the process with some last words."""
    print("lost my footing", file=sys.stderr, flush=True)
    os._exit(3)


def limits(x: int) -> int:
    """Say how much more processor time the process may use."""
    left = resource.getrlimit(resource.RLIMIT_CPU)[0] - time.process_time()
    raise KeyError(f"{left:.0f} s of processor time")


def bug(x: int) -> int:
    """Raise what was not declared."""
    raise KeyError(x)


def shout(x: int) -> int:
    """Write where the run's own output goes."""
    print("shouting", flush=True)
    return x


_MET: set[str] = set()
"""The slow deeds that this process has done: they are slow once."""


def late(x: int) -> int:
    """What is wanted, after the time is over."""
    if "late" not in _MET:
        _MET.add("late")
        time.sleep(0.7)
    return 2 * x + 5


def busy(x: int) -> int:
    """What is wanted, after much work: less than a look at the processor time would see."""
    end = time.process_time() + (0.0 if "busy" in _MET else 0.15)
    _MET.add("busy")
    while time.process_time() < end:
        pass
    return 2 * x + 5


DEEDS = {
    f.__name__: f for f in (endless, sleeping, greedy, modest, segfault, abort, killed, leave, talk, limits, bug, shout)
}
"""Those that give nothing that is wanted."""
SLOW = {"late": late, "busy": busy}


def task_of(deed: str, name: str | None = None) -> Task:
    """A task whose search calls the function of that name."""
    lang = ns.Language("evil")
    lang.primitive({**DEEDS, **SLOW}[deed])
    examples = [ns.example(1, output=7), ns.example(2, output=9)]
    plain = Task(examples, name or deed)
    assert plain.type is not None
    return Task(examples, name or deed, grammar=compile_grammar(lang, plain.type, inputs=plain.inputs))


def harmless(name: str = "sum", numbers: int = 2) -> Task:
    """A task that is solved at once."""
    return Task([ns.example([i, i + 1, 5], output=2 * i + 6) for i in range(numbers)], name)


def unsolved(name: str = "noise") -> Task:
    """A task over lists that no small program solves."""
    return Task([ns.example([i, 3, 7], output=[i * 7919 % 101, 977]) for i in range(6)], name)
