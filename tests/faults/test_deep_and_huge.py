"""Deep nesting, huge numbers and characters that terminals act on, wherever a text is read: one plain line, never a traceback."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from neurosynth.cli.app import run_command_line
from tests.bench.sample_rows import row
from tests.faults.fuzz import judge

DEEP = "[" * 300 + "]" * 300
DEEPER = "[" * 100_000 + "]" * 100_000
HUGE = "9" * 5000
ESCAPE = "\x1b]0;owned\x07\x1b[31m\u202eevil"
LIMITS = ["--seconds", "0.05"]


def task(**fields: str) -> str:
    """A task in JSON; fields are texts in JSON."""
    whole = {"name": '"t"', "examples": '[{"inputs": [1], "output": 2}, {"inputs": [5], "output": 6}]', **fields}
    return "{" + ", ".join(f'"{name}": {text}' for name, text in whole.items()) + "}"


def saved(**fields: Any) -> str:
    """A saved program."""
    column = {"name": "n", "type": "string", "shapes": ["a"], "missing": False}
    whole: dict[str, Any] = {
        "format": "neurosynth program 1",
        "language": "strings",
        "program": "(str.at n 0)",
        "type": "string -> string",
    }
    whole |= {"inputs": [column], "output": {**column, "name": "i"}, "confidence": 0.9}
    return json.dumps({**whole, "examples": [{"inputs": ["Ada"], "output": "A"}], **fields})


def example(given: str, wanted: str) -> str:
    return f'[{{"inputs": [{given}], "output": {wanted}}}]'


ROW = json.dumps(row())
Case = tuple[str, str, list[str], tuple[int, ...]]
"""The name of a file, what it holds, a command line with ``{}`` for it, and the statuses it may end with."""
SOLVE, BAD, ANY = ["solve", "{}", *LIMITS], (2,), (0, 1, 2)
GUIDED = ["solve", "{folder}/sum.json", "--guide", "{}", "--seconds", "5"]
"""A guide is looked at within the limit of the search: before that is over also on a machine with much to do."""
SAMPLE = ["sample", "--language", "lists", "--count", "1", "--out", "{folder}/s.jsonl"]
BITS = "(set-logic BV)(synth-fun f ((x (_ BitVec 8))) (_ BitVec 8))"
RAY = ["bench", "run", "{}", "--out", "{folder}/r.jsonl", "--cluster", "ray", "--cluster-address"]
TRAIN = ["train", "ngram", "--language", "lists", "--out", "{folder}/g.json"]

CASES: dict[str, Case] = {
    # nested
    "an input 300 deep": ("t.json", task(examples=example(DEEP, "1")), SOLVE, ANY),
    "an input 100,000 deep": ("t.json", task(examples=example(DEEPER, "1")), SOLVE, BAD),
    "an output 300 deep": ("t.json", task(examples=example("1", DEEP)), SOLVE, ANY),
    "a type 300 deep": ("t.json", task(type=f'"{"list " * 300}int -> int"'), SOLVE, BAD),
    "a type 100,000 deep": ("t.json", task(type=f'"{"(" * 100_000}int"'), SOLVE, BAD),
    "a constant 300 deep": ("t.json", task(constants=f"[{DEEP}]"), SOLVE, ANY),
    "a field nobody reads": ("t.json", task(note=DEEPER), SOLVE, BAD),
    "a line of many": ("t.jsonl", task() + "\n" + task(examples=example(DEEPER, "1")), ["solve", "{}", "--task", "t", *LIMITS], BAD),
    "a suite": ("t.jsonl", task(examples=example(DEEPER, "1")), ["bench", "run", "{}", "--out", "{folder}/rows.jsonl"], BAD),
    "rows to report on": ("r.jsonl", ROW[:-1] + f', "trace": {DEEPER}}}\n', ["bench", "report", "{}", "--out", "{folder}/out"], BAD),
    "rows to compare": ("r.jsonl", ROW[:-1] + f', "trace": {DEEPER}}}\n', ["bench", "compare", "{}", "{}"], BAD),
    "a guide": ("g.json", DEEPER, GUIDED, BAD),
    "a learned language": ("l.json", DEEPER, ["solve", "{folder}/sum.json", "--library", "{}", *LIMITS], BAD),
    "a learned language, listed": ("l.json", DEEPER, ["list", "primitives", "--library", "{}"], BAD),
    "what show is given": ("l.json", DEEPER, ["show", "{}", "--out", "{folder}/out"], BAD),
    "tasks to train on": ("t.jsonl", DEEPER, [*TRAIN, "--tasks", "{}"], BAD),
    "programs to train on": ("c.txt", "(" * 5000, [*TRAIN, "--corpus", "{}"], BAD),
    "settings": ("c.toml", f"[model]\nx = {DEEPER}", [*TRAIN, "--config", "{}"], BAD),
    "where inputs are from": ("t.jsonl", DEEPER, [*SAMPLE, "--inputs-from", "{}"], BAD),
    "a saved program": ("p.json", DEEPER, ["apply", "{}", "{folder}/t.csv"], BAD),
    "a saved program's examples": ("p.json", saved().replace('["Ada"]', f"[{DEEPER}]"), ["export", "{}", "--to", "python"], BAD),
    "a saved program's text": ("p.json", saved(program="(str.at " * 500), ["apply", "{}", "{folder}/t.csv"], BAD),
    "a cell of JSON lines": ("t.jsonl", f'{{"a": {DEEPER}, "b": 1}}\n', ["fill", "{}", "--output", "b", *LIMITS], BAD),
    "an input to run on": ("none", "", ["run", "(sum x0)", "--language", "lists", "--input", DEEPER], BAD),
    "a program to run": ("none", "", ["run", "(take 1 " * 500, "--language", "lists", "--input", "[1]"], BAD),
    "a program to parse": ("none", "", ["parse", "(reverse " * 400 + "x0" + ")" * 400, "--language", "lists"], BAD),
    "a SyGuS file": ("t.sl", "(" * 100_000, SOLVE, BAD),
    # numbers of 5,000 digits
    "a huge input": ("t.json", task(examples=example(HUGE, "1")), SOLVE, BAD),
    "a huge output": ("t.json", task(examples=example("1", HUGE)), SOLVE, BAD),
    "a huge number in a list": ("t.json", task(examples=example(f"[{HUGE}]", "1")), SOLVE, BAD),
    "a huge constant": ("t.json", task(constants=f"[{HUGE}]"), SOLVE, BAD),
    "a huge exponent": ("t.json", task(examples=example("1e99999", "1")), SOLVE, ANY),
    "a huge width": ("t.json", task(type=f'"bitvec {HUGE} -> int"'), SOLVE, BAD),
    "a huge number of wrong examples": ("t.json", task(noise=HUGE), SOLVE, BAD),
    "a huge constant on the command line": ("t.json", task(), [*SOLVE, "--constant", HUGE], ANY),
    "a huge number in a program": ("none", "", ["parse", f"(+ x0 {HUGE})", "--language", "lists"], BAD),
    "a huge number in a program to run": ("none", "", ["run", f"(+ x0 {HUGE})", "--language", "lists", "--input", "1"], BAD),
    "a huge input to run on": ("none", "", ["run", "(+ x0 1)", "--language", "lists", "--input", HUGE], BAD),
    "a huge index": ("none", "", ["run", f"((_ extract {HUGE} 0) x0)", "--language", "bitvectors", "--input", '"#x01"'], BAD),
    "a huge number in a SyGuS file": ("t.sl", f"(set-logic LIA)(synth-fun f ((x Int)) Int)(constraint (= (f 1) {HUGE}))", SOLVE, BAD),
    "a huge number in a row": ("r.jsonl", ROW[:-1] + f', "programs_tried": {HUGE}}}\n', ["bench", "compare", "{}", "{}"], BAD),
    "a huge number in a guide": ("g.json", f'{{"neurosynth_guide": {HUGE}}}', GUIDED, BAD),
    "a huge number in a saved program": ("p.json", saved().replace("0.9", HUGE), ["apply", "{}", "{folder}/t.csv"], BAD),
    "a huge number in a saved program's text": ("p.json", saved(program=f"(str.at n {HUGE})"), ["apply", "{}", "{folder}/t.csv"], BAD),
    "a huge width in a SyGuS file": ("t.sl", f"{BITS}(constraint (= (f (_ bv1 {'9' * 11})) #x01))", SOLVE, BAD),
    "a width that is no number": ("t.json", task(type='"bitvec ² -> int"'), SOLVE, BAD),
    "a line that is no number": ("t.csv", "n,i\nAda,A\n", ["fill", "{}", "--output", "i", "--given", "i:²=A", *LIMITS], BAD),
    "a huge port": ("t.json", task(), [*RAY, f"h:{HUGE}"], BAD),
    "a huge line": ("t.csv", "n,i\nAda,A\n", ["fill", "{}", "--output", "i", "--given", f"i:{HUGE}=A", *LIMITS], BAD),
    "a huge seed": ("t.json", task(), [*SOLVE, "--seed", HUGE], BAD),
    # characters that a terminal acts on, and long texts
    "a task of an odd name": ("t.json", task(name=json.dumps(ESCAPE), examples="[]"), SOLVE, BAD),
    "a field of an odd name": ("t.json", "{" + json.dumps(ESCAPE) + ": 1}", SOLVE, BAD),
    "an odd language": ("t.json", task(language=json.dumps(ESCAPE)), SOLVE, BAD),
    "an odd type": ("t.json", task(type=json.dumps(ESCAPE)), SOLVE, BAD),
    "an odd value": ("t.json", task(type='"int -> int"', examples=example(json.dumps(ESCAPE), "1")), SOLVE, BAD),
    "an odd option": ("t.json", task(), ["solve", "{}", f"--{ESCAPE}"], BAD),
    "an odd verb": ("none", "", [ESCAPE], BAD),
    "an odd file": ("none", "", ["solve", f"{ESCAPE}.json"], BAD),
    "an odd guide": ("t.json", task(), ["solve", "{}", "--guide", ESCAPE, "--seconds", "5"], BAD),
    "an odd search": ("t.json", task(), [*SOLVE, "--search", ESCAPE], BAD),
    "an odd exporter": ("p.json", saved(), ["export", "{}", "--to", ESCAPE], BAD),
    "an odd program": ("none", "", ["parse", ESCAPE, "--language", "lists"], BAD),
    "an odd input": ("none", "", ["run", "(sum x0)", "--language", "lists", "--input", ESCAPE], BAD),
    "an odd column": ("t.csv", f"{ESCAPE},b\n1,2\n", ["fill", "{}", "--output", "c"], BAD),
    "an odd output column": ("t.csv", "a,b\n1,2\n", ["fill", "{}", "--output", ESCAPE], BAD),
    "an odd cell": ("t.csv", f"a,b\n{ESCAPE},1\n{ESCAPE},2\n3,\n", ["fill", "{}", "--output", "b", *LIMITS], BAD),
    "an odd row of rows": ("r.jsonl", json.dumps({"suite": ESCAPE}) + "\n", ["bench", "compare", "{}", "{}"], BAD),
    "an odd symbol in a SyGuS file": ("t.sl", f"(set-logic LIA)({ESCAPE})", SOLVE, BAD),
    "a long program": ("none", "", ["parse", "(" + "x" * 100_000, "--language", "lists"], BAD),
    "a long name of a task": ("t.jsonl", task(), ["solve", "{}", "--task", "x" * 100_000], BAD),
    "a long text where a number belongs": ("t.json", task(type='"int -> int"', examples=example(json.dumps("x" * 100_000), "1")), SOLVE, BAD),
    "a long language": ("t.json", task(), [*SOLVE, "--language", "x" * 100_000], BAD),
    "a long path": ("none", "", ["solve", "x" * 100_000], BAD),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "command", "statuses"), CASES.values(), ids=CASES.keys())
def test_it_is_one_plain_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    text: str,
    command: list[str],
    statuses: tuple[int, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "sum.json").write_text(
        '{"examples": [{"inputs": [[1, 2]], "output": 3}, {"inputs": [[5]], "output": 5}]}'
    )
    if name != "t.csv":
        (tmp_path / "t.csv").write_text("n\nAda\nAlan\n")
    places = {"{folder}": str(tmp_path), "{}": str(tmp_path / name)}
    arguments = [functools.reduce(lambda part, place: part.replace(*place), places.items(), part) for part in command]
    status = run_command_line(arguments)
    printed = capsys.readouterr()
    judge(status, printed.out, printed.err, statuses, "--json" in command)
    if status == 2:
        assert len(printed.err) < 2500
        assert "\u202e" not in printed.err
