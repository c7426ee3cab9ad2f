"""Codes inside texts, keys of addresses, names of files, padded parts: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CODES: list[tuple[str, Rows, Rows]] = [
    (
        "a number of four and four digits, also behind letters",
        [
            ("Transfer Okafor re 2025-0117 many thanks", "2025-0117"),
            ("cust 30144 RE2024-0906", "2024-0906"),
            ("2025-0020 Lind & Co", "2025-0020"),
        ],
        [
            ("rent 07/25 2025-0410 3rd try", "2025-0410"),
            ("RE:2025-0333/cust 55012", "2025-0333"),
            ("order 19 + freight, re 2023-0001.", "2023-0001"),
            ("Duval 310.00 EUR bill2024-1212", "2024-1212"),
        ],
    ),
    (
        "a code of letters and digits, also inside a word",
        [
            ("please book PO-30418 today", "PO-30418"),
            ("refPO-11877 / dept 5", "PO-11877"),
            ("PO-90210", "PO-90210"),
        ],
        [("2x chairs, poPO-44120", "PO-44120"), ("for UK-1 dept: PO-55501 (urgent)", "PO-55501")],
    ),
    (
        "a year and a number of any length",
        [
            ("case 12/7 of 2024/118 closed", "2024/118"),
            ("see 2023/9, page 3/4", "2023/9"),
            ("2025/2204 pending 1/2", "2025/2204"),
        ],
        [("file 3/4: 2024/77", "2024/77"), ("copy 1/1 2022/310 lost", "2022/310"), ("2021/5", "2021/5")],
    ),
]
CASES = CODES


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
