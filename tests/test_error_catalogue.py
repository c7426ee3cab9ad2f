"""The error catalogue: what a user can get wrong on the command line, and the one message it gives.

Each row: a name that reads as a sentence, the file's name and content, the command line (``{file}`` is that file), and
what the message must match.  All exit with status 2, print nothing on stdout, and show no traceback.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from neurosynth.cli import main


class Case(NamedTuple):
    """A row of the catalogue."""

    name: str
    file: str
    content: str | bytes
    command: tuple[str, ...]
    message: str


SOLVE = ("solve", "{file}")
TABLE = ("solve", "{file}", "--input", "name", "--output", "short")
HEAD = "name,short\n"
STRING_SL = """(set-logic SLIA)
(synth-fun f ((x String)) String ((Start String)) ((Start String (x "" (str.++ Start Start)))))
"""
DONE = "(check-synth)\n"


def task(*examples: tuple[list[object], object], **fields: object) -> str:
    """A JSON task."""
    return json.dumps({"name": "t", "examples": [{"inputs": i, "output": o} for i, o in examples], **fields})


ONE = task(([[1, 2]], 3))

CATALOGUE = [
    # Files
    Case(
        "no such file, and the name that is near",
        "a.json",
        ONE,
        ("solve", "{folder}/b.json"),
        r"no such file; did you mean a\.json",
    ),
    Case("a folder", "a.json", ONE, ("solve", "{folder}"), r"suffix|folder"),
    Case("a suffix nobody reads", "t.xls", "", SOLVE, r"\.xls.*allowed: \.sl, \.json, \.jsonl, \.csv"),
    Case("an empty file", "t.json", "", SOLVE, r"t\.json.*line 1"),
    # Examples
    Case("no examples", "t.json", '{"name": "t", "examples": []}', SOLVE, r"no examples.*at least one"),
    Case(
        "examples that contradict, both named",
        "t.json",
        task(([1], 2), ([5], 5), ([1], 3)),
        SOLVE,
        r"examples 1 and 3 contradict",
    ),
    Case(
        "examples with different numbers of inputs",
        "t.json",
        task(([1], 2), ([1, 2], 3)),
        SOLVE,
        r"example 2.*2 inputs.*1",
    ),
    Case("a null input", "t.json", task(([None], 2)), SOLVE, r"example 1, input 1: null.*allowed"),
    Case("a null output", "t.json", task(([1], None)), SOLVE, r"example 1, output: null.*allowed"),
    Case(
        "a fraction beside a text",
        "t.json",
        task(([1.5], 2), (["a"], 2)),
        SOLVE,
        r"example 1, input 1: .*allowed: integers",
    ),
    Case("a list of mixed types", "t.json", task(([[1, "a"]], 2)), SOLVE, r"mixes types"),
    Case("inputs of different types", "t.json", task(([1], 2), (["a"], 2)), SOLVE, r"different types, int and string"),
    # JSON
    Case(
        "JSON with a wrong field",
        "t.json",
        '{"name": "t",\n "exampels": []}',
        SOLVE,
        r"examples.*did you mean exampels|exampels.*did you mean examples",
    ),
    Case("JSON cut off, with the line", "t.json", '{"name": "t",\n "examples": [', SOLVE, r"line 2"),
    Case(
        "a field of the wrong kind", "t.json", '{"name": "t", "examples": 3}', SOLVE, r"examples is .*allowed: a list"
    ),
    Case(
        "an example without output",
        "t.json",
        '{"name": "t", "examples": [{"inputs": [1], "ouput": 2}]}',
        SOLVE,
        r"example 1: no field 'output'.*did you mean ouput",
    ),
    Case(
        "a type that is none",
        "t.json",
        task(([1], 2), type="int -> lost int"),
        SOLVE,
        r"not a type|lost.*allowed|expected",
    ),
    Case(
        "a value that is not of the stated type",
        "t.json",
        task(([1], 2), type="string -> int"),
        SOLVE,
        r"example 1, input 1: 1 is not a valid string",
    ),
    Case(
        "several tasks and none named",
        "t.jsonl",
        task(([1], 2)) + "\n" + task(([1], 2), name="u") + "\n",
        SOLVE,
        r"2 tasks; name one \(--task NAME\): t, u",
    ),
    Case(
        "a task that is not in the file",
        "t.jsonl",
        task(([1], 2), name="first") + "\n",
        ("solve", "{file}", "--task", "frist"),
        r"no task 'frist'.*did you mean first",
    ),
    # CSV
    Case("a ragged CSV, with the line", "t.csv", HEAD + "Ada,A\nBob\n", TABLE, r"line 3: 1 cells, the header has 2"),
    Case(
        "a missing column, with those there",
        "t.csv",
        "nam,short\nAda,A\n",
        TABLE,
        r"no column 'name'; columns: 'nam', 'short'; did you mean nam",
    ),
    Case("no columns named", "t.csv", HEAD + "Ada,A\n", SOLVE, r"--input COL.*columns: name,short"),
    Case("no output column named", "t.csv", HEAD + "Ada,A\n", ("solve", "{file}", "--input", "name"), r"--output COL"),
    Case(
        "CSV rows that contradict, with their lines",
        "t.csv",
        HEAD + "Ada,A\nBob,B\nAda,D\n",
        TABLE,
        r"lines 2 and 4 contradict",
    ),
    Case("a CSV without one output", "t.csv", HEAD + "Ada,\n", TABLE, r"column 'short' is empty"),
    Case("no UTF-8, with the line", "t.csv", b"name,short\nAda,A\nJos\xe9,J\n", TABLE, r"line 3: byte 0xe9.*UTF-8"),
    Case("UTF-16", "t.csv", (HEAD + "Ada,A\n").encode("utf-16"), TABLE, r"UTF-16.*save"),
    Case("columns for a file that has none", "t.json", ONE, ("solve", "{file}", "--input", "a"), r"for \.csv files"),
    # Names and options
    Case(
        "an unknown language",
        "t.json",
        ONE,
        ("solve", "{file}", "--language", "list"),
        r"unknown language 'list'; known: .*did you mean lists",
    ),
    Case(
        "an unknown language in the file",
        "t.json",
        task(([1], 2), language="klingon"),
        SOLVE,
        r"unknown language 'klingon'; known: .*; install the package that has this language",
    ),
    Case(
        "an unknown guide",
        "t.json",
        ONE,
        ("solve", "{file}", "--guide", "unifrom"),
        r"unknown guide 'unifrom'; known: .*did you mean uniform",
    ),
    Case(
        "an unknown search",
        "t.json",
        ONE,
        ("solve", "{file}", "--search", "bottomup"),
        r"unknown search 'bottomup'; known: .*did you mean bottom-up",
    ),
    Case("no time at all", "t.json", ONE, ("solve", "{file}", "--seconds", "0"), r"seconds is 0.*positive"),
    Case("no number", "t.json", ONE, ("solve", "{file}", "--seconds", "ten"), r"--seconds.*number"),
    Case("no memory at all", "t.json", ONE, ("solve", "{file}", "--max-memory", "-1"), r"max_memory is -1.*positive"),
    Case("no programs wanted", "t.json", ONE, ("solve", "{file}", "--top", "0"), r"top is 0.*positive"),
    Case("an unknown option", "t.json", ONE, ("solve", "{file}", "--secs", "1"), r"--secs"),
    Case("an unknown verb", "t.json", ONE, ("sovle", "{file}"), r"sovle"),
    Case("no task", "t.json", ONE, ("solve",), r"TASK"),
    Case("an unknown kind of plugin", "t.json", ONE, ("list", "language"), r"unknown kind.*languages"),
    # Programs
    Case(
        "an unknown primitive",
        "t.json",
        ONE,
        ("run", "(smu x0)", "--language", "lists", "--input", "[1]"),
        r"smu.*did you mean.*sum",
    ),
    Case(
        "an ill-typed program, with carets",
        "t.json",
        ONE,
        ("parse", "(take x0 (sum x0))", "--language", "lists"),
        r"\^\^",
    ),
    Case("a truncated program", "t.json", ONE, ("parse", "(sum (map", "--language", "lists"), r"line 1, column"),
    Case("too many brackets", "t.json", ONE, ("parse", "(sum x0))", "--language", "lists"), r"line 1, column 9"),
    Case("an empty program", "t.json", ONE, ("parse", "", "--language", "lists"), r"line 1"),
    Case(
        "an input that is not JSON",
        "t.json",
        ONE,
        ("run", "(sum x0)", "--language", "lists", "--input", "[1,"),
        r"input 1: \[1, is not JSON",
    ),
    Case(
        "an input of the wrong type",
        "t.json",
        ONE,
        ("run", "(sum x0)", "--language", "lists", "--input", '"a"'),
        r"input 1 \(x0\)",
    ),
    Case(
        "too few inputs",
        "t.json",
        ONE,
        ("run", "(+ x0 x1)", "--language", "lists", "--input", "1"),
        r"x1|reads 2 inputs, 1 given",
    ),
    Case(
        "a null input to run",
        "t.json",
        ONE,
        ("run", "(sum x0)", "--language", "lists", "--input", "null"),
        r"input 1.*null",
    ),
    # SyGuS
    Case(
        "a SyGuS syntax error, with the line",
        "t.sl",
        STRING_SL + '(constraint (= (f "a") "a")\n',
        SOLVE,
        r"t\.sl, line 3, column 1: .*not closed",
    ),
    Case(
        "an unknown operator",
        "t.sl",
        STRING_SL.replace("str.++", "str.plus") + '(constraint (= (f "a") "a"))\n' + DONE,
        SOLVE,
        r"str\.plus",
    ),
    Case(
        "a constraint that is not an example",
        "t.sl",
        STRING_SL + "(declare-var y String)\n(constraint (= (f y) y))\n" + DONE,
        SOLVE,
        r"\(= \(f y\) y\)",
    ),
    Case(
        "SyGuS examples that contradict",
        "t.sl",
        STRING_SL + '(constraint (= (f "a") "a"))\n(constraint (= (f "a") "b"))\n' + DONE,
        SOLVE,
        r"contradict",
    ),
    Case("a SyGuS file without examples", "t.sl", STRING_SL + DONE, SOLVE, r"no example|no constraint"),
]


@pytest.mark.parametrize("case", CATALOGUE, ids=[c.name for c in CATALOGUE])
def test_bad_input_gives_one_clear_message(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / case.file
    file.write_bytes(case.content if isinstance(case.content, bytes) else case.content.encode())
    before = file.read_bytes()
    with pytest.raises(SystemExit) as exit_:
        main([part.format(file=file, folder=tmp_path) if "{f" in part else part for part in case.command])
    printed = capsys.readouterr()
    assert exit_.value.code == 2, printed.err
    assert printed.out == ""
    assert printed.err.startswith("neurosynth: ")
    assert "Traceback" not in printed.err
    assert re.search(case.message, printed.err, re.DOTALL), printed.err
    if case.command[0] == "solve" or "^" not in printed.err:  # program text is shown with carets below the message
        assert printed.err.count("\n") == 1, printed.err
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("inputs", "output", "shown"),
    [
        ([[]], 0, "[]"),
        ([-(2**63)], -(2**63), str(-(2**63))),
        (["", "a"], "a", '""'),
        (['\n\t\\"'], '\n\t\\"', "\\n"),
        (["😀é"], "😀é", "😀é"),
    ],
    ids=["empty list", "huge integer", "empty string", "escapes", "beyond ASCII"],
)
def test_odd_but_good_values_are_solved(
    inputs: list[object], output: object, shown: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "t.json"
    file.write_text(task((inputs, output)))
    with pytest.raises(SystemExit) as exit_:
        main(["solve", str(file)])
    printed = capsys.readouterr()
    assert exit_.value.code == 0, printed.err
    assert shown in printed.out


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(b"\xef\xbb\xbf" + (HEAD + "Ada,Ada\nBob,Bob\n").encode())
    with pytest.raises(SystemExit) as exit_:
        main([part.format(file=file) for part in TABLE])
    assert exit_.value.code == 0, capsys.readouterr().err


@pytest.mark.parametrize("digits", [30, 5000])
def test_a_huge_integer_inside_a_list_does_no_harm(
    digits: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "t.json"
    file.write_text(f'{{"name": "t", "examples": [{{"inputs": [[{"9" * digits}]], "output": 1}}]}}')
    with pytest.raises(SystemExit) as exit_:
        main(["solve", str(file), "--seconds", "1", "--json"])
    assert exit_.value.code in (0, 1, 2)
    assert "Traceback" not in capsys.readouterr().err
