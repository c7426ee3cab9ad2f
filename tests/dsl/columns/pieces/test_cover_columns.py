"""Columns solved by cover: rows with outputs => the output of another row; and the law that pieces say what they write."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from neurosynth_dsls.columns import columns

from benchmarks.bench_columns import EVERYDAY
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.program import Input
from neurosynth.search.candidates import Candidate
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.strategy import candidates, column_of
from neurosynth.synthesize import synthesize
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import STRING, parse_type

EXAMPLES = Path(__file__).resolve().parents[4] / "examples" / "columns"

SOLVED: list[tuple[str, list[Any], list[str], Any, str]] = [
    # what, inputs of the examples, outputs, another input, its output
    ("last name first", ["John Smith", "Mary Ann Jones"], ["Smith, J.", "Jones, M."], "Al Bo", "Bo, A."),
    ("initials", ["John Smith", "Mary Ann Jones"], ["JS", "MAJ"], "Al Bo", "AB"),
    (
        "after the at sign",
        ["jo@fern.example", "al@x.example"],
        ["fern.example", "x.example"],
        "b@m.y.example",
        "m.y.example",
    ),
    ("no accents", ["mañana", "José"], ["manana", "Jose"], "Zoë", "Zoe"),
    (
        "ends of two parts",
        ["abc_def_xyz_89", "all_i23s_jjk_f", "ipo_283_zif_fj"],
        ["abyz", "aljk", "ipif"],
        "32a_xx_ttt_3",
        "32tt",
    ),
    (
        "last of the second group",
        ["{a, b}, {cc, d}, {e, f}", "{x, y}, {z, aay}", "{a}, {ff}, {aa, b}"],
        ["d", "aay", "ff"],
        "{k, l}, {m, n, o}, {p}",
        "o",
    ),
    (
        "title of a link",
        ["in [[Pine (1959 film)|Pine]] as Ann", "in [[Blue Hill]] as Bob", "in [[The Far Road]] as Cy"],
        ["Pine", "Blue Hill", "The Far Road"],
        "in [[Oak (tree)|Oak Row]] as Di",
        "Oak Row",
    ),
    (
        "a later time, over midnight",
        ["10:00 AM, Mar 20, 2015", "5:00 AM, Jun 5, 2015", "11:00 AM, Mar 20, 2015"],
        ["1:00 PM, Mar 20, 2015", "8:00 AM, Jun 5, 2015", "2:00 PM, Mar 20, 2015"],
        "9:41 PM, Aug 17, 2015",
        "12:41 AM, Aug 18, 2015",
    ),
    (
        "an hour later, before noon alone",
        ["1:30 AM, Sat, Mar 14, 2015", "3:30 AM, Sat, Mar 14, 2015", "1:11 AM, Sat, Mar 21, 2015"],
        ["2:30 AM, Sat, Mar 14, 2015", "4:30 AM, Sat, Mar 14, 2015", "2:11 AM, Sat, Mar 21, 2015"],
        "11:59 PM, Fri, Jul 10, 2015",
        "12:59 AM, Sat, Jul 11, 2015",
    ),
    (
        "as many significant digits",
        ["3 inch", "37 inch", "12 inch"],
        ["0.25 feet", "3.08333333 feet", "1 feet"],
        "169 inch",
        "14.0833333 feet",
    ),
    ("slug", ["Hello, World!", "A b c"], ["hello-world", "a-b-c"], "It works", "it-works"),
    ("chunks from the right", ["123456789", "12345678"], ["123-456-789", "12-345-678"], "1234", "1-234"),
    ("sorted pieces", ["b, a, c", "z, x"], ["a;b;c", "x;z"], "q, p", "p;q"),
    ("iso date", ["3/25/2005", "11/5/2006"], ["2005-03-25", "2006-11-05"], "1/2/2003", "2003-01-02"),
    (
        "days with their plural",
        [("2024-01-01", "2024-01-15"), ("2024-02-01", "2024-03-01"), ("2023-12-31", "2024-01-01")],
        ["14 days", "29 days", "1 day"],
        ("2024-06-01", "2024-06-02"),
        "1 day",
    ),
    (
        "counted words with their plural",
        ["the quick fox", "hello", "one two three four"],
        ["3 words", "1 word", "4 words"],
        "x",
        "1 word",
    ),
    ("counted children", ["a, b", "c", "d, e, f"], ["2 children", "1 child", "3 children"], "q", "1 child"),
    (
        "two signs, each with its word",
        [("40.71", "-74.01"), ("51.51", "-0.13"), ("-33.87", "151.21"), ("-22.91", "-43.17")],
        ["40.71 N, 74.01 W", "51.51 N, 0.13 W", "33.87 S, 151.21 E", "22.91 S, 43.17 W"],
        ("35.68", "139.65"),
        "35.68 N, 139.65 E",
    ),
    (
        "parts of an address that are filled",
        [("1 Elm Rd", "", "Boston"), ("2 Oak St", "Flat 3", ""), ("", "PO Box 9", "Austin")],
        ["1 Elm Rd, Boston", "2 Oak St, Flat 3", "PO Box 9, Austin"],
        ("5 Ash Ln", "Unit 2", "Salem"),
        "5 Ash Ln, Unit 2, Salem",
    ),
    (
        "sum of small numbers",
        [("1", "2", "3"), ("4", "5", "6"), ("10", "0", "2")],
        ["6", "15", "12"],
        ("7", "7", "7"),
        "21",
    ),
    (
        "mean of small numbers",
        [("1", "2", "3"), ("4", "5", "6"), ("10", "0", "2")],
        ["2", "5", "4"],
        ("7", "7", "7"),
        "7",
    ),
    (
        "next working day",
        ["2024-03-15", "2024-03-18", "2024-03-22"],
        ["2024-03-18", "2024-03-19", "2024-03-25"],
        "2024-03-20",
        "2024-03-21",
    ),
    (
        "working days later",
        [("2024-03-15", "2"), ("2024-03-18", "3"), ("2024-03-20", "10")],
        ["2024-03-19", "2024-03-21", "2024-04-03"],
        ("2024-03-22", "1"),
        "2024-03-25",
    ),
    (
        "working days between",
        [("2024-03-15", "2024-03-19"), ("2024-03-18", "2024-03-22"), ("2024-03-01", "2024-03-31")],
        ["3", "5", "21"],
        ("2024-03-22", "2024-03-25"),
        "2",
    ),
    (
        "a word in any case",
        ["urgent: fix now", "please look", "URGENT call", "hello"],
        ["high", "normal", "high", "normal"],
        "this is Urgent",
        "high",
    ),
    (
        "signs of currencies",
        ["USD 1,200.00", "EUR 99.50", "USD 7.25"],
        ["$1,200.00", "€99.50", "$7.25"],
        "EUR 5.00",
        "€5.00",
    ),
    ("powers with signs", ["0.00012", "45000", "7"], ["1.2E-04", "4.5E+04", "7.0E+00"], "123456", "1.2E+05"),
    ("the first filled", [("", "555-1"), ("555-2", "")], ["555-1", "555-2"], ("555-6", "555-7"), "555-6"),
    ("weekday", ["2024-03-11", "2024-03-12"], ["Monday", "Tuesday"], "2024-03-15", "Friday"),
    ("half hours", ["18:25", "21:44"], ["6:00PM-6:30PM", "9:30PM-10:00PM"], "07:10", "7:00AM-7:30AM"),
    ("thousands", ["1234.5", "98"], ["$1,234.50", "$98.00"], "12", "$12.00"),
    ("rounded", ["47.3", "98.1", "12.75"], ["47", "98", "13"], "1.2", "1"),
    ("bins", ["47", "98", "12"], ["40-49", "90-99", "10-19"], "55", "50-59"),
    ("kilometres", ["10", "20", "35"], ["16.1", "32.2", "56.3"], "100", "160.9"),
    ("small exponents", ["9900000000", "12300"], ["9.90e9", "1.23e4"], "4.5", "4.50e0"),
    ("exponents with a sign", ["9900000000", "12300"], ["9.90e+09", "1.23e+04"], "0.00045", "4.50e-04"),
    ("roman", ["4", "9", "12"], ["IV", "IX", "XII"], "7", "VII"),
    ("minutes", ["75", "120", "45"], ["1h 15m", "2h 00m", "0h 45m"], "1441", "24h 01m"),
    ("feet", ["72", "60", "66"], ["6'0\"", "5'0\"", "5'6\""], "75", "6'3\""),
    ("threshold", ["72", "49", "50"], ["pass", "fail", "pass"], "12", "fail"),
    (
        "change in percent",
        [("100", "125"), ("80", "60"), ("200", "210")],
        ["+25.0%", "-25.0%", "+5.0%"],
        ("50", "55"),
        "+10.0%",
    ),
    (
        "price with tax",
        [("100.00", "20%"), ("59.90", "10%"), ("12.50", "20%")],
        ["120.00", "65.89", "15.00"],
        ("80.00", "5%"),
        "84.00",
    ),
    ("feet to centimetres", ["5'11\"", "6'2\"", "5'4\""], ["180 cm", "188 cm", "163 cm"], "6'0\"", "183 cm"),
    ("brackets", ["-12.5", "3", "-1234"], ["(12.50)", "3.00", "(1234.00)"], "-1", "(1.00)"),
    (
        "days of another column",
        [("2024-03-07", "30"), ("2023-11-30", "60"), ("2025-01-01", "15")],
        ["2024-04-06", "2024-01-29", "2025-01-16"],
        ("2021-02-03", "45"),
        "2021-03-20",
    ),
    (
        "months of another column",
        [("2024-01-31", "1"), ("2023-11-30", "3"), ("2025-01-01", "12")],
        ["2024-02-29", "2024-02-29", "2026-01-01"],
        ("2021-08-31", "1"),
        "2021-09-30",
    ),
    (
        "two dates in a cell",
        ["2024-03-01 to 2024-03-07", "2023-11-28 to 2023-12-03", "2024-02-27 to 2024-03-01"],
        ["6 days", "5 days", "3 days"],
        "2022-06-15 to 2022-07-15",
        "30 days",
    ),
    (
        "universal time",
        ["2024-03-07T14:05:00+02:00", "2023-11-30T09:41:13-05:00", "2025-01-01T00:00:00+01:00"],
        ["2024-03-07 12:05:00", "2023-11-30 14:41:13", "2024-12-31 23:00:00"],
        "2022-06-15T23:59:59+05:30",
        "2022-06-15 18:29:59",
    ),
    (
        "milliseconds since 1970",
        ["1709820300000", "1701337273000", "1735689600000"],
        ["2024-03-07 14:05", "2023-11-30 09:41", "2025-01-01 00:00"],
        "1655337599000",
        "2022-06-15 23:59",
    ),
    ("named units", ["PT1H30M", "PT45M", "PT2H5M"], ["90", "45", "125"], "PT3H15M", "195"),
    (
        "end of a month alone",
        ["March 2024", "November 2023", "February 2024"],
        ["31/03/2024", "30/11/2023", "29/02/2024"],
        "June 2022",
        "30/06/2022",
    ),
    (
        "next monday",
        ["2024-03-07", "2024-03-30", "2024-03-12"],
        ["2024-03-11", "2024-04-01", "2024-03-18"],
        "2024-12-31",
        "2025-01-06",
    ),
    (
        "down to half an hour",
        ["2024-03-07 08:04", "2023-11-30 15:21", "2025-01-01 04:09"],
        ["Thu 8:00 AM", "Thu 3:00 PM", "Wed 4:00 AM"],
        "2022-06-15 23:48",
        "Wed 11:30 PM",
    ),
    (
        "up to half an hour, on the day that is there",
        ["2024-03-07 18:25", "2023-11-30 21:44", "2025-01-01 07:00"],
        ["Thu 6:30 PM", "Thu 10:00 PM", "Wed 7:00 AM"],
        "2022-06-15 23:48",
        "Wed 12:00 AM",
    ),
    ("one row of half hours", ["2024-03-07 18:25"], ["Thu 6:00 PM"], "2022-06-15 21:44", "Wed 9:30 PM"),
    (
        "days padded as in the input",
        ["03/17/2024 08:04", "11/30/2023 15:21"],
        ["Mar 17, 2024 8AM", "Nov 30, 2023 3PM"],
        "06/05/2022 09:48",
        "Jun 05, 2022 9AM",
    ),
    (
        "zeros of ISO dates say nothing of days beside names of months",
        ["2024-03-17 08:04", "2023-11-30 15:21"],
        ["Mar 17, 2024 8AM", "Nov 30, 2023 3PM"],
        "2022-06-05 09:48",
        "Jun 5, 2022 9AM",
    ),
    ("powers of ten", ["3.172", "2.6e+0", "98765"], ["3.2", "2.6", "98765.0"], "47.1e-3", "0.0"),
    (
        "numbers treated alike",
        [("14.262", "25.81"), ("1.43", "1.2"), ("31.282", "16.21")],
        ["14.3 + 25.8", "1.4 + 1.2", "31.3 + 16.2"],
        ("2.58", "8.26"),
        "2.6 + 8.3",
    ),
    (
        "ends of a range with the same decimals",
        ["5,355.24", "23,450.72", "963.15"],
        ["5,355.2 - 5,355.3", "23,450.7 - 23,450.8", "963.1 - 963.2"],
        "1,606.31",
        "1,606.3 - 1,606.4",
    ),
    ("slashes", ["C:\\temp\\a.log", "C:\\b.txt"], ["/temp/a.log", "/b.txt"], "C:\\p\\q\\r\\s.md", "/p/q/r/s.md"),
    (
        "cut to a length",
        ["The quick brown fox jumps", "Short one", "A much longer sentence than allowed"],
        ["The quick brown…", "Short one", "A much longer s…"],
        "Something else entirely",
        "Something else …",
    ),
]


def solve(rows: Sequence[Any], outputs: Sequence[str], others: Sequence[Any] = ()) -> list[Candidate]:
    config = CoverConfig()
    width = len(rows[0]) if isinstance(rows[0], tuple) else 1
    inputs = [Input(i, STRING) for i in range(width)]
    column = column_of(inputs, _rows(rows), outputs, _rows(others), config)
    assert columns.pieces is not None
    return list(candidates(column, columns.pieces, config=config, deadline=time.perf_counter() + 60))


def _rows(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [r if isinstance(r, tuple) else (r,) for r in rows]


def test_names_of_months_are_read_in_the_language_of_the_column() -> None:
    pytest.importorskip("babel", reason="the extra data is not installed")
    rows = ["7. März 2024", "30. November 2023", "1. Januar 2025", "15. Juni 2022"]
    found = solve(rows[:3], ["2024-03-07", "2023-11-30", "2025-01-01"], rows)
    assert Evaluator().run(found[0].program, (rows[3],)) == "2022-06-15"


def test_short_names_of_months_may_lack_their_point() -> None:
    pytest.importorskip("babel", reason="the extra data is not installed")
    rows = ["12. Okt 2022", "3. Mär 2021", "24. Dez 2020"]
    found = solve(rows[:2], ["2022-10-12", "2021-03-03"], rows)
    assert Evaluator().run(found[0].program, (rows[2],)) == "2020-12-24"
    found = solve(["2022-10-12", "2021-03-03"], rows[:2])
    assert Evaluator().run(found[0].program, ("2020-12-24",)) == rows[2]


def test_a_word_in_brackets_is_no_language() -> None:
    rows = ["[db] 12:30 10 Mar 2020", "[web] 12:31 11 Mar 2020"]
    assert solve(rows, ["10 Mar", "11 Mar"])


@pytest.mark.parametrize(("what", "rows", "outputs", "other", "wanted"), SOLVED, ids=[s[0] for s in SOLVED])
def test_a_column_is_solved(what: str, rows: list[Any], outputs: list[str], other: Any, wanted: str) -> None:
    found = solve(rows, outputs)
    assert Evaluator().run(found[0].program, *_rows([other])) == wanted


def test_the_rest_of_the_table_settles_the_order_of_dates() -> None:
    rows, outputs = ["3/4/2005", "11/5/2006"], ["3 April 2005", "11 May 2006"]
    assert "%d/%m/%Y" in str(solve(rows, outputs)[0].program)
    shown = ["3/4/2005", "11/5/2006"], ["2005", "2006"]
    assert all("%m/%d" not in str(c.program) for c in solve(*shown, ["25/3/2006"]))


def test_a_date_of_eight_digits_may_lack_its_zero() -> None:
    rows = ["12312021", "10042020", "11052019", "1211818"]
    found = solve(rows[:3], ["2021-12-31", "2020-10-04", "2019-11-05"], rows)
    assert Evaluator().run(found[0].program, (rows[3],)) == "1818-01-21"


def test_a_name_of_two_words_is_no_reason_to_join_them() -> None:
    rows = ["1; SALFORD; a", "22; WARMINSTER; b", "9; LOWER MERION; c", "8; UPPER DARBY; d", "7; OLD TOWN; e"]
    found = solve(rows[:2], ["Salford", "Warminster"], rows)
    assert Evaluator().run(found[0].program, (rows[2],)) == "Lower Merion"


def test_one_output_is_seldom_a_constant() -> None:
    assert solve(["18:25:57"], ["6PM to 8PM"], ["21:44:40"])[0].source == "cover"


def test_a_word_that_repeats_in_the_table_becomes_a_lookup() -> None:
    rows = [("Germany", "4"), ("France", "12")]
    found = solve(rows, ["DE-4", "FR-12"], [("Germany", "7"), ("France", "9"), ("Germany", "40")])
    assert Evaluator().run(found[0].program, ("France", "40")) == "FR-40"
    assert "lookup" in str(found[0].program)


def test_outputs_that_nothing_explains_have_no_program() -> None:
    assert solve(["qwe12", "rrr33", "abc"], ["zzk", "ppd9", "x--k"], ["13/5/2006", "ttt"]) == []


def test_an_empty_cell_stays_empty() -> None:
    found = solve(["John Smith", "Mary Jones"], ["Smith", "Jones"], ["", "Al Bo"])
    assert Evaluator().run(found[0].program, ("",)) == ""


def test_a_given_constant_is_cheap() -> None:
    config = CoverConfig()
    assert columns.pieces is not None
    rows = [("a1",), ("b2",)]
    plain = column_of([Input(0, STRING)], rows, ["Unknown a", "Unknown b"], [], config)
    given = column_of([Input(0, STRING)], rows, ["Unknown a", "Unknown b"], [], config, constants=["Unknown "])
    deadline = time.perf_counter() + 60
    costs = [next(candidates(c, columns.pieces, config=config, deadline=deadline)).cost for c in (plain, given)]
    assert costs[1] < costs[0] - 30


def _own_columns() -> list[dict[str, Any]]:
    files = [
        file for file in sorted(EXAMPLES.glob("*.jsonl")) if file.stem not in EVERYDAY
    ]  # their blind halves stay unseen
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return [row for row in rows if not {*row["type"].split()} & {"int", "decimal", "bool", "date", "time"}][::7]


@pytest.mark.parametrize("task", _own_columns(), ids=lambda t: t["name"])
def test_every_piece_writes_what_it_says(task: dict[str, Any]) -> None:
    """A piece that is cheaper than the right one and wrong would push it out of the search without a sound."""
    examples = [e for e in task["examples"] if isinstance(e["output"], str)]
    rows = [tuple(e["inputs"]) for e in examples]
    config = CoverConfig()
    column: Column = column_of(
        [Input(i, STRING) for i in range(len(rows[0]))],
        rows,
        [e["output"] for e in examples],
        [tuple(r) for r in task["unlabelled"]],
        config,
    )
    assert columns.pieces is not None
    evaluator = Evaluator()
    for source in columns.pieces.sources:
        bound = source.bind(column)
        for at in (0, 1, min(map(len, column.outputs)) // 2):
            positions = [at] * len(column.rows)
            rests = [o[at:] for o in column.outputs]
            for piece in list(bound.starting(positions, rests))[:150]:
                assert all(r.startswith(t) for r, t in zip(rests, piece.texts, strict=True))
                function = evaluator.function(piece.build())
                if piece.frame is None or source.name != "durations":  # a smaller unit alone takes all of a duration
                    assert tuple(function(row) for row in column.rows) == piece.texts, piece.name


def test_a_unit_of_a_duration_that_is_written_twice_takes_two_formats() -> None:
    found = solve(["07:05"], ["07:05-07"], ["08:10"])
    assert found
    assert all(Evaluator().run(c.program, ("07:05",)) == "07:05-07" for c in found)


MISSING_CELLS: list[tuple[list[list[str | None]], list[str | None]]] = [
    ([[None], ["IX"], ["XXVII"]], ["14", "9", "27"]),
    ([["10"], [None], ["-"]], ["36 km/h", "x", "x"]),
    ([["0171 22", " "], [None, "0221 40"], ["", None]], ["M 0171 22", "H 0221 40", "none"]),
    ([["49.99"], [None], ["120.00"]], ["", "free", "free"]),
    ([["AB-1234-CD"], [None], ["EF-5678-GH"]], ["1234", "none", "5678"]),
]


@pytest.mark.parametrize(("rows", "outputs"), MISSING_CELLS)
def test_what_is_proposed_is_right_on_missing_cells(rows: list[list[str | None]], outputs: list[str | None]) -> None:
    """A condition on a missing cell is missing, and so is what it decides."""
    examples = [example(*row, output=output) for row, output in zip(rows, outputs, strict=True)]
    request = " -> ".join(["string"] * (len(rows[0]) + 1))
    task = Task(examples, language="columns", type=parse_type(request), unlabelled=[tuple("x" for _ in rows[0])])
    result = synthesize(task, search="cover", guide="uniform")
    for solution in result.solutions:
        assert [solution.program(*row) for row in rows] == outputs


def test_thresholds_are_not_sought_between_identifiers() -> None:
    rows = ["NL91 ABNA 0417 1643 00", "9" * 40, "GB29 NWBK 6016 1331 9268 19"]
    task = Task([example(r, output=o) for r, o in zip(rows, ("NL", "CH", "GB"), strict=True)], language="columns")
    result = synthesize(task, search="cover", guide="uniform")
    assert all([s.program(r) for r in rows] == ["NL", "CH", "GB"] for s in result.solutions)


def test_formulas_are_not_sought_of_identifiers() -> None:
    rows = [("45.50", "10%"), ("9" * 40, "5%"), ("32.40", "50%")]
    outputs = ("4.55", "0.1", "16.20")
    task = Task([example(*r, output=o) for r, o in zip(rows, outputs, strict=True)], language="columns")
    result = synthesize(task, search="cover", guide="uniform")
    assert all(s.program("9" * 40, "5%") == "0.1" for s in result.solutions)
