"""Primitives of ``columns``: a table of programs and their values, laws against datetime, decimal, dateutil and pandas."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
import pandas as pd
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st
from neurosynth_dsls.columns import columns
from neurosynth_dsls.columns import python_helpers as helpers
from neurosynth_dsls.columns.decimals import MODES

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input
from neurosynth.language.syntax import parse_program
from neurosynth.values.types import parse_type

T = datetime(2024, 2, 29, 17, 46, 31)
D = date(2024, 2, 29)
N = Decimal("-1234.565")

TABLE: list[tuple[str, str, Any, Any]] = [
    # program over x0, its type, x0, value
    ('(datetime.part "quarter" x0)', "datetime", T, 1),
    ('(datetime.part "weekday" x0)', "datetime", T, 4),
    ('(datetime.part "second_of_day" x0)', "datetime", T, 63991),
    ('(datetime.part "days_in_month" x0)', "datetime", T, 29),
    ('(date.part "iso_week" x0)', "date", D, 9),
    ('(datetime.add 1 "month" x0)', "datetime", datetime(2024, 1, 31), datetime(2024, 2, 29)),
    ('(date.add (- 0 1) "year" x0)', "date", D, date(2023, 2, 28)),
    ('(date.add 2 "quarter" x0)', "date", D, date(2024, 8, 29)),
    ('(date.add 10 "day" x0)', "date", D, date(2024, 3, 10)),
    ('(datetime.floor "30min" "" x0)', "datetime", T, datetime(2024, 2, 29, 17, 30)),
    ('(datetime.floor "2h" "1h" x0)', "datetime", T, datetime(2024, 2, 29, 17)),
    ('(datetime.floor "week" "" x0)', "datetime", T, datetime(2024, 2, 26)),
    ('(datetime.floor "week" "-1day" x0)', "datetime", T, datetime(2024, 2, 25)),
    ('(datetime.ceil "15min" "" x0)', "datetime", T, datetime(2024, 2, 29, 18)),
    ('(datetime.ceil "month" "" x0)', "datetime", datetime(2024, 2, 1), datetime(2024, 2, 1)),
    ('(datetime.nearest "h" "" x0)', "datetime", T, datetime(2024, 2, 29, 18)),
    ('(datetime.nearest "h" "" x0)', "datetime", datetime(2024, 1, 1, 23, 30), datetime(2024, 1, 2)),
    ('(date.end_of "month" x0)', "date", date(2024, 2, 3), date(2024, 2, 29)),
    ('(date.end_of "quarter" x0)', "date", D, date(2024, 3, 31)),
    ('(date.end_of "week" x0)', "date", D, date(2024, 3, 3)),
    ('(date.end_of "year" x0)', "date", D, date(2024, 12, 31)),
    ("(date.next_weekday 4 x0)", "date", D, date(2024, 3, 7)),
    ("(date.add_workdays 1 x0)", "date", date(2024, 3, 1), date(2024, 3, 4)),
    ("(date.add_workdays -6 x0)", "date", date(2024, 3, 4), date(2024, 2, 23)),
    ("(date.add_workdays 5 x0)", "date", date(2024, 3, 2), date(2024, 3, 8)),
    ("(date.add_workdays 0 x0)", "date", date(2024, 3, 2), date(2024, 3, 2)),
    ('(date.workdays (date.parse "%Y-%m-%d" "2024-02-29") x0)', "date", date(2024, 3, 4), 3),
    ('(date.workdays (date.parse "%Y-%m-%d" "2024-03-11") x0)', "date", date(2024, 3, 2), -6),
    ("(date.next_weekday 5 x0)", "date", D, date(2024, 3, 1)),
    ("(date.add_workdays 1 x0)", "date", date(2024, 3, 15), date(2024, 3, 18)),
    ("(date.add_workdays 5 x0)", "date", date(2024, 3, 16), date(2024, 3, 22)),
    ("(date.add_workdays -1 x0)", "date", date(2024, 3, 17), date(2024, 3, 15)),
    ("(date.add_workdays 0 x0)", "date", date(2024, 3, 17), date(2024, 3, 17)),
    ("(date.workdays x0 x0)", "date", date(2024, 3, 15), 1),
    ("(date.workdays x0 (date.add 9 \"day\" x0))", "date", date(2024, 3, 15), 6),
    ("(date.workdays (date.add 9 \"day\" x0) x0)", "date", date(2024, 3, 15), -6),
    ("(date.workdays x0 (date.add 1 \"day\" x0))", "date", date(2024, 3, 16), 0),
    ("(datetime.to_epoch x0)", "datetime", datetime(1970, 1, 2), 86400),
    ("(datetime.from_epoch x0)", "int", 1_709_228_791, T),
    ("(datetime.from_serial x0)", "int", 45351, datetime(2024, 2, 29)),
    ("(datetime.to_serial x0)", "datetime", T, 45351),
    ("(datetime.from_serial x0)", "int", 60, UNDEFINED),
    ("(datetime.time x0)", "datetime", T, time(17, 46, 31)),
    ('(time.format "%-I%~p" x0)', "time", time(17, 0), "5pm"),
    ('(time.format "%d %H" x0)', "time", time(17, 0), UNDEFINED),
    ('(decimal.round (decimal "0.01") "half_up" x0)', "decimal", N, Decimal("-1234.57")),
    ('(decimal.round (decimal "0.01") "half_even" x0)', "decimal", N, Decimal("-1234.56")),
    ('(decimal.round (decimal "0.01") "ceiling" x0)', "decimal", N, Decimal("-1234.56")),
    ('(decimal.round (decimal "50") "floor" x0)', "decimal", N, Decimal(-1250)),
    ('(decimal.round (decimal "0.05") "half_up" x0)', "decimal", Decimal("1.225"), Decimal("1.25")),
    ('(decimal.round (decimal "0") "floor" x0)', "decimal", N, UNDEFINED),
    ('(decimal.round (decimal "1") "sideways" x0)', "decimal", N, UNDEFINED),
    ('(decimal.round_significant 3 "half_up" x0)', "decimal", N, Decimal(-1230)),
    ("(decimal.mod x0 (decimal \"7\"))", "decimal", Decimal(-8), Decimal(6)),
    ("(decimal./ x0 (decimal \"0\"))", "decimal", N, UNDEFINED),
    ("(decimal.shift 3 x0)", "decimal", Decimal("1.5"), Decimal(1500)),
    ("(decimal.to_int x0)", "decimal", Decimal("12.00"), 12),
    ("(decimal.to_int x0)", "decimal", Decimal("12.5"), UNDEFINED),
    ("(decimal.sign x0)", "decimal", N, -1),
    ('(decimal.between (decimal "0") (decimal "10") x0)', "decimal", Decimal(10), False),
    ("(roman.write x0)", "int", 1987, "MCMLXXXVII"),
    ("(roman.write x0)", "int", 4000, UNDEFINED),
    ("(roman.read x0)", "string", "xiv", 14),
    ("(roman.read x0)", "string", "IIII", UNDEFINED),
    ("(letters.write x0)", "int", 1, "A"),
    ("(letters.write x0)", "int", 28, "AB"),
    ("(letters.write x0)", "int", 0, UNDEFINED),
    ("(letters.read x0)", "string", "zz", 702),
    ("(letters.read x0)", "string", "", UNDEFINED),
    ("(letters.read x0)", "string", "É", UNDEFINED),
    ('(words.write " " x0)', "int", 0, "zero"),
    ('(words.write " " x0)', "int", 21, "twenty-one"),
    ('(words.write " " x0)', "int", -105, "minus one hundred five"),
    ('(words.write " and " x0)', "int", 105, "one hundred and five"),
    ('(words.write " and " x0)', "int", 2_000_017, "two million and seventeen"),
    ('(words.write " " x0)', "int", 1_234_567, "one million two hundred thirty-four thousand five hundred sixty-seven"),
    ('(words.write " " x0)', "int", 10**15, UNDEFINED),
    ("(words.read x0)", "string", "Forty two", 42),
    ("(words.read x0)", "string", "one hundred and five", 105),
    ("(words.read x0)", "string", "MINUS TWO MILLION, SIX", -2_000_006),
    ("(words.read x0)", "string", "twenty-ten", UNDEFINED),
    ("(words.read x0)", "string", "four hundredth", UNDEFINED),
    ("(words.read x0)", "string", "two million billion trillion", UNDEFINED),
    ("(words.read x0)", "string", "", UNDEFINED),
    ('(ordinal_words.write " " x0)', "int", 12, "twelfth"),
    ('(ordinal_words.write " " x0)', "int", 21, "twenty-first"),
    ('(ordinal_words.write " " x0)', "int", 40, "fortieth"),
    ('(ordinal_words.write " and " x0)', "int", 108, "one hundred and eighth"),
    ("(ordinal_words.read x0)", "string", "Third", 3),
    ("(ordinal_words.read x0)", "string", "thirty-Ninth", 39),
    ("(ordinal_words.read x0)", "string", "one hundredth", 100),
    ("(ordinal_words.read x0)", "string", "twentieth", 20),
    ("(ordinal_words.read x0)", "string", "twoth", UNDEFINED),
    ("(ordinal_words.read x0)", "string", "twenty", UNDEFINED),
    ("(ordinal_words.read x0)", "string", "", UNDEFINED),
    ("(fraction.read x0)", "string", "1 1/2", Decimal("1.5")),
    ("(fraction.read x0)", "string", "2½", Decimal("2.5")),
    ("(fraction.read x0)", "string", " 3/4 ", Decimal("0.75")),
    ("(fraction.read x0)", "string", "27.5/40", Decimal("0.6875")),
    ("(fraction.read x0)", "string", "7", Decimal(7)),
    ("(fraction.read x0)", "string", "1/0", UNDEFINED),
    ("(fraction.read x0)", "string", "1 2", UNDEFINED),
    ("(fraction.read x0)", "string", "", UNDEFINED),
    ("(ordinal.write x0)", "int", 112, "112th"),
    ("(ordinal.write x0)", "int", 23, "23rd"),
    ("(ordinal.read x0)", "string", "21st", 21),
    ("(base.write 2 x0)", "int", -5, "-101"),
    ("(base.write 36 x0)", "int", 35, "z"),
    ("(base.read 16 x0)", "string", "0xFF", 255),
    ("(base.read 2 x0)", "string", "12", UNDEFINED),
    ('(compact.write 1000 1 ["" "K" "M"] x0)', "decimal", Decimal(84500), "84.5K"),
    ('(compact.write 1000 1 ["" "K" "M"] x0)', "decimal", Decimal(-3000000), "-3.0M"),
    ('(compact.write 1000 -1 ["" "K" "M"] x0)', "decimal", Decimal(3000000), "3M"),
    ('(compact.write 1000 -1 ["" "K" "M"] x0)', "decimal", Decimal("980.25"), "980.25"),
    ('(compact.write 1024 1 [" B" " KB"] x0)', "decimal", Decimal(2097152), "2048.0 KB"),
    ('(compact.write 1000 0 [] x0)', "decimal", Decimal(1), UNDEFINED),
    ("(compact.read x0)", "string", "$1.2B", Decimal(1200000000)),
    ("(compact.read x0)", "string", "-1,250 k", Decimal(-1250000)),
    ("(compact.read x0)", "string", "3 Million", Decimal(3000000)),
    ("(compact.read x0)", "string", "840", Decimal(840)),
    ("(rkm.read x0)", "string", "4k7", Decimal(4700)),
    ("(rkm.read x0)", "string", "R22", Decimal("0.22")),
    ("(rkm.read x0)", "string", "3u3 F", Decimal("0.0000033")),
    ("(rkm.read x0)", "string", "1.5 MΩ", Decimal(1500000)),
    ("(rkm.read x0)", "string", "470", Decimal(470)),
    ("(rkm.read x0)", "string", "4 7", UNDEFINED),
    ("(rkm.read x0)", "string", "k", UNDEFINED),
    ("(rkm.read x0)", "string", "4.7k5", UNDEFINED),
    ("(number.read x0)", "string", "1.234,56", Decimal("1234.56")),
    ("(number.read x0)", "string", "1,234.56 EUR", Decimal("1234.56")),
    ("(number.read x0)", "string", "-987,5", Decimal("-987.5")),
    ("(number.read x0)", "string", "12.000.000", Decimal(12000000)),
    ("(number.read x0)", "string", "1,234", Decimal(1234)),
    ("(number.read x0)", "string", "0.125", Decimal("0.125")),
    ("(number.read x0)", "string", "1234.567", Decimal("1234.567")),
    ("(number.read x0)", "string", "1.2.3", UNDEFINED),
    ("(number.read x0)", "string", "12,34.5", UNDEFINED),
    ("(number.read x0)", "string", "none", UNDEFINED),
    ("(clock.read x0)", "string", "1:02.45", Decimal("62.45")),
    ("(clock.read x0)", "string", "58.90", Decimal("58.90")),
    ("(clock.read x0)", "string", "1:02:03", Decimal(3723)),
    ("(clock.read x0)", "string", "1:2:3:4", UNDEFINED),
    ('(quantity.read "s" x0)', "string", "1.5 min", Decimal(90)),
    ('(quantity.read "s" x0)', "string", "850ms", Decimal("0.85")),
    ('(quantity.read "s" x0)', "string", "3 kg", UNDEFINED),
    ("(count.read x0)", "string", "2 dozen", Decimal(24)),
    ("(count.read x0)", "string", "half a dozen", Decimal(6)),
    ("(count.read x0)", "string", "A pair", Decimal(2)),
    ("(count.read x0)", "string", "three pairs of", Decimal(6)),
    ("(count.read x0)", "string", "dozen", Decimal(12)),
    ("(count.read x0)", "string", "1.5 dozen", Decimal(18)),
    ("(count.read x0)", "string", "15", Decimal(15)),
    ("(count.read x0)", "string", "seven", Decimal(7)),
    ("(count.read x0)", "string", "many pairs", UNDEFINED),
    ("(count.read x0)", "string", "a", UNDEFINED),
    ("(count.read x0)", "string", "", UNDEFINED),
    ("(text.says_nothing x0)", "string", " - ", True),
    ("(text.says_nothing x0)", "string", "", True),
    ("(text.says_nothing x0)", "string", "N/A", True),
    ("(text.says_nothing x0)", "string", "n.a.", True),
    ("(text.says_nothing x0)", "string", "(none)", True),
    ("(text.says_nothing x0)", "string", "Unknown", True),
    ("(text.says_nothing x0)", "string", "not available", True),
    ("(text.says_nothing x0)", "string", "0", False),
    ("(text.says_nothing x0)", "string", "Nonette", False),
    ("(text.says_nothing x0)", "string", "✓", False),
    ('(text.shorten 12 12 "…" x0)', "string", "twelve signs", "twelve signs"),
    ('(text.shorten 12 12 " …" x0)', "string", "more than twelve", "more than …"),
    ('(text.shorten 12 10 "…" x0)', "string", "more thantwelve", "more…"),
    ('(text.shorten 6 6 "..." x0)', "string", "incomprehensible", "incomp..."),
    ('(text.shorten 6 0 "..." x0)', "string", "incomprehensible", UNDEFINED),
    ("(text.without_legal_form x0)", "string", "Acme Ltd.", "Acme"),
    ("(text.without_legal_form x0)", "string", "Foo, Inc.", "Foo"),
    ("(text.without_legal_form x0)", "string", "Bar GmbH & Co. KG", "Bar"),
    ("(text.without_legal_form x0)", "string", "Baz Co., Ltd.", "Baz"),
    ("(text.without_legal_form x0)", "string", "Smith & Co.", "Smith & Co."),
    ("(text.without_legal_form x0)", "string", "Vino S.p.A.", "Vino"),
    ("(text.without_legal_form x0)", "string", "Big Sag", "Big Sag"),
    ("(text.without_legal_form x0)", "string", "AG", "AG"),
    ("(text.next_code x0)", "string", "A09", "A10"),
    ("(text.next_code x0)", "string", "B99", "C00"),
    ("(text.next_code x0)", "string", "az-9", "ba-0"),
    ("(text.next_code x0)", "string", "Zz", UNDEFINED),
    ("(text.next_code x0)", "string", "--", UNDEFINED),
    ("(text.next_code x0)", "string", "2008-12-31", UNDEFINED),
    ("(text.name_case x0)", "string", "JEAN-LUC O'NEIL III", "Jean-Luc O'Neil III"),
    ("(text.name_case x0)", "string", "anna van dyk, jr", "Anna van Dyk Jr."),
    ('(text.with_start "https://" x0)', "string", "ash.example", "https://ash.example"),
    ('(text.with_start "https://" x0)', "string", "https://ash.example", "https://ash.example"),
    ('(text.with_end "." x0)', "string", "Light rain", "Light rain."),
    ('(text.with_end "." x0)', "string", "Fog.", "Fog."),
    ('(text.with_end "." x0)', "string", "", ""),
    ("(text.name_case x0)", "string", "MCKAY  sr.", "McKay Sr."),
    ("(text.name_case x0)", "string", "Di Caprio", "Di Caprio"),
    ('(pieces.join ", " (pieces.by_number (pieces.split ", " x0)))', "string", "a 10, b 9.5, c, d -1", "c, d -1, b 9.5, a 10"),
    ('(pieces.join " " (pieces.by_number (pieces.words x0)))', "string", "T-104 T-98 U-7 -3", "-3 U-7 T-98 T-104"),
    ('(pieces.join ", " (pieces.natural (pieces.split ", " x0)))', "string", "10:04, 9:58, 9:07", "9:07, 9:58, 10:04"),
    ('(pieces.join " " (pieces.natural (pieces.words x0)))', "string", "v1.10.0 v1.9.2 v1.9 b", "b v1.9 v1.9.2 v1.10.0"),
    ('(pieces.join ", " (pieces.tally " " (pieces.split ", " x0)))', "string", "tea, milk, tea", "2 tea, 1 milk"),
    ('(pieces.join "; " (pieces.tally_behind " (" ")" (pieces.words x0)))', "string", "a b a a", "a (3); b (1)"),
    ("(currency.code x0)", "string", "US$ 64.99", "USD"),
    ("(currency.code x0)", "string", "12,00 €", "EUR"),
    ("(currency.code x0)", "string", "gbp 3", "GBP"),
    ("(currency.code x0)", "string", "12", UNDEFINED),
    ("(currency.code x0)", "string", "€1 = $1", UNDEFINED),
    ('(quantity.read "l" x0)', "string", "6 x 0.5 l", Decimal(3)),
    ('(quantity.read "l" x0)', "string", "750 ml", Decimal("0.75")),
    ('(quantity.read "m" x0)', "string", "1,57m", Decimal("1.57")),
    ('(quantity.read "kg" x0)', "string", "4×250 g", Decimal(1)),
    ('(quantity.read "°C" x0)', "string", "98.6 F", Decimal(37)),
    ('(quantity.read "°F" x0)', "string", "37 °C", Decimal("98.6")),
    ('(quantity.read "°C" x0)', "string", "36.9c", Decimal("36.9")),
    ('(quantity.read "m" x0)', "string", "5 kg", UNDEFINED),
    ('(quantity.read "°C" x0)', "string", "5 kg", UNDEFINED),
    ('(quantity.read "m" x0)', "string", "tall", UNDEFINED),
    ('(check.digit "luhn" x0)', "string", "7992739871", "3"),
    ('(check.digit "ean" x0)', "string", "400638133393", "1"),
    ('(check.digit "isbn10" x0)', "string", "0-8044-2957", "X"),
    ('(check.digit "isbn10" x0)', "string", "123", UNDEFINED),
    ('(check.digit "crc" x0)', "string", "123", UNDEFINED),
    ('(check.digit "luhn" x0)', "string", "12a", UNDEFINED),
    ('(check.valid "luhn" x0)', "string", "4111 1111 1111 1111", True),
    ('(check.valid "ean" x0)', "string", "4006381333932", False),
    ('(check.valid "isbn10" x0)', "string", "0-306-40615-2", True),
    ('(check.valid "isbn10" x0)', "string", "12", False),
    ('(check.valid "iban" x0)', "string", "DE89 3704 0044 0532 0130 00", True),
    ('(check.valid "iban" x0)', "string", "DE88370400440532013000", False),
    ('(check.valid "iban" x0)', "string", "4", False),
    ('(check.valid "crc" x0)', "string", "12", UNDEFINED),
    ("(compact.read x0)", "string", "5x", UNDEFINED),
    ('(bytes.write 1024 "0.0 " x0)', "decimal", Decimal(1536), "1.5 KB"),
    ('(bytes.write 1000 "0" x0)', "decimal", Decimal(999), "999B"),
    ("(bytes.read 1024 x0)", "string", "1.5 KiB", Decimal(1536)),
    ('(duration.in "h" x0)', "duration", timedelta(hours=2, minutes=45), Decimal("2.75")),
    ('(duration.of "min" x0)', "decimal", Decimal("1.5"), timedelta(seconds=90)),
    ('(duration.floor "15min" x0)', "duration", timedelta(minutes=50), timedelta(minutes=45)),
    ('(duration.mod "24h" x0)', "duration", timedelta(hours=-15, minutes=-30), timedelta(hours=8, minutes=30)),
    ('(duration.mod "24h" x0)', "duration", timedelta(hours=50), timedelta(hours=2)),
    ('(duration "1h 30min")', "int", 0, timedelta(minutes=90)),
    ('(duration "1month")', "int", 0, UNDEFINED),
    ("(text.plain x0)", "string", "Dvořák é", "Dvorak e"),
    ("(text.plain x0)", "string", "Łódź Ørsted Gießen Æbeltoft þing", "Lodz Orsted Giessen AEbeltoft thing"),
    ("(text.umlauts x0)", "string", "Größe Übung café", "Groeße Uebung café"),
    ("(text.umlauts x0)", "string", "u\u0308ber", "ueber"),
    ('(text.title_except "of the" x0)', "string", "the lord OF  the rings", "The Lord of the Rings"),
    ('(text.title_except "" x0)', "string", "to be", "To Be"),
    ("(text.plural x0)", "string", "box", "boxes"),
    ("(text.plural x0)", "string", "Bookshelf", "Bookshelves"),
    ("(text.plural x0)", "string", "first CHILD", "first CHILDREN"),
    ("(text.plural x0)", "string", "human", "humans"),
    ("(text.plural x0)", "string", "fireman", "firemen"),
    ("(text.plural x0)", "string", "3 kg", "3 kgs"),
    ("(text.plural x0)", "string", "12", "12"),
    ("(text.singular x0)", "string", "berries", "berry"),
    ("(text.singular x0)", "string", "Glass", "Glass"),
    ("(text.singular x0)", "string", "old Mice", "old Mouse"),
    ("(text.singular x0)", "string", "caches", "cache"),
    ("(text.article x0)", "string", "apple", "an"),
    ("(text.article x0)", "string", "Hour", "an"),
    ("(text.article x0)", "string", "unit", "a"),
    ("(text.article x0)", "string", "unidentified object", "an"),
    ("(text.article x0)", "string", "one-way ticket", "a"),
    ("(text.article x0)", "string", "", "a"),
    ("(text.slug x0)", "string", " What's New, in 2024? ", "what-s-new-in-2024"),
    ("(text.snake x0)", "string", "parseHTTPRequest", "parse_http_request"),
    ("(text.camel x0)", "string", "some big-name", "someBigName"),
    ("(text.pascal x0)", "string", "tax_rate", "TaxRate"),
    ("(text.spaced x0)", "string", "orderDate2Ship", "order Date2 Ship"),
    ("(text.title_words x0)", "string", "it's  o'clock", "It's O'clock"),
    ('(text.mask 4 "*" x0)', "string", "12-3456", "**-3456"),
    ('(pieces.join "," (pieces.sort (pieces.split ", " x0)))', "string", "b, a", "a,b"),
    ('(pieces.join " " (pieces.unique (pieces.words x0)))', "string", "to be or not to be", "to be or not"),
    ('(pieces.join "-" (pieces.chunks 3 x0))', "string", "1234567", "123-456-7"),
    ('(pieces.join "-" (pieces.chunks (- 0 3) x0))', "string", "1234567", "1-234-567"),
    ('(pieces.join_last ", " " and " (pieces.words x0))', "string", "a b c", "a, b and c"),
    ('(pieces.join "" (pieces.map (lambda (w) (str.take w 1)) (pieces.words x0)))', "string", "as soon", "as"),
    ('(pieces.count (pieces.filter (lambda (w) (str.contains w "a")) (pieces.words x0)))', "string", "a b ca", 2),
    ("(pieces.item (- 0 1) (pieces.words x0))", "string", "", ""),
    ('(pieces.join "|" (pieces.reverse (pieces.lines x0)))', "string", "a\nb", "b|a"),
    ('(pieces.join " " (pieces.sort_numbers (pieces.words x0)))', "string", "10 9 -1", "-1 9 10"),
    ('(pieces.join " " (pieces.sort_numbers (pieces.words x0)))', "string", "10 x", UNDEFINED),
    ('(text.before_last x0 ", ")', "string", "Salt, Oil, The", "Salt, Oil"),
    ('(text.before_last x0 ", ")', "string", "Salt", "Salt"),
    ('(text.before_last x0 "")', "string", "Salt", UNDEFINED),
    ('(text.after_last x0 ", ")', "string", "Salt, Oil, The", "The"),
    ('(text.after_last x0 ", ")', "string", "Salt", ""),
    ('(text.optional "(" x0 ")")', "string", "a", "(a)"),
    ('(text.optional "(" x0 ")")', "string", "", ""),
    ('(text.optional "(" x0 ")")', "string", None, ""),
    ('(text.optional x0 "a" x0)', "string", None, "a"),
    ('(text.first_filled x0 "b")', "string", "a", "a"),
    ('(text.first_filled x0 "b")', "string", "", "b"),
    ('(text.first_filled x0 "b")', "string", None, "b"),
    ("(text.first_filled x0 x0)", "string", None, None),
    ('(text.first_filled "" x0)', "string", None, ""),
    ("(text.join_filled x0 x0 x0)", "string", None, None),
    ('(text.join_filled ", " x0 "b")', "string", "a", "a, b"),
    ('(pieces.join "" (pieces.map (lambda (a) (lookup ["a"] ["b"] a)) (pieces.characters x0)))', "string", "aa", "bb"),
    ('(pieces.join "" (pieces.map (lambda (a) (lookup ["a"] ["b"] a)) (pieces.characters x0)))', "string", "ac", UNDEFINED),
    (
        '(pieces.join "" (pieces.filter (lambda (a) (= (lookup ["a" "b"] ["b" "c"] a) "b")) (pieces.characters x0)))',
        "string",
        "aba",
        "aa",
    ),
    (
        '(pieces.join "" (pieces.filter (lambda (a) (= (lookup ["a"] ["b"] a) "b")) (pieces.characters x0)))',
        "string",
        "ac",
        UNDEFINED,
    ),
    ('(text.join_filled ", " x0 "b")', "string", "", "b"),
    ('(text.join_filled ", " x0 "b")', "string", None, "b"),
    ('(text.join_filled ", " (text.join_filled ", " x0 "") "c")', "string", "a", "a, c"),
    ('(text.join_filled ", " x0 x0)', "string", None, ""),
    ('(text.join_filled x0 "a" "b")', "string", None, "ab"),
    ('(text.translate ["ä" "“" "x"] ["ae" "\\"" ""] x0)', "string", "x“Bär", '"Baer'),
    ('(text.translate ["ab"] ["c"] x0)', "string", "ab", UNDEFINED),
    ('(text.translate ["a" "b"] ["c"] x0)', "string", "ab", UNDEFINED),
    ("(text.url_decode x0)", "string", "salt+%26%20pepper", "salt & pepper"),
    ("(text.unescape x0)", "string", "a &amp; b &lt;c&gt;", "a & b <c>"),
    ('(pieces.join "|" (pieces.between "<li>" "</li>" x0))', "string", "<ul><li>a b</li><li></li></ul>", "a b|"),
    ('(pieces.join "|" (pieces.between "(" ")" x0))', "string", "x (a) (b", "a"),
    ('(pieces.count (pieces.between "" ")" x0))', "string", "a)", UNDEFINED),
    ('(pieces.join "," (pieces.without ["b" "q"] (pieces.words x0)))', "string", "a b b c", "a,c"),
    ('(pieces.join "," (pieces.common ["b" "q"] (pieces.words x0)))', "string", "a b b c", "b,b"),
    ('(pieces.join " " (pieces.numbered ") " (pieces.words x0)))', "string", "a b", "1) a 2) b"),
    ('(pieces.join "," (pieces.ranges "-" (pieces.split "," x0)))', "string", "3-6,9,8-7,a-b", "3,4,5,6,9,a-b"),
    ('(pieces.count (pieces.ranges "-" (pieces.words x0)))', "string", "1-99999999", UNDEFINED),
    ('(pieces.count (pieces.ranges "" (pieces.words x0)))', "string", "1-2", UNDEFINED),
    ('(pieces.join ", " (pieces.runs 2 "-" (pieces.split "," x0)))', "string", "1,2,3,5,a,7,8", "1-3, 5, a, 7-8"),
    ('(pieces.join ", " (pieces.runs 3 "–" (pieces.split "," x0)))', "string", "09,10,11,4,5,5", "09–11, 4, 5, 5"),
    ('(pieces.count (pieces.runs 1 "-" (pieces.words x0)))', "string", "1 2", UNDEFINED),
    ('(pieces.sum "0.*" (pieces.split ", " x0))', "string", "1.5, -2, 0.25", Decimal("-0.25")),
    ('(pieces.sum "[comma]0.*" (pieces.words x0))', "string", "1,5 2", Decimal("3.5")),
    ('(pieces.sum "0" (re.find_all "[0-9]+" x0))', "string", "none", Decimal(0)),
    ('(pieces.sum "0" (pieces.words x0))', "string", "1 x", UNDEFINED),
    ('(pieces.mean "0" (pieces.words x0))', "string", "1 2 4", Decimal(7) / 3),
    ('(pieces.mean "0" (pieces.words x0))', "string", "", UNDEFINED),
    ('(pieces.median "0" (pieces.words x0))', "string", "9 1 4 2", Decimal(3)),
    ('(pieces.median "0" (pieces.words x0))', "string", "", UNDEFINED),
    ('(pieces.least "0.*" (pieces.split "/" x0))', "string", "3/-1.5/2", Decimal("-1.5")),
    ('(pieces.greatest "0.*" (pieces.split "/" x0))', "string", "3/-1.5/2", Decimal(3)),
    ('(pieces.greatest "0.*" (pieces.words x0))', "string", " ", UNDEFINED),
    ('(pieces.count_of "yes" (pieces.split "," x0))', "string", "yes,no,yes,yess", 2),
    ('(re.extract "[0-9]+" 1 x0)', "string", "a1b22", "22"),
    ('(re.extract "[0-9]+" 2 x0)', "string", "a1b22", ""),
    ('(re.group "id=([0-9]+)" 1 x0)', "string", "x?id=77&y", "77"),
    ('(re.replace "([a-z])([0-9])" "\\\\2\\\\1" x0)', "string", "a1b2", "1a2b"),
    ('(re.test "[" x0)', "string", "a", UNDEFINED),
    ('(re.count "a" x0)', "string", "banana", 3),
    ('(pieces.join "/" (re.split "[-_]+" x0))', "string", "a--b_c", "a/b/c"),
    ('(looks_like "[A-Z]{2}[0-9]+" x0)', "string", "AB12", True),
    ('(lookup ["A" "B" "A"] ["x" "y" "z"] x0)', "string", "A", "x"),
    ('(lookup ["A"] [1] x0)', "string", "Q", None),
    ('(lookup_or ["A"] [1] 9 x0)', "string", "Q", 9),
    ('(pieces.join "|" (pieces.csv "," x0))', "string", '1,"a, ""b""",', '1|a, "b"|'),
    ('(pieces.count (pieces.csv "," x0))', "string", "", 0),
    ('(pieces.count (pieces.csv "" x0))', "string", "a", UNDEFINED),
    ("(text.step_number 1 x0)", "string", "A-099 b", "A-100 b"),
    ("(text.step_number -1 x0)", "string", "7/010", "7/009"),
    ("(text.step_number -1 x0)", "string", "0", UNDEFINED),
    ("(text.step_number 1 x0)", "string", "none", UNDEFINED),
    ('(is_one_of ["n/a" "-"] x0)', "string", "-", True),
    ('(is_one_of ["n/a" "-"] x0)', "string", "N/A", False),
    ('(is_one_of ["n/a"] x0)', "string", None, None),
    ('(first_present x0 "none")', "string", None, "none"),
    ("(is_missing x0)", "string", None, True),
    ('(ite (is_missing x0) "none" (str.upper x0))', "string", None, "none"),
    ('(ite (str.contains x0 "a") "yes" "no")', "string", None, None),
    ('(ite (= x0 "a") x0 missing)', "string", "b", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "value", "wanted"), TABLE, ids=[f"{c[0]}-{c[2]}" for c in TABLE])
