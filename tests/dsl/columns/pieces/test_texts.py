"""Optional parts, lists inside a cell, extraction, choices and cleaning: columns of examples/columns/texts.jsonl, and single pieces."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from neurosynth_dsls.columns import columns
from neurosynth_dsls.columns.pieces.lists import Lists
from neurosynth_dsls.columns.pieces.optional import Optionals
from neurosynth_dsls.columns.pieces.removals import removals

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Input
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.strategy import candidates, column_of
from neurosynth.values.types import STRING

FILE = Path(__file__).resolve().parents[4] / "examples" / "columns" / "texts.jsonl"
COLUMNS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def table(column: dict[str, Any]) -> Column:
    rows = [tuple(e["inputs"]) for e in column["examples"]]
    outputs = [e["output"] for e in column["examples"]]
    inputs = [Input(i, STRING) for i in range(len(rows[0]))]
    return column_of(inputs, rows, outputs, [tuple(r) for r in column["unlabelled"]], CoverConfig())


def of_texts(rows: list[Any], outputs: list[str], others: list[Any] = []) -> Column:  # noqa: B006  # never changed
    def row(values: Any) -> tuple[Any, ...]:
        return values if isinstance(values, tuple) else (values,)

    inputs = [Input(i, STRING) for i in range(len(row(rows[0])))]
    return column_of(inputs, [row(r) for r in rows], outputs, [row(r) for r in others], CoverConfig())


@pytest.mark.parametrize("column", COLUMNS, ids=[c["name"] for c in COLUMNS])
def test_the_first_program_is_right_on_the_hidden_rows(column: dict[str, Any]) -> None:
    assert columns.pieces is not None
    found = candidates(table(column), columns.pieces, config=CoverConfig(), deadline=time.perf_counter() + 60)
    function = Evaluator().function(next(iter(found)).program)
    for example in column["test_examples"]:
        assert function(tuple(example["inputs"])) == example["output"]


def whole(source: Any, column: Column) -> list[Piece]:
    """The pieces that are the outputs."""
    bound = source.bind(column)
    pieces = bound.starting([0] * len(column.rows), list(column.outputs))
    return [p for p in pieces if p.texts == column.outputs]


def values(pieces: list[Piece], row: Any) -> set[Any]:
    evaluator = Evaluator()
    return {evaluator.run(p.build(), row if isinstance(row, tuple) else (row,)) for p in pieces}


LISTS: list[tuple[str, list[Any], list[str], Any, str]] = [
    ("reversed", ["a;b;c", "d;e"], ["c, b, a", "e, d"], "x;y;z", "z, y, x"),
    ("numbered", ["a|b", "c|d|e"], ["1. a 2. b", "1. c 2. d 3. e"], "f", "1. f"),
    ("ranges", ["1-3,7", "5"], ["1 2 3 7", "5"], "9-11", "9 10 11"),
    ("tags", ["<p>a</p><p>b c</p>", "<p>d</p>"], ["a / b c", "d"], "<p>x</p><p>y</p>", "x / y"),
    ("another list", [("a, b, c", "b"), ("d, e", "f")], ["a, c", "d, e"], ("x, y", "y"), "x"),
    ("nothing left", [("a, b, c", "b"), ("d, e", "d, e")], ["a, c", ""], ("x, y", "y"), "x"),
    ("shared", [("a, b, c", "c, b"), ("d, e", "d")], ["b, c", "d"], ("x, y", "y"), "y"),
    ("counted", ["on,off,on", "off", "on"], ["2", "0", "1"], "on,on,on", "3"),
    ("how many more", ["a; b; c", "d; e"], ["2", "1"], "x; y; z; w", "3"),
    ("hashtags", ["see #a and #b1", "#c, #d"], ["#a #b1", "#c #d"], "no #x #y", "#x #y"),
    ("and before the last", ["a,b,c", "d,e"], ["a, b and c", "d and e"], "x,y,z,w", "x, y, z and w"),
    ("values of keys", ["k=1&q=22", "z=3"], ["1,22", "3"], "a=5&b=6", "5,6"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rows", "outputs", "other", "wanted"), LISTS, ids=[c[0] for c in LISTS])
def test_lists(what: str, rows: list[Any], outputs: list[str], other: Any, wanted: str) -> None:
    assert wanted in values(whole(Lists(), of_texts(rows, outputs, [other])), other)


@pytest.mark.parametrize("town", ["Rome", "Bern"])
def test_a_copied_word_between_items_is_no_separator(town: str) -> None:
    column = of_texts([("b,a", town), ("c", "Oslo")], ["a Rome b", "c"])
    assert values(whole(Lists(), column), ("y,x", "Oslo")) == (set() if town == "Rome" else {"x Rome y"})


def test_the_separator_of_the_input_may_be_a_word() -> None:
    assert "y and x" in values(whole(Lists(), of_texts(["a and b", "c"], ["b and a", "c"])), "x and y")


OPTIONAL: list[tuple[str, list[Any], list[str], Any, str]] = [
    ("missing", [("Dr", "x"), (None, "y")], ["(Dr)", ""], ("Mr", "z"), "(Mr)"),
    ("empty", [("Dr", "x"), ("", "y")], ["Dr ", ""], ("", "z"), ""),
    ("part behind a comma", ["a, The", "b"], ["The ", ""], "c, An", "An "),
    ("number", ["a 12", "b"], ["no. 12", ""], "c 7", "no. 7"),
    ("before", ["a?x=1", "b"], ["a", "b"], "c?y", "c"),
    ("before the last", ["a.b.txt", "c"], ["a.b", "c"], "d.e.f", "d.e"),
    ("after the last", ["x/y/a", "b"], ["a", "b"], "z/c", "c"),
]


@pytest.mark.parametrize(("what", "rows", "outputs", "other", "wanted"), OPTIONAL, ids=[c[0] for c in OPTIONAL])
def test_optional_parts(what: str, rows: list[Any], outputs: list[str], other: Any, wanted: str) -> None:
    assert wanted in values(whole(Optionals(), of_texts(rows, outputs, [other])), other)


REMOVED: list[tuple[str, list[str], list[str], list[str], str]] = [
    ("openings", ["Re: a", "Fwd: Re: b", "c"], ["a", "b", "c"], ["Re: Re: d", "Fwd: e: f"], "d"),
    ("an opening before a known one", ["Re: a", "c"], ["a", "c"], ["AW: Re: d", "Re: x"], "d"),
    ("endings", ["a Ltd", "b Inc", "c d"], ["a", "b", "c d"], ["e f Inc", "g Ltd"], "e f"),
    ("a run", ["a (2).txt", "b.txt"], ["a.txt", "b.txt"], ["c d (13).txt"], "c d.txt"),
    ("characters", ["“a” – b", "c"], ['"a" - b', "c"], ["– d”"], '- d"'),
    ("longer characters", ["Bär", "Kühl", "Ost"], ["Baer", "Kuehl", "Ost"], ["Gärüx"], "Gaeruex"),
]


@pytest.mark.parametrize(("what", "rows", "outputs", "others", "wanted"), REMOVED, ids=[c[0] for c in REMOVED])
def test_removals(what: str, rows: list[str], outputs: list[str], others: list[str], wanted: str) -> None:
    column = of_texts(rows, outputs, others)
    found = [p for p in removals(column) if p.texts == column.outputs]
    assert wanted in values(found, others[0])


@pytest.mark.parametrize("source", [Lists(), Optionals()], ids=lambda s: s.name)
def test_pieces_write_what_they_say(source: Any) -> None:
    evaluator = Evaluator()
    for column in map(table, COLUMNS):
        for at in (0, 1):
            if any(not isinstance(o, str) or len(o) < at for o in column.outputs):
                continue
            for piece in source.bind(column).starting([at] * len(column.rows), [o[at:] for o in column.outputs]):
                assert tuple(map(evaluator.function(piece.build()), column.rows)) == piece.texts


def test_a_word_in_brackets_is_no_locale() -> None:
    rows, outputs = ["[web] 07:15 in", "[db] 12:30 out"], ["07:15", "12:30"]
    assert columns.pieces is not None
    column = of_texts(rows, outputs, ["[mail] 23:59 in"])
    found = candidates(column, columns.pieces, config=CoverConfig(), deadline=time.perf_counter() + 60)
    assert Evaluator().run(next(iter(found)).program, ("[mail] 23:59 in",)) == "23:59"


def test_decimals_of_the_table_are_kept() -> None:
    rows, outputs = ["a 87% b", "c 9%", "100% d"], ["87%", "9%", "100%"]
    assert columns.pieces is not None
    column = of_texts(rows, outputs, ["e 2 54.5% f", "g 3%"])
    found = candidates(column, columns.pieces, config=CoverConfig(), deadline=time.perf_counter() + 60)
    assert Evaluator().run(next(iter(found)).program, ("e 2 54.5% f",)) == "54.5%"


def test_telephone_numbers_are_no_ranges() -> None:
    column = of_texts(["0160-99887766", "0151-12345678"], ["0160 99887766", "0151 12345678"])
    assert "0170 11112222" in values(whole(Lists(), column), "0170-11112222")
