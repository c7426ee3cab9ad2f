"""Exporters: exported Python does what the program does, standing alone."""

from __future__ import annotations

import functools
import json
import math
import operator
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.export.base import ExportError
from neurosynth.export.json import JsonExporter
from neurosynth.export.python import PythonExporter, identifier
from neurosynth.export.text import SmtlibExporter, TextExporter
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.language.syntax import parse_program
from neurosynth.plugins import available, load
from neurosynth.result import exported
from neurosynth.synthesize import load_language
from neurosynth.tasks.task import Task, example
from neurosynth.values.frozen import freeze, typed_key
from neurosynth.values.registry import domain_of, is_known
from neurosynth.values.types import BOOL, Arrow, Size, Type, TypeConstructor, TypeVariable, parse_type, substitute
from neurosynth.values.types import type_variables as variables

WIDTH = 8
LANGUAGES = ("lists", "strings", "bitvectors")


def compiled(code: str) -> Any:
    """The function exported code defines, in an empty module."""
    space: dict[str, Any] = {}
    exec(compile(code, "<exported>", "exec"), space)
    return space["program"]


def agree(program: Program, inputs: tuple[Any, ...], code: str) -> None:
    """Exported code gives the program's value wherever it has one."""
    wanted = Evaluator().run(program, freeze(inputs))
    if wanted is UNDEFINED:
        return
    found = compiled(code)(*[list(v) if isinstance(v, tuple) else v for v in inputs])
    assert typed_key(freeze(found)) == typed_key(wanted), code


def values(t: Type) -> st.SearchStrategy[Any]:
    """Values of a ground type, small so that positions and counts hit."""
    match t:
        case TypeConstructor("int"):
            return st.integers(-3, 6)
        case TypeConstructor("bool"):
            return st.booleans()
        case TypeConstructor("string"):
            return st.text("aB 1,.é", max_size=6)
        case TypeConstructor("bitvec", (Size(width),)):
            return st.integers(0, (1 << int(width)) - 1)
        case TypeConstructor("list", (TypeConstructor() as element,)):
            return st.lists(values(element), max_size=4)
        case TypeConstructor() if is_known(t):  # of a type that the language brings
            return st.sampled_from(domain_of(t).probes)
    raise AssertionError(t)


def instance(primitive: Primitive) -> Primitive:
    """With type variables as int and widths as 8."""
    names = list(variables(primitive.type))
    sizes = {n for a in (*primitive.parameters, primitive.result) for n in sizes_of(a)}
    bindings: dict[str, Type | int] = {n: WIDTH if n in sizes else parse_type("int") for n in names}
    return primitive.at(bindings)


def sizes_of(t: Type | Size) -> list[str]:
    """Names of width variables."""
    match t:
        case Size():
            return list(variables(t))
        case TypeConstructor(_, arguments):
            return [n for a in arguments for n in sizes_of(a)]
        case Arrow(parameters, result):
            return [n for a in (*parameters, result) for n in sizes_of(a)]
    return []


def a_function(t: Arrow) -> Lambda:
    """Some lambda of a type over words."""
    lists = load_language("lists")
    parameters = t.parameters
    first: Program = Variable(len(parameters) - 1, parameters[0])
    if t.result == BOOL:
        return Lambda(parameters, Apply(lists["even"], (first,)))
    last = Variable(0, parameters[-1])
    return Lambda(parameters, Apply(lists["-"], (first, Apply(lists["*"], (last, Constant(2, parse_type("int")))))))


PRIMITIVES = [(name, p) for name in LANGUAGES for p in load_language(name).primitives]