def test_programs_have_their_values(text: str, kind: str, value: Any, wanted: Any) -> None:
    program = parse_program(text, columns, inputs=[Input(0, parse_type(kind))])
    found = Evaluator().run(program, (value,))
    assert found == wanted
    assert type(found) is type(wanted)


def test_every_primitive_has_help_and_stands_in_the_table_or_in_strings() -> None:
    known = " ".join(row[0] for row in TABLE)
    for primitive in columns.primitives.values():
        assert primitive.doc.strip().endswith(".")
        assert "\n" not in primitive.doc
        if not primitive.enumerated and not primitive.name.startswith("text."):
            shared = (
                primitive.name.replace("datetime.", "date.")
                if "datetime" in primitive.name
                else f"datetime.{primitive.name[5:]}"
            )
            assert primitive.name in known or shared in known or primitive.name in _ELSEWHERE, primitive.name


_ELSEWHERE = frozenset(
    """datetime.between date.between datetime.minus date.minus datetime.plus date.plus datetime.< date.< datetime.<= date.<=
    datetime.parse datetime.format date.parse date.format time.parse datetime.date datetime.combine date.moment time.moment time.<
    decimal.parse decimal.format decimal.from_int decimal.+ decimal.- decimal.* decimal.neg decimal.abs decimal.min decimal.max
    decimal.< decimal.<= duration.parse duration.format duration.+ duration.- duration.< pieces.characters pieces.case_words
    decimal.sqrt decimal.power decimal.log decimal.ln decimal.exp decimal.sin decimal.cos decimal.tan is_leap_year fraction.write
    fraction.mixed fraction.reduce angle.read angle.write expression.read ip.read ip.write
    pieces.take pieces.drop re.find_all""".split()  # noqa: SIM905  # a list of words reads better
)
"""Primitives that are Python's own operators, those that the laws below and the random programs cover, and those of
test_mathematics.py."""


