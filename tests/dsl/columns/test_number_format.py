"""Formats of numbers and durations: tables of cases, laws, agreement with Python's formatting, messages."""

from __future__ import annotations

import sys
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neurosynth_dsls.columns.duration_format import duration_format, read_duration, write_duration
from neurosynth_dsls.columns.names import babel_locale
from neurosynth_dsls.columns.number_format import number_format, read_number, write_number

from neurosynth.errors import InputError

CASES = [
    # format, number, text
    ("0", "5", "5"),
    ("000", "7", "007"),
    ("#,##0", "1234567", "1,234,567"),
    ("#,##0.00", "1234567.895", "1,234,567.90"),
    ("#,##,##0", "12345678", "1,23,45,678"),
    ("0.##", "1.5", "1.5"),
    ("0.0#", "2", "2.0"),
    ("0.#*", "1.500", "1.5"),
    ("0.*", "1.500", "1.500"),
    ("#.00", "0.5", ".50"),
    ("0.0%", "0.256", "25.6%"),
    ("0 %", "0.25", "25 %"),
    ("0‰", "0.0125", "12‰"),
    ("$#,##0.00", "-1234.5", "-$1,234.50"),
    ("$#,##0;($#,##0)", "-1234", "($1,234)"),
    ("+0;-0", "5", "+5"),
    ("0 kg", "72", "72 kg"),
    ("'No. '0", "12", "No. 12"),
    ("0.00E0", "12345", "1.23E4"),
    ("0.00E+00", "0.000123", "1.23E-04"),
    ("0.##E0", "99999", "1E5"),
    ("[comma]#,##0.00", "-1234.5", "-1.234,50"),
    ("[space-comma]#,##0.0", "1234.5", "1 234,5"),
    ("[apostrophe]#,##0", "1234567", "1'234'567"),
    ("[de]#,##0.0", "1234.56", "1.234,6"),
    ("0", "-0.4", "0"),
    ("0.0", "2.25", "2.2"),  # half to even, as ICU and Python do
]


@pytest.mark.parametrize(("form", "number", "text"), CASES, ids=[f"{c[0]}-{c[1]}" for c in CASES])
def test_numbers_are_written(form: str, number: str, text: str) -> None:
    assert write_number(form, Decimal(number)) == text


READ = [
    ("#,##0.00", "1,234.5", "1234.5"),
    ("#,##0", "1234", "1234"),
    ("$0.00", "-$5.00", "-5"),
    ("(0)", "(7)", "7"),
    ("0;(0)", "(7)", "-7"),
    ("0.0%", "12.5%", "0.125"),
    ("[comma]#,##0.0", "1.234,5", "1234.5"),
    ("0.0E0", "1.5E-3", "0.0015"),
    ("0%|0", "5", "5"),
]


@pytest.mark.parametrize(("form", "text", "number"), READ)
def test_numbers_are_read(form: str, text: str, number: str) -> None:
    assert read_number(form, text) == Decimal(number)


REFUSED = [
    ("0", "1.5"),
    ("#,##0", "12,34"),
    ("0.00", "1,5"),
    ("$0", "5"),
    ("0", ""),
    ("0", "٣"),
    ("0", "1e5"),
    ("0.0", "."),
    ("0", "9" * 61),
]


@pytest.mark.parametrize(("form", "text"), REFUSED)
def test_what_is_no_such_number_is_refused(form: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"not in the format|more digits"):
        read_number(form, text)


FORMATS = [
    "0",
    "#,##0",
    "0.00",
    "#,##0.00##",
    "0.#*",
    "$#,##0.0",
    "(0.0)",
    "0.0;(0.0)",
    "[comma]#,##0.00",
    "0.0%",
    "[space]#,##0.000",
    "0.000E0",
    "#,##,##0.0",
    "0 kg",
]
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FORMATS), NUMBERS)
def test_what_is_written_reads_back(form: str, number: Decimal) -> None:
    """parse ∘ format is the identity on numbers that the format writes in full."""
    text = write_number(form, number)
    back = read_number(form, text)
    assert write_number(form, back) == text
    assert read_number(form, write_number(form, back)) == back


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 6), st.booleans(), NUMBERS)
def test_plain_formats_are_pythons(places: int, grouped: bool, number: Decimal) -> None:
    form = ("#,##0" if grouped else "0") + ("." + "0" * places if places else "")
    assert write_number(form, number) == f"{number:z{',' if grouped else ''}.{places}f}"


def test_codes_have_no_sign() -> None:
    with pytest.raises(ValueError, match=r"'000' writes no negative numbers, as -5; give a pattern for them after ;"):
        write_number("000", Decimal(-5))
    assert write_number("000;-000", Decimal(-5)) == "-005"


@pytest.mark.parametrize("text", ["", "abc", "0#", "#0#", "0.#0", "0.0.0", "1"])
def test_what_is_no_pattern_is_named(text: str) -> None:
    with pytest.raises(InputError, match=r"number format .* (not a number pattern|stands outside).*allowed: such as"):
        number_format(text)


def test_variants_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"\[xx\] is not a variant of number formats; allowed: \[comma\], \[space\]"):
        number_format("[xx]0")
    babel_locale.cache_clear()
    monkeypatch.setitem(sys.modules, "babel", None)
    with pytest.raises(InputError, match=r"allowed without Babel: \[comma\].*pip install"):
        number_format("[nl]0")


SPANS = [
    ("%-Hh %Mm", timedelta(hours=2, minutes=5), "2h 05m"),
    ("%H:%M:%S", timedelta(days=1, hours=2), "26:00:00"),
    ("%M:%S", timedelta(hours=2), "120:00"),
    ("%-D days %-H h", timedelta(days=3, hours=7), "3 days 7 h"),
    ("%S.%L", timedelta(seconds=5, milliseconds=20), "05.020"),
    ("%H:%M", -timedelta(minutes=90), "-01:30"),
]


@pytest.mark.parametrize(("form", "span", "text"), SPANS)
def test_durations_are_written_and_read(form: str, span: timedelta, text: str) -> None:
    assert write_duration(form, span) == text
    assert read_duration(form, text) == span


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["%H:%M:%S.%f", "%-D d %-H h %-M min %-S.%f s", "%M:%S.%f", "%f"]),
    st.timedeltas(timedelta(-9999), timedelta(9999)),
)
def test_a_duration_loses_nothing_in_a_format_down_to_microseconds(form: str, span: timedelta) -> None:
    assert read_duration(form, write_duration(form, span)) == span


@pytest.mark.parametrize(("form", "text"), [("%H:%M", "1:75"), ("%H:%M", "1"), ("%-M min", "5 sec")])
def test_what_is_no_such_duration_is_refused(form: str, text: str) -> None:
    with pytest.raises(ValueError, match="not in the duration format"):
        read_duration(form, text)


@pytest.mark.parametrize("form", ["%Q", "%H %H", "abc"])
def test_what_is_no_duration_format_is_named(form: str) -> None:
    with pytest.raises(InputError, match=r"duration format .*allowed: %D %H"):
        duration_format(form)
