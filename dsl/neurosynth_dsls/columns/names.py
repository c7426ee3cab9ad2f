"""Names of months, weekdays and halves of the day: English, and those of any locale if Babel is installed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from neurosynth.errors import InputError

__all__ = ["ENGLISH", "PLAIN", "Names", "names_of"]

PLAIN = "-plain"
"""Suffix of a locale's name that selects its short names without a point."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one locale; months from January, weekdays from Monday."""

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
def names_of(locale: str) -> Names:
    """The names of a locale (``de``, ``pt_BR``); English for ``""`` and ``en``, which needs no Babel.

    ``de-plain`` has the stand-alone short names without a point: ``Okt`` where ``de`` has ``Okt.``. Raises: InputError: if Babel is not
    installed, or does not know the locale.
    """
    if locale in ("", "en"):
        return ENGLISH
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:
        raise InputError(
            f"names of the locale {locale!r} need Babel; allowed without it: en; "
            "pip install 'neurosynth-pbe[data]', or write the format without [...]"
        ) from None
    try:
        known = Locale.parse(locale.removesuffix(PLAIN))
    except (UnknownLocaleError, ValueError):
        raise InputError(
            f"Babel knows no locale {locale!r}; allowed: codes such as de, fr, pt_BR; see babel.localedata.locale_identifiers()"
        ) from None
    periods = known.day_periods["format"]["abbreviated"]
    use, point = ("stand-alone", ".") if locale.endswith(PLAIN) else ("format", "")
    return Names(
        months=tuple(known.months["format"]["wide"][i] for i in range(1, 13)),
        short_months=tuple(known.months[use]["abbreviated"][i].rstrip(point) for i in range(1, 13)),
        weekdays=tuple(known.days["format"]["wide"][i] for i in range(7)),
        short_weekdays=tuple(known.days[use]["abbreviated"][i].rstrip(point) for i in range(7)),
        halves=(periods["am"], periods["pm"]),
    )