def test_every_primitive_that_does_not_look_at_it_gives_missing_for_missing() -> None:
    for primitive in columns.primitives.values():
        assert primitive.missing in ("passes", "gives", "seen"), primitive.name
        if primitive.missing != "seen":
            call = Evaluator()
            call.reset()
            assert call.caller(primitive)(*[None] * primitive.arity) is None or not primitive.arity


MOMENTS = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1))
DATES = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1))
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=5)


def value(name: str, *arguments: Any) -> Any:
    """A primitive's value."""
    return columns[name].function(*arguments)


@given(DATES, st.integers(-500, 500))
def test_months_are_added_as_dateutil_does(day: date, months: int) -> None:
    assert value("date.add", months, "month", day) == day + relativedelta(months=months)


@given(DATES, DATES)
def test_whole_months_and_years_are_those_of_dateutil(start: date, end: date) -> None:
    if end >= start:
        between = relativedelta(end, start)
        assert value("date.between", "month", start, end) == between.years * 12 + between.months
        assert value("date.between", "year", start, end) == between.years
    assert value("date.between", "day", start, end) == (end - start).days


@settings(max_examples=200)
@given(MOMENTS, st.sampled_from(["15min", "30min", "h", "2h", "6h", "day"]))
def test_moments_are_rounded_as_pandas_does(moment: datetime, step: str) -> None:
    stamp = pd.Timestamp(moment)
    frequency = step.replace("day", "D")
    assert value("datetime.floor", step, "", moment) == stamp.floor(frequency).to_pydatetime()
    assert value("datetime.ceil", step, "", moment) == stamp.ceil(frequency).to_pydatetime()


