"""JSON without lost digits."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.values.exact_json import dumps, loads

CASES = [
    ("0.1", 0.1),
    ("-2.50", -2.5),
    ("1e3", 1000.0),
    ("0.12345678901234567890", Decimal("0.12345678901234567890")),
    ("12345678901234567.25", Decimal("12345678901234567.25")),
    ("1e400", Decimal("1e400")),
    ("12345678901234567890", 12345678901234567890),
]


@pytest.mark.parametrize(("text", "value"), CASES)
def test_numbers_keep_their_digits(text: str, value: object) -> None:
    found = loads(text)
    assert (type(found), found) == (type(value), value)
    assert Decimal(dumps(found)) == Decimal(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=None))
def test_a_decimal_is_written_and_read_as_itself(value: Decimal) -> None:
    assert Decimal(str(loads(dumps([value]))[0])) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False), st.lists
)


@given(JSON)
def test_other_values_are_as_json_has_them(value: object) -> None:
    assert dumps(value) == json.dumps(value, ensure_ascii=False)
    assert loads(json.dumps(value)) == value


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object is not JSON serializable"):
        dumps(object())
    with pytest.raises(ValueError, match="Out of range float"):
        dumps(float("nan"), allow_nan=False)
    assert dumps({"a": {1}}, default=sorted) == '{"a": [1]}'
