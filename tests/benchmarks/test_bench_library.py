"""Known functions are found again among learned primitives by what they give."""

from __future__ import annotations

from benchmarks.bench_library import found_again
from neurosynth.language.learned import LearnedAbstraction
from neurosynth.language.load import load_language


def test_functions_are_known_by_what_they_give() -> None:
    lists = load_language("lists")
    learned = [
        LearnedAbstraction(name=name, type=str(lists[name].type), body="x0")
        for name in ("length", "sum", "last", "take", "drop", "append", "maximum", "even", "map")
    ]
    assert found_again(lists, learned) == {
        "length": "length", "sum": "sum", "last": "last", "take": "take", "drop": "drop", "append": "append", "map": str(lists["map"].type),
    }  # fmt: skip
