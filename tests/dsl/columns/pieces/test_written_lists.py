"""Columns of lists written as sentences, of codes found in texts, of united tags, and of winners with their numbers."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "a sentence with a word before the last item, signs with uneven blanks",
        [
            ("wash cups/dry plates / sweep floor", "Wash cups, dry plates and sweep floor"),
            ("feed cat", "Feed cat"),
            ("lock doors/ set alarm", "Lock doors and set alarm"),
        ],
        [
            ("mop hall / water plants", "Mop hall and water plants"),
            ("air rooms/fold towels/ iron shirts /empty bins", "Air rooms, fold towels, iron shirts and empty bins"),
            ("clean oven", "Clean oven"),
        ],
    ),
    (
        "a sentence of items in small letters",
        [
            ("rain, wind, fog", "Rain; wind; fog."),
            ("snow, hail", "Snow; hail."),
            ("sun", "Sun."),
        ],
        [("frost, ice, rain, sleet", "Frost; ice; rain; sleet."), ("mist", "Mist."), ("wind, sun", "Wind; sun.")],
    ),
    (
        "codes of a letter and digits, some with a blank inside, and a word for none",
        [
            ("closed A 12, use B403", "A12; B403"),
            ("all roads open", "-"),
            ("works on M 25", "M25"),
        ],
        [
            ("A1 slow, M 6 closed, B 4021 flooded", "A1; M6; B4021"),
            ("delays on A 40", "A40"),
            ("no reports", "-"),
        ],
    ),
    (
        "codes with a hyphen inside or not, and a letter behind some",
        [
            ("fit SKF-6203z and SKF6001", "SKF6203z + SKF6001"),
            ("grease SKF-6204", "SKF6204"),
            ("check noise", "nothing"),
            ("swap SKF6302, SKF-6305, clean", "SKF6302 + SKF6305"),
        ],
        [
            ("fit SKF-6005 and SKF-6203z and SKF6007", "SKF6005 + SKF6203z + SKF6007"),
            ("oil chain", "nothing"),
            ("order SKF-6309z", "SKF6309z"),
        ],
    ),
    (
        "numbers of orders among other numbers",
        [
            ("paid PO-4411 and PO-4418 on 3 May", "PO-4411, PO-4418"),
            ("credit for PO-3902", "PO-3902"),
            ("12 boxes, PO-5120, 7 bags PO-5121, PO-5139", "PO-5120, PO-5121, PO-5139"),
        ],
        [("PO-6001 with PO-6007, 2 pallets", "PO-6001, PO-6007"), ("return of 4 on PO-2207", "PO-2207")],
    ),
    (
        "items of two cells each once, of which one may be empty, signs with uneven blanks",
        [
            ("piano;flute", "flute; oboe", "piano; flute; oboe"),
            ("harp", "", "harp"),
            ("", "viola;cello", "viola; cello"),
            ("drums; bass", "bass;drums; horn", "drums; bass; horn"),
        ],
        [
            ("oboe", "oboe", "oboe"),
            ("", "flute", "flute"),
            ("tuba;harp; lute", "lute;tuba", "tuba; harp; lute"),
            ("cello", "piano;harp", "cello; piano; harp"),
        ],
    ),
    (
        "items of two cells each once in order of the alphabet",
        [
            ("nuts,milk", "eggs, milk", "eggs | milk | nuts"),
            ("", "soy", "soy"),
            ("wheat, celery,fish", "", "celery | fish | wheat"),
        ],
        [("soy", "soy,eggs", "eggs | soy"), ("lupin, nuts", "fish,eggs", "eggs | fish | lupin | nuts")],
    ),
    (
        "the name with the greatest number, and the number in brackets",
        [
            ("oak 12, elm 15, ash 9", "elm [15]"),
            ("oak 98, elm 87, ash 64, fir 102, yew 91", "fir [102]"),
            ("yew 40, fir 22", "yew [40]"),
        ],
        [("oak 55, elm 41, ash 60", "ash [60]"), ("oak 130, elm 99, ash 118, fir 127", "oak [130]")],
    ),
    (
        "the least amount with its unit before the name",
        [
            ("bus: 35 min, tram: 22 min, bike: 28 min", "22 min by tram"),
            ("bike: 9 min, bus: 12 min", "9 min by bike"),
            ("tram: 41 min, bike: 50 min, bus: 38 min", "38 min by bus"),
        ],
        [("bus: 20 min, tram: 19 min", "19 min by tram"), ("tram: 31 min, bike: 8 min", "8 min by bike")],
    ),
    (
        "the name behind the greatest number",
        [
            ("12 oak, 30 elm, 4 ash", "elm: 30"),
            ("9 ash, 8 oak", "ash: 9"),
            ("3 fir, 17 oak, 21 yew", "yew: 21"),
        ],
        [("40 oak, 39 elm", "oak: 40"), ("2 elm, 5 ash, 1 fir", "ash: 5")],
    ),
    (
        "the greatest number and its name inside a phrase",
        [
            ("Ana=140, Ben=95, Cleo=150", "best: Cleo with 150 points"),
            ("Ben=88, Dov=70", "best: Ben with 88 points"),
            ("Ana=61, Cleo=64, Dov=63", "best: Cleo with 64 points"),
            ("Dov=200, Ana=188", "best: Dov with 200 points"),
        ],
        [("Ana=90, Ben=101", "best: Ben with 101 points"), ("Cleo=7, Dov=6", "best: Cleo with 7 points")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
