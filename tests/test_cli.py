"""The command line: verbs, options, exit statuses, and who gets stdout."""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosynth.cli.app import spread_columns
from neurosynth.cli.progress import LiveLine, amount, line
from neurosynth.language.program import Input
from neurosynth.search.base import Doing, Limits, Progress
from neurosynth.values.types import INT
from tests.commands import on_a_terminal
from tests.faults.fuzz import how_busy

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
UNSOLVABLE = {"name": "noise", "examples": [{"inputs": [[i, 3, 7]], "output": [i * 7919 % 101, 977]} for i in range(6)]}


def write(path: Path, task: dict[str, Any]) -> Path:
    """A task file."""
    path.write_text(json.dumps(task))
    return path


def test_solve_prints_program_examples_reason_and_python(cli: Any) -> None:
    done = cli("solve", EXAMPLES / "sum.json")
    assert done.status == 0
    assert done.err == ""
    assert done.out.startswith("(sum x0)\n")
    assert re.search(r"\[1, 2, 3\] +6 +✓", done.out)
    assert "Right on 100% of the held-out examples." in done.out
    assert re.search(r"Solved in \d+\.\d\d s · .* programs tried .* guide uniform.* · search auto", done.out)
    assert "def program(x0: list[int]) -> int:" in done.out


def test_solve_json_is_one_object_of_the_contract(cli: Any) -> None:
    done = cli("solve", EXAMPLES / "sum.json", "--json", "--top", 2, "--seed", 0, "--seconds", 5, "--max-memory", 2)
    assert (done.status, done.err, done.out.count("\n")) == (0, "", 1)
    row = json.loads(done.out)
    assert set(row) - {"question"} == {
        "confidence",
        "guess",
        "task",
        "language",
        "stop",
        "programs",
        "stats",
        "sources",
        "trace",
    }
    assert (row["task"], row["language"], row["stop"]) == ("sum", "lists", "solved")
    assert row["programs"][0]["text"] == "(sum x0)"
    assert row["programs"][0]["test_accuracy"] == 1.0
    assert row["programs"][0]["logprob"] < 0
    contract = {"seconds", "programs_tried", "programs_per_second", "values_kept", "peak_memory_mb"}
    assert contract < set(row["stats"])


def test_solve_sygus_prints_a_whole_define_fun(cli: Any) -> None:
    done = cli("solve", EXAMPLES / "lowest_bit.sl", "--json")
    assert done.status == 0
    (program,) = json.loads(done.out)["programs"]
    assert program["smtlib"].startswith("(define-fun lowest ((x (_ BitVec 8))) (_ BitVec 8) ")
    assert program["smtlib"].endswith(")")


def test_solve_shows_bitvectors_as_bitvectors(cli: Any) -> None:
    assert re.search(r"#x58 +#x08 +✓", cli("solve", EXAMPLES / "lowest_bit.sl").out)


def test_solve_csv_fills_in_the_rows_without_output(cli: Any) -> None:
    done = cli("solve", EXAMPLES / "names.csv", "--input", "full_name", "--output", "surname")
    assert done.status == 0
    assert re.search(r'"Emmy Noether" +"Noether"', done.out)
    assert re.search(r'"Kurt Gödel" +"Gödel"', done.out)
    assert "def program(full_name: str | None) -> str | None:" in done.out


def test_solve_one_task_of_many(cli: Any) -> None:
    done = cli("solve", EXAMPLES / "lists.jsonl", "--task", "second-largest", "--json")
    assert done.status == 0
    assert json.loads(done.out)["task"] == "second-largest"


@pytest.mark.parametrize(
    "file",
    # those of tasks; learned.json and learned-guide.json are a language and its guide, tables holds whole tables
    sorted(
        p
        for p in EXAMPLES.rglob("*")
        if p.suffix in (".csv", ".json", ".jsonl", ".sl") and "learned" not in p.name and p.parent.name != "tables"
    ),
    ids=lambda p: p.name,
)
def test_every_shipped_example_loads(file: Path) -> None:
    from neurosynth.tasks.load import load_tasks

    columns: dict[str, Any] = {}
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as handle:
            header = next(csv.reader(handle))
        columns = {"inputs": header[:1], "output": header[-1]}
    assert load_tasks(file, **columns)


def test_not_solved_is_status_1_and_says_what_ran_out(cli: Any, tmp_path: Path) -> None:
    done = cli("solve", write(tmp_path / "noise.json", UNSOLVABLE), "--seconds", 0.5)
    assert done.status == 1
    assert done.out.startswith("No program is right on every example.\n")
    assert "The time limit was reached; raise --seconds" in done.out
    assert re.search(r"Stopped by time after \d", done.out)