@given(DATES)
def test_ends_of_months_and_quarters_are_those_of_pandas(day: date) -> None:
    stamp = pd.Timestamp(day)
    assert value("date.end_of", "month", day) == (stamp + pd.offsets.MonthEnd(0)).date()
    assert value("date.end_of", "quarter", day) == (stamp + pd.offsets.QuarterEnd(0)).date()
    assert value("date.part", "quarter", day) == stamp.quarter
    assert value("date.part", "day_of_year", day) == stamp.day_of_year


@settings(max_examples=300)
@given(NUMBERS, st.sampled_from(["1", "0.1", "0.01", "0.05", "0.25", "5", "10", "100"]), st.sampled_from(sorted(MODES)))
def test_rounding_is_that_of_exact_fractions(number: Decimal, step: str, mode: str) -> None:
    quotient = Fraction(number) / Fraction(step)
    low, high = floor(quotient), ceil(quotient)
    away, towards = (high, low) if quotient > 0 else (low, high)
    half = quotient - low
    exact = {"up": away, "down": towards, "floor": low, "ceiling": high}
    if half == Fraction(1, 2):
        exact |= {"half_up": away, "half_down": towards, "half_even": low if low % 2 == 0 else high}
    else:
        exact |= dict.fromkeys(("half_up", "half_down", "half_even"), low if half < Fraction(1, 2) else high)
    found = value("decimal.round", Decimal(step), mode, number)
    assert Fraction(found) == exact[mode] * Fraction(step)
    if step in ("1", "0.1", "0.01"):
        assert found == number.quantize(Decimal(step), MODES[mode])


