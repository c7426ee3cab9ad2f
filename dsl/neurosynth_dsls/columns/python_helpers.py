"""Helpers that exported code takes along where the standard library has nothing that does the same.

They are written to be read in exported code: plain, short, and without anything of this package.  ``tests/dsl/columns`` holds
them to the reference semantics.
"""

from __future__ import annotations

import ast
import calendar
import operator
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TypeVar

__all__ = [
    "add_months",
    "add_workdays",
    "byte_size",
    "bytes_of",
    "ceil_moment",
    "compact",
    "compact_value",
    "degrees_of",
    "expression_value",
    "floor_moment",
    "floor_months",
    "fraction_of",
    "group_digits",
    "join_last",
    "logarithm",
    "months_between",
    "nearest_moment",
    "ordinal",
    "present",
    "step_number",
    "sunday_week",
    "with_ranges",
    "with_runs",
    "workdays",
    "write_duration",
    "write_number",
]

D = TypeVar("D", date, datetime)


def add_months(day: D, months: int) -> D:
    """So many months later; the last day of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def floor_moment(moment: datetime, step: timedelta) -> datetime:
    """Down to a multiple of a step, counted from midnight."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (moment - midnight) // step * step


def ceil_moment(moment: datetime, step: timedelta) -> datetime:
    """Up to a multiple of a step, counted from midnight."""
    low = floor_moment(moment, step)
    return low if low == moment else low + step


def nearest_moment(moment: datetime, step: timedelta) -> datetime:
    """To the nearest multiple of a step, counted from midnight; half way goes up."""
    low = floor_moment(moment, step)
    return low + step if low + step - moment <= moment - low else low


