"""Limits hold whatever primitives do: the process ends within a second of ``--seconds``, with the best so far."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import neurosynth as ns
from neurosynth.apart import synthesize_apart
from neurosynth.errors import PrimitiveBug
from neurosynth.search.base import StopReason
from tests.faults import deeds
from tests.faults.deeds import BUGS, ENDINGS, STUCK, language_of, task
from tests.faults.plugin import environment, name_of

MAIN = [sys.executable, "-c", "from neurosynth.cli import main; main()"]
EVIL = {
    "name": "evil",
    "examples": [{"inputs": [1], "output": 1}, {"inputs": [2], "output": 9}, {"inputs": [5], "output": 5}],
}
LISTS = {"name": "evil", "examples": [{"inputs": [[1, 0]], "output": [1]}, {"inputs": [[2, 7]], "output": [9]}]}
SLACK = 6.0
"""Seconds that a machine with much else to do may take on top of those promised."""


class Ended(NamedTuple):
    """How a process ended."""

    status: int
    out: str
    err: str
    seconds: float


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With tasks, and the plugins."""
    made = tmp_path_factory.mktemp("evil")
    (made / "evil.json").write_text(json.dumps(EVIL))
    (made / "lists.json").write_text(json.dumps(LISTS))
    return made


def solve(folder: Path, deed: Any, *more: str, after: float | None = None, number: int = signal.SIGINT) -> Ended:
    """``neurosynth solve`` with the language of a deed; ``after`` so many seconds a signal is sent."""
    file = "lists.json" if deed in (deeds.changes, deeds.appends, deeds.sets_an_item) else "evil.json"
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*MAIN, "solve", str(folder / file), "--language", name_of(deed), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(folder),
    )
    if after is not None:
        time.sleep(after)
        process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return Ended(process.returncode, out, err, time.perf_counter() - begun)


def says_the_best(ended: Ended) -> None:
    """The closest program is printed, and no traceback."""
    assert "Traceback" not in ended.err, ended.err
    assert "closest x0" in ended.out or "Closest, right on 67%:\nx0\n" in ended.out, ended.out


QUICK = [deeds.loops, deeds.loops_in_c, deeds.insists_on_all, deeds.gobbles]


@pytest.mark.parametrize(
    "deed", [pytest.param(d, marks=[] if d in QUICK else pytest.mark.slow) for d in STUCK], ids=lambda d: d.__name__
)
def test_a_primitive_that_never_comes_back_ends_with_the_limit(deed: Any, folder: Path) -> None:
    ended = solve(folder, deed, "--seconds", "1", "--max-memory", "1")
    assert ended.status == 1, ended
    says_the_best(ended)
    assert ended.seconds < 1 + 1 + SLACK


@pytest.mark.slow
@pytest.mark.parametrize("search", ["bottom-up", "best-first", "sampling"])
@pytest.mark.parametrize("deed", [deeds.loops, deeds.loops_in_c, deeds.sleeps], ids=lambda d: d.__name__)
def test_it_does_so_under_every_search(deed: Any, search: str, folder: Path) -> None:
    ended = solve(folder, deed, "--seconds", "1", "--search", search, "--json")
    assert ended.status == 1, ended
    assert json.loads(ended.out)["stop"] == "time"
    assert ended.seconds < 1 + 1 + SLACK


@pytest.mark.parametrize(
    ("deed", "number", "status"),
    [
        (deeds.loops_in_c, signal.SIGINT, 130),
        (deeds.loops, signal.SIGTERM, 143),
        pytest.param(deeds.sleeps, signal.SIGINT, 130, marks=pytest.mark.slow),
        pytest.param(deeds.ignores_signals, signal.SIGINT, 130, marks=pytest.mark.slow),
        pytest.param(deeds.shifts, signal.SIGTERM, 143, marks=pytest.mark.slow),
    ],
    ids=lambda v: getattr(v, "__name__", str(v)),
)
def test_a_signal_ends_it_within_a_second(deed: Any, number: int, status: int, folder: Path) -> None:
    ended = solve(folder, deed, "--seconds", "100", after=3, number=number)
    assert ended.status == status, ended
    says_the_best(ended)
    assert ended.seconds < 3 + 1 + SLACK


