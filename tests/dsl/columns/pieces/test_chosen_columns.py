"""Columns of what numbers choose: labels beside the greatest number, bands of two numbers together and beside another text; titles."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "what has the greatest number, with a unit behind it",
        [
            ("Ash 18m; Silver birch 25m; Elder 6.5m", "Silver birch"),
            ("Silver fir 42.5m; Yew 9m", "Silver fir"),
            ("Hazel 5m; Field maple 12m; Oak 31m", "Oak"),
        ],
        [
            ("Beech 29m; Wild cherry 28.5m", "Beech"),
            ("Rowan 8m; Holly 7m; Red oak 22m", "Red oak"),
            ("Larch 33m", "Larch"),
        ],
    ),
    (
        "what has the least number, with a currency behind it",
        [
            ("Aldi 2.49 €, Lidl 2.39 €, Rewe 2.79 €", "Lidl"),
            ("Rewe 1.19 €, Edeka 1.29 €", "Rewe"),
            ("Lidl 3.99 €, Penny Markt 4.10 €, Aldi 3.89 €", "Aldi"),
        ],
        [
            ("Edeka 0.99 €, Lidl 1.05 €", "Edeka"),
            ("Aldi 12.00 €, Rewe 9.50 €", "Rewe"),
            ("Tegut Bio 5.00 €", "Tegut Bio"),
        ],
    ),
    (
        "what stands behind the greatest number",
        [
            ("3 apples, 12 pears, 5 plums", "pears"),
            ("40 red beans, 8 figs", "red beans"),
            ("1 melon, 7 kiwis", "kiwis"),
        ],
        [("9 grapes, 10 dates, 2 limes", "dates"), ("100 nuts, 20 figs", "nuts")],
    ),
    (
        "what has the least time",
        [("Ann 3:45; Bob 3:38; Cy 4:02", "Bob"), ("Dee 12:05; Eli 9:58", "Eli"), ("Flo 5:00; Gus 5:01", "Flo")],
        [("Hal 10:00; Ida 9:59; Jo 10:30", "Ida"), ("Kim 4:10; Lee 4:09", "Lee"), ("Mo 59:10; Ned 60:00", "Mo")],
    ),
    (
        "the label of the greatest amount with commas between thousands",
        [
            ("Rent 1,200; Food 450; Fuel 90", "Rent"),
            ("Fuel 80; Rent 1,150; Food 1,090", "Rent"),
            ("Food 400; Travel costs 2,300", "Travel costs"),
        ],
        [("Rent 900; Food 1,010; Fuel 60", "Food"), ("Gifts 80; Food 75", "Gifts")],
    ),
    (
        "the label of the greatest amount with a decimal comma",
        [
            ("Milch 1,29; Brot 3,49; Käse 2,99", "Brot"),
            ("Eier 3,19; Mehl 0,89", "Eier"),
            ("Tee 2,05; Saft 1,79; Kaffee 6,99", "Kaffee"),
        ],
        [("Reis 1,99; Öl 10,49", "Öl"), ("Salz 0,59; Zucker 1,09", "Zucker")],
    ),
    (
        "the greatest amount, with its unit",
        [
            ("Row (60 kg), Squat (95 kg)", "95 kg"),
            ("Curl (12 kg), Dip (8 kg)", "12 kg"),
            ("Plank (100 kg), Clean (65 kg), Press (99 kg)", "100 kg"),
        ],
        [("A (7 kg), B (10 kg)", "10 kg"), ("C (70.5 kg), D (7 kg)", "70.5 kg")],
    ),
    (
        "what stands behind the greatest number and its unit",
        [
            ("80kg squat, 120kg deadlift", "deadlift"),
            ("72.5kg row, 60kg bench press", "row"),
            ("40kg lunge, 50kg leg press, 45kg dip", "leg press"),
        ],
        [("100kg squat, 97.5kg deadlift", "squat"), ("9kg curl, 16kg kettlebell swing", "kettlebell swing")],
    ),
    (
        "bands of an area",
        [
            ("4", "5", "small"),
            ("3", "9", "medium"),
            ("10", "6", "medium"),
            ("2", "10", "small"),
            ("7", "9", "large"),
            ("12", "12", "large"),
        ],
        [
            ("5", "5", "medium"),
            ("3", "5", "small"),
            ("20", "4", "large"),
            ("1", "18", "small"),
            ("60", "1", "medium"),
            ("10", "10", "large"),
        ],
    ),
    (
        "bands of a share",
        [
            ("12", "20", "good"),
            ("9", "30", "poor"),
            ("29", "50", "fair"),
            ("15", "50", "poor"),
            ("31", "100", "fair"),
            ("40", "50", "good"),
        ],
        [("6", "20", "poor"), ("7", "20", "fair"), ("59", "100", "fair"), ("60", "100", "good"), ("3", "3", "good")],
    ),
    (
        "bands of a sum",
        [
            ("40", "39", "fail"),
            ("35", "45", "pass"),
            ("20", "30", "fail"),
            ("60", "59", "pass"),
            ("80", "40", "merit"),
            ("75", "70", "merit"),
        ],
        [("10", "75", "pass"), ("79", "0", "fail"), ("20", "95", "pass"), ("50", "70", "merit")],
    ),
    (
        "two labels by a product",
        [
            ("2", "49", "no"),
            ("10", "10", "yes"),
            ("33", "3", "no"),
            ("40", "8", "yes"),
            ("7", "7", "no"),
            ("5", "25", "yes"),
        ],
        [("1", "101", "yes"), ("12", "8", "no"), ("9", "11", "no"), ("11", "10", "yes")],
    ),
    (
        "two labels by a quotient",
        [
            ("300", "5000", "ok"),
            ("305", "5000", "steep"),
            ("100", "2000", "ok"),
            ("130", "2000", "steep"),
            ("10", "900", "ok"),
            ("90", "800", "steep"),
        ],
        [("60", "1000", "ok"), ("61", "1000", "steep"), ("240", "3000", "steep"), ("360", "6000", "ok")],
    ),
    (
        "a band, and a text by another input",
        [
            ("12", "no", "small box"),
            ("20", "yes", "small box (fragile)"),
            ("21", "no", "crate"),
            ("60", "yes", "crate (fragile)"),
            ("61", "no", "long pallet"),
            ("150", "yes", "long pallet (fragile)"),
        ],
        [
            ("3", "no", "small box"),
            ("30", "yes", "crate (fragile)"),
            ("80", "no", "long pallet"),
            ("19", "no", "small box"),
            ("75", "yes", "long pallet (fragile)"),
        ],
    ),
    (
        "a band behind a kind",
        [
            ("adult", "3", "full price, short trip"),
            ("child", "5", "half price, short trip"),
            ("adult", "6", "full price, day trip"),
            ("child", "24", "half price, day trip"),
            ("child", "30", "half price, long trip"),
            ("adult", "48", "full price, long trip"),
        ],
        [
            ("child", "2", "half price, short trip"),
            ("adult", "12", "full price, day trip"),
            ("adult", "72", "full price, long trip"),
            ("child", "7", "half price, day trip"),
        ],
    ),
    (
        "a word by a table, and another by another input",
        [
            ("DE", "yes", "Germany, express"),
            ("AT", "no", "Austria"),
            ("DE", "no", "Germany"),
            ("UK", "yes", "United Kingdom, express"),
            ("AT", "yes", "Austria, express"),
            ("UK", "no", "United Kingdom"),
        ],
        [("UK", "no", "United Kingdom"), ("AT", "yes", "Austria, express"), ("DE", "no", "Germany")],
    ),
    (
        "several words by a number, and a text by another input",
        [
            ("5", "Mo", "van"),
            ("9", "Su", "van + weekend"),
            ("11", "Mo", "box truck"),
            ("40", "Su", "box truck + weekend"),
            ("10", "Mo", "van"),
        ],
        [("3", "Su", "van + weekend"), ("70", "Mo", "box truck"), ("12", "Su", "box truck + weekend")],
    ),
    (
        "a text by another input before a band",
        [
            ("300", "yes", "URGENT: van"),
            ("900", "no", "van"),
            ("1000", "no", "box truck"),
            ("5000", "yes", "URGENT: box truck"),
            ("7000", "no", "trailer"),
            ("9000", "yes", "URGENT: trailer"),
        ],
        [("100", "no", "van"), ("2000", "yes", "URGENT: box truck"), ("8000", "no", "trailer")],
    ),
    (
        "the title, if there is one, and the last name",
        [
            ("Dr. Anna Berg", "Dr. Berg"),
            ("Jon Hale", "Hale"),
            ("Prof. Dr. Ute Sommer", "Prof. Dr. Sommer"),
            ("Eva Maria Lind", "Lind"),
        ],
        [
            ("Dr. Jan Erik Holm", "Dr. Holm"),
            ("Ida Kruse", "Kruse"),
            ("Prof. Olaf Graf", "Prof. Graf"),
            ("Max Otto Rabe", "Rabe"),
        ],
    ),
    (
        "a form of address, the title and the last name",
        [
            ("Mr Peter Stone", "Dear Mr Stone"),
            ("Ms Dr. Sally Fox", "Dear Ms Dr. Fox"),
            ("Ms Eve Mary Long", "Dear Ms Long"),
            ("Mr Dr. Hugh Marsh", "Dear Mr Dr. Marsh"),
        ],
        [
            ("Mr John Erik Holm", "Dear Mr Holm"),
            ("Ms Dr. Ann Lee Brand", "Dear Ms Dr. Brand"),
            ("Mr Ali Reed", "Dear Mr Reed"),
        ],
    ),
    (
        "three branches of which two write a name alike",
        [
            ("Monsieur Paul Roux", "Cher Monsieur Roux"),
            ("Madame Dr. Anne Petit", "Chère Madame Dr. Petit"),
            ("Roux Freres SA", "Madame, Monsieur"),
            ("Madame Lea Marie Blanc", "Chère Madame Blanc"),
            ("Monsieur Dr. Luc Simon", "Cher Monsieur Dr. Simon"),
            ("Mairie de Lyon", "Madame, Monsieur"),
        ],
        [
            ("Monsieur Jean Marc Faure", "Cher Monsieur Faure"),
            ("Madame Dr. Eva Rose Henry", "Chère Madame Dr. Henry"),
            ("Garage Dupont", "Madame, Monsieur"),
            ("Monsieur Dr. Leo Caron", "Cher Monsieur Dr. Caron"),
        ],
    ),
]


@pytest.mark.parametrize(("shown", "rest"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_first_program(shown: Rows, rest: Rows) -> None:
    check_first_program(shown, rest)
