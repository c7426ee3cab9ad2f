"""Columns of people's tables, each standing for a class of them: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "amounts of two units, of which either may be missing",
        [("2y 3m", "27"), ("11m", "11"), ("4y", "48")],
        [("1y 10m", "22"), ("5y", "60"), ("7m", "7")],
    ),
    (
        "crates of twenty-four bottles",
        [("2 crates 3 bottles", "51"), ("5 bottles", "5"), ("1 crate", "24")],
        [("4 crates 10 bottles", "106"), ("1 crate 1 bottle", "25")],
    ),
    (
        "fractions beside whole numbers",
        [("3/8", "0.375"), ("1 1/2", "1.5"), ("2", "2")],
        [("5/16", "0.3125"), ("2 3/4", "2.75")],
    ),
    (
        "fractions of a cup in millilitres",
        [("1 1/2 cups flour", "360"), ("3/4 cup milk", "180"), ("2 cups rice", "480")],
        [("1/2 cup sugar", "120"), ("2 1/4 cups oats", "540")],
    ),
    (
        "the T of a moment, on Thursdays and a Tuesday",
        [
            ("2024-03-07T14:05:00+02:00", "2024-03-07T12:05:00Z"),
            ("2023-11-30T09:41:13-05:00", "2023-11-30T14:41:13Z"),
            ("2025-01-01T00:00:00+01:00", "2024-12-31T23:00:00Z"),
        ],
        [("2022-06-15T23:59:59+05:30", "2022-06-15T18:29:59Z")],
    ),
    (
        "whole parts of numbers that are no times of day",
        [("12.3", "12"), ("3.2", "3"), ("7.1", "7")],
        [("25.4", "25"), ("4.51", "4")],
    ),
    ("answers by letter", [("1", "A"), ("3", "C"), ("2", "B")], [("4", "D"), ("5", "E")]),
    (
        "columns of a spreadsheet",
        [("B7", "R7C2"), ("C12", "R12C3"), ("A1", "R1C1")],
        [("H8", "R8C8"), ("G100", "R100C7")],
    ),
    (
        "digits that were read as letters",
        [("1O5", "105"), ("2l0", "210"), ("l3O", "130")],
        [("4OO", "400"), ("77l", "771")],
    ),
    (
        "one vowel for another",
        [("kaba", "kebe"), ("lama", "leme"), ("patty", "petty")],
        [("data", "dete"), ("mint", "mint")],
    ),
    (
        "a contract ends on the day before",
        [("2024-03-15", "3", "2024-06-14"), ("2023-12-01", "12", "2024-11-30"), ("2024-01-20", "6", "2024-07-19")],
        [("2024-05-05", "1", "2024-06-04"), ("2022-10-10", "24", "2024-10-09")],
    ),
    (
        "a warranty ends with a month",
        [("2024-03-15", "3", "30.06.2024"), ("2023-12-01", "12", "31.12.2024"), ("2024-01-20", "7", "31.08.2024")],
        [("2024-05-05", "1", "30.06.2024"), ("2022-10-10", "24", "31.10.2024")],
    ),
    (
        "offsets with their sign",
        [("14:30", "+02:00", "16:30"), ("09:00", "-03:30", "05:30"), ("23:15", "+01:00", "00:15")],
        [("12:00", "+05:45", "17:45"), ("08:10", "-01:00", "07:10")],
    ),
    (
        "a shift less the minutes of its break",
        [("07:30", "16:00", "45", "7h 45m"), ("09:00", "17:20", "30", "7h 50m"), ("06:00", "14:25", "20", "8h 05m")],
        [("10:00", "19:00", "60", "8h 00m"), ("08:15", "12:00", "15", "3h 30m")],
    ),
    (
        "commas that part numbers",
        [("12,200,7", "200"), ("0,5,19", "5"), ("255,128,64", "128")],
        [("200,100,50", "100"), ("1,234,567", "234")],
    ),
    (
        "two days of one month",
        [
            ("2024-01-05", "2024-01-20", "same"),
            ("2024-01-31", "2024-02-01", "other"),
            ("2024-03-04", "2024-03-30", "same"),
        ],
        [("2024-05-30", "2024-06-02", "other"), ("2024-07-09", "2024-07-10", "same")],
    ),
    (
        "a branch that reads as the other one does",
        [("sale 1,250.00", "1250.00"), ("refund 80.50", "-80.50"), ("sale 19.99", "19.99")],
        [("refund 1,000.00", "-1000.00"), ("sale 5.00", "5.00")],
    ),
    (
        "a branch where the text that it looks for is there",
        [("/?source=letter&m=1", "letter"), ("/hats?id=4&source=bing", "bing"), ("/about?m=2", "direct")],
        [("/?source=partner", "partner"), ("/sale?m=3&id=5", "direct"), ("/faq?source=forum&x=1", "forum")],
    ),
    (
        "what a code is by its length",
        [("40170725", "short"), ("4006381333931", "long"), ("036000291452", "American")],
        [("96385074", "short"), ("012345678905", "American"), ("9780201379624", "long"), ("73513537", "short")],
    ),
    (
        "names after the first as initials",
        [
            ("Dumas, Alexandre Davy", "Alexandre D. Dumas"),
            ("Poe, Edgar", "Edgar Poe"),
            ("Lewis, Clive Staples", "Clive S. Lewis"),
        ],
        [("Shaw, George Bernard", "George B. Shaw"), ("Wu, Li", "Li Wu")],
    ),
    (
        "a scale of temperature on one side of a choice",
        [("98.6F", "37.0"), ("37.2C", "37.2"), ("102.2F", "39.0")],
        [("50F", "10.0"), ("212F", "100.0")],
    ),
    (
        "kilograms and grams, or grams alone",
        [("1250", "1 kg 250 g"), ("800", "800 g"), ("3004", "3 kg 4 g")],
        [("2000", "2 kg 0 g"), ("499", "499 g"), ("12345", "12 kg 345 g")],
    ),
    ("degrees and minutes", [("40.5", "40° 30'"), ("12.25", "12° 15'"), ("7.75", "7° 45'")], [("51.1", "51° 6'")]),
    (
        "above a limit, by the unit",
        [("25", "24"), ("20", "0"), ("31", "96")],
        [("24", "12"), ("35", "144"), ("9", "0")],
    ),
    (
        "thousandths of seconds as minutes and seconds",
        [("61234", "01:01.234"), ("5", "00:00.005"), ("125999", "02:05.999")],
        [("754321", "12:34.321")],
    ),
    (
        "seconds of the times of subtitles",
        [("00:01:02,345", "62.345"), ("00:10:00,500", "600.5"), ("01:00:00,000", "3600")],
        [("00:00:09,080", "9.08")],
    ),
    (
        "any number of days later",
        [("2024-01-10", "due 26/03/2024"), ("2023-11-20", "due 04/02/2024"), ("2024-03-05", "due 20/05/2024")],
        [("2022-07-01", "due 15/09/2022")],
    ),
    (
        "seven weeks later, without the year",
        [("2024-03-31", "19 May"), ("2023-04-09", "28 May"), ("2022-04-17", "5 June")],
        [("2021-04-04", "23 May")],
    ),
    (
        "hours before noon and after",
        [("14", "2 PM"), ("9", "9 AM"), ("0", "12 AM")],
        [("12", "12 PM"), ("23", "11 PM")],
    ),
    (
        "a kind of rows, not a part of the text",
        [("Refund please", "refund"), ("Where is it", "other"), ("need REFUND now", "refund"), ("hello", "other")],
        [("a refund?", "refund"), ("no", "other")],
    ),
    (
        "the first digits of codes, not their size",
        [("07123", "mobile"), ("02088", "landline"), ("07999", "mobile"), ("0161", "landline")],
        [("0733", "mobile"), ("0200", "landline")],
    ),
    (
        "signs of numbers, not their first digits",
        [("1.2", "up"), ("-0.5", "down"), ("0", "flat"), ("3", "up")],
        [("-2", "down"), ("0.1", "up"), ("0", "flat")],
    ),
    (
        "dates since a day",
        [("2024-01-05", "expired"), ("2024-08-01", "valid"), ("2023-12-31", "expired"), ("2025-01-01", "valid")],
        [("2023-05-31", "expired"), ("2024-11-02", "valid")],
    ),
    (
        "mails of one domain",
        [("a@acme.com", "internal"), ("b@x.org", "external"), ("c@acme.com", "internal"), ("d@y.com", "external")],
        [("eva@acme.com", "internal"), ("mail@sea.net", "external")],
    ),
    (
        "even numbers",
        [("4", "even"), ("7", "odd"), ("10", "even")],
        [("33", "odd"), ("18", "even")],
    ),
    (
        "a time of day, not its last digit",
        [("11:59", "morning"), ("12:00", "afternoon"), ("09:15", "morning")],
        [("10:30", "morning"), ("18:05", "afternoon"), ("00:05", "morning")],
    ),
    (
        "words of a name in camel case, in capitals",
        [("redFoxRuns", "RED FOX RUNS"), ("oldOwl", "OLD OWL"), ("youngHare", "YOUNG HARE")],
        [("smallBlueTit", "SMALL BLUE TIT"), ("greyWolf", "GREY WOLF")],
    ),
    (
        "no date is unknown, whatever is written there",
        [("n/a", "unknown"), ("10.2.1969", "1969"), ("7.1.1993", "1993")],
        [("-", "unknown"), ("23.11.2004", "2004"), ("none", "unknown")],
    ),
    (
        "the last of a path whose parts have blanks inside",
        [("Zoo > Birds > Owls", "Owls"), ("Farm > Hens", "Hens"), ("Wood > Deer > Fawn", "Fawn")],
        [("Zoo > Big cats", "Big cats"), ("Sea", "Sea"), ("Farm > Old > Red cow", "Red cow")],
    ),
    (
        "a class of few values says more than the number of the row",
        [("R-1", "N", "2 wks"), ("R-2", "S", "3 wks"), ("R-3", "W", "5 wks")],
        [("R-4", "S", "3 wks"), ("R-5", "N", "2 wks"), ("R-6", "W", "5 wks"), ("R-7", "W", "5 wks")],
    ),
    (
        "one day or several, whatever the weekday",
        [
            ("2023-03-01", "2023-03-05", "4 days"),
            ("2023-03-11", "2023-03-12", "1 day"),
            ("2023-02-26", "2023-03-01", "3 days"),
        ],
        [("2023-06-01", "2023-06-02", "1 day"), ("2023-08-05", "2023-08-19", "14 days")],
    ),
    (
        "the smaller of two numbers, and whose it is",
        [("3.5", "4", "A 3.5"), ("8", "6.25", "B 6.25"), ("70", "71", "A 70")],
        [("900", "899", "B 899"), ("0.5", "0.8", "A 0.5")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_first_program_gives_the_outputs_of_the_others(rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)