@pytest.mark.parametrize(("language", "name"), PRIMITIVES, ids=[f"{n}-{p}" for n, p in PRIMITIVES])
def test_every_primitive_is_exported(language: str, name: str) -> None:
    primitive = instance(load_language(language)[name])
    inputs = [Input(i, t) for i, t in enumerate(primitive.parameters)]
    arguments = [a_function(i.type) if isinstance(i.type, Arrow) else i for i in inputs]
    program = Apply(primitive, tuple(arguments), substitute(primitive.result, {}))
    code = PythonExporter().export(program)
    assert "neurosynth" not in code
    plain = tuple(st.just(None) if isinstance(i.type, Arrow) else values(i.type) for i in inputs)

    @settings(max_examples=20, deadline=None, database=None)
    @given(st.tuples(*plain))
    def check(drawn: tuple[Any, ...]) -> None:
        read = [v for i, v in zip(inputs, drawn, strict=True) if not isinstance(i.type, Arrow)]
        wanted = Evaluator().run(program, freeze(drawn))
        if wanted is not UNDEFINED:
            assert typed_key(freeze(compiled(code)(*read))) == typed_key(wanted)

    check()


PROGRAMS = [
    # language, request, program
    ("lists", "list int -> int", "(sum (map (lambda (a) (* a 2)) (filter (lambda (a) (even a)) x0)))"),
    ("lists", "list int -> int", "(if (is_empty x0) 0 (fold (lambda (a b) (+ a b)) 0 (tail (sort (unique x0)))))"),
    ("lists", "int -> list int -> list int", "(map (lambda (a) (+ a x0)) (take x0 x1))"),
    ("lists", "list (list int) -> list (list int)", "(unique (map (lambda (a) (reverse a)) x0))"),
    ("lists", "list (list int) -> list int", "(flatten (map (lambda (a) (map (lambda (b) (- b 1)) a)) x0))"),
    ("lists", "int -> int", "(- (- x0 1) (- 1 x0))"),
    ("strings", "string -> string", '(str.++ (str.substr x0 0 (str.indexof x0 " " 0)) (str.++ "-" (str.at x0 1)))'),
    ("strings", "string -> int", '(ite (str.contains x0 "a") (str.len (str.++ x0 "\\n\\"")) (- 0 1))'),
    ("strings", "string -> string", '(ite (not (= x0 "")) (str.replace x0 "a" "é") (int.to.str (str.to.int x0)))'),
    ("bitvectors", "bitvec 8 -> bitvec 8", "(bvadd (bvmul x0 #x0f) (bvsdiv (bvnot x0) #x03))"),
    ("bitvectors", "bitvec 8 -> bool", "(bvult (bvshl x0 #x01) (ite (= x0 #xff) #x10 (bvlshr x0 #x02)))"),
    ("bitvectors", "bitvec 8 -> bitvec 4", "(extract 7 4 x0)"),
]


@pytest.mark.parametrize(("language", "request_type", "text"), PROGRAMS, ids=[row[2] for row in PROGRAMS])
def test_exported_python_does_what_the_program_does(language: str, request_type: str, text: str) -> None:
    program = parse_program(text, load_language(language), request=request_type)
    request = parse_type(request_type)
    assert isinstance(request, Arrow)
    code = PythonExporter().export(program)

    @settings(max_examples=30, deadline=None, database=None)
    @given(st.tuples(*(values(p) for p in request.parameters)))
    def check(inputs: tuple[Any, ...]) -> None:
        if all(i.index < len(inputs) for i in program.subprograms() if isinstance(i, Input)):
            agree(program, inputs, code)

    check()


def test_python_reads_well() -> None:
    task = Task([example([1, 2], output=[3, 5])], input_names=["full name"], type=parse_type("list int -> list int"))
    lists = load_language("lists")
    program = parse_program("(map (lambda (a) (+ (* a 2) 1)) |full name|)", lists, inputs=task.inputs)
    assert PythonExporter().export(program, task) == (
        "def program(full_name: list[int]) -> list[int]:\n"
        "    # (map (lambda (a) (+ (* a 2) 1)) |full name|)\n"
        "    return list(map(lambda a: a * 2 + 1, full_name))\n"
    )


@functools.lru_cache(maxsize=8)
def remembered(n: int) -> int:
    return 2 * n


def test_what_remembers_its_results_is_taken_along() -> None:
    own = Language("own")

    @own.primitive
    def fourfold(n: int) -> int:
        """Four times as much."""
        return 2 * remembered(n)

    code = PythonExporter().export(Apply(own["fourfold"], (Input(0, parse_type("int")),)))
    assert "@lru_cache(maxsize=8)" in code
    assert compiled(code)(3) == 12


