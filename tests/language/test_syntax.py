"""Program text: what reads back, what is inferred, and the messages."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.errors import InputError, ParseError
from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Constant, Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.values.types import INT, STRING, Arrow, Type, TypeVariable, bitvec, list_of
from tests.strategies import programs, requests, tiny

TINY = tiny()
LIST = list_of(INT)


@given(st.data(), requests())
def test_parse_of_print_is_the_program(data: st.DataObject, request: Type) -> None:
    program = data.draw(programs(TINY, request))
    assert parse_program(str(program), TINY, request=request) == program
    assert parse_program(str(program), TINY, request=str(request)) == program


@given(st.data(), requests(), st.sampled_from(["a", "First name", "x1", "true", "b|c", "map", "(", "$0"]))
def test_it_does_so_with_names_of_inputs(data: st.DataObject, request: Type, name: str) -> None:
    program = data.draw(programs(TINY, request, depth=3))
    parameters = request.parameters if isinstance(request, Arrow) else ()
    inputs = tuple(Input(i, t, name + "'" * i) for i, t in enumerate(parameters))
    assert parse_program(_renamed(program, inputs), TINY, inputs=inputs, expected=program.type) == program


def _renamed(program: Program, inputs: tuple[Input, ...]) -> str:
    """The text of a program whose inputs have names."""
    from neurosynth.language.program import Apply, Lambda

    def walk(p: Program) -> Program:
        match p:
            case Input(index):
                return inputs[index]
            case Lambda(parameters, body):
                return Lambda(parameters, walk(body))
            case Apply(primitive, arguments):
                return Apply(primitive, tuple(map(walk, arguments)), p.type)
        return p

    return str(walk(program))


@pytest.mark.parametrize(
    ("text", "request_", "result"),
    [
        ("(map (lambda (a) (+ a 1)) x0)", "list int", "list int"),
        ("(map (lambda (a) (not a)) x0)", "list bool", "list bool"),
        ("(fold (lambda (a b) (if (= b x1) a 0)) 3 x0)", "list a, a", "int"),
        ("(take (head x0) (pair x1 true))", "list int, bool", "list bool"),
        ("(bvconcat x0 #x0f)", "bitvec 64", "bitvec 72"),
        ("(= (bvconcat x0 #x0f) #x001)", "bitvec 4", "bool"),
        ("(= (bvconcat x0 x0) #xffff)", "bitvec 8", "bool"),
        ("(= (bvconcat (bvnot x0) x1) (bvconcat #x00 x0))", "bitvec 64, bitvec 8", "bool"),
    ],
)
def test_types_of_inputs_are_inferred(text: str, request_: str, result: str) -> None:
    program = parse_program(text, TINY)
    found = {p.index: str(p.type) for p in program.subprograms() if isinstance(p, Input)}
    expected = [t.replace("a", "int") if t in ("a", "list a") else t for t in request_.split(", ")]
    assert [found[i] for i in sorted(found)] == expected
    assert str(program.type) == result
    assert str(program) == text


def test_sizes_are_fixed_in_the_primitive() -> None:
    program = parse_program("(bvconcat (bvnot x0) x1)", TINY, request="bitvec 3 -> bitvec 5 -> bitvec 8")
    assert program.primitive.sizes == {"n": 3, "m": 5}  # type: ignore[attr-defined]  # an Apply, as its text says
    assert program(0b101, 0b00001) == 0b01000001


@pytest.mark.parametrize(
    "text",
    [
        "(+ 1 2)",
        " ( +\n\t1 ; one\n 2 ) ; done",
        "(+ 1(+ 1 1))",
        "(zero)",
        r'(pair "a\"\\\n\t\r\u{41}" "")',
        "(= [[] [1 -2]] [])",
        "(map (lambda (x0) (+ x0 1)) x0)",
        "(map (lambda (a) (map (lambda (a) a) (pair a a))) x0)",
        "(map (lambda (a) $0) x0)",
    ],
)
def test_other_spellings_read_back_in_the_printed_form(text: str) -> None:
    program = parse_program(text, TINY)
    assert parse_program(str(program), TINY) == program


def test_the_innermost_parameter_wins() -> None:
    assert str(parse_program("(map (lambda (a) (fold (lambda (a b) a) a x0)) x0)", TINY)) == (
        "(map (lambda (a) (fold (lambda (b c) b) a x0)) x0)"
    )


def test_constants_tell_the_type_of_an_empty_list() -> None:
    empty = Constant((), list_of(STRING))
    text = "(= [] [])"
    assert parse_program(text, TINY).children[0].type == LIST
    assert parse_program(text, TINY, constants=[empty]).children == (empty, empty)
    assert parse_program("(= [1] [])", TINY, constants=[empty]).children[1].type == LIST


def test_nullary_polymorphic_primitives_take_the_type_they_are_used_at() -> None:
    nil = Primitive(name="nil", type=list_of(TypeVariable("a")), function=tuple)
    language = TINY.with_primitives([nil])
    assert parse_program("nil", language, request="list string").type == list_of(STRING)
    program = parse_program('(= nil (pair "a" "b"))', language)
    assert program.children[0].type == list_of(STRING)
    assert parse_program(str(program), language) == program


def test_indices_of_families_belong_to_the_name() -> None:
    def family(name: str) -> Primitive | None:
        match = re.fullmatch(r"extract (\d+) (\d+)", name)
        if match is None:
            return None
        high, low = int(match.group(1)), int(match.group(2))
        t = Arrow((bitvec("n"),), bitvec(high - low + 1))
        return Primitive(name=name, type=t, function=lambda a, *, n: a >> low & ((1 << high - low + 1) - 1))

    language = Language("bits", family=family)
    program = parse_program("(extract 7 4 (extract 15 0 x0))", language, request="bitvec 32 -> bitvec 4")
    assert str(program) == "(extract 7 4 (extract 15 0 x0))"
    assert list(program.tokens()) == ["extract 7 4", "extract 15 0", "x0"]
    assert program(0x1234_5678) == 0x7
    with pytest.raises(ParseError, match="no primitive is called extract"):
        parse_program("(extract 7 x0)", language)


def test_what_a_family_says_of_wrong_indices_is_passed_on() -> None:
    def family(name: str) -> Primitive | None:
        word, *indices = name.split(" ")
        if word != "plus":
            return None
        if len(indices) != 1:
            raise InputError(f"no operator {name!r}; allowed: plus i")
        return Primitive(name=name, type=Arrow((INT,), INT), function=lambda a: a + int(indices[0]))

    language = Language("indexed", family=family)
    assert parse_program("(plus 3 4)", language)() == 7
    with pytest.raises(ParseError, match=r"unknown name in language 'indexed', line 1(.*\n){3}  no operator"):
        parse_program("(plus x0)", language)


def test_what_is_expected_tells_types_too() -> None:
    assert parse_program("(head x0)", TINY, expected=STRING).children[0].type == list_of(STRING)


def test_a_request_must_have_as_many_inputs_as_are_named() -> None:
    with pytest.raises(InputError, match=r"type int -> int has 1 inputs, 2 are named \(a, b\)"):
        parse_program("a", TINY, request="int -> int", inputs=[Input(0, INT, "a"), Input(1, INT, "b")])


def test_deep_text_is_refused_before_it_outgrows_the_stack() -> None:
    with pytest.raises(ParseError, match="nested deeper than 150"):
        parse_program("(+ 1 " * 5000 + "1" + ")" * 5000, TINY)
    deep = parse_program("(+ 1 " * 150 + "1" + ")" * 150, TINY)
    assert deep(0) == 151
    assert parse_program(str(deep), TINY) == deep


@given(st.text(alphabet='()[]"\\; \nx01a+#b$|λ', max_size=20))
def test_any_text_is_a_program_or_a_parse_error(text: str) -> None:
    try:
        program = parse_program(text, TINY)
    except ParseError:
        return
    assert parse_program(str(program), TINY) == program


def test_the_wheel_holds_the_grammar(tmp_path: Path) -> None:
    build = pytest.importorskip("hatchling.builders.wheel")
    root = Path(__file__).resolve().parents[2]
    wheel = next(build.WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"]))
    assert "neurosynth/language/sexpr.lark" in zipfile.ZipFile(wheel).namelist()
