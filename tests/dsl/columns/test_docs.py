"""docs/columns.md is held to the code: codes, primitives, the exported module."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from neurosynth_dsls.columns import columns
from neurosynth_dsls.columns.date_codes import NUMBERS
from neurosynth_dsls.columns.decimals import MODES
from neurosynth_dsls.columns.duration_format import UNITS
from neurosynth_dsls.columns.number_format import MARKS, write_number

PAGE = (Path(__file__).parents[3] / "docs" / "columns.md").read_text(encoding="utf-8")


def test_every_code_and_variant_is_documented() -> None:
    for letter in (*NUMBERS, *"BbAapoOfLzZ"):
        assert f"`%{letter}`" in PAGE, letter
    for name in (*MODES, *(f"[{m}]" for m in MARKS if m), *(f"%{u}" for u in UNITS)):
        assert f"`{name}`" in PAGE or f"`{name}" in PAGE, name


def test_every_primitive_stands_in_its_table_as_the_code_has_it() -> None:
    for primitive in columns.primitives.values():
        if not primitive.enumerated:
            doc = primitive.doc.replace("|", "\\|")
            assert f"| `{primitive.name}` | `{primitive.type}` | {doc} |" in PAGE, primitive.name


def test_the_table_of_number_formats_is_true() -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \| ([^|]+?) \| ", PAGE.partition("writes 1234.5")[2].partition("Formats of durations")[0], re.M
    )
    assert len(rows) > 5
    for form, text in rows:
        number = "1234" if form == "000000" else "1234.5"
        assert write_number(form, Decimal(number)) == text, form


def test_the_module_shown_is_the_module_exported() -> None:
    space: dict[str, object] = {}
    for block in re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S):
        exec(block, space)
    (shown,) = re.findall(r"^```text\n(.*?)^```$", PAGE, re.M | re.S)
    assert shown == space["code"]