@given(NUMBERS, st.integers(1, 8))
def test_significant_digits_are_those_of_a_context(number: Decimal, digits: int) -> None:
    context = decimal.Context(prec=digits, rounding=decimal.ROUND_HALF_UP)
    assert value("decimal.round_significant", digits, "half_up", number) == context.plus(number)


@given(NUMBERS, NUMBERS)
def test_arithmetic_does_not_depend_on_the_callers_context(x: Decimal, y: Decimal) -> None:
    with decimal.localcontext() as context:
        context.prec = 3
        found = [value(f"decimal.{sign}", x, y) for sign in "+-*"]
    assert found == [x + y, x - y, x * y]


@given(st.integers(1, 3999))
def test_letters_read_back(n: int) -> None:
    assert value("letters.read", value("letters.write", n)) == n


@given(st.integers(1, 3999))
def test_roman_numerals_read_back(n: int) -> None:
    assert value("roman.read", value("roman.write", n)) == n


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.sampled_from([" ", " and "]))
def test_numbers_in_words_read_back(n: int, between: str) -> None:
    assert value("words.read", value("words.write", between, n).upper()) == n


@given(st.integers(-(10**6), 10**9), st.sampled_from([" ", " and "]))
def test_ordinal_numbers_in_words_read_back(n: int, between: str) -> None:
    text = value("ordinal_words.write", between, n)
    assert value("ordinal_words.read", text) == n
    with pytest.raises(ValueError, match="not a number"):
        value("words.read", text)


