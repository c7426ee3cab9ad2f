"""The model of confidence: how it reads numbers, what it never says, and that the shipped one is sane."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import neurosynth as ns
from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.syntax import parse_program
from neurosynth.ranking.agreement import rank_by_agreement
from neurosynth.ranking.cells import CELL_FEATURES, CellFeatures, Cells
from neurosynth.ranking.confidence import GUESS, ConfidenceModel, Logistic, Weight, shipped
from neurosynth.ranking.evidence import MEANINGS, Evidence, features
from neurosynth.tasks.task import Task, example

NAMES = Task(
    [example("Ada Lovelace", output="Lovelace"), example("Alan Turing", output="Turing")],
    language="columns",
    unlabelled=[("Grace Hopper",), ("Emmy Noether",)],
)


def evidence_of(task: Task, *texts: str, **known: Any) -> Evidence:
    language = load_language(task.language or "columns")
    programs = tuple(parse_program(t, language, request=task.type, inputs=task.inputs) for t in texts)
    return Evidence(task=task, programs=programs, **known)


def numbers(task: Task, *texts: str, **known: Any) -> dict[str, float]:
    evidence = evidence_of(task, *texts, **known)
    return features(evidence, rank_by_agreement(task, evidence.programs, bits=evidence.bits))


SURNAME = '(text.slice x0 (+ (text.index x0 " ") 1) (str.len x0))'


def test_a_term_counts_what_is_beyond_what_was_seen_as_the_furthest_seen() -> None:
    term = Weight("k", mean=2.0, scale=0.5, low=1.0, high=3.0, weight=2.0)
    assert term.said(2.0) == 0.0
    assert term.said(3.0) == term.said(99.0) == 4.0
    assert term.said(-99.0) == -4.0


def test_log_odds_are_a_sum_and_a_missing_feature_is_an_error() -> None:
    model = Logistic(0.5, (Weight("a", 0.0, 1.0, -1.0, 1.0, 2.0), Weight("b", 0.0, 1.0, -1.0, 1.0, -3.0)))
    assert model.log_odds({"a": 1.0, "b": 1.0}) == pytest.approx(-0.5)
    assert [name for name, _ in model.said({"a": 1.0, "b": 1.0})] == ["b", "a"]
    with pytest.raises(KeyError, match="b"):
        model.log_odds({"a": 1.0})


def test_two_stretches_of_a_feature_are_one_reason() -> None:
    model = Logistic(0.0, (Weight("a", 0.0, 1.0, 0.0, 1.0, 2.0), Weight("a", 0.0, 1.0, 1.0, 5.0, 0.5)))
    assert model.log_odds({"a": 0.5}) == pytest.approx(1.5)
    assert model.log_odds({"a": 3.0}) == pytest.approx(3.5)
    [(name, said)] = model.said({"a": 3.0})
    assert name == "a"
    assert said == pytest.approx(3.5)


def test_a_single_example_says_less() -> None:
    model = Logistic(0.5, (Weight("a", 0.0, 1.0, -9.0, 9.0, 2.0),), single=0.5)
    assert model.log_odds({"a": 1.0, "log_examples": 0.0}) == pytest.approx(1.25)
    assert model.log_odds({"a": 1.0, "log_examples": 1.0}) == model.log_odds({"a": 1.0}) == pytest.approx(2.5)
    assert model.said({"a": 1.0, "log_examples": 0.0}) == [("a", 1.0)]


def test_a_model_says_the_same_after_json() -> None:
    model = shipped()
    assert ConfidenceModel.from_json(json.loads(json.dumps(model.to_json()))) == model


@given(st.floats(-1e9, 1e9))
def test_nothing_is_certain(value: float) -> None:
    model = ConfidenceModel(Logistic(0.0, (Weight("a", 0.0, 1.0, -1e9, 1e9, 1.0),)), Logistic(0.0, ()))
    assert model.least <= model.of_answer({"a": value}) <= model.most


def test_the_shipped_model_reads_what_the_code_gives() -> None:
    model = shipped()
    assert {t.name for t in model.answer.terms} <= set(numbers(NAMES, SURNAME)) == set(MEANINGS)
    assert {t.name for t in model.cell.terms} <= set(CELL_FEATURES)
    assert len(model.answer.terms) > 10


@pytest.mark.parametrize(
    ("name", "texts", "expected"),
    [
        ("log_examples", [SURNAME], 1.0),
        ("alone", [SURNAME], 1.0),
        ("behaviours", [SURNAME, '(ite (str.contains x0 "L") "Lovelace" "Turing")'], 1.0),
        ("constant", [SURNAME], 0.0),
        ("log_rows", [SURNAME], math.log2(3)),
        ("undefined", [SURNAME], 0.0),
        ("unlike", [SURNAME], 0.0),
        ("spelled", [SURNAME], 0.0),
        ("cases_an_example", ['(ite (str.contains x0 "L") "Lovelace" "Turing")'], 0.5),
        ("constants_alone", ['(ite (str.contains x0 "L") "Lovelace" "Turing")'], 2.0),
    ],
)
def test_features_of_a_small_column(name: str, texts: list[str], expected: float) -> None:
    assert numbers(NAMES, *texts)[name] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("x0", 1),
        ("(str.upper x0)", 2),
        ('(str.++ x0 "!")', 2),
        ('(str.++ "<" (str.++ x0 (str.++ "," (str.++ x0 ">"))))', 2),
        ('(str.++ "<" (str.upper (str.++ x0 ">")))', 4),
    ],
)
def test_texts_joined_by_pairs_are_one_level(text: str, levels: int) -> None:
    assert numbers(NAMES, text)["depth"] == pytest.approx(math.log2(levels))


CLOCK = Task(
    [example("01:55", output="night"), example("12:00", output="noon"), example("23:10", output="late")],
    "part of the day",
    language="columns",
)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ('(lookup ["0" "1" "2"] ["night" "noon" "late"] (str.take x0 1))', 1.0),
        ('(lookup ["01" "12" "23"] ["night" "noon" "late"] (str.take x0 2))', 0.0),
        ('(lookup ["01:55" "12:00" "2"] ["night" "noon" "late"] x0)', 1 / 3),
        ('(lookup ["5" "6" "7"] ["night" "noon" "late"] (int.to.str (str.len x0)))', 1.0),
        ("(str.take x0 1)", 0.0),
    ],
    ids=["letters", "whole numbers", "one letter", "lengths", "no table"],
)
def test_a_table_known_by_letters_of_its_examples_is_told_from_one_of_words(text: str, share: float) -> None:
    assert numbers(CLOCK, text)["keys_inside"] == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ('(lookup ["01" "12" "23"] ["night" "noon" "late"] (str.take x0 2))', 1.0),
        ('(lookup ["01:55" "12:00" "2"] ["night" "noon" "late"] x0)', 1 / 3),
        ('(lookup ["01:55" "12:00" "23:10"] ["night" "noon" "late"] x0)', 0.0),
        ("(str.take x0 1)", 0.0),
    ],
    ids=["parts", "one part", "whole cells", "no table"],
)
def test_entries_known_by_parts_of_cells_are_counted_an_example(text: str, share: float) -> None:
    assert numbers(CLOCK, text)["keys_of_parts"] == pytest.approx(share)


@pytest.mark.parametrize(
    ("table", "share"),
    [
        ('["5" "t"] ["pm" "noon"]', 1.0),
        ('["5" "t"] ["five" "Ten"]', 0.5),
        ('["5" "t"] ["5th" "tenth"]', 0.0),
    ],
)
def test_values_that_begin_like_their_keys_are_likelier_meant(table: str, share: float) -> None:
    task = Task([example("at 5", output="pm"), example("at ten", output="noon")], language="columns")
    text = f"(lookup {table} (str.take (text.word_at x0 -1) 1))"
    found = numbers(task, text)
    assert found["keys_of_parts"] == 1.0
    assert found["keys_unlike"] == pytest.approx(share)


def test_letters_that_no_example_has_are_counted() -> None:
    rows = [("José Núñez",), ("Grace Hopper",), ("Jürgen Habermas",), ("Emmy Noether",)]
    assert numbers(replace(NAMES, unlabelled=rows), SURNAME)["new_letters"] == 0.5
    shown = [*NAMES.examples, example("Siân Davies", output="Davies")]
    assert numbers(replace(NAMES, examples=shown, unlabelled=rows), SURNAME)["new_letters"] == 0.0


TWO_COMMAS = Task(
    [example("Oslo, Norway", output="Oslo"), example("Bergen, Norway", output="Bergen")],
    language="columns",
    unlabelled=[("Turku, Finland",), ("Aarhus, Jutland, Denmark",), ("Riga",), ("Bergen, Texas",)],
)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("identity", "x0", 1.0),
        ("identity", '(str.take x0 (text.index x0 ","))', 0.0),
        ("number_bits", "(text.slice x0 0 3)", 2.0),
        ("number_bits", "(str.take x0 1000000)", 16.0),
        ("number_bits", '(str.take x0 (text.index x0 ","))', 0.0),
        ("other_counts", '(str.take x0 (text.index x0 ","))', 0.5),
        ("other_counts", r'(str.take x0 (text.match_start x0 "\\," 0))', 0.5),
        ("other_counts", "(str.take x0 4)", 0.0),
        ("other_words", '(str.take x0 (text.index x0 ","))', 0.5),
        ("some_undefined", '(str.take x0 (text.index x0 ","))', 1.0),
        ("some_undefined", "(str.take x0 4)", 0.0),
        ("depth_searched", "(str.take x0 4)", 1.0),
    ],
)
def test_features_of_rows_unlike_the_examples(name: str, text: str, expected: float) -> None:
    evidence = evidence_of(TWO_COMMAS, text)
    found = features(evidence, rank_by_agreement(TWO_COMMAS, evidence.programs))
    assert found[name] == pytest.approx(expected, abs=0.02)


def test_memorising_is_believed_less_than_explaining() -> None:
    known = {"tried": 30}
    explained = shipped().of_answer(numbers(NAMES, SURNAME, **known))
    assert explained > shipped().of_answer(numbers(NAMES, '(ite (str.contains x0 "L") "Lovelace" "Turing")', **known))


def test_a_ranking_without_programs_has_no_features() -> None:
    with pytest.raises(ValueError, match="without programs"):
        features(evidence_of(NAMES), rank_by_agreement(NAMES, []))


# --- cells ------------------------------------------------------------------------------------------------------------


def test_a_cell_names_other_values_and_their_shares() -> None:
    evidence = evidence_of(NAMES, SURNAME, '(str.++ x0 "")')
    ranking = rank_by_agreement(NAMES, evidence.programs)
    cells = Cells(NAMES, ranking, 0.8)
    cell = cells.of(("Grace Hopper",), ["Hopper", "Grace Hopper"])
    assert cell.value == "Hopper"
    assert [value for value, _ in cell.others] == ["Grace Hopper"]
    assert cell.confidence < cells.of(("Grace Hopper",), ["Hopper", "Hopper"]).confidence
    assert sum(share for _, share in cell.others) <= 1 - cell.confidence + 1e-9
    nothing = cells.of(("Grace Hopper",), [UNDEFINED, "Hopper"])
    assert (nothing.value, nothing.confidence) == (UNDEFINED, 0.0)


@pytest.mark.parametrize(
    ("name", "row", "value", "expected"),
    [
        ("new_signs", "Grace Hopper", "Hopper", 0.0),
        ("new_signs", "Grace-Hopper", "Hopper", 1.0),
        ("new_looks", "Grace B. Hopper", "Hopper", 1.0),
        ("unlike", "Grace Hopper", "12", 1.0),
        ("length", "Grace Hopper", "Hop", 1.0),
        ("length", "Grace Hopper", "H", 2.0),
        ("unchanged", "Hopper", "Hopper", 1.0),
    ],
)
def test_features_of_a_cell(name: str, row: str, value: str, expected: float) -> None:
    assert CellFeatures(NAMES, 0.5, [1.0]).of((row,), [value])[name] == expected


# --- results ----------------------------------------------------------------------------------------------------------


def test_an_everyday_column_is_stated_as_likely_and_its_cells_are() -> None:
    result = ns.synthesize(NAMES)
    assert result.best("Grace Hopper") == "Hopper"
    assert 0.5 < result.confidence < 1
    assert not result.guess
    assert [cell.value for cell in result.fills()] == ["Hopper", "Noether"]
    assert all(cell.confidence > 0.5 for cell in result.fills())


def test_outputs_that_have_nothing_to_do_with_the_inputs_are_a_guess() -> None:
    task = Task(
        [
            example("Ada Lovelace", output="qkdje"),
            example("Alan Turing", output="wlpam"),
            example("Kurt", output="zzrt"),
        ],
        language="columns",
        unlabelled=[("Grace Hopper",), ("Emmy Noether",)],
    )
    result = ns.synthesize(task, limits=ns.Limits(seconds=2))
    assert result.guess or not result.solved
    assert result.confidence < GUESS


def test_json_tells_the_confidence_of_every_answer_and_cell() -> None:
    row = ns.synthesize(NAMES, top=3).to_json()
    assert row["confidence"] == row["programs"][0]["confidence"]
    assert row["guess"] is False
    assert sum(p["confidence"] for p in row["programs"]) <= 1.001
    assert [fill["output"] for fill in row["fills"]] == ["Hopper", "Noether"]
    assert all(0 < fill["confidence"] < 1 for fill in row["fills"])


@pytest.mark.parametrize(
    ("text", "lone"),
    [
        ("x0", 0),
        ('(ite (str.contains x0 "5") "odd" x0)', 1),
        ('(ite (str.contains x0 "a") "odd" x0)', 0),
        ('(str.++ "" (ite (str.contains x0 "5") "odd" x0))', 1),
        ('(ite (str.contains x0 "a") (ite (str.contains x0 "c") "odd" x0) x0)', 2),
    ],
    ids=["no case", "one example", "two and two", "inside", "nested"],
)
def test_cases_that_one_example_shows_are_counted(text: str, lone: int) -> None:
    shown = [
        example("a 5", output="odd"),
        example("a c", output="a c"),
        example("b 7", output="b 7"),
        example("b 8", output="b 8"),
    ]
    assert numbers(Task(shown, language="columns"), text)["lone_cases"] == pytest.approx(lone / 4)
