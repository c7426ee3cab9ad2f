"""Known functions are found again among learned primitives by what they give."""

from __future__ import annotations

import pytest
from neurosynth_dsls.little import little

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