NOUNS = """apple baby bus box church city cookie day dish fox fly glass hero hour inch judge key kiss lady leaf loaf man match monkey mouse
    movie page party person photo piano prize quiz roof shoe size story thief toy virus watch wife woman zoo house cache axis child"""


@given(
    st.sampled_from(NOUNS.split()),
    st.sampled_from([str.lower, str.upper, str.title]),
    st.sampled_from(["", "old ", "x-"]),
)
def test_one_of_several_is_the_noun(noun: str, case: Callable[[str], str], before: str) -> None:
    text = before + case(noun)
    assert value("text.singular", value("text.plural", text)) == text


@given(st.text(max_size=20))
def test_plain_letters_stay_as_they_are(text: str) -> None:
    once = value("text.plain", text)
    assert value("text.plain", once) == once
    if text.isascii():
        assert once == text == value("text.umlauts", text)


@given(st.integers(2, 36), st.integers(-(10**9), 10**9))
def test_digits_of_a_base_read_back(base: int, n: int) -> None:
    assert value("base.read", base, value("base.write", base, n)) == n


@given(st.integers(-30, 30).filter(bool), st.text("abc", max_size=40))
def test_chunks_put_together_are_the_text(n: int, text: str) -> None:
    pieces = value("pieces.chunks", n, text)
    assert "".join(pieces) == text
    assert all(len(p) == abs(n) for p in (pieces[:-1] if n > 0 else pieces[1:]))