def test_numbers_beside_lists_of_lists_are_written_as_ever() -> None:
    columns = load_language("columns")
    own = Language("own")

    @own.primitive
    def parts(text: str) -> list[list[str]]:
        """The words of each line."""
        return [line.split() for line in text.splitlines()]

    @own.primitive
    def count(lines: list[list[str]], size: Decimal) -> int:
        """Lines that have as many words."""
        return sum(len(line) == size for line in lines)

    text = Input(0, parse_type("string"))
    read = Apply(columns["decimal.parse"], (Constant("0.*", parse_type("string")), text))
    code = PythonExporter().export(Apply(own["count"], (Apply(own["parts"], (text,)), read)))
    assert compiled(code)("1") == 1


def test_long_programs_get_a_line_a_step_and_conditionals_stay_lazy() -> None:
    lists = load_language("lists")
    deep = "(sum (map (lambda (a) (* a 2)) (filter (lambda (a) (even a)) (map (lambda (a) (+ a 1)) x0))))"
    program = parse_program(f"(if (is_empty x0) 0 (+ (head x0) {deep}))", lists, request="list int -> int")
    code = PythonExporter().export(program)
    assert compiled(code)([]) == 0
    steps = PythonExporter().export(parse_program(deep, lists, request="list int -> int"))
    assert "step1 = " in steps
    assert compiled(steps)([1, 2, 3]) == 12
    assert max(map(len, steps.split("\n"))) <= 110


@pytest.mark.parametrize(
    ("name", "expected"),
    [("full name", "full_name"), ("1st", "x1st"), ("class", "class_"), ("", "x"), ("größe", "größe"), ("a-b!", "a_b")],
)
def test_input_names_become_identifiers(name: str, expected: str) -> None:
    assert identifier(name) == expected


@pytest.mark.parametrize("name", ["sum", "program", "map_", "frozen", "a"])
def test_input_names_hide_nothing(name: str) -> None:
    lists = load_language("lists")
    inputs = [Input(0, parse_type("list int"), name)]
    program = parse_program(f"(sum (takewhile (lambda (b) (> b 0)) {name}))", lists, inputs=inputs)
    assert compiled(PythonExporter().export(program))([1, 2, 0, 5]) == 3


OFFSET = 3
TABLE = {"a": 1, "b": 2}
WORD = re.compile(r"\w+", re.ASCII)


def helper(n: int, *, by: int = OFFSET) -> int:
    """A helper that calls itself."""
    return helper(n + 1, by=by - 1) if by > 0 else n


def scaled(factor: int) -> Callable[[int], int]:
    """A function with a closure."""

    def scale(n: int) -> int:
        """Times a number from outside."""
        total: int = n * factor
        return total

    return scale


def own_language() -> Language:
    """A stranger's language, with everything a function can name."""
    lang = Language("own")

    @lang.primitive
    def busy(n: int) -> int:
        """Uses helpers, constants, imports and builtins."""
        found = WORD.findall("x " * abs(n))
        return helper(n) + OFFSET + len(found) + TABLE["a"] + math.gcd(n, 6) + functools.reduce(operator.add, [n, 1])

    lang.add(Primitive(name="double", type=parse_type("int -> int"), function=scaled(2)))
    lang.add(Primitive(name="triple", type=parse_type("int -> int"), function=scaled(3)))
    lang.add(Primitive(name="lambda", type=parse_type("int -> int"), function=lambda n: n + OFFSET))
    lang.add(Primitive(name="gcd", type=parse_type("int -> int -> int"), function=math.gcd))
    lang.add(Primitive(name="upper", type=parse_type("string -> string"), function=str.upper))
    return lang


@pytest.mark.parametrize(
    ("text", "value"), [("(busy (double (triple x0)))", 4), ("(gcd (lambda x0) (double x0))", 7), ("(double x0)", -1)]
)
def test_the_source_of_a_strangers_primitive_comes_along(text: str, value: int) -> None:
    lang = own_language()
    program = _parse(lang, text)
    code = PythonExporter().export(program)
    assert compiled(code)(value) == program(value)
    assert "@" not in code


