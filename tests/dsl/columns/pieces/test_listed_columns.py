"""Lists inside cells and codes at their ends: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "how many seats are in ranges and beside them",
        [("4-6, 9", "4 seats"), ("11, 13, 15-19", "7 seats"), ("21-30", "10 seats")],
        [("2", "1 seats"), ("7-8, 10-12", "5 seats"), ("99-101", "3 seats")],
    ),
    (
        "ranges with a dash, and a word before them",
        [("rooms 101–104; 110", "5"), ("rooms 12; 14", "2"), ("rooms 7–9; 11–12; 20", "6")],
        [("rooms 3", "1"), ("rooms 98–102", "5")],
    ),
    (
        "ranges with blanks, times a price",
        [("1 - 3, 8", "6.00"), ("5, 7", "3.00"), ("10 - 14", "7.50")],
        [("4", "1.50"), ("2 - 3, 9 - 10", "6.00")],
    ),
    (
        "things to buy, one of those without a number",
        [("bread x2; milk", "3"), ("eggs x12; butter x3; jam", "16"), ("salt", "1")],
        [("rice x5", "5"), ("tea; honey x2; oats", "4"), ("cocoa; flour; sugar", "3")],
    ),
    (
        "numbers before the things",
        [("2 x desk, lamp", "3 items"), ("sofa", "1 items"), ("3 x chair, 2 x shelf, rug", "6 items")],
        [("4 x stool", "4 items"), ("bed, mirror", "2 items")],
    ),
    (
        "numbers in brackets behind names with digits",
        [("B12 (3), K2", "4"), ("D3, E4, B6 (10)", "12"), ("B1", "1")],
        [("C7 (2), A5 (2)", "4"), ("K1 (6)", "6"), ("D4, K9 (1)", "2")],
    ),
    (
        "the names of items with a word between others, or a word for none",
        [
            ("Ana paid 20; Bo owes 15; Cy paid 5", "Ana, Cy"),
            ("Di owes 10; Ed paid 12", "Ed"),
            ("Flo owes 8", "nobody"),
        ],
        [("Gus paid 3; Hal owes 4; Ida paid 6; Jo paid 1", "Gus, Ida, Jo"), ("Kim owes 2; Lou owes 9", "nobody")],
    ),
    (
        "the numbers of items with a word, and of no items in an empty cell",
        [
            ("3 IN A101, 4 OUT A102, 9 IN B7", "A101+B7"),
            ("2 OUT C3, 5 IN C4", "C4"),
            ("", "-"),
        ],
        [("1 IN D5, 6 OUT D6, 7 IN D8, 8 IN D9", "D5+D8+D9"), ("4 OUT E1", "-")],
    ),
    (
        "how many items have a word",
        [
            ("Mon ok 5; Tue late 3; Wed ok 1", "2 on time"),
            ("Mon late 2; Tue late 4", "0 on time"),
            ("Fri ok 8; Sat ok 9; Sun ok 2", "3 on time"),
        ],
        [("Mon ok 7", "1 on time"), ("Mon ok 7; Tue ok 2; Wed late 3; Thu ok 1; Fri ok 2", "4 on time")],
    ),
    (
        "a number plate behind the last comma, put right",
        [
            ("Ford, blue, ab12cde", "AB12 CDE"),
            ("Fiat Panda, white, KX7 lmn", "KX7 LMN"),
            ("Volvo, red, S4rst ", "S4 RST"),
        ],
        [("Opel Astra, ink blue, wd19 XYZ", "WD19 XYZ"), ("Skoda, B1bbb", "B1 BBB")],
    ),
    (
        "a code with a hyphen before its last four characters",
        [("grey felt: a1 0042", "A1-0042"), ("tape: bcd20017", "BCD2-0017"), ("hooks, small: K 9981", "K-9981")],
        [("glue: xy0x3300", "XY0X-3300"), ("twine: q-1234", "Q-1234")],
    ),
    (
        "a telephone number behind a name",
        [
            ("(415) 555-0132 | Ada", "415.555.0132"),
            ("212-555-0199 | Bo", "212.555.0199"),
            ("6465550101 | Cy, night", "646.555.0101"),
        ],
        [("(303) 555 0177 | Di", "303.555.0177"), ("702.555.0144 | Ed", "702.555.0144")],
    ),
    (
        "the value of a key in brackets, or a word, behind the first word",
        [
            ("gate B2 open [wait=12]", "B2 wait 12"),
            ("gate A7 open [wait=3]", "A7 wait 3"),
            ("gate C1 shut for repairs", "C1 wait unknown"),
        ],
        [("gate D9 shut", "D9 wait unknown"), ("gate E10 busy [wait=45]", "E10 wait 45")],
    ),
    (
        "the names of firms, and in brackets those under which some trade",
        [
            ("Moss Bakery trading Old Oven", "Bakery, Moss (Old Oven)"),
            ("Ray Motors, alias Fast Cars", "Motors, Ray (Fast Cars)"),
            ("Blue River Books", "Books, Blue River"),
        ],
        [
            ("Hill Farm, alias Green Eggs", "Farm, Hill (Green Eggs)"),
            ("Old Town Tea trading Leaf", "Tea, Old Town (Leaf)"),
        ],
    ),
    (
        "where a journey starts, and where it ends in brackets",
        [("Rome to Oslo", "Rome (Oslo)"), ("Bath Spa -> New York", "Bath Spa (New York)"), ("Lima", "Lima")],
        [("San Jose -> Cork", "San Jose (Cork)"), ("Ulm to La Paz", "Ulm (La Paz)"), ("Port Louis", "Port Louis")],
    ),
    (
        "two people with one surname that is written once",
        [
            ("Ann Lee / Bob Lee", "Ann and Bob Lee"),
            ("Cy Moss / Di Ray", "Cy Moss and Di Ray"),
            ("Ed Kay", "Ed Kay"),
        ],
        [
            ("Mary Jo Fox / Al Fox", "Mary Jo and Al Fox"),
            ("Ben Fox / Cal Fox-Hill", "Ben Fox and Cal Fox-Hill"),
            ("Una Iva Poe", "Una Iva Poe"),
        ],
    ),
    (
        "two people in two inputs",
        [
            ("Ann Lee", "Bob Lee", "Ann & Bob Lee"),
            ("Cy Moss", "Di Ray", "Cy Moss & Di Ray"),
            ("Ed Kay", "", "Ed Kay"),
        ],
        [
            ("Mary Jo Fox", "Al Fox", "Mary Jo & Al Fox"),
            ("Gil Hay", "", "Gil Hay"),
            ("Ivy Jay", "Kit Roe", "Ivy Jay & Kit Roe"),
        ],
    ),
    (
        "a unit that is written once",
        [("3 kg - 5 kg", "3-5 kg"), ("250 g - 1 kg", "250 g-1 kg"), ("20 ml - 30 ml", "20-30 ml")],
        [("1 m - 12 m", "1-12 m"), ("90 cm - 2 m", "90 cm-2 m")],
    ),
    (
        "times of which both are before or behind noon",
        [("9am - 11am", "9–11am"), ("10am - 2pm", "10am–2pm"), ("1pm - 5pm", "1–5pm")],
        [("7pm - 9pm", "7–9pm"), ("8am - 12pm", "8am–12pm")],
    ),
    (
        "a first word that is written once",
        [("Room 12, Room 14", "Room 12 + 14"), ("Hall A, Room 3", "Hall A + Room 3"), ("Desk 8, Desk 9", "Desk 8 + 9")],
        [("Yard 1, Hall 1", "Yard 1 + Hall 1"), ("Hall B, Hall C", "Hall B + C")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
