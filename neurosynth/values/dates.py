"""The types ``date``, ``time``, ``datetime`` and ``duration``: values of Python's :mod:`datetime`, without time zones.

All are words: days since the first of January of the year 1, or microseconds.  Text is ISO 8601.
"""

from __future__ import annotations

import datetime
import re
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, final

from neurosynth.values.domain import MISSING_WORD, Domain, Machine, Reference
from neurosynth.values.style import Style
from neurosynth.values.types import TypeConstructor
from neurosynth.values.undefined import Undefined

__all__ = ["Date", "DateTime", "Duration", "Moment", "Time"]

_SECOND = 1_000_000
_MINUTE, _HOUR, _DAY = 60 * _SECOND, 3600 * _SECOND, 86_400 * _SECOND
_EPOCH = datetime.datetime(1970, 1, 1)
_MICROSECOND = datetime.timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Moment(Domain):
    """The base of all four: they are numbers of a unit, written in ISO 8601, and may be missing."""

    nullable: ClassVar[bool] = True
    styled: ClassVar[bool] = True
    ordered: ClassVar[bool] = True
    name: ClassVar[str]
    pattern: ClassVar[re.Pattern[str]]
    form: ClassVar[str]
    """What :meth:`read` expects, for messages."""
    limits: ClassVar[tuple[int, int]]
    """The words of the first and the last value."""
    usual: ClassVar[tuple[int, int]]
    """The words between which sampled values lie."""
    spans: ClassVar[tuple[int, ...]]
    """Maximum distance between the values of one sampled column."""
    grains: ClassVar[tuple[int, ...]]
    """Possible common divisors of the words of one sampled column."""
    steps: ClassVar[tuple[int, ...]]
    """Amount by which a word is perturbed."""

    @classmethod
    def read_word(cls, text: str) -> tuple[Any, TypeConstructor] | None:
        return (cls.parse(text), TypeConstructor(cls.name)) if cls.pattern.fullmatch(text) else None

    @classmethod
    @abstractmethod
    def parse(cls, text: str) -> Any:
        """The value of a text that matches the pattern; ValueError if there is no such day or hour."""

    @abstractmethod
    def to_word(self, value: Any) -> int:
        """The number of units."""

    @abstractmethod
    def from_word(self, word: int) -> Any:
        """The value of a number of units within the limits."""

    def write(self, value: Any) -> str:
        return str(value.isoformat())

    def read(self, text: str) -> Any:
        if not self.pattern.fullmatch(text):
            raise ValueError(f"expected {self.form}")
        return self.parse(text)

    def spelling(self, value: Any) -> str:
        return self.write(value)

    @property
    def spelled_as(self) -> TypeConstructor:
        return TypeConstructor(self.name)

    def from_spelling(self, value: Any) -> Any:
        return value

    @property
    def json_form(self) -> str:
        return self.form

    def sample(self, rng: Random, style: Style) -> Any:
        shared = Random(style.seed)
        span, grain = shared.choice(self.spans), shared.choice(self.grains)
        low, high = self.usual
        start = shared.randint(low, max(low, high - span))
        word = rng.randint(start, min(start + span, high)) // grain * grain
        return self._within(word)

    def perturb(self, value: Any, rng: Random) -> Any:
        return None if value is None else self._within(self.to_word(value) + rng.choice(self.steps))

    def redraw(self, value: Any, column: Sequence[Any], rng: Random) -> Any:
        words = [self.to_word(v) for v in column if v is not None]
        return None if value is None else self.from_word(rng.randint(min(words), max(words)))

    def _within(self, word: int) -> Any:
        low, high = self.limits
        return self.from_word(min(max(word, low), high))

    def measure(self, value: Any) -> float | None:
        return None if value is None else float(self.to_word(value))

    @property
    def machine(self) -> Machine:
        return "word"

    def encode(self, value: Any) -> Any:
        return MISSING_WORD if value is None else self.to_word(value)

    def decode(self, stored: Any) -> Any:
        return None if stored == MISSING_WORD else self.from_word(stored)