def _parse(lang: Language, text: str) -> Program:
    """Prefix text of unary and binary primitives over x0; ``lambda`` is a name here, not syntax."""
    words = text.replace("(", " ").replace(")", " ").split()

    def read() -> Program:
        word = words.pop(0)
        if word == "x0":
            return Input(0, parse_type("int"))
        return Apply(lang[word], tuple(read() for _ in range(lang[word].arity)))

    return read()


def test_a_builtin_method_is_called_by_its_name() -> None:
    code = PythonExporter().export(Apply(own_language()["upper"], (Input(0, parse_type("string")),)))
    assert code.endswith("return str.upper(x0)\n")


def test_macros_become_functions() -> None:
    lists = load_language("lists")
    body = parse_program("(* x0 x0)", lists, request="int -> int")
    square = Primitive(name="my-square", type=parse_type("int -> int"), function=lambda n: n * n, macro=body)
    code = PythonExporter().export(Apply(square, (Apply(square, (Input(0, parse_type("int")),)),)))
    assert "def my_square(x0):\n    return x0 * x0" in code
    assert compiled(code)(3) == 81


def test_source_that_cannot_be_had_is_an_error_with_a_remedy() -> None:
    space: dict[str, Any] = {}
    exec("def ghost(n): return n", space)
    ghost = Primitive(name="ghost", type=parse_type("int -> int"), function=space["ghost"])
    with pytest.raises(ExportError, match=r"source of .*ghost is not available; give the primitive a python= template"):
        PythonExporter().export(Apply(ghost, (Input(0, parse_type("int")),)))


@pytest.mark.parametrize("template", ["{2}", "{n}", "{"])
def test_a_template_that_cannot_be_filled_is_named(template: str) -> None:
    wrong = Primitive(name="wrong", type=parse_type("int -> int"), function=abs, python=template)
    with pytest.raises(ExportError, match="template of wrong"):
        PythonExporter().export(Apply(wrong, (Input(0, parse_type("int")),)))


def test_a_template_that_lies_is_not_handed_out() -> None:
    lying = Primitive(name="lying", type=parse_type("int -> int"), function=abs, python="-{0}")
    program = Apply(lying, (Input(0, parse_type("int")),))
    code = PythonExporter().export(program, Task([example(3, output=3)]))
    assert compiled(code)(3) == 3  # the function's own, since the template gave -3


def test_a_name_that_is_no_function_name_is_refused() -> None:
    with pytest.raises(ExportError, match="not a name of a Python"):
        PythonExporter(function="two words")


def test_what_smtlib_cannot_express_is_refused_without_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    task = Task([example([1, 2], output=3), example([4], output=4)])
    program = parse_program("(sum x0)", load_language("lists"), inputs=task.inputs)
    with pytest.raises(ExportError, match="no operator for primitive 'sum'; export the program as python or json"):
        SmtlibExporter().export(program, task)
    assert exported(program, task, "smtlib") is None
    assert caplog.records == []


def test_json_text_and_smtlib() -> None:
    task = Task([example("ab", output="abab")], name="twice")
    program = parse_program("(str.++ x0 x0)", load_language("strings"), inputs=task.inputs)
    assert TextExporter().export(program) == "(str.++ x0 x0)"
    assert json.loads(JsonExporter().export(program, task)) == {
        "text": "(str.++ x0 x0)",
        "type": "string",
        "size": 3,
        "depth": 2,
        "tokens": ["str.++", "x0", "x0"],
        "inputs": {"x0": "string"},
    }
    assert SmtlibExporter().export(program, task).startswith("(define-fun ")
    with pytest.raises(ExportError, match="needs the task"):
        SmtlibExporter().export(program)


def test_exporters_are_plugins() -> None:
    assert list(available("exporters")) == ["excel", "json", "pandas", "polars", "python", "smtlib", "sql", "text"]
    for name in available("exporters"):
        assert load("exporters", name)().name == name


def test_type_variables_have_no_values_here() -> None:
    with pytest.raises(AssertionError):
        values(TypeVariable("a"))
