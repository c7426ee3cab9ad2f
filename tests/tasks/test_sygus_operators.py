"""Operators of SMT-LIB that files may use: read, solved, written so that cvc5 computes the same, and exported to Python."""

from __future__ import annotations

from pathlib import Path

import cvc5
import pytest

import neurosynth as ns
from neurosynth.export.python import PythonExporter
from neurosynth.tasks.sygus_writer import define_fun

BITS = """(set-logic BV)
(synth-fun f ((x (_ BitVec 8))) {sort} ((S {sort}) (B (_ BitVec 8)) (C Bool) (O (_ BitVec 1)) (I Int))
    ((S {sort} ({production}))
     (B (_ BitVec 8) (x #x0f #x01 (bvand B B)))
     (C Bool ((= B B)))
     (O (_ BitVec 1) (#b1))
     (I Int (0))))
{constraints}
(check-synth)"""

TEXT = """(set-logic SLIA)
(synth-fun f ((s String)) {sort} ((S {sort}) (T String) (R RegLan) (I Int))
    ((S {sort} ({production}))
     (T String (s "" "-" "0" "9"))
     (R RegLan ((re.range "0" "9") (re.+ R) (re.* R) re.all re.allchar re.none (re.comp R) (re.++ R R) (str.to_re T)
                (re.union R R) (re.inter R R) (re.diff R R) (re.opt R) ((_ re.^ 2) R) ((_ re.loop 1 2) R)))
     (I Int (0 1))))
{constraints}
(check-synth)"""

TASKS = [
    # a production, its sort, examples, what is found
    (BITS, "(bvredor B)", "(_ BitVec 1)", {"#x00": "#b0", "#x0f": "#b1", "#xf0": "#b1"}, "(bvredor x)"),
    (BITS, "(bvredor B)", "(_ BitVec 1)", {"#x10": "#b0", "#x1f": "#b1", "#xf0": "#b0"}, "(bvredor (bvand x #x01))"),
    (BITS, "(bvredand B)", "(_ BitVec 1)", {"#xff": "#b1", "#x0f": "#b0"}, "(bvredand x)"),
    (BITS, "(bvite O B B)", "(_ BitVec 8)", {"#xff": "#x0f", "#x03": "#x03"}, None),
    (BITS, "(bvnego B)", "Bool", {"#x80": "true", "#x7f": "false"}, "(bvnego x)"),
    (BITS, "(bvuaddo B B)", "Bool", {"#xff": "true", "#x7f": "false", "#x80": "true"}, "(bvuaddo x x)"),
    (BITS, "(bvsaddo B B)", "Bool", {"#x40": "true", "#xff": "false"}, "(bvsaddo x x)"),
    (BITS, "(bvusubo B B)", "Bool", {"#x0e": "true", "#x0f": "false"}, "(bvusubo x #x0f)"),
    (BITS, "(bvssubo B B)", "Bool", {"#x80": "true", "#x00": "false"}, None),
    (BITS, "(bvumulo B B)", "Bool", {"#x10": "true", "#x0f": "false"}, "(bvumulo x x)"),
    (BITS, "(bvsmulo B B)", "Bool", {"#x0c": "true", "#x0b": "false", "#xff": "false"}, "(bvsmulo x x)"),
    (BITS, "(bvsdivo B B)", "Bool", {"#x80": "false", "#xff": "false"}, None),
    (BITS, "(ubv_to_int B)", "Int", {"#xff": "255", "#x01": "1"}, "(ubv_to_int x)"),
    (BITS, "(bv2nat B)", "Int", {"#xff": "255", "#x01": "1"}, "(bv2nat x)"),
    (BITS, "(sbv_to_int B)", "Int", {"#xff": "(- 1)", "#x01": "1"}, "(sbv_to_int x)"),
    (BITS, "((_ int_to_bv 4) (sbv_to_int B))", "(_ BitVec 4)", {"#xff": "#xf", "#x21": "#x1"}, "(int_to_bv 4 (sbv_to_int x))"),
    (BITS, "(distinct B B)", "Bool", {"#x01": "true", "#x0f": "false"}, "(distinct x #x0f)"),
    (TEXT, "(str.in_re s R)", "Bool", {'"12"': "true", '"1a"': "false", '""': "false"}, '(str.in_re s (re.+ (re.range "0" "9")))'),
    (TEXT, "(str.in.re s R)", "Bool", {'"1"': "true", '"12"': "false", '"a"': "false"}, '(str.in_re s (re.range "0" "9"))'),
    (TEXT, "(str.replace_re s R T)", "String", {'"a1b2"': '"a-b2"', '"7"': '"-"'}, '(str.replace_re s (re.range "0" "9") "-")'),
    (TEXT, "(str.replace_re_all s R T)", "String", {'"a1b2"': '"ab"'}, '(str.replace_re_all s (re.range "0" "9") "")'),
    (TEXT, "(str.indexof_re s R I)", "Int", {'"a1b2"': "1", '"12"': "0"}, '(str.indexof_re s (re.range "0" "9") 0)'),
    (TEXT, "(str.in_re s R)", "Bool", {'"12"': "true", '"1"': "false", '"123"': "false", '"a"': "false"}, None),
    (TEXT, "(str.rev T)", "String", {'"ab"': '"ba"', '"x"': '"x"'}, "(str.rev s)"),
    (TEXT, "(str.to_lower T)", "String", {'"Ab"': '"ab"'}, "(str.to_lower s)"),
    (TEXT, "(str.to_upper T)", "String", {'"Ab"': '"AB"'}, "(str.to_upper s)"),
    (TEXT, "(str.update T I T)", "String", {'"abc"': '"-bc"', '"xy"': '"-y"'}, '(str.update s 0 "-")'),
    (TEXT, "(* (str.len T) (str.len T))", "Int", {'"abc"': "9", '"xy"': "4"}, "(* (str.len s) (str.len s))"),
    (TEXT, "(div (str.len T) 2)", "Int", {'"abc"': "1", '"wxyz"': "2"}, "(div (str.len s) 2)"),
    (TEXT, "(mod (str.len T) 2)", "Int", {'"abc"': "1", '"wxyz"': "0"}, "(mod (str.len s) 2)"),
    (TEXT, "(abs (- I (str.len T)))", "Int", {'"abc"': "3", '"wxyz"': "4"}, None),
]  # fmt: skip


