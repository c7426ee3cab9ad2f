"""Telephone numbers of one country, slugs behind a number, and parted letters: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "Dutch mobile numbers as they are dialled at home",
        [("+31 6 12345678", "06-12345678"), ("0612345999", "06-12345999"), ("0031612345111", "06-12345111")],
        [("06 5511 2233", "06-55112233"), ("+31 (0)6 20304050", "06-20304050"), ("0031 6 11122233", "06-11122233")],
    ),
    (
        "French numbers in pairs of digits",
        [
            ("+33 1 42 68 53 00", "01 42 68 53 00"),
            ("0142685311", "01 42 68 53 11"),
            ("01.42.68.53.22", "01 42 68 53 22"),
        ],
        [
            ("+33 4 91 13 89 00", "04 91 13 89 00"),
            ("0478927000", "04 78 92 70 00"),
            ("05.61.11.02.22", "05 61 11 02 22"),
        ],
    ),
    (
        "German numbers of any length, digits alone",
        [("+49 30 901820", "030901820"), ("030/90182111", "03090182111"), ("0049 (0)30 12345", "03012345")],
        [("+49 89 2180", "0892180"), ("0221 / 998877", "0221998877"), ("0049 40 123456", "040123456")],
    ),
    (
        "Spanish numbers, which have no zero in front",
        [("+34 612 345 678", "612 345 678"), ("612345999", "612 345 999"), ("0034 612-345-111", "612 345 111")],
        [("+34 911 234 567", "911 234 567"), ("933-445-566", "933 445 566"), ("0034722334455", "722 334 455")],
    ),
    (
        "Irish numbers with the code of the country",
        [
            ("+353 85 123 4567", "+353 85 123 4567"),
            ("0851234999", "+353 85 123 4999"),
            ("085 123 4111", "+353 85 123 4111"),
        ],
        [
            ("086-765-4321", "+353 86 765 4321"),
            ("+353871112233", "+353 87 111 2233"),
            ("00353 83 222 3344", "+353 83 222 3344"),
        ],
    ),
    (
        "numbers for a program: the code of the country and digits alone",
        [("+48 601 100 200", "48601100200"), ("601 100 999", "48601100999"), ("0048 601-100-111", "48601100111")],
        [("722 333 444", "48722333444"), ("+48 505 606 707", "48505606707")],
    ),
    (
        "the name of a file from the number and the title of a chapter",
        [
            ("4 The Long Road", "04_the_long_road.md"),
            ("12 Après Minuit", "12_apres_minuit.md"),
            ("9 Señor Gómez Returns", "09_senor_gomez_returns.md"),
        ],
        [
            ("1 Prologue", "01_prologue.md"),
            ("10 A Day at the Old Sea", "10_a_day_at_the_old_sea.md"),
            ("7 Fin", "07_fin.md"),
        ],
    ),
    (
        "a slug before the number at the end",
        [
            ("Valle del Jerte 3", "03-valle-del-jerte"),
            ("Peñas Altas 11", "11-penas-altas"),
            ("Río 7", "07-rio"),
        ],
        [("Salida 1", "01-salida"), ("Puerto de la Montaña Vieja 14", "14-puerto-de-la-montana-vieja")],
    ),
    (
        "numbers behind a word",
        [
            ("tel +44 7700 900123", "07700 900123"),
            ("tel 07700900456", "07700 900456"),
            ("tel 07700-900789", "07700 900789"),
        ],
        [("tel +44 7911 123450", "07911 123450"), ("tel 07512-004411", "07512 004411")],
    ),
    (
        "a slug behind a code",
        [("A7: Fresh Bread Rolls", "a7/fresh-bread-rolls"), ("C12: Rye", "c12/rye"), ("B3: Oat Cakes", "b3/oat-cakes")],
        [("D4: Very Light Cream Pot", "d4/very-light-cream-pot"), ("A10: Milk", "a10/milk")],
    ),
    (
        "the title of a song behind its number as words with capitals",
        [
            ("3. walk on by", "Track 3: Walk On By"),
            ("11. hello", "Track 11: Hello"),
            ("7. two of us", "Track 7: Two Of Us"),
        ],
        [("1. blue", "Track 1: Blue"), ("10. here comes the sun", "Track 10: Here Comes The Sun")],
    ),
    (
        "letters with hyphens",
        [("apple", "A-P-P-L-E"), ("dog", "D-O-G"), ("kite", "K-I-T-E")],
        [("umbrella", "U-M-B-R-E-L-L-A"), ("ox", "O-X")],
    ),
    (
        "each letter in brackets",
        [("move", "[m][o][v][e]"), ("or", "[o][r]"), ("Start ", "[s][t][a][r][t]")],
        [("Jump", "[j][u][m][p]"), ("continue ", "[c][o][n][t][i][n][u][e]")],
    ),
    (
        "gaps for vowels",
        [("table", "t _ b l _"), ("moon", "m _ _ n"), ("fish", "f _ s h")],
        [("garden", "g _ r d _ n"), ("elbow", "_ l b _ w"), ("sky", "s k y")],
    ),
    (
        "the first letter and gaps",
        [("planet", "P _ _ _ _ _"), ("sun", "S _ _"), ("comet", "C _ _ _ _")],
        [("asteroid", "A _ _ _ _ _ _ _"), ("moon", "M _ _ _")],
    ),
    (
        "the number of letters behind gaps",
        [("planet", "_ _ _ _ _ _ (6)"), ("sun", "_ _ _ (3)"), ("comet", "_ _ _ _ _ (5)")],
        [("asteroid", "_ _ _ _ _ _ _ _ (8)"), ("moon", "_ _ _ _ (4)")],
    ),
    (
        "letters with points, blanks at the ends of other rows alone",
        [("sos", "S.O.S"), ("rsvp", "R.S.V.P"), ("eta", "E.T.A")],
        [("asap ", "A.S.A.P"), (" diy", "D.I.Y"), ("faq", "F.A.Q")],
    ),
    (
        "words with gaps, a blank between words",
        [("ice cream", "i _ _   c _ _ _ _"), ("soup", "s _ _ _"), ("fried rice", "f _ _ _ _   r _ _ _")],
        [("red bean soup", "r _ _   b _ _ _   s _ _ _"), ("tea", "t _ _")],
    ),
    (
        "American numbers, one area in the examples",
        [("+1 415 555 0132", "415-555-0132"), ("(415) 555-0133", "415-555-0133"), ("4155550134", "415-555-0134")],
        [("+1 (212) 555-0199", "212-555-0199"), ("646.555.0170", "646-555-0170")],
    ),
    (
        "two British numbers",
        [("+44 20 7946 0018", "020 7946 0018"), ("02079460991", "020 7946 0991")],
        [
            ("+44 (0)20 7946 0333", "020 7946 0333"),
            ("020-8123-4567", "020 8123 4567"),
            ("0044 20 8111 2222", "020 8111 2222"),
        ],
    ),
    (
        "a name and a number",
        [
            ("Ana Ruiz", "+34 611 222 333", "Ana Ruiz: 611222333"),
            ("Luis Gil", "611222444", "Luis Gil: 611222444"),
            ("Eva Sanz", "611 222 555", "Eva Sanz: 611222555"),
        ],
        [("Leo Mas", "+34 722333444", "Leo Mas: 722333444"), ("Iris Pla", "933 44 55 66", "Iris Pla: 933445566")],
    ),
    (
        "digits of a code, one by one",
        [("4715", "4, 7, 1, 5"), ("90210", "9, 0, 2, 1, 0"), ("118", "1, 1, 8")],
        [("77", "7, 7"), ("3050607", "3, 0, 5, 0, 6, 0, 7")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_first_program_is_right_in_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