@given(st.lists(st.text("ab", max_size=3)), st.lists(st.text("ab", max_size=3)))
def test_items_are_those_of_another_list_or_are_not(xs: list[str], ys: list[str]) -> None:
    kept, left = value("pieces.common", ys, xs), value("pieces.without", ys, xs)
    assert len(kept) + len(left) == len(xs)
    assert set(kept) == set(xs) & set(ys)
    assert set(left) == set(xs) - set(ys)


@given(st.text("ab, ", max_size=12), st.sampled_from([",", ", ", "a"]))
def test_parts_at_the_last_separator_make_the_text(text: str, separator: str) -> None:
    before, after = value("text.before_last", text, separator), value("text.after_last", text, separator)
    assert before + (separator + after if separator in text else "") == text


@given(st.lists(st.integers(0, 12), max_size=9), st.sampled_from([2, 3]))
def test_runs_written_out_are_the_numbers(numbers: list[int], least: int) -> None:
    texts = [str(n) for n in numbers]
    short = value("pieces.runs", least, "-", texts)
    assert value("pieces.ranges", "-", short) == texts
    assert len(short) <= len(texts)


@given(st.integers(0, 300), st.integers(0, 60))
def test_a_range_written_out_has_every_number(low: int, more: int) -> None:
    assert value("pieces.ranges", "-", [f"{low}-{low + more}"]) == [str(n) for n in range(low, low + more + 1)]


@given(MOMENTS, st.sampled_from([5, 30, 90, 240]))
def test_exported_helpers_round_as_the_primitives_do(moment: datetime, minutes: int) -> None:
    step = timedelta(minutes=minutes)
    for name in ("floor", "ceil", "nearest"):
        helper = getattr(helpers, f"{name}_moment")
        assert helper(moment, step) == value(f"datetime.{name}", f"{minutes}min", "", moment)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(-400, 400).filter(bool))
def test_working_days_later_as_numpy_counts_them(day: date, amount: int) -> None:
    wanted = np.busday_offset(day, amount, roll="backward" if amount > 0 else "forward").astype(object)
    assert value("date.add_workdays", amount, day) == helpers.add_workdays(day, amount) == wanted


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 2000))
def test_working_days_between_as_numpy_counts_them(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    wanted = int(np.busday_count(start, end + timedelta(days=1)))
    assert value("date.workdays", start, end) == helpers.workdays(start, end) == wanted