def test_not_solved_in_json_has_no_programs(cli: Any, tmp_path: Path) -> None:
    done = cli("solve", write(tmp_path / "noise.json", UNSOLVABLE), "--seconds", 0.5, "--json")
    row = json.loads(done.out)
    assert (done.status, row["stop"], row["programs"]) == (1, "time", [])


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["human", "json"])
def test_an_interrupt_prints_the_best_so_far(more: tuple[str, ...], tmp_path: Path) -> None:
    file = write(tmp_path / "noise.json", UNSOLVABLE)
    command = [sys.executable, "-c", "from neurosynth.cli import main; main()", "solve", str(file), "--seconds", "60"]
    process = subprocess.Popen([*command, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(min(3 * how_busy(), 40))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    if more:
        assert json.loads(out)["stop"] == "interrupted"
    else:
        assert "Interrupted; what was found so far is shown." in out


def test_a_terminal_gets_a_live_line_and_a_pipe_does_not(tmp_path: Path) -> None:
    file = write(tmp_path / "noise.json", UNSOLVABLE)
    command = [sys.executable, "-c", "from neurosynth.cli import main; main()", "solve", str(file), "--seconds", "1.5"]
    status, out, shown = on_a_terminal(command, columns=200)
    assert status == 1
    assert b"programs (" in shown
    assert b"rows explained" in shown
    assert out.startswith(b"No program is right on every example.")
    assert b"\x1b" not in out


def test_the_live_line_says_what_matters() -> None:
    progress = Progress(
        seconds=3.1,
        programs_tried=61_200_000,
        cost=9,
        values_kept=1000,
        memory_mb=819.2,
        best_share=2 / 3,
        best=Input(0, INT),
    )
    assert line(progress, Limits()) == (
        "67% of rows explained: x0 · 3.1 s of 10 · 61.2 M programs (19.7 M/s) · cost 9 · 0.8 of 4 GB"
    )
    working = replace(progress, phase="trying small programs")
    assert line(working, Limits(), rows=3).startswith("trying small programs · 2 of 3 rows explained: x0 · 3.1 s of 10")
    reading = replace(progress, programs_tried=0, cost=0, best=None, best_share=0.0, phase="reading formats")
    assert line(reading, Limits(), rows=3) == "reading formats · 0 of 3 rows explained · 3.1 s of 10"


def test_the_time_of_the_live_line_runs_on_without_news() -> None:
    shown = LiveLine(Limits(), rows=3)
    shown.begin("surname", 3)
    first = str(shown.__rich__())
    assert first.startswith("surname: reading formats · 0 of 3 rows explained · 0.0 s of 10")
    shown(Progress(1.0, 0, 0, 0, 0.0, 2 / 3, None, "trying small programs"))
    time.sleep(0.15)
    later = str(shown.__rich__())
    assert "surname: trying small programs · 2 of 3 rows explained" in later
    assert float(later.split(" s of 10")[0].rsplit(" ", 1)[1]) >= 0.1
    shown.say(Doing.CHECKING)
    assert "checking · 2 of 3 rows explained" in str(shown.__rich__())


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (950, "950"), (9999, "9,999"), (12_345, "12.3 k"), (2.5e6, "2.5 M"), (3e9, "3.0 G")]
)
def test_amounts_are_for_reading(count: float, shown: str) -> None:
    assert amount(count) == shown


RUNS = [
    # program, language, inputs, what it prints
    ("(sum x0)", "lists", ["[1, 2]"], "3"),
    ("(map (lambda (a) (* a a)) x0)", "lists", ["[1, -2]"], "[1, 4]"),
    ("(+ x0 x1)", "lists", ["-3", "1"], "-2"),
    ("(reverse x0)", "lists", ['["a", "b"]'], '["b", "a"]'),
    ("(> x0 1)", "lists", ["2"], "true"),
    ('(str.++ x0 "é")', "strings", ['"caf"'], '"café"'),
    ("(bvadd x0 x1)", "bitvectors", ['"#x0f"', '"#x01"'], '"#x10"'),
    ("(bvadd x0 x1)", "bitvectors", ['"#x0f"', "1"], '"#x10"'),
    ("(bvnot x0)", "bitvectors", ["0"], '"#xffffffffffffffff"'),
    ("3", "lists", [], "3"),
]


@pytest.mark.parametrize(("program", "language", "inputs", "shown"), RUNS, ids=[r[0] for r in RUNS])
def test_run_prints_the_value_as_json(cli: Any, program: str, language: str, inputs: list[str], shown: str) -> None:
    options = [part for value in inputs for part in ("--input", value)]
    assert cli("run", program, "--language", language, *options) == (0, shown + "\n", "")


def test_run_says_where_a_value_is_undefined(cli: Any) -> None:
    assert cli("run", "(head x0)", "--language", "lists", "--input", "[]") == (1, "undefined\n", "")