def cvc5_agrees(definition: str, examples: dict[str, str]) -> bool:
    """Whether cvc5 computes the outputs by a ``define-fun`` of ``f``."""
    manager = cvc5.TermManager()
    solver, symbols = cvc5.Solver(manager), cvc5.SymbolManager(manager)
    solver.setOption("strings-exp", "true")
    solver.setLogic("ALL")
    wrong = " ".join(f"(not (= (f {given}) {wanted}))" for given, wanted in examples.items())
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, f"{definition} (assert (or false {wrong}))", "check")
    while not (command := parser.nextCommand()).isNull():
        assert "error" not in command.invoke(solver, symbols)
    return bool(solver.checkSat().isUnsat())


@pytest.mark.parametrize(
    ("text", "production", "sort", "examples", "found"), TASKS, ids=[f"{i} {t[1]}" for i, t in enumerate(TASKS)]
)
def test_an_operator_in_a_file(
    text: str, production: str, sort: str, examples: dict[str, str], found: str | None, tmp_path: Path
) -> None:
    constraints = "\n".join(f"(constraint (= (f {given}) {wanted}))" for given, wanted in examples.items())
    file = tmp_path / "t.sl"
    file.write_text(text.format(sort=sort, production=production, constraints=constraints))
    task = ns.load_task(file)
    result = ns.synthesize(task, guide="uniform", limits=ns.Limits(max_programs=60_000, seconds=30))
    if found is None and not result.solved:
        return  # that it is read and searched is what this one is about
    best = result.solutions[0].program if result.solutions else None
    assert best is not None
    assert found is None or str(best) == found
    assert cvc5_agrees(define_fun(best, task), examples)
    space: dict[str, object] = {}
    exec(PythonExporter().export(best, task), space)
    for e in task.examples:
        assert space["program"](*e.inputs) == e.output  # type: ignore[operator]


@pytest.mark.parametrize("name", ["bitvectors", "strings"])
def test_enumeration_is_what_it_was(name: str) -> None:
    """What came in for files is not in the grammar of tasks without one, which would make every level larger."""
    language = ns.load_language(name)
    assert len([p for p in language.primitives.values() if p.enumerated]) == {"bitvectors": 36, "strings": 56}[name]
