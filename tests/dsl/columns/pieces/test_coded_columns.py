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
    (
        "a number of eight digits, also behind letters",
        [
            ("order 12 KD30418823 box", "30418823"),
            ("cust 771 30411877", "30411877"),
            ("30990210 / 14", "30990210"),
        ],
        [("2 x 5 KD30099121", "30099121"), ("at 8:15 30441200 ok", "30441200"), ("30999 KD30771239", "30771239")],
    ),
    (
        "two capitals and four digits, also behind small letters",
        [("inv.AB1234 of 3 May", "AB1234"), ("3 items, CD9981", "CD9981"), ("xEF0077 late", "EF0077")],
        [("7 x yGH5521 (ok)", "GH5521"), ("UK: KL8080", "KL8080")],
    ),
]
PADDED: list[tuple[str, Rows, Rows]] = [
    (
        "all parts of an address filled up",
        [("10.0.0.1", "010.000.000.001"), ("192.168.1.20", "192.168.001.020"), ("8.8.8.8", "008.008.008.008")],
        [("172.16.254.3", "172.016.254.003"), ("1.1.1.100", "001.001.001.100")],
    ),
    (
        "all parts of a version filled up, however many",
        [("1.2.10", "01.02.10"), ("3.14", "03.14"), ("2.0.7.1", "02.00.07.01")],
        [("10.4.3", "10.04.03"), ("5.6", "05.06"), ("4", "04"), ("1.0.0.0.9", "01.00.00.00.09")],
    ),
    (
        "all parts but the first filled up",
        [("3.4.12", "3.0004.0012"), ("7.115.7", "7.0115.0007"), ("12.38", "12.0038")],
        [("9.1.1", "9.0001.0001"), ("15.1204", "15.1204"), ("1.5.18.2", "1.0005.0018.0002")],
    ),
    (
        "years and numbers that are filled up",
        [("1988-4-12", "1988-0004-0012"), ("2004-210-7", "2004-0210-0007"), ("1920-38", "1920-0038")],
        [("2016-1190", "2016-1190"), ("1907-9", "1907-0009"), ("2011-5-18-2", "2011-0005-0018-0002")],
    ),
    (
        "numbers between words",
        [("track 3", "track 03"), ("track 12", "track 12"), ("disc 1 track 4", "disc 01 track 04")],
        [("track 7", "track 07"), ("disc 10 track 2", "disc 10 track 02")],
    ),
]
FILES: list[tuple[str, Rows, Rows]] = [
    (
        "names of files without blanks, brackets and capitals",
        [
            ("Batch 7 (repeat).TXT", "batch_7_repeat.txt"),
            ("NMR  scan 4-18.pdf", "nmr_scan_4_18.pdf"),
            ("Blanks & Controls.csv", "blanks_controls.csv"),
        ],
        [
            ("Soil pH 6 - draft.DOCX", "soil_ph_6_draft.docx"),
            ("mRNA Levels (2).xlsx", "mrna_levels_2.xlsx"),
            ("Totals.PDF", "totals.pdf"),
        ],
    ),
    (
        "headings as names of fields",
        [("Order Date", "order_date"), ("Ship-to Name", "ship_to_name"), ("Qty (pcs)", "qty_pcs")],
        [("Net kWh", "net_kwh"), ("Soil pH", "soil_ph"), ("VAT no.", "vat_no")],
    ),
    (
        "headings of which some are names in a program",
        [("Order Date", "order_date"), ("shipToName", "ship_to_name"), ("Qty", "qty")],
        [("netWeight", "net_weight"), ("Unit price", "unit_price")],
    ),
    (
        "headings of which other rows are names in a program",
        [("Order Date", "order_date"), ("ship name", "ship_name"), ("Qty", "qty")],
        [("netWeight", "net_weight"), ("Unit price", "unit_price")],
    ),
    (
        "names of files with points inside",
        [
            ("Report v1.2 FINAL.Pdf", "report_v1_2_final.pdf"),
            ("Team Photo.JPG", "team_photo.jpg"),
            ("Minutes 3.4.25.docx", "minutes_3_4_25.docx"),
        ],
        [("Plan v2.0.XLSX", "plan_v2_0.xlsx"), ("Old Logo (1).PNG", "old_logo_1.png")],
    ),
    (
        "constants of a program",
        [("Max value (kW)", "MAX_VALUE_KW"), ("soil  depth", "SOIL_DEPTH"), ("Net & gross", "NET_GROSS")],
        [("Soil pH - new", "SOIL_PH_NEW"), ("rate 2", "RATE_2")],
    ),
]
KEYS: list[tuple[str, Rows, Rows]] = [
    (
        "the value of a key of an address, nothing without it",
        [
            ("https://a.example.org/p?src=mail&promo=may_25&lang=en", "may_25"),
            ("https://a.example.org/contact", ""),
            ("https://b.example.org/toys/cars?size=9&promo=two-for-one", "two-for-one"),
        ],
        [
            ("https://a.example.org/?promo=first10&src=ads", "first10"),
            ("https://a.example.org/hats?src=ads&lang=de&kind=cpc&promo=brand_fr", "brand_fr"),
            ("https://b.example.org/find/leeds", ""),
            ("https://b.example.org/hats?src=ads&lang=de", ""),
        ],
    ),
    (
        "a key whose name ends the name of another key",
        [
            ("/item?id=88&gclid=xq1", "88"),
            ("/list?gclid=b77z", ""),
            ("/item?utm_id=4&id=1202", "1202"),
        ],
        [("/item?gclid=77&id=5", "5"), ("/list?page=2&gclid=k8", ""), ("/item?id=31", "31")],
    ),
    (
        "a key in all rows, whose name ends the name of another key",
        [
            ("/item?id=88&gclid=xq1", "88"),
            ("/list?gclid=b77z&id=3", "3"),
            ("/item?utm_id=4&id=1202", "1202"),
        ],
        [("/item?gclid=77&id=5", "5"), ("/item?utm_id=9&page=2&id=77", "77"), ("/item?id=31", "31")],
    ),
    (
        "a coded value of a key, nothing without it",
        [
            ("/s?q=red+shoes&page=2", "red shoes"),
            ("/s?page=1&q=caf%C3%A9", "café"),
            ("/s?page=3", ""),
        ],
        [("/s?page=3&q=hat", "hat"), ("/s", ""), ("/s?sort=up&q=blue%20bag&page=1", "blue bag")],
    ),
    (
        "a setting that some lines lack",
        [
            ("host=db1;port=5432;user=ann", "5432"),
            ("host=db2;user=bo", ""),
            ("user=cy;port=6000;host=db3", "6000"),
        ],
        [("port=80;host=w1", "80"), ("user=di;host=w2", ""), ("host=w3;mode=ro;port=8080", "8080")],
    ),
]
CASES = CODES + PADDED + FILES + KEYS


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
