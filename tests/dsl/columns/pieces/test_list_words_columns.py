"""Columns of enumerations, items in a table, symbols, names of items, offsets of time zones, and a number with its own label."""

from __future__ import annotations

import pytest
from neurosynth_dsls.columns.pieces.inner_parts import inner_parts

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "an enumeration behind a word, at commas and before the last item",
        [("for Ida, Max and Li", "Ida / Max / Li"), ("for Bo", "Bo"), ("for Ann Roe and Jo", "Ann Roe / Jo")],
        [("for Kai Moe, Di, Al and Su", "Kai Moe / Di / Al / Su"), ("for Dr. Eva Holm", "Dr. Eva Holm")],
    ),
    (
        "all items of two lists in one table",
        [("A+B", "ash and birch"), ("C+A", "cedar and ash"), ("B+C", "birch and cedar")],
        [("B+A", "birch and ash"), ("C+B", "cedar and birch"), ("A+C", "ash and cedar")],
    ),
    (
        "words that begin with a capital, also of one letter",
        [("RedX", "Red-X"), ("AOneB2", "A-One-B"), ("TwoBlue", "Two-Blue")],
        [("XYGreen", "X-Y-Green"), ("Q7Grey", "Q-Grey"), ("FourC", "Four-C")],
    ),
    (
        "names of several words before numbers",
        [("Roe 4; Kay 7", "Roe; Kay"), ("Fox 12", "Fox"), ("Elm 3; Oak 2; Yew 9", "Elm; Oak; Yew")],
        [("De Wit 5; Roe 1", "De Wit; Roe"), ("Van Roy 44", "Van Roy")],
    ),
    (
        "the offset of a time zone",
        [("GMT+02:00", "120"), ("GMT-07:00", "-420"), ("GMT+05:30", "330")],
        [("GMT-02:30", "-150"), ("GMT+00:00", "0"), ("GMT-11:00", "-660")],
    ),
    (
        "a whole number has a label between those of lower and greater ones",
        [("4.5", "soft"), ("5.0", "even"), ("6.25", "hard"), ("5.5", "hard")],
        [("5.0", "even"), ("3.5", "soft"), ("5.1", "hard"), ("4.9", "soft")],
    ),
    (
        "zero has a label between those of lower and greater numbers",
        [("-12.5", "owes"), ("0.0", "settled"), ("7.25", "in credit")],
        [("-3.5", "owes"), ("0.0", "settled"), ("9.75", "in credit")],
    ),
    (
        "words that one row alone has are no table",
        [("Ida Maria Roe", "Ida M. Roe"), ("Max Kay", "Max Kay"), ("Bo Sven Elm", "Bo S. Elm")],
        [("Li Dora Fox", "Li D. Fox"), ("Al Yew", "Al Yew"), ("Jo Emil Oak", "Jo E. Oak")],
    ),
    (
        "a piece has no signs that part things, if none of the examples has one",
        [("open at 9:30", "9:30"), ("open at 11:15 (late)", "11:15"), ("shut at 8:45", "8:45")],
        [("shut at 14:20, room 5", "14:20"), ("open at 7:05 (gate 2)", "7:05")],
    ),
    (
        "what ends before the words that all examples end with may have several words",
        [("x; cab (old)", "cab"), ("tram; bus (old)", "bus"), ("van; car (old)", "car")],
        [("tram; night bus (old)", "night bus"), ("x; long red car (old)", "long red car"), ("y; cab (old)", "cab")],
    ),
    (
        "items that end with a mark, without it",
        [
            ("Ann (away), Bo, Cid (away), Di", "Ann and Cid"),
            ("Eve, Fay (late), Gus (away)", "Gus"),
            ("Di (away), Hal", "Di"),
        ],
        [("Ida, Jo (away), Kay (away)", "Jo and Kay"), ("Lou (late), Max (away)", "Max")],
    ),
    (
        "items that begin with a mark, without it, or a word where there are none",
        [
            ("[x] ink; [ ] paper; [x] blue pens", "ink, blue pens"),
            ("[ ] tape; [ ] glue", "nothing"),
            ("[x] tape; [ ] ink", "tape"),
        ],
        [("[x] old stamps; [x] ink; [ ] tape", "old stamps, ink"), ("[ ] clips", "nothing"), ("[x] glue", "glue")],
    ),
    (
        "names of values that are marked, and their marks in brackets",
        [
            ("flow 12; heat 88 HI; gas 3 LO", "heat (HI), gas (LO)"),
            ("flow 10; heat 54", "all good"),
            ("flow 2 LO; heat 60", "flow (LO)"),
        ],
        [("oil level 4 LO; heat 91 HI", "oil level (LO), heat (HI)"), ("gas 7", "all good")],
    ),
    (
        "values of a key as words",
        [
            ("mode=fast;team=night_shift;n=4", "Night Shift"),
            ("team=lab;mode=slow_and_safe", "Lab"),
            ("n=12;area=hall_b;team=front_desk", "Front Desk"),
        ],
        [("n=1;team=day_shift_two", "Day Shift Two"), ("team=post;n=3;mode=fast;area=yard", "Post")],
    ),
    (
        "the first and the last item, and how many stand between them",
        [
            ("ink > oil > tar", "ink ... tar (1 more)"),
            ("red wax > old glue", "red wax ... old glue (0 more)"),
            ("tin > zinc > lead > iron > gold", "tin ... gold (3 more)"),
        ],
        [("oak > ash > elm > fir", "oak ... fir (2 more)"), ("hot tar > blue ink", "hot tar ... blue ink (0 more)")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_comes_out_of_the_other_rows(rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)


def test_a_part_before_a_sign_is_doubted_where_another_kind_of_sign_follows() -> None:
    lists, outputs = [["Roe 4", "Kay 7"]], ["Roe; Kay"]
    alike = {bits for _, bits, _ in inner_parts(lists, outputs, lambda: ["Roe 4", "Elm 5"])}
    unlike = sorted(bits for _, bits, _ in inner_parts(lists, outputs, lambda: ["Roe 4", "De Wit 5"]))
    assert len(alike) == 1
    assert len(unlike) == 2  # also before the last sign
    assert unlike[0] > min(alike)
