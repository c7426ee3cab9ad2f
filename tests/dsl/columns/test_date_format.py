"""Formats of dates and times: tables of cases, laws, agreement with datetime, messages."""

from __future__ import annotations

import sys
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neurosynth_dsls.columns.date_codes import NUMBERS
from neurosynth_dsls.columns.date_format import date_format, read_moment, write_moment
from neurosynth_dsls.columns.names import babel_locale, names_of

from neurosynth.errors import InputError

MOMENTS = st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9998, 12, 31))

CASES = [
    # format, text, moment
    ("%Y-%m-%d", "2024-03-07", datetime(2024, 3, 7)),
    ("%A, %B %-d, %Y", "Sunday, October 6, 2143", datetime(2143, 10, 6)),
    ("%-m/%-d/%y", "3/7/99", datetime(1999, 3, 7)),
    ("%Y%m%d", "20240307", datetime(2024, 3, 7)),
    ("%o of %B", "29th of February", datetime(2000, 2, 29)),
    ("%b %d", "Feb 29", datetime(2000, 2, 29)),
    ("%-I:%M %p", "5:30 PM", datetime(1900, 1, 1, 17, 30)),
    ("%I%~p", "12am", datetime(1900, 1, 1, 0)),
    ("%-I %.~p", "5 p.m.", datetime(1900, 1, 1, 17)),
    ("%H:%M:%S.%L", "23:59:59.123", datetime(1900, 1, 1, 23, 59, 59, 123000)),
    ("%GW%V", "2143W12", datetime(2143, 3, 18)),
    ("%a wk %-V in %Y", "Thu wk 10 in 2039", datetime(2039, 3, 10)),
    ("%b %Y %a %n", "Jun 1779 Thu 2", datetime(1779, 6, 10)),
    ("%Y %-j", "1932 97", datetime(1932, 4, 6)),
    ("Q%q %Y", "Q3 2021", datetime(2021, 7, 1)),
    ("H%K/%y", "H2/24", datetime(2024, 7, 1)),
    ("%^b", "FEB", datetime(2000, 2, 1)),
    ("%a", "Wed", datetime(1900, 1, 3)),
    ("%d%%", "07%", datetime(2000, 1, 7)),
    ("%-d %|", "7 |", datetime(2000, 1, 7)),
    ("[de]%-d. %B %Y", "7. März 2024", datetime(2024, 3, 7)),
    ("[de]%-d. %b %Y", "12. Okt. 2022", datetime(2022, 10, 12)),
    ("[de-plain]%-d. %b %Y", "12. Okt 2022", datetime(2022, 10, 12)),
    ("[fr-plain]%-d %b %Y", "3 févr 2022", datetime(2022, 2, 3)),
]


@pytest.mark.parametrize(("form", "text", "moment"), CASES, ids=[c[0] for c in CASES])
def test_texts_are_read_and_written(form: str, text: str, moment: datetime) -> None:
    assert read_moment(form, text) == moment
    assert write_moment(form, moment) == text


READ = [
    ("%d/%m/%Y", "7/3/2024", datetime(2024, 3, 7)),  # numbers may lack their leading zero, as for strptime
    ("%B %d, %Y", "MARCH  7, 2024", datetime(2024, 3, 7)),  # letters of either case, any white space
    ("%d/%m/%Y|%Y-%m-%d", "2024-03-07", datetime(2024, 3, 7)),
    ("%d-%m|%b %Y", "Mar 2024", datetime(2024, 3, 1)),
]


@pytest.mark.parametrize(("form", "text", "moment"), READ)
def test_reading_is_lenient_as_strptime_is(form: str, text: str, moment: datetime) -> None:
    assert read_moment(form, text) == moment


REFUSED = [
    ("%Y-%m-%d", "2024-02-31", "day is out of range"),
    ("%Y%m", "045600", "month must be in 1..12"),
    ("%Y-%m-%d", "2024-13-01", "not in the format"),
    ("%Y-%m-%d", "2024-03-07 ", "not in the format"),
    ("%d/%m/%Y", "03/14/2024", "not in the format"),
    ("%Y%m%d", "2024307", "not in the format"),
    ("%H:%M %p", "17:30 AM", "two different halves"),
    ("%Y %j", "2023 366", "2023 has no day 366"),
    ("%b %a %n %Y", "Feb Mon 5 2023", "no such weekday"),
    ("%d.%d", "1.2", "two different things"),
    ("%-m%-d", "111", "cannot be read"),
]


