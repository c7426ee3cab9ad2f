"""A small language of nested lists without a single kernel, as a researcher writes one in an afternoon: for bench_side_by_side.py."""

from __future__ import annotations

from collections.abc import Callable

from neurosynth.language.language import Language

__all__ = ["LANGUAGE"]

LANGUAGE = Language("rows")
Rows = list[list[int]]


@LANGUAGE.primitive
def flip(rows: Rows) -> Rows:
    """The rows from the last to the first."""
    return rows[::-1]


@LANGUAGE.primitive
def mirror(rows: Rows) -> Rows:
    """Each row from right to left."""
    return [row[::-1] for row in rows]


@LANGUAGE.primitive
def turn(rows: Rows) -> Rows:
    """Columns as rows; of rows of different lengths as many columns as the shortest has."""
    return [list(column) for column in zip(*rows, strict=False)]


@LANGUAGE.primitive
def sort_rows(rows: Rows) -> Rows:
    """The rows in order."""
    return sorted(rows)


@LANGUAGE.primitive
def sort_each(rows: Rows) -> Rows:
    """Each row in order."""
    return [sorted(row) for row in rows]


@LANGUAGE.primitive
def add(n: int, rows: Rows) -> Rows:
    """Every number so much larger."""
    return [[x + n for x in row] for row in rows]


@LANGUAGE.primitive
def times(n: int, rows: Rows) -> Rows:
    """Every number so many times."""
    return [[x * n for x in row] for row in rows]


@LANGUAGE.primitive
def clip(n: int, rows: Rows) -> Rows:
    """No number larger."""
    return [[min(x, n) for x in row] for row in rows]


@LANGUAGE.primitive
def keep(n: int, rows: Rows) -> Rows:
    """The numbers that are larger."""
    return [[x for x in row if x > n] for row in rows]


@LANGUAGE.primitive
def top(n: int, rows: Rows) -> Rows:
    """The first rows."""
    return rows[: max(0, n)]


@LANGUAGE.primitive
def left(n: int, rows: Rows) -> Rows:
    """The first numbers of each row."""
    return [row[: max(0, n)] for row in rows]


@LANGUAGE.primitive
def under(a: Rows, b: Rows) -> Rows:
    """The rows of both."""
    return [*a, *b]


@LANGUAGE.primitive
def running(rows: Rows) -> Rows:
    """Running sums of each row."""
    found = []
    for row in rows:
        total = 0
        found.append([total := total + x for x in row])
    return found


@LANGUAGE.primitive
def distinct(rows: Rows) -> Rows:
    """Each row without what stood in it before."""
    return [list(dict.fromkeys(row)) for row in rows]


@LANGUAGE.primitive
def longest(rows: Rows) -> int:
    """Numbers in the longest row, 0 without rows."""
    return max(map(len, rows), default=0)


@LANGUAGE.primitive
def height(rows: Rows) -> int:
    """How many rows there are."""
    return len(rows)


@LANGUAGE.primitive
def largest(rows: Rows) -> int:
    """The largest number, 0 without any."""
    return max((x for row in rows for x in row), default=0)


@LANGUAGE.primitive
def each(change: Callable[[int], int], rows: Rows) -> Rows:
    """Every number changed."""
    return [[change(x) for x in row] for row in rows]


@LANGUAGE.primitive
def plus(a: int, b: int) -> int:
    """Sum."""
    return a + b


@LANGUAGE.primitive
def minus(a: int, b: int) -> int:
    """Difference."""
    return a - b


for _number in (0, 1, 2, 3):
    LANGUAGE.constant(_number, "int")