def floor_months(day: D, months: int) -> D:
    """First day of the span of so many months, counted from January."""
    first = (day.year * 12 + day.month - 1) // months * months
    return day.replace(year=first // 12, month=first % 12 + 1, day=1)


def months_between(start: D, end: D) -> int:
    """Whole months from one date to another; negative when the second is earlier."""
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (add_months(start, months) > end)


def add_workdays(moment: D, amount: int) -> D:
    """So many days from Monday to Friday later, or earlier."""
    sign = 1 if amount > 0 else -1
    weeks, left = divmod(abs(amount), 5)
    if amount and moment.weekday() > 4:
        moment += timedelta(days=(4 if amount > 0 else 7) - moment.weekday())
    moment += timedelta(weeks=sign * weeks)
    for _ in range(left):
        moment += timedelta(days=sign)
        while moment.weekday() > 4:
            moment += timedelta(days=sign)
    return moment


def workdays(start: date, end: date) -> int:
    """Days from Monday to Friday from one date to another, both counted; negative when the second is earlier."""
    first, last = start.toordinal(), end.toordinal()
    if last < first:
        return -workdays(end, start)
    weeks, left = divmod(last - first + 1, 7)
    return 5 * weeks + sum((start.weekday() + i) % 7 < 5 for i in range(left))


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th …"""
    suffix = "th" if 10 < abs(n) % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(abs(n) % 10, "th")
    return f"{n}{suffix}"


def sunday_week(day: date) -> int:
    """Week of the year: that of January 1 is the first, weeks start on Sunday."""
    before = (date(day.year, 1, 1).weekday() + 1) % 7
    return (day.timetuple().tm_yday + before - 1) // 7 + 1


def group_digits(digits: str, first: int, others: int, mark: str) -> str:
    """Digits in groups, counted from the right."""
    groups = [digits[-first:]]
    digits = digits[:-first]
    while digits:
        groups.append(digits[-others:])
        digits = digits[:-others]
    return mark.join(reversed(groups))


def write_number(number: Decimal, whole: int, least: int, most: int | None) -> str:
    """Plain digits of a number: at least so many before the point, and between so many behind it."""
    if most is not None and -number.as_tuple().exponent > most:  # type: ignore[operator]  # finite numbers have one
        number = round(number, most)
    before, _, behind = f"{abs(number):f}".partition(".")
    behind = behind.rstrip("0").ljust(least, "0")
    return before.lstrip("0").zfill(whole) + ("." + behind if behind else "")


def write_duration(span: timedelta, text: str, units: Sequence[int]) -> str:
    """A duration in units (microseconds, the largest first) put into a text."""
    left, counts = abs(span) // timedelta(microseconds=1), []
    for unit in units:
        count, left = divmod(left, unit)
        counts.append(count)
    return ("-" if span < timedelta() and any(counts) else "") + text.format(*counts)


def byte_size(count: Decimal, base: int) -> tuple[Decimal, str]:
    """A number of bytes in the largest unit that it reaches, and the unit."""
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if abs(count) < base:
            return count, unit
        count /= base
    return count, "PB"


def bytes_of(text: str, base: int) -> Decimal:
    """Bytes of a size such as 1.5 MB."""
    found = re.fullmatch(r"([0-9.]+)\s*([KMGTP]?)i?B?(?:ytes?)?", text.strip(), re.IGNORECASE)
    if found is None:
        raise ValueError(f"{text!r} is not a size in bytes")
    return Decimal(found[1]) * base ** " KMGTP".index(found[2].upper() or " ")  # type: ignore[no-any-return]  # int ** int is Any


def compact(count: Decimal, base: int, places: int, units: Sequence[str]) -> str:
    """A number in the largest of some units that it reaches; without trailing zeros if the places are negative."""
    unit = 0
    while unit < len(units) - 1 and abs(count) >= base ** (unit + 1):
        unit += 1
    if unit:
        step = Decimal(1).scaleb(-abs(places))
        count = (count / base**unit).quantize(step, ROUND_HALF_UP)
    text = f"{count or abs(count):f}"  # no minus before zero
    if "." in text and (unit == 0 or places < 0):
        text = text.rstrip("0").rstrip(".")
    return text + units[unit]


def compact_value(text: str) -> Decimal:
    """Number of a text such as 12.5K, 3 million or $1.2B."""
    powers = {"": 0, "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}
    powers |= {"t": 12, "tn": 12, "trillion": 12}
    found = re.fullmatch(r"\s*(-?)[$€£¥]?\s?([0-9][0-9,]*(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*", text)
    if found is None or found[3].lower() not in powers:
        raise ValueError(f"{text!r} is not a number with an abbreviation")
    return Decimal(found[1] + found[2].replace(",", "")).scaleb(powers[found[3].lower()])


def expression_value(text: str) -> Decimal:
    """Value of arithmetic written as text, such as 3 + 4 * 2."""
    plain = re.sub(r"\s*([-+*/()×x÷−])\s*", r"\1", text.strip(" =")).translate(str.maketrans("×x÷−", "**/-"))
    if not re.fullmatch(r"[0-9.+\-*/()]+", plain) or "**" in plain or "//" in plain:
        raise ValueError(f"{text!r} is not arithmetic")
    operations = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}

    def value(node: ast.expr) -> Decimal:
        if isinstance(node, ast.BinOp):
            found: Decimal = operations[type(node.op)](value(node.left), value(node.right))
            return found
        if isinstance(node, ast.UnaryOp):
            return -value(node.operand) if isinstance(node.op, ast.USub) else value(node.operand)
        return Decimal(ast.get_source_segment(plain, node) or "")

    return value(ast.parse(plain, mode="eval").body)


def fraction_of(text: str) -> Decimal:
    """Number of a text such as 3/4, 1 1/2, 2½ or 0.75."""
    plain = unicodedata.normalize("NFKC", re.sub("([¼-¾⅐-⅞])", r" \1", text)).replace("⁄", "/")
    number = r"[0-9]+(?:\.[0-9]+)?"
    found = re.fullmatch(rf"\s*({number})?(?:(?:^|\s)\s*({number})/({number}))?\s*", plain)
    if found is None or not plain.strip():
        raise ValueError(f"{text!r} is not a fraction")
    return Decimal(found[1] or 0) + (Decimal(found[2]) / Decimal(found[3]) if found[2] else 0)


def degrees_of(text: str) -> Decimal:
    """Degrees of an angle such as 48°51'24"N; south and west are negative."""
    found = re.fullmatch(
        r"\s*([-+]|[NSEWnsew])?\s*([0-9]+(?:\.[0-9]+)?)\s*[°ºd:\s]?\s*"
        r"(?:([0-9]+(?:\.[0-9]+)?)\s*(?:['′’m:]|\s|$)\s*)?(?:([0-9]+(?:\.[0-9]+)?)\s*(?:[\"″”s]|'')?)?\s*([NSEWnsew]?)\s*",
        text,
    )
    if found is None or (found[1] and found[5]):
        raise ValueError(f"{text!r} is not an angle")
    degrees, minutes, seconds = (Decimal(part or 0) for part in found.group(2, 3, 4))
    value = degrees + (minutes * 60 + seconds) / 3600
    return -value if (found[1] or found[5]).upper() in ("-", "S", "W") and value else value


def logarithm(number: Decimal, base: Decimal) -> Decimal:
    """Logarithm to a base; that of a power of the base is exact."""
    longer = Context(prec=38)
    return number.ln(longer) / base.ln(longer)


def present(values: Sequence[str | bool | None]) -> list[str | bool]:
    """Values of which none is missing."""
    found = [value for value in values if value is not None]
    if len(found) < len(values):
        raise ValueError("a piece has no value")
    return found


def join_last(pieces: Sequence[str], separator: str, last: str) -> str:
    """Pieces with a separator between them, and another one before the last."""
    if len(pieces) < 2:
        return "".join(pieces)
    return separator.join(pieces[:-1]) + last + pieces[-1]


def with_ranges(pieces: Sequence[str], separator: str) -> list[str]:
    """Pieces with ranges such as 3-6 written out."""
    found: list[str] = []
    for piece in pieces:
        ends = re.fullmatch(f"([0-9]+){re.escape(separator)}([0-9]+)", piece)
        found += map(str, range(int(ends[1]), int(ends[2]) + 1)) if ends else [piece]
    return found


def with_runs(pieces: Sequence[str], separator: str, least: int) -> list[str]:
    """Pieces with runs of whole numbers that follow one another written as ranges such as 3-6."""
    runs: list[list[str]] = []
    for piece in pieces:
        if runs and re.fullmatch("[0-9]+ [0-9]+", f"{runs[-1][-1]} {piece}") and int(piece) == int(runs[-1][-1]) + 1:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return [x for run in runs for x in ([f"{run[0]}{separator}{run[-1]}"] if len(run) >= least else run)]


def step_number(text: str, step: int) -> str:
    """The text with a step added to its last whole number, which keeps its leading zeros."""
    start, end = next(re.finditer(r"[0-9]+(?=[^0-9]*$)", text)).span()
    number = int(text[start:end]) + step
    if number < 0:
        raise ValueError(f"{text!r}: a number below zero")
    return text[:start] + str(number).zfill(end - start) + text[end:]
