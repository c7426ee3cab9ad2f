"""``--noise`` of ``solve`` and ``fill``: rows that are wrong are named, and near misses without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from neurosynth.cli import main

NAMES = ["Ada Lovelace", "Alan Turing", "Grace Hopper", "Emmy Noether", "Kurt Godel"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table of names, one surname mistyped and one missing."""
    path = tmp_path / "names.csv"
    rows = [f"{n},{'Hoppr' if n.startswith('Grace') else n.split()[1]}" for n in NAMES]
    path.write_text("\n".join(["name,surname", *rows, "Rosa Luxemburg,"]) + "\n", encoding="utf-8")
    return path


def test_solve_names_the_wrong_row(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["solve", str(table), "--input", "name", "--output", "surname", "--guide", "uniform", "--seconds", "20"]
    with pytest.raises(SystemExit) as end:
        main([*command, "--noise", "1"])
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert 'Considered wrong: example 3 ("Grace Hopper") is "Hoppr", the program gives "Hopper"' in said
    with pytest.raises(SystemExit):
        main([*command, "--json"])
    row = json.loads(capsys.readouterr().out)
    assert row["near_miss"]["example"] == 2
    assert (row["near_miss"]["output"], row["near_miss"]["gives"]) == ("Hoppr", "Hopper")


def test_fill_names_the_wrong_cell(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["fill", str(table), "--output", "surname", "--noise", "1", "--seconds", "20", "--json"])
    assert end.value.code == 0
    (column,) = json.loads(capsys.readouterr().out)["columns"]
    assert column["contradicted"] == [{"row": 2, "line": 4, "value": "Hoppr", "gives": "Hopper"}]
    assert ["Grace Hopper"] not in [e["inputs"] for e in column["program"]["examples"]]
    with pytest.raises(SystemExit):
        main(["fill", str(table), "--output", "surname", "--seconds", "20"])
    said = " ".join(capsys.readouterr().out.split())
    assert "A simpler program explains all given cells but one: line 4 has Hoppr, the program gives Hopper" in said


def test_more_noise_than_the_examples_bear_is_refused(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["solve", str(table), "--input", "name", "--output", "surname", "--noise", "4"])
    assert end.value.code == 2
    assert "noise is 4 for 5 examples; allowed: 0 to 2, fewer than half of them" in capsys.readouterr().err
