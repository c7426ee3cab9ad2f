"""Columns of codes with blanks in them, words behind signs, tidy remarks, and tables beside copied text."""

from __future__ import annotations

import pytest
from neurosynth_dsls.columns.pieces.variants import joined

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "the last four letters and digits, without blanks",
        [("QA41 8820 1145 90", "4590"), ("QB07 3316 9914 2", "9142"), ("QC88 4102 7 3", "0273")],
        [("QD19 5521 8K3 1", "8K31"), ("QE55 7781 2204 16", "0416"), ("QF20 4 4 1 7", "4417")],
    ),
    (
        "the last four signs of texts without blanks are cut otherwise",
        [("QA418820", "8820"), ("QB07331", "7331"), ("QC884K2", "84K2")],
        [("QD19552", "9552"), ("QE55778", "5778")],
    ),
    (
        "the last four digits, where letters stand behind them",
        [("7714 8820 (old)", "8820"), ("5 1160 4432 (new)", "4432"), ("6012 98 17 (old)", "9817")],
        [("4410 2 930 (new)", "2930"), ("88 1253 (old)", "1253")],
    ),
    (
        "items between signs cut to their first characters, but for the last",
        [
            ("src/main/app/Run.java", "s/m/a/Run.java"),
            ("lib/io.c", "l/io.c"),
            ("doc/api/old/index.md", "d/a/o/index.md"),
        ],
        [("readme.md", "readme.md"), ("tests/e2e/login.ts", "t/e/login.ts")],
    ),
    (
        "sentences with a capital first, single blanks and one full stop at the end, names as they are",
        [
            ("rain all day", "Rain all day."),
            ("wind  from west. dry", "Wind from west. Dry."),
            ("fog. cold.", "Fog. Cold."),
        ],
        [("storm near Oslo.  calm at Bergen", "Storm near Oslo. Calm at Bergen."), ("sun", "Sun.")],
    ),
    (
        "remarks with single blanks, a capital and one full stop",
        [
            ("  soup  was cold", "Soup was cold."),
            ("Good bread.", "Good bread."),
            ("ask for  Ann Roe ", "Ask for Ann Roe."),
        ],
        [("too salty.", "Too salty."), ("Fine  at No 9", "Fine at No 9."), (" more TEA, please", "More TEA, please.")],
    ),
    (
        "names of files with their ending",
        [("menu", "menu.pdf"), ("wine.pdf", "wine.pdf"), ("price-list", "price-list.pdf")],
        [("map.pdf", "map.pdf"), ("team", "team.pdf")],
    ),
    (
        "small letters behind a sign that some have",
        [("Ash", "#ash"), ("#oak", "#oak"), (" Fir", "#fir")],
        [("#ELM", "#elm"), ("yew ", "#yew")],
    ),
    (
        "the first word behind a comma, where all shown have one length",
        [("Roe, Lena Ida 4", "4 Lena Roe"), ("Van Elm, Olaf 7", "7 Olaf Van Elm"), ("Kay, Emma Jo Li 2", "2 Emma Kay")],
        [("Fox, Marianne Bo 3", "3 Marianne Fox"), ("De Wit, Al 5", "5 Al De Wit"), ("Ott, Gustav 1", "1 Gustav Ott")],
    ),
    (
        "a table for letters before a copied digit",
        [("NW3", "73"), ("SE5", "25"), ("SW1", "41"), ("NE8", "98")],
        [("SE2", "22"), ("NE3", "93"), ("NW8", "78"), ("SW6", "46")],
    ),
    (
        "a table for the digits behind copied letters",
        [("ash-1", "ash1st"), ("oak-2", "oak2nd"), ("fir-1", "fir1st"), ("yew-3", "yew3rd")],
        [("elm-2", "elm2nd"), ("box-3", "box3rd"), ("ivy-1", "ivy1st")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_comes_out_of_the_other_rows(rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)


def test_digits_that_letters_part_are_doubted_if_only_signs_do_in_the_examples() -> None:
    shown = [("12 34-5", "345"), ("6 78", "678")]
    assert joined(shown, [("9-87", "987"), ("1 2/3", "123")]) == 0
    assert joined(shown, [("9-87", "987"), ("1 2K3", "123")]) > 0
    assert joined([("12 k 34", "1234")], [("9 x 87", "987")]) == 0
