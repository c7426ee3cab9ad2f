"""SQL, pandas and polars: random programs give what the reference semantics gives, and what cannot be written is named."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import pytest

from neurosynth.export.base import ExportError
from neurosynth.export.expressions import form_of
from neurosynth.export.sql import SqlExporter, identifier
from neurosynth.export.vectors import PandasExporter, PolarsExporter
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Constant, Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.task import Example, Task
from neurosynth.values.types import BOOL, INT, STRING, Type
from tests.dsl.columns.random_programs import draw as drawn

NAMES = ("full name", "code", 'odd "name"')
CELLS = (
    "", "Ada Lovelace", "x-1, y-22", "alan  turing", " a b ", "12", "007", "a.b.c", "Émile Zola", "ABC def 3", "a-b", "Q", "--",
    "naïve café", "O'Neil", "100%", "a_b\\c", "tab\there",
)  # fmt: skip
TEXTS = ("", " ", "-", ",", ".", "a", "b", "ab", "Z ", "'", "%", "\\", "$1", "é")
NUMBERS = (-3, -2, -1, 0, 1, 2, 3, 5)


def draw(language: Language, t: Type, depth: int, dialect: str, rng: random.Random) -> Program:
    """A random program of a type over primitives that a dialect can write."""
    if depth <= 0 or rng.random() < 0.15:
        if t == STRING and rng.random() < 0.7:
            at = rng.randrange(len(NAMES))
            return Input(at, STRING, NAMES[at])
        pool: tuple[Any, ...] = TEXTS if t == STRING else NUMBERS if t == INT else (True, False)
        return Constant(rng.choice(pool), t)
    fitting = [p for p in language.primitives.values() if p.result == t and _usable(p, dialect)]
    if not fitting:
        return draw(language, t, 0, dialect, rng)
    primitive = rng.choice(fitting)
    # places, counts and separators are constants nearly always, as in what searches find
    arguments = tuple(
        draw(language, a, depth - 1 if i == 0 or rng.random() < 0.25 else 0, dialect, rng)
        for i, a in enumerate(primitive.parameters)
    )
    return Apply(primitive, arguments, t)


def _usable(primitive: Primitive, dialect: str) -> bool:
    simple = all(a in (STRING, INT, BOOL) for a in primitive.parameters)
    return simple and bool(primitive.parameters) and form_of(primitive, dialect) is not None


def wanted(program: Program, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    function = Evaluator().function(program)
    return [function(row) for row in rows]


def by_duckdb() -> Callable[[Program, list[tuple[str, ...]]], list[Any]]:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    connection = duckdb.connect()
    connection.execute('CREATE TABLE t(n INTEGER, "full name" VARCHAR, "code" VARCHAR, "odd ""name""" VARCHAR)')

    def run(program: Program, rows: list[tuple[str, ...]]) -> list[Any]:
        connection.execute("DELETE FROM t")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", [(i, *row) for i, row in enumerate(rows)])
        found = connection.execute(f"SELECT {SqlExporter().export(program)} FROM t ORDER BY n").fetchall()
        return [value for (value,) in found]

    return run


def by_pandas() -> Callable[[Program, list[tuple[str, ...]]], list[Any]]:
    pd = pytest.importorskip("pandas", reason="the extra data is not installed")

    def run(program: Program, rows: list[tuple[str, ...]]) -> list[Any]:
        space: dict[str, Any] = {}
        exec(PandasExporter().export(program), space)
        frame = pd.DataFrame([list(r) for r in rows], columns=list(NAMES))
        return [None if v is None or v is pd.NA or v != v else v for v in space["column"](frame).tolist()]

    return run


def by_polars() -> Callable[[Program, list[tuple[str, ...]]], list[Any]]:
    pl = pytest.importorskip("polars", reason="the extra data is not installed")

    def run(program: Program, rows: list[tuple[str, ...]]) -> list[Any]:
        space: dict[str, Any] = {}
        exec(PolarsExporter().export(program), space)
        frame = pl.DataFrame([list(r) for r in rows], schema=list(NAMES), orient="row")
        found: list[Any] = frame.select(value=space["column"])["value"].to_list()
        return found

    return run


RUNNERS = {"sql": by_duckdb, "pandas": by_pandas, "polars": by_polars}


@pytest.mark.parametrize(("dialect", "count"), [("sql", 150), ("pandas", 150), ("polars", 150)])
def test_random_programs_give_what_the_reference_gives(dialect: str, count: int) -> None:
    check(dialect, count, seed=0)


@pytest.mark.slow
@pytest.mark.parametrize("dialect", RUNNERS)
def test_many_random_programs(dialect: str) -> None:
    check(dialect, 5_000, seed=1)


