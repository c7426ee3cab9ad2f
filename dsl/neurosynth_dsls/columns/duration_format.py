"""Formats of durations: ``%-Hh %Mm``, ``%H:%M:%S``, ``%-D days``.

The codes are ``%D`` days, ``%H`` hours, ``%M`` minutes, ``%S`` seconds, ``%f`` microseconds and ``%L`` milliseconds; with two digits
(one for days), or with ``-`` without padding. The largest unit of a format takes the whole duration, and the others the rest, so that
``%H:%M`` writes a day and two hours as 26:00 and ``%M:%S`` writes two hours as 120:00. The rest below the smallest unit is dropped. A
negative duration has a minus sign in front.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from neurosynth.errors import InputError
from neurosynth_dsls.columns.readers import reader

__all__ = ["UNITS", "DurationFormat", "duration_format", "read_duration", "write_duration"]

UNITS = {"D": 86_400_000_000, "H": 3_600_000_000, "M": 60_000_000, "S": 1_000_000, "L": 1000, "f": 1}
"""Microseconds of each unit, the largest first."""
_WIDTHS = {"D": 1, "H": 2, "M": 2, "S": 2, "L": 3, "f": 6}


@dataclass(frozen=True, slots=True)
class DurationFormat:
    """One alternative of a format of durations; made by :func:`duration_format`."""

    text: str
    parts: tuple[str | tuple[str, bool], ...]
    """Literal text, or a unit's letter and whether it is padded."""
    regex: re.Pattern[str]

    @property
    def units(self) -> tuple[str, ...]:
        """Letters of its units, the largest first."""
        present = {p[0] for p in self.parts if isinstance(p, tuple)}
        return tuple(u for u in UNITS if u in present)

    def parse(self, text: str) -> timedelta:
        """The duration in the text.

        Raises:
            ValueError: if the text is not in this format, or a smaller unit exceeds the next larger one.
        """
        found = self.regex.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not in the duration format {self.text!r}")
        total, units = 0, self.units
        for letter in units:
            value = int(found[letter])
            larger = [u for u in units if UNITS[u] > UNITS[letter]]
            if larger and value * UNITS[letter] >= UNITS[larger[-1]]:
                raise ValueError(
                    f"{text!r} is not in the duration format {self.text!r}: {value} is too large for %{letter}"
                )
            total += value * UNITS[letter]
        return timedelta(microseconds=-total if found["minus"] else total)

    def format(self, span: timedelta) -> str:
        """The text of a duration."""
        left = abs(span) // timedelta(microseconds=1)
        values = {}
        for letter in self.units:
            values[letter], left = divmod(left, UNITS[letter])
        sign = "-" if span < timedelta() and any(values.values()) else ""
        return sign + "".join(p if isinstance(p, str) else _digits(values[p[0]], *p) for p in self.parts)


def _digits(value: int, letter: str, padded: bool) -> str:
    return f"{value:0{_WIDTHS[letter]}}" if padded else str(value)


@lru_cache(maxsize=1024)
def duration_format(text: str) -> tuple[DurationFormat, ...]:
    """The alternatives of a format of durations, separated by ``|``.

    Raises:
        InputError: for a code that does not exist, or occurs twice.
    """
    return tuple(_compiled(part, text) for part in text.split("|"))


def _compiled(text: str, whole: str) -> DurationFormat:
    parts: list[str | tuple[str, bool]] = []
    pattern, position = "(?P<minus>-?)", 0
    seen: set[str] = set()
    for match in re.finditer(r"%(-?)(.?)", text):
        literal = text[position : match.start()]
        position = match.end()
        if literal:
            parts.append(literal)
            pattern += re.sub(r"(?:\\?\s)+", r"\\s+", re.escape(literal))
        letter = match[2]
        if letter == "%" and not match[1]:
            parts.append("%")
            pattern += "%"
            continue
        if letter not in UNITS or letter in seen:
            raise InputError(
                f"duration format {whole!r}: {match[0]!r} is not a code or stands twice; allowed: %D %H %M %S %L %f and %-D …, each once"
            )
        seen.add(letter)
        parts.append((letter, not match[1]))
        pattern += f"(?P<{letter}>[0-9]+)"
    if text[position:]:
        parts.append(text[position:])
        pattern += re.escape(text[position:])
    if not seen:
        raise InputError(f"duration format {whole!r} has no code; allowed: %D %H %M %S %L %f")
    return DurationFormat(text, tuple(parts), re.compile(pattern, re.IGNORECASE))


read_duration = reader(duration_format, remembered=1 << 16)
"""The duration in a text, by the first alternative of a format that fits; ``ValueError`` if none does."""


def write_duration(format: str, span: timedelta) -> str:
    """The text of a duration in the first alternative of a format."""
    return duration_format(format)[0].format(span)
