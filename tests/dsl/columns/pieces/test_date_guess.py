"""Formats of date columns: the column decides, not the row."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.columns.date_format import date_format, read_moment
from neurosynth_dsls.columns.pieces.date_guess import column_formats

FIRST = [
    # rows shown, other rows, the first format
    (["3/4/2005", "11/5/2006"], [], "%m/%d/%Y"),
    (["3/4/2005", "11/5/2006"], ["13/5/2006"], "%d/%m/%Y"),
    (["3/4/2005", "11/5/2006"], ["3/25/2006"], "%m/%d/%Y"),
    (["3.4.2005"], [], "%d.%m.%Y"),
    (["2005-04-03"], [], "%Y-%m-%d"),
    (["20141231", "20150101"], [], "%Y%m%d"),
    (["05:30 PM", "11:05 am", "4 pm"], [], "%I:%M %p|%I %p"),
    (["6:25:57 PM", "0:00:20 AM"], ["11:00:00 PM"], "%I:%M:%S %p|%H:%M:%S %p"),
    (["2014-03-12T17:05:33Z"], [], "%Y-%m-%dT%H:%M:%SZ"),
    (["Thu wk 10 in 2039"], [], "%a wk %V in %Y"),
    (["Jun 1779 Thu 2"], [], "%b %Y %a %n"),
    (["1932 97"], [], "%Y %j"),
    (["October 6, 2143"], [], "%B %d, %Y"),
    (["3rd May 2001"], [], "%-d%O %B %Y"),
    (["Q3 2001"], [], "Q%q %Y"),
    (["17.30"], [], "%H.%M"),
]


@pytest.mark.parametrize(("shown", "others", "format"), FIRST, ids=[f[2] for f in FIRST])
def test_the_likeliest_format(shown: list[str], others: list[str], format: str) -> None:
    assert column_formats([*shown, *others], shown)[0].text == format


@pytest.mark.parametrize("texts", [["hello"], ["12-34-56-78"], ["31/31/2001"], [""], ["99:99"]])
def test_what_is_no_date_has_no_format(texts: list[str]) -> None:
    assert column_formats(texts, texts) == []


@pytest.mark.parametrize("texts", [["12.3", "3.20"], ["3.20", "12.3"]])
def test_minutes_of_one_digit_are_decimals(texts: list[str]) -> None:
    assert all("%M" not in f.text for f in column_formats(texts, texts))


def test_two_orders_in_one_column_become_alternatives() -> None:
    found = column_formats(["3/25/2006", "25/3/2006", "26/3/2006"], ["3/25/2006", "25/3/2006"])
    assert found[0].text in ("%d/%m/%Y|%m/%d/%Y", "%m/%d/%Y|%d/%m/%Y")


def test_a_wrong_weekday_costs() -> None:
    right = column_formats(["Sunday, October 6, 2143"], ["Sunday, October 6, 2143"])
    wrong = column_formats(["Monday, October 6, 2143"], ["Monday, October 6, 2143"])
    assert right[0].text == wrong[0].text
    assert right[0].cost < wrong[0].cost


@given(
    st.lists(st.datetimes(datetime(1970, 1, 1), datetime(2060, 1, 1)), min_size=2, max_size=6),
    st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%b %d, %Y", "%Y-%m-%d %H:%M", "%H:%M:%S", "%A, %B %-d, %Y"]),
)
def test_what_a_format_wrote_some_format_reads(moments: list[datetime], format: str) -> None:
    (written,) = date_format(format)
    texts = [written.format(m) for m in moments]
    found = column_formats(texts, texts)
    assert any([read_moment(f.text, t) for t in texts] == [written.parse(t) for t in texts] for f in found)
