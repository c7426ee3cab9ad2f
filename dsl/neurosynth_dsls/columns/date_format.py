"""Formats of dates and times: ``%d.%m.%Y``, ``%-I:%M %p``, ``%A, %B %-d, %Y``.

A format is text: the codes of :mod:`neurosynth_dsls.columns.date_codes` and literal text between them. ``[de]`` in front selects the
names of another locale. ``|`` separates alternatives: reading uses the first one that fits the whole text, and writing the first one.
``%%`` is a percent sign, ``%|`` a bar.

Reading follows ``datetime.strptime``: letters in either case, numbers with or without a leading zero, a blank matches any white space,
and a weekday next to a full date is not checked. Missing parts are those of 1 January 2000 if the format has a month or a day (so that
29 February exists), and of 1 January 1900 otherwise, at 00:00:00.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from neurosynth.errors import InputError
from neurosynth_dsls.columns.date_codes import Code, code
from neurosynth_dsls.columns.names import names_of
from neurosynth_dsls.columns.readers import reader

__all__ = ["DateFormat", "date_format", "read_moment", "write_moment"]

_EXAMPLE = datetime(2024, 1, 31, 17, 5)
DATE_LETTERS = frozenset("YyCmdjGgVuwqKnUWNJBbAaoO")
TIME_LETTERS = frozenset("HIMSfLpzZ")
_CODE = re.compile(r"%[-_^~.12]*[A-Za-z%|]|%")


@dataclass(frozen=True, eq=False, slots=True)
class DateFormat:
    """One alternative of a format; made by :func:`date_format`."""

    text: str
    locale: str
    parts: tuple[str | Code, ...]
    regex: re.Pattern[str] | None
    """The pattern that it reads; None if an unpadded number touches another, so that texts could be read in two ways."""

    @property
    def codes(self) -> tuple[Code, ...]:
        """Its codes, in order."""
        return tuple(p for p in self.parts if isinstance(p, Code))

    @property
    def has_date(self) -> bool:
        """Whether it contains a part of a date."""
        return any(c.letter in DATE_LETTERS for c in self.codes)

    @property
    def has_time(self) -> bool:
        """Whether it contains a part of a time of day."""
        return any(c.letter in TIME_LETTERS for c in self.codes)

    @property
    def has_year(self) -> bool:
        """Whether it contains the year."""
        return any(c.field in ("Y", "y", "G", "g") for c in self.codes)

    def parse(self, text: str) -> datetime:
        """The moment in the text.

        Raises:
            ValueError: if the text is not in this format, or is not a date (31 February).
        """
        if self.regex is None:
            raise ValueError(f"{self.text!r} is written, but cannot be read: an unpadded number touches the next one")
        found = self.regex.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not in the format {self.text!r}; allowed: such as {self.format(_EXAMPLE)!r}")
        fields: dict[str, int] = {}
        for part, group in zip(self.codes, found.groups(), strict=True):
            if part.field:
                value = part.read(group)
                if fields.setdefault(part.field, value) != value:
                    raise ValueError(f"{text!r} says two different things: {group!r} for {part.text}")
        try:
            return _moment(fields, text)
        except ValueError as error:
            if text in str(error):
                raise
            raise ValueError(f"{text!r} is in the format {self.text!r} but no date: {error}") from None

    def format(self, moment: datetime) -> str:
        """The text of a moment."""
        return "".join(p if isinstance(p, str) else p.write(moment) for p in self.parts)


def _moment(fields: Mapping[str, int], text: str) -> datetime:
    day = _day(fields)
    hour = fields.get("H")
    if "I" in fields:
        twelve = fields["I"] % 12 + 12 * fields.get("p", 0)
        if hour is not None and hour != twelve:
            raise ValueError(f"{text!r} says two different hours")
        hour = twelve
    elif "p" in fields and hour is not None and (hour > 11) != bool(fields["p"]):
        raise ValueError(f"{text!r} says two different halves of the day")
    elif hour is None:
        hour = 12 * fields.get("p", 0)
    moment = datetime(day.year, day.month, day.day, hour, fields.get("M", 0), fields.get("S", 0), fields.get("f", 0))
    if not fields.get("z"):
        return moment
    try:
        return moment - timedelta(minutes=fields["z"])
    except OverflowError:
        raise ValueError("it is before the year 1 or after 9999 in universal time") from None


def _day(fields: Mapping[str, int]) -> date:
    """The date of the fields; ``ValueError`` for one that does not exist."""
    weekday = fields.get("u", fields["w"] or 7 if "w" in fields else None)
    year = fields.get("Y", _century(fields.get("y")))
    if "V" in fields:
        iso_year = fields.get("G", _century(fields.get("g")))
        iso_year = iso_year if iso_year is not None else year if year is not None else 2000
        return date.fromisocalendar(iso_year, fields["V"], weekday or 1)
    if "j" in fields:
        start = date(year if year is not None else 2000, 1, 1)
        found = start + timedelta(days=fields["j"] - 1)
        if found.year != start.year:
            raise ValueError(f"{start.year} has no day {fields['j']}")
        return found
    month = fields.get("m")
    if month is None and "q" in fields:
        month = 3 * fields["q"] - 2
    if month is None and "K" in fields:
        month = 6 * fields["K"] - 5
    if year is None:
        year = 2000 if month is not None or "d" in fields else 1900
    if "n" in fields and weekday is not None:
        first = date(year, 1 if month is None else month, 1)
        found = first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (fields["n"] - 1))
        if found.month != first.month:
            raise ValueError(f"{first:%B %Y} has no such weekday number {fields['n']}")
        return found
    if weekday is not None and not fields.keys() & {"Y", "y", "m", "d", "q", "K", "G", "g"}:
        return date(1900, 1, weekday)  # 1 January 1900 was a Monday
    return date(year, 1 if month is None else month, fields.get("d", 1))


def _century(year: int | None) -> int | None:
    return None if year is None else year + (1900 if year >= 69 else 2000)


@lru_cache(maxsize=4096)
def date_format(text: str) -> tuple[DateFormat, ...]:
    """The alternatives of a format.

    Raises:
        InputError: for a code that does not exist, or an unknown locale.
    """
    found = re.match(r"\[([A-Za-z_]+(?:-plain)?)\]", text)
    locale = found.group(1) if found else ""
    body = text[found.end() :] if found else text
    names = names_of(locale)
    alternatives: list[list[str | Code]] = [[]]
    position = 0
    for match in _CODE.finditer(body):
        _literal(alternatives, body[position : match.start()])
        position = match.end()
        word = match.group()
        if word in ("%%", "%|"):
            alternatives[-1].append(word[1])
            continue
        known = code(word, names) if len(word) > 1 else None
        if known is None:
            raise InputError(
                f"date format {text!r}: {word!r} is not a code; allowed: %Y %m %d %H %M %S %B %b %A %a %p and the others that "
                "docs/columns.md lists; %% writes a percent sign"
            )
        alternatives[-1].append(known)
    _literal(alternatives, body[position:])
    return tuple(_compiled(parts, locale) for parts in alternatives)


def _literal(alternatives: list[list[str | Code]], text: str) -> None:
    first, *others = text.split("|")
    if first:
        alternatives[-1].append(first)
    for other in others:
        alternatives.append([other] if other else [])


def _compiled(parts: Sequence[str | Code], locale: str) -> DateFormat:
    merged: list[str | Code] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    text = "".join(re.sub(r"[%|]", r"%\g<0>", p) if isinstance(p, str) else p.text for p in merged)
    return DateFormat(text, locale, tuple(merged), _regex(merged))


def _regex(parts: Sequence[str | Code]) -> re.Pattern[str] | None:
    """Numbers that touch need their full width; otherwise the text could be read in two ways."""
    found = ""
    for i, part in enumerate(parts):
        if isinstance(part, str):
            found += re.sub(r"(?:\\?\s)+", r"\\s+", re.escape(part))
            continue
        touching = [
            p for p in (*parts[max(0, i - 1) : i], *parts[i + 1 : i + 2]) if isinstance(p, Code) and p.is_number
        ]
        if not (part.is_number and touching):
            found += f"({part.pattern})"
        elif part.fixed and "_" not in part.flags:
            width = len(part.write(datetime(2000, 1, 1)))
            found += f"([0-9]{{{width}}})"
        else:
            return None
    return re.compile(found, re.IGNORECASE)


read_moment = reader(date_format, remembered=1 << 17)
"""The moment in a text, by the first alternative of a format that fits; ``ValueError`` if none does."""


@lru_cache(maxsize=1 << 17)
def write_moment(format: str, moment: datetime) -> str:
    """The text of a moment in the first alternative of a format; cached."""
    return date_format(format)[0].format(moment)


Reader = Callable[[str], datetime]
