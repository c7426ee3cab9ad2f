"""Parts of names, labels and file names that other signs, brackets or blanks bound on other rows: rows => the outputs of others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "accents lost in one input are lost in the other",
        [("André", "Müller", "AM-muller"), ("Inés", "Bähr", "IB-bahr"), ("Tom", "Low", "TL-low")],
        [("Åsa", "Weiß", "AW-weiss"), ("Örjan", "Öst", "OO-ost"), ("Ula", "Čapek", "UC-capek")],
    ),
    (
        "accents lost in the surname are lost in the initial",
        [("Renée", "Côté", "cote.r"), ("Max", "Grün", "grun.m"), ("Siân", "Pugh", "pugh.s")],
        [("Émile", "Zola", "zola.e"), ("Óla", "Lunde", "lunde.o"), ("Tim", "Señor", "senor.t")],
    ),
    (
        "accents that no example loses stay",
        [("José Smith", "Smith"), ("Ana Lee", "Lee"), ("Bob Hill", "Hill")],
        [("Tim Núñez", "Núñez"), ("Zoë Pike", "Pike")],
    ),
    (
        "words between points and underscores, hyphens stay",
        [("red.brick.house", "Red Brick House"), ("old_mill", "Old Mill"), ("Green.Park", "Green Park")],
        [
            ("north.stow-on-wold", "North Stow-On-Wold"),
            ("new_cross-road", "New Cross-Road"),
            ("HIGH.GATE", "High Gate"),
        ],
    ),
    (
        "names of accounts in small letters, hyphens stay",
        [("eva_lind@x.org", "eva lind"), ("jo.maria.ek@y.se", "jo maria ek"), ("tom.ash@z-net.de", "tom ash")],
        [("ida.berg-falk@x.org", "ida berg-falk"), ("max_orr@y.se", "max orr"), ("al_sam.o'dea@y.se", "al sam o'dea")],
    ),
    (
        "hyphens part words, too, where an example shows it",
        [("eva_lind-ek", "Eva Lind Ek"), ("jo.maria.ek", "Jo Maria Ek"), ("tom.ash", "Tom Ash")],
        [("ida.berg-falk", "Ida Berg Falk"), ("max_orr", "Max Orr")],
    ),
    (
        "the first word behind a comma and an initial",
        [
            ("Burke, Mary Jo [night]", "Mary B"),
            ("Cole-Dean, Al [day]", "Al C"),
            ("Adeyemi, Rose [day]", "Rose A"),
        ],
        [("van Dyk, Piet [day]", "Piet v"), ("Li, Wen Bo [night]", "Wen L"), ("de la Cruz, Eva [day]", "Eva d")],
    ),
    (
        "the first word behind a comma and an initial with a point, names of two words",
        [
            ("Moss, Anna Lena <x1>", "Anna M."),
            ("Rau-Ott, Ben <x2>", "Ben R."),
            ("Ibe, Joy <x1>", "Joy I."),
        ],
        [
            ("Ruiz Vega, Lola <x2>", "Lola R."),
            ("Kim, So Ri <x1>", "So K."),
            ("Ali, Omar <x1>", "Omar A."),
            ("Funk, Uli <x2>", "Uli F."),
            ("Sato, Rin <x2>", "Rin S."),
            ("Lau, Pia <x2>", "Pia L."),
        ],
    ),
    (
        "the first word behind a colon, and the first of all",
        [
            ("Room 5: Table Four Seats (new)", "Table of Room"),
            ("Hall: Chair (old)", "Chair of Hall"),
            ("Attic: Lamp (two)", "Lamp of Attic"),
        ],
        [("Big Room 12: Desk Small (new)", "Desk of Big"), ("Cellar: Wine rack (old)", "Wine of Cellar")],
    ),
    (
        "a first word and brackets dropped, in title case",
        [("LOT OAK TABLE (NO 12)", "Oak Table"), ("LOT-X LAMP", "Lamp"), ("SET SILVER FORKS (NO 7)", "Silver Forks")],
        [("LOT-X BRASS BELL (NO 30)", "Brass Bell"), ("SET OLD PINE CHAIRS", "Old Pine Chairs"), ("LOT VASE", "Vase")],
    ),
    (
        "brackets dropped behind a dash",
        [
            ("A1 - Main Street [north]", "Main Street"),
            ("B - Harbour", "Harbour"),
            ("C2/3 - Old Mill Lane [east]", "Old Mill Lane"),
        ],
        [("D - Upper Green [west]", "Upper Green"), ("E4 - The Long Wide Road", "The Long Wide Road")],
    ),
    (
        "parts between underscores in another order, with blanks inside",
        [
            ("doc_Ek_Eva_2021-07-30.TXT", "2021-07 Eva Ek.txt"),
            ("doc_Von Arx_Jo_2022-01-02.csv", "2022-01 Jo Von Arx.csv"),
            ("doc_Lee_Kim_2020-12-24.CSV", "2020-12 Kim Lee.csv"),
        ],
        [
            ("doc_Mo_Al Bo_2023-03-31.TXT", "2023-03 Al Bo Mo.txt"),
            ("doc_Da Re_Ida_2024-05-05.txt", "2024-05 Ida Da Re.txt"),
        ],
    ),
    (
        "parts between underscores, one with blanks on other rows",
        [
            ("Oslo_Norway_4821", "Norway, Oslo"),
            ("Riga_Latvia_1107", "Latvia, Riga"),
            ("Bonn_Germany_900", "Germany, Bonn"),
        ],
        [("York_United Kingdom_77", "United Kingdom, York"), ("San Jose_Costa Rica_5", "Costa Rica, San Jose")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
