"""Primitives that misbehave, by what they do, and languages and tasks whose search calls them."""

from __future__ import annotations

import itertools
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

import neurosynth as ns

__all__ = ["BUGS", "ENDINGS", "STUCK", "language_of", "task"]


class Odd(Exception):
    """An exception whose text has a bug."""

    def __str__(self) -> str:
        raise ValueError("no text")


# --- what they do that is reported ------------------------------------------------------------------------------------


def leaves(x: int) -> int:
    """Ends the process as if all were well."""
    raise SystemExit(0)


def leaves_by_exit(x: int) -> int:
    """Ends the process through ``sys.exit``."""
    sys.exit("goodbye")


def undeclared(x: int) -> int:
    """Raises what it did not declare."""
    return {"": 1}[str(x)]


def divides(x: int) -> int:
    """Divides by zero."""
    return x // 0


def asserts(x: int) -> int:
    """Fails an assertion."""
    raise AssertionError("never\x1b[31m\nmind")


def odd(x: int) -> int:
    """Raises an exception that has no text."""
    raise Odd


def stops(x: int) -> int:
    """Raises what ends a generator."""
    raise StopIteration


def closes(x: int) -> int:
    """Raises what closes a generator."""
    raise GeneratorExit


class Own(BaseException):
    """What ``except Exception`` does not catch."""


def own(x: int) -> int:
    """Raises what nobody catches."""
    raise Own("mine")


def greedy_once(x: int) -> int:
    """Wants more memory than any machine has, at once."""
    return len(b"x" * (1 << 60))


def recurses(x: int) -> int:
    """Calls itself without end."""
    return recurses(x + 1)


def recurses_in_turn(x: int) -> int:
    """Calls another that calls it."""
    return _other(x)


def _other(x: int) -> int:
    return recurses_in_turn(x) + 1


def nothing(x: int) -> int:  # type: ignore[empty-body]
    """Returns nothing."""


def text(x: int) -> int:
    """Returns a text for a number."""
    return str(x)  # type: ignore[return-value]


def fraction(x: int) -> int:
    """Returns a float for an int."""
    return x / 1  # type: ignore[return-value]


def flag(x: int) -> int:
    """Returns a bool for an int."""
    return x > 0


def itself(x: int) -> int:
    """Returns a function."""
    return itself  # type: ignore[return-value]


def numbers_in_steps(x: int) -> list[int]:
    """Returns a generator for a list."""
    return (i for i in range(3))  # type: ignore[return-value]


def mixed(x: int) -> list[int]:
    """Returns a list of two types."""
    return [x, "x"]  # type: ignore[list-item]


def unhashable(x: int) -> list[int]:
    """Returns a list of what no table can hold."""
    return [{}]  # type: ignore[list-item]


def changes(xs: list[int]) -> list[int]:
    """Sorts its argument in place."""
    xs.sort()
    return xs


def appends(xs: list[int]) -> list[int]:
    """Adds to its argument."""
    xs.append(1)
    return xs


def sets_an_item(xs: list[int]) -> list[int]:
    """Overwrites an item of its argument."""
    xs[0] = 1
    return xs


BUGS: dict[Callable[..., Any], tuple[str, str]] = {
    # what the report says it did, and the remedy
    leaves: ("raised SystemExit: 0", "must not end the process"),
    leaves_by_exit: ("raised SystemExit: goodbye", "must not end the process"),
    undeclared: ("raised KeyError: '1'", "add raises=(KeyError,)"),
    divides: ("raised ZeroDivisionError: integer division or modulo by zero", "add raises=(ZeroDivisionError,)"),
    asserts: (r"raised AssertionError: never\x1b[31m mind", "add raises=(AssertionError,)"),
    odd: ("raised Odd: (its message cannot be had: ValueError)", "add raises=(Odd,)"),
    stops: ("raised StopIteration", "add raises=(StopIteration,)"),
    own: ("raised Own: mine", "add raises=(Own,)"),
    closes: ("raised GeneratorExit", "add raises=(GeneratorExit,)"),
    greedy_once: ("raised MemoryError", "add size="),
    recurses: ("raised RecursionError", "write it as a loop"),
    recurses_in_turn: ("raised RecursionError", "write it as a loop"),
    nothing: ("returned None (NoneType), which is not a valid int", "ends with a return"),
    text: ("returned '1' (str), which is not a valid int", "return a value of its declared type, int"),
    fraction: ("returned 1.0 (float), which is not a valid int", "return a value of its declared type, int"),
    flag: ("returned True (bool), which is not a valid int", "return a value of its declared type, int"),
    itself: ("returned <function> (function), which is not a valid int", "return a value of its declared type, int"),
    numbers_in_steps: ("(generator), which is not a valid list int", "return a value of its declared type, list int"),
    mixed: (
        "returned [1, 'x'] (list of int, str), which is not a valid list int",
        "return a value of its declared type",
    ),
    unhashable: ("returned [{}] (list of dict), which is not a valid list int", "return a value of its declared type"),
    changes: ("raised AttributeError: 'tuple' object has no attribute 'sort'", "work on a copy"),
    appends: ("raised AttributeError: 'tuple' object has no attribute 'append'", "work on a copy"),
    sets_an_item: ("raised TypeError: 'tuple' object does not support item assignment", "work on a copy"),
}


