"""Columns of parts beside markers, labelled values, addresses, words by a table, lists that may be empty, and cleaned texts."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "the word before a sign",
        [
            ("app.web.LoginError: no user", "LoginError"),
            ("app.db.core.Timeout: after 30 s", "Timeout"),
            ("lib.KeyError: x: y", "KeyError"),
        ],
        [("a.b.c.d.e.TypeError: 5", "TypeError"), ("ValueError: bad", "ValueError")],
    ),
    (
        "the number behind a word in any letter case, and the letter behind another",
        [("Gate B bay 4", "B4"), ("gate c, bay 17", "C17"), ("Bay 9 Gate D", "D9"), ("BAY 30, GATE E", "E30")],
        [("gate f bay 2", "F2"), ("bay 11 gate k", "K11")],
    ),
    (
        "labelled values in any order, with a sign for missing ones",
        [("id 7;P=12;Q=5.5", "12/5.5"), ("id 8;P=9", "9/?"), ("id 9;Q=3", "?/3"), ("id 10;Q=8;P=1.5", "1.5/8")],
        [("id 11;Q=-4", "?/-4"), ("id 12;P=0.25;Q=77", "0.25/77")],
    ),
    (
        "a telephone number in a note",
        [
            ("ring 0221 445566 at noon", "0221 445566"),
            ("2 kids, 030-998877", "030-998877"),
            ("040/112233", "040/112233"),
        ],
        [("after 9: 0049-151-4455", "0049-151-4455"), ("try 0711 300400", "0711 300400")],
    ),
    (
        "words shortened by a table wherever they stand",
        [
            ("Main Building", "Main Bldg"),
            ("North Department, Floor 2", "North Dept, Floor 2"),
            ("Old Building, Floor 1", "Old Bldg, Floor 1"),
            ("Sales Department", "Sales Dept"),
        ],
        [("New Town Building", "New Town Bldg"), ("Department, Floor 7", "Dept, Floor 7")],
    ),
    (
        "what two lists share, or a word",
        [
            ("tea, milk", "milk, rum", "milk"),
            ("ale, gin", "port", "nothing"),
            ("rye, oat, corn", "corn, rye", "rye, corn"),
        ],
        [("sake", "beer", "nothing"), ("a, b, c", "c, b, a", "a, b, c")],
    ),
    (
        "sorted items",
        [("fig, date, kiwi", "date/fig/kiwi"), ("pear, nut", "nut/pear"), ("plum", "plum")],
        [("d, a, c, b", "a/b/c/d")],
    ),
    (
        "items between different separators, trimmed",
        [
            ("Desk lamp,BLACK , 4", "Desk lamp + black + 4"),
            ("CHAIR; Red;7", "Chair + red + 7"),
            ("desk, white,1", "Desk + white + 1"),
        ],
        [("Arm Chair ;GREY; 12", "Arm chair + grey + 12")],
    ),
    (
        "items without their marks",
        [("- buy ink", "Buy ink"), ("2) Call Ann", "Call Ann"), ("• sort mail", "Sort mail"), ("rest", "Rest")],
        [("14. pay rent", "Pay rent"), ("* PDF copy", "PDF copy")],
    ),
    (
        "names without titles",
        [
            ("DR. ida  holm", "Ida Holm"),
            ("mr Tom BAUR", "Tom Baur"),
            ("Prof. Dr. eva lind", "Eva Lind"),
            ("rui DIAS", "Rui Dias"),
        ],
        [("MRS. ana maria reis", "Ana Maria Reis"), ("Frau  Lea kunz", "Lea Kunz")],
    ),
    (
        "sentences in small letters",
        [
            ("COME IN. WHO IS IT?", "Come in. Who is it?"),
            ("STOP!", "Stop!"),
            ("IS IT ON? YES. GOOD", "Is it on? Yes. Good"),
        ],
        [("RUN! IT IS 9. GO", "Run! It is 9. Go")],
    ),
    (
        "a first letter in upper case before inner capitals",
        [("rue Verte", "Rue Verte"), ("place Monge", "Place Monge"), ("cours Mirabeau", "Cours Mirabeau")],
        [("rue de la Paix", "Rue de la Paix")],
    ),
    (
        "a town behind its postcode",
        [
            ("Ida\n1165 Oslo", "Oslo"),
            ("Jan\n110 00 Praha", "Praha"),
            ("Rui\nc/o Reis\n4050-001 Vila Real", "Vila Real"),
        ],
        [("Eva\n28001 San Juan", "San Juan")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_first_program_is_right(rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)
