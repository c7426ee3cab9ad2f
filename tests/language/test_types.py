"""Types: one printed form that parses back, matching, substitution, messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.errors import TypeSyntaxError
from neurosynth.values.types import (
    BOOL,
    INT,
    STRING,
    Arrow,
    Size,
    Type,
    TypeVariable,
    bitvec,
    is_ground,
    list_of,
    parse_type,
    substitute,
    type_variables,
    unify,
)
from tests.strategies import ground_types, types

A, B = TypeVariable("a"), TypeVariable("b")

TEXTS = {
    "int": INT,
    "list int": list_of(INT),
    "list (list bool)": list_of(list_of(BOOL)),
    "bitvec 64": bitvec(64),
    "bitvec n+m": bitvec("n+m"),
    "int -> list a -> list a": Arrow((INT, list_of(A)), list_of(A)),
    "(a -> b) -> list a -> list b": Arrow((Arrow((A,), B), list_of(A)), list_of(B)),
    "(b -> a -> b) -> b -> list a -> b": Arrow((Arrow((B, A), B), B, list_of(A)), B),
    "list (int -> bool)": list_of(Arrow((INT,), BOOL)),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_reads_and_prints(text: str, expected: Type) -> None:
    assert parse_type(text) == expected
    assert str(expected) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("((int))", INT), ("list list int", list_of(list_of(INT))), (" int->int ", Arrow((INT,), INT))],
)
def test_reads_other_spellings(text: str, expected: Type) -> None:
    assert parse_type(text) == expected


def test_an_arrow_on_the_right_is_one_arrow() -> None:
    assert parse_type("int -> (bool -> string)") == Arrow((INT, BOOL), STRING)


@given(types())
def test_parse_of_print_is_the_type(t: Type) -> None:
    assert parse_type(str(t)) == t


@pytest.mark.parametrize(
    ("text", "column", "part"),
    [
        ("", 1, "a type"),
        ("lisst int", 1, "did you mean list?"),
        ("int -> strng", 8, "did you mean string?"),
        ("list", 5, "a type"),
        ("bitvec", 7, "a width"),
        ("(int", 5, "')'"),
        ("int int", 5, "'->' or the end"),
        ("int -> ", 8, "a type"),
        ("int ? int", 4, "a type name"),
    ],
)
def test_says_where_text_is_no_type(text: str, column: int, part: str) -> None:
    with pytest.raises(TypeSyntaxError) as caught:
        parse_type(text)
    assert caught.value.column == column
    assert part in str(caught.value)
    assert f"column {column}" in str(caught.value)


def test_unify_binds_types_and_sizes() -> None:
    bindings: dict[str, Type | int] = {}
    assert unify(parse_type("(a -> b) -> list a"), parse_type("(int -> bool) -> list int"), bindings)
    assert bindings == {"a": INT, "b": BOOL}
    sizes: dict[str, Type | int] = {}
    assert unify(bitvec("n"), bitvec(8), sizes)
    assert sizes == {"n": 8}
    assert unify(bitvec("n+4"), bitvec(12), sizes)
    assert not unify(bitvec("n+4"), bitvec(13), sizes)


@pytest.mark.parametrize(
    ("pattern", "target"),
    [("a -> a", "int -> bool"), ("list a", "int"), ("int -> int", "int -> int -> int"), ("bitvec 8", "bitvec 9")],
)
def test_unify_refuses(pattern: str, target: str) -> None:
    assert not unify(parse_type(pattern), parse_type(target), {})


@given(types(), st.lists(ground_types(), min_size=3, max_size=3), st.integers(1, 70), st.integers(1, 70))
def test_a_ground_instance_matches_and_gives_itself_back(t: Type, grounds: list[Type], n: int, m: int) -> None:
    known: dict[str, Type | int] = {**dict(zip("abc", grounds, strict=True)), "n": n, "m": m}
    instance = substitute(t, known)
    assert is_ground(instance)
    if "+" not in str(t):  # a sum of sizes cannot be taken apart
        bindings: dict[str, Type | int] = {}
        assert unify(t, instance, bindings)
        assert substitute(t, bindings) == instance
        assert bindings == {name: known[name] for name in type_variables(t)}


def test_substitution_flattens_a_function_that_becomes_the_result() -> None:
    assert substitute(Arrow((A,), B), {"b": Arrow((INT,), BOOL)}) == Arrow((A, INT), BOOL)


def test_variables_come_once_in_order() -> None:
    assert list(type_variables(parse_type("(b -> a) -> bitvec n+m -> list b"))) == ["b", "a", "n", "m"]


def test_a_size_becomes_a_number_when_all_parts_are_known() -> None:
    assert Size("n+m").bind({"n": 3}) == Size("3+m")
    assert Size("n+m").bind({"n": 3, "m": 5}) == Size("8")
    assert Size("8").value == 8
    assert Size("n").value is None