@pytest.mark.parametrize(("form", "text", "message"), REFUSED)
def test_what_is_no_such_date_is_refused(form: str, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_moment(form, text)


CODES = [f"%{flag}{letter}" for letter in NUMBERS for flag in ("", "-", "_")]
CODES += ["%B", "%b", "%^B", "%~b", "%A", "%a", "%2a", "%1b", "%o", "%O", "%p", "%~p", "%.p", "%1p", "%f", "%L"]
SEPARATORS = [" ", "-", "/", ", ", " of ", "T", ":", ".", "'", "%%"]


@st.composite
def formats(draw: st.DrawFn) -> str:
    """Codes with separators between them."""
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=6))
    text = codes[0]
    for code in codes[1:]:
        text += draw(st.sampled_from(SEPARATORS)) + code
    return text


@settings(max_examples=400, deadline=None)
@given(formats(), MOMENTS)
def test_what_is_written_reads_as_what_writes_the_same(form: str, moment: datetime) -> None:
    """parse ∘ format is the identity on what a format tells."""
    text = write_moment(form, moment)
    try:
        back = read_moment(form, text)
    except ValueError:
        # a day with neither year nor month, the 31st of what is taken for February, and fields that do not meet
        letters = {c.letter for c in date_format(form)[0].codes}
        assert not {"Y", "m", "d"} <= letters or letters & set("yGgVjnqKuwAaU")
        return
    if not {c.field for c in date_format(form)[0].codes} & {"n", "G", "g", "V", "j", "q", "K", "u", "w", "y", "p"}:
        assert _told(form, back) == _told(form, moment)


def _told(form: str, moment: datetime) -> list[str]:
    """What the codes write that a value is made of."""
    return [c.write(moment) for c in date_format(form)[0].codes if c.field]


COMPLETE = [
    "%Y-%m-%d %H:%M:%S.%f",
    "%-d %B %Y, %-I:%M:%S.%f %p",
    "%G-%V-%u %H%M%S%f",
    "%Y/%j %H.%M.%S.%f",
    "%A %o %b %Y %_H:%-M:%-S.%f",
]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(COMPLETE), MOMENTS)
def test_a_complete_format_loses_nothing(form: str, moment: datetime) -> None:
    assert read_moment(form, write_moment(form, moment)) == moment


PORTABLE = "YymdBbAaHIMSpjfUWGVuw"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PORTABLE), min_size=1, max_size=5), MOMENTS)
def test_codes_of_strftime_write_the_same(letters: list[str], moment: datetime) -> None:
    form = " ".join(f"%{letter}" for letter in letters)
    assert write_moment(form, moment) == moment.strftime(form)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["%Y-%m-%d", "%d.%m.%y", "%b %d, %Y", "%B %d %Y %I:%M %p", "%H:%M", "%Y %j", "%A %d %B %Y"]),
    MOMENTS,
)
def test_formats_of_strptime_read_the_same(form: str, moment: datetime) -> None:
    text = moment.strftime(form)
    assert read_moment(form, text) == datetime.strptime(text, form)


@pytest.mark.parametrize(
    ("form", "text", "moment"),
    [
        ("%Y-%m-%dT%H:%M%z", "2024-12-31T23:30-05:00", datetime(2025, 1, 1, 4, 30)),
        ("%Y-%m-%dT%H:%M:%S%z", "2024-12-31T23:30:00Z", datetime(2024, 12, 31, 23, 30)),
        ("%Y-%m-%d %H:%M %Z", "2024-12-31 23:30 +0530", datetime(2024, 12, 31, 23, 30)),
    ],
)
def test_offsets_move_the_moment_or_are_read_over(form: str, text: str, moment: datetime) -> None:
    assert read_moment(form, text) == moment
    assert read_moment(form, write_moment(form, moment)) == moment


def test_an_offset_past_the_first_year_is_no_moment() -> None:
    with pytest.raises(ValueError, match="before the year 1"):
        read_moment("%Y-%m-%dT%H:%M%z", "0001-01-01T00:30+02:00")


def test_unknown_codes_and_locales_are_named() -> None:
    with pytest.raises(InputError, match=r"date format '%Q': '%Q' is not a code; allowed: %Y"):
        date_format("%Q")
    with pytest.raises(InputError, match=r"'%\^d' is not a code"):
        date_format("%^d")
    with pytest.raises(InputError, match=r"Babel knows no locale 'xx'; allowed: codes such as de"):
        date_format("[xx]%B")


def test_locales_need_babel(monkeypatch: pytest.MonkeyPatch) -> None:
    for reader in (names_of, babel_locale):  # other tests may have read the locale
        reader.cache_clear()
    monkeypatch.setitem(sys.modules, "babel", None)
    with pytest.raises(
        InputError, match=r"names of the locale 'nl' need Babel; allowed without it: en; run in a checkout"
    ):
        date_format("[nl]%B")
