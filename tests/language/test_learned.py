"""Files of learned languages: what they hold, what is checked, and where they are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from neurosynth_dsls.lists import lists

from neurosynth.errors import InputError
from neurosynth.guides.trained import trained_guides
from neurosynth.language.evaluate import evaluate
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction, Library, library_language, library_text, read_library
from neurosynth.language.load import LIBRARIES, load_language, use_library
from neurosynth.language.syntax import parse_program

LARGEST = LearnedAbstraction(
    name="largest",
    type="list int -> int",
    body="(last (sort x0))",
    round=1,
    uses=4,
    tasks=("maximum",),
    examples=({"inputs": [[3, 1, 2]], "output": 3},),
)
GAP = LearnedAbstraction(name="gap", type="list int -> int", body="(- (largest x0) (head (sort x0)))", round=2)


def library(*abstractions: LearnedAbstraction, **more: Any) -> Library:
    return Library(
        **{
            "name": "lists-learned",
            "base": "lists",
            "fingerprint": lists.fingerprint,
            "abstractions": abstractions or (LARGEST, GAP),
            **more,
        }
    )


def written(folder: Path, given: Library) -> Path:
    file = folder / "learned.json"
    file.write_text(library_text(given), encoding="utf-8")
    return file


def test_a_library_reads_back(tmp_path: Path) -> None:
    given = library(lineage=("a", "b"), compression=({"round": 1, "ratio": 1.5},), guide="g.json")
    assert read_library(written(tmp_path, given)) == given
    assert read_library(library_text(given)) == given


def test_it_is_a_language(tmp_path: Path) -> None:
    language = load_language(str(written(tmp_path, library())))
    assert (language.name, language.extends) == ("lists-learned", ("lists",))
    assert evaluate(parse_program("(gap x0)", language), [[3, 9, 5]]) == 6
    assert "Learned in round 1 from 4 uses, as for maximum." in language["largest"].doc
    assert language.fingerprint != lists.fingerprint


def test_guides_of_the_base_fit_it(tmp_path: Path) -> None:
    language = load_language(str(written(tmp_path, library())))
    known = {t.name: t.unusable(language) for t in trained_guides(language)}
    assert known["lists-bigram-pcfg"] == ""


def test_it_is_known_by_name_once_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIBRARIES, "")
    file = written(tmp_path, library(name="lists-elsewhere"))
    use_library(str(file))
    assert load_language("lists-elsewhere").get("largest") is not None
    monkeypatch.setenv(LIBRARIES, str(tmp_path))  # a folder of them
    assert load_language("lists-elsewhere").name == "lists-elsewhere"
    with pytest.raises(InputError, match="did you mean lists-elsewhere"):
        load_language("lists-elsewere")


TOP = LearnedAbstraction(name="top", type="list int -> list int", body="(cons (largest x0) x0)")


def test_one_may_be_learned_over_another_that_lies_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIBRARIES, "")
    written(tmp_path, library())
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")  # other files of the folder may be anything
    second = tmp_path / "again.json"
    second.write_text(library_text(library(TOP, name="lists-again", base="lists-learned")), encoding="utf-8")
    language = load_language(str(second))
    assert (language.name, language.extends) == ("lists-again", ("lists-learned", "lists"))
    assert evaluate(parse_program("(top x0)", language), [[3, 9, 5]]) == [9, 3, 9, 5]


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            "lists",
            "lists-lerned",
            "again.json: its base is an unknown language 'lists-lerned'; .*put its file beside this one",
        ),
        (
            "lists-again",
            "lists-learned",
            "learned over itself, by way of learned.json; correct the base in one of the files",
        ),
        ("lists-learned", "lists-learned", "learned.json: its base is 'lists-learned', itself"),
    ],
)
def test_a_base_that_is_missing_or_its_own_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str, second: str, message: str
) -> None:
    monkeypatch.setenv(LIBRARIES, "")
    written(tmp_path, library(base=first))
    file = tmp_path / "again.json"
    file.write_text(library_text(library(TOP, name="lists-again", base=second)), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_language(str(file))


def changed(**fields: Any) -> dict[str, Any]:
    return {**LARGEST.to_json(), **fields}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (changed(body="(last (srot x0))"), "primitive 'largest': no primitive is called srot"),
        (changed(body="(sort x0)"), "body (sort x0) is list int -> list int; the type given is list int -> int"),
        (changed(body="(head (sort x0))"), "its body gives 1 for the example"),
        (changed(examples=[{"inputs": [], "output": 3}]), "example"),
        (changed(examples=[{"inputs": [["a"]], "output": 3}]), "example"),
        (changed(name="sort"), "the name is taken"),
        (changed(name="two words"), "the name cannot occur in a program"),
        (changed(uses="many"), 'uses is "many"; allowed: a number'),
        (changed(use=3), "unknown field 'use'"),
        ({"name": "largest"}, "primitive 1: needs the fields name, type, body"),
        (changed(body="x0", type="int -> int", examples=[]), "is a value that the language has already"),
    ],
)
def test_nonsense_by_hand_is_named(tmp_path: Path, entry: dict[str, Any], message: str) -> None:
    row = {**library().to_json(), "primitives": [entry]}
    file = tmp_path / "learned.json"
    file.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_language(str(file))
    assert message in str(error.value)
    assert "learned.json" in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nothing", "invalid JSON"),
        ("[]", "JSON, but not a library"),
        ('{"library": 7}', "a library in format 7"),
        ('{"library": 1, "name": "n"}', "a library without name, base or primitives"),
    ],
)
def test_what_is_no_library_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "learned.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_language(str(file))
    with pytest.raises(InputError, match=r"no such file; did you mean learned.json"):
        load_language(str(tmp_path / "learnt.json"))


def test_of_a_changed_base_the_rest_is_used(tmp_path: Path) -> None:
    smaller = Language("lists")
    for primitive in lists.primitives.values():
        if primitive.name != "last":
            smaller.add(primitive)
    least = LearnedAbstraction(name="least", type="list int -> int", body="(head (sort x0))")
    notes: list[str] = []
    language = library_language(library(LARGEST, GAP, least), smaller, notes=notes)
    assert language.get("least") is not None
    assert language.get("gap") is None
    assert "primitive 'largest': no primitive is called last" in notes[0]
    assert "left out, as language 'lists' has changed since" in notes[0]
    assert "primitive 'gap': no primitive is called largest" in notes[1]
    with pytest.raises(InputError, match="largest"):
        library_language(library(), smaller)
