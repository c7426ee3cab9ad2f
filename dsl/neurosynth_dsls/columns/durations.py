"""Durations: read, written, computed, as a number of any unit."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth_dsls.columns.duration_format import read_duration, write_duration
from neurosynth_dsls.columns.number_format import CONTEXT
from neurosynth_dsls.columns.units import SECONDS, duration_of, step_of

__all__ = ["durations"]

durations = Language("durations", doc="Durations: read, written, computed, as a number of any unit.")

_BAD = (ValueError, ArithmeticError, InputError)


def _seconds(unit: str) -> Decimal:
    step = step_of(unit)
    if step.unit not in SECONDS:
        raise ValueError(f"{unit!r} has no fixed length; allowed: s, min, h, day, week")
    return Decimal(step.seconds)


def _held(span: timedelta) -> timedelta:
    """The duration, if it is within the limits of values: at most 2**62 microseconds."""
    if abs(span // timedelta(microseconds=1)) > 1 << 62:
        raise OverflowError(f"{span} is too long for a duration; allowed: 146,000 years")
    return span


@durations.primitive(name="duration", raises=_BAD)
def duration_(text: str) -> timedelta:
    """The duration 1h 30min, 2day, 0.5s: how programs hold one."""
    return _held(duration_of(text))


@durations.primitive(name="duration.parse", raises=_BAD)
def parse(format: str, text: str) -> timedelta:
    """Duration that a text states in a format such as %H:%M:%S or %-Hh %Mm; alternatives are separated by |."""
    return _held(read_duration(format, text))


@durations.primitive(name="duration.format", raises=_BAD)
def format_(format: str, span: timedelta) -> str:
    """Text of a duration in a format such as %H:%M:%S or %-Hh %Mm; the largest unit takes all of it."""
    return write_duration(format, span)


@durations.primitive(name="duration.in", raises=_BAD)
def in_unit(unit: str, span: timedelta) -> Decimal:
    """A duration as a number of s, min, h, day or week."""
    return CONTEXT.divide(Decimal(span // timedelta(microseconds=1)), _seconds(unit) * 1_000_000)


@durations.primitive(name="duration.of", raises=_BAD)
def of_unit(unit: str, n: Decimal) -> timedelta:
    """So many s, min, h, day or week, to whole microseconds."""
    return _held(timedelta(microseconds=int(CONTEXT.multiply(n, _seconds(unit) * 1_000_000).to_integral_value())))


@durations.primitive(name="duration.+", commutative=True, raises=_BAD, python="{0} + {1}")
def add(first: timedelta, second: timedelta) -> timedelta:
    """Sum."""
    return _held(first + second)


@durations.primitive(name="duration.-", raises=_BAD, python="{0} - {1}")
def subtract(first: timedelta, second: timedelta) -> timedelta:
    """First minus second."""
    return _held(first - second)


@durations.primitive(name="duration.floor", raises=_BAD)
def floor(step: str, span: timedelta) -> timedelta:
    """Down to a multiple of a step such as 15min."""
    size = duration_of(step)
    if size <= timedelta():
        raise ValueError(f"step {step!r} is not positive")
    return span // size * size


@durations.primitive(name="duration.mod", raises=_BAD)
def modulo(step: str, span: timedelta) -> timedelta:
    """What remains of a duration after whole multiples of a step: modulo 24h, it is 8h from 22:00 to 06:00."""
    size = duration_of(step)
    if size <= timedelta():
        raise ValueError(f"step {step!r} is not positive")
    return span % size


@durations.primitive(name="duration.<", python="{0} < {1}")
def shorter(first: timedelta, second: timedelta) -> bool:
    """Whether the first is less than the second."""
    return first < second
