"""Made-up inputs: values of their types, rows that belong together, texts of a format."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.tasks.task import Example, Task
from neurosynth.training.inputs import (
    default_types,
    draw_constants,
    draw_profile,
    draw_rows,
    given_rows,
    probe_rows,
)
from neurosynth.values.formats import FORMATS, text_constants, text_format
from neurosynth.values.reading import has_type
from neurosynth.values.types import STRING, Arrow, Type, TypeVariable, parse_type
from tests.strategies import ground_types

REQUESTS = (
    "int -> list int -> int",
    "string -> string -> int",
    "bitvec 7 -> bool -> bool",
    "list (list int) -> list string -> int",
)


def parameters(text: str) -> tuple[Type, ...]:
    found = parse_type(text)
    assert isinstance(found, Arrow)
    return found.parameters


@given(st.lists(ground_types(), min_size=1, max_size=3), st.integers())
def test_rows_hold_values_of_their_types(types: list[Type], seed: int) -> None:
    for row in draw_rows(Random(seed), draw_profile(Random(seed), types), 3):
        assert all(has_type(value, t) for value, t in zip(row, types, strict=True))


@pytest.mark.parametrize("request_type", REQUESTS)
def test_rows_differ(request_type: str) -> None:
    for seed in range(20):
        rows = draw_rows(Random(seed), draw_profile(Random(seed), parameters(request_type)), 8)
        assert len(set(map(repr, rows))) == len(rows)


def test_a_profile_with_few_rows_gives_those() -> None:
    rows = draw_rows(Random(0), draw_profile(Random(0), parameters("bool -> int")), 8)
    assert sorted(rows) == [(False,), (True,)]


def test_probe_rows_are_always_the_same() -> None:
    for text in REQUESTS:
        assert probe_rows(parameters(text), 9) == probe_rows(parameters(text), 9)
        assert probe_rows(parameters(text), 9)[:4] == probe_rows(parameters(text), 4)


def test_a_type_no_input_is_made_up_for() -> None:
    with pytest.raises(
        InputError, match=r"values of type a can be neither written nor generated; allowed: types without"
    ):
        draw_profile(Random(0), [TypeVariable("a")]).row(Random(0))


def test_given_rows_come_from_one_task_first() -> None:
    tasks = [Task([Example((f"{k}{i}",), "x") for i in range(4)], k) for k in "abcdef"]
    rows, first = given_rows(Random(1), tasks, 6)
    assert len(rows) == 6
    assert {r[0][0] for r in rows[:4]} == {first.name}


@pytest.mark.parametrize("make", FORMATS)
def test_texts_of_every_format_print_and_differ(make: object) -> None:
    assert callable(make)
    for seed in range(30):
        rng = Random(seed)
        draw = make(rng)
        texts = [draw(rng) for _ in range(20)]
        assert all(0 < len(t) <= 120 for t in texts), texts
        assert len(set(texts)) > 5


def test_texts_of_a_format_share_its_signs() -> None:
    shared = 0
    for seed in range(100):
        rng = Random(seed)
        draw = text_format(rng)
        signs = [{ch for ch in draw(rng) if not ch.isalnum()} for _ in range(6)]
        shared += bool(set.intersection(*signs)) or not any(signs)
    assert shared > 60


def test_constants_are_few_and_mostly_found_in_the_texts() -> None:
    texts = ["12/05/2019", "01/11/1987"]
    drawn = [text_constants(Random(seed), texts) for seed in range(200)]
    assert max(map(len, drawn)) <= 4
    assert sum("/" in found for found in drawn) > 60


def test_constants_beyond_the_languages_own() -> None:
    language = load_language("strings")
    known = {c for c, _ in language.constants}
    rows = [("a-b@c",), ("d-e@f",)]
    for seed in range(50):
        drawn = draw_constants(Random(seed), language, parse_type("string -> string"), rows)
        assert not known.intersection(drawn)
        assert all(c.type == STRING for c in drawn)


def test_default_types_suit_the_language() -> None:
    assert "list int -> list int" in default_types(load_language("lists"))
    assert "string -> string" in default_types(load_language("strings"))
    assert "bitvec 64 -> bitvec 64" in default_types(load_language("bitvectors"))
    with pytest.raises(InputError, match=r"language 'empty' has no default request types.*name types to sample"):
        default_types(Language("empty"))
