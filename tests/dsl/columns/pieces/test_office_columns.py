"""Columns of offices, shops and support: words that tell kinds, parts of parts, ends before several signs, series, quoted fields."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.columns import columns
from neurosynth_dsls.columns.pieces.tails import tail_tokens

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Input
from neurosynth.language.syntax import parse_program
from neurosynth.values.types import STRING
from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "several words mean one kind",
        [("Holz KG", "firm"), ("Ida Moss", "person"), ("Brown LLC", "firm"), ("Nils Vik", "person")],
        [("Ruth Adler", "person"), ("Eisen KG", "firm"), ("Ray LLC", "firm"), ("Max Klee", "person")],
    ),
    (
        "a word counts only if a stronger one is not there",
        [("van, electric", "E"), ("van, diesel", "D"), ("van", "?"), ("car, diesel, electric", "E")],
        [("bus, diesel", "D"), ("bus, diesel, electric", "E"), ("car", "?"), ("tram, electric", "E")],
    ),
    (
        "dates are compared, and not told by the numbers that they share",
        [
            ("2031-03-04", "2031-03-02", "late"),
            ("2031-02-11", "2031-02-20", "in time"),
            ("2031-03-19", "2031-03-05", "late"),
        ],
        [("2031-03-09", "2031-03-12", "in time"), ("2031-04-02", "2031-03-30", "late")],
    ),
    (
        "what the input says is copied rather than chosen",
        [("nyx.de", "nyx"), ("www.alba.com", "alba"), ("nyx.fr", "nyx"), ("en.alba.org", "alba")],
        [("nyx.io", "nyx"), ("www.tern.com", "tern"), ("en.crow.net", "crow")],
    ),
    (
        "a function of a part of a part",
        [("id=red-fox;age 3", "Red Fox"), ("id=owl;age 12", "Owl"), ("id=sea-lion;age 7", "Sea Lion")],
        [("id=polar-bear;age 20", "Polar Bear"), ("id=bat;age 1", "Bat")],
    ),
    (
        "a list in a part of a text",
        [("A: dew, bay | x", "bay/dew"), ("B: cow | y", "cow"), ("C: eel, fog, ant | x", "ant/eel/fog")],
        [("D: hen, gin | y", "gin/hen"), ("E: kit, mud, ice, jam | y", "ice/jam/kit/mud")],
    ),
    (
        "brackets around several inputs, none where all are empty",
        [("Lamp", "oak", "60 W", "Lamp (oak, 60 W)"), ("Rug", None, None, "Rug"), ("Vase", "blue", None, "Vase (blue)")],
        [("Shelf", None, "2 m", "Shelf (2 m)"), ("Chair", "ash", "4 kg", "Chair (ash, 4 kg)"), ("Bell", None, None, "Bell")],
    ),
    (
        "a list of what is ticked",
        [("x", None, "x", "oars, mast"), ("x", "x", None, "oars, sail"), (None, "x", "x", "sail, mast")],
        [("x", "x", "x", "oars, sail, mast"), (None, None, "x", "mast"), (None, "x", None, "sail")],
    ),
    (
        "a list of what has a yes",
        [("yes", "no", "tea"), ("yes", "yes", "tea/milk"), ("no", "yes", "milk")],
        [("no", "yes", "milk"), ("yes", "no", "tea"), ("yes", "yes", "tea/milk")],
    ),
    (
        "an optional part in capitals behind any sign",
        [("ab-x", "ab/X"), ("cd_y", "cd/Y"), ("ef", "ef"), ("gh-z", "gh/Z")],
        [("ij_w", "ij/W"), ("kl", "kl"), ("mn-v", "mn/V")],
    ),
    (
        "without any of several beginnings, up to one of several signs",
        [("tcp://old.host:1/a", "host"), ("udp://net/b", "net"), ("old.mail:2", "mail"), ("tcp://mill", "mill")],
        [("udp://old.farm/x", "farm"), ("tcp://pond:99", "pond"), ("old.barn", "barn"), ("udp://lake", "lake")],
    ),
    (
        "a value behind its quoted key",
        [('{"n": 1, "kind": "oak"}', "oak"), ('{"kind": "ash", "n": 22}', "ash"), ('{"n": 3, "kind": "elm tree"}', "elm tree")],
        [('{"kind": "fir", "of": "x"}', "fir"), ('{"of": "y", "n": 4, "kind": "red pine"}', "red pine")],
    ),
    (
        "a table before digits that are copied",
        [("040 12345", "N", "+77 40 12345"), ("050/6789", "S", "+8 50 6789"), ("061 2222", "N", "+77 61 2222")],
        [("070/1212", "S", "+8 70 1212"), ("080 33333", "N", "+77 80 33333")],
    ),
    (
        "the next number, as wide as the last",
        [("P-009", "P-010"), ("Q0099", "Q0100"), ("R/7", "R/8")],
        [("S-0419", "S-0420"), ("T99", "T100"), ("U 00/009", "U 00/010")],
    ),
    (
        "a field of CSV",
        [('1,"Elm, 3",Rye', "Elm, 3"), ("2,Oak 4,Bude", "Oak 4"), ('"3, b","Ash ""B"", 5",Looe', 'Ash "B", 5')],
        [('4,"Fir, 6",Hythe', "Fir, 6"), ('"5, c",Yew 7,Deal', "Yew 7")],
    ),
    (
        "no blanks before marks",
        [(" one , two  !", "one, two!"), ("so   it is .", "so it is."), ("fine", "fine")],
        [("why  not ?", "why not?"), ("well ; then  go", "well; then go")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_comes_out_of_the_other_rows(rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)


def test_ends_are_sought_before_the_signs_that_the_lost_tails_begin_with() -> None:
    patterns = [t.pattern for t in tail_tokens(["a?x", "b#y", "c/"], ["a", "b", "c"])]
    assert patterns == [r"/?(?:[\#\?].*)?$"]
    assert tail_tokens(["a?x", "b#y"], ["a", "q"]) == []  # not a part
    assert tail_tokens(["a?x", "bcd"], ["a", "b"]) == []  # a tail begins with a letter


def run(text: str, value: str) -> object:
    return Evaluator().run(parse_program(text, columns, inputs=[Input(0, STRING)]), (value,))


@given(st.lists(st.text('ab",; ', max_size=5), min_size=1, max_size=4), st.sampled_from(",;"))
def test_fields_of_csv_are_those_that_were_written(fields: list[str], separator: str) -> None:
    line = io.StringIO()
    csv.writer(line, delimiter=separator, lineterminator="").writerow(fields)
    program = f'(pieces.join "\\n" (pieces.csv "{separator}" x0))'
    assert run(program, line.getvalue()) == "\n".join(fields)


@given(st.from_regex(r"[a-z/-]{0,3}[0-9]{1,4}[a-z]{0,2}", fullmatch=True), st.integers(1, 60))
def test_a_step_and_back_is_no_step_unless_the_number_grew_longer(text: str, step: int) -> None:
    there = run(f"(text.step_number {step} x0)", text)
    assert isinstance(there, str)
    if len(there) == len(text):
        assert run(f"(text.step_number -{step} x0)", there) == text
