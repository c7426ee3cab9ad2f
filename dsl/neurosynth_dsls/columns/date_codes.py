"""The codes of date and time formats, for reading and writing.

``%d`` and similar codes are those of ``strftime`` (C, POSIX, Python); like ``strptime``, reading accepts a number with or without its
leading zero. A flag is written between ``%`` and the letter: ``-`` no leading zero, ``_`` a blank in its place, ``^`` capitals, ``~``
small letters, ``1`` and ``2`` so many first letters of a name, ``.`` the points of ``a.m.``.

========  ======================================  =========  ======================================================
code      writes                                  example    beyond ``strftime``
========  ======================================  =========  ======================================================
``%Y``    year                                    2024       ``%y`` two digits: 69 to 99 are 1969 to 1999
``%m``    month                                   03         ``%B`` March, ``%b`` Mar
``%d``    day                                     07         ``%o`` 7th (addition), ``%O`` th (addition)
``%A``    weekday                                 Thursday   ``%a`` Thu, ``%u`` 1 to 7 from Monday, ``%w`` 0 to 6 from Sunday
``%j``    day of the year                         067
``%H``    hour                                    17         ``%I`` 05 of twelve
``%M``    minute                                  09         ``%S`` second, ``%f`` microseconds, ``%L`` milliseconds (addition)
``%p``    AM or PM                                PM         ``%~p`` pm, ``%.p`` P.M., ``%.~p`` p.m., ``%1p`` P
``%G``    year of the ISO week                    2024       ``%V`` its week 10, ``%g`` two digits
``%U``    week from Sunday, 00 to 53              09         ``%W`` the same from Monday
``%q``    quarter (addition)                      1          ``%K`` half of the year (addition)
``%N``    week of January 1 counts, from Sunday   10         additions: ``%J`` days in sevens from January 1, ``%n`` which
                                                             such weekday of the month, ``%C`` century 21
``%z``    offset from universal time              +0000      read: the moment is moved to universal time; ``%Z`` reads an offset
                                                             and leaves the moment as it stands there
========  ======================================  =========  ======================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from neurosynth_dsls.columns.names import Names

__all__ = ["NUMBERS", "Code", "code", "ordinal_suffix"]


@dataclass(frozen=True, slots=True)
class Code:
    """One field of a format."""

    text: str
    """The code in the format: ``%-d``."""
    letter: str
    flags: str
    field: str
    """What it tells: Y year, y year of the century, m, d, j, H, I hour of twelve, p, M, S, f, G, g, V, u weekday, q, K, n, z minutes of an
    offset; "" nothing that a value is made of."""
    pattern: str
    """Regular expression of the text that it reads."""
    read: Callable[[str], int]
    write: Callable[[datetime], str]
    is_number: bool
    fixed: bool
    """A number with a fixed width."""


def ordinal_suffix(n: int) -> str:
    """st, nd, rd or th."""
    return "th" if 10 < n % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")


def _sunday_week(d: datetime) -> int:
    """Week as in Excel's WEEKNUM: that of January 1 is the first, and weeks start on Sunday."""
    before = (datetime(d.year, 1, 1).weekday() + 1) % 7
    return (d.timetuple().tm_yday + before - 1) // 7 + 1


def _year_week(d: datetime, first: int) -> int:
    """Weeks that start on weekday ``first`` (0 Monday, 6 Sunday); days before the first such day are in week 0."""
    return (d.timetuple().tm_yday - 1 + 7 - (d.weekday() - first) % 7) // 7


@dataclass(frozen=True, slots=True)
class _Number:
    field: str
    width: int
    pattern: str
    value: Callable[[datetime], int]


_TWO = "[0-9]{2}"
_DAY = "3[01]|[12][0-9]|0?[1-9]| [1-9]"
_WEEK = "5[0-3]|[1-4][0-9]|0?[0-9]| [0-9]"

