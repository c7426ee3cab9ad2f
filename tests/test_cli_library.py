"""Learned languages on the command line: ``--library`` of each verb, ``show``, and what ``learn`` refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from neurosynth_dsls.lists import lists

from neurosynth.extras import installed
from neurosynth.language.learned import LearnedAbstraction, Library, library_text
from neurosynth.language.load import LIBRARIES
from tests.commands import command


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv(LIBRARIES, "")
    return lambda *arguments: command(capsys, *arguments)


@pytest.fixture
def file(tmp_path: Path) -> str:
    library = Library(
        name="lists-grown",
        base="lists",
        fingerprint=lists.fingerprint,
        lineage=(lists.fingerprint,),
        compression=({"round": 1, "solved": 3, "tasks": 4, "with": {"solved": 3, "log2_candidates": 4.0}},),
        abstractions=(
            LearnedAbstraction(name="largest", type="list int -> int", body="(last (sort x0))", round=1, uses=2),
            LearnedAbstraction(name="top", type="list int -> list int", body="(cons (largest x0) x0)", round=1),
        ),
    )
    path = tmp_path / "grown.json"
    path.write_text(library_text(library), encoding="utf-8")
    return str(path)


def test_list_primitives(cli: Any, file: str) -> None:
    done = cli("list", "primitives", "--library", file)
    assert done.status == 0
    assert "top      " in done.out or "top " in done.out
    assert "Means (last (sort x0))." in done.out


def test_solve_prints_by_name(cli: Any, file: str, tmp_path: Path) -> None:
    task = tmp_path / "task.json"
    rows = [[3, 1, 2], [5, 9], [4]]
    examples = [{"inputs": [row], "output": [max(row), *row]} for row in rows]
    task.write_text(json.dumps({"name": "top", "examples": examples}), encoding="utf-8")
    done = cli("solve", str(task), "--library", file, "--json", "--seconds", "20")
    row = json.loads(done.out)
    assert (done.status, row["language"], row["programs"][0]["text"]) == (0, "lists-grown", "(top x0)")
    assert "def largest(x0):" in row["programs"][0]["python"]


def test_parse_writes_out(cli: Any, file: str) -> None:
    assert cli("parse", "(top x0)", "--language", file).out.startswith("(top x0) : list int")
    done = cli("parse", "(top x0)", "--language", file, "--written-out")
    assert done.out.startswith("(cons (last (sort x0)) x0) : list int")


def test_sample_and_train(cli: Any, file: str, tmp_path: Path) -> None:
    tasks, guide = str(tmp_path / "tasks.jsonl"), str(tmp_path / "guide.json")
    options = ("--type", "list int -> list int", "--max-size", "2", "--workers", "1")
    assert cli("sample", "--library", file, "--count", "20", "--out", tasks, *options).status == 0
    done = cli("train", "pcfg", "--library", file, "--tasks", tasks, "--out", guide)
    assert "language 'lists-grown'" in done.out


def test_show_draws_the_library_and_its_growth(cli: Any, file: str, tmp_path: Path) -> None:
    done = cli("show", file, "--out", str(tmp_path / "pictures"), "--format", "svg")
    assert done.status == 0
    names = [Path(line).name for line in done.out.splitlines()]
    assert names == ["library-grown.svg", "growth-grown.svg"]
    assert all((tmp_path / "pictures" / name).stat().st_size > 1000 for name in names)


@pytest.mark.slow
@pytest.mark.skipif(not installed("library"), reason="stitch_core is not installed")
def test_learn_with_two_jobs_and_benchmark_the_library(cli: Any, tmp_path: Path) -> None:
    rows = [[3, 1, 2, 5], [5, 4], [7, 7, 1], [2, 9, 4, 4]]
    lines = []
    for n in (1, 2, 3):
        for name, function in (("smallest", sorted), ("largest", lambda xs: sorted(xs)[::-1])):
            examples = [{"inputs": [row], "output": function(row)[:n]} for row in rows]
            lines.append(json.dumps({"name": f"{n} {name}", "examples": examples}))
    suite = tmp_path / "suite.jsonl"
    suite.write_text("\n".join(lines) + "\n", encoding="utf-8")
    texts = []
    for jobs in ("1", "2"):
        out = str(tmp_path / f"learned{jobs}.json")
        options = ("--rounds", "1", "--seconds", "0.5", "--dreams", "0", "--jobs", jobs, "--name", "grown", "--no-gate")
        done = cli("learn", str(suite), "--language", "lists", "--guide", "uniform", "--out", out, *options)
        assert done.status == 0, done.err
        texts.append(json.loads(Path(out).read_text(encoding="utf-8")))
    assert texts[0]["primitives"] == texts[1]["primitives"] != []  # jobs change how long it takes, and nothing else
    rows_file = str(tmp_path / "rows.jsonl")
    done = cli("bench", "run", str(suite), "--library", out, "--seconds", "5", "--jobs", "2", "--out", rows_file)
    assert done.status == 0, done.err
    found = [json.loads(line) for line in Path(rows_file).read_text(encoding="utf-8").splitlines()]
    assert {row["language"] for row in found} == {"grown"}
    assert all(row["solved"] for row in found)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "guides", "--library", "FILE"), "goes with 'list primitives' only"),
        (("list", "primitives", "--library", "FILE", "--language", "strings"), "--language is 'strings'"),
        (("list", "primitives", "--library", "nowhere.json"), "nowhere.json: no such file"),
        (("learn", "t.jsonl", "--out", "l.json"), "no language; give --language NAME, or --library FILE"),
        (("learn", "t.jsonl", "--language", "lists", "--out", "l.txt"), "a learned language is a .json file"),
        (("learn", "t.jsonl", "--language", "lists", "--out", "l.json", "--rounds", "0"), "rounds is 0"),
        (("learn", "nowhere.jsonl", "--language", "lists", "--out", "l.json"), "nowhere.jsonl"),
        (("sample", "--count", "3", "--out", "s.jsonl"), "no language"),
        (("train", "pcfg", "--out", "g.json"), "no language"),
    ],
)
def test_what_cannot_be_used_is_said(
    cli: Any, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = cli(*(file if a == "FILE" else a for a in arguments))
    assert done.status == 2
    assert said in done.err


def test_an_edited_library_is_named_with_its_primitive(cli: Any, file: str, tmp_path: Path) -> None:
    """Whatever verb reads it: one line with the file, the primitive, what is wrong and what to do."""
    text = Path(file).read_text(encoding="utf-8")
    Path(file).write_text(text.replace("(last (sort x0))", "(last (sort x0)"), encoding="utf-8")
    task = tmp_path / "task.json"
    task.write_text('{"examples": [{"inputs": [[1, 2]], "output": 2}]}', encoding="utf-8")
    for verb in (
        ("list", "primitives", "--library", file),
        ("solve", str(task), "--library", file),
        ("show", file, "--out", str(tmp_path)),
    ):
        done = cli(*verb)
        assert done.status == 2
        assert "grown.json: primitive 'largest'" in done.err
        assert len(done.err.strip().splitlines()) == 1


def test_a_library_on_a_changed_base_is_used_as_far_as_it_holds(cli: Any, file: str, tmp_path: Path) -> None:
    row = json.loads(Path(file).read_text(encoding="utf-8"))
    row["base"]["fingerprint"] = "0000000000000000"
    row["primitives"].append({"name": "gone", "type": "list int -> int", "body": "(no_longer_there x0)"})
    Path(file).write_text(json.dumps(row), encoding="utf-8")
    done = cli("list", "primitives", "--library", file)
    assert done.status == 0
    assert "largest" in done.out
    assert "gone" not in done.out
    assert "primitive 'gone': no primitive is called no_longer_there" in done.err
    assert "left out, as language 'lists' has changed since" in done.err


def test_a_suite_for_another_language_solves_nothing_and_says_why(cli: Any, tmp_path: Path) -> None:
    suite = tmp_path / "suite.jsonl"
    suite.write_text('{"name": "upper", "examples": [{"inputs": ["a"], "output": "A"}]}\n', encoding="utf-8")
    options = ("--rounds", "1", "--seconds", "1", "--together", "0", "--jobs", "1", "--abstractions", "0", "--json")
    done = cli("learn", str(suite), "--language", "towers", "--out", str(tmp_path / "l.json"), *options)
    assert done.status == 0, done.err
    assert json.loads(done.out)["solved"] == 0
    assert "no task was solved in language 'towers'" in done.err
    assert "are the tasks of this language?" in done.err


def test_learning_without_stitch_names_its_extra(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neurosynth.extras.find_spec", lambda name: None)
    done = cli("learn", "suite.jsonl", "--language", "lists", "--out", str(tmp_path / "l.json"))
    assert done.status == 2
    assert "compression needs stitch_core" in done.err
    assert ".[library]" in done.err
