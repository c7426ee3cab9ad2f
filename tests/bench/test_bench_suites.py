"""Suites: what a name, a file or a folder stands for; which examples are shown, which are held out."""

from __future__ import annotations

import itertools
import json
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.bench.suites import Suite, find_suite, held_out, sampled, spread, with_tests
from neurosynth.errors import InputError
from neurosynth.language.load import load_language
from neurosynth.tasks.task import Task, example

SL = """(set-logic SLIA)
(synth-fun f ((x String)) String ((Start String)) ((Start String (x "" (str.++ Start Start)))))
(constraint (= (f "a") "aa"))
(check-synth)
"""


def line(name: str = "t", **fields: Any) -> str:
    """A task as a line."""
    return json.dumps({"name": name, "examples": [{"inputs": [i], "output": i + 1} for i in range(4)], **fields}) + "\n"


def found(argument: object) -> tuple[Suite, list[str]]:
    """The suite and what was said of tasks left out."""
    said: list[str] = []
    return find_suite(str(argument), lambda error: said.append(str(error))), said


def test_a_file_is_a_suite_of_its_stem(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text(line("a") + line("b"))
    suite, said = found(tmp_path / "mine.jsonl")
    assert (suite.name, [t.name for t in suite.tasks], suite.left_out, said) == ("mine", ["a", "b"], 0, [])
    (tmp_path / "one.json").write_text(line("a"))
    assert found(tmp_path / "one.json")[0].name == "one"
    (tmp_path / "two.sl").write_text(SL)
    assert [t.name for t in found(tmp_path / "two.sl")[0].tasks] == ["two"]


def test_a_suite_can_be_called_something_else(tmp_path: Path) -> None:
    (tmp_path / "pbe").mkdir()
    (tmp_path / "pbe" / "a.sl").write_text(SL)
    assert found(f"circuits={tmp_path / 'pbe'}")[0].name == "circuits"


def test_a_folder_is_its_sl_files_also_those_below(tmp_path: Path) -> None:
    folder = tmp_path / "strings"
    (folder / "deep").mkdir(parents=True)
    for name in ("b.sl", "deep/a.sl"):
        (folder / name).write_text(SL)
    (folder / "tests.jsonl").write_text("{}")  # beside .sl files: no tasks
    suite, said = found(folder)
    assert (suite.name, [t.name for t in suite.tasks], said) == ("strings", ["b", "a"], [])


def test_a_folder_without_sl_files_is_its_jsonl_files(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(line("a"))
    (tmp_path / "y.jsonl").write_text(line("b"))
    assert [t.name for t in found(tmp_path)[0].tasks] == ["a", "b"]


def test_unusable_tasks_are_said_counted_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.sl").write_text(SL)
    (tmp_path / "b.sl").write_text("(set-logic SLIA)")
    suite, said = found(tmp_path)
    assert ([t.name for t in suite.tasks], suite.left_out) == (["a"], 1)
    assert len(said) == 1
    assert "b.sl: no synth-fun" in said[0]
    (tmp_path / "c.jsonl").write_text(line("a") + '{"name": "b"}\n' + line("c"))
    suite, said = found(tmp_path / "c.jsonl")
    assert ([t.name for t in suite.tasks], suite.left_out) == (["a", "c"], 1)
    assert "line 2" in said[0]


def test_tasks_of_one_name_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(line("a") + line("b") + line("a") + line("a"))
    assert [t.name for t in found(tmp_path / "x.jsonl")[0].tasks] == ["a", "b", "a #2", "a #3"]


def plugin(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str) -> None:
    """Install a suite plugin for this process."""
    module = f"suite_{name.replace('-', '_')}"
    (folder / f"{module}.py").write_text(code)
    info = folder / f"{module}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[neurosynth.suites]\n{name} = {module}:suite\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, module, raising=False)


TASK = "from neurosynth.tasks.task import Task, example\nt = Task([example(1, output=2)], 'only')\n"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("by-function", "def suite():\n    yield t\n"),
        ("by-object", "from neurosynth.bench.suites import Suite\nsuite = Suite('inner', (t,))\n"),
        (
            "by-function-of-object",
            "from neurosynth.bench.suites import Suite\ndef suite():\n    return Suite('x', (t,))\n",
        ),
    ],
)
def test_a_plugin_is_a_suite_of_its_name(name: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin(tmp_path, monkeypatch, name, TASK + code)
    suite, _ = found(name)
    assert (suite.name, [t.name for t in suite.tasks]) == (name, ["only"])


def test_a_plugin_that_gives_something_else_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin(tmp_path, monkeypatch, "odd-things", "suite = [1]\n")
    with pytest.raises(
        InputError, match=r"plugin 'odd-things' \(suites\) gives a int; it must give a .*Suite, or a function"
    ):
        found("odd-things")


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("nothing", r"^unknown suite 'nothing': no such file or folder, and no plugin of that name; known: "),
        ("{folder}/b.jsonl", r"b\.jsonl: no such file; did you mean bad\.jsonl"),
        (
            "{folder}/t.csv",
            r"unknown suffix '\.csv' of a suite; allowed: \.sl, \.json, \.jsonl, or a folder; write its rows to",
        ),
        ("{folder}/bad.jsonl", r"^suite .*bad\.jsonl: no tasks; 1 left out, as said above$"),
        ("{folder}/empty.jsonl", r"empty\.jsonl: no tasks; a file of tasks has one JSON object per line"),
        ("{folder}/none", r"none: a folder without \.sl files \(also in folders below\) and without \.jsonl files$"),
    ],
)
def test_what_is_no_suite_is_said(argument: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    for name, text in {"a.jsonl": line(), "t.csv": "a,b\n", "bad.jsonl": "{}\n", "empty.jsonl": "\n"}.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=message):
        found(argument.format(folder=tmp_path))