@final
@dataclass(frozen=True, kw_only=True)
class Date(Moment):
    """Days."""

    python: ClassVar[Any] = datetime.date
    name: ClassVar[str] = "date"
    pattern: ClassVar[re.Pattern[str]] = re.compile(r"\d{4}-\d{2}-\d{2}")
    form: ClassVar[str] = "a date like 2024-01-31"
    limits: ClassVar[tuple[int, int]] = (1, datetime.date.max.toordinal())
    usual: ClassVar[tuple[int, int]] = (datetime.date(1950, 1, 1).toordinal(), datetime.date(2035, 12, 31).toordinal())
    spans: ClassVar[tuple[int, ...]] = (30, 365, 365, 3650, 31_000)
    grains: ClassVar[tuple[int, ...]] = (1,)
    steps: ClassVar[tuple[int, ...]] = (0, 1, -1, 7, 30, 31, -365, 366)

    def contains(self, value: Any) -> bool:
        return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)

    @classmethod
    def parse(cls, text: str) -> Any:
        return datetime.date.fromisoformat(text)

    def to_word(self, value: Any) -> int:
        return int(value.toordinal())

    def from_word(self, word: int) -> Any:
        return datetime.date.fromordinal(word)

    @property
    def landmarks(self) -> tuple[Any, ...]:
        days = ((2000, 1, 1), (2024, 2, 29), (2023, 12, 31), (1999, 7, 15), (2021, 3, 1))
        return tuple(datetime.date(*day) for day in days)


@final
@dataclass(frozen=True, kw_only=True)
class Time(Moment):
    """Times of day, to the microsecond."""

    python: ClassVar[Any] = datetime.time
    name: ClassVar[str] = "time"
    pattern: ClassVar[re.Pattern[str]] = re.compile(r"\d{2}:\d{2}(?::\d{2}(?:\.\d{3}|\.\d{6})?)?")
    form: ClassVar[str] = "a time like 17:30:00"
    limits: ClassVar[tuple[int, int]] = (0, _DAY - 1)
    usual: ClassVar[tuple[int, int]] = (0, _DAY - 1)
    spans: ClassVar[tuple[int, ...]] = (_DAY - 1, _DAY - 1, 9 * _HOUR)
    grains: ClassVar[tuple[int, ...]] = (_MINUTE, _MINUTE, _SECOND, 15 * _MINUTE)
    steps: ClassVar[tuple[int, ...]] = (0, _SECOND, _MINUTE, -_MINUTE, 30 * _MINUTE, -_HOUR, 12 * _HOUR)

    def contains(self, value: Any) -> bool:
        return isinstance(value, datetime.time) and value.tzinfo is None and not value.fold

    @classmethod
    def parse(cls, text: str) -> Any:
        return datetime.time.fromisoformat(text)

    def to_word(self, value: Any) -> int:
        return int(value.hour * _HOUR + value.minute * _MINUTE + value.second * _SECOND + value.microsecond)

    def from_word(self, word: int) -> Any:
        return (_EPOCH + word * _MICROSECOND).time()

    @property
    def landmarks(self) -> tuple[Any, ...]:
        return tuple(map(self.from_word, (0, 12 * _HOUR, _DAY - _SECOND, 9 * _HOUR + 5 * _MINUTE, 17 * _HOUR)))


