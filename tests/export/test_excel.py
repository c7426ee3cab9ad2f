"""Formulas of spreadsheets: LibreOffice computes what the reference semantics gives, and what cannot be written is named."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from neurosynth.export.base import ExportError
from neurosynth.export.excel import ExcelExporter, column_letters, excel_literal
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.task import Example, Task
from neurosynth.values.types import INT, STRING
from tests.dsl.columns.random_programs import draw as drawn
from tests.export.test_dialects import CELLS, NAMES, draw

ANSWER = 20
"""Place of the column of the formulas."""
NEWER = re.compile(r"\b(ISOWEEKNUM|NUMBERVALUE|BASE|ARABIC|UNICODE)\(")
"""Functions that came after the file format, which have a prefix in files but not on the screen."""


def computed(cases: Sequence[tuple[Program, Sequence[tuple[Any, ...]]]], folder: Path) -> list[list[Any]]:
    """What LibreOffice computes for each program on each row of its inputs."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    openpyxl = pytest.importorskip("openpyxl", reason="the extra data is not installed")
    book = openpyxl.Workbook()
    sheet = book.active
    at = 0
    for program, rows in cases:
        for row in rows:
            at += 1
            for place, value in enumerate(row):
                if value is None or value == "":
                    continue
                cell = sheet.cell(at, place + 1)
                cell.value = float(value) if isinstance(value, Decimal) else value
                if isinstance(value, str):
                    cell.data_type = "s"
                    cell.number_format = "@"
            letters = {p.name or p.head: column_letters(p.index) for p in program.subprograms() if isinstance(p, Input)}
            formula = ExcelExporter(row=at, columns=letters).export(program).splitlines()[0]
            sheet.cell(at, ANSWER, NEWER.sub(r"_xlfn.\1(", formula))
    book.save(folder / "formulas.xlsx")
    out = folder / "out"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir",
         str(out), str(folder / "formulas.xlsx")], check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    values = openpyxl.load_workbook(out / "formulas.xlsx", data_only=True).active
    found: list[list[Any]] = []
    at = 0
    for _, rows in cases:
        found.append([values.cell(at + i + 1, ANSWER).value for i in range(len(rows))])
        at += len(rows)
    return found


def as_cell(value: Any) -> Any:
    """A value of the reference as a cell holds it: missing and the empty text are the same there."""
    return (
        None
        if value == ""
        else float(value)
        if isinstance(value, Decimal | int) and not isinstance(value, bool)
        else value
    )


def same(got: Any, want: Any) -> bool:
    got, want = as_cell(got), as_cell(want)
    if isinstance(want, float) and isinstance(got, float):
        return abs(got - want) <= 1e-9 * max(1.0, abs(want))
    return bool(got == want and isinstance(got, bool) == isinstance(want, bool))


def differences(cases: Sequence[tuple[Program, Sequence[tuple[Any, ...]]]], folder: Path) -> list[str]:
    found = []
    for (program, rows), given in zip(cases, computed(cases, folder), strict=True):
        function = Evaluator().function(program)
        for row, got in zip(rows, given, strict=True):
            want = function(row)
            if want is UNDEFINED or (isinstance(want, str) and len(want) > 32_767):  # more than a cell holds
                continue
            if not same(got, want):
                formula = ExcelExporter().export(program).splitlines()[0]
                found.append(f"{program}\n on {row!r}: {got!r}, not {want!r}\n {formula}")
    return found


