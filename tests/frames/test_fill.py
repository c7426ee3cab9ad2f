"""Filling tables: from a few cells to a column, what is doubtful, saved programs and applying them, the command line."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from neurosynth.cli.fill_report import report
from neurosynth.errors import InputError
from neurosynth.frames.apply import Applied, apply_stream
from neurosynth.frames.choice import choose_examples, choose_inputs
from neurosynth.frames.fill import fill_table
from neurosynth.frames.filled import FillConfig
from neurosynth.frames.saved import load_program, save_program
from neurosynth.frames.shapes import CellShapes
from neurosynth.frames.table import read_table
from neurosynth.result import Result
from neurosynth.search.base import Stats
from neurosynth.values.words import text_shape
from tests.commands import status_of

NAMES = "full name,city,surname\nAda Lovelace,London,Lovelace\nAlan Turing,Leeds,Turing\nGrace Hopper,York,\nEmmy Noether,Erlangen,\n"


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    path.write_text(NAMES)
    return path


def test_a_column_is_filled_and_the_rest_of_the_file_stays(names: Path) -> None:
    filled = fill_table(names, ["surname"], inputs=["full name"])
    assert filled.encoded().decode() == NAMES.replace("York,", "York,Hopper").replace("Erlangen,", "Erlangen,Noether")
    (column,) = filled.columns
    assert column.inputs == ("full name",)
    assert column.filled == (2, 3)


def test_a_new_column_needs_given_cells(names: Path) -> None:
    filled = fill_table(names, ["first"], given={"first": {0: "Ada", 1: "Alan"}}, inputs=["full name"])
    assert filled.columns[0].values == ("Ada", "Alan", "Grace", "Emmy")
    assert filled.encoded().decode().splitlines()[0] == "full name,city,surname,first"


def test_a_later_column_may_read_an_earlier_one(names: Path) -> None:
    given = {"loud": {0: "LOVELACE", 1: "TURING"}}
    filled = fill_table(names, ["surname", "loud"], given=given)
    assert filled.columns[1].values == ("LOVELACE", "TURING", "HOPPER", "NOETHER")


def test_rows_that_were_not_shown_are_checked_and_searched_on(tmp_path: Path) -> None:
    rows = [(f"{'x' * (i % 7 + 1)}-{i}", str(i)) for i in range(200)]
    path = tmp_path / "many.csv"
    path.write_text("code,number\n" + "".join(f"{a},{b}\n" for a, b in rows) + "yy-77,\n")
    (column,) = fill_table(path, ["number"]).columns
    assert column.values[-1] == "77"
    assert column.wrong == ()


def test_saved_programs_run_on_other_tables(names: Path, tmp_path: Path) -> None:
    (column,) = fill_table(names, ["surname"], inputs=["full name"]).columns
    assert column.saved is not None
    save_program(column.saved, tmp_path / "surname.json")
    saved = load_program(tmp_path / "surname.json")
    assert saved.program == column.saved.program
    assert saved.to_json() == column.saved.to_json()
    table = io.BytesIO("id;full name\r\n1;Kurt Gödel\r\n2;Plato\r\n".encode())
    counts = Applied()
    text = b"".join(apply_stream(saved, table, applied=counts)).decode()
    assert text.splitlines()[:2] == ["id;full name;surname", "1;Kurt Gödel;Gödel"]
    assert (counts.rows, counts.unlike) == (2, 1)
    assert counts.first_unlike[0].cell == "Plato"


def test_a_row_without_a_value_shows_its_cell_once(tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("issued,day\n07.03.2024,2024-03-07\n25.12.2024,2024-12-25\n01.02.2023,\n")
    (column,) = fill_table(path, ["day"]).columns
    assert column.saved is not None
    counts = Applied()
    b"".join(apply_stream(column.saved, io.BytesIO(b"issued\n31.02.2026\n"), applied=counts))
    (odd,) = counts.first_unlike
    assert odd.cell == "31.02.2026"
    assert re.fullmatch(r"is in the format .* but no date: day is out of range.*; it has no result", odd.reason)


def test_cells_that_have_a_value_are_kept_unless_told_otherwise(names: Path) -> None:
    (column,) = fill_table(names, ["surname"], inputs=["full name"]).columns
    assert column.saved is not None
    table = b"full name,surname\nAda King,x\nKarl Gauss,\n"
    assert b"".join(apply_stream(column.saved, io.BytesIO(table))) == table.replace(b"Gauss,", b"Gauss,Gauss")
    again = b"".join(apply_stream(column.saved, io.BytesIO(table), overwrite=True))
    assert again == b"full name,surname\nAda King,King\nKarl Gauss,Gauss\n"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda row: row.update(format="x"), "not a saved program: format is 'x'"),
        (lambda row: row.update(program="(nothing x0)"), "nothing"),
        (lambda row: row.pop("inputs"), "damaged: field 'inputs'"),
        (lambda row: row.pop("examples"), "damaged: field 'examples'"),
        (lambda row: row.update(examples=[]), "damaged: field 'examples': is empty; expected at least one row"),
        (lambda row: row.update(language="klingon"), "unknown language 'klingon'"),
    ],
)
def test_damaged_programs_are_named(names: Path, tmp_path: Path, change: Any, message: str) -> None:
    (column,) = fill_table(names, ["surname"], inputs=["full name"]).columns
    assert column.saved is not None
    row = column.saved.to_json()
    change(row)
    path = tmp_path / "p.json"
    path.write_text(json.dumps(row))
    with pytest.raises(InputError) as error:
        load_program(path)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("text", "outputs", "message"),
    [
        ("a,b\n1,2\n", ["c"], "no column 'c'; columns: 'a', 'b'"),
        ("a,b\n1,2\n", ["b"], "column 'b' has no empty cell"),
        ("a,b\n1,\n", ["b"], "column 'b' is empty in all 1 rows; fill in two or three"),
        ("a,a,b\n1,2,3\n4,5,\n", ["a"], "2 columns are named 'a'; rename all but one"),
        ("a,b\n1,2\n1,3\n4,\n", ["b"], "lines 2 and 3 contradict: the same cells give '2' and '3' in column 'b'"),
        ("b\n1\n\n", ["b"], "column 'b' has no empty cell"),
    ],
)
def test_what_cannot_be_filled_is_said(tmp_path: Path, text: str, outputs: list[str], message: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        fill_table(path, outputs)
    assert message in str(error.value)


def test_config_says_what_is_allowed() -> None:
    with pytest.raises(InputError, match=r"FillConfig.min_confidence is 2; allowed: 0 to 1"):
        FillConfig(min_confidence=2)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("12 Main St.", "9 Aa Aa."), ("AB-007", "A-9"), ("x  y", "a a"), ("", ""), ("McX é", "Aa a")],
)
def test_shapes(text: str, wanted: str) -> None:
    assert text_shape(text) == wanted
    assert CellShapes.of([text]).fits(text)


def test_columns_that_have_the_output_in_them_are_chosen() -> None:
    columns = {f"c{i}": [str(i * 7 + r) for r in range(3)] for i in range(9)} | {
        "date": ["2024-05-01", "2023-11-30", "1999-02-28"]
    }
    assert "date" in choose_inputs(columns, ["01.05.2024", "30.11.2023", "28.02.1999"], [0, 1, 2], [], most=3)


def test_columns_that_are_empty_in_the_rows_to_fill_are_left_out() -> None:
    shown = ["L, Ada", None, None]
    columns: dict[str, list[Any]] = {"name": ["Ada L", "Alan T", "Kurt G"], "shown": shown}
    assert choose_inputs(columns, ["L", None, None], [0], [1, 2], most=6) == ["name"]
    assert choose_inputs({"shown": shown}, ["L", None, None], [0], [1, 2], most=6) == ["shown"]


def test_a_number_is_chosen_for_the_date_that_it_moves_and_for_the_text_that_it_is_part_of() -> None:
    texts = {f"text {i}": ["gone by in spring, or so", "many letters, all day", "any day of those"] for i in range(6)}
    columns = {**texts, "ordered": ["2024-03-15", "2024-03-18", "2024-03-22"], "days": ["2", "3", "1"]}
    moved = choose_inputs(columns, ["2024-03-19", "2024-03-21", "2024-03-25"], [0, 1, 2], [0, 1, 2], most=3)
    assert {"ordered", "days"} <= set(moved)
    assert "days" in choose_inputs(columns, ["2 days", "3 days", "1 day"], [0, 1, 2], [0, 1, 2], most=3)


def test_numbers_are_chosen_for_numbers() -> None:
    columns = {f"code {i}": [f"A{i}-{r}" for r in (120, 80, 31)] for i in range(6)} | {
        "net": ["100.00", "75.50", "31.25"],
        "vat": ["20%", "7%", "0%"],
    }
    chosen = choose_inputs(columns, ["1,200.00", "80.79", None], [0, 1], [2], most=3)
    assert {"net", "vat"} <= set(chosen)


def test_a_column_derived_from_one_that_is_not_filled_yet(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("name,mail,shown,contact\nAda Lovelace,a@l.org,\"Lovelace, Ada\",Ada <a@l.org>\n"
                    "Alan Turing,t@a.org,\"Turing, Alan\",Alan <t@a.org>\nKurt Gödel,k@g.at,,\n")  # fmt: skip
    (column,) = fill_table(path, ["contact"]).columns
    assert column.inputs == ("name", "mail")
    assert column.values[2] == "Kurt <k@g.at>"


def test_cells_without_a_value_do_not_count_as_filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, program = tmp_path / "t.csv", tmp_path / "p.json"
    path.write_text("paid,month\n2024-05-01,May\n2024-11-30,November\n2023-02-28,\n,\n2023-01-05,\n")
    assert status_of("fill", str(path), "--output", "month", "--save", str(program), "--json") == 0
    (column,) = json.loads(capsys.readouterr().out)["columns"]
    assert (column["filled"], column["empty"]) == (2, 1)
    assert [cell["value"] for cell in column["cells"]] == ["February", "January"]
    assert status_of("fill", str(path), "--output", "month") == 0
    assert "2 cells filled in · 1 left empty where an input is empty" in capsys.readouterr().out
    assert status_of("apply", str(program), str(path)) == 0
    assert "2 of 5 rows filled in · 2 kept as they were · 1 stay empty" in capsys.readouterr().err


def test_what_was_read_is_said_when_nothing_is_found(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,z\n1,x,qwv7\n2,y,oop1\n3,x,8zzt\n4,w,\n")
    (column,) = fill_table(path, ["z"], config=FillConfig(seconds=1.0)).columns
    if column.solved:
        assert column.result.guess
    assert (
        f"The search for {column.name!r} could read the columns 'a', 'b'; to name others, use --input." in column.advice
    )


def test_a_guess_on_a_busy_machine_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\nx,X\ny,Y\nz,\n")
    filled = fill_table(path, ["b"], config=FillConfig(seconds=10.0))
    (column,) = filled.columns
    slow = replace(column.result, stats=Stats(seconds=2.0, processor_seconds=0.6, wall_seconds=14.0))
    monkeypatch.setattr(Result, "guess", property(lambda self: True))
    report(replace(filled, columns=(replace(column, result=slow),)), None, [], to_stderr=False)
    assert (
        "The machine was busy: the search had 0.6 s of processor time in 14 s. More time may find a better program: --seconds."
        in capsys.readouterr().out
    )


def test_examples_show_every_look() -> None:
    rows = [(f"a{i}",) for i in range(500)] + [("x-y",)]
    chosen = choose_examples(rows, [r[0] for r in rows], range(501), most=20)
    assert 500 in chosen
    assert len(chosen) <= 20


def test_fill_on_the_command_line(names: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, program = tmp_path / "out.csv", tmp_path / "p.json"
    options = ["--input", "full name", "--write", str(out), "--save", str(program), "--mark"]
    assert status_of("fill", str(names), "--output", "surname", *options) == 0
    said = capsys.readouterr().out
    assert "surname from full name" in said
    assert f"Written: {out}" in said
    assert out.read_text().splitlines()[0] == "full name,city,surname,surname confidence"
    assert status_of("apply", str(program), str(names), "--overwrite") == 0
    assert "Emmy Noether,Erlangen,Noether" in capsys.readouterr().out
    assert status_of("export", str(program), "--to", "python") == 0
    assert "def program(full_name: str | None) -> str | None:" in capsys.readouterr().out


def test_fill_prints_json_and_makes_columns(names: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--given", "first:2=Ada", "first:3=Alan"]
    assert status_of("fill", str(names), "--output", "surname", "first", *given, "--json") == 0
    row = json.loads(capsys.readouterr().out)
    assert [c["output"] for c in row["columns"]] == ["surname", "first"]
    assert all(c["solved"] for c in row["columns"])


@pytest.mark.parametrize("name", ["out.xlsx", "out.PARQUET", "out.jsonl"])
def test_a_name_of_another_format_is_refused(
    name: str, names: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / name
    assert status_of("fill", str(names), "--output", "surname", "--write", str(target)) == 2
    told = capsys.readouterr().err
    assert "keeps the format of" in told
    assert ".csv" in told
    assert not target.exists()


def test_the_table_itself_is_written_only_in_place(names: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("fill", str(names), "--output", "surname", "--write", str(names)) == 2
    assert "this is the table itself; use --in-place to overwrite it" in capsys.readouterr().err
    assert names.read_text() == NAMES
    assert status_of("fill", str(names), "--output", "surname", "--input", "full name", "--in-place") == 0
    assert "Noether" in names.read_text()


@pytest.mark.parametrize("text", ["surname", "surname:2", "surname:x=1", "surname:99=1"])
def test_given_cells_are_checked(names: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("fill", str(names), "--output", "surname", "--given", text) == 2
    assert f"--given {text!r}" in capsys.readouterr().err


def test_numbers_of_json_lines_keep_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": 0.12345678901234567890, "b": 1.5}\n')
    table = read_table(path)
    assert table.column("a") == [Decimal("0.12345678901234567890")]
    assert (
        table.encoded({"b": {0: 2.5}}, {"c": ["x"]}).decode() == '{"a": 0.12345678901234567890, "b": 2.5, "c": "x"}\n'
    )


@pytest.mark.parametrize("kind", ["jsonl", "parquet", "xlsx"])
def test_other_formats_come_back(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"t.{kind}"
    full = ["Ada Lovelace", "Alan Turing", "Emmy Noether"]
    rows = [{"full name": n, "first": f} for n, f in zip(full, ["=Ada", "=Alan", None], strict=True)]
    if kind == "jsonl":
        path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    elif kind == "parquet":
        pd = pytest.importorskip("pandas", reason="the extra data is not installed")
        pd.DataFrame(rows).to_parquet(path)
    else:
        book = pytest.importorskip("openpyxl", reason="the extra data is not installed").Workbook()
        sheet = book.active
        for at, pair in enumerate([("full name", "first"), *((str(r["full name"]), r["first"]) for r in rows)], 1):
            for column, value in enumerate(pair, 1):
                sheet.cell(at, column).value = value
                sheet.cell(at, column).data_type = "n" if value is None else "s"
        book.save(path)
    filled = fill_table(path, ["first"])
    path.write_bytes(filled.encoded())
    again = read_table(path)
    assert again.column("first")[2] == "=Emmy"
    assert again.column("full name") == ["Ada Lovelace", "Alan Turing", "Emmy Noether"]
    if kind == "xlsx":
        import openpyxl

        assert openpyxl.load_workbook(path).worksheets[0]["B4"].data_type == "s"


def test_a_format_that_does_not_exist_is_undefined_not_a_bug(tmp_path: Path) -> None:
    """Outputs with two signs once made the search write '%-M+%-M', a format with one code twice."""
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1 x,=1+1\n2 y,=2+2\n3 z,\n")
    column = fill_table(path, ["b"]).columns[0]
    assert column.values == ("=1+1", "=2+2", "=3+3")


def test_columns_of_one_name_are_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,a,b\nx y,1,x\nz w,2,\n")
    with pytest.raises(
        InputError,
        match="a table needs one in addition to 'b'; 'a' occurs more than once: give each column its own name",
    ):
        fill_table(path, ["b"])


ORDERS = """street,flat,town,office,mobile,ordered,days,address,phone,due,note
12 Elm Rd,,Leeds,555-1,,2024-03-15,2,"12 Elm Rd, Leeds",555-1,2024-03-19,2 days
3 Oak St,Flat 2,Bath,,555-7,2024-03-18,3,"3 Oak St, Flat 2, Bath",555-7,2024-03-21,3 days
,PO Box 9,York,555-3,555-8,2024-03-22,1,"PO Box 9, York",555-3,2024-03-25,1 day
9 Ash Ln,Unit 4,Hull,555-4,,2024-03-20,10,,,,
1 Bay Ct,,Deal,,555-9,2024-03-28,1,,,,
"""


def test_a_table_of_many_columns_finds_those_that_each_output_needs(tmp_path: Path) -> None:
    """Addresses without their empty parts, the first telephone number, working days later, a plural: by default settings."""
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    filled = fill_table(path, ["address", "phone", "due", "note"])
    rows = filled.encoded().decode().splitlines()[-2:]
    assert rows == [
        '9 Ash Ln,Unit 4,Hull,555-4,,2024-03-20,10,"9 Ash Ln, Unit 4, Hull",555-4,2024-04-03,10 days',
        '1 Bay Ct,,Deal,,555-9,2024-03-28,1,"1 Bay Ct, Deal",555-9,2024-03-29,1 day',
    ]
