"""Columns of what people write in many ways: nothing known, yes, counts, companies, addresses, times of logs; lists, titles, two conditions."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "cells that say nothing",
        [
            ("rot", "Rot"),
            ("n/a", "offen"),
            ("", "offen"),
            ("BLAU ", "Blau"),
            ("-", "offen"),
            ("hell  grau", "Hell Grau"),
        ],
        [("unknown", "offen"), ("?", "offen"), ("grün", "Grün"), ("N/A", "offen"), (" weiß", "Weiß"), ("tbd", "offen")],
    ),
    (
        "a number with its minus anywhere",
        [("−8", "-8"), ("-2.5", "-2.5"), ("(9)", "-9"), ("4-", "-4"), ("6", "6")],
        [("12.25", "12.25"), ("(1.5)", "-1.5"), ("300", "300"), ("7.25-", "-7.25")],
    ),
    (
        "units in either case and with either decimal mark",
        [("250 g", "0.250"), ("3.1kg", "3.100"), ("0.6 KG", "0.600"), ("1,5 kg", "1.500"), ("40g", "0.040")],
        [("2 Kg", "2.000"), ("0,25 kg", "0.250"), ("900 G", "0.900")],
    ),
    (
        "times of several units at the end of a line",
        [("backup took 2500 ms", "2.5"), ("sync took 4 s", "4.0"), ("export of 12 files took 2 min", "120.0")],
        [("backup took 300 ms", "0.3"), ("import took 0.5 min", "30.0"), ("sync 2 took 12.34 s", "12.3")],
    ),
    (
        "dozens and pairs",
        [("3 dozen", "36"), ("a pair", "2"), ("half a dozen", "6"), ("20", "20"), ("4 pairs", "8")],
        [("a dozen", "12"), ("11 pairs", "22"), ("100", "100"), ("2 Dozen", "24")],
    ),
    (
        "times of the log of a web server",
        [
            ('10.1.1.1 - - [03/Feb/2024:10:11:12 +0000] "GET / HTTP/1.1" 200 5', "2024-02-03 10:11:12"),
            ('10.1.2.9 - eva [28/Sep/2023:00:01:59 +0200] "POST /in HTTP/1.1" 302 0', "2023-09-28 00:01:59"),
            ('8.8.4.4 - - [11/Nov/2023:23:05:00 +0000] "GET /a?x=1 HTTP/2.0" 404 9', "2023-11-11 23:05:00"),
        ],
        [
            ('10.7.7.7 - - [31/Dec/2022:05:06:07 +0000] "HEAD / HTTP/1.0" 200 0', "2022-12-31 05:06:07"),
            ('9.9.9.9 - bob [01/May/2024:16:20:30 -0500] "PUT /b.pdf HTTP/1.1" 500 77', "2024-05-01 16:20:30"),
        ],
    ),
    (
        "a pair of units without the one that is missing",
        [("75 min", "1 h 15 min"), ("120 min", "2 h"), ("45 min", "45 min")],
        [("60 min", "1 h"), ("200 min", "3 h 20 min"), ("5 min", "5 min")],
    ),
    (
        "the next version, as wide as the last",
        [("logo_v09.png", "logo_v10.png"), ("plan_v2.pdf", "plan_v3.pdf"), ("map-2020_v11.svg", "map-2020_v12.svg")],
        [("old_v007.txt", "old_v008.txt"), ("3rd_v99.doc", "3rd_v100.doc")],
    ),
    (
        "the next place in a shelf",
        [("B07", "B08"), ("A99", "B00"), ("C19", "C20")],
        [("E99", "F00"), ("G50", "G51"), ("H09", "H10")],
    ),
    (
        "ranges in lists with and without blanks",
        [("2-4, 9", "2,3,4,9"), ("7", "7"), ("5, 11-13", "5,11,12,13")],
        [("30,32-33", "30,32,33"), ("1-2, 6-7", "1,2,6,7")],
    ),
    (
        "keywords without empty ones",
        [("Fog,,ice , ,Snow", "fog; ice; snow"), ("wind", "wind"), ("  Hail, Sun", "hail; sun")],
        [("Dry heat,  Storm,", "dry heat; storm"), ("rain,,Mist", "rain; mist")],
    ),
    (
        "a tally in front of the items",
        [("pen, ink, pen, pen", "3 pen, 1 ink"), ("glue", "1 glue"), ("cap, pen, cap", "2 cap, 1 pen")],
        [("ink, ink", "2 ink"), ("red pen, ink, red pen", "2 red pen, 1 ink")],
    ),
    (
        "a tally behind the items",
        [("a, b, a, a", "a (3), b (1)"), ("c", "c (1)"), ("d, c, d", "d (2), c (1)")],
        [("b, b", "b (2)"), ("e f, a, e f", "e f (2), a (1)")],
    ),
    (
        "folders of a path as words",
        [
            ("/news/local/item.html", "News > Local"),
            ("/big-data/x.html", "Big data"),
            ("/a1/old-town/b/c.html", "A1 > Old town > B"),
        ],
        [("/about/map.html", "About"), ("/home/pets/small-dogs/7.html", "Home > Pets > Small dogs")],
    ),
    (
        "the folder of a file, or a word",
        [("/usr/share/a.txt", "share"), ("/b.txt", "(top)"), ("/x/y/z/c.log", "z")],
        [("/tmp/d", "tmp"), ("/e.bin", "(top)"), ("/my data/f", "my data")],
    ),
    (
        "names of states, some of them short already",
        [
            ("Reno, Nevada", "Reno, NV"),
            ("Salem, Oregon", "Salem, OR"),
            ("Mesa, New Mexico", "Mesa, NM"),
            ("Elko, NV", "Elko, NV"),
            ("Vale, Oregon", "Vale, OR"),
        ],
        [("Bend, OR", "Bend, OR"), ("Taos, New Mexico", "Taos, NM"), ("Ely, Nevada", "Ely, NV")],
    ),
    (
        "accounts with and without addresses",
        [("https://site.org/jo.lee", "@jo.lee"), ("@amy_k", "@amy_k"), ("max-b", "@max-b"), ("site.org/eva/", "@eva")],
        [("http://x.com/lia.m", "@lia.m"), ("@ben", "@ben"), ("kim9", "@kim9")],
    ),
    (
        "the words of a search",
        [
            ("https://a.org/f?q=blue+hat&p=2", "blue hat"),
            ("https://a.org/f?l=en&q=old%20map", "old map"),
            ("https://a.org/f?q=lamp", "lamp"),
        ],
        [("http://b.io/?s=up&q=tin+can+5l", "tin can 5l"), ("http://b.io/?q=sea%20salt&r=1", "sea salt")],
    ),
    (
        "titles cut behind a word",
        [
            ("Walks in the North", "Walks in the North"),
            ("The Glass House at Night", "The Glass House at …"),
            ("Bread and Salt and Time", "Bread and Salt and …"),
            ("A Gardener Remembers", "A Gardener Remembers"),
            ("Rivers of the Far Western Plains", "Rivers of the Far …"),
        ],
        [
            ("Notes", "Notes"),
            ("Understanding Machinery", "Understanding …"),
            ("Songs of the Late Season", "Songs of the Late …"),
        ],
    ),
    (
        "names with what stands behind them",
        [
            ("amy lee sr", "Amy Lee Sr."),
            ("TOM WEST II", "Tom West II"),
            ("eva holm", "Eva Holm"),
            ("Max Ray, Jr.", "Max Ray Jr."),
        ],
        [("PIA LUND", "Pia Lund"), ("ben oak iii", "Ben Oak III"), ("ian fox, sr.", "Ian Fox Sr.")],
    ),
    (
        "known by another name",
        [
            ('Susan "Sue" Hart', "Sue Hart"),
            ("Nora Lind", "Nora Lind"),
            ("Thomas (Tom) Berg", "Tom Berg"),
            ('Elisabeth "Liz" Ann Moss', "Liz Ann Moss"),
        ],
        [("Robert (Rob) Falk", "Rob Falk"), ("Ana Maria Sosa", "Ana Maria Sosa"), ('James "Jim" Poe', "Jim Poe")],
    ),
    (
        "files without the marks of copies",
        [
            ("List (1).csv", "List.csv"),
            ("List - Copy.csv", "List.csv"),
            ("Old Plan.doc", "Old Plan.doc"),
            ("pic (12).png", "pic.png"),
            ("Map - Copy (3).pdf", "Map.pdf"),
        ],
        [("a.txt", "a.txt"), ("Tour 2021 (2).doc", "Tour 2021.doc"), ("ode - Copy (10).mp3", "ode.mp3")],
    ),
    (
        "the one with the greatest number",
        [("Ann 7, Bob 15, Cy 9", "Bob: 15"), ("Di 40, Ed 6", "Di: 40"), ("Flo 8, Gus 11", "Gus: 11")],
        [("Al 100, Bo 99", "Al: 100"), ("Jo 3", "Jo: 3"), ("Van Dam 5, Li 6, Ray Fox 20, Mo 1", "Ray Fox: 20")],
    ),
    (
        "companies without their legal form",
        [
            ("Nord Ltd.", "Nord"),
            ("Alpen AG", "Alpen"),
            ("Lake Foods, Inc.", "Lake Foods"),
            ("Ott & Sons", "Ott & Sons"),
        ],
        [("Weber GmbH", "Weber"), ("Delta Corp", "Delta"), ("Casa S.A.", "Casa"), ("Blue Door", "Blue Door")],
    ),
    (
        "a least charge",
        [("10", "4.50", "45.00"), ("3", "4.50", "20.00"), ("6", "2.10", "20.00"), ("1.5", "8.80", "20.00")],
        [("2", "14.50", "29.00"), ("12", "1.50", "20.00"), ("50", "0.75", "37.50")],
    ),
    (
        "sums with the decimals of their numbers",
        [("4.5 ± 0.5", "4.0–5.0"), ("6.10 ± 0.35", "5.75–6.45"), ("90 ± 15", "75–105"), ("2.7 ± 0.3", "2.4–3.0")],
        [("1.25 ± 0.15", "1.10–1.40"), ("8.0 ± 2.5", "5.5–10.5")],
    ),
    (
        "within the hours of a cell",
        [
            ("08:30", "08:30-16:00", "yes"),
            ("08:29", "08:30-16:00", "no"),
            ("16:00", "08:30-16:00", "no"),
            ("11:30", "11:00-21:00", "yes"),
            ("22:10", "11:00-21:00", "no"),
        ],
        [("15:59", "08:30-16:00", "yes"), ("6:45", "07:00-12:00", "no"), ("20:00", "11:00-21:00", "yes")],
    ),
    (
        "hours beyond eight",
        [("9:40", "1:40"), ("8:00", "0:00"), ("7:20", "0:00"), ("11:15", "3:15")],
        [("8:10", "0:10"), ("7:05", "0:00"), ("5:30", "0:00"), ("10:55", "2:55")],
    ),
    (
        "a rate of some days",
        [
            ("2023-06-09", "7", "70.00"),
            ("2023-06-10", "7", "105.00"),
            ("2023-06-11", "2.5", "37.50"),
            ("2023-06-12", "4", "40.00"),
        ],
        [("2023-09-02", "3", "45.00"), ("2024-02-29", "5.5", "55.00"), ("2023-12-31", "8", "120.00")],
    ),
    (
        "old enough, or somebody agreed",
        [
            ("19", "no", "fine"),
            ("15", "yes", "fine"),
            ("17", "no", "ask"),
            ("18", "no", "fine"),
            ("8", "Y", "fine"),
            ("16", "", "ask"),
            ("18", "", "fine"),
        ],
        [("40", "", "fine"), ("17", "Yes", "fine"), ("9", "no", "ask"), ("12", "y", "fine"), ("10", "", "ask")],
    ),
    (
        "the sex in a personal number",
        [
            ("19710203-4451", "m"),
            ("19850719-1284", "f"),
            ("20020511-0039", "m"),
            ("19630908-8820", "f"),
            ("19790130-2297", "m"),
        ],
        [("19991224-9962", "f"), ("19550606-3370", "m"), ("20051015-6648", "f")],
    ),
]


@pytest.mark.parametrize(("what", "rows", "others"), CASES, ids=[c[0].replace(" ", "-") for c in CASES])
def test_the_first_program_is_right(what: str, rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)