def check(dialect: str, count: int, seed: int) -> None:
    language, rng, run = load_language("strings"), random.Random(seed), RUNNERS[dialect]()
    differing = []
    checked = 0
    while checked < count:
        program = draw(language, STRING, rng.randint(1, 3), dialect, rng)
        if not any(isinstance(p, Input) for p in program.subprograms()):
            continue
        rows = [tuple(rng.choice(CELLS) for _ in NAMES) for _ in range(6)]
        want = wanted(program, rows)
        if any(v is UNDEFINED for v in want):
            continue
        try:
            given = run(program, rows)
        except ExportError:
            continue  # a form that wants a constant said so
        checked += 1
        if given != want:
            differing.append((str(program), rows, want, given))
    assert differing == []


def in_duckdb(program: Program, rows: Sequence[tuple[Any, ...]], sql: str) -> list[Any]:
    """What DuckDB computes on rows of texts."""
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    read = sorted({p.index: p for p in program.subprograms() if isinstance(p, Input)}.items())
    columns = "".join(f", {identifier(p.name or p.head)} VARCHAR" for _, p in read)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t(n INTEGER{columns})")
        marks = ", ".join("?" for _ in range(len(read) + 1))
        connection.executemany(
            f"INSERT INTO t VALUES ({marks})", [(n, *(row[i] for i, _ in read)) for n, row in enumerate(rows)]
        )
        return [value for (value,) in connection.execute(f"SELECT {sql} FROM t ORDER BY n").fetchall()]


@pytest.mark.parametrize("text", ["(str.title x0)", "(text.title_words x0)", "(text.pascal x0)"])
def test_a_word_may_begin_with_a_sharp_s(text: str) -> None:
    program = parse_program(text, load_language("columns"), request=Task([Example(("a",), "a")]).type)
    rows = [("ßa ẞA Größe ß",)]
    assert in_duckdb(program, rows, SqlExporter().export(program)) == wanted(program, rows)


@pytest.mark.parametrize("count", [150, pytest.param(5_000, marks=pytest.mark.slow)])
def test_random_programs_of_columns_in_sql(count: int) -> None:
    """Those that SQL can write, which are two of five: the others say so."""
    written = tried = 0
    for program, rows in programs_of_texts(100_000):
        if written == count:
            break
        tried += 1
        try:
            sql = SqlExporter().export(program)
        except ExportError:
            continue
        written += 1
        for row, want, got in zip(rows, wanted(program, rows), in_duckdb(program, rows, sql), strict=True):
            if want is not UNDEFINED:
                assert got == want, f"{program}\non {row}: {got!r}, not {want!r}\n{sql}"
    assert written > tried * 0.35