@pytest.mark.parametrize(
    "deed",
    [pytest.param(d, marks=[] if d in (deeds.leaves, deeds.recurses) else pytest.mark.slow) for d in BUGS],
    ids=lambda d: d.__name__,
)
def test_a_bug_is_four_lines_and_status_70(deed: Any, folder: Path) -> None:
    ended = solve(folder, deed, "--seconds", "20")
    assert ended.status == 70, ended
    said, remedy = BUGS[deed]
    lines = ended.err.splitlines()
    assert len(lines) == 4, ended.err
    assert lines[0].startswith(f"neurosynth: a bug of primitive {deed.__name__}: it ")
    assert said in lines[0]
    assert lines[1].startswith("  arguments: ")
    assert lines[2].startswith("  program: (")
    assert remedy in lines[3]
    assert "losest" in ended.out


@pytest.mark.parametrize(
    "deed",
    [pytest.param(d, marks=[] if d is deeds.vanishes else pytest.mark.slow) for d in ENDINGS],
    ids=lambda d: d.__name__,
)
def test_a_primitive_that_takes_its_process_down_is_a_bug(deed: Any, folder: Path) -> None:
    ended = solve(folder, deed, "--seconds", "20", "--json")
    assert ended.status == 70, ended
    assert "Traceback" not in ended.err
    assert re.match(r"neurosynth: a bug of primitive ", ended.err)
    assert len(ended.err.splitlines()) == 4, ended.err
    assert json.loads(ended.out)["stop"] == "bug"


def test_what_a_primitive_prints_is_not_in_the_output(folder: Path) -> None:
    ended = solve(folder, deeds.harmless, "--seconds", "1", "--json")
    assert json.loads(ended.out)["stop"] == "time"


# --- in Python ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", [deeds.loops_in_c, deeds.insists_on_all, deeds.sleeps], ids=lambda d: d.__name__)
def test_limits_hold_in_python_apart(deed: Callable[..., Any]) -> None:
    begun = time.perf_counter()
    result = synthesize_apart(task(), language_of(deed), limits=ns.Limits(seconds=0.5))
    assert result.stop is StopReason.TIME
    assert str(result.closest) == "x0"
    assert time.perf_counter() - begun < 0.5 + 1 + SLACK
    assert "Raise the time limit, which is 0.5 s" in str(result.explain())


def test_a_memory_limit_holds_apart() -> None:
    result = synthesize_apart(task(), language_of(deeds.gobbles), limits=ns.Limits(seconds=60, max_memory=1.5))
    assert result.stop is StopReason.MEMORY


def test_apart_the_result_is_the_same() -> None:
    numbers = ns.Task([ns.example([1, 2], output=3), ns.example([4], output=4)], "sum")
    options: dict[str, Any] = {"limits": ns.Limits(seconds=20, max_programs=3000), "guide": "uniform", "seed": 3}
    here, there = ns.synthesize(numbers, "lists", **options), synthesize_apart(numbers, "lists", **options)
    assert str(there.best) == str(here.best) == "(sum x0)"
    assert there.best([5, 6]) == 11  # a program that came back runs
    assert there.language is ns.load_language("lists")
    assert there.task is numbers
    assert there.export(there.best, "python") == here.export(here.best, "python")


def test_apart_in_a_language_of_this_very_module() -> None:
    language = language_of(deeds.harmless)

    @language.primitive
    def less(x: int) -> int:
        """One less."""
        return x - 1

    rows = [ns.example(x, output=2 * x - 1) for x in (1, 5, 9)]
    result = synthesize_apart(ns.Task(rows, "t"), language, limits=ns.Limits(seconds=20))
    assert result.best(7) == 13


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"language": "lits"}, ns.InputError, "unknown language 'lits'.*did you mean lists"),
        ({"language": "lists", "search": "no"}, ns.InputError, "unknown search 'no'"),
        ({"language": "lists", "guide": "none.json"}, ns.InputError, "none.json"),
        ({"language": "lists", "top": 0}, ns.InputError, "top is 0"),
    ],
)
def test_errors_come_back_as_they_are(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    numbers = ns.Task([ns.example([1, 2], output=3)], "sum")
    with pytest.raises(error, match=message):
        synthesize_apart(numbers, **arguments)


def test_a_bug_comes_back_with_its_result() -> None:
    with pytest.raises(PrimitiveBug, match="raised KeyError") as caught:
        synthesize_apart(task(), language_of(deeds.undeclared), limits=ns.Limits(seconds=20))
    assert str(caught.value.result.closest) == "x0"
    assert caught.value.program


def test_a_stop_is_heeded_apart() -> None:
    begun = time.perf_counter()
    result = synthesize_apart(
        task(),
        language_of(deeds.loops_in_c),
        limits=ns.Limits(seconds=60),
        stop=lambda: time.perf_counter() - begun > 0.5,
    )
    assert result.stop is StopReason.INTERRUPTED
    assert time.perf_counter() - begun < 0.5 + 1 + SLACK
