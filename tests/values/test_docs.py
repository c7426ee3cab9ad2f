"""docs/types.md: every row of its table is true."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from neurosynth.language.language import Language
from neurosynth.language.program import Constant
from neurosynth.language.syntax import parse_program
from neurosynth.values.registry import domain_of
from neurosynth.values.types import declared, parse_type

PAGE = Path(__file__).parents[2] / "docs" / "types.md"
ROWS = [
    line.strip("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_says_how_a_value_is_written(row: list[str]) -> None:
    type_, _, program, in_json, cell = (re.sub(r"^`|`$", "", text.strip()) for text in row)
    domain = domain_of(parse_type(type_))
    constant = parse_program(program, Language("empty"))
    assert isinstance(constant, Constant)
    assert constant.type == domain.type
    assert domain.key(domain.from_json(json.loads(in_json))) == domain.key(constant.value)
    assert domain.to_json(constant.value) == json.loads(in_json)
    if cell != "the text itself":
        assert domain.to_cell(constant.value) == cell
        assert domain.key(domain.from_cell(cell)) == domain.key(constant.value)


def test_no_type_is_left_out() -> None:
    shipped = {"int", "bool", "string", "list", "bitvec", "decimal", "date", "time", "datetime", "duration"}
    assert {row[0].strip("`").split()[0] for row in ROWS} == shipped
    assert shipped <= set(declared())
