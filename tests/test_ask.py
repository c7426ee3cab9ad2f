"""Questions: asked until the programs found agree, on the command line and in the API."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from neurosynth.cli import main
from neurosynth.cli.ask import parse_answer
from neurosynth.cli.show import show
from neurosynth.errors import InputError
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Constant
from neurosynth.language.syntax import parse_program
from neurosynth.questions import answered, changed_rows, settle, settle_with
from neurosynth.ranking.agreement import cases
from neurosynth.ranking.questions import Question
from neurosynth.result import Asked
from neurosynth.search.base import Needs, Outcome, SearchRequest, StopReason
from neurosynth.synthesize import Result, load_language, share_right, synthesize
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import INT, STRING, bitvec, list_of, parse_type
from tests.commands import Printed

FIRST = {"name": "first", "examples": [{"inputs": [[3, 1, 2]], "output": 3}, {"inputs": [[5, 4]], "output": 5}]}
"""The first element or the largest?"""
CANDIDATES = ("(head x0)", "(maximum x0)", "(product (init x0))")


@dataclass(frozen=True, kw_only=True)
class Claims:
    """A search that finds those of some programs of ``lists`` that are right on the examples."""

    texts: tuple[str, ...] = CANDIDATES
    name: str = "claims"
    needs: Needs = "rules"

    def run(self, request: SearchRequest) -> Outcome:
        lists = load_language("lists")
        programs = [parse_program(t, lists, request=request.task.type) for t in self.texts]
        right = [p for p in programs if share_right(p, request.task.examples) == 1.0]
        return Outcome(StopReason.SOLVED if right else StopReason.EXHAUSTED, right)


@dataclass(frozen=True)
class Raising:
    """A standard input that cannot be read."""

    error: BaseException

    def readline(self) -> str:
        raise self.error


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """``ask("1\\n", "--json")``: ``solve --ask`` on a task with lines for answers, its search replaced by ``Claims``."""
    file = tmp_path / "first.json"
    file.write_text(json.dumps(FIRST))

    def scripted(task: Task, language: Any, **arguments: Any) -> Result:
        return synthesize(task, language, **{**arguments, "search": Claims()})

    def run(answers: str | Raising, *options: str) -> Printed:
        monkeypatch.setattr("neurosynth.apart.synthesize", scripted)
        monkeypatch.setattr(sys, "stdin", io.StringIO(answers) if isinstance(answers, str) else answers)
        with pytest.raises(SystemExit) as exit_:
            main(["solve", "--ask", str(file), *options])
        printed = capsys.readouterr()
        assert isinstance(exit_.value.code, int)
        return Printed(exit_.value.code, printed.out, printed.err)

    return run


def questions(printed: Printed) -> int:
    """How many were asked."""
    return printed.err.count("Question ")


# --- the command line -----------------------------------------------------------------------------------------------


def test_a_number_picks_a_candidate_and_the_programs_agree(ask: Any) -> None:
    done = ask("2\n")
    assert (done.status, questions(done)) == (0, 1)
    assert "(maximum x0)" in done.out.splitlines()[:2]
    assert re.search(r"^Confidence \d\d% · the programs found agree", done.out, re.MULTILINE)
    assert "Confidence 100%" not in done.out
    assert "answer: " in done.err


def test_a_question_shows_the_row_by_name_and_the_candidates_with_share_and_program(ask: Any) -> None:
    lines = ask("").err.splitlines()
    assert lines[0] == "Question 1 of at most 5: the programs found disagree here. What is the output?"
    assert lines[1].startswith("    x0 = [")
    assert lines[2].startswith("  1. ")
    assert "%  (head x0)" in lines[2]
    assert "%  (maximum x0)" in lines[3]
    assert any("an empty line ends the questions" in line for line in lines)  # behind as many as time allowed


@pytest.mark.parametrize("answers", ["", "\n", "   \n1\n"], ids=["end of input", "empty line", "blank line"])
def test_without_an_answer_the_first_result_stands(ask: Any, answers: str) -> None:
    done = ask(answers)
    assert (done.status, questions(done)) == (0, 1)
    assert "(head x0)" in done.out.splitlines()[:2]  # a guess says so first
    assert " · ask: what is the output for [" in done.out


def test_an_answer_that_does_not_fit_is_explained_and_asked_again(ask: Any) -> None:
    done = ask('many\n"3"\n1.5\ntrue\n1\n')
    assert (done.status, questions(done)) == (0, 1)
    assert done.err.count("an integer like 12; or type 1 to 3 for a candidate") == 4
    assert "many is not a valid int" in done.err
    assert "true is not a valid int" in done.err
    assert "(head x0)" in done.out.splitlines()[:2]


def test_an_answer_nothing_gives_is_an_example_too(ask: Any) -> None:
    done = ask("1234567\n")
    assert (done.status, questions(done)) == (1, 1)
    assert "answer: 1234567" in done.err
    assert done.out.startswith("No program is right on every example.\n")


def test_with_json_stdout_has_the_final_object_only(ask: Any) -> None:
    done = ask("2\n", "--json")
    assert (done.status, done.out.count("\n")) == (0, 1)
    assert questions(done) == 1
    row = json.loads(done.out)
    assert row["programs"][0]["text"] == "(maximum x0)"
    assert "question" not in row


def test_json_tells_confidence_and_question(ask: Any) -> None:
    row = json.loads(ask("", "--json").out)
    assert 0 < row["confidence"] < 1
    assert list(row["question"]) == ["inputs", "answers"]
    programs = [set(a) for a in row["question"]["answers"]]
    assert programs == [{"output", "share", "program"}] * 3
    assert sum(a["share"] for a in row["question"]["answers"]) == pytest.approx(1, abs=1e-3)


def test_an_interrupt_at_a_question_prints_the_best_so_far(ask: Any) -> None:
    done = ask(Raising(KeyboardInterrupt()))
    assert done.status == 130
    assert "(head x0)" in done.out.splitlines()[:2]


def test_bytes_that_are_no_text_end_the_questions(ask: Any) -> None:
    done = ask(Raising(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")))
    assert done.status == 0
    assert "standard input cannot be read as utf-8: invalid start byte; no more questions" in done.err


def test_from_a_pipe_with_the_real_search(tmp_path: Path) -> None:
    file = tmp_path / "initials.csv"
    rows = ["name,short", "ab cd,ab", "xy zw,xy", "Grace Hopper,"]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    command = [sys.executable, "-c", "from neurosynth.cli import main; main()", "solve", "--ask", str(file)]
    options = ["--input", "name", "--output", "short", "--seconds", "5"]
    done = subprocess.run(
        [*command, *options], input="Grace\n", capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "    name = " in done.stderr
    assert '"Grace Hopper"' in done.stderr
    assert 'answer: "Grace"' in done.stderr
    assert re.search(r'"Grace Hopper" +"Grace"', done.stdout)


# --- answers as text ------------------------------------------------------------------------------------------------

HEAD = parse_program("(head x0)", load_language("lists"))


def asking(*outputs: Any) -> Question:
    """A question with these candidate outputs."""
    return Question((1,), tuple((o, 1 / len(outputs), HEAD) for o in outputs))


ANSWERS = [
    # the line, type, candidates, the value
    ("2", INT, (10, 20), 20),
    ("=2", INT, (10, 20), 2),
    ("3", INT, (10, 20), 3),
    (" -7 ", INT, (10, 20), -7),
    ("1", STRING, ("a", "b"), "a"),
    ("=1", STRING, ("a", "b"), "1"),
    ("=", STRING, ("a", "b"), ""),
    ("2009", STRING, ("a", "b"), "2009"),
    (" Ada ", STRING, ("a", "b"), " Ada "),
    ('"Ada"', STRING, ("a", "b"), '"Ada"'),
    ("[1, 2]", list_of(INT), ((), (1,)), (1, 2)),
    ("[]", list_of(INT), ((1,), (2,)), ()),
    ("#x0f", bitvec(8), (1, 2), 15),
    ("#b00000011", bitvec(8), (1, 2), 3),
    ("200", bitvec(8), (1, 2), 200),
    ("true", parse_type("bool"), (True, False), True),
    ("2", parse_type("bool"), (True, False), False),
]


@pytest.mark.parametrize(("line", "t", "outputs", "value"), ANSWERS, ids=[f"{r[0]} as {r[1]}" for r in ANSWERS])
def test_a_line_is_a_candidate_or_a_value(line: str, t: Any, outputs: tuple[Any, ...], value: Any) -> None:
    found = parse_answer(line, asking(*outputs), t)
    assert found == value
    assert type(found) is type(value)


WRONG = [
    ("x", INT, (1, 2), "x is not a valid int: expected an integer like 12; or type 1 to 2 for a candidate"),
    ("9" * 5000, INT, (1, 2), "is not a valid int"),
    ("true", INT, (1, 2), "true is not a valid int"),
    ("[1]", INT, (1, 2), r"\[1\] is not a valid int"),
    ("1", INT, (UNDEFINED, 2), "candidate 1 has no output there, and an example needs one; type the output"),
    ("#x0f0", bitvec(8), (1, 2), "#x0f0 is not a valid bitvec 8: it has 12 bits"),
    ("256", bitvec(8), (1, 2), "256 is not a valid bitvec 8"),
    ("[1, true]", list_of(INT), ((), (1,)), "true is not a valid int; allowed: an integer like 12"),
    (
        "yes",
        parse_type("bool"),
        (True, False),
        "yes is not a valid bool: expected true or false; or type 1 to 2 for a candidate",
    ),
    ("\ud800", STRING, ("a", "b"), "half of a surrogate pair"),
]


@pytest.mark.parametrize(("line", "t", "outputs", "message"), WRONG, ids=[f"{r[0][:9]!a} as {r[1]}" for r in WRONG])
def test_a_line_that_is_no_answer_says_what_was_allowed(
    line: str, t: Any, outputs: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        parse_answer(line, asking(*outputs), t)


# --- the API --------------------------------------------------------------------------------------------------------

TASK = Task([example([3, 1, 2], output=3), example([5, 4], output=5)])


def meant(text: str) -> Callable[[Question], Any]:
    """Answers as someone who means this program."""
    program = parse_program(text, load_language("lists"), request=TASK.type)
    return lambda question: program(*question.inputs)


@pytest.mark.parametrize("text", CANDIDATES)
def test_settle_finds_what_was_meant(text: str) -> None:
    result = settle(TASK, meant(text), "lists", search=Claims())
    assert str(result.best) == text
    assert result.question is None
    assert 0.5 < result.confidence < 1.0
    assert len(result.task.examples) == 3


def test_settle_with_the_real_search() -> None:
    result = settle(TASK, meant("(maximum x0)"), "lists")
    assert result.best([1, 9, 4]) == 9


def test_none_ends_the_questions() -> None:
    result = settle(TASK, lambda question: None, "lists", search=Claims())
    assert result.question is not None
    assert result.task is TASK


def test_questions_are_limited() -> None:
    asked: list[Question] = []

    def solve(task: Task) -> Result:
        return synthesize(task, "lists", search=Claims(texts=("(head x0)", "(maximum x0)")))

    def answer(question: Question) -> Any:
        asked.append(question)
        return meant("(head x0)")(question)

    assert settle_with(solve, TASK, answer, questions=0).question is not None
    assert asked == []
    settle_with(solve, TASK, answer, questions=1)
    assert len(asked) == 1
    with pytest.raises(InputError, match="questions is -1; allowed: 0 or a positive number"):
        settle_with(solve, TASK, answer, questions=-1)


def test_an_interrupted_search_asks_nothing() -> None:
    question = synthesize(TASK, "lists", search=Claims()).question
    stopped = Result(task=TASK, language=load_language("lists"), stop=StopReason.INTERRUPTED, question=question)
    assert settle_with(lambda task: stopped, TASK, meant("(head x0)")) is stopped


@pytest.mark.parametrize("value", ["3", True, [3], UNDEFINED, 3.0])
def test_an_answer_of_another_type_is_refused(value: Any) -> None:
    with pytest.raises(InputError, match=r"task 'task': the answer .* is not a valid int; give one of that type"):
        answered(TASK, asking(1, 2), value)


def test_an_answer_becomes_the_last_example_and_the_rest_of_the_task_stays() -> None:
    task = Task(
        [example("a", output=["a"])], "named", language="strings", input_names=["text"], extra={"unlabelled": [["b"]]}
    )
    more = answered(task, Question(("b",), ()), ["b"])
    assert more.examples == (*task.examples, example("b", output=["b"]))
    assert (more.name, more.language, more.input_names, more.extra) == ("named", "strings", ("text",), task.extra)


def test_an_answer_never_contradicts() -> None:
    with pytest.raises(InputError, match="examples 2 and 3 contradict"):
        answered(TASK, Question(((5, 4),), ()), 4)


# --- what is said about trust ---------------------------------------------------------------------------------------


def test_a_program_of_nearly_a_case_an_example_is_said_to_memorise(capsys: pytest.CaptureFixture[str]) -> None:
    task = Task([example(i, output=o) for i, o in ((1, 5), (2, 7), (3, 0))], constants=[Constant(5, INT)])
    text = "(if (> 2 x0) 5 (if (> 3 x0) (+ x0 5) 0))"
    result = synthesize(task, "lists", search=Claims(texts=(text,)))
    assert cases(result.best.program) == 3
    show(result)
    told = "This program distinguishes 3 cases for 3 examples, so it may memorise them; give more examples."
    assert told in capsys.readouterr().out


def test_a_case_for_many_examples_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    task = Task([example(i, output=abs(i)) for i in range(-2, 3)])
    show(synthesize(task, "lists", search=Claims(texts=("(if (> 0 x0) (- 0 x0) x0)",))))
    assert "memorise" not in capsys.readouterr().out


# --- rows of the user's own table -------------------------------------------------------------------------------------

ROWS = [[[9, 1, 2]], [[1, 9]], [[4, 4]], [[2, 8, 1]]]


def test_a_dialogue_is_about_rows_of_the_table_and_says_what_each_answer_changed() -> None:
    task = Task(TASK.examples, unlabelled=ROWS)
    told: list[Asked] = []
    result = settle(task, lambda q: max(q.inputs[0]), "lists", search=Claims(), guide="uniform", tell=told.append)
    assert list(result.asked) == told
    (asked,) = told
    assert asked.question.row in (1, 3)  # where the first is not the largest
    assert asked.question.inputs == tuple(task.unlabelled[asked.question.row])
    assert (asked.answer, asked.changed, asked.rows) == (max(asked.question.inputs[0]), 2, 4)
    assert str(asked) == "the answer changed 2 of 4 rows without outputs"
    (row,) = result.to_json()["asked"]
    assert row == {"inputs": [list(asked.question.inputs[0])], "output": asked.answer, "changed": 2, "rows": 4}


def test_the_place_of_the_row_is_told() -> None:
    result = synthesize(Task(TASK.examples, unlabelled=ROWS), "lists", search=Claims(), guide="uniform")
    assert result.to_json()["question"]["row"] in (1, 3)


def test_an_answer_that_changes_nothing_says_so() -> None:
    one, other = (
        Task(TASK.examples, unlabelled=ROWS),
        Task([*TASK.examples, example([1, 2], output=1)], unlabelled=ROWS),
    )
    first, second = (synthesize(t, "lists", search=Claims(texts=("(head x0)",)), guide="uniform") for t in (one, other))
    assert changed_rows(first, second) == 0
    nothing = synthesize(one, "lists", search=Claims(texts=()), guide="uniform")
    assert changed_rows(first, nothing) == changed_rows(nothing, first) == len(ROWS)
    assert changed_rows(nothing, nothing) == 0


def test_with_ask_a_table_is_asked_about_its_rows(ask: Any) -> None:
    done = ask("2\n")
    assert "the answer is one more example" in done.err
