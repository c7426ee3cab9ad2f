"""Texts of which all but some characters are hidden: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "all but the last six characters",
        [
            ("JTDBR32E720051234", "***********051234"),
            ("SAJAC41L7XC900118", "***********900118"),
            ("BT7L1744", "**7L1744"),
        ],
        [("AN5L44210", "***L44210"), ("WDB2030421F5A7788", "***********5A7788"), ("MGB9812345X", "*****12345X")],
    ),
    (
        "all but the last three characters",
        [("PK-20418", "xxxxx418"), ("LM-3307", "xxxx307"), ("QR-118254", "xxxxxx254")],
        [("ZZ-90", "xx-90"), ("AB-123456789", "xxxxxxxxx789"), ("CD-5501", "xxxx501")],
    ),
    (
        "all but the first five characters",
        [("Lindqvist", "Lindq####"), ("Papadopoulos", "Papad#######"), ("Bergstrom", "Bergs####")],
        [("Hernandez", "Herna####"), ("Fitzgerald", "Fitzg#####"), ("Abercrombie", "Aberc######")],
    ),
    (
        "all but the last five characters, the same length in all examples",
        [("48210077315", "******77315"), ("10038844629", "******44629"), ("77129900180", "******00180")],
        [("5500123476", "*****23476"), ("991283746510", "*******46510"), ("1200456", "**00456")],
    ),
    (
        "the first six and the last four digits of a card",
        [
            ("4556737586899855", "455673******9855"),
            ("371449635398431", "371449*****8431"),
            ("5425233430109903", "542523******9903"),
        ],
        [
            ("6011000990139424", "601100******9424"),
            ("4222222222222", "422222***2222"),
            ("30569309025904", "305693****5904"),
        ],
    ),
    (
        "a mail address before its sign, but the first letter",
        [
            ("carla.ruiz@post.example", "c*********@post.example"),
            ("bo@mail.example", "b*@mail.example"),
            ("t.okafor@firm.example", "t*******@firm.example"),
        ],
        [("ingrid@post.example", "i*****@post.example"), ("m.duval@firm.example", "m******@firm.example")],
    ),
    (
        "a mail address before its sign, but the first and the last letter",
        [
            ("carla.ruiz@post.example", "c••••••••z@post.example"),
            ("bob@mail.example", "b•b@mail.example"),
            ("t.okafor@firm.example", "t••••••r@firm.example"),
        ],
        [("ingrid@post.example", "i••••d@post.example"), ("m.duval@firm.example", "m•••••l@firm.example")],
    ),
    (
        "the letters of a mail address that has the mask as a letter, too",
        [
            ("carla.ruiz@example.com", "cxxxxxxxxx@example.com"),
            ("bodo@example.com", "bxxx@example.com"),
            ("t.okafor@example.com", "txxxxxxx@example.com"),
        ],
        [("ingrid@example.com", "ixxxxx@example.com"), ("m.duval@example.com", "mxxxxxx@example.com")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
