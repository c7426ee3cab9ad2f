"""Known functions are found again among learned primitives by what they give."""

from __future__ import annotations

from pathlib import Path

import pytest
from neurosynth_dsls.little import little

from benchmarks.ablate_library import line, share_first_wake
from benchmarks.found_again import found_again
from neurosynth.language.calls import with_calls
from neurosynth.language.generalise import parse_body
from neurosynth.language.learned import LearnedAbstraction, Library, library_language
from neurosynth.language.load import load_language


def test_functions_are_known_by_what_they_give() -> None:
    lists = load_language("lists")
    learned = [
        LearnedAbstraction(name=name, type=str(lists[name].type), body="x0")
        for name in ("length", "sum", "last", "take", "drop", "append", "maximum", "even", "map")
    ]
    same = {name: name for name in ("length", "sum", "last", "take", "drop", "append")}
    assert found_again(lists, learned) == {**same, "map": f"map : {lists['map'].type}"}


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ("(rec_list x0 empty (lambda (a b c) (cons (call x1 a) c)))", "map"),
        ("(rec_list x0 empty (lambda (a b c) (if (call x1 a) (cons a c) c)))", "filter"),
        ("(rec_list x0 x1 x2)", "fold"),
        ("(rec_list x0 empty x1)", "fold"),  # of numbers and to a list alike: ints stand for what it is polymorphic in
        ("(rec_nat x0 empty (lambda (a b) (cons (call x1 a) b)))", "a function of n, n - 1 …"),
        ("(rec_list x0 0 (lambda (a b c) (+ (call x1 a) c)))", "sum of a function"),
        ("(rec_list x0 x0 (lambda (a b c) (cdr (call x1 a))))", "unknown"),
    ],
)
def test_what_takes_functions_is_known_by_what_it_does_with_them(body: str, known: str) -> None:
    _, t = parse_body(body, with_calls(little))
    abstraction = LearnedAbstraction(name="learned", type=str(t), body=body)
    language = library_language(Library(name="grown", base="lists-little", abstractions=(abstraction,)), little)
    assert found_again(language, [abstraction])["learned"].split(" : ")[0].startswith(known)


def test_the_first_wake_phase_is_shared_once_it_is_whole(tmp_path: Path) -> None:
    known, run = tmp_path / "a.json.run", tmp_path / "b.json.run"
    (known / "round-1").mkdir(parents=True)
    for name in ("wake.jsonl", "wake-together.json", "library.json"):
        (known / "round-1" / name).write_text(name, encoding="utf-8")
    share_first_wake(known, run)
    assert not run.exists()
    (known / "round-1" / "round.json").write_text("{}", encoding="utf-8")
    share_first_wake(known, run)
    assert sorted(f.name for f in (run / "round-1").iterdir()) == ["wake-together.json", "wake.jsonl"]
    (run / "round-1" / "wake.jsonl").write_text("its own", encoding="utf-8")
    share_first_wake(known, run)
    share_first_wake(known, known)
    assert (run / "round-1" / "wake.jsonl").read_text(encoding="utf-8") == "its own"


def test_a_line_says_what_leaving_a_part_out_changes() -> None:
    row = {"solved": 3, "tasks": 4, "median_candidates": 7, "median_ratio_to_base": 2.5, "lost": ["a"], "gained": []}
    assert line("gate", 2, row) == "| gate | 2 | 3 of 4 | 7 | 2.5 | 1, 0 |"
