"""Solvers: other tools get what they may see, their answers are read and checked, and none is believed."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from neurosynth.bench.answers import read_answer
from neurosynth.bench.command_solver import Command
from neurosynth.bench.cvc5_solver import Cvc5
from neurosynth.bench.jobs import Job, Solver, WrongAnswer
from neurosynth.bench.local import LocalExecutor
from neurosynth.bench.rows import Row
from neurosynth.bench.solvers import Neurosynth, changed, solver_named
from neurosynth.errors import InputError, UnknownNameError
from neurosynth.language.load import load_language
from neurosynth.search.base import Limits, StopReason
from neurosynth.tasks.sygus_reader import read_sygus
from neurosynth.tasks.task import Task, example

DOUBLED = """(set-logic SLIA)
(define-fun twice ((s String)) String (str.++ s s))
(synth-fun f ((name String)) String
  ((Start String) (Num Int))
  ((Start String (name " " (twice Start) (str.++ Start Start) (str.at Start Num))) (Num Int (0 1 (+ Num Num)))))
(constraint (= (f "ab") "ab ab"))
(constraint (= (f "c") "c c"))
(check-synth)
"""
MASKED = """(set-logic BV)
(synth-fun f ((x (_ BitVec 8))) (_ BitVec 8)
  ((Start (_ BitVec 8))) ((Start (_ BitVec 8) (x #x01 #x00 (bvand Start Start) (bvsub Start Start) (bvnot Start)))))
(constraint (= (f #x06) #x04))
(constraint (= (f #x0c) #x08))
(constraint (= (f #x01) #x00))
(check-synth)
"""
SHORT = Limits(seconds=20, max_memory=2)
SUM = Task([example([1, 2], output=3), example([4], output=4)], "sum", test_examples=[example([5, 5], output=10)])


def sl(text: str, name: str = "doubled") -> Task:
    """The task of a SyGuS-IF text."""
    return read_sygus(text, f"{name}.sl")


# --- reading answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ('(define-fun f ((name String)) String (str.++ name " "))', '(str.++ name " ")'),
        ('(\n(define-fun f ((a String)) String (str.++ a " "))\n)\n', '(str.++ name " ")'),
        ("(define-fun f ((a String)) String (let ((b (twice a))) (str.++ b b)))", "(str.++ (twice name) (twice name))"),
        ('(str.++ name " ")', '(str.++ name " ")'),
    ],
)
def test_answers_are_read(text: str, program: str) -> None:
    assert str(read_answer(text, sl(DOUBLED), load_language("strings"))) == program


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(sorry (no define-fun) today)", r"no define-fun of the form .*: \(sorry \(no define-fun\) today\)"),
        ("(define-fun f ((a Int)) String name)", "the answer's parameters are int; the task's are string"),
        ("(define-fun f () String name)", "the answer's parameters are none; the task's are string"),
        ("(define-fun f ((a String)) String (frob a))", "unknown operator 'frob'"),
        ("(define-fun f ((a String)) String (str.len a", r"is not closed"),
        ("sat", "sat"),
    ],
)
def test_answers_that_cannot_be_read_are_said(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_answer(text, sl(DOUBLED), load_language("strings"))


# --- cvc5 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "name"), [(DOUBLED, "doubled"), (MASKED, "masked")])
def test_cvc5_solves_small_tasks(text: str, name: str) -> None:
    task = replace(sl(text, name), test_examples=())
    result = Cvc5().solve(task, SHORT, 0)
    assert result.stop is StopReason.SOLVED
    assert result.best.matches
    assert result.best.logprob is not None  # a program of the task's own grammar
    assert result.to_json()["programs"][0]["smtlib"].startswith("(define-fun f (")


def test_cvc5_is_given_its_means_for_examples() -> None:
    """Trees over terms right on some examples: with its library's defaults it would not answer this in a minute."""
    grammar = "(x #x0000000000000000 #x0000000000000001 (bvnot S) (bvlshr S S) (bvand S S) (bvadd S S) (if1 S S S))"
    inputs = [0x9E3779B97F4A7C15 * (i + 1) % 2**64 for i in range(10)]
    terms = [lambda x: ~x % 2**64, lambda x: x >> 1, lambda x: 2 * x % 2**64, lambda x: x & 1]
    constraints = "".join(f"(constraint (= (f #x{x:016x}) #x{terms[i % 4](x):016x}))\n" for i, x in enumerate(inputs))
    text = (
        "(set-logic BV)\n(define-fun if1 ((a (_ BitVec 64)) (b (_ BitVec 64)) (c (_ BitVec 64))) (_ BitVec 64)\n"
        "  (ite (= a #x0000000000000001) b c))\n(synth-fun f ((x (_ BitVec 64))) (_ BitVec 64)\n"
        f"  ((S (_ BitVec 64))) ((S (_ BitVec 64) {grammar})))\n{constraints}(check-synth)\n"
    )
    result = Cvc5().solve(sl(text, "tree"), SHORT, 0)
    assert result.stop is StopReason.SOLVED
    assert result.stats.seconds < 15


def test_cvc5_says_when_the_grammar_has_no_solution() -> None:
    text = '(set-logic SLIA)\n(synth-fun f ((x String)) String ((S String)) ((S String (x ""))))\n'
    result = Cvc5().solve(sl(text + '(constraint (= (f "a") "b"))\n'), SHORT, 0)
    assert (result.stop, result.solved) == (StopReason.EXHAUSTED, False)


def test_cvc5_does_not_take_lists() -> None:
    with pytest.raises(InputError, match="list int"):
        Cvc5().solve(SUM, SHORT, 0)


# --- commands ---------------------------------------------------------------------------------------------------------


def command(code: str, place: str = "{task.json}", name: str = "mine") -> Command:
    """A Python program that gets the task's file as its first argument."""
    return Command(name=name, command=f"{sys.executable} -c '{code}' {place}")


def saying(text: str, place: str = "{task.json}") -> Command:
    """A command that answers this whatever it is asked."""
    return command(f"print({json.dumps(text)})", place)


def test_a_command_is_scored_on_what_it_was_not_shown() -> None:
    result = saying("(sum x0)").solve(SUM, SHORT, 0)
    assert (result.stop, str(result.best), result.best.test_accuracy) == (StopReason.SOLVED, "(sum x0)", 1.0)
    assert result.stats.seconds > 0
    assert result.stats.peak_memory_mb > 1


def test_a_command_may_answer_with_a_define_fun(tmp_path: Path) -> None:
    answer = tmp_path / "answer"
    answer.write_text('(define-fun f ((a String)) String (str.++ a (str.++ " " a)))\n')
    result = Command(name="mine", command=f"head -q -n 1 {answer} {{task.sl}}").solve(sl(DOUBLED), SHORT, 0)
    assert str(result.best) == '(str.++ name (str.++ " " name))'


def test_a_command_sees_the_examples_shown_and_nothing_else(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    task = replace(SUM, extra={"program": "(sum x0)", "family": "sums"})
    command(f'import sys, shutil; shutil.copy(sys.argv[1], "{seen}")').solve(task, SHORT, 0)
    assert json.loads(seen.read_text()) == {
        "name": "sum",
        "type": "list int -> int",
        "examples": [{"inputs": [[1, 2]], "output": 3}, {"inputs": [[4]], "output": 4}],
    }
    task = replace(sl(DOUBLED), test_examples=[example("secret", output="secret secret")])
    command(f'import sys, shutil; shutil.copy(sys.argv[1], "{seen}")', "{task.sl}").solve(task, SHORT, 0)
    text = seen.read_text()
    assert '(constraint (= (f "ab") "ab ab"))' in text
    assert "secret" not in text
    assert read_sygus(text, "doubled.sl").examples == task.examples


def test_a_command_is_told_the_limits(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    code = f'import sys; open("{seen}", "w").write(" ".join(sys.argv[2:]))'
    command(code, "{task.json} {seconds} --memory={memory} {seed}").solve(SUM, SHORT, 7)
    assert seen.read_text() == "20 --memory=2 7"


@pytest.mark.parametrize(
    ("solver", "message"),
    [
        (saying("(length x0)"), r"mine answered \(length x0\), which is right on 0 of 2 examples"),
        (
            saying("x0"),
            r"the answer of mine cannot be read: x0: the program is list int; type list int -> int asks for int",
        ),
    ],
)
def test_wrong_answers_are_said(solver: Command, message: str) -> None:
    with pytest.raises((WrongAnswer, InputError), match=message):
        solver.solve(SUM, SHORT, 0)


def test_no_answer_is_no_program() -> None:
    assert saying("").solve(SUM, SHORT, 0).stop is StopReason.EXHAUSTED


def test_a_command_that_takes_too_long_is_stopped() -> None:
    result = command("import time; time.sleep(60)").solve(SUM, Limits(seconds=0.3), 0)
    assert result.stop is StopReason.TIME
    assert result.stats.seconds < 10


def test_a_command_that_fails_is_said_with_its_last_words() -> None:
    with pytest.raises(InputError, match=r"^mine ended with exit status 3: out of luck$"):
        command('import sys; print("hm", file=sys.stderr); print("out of luck", file=sys.stderr); sys.exit(3)').solve(
            SUM, SHORT, 0
        )


# --- through the runner -----------------------------------------------------------------------------------------------


def test_answers_of_others_are_rows_like_ours() -> None:
    hungry = 'kept = [b"x" * 50_000_000 for _ in range(200)]; import time; time.sleep(60)'
    solvers: list[tuple[Solver, float]] = [
        (saying("(sum x0)"), 20),
        (replace(saying("(length x0)"), name="liar"), 20),
        (command("import time; time.sleep(60)", name="slow"), 0.3),
        (replace(command(hungry), name="hungry"), 20),
    ]
    jobs = [
        Job(suite="s", task=SUM, language="lists", solver=solver, limits=Limits(seconds=seconds, max_memory=0.5))
        for solver, seconds in solvers
    ]
    jobs.append(Job(suite="s", task=sl(DOUBLED), language="strings", solver=Cvc5(), limits=SHORT))
    rows: dict[str, Row] = {row.solver: row for row in LocalExecutor(jobs=2).run(jobs) if row is not None}
    assert {name: (row.stop, row.reason) for name, row in rows.items()} == {
        "mine": ("solved", ""),
        "liar": ("wrong", "liar answered (length x0), which is right on 0 of 2 examples"),
        "slow": ("time", ""),
        "hungry": ("memory", ""),
        "cvc5": ("solved", ""),
    }
    mine = rows["mine"]
    assert (mine.guide, mine.search, mine.settings) == ("", "", {"guide": "", "search": ""})
    assert mine.programs[0]["text"] == "(sum x0)"
    assert mine.held_out is not None
    assert (mine.held_out.examples, mine.held_out.right) == (1, 1)


# --- by name ----------------------------------------------------------------------------------------------------------


def test_solvers_go_by_name() -> None:
    assert solver_named("neurosynth", language=None, guide=None, search="bottom-up") == Neurosynth(search="bottom-up")
    assert solver_named("cvc5", language="strings", guide=None, search=None) == Cvc5(language="strings")
    named = solver_named("my-tool=cat {task.sl}", language=None, guide=None, search=None)
    assert named == Command(name="my-tool", command="cat {task.sl}")


@pytest.mark.parametrize(
    ("text", "guide", "message"),
    [
        ("cvc4", None, r"unknown solver 'cvc4'; known: NAME=COMMAND, cvc5, neurosynth; did you mean cvc5\?"),
        ("cvc5", "uniform", r"--guide uniform: works only with --solver neurosynth; cvc5 has its own options"),
        (
            "mine=cat",
            None,
            r"solver 'mine': 'cat' has no placeholder for the task's file; write \{task\.sl\} or \{task\.json\}",
        ),
        (
            "mine=nosuchtool {task.sl}",
            None,
            r"solver 'mine': no command 'nosuchtool' was found; install it, or give its path",
        ),
        ("mine=cat 'x {task.sl}", None, r"solver 'mine': .* is not a command: No closing quotation"),
    ],
)
def test_solvers_that_are_none_are_said(text: str, guide: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        solver_named(text, language=None, guide=guide, search=None)


# --- settings of the search ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Inner:
    """Settings of settings."""

    share: float = 0.5
    deep: bool = True


@dataclass(frozen=True, kw_only=True)
class Outer:
    """A search's settings."""

    name: str = field(default="outer", init=False)
    divide: bool = True
    most: int = 3
    limit: int | None = None
    word: str = "a"
    inner: Inner = field(default_factory=Inner)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("divide", "false", replace(Outer(), divide=False)),
        ("most", "0", replace(Outer(), most=0)),
        ("limit", "7", replace(Outer(), limit=7)),
        ("word", "b", replace(Outer(), word="b")),
        ("inner.share", "1", replace(Outer(), inner=Inner(share=1))),
        ("inner.deep", "false", replace(Outer(), inner=Inner(deep=False))),
    ],
)
def test_a_setting_is_changed(name: str, text: str, found: Outer) -> None:
    assert changed(Outer(), name, text) == found


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "dvide",
            "false",
            r"unknown setting of search outer 'dvide'; known: divide, inner, limit, most, word; did you mean divide\?",
        ),
        ("name", "x", r"unknown setting of search outer 'name'"),
        ("divide", "0", r"unknown value of divide '0'; known: true or false"),
        ("divide", "no", r"unknown value of divide 'no'; known: true or false"),
        ("most", "true", r"unknown value of most 'true'; known: an integer"),
        ("most", "1.5", r"unknown value of most '1\.5'; known: an integer"),
        ("inner.share", "much", r"unknown value of share 'much'; known: a number"),
        ("inner.wide", "1", r"unknown setting 'wide'; known: deep, share"),
        ("most.of", "1", r"unknown setting of most 'of'"),
    ],
)
def test_a_setting_that_cannot_be_changed_is_said(name: str, text: str, message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        changed(Outer(), name, text)


@pytest.mark.parametrize("text", ["divide=false", "search.divide", "search.=1", "guide.n=3", "=", ""])
def test_changes_of_another_form_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"--set .*: expected search\.NAME=VALUE, such as search\.divide=false"):
        solver_named("neurosynth", language=None, guide=None, search=None, changes=[text])


def test_changes_are_part_of_what_rows_say() -> None:
    solver = solver_named(
        "neurosynth", language=None, guide="uniform", search="bottom-up", changes=["search.join=false"]
    )
    assert solver.settings == {"guide": "uniform", "search": "bottom-up join=false"}
    job = Job(suite="s", task=SUM, language="lists", solver=solver, limits=SHORT)
    unknown = replace(job, solver=Neurosynth(guide="uniform", changes=(("sideways", "1"),)))
    (row,) = (row for row in LocalExecutor().run([job]) if row is not None)
    assert row.solved
    assert row.settings["search"] == "bottom-up join=false"
    with pytest.raises(InputError, match="unknown setting of search auto 'sideways'"):
        list(LocalExecutor().run([unknown]))
    with pytest.raises(InputError, match=r"--set search\.a=1: works only with --solver neurosynth"):
        solver_named("cvc5", language=None, guide=None, search=None, changes=["search.a=1"])
