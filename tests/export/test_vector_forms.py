"""Forms of ``columns`` over whole columns: pandas and polars give what the reference gives, missing cells included."""

from __future__ import annotations

from typing import Any

import pytest

from neurosynth.export.vectors import PandasExporter, PolarsExporter
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.values.types import STRING

DATES = ("2024-02-29", "1999-12-31", None, "2031-07-04", "2020-01-01")
TEXTS = ("Ada King Lovelace", "x-1-z", None, "élan vital", "", "a  b")
CODES = ("S", "P", None, "Q", "S")
CLOCKS = ("2024-02-29 17:05:09", None, "1999-12-31 00:00:00", "2020-06-01 12:30:00")

SHORT = ("29 Feb", "1 Jan", None, "31 Dec", "30 Feb")
HOURS = ("5 PM", "12 AM", None, "11 AM")
YEARS = ("1/2/69", "1/2/68", None, "31/12/99", "1/1/00")

CASES: list[tuple[str, tuple[str | None, ...], bool, bool]] = [
    # program, cells, written over columns by pandas, by polars
    ('(date.format "%d/%m/%Y" (date.parse "%Y-%m-%d" x))', DATES, True, True),
    ('(date.format "%-d %b %Y" (date.parse "%Y-%m-%d" x))', DATES, False, True),
    ('(date.format "%A, %d %B %y" (date.parse "%Y-%m-%d" x))', DATES, True, True),
    ('(date.format "%d.%m.%Y" (date.add 3 "month" (date.parse "%Y-%m-%d" x)))', DATES, True, True),
    ('(date.format "%d.%m.%Y" (date.add -2 "week" (date.parse "%Y-%m-%d" x)))', DATES, True, True),
    ('(date.format "%d.%m.%Y" (date.add 1 "year" (date.parse "%Y-%m-%d" x)))', DATES, True, True),
    ('(date.format "%d.%m.%Y" (date.end_of "month" (date.parse "%Y-%m-%d" x)))', DATES, True, True),
    ('(date.part "year" (date.parse "%Y-%m-%d" x))', DATES, True, True),
    ('(date.part "quarter" (date.parse "%Y-%m-%d" x))', DATES, True, True),
    ('(date.part "weekday" (date.parse "%Y-%m-%d" x))', DATES, True, True),
    ('(date.part "iso_week" (date.parse "%Y-%m-%d" x))', DATES, False, False),
    ('(datetime.format "%H:%M" (datetime.parse "%Y-%m-%d %H:%M:%S" x))', CLOCKS, True, True),
    ('(datetime.format "%I %p" (datetime.parse "%Y-%m-%d %H:%M:%S" x))', CLOCKS, True, True),
    ('(datetime.part "minute" (datetime.parse "%Y-%m-%d %H:%M:%S" x))', CLOCKS, True, True),
    ('(datetime.format "%d.%m.%Y" (datetime.parse "%Y-%m-%d" x))', DATES, True, True),
    ('(date.format "%A" (date.parse "%d %b" x))', SHORT, True, True),
    ('(datetime.format "%A %H" (datetime.add 2 "day" (datetime.parse "%d" x)))', ("1", "31", None, "32"), True, True),
    ('(date.format "%Y-%m-%d" (date.parse "%Y" x))', ("1999", None, "2024"), True, True),
    ('(datetime.format "%Y-%m-%d %H:%M" (datetime.parse "%I %p" x))', HOURS, True, True),
    ('(datetime.format "%Y-%m-%d %H:%M" (datetime.parse "%d %b %H" x))', ("29 Feb 17", None, "1 Jan 00"), True, True),
    ('(date.format "%Y-%m-%d" (date.parse "%d/%m/%y" x))', YEARS, True, True),
    ('(datetime.format "%d/%m/%Y" (datetime.parse "%d/%m/%y" x))', YEARS, True, True),
    ('(date.format "%Y-%m-%d" (date.parse "%A" x))', ("Monday", None), False, False),
    ('(lookup ["S" "P"] ["shipped" "pending"] x)', CODES, True, True),
    ('(lookup_or ["S" "P"] ["shipped" "pending"] "other" x)', CODES, True, True),
    ('(is_one_of ["S" "P"] x)', CODES, True, True),
    ("(text.first_upper x)", TEXTS, True, False),
    ("(text.first_lower x)", TEXTS, True, False),
    ("(text.slice x 1 4)", TEXTS, True, True),
    ("(text.slice x -3 -1)", TEXTS, True, False),
    ("(text.word_at x 1)", TEXTS, True, True),
    ("(text.word_at x -1)", TEXTS, True, True),
    ('(text.split_at x "-" 1)', TEXTS, True, True),
    ('(text.split_at x "-" -1)', TEXTS, True, True),
    ('(text.pad_right x 6 ".")', TEXTS, True, True),
    ("(text.repeat 2 x)", TEXTS, True, False),
    ('(first_present x "none")', TEXTS, True, False),
    ('(str.++ (str.upper x) "!")', TEXTS, True, True),
    ('(decimal.format "0.00" (decimal.parse "0.#*" x))', ("1.5", None, "2"), False, False),
]


def program(text: str) -> Program:
    return parse_program(text, load_language("columns"), inputs=[Input(0, STRING, "x")])


def by_pandas(code: str, cells: tuple[str | None, ...]) -> list[Any]:
    pd = pytest.importorskip("pandas", reason="the extra data is not installed")
    space: dict[str, Any] = {}
    exec(code, space)
    found = space["column"](pd.DataFrame({"x": list(cells)})).tolist()
    return [None if v is None or v is pd.NA or v != v else v for v in found]


def by_polars(code: str, cells: tuple[str | None, ...]) -> list[Any]:
    pl = pytest.importorskip("polars", reason="the extra data is not installed")
    space: dict[str, Any] = {}
    exec(code, space)
    found: list[Any] = (
        pl.DataFrame({"x": list(cells)}, schema={"x": pl.String}).select(value=space["column"])["value"].to_list()
    )
    return found


@pytest.mark.parametrize("dialect", ["pandas", "polars"])
@pytest.mark.parametrize("case", CASES, ids=lambda c: c[0])
def test_columns_give_what_the_reference_gives(
    case: tuple[str, tuple[str | None, ...], bool, bool], dialect: str
) -> None:
    text, cells, pandas, polars = case
    wanted = [Evaluator().function(program(text))((cell,)) for cell in cells]
    code = (PandasExporter() if dialect == "pandas" else PolarsExporter()).export(program(text))
    assert ("def program(" not in code) == (pandas if dialect == "pandas" else polars), code
    given = (by_pandas if dialect == "pandas" else by_polars)(code, cells)
    for cell, want, got in zip(cells, wanted, given, strict=True):
        if want is not UNDEFINED:
            assert got == want, f"{cell!r}: {got!r}, not {want!r}\n{code}"
