"""Counted time: it moves by work alone, and a search that goes by it does the same on any machine."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import pytest

import neurosynth as ns
from neurosynth.engine.kernels import compiling
from neurosynth.errors import InputError
from neurosynth.killable import Lost, run_killable
from neurosynth.work_clock import (
    clock_seconds,
    counted,
    excused,
    is_counted,
    is_wall,
    on_processor,
    patient,
    patient_seconds,
    spend,
    watching_clock,
)


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


@pytest.mark.parametrize(
    ("wall", "processor", "stretch", "counted_seconds"),
    [
        pytest.param(3.0, 3.0, 6.0, 3.0, id="a quiet machine: all of it"),
        pytest.param(3.0, 5.0, 6.0, 3.0, id="several threads: never more than passed"),
        pytest.param(3.0, 1.0, 6.0, 1.0, id="a busy machine: the time on the processor"),
        pytest.param(60.0, 1.0, 6.0, 10.0, id="a very busy one: up to the stretch"),
        pytest.param(3.0, 1.0, 1.0, 3.0, id="a stretch of 1: all of it"),
    ],
)
def test_a_patient_clock_counts(wall: float, processor: float, stretch: float, counted_seconds: float) -> None:
    assert patient_seconds(wall, processor, stretch) == counted_seconds


def test_a_patient_clock_stands_while_the_process_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    now = {"wall": 100.0, "processor": 7.0}
    monkeypatch.setattr(time, "perf_counter", lambda: now["wall"])
    monkeypatch.setattr(time, "process_time", lambda: now["processor"])
    with patient(6.0):
        begun = clock_seconds()
        assert not is_wall()
        told = []
        for wall, processor in ((0.0005, 0.0), (1.0, 1.0), (4.0, 0.5), (0.0005, 0.0), (90.0, 0.5)):
            now["wall"] += wall
            now["processor"] += processor
            told.append(clock_seconds() - begun)
    assert told == pytest.approx([0.0005, 1.0, 1.5, 1.5005, 95.001 / 6], abs=1e-3)
    assert is_wall()


def test_a_patient_clock_changes_no_other_one() -> None:
    with patient(1.0):
        assert is_wall()
    with on_processor(), patient(6.0):
        before = clock_seconds()
        time.sleep(0.1)
        assert clock_seconds() - before < 0.05
    with counted(), patient(6.0):
        before = clock_seconds()
        spend(2.0)
        assert clock_seconds() - before == pytest.approx(2.0, abs=0.001)


def test_a_patient_clock_stands_while_loops_are_compiled() -> None:
    with patient(6.0):
        watched = watching_clock()
        before, seen = clock_seconds(), watched()
        with excused():
            began = time.process_time()
            while time.process_time() - began < 0.3:
                during = watched() - seen
        assert during < 0.2  # a sixth of what the clock on the wall says is its bound
        assert clock_seconds() - before < 0.2
        began = time.process_time()
        while time.process_time() - began < 0.3:
            pass
        assert clock_seconds() - before >= 0.29
    with excused():  # nothing stands elsewhere
        before = clock_seconds()
        time.sleep(0.01)
        assert clock_seconds() - before >= 0.01


def test_a_fork_is_not_killed_while_its_patient_clock_stands() -> None:
    def spin(seconds: float) -> None:
        began = time.process_time()
        while time.process_time() - began < seconds:
            pass

    def excuses(send: Any, interrupts: Any) -> str:
        with patient(60.0):
            for _ in range(2):  # each of them is within the limit, both together are not
                with excused():
                    spin(0.6)
        with patient(60.0), excused():  # the clock of another search
            spin(0.6)
        spin(0.1)
        return "done"

    def works(send: Any, interrupts: Any) -> None:
        with patient(60.0):
            with excused():
                spin(0.2)
            spin(10.0)

    assert run_killable(excuses, seconds=0.9, stretch=60.0) == "done"
    with pytest.raises(Lost, match="time"):
        run_killable(works, seconds=0.9, stretch=60.0)
    with pytest.raises(Lost, match="time"):  # wall-clock time excuses nothing
        run_killable(excuses, seconds=0.9)


def test_compiling_is_excused() -> None:
    numba = pytest.importorskip("numba")
    compiling.listen()
    with patient(6.0):
        before, spent, began = clock_seconds(), compiling.seconds(), time.process_time()
        numba.njit(lambda x: x + 1)(1)
        worked = time.process_time() - began
        assert clock_seconds() - before < 0.5 * worked
        assert compiling.seconds() - spent <= clock_seconds() - before


def test_only_a_limit_that_nobody_gave_is_patient() -> None:
    assert (ns.Limits().seconds, ns.Limits().stretch, ns.Limits().longest) == (10.0, 6.0, 60.0)
    assert ns.Limits(max_memory=2.0).longest == 60.0
    assert (ns.Limits(seconds=10.0).stretch, ns.Limits(seconds=10.0).longest) == (1.0, 10.0)
    assert replace(ns.Limits(), seconds=4.0).longest == 24.0  # the rest of a limit is as patient
    with pytest.raises(InputError, match=r"stretch is 0.5; allowed: 1 .* or more"):
        ns.Limits(stretch=0.5)


def test_the_limit_of_a_search_without_a_given_one_holds_for_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine whose processor this process has a third of the time: it searches for as long on the processor."""
    unsolvable = ns.Task([ns.example([1, 2], output=[7, 1000, 3, 99, 12]), ns.example([5], output=[8, 2, 77, 31])])
    began, real = time.process_time(), time.process_time
    monkeypatch.setattr(time, "perf_counter", lambda: 3 * (real() - began))
    result = ns.synthesize(
        unsolvable, "lists", guide="uniform", search="bottom-up", limits=ns.Limits(seconds=0.3, stretch=6.0)
    )
    assert result.stop is ns.StopReason.TIME
    assert real() - began >= 0.3
    assert result.stats.wall_seconds is not None
    assert result.stats.seconds < 0.5 * result.stats.wall_seconds


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