@final
@dataclass(frozen=True, kw_only=True)
class DateTime(Moment):
    """Days with a time of day, to the microsecond, without a time zone."""

    python: ClassVar[Any] = datetime.datetime
    name: ClassVar[str] = "datetime"
    pattern: ClassVar[re.Pattern[str]] = re.compile(r"\d{4}-\d{2}-\d{2}[T ]" + Time.pattern.pattern)
    form: ClassVar[str] = "a date and time like 2024-01-31T17:30:00"
    limits: ClassVar[tuple[int, int]] = (
        (datetime.datetime.min - _EPOCH) // _MICROSECOND,
        (datetime.datetime.max - _EPOCH) // _MICROSECOND,
    )
    usual: ClassVar[tuple[int, int]] = (0, (datetime.datetime(2036, 1, 1) - _EPOCH) // _MICROSECOND - 1)
    spans: ClassVar[tuple[int, ...]] = tuple(days * _DAY for days in (1, 30, 365, 3650, 20_000))
    grains: ClassVar[tuple[int, ...]] = (_MINUTE, _SECOND, _SECOND, _HOUR)
    steps: ClassVar[tuple[int, ...]] = (0, _SECOND, _MINUTE, -_HOUR, _DAY, -7 * _DAY, 31 * _DAY)

    def contains(self, value: Any) -> bool:
        return isinstance(value, datetime.datetime) and value.tzinfo is None and not value.fold

    @classmethod
    def parse(cls, text: str) -> Any:
        return datetime.datetime.fromisoformat(text)

    def to_word(self, value: Any) -> int:
        return int((value - _EPOCH) // _MICROSECOND)

    def from_word(self, word: int) -> Any:
        return _EPOCH + word * _MICROSECOND

    @property
    def landmarks(self) -> tuple[Any, ...]:
        moments = ((2000, 1, 1), (2024, 2, 29, 12), (2023, 12, 31, 23, 59, 59), (1999, 7, 15, 9, 5))
        return tuple(datetime.datetime(*moment) for moment in moments)


_LONGEST = datetime.timedelta(microseconds=1 << 62)


@final
@dataclass(frozen=True, kw_only=True)
class Duration(Moment):
    """Lengths of time, to the microsecond, up to 2^62 of them (146,000 years) either way."""

    python: ClassVar[Any] = datetime.timedelta
    name: ClassVar[str] = "duration"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(-)?P(?=\d|T\d)(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:\.(\d{1,6}))?S)?)?"
    )
    form: ClassVar[str] = "a duration like P1DT2H30M or PT90S"
    limits: ClassVar[tuple[int, int]] = (-(1 << 62), 1 << 62)
    usual: ClassVar[tuple[int, int]] = (0, 4000 * _DAY)
    spans: ClassVar[tuple[int, ...]] = (_HOUR, 8 * _HOUR, _DAY, 30 * _DAY, 3650 * _DAY)
    grains: ClassVar[tuple[int, ...]] = (_SECOND, _MINUTE, _HOUR, _DAY)
    steps: ClassVar[tuple[int, ...]] = (0, _SECOND, _MINUTE, -_MINUTE, _HOUR, _DAY, -_DAY)

    def contains(self, value: Any) -> bool:
        return isinstance(value, datetime.timedelta) and abs(value // _MICROSECOND) <= 1 << 62

    def limit(self, size: int, bits: int) -> Callable[[Any], Any] | None:
        def check(value: Any) -> Any:
            if abs(value) > _LONGEST:
                raise Undefined("longer than a duration can be")
            return value

        return check

    @classmethod
    def parse(cls, text: str) -> Any:
        found = cls.pattern.fullmatch(text)
        assert found is not None
        sign, days, hours, minutes, seconds, fraction = found.groups("0")
        units = ((days, _DAY), (hours, _HOUR), (minutes, _MINUTE), (seconds, _SECOND), (fraction.ljust(6, "0"), 1))
        word = sum(int(count) * unit for count, unit in units)
        if word > cls.limits[1]:
            raise ValueError("longer than 146,000 years")
        return (-word if sign == "-" else word) * _MICROSECOND

    def to_word(self, value: Any) -> int:
        return int(value // _MICROSECOND)

    def from_word(self, word: int) -> Any:
        return word * _MICROSECOND

    def source(self, value: Any, refer: Reference) -> str:
        """``timedelta(hours=1, minutes=30)``; a negative duration has negative parts."""
        if value is None:
            return "None"
        word = self.to_word(value)
        sign, left, parts = -1 if word < 0 else 1, abs(word), []
        for name, unit in (
            ("days", _DAY),
            ("hours", _HOUR),
            ("minutes", _MINUTE),
            ("seconds", _SECOND),
            ("microseconds", 1),
        ):
            count, left = divmod(left, unit)
            if count:
                parts.append(f"{name}={sign * count}")
        return f"{refer(self.python, self.python.__name__)}({', '.join(parts)})"

    def write(self, value: Any) -> str:
        word = self.to_word(value)
        days, rest = divmod(abs(word), _DAY)
        parts = [
            f"{rest // _HOUR}H" if rest >= _HOUR else "",
            f"{rest // _MINUTE % 60}M" if rest // _MINUTE % 60 else "",
        ]
        seconds, fraction = divmod(rest % _MINUTE, _SECOND)
        if seconds or fraction:
            parts.append(f"{seconds}" + (f".{fraction:06d}" if fraction else "") + "S")
        time = "".join(parts)
        written = (f"{days}D" if days else "") + (f"T{time}" if time else "")
        return ("-" if word < 0 else "") + "P" + (written or "T0S")

    @property
    def landmarks(self) -> tuple[Any, ...]:
        return tuple(map(self.from_word, (0, _SECOND, _MINUTE, _HOUR, _DAY, -_DAY, 36 * _HOUR)))
