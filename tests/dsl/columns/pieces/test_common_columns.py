"""Columns of common kinds: words cut to a length, another word in a text, forms of yes and no, thresholds and intervals of times."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from neurosynth_dsls.columns.pieces.number_readings import NumberReading
from neurosynth_dsls.columns.pieces.shortened import shortened, with_another_word
from neurosynth_dsls.columns.pieces.tails import cut_words
from neurosynth_dsls.columns.pieces.thresholds import (
    inner_interval,
    natural_thresholds,
    thresholds_between,
    unusual,
)
from neurosynth_dsls.columns.pieces.verdicts import Verdicts
from neurosynth_dsls.columns.types import DECIMAL

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.load import load_language
from neurosynth.language.pieces import Column
from neurosynth.language.program import Input
from neurosynth.language.syntax import parse_program
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.search import may_compare
from neurosynth.search.strategies.cover.strategy import column_of
from neurosynth.values.types import STRING, parse_type
from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "an account name of at most eight characters",
        [("Rosa Montgomery", "rmontgom"), ("Leo Baum", "lbaum"), ("Ines Castellano", "icastell")],
        [("Karl Ott", "kott"), ("Vera Lindqvist-Berg", "vlindqvi"), ("Tom Abernathy", "tabernat")],
    ),
    (
        "a text of at most twelve characters and dots",
        [("short one", "short one"), ("a much longer sentence", "a much longe..."), ("tiny", "tiny")],
        [("another rather long one", "another rath..."), ("twelve chars", "twelve chars")],
    ),
    (
        "British and American spelling",
        [("grey walls", "gray walls"), ("a greyhound", "a grayhound"), ("the grey cat", "the gray cat")],
        [("light grey", "light gray"), ("red", "red")],
    ),
    (
        "an abbreviation that is a word of its own",
        [("4 Mill Rd", "4 Mill Road"), ("12 Rdley Rd", "12 Rdley Road"), ("9 High St", "9 High St")],
        [("77 Abbey Rd", "77 Abbey Road")],
    ),
    (
        "forms of yes and no",
        [("T", "ja"), ("no", "nein"), ("YES", "ja")],
        [("f", "nein"), ("N", "nein"), ("true", "ja"), ("0", "nein"), ("y", "ja")],
    ),
    (
        "inside office hours",
        [("09:40", "open"), ("22:10", "closed"), ("03:05", "closed"), ("15:30", "open"), ("06:00", "open")],
        [("08:00", "open"), ("17:20", "open"), ("05:30", "closed"), ("18:45", "closed")],
    ),
    (
        "a value in its range",
        [("72", "ok"), ("35", "check"), ("118", "check"), ("60", "ok"), ("99", "ok"), ("130", "check")],
        [("81", "ok"), ("20", "check"), ("140", "check")],
    ),
    (
        "morning, afternoon, evening",
        [("08:20", "am"), ("15:05", "pm"), ("21:45", "late"), ("13:00", "pm"), ("19:30", "late"), ("10:10", "am")],
        [("11:59", "am"), ("12:00", "pm"), ("17:50", "pm"), ("18:00", "late")],
    ),
    ("the score of a match", [("2-1", "home"), ("0-3", "away"), ("2-2", "draw")], [("0-0", "draw"), ("5-3", "home")]),
    (
        "a host without www.",
        [
            ("https://www.lamps.example/shop?id=7", "lamps.example"),
            ("http://docs.tools.example/a/b.html", "docs.tools.example"),
            ("https://blog.fern.example/post", "blog.fern.example"),
        ],
        [("https://www.news.example/x", "news.example"), ("http://shop.bolt.example/", "shop.bolt.example")],
    ),
    (
        "the third word, if there is one",
        [("Ann Lee Sr.", "Sr."), ("Ravi Patel IV", "IV"), ("Mia Wong", "")],
        [("Otto Braun Jr.", "Jr."), ("Eva Holm", "")],
    ),
    (
        "digits and the point of a price",
        [("$2,180.75", "2180.75"), ("CHF 45.00", "45.00"), ("£9.95", "9.95")],
        [("3,000 EUR", "3000"), ("€0.80", "0.80")],
    ),
    (
        "a date anywhere in the name of a file",
        [
            ("minutes_20220405.doc", "2022-04-05"),
            ("plan-20191130-old.xls", "2019-11-30"),
            ("img 20210707.jpg", "2021-07-07"),
        ],
        [("draft_20180102_v3.txt", "2018-01-02"), ("z20230909.log", "2023-09-09")],
    ),
    (
        "the pace of a race that may have hours",
        [("10", "52:30", "5:15"), ("5", "24:10", "4:50"), ("20", "2:00:00", "6:00")],
        [("8", "44:00", "5:30"), ("12", "1:06:00", "5:30")],
    ),
]


@pytest.mark.parametrize(("what", "rows", "others"), CASES, ids=[c[0] for c in CASES])
def test_the_first_program_is_right_on_the_other_rows(what: str, rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)


def column(texts: list[str], outputs: list[str]) -> Column:
    rows = [(t,) for t in texts]
    return column_of([Input(0, STRING)], rows, outputs, rows, CoverConfig())


WORDS = st.lists(st.text("abcd", min_size=1, max_size=6), min_size=1, max_size=5).map(" ".join)


@given(st.lists(WORDS, min_size=2, max_size=5, unique=True), st.integers(3, 12), st.sampled_from(["...", "…", " ..."]))
def test_what_is_shortened_is_computed_again(texts: list[str], kept: int, sign: str) -> None:
    outputs = [t if len(t) <= kept else t[:kept] + sign for t in texts]
    assume(len({t == o for t, o in zip(texts, outputs, strict=True)}) == 2)
    (piece,) = shortened(column(texts, outputs))
    function = Evaluator().function(piece.build())
    assert [function((t,)) for t in texts] == outputs


@given(st.lists(WORDS, min_size=2, max_size=5, unique=True), st.sampled_from([("ab", "xy"), ("a", ""), ("cd", "c")]))
def test_another_word_is_put_in_its_place(texts: list[str], words: tuple[str, str]) -> None:
    outputs = [t.replace(*words) for t in texts]
    for piece in with_another_word(column(texts, outputs)):
        function = Evaluator().function(piece.build())
        assert [function((t,)) for t in texts] == outputs


@pytest.mark.parametrize(
    ("texts", "outputs"),
    [
        (["one", "two"], ["one", "two"]),
        (["one two three", "short"], ["one t", "short!"]),
        (["one two three", "one two"], ["one tw...", "one..."]),
        (["a long text here", "b"], ["a ...", "b"]),
        (["", "b"], ["", "b"]),
    ],
    ids=["nothing is cut", "no sign", "two lengths", "too little is left", "an empty text"],
)
def test_other_outputs_are_not_shortened(texts: list[str], outputs: list[str]) -> None:
    assert not list(shortened(column(texts, outputs)))


def test_words_are_cut_only_where_others_are_whole() -> None:
    assert [f.token.pattern for f in cut_words(["lovelace", "turing"], ["lovel", "turin"]) if f.token] == []
    assert [f.token.pattern for f in cut_words(["lovelace", "baum"], ["lovel", "baum"]) if f.token] == ["[^\\W_]{1,5}"]


def minutes(*values: str) -> NumberReading:
    return NumberReading((0, "in", "min"), 5, lambda: Input(0, DECIMAL), tuple(map(Decimal, values)), False)


def test_hours_are_the_common_thresholds_of_times_of_day() -> None:
    reading = minutes("405", "720")
    assert dict(thresholds_between(Decimal(405), Decimal(720), natural_thresholds(reading)))[Decimal(480)] == 3
    assert (unusual(reading, Decimal(480)), unusual(reading, Decimal(500))) == (0, 6)
    assert natural_thresholds(minutes("405", "2000")) == ((1440, 1),)  # longer than a day: no time of day
    assert unusual(minutes("405", "2000"), Decimal(500)) == 0


@given(st.dictionaries(st.integers(-50, 50), st.booleans(), min_size=3, max_size=9))
def test_an_interval_holds_the_numbers_of_one_output(inside: dict[int, bool]) -> None:
    reading = NumberReading((0,), 0, lambda: Input(0, DECIMAL), tuple(map(Decimal, inside)), True)
    interval = inner_interval(reading, ["in" if held else "out" for held in inside.values()])
    ordered = [inside[n] for n in sorted(inside)]
    runs = 1 + sum(a != b for a, b in pairwise(ordered))
    assert (interval is not None) == (runs == 3)
    if interval is not None:
        test = Evaluator().function(interval.build(reading))
        middle = not ordered[0]
        for n, held in inside.items():
            assert (Decimal(n) in interval) is test((Decimal(n),)) is (held == middle)


@pytest.mark.parametrize(
    ("test", "compares"),
    [
        ('(decimal.<= (decimal "6") (decimal.parse "0.*" x0))', False),
        (
            '(and (decimal.<= (decimal "6") (decimal.parse "0.*" x0)) (decimal.< (decimal.parse "0.*" x0) (decimal "9")))',
            False,
        ),
        ('(and (decimal.<= (decimal "6") (decimal.parse "0.*" x0)) (str.contains x0 "a"))', True),
        ('(str.contains x0 "a")', True),
        ("(str.contains x0 x1)", False),
    ],
)
def test_bounds_are_no_relation_between_inputs(test: str, compares: bool) -> None:
    columns = load_language("columns")
    program = parse_program(f'(ite {test} "in" x1)', columns, request=parse_type("string -> string -> string"))
    assert may_compare(program, 2) is compares
    assert not may_compare(program, 1)


def test_a_form_of_yes_that_the_table_lacks_is_yes_in_another_table() -> None:
    (piece,) = Verdicts().bind(column(["Y", "no", "YES"], ["ja", "nein", "ja"])).pieces
    function = Evaluator().function(piece.build())
    assert [function((t,)) for t in ("on", "TRUE", " 1", "off", "N")] == ["ja", "ja", "ja", "nein", "nein"]
