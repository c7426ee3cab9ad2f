"""Tables that are odd or wrong, on the command line and on the page: what is said of each, and that nothing is lost."""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from neurosynth.errors import InputError
from neurosynth.frames import delimited
from neurosynth.frames.apply import apply_stream
from neurosynth.frames.fill import fill_table
from neurosynth.frames.filled import FillConfig, column_title
from neurosynth.frames.saved import load_program, save_program
from neurosynth.frames.table import read_table
from neurosynth.page.sheet import Sheet
from tests.commands import status_of

NAMES = ("Ada Lovelace", "Alan Turing", "Grace Hopper", "Kurt Godel")
FIRST = ("Ada", "Alan", "Grace", "Kurt")


def quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


# --- what is refused: on the command line with status 2 and one line, on the page in a sentence ---------------------------------

FILLED = "name,s\nAda Lovelace,Ada\nAlan Turing,Alan\nGrace Hopper,\n"
REFUSED: list[tuple[str, str, list[str], str]] = [
    ("two inputs of one name", "name,name,s\nAda L,1,Ada\nAlan T,2,Alan\nGrace H,3,\n", ["--output", "s"], "'name' occurs more than once"),
    ("one of them asked for", "n,n,s\nAda L,1,Ada\nBo T,2,Bo\nC H,3,\n", ["--output", "s", "--input", "n"], "2 columns are named 'n'"),
    ("two outputs of one name", "name,s,s\nAda L,Ada,\nAlan T,,\n", ["--output", "s"], "2 columns are named 's'; rename all but one"),
    ("two columns without a name", "name,,\nAda L,Ada,\nAlan T,,\n", ["--output", ""], "2 columns are named ''; rename all but one"),
    ("no such output", FILLED, ["--output", "surname"], "no column 'surname'; columns: 'name', 's'; did you mean name?"),
    ("no such input", FILLED, ["--output", "s", "--input", "nme"], "no column 'nme'; columns: 'name', 's'; did you mean name?"),
    ("an output that is read", FILLED, ["--output", "s", "--input", "s"], "no column to read from"),
    ("all outputs given", FILLED.replace("Hopper,", "Hopper,Grace"), ["--output", "s"], "column 's' has no empty cell; empty the cells"),
    ("no output given", "name,s\nAda L,\nAlan T,\n", ["--output", "s"], "column 's' is empty in all 2 rows; fill in two or three"),
    ("no rows", "name,s\n", ["--output", "s"], "column 's' is empty in all 0 rows"),
    ("nothing at all", "", ["--output", "s"], "empty; the first line must name the columns"),
    ("nothing but line ends", "\n\n\n", ["--output", "s"], "empty; the first line must name the columns"),
    ("only the output", "s\nx\n\"\"\n", ["--output", "s"], "no column to read from; a table needs one in addition to 's'"),
    ("rows that contradict", "name,s\nAda L,Ada\nAda L,A\nAlan T,\n", ["--output", "s"], "lines 2 and 3 contradict: the same cells give"),
    ("more noise than rows", "name,s\nAda L,Ada\nAda L,A\nAlan T,\n", ["--output", "s", "--noise", "1"], "noise is 1, but column 's'"),
    ("a row that is short", "name,s\nAda L,Ada\nAlan T\n", ["--output", "s"], "line 3: 1 cells, the header has 2"),
    ("a row that is long", "name,s\nAda L,Ada\nAlan T,x,y\n", ["--output", "s"], "line 3: 3 cells, the header has 2"),
    ("a quote that stays open", 'name,s\nAda L,"Ada\nAlan T,\n', ["--output", "s"], "row of a table"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "options", "message"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_the_command_line_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, options: list[str], message: str
) -> None:
    path, target = tmp_path / "t.csv", tmp_path / "out.csv"
    path.write_text(text)
    target.write_text("old")
    assert status_of("fill", str(path), *options, "--write", str(target)) == 2
    said = capsys.readouterr().err
    assert said.startswith("neurosynth: ")
    assert message in said
    assert said.count("\n") == 1
    assert (path.read_text(), target.read_text()) == (text, "old")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.csv", "t.csv"]


PAGE: list[tuple[str, str, dict[str, str], str]] = [
    # what is typed: column → its cells from the top, commas between
    ("two columns of one name", "a,a\n1,2\n", {}, "2 columns are named 'a'; rename all but one"),
    ("no rows", "name,s\n", {}, "a header and no rows; add the rows below the header"),
    ("nothing at all", "", {}, "empty; the first line must name the columns"),
    ("a row that is short", "name,s\nAda L,Ada\nAlan T\n", {}, "line 3: 1 cells, the header has 2"),
    ("rows that contradict", "name\nAda L\nAda L\nAlan T\n", {"s": "Ada,A"}, "contradict: the same cells give 'Ada' and 'A'"),
    ("only the output", "s\nx\ny\n\"\"\n", {"s": "a"}, "no column to read from"),
    ("a column of a name that there is", "name\nAda L\n", {"name ": "x", "name": ""}, "there is a column 'name' already"),
    ("a column without a name", "name\nAda L\n", {"  ": ""}, "a column needs a name"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "typed", "message"), [c[1:] for c in PAGE], ids=[c[0] for c in PAGE])
def test_what_the_page_says(text: str, typed: dict[str, str], message: str) -> None:
    said: list[str] = []
    try:
        sheet = Sheet.from_text(text)
        for name, cells in typed.items():
            if name not in sheet.columns or not cells:
                sheet.add_column(name)
            for row, cell in enumerate(cells.split(",")):
                sheet.type(name, row, cell)
        sheet.fill()
        said += sheet.problems.values()
    except InputError as error:
        said.append(str(error))
    assert any(message in s for s in said), said


# --- names that are odd, and taken -------------------------------------------------------------------------------------------

ODD = ["area m²", "½", "class", "", "  ", 'a"b', "x'y", "ünï", "=1+1", "--x", "a:b", "a: b", "lambda", "None", "\u202eabc", "very " * 99,
       "a\tb", "#", "{x}", "%s", "__init__", "1", "a/b", "../x", "[red]", "\x1b[31mx", "x,y", "a\nb", "ｉｆ", "\ufeffx"]  # fmt: skip
QUICK = FillConfig(seconds=5, min_confidence=0)


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_taken(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As an input and as an output: filled, saved, exported, applied, and shown in a line that a terminal only prints."""
    path = tmp_path / "t.csv"
    cells = [*FIRST[:2], "", ""]
    path.write_text(
        f"{quoted(name)},s\n" + "".join(f"{a},{b}\n" for a, b in zip(NAMES, cells, strict=True)), encoding="utf-8"
    )
    column = fill_table(path, ["s"], config=QUICK).columns[0]
    assert column.values == FIRST
    assert column.inputs == (name,)
    assert column.saved is not None
    save_program(column.saved, tmp_path / "p.json")
    assert load_program(tmp_path / "p.json").to_json() == column.saved.to_json()
    for form in ("python", "pandas", "polars", "sql", "excel", "json"):
        code = column.result.export(column.result.best, form)
        assert code is not None or form in ("sql", "excel"), form
    space: dict[str, Any] = {}
    exec(str(column.result.export(column.result.best, "python")), space)
    assert space["program"](NAMES[2]) == "Grace"
    shown = str(column)
    assert shown.replace("\n", "").isprintable()
    assert len(shown) < 200
    assert status_of("apply", str(tmp_path / "p.json"), str(path), "--write", str(tmp_path / "out.csv")) == 0
    assert read_table(tmp_path / "out.csv").column("s") == list(FIRST)
    capsys.readouterr()


@pytest.mark.parametrize("name", [n for n in ODD if n.strip()])
def test_odd_names_of_outputs_are_taken_by_the_page(name: str) -> None:
    sheet = Sheet.from_text("name\n" + "\n".join(NAMES) + "\n")
    sheet.add_column(name)
    for row in range(2):
        sheet.type(name, row, FIRST[row])
    sheet.fill()
    assert sheet.problems == {}
    assert sheet.cells(name) == list(FIRST)
    assert read_table(io.BytesIO(sheet.download())).column(name) == list(FIRST)


@pytest.mark.parametrize(
    ("name", "title"), [("", "(no name)"), (" \t", "(no name)"), ("a\nb", "a b"), ("\x1b[0m", r"\x1b[0m")]
)
def test_titles_are_short_lines(name: str, title: str) -> None:
    assert column_title(name) == title
    assert len(column_title("x" * 1000)) <= 60


@pytest.mark.parametrize("other", ["x0", "x1", "(no name)", "(no name)'"])
def test_a_column_without_a_name_is_not_taken_for_another(tmp_path: Path, other: str) -> None:
    path = tmp_path / "t.csv"
    cells = [*FIRST[:2], "", ""]
    rows = zip(NAMES, NAMES[::-1], cells, strict=True)
    path.write_text(f",{other},s\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows))
    column = fill_table(path, ["s"], config=QUICK).columns[0]
    assert (column.inputs, column.values) == (("",), FIRST)
    assert column.saved is not None
    save_program(column.saved, tmp_path / "p.json")
    applied = b"".join(apply_stream(load_program(tmp_path / "p.json"), path))
    assert read_table(io.BytesIO(applied)).column("s") == list(FIRST)


def test_a_thousand_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    others = [[str(i * j % 97) for i in range(999)] for j in range(4)]
    lines = [",".join([*more, n, f]) for more, n, f in zip(others, NAMES, [*FIRST[:2], "", ""], strict=True)]
    path.write_text("\n".join([",".join([*(f"c{i}" for i in range(999)), "name", "s"]), *lines]) + "\n")
    column = fill_table(path, ["s"], config=QUICK).columns[0]
    assert (column.inputs, column.values) == (("name",), FIRST)


# --- saved programs that are odd ---------------------------------------------------------------------------------------------------


def _changed(tmp_path: Path, **fields: Any) -> Path:
    """The file of a saved program in which these fields are others, and a table in ``t.csv`` beside it."""
    (tmp_path / "t.csv").write_text(FILLED.replace("s\n", "t\n"))
    saved = fill_table(tmp_path / "t.csv", ["t"], config=QUICK).columns[0].saved
    assert saved is not None
    (tmp_path / "p.json").write_text(json.dumps(dict(saved.to_json()) | fields))
    return tmp_path / "p.json"


def test_a_name_that_no_file_can_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = _changed(tmp_path, output={"name": "half \ud800", "type": "string"})
    assert status_of("apply", str(program), str(tmp_path / "t.csv"), "--write", str(tmp_path / "out.csv")) == 2
    assert r"'\ud800' cannot be written in the file's encoding, utf-8" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("format_", [{"a": "x" * 5000}, ["x"] * 5000, "x" * 5000, 5, None])
def test_what_is_no_saved_program_is_said_shortly(tmp_path: Path, format_: Any) -> None:
    with pytest.raises(InputError, match="not a saved program: format is") as raised:
        load_program(_changed(tmp_path, format=format_))
    assert len(str(raised.value).replace(str(tmp_path), "")) < 300


def test_a_type_that_is_none_is_said_shortly(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        load_program(_changed(tmp_path, type=["x" * 9000]))
    assert len(str(raised.value).replace(str(tmp_path), "")) < 1200


# --- targets and sizes -----------------------------------------------------------------------------------------------------------


def _folder(path: Path) -> str:
    path.mkdir()
    return str(path)


TARGETS: list[tuple[str, Callable[[Path], str], str]] = [
    ("a folder", _folder, "cannot be written: it is a folder"),
    ("a folder that is not there", lambda path: str(path / "no" / "t.csv"), "there is no folder"),
    ("no name", lambda path: "", "names no file"),
    ("a name that is too long", lambda path: str(path.with_name("x" * 300)), "cannot be written: File name too long"),
]  # fmt: skip


@pytest.mark.parametrize(("target", "message"), [t[1:] for t in TARGETS], ids=[t[0] for t in TARGETS])
def test_targets_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], target: Callable[[Path], str], message: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(FILLED)
    assert status_of("fill", str(path), "--output", "s", "--write", target(tmp_path / "out"), "--seconds", "5") == 2
    assert message in capsys.readouterr().err


def test_a_table_that_is_not_there_is_named_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out.csv").write_text("old")
    assert status_of("fill", str(tmp_path / "no.csv"), "--output", "s", "--write", str(tmp_path / "out.csv")) == 2
    assert "no.csv: no such file" in capsys.readouterr().err


def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    path, target = tmp_path / "t.csv", tmp_path / "out.csv"
    path.write_text(FILLED + "".join(f"Ada L{i},\n" for i in range(2000)))
    target.write_text("old")
    command = [sys.executable, "-m", "neurosynth", "fill", str(path), "--output", "s", "--write", str(target)]
    full = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))  # noqa: E731  what the child does first
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=full, check=False)
    assert done.returncode == 2, done
    assert "cannot be written: File too large; the old file is unchanged" in done.stderr
    assert target.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.csv", "t.csv"]


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"t.{kind}"
    with path.open("wb") as file:
        file.truncate(10 * 1000**3)  # of no blocks
    with pytest.raises(InputError, match=r"10\.0 GB, more than the 2 GB that are read into memory; .*neurosynth apply"):
        read_table(path)


def test_standard_input_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LIMIT", 1000)
    with pytest.raises(InputError, match=r"standard input: more than the .* that are read into memory"):
        read_table(io.BytesIO(b"a,b\n" * 1000))
    with pytest.raises(InputError, match=r"/dev/zero: more than the .* that are read into memory"):
        read_table(Path("/dev/zero"))