NUMBERS: dict[str, _Number] = {
    "Y": _Number("Y", 4, "[0-9]{4}", lambda d: d.year),
    "y": _Number("y", 2, _TWO, lambda d: d.year % 100),
    "C": _Number("", 2, _TWO, lambda d: (d.year + 99) // 100),
    "m": _Number("m", 2, "1[0-2]|0?[1-9]| [1-9]", lambda d: d.month),
    "d": _Number("d", 2, _DAY, lambda d: d.day),
    "j": _Number("j", 3, "36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0?[1-9][0-9]|0{0,2}[1-9]", lambda d: d.timetuple().tm_yday),
    "H": _Number("H", 2, "2[0-3]|1[0-9]|0?[0-9]| [0-9]", lambda d: d.hour),
    "I": _Number("I", 2, "1[0-2]|0?[1-9]| [1-9]", lambda d: d.hour % 12 or 12),
    "M": _Number("M", 2, "[1-5][0-9]|0?[0-9]| [0-9]", lambda d: d.minute),
    "S": _Number("S", 2, "[1-5][0-9]|0?[0-9]| [0-9]", lambda d: d.second),
    "G": _Number("G", 4, "[0-9]{4}", lambda d: d.isocalendar()[0]),
    "g": _Number("g", 2, _TWO, lambda d: d.isocalendar()[0] % 100),
    "V": _Number("V", 2, "5[0-3]|[1-4][0-9]|0?[1-9]| [1-9]", lambda d: d.isocalendar()[1]),
    "u": _Number("u", 1, "[1-7]", lambda d: d.isoweekday()),
    "w": _Number("w", 1, "[0-6]", lambda d: d.isoweekday() % 7),
    "q": _Number("q", 1, "[1-4]", lambda d: (d.month + 2) // 3),
    "K": _Number("K", 1, "[12]", lambda d: (d.month + 5) // 6),
    "n": _Number("n", 1, "[1-5]", lambda d: (d.day + 6) // 7),
    "U": _Number("", 2, _WEEK, lambda d: _year_week(d, 6)),
    "W": _Number("", 2, _WEEK, lambda d: _year_week(d, 0)),
    "N": _Number("", 2, "5[0-4]|[1-4][0-9]|0?[1-9]| [1-9]", _sunday_week),
    "J": _Number("", 2, "5[0-3]|[1-4][0-9]|0?[1-9]| [1-9]", lambda d: (d.timetuple().tm_yday + 6) // 7),
}

_NAMES = {"B": "m", "b": "m", "A": "u", "a": "u", "p": "p"}
_FLAGS = {
    "B": "^~12", "b": "^~12", "A": "^~12", "a": "^~12", "p": "^~.1", "o": "", "O": "", "f": "", "L": "", "z": "", "Z": "",
}  # fmt: skip
_OFFSET = "[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9]|(?-i:Z)"


def code(text: str, names: Names) -> Code | None:
    """The code ``%-d``, ``%B`` …; None for an unknown code."""
    flags, letter = text[1:-1], text[-1]
    allowed = "-_" if letter in NUMBERS else _FLAGS.get(letter)
    if allowed is None or any(f not in allowed for f in flags) or len(set(flags)) < len(flags):
        return None
    if letter in NUMBERS:
        return _number(text, letter, flags)
    if letter in _NAMES:
        return _name(text, letter, flags, names)
    if letter in "fL":
        width, unit = (6, 1) if letter == "f" else (3, 1000)

        def read(found: str) -> int:
            return int(found.ljust(6, "0"))

        def write(d: datetime) -> str:
            return f"{d.microsecond // unit:0{width}}"

        return Code(text, letter, flags, "f", f"[0-9]{{1,{width}}}", read, write, True, True)
    if letter in "zZ":
        field = "z" if letter == "z" else ""
        return Code(text, letter, flags, field, _OFFSET, _offset, lambda d: "+0000", False, False)
    if letter == "o":
        return Code(
            text,
            letter,
            flags,
            "d",
            "(?:3[01]|[12][0-9]|[1-9])(?:st|nd|rd|th)",
            lambda s: int(s[:-2]),
            _ordinal,
            False,
            False,
        )
    return Code(text, letter, flags, "", "st|nd|rd|th", lambda s: 0, lambda d: ordinal_suffix(d.day), False, False)


def _offset(text: str) -> int:
    """Minutes of an offset such as +02:00, -0530 or Z."""
    if text == "Z":
        return 0
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return -minutes if text[0] == "-" else minutes


def _month_index(d: datetime) -> int:
    return d.month - 1


def _half_index(d: datetime) -> int:
    return int(d.hour > 11)


def _ordinal(d: datetime) -> str:
    return f"{d.day}{ordinal_suffix(d.day)}"


def _number(text: str, letter: str, flags: str) -> Code | None:
    kind = NUMBERS[letter]
    value, width = kind.value, kind.width
    if flags == "-":
        return Code(text, letter, flags, kind.field, kind.pattern, int, lambda d: str(value(d)), True, width == 1)
    if flags == "_":
        return Code(text, letter, flags, kind.field, kind.pattern, int, lambda d: f"{value(d):{width}}", True, True)
    if flags:
        return None
    return Code(text, letter, flags, kind.field, kind.pattern, int, lambda d: f"{value(d):0{width}}", True, True)


def _name(text: str, letter: str, flags: str, names: Names) -> Code | None:
    if {"1", "2"} <= set(flags) or {"^", "~"} <= set(flags):
        return None
    table: tuple[str, ...] = {
        "B": names.months,
        "b": names.short_months,
        "A": names.weekdays,
        "a": names.short_weekdays,
        "p": names.halves,
    }[letter]
    if "." in flags:
        table = tuple("".join(f"{c}." for c in name) for name in table)
    for count in "12":
        if count in flags:
            table = tuple(name[: int(count)] for name in table)
    table = tuple(name.upper() for name in table) if "^" in flags else table
    table = tuple(name.lower() for name in table) if "~" in flags else table
    at = _month_index if letter in "Bb" else _half_index if letter == "p" else datetime.weekday
    first = 0 if letter == "p" else 1
    numbers = {name.lower(): i + first for i, name in reversed(list(enumerate(table)))}
    pattern = "|".join(re.escape(name) for name in sorted(set(table), key=lambda n: (-len(n), n)))
    # letters that several names share do not determine a value
    field = _NAMES[letter] if len(numbers) == len(table) else ""
    return Code(text, letter, flags, field, pattern, lambda s: numbers[s.lower()], lambda d: table[at(d)], False, False)
