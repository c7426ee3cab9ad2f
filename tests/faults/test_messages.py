"""Messages stay short and print plainly, however long, many or odd the names and values in them are."""

from __future__ import annotations

import itertools
import json
import time
from pathlib import Path
from typing import Any

import pytest

from neurosynth.bench.rows import read_rows
from neurosynth.cli.app import run_command_line
from neurosynth.errors import InputError, UnknownNameError, closest, known_names, listed
from neurosynth.guides.token_records import TokenRecord
from tests.bench.sample_rows import row

COLUMNS = 20_000


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of very many columns and three rows."""
    file = tmp_path_factory.mktemp("wide") / "wide.csv"
    names = [f"measure {i}" for i in range(COLUMNS - 2)]
    cells = [",".join(str(i * j) for i in range(COLUMNS - 2)) for j in range(3)]
    rows = [
        f"{first} {second},{first},{rest}"
        for (first, second), rest in zip((("Ada", "King"), ("Al", "X"), ("Bo", "Y")), cells, strict=True)
    ]
    file.write_text("\n".join([",".join(["full name", "short", *names]), *rows, ""]))
    return file


def saved(folder: Path, column: str) -> Path:
    """A saved program that reads a column of this name."""
    file = folder / "p.json"
    text = {"name": column, "type": "string", "shapes": [], "missing": False}
    row: dict[str, Any] = {
        "format": "neurosynth program 1",
        "language": "strings",
        "program": f"(str.at |{column}| 0)",
        "type": "string -> string",
    }
    row |= {
        "inputs": [text],
        "output": {**text, "name": "initial"},
        "confidence": 0.9,
        "examples": [{"inputs": ["Ada"], "output": "A"}],
    }
    file.write_text(json.dumps(row))
    return file


WRONG = [
    (["solve", "{table}", "--input", "full nmae", "--output", "short"], "'full name'"),
    (["solve", "{table}", "--input", "full name", "--output", "shrt"], "'short'"),
    (["solve", "{table}", "--input", "measure 1234x", "--output", "short"], "'measure 1234'"),
    (["solve", "{table}", "--input", "\x1b[31mfull name", "--output", "short"], "'full name'"),
    (["fill", "{table}", "--input", "full nmae", "--output", "short"], "'full name'"),
    (["fill", "{table}", "--input", "Measure 99", "--output", "short"], "'measure 99'"),
    (["solve", "{table}", "--input", "zzzzzzzzzz", "--output", "short"], "19,988 more"),
    (["solve", "{table}", "--input", "", "--output", "short"], "19,988 more"),
    (["solve", "{table}", "--input", "zz" * 50_000, "--output", "short"], "19,988 more"),
]


@pytest.mark.parametrize(("arguments", "wanted"), WRONG, ids=[" ".join(a[:1] + a[2:4])[:40] for a, _ in WRONG])
def test_a_wrong_column_among_very_many_lists_the_nearest_few(
    arguments: list[str], wanted: str, wide: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = time.process_time()
    status = run_command_line([a.format(table=wide) for a in arguments])
    spent = time.process_time() - begun
    err = capsys.readouterr().err
    assert status == 2
    assert err.count("\n") == 1
    assert "no column" in err
    assert wanted in err
    assert len(err) < 1000
    assert "\x1b" not in err
    assert spent < 10


def test_a_saved_program_says_which_column_it_misses(
    wide: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(["apply", str(saved(tmp_path, "full nmae")), str(wide)]) == 2
    err = capsys.readouterr().err
    assert "nearest of 20,000 columns: 'full name'" in err
    assert len(err) < 1000


LISTS = [
    # names, a wrong one, what is said
    (["name", "age"], "nmae", "columns: 'name', 'age'; did you mean name?"),
    (["name", "age"], "zzz", "columns: 'name', 'age'"),
    (
        [f"c{i}" for i in range(12)],
        "zzz",
        "columns: 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'c10', 'c11'",
    ),
    ([f"c{i}" for i in range(13)], "zzz", ", 'c11' … and 1 more"),
    ([f"column {i}" for i in range(2000)], "colum 77", "nearest of 2,000 columns: 'column 77', "),
    (["\x1b[31m"], "zzz", r"columns: '\x1b[31m'"),
    (["x" * 1000], "zzz", "columns: 'xxxxxx"),
]


@pytest.mark.parametrize(("names", "name", "said"), LISTS, ids=[said[:30] for _, _, said in LISTS])
def test_known_names(names: list[str], name: str, said: str) -> None:
    found = known_names("columns", name, names)
    assert said in found
    assert len(found) < 500


def test_the_closest_of_many_is_that_of_all() -> None:
    names = [f"{a}{b}{c} {i}" for i, (a, b, c) in enumerate(itertools.product("abcdefgh", repeat=3))]
    many = [*names, *(f"nothing like {i}" for i in range(5_000))]
    for name in ("abc 1", "fgh 4", "aaa", "bcdd 99"):
        assert closest(name, many) == closest(name, names)


def test_a_list_of_no_names() -> None:
    assert listed([]) == ""
    assert known_names("columns", "a", []) == "columns: "
    assert "known: none" in str(UnknownNameError("search", "x", []))


def test_a_damaged_row_or_token_is_shown_in_part(tmp_path: Path) -> None:
    nested: Any = 1
    for _ in range(300):
        nested = {"a": nested}
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(row() | {"schema": nested}) + "\n")
    with pytest.raises(InputError) as caught:
        read_rows(rows, on_torn=lambda message: None)
    assert len(str(caught.value)) < 500
    with pytest.raises(ValueError, match="not a record of a token") as damaged:
        TokenRecord.of_json([nested, "x"])
    assert len(str(damaged.value)) < 100
