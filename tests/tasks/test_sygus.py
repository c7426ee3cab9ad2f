"""SyGuS-IF in: syntax, sorts, grammars, macros, constraints, in both versions."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.errors import ParseError
from neurosynth.language.grammar import Production, Unit
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Constant
from neurosynth.tasks import Task, read_sygus
from neurosynth.tasks.sygus_syntax import SygusText, literal_text, literal_value
from neurosynth.values.types import BOOL, INT, STRING, bitvec

V1 = """; a comment (with a parenthesis
(set-logic SLIA)
(synth-fun f ((name String)) String
    ((ntInt Int (0 -1 (- 1) (+ ntInt ntInt) (str.to.int Start)))
     (Start String (name "a ""b"" ; c" (str.++ Start Start) (str.at Start ntInt) (str.++ Start Start)))))
(declare-var x String)
(constraint (= (f "x") "y"))
(constraint (= "b" (f "a")))
(check-synth)
"""

V2 = """(set-info :source |any
thing|)
(set-option :sygus-out status)
(set-feature :grammars true)
(set-logic BV)
(define-sort Word () (_ BitVec 8))
(define-fun one () Word #x01)
(define-fun twice ((x Word)) Word (bvadd x x))
(define-fun next ((x Word)) Word (let ((y (twice x))) (bvadd y one)))
(define-fun odd ((x Word)) Bool (= ((_ extract 0 0) x) #b1))
(define-fun unused ((x Real)) Real x)
(synth-fun |my f| ((a Word) (b Word) (c Bool)) Word
    ((S Word) (B Bool) (C Bool))
    ((S Word ((Variable Word) one (next S) (bvadd S (bvadd one #x02)) (bvadd S (bvadd one #x02) S) (ite B S S)))
     (B Bool (C (Constant Bool) (odd S)))
     (C Bool (B c))))
(constraint (and (= (|my f| #x01 #b00000010 true) (_ bv3 8)) (= (|my f| #x01 #x01 false) #x02)))
(check-synth)
"""


def _grammar_text(task: Task) -> str:
    assert task.grammar is not None
    return str(task.grammar)


def test_version_1_strings() -> None:
    task = read_sygus(V1, "folder/name.sl")
    assert (task.name, task.language, str(task.type)) == ("name", "strings", "string -> string")
    assert task.input_names == ("name",)
    assert [str(e) for e in task.examples] == ['"x" → "y"', '"a" → "b"']
    # Start is the start symbol wherever it stands; productions that are there twice appear once.
    assert _grammar_text(task).splitlines() == [
        'Start : string  →  name | "a \\"b\\" ; c" | (str.++ Start Start) | (str.at Start ntInt)',
        "ntInt : int  →  0 | -1 | (+ ntInt ntInt) | (str.to.int Start)",
    ]
    assert task.extra == {"logic": "SLIA", "function": "f", "sygus": {"version": 1, "define_funs": []}}


@pytest.mark.parametrize(("old", "new"), [("str.to.int", "str.to_int"), ("-1", "(- 1)")])
def test_both_spellings_are_the_same_task(old: str, new: str) -> None:
    assert _grammar_text(read_sygus(V1.replace(old, new), "t.sl")) == _grammar_text(read_sygus(V1, "t.sl"))


def test_version_2_bit_vectors() -> None:
    task = read_sygus(V2, "t.sl")
    assert str(task.type) == "bitvec 8 -> bitvec 8 -> bool -> bitvec 8"
    assert [str(e) for e in task.examples] == ["1, 2, true → 3", "1, 1, false → 2"]
    assert task.language == "bitvectors"
    assert task.extra["function"] == "my f"
    assert task.extra["sygus"]["version"] == 2
    assert task.extra["sygus"]["define_funs"][1] == "(define-fun twice ((x Word)) Word (bvadd x x))"
    assert _grammar_text(task).splitlines() == [
        "S : bitvec 8  →  a | b | one | (next S) | (bvadd S S.3) | (bvadd S.4 S) | (ite B S S)",
        "S.3 : bitvec 8  →  (bvadd S.1 S.2)",
        "S.4 : bitvec 8  →  (bvadd S S.3)",
        "B : bool  →  C | true | false | (odd S)",
        "C : bool  →  B | c",
        "S.1 : bitvec 8  →  one",
        "S.2 : bitvec 8  →  #x02",
    ]


def test_sizes_and_types_are_fixed_where_the_production_is() -> None:
    task = read_sygus(V2, "t.sl")
    assert task.grammar is not None
    heads = {str(p): p.head for p in task.grammar.productions}
    assert str(heads["S → (bvadd S S.3)"]) == "bvadd : bitvec 8 -> bitvec 8 -> bitvec 8"
    assert str(heads["S → (ite B S S)"]) == "ite : bool -> bitvec 8 -> bitvec 8 -> bitvec 8"


def test_macros_are_primitives_that_compute() -> None:
    task = read_sygus(V2, "t.sl")
    assert task.grammar is not None
    program = next(iter(task.grammar.enumerate(2)))
    assert str(program) == "(next a)"
    assert program(3, 0, False) == 7
    macro = next(p.head for p in task.grammar.productions if str(p) == "S → (next S)")
    assert str(macro.macro) == "(bvadd (twice x) one)"  # type: ignore[union-attr]  # it is a primitive
    assert macro.function(255) == 255  # type: ignore[union-attr]


def test_a_macro_is_undefined_where_its_body_is() -> None:
    lang = Language("strings")

    @lang.primitive(raises=(ZeroDivisionError,))
    def div(a: int, b: int) -> int:
        """a by b."""
        return a // b

    text = """(set-logic LIA) (define-fun inverse ((x Int)) Int (div 1 x))
    (synth-fun f ((x Int)) Int ((S Int (x (inverse S))))) (constraint (= (f 1) 1))"""
    task = read_sygus(text, "t.sl", languages={"strings": lang})
    assert task.grammar is not None
    program = next(iter(task.grammar.enumerate(2)))
    assert (program(1), program(0)) == (1, UNDEFINED)


def test_costs_count_operators_and_leaves_and_units_are_free() -> None:
    text = """(set-logic SLIA)
    (synth-fun f ((x String)) String ((Start String (A Start)) (A String (x (str.at (str.++ A A) (- (str.len A) 1))))))
    (constraint (= (f "a") "a"))"""
    task = read_sygus(text, "t.sl")
    assert task.grammar is not None
    assert {str(p): p.cost for p in task.grammar.productions} == {
        "Start → A": 0,
        "Start.1 → (str.++ A A)": 1,
        "int.1 → (str.len A)": 1,
        "int.2 → 1": 1,
        "int.3 → (- int.1 int.2)": 1,
        "A → x": 1,
        "A → (str.at Start.1 int.3)": 1,
    }
    for cost in range(1, 10):
        assert all(p.size == cost for p in task.grammar.enumerate(cost))
    assert [str(p) for p in task.grammar.enumerate(8)] == ["(str.at (str.++ x x) (- (str.len x) 1))"]
    assert task.grammar.levels()


def test_units_in_a_circle_leave_no_circle_of_cost_0() -> None:
    task = read_sygus(V2, "t.sl")
    assert task.grammar is not None
    assert task.grammar.levels()
    assert [p.cost for p in task.grammar.productions if isinstance(p.head, Unit)] == [1, 1]


def test_what_is_trimmed_is_noted() -> None:
    text = """(set-logic SLIA) (synth-fun f ((x String)) String
    ((S String (x (str.at S I))) (I Int ((+ I I))) (B Bool (true)))) (constraint (= (f "a") "a"))"""
    task = read_sygus(text, "t.sl")
    assert _grammar_text(task) == "S : string  →  x"
    assert sorted(task.extra["grammar_notes"]) == [
        "B is unreachable from the start symbol",
        "I is unproductive: it derives no program",
    ]


@pytest.mark.parametrize(
    ("logic", "sort", "value", "language"),
    [
        ("ALL", "(_ BitVec 4)", "#x1", "bitvectors"),
        ("ALL", "String", '"a"', "strings"),
        ("LIA", "Int", "(- 1)", "strings"),
        ("ALL", "Bool", "true", "bitvectors"),
        ("S", "Bool", "true", "strings"),
    ],
)
def test_the_language_goes_by_logic_or_sorts(logic: str, sort: str, value: str, language: str) -> None:
    text = f"(set-logic {logic}) (synth-fun f ((x {sort})) {sort}) (constraint (= (f {value}) {value}))"
    task = read_sygus(text, "t.sl")
    assert task.language == language
    assert task.grammar is None


def test_truth_of_a_boolean_function_is_an_example() -> None:
    text = "(set-logic BV) (synth-fun p ((x Bool)) Bool) (constraint (p true)) (constraint (not (p false)))"
    assert [(e.inputs, e.output) for e in read_sygus(text, "t.sl").examples] == [((True,), True), ((False,), False)]


def test_a_function_without_inputs_has_one_example() -> None:
    for call in ("c", "(c)"):
        task = read_sygus(
            f"(set-logic LIA) (synth-fun c () Int ((S Int (1 (+ S S))))) (constraint (= {call} 2))", "t.sl"
        )
        assert (task.type, task.examples[0].inputs, task.examples[0].output) == (INT, (), 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a""b"', 'a"b'),
        (r'"\u{e9}\u00e9\u{1F600}"', "éé😀"),
        (r'"\n\u{}\u{30000}\ud800"', r"\n\u{}\u{30000}\ud800"),
        ('"é\n"', "é\n"),
        ("-7", -7),
        ("(- 7)", -7),
        ("#x0F", 15),
        ("#b0101", 5),
        ("(_ bv9 8)", 9),
        ("false", False),
    ],
)
def test_literals(text: str, value: object) -> None:
    (node,) = SygusText(text, "t").read()
    constant = literal_value(node)
    assert constant is not None
    assert constant.value == value


@settings(deadline=None)
@given(
    st.one_of(
        st.tuples(st.text(st.characters(codec="utf-8", max_codepoint=0x2FFFF)), st.just(STRING)),
        st.tuples(st.integers(), st.just(INT)),
        st.tuples(st.booleans(), st.just(BOOL)),
        st.integers(1, 64).flatmap(lambda n: st.tuples(st.integers(0, 2**n - 1), st.just(bitvec(n)))),
    ).map(lambda pair: Constant(*pair)),
    st.sampled_from([1, 2]),
)
def test_a_literal_reads_back_as_it_was_written(constant: Constant, version: int) -> None:
    text = literal_text(constant, version)
    assert text.isascii()
    (node,) = SygusText(text, "t").read()
    assert literal_value(node) == constant


@settings(deadline=None)
@given(st.text(alphabet='() ;|"#\\ax1-_\n', max_size=40))
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    source = SygusText(text, "t")
    error: ParseError | None = None
    try:
        spans = [source.span(node) for node in source.read()]
    except ParseError as refused:
        error = refused
    if error is None:
        assert spans == sorted(spans)
    else:
        assert str(error).startswith(f"t, line {error.line}, column {error.column}: ")
        assert 1 <= error.line <= text.count("\n") + 1


def test_a_thousand_examples_load_in_well_under_a_second() -> None:
    constraints = "".join(f"(constraint (= (f #x{i:016x} #x{2 * i:016x}) #x{3 * i:016x}))\n" for i in range(1000))
    text = f"""(set-logic BV) (define-sort W () (BitVec 64)) (synth-fun f ((x W) (y W)) W ((S W (x y (bvadd S S)))))
    {constraints}(check-synth)"""
    read_sygus(text, "t.sl")  # loads the language and the lexer
    start = time.process_time()
    assert len(read_sygus(text, "t.sl").examples) == 1000
    assert time.process_time() - start < 0.6


def test_a_task_travels_to_another_process() -> None:
    task = read_sygus(V2, "t.sl")
    there = pickle.loads(pickle.dumps(task))
    assert there.grammar.productions == task.grammar.productions  # type: ignore[union-attr]
    assert next(there.grammar.enumerate(2))(3, 0, False) == 7


def test_productions_are_comparable_across_readings() -> None:
    first, second = read_sygus(V2, "t.sl").grammar, read_sygus(V2, "t.sl").grammar
    assert first is not None
    assert second is not None
    assert first.productions == second.productions
    assert all(isinstance(p, Production) for p in first.productions)
