"""Programs as values: equality, hash, order, text."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable, literal, symbol
from neurosynth.language.syntax import parse_program
from neurosynth.values.types import BOOL, INT, STRING, Arrow, Type, TypeVariable, bitvec, list_of
from tests.strategies import ground_types, programs, requests, tiny

TINY = tiny()
LIST = list_of(INT)
ANY = requests().flatmap(lambda request: programs(TINY, request, depth=3))


def test_text_of_each_kind_of_node() -> None:
    plus, map_ = TINY["+"], TINY["map"]
    body = Apply(plus, (Variable(0, INT), Constant(1, INT)))
    program = Apply(map_, (Lambda((INT,), body), Input(0, LIST)))
    assert str(program) == "(map (lambda (a) (+ a 1)) x0)"
    assert list(program.tokens()) == ["map", "lambda", "+", "$0", "1", "x0"]
    assert (program.size, program.depth) == (6, 4)
    assert program.type == LIST


@pytest.mark.parametrize(
    ("value", "t", "text"),
    [
        (-3, INT, "-3"),
        (True, BOOL, "true"),
        ('a"\\\n\t\r', STRING, r'"a\"\\\n\t\r"'),
        ("\x00é\u2028", STRING, r'"\u{0}é\u{2028}"'),
        (255, bitvec(16), "#x00ff"),
        (5, bitvec(3), "#b101"),
        ((1, 2), LIST, "[1 2]"),
        ((), LIST, "[]"),
        ((("a",), ()), list_of(list_of(STRING)), '[["a"] []]'),
    ],
)
def test_literals(value: object, t: Type, text: str) -> None:
    assert literal(value, t) == text
    assert str(Constant(value, t)) == text


def test_names_that_would_not_read_back_stand_between_bars() -> None:
    assert [symbol(n) for n in ("x", "first-name", "First name", "3", "true", "#1", "a|b")] == [
        "x",
        "first-name",
        "|First name|",
        "|3|",
        "|true|",
        "|#1|",
        r"|a\|b|",
    ]


def test_lambda_parameters_avoid_the_names_of_inputs() -> None:
    inputs = (Input(0, INT, "a"), Input(1, LIST, "c"))
    body = Apply(TINY["+"], (Variable(0, INT), inputs[0]))
    program = Apply(TINY["map"], (Lambda((INT,), body), inputs[1]))
    assert str(program) == "(map (lambda (b) (+ b a)) c)"
    assert parse_program(str(program), TINY, inputs=inputs) == program


def test_deep_lambdas_have_names_without_end() -> None:
    inner: Program = Variable(29, INT)
    program = reduce(lambda body, _: Apply(TINY["map"], (Lambda((INT,), body), Constant((1,), LIST))), range(0), inner)
    wide = Lambda((INT,) * 30, program)
    assert str(wide).startswith("(lambda (a b c d e f g h i j k l m n o p q r s t u v w a1 b1 c1 d1 e1 f1 g1) a)")


def test_lists_in_constants_become_tuples() -> None:
    assert Constant([[1], []], list_of(LIST)).value == ((1,), ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Constant(1, INT), Constant(True, BOOL)),
        (Constant((), LIST), Constant((), list_of(STRING))),
        (Input(0, INT), Input(0, BOOL)),
        (Input(0, INT), Input(1, INT)),
        (Variable(0, INT), Variable(1, INT)),
        (Lambda((INT,), Constant(1, INT)), Lambda((BOOL,), Constant(1, INT))),
        (Apply(TINY["zero"], ()), Constant(0, INT)),
    ],
)
def test_programs_that_differ_are_ordered(one: Program, other: Program) -> None:
    assert one != other
    assert (one < other) != (other < one)


def test_a_nullary_polymorphic_primitive_is_told_apart_by_its_type() -> None:
    nil = Primitive(name="nil", type=list_of(TypeVariable("a")), function=tuple)
    ints, texts = Apply(nil, (), LIST), Apply(nil, (), list_of(STRING))
    assert ints != texts
    assert (ints < texts) != (texts < ints)


def test_names_of_inputs_are_not_compared() -> None:
    one, other = Input(0, INT, "first"), Input(0, INT)
    assert one == other
    assert hash(one) == hash(other)
    assert not one < other
    assert not other < one


def test_instances_and_generic_primitives_make_equal_programs() -> None:
    x = Input(0, LIST)
    generic = Apply(TINY["head"], (x,))
    instance = Apply(TINY["head"].at({"a": INT}), (x,))
    assert generic == instance
    assert hash(generic) == hash(instance)


@given(st.lists(ANY, min_size=2, max_size=3))
def test_the_order_is_total_and_agrees_with_equality(some: list[Program]) -> None:
    a, b, *rest = some
    assert (a < b) + (b < a) + (a == b) == 1
    assert (a <= b) == (a < b or a == b)
    if a == b:
        assert hash(a) == hash(b)
    for c in rest:
        if a <= b and b <= c:
            assert a <= c
    ordered = sorted(some)
    assert [p.size for p in ordered] == sorted(p.size for p in some)
    some.reverse()
    assert sorted(some) == ordered


@given(ANY)
def test_size_depth_and_tokens_agree_with_the_tree(program: Program) -> None:
    nodes = list(program.subprograms())
    assert program.size == len(nodes) == len(list(program.tokens()))
    assert 1 <= program.depth <= program.size


def test_application_checks_its_arguments() -> None:
    with pytest.raises(InputError, match=r"argument 1 of take is int; x0 is list int"):
        Apply(TINY["take"], (Input(0, LIST), Constant(2, INT)))
    with pytest.raises(InputError, match="takes 2 arguments, not 1"):
        Apply(TINY["take"], (Input(0, LIST),))


def test_types_without_literals_are_refused() -> None:
    with pytest.raises(InputError, match=r"values of type int -> int can be neither written nor generated; allowed"):
        literal(abs, Arrow((INT,), INT))


@given(ground_types())
def test_every_input_prints_its_name(t: Type) -> None:
    assert str(Input(3, t)) == "x3"
    assert str(Input(3, t, "ys")) == "ys"


def test_a_program_is_callable() -> None:
    assert Apply(TINY["+"], (Input(0, INT), Constant(1, INT)))(4) == 5
