"""Columns that a generator drew (benchmarks/made): rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "days are written as they are read, whatever hours have",
        [
            ("19 Apr 2017 01:54", "19 April 2017, 01:45"),
            ("29 Jun 2018 19:04", "29 June 2018, 19:00"),
            ("22 Jul 2026 06:11", "22 July 2026, 06:00"),
        ],
        [("4 Jun 1837 04:44", "4 June 1837, 04:30"), ("6 May 2001 13:15", "6 May 2001, 13:15")],
    ),
    (
        "minutes behind an hour have their zeros",
        [("06:17", "6h17"), ("06:10", "6h10"), ("03:41", "3h41")],
        [("02:02", "2h02"), ("11:05", "11h05")],
    ),
    (
        "no hour has 65 minutes",
        [("10:17", "10:47"), ("22:03", "22:33"), ("21:03", "21:33")],
        [("17:35", "18:05"), ("23:44", "00:14")],
    ),
    (
        "ranges of twenty minutes follow each other",
        [
            ("10:12PM", "10:00 PM to 10:20 PM"),
            ("04:11AM", "04:00 AM to 04:20 AM"),
            ("05:18PM", "05:00 PM to 05:20 PM"),
        ],
        [("07:21PM", "07:20 PM to 07:40 PM"), ("11:59AM", "11:40 AM to 12:00 PM")],
    ),
    (
        "numbers of different lengths are no years",
        [
            ("Piotr", "willow", "3763", "3763: Piotr-willow"),
            ("Hugo", "violet", "3472", "3472: Hugo-violet"),
            ("Yusuf", "harbor", "7243", "7243: Yusuf-harbor"),
        ],
        [
            ("Sofie", "copper", "478", "478: Sofie-copper"),
            ("Kwame", "birch", "5320", "5320: Kwame-birch"),
            ("Marek", "birch", "6389", "6389: Marek-birch"),
            ("Jonas", "amber", "5331", "5331: Jonas-amber"),
        ],
    ),
    (
        "days behind names of months have no zeros unless inputs lack them",
        [
            ("31-Jan-2031 05:54:18", "Friday, January 31, 2031"),
            ("17-Jan-1990 13:32:01", "Wednesday, January 17, 1990"),
            ("14-Feb-2034 05:36:07", "Tuesday, February 14, 2034"),
        ],
        [("03-Mar-2024 10:17:49", "Sunday, March 3, 2024")],
    ),
    (
        "weeks and their days without a sign between them",
        [("2032W323", "Wed 04 Aug"), ("2034W034", "Thu 19 Jan"), ("2037W194", "Thu 07 May")],
        [("2011W362", "Tue 06 Sep")],
    ),
    (
        "the years of a date in digits alone",
        [("03191955", "1955 - 1959"), ("01221973", "1970 - 1974"), ("11282046", "2045 - 2049")],
        [("10312052", "2050 - 2054"), ("12311999", "1995 - 1999")],
    ),
    (
        "what has the look of a changed example does not stay",
        [
            ("Nils Demir, III", "Nils Demir"),
            ("Ada Lindqvist, III", "Ada Lindqvist"),
            ("Emmy Haddad", "Emmy Haddad"),
        ],
        [("Leila Nowak, Sr.", "Leila Nowak"), ("Hugo Khan, PhD", "Hugo Khan"), ("Zoe Rossi", "Zoe Rossi")],
    ),
    (
        "initials of middle names that some have",
        [("Noor Varga", "Varga, Noor"), ("Rosa Haddad", "Haddad, Rosa"), ("Marek Lee Noether", "Noether, Marek L.")],
        [
            ("Jonas M Laurent", "Laurent, Jonas M."),
            ("Hugo Jane Smith-Jones", "Smith-Jones, Hugo J."),
            ("Mei O'Brien", "O'Brien, Mei"),
        ],
    ),
    (
        "a word of one example is copied rather than chosen",
        [("Tariq Jane Tanaka", "Jane"), ("Mei Silva", "none"), ("Aiko Hopper", "none")],
        [
            ("Ines K Weber", "K"),
            ("Nils Jane Jensen", "Jane"),
            ("Grace Q Smith-Jones", "Q"),
            ("Ada Marie Costa", "Marie"),
            ("Kurt Lee Okafor", "Lee"),
            ("Noor Varga", "none"),
            ("Ann Smith-Jones", "none"),
            ("Otto Chen", "none"),
            ("Jonas Noether", "none"),
        ],
    ),
    (
        "one significant digit of small numbers",
        [("14.205529", "10"), ("25.615594", "30"), ("5.4517186", "5")],
        [
            ("0.66907623", "0.7"),
            ("10463.016", "10000"),
            ("29.565166", "30"),
            ("5.2342405", "5"),
            ("39111.171", "40000"),
        ],
    ),
    (
        "halves of percentages go up",
        [("0.15", "15.0%"), ("0.160", "16.0%"), ("0.685", "68.5%")],
        [("0.1025", "10.3%"), ("0.9962", "99.6%")],
    ),
    (
        "decimals of percentages are no groups of digits",
        [("0.1183", "11.83"), ("0.7790", "77.90"), ("0.1718", "17.18")],
        [("0.38", "38.00"), ("0.135", "13.50"), ("0.0941", "9.41")],
    ),
    (
        "a word with a sign inside stays whole",
        [("Turing, Sofie", "Turing Sofie"), ("Laurent, Emmy", "Laurent Emmy"), ("Sharma, Rosa", "Sharma Rosa")],
        [("Smith-Jones, Noor", "Smith-Jones Noor"), ("Khan, Ada", "Khan Ada"), ("O'Brien, Mei", "O'Brien Mei")],
    ),
    (
        "a condition leads rows that a branch cannot read elsewhere",
        [("2006-08-03", "August 2006"), ("2014-11-07", "November 2014"), ("unknown", "N/A")],
        [("-", "N/A"), ("2012-01-30", "January 2012"), ("1999-12-31", "December 1999"), ("n/a", "N/A")],
    ),
    (
        "the larger of two numbers that is always the first one is the first one",
        [("163.02", "51", "414.1"), ("610.44", "51", "1550.5"), ("78.14", "10", "198.5")],
        [("2.13", "46", "5.4"), ("11.90", "14", "30.2")],
    ),
    (
        "weeks of the standard have the year of the week, and a zero",
        [("13th May 2007", "2007-W19"), ("2nd May 2007", "2007-W18"), ("24th September 2013", "2013-W39")],
        [("26th February 1974", "1974-W09"), ("1st January 2010", "2009-W53")],
    ),
    (
        "two rounded numbers beside a word",
        [("n/a", "-"), ("8.982", "9.0"), ("9.63", "9.6")],
        [("8.59", "8.6"), ("2.44", "2.4"), ("n/a", "-")],
    ),
]


@pytest.mark.parametrize(("what", "rows", "others"), CASES, ids=[c[0] for c in CASES])
def test_the_first_program_is_right_on_the_other_rows(what: str, rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)


def test_groups_of_characters_in_an_empty_part() -> None:
    rows: Rows = [("-", "n/a"), ("2006-08-03", "August 2006"), ("", "n/a")]
    check_first_program(rows, [("2014-11-07", "November 2014")])
