"""SyGuS-IF out: what is written reads back as the same task, and cvc5 accepts it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cvc5
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Grammar, Nonterminal, Production
from neurosynth.language.language import Language
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program
from neurosynth.plugins import load
from neurosynth.tasks import Task, define_fun, example, load_task, load_tasks, read_sygus, to_sygus
from neurosynth.values.types import INT, STRING, Arrow, bitvec

SUITES = Path(__file__).resolve().parents[2].parent / "shared" / "tasks"
needs_suites = pytest.mark.skipif(not SUITES.is_dir(), reason="the public suites are not beside the repository")

STRINGS: Language = load("languages", "strings")

V1 = """(set-logic SLIA)
(synth-fun f ((name String)) String ((Start String (name "é" (str.++ Start Start) (str.at Start I)
    (int.to.str I))) (I Int (-1 (- I) (str.to.int Start)))))
(constraint (= (f "a") "a"))"""

BITS = """(set-logic BV)
(define-fun twice ((x (_ BitVec 8)) (unused Bool)) (_ BitVec 8) (bvadd x x))
(define-fun four ((y (_ BitVec 8))) (_ BitVec 8) (twice (twice y true) false))
(define-fun one () (_ BitVec 8) #x01)
(synth-fun |my f| ((|a b| (_ BitVec 8)) (c Bool)) (_ BitVec 8)
    ((S (_ BitVec 8)) (|B b| Bool))
    ((S (_ BitVec 8) (|a b| one (four S) (bvadd S (bvadd S one)) (ite |B b| S S) (concat ((_ extract 3 0) S) #x1)))
     (|B b| Bool (c (not (= S one))))))
(constraint (= (|my f| #x01 true) #b00000101))"""


def _accepted(text: str) -> int:
    """How many commands cvc5 reads, and carries out but for the last, the search itself."""
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("sygus", "true")
    symbols = cvc5.SymbolManager(solver.getTermManager())
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SYGUS_2_1, text, "task")
    read = 0
    while not (command := parser.nextCommand()).isNull():
        read += 1
        if command.getCommandName() != "check-synth":
            assert "error" not in command.invoke(solver, symbols)
    return read


def _parts(task: Task) -> tuple[Any, ...]:
    productions = None if task.grammar is None else task.grammar.productions
    return task.type, task.input_names, task.examples, productions, task.extra["logic"], task.extra["function"]


def _program(text: str, task: Task) -> Program:
    """The program of that text among the first of the task's grammar."""
    assert task.grammar is not None
    return next(p for cost in range(1, 9) for p in task.grammar.enumerate(cost) if str(p) == text)


# ---- define_fun


@pytest.mark.parametrize(
    ("program", "version", "written"),
    [
        ("(str.at name -1)", None, "(define-fun f ((name String)) String (str.at name -1))"),
        ("(str.at name -1)", 2, "(define-fun f ((name String)) String (str.at name (- 1)))"),
        (
            "(int.to.str (neg (str.to.int name)))",
            1,
            "(define-fun f ((name String)) String (int.to.str (- (str.to.int name))))",
        ),
        (
            "(int.to.str (neg (str.to.int name)))",
            2,
            "(define-fun f ((name String)) String (str.from_int (- (str.to_int name))))",
        ),
        ('(str.++ name "é")', None, r'(define-fun f ((name String)) String (str.++ name "\u{e9}"))'),
    ],
)
def test_a_program_is_written_in_the_spelling_of_its_file(program: str, version: int | None, written: str) -> None:
    task = read_sygus(V1, "t.sl")
    assert define_fun(_program(program, task), task, version=version) == written


def test_macros_are_called_by_name_and_odd_names_are_quoted() -> None:
    task = read_sygus(BITS, "t.sl")
    program = _program("(ite c (four |a b|) one)", task)
    head = "(define-fun |my f| ((|a b| (_ BitVec 8)) (c Bool)) (_ BitVec 8) "
    assert define_fun(program, task) == head + "(ite c (four |a b|) one))"
    assert define_fun(program, task, version=1) == head.replace("(_ BitVec", "(BitVec") + "(ite c (four |a b|) one))"
    indexed = next(p.build([Input(0, bitvec(8))]) for p in task.grammar.productions if "extract" in str(p))  # type: ignore[union-attr]
    assert define_fun(indexed, task).endswith("((_ extract 3 0) |a b|))")


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (("First name", "b"), ("|First name|", "b")),
        (("f", "str.len"), ("x0", "x1")),
        (("x1", "größe"), ("x1", "x1_")),
        (("let", "a|b"), ("|let|", "x1")),
        (("x0", "true"), ("x0", "x1")),
        ((), ("x0", "x1")),
    ],
)
def test_inputs_keep_their_names_where_smt_lib_can_write_them(names: tuple[str, ...], written: tuple[str, str]) -> None:
    task = Task([example("a", "b", output="b")], input_names=names)
    program = task.inputs[1]
    first, second = written
    text = define_fun(program, task)
    assert text == f"(define-fun f (({first} String) ({second} String)) String {second})"
    assert _accepted(f"(set-logic SLIA) {text}") == 2


def test_a_program_without_inputs_is_a_constant() -> None:
    task = Task([example(output="a")])
    assert define_fun(Constant("a", STRING), task) == '(define-fun f () String "a")'
    assert _accepted(to_sygus(task)) == 4


@pytest.mark.parametrize("name", ["neg", "str.to.int", "int.to.str", "str.replace_all", "str.is_digit", "str.<", ">="])
def test_cvc5_knows_the_operators_by_what_they_are_written(name: str) -> None:
    primitive = STRINGS[name]
    inputs = tuple(Input(i, t) for i, t in enumerate(primitive.parameters))
    values = {"string": "a", "int": 1, "bool": True}
    task = Task([example(*(values[str(t)] for t in primitive.parameters), output=values[str(primitive.result)])])
    assert _accepted(f"(set-logic SLIA) {define_fun(Apply(primitive, inputs), task)}") == 2


def test_what_smt_lib_does_not_have_is_said() -> None:
    strings = Task([example("a", output="A")])
    upper = Apply(STRINGS["str.upper"], strings.inputs)
    with pytest.raises(InputError, match=r"SMT-LIB has no operator for primitive 'str\.upper'; export .* as python"):
        define_fun(upper, strings)
    with pytest.raises(InputError, match=r"no character U\+30000"):
        define_fun(Constant(chr(0x30000), STRING), strings)
    with pytest.raises(InputError, match="version 3; allowed: 1, 2"):
        define_fun(strings.inputs[0], strings, version=3)
    with pytest.raises(InputError, match="no lambdas"):
        define_fun(Lambda((INT,), Input(0, INT)), strings)


# ---- to_sygus


@pytest.mark.parametrize("text", [V1, BITS])
def test_a_task_reads_back_from_what_was_written(text: str) -> None:
    task = read_sygus(text, "t.sl")
    written = to_sygus(task)
    again = read_sygus(written, "t.sl")
    assert _parts(again) == _parts(task)
    assert to_sygus(again) == written
    assert again.extra["sygus"]["version"] == 2
    assert _accepted(written) > 3


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.text(st.characters(max_codepoint=0x2FFFF, codec="utf-8"), max_size=6), st.integers()),
        min_size=1,
        max_size=3,
        unique=True,
    ),
    st.booleans(),
)
def test_any_example_reads_back_from_what_was_written(inputs: list[tuple[str, int]], output: bool) -> None:
    task = Task([example(*row, output=output) for row in inputs])
    again = read_sygus(to_sygus(task), "t.sl")
    assert (again.type, again.examples) == (task.type, task.examples)


def test_a_task_without_a_grammar_of_its_own_can_be_given_one() -> None:
    inputs = (Input(0, STRING, "full name"),)
    shared = [STRINGS[name] for name in ("str.++", "str.at", "+", "neg", "str.indexof", "ite", "str.prefixof")]
    small = Language("small").with_primitives(shared)
    grammar = compile_grammar(small, Arrow((STRING,), STRING), constants=[Constant(-1, INT)], inputs=inputs)
    task = Task([example("Ada", output="A")], input_names=["full name"], grammar=grammar)
    text = to_sygus(task)
    assert _accepted(text) == 4
    assert read_sygus(text, "t.sl").grammar is not None


@pytest.mark.parametrize(
    ("task", "logic"),
    [
        (Task([example("a", 1, output=True)]), "SLIA"),
        (Task([example(1, output=2)]), "SLIA"),
        (Task([example(True, output=False)]), "BV"),
        (Task([example(1, output=2)], type=Arrow((bitvec(4),), bitvec(4))), "BV"),
        (Task([example(1, output="a")], type=Arrow((bitvec(4),), STRING)), "ALL"),
        (Task([example(1, output="a")], extra={"logic": "S"}), "S"),
        (Task([example(1, output="a")], extra={"logic": "no logic", "function": "str.len"}), "SLIA"),
    ],
)
def test_the_logic_fits_the_sorts(task: Task, logic: str) -> None:
    text = to_sygus(task)
    assert text.startswith(f"(set-logic {logic})\n")
    assert "(synth-fun f (" in text
    if logic != "S":  # cvc5 has integers in SLIA only
        assert _accepted(text) == 4


def test_lists_are_refused() -> None:
    task = Task([example([1], output=1)])
    for write in (to_sygus, lambda t: define_fun(t.inputs[0], t)):
        with pytest.raises(
            InputError, match=r"SyGuS-IF has no sort for list int; it has Int, .* write the task as JSON"
        ):
            write(task)


def test_grammars_with_lambdas_are_refused() -> None:
    start = Nonterminal("S", INT)
    under = Nonterminal("B", INT, (INT,))
    grammar = Grammar(start, (Production(start, Input(0, INT)), Production(under, Constant(1, INT))))
    with pytest.raises(InputError, match="no lambdas; 'B' is under one"):
        to_sygus(Task([example(1, output=1)], grammar=grammar))


# ---- the public suites


@needs_suites
@pytest.mark.parametrize("folder", ["sygus-strings", "sygus-bitvectors", "hackers-delight/pbe", "circuits/pbe"])
def test_every_suite_reads_back_from_what_was_written(folder: str) -> None:
    files = [f for f in sorted((SUITES / folder).rglob("*.sl")) if not _no_task(f) and "1000" not in f.name]
    assert files
    for i, file in enumerate(files):
        task = load_task(file)
        written = to_sygus(task)
        assert _parts(read_sygus(written, file)) == _parts(task), file.name
        if i % 10 == 0:
            assert _accepted(written) > 3, file.name


@needs_suites
def test_cvc5_accepts_a_strings_task_from_json() -> None:
    for task in load_tasks(SUITES / "bustle-strings.jsonl"):
        assert _accepted(to_sygus(task)) > 3


def _no_task(file: Path) -> bool:
    return file.name == "max3.sl" or ("univ" in file.name and "long-repeat" in file.name)
