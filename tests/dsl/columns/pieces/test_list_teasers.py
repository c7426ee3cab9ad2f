"""Columns of the first items of lists with a text about the others, where there are more."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "two items and how many more",
        [
            ("piano;cello;flute;harp;oboe", "piano, cello +3 more"),
            ("drums;bass guitar", "drums, bass guitar"),
            ("flute;piano;viola", "flute, piano +1 more"),
        ],
        [
            ("harp;oboe;tuba;flute", "harp, oboe +2 more"),
            ("cello", "cello"),
            ("grand piano;drums", "grand piano, drums"),
            ("a;b;c;d;e;f;g;h;i;j;k;l", "a, b +10 more"),
        ],
    ),
    (
        "one item and others",
        [
            ("Mia, Leo, Zoe, Max", "Mia and 3 others"),
            ("Ben", "Ben"),
            ("Ida, Tom, Uwe", "Ida and 2 others"),
        ],
        [("Kim", "Kim"), ("Eva, Jan, Pia, Rob, Sam", "Eva and 4 others"), ("Lou, Pam, Kit", "Lou and 2 others")],
    ),
    (
        "one item and one other or several",
        [
            ("Mia, Leo, Zoe, Max", "Mia and 3 others"),
            ("Ben", "Ben"),
            ("Ida, Tom", "Ida and 1 other"),
            ("Pam, Kit, Lou", "Pam and 2 others"),
        ],
        [("Kim", "Kim"), ("Eva, Jan, Pia", "Eva and 2 others"), ("Lou, Pam", "Lou and 1 other")],
    ),
    (
        "whole lists with a word before the last item",
        [
            ("Rome|Bonn|Oslo|Kyiv|Bern", "Rome, Bonn and 3 more"),
            ("Riga|Lima", "Riga and Lima"),
            ("Oslo|Nice|Baku|Rome", "Oslo, Nice and 2 more"),
            ("Cork", "Cork"),
        ],
        [("Bern|Riga", "Bern and Riga"), ("Lima|Cork|Rome", "Lima, Cork and 1 more"), ("Kyiv", "Kyiv")],
    ),
    (
        "dots where there are more",
        [
            ("oats/rye/spelt/barley", "oats, rye, …"),
            ("maize/millet", "maize, millet"),
            ("rice/wheat/oats", "rice, wheat, …"),
        ],
        [("rye", "rye"), ("spelt/rice/rye/oats/maize", "spelt, rice, …"), ("wheat/barley", "wheat, barley")],
    ),
    (
        "the number in brackets with further text behind",
        [
            ("red, blue, teal, pink, grey", "Colours: red, blue, teal (+2)."),
            ("black, white", "Colours: black, white."),
            ("lime, gold, plum, navy", "Colours: lime, gold, plum (+1)."),
        ],
        [
            ("rose", "Colours: rose."),
            ("ruby, jade, sand", "Colours: ruby, jade, sand."),
            ("teal, navy, gold, lime, pink, plum, rose", "Colours: teal, navy, gold (+4)."),
        ],
    ),
    (
        "the number of all",
        [
            ("nut; bolt; screw; nail", "nut, bolt, … (4 in all)"),
            ("hinge; lock", "hinge, lock"),
            ("nail; hook; bolt; nut; key; tack", "nail, hook, … (6 in all)"),
        ],
        [("lock; key; hook", "lock, key, … (3 in all)"), ("tack", "tack"), ("screw; nut", "screw, nut")],
    ),
    (
        "whole lists of three, otherwise two items",
        [
            ("Ash, Elm, Oak, Yew", "Ash, Elm and 2 others"),
            ("Fir, Ash, Elm", "Fir, Ash and Elm"),
            ("Oak", "Oak"),
            ("Elm, Yew, Fir, Oak, Ash", "Elm, Yew and 3 others"),
        ],
        [
            ("Yew, Oak, Ash", "Yew, Oak and Ash"),
            ("Elm, Fir", "Elm and Fir"),
            ("Oak, Ash, Elm, Fir, Yew, Box", "Oak, Ash and 4 others"),
        ],
    ),
    (
        "two items alone, of lists some of which have one",
        [
            ("figs|dates|limes", "figs, dates"),
            ("plums", "plums"),
            ("pears|kiwis|figs|grapes", "pears, kiwis"),
        ],
        [("limes|plums", "limes, plums"), ("dates", "dates"), ("kiwis|figs|pears", "kiwis, figs")],
    ),
    (
        "the last two items",
        [
            ("A1>B7>C2>D9", "C2 - D9"),
            ("E5", "E5"),
            ("B3>A8>F6", "A8 - F6"),
        ],
        [("C4>D1", "C4 - D1"), ("F2>E9>B6>A3", "B6 - A3"), ("D7", "D7")],
    ),
    (
        "items in other letters, and another cell behind",
        [
            ("SOUP,FISH,RICE,CAKE", "Noon", "Soup, Fish +2 (Noon)"),
            ("STEW,PIE", "Night", "Stew, Pie (Night)"),
            ("TACO,CORN,BEAN", "Dawn", "Taco, Corn +1 (Dawn)"),
        ],
        [("PIE", "Noon", "Pie (Noon)"), ("RICE,STEW,FISH,SOUP,TEA", "Dusk", "Rice, Stew +3 (Dusk)")],
    ),
]


@pytest.mark.parametrize(("shown", "rest"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_first_program(shown: Rows, rest: Rows) -> None:
    check_first_python(shown, rest)
