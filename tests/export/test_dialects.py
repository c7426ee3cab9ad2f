"""SQL, pandas and polars: random programs give what the reference semantics gives, and what cannot be written is named."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from neurosynth.export.base import ExportError
from neurosynth.export.expressions import form_of
from neurosynth.export.sql import SqlExporter
from neurosynth.export.vectors import PandasExporter, PolarsExporter
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Constant, Input, Program
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


def wanted(program: Program, rows: list[tuple[str, ...]]) -> list[Any]:
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


@pytest.mark.parametrize("count", [300, pytest.param(5_000, marks=pytest.mark.slow)])
def test_random_programs_of_columns_in_sql(count: int) -> None:
    """Those that SQL can write: the others say so."""
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    connection = duckdb.connect()
    written = 0
    for seed in range(100_000, 100_000 + count):
        program, rows = drawn(seed)
        read = sorted({p.index: p for p in program.subprograms() if isinstance(p, Input)}.items())
        texts = all(p.type == STRING for _, p in read)
        if not read or not texts or str(program.type) not in ("string", "int", "bool"):
            continue
        try:
            sql = SqlExporter().export(program)
        except ExportError:
            continue
        written += 1
        columns = ", ".join(f'"{p.name or p.head}" VARCHAR' for _, p in read)
        connection.execute(f"CREATE OR REPLACE TABLE t(n INTEGER, {columns})")
        marks = ", ".join("?" for _ in range(len(read) + 1))
        connection.executemany(
            f"INSERT INTO t VALUES ({marks})", [(n, *(row[i] for i, _ in read)) for n, row in enumerate(rows)]
        )
        given = [value for (value,) in connection.execute(f"SELECT {sql} FROM t ORDER BY n").fetchall()]
        for row, want, got in zip(rows, wanted(program, rows), given, strict=True):
            if want is not UNDEFINED:
                assert got == want, f"{program}\non {row}: {got!r}, not {want!r}\n{sql}"
    assert written > count / 50


def test_what_cannot_be_written_is_named() -> None:
    language = load_language("strings")
    program = Apply(language["str.swapcase"], (Input(0, STRING, "x"),), STRING)
    with pytest.raises(
        ExportError, match=r"sql has no form of str.swapcase \(Capital letters small.*\); export this program to python"
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
