"""Counted time: it moves by work alone, and a search that goes by it does the same on any machine."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest

import neurosynth as ns
from neurosynth.work_clock import clock_seconds, counted, is_counted, is_wall, on_processor, spend


def test_the_clock_of_the_machine_is_not_moved_by_work() -> None:
    before = clock_seconds()
    spend(1000.0)
    assert not is_counted()
    assert 0 <= clock_seconds() - before < 100
    assert abs(clock_seconds() - time.perf_counter()) < 1


def test_a_counted_clock_moves_by_work_and_by_looks_alone() -> None:
    with counted():
        first = clock_seconds()
        time.sleep(0.01)
        second = clock_seconds()
        spend(2.5)
        third = clock_seconds()
        assert is_counted()
    assert 0 < second - first < 0.001
    assert third - second == pytest.approx(2.5 + second - first)
    with counted():
        assert clock_seconds() == first  # each begins at 0
    assert not is_counted()


TASKS: dict[str, tuple[list[tuple[Any, Any]], str]] = {
    "loop over a list": ([([3, 1, 2], [4, 2, 3]), ([5], [6]), ([9, 9], [10, 10])], "lists"),
    "two cases": ([([3, 1, 2], 3), ([5, 5], 10), ([9, 8], 9), ([4], 8)], "lists"),
    "pieces of text": ([("Ada Lovelace", "A. Lovelace"), ("Alan Turing", "A. Turing")], "strings"),
}


@pytest.mark.parametrize("name", TASKS)
def test_a_search_by_counted_time_does_the_same_on_a_busy_machine(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the machine jumps by seconds at each look, as on one that is busy with other things."""
    rows, language = TASKS[name]
    task = ns.Task([ns.example(given, output=output) for given, output in rows], name)

    def searched() -> dict[str, Any]:
        with counted():
            found = ns.synthesize(task, language, limits=ns.Limits(seconds=3), top=3)
        stats = found.stats
        texts = [str(s.program) for s in found.solutions]
        return {"texts": texts, "tried": stats.programs_tried, "first": stats.first_solved, "seconds": stats.seconds}

    quiet = searched()
    real = time.perf_counter
    jumps = iter(range(1_000_000_000))
    monkeypatch.setattr(time, "perf_counter", lambda: real() + 3.0 * next(jumps))
    assert searched() == quiet
    assert quiet["texts"]


def test_the_time_of_the_processor_stands_while_nothing_is_computed() -> None:
    with on_processor():
        assert not is_wall()
        begun = clock_seconds()
        time.sleep(0.1)
        assert clock_seconds() - begun < 0.05
    assert is_wall()


def test_limits_hold_for_the_processor_where_that_is_the_time() -> None:
    unsolvable = ns.Task([ns.example([1, 2], output=[7, 1000, 3, 99, 12]), ns.example([5], output=[8, 2, 77, 31])])
    with on_processor():
        begun = time.process_time()
        result = ns.synthesize(unsolvable, "lists", guide="uniform", search="bottom-up", limits=ns.Limits(seconds=0.3))
        used = time.process_time() - begun
    assert result.stop is ns.StopReason.TIME
    assert 0.25 < result.stats.seconds <= used


def test_a_primitive_that_never_ends_ends_a_counted_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks at no clock and is one step: only what it takes of the processor tells."""
    language = ns.Language("endless")

    @language.primitive
    def spin(n: int) -> int:
        """Never ends for a negative number."""
        while n < 0:
            pass
        return n - 1

    monkeypatch.setattr("neurosynth.work_clock._BOUND", (0.2, 0.1))
    task = ns.Task([ns.example(2, output=-5), ns.example(3, output=-7)], "never")
    begun = time.process_time()
    with counted():
        found = ns.synthesize(task, language, guide="uniform", search="bottom-up", limits=ns.Limits(seconds=5))
    assert found.stop is ns.StopReason.TIME
    assert not found.solved
    assert 0.5 < time.process_time() - begun < 10


IN_A_ROW = """
import neurosynth as ns
from neurosynth.work_clock import counted
for name, (rows, language) in {tasks!r}.items():
    task = ns.Task([ns.example(given, output=output) for given, output in rows], name)
    with counted():
        found = ns.synthesize(task, language, limits=ns.Limits(seconds=3), top=3)
    print(name, *(s.program for s in found.solutions), found.stats.programs_tried, sep=" | ")
"""


@pytest.mark.slow
def test_what_ran_before_in_the_process_makes_no_difference() -> None:
    """Kernels that are compiled or loaded by then change how long a search takes, not what it does."""

    def lines(names: list[str]) -> list[str]:
        code = IN_A_ROW.format(tasks={name: TASKS[name] for name in names})
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    names = list(TASKS)
    found = lines(names)
    assert len(found) == len(names)
    assert lines(names[::-1]) == found[::-1]
