"""Macros: bodies of the most general type, writing them out, and rewriting programs with them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neurosynth_dsls.lists import lists
from neurosynth_dsls.little import little

from neurosynth.errors import InputError
from neurosynth.language.calls import with_calls
from neurosynth.language.evaluate import evaluate
from neurosynth.language.generalise import parse_body
from neurosynth.language.macros import macro, rewritten, uses, written_out
from neurosynth.language.primitive import Primitive
from neurosynth.language.syntax import parse_program


def made(name: str, text: str) -> Primitive:
    body, t = parse_body(text, lists)
    return macro(name, t, body)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("(last (sort x0))", "list int -> int"),
        ("(append x0 (reverse x0))", "list a -> list a"),
        ("(map x0 (filter x1 x2))", "(a -> b) -> (a -> bool) -> list a -> list b"),
        ("(map (lambda (a) (+ a x0)) x1)", "int -> list int -> list int"),
        ("(take x0 (drop x0 x1))", "int -> list a -> list a"),
        ("(if x0 x1 [])", "bool -> list int -> list int"),
    ],
)
def test_a_body_has_its_most_general_type(text: str, type_: str) -> None:
    body, t = parse_body(text, lists)
    assert (str(body), str(t)) == (text, type_)


@pytest.mark.parametrize(
    ("text", "declared", "message"),
    [
        ("(take 2 x1)", None, "reads x1; allowed: x0, x1 … without a gap"),
        ("(sort x0)", "list bool -> list bool", "is list int -> list int; the type given is list bool -> list bool"),
        ("(append x0 x1)", "list a -> list b -> list a", "the type given is list a -> list b -> list a"),
        ("(srot x0)", None, "did you mean sort"),
    ],
)
def test_nonsense_is_refused(text: str, declared: str | None, message: str) -> None:
    with pytest.raises(InputError) as error:
        parse_body(text, lists, declared)
    assert message in str(error.value)


def test_a_declared_type_may_be_narrower() -> None:
    body, t = parse_body("(append x0 (reverse x0))", lists, "list int -> list int")
    assert str(t) == "list int -> list int"
    assert {str(p.type) for p in body.subprograms()} == {"list int"}


MACROS = [
    made("map_add", "(map (lambda (a) (+ a x0)) x1)"),
    made("mirror", "(append x0 (reverse x0))"),
    made("largest", "(last (sort x0))"),
    made("twice", "(map x0 (map x0 x1))"),
    made("next", "(+ x0 1)"),
]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(map (lambda (b) (+ b (length x0))) x0)", "(map_add (length x0) x0)"),
        ("(map (lambda (a) (+ a a)) x0)", "(map (lambda (a) (+ a a)) x0)"),  # the hole would read the lambda's variable
        ("(append (sort x0) (reverse (sort x0)))", "(mirror (sort x0))"),
        ("(append x0 (reverse (sort x0)))", "(append x0 (reverse (sort x0)))"),
        ("(map (lambda (a) (* a a)) (map (lambda (a) (* a a)) x0))", "(twice (lambda (a) (* a a)) x0)"),
        ("(filter (lambda (a) (< (+ a 1) (last (sort x0)))) x0)", "(filter (lambda (a) (< (next a) (largest x0))) x0)"),
    ],
)
def test_rewriting_finds_bodies_and_writing_out_undoes_it(before: str, after: str) -> None:
    program = parse_program(before, lists, request="list int -> list int")
    found = rewritten(program, MACROS)
    assert str(found) == after
    assert written_out(found) == program
    assert evaluate(found, [[3, 1, 2]]) == evaluate(program, [[3, 1, 2]])


def test_writing_out_can_keep_some() -> None:
    larger = lists.with_primitives(MACROS)
    program = parse_program("(mirror (map_add 1 x0))", larger, request="list int -> list int")
    kept = written_out(program, lambda p: p.name == "mirror")
    assert str(kept) == "(mirror (map (lambda (a) (+ a 1)) x0))"
    assert (uses(program, "mirror"), uses(kept, "map_add")) == (1, 0)


def test_an_instance_of_a_macro_has_the_types_in_its_body() -> None:
    instance = MACROS[1].at({"a": parse_program("1", lists).type})
    assert {str(p.type) for p in instance.macro.subprograms()} == {"list int"}


PIECES = st.recursive(
    st.sampled_from(["x0", "(sort x0)", "(take 2 x0)"]),
    lambda inner: st.one_of(
        inner.map(lambda p: f"(append {p} (reverse {p}))"),
        inner.map(lambda p: f"(map (lambda (a) (+ a 1)) {p})"),
        st.tuples(inner, inner).map(lambda p: f"(append {p[0]} (map (lambda (a) (+ a (last (sort {p[1]})))) x0))"),
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(PIECES)
def test_law_writing_out_undoes_rewriting(text: str) -> None:
    program = parse_program(text, lists, request="list int -> list int")
    found = rewritten(program, MACROS)
    assert written_out(found) == program
    assert found.size <= program.size


MAPPED = "(rec_list x0 empty (lambda (a b c) (cons (call x1 a) c)))"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(rec_list x0 empty (lambda (h t r) (cons (+ h 1) r)))", "(mapped x0 (lambda (a) (+ a 1)))"),
        # of no variable, and of one in another function
        ("(rec_list x0 empty (lambda (h t r) (cons 0 r)))", "(mapped x0 (lambda (a) 0))"),
        (
            "(rec_list x0 empty (lambda (h t r) (cons (rec_list x0 h (lambda (a b c) (+ a h))) r)))",
            "(mapped x0 (lambda (a) (rec_list x0 a (lambda (b c d) (+ b a)))))",
        ),
        # inside the function of another
        (
            "(rec_nat 2 x0 (lambda (n r) (rec_list r empty (lambda (h t s) (cons (+ h n) s)))))",
            "(rec_nat 2 x0 (lambda (a b) (mapped b (lambda (c) (+ c a)))))",
        ),
        # what stands there reads a variable that is not handed on
        (
            "(rec_list x0 empty (lambda (h t r) (cons (car t) r)))",
            "(rec_list x0 empty (lambda (a b c) (cons (car b) c)))",
        ),
    ],
)
def test_functions_are_found_where_a_body_calls_them(before: str, after: str) -> None:
    body, t = parse_body(MAPPED, with_calls(little))
    program = parse_program(before, little, request="list int -> list int")
    found = rewritten(program, [macro("mapped", t, body)])
    assert str(found) == after
    assert written_out(found) == program
    assert evaluate(found, [[3, 1, 2]]) == evaluate(program, [[3, 1, 2]])
