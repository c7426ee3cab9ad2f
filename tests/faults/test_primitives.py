"""Primitives that misbehave: a report of four lines with the best so far, and the end of those that never come back."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

import neurosynth as ns
from neurosynth.errors import PrimitiveBug
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import Undefined
from neurosynth.language.program import Apply, Input
from neurosynth.search.base import StopReason
from neurosynth.values.types import INT, list_of
from tests.faults import deeds
from tests.faults.deeds import BUGS, language_of, task


def _of_lists(deed: Callable[..., Any]) -> bool:
    return deed in (deeds.changes, deeds.appends, deeds.sets_an_item)


@pytest.mark.parametrize("search", ["auto", "bottom-up", "best-first", "sampling"])
@pytest.mark.parametrize("deed", BUGS, ids=lambda d: d.__name__)
def test_a_bug_is_reported_with_the_best_so_far(deed: Callable[..., Any], search: str) -> None:
    said, remedy = BUGS[deed]
    with pytest.raises(PrimitiveBug) as caught:
        ns.synthesize(
            task(of_lists=_of_lists(deed)),
            language_of(deed),
            search=search,
            limits=ns.Limits(seconds=20, max_programs=20_000),
        )
    bug = caught.value
    first, arguments, program, last = bug.report.split("\n")
    assert first == f"a bug of primitive {deed.__name__}: it {bug.what}" or "\\x1b" in first
    assert said in first
    assert re.fullmatch(r"  arguments: .+", arguments)
    assert deed.__name__ in program
    assert remedy in last
    assert "deeds.py:" in last
    assert bug.result.stop is StopReason.BUG
    if search in ("auto", "bottom-up"):
        assert bug.result.closest is not None


@pytest.mark.parametrize("deed", BUGS, ids=lambda d: d.__name__)
def test_a_bug_is_reported_when_a_program_is_run(deed: Callable[..., Any]) -> None:
    language = language_of(deed)
    t = list_of(INT) if _of_lists(deed) else INT
    with pytest.raises(PrimitiveBug, match=f"in \\({deed.__name__} x0\\)"):
        Evaluator().run(Apply(language[deed.__name__], (Input(0, t),)), ((2, 1) if _of_lists(deed) else 1,))


def test_a_program_that_is_nested_deep_is_undefined_and_no_bug() -> None:
    language = ns.Language("deep")

    @language.primitive(type="int -> int", lazy=True)
    def lazily(x: Callable[[], int]) -> int:
        """The same."""
        return x()

    evaluator = Evaluator()
    call = evaluator.caller(language["lazily"])
    evaluator.reset()

    def nested(depth: int) -> Any:
        return call(lambda: nested(depth - 1)) if depth else 1

    with pytest.raises(Undefined, match="nested too deeply"):
        nested(2000)


def test_what_was_found_is_there_when_a_bug_shows_on_other_inputs() -> None:
    language = ns.Language("narrow")

    @language.primitive
    def narrow(x: int) -> int:
        """Twice a number, of those it was tried on."""
        return {1: 2, 2: 4, 3: 6, 2 * 3: 12, 4: 8, 12: 24, 8: 16}[x]

    examples = [ns.example(1, output=2), ns.example(2, output=4), ns.example(3, output=6)]
    with pytest.raises(PrimitiveBug) as caught:
        ns.synthesize(ns.Task(examples, "narrow"), language, limits=ns.Limits(seconds=20, max_programs=2000))
    assert str(caught.value.result.best) == "(narrow x0)"


ENDED = [deeds.loops, deeds.sleeps, deeds.waits, deeds.allocates, deeds.insists]


@pytest.mark.parametrize("search", ["auto", "best-first"])
@pytest.mark.parametrize("deed", ENDED, ids=lambda d: d.__name__)
def test_a_primitive_that_runs_on_is_ended(deed: Callable[..., Any], search: str) -> None:
    begun = time.perf_counter()
    result = ns.synthesize(task(), language_of(deed), search=search, limits=ns.Limits(seconds=0.3))
    assert result.stop is StopReason.TIME
    assert time.perf_counter() - begun < 3  # 0.6 on a machine that does nothing else
    if search == "auto":
        assert str(result.closest) == "x0"


def test_a_wait_is_ended_although_another_library_lets_system_calls_go_on() -> None:
    """As z3 and polars leave SIGINT once they have handled it themselves."""
    signal.siginterrupt(signal.SIGINT, False)
    result = ns.synthesize(task(), language_of(deeds.waits), search="auto", limits=ns.Limits(seconds=0.3))
    assert result.stop is StopReason.TIME


@pytest.mark.parametrize("deed", [deeds.loops, deeds.allocates, deeds.insists], ids=lambda d: d.__name__)
def test_it_is_ended_in_another_thread_too(deed: Callable[..., Any]) -> None:
    results: list[ns.Result] = []

    def search() -> None:
        results.append(ns.synthesize(task(), language_of(deed), limits=ns.Limits(seconds=0.3)))

    thread = threading.Thread(target=search)
    thread.start()
    thread.join(20)
    (result,) = results
    assert result.stop is StopReason.TIME
    assert str(result.closest) == "x0"


def test_a_primitive_that_runs_on_after_the_search_costs_the_ranking_only() -> None:
    language = ns.Language("narrow")

    @language.primitive
    def narrow(x: int) -> int:
        """Twice a number, of those it was tried on; of others never."""
        while x not in (1, 2, 3, 4, 6, 8, 12, 24, 16, 48):
            time.sleep(0.001)
        return x * 2

    examples = [ns.example(1, output=2), ns.example(2, output=4), ns.example(3, output=6)]
    result = ns.synthesize(ns.Task(examples, "narrow"), language, limits=ns.Limits(seconds=0.5, max_programs=3))
    assert str(result.best) == "(narrow x0)"


def test_nothing_is_raised_once_the_search_is_over() -> None:
    threads = threading.active_count()
    for _ in range(20):
        ns.synthesize(task(), language_of(deeds.loops), limits=ns.Limits(seconds=10, max_programs=1))
    time.sleep(0.1)
    assert threading.active_count() <= threads + 1