BY_HAND: list[tuple[str, str, tuple[Any, ...], Any]] = [
    ("strings", "(str.take a (str.to.int b))", ("abc", "3000000000"), "abc"),
    ("strings", "(str.drop a (str.to.int b))", ("abc", "3000000000"), None),
    ("strings", "(str.at a (str.to.int b))", ("abc", "3000000000"), None),
    ("strings", "(str.substr a 1 (str.to.int b))", ("abc", "3000000000"), "bc"),
    ("strings", "(str.substr a (str.to.int b) 1)", ("abc", "3000000000"), None),
    ("columns", "(str.word a -1)", ("Carl Friedrich Gauss",), "Gauss"),
    ("columns", "(str.word a -2)", ("Carl Friedrich Gauss",), "Friedrich"),
    ("columns", "(str.word a -2)", ("Gauss",), None),
    ("columns", "(str.word a 1)", (" Ada  King Lovelace",), "King"),
    ("columns", '(str.field a "-" 1)', ("x-1-z",), "1"),
    ("columns", '(str.field a "-" -2)', ("x-1-z",), "1"),
    ("columns", '(str.field a "--" -1)', ("x--1--zz",), "zz"),
    ("columns", "(str.trim a)", ("  a  b \t",), "a  b"),
    ("columns", "(str.trim a)", ("   ",), None),
    ("columns", '(str.after a "@")', ("ada@uni.edu",), "uni.edu"),
    ("columns", '(text.slice a 0 (text.index a "@"))', ("ada@uni.edu",), "ada"),
    ("columns", '(text.slice a (+ (text.index a "@") 1) -4)', ("ada@uni.edu",), "uni"),
    ("columns", '(str.pad_left a 5 "0")', ("42",), "00042"),
    ("columns", '(lookup ["S" "P"] ["shipped" "pending"] a)', ("P",), "pending"),
    ("columns", '(lookup ["S" "P"] ["shipped" "pending"] a)', ("s",), None),
    ("columns", '(date.format "%d %b %Y" (date.parse "%d/%m/%Y" a))', ("14/12/2024",), "14 Dec 2024"),
    ("columns", '(time.format "%H:%M" (datetime.time (date.moment (date.parse "%Y-%m-%d %H:%M" a))))', ("2024-03-01 15:03",), "00:00"),
    ("columns", '(date.between "day" (date.parse "%Y-%m-%d %H:%M" a) (date.parse "%Y-%m-%d" b))', ("2024-03-01 15:03", "2024-03-02"), 1),
    ("columns", '(date.format "%A, %B %-d, %Y" (date.parse "%Y-%m-%d" a))', ("2024-03-01",), "Friday, March 1, 2024"),
    ("columns", '(date.format "%Y-%m-%d" (date.parse "%B %d, %Y" a))', ("March 1, 2024",), "2024-03-01"),
    ("columns", '(date.format "%Y-%m-%d" (date.parse "%Y%m%d" a))', ("20240301",), "2024-03-01"),
    ("columns", '(date.format "%d.%m.%y" (date.parse "%Y-%m-%d|%d/%m/%Y" a))', ("01/03/2024",), "01.03.24"),
    ("columns", '(time.format "%-I:%M %p" (time.parse "%H:%M" a))', ("13:05",), "1:05 PM"),
    ("columns", '(time.format "%H:%M" (time.parse "%-I:%M %p" a))', ("1:05 pm",), "13:05"),
    ("columns", '(date.between "day" (date.parse "%Y-%m-%d" a) (date.parse "%Y-%m-%d" b))', ("2024-02-27", "2024-03-01"), 3),
    ("columns", '(date.format "%Y-%m-%d" (date.end_of "quarter" (date.parse "%Y-%m-%d" a)))', ("2024-02-27",), "2024-03-31"),
    ("columns", '(date.part "iso_week" (date.parse "%Y-%m-%d" a))', ("2024-02-27",), 9),
    ("columns", '(decimal.format "$#,##0.00" (decimal.parse "0.#*" a))', ("1234.5",), "$1,234.50"),
    (
        "columns",
        '(decimal.round (decimal "1") "half_up" (decimal.shift 2 (decimal./ (decimal.parse "0" a) (decimal.parse "0" b))))',
        ("46", "80"),
        58,
    ),
    ("columns", '(decimal.shift -2 (decimal./ (decimal.parse "0.*" a) (decimal.parse "0.*" b)))', ("46", "80"), Decimal("0.00575")),
    ("columns", '(decimal.format "0" (decimal.parse "0.#*" a))', ("2.5",), "2"),
    ("columns", '(decimal.format "0" (decimal.parse "0.#*" a))', ("3.5",), "4"),
    ("columns", '(decimal.format "0.0%" (decimal.parse "0.#*" a))', ("0.256",), "25.6%"),
    ("columns", '(decimal.format "0.##" (decimal.parse "0.#*" a))', ("5",), "5"),
    ("columns", '(decimal.format "[comma]#,##0.00" (decimal.parse "#,##0.00" a))', ("1,234.50",), "1.234,50"),
    ("columns", '(decimal.format "0.00" (decimal.round 0.01 "half_up" (decimal.parse "0.#*" a)))', ("2.675",), "2.68"),
    ("columns", "(ordinal.write (str.to.int a))", ("112",), "112th"),
    ("columns", "(ordinal.write (str.to.int a))", ("23",), "23rd"),
    ("columns", '(first_present a "none")', (None,), "none"),
    ("columns", "(str.upper a)", (None,), None),
    ("columns", '(text.with_start "No. " a)', ("no. 7",), "No. no. 7"),
    ("columns", '(text.with_start "No. " a)', ("No. 7",), "No. 7"),
    ("columns", '(text.with_end "." a)', ("Fog",), "Fog."),
    ("columns", '(text.with_end "." a)', ("Fog.",), "Fog."),
    ("columns", '(text.with_end "." a)', (None,), None),
    ("strings", '(str.++ a (str.++ ", " b))', ("x", "y"), "x, y"),
    ("strings", "(str.to.int a)", ("007",), 7),
    ("strings", "(str.to.int a)", ("1e5",), -1),
]  # fmt: skip