def test_run_json(cli: Any) -> None:
    done = cli("run", "(sum x0)", "--language", "lists", "--input", "[1, 2]", "--json")
    assert json.loads(done.out) == {
        "program": "(sum x0)",
        "type": "int",
        "inputs": [[1, 2]],
        "defined": True,
        "output": 3,
    }


def test_parse_prints_the_program_with_types(cli: Any) -> None:
    done = cli("parse", "(sum   x0) ; a comment", "--language", "lists")
    assert done == (0, "(sum x0) : int\n    x0 : list int\n", "")


def test_parse_prints_tokens(cli: Any) -> None:
    assert cli("parse", "(take 2 x0)", "--language", "lists", "--tokens") == (0, "take 2 x0\n", "")


def test_parse_json(cli: Any) -> None:
    row = json.loads(cli("parse", "(take 2 x0)", "--language", "lists", "--json").out)
    assert (row["text"], row["size"], row["tokens"]) == ("(take 2 x0)", 3, ["take", "2", "x0"])
    assert row["inputs"] == {"x0": "list int"}


def test_a_program_error_is_complete_in_its_first_line_and_shows_carets(cli: Any) -> None:
    done = cli("parse", "(take x0 (sum x0))", "--language", "lists")
    first, text, carets, *_ = done.err.split("\n")
    assert done.status == 2
    assert "line 1, column" in first
    assert "list int" in first
    assert text.strip() == "(take x0 (sum x0))"
    assert set(carets.strip()) == {"^"}


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("languages", ["bitvectors", "lists", "strings"]),
        ("guides", ["uniform"]),
        ("searches", ["bottom-up"]),
        ("exporters", ["json", "python", "smtlib", "text"]),
        ("suites", []),
    ],
)
def test_list_names_what_there_is(cli: Any, kind: str, names: list[str]) -> None:
    assert set(names) <= set(json.loads(cli("list", kind, "--json").out))
    shown = cli("list", kind, "--verbose")
    assert shown.status == 0
    assert {row.split()[0] for row in shown.out.splitlines()} >= set(names)


def test_list_guides_has_a_heading_for_those_to_be_trained_first(cli: Any) -> None:
    text = cli("list", "guides").out
    ready, kinds = text.split("Kinds of guides, to be trained with 'neurosynth train KIND':\n")
    assert ready.startswith("Guides, for --guide:\n")
    assert [row.split()[0] for row in kinds.splitlines() if row.endswith("neurosynth-pbe")] == [
        "bigram-pcfg", "feedforward", "gru", "lstm", "ngram", "pcfg", "rnn", "transformer", "value",
    ]  # fmt: skip
    assert re.search(r"^  lists-lstm +neurosynth-pbe$", ready, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "verb"),
    [
        (("fill", "t.csv", "--outputs", "a"), "neurosynth fill"),
        (("bench", "run", "t.jsonl", "--outt", "a"), "neurosynth bench run"),
        (("--nonsense",), "neurosynth"),
    ],
)
def test_a_wrong_option_names_the_help_of_its_command(cli: Any, arguments: tuple[str, ...], verb: str) -> None:
    done = cli(*arguments)
    assert done.status == 2
    assert done.err.endswith(f"see '{verb} --help'\n")


def test_list_primitives_shows_types_and_help(cli: Any) -> None:
    done = cli("list", "primitives", "--language", "lists")
    assert re.search(r"^take +int -> list a -> list a +First n elements", done.out, re.MULTILINE)


def test_python_runs_the_package_as_the_command_line() -> None:
    done = subprocess.run([sys.executable, "-m", "neurosynth", "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stdout.split()[0]) == (0, "neurosynth")


def test_version(cli: Any) -> None:
    assert re.fullmatch(r"neurosynth \d+\.\d+\.\d+\n", cli("--version").out)


@pytest.mark.parametrize("verb", ["solve", "run", "parse", "list"])
def test_every_verb_has_help(cli: Any, verb: str) -> None:
    done = cli(verb, "--help")
    assert done.status == 0
    assert "Usage:" in done.out


@pytest.mark.parametrize(
    ("given", "spread"),
    [
        ("solve t.csv --input a b --output c", "solve t.csv --input a --input b --output c"),
        ("solve t.csv --output c --input a b", "solve t.csv --output c --input a --input b"),
        ("solve --input a t.csv --output c", "solve --input a t.csv --output c"),
        ("solve t.csv --json --input a --output c", "solve t.csv --json --input a --output c"),
        ("run p --language l --input 1", "run p --language l --input 1"),
    ],
)
def test_several_columns_may_follow_one_option(given: str, spread: str) -> None:
    assert spread_columns(given.split()) == spread.split()
