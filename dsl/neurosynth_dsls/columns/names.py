"""Names of months, weekdays and halves of the day: English, and any locale where Babel is installed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from neurosynth.errors import InputError

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["ENGLISH", "PLAIN", "Names", "babel_locale", "babel_works", "names_of"]

PLAIN = "-plain"
"""Ends the name of a locale whose short names are meant without their point."""


@dataclass(frozen=True, slots=True)
class Names:
    """What one locale calls things; months from January, weekdays from Monday."""

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    halves: tuple[str, str] = ("AM", "PM")
    """Before and after noon."""


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

ENGLISH = Names(
    months=_MONTHS,
    short_months=tuple(name[:3] for name in _MONTHS),
    weekdays=_WEEKDAYS,
    short_weekdays=tuple(name[:3] for name in _WEEKDAYS),
)


@lru_cache(maxsize=64)
def babel_locale(code: str) -> Locale | None:
    """Babel's data for a locale; None if Babel does not know it.

    Raises:
        ImportError: when Babel is not installed.
        InputError: when Babel cannot read its data.
    """
    from babel import Locale, UnknownLocaleError

    try:
        known = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return None
    try:
        _ = known.number_symbols
    except ValueError as error:  # with its data, Babel loads the time zone of this machine
        raise InputError(
            f"names and numbers of the locale {code!r} need Babel, which cannot be loaded: {error}; allowed without it: English; "
            "set the environment variable TZ to a time zone of this machine, such as UTC"
        ) from None
    return known


@cache
def babel_works() -> bool:
    """Whether Babel is installed and can read its data."""
    try:
        return babel_locale("de") is not None
    except (ImportError, InputError):
        return False


@lru_cache(maxsize=64)
def names_of(locale: str) -> Names:
    """The names of a locale (``de``, ``pt_BR``); English for ``""`` and ``en``, which needs no Babel.

    ``de-plain`` has short names as they stand alone and without a point: ``Okt`` where ``de`` has ``Okt.``.

    Raises:
        InputError: when Babel is not installed, cannot be loaded, or does not know the locale.
    """
    if locale in ("", "en"):
        return ENGLISH
    try:
        known = babel_locale(locale.removesuffix(PLAIN))
    except ImportError:
        raise InputError(
            f"names of the locale {locale!r} need Babel; allowed without it: en; "
            "pip install 'neurosynth-pbe[data]', or write the format without [...]"
        ) from None
    if known is None:
        raise InputError(
            f"Babel knows no locale {locale!r}; allowed: codes such as de, fr, pt_BR; see babel.localedata.locale_identifiers()"
        )
    periods = known.day_periods["format"]["abbreviated"]
    use, point = ("stand-alone", ".") if locale.endswith(PLAIN) else ("format", "")
    return Names(
        months=tuple(known.months["format"]["wide"][i] for i in range(1, 13)),
        short_months=tuple(known.months[use]["abbreviated"][i].rstrip(point) for i in range(1, 13)),
        weekdays=tuple(known.days["format"]["wide"][i] for i in range(7)),
        short_weekdays=tuple(known.days[use]["abbreviated"][i].rstrip(point) for i in range(7)),
        halves=(periods["am"], periods["pm"]),
    )
