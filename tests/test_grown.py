"""A learned language searches mostly in itself, and in its base where that does not suffice."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

import neurosynth as ns
from neurosynth.bench.solvers import Neurosynth
from neurosynth.grown import SHARE, solve_grown
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction, Library, library_language, library_text
from neurosynth.language.load import LIBRARIES
from neurosynth.result import Result
from neurosynth.search.base import Limits, Stats, StopReason
from neurosynth.synthesize import synthesize
from neurosynth.tasks.task import Task, example

TASK = Task([example([3, 1, 2], output=[1, 2, 3]), example([5, 4], output=[4, 5])], "sort")
LISTS = ns.load_language("lists")
MIRROR = LearnedAbstraction(name="mirror", type="list a -> list a", body="(append x0 (reverse x0))")
GROWN = library_language(Library(name="lists-learned", base="lists", abstractions=(MIRROR,)), LISTS)


def result(language: Language, tried: int, *, solved: bool) -> Result:
    """Of a search, or none."""
    if solved:
        found = synthesize(TASK, LISTS, guide="uniform", limits=Limits(seconds=20, max_programs=5000))
        return replace(found, language=language, stats=Stats(seconds=1, programs_tried=tried, first_solved=tried))
    stats = Stats(seconds=1, programs_tried=tried)
    return Result(task=TASK, language=language, stop=StopReason.PROGRAMS, solutions=(), stats=stats)


@pytest.mark.parametrize(
    ("solves", "asked", "first"),
    [("lists-learned", ["lists-learned"], 50), ("lists", ["lists-learned", "lists"], 100), ("neither", ["lists-learned", "lists"], None)],
)  # fmt: skip
def test_the_base_has_what_is_left(solves: str, asked: list[str], first: int | None) -> None:
    calls: list[tuple[str, Limits]] = []

    def part(language: Language, limits: Limits) -> Result:
        calls.append((language.name, limits))
        return result(language, limits.max_programs or 0, solved=language.name == solves)

    found = solve_grown(GROWN, LISTS, part, Limits(seconds=10, max_programs=100))
    assert [name for name, _ in calls] == asked
    assert calls[0][1] == Limits(seconds=SHARE * 10, max_programs=50)
    assert found.solved == (first is not None)
    assert found.language.name == "lists-learned"
    assert found.stats.first_solved == first
    assert found.stats.programs_tried == (50 if len(asked) == 1 else 100)
    if len(calls) > 1:
        assert calls[1][1] == Limits(seconds=9, max_programs=50)


def test_a_learned_language_solves_what_its_base_does() -> None:
    assert GROWN.base is LISTS
    assert LISTS.base is None
    found = synthesize(TASK, GROWN, guide="uniform", limits=Limits(seconds=20, max_programs=5000))
    assert found.language is GROWN
    assert found.best([9, 8]) == [8, 9]


def test_a_learned_language_alone_asks_no_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its base has tried the tasks already, and it gets all the candidates."""

    def never(*_: object) -> Result:
        raise AssertionError("the base was asked")

    monkeypatch.setenv(LIBRARIES, "")
    monkeypatch.setattr(sys.modules[synthesize.__module__], "solve_grown", never)
    file = tmp_path / "learned.json"
    file.write_text(library_text(Library(name="lists-learned", base="lists", abstractions=(MIRROR,))), "utf-8")
    solver = Neurosynth(language="lists-learned", guide="uniform", library=str(file), alone=True)
    assert solver.solve(TASK, Limits(seconds=20, max_programs=5000), 0).solved
    with pytest.raises(AssertionError, match="the base was asked"):
        replace(solver, alone=False).solve(TASK, Limits(seconds=20, max_programs=5000), 0)