# --- which tasks, which examples --------------------------------------------------------------------------------------


@given(st.integers(1, 60), st.none() | st.integers(1, 60))
def test_spread_takes_as_many_as_wanted_in_order(count: int, limit: int | None) -> None:
    tasks = [Task([example(i, output=i)], str(i)) for i in range(count)]
    taken = [int(t.name) for t in spread(tasks, limit)]
    assert len(taken) == min(count, limit or count)
    assert taken == sorted(set(taken))
    steps = [b - a for a, b in itertools.pairwise(taken)]
    assert not steps or max(steps) - min(steps) <= 1


@given(st.integers(1, 8), st.none() | st.integers(1, 9))
def test_what_is_not_shown_is_held_out(count: int, show: int | None) -> None:
    given = [example(i, output=i * 2) for i in range(count)]
    extra = [example(100, output=200)]
    task = held_out(Task(given, test_examples=extra), show)
    assert [*task.examples, *task.test_examples] == [*given, *extra]
    assert len(task.examples) == min(count, show or count)


def test_test_examples_come_by_name_and_with_the_types_of_the_task(tmp_path: Path) -> None:
    bits = Task([example(1, output=2)], "a", type="bitvec 8 -> bitvec 8")  # type: ignore[arg-type]  # text is allowed
    other = Task([example(1, output=2)], "b")
    path = tmp_path / "tests.jsonl"
    path.write_text('{"name": "a", "test_examples": [{"inputs": ["#x0f"], "output": "#xff"}]}\n\n')
    tasks, matched = with_tests([bits, other], path)
    assert (tasks[0].test_examples, tasks[1], matched) == ((example(15, output=255),), other, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"tests\.jsonl, line 1: invalid JSON"),
        ('{"name": "a"}', r'line 1: no test examples; a line is \{"name": "…", "test_examples"'),
        (
            '{"name": "a", "test_examples": [{"inputs": [1]}]}',
            r'test example 1: allowed: \{"inputs": \[\.\.\.\], "output"',
        ),
        ('{"name": "a", "test_examples": [{"inputs": [], "output": 1}]}', r"test example 1: 0 inputs; task 'a' has 1"),
        ('{"name": "a", "test_examples": [{"inputs": ["s"], "output": 1}]}', r'test example 1: "s" is not a valid int'),
    ],
)
def test_test_examples_that_do_not_fit_are_said(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "tests.jsonl").write_text(text)
    with pytest.raises(InputError, match=message):
        with_tests([Task([example(1, output=2)], "a")], tmp_path / "tests.jsonl")


LONG = Task([example(n, output=2 * n) for n in (1, 2, 3, 4, 5, 6, 7, 7)], "long")


def test_samples_show_some_examples_and_hold_out_the_others() -> None:
    drawn = sampled([LONG], 4, 3)
    assert [t.name for t in drawn] == ["long 0", "long 1", "long 2"]
    for task in drawn:
        assert len(task.examples) == 4
        assert len(task.test_examples) == 3
        assert {e.inputs for e in (*task.examples, *task.test_examples)} == {e.inputs for e in LONG.examples}
    assert len({tuple(sorted(e.inputs for e in t.examples)) for t in drawn}) > 1
    again = sampled([LONG], 4, 3)
    assert [t.examples for t in again] == [t.examples for t in drawn]


def test_short_tasks_and_the_same_examples_again_are_left_out() -> None:
    again = Task([*LONG.examples, LONG.examples[0]], "again")
    assert sampled([LONG], 5, 1) == []
    assert [t.name for t in sampled([again, LONG], 4, 1)] == ["again 0"]


@pytest.mark.parametrize("language", ["strings", "lists", "bitvectors", "robustfill", "towers", "lists-little"])
def test_primitives_of_the_shipped_languages_travel_to_other_processes(language: str) -> None:
    primitives = tuple(load_language(language).primitives)
    assert pickle.loads(pickle.dumps(primitives)) == primitives