# --- what never comes back --------------------------------------------------------------------------------------------------


def loops(x: int) -> int:
    """Loops in Python."""
    while True:
        x += 0


def loops_in_c(x: int) -> int:
    """Loops in C, where no signal and no other thread gets a turn."""
    return sum(itertools.repeat(x * 0))


def sleeps(x: int) -> int:
    """Sleeps for days."""
    time.sleep(1e6)
    return x


def waits(x: int) -> int:
    """Waits for a lock that nobody gives back."""
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
    return x


def allocates(x: int) -> int:
    """Takes memory in pieces, a little at a time."""
    kept = []
    while True:
        kept.append(bytearray(100))
        time.sleep(0.0005)


def gobbles(x: int) -> int:
    """Takes all the memory there is, in large pieces."""
    kept = []
    while True:
        kept.append(b"x" * 100_000_000)


def shifts(x: int) -> int:
    """Computes numbers of gigabytes."""
    while x:
        x = max(1, (1 << 10**10) % 7)
    return x


def powers(x: int) -> int:
    """Computes a power that takes hours."""
    power: int = 7 ** (10**9 * x)
    return power % 3


def backtracks(x: int) -> int:
    """Matches a pattern that backtracks for years."""
    return int(re.match(r"(a+)+$", "a" * 60 + "b") is None)


def iterates(x: int) -> int:
    """Looks for the end of an endless iterator."""
    return list(itertools.count()).index(-1)


def insists(x: int) -> int:
    """Loops, and catches whatever would end it."""
    while True:
        try:
            while True:
                x += 0
        except Exception:
            x += 0


def insists_on_all(x: int) -> int:
    """Loops, and catches even what asks it to end."""
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            x += 0


def ignores_signals(x: int) -> int:
    """Turns signals off, and loops."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
    while True:
        x += 0


STUCK = [
    loops, loops_in_c, sleeps, waits, allocates, gobbles, shifts, powers, backtracks, iterates, insists, insists_on_all,
    ignores_signals,
]  # fmt: skip


# --- what takes the process down ----------------------------------------------------------------------------------------------


def segfault(x: int) -> int:
    """Reads where nothing is."""
    import ctypes

    return len(ctypes.string_at(0))


def aborts(x: int) -> NoReturn:
    """As a failed assertion in C does."""
    os.abort()


def killed(x: int) -> int:
    """``kill -9`` of the process that runs it."""
    os.kill(os.getpid(), signal.SIGKILL)
    return x


def vanishes(x: int) -> NoReturn:
    """Ends the process without a word, as if all were well."""
    os._exit(0)


def fails(x: int) -> NoReturn:
    """Ends the process with a status."""
    os._exit(3)


def closes_files(x: int) -> int:
    """Closes whatever is open."""
    os.closerange(0, 64)
    return x


ENDINGS = [segfault, aborts, killed, vanishes, fails, closes_files]


def harmless(x: int) -> int:
    """Twice a number."""
    return 2 * x


def language_of(deed: Callable[..., Any]) -> ns.Language:
    """A language with the deed, and what a search needs to reach it."""
    options = {"type": "int -> int"} if deed in (aborts, vanishes, fails) else {}
    language = ns.Language("evil")
    language.primitive(deed, **options)

    @language.primitive
    def add(x: int, y: int) -> int:
        """The sum."""
        return x + y

    @language.primitive
    def pair(x: int, y: int) -> list[int]:
        """Both in a list."""
        return [x, y]

    @language.primitive
    def first(xs: list[int]) -> int:
        """The first of a list that is not empty."""
        return xs[0]

    language.constant(0, "int", cost=3)
    return language


def task(*, of_lists: bool = False) -> ns.Task:
    """What no program of such a language solves, close to ``x0``."""
    examples = [ns.example(1, output=1), ns.example(2, output=9), ns.example(5, output=5)]
    if of_lists:
        examples = [ns.example([1, 0], output=[1]), ns.example([2, 7], output=[9]), ns.example([5], output=[5])]
    return ns.Task(examples, "evil")
