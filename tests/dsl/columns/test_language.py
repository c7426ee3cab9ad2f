"""``columns`` keeps what a language promises."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from neurosynth_dsls.columns import columns

from neurosynth.testing import check_language

MOMENT, DAY = datetime(2024, 3, 7, 17, 5), date(2024, 3, 7)

VALUES: dict[str, list[Any]] = {
    "string": ["day", "h", "month", "year", "%Y-%m-%d", "2024-03-07", "0.00", "1234.5", "12", "half_up", "1h 30min", "a, b"],
    "int": [0, 1, 2, 3, 7, 10, 16, 1024, 45000],
    "decimal": [Decimal("1234.5"), Decimal("0.05"), Decimal("-3"), Decimal("1")],
    "date": [DAY, date(2023, 11, 30)],
    "time": [time(17, 5)],
    "datetime": [MOMENT, datetime(2023, 11, 30)],
    "duration": [timedelta(minutes=90), timedelta(seconds=5)],
}  # fmt: skip
CALLS: dict[str, list[tuple[Any, ...]]] = {
    "datetime.parse": [("%Y-%m-%d %H:%M", "2024-03-07 17:05")],
    "date.parse": [("%d.%m.%Y", "07.03.2024")],
    "time.parse": [("%-I:%M %p", "5:05 PM")],
    "datetime.part": [("weekday", MOMENT)],
    "date.part": [("day", DAY)],
    **{f"datetime.{name}": [("15min", "", MOMENT)] for name in ("floor", "ceil", "nearest")},
    **{f"date.{name}": [("month", "", DAY)] for name in ("floor", "ceil", "nearest")},
    "duration.parse": [("%H:%M", "01:30")],
    "duration.format": [("%H:%M", timedelta(minutes=90))],
    "duration.floor": [("15min", timedelta(minutes=100))],
    "duration.mod": [("24h", timedelta(hours=-16))],
    "duration.in": [("min", timedelta(minutes=90))],
    "duration.of": [("min", Decimal("1.5"))],
    "datetime.format": [("%d.%m.%Y", MOMENT)],
    "date.format": [("%d.%m.%Y", DAY)],
    "time.format": [("%H:%M", time(17, 5))],
    "datetime.add": [(1, "day", MOMENT)],
    "date.add": [(1, "month", DAY)],
    "datetime.end_of": [("month", MOMENT)],
    "date.end_of": [("month", DAY)],
    "datetime.between": [("day", MOMENT, MOMENT)],
    "date.between": [("day", DAY, DAY)],
    "datetime.add_workdays": [(3, MOMENT)],
    "date.add_workdays": [(-3, DAY)],
    "datetime.workdays": [(MOMENT, MOMENT)],
    "date.workdays": [(DAY, DAY)],
    "decimal.format": [("0.00", Decimal("1234.5"))],
    "decimal.parse": [("#,##0.0#", "1,234.5")],
    "decimal.round": [(Decimal("0.1"), "half_up", Decimal("1234.56"))],
    "decimal.round_significant": [(3, "half_up", Decimal("1234.5"))],
    "roman.read": [("XIV",)],
    "letters.write": [(28,)],
    "words.read": [("forty-two",)],
    "ordinal_words.read": [("third",)],
    "letters.read": [("aB",)],
    "fraction.read": [("1 1/2",)],
    "text.translate": [(("a",), ("ae",), "ab")],
    "text.before_last": [("a, b", ", ")],
    "text.after_last": [("a, b", ", ")],
    "pieces.between": [("(", ")", "a (b)")],
    "pieces.ranges": [("-", ("1-3", "5"))],
    "pieces.runs": [(2, "-", ("1", "2", "5"))],
    "pieces.csv": [(",", 'a,"b, c"')],
    "text.step_number": [(1, "A-099")],
    "ordinal.read": [("1st",)],
    "bytes.write": [(1024, "0.0", Decimal("1234.5"))],
    "bytes.read": [(1024, "1.5 MB")],
    "compact.write": [(1000, 1, ("", "K", "M"), Decimal("1234567"))],
    "compact.read": [("1.5K",)],
    "number.read": [("1.234,56",)],
    "quantity.read": [("l", "6 x 0.5 l"), ("°C", "98.6 F")],
    "clock.read": [("1:02.45",)],
    "rkm.read": [("4k7",)],
    "count.read": [("2 dozen",)],
    "text.next_code": [("B99",)],
    "pieces.by_number": [(("b 2", "a 10"),)],
    "text.shorten": [(12, 10, "…", "a title of some words")],
    "currency.code": [("€5",)],
    "check.digit": [("luhn", "7992739871")],
    "check.valid": [("isbn10", "0-8044-2957-X")],
    "base.read": [(16, "ff")],
    "decimal.power": [(Decimal("1.5"), Decimal(2))],
    "decimal.log": [(Decimal(10), Decimal(100))],
    "decimal.exp": [(Decimal(1),)],
    "fraction.reduce": [("6/8",)],
    "angle.read": [("48°30'",)],
    "angle.write": [("D°MM'", Decimal("48.5"))],
    "expression.read": [("1+2",)],
    "text.from_base64": [("YQ==",)],
    "text.from_hex": [("61",)],
    "ip.read": [("10.0.0.1",)],
    **{f"pieces.{name}": [("0.*", ["1.5", "3"])] for name in ("sum", "mean", "median", "least", "greatest")},
}
"""Arguments that go together, which random ones seldom do."""


def test_the_language_keeps_its_promises() -> None:
    check_language(columns, values=VALUES, calls=CALLS)
