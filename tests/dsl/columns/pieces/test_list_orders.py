"""Columns of lists in an order, each item once, and of lists without their ends."""

from __future__ import annotations

import pytest
from neurosynth_dsls.columns.pieces.list_ends import without_ends
from neurosynth_dsls.columns.pieces.list_orders import orders

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "codes once each, in order of their numbers",
        [("K9; K12; K9; K3", "K3 K9 K12"), ("K40", "K40"), ("K7; K105; K61", "K7 K61 K105")],
        [("K5; K5", "K5"), ("K88; K9; K100; K9", "K9 K88 K100"), ("K2; K1", "K1 K2")],
    ),
    (
        "codes in order of their numbers, the greatest first",
        [("R-9,R-12,R-3", "R-12,R-9,R-3"), ("R-40,R-41", "R-41,R-40"), ("R-7,R-105,R-61,R-62", "R-105,R-62,R-61,R-7")],
        [("R-8,R-10", "R-10,R-8"), ("R-100,R-9,R-88", "R-100,R-88,R-9")],
    ),
    (
        "numbers once each in order",
        [("12 7 12 3", "3, 7, 12"), ("40 9", "9, 40"), ("7 105 61 7", "7, 61, 105")],
        [("10 9 10", "9, 10"), ("3 2 1", "1, 2, 3")],
    ),
    (
        "words once each in reverse order",
        [("ash oak ash", "oak/ash"), ("fir elm yew", "yew/elm/fir"), ("box", "box")],
        [("yew box yew elm", "elm/box/yew"), ("fir", "fir")],
    ),
    (
        "places of a round trip other than its start",
        [("Ayr-Bath-Ayr-Cork", "Bath, Cork"), ("Deal-Ely-Deal", "Ely"), ("Ayr-Fife-Ayr-Fife-Ayr", "Fife")],
        [("Deal-Bath-Ely-Deal", "Bath, Ely"), ("Cork-Ayr-Cork-Deal-Cork", "Ayr, Deal")],
    ),
    (
        "items between the first and the last",
        [("a>b>c>d", "b c"), ("e>f>g", "f"), ("h>i>j>k>l", "i j k")],
        [("m>n>o", "n"), ("p>q>p>r>s", "q p r")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_comes_out_of_the_other_rows(rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)


def test_orders_are_those_that_differ() -> None:
    found = {names: items for _, names, items in orders([["b 10", "a 9", "b 10"]], ["9"], told=False)}
    assert found == {
        (): (["b 10", "a 9", "b 10"],),
        ("pieces.unique",): (["b 10", "a 9"],),
        ("pieces.unique", "pieces.sort"): (["a 9", "b 10"],),
        ("pieces.sort",): (["a 9", "b 10", "b 10"],),
        ("pieces.sort", "pieces.reverse"): (["b 10", "b 10", "a 9"],),
    }


def test_what_is_shown_to_be_sorted_costs_less() -> None:
    lists, outputs = [["T-9", "T-100", "T-30"], ["T-4", "T-2"]], ["T-9 T-30 T-100", "T-2 T-4"]
    shown, unknown = ({names: bits for bits, names, _ in orders(lists, outputs, told=t)} for t in (True, False))
    assert shown[("pieces.by_number",)] < unknown[("pieces.by_number",)]
    assert shown[("pieces.reverse",)] == unknown[("pieces.reverse",)]


def test_numbers_are_not_sorted_as_texts_where_both_are_the_same() -> None:
    for items, name in ((["8", "7", "9"], "pieces.sort_numbers"), (["T8", "T7", "T9"], "pieces.by_number")):
        found = {names for _, names, _ in orders([items], [""], told=False)}
        assert found == {(), ("pieces.reverse",), (name,), (name, "pieces.reverse")}


def test_lists_without_ends_are_those_that_differ() -> None:
    assert [items for _, items, _ in without_ends([["a", "b", "a"]])] == [(["b", "a"],), (["a", "b"],), (["b"],)]