def test_formulas_by_hand(tmp_path: Path) -> None:
    cases: list[tuple[Program, Sequence[tuple[Any, ...]]]] = []
    for language, text, row, _ in BY_HAND:
        names = ("a", "b")[: len(row)]
        inputs = [Input(i, STRING, n) for i, n in enumerate(names)]
        cases.append((parse_program(text, load_language(language), inputs=inputs), [row]))
    found = computed(cases, tmp_path)
    for (_, text, row, want), (got,) in zip(BY_HAND, found, strict=True):
        assert same(got, want), f"{text} on {row}: {got!r}, not {want!r}"
    assert differences(cases, tmp_path) == []


def random_of_strings(count: int, seed: int) -> list[tuple[Program, Sequence[tuple[Any, ...]]]]:
    language, rng = load_language("strings"), random.Random(seed)
    cells = [c for c in CELLS if c]
    cases: list[tuple[Program, Sequence[tuple[Any, ...]]]] = []
    while len(cases) < count:
        program = draw(language, STRING, rng.randint(1, 3), "excel", rng)
        if not any(isinstance(p, Input) for p in program.subprograms()):
            continue
        try:
            ExcelExporter(row=99_999).export(program)
        except ExportError:
            continue
        cases.append((program, [tuple(rng.choice(cells) for _ in NAMES) for _ in range(4)]))
    return cases


def random_of_columns(count: int, seed: int) -> list[tuple[Program, Sequence[tuple[Any, ...]]]]:
    """Programs that a formula can express, without cells that a spreadsheet cannot tell from missing ones."""
    cases: list[tuple[Program, Sequence[tuple[Any, ...]]]] = []
    while len(cases) < count:
        seed += 1
        program, rows = drawn(seed)
        read = sorted({p.index for p in program.subprograms() if isinstance(p, Input)})
        if not read or isinstance(program, Input) or str(program.type) not in ("string", "int", "bool", "decimal"):
            continue
        if any(isinstance(v, timedelta | time | date | datetime | tuple) or v == "" for row in rows for v in row):
            continue
        try:
            ExcelExporter(row=99_999).export(program)
        except ExportError:
            continue
        cases.append((program, rows))
    return cases


def test_random_programs(tmp_path: Path) -> None:
    cases = random_of_strings(60, seed=0) + random_of_columns(60, seed=0)
    assert differences(cases, tmp_path) == []


@pytest.mark.slow
def test_many_random_programs(tmp_path: Path) -> None:
    for name, cases in {
        "strings": random_of_strings(500, seed=1),
        "columns": random_of_columns(500, seed=10_000),
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        assert differences(cases, folder) == []


def test_columns_have_letters() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    language = load_language("columns")
    program = Apply(language["str.upper"], (Input(0, STRING, "full name"),), STRING)
    task = Task([Example(("Ada",), "ADA")], input_names=("full name",))
    assert ExcelExporter().export(program, task) == '=IF(A2="","",UPPER(SUBSTITUTE(A2,"ß","SS")))\nA: full name\n'
    assert (
        ExcelExporter(columns={"full name": "AB"}, row=7)
        .export(program, task)
        .startswith('=IF(AB7="","",UPPER(SUBSTITUTE(AB7,"ß","SS")))')
    )
    with pytest.raises(ExportError, match="no letter is given for the column 'full name'; known: code"):
        ExcelExporter(columns={"code": "A"}).export(program, task)


def test_what_a_formula_cannot_express_is_named() -> None:
    language = load_language("columns")
    name = Input(0, STRING, "name")
    with pytest.raises(ExportError, match=r"excel cannot express text.slug .*; export this program to python"):
        ExcelExporter().export(Apply(language["text.slug"], (name,), STRING))
    last = Apply(language["text.rindex"], (name, Constant("ab", STRING)), INT)
    with pytest.raises(ExportError, match=r"text.rindex: a formula cannot find the last 'ab'"):
        ExcelExporter().export(last)
    keys = tuple(map(str, range(99)))
    table = parse_program(
        f"(lookup {list(keys)} {list(keys)} name)".replace("'", '"').replace(",", ""), language, inputs=[name]
    )
    with pytest.raises(ExportError, match="a table of 99 entries; allowed: 60"):
        ExcelExporter().export(table)


@pytest.mark.parametrize(
    ("value", "written"),
    [("a", '"a"'), ('say "x"', '"say ""x"""'), ("", '""'), ("a\tb", '("a"&CHAR(9)&"b")'), (-3, "(-3)"), (True, "TRUE"), (None, '""'),
     (Decimal("1.50"), "1.50"), (("a", 1), '{"a",1}'), (date(2024, 3, 1), "DATE(2024,3,1)")],
)  # fmt: skip
def test_literals(value: Any, written: str) -> None:
    assert excel_literal(value) == written


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("x" * 256, "too long for a formula; allowed: 255"),
        ("a\x01", "control characters"),
        (10**16 + 1, "15 digits"),
        (time(1), "type time"),
    ],
)
def test_literals_that_do_not_exist(value: Any, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        excel_literal(value)
