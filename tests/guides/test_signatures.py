"""Property signatures: what holds of tasks, as numbers; models that go on from ones without; files that match by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.guides.signatures import ANSWERS, MOST_EXAMPLES, Signatures, property_names
from neurosynth.guides.trainable import TellsProperties
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.tasks.task import Task, example
from neurosynth.values.registry import domain_of
from neurosynth.values.types import parse_type
from tests.strategies import tiny

ALWAYS, NEVER, SOMETIMES = range(ANSWERS)


def answers(task: Task, role: int, language: Language | None = None) -> dict[str, int]:
    """What is told of a role, by the name of the property."""
    signatures = Signatures(language or load_language("lists"))
    told = signatures.of_task(task, 8)[role]
    assert len({(a - 1) // ANSWERS for a in told}) == len(told), "a property is told once"
    return {signatures.names[(a - 1) // ANSWERS]: (a - 1) % ANSWERS for a in told}


SORTED = Task([example([3, 1, 2], output=[1, 2, 3]), example([5, 4], output=[4, 5]), example([], output=[])])
LAST = Task([example([3, 1], 7, output=1), example([4], 8, output=4), example([2, 6, 9], 0, output=9)])

TOLD = (
    (SORTED, 0, "ascending", ALWAYS),
    (SORTED, 0, "descending", SOMETIMES),
    (SORTED, 0, "every negative", SOMETIMES),
    (SORTED, 0, "some negative", NEVER),
    (SORTED, 0, "over 8 elements", NEVER),
    (SORTED, 1, "ascending", SOMETIMES),
    (SORTED, 1, "sorted", ALWAYS),
    (SORTED, 1, "same length", ALWAYS),
    (SORTED, 1, "same elements", ALWAYS),
    (SORTED, 1, "reversed", SOMETIMES),
    (SORTED, 1, "output longer", NEVER),
    (LAST, 1, "output last", ALWAYS),
    (LAST, 1, "output an element", ALWAYS),
    (LAST, 1, "output first", SOMETIMES),
    (LAST, 1, "output is its length", NEVER),
    (LAST, 2, "input below output", SOMETIMES),
    (LAST, 2, "zero", SOMETIMES),
)


@pytest.mark.parametrize(("task", "role", "name", "answer"), TOLD)
def test_what_holds_is_told(task: Task, role: int, name: str, answer: int) -> None:
    assert answers(task, role)[name] == answer


def test_texts_and_numbers_of_characters() -> None:
    strings = load_language("strings")
    initials = Task([example("ada lovelace", output="AL"), example("alan turing", output="AT")])
    told = answers(initials, 1, strings)
    assert told["initials of input"] == ALWAYS
    assert told["output within input but for case"] == NEVER
    assert told["same first character"] == NEVER
    length = Task([example("abc", output=3), example("é", output=1)])
    assert answers(length, 1, strings)["output is its length"] == ALWAYS


def test_missing_values_are_told_and_nothing_else_is_asked_of_them() -> None:
    columns = load_language("columns")
    task = Task([example("a", output="A"), example(None, output=None)], type=parse_type("string -> string"))
    assert answers(task, 0, columns)["missing"] == SOMETIMES
    assert answers(task, 0, columns)["all capitals"] == ALWAYS
    nothing = Task([example("a", output=None), example("b", output=None)], type=parse_type("string -> string"))
    assert answers(nothing, 0, columns) == {"missing": ALWAYS}


@given(st.lists(st.lists(st.integers(-300, 300), max_size=6), min_size=1, max_size=4), st.randoms())
def test_the_order_of_examples_means_nothing(rows: list[list[int]], rng: Any) -> None:
    examples = [example(row, output=row[::-1]) for row in rows]
    turned = rng.sample(examples, k=len(examples))
    signatures = Signatures(tiny())
    whole = parse_type("list int -> list int")
    one, other = (signatures.of_task(Task(e, type=whole), 8) for e in (examples, turned))
    assert one == other
    assert all(0 < a <= ANSWERS * len(signatures) for role in one for a in role)


TYPES = ("int", "bool", "string", "list int", "list string", "list list int", "bitvec 8", "decimal", "date", "duration")


@pytest.mark.parametrize("text", TYPES)
@given(st.randoms())
def test_properties_of_any_values_are_true_or_false(text: str, rng: Any) -> None:
    domain = domain_of(parse_type(text))
    value = domain.draw(rng)
    for p in domain.properties:
        assert p.holds(value) in (True, False), p.name
    for other in map(domain_of, map(parse_type, TYPES)):
        output = other.draw(rng)
        for r in domain.relations(other):
            assert r.holds(value, output) in (True, False), r.name
    names = [p.name for p in domain.properties]
    assert len(set(names)) == len(names)


def test_many_examples_are_looked_at_from_the_first_on() -> None:
    rows = [example([i], output=[i]) for i in range(MOST_EXAMPLES)]
    more = Task([*rows, example([99], output=[2])])
    assert answers(more, 1)["same"] == ALWAYS


# A language's own


def peaked_language() -> Language:
    lang = tiny()

    @lang.value_property
    def peaked(xs: list[int]) -> bool:
        return len(xs) > 2 and xs[0] < max(xs) > xs[-1]

    @lang.value_property
    def twice_as_many(xs: list[int], n: int) -> bool:
        return n == 2 * len(xs)

    return lang


def test_a_language_adds_its_own() -> None:
    lang = peaked_language()
    task = Task([example([1, 3, 2], output=6), example([1, 2], output=4)])
    assert answers(task, 1, lang)["peaked"] == SOMETIMES
    assert answers(task, 1, lang)["twice as many"] == ALWAYS
    assert {"peaked", "twice as many"} == set(property_names(lang)) - set(property_names(tiny()))
    assert property_names(lang.with_primitives([])) == property_names(lang)


@pytest.mark.parametrize(
    ("annotations", "message"),
    [
        ({"a": int, "return": int}, "property 'odd' gives int; allowed: bool"),
        ({"return": bool}, "property 'odd' is of type bool; allowed: one value, or an input and an output"),
        (
            {"a": int, "b": int, "c": int, "return": bool},
            "property 'odd' is of type int -> int -> int -> bool; allowed: one value",
        ),
        ({"a": int}, "the result has no type annotation"),
    ],
)
def test_what_is_no_property_is_refused(annotations: dict[str, Any], message: str) -> None:
    names = ", ".join(n for n in annotations if n != "return")
    scope: dict[str, Any] = {}
    exec(f"def odd({names}): return True", scope)
    scope["odd"].__annotations__ = annotations
    with pytest.raises(InputError, match=message):
        tiny().value_property(scope["odd"])


def test_a_name_is_taken_once_for_the_same_types() -> None:
    lang = peaked_language()

    def peaked(xs: list[int]) -> bool:
        return bool(xs)

    with pytest.raises(InputError, match="already has a property 'peaked' of list int; give one of the two functions"):
        lang.value_property(peaked)


# Models


def _like(one: Any, other: Any, task: Task) -> bool:
    return bool(np.allclose(one.start(task).log_probs(), other.start(task).log_probs(), atol=1e-5))


@pytest.mark.parametrize("kind", ["lstm", "transformer"])
def test_a_model_that_goes_on_from_one_without_begins_as_that_one(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the extra 'neural' is not installed")
    from neurosynth.guides.files import read_guide_file
    from neurosynth.guides.kinds import build_guide, neural_kind, save_guide

    plain = {"width": 16, "layers": 2, "signatures": False}
    old = build_guide(kind, tiny(), {**plain, "crossing": False} if kind == "lstm" else plain, 0)
    save_guide(tmp_path / "old", old)
    file = read_guide_file(tmp_path / "old")
    new = neural_kind(kind).begin(file, {"signatures": True}, tiny(), 0)
    assert isinstance(new, TellsProperties)
    assert new.properties == property_names(tiny())
    assert _like(old, new, SORTED)
    earlier = {k: v for k, v in file.settings.items() if k not in ("signatures", "crossing", "pool")}
    as_it_was = neural_kind(kind).trainable(replace(file, settings=earlier), tiny())
    assert _like(old, as_it_was, SORTED)
    with pytest.raises(InputError, match=f"a guide of kind {kind}, not gru; train that kind"):
        neural_kind("gru").begin(file, {}, tiny(), 0)


def test_a_file_is_read_for_a_language_with_other_properties(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the extra 'neural' is not installed")
    from neurosynth.guides.kinds import build_guide, load_guide, save_guide

    lang = peaked_language()
    save_guide(tmp_path / "own", build_guide("lstm", lang, {"width": 16, "layers": 2}, 0))
    save_guide(tmp_path / "less", build_guide("lstm", tiny(), {"width": 16, "layers": 2}, 0))
    more = load_guide(tmp_path / "less", lang)  # the new properties mean nothing yet
    assert _like(load_guide(tmp_path / "less", tiny()), more, SORTED)
    known = load_guide(tmp_path / "own", lang)
    forgotten = load_guide(tmp_path / "own", tiny())
    assert not _like(known, forgotten, SORTED)  # "peaked" said something of it
    assert _like(known, forgotten, Task([example(True, output=False)], type=parse_type("bool -> bool")))
