"""Columns of amounts as people type them: either decimal mark, packs, several units, currencies; and codes with check digits."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "points and commas are both decimal marks",
        [("3.210,75", "3210.75"), ("8,410.25", "8410.25"), ("64,5", "64.50"), ("19.80", "19.80")],
        [("0,49", "0.49"), ("720", "720.00"), ("1.000.050,5", "1000050.50"), ("33.3", "33.30")],
    ),
    (
        "a sum of numbers with different decimal marks",
        [("1.200,50", "2,000.25", "3200.75"), ("10,5", "3.25", "13.75"), ("99,00", "1.50", "100.50")],
        [("2.000,00", "17.75", "2017.75"), ("8,25", "1,000.50", "1008.75")],
    ),
    (
        "prices of a kilogram of packs",
        [
            ("4 x 250 g", "5.00", "5.00"),
            ("1.5 kg", "4.20", "2.80"),
            ("400 g", "3.10", "7.75"),
            ("2 x 0.5 kg", "6.30", "6.30"),
        ],
        [("750 g", "6.00", "8.00"), ("3x200 g", "2.70", "4.50"), ("5 kg", "9.95", "1.99")],
    ),
    (
        "lengths of several units in one",
        [("250 cm", "2.5 m"), ("1.2 km", "1200 m"), ("75 m", "75 m"), ("4 m", "4 m")],
        [("30 cm", "0.3 m"), ("0.4 km", "400 m"), ("1500 mm", "1.5 m")],
    ),
    (
        "heights of two units as feet and inches",
        [("182 cm", "6'0\""), ("1.68 m", "5'6\""), ("1.91 m", "6'3\""), ("157 cm", "5'2\"")],
        [("1.75 m", "5'9\""), ("200 cm", "6'7\""), ("1.6m", "5'3\"")],
    ),
    (
        "an answer turned round on its scale where the key says so",
        [("4", "R", "7"), ("9", "R", "2"), ("3", "N", "3"), ("8", "N", "8")],
        [("6", "R", "5"), ("1", "R", "10"), ("10", "N", "10"), ("2", "N", "2"), ("7", "R", "4"), ("5", "N", "5")],
    ),
    (
        "a fee on some orders alone",
        [("17", "post", "21"), ("40", "post", "44"), ("40", "shop", "40"), ("8", "shop", "8")],
        [("23", "post", "27"), ("90", "shop", "90")],
    ),
    (
        "days, hours and minutes in minutes",
        [("1d 2h 5m", "1565"), ("0d 3h 20m", "200"), ("2d 0h 1m", "2881")],
        [("0d 0h 45m", "45"), ("3d 11h 0m", "4980")],
    ),
    (
        "yards, feet and inches in inches",
        [("2 yd 1 ft 5 in", "89"), ("0 yd 2 ft 7 in", "31"), ("4 yd 0 ft 2 in", "146")],
        [("1 yd 1 ft 1 in", "49"), ("10 yd 2 ft 0 in", "384")],
    ),
    (
        "temperatures of two scales in one",
        [("212 F", "100.0 °C"), ("21.5 C", "21.5 °C"), ("50 °F", "10.0 °C"), ("-3 °C", "-3.0 °C")],
        [("99.5 F", "37.5 °C"), ("40 c", "40.0 °C"), ("14 °F", "-10.0 °C")],
    ),
    (
        "currencies by sign or code",
        [
            ("$4.5", "4.50 USD"),
            ("EUR 7,25", "7.25 EUR"),
            ("8 €", "8.00 EUR"),
            ("USD 12.10", "12.10 USD"),
            ("£3", "3.00 GBP"),
        ],
        [("GBP 6.5", "6.50 GBP"), ("€ 19,90", "19.90 EUR"), ("US$ 2", "2.00 USD")],
    ),
    (
        "differences of times of races",
        [("1:04.20", "1:03.15", "-1.05"), ("59.10", "1:01.00", "+1.90"), ("2:00.50", "2:00.50", "=")],
        [("28.40", "28.95", "+0.55"), ("1:15.00", "59.99", "-15.01"), ("3:10.25", "3:10.25", "=")],
    ),
    (
        "inside a tolerance, or by how much outside",
        [
            ("50.0", "50.4", "0.5", "fits"),
            ("50.0", "51.2", "0.5", "0.7 too long"),
            ("20.0", "19.1", "0.3", "0.6 too short"),
            ("35.0", "34.8", "0.2", "fits"),
        ],
        [
            ("10.0", "10.9", "0.4", "0.5 too long"),
            ("12.5", "12.0", "0.5", "fits"),
            ("80.0", "78.5", "1.0", "0.5 too short"),
        ],
    ),
    (
        "the first filled cell, and which it is",
        [
            ("a@x.org", "12 34", "Elm 3", "a@x.org (mail)"),
            ("", "77 10", "Oak 9", "77 10 (phone)"),
            ("", "", "Fir 2", "Fir 2 (post)"),
            ("", "", "", "none"),
        ],
        [
            ("b@y.org", "", "Ash 1", "b@y.org (mail)"),
            ("", "90 44", "", "90 44 (phone)"),
            ("c@z.org", "", "", "c@z.org (mail)"),
        ],
    ),
    (
        "one more for every full step, up to a bound",
        [("0", "20"), ("3", "20"), ("4", "22"), ("7", "22"), ("8", "24"), ("20", "30"), ("33", "30")],
        [("11", "24"), ("12", "26"), ("15", "26"), ("16", "28"), ("24", "30")],
    ),
    (
        "prices inside codes",
        [("2711110012990", "12.99"), ("2722220000753", "0.75"), ("2733330104507", "104.50")],
        [("2744440003998", "3.99"), ("2755550000054", "0.05"), ("2766660020007", "20.00")],
    ),
    (
        "rents from the day of moving in",
        [("620.00", "17.01.2023", "300.00"), ("900.00", "16.04.2023", "450.00"), ("560.00", "08.02.2023", "420.00")],
        [("750.00", "01.06.2023", "750.00"), ("930.00", "31.08.2023", "30.00"), ("290.00", "10.02.2024", "200.00")],
    ),
    (
        "fees until the day of leaving",
        [("310.00", "2023-05-10", "100.00"), ("600.00", "2023-06-25", "500.00"), ("280.00", "2023-02-07", "70.00")],
        [("930.00", "2023-07-01", "30.00"), ("450.00", "2023-09-30", "450.00")],
    ),
    (
        "days only where there are some",
        [("180000", "2 days, 2:00"), ("3720", "1:02"), ("86460", "1 day, 0:01"), ("500", "0:08")],
        [("90061", "1 day, 1:01"), ("864000", "10 days, 0:00"), ("59", "0:00")],
    ),
    (
        "hours only where there are some",
        [("75", "1h 15m"), ("40", "40m"), ("125", "2h 05m"), ("9", "9m")],
        [("60", "1h 00m"), ("59", "59m"), ("608", "10h 08m")],
    ),
    (
        "winners and losers by their scores",
        [
            ("Reds", "Blues", "3:1", "Reds beat Blues"),
            ("Larks", "Owls", "0:2", "Owls beat Larks"),
            ("Crows", "Gulls", "2:4", "Gulls beat Crows"),
        ],
        [("Stags", "Hares", "5:2", "Stags beat Hares"), ("Carps", "Pikes", "1:10", "Pikes beat Carps")],
    ),
    (
        "winners or a draw",
        [("Reds", "Blues", "3-1", "Reds"), ("Hawks", "Owls", "0-2", "Owls"), ("Lions", "Bears", "1-1", "draw")],
        [("Blues", "Hawks", "10-9", "Blues"), ("Owls", "Reds", "2-2", "draw"), ("Bears", "Reds", "0-4", "Reds")],
    ),
    (
        "one spelling of a phrase",
        [
            ("post code 12", "Postcode 12"),
            ("Post-Code 7", "Postcode 7"),
            ("see notes", "see notes"),
            ("POSTCODE 9", "Postcode 9"),
        ],
        [("Post Code 31", "Postcode 31"), ("the notes", "the notes"), ("postcode 5", "Postcode 5")],
    ),
    (
        "moments inside the names of files",
        [
            ("IMG_20210304_101530.jpg", "04.03.2021 10:15"),
            ("VID-20211224-235900123.mp4", "24.12.2021 23:59"),
            ("IMG_20200229_070809_2.jpg", "29.02.2020 07:08"),
        ],
        [("Shot_20190817_143000.png", "17.08.2019 14:30"), ("IMG_20221001_000115.jpg", "01.10.2022 00:01")],
    ),
    (
        "authors, of whom only two are named",
        [
            ("Ann B. Moss; Li Wu; Raj Rao", "Moss et al."),
            ("Ola Berg; Tim Fox", "Berg & Fox"),
            ("Eva Sand", "Sand"),
        ],
        [
            ("Max Holt; Amy Poe; Sue Lim; Jo Oz", "Holt et al."),
            ("Ian Dale; Kim Ash", "Dale & Ash"),
            ("T. S. Ray", "Ray"),
        ],
    ),
    (
        "initials, although two words tell them as well",
        [("ada  moss", "Moss, A."), ("alma  berg", "Berg, A."), ("mia q lund", "Lund, M.")],
        [
            ("alma z moss", "Moss, A."),
            ("snorre  berg", "Berg, S."),
            ("ada  ek", "Ek, A."),
            ("niklas  moss", "Moss, N."),
        ],
    ),
    (
        "one unit for all, whose decimals no example shows",
        [("250 mm", "25"), ("3.5 m", "350"), ("60 cm", "60")],
        [("2 m", "200"), ("45 mm", "4.5"), ("8 cm", "8")],
    ),
    (
        "couples of one surname",
        [
            ("Ada Holm", "Jon Holm", "Ada and Jon Holm"),
            ("Ida Falk", "Per Lie", "Ida Falk and Per Lie"),
            ("Moa Ek", "", "Moa Ek"),
        ],
        [
            ("Mary Ann Hill", "Bo Hill", "Mary Ann and Bo Hill"),
            ("Li Na", "", "Li Na"),
            ("Una Dahl", "Leo Voss", "Una Dahl and Leo Voss"),
        ],
    ),
    (
        "a check digit is appended",
        [("7992739871", "79927398713"), ("123456", "1234566"), ("5500", "55004"), ("40128888", "401288881")],
        [("987654321", "9876543217"), ("60110009901394", "601100099013949")],
    ),
    (
        "whether a code of an article is right",
        [
            ("4006381333931", "ok"),
            ("4006381333932", "typo"),
            ("9780306406157", "ok"),
            ("9783161484101", "typo"),
            ("5901234123457", "ok"),
        ],
        [("9783161484100", "ok"), ("5901234123450", "typo"), ("4006381333935", "typo")],
    ),
]


@pytest.mark.parametrize(("what", "rows", "others"), CASES, ids=[c[0].replace(" ", "-") for c in CASES])
def test_the_first_program_is_right(what: str, rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)