@pytest.mark.parametrize("count", [100, pytest.param(5_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("dialect", ["pandas", "polars"])
def test_random_programs_of_columns_over_whole_columns(dialect: str, count: int) -> None:
    """Those that are written over whole columns: the others call the exported Python, which has tests of its own."""
    pandas, polars = PandasExporter(), PolarsExporter()
    written = 0
    for program, rows in programs_of_texts(200_000):
        if written == count:
            break
        code = (pandas if dialect == "pandas" else polars).export(program)
        if "def program(" in code:
            continue
        written += 1
        given = (over_pandas if dialect == "pandas" else over_polars)(program, rows, code)
        for row, want, got in zip(rows, wanted(program, rows), given, strict=True):
            if want is not UNDEFINED:
                assert got == want, f"{program}\non {row}: {got!r}, not {want!r}\n{code}"


def programs_of_texts(seed: int) -> Iterator[tuple[Program, Sequence[tuple[Any, ...]]]]:
    """Random programs of ``columns`` that read texts alone, with rows, from a seed on, without end."""
    for at in itertools.count(seed + 1):
        program, rows = drawn(at)
        types = {str(p.type) for p in program.subprograms() if isinstance(p, Input)}
        if types == {"string"} and str(program.type) in COMPARED and not fills_without_end(program):
            yield program, rows


def over_pandas(program: Program, rows: Sequence[tuple[Any, ...]], code: str) -> list[Any]:
    """What the function that pandas runs gives on rows of texts, as Python's own values."""
    pd = pytest.importorskip("pandas", reason="the extra data is not installed")
    space: dict[str, Any] = {}
    exec(code, space)
    read = sorted({p.index: p.name or p.head for p in program.subprograms() if isinstance(p, Input)}.items())
    found = space["column"](pd.DataFrame({name: pd.Series([r[i] for r in rows], dtype=object) for i, name in read}))
    plain = [None if v is None or v is pd.NA or v != v else v for v in found.tolist()]
    plain = [v.to_pydatetime() if isinstance(v, pd.Timestamp) else v for v in plain]
    return [v.date() if isinstance(v, datetime) and str(program.type) == "date" else v for v in plain]


def over_polars(program: Program, rows: Sequence[tuple[Any, ...]], code: str) -> list[Any]:
    """What the expression that polars runs gives on rows of texts."""
    pl = pytest.importorskip("polars", reason="the extra data is not installed")
    space: dict[str, Any] = {}
    exec(code, space)
    read = sorted({p.index: p.name or p.head for p in program.subprograms() if isinstance(p, Input)}.items())
    frame = pl.DataFrame({name: [r[i] for r in rows] for i, name in read}, schema={name: pl.String for _, name in read})
    return list(frame.select(value=space["column"])["value"].to_list())


def fills_without_end(program: Program) -> bool:
    """Whether a text is made as long as a number that is computed says, which may be the seconds since 1970."""
    makers = ("str.pad_left", "text.pad_right", "text.repeat")
    made = [p for p in program.subprograms() if isinstance(p, Apply) and p.primitive.name in makers]
    return any(a.type == INT and not isinstance(a, Constant) for p in made for a in p.arguments)


COMPARED = ("string", "int", "bool", "decimal", "date", "datetime", "time", "duration")

NUMBERS_IN_SQL: list[tuple[str, tuple[str | None, ...]]] = [
    ('(decimal.format "$#,##0.00" (decimal.parse "0.#*" x))', ("3.999", "99.995", "-1234567.125", "0.005", "0.015", None, "1e5", " 3")),
    ('(decimal.format "#,##0" (decimal.* (decimal.parse "0.#*" x) (decimal.parse "0.#*" x)))', ("123456789", "0.5", "-1.5", "1234.5")),
    ('(decimal.format "0.0#;(0.0#)" (decimal.parse "#,##0.##;(#,##0.##)" x))', ("(1,234.5)", "1,234", "-7.25", "(0.001)", "12,34")),
    ('(decimal.format "000" (decimal.parse "0" x))', ("7", "12345", "-7", "0", "7.5")),
    ('(decimal.format "#.00" (decimal.parse "0.#*" x))', ("0.5", "-0.5", "10", "0")),
    ('(decimal.format "0.##" (decimal.parse "0.0%" x))', ("12.5%", "100.0%", "-3.25%", "12.5")),
    (
        '(decimal.format "0.00" (decimal.* (decimal "59.9") (decimal.+ (decimal "1") (decimal.parse "0%" x))))',
        ("20%", "-5%", "7.5%", "20"),
    ),
    ('(decimal.format "0.0 %" (decimal.parse "0.#*" x))', ("0.125", "0.0005", "1", "-0.1235")),
    ('(decimal.format "[comma]#,##0.00 \u20ac" (decimal.parse "[comma]#,##0.#*" x))', ("1.234,5", "-0,005", "12", "1,234")),
    ('(decimal.format "0.##" (decimal./ (decimal.parse "0.#*" x) 3.0))', ("1", "2", "0.015", "-1", "100000")),
    ('(decimal.format "0" (decimal./ 1.0 (decimal.parse "0.#*" x)))', ("0", "2", "-2", "0.4")),
    ('(decimal.to_int (decimal.shift 2 (decimal.parse "0.#*" x)))', ("1.25", "1.255", "-3", "999999999999")),
    ('(decimal.mod (decimal.parse "0.#*" x) 0.4)', ("1.5", "-1.5", "0.8")),
    ('(decimal.max (decimal.parse "0.#*" x) 2.5)', ("1", "3.125", None)),
    ('(decimal.between 0.5 1.5 (decimal.parse "0.#*" x))', ("0.5", "1.5", "1.4999", None)),
    ('(decimal.sign (decimal.parse "0.#*" x))', ("-2", "0", "0.001")),
    (
        '(ite (decimal.< (decimal.parse "0.#*" x) 1.0) (decimal.round 0.1 "up" (decimal.parse "0.#*" x)) (decimal.parse "0.#*" x))',
        ("0.123", "2.345", "0.95"),
    ),
    ('(duration.format "%-H:%M" (duration.of "min" (decimal.parse "0.#*" x)))', ("90", "59.5", "-61", "0")),
    ('(decimal.format "0.00" (duration.in "h" (duration.parse "%H:%M:%S|%H:%M" x)))', ("01:30:00", "10:20", "-00:20", "1:75")),
    *(
        (f'(decimal.round {step} "{mode}" (decimal.parse "0.#*" x))', ("2.5", "-2.5", "0.125", "-0.135", "7", "1.05", "-0.001"))
        for mode in ("half_up", "half_even", "half_down", "up", "down", "floor", "ceiling")
        for step in ("1.0", "0.01", "0.05", "5.0", "100.0")
    ),
    *(
        (f'(datetime.format "%{flag}{letter}" (datetime.parse "%Y-%m-%d" x))', ("2024-01-05", "2023-12-31", "2024-07-09", None))
        for flag in ("-", "_", "")
        for letter in "dmjUVWYGuw"
        if flag != "_" or letter != "j"
    ),
    ('(pieces.count_of "yes" (pieces.split "," x))', ("yes,no,yes", "no", "", "yes", None)),
    ('(pieces.count_of x (pieces.split "," "a,b,a"))', ("a", "b", "", None)),
    ("(pieces.count_of x [])", ("a", None)),
    ('(text.with_start "https://" x)', ("ash.example", "https://ash.example", "", None)),
    ('(text.with_end "." x)', ("a", "a.", "", "a. ", None)),
    ('(text.match_from x "[a-z]+" (+ (text.index x ", ") 2))', ("Doe, ann", "Prince", ", b", None)),
    ('(text.match_from x "[a-z]+" (- (str.len x) 3))', ("abcd", "ab", "abc", None)),
    ('(=> (str.is_digit x) (not (= "a" "b")))', ("1", "a", None)),
    ('(or (= "a" "a") (str.is_digit x))', ("1", "a", None)),
    ('(and (= "a" "b") (str.is_digit x))', ("1", "a", None)),
    ('(ite (or (str.is_digit x) (= "a" "a")) "y" x)', ("1", "a", None)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cells"), NUMBERS_IN_SQL, ids=[text for text, _ in NUMBERS_IN_SQL])
def test_numbers_are_exact_in_sql(text: str, cells: tuple[str | None, ...]) -> None:
    program = parse_program(text, load_language("columns"), inputs=[Input(0, STRING, "x")])
    rows = [(cell,) for cell in cells]
    want = [None if v is UNDEFINED else v for v in wanted(program, rows)]
    assert in_duckdb(program, rows, SqlExporter().export(program)) == want


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('(decimal.round_significant 2 "half_up" (decimal.parse "0.#*" x))', "sql cannot express decimal.round_significant"),
        ('(decimal./ (decimal.parse "0.#*" x) 3.0)', "decimal./: a quotient that is not rounded has no end in DuckDB's decimals"),
        ('(decimal.format "0.*" (decimal.parse "0.*" x))', "the zeros at the end of a number are not kept"),
        ('(decimal.format "0.00E0" (decimal.parse "0.#*" x))', "DuckDB has no number format like '0.00E0'"),
        (
        '(decimal.* (decimal.* (decimal.parse "0.#*" x) (decimal.parse "0.#*" x)) (decimal.parse "0.#*" x))',
        "may have 36 digits before and 18 after the mark; DuckDB's decimals hold 38",
    ),
        ('(decimal.round 0.3 "up" (decimal.parse "0.#*" x))', "a count of 0.3 is not exact"),
        ('(date.parse "[de]%d. %B %Y" x)', "DuckDB knows English names alone, not those of '[de]%d. %B %Y'"),
        ('(text.match x "(?<=a)b" 0)', "DuckDB has no regular expression like"),
    ],
)  # fmt: skip
def test_what_sql_cannot_hold_is_said(text: str, message: str) -> None:
    program = parse_program(text, load_language("columns"), inputs=[Input(0, STRING, "x")])
    with pytest.raises(ExportError, match=re.escape(message)) as raised:
        SqlExporter().export(program)
    assert str(raised.value).endswith("; export this program to python")


def test_what_cannot_be_written_is_named() -> None:
    language = load_language("strings")
    program = Apply(language["str.swapcase"], (Input(0, STRING, "x"),), STRING)
    with pytest.raises(
        ExportError, match=r"sql cannot express str.swapcase \(Capital letters small.*\); export this program to python"
    ):
        SqlExporter().export(program)


def test_programs_without_vector_forms_are_mapped() -> None:
    language = load_language("strings")
    program = Apply(language["str.initials"], (Input(0, STRING, "full name"),), STRING)
    task = Task([Example(("Ada Lovelace",), "AL")], input_names=("full name",))
    code = PandasExporter().export(program, task)
    assert "def program(full_name: str) -> str:" in code
    pd = pytest.importorskip("pandas", reason="the extra data is not installed")
    space: dict[str, Any] = {}
    exec(code, space)
    assert space["column"](pd.DataFrame({"full name": ["Kurt Gödel"]}, index=[7])).to_dict() == {7: "KG"}


def test_readable_forms() -> None:
    language = load_language("columns")
    name = Input(0, STRING, "full name")
    last = Apply(language["str.word"], (name, Constant(-1, INT)), STRING)
    assert SqlExporter().export(last) == (
        """CASE WHEN "full name" IS NULL THEN NULL ELSE coalesce(regexp_split_to_array(trim("full name"), '\\s+')[-1], '') END\n"""
    )
    upper = Apply(language["str.upper"], (name,), STRING)
    assert PandasExporter().export(upper).splitlines()[-1] == "    return frame['full name'].str.upper()"
    assert PolarsExporter().export(upper).splitlines()[-1] == "column = pl.col('full name').str.to_uppercase()"
