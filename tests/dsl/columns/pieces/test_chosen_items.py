"""Columns of items of lists that another cell chooses, of counts of items with other numbers, and of names that a branch copies."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "items that begin with another cell",
        [
            ("B12 | K03 | B40", "B", "B12, B40"),
            ("K11 | D02 | D05", "K", "K11"),
            ("D07 | B01 | D19 | K20 | D33", "D", "D07, D19, D33"),
        ],
        [("K01 | K02 | B03", "K", "K01, K02"), ("B77", "B", "B77"), ("D10 | B11 | D12", "D", "D10, D12")],
    ),
    (
        "items that begin with another cell, not with a longer word",
        [
            ("EN101, FR201, EN330", "EN", "EN101, EN330"),
            ("ENV110, EN120, ENV230", "ENV", "ENV110, ENV230"),
            ("FR150, EN160, FR310, ENV101, FR400", "FR", "FR150, FR310, FR400"),
        ],
        [("ENV100, EN205, ENV206, EN301", "EN", "EN205, EN301"), ("EN101, FR120", "FR", "FR120")],
    ),
    (
        "items that do not begin with another cell",
        [
            ("oslo-1;bonn-4;oslo-7", "oslo", "bonn-4"),
            ("rome-2;oslo-3;rome-5;bonn-9", "rome", "oslo-3;bonn-9"),
            ("bonn-3;rome-8;oslo-2", "bonn", "rome-8;oslo-2"),
        ],
        [("rome-2;bonn-2;oslo-6", "bonn", "rome-2;oslo-6"), ("oslo-1;rome-4;rome-6", "oslo", "rome-4;rome-6")],
    ),
    (
        "items that end with another cell",
        [
            ("plan.pdf, list.csv, map.pdf", "pdf", "plan.pdf, map.pdf"),
            ("a1.csv, b2.txt, c3.csv, d4.pdf", "csv", "a1.csv, c3.csv"),
            ("note.txt, plan.csv", "txt", "note.txt"),
        ],
        [("x.csv, y.txt, z.txt", "txt", "y.txt, z.txt"), ("u.pdf, v.pdf, w.csv", "pdf", "u.pdf, v.pdf")],
    ),
    (
        "items that contain another cell",
        [
            ("north oak row; south elm way; old oak lane", "oak", "north oak row / old oak lane"),
            ("new elm road; east oak mews", "elm", "new elm road"),
            ("low ash end; high ash end; far elm walk", "ash", "low ash end / high ash end"),
        ],
        [
            ("red oak yard; top ash row; dry oak pit", "oak", "red oak yard / dry oak pit"),
            ("my elm hut", "elm", "my elm hut"),
        ],
    ),
    (
        "how many items begin with another cell",
        [
            ("ana:3, bob:5, ana:7", "ana", "2 entries"),
            ("bob:1, cy:4, cy:6, ana:2, cy:9", "cy", "3 entries"),
            ("cy:5, bob:8", "bob", "1 entries"),
        ],
        [("ana:1, ana:2, bob:7, ana:3, ana:9", "ana", "4 entries"), ("bob:2, cy:3, bob:4", "bob", "2 entries")],
    ),
    (
        "the number at the start of each item, not that of its name",
        [
            ("3x Pen; 1x Blue ink; 6x Pad", "10 items"),
            ("2x Stapler", "2 items"),
            ("20x Envelope; 4x Glue", "24 items"),
        ],
        [
            ("1x Toner; 2x Paper A4", "3 items"),
            ("5x Battery R6; 5x Lamp", "10 items"),
            ("2x Cord 10 m; 1x Hub", "3 items"),
        ],
    ),
    (
        "the number before each name, some with a unit behind the name",
        [
            ("2 adults, 3 children", "5"),
            ("1 adult", "1"),
            ("4 adults, 1 child and 1 dog", "6"),
        ],
        [("2 adults, 2 children under 12", "4"), ("10 adults and 1 child", "11"), ("1 adult, 4 teens over 14", "5")],
    ),
    (
        "a branch of one row copies a name",
        [
            ("Cpt", "Lena Maria Holt", "To Cpt Holt:"),
            ("", "Tim Frost", "To Tim Frost:"),
            ("Sgt", "Omar Vale", "To Sgt Vale:"),
        ],
        [
            ("", "Rosa Diaz", "To Rosa Diaz:"),
            ("Sgt", "Ida Jane Moss", "To Sgt Moss:"),
            ("", "Per Olaf Lund", "To Per Olaf Lund:"),
        ],
    ),
    (
        "a branch of one row copies a name before the rest that both have",
        [
            ("Berg Ltd", "Nina Lowe", "Berg Ltd (Lowe)"),
            ("", "Carl Eric Rand", "Carl Eric Rand"),
            ("Fjord AS", "Liv Anne Dahl", "Fjord AS (Dahl)"),
        ],
        [("", "Jo Marsh", "Jo Marsh"), ("Alm KG", "Udo Kern", "Alm KG (Kern)"), ("", "Eva Lux", "Eva Lux")],
    ),
]


@pytest.mark.parametrize(("shown", "rest"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_first_program(shown: Rows, rest: Rows) -> None:
    check_first_python(shown, rest)
