"""Guesses, and refusing them, on every face: solve, its JSON, fill, its JSON, and Python; with a model that says what the test wants."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

import neurosynth as ns
from neurosynth.apart import synthesize_apart
from neurosynth.cli import main
from neurosynth.cli.show import show
from neurosynth.frames.fill import fill_table
from neurosynth.frames.filled import FillConfig
from neurosynth.killable import Lost
from neurosynth.ranking.confidence import ConfidenceModel, Logistic
from neurosynth.search.base import Progress

NAMES = "full name,surname\nAda Lovelace,Lovelace\nAlan Turing,Turing\nGrace Hopper,\nEmmy Noether,\n"
TASK = {
    "examples": [{"inputs": ["Ada Lovelace"], "output": "Lovelace"}, {"inputs": ["Alan Turing"], "output": "Turing"}],
    "unlabelled": [["Grace Hopper"], ["Emmy Noether"]],
    "language": "columns",
}
Believe = Callable[[float], None]


@pytest.fixture
def believe(monkeypatch: pytest.MonkeyPatch) -> Believe:
    """Makes every answer and every cell as likely as wanted."""

    def always(chance: float) -> None:
        said = Logistic(math.log(chance / (1 - chance)), ())
        model = ConfidenceModel(said, said)
        for module in ("neurosynth.judged", "neurosynth.ranking.cells"):
            monkeypatch.setattr(sys.modules[module], "shipped", lambda: model)

    return always


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    path.write_text(NAMES)
    return path


@pytest.fixture
def task(tmp_path: Path) -> Path:
    path = tmp_path / "surname.json"
    path.write_text(json.dumps(TASK))
    return path


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(a) for a in arguments])
    return int(stopped.value.code or 0)


@pytest.mark.parametrize(
    ("chance", "least", "status"), [(0.8, 0.0, 0), (0.8, 0.79, 0), (0.8, 0.81, 1), (0.3, 0.0, 0), (0.3, 0.5, 1)]
)
def test_solve_exits_with_1_below_the_least_confidence(
    believe: Believe, task: Path, capsys: pytest.CaptureFixture[str], chance: float, least: float, status: int
) -> None:
    believe(chance)
    assert run("solve", task, "--min-confidence", least) == status
    said = capsys.readouterr().out
    assert f"{chance:.0%}" in said
    assert "def program(x0" in said  # the answer is shown whatever it is worth


def test_a_guess_says_so_first(believe: Believe, task: Path, capsys: pytest.CaptureFixture[str]) -> None:
    believe(0.3)
    run("solve", task)
    assert capsys.readouterr().out.splitlines()[0].startswith("A guess: right on every example, but likely wrong")
    believe(0.9)
    run("solve", task)
    assert "guess" not in capsys.readouterr().out.lower()


@pytest.mark.parametrize(("chance", "guess"), [(0.3, True), (0.49, True), (0.5, False), (0.9, False)])
def test_json_says_how_sure_it_is_of_answer_programs_and_cells(
    believe: Believe, task: Path, capsys: pytest.CaptureFixture[str], chance: float, guess: bool
) -> None:
    believe(chance)
    assert run("solve", task, "--json", "--top", 3, "--min-confidence", 0.6) == int(chance < 0.6)
    row = json.loads(capsys.readouterr().out)
    assert (row["confidence"], row["guess"]) == (pytest.approx(chance), guess)
    first, *others = [p["confidence"] for p in row["programs"]]
    assert first == pytest.approx(chance)
    assert sum(others) <= 1 - chance + 1e-3
    assert [c["confidence"] for c in row["fills"]] == pytest.approx([chance, chance])


def test_several_programs_never_sum_to_more_than_certainty(believe: Believe) -> None:
    believe(0.99)
    examples = [ns.example("Ada Lovelace", output="Lovelace")]
    result = ns.synthesize(ns.Task(examples, language="columns", unlabelled=[("J. S. Bach",)]), top=8)
    assert len(result.solutions) > 1
    assert sum(s.confidence for s in result.solutions) <= 1 + 1e-9
    assert "100" not in str(result).split("confidence")[-1][:6]


def test_fill_leaves_cells_empty_that_are_likely_wrong(
    believe: Believe, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    believe(0.3)
    out = tmp_path / "out.csv"
    assert run("fill", table, "--output", "surname", "--write", out) == 1
    assert out.read_text() == NAMES
    said = " ".join(capsys.readouterr().out.split())
    assert "a guess" in said
    assert "--min-confidence 0 fills them in" in said


@pytest.mark.parametrize(("least", "filled", "status"), [(0.0, 2, 0), (0.3, 2, 0), (0.31, 0, 1), (1.0, 0, 1)])
def test_fill_fills_in_what_it_is_told_to(
    believe: Believe, table: Path, capsys: pytest.CaptureFixture[str], least: float, filled: int, status: int
) -> None:
    believe(0.3)
    assert run("fill", table, "--output", "surname", "--json", "--min-confidence", least) == status
    (column,) = json.loads(capsys.readouterr().out)["columns"]
    assert (column["filled"], column["empty"], column["min_confidence"]) == (filled, 2 - filled, least)
    assert column["guess"]
    assert [c["value"] for c in column["cells"]] == ["Hopper", "Noether"][:filled]
    assert all(c["confidence"] == pytest.approx(0.3) for c in column["cells"])


def test_in_python_cells_stay_missing_unless_they_are_wanted(believe: Believe, table: Path) -> None:
    believe(0.3)
    column = fill_table(table, ["surname"]).columns[0]
    assert list(column.values) == ["Lovelace", "Turing", None, None]
    assert (len(column.filled), column.refused) == (0, 2)
    assert "(2 below confidence 50%)" in str(column)
    assert fill_table(table, ["surname"], config=FillConfig(min_confidence=0)).columns[0].refused == 0


@pytest.mark.parametrize("verb", ["solve", "fill"])
@pytest.mark.parametrize("least", [-0.1, 1.5])
def test_a_least_confidence_is_a_share(
    task: Path, table: Path, capsys: pytest.CaptureFixture[str], verb: str, least: float
) -> None:
    arguments = [task] if verb == "solve" else [table, "--output", "surname"]
    assert run(verb, *arguments, "--min-confidence", least) == 2
    said = capsys.readouterr().err
    assert f"neurosynth: --min-confidence {least}: allowed: 0 to 1" in said


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--seconds", "0", "--seconds 0: allowed: a positive number"),
        ("--noise", "-1", "--noise -1: allowed: 0 or a positive number of cells"),
    ],
)
def test_fill_names_the_option_that_is_out_of_bounds(
    table: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, message: str
) -> None:
    assert run("fill", table, "--output", "surname", f"{option}={value}") == 2
    assert capsys.readouterr().err == f"neurosynth: {message}\n"


def test_the_program_of_a_search_that_was_killed_is_a_guess(monkeypatch: pytest.MonkeyPatch, table: Path) -> None:
    """Nobody compared it with others, so it has the lowest confidence that there is, not none."""
    columns = ns.load_language("columns")

    def killed(*_: Any, known: list[Any], on_message: Callable[[Progress], None], **__: Any) -> None:
        program = ns.parse_program("(text.word_at |full name| -1)", columns, inputs=known[0].inputs)
        on_message(Progress(1.0, 10, 3, 5, 50.0, 1.0, program))
        raise Lost("time")

    monkeypatch.setattr("neurosynth.apart.run_killable", killed)
    (column,) = fill_table(table, ["surname"], solve=lambda task, within: synthesize_apart(task, limits=within)).columns
    assert column.result.confidence == 0.01
    assert column.result.guess
    assert "a guess" in str(column)
    assert "confidence 1%" in str(column)
    assert column.filled == ()


@pytest.mark.parametrize(("share", "told"), [(0.0, False), (0.5, True)])
def test_a_closest_program_that_is_right_on_no_example_is_not_shown(share: float, told: bool) -> None:
    task = ns.Task([ns.example("Ada Lovelace", output="Lovelace")], language="columns")
    solved = ns.synthesize(task, limits=ns.Limits(max_programs=500))
    result = replace(solved, solutions=(), closest=replace(solved.best, share=share))
    text = StringIO()
    show(result, text, terminal=False)
    assert ("Closest" in text.getvalue()) is ("closest" in str(result)) is told
    assert "No program is right on every example." in text.getvalue()
