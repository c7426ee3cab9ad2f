"""What one or two rows leave open, the rest of the table settles: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest
from neurosynth_dsls.columns import columns

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Input
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.copies import Copies
from neurosynth.search.strategies.cover.strategy import candidates, column_of
from neurosynth.values.types import STRING

SETTLED: list[tuple[str, dict[str, str], dict[str, str]]] = [
    # what, rows with outputs, other rows and what is to come out
    (
        "telephone numbers without signs",
        {"(415) 555-0132": "415-555-0132", "(212) 555-0199": "212-555-0199"},
        {"(650) 555-0123": "650-555-0123", "6505550188": "650-555-0188", "415.555.0111": "415-555-0111"},
    ),
    (
        "telephone numbers with brackets",
        {"415-555-0132": "(415) 555-0132", "212-555-0199": "(212) 555-0199"},
        {"6505550188": "(650) 555-0188", "415.555.0111": "(415) 555-0111"},
    ),
    (
        "card numbers",
        {"4111 1111 1111 1111": "4111-1111-1111-1111", "5500 0000 0000 0004": "5500-0000-0000-0004"},
        {"4000123412341234": "4000-1234-1234-1234", "3400-0000-0000-0009": "3400-0000-0000-0009"},
    ),
    (
        "hidden social security numbers",
        {"123-45-6789": "***-**-6789", "987-65-4321": "***-**-4321"},
        {"111223333": "***-**-3333", "222-33-4444": "***-**-4444"},
    ),
    (
        "number plates",
        {"AB12 CDE": "AB12-CDE", "XY34 ZZZ": "XY34-ZZZ"},
        {"KL56MNO": "KL56-MNO", "PQ78 RST": "PQ78-RST"},
    ),
    (
        "account numbers",
        {"1234-5678-90": "****7890", "2345-6789-01": "****8901"},
        {"3456789012": "****9012", "4567-8901-23": "****0123"},
    ),
    ("a number is rounded, not cut", {"0.41": "0.4"}, {"0.28": "0.3", "1.19": "1.2"}),
    ("a zero in front is left out", {"0930": "930"}, {"1520": "1520", "0015": "15"}),
    (
        "folders of any depth",
        {"Home\\Ana\\x.txt": "Home\\Ana\\"},
        {"work\\a\\B\\c.txt": "work\\a\\B\\", "d\\e.txt": "d\\"},
    ),
    ("the part before a bracket", {"Widget (blue)": "Widget"}, {"Small bolt (8 mm)": "Small bolt", "Nut (red)": "Nut"}),
    ("the part behind the last slash", {"a.example/x/4411": "4411"}, {"b.example/y/blue-whale": "blue-whale"}),
    ("the first number", {"1": "1", " 42 ": "42", " 3 -x..": "3"}, {" 2 3 4 5": "2", " 3 1 4 1": "3", "21 asg": "21"}),
    ("ranges of fives", {"40.88": "40-45"}, {"27.95": "25-30", "62.1": "60-65"}),
    (
        "up to a slash or the end",
        {"https://www.example.com/a/b": "example.com", "http://shop.acme.example/items": "shop.acme.example"},
        {"https://www.site.example": "site.example", "http://news.bbc.example/x": "news.bbc.example"},
    ),
    ("up to a question mark, if any", {"a.example/p/41?u=m": "a.example/p/41"}, {"a.example/about": "a.example/about"}),
    (
        "without signs at the ends",
        {"x as ''Anna''": "Anna", "y as ''Bo Berg''": "Bo Berg"},
        {"z as ''Al / Cy''": "Al / Cy"},
    ),
    ("May among short names", {"7 May 2020": "2020-05-07"}, {"6 Aug 2021": "2021-08-06"}),
    (
        "put before the last word alone",
        {"Ana, Bo, Cyd": "Ana, Bo and Cyd"},
        {"Eva, Finn, Gus, Hal": "Eva, Finn, Gus and Hal", "Ida, Jo": "Ida and Jo"},
    ),
    ("before the at sign", {"john.smith@a.example": "j***@a.example"}, {"maria@b.example": "m***@b.example"}),
    ("capital letters alone", {"anna kessler": "AK", "Jonas Weber": "JW"}, {"maria lopez": "ML", "Al Bo": "AB"}),
    (
        "no number in front, no number",
        {"12 Elm Road, York 40111": "12", "7 Oak Lane, Leeds 50222": "7"},
        {"345 High Street, Hull 70444": "345"} | {f"Old Mill, Bath 603{n}3": "" for n in range(5)},
    ),
    ("the week behind a W", {"1 January 2015": "Thu W1"}, {"17 Dec 1973": "Mon W51", "8 January 2015": "Thu W2"}),
    (
        "up to a word that every row has",
        {"Cam/8.7 LZ224 OS 6.4": "LZ224", "Cam/8.9 ZA659 OS 6.5": "ZA659"},
        {"Cam/4.2 JI YNSD OS 2.9": "JI YNSD", "Cam/4.1 FZ467 OS 1.0": "FZ467"},
    ),
    ("an initial is no constant", {"Hone Albert": "hone.A@"}, {"Aysu Polat": "aysu.P@"}),
    ("the coarsest step is meant", {"243.499999": "243.5000"}, {"2345.23292": "2345.2000", "10.1": "10.1000"}),
    ("numbers are not copied with decimals that no output has", {"18": "18", "27": "27"}, {"5.2": "5", "19.5": "19"}),
    ("codes of letters and digits", {"1Z 926 49": "926", "1Z 14Q 66": "14Q"}, {"1Z S94 53": "S94", "1Z KDQ 29": "KDQ"}),
    (
        "dates keep one form",
        {"07 Sep 2021": "7 Sep 2021", "3 Nov 1904": "3 Nov 1904", "23 May 1984": "23 May 1984"},
        {
            f"{m} {d:02} 2204": f"{d} {m} 2204"
            for m, d in (("Oct", 2), ("Jul", 8), ("Mar", 30), ("Dec", 1), ("Jan", 21))
        },
    ),
]


@pytest.mark.parametrize(("what", "shown", "others"), SETTLED, ids=[s[0] for s in SETTLED])
def test_the_rest_of_the_table_settles_it(what: str, shown: dict[str, str], others: dict[str, str]) -> None:
    assert best([(r,) for r in shown], list(shown.values()), [(r,) for r in others]) == list(others.values())


def best(rows: list[tuple[str, ...]], outputs: list[str], others: list[tuple[str, ...]]) -> list[object]:
    inputs = [Input(i, STRING) for i in range(len(rows[0]))]
    column = column_of(inputs, rows, outputs, others, CoverConfig())
    assert columns.pieces is not None
    found = next(candidates(column, columns.pieces, config=CoverConfig(), deadline=float("inf")))
    return list(map(Evaluator().function(found.program), others))


def test_an_input_that_varies_is_read() -> None:
    assert best([("2024-03-07", "2024-03-10")], ["3"], [("2023-11-29", "2023-12-04")]) == ["5"]
    assert best([("a", "b", "c")], ["abc"], [("d", "e", "f")]) == ["def"]


COPIES = [
    # inputs of the rows, a constant, whether it looks like a copy
    ([("Ana", "3")], " spent 3 days", True),
    ([("000817680",)], "-81-", True),
    ([("aysu polat",)], ", A.", True),
    ([("40.88",)], "-45", True),
    ([("40.88",)], "-99", False),
    ([("a", "b")], "ab", True),
    ([("12 May",), ("13 May",)], "May", True),
    ([("12 May",), ("13 June",)], "May", False),
    ([("x y",), ("x z",), ("x q",)], "A", False),
]


@pytest.mark.parametrize(("rows", "text", "copied"), COPIES)
def test_constants_that_look_like_copies(rows: list[tuple[str, ...]], text: str, *, copied: bool) -> None:
    inputs = [Input(i, STRING) for i in range(len(rows[0]))]
    column = column_of(inputs, rows, [str(i) for i in range(len(rows))], [], CoverConfig())
    assert (Copies(column, CoverConfig()).bits(text) > 0) == copied


def test_days_that_no_example_tells_how_to_pad_are_proposed_both_ways() -> None:
    rows, outputs = [("30/3/2241",), ("22/4/1953",)], ["March 30 2241", "April 22 1953"]
    column = column_of([Input(0, STRING)], rows, outputs, [("6/10/2143",)], CoverConfig())
    assert columns.pieces is not None
    found = list(candidates(column, columns.pieces, config=CoverConfig(), deadline=float("inf")))
    said = {Evaluator().function(c.program)(("6/10/2143",)) for c in found}
    assert {"October 6 2143", "October 06 2143"} <= said
