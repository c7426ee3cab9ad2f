"""Classes of columns that people ask about: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import time

import pytest
from neurosynth_dsls.columns import columns
from neurosynth_dsls.columns.pieces.compact import abbreviations
from neurosynth_dsls.columns.pieces.contexts import Contexts

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.program import Input
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.shapes import shape
from neurosynth.search.strategies.cover.strategy import candidates, column_of
from neurosynth.search.strategies.cover.traits import inner_signs
from neurosynth.values.types import STRING
from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "surnames with signs",
        [("Eva Holm", "Holm"), ("Bo Carl Dahl", "Dahl"), ("Mia Lund", "Lund")],
        [("Sean O'Brien", "O'Brien"), ("Ada Holm-Berg", "Holm-Berg"), ("Jan Falk", "Falk")],
    ),
    (
        "up to a word that all rows have",
        [("room 4 for Ida until noon", "Ida"), ("room 9 for Max until six", "Max")],
        [("room 2 for Anna Lee until ten", "Anna Lee"), ("room 1 for Tom until two", "Tom")],
    ),
    (
        "fields between commas with or without blanks",
        [("7,Oslo,red", "Oslo"), ("8, Rome, blue", "Rome"), ("9,Nice,green", "Nice")],
        [("12, Den Haag, red", "Den Haag"), ("4,El Paso,blue", "El Paso")],
    ),
    (
        "what ends with a letter, not what contains another",
        [("Jon", "Jon's"), ("James", "James'"), ("Eva", "Eva's")],
        [("Lucas", "Lucas'"), ("Tim", "Tim's"), ("Jana", "Jana's")],
    ),
    (
        "words for nothing are missing",
        [("none", None), ("teal", "teal"), ("?", None), ("unknown", None), ("pale blue", "pale blue")],
        [("red", "red"), ("?", None), ("none", None)],
    ),
    (
        "a choice where some cells are missing",
        [("Y", "31 May", "paid 31 May"), ("N", "1 June", "open"), (None, "2 June", "unclear")],
        [("Y", "4 June", "paid 4 June"), (None, "5 June", "unclear"), ("N", "6 June", "open")],
    ),
    (
        "words in any letter case",
        [("Bus to town", "transit"), ("Cafe Roma", "food"), ("two stamps", "other"), ("night bus 5", "transit")],
        [("lunch at cafe Mia", "food"), ("BUS TICKET", "transit"), ("pens", "other")],
    ),
    (
        "both numbers reach a bound",
        [("60", "60", "yes"), ("59", "80", "no"), ("75", "59", "no"), ("90", "61", "yes")],
        [("40", "99", "no"), ("88", "70", "yes"), ("63", "20", "no")],
    ),
    (
        "every item of a list in its own way",
        [("Ann Lee, Bo Max Roy", "Lee A; Roy BM"), ("Cy Day", "Day C"), ("Di Fox, Ed Orr, Flo Ray", "Fox D; Orr E; Ray F")],
        [("Gus Low, Hal Ian Moe", "Low G; Moe HI")],
    ),
    (
        "names behind stars",
        [("Ann Lee", "A** L**"), ("Max Orr", "M** O**"), ("Bo Roy", "B* R**")],
        [("Sue Kimball", "S** K******"), ("Ed Fox", "E* F**")],
    ),
    (
        "without a number before",
        [("1. Plums", "Plums"), ("2. Figs", "Figs"), ("9. Nuts", "Nuts")],
        [("12. Green tea", "Green tea"), ("3. Rice", "Rice")],
    ),
    (
        "some values recoded, others kept",
        [("NY", "New York"), ("Oslo", "Oslo"), ("LA", "Los Angeles"), ("Rome", "Rome")],
        [("NY", "New York"), ("Bern", "Bern"), ("LA", "Los Angeles"), ("Lodz", "Lodz")],
    ),
    (
        "days before a time",
        [("1 day, 2:00:00", "26"), ("3:30:00", "3.5"), ("2 days, 0:15:00", "48.25")],
        [("1 day, 12:30:00", "36.5"), ("0:45:00", "0.75")],
    ),
    (
        "mail addresses in texts",
        [("Ann <ann@x.example>", "ann@x.example"), ("to bob.k@mail.example now", "bob.k@mail.example"), ("cy@z.example", "cy@z.example")],
        [("write max@a.b.example, please", "max@a.b.example"), ("<ted@y.example>", "ted@y.example")],
    ),
    (
        "amounts in thousands and millions",
        [("2340000", "2.3M"), ("71500", "71.5K"), ("5600000", "5.6M")],
        [("98700", "98.7K"), ("12450000", "12.5M"), ("3300", "3.3K")],
    ),
    (
        "one unit for all",
        [("250 mm", "25"), ("3.5 m", "350"), ("60 cm", "60")],
        [("2 m", "200"), ("45 mm", "4.5"), ("8 cm", "8")],
    ),
    (
        "a letter that makes negative",
        [("10°30'00\"N", "10.5"), ("20°15'00\"S", "-20.25"), ("8°45'00\"N", "8.75")],
        [("1°06'00\"S", "-1.1"), ("33°24'00\"N", "33.4")],
    ),
    (
        "hours less a break",
        [("09:00", "17:00", "30", "7.50"), ("08:15", "16:00", "45", "7.00"), ("06:30", "12:30", "0", "6.00")],
        [("10:00", "18:20", "20", "8.00"), ("07:10", "15:00", "60", "6.83")],
    ),
    (
        "quarters of a year that begins in July",
        [("2023-07-02", "Q1"), ("2024-01-30", "Q3"), ("2023-06-30", "Q4"), ("2022-11-11", "Q2")],
        [("2021-12-31", "Q2"), ("2024-04-01", "Q4"), ("2023-08-19", "Q1"), ("2022-03-28", "Q3")],
    ),
    (
        "amounts of money have cents",
        [("$60.00", "20%", "$48.00"), ("$12.50", "10%", "$11.25"), ("$300.00", "5%", "$285.00")],
        [("$9.99", "15%", "$8.49"), ("$70.00", "30%", "$49.00")],
    ),
    ("addresses as they are read", [("tea+cup", "tea cup"), ("a%26b", "a&b"), ("oak%20bed", "oak bed")], [("x%2By+z", "x+y z")]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_first_program_gives_the_outputs_of_the_others(rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)


@pytest.mark.parametrize(
    ("text", "inner", "wanted"),
    [("O'Brien", "'", "a"), ("Holm-Berg", "'", "a-a"), ("J. Roy", ".", "a a"), ("3-4", "-", "0-0"), ("a.b", "", "a.a")],
)
def test_signs_inside_words_belong_to_them(text: str, inner: str, wanted: str) -> None:
    assert shape(text, inner) == wanted


@pytest.mark.parametrize(
    ("rows", "outputs", "wanted"),
    [
        ([("Anne-Marie Roy",)], ["Roy"], "'’-."),
        ([("AB-12",)], ["12"], "'’."),  # cut at a hyphen
        ([("Max Roy",)], ["M. Roy"], "'’-"),  # a point that no input has
        ([("www.example.com",)], ["example.com"], "'’-"),
    ],
)
def test_a_sign_is_inside_words_unless_an_example_cuts_there(
    rows: list[tuple[str]], outputs: list[str], wanted: str
) -> None:
    assert inner_signs(Column((Input(0, STRING),), tuple(rows), tuple(outputs), tuple(rows))) == wanted


def test_other_signs_and_words_around_a_piece_are_unlike_the_examples() -> None:
    shown = [("to Rome on Monday", 3, 7), ("to Nice on Friday", 3, 7)]
    contexts = Contexts(shown)
    assert contexts.unlike(("to Oslo on Sunday", 3, 7)) == 0
    assert contexts.unlike(("to New York on Sunday", 3, 6)) == 1  # up to a blank, but not to the word behind it
    assert Contexts([("abcd", 0, 3), ("efgh", 0, 3)]).unlike(("xyz", 0, 3), counted=True) == 0


@pytest.mark.parametrize(
    ("outputs", "wanted"),
    [
        (["1.3M", "84.5K"], (1000, 1, ("", "K", "M", "B", "T"))),
        (["845 B", "3.3 MB"], (1024, 1, (" B", " KB", " MB", " GB", " TB"))),
        (["2 million", "1.5 thousand"], (1000, -1, ("", " thousand", " million", " billion", " trillion"))),
        (["about 7k", "about 12k"], (1000, 0, ("", "k", "M", "B", "T"))),
    ],
)
def test_abbreviations_are_read_off_the_outputs(outputs: list[str], wanted: tuple[int, int, tuple[str, ...]]) -> None:
    way = next(abbreviations(outputs))
    assert (way.base, way.places, way.units) == wanted


@pytest.mark.parametrize("outputs", [["12", "845"], ["1.3M", "7 apples"], ["3 K", "4M"]])
def test_other_texts_are_no_abbreviations(outputs: list[str]) -> None:
    assert list(abbreviations(outputs)) == []


def test_items_of_a_list_are_never_missing() -> None:
    shown = ["P1_T2", "T3", "P4_T1_P2"]
    outputs = ["patient 1, time 2", "time 3", "patient 4, time 1, patient 2"]
    column = column_of([Input(0, STRING)], [(t,) for t in shown], outputs, [("Z1_P2",)], CoverConfig())
    assert columns.pieces is not None
    for found in candidates(column, columns.pieces, config=CoverConfig(), deadline=time.perf_counter() + 300):
        Evaluator().run(found.program, ("Z1_P2",))  # a bug of a primitive would be raised
