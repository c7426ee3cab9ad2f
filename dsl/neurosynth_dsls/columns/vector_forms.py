"""The forms of the primitives of ``columns`` beyond ``strings`` in pandas and polars, over whole columns.

Texts that cannot be read are missing there, as in the language. Exact decimals have no form, because floats are not exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from neurosynth.export.base import ExportError
from neurosynth.export.expressions import Form, FormCall
from neurosynth_dsls.columns.casing import UMLAUTS

__all__ = ["PANDAS", "POLARS"]

_CODES = frozenset("YmdBbAaHIMSpyj")
"""Letters of date codes that pandas and polars read and write like the language."""
_IN_YEAR = frozenset("mBbdj")
"""Those that tell a day or a month."""
_PARTS = {
    "year": "year", "month": "month", "day": "day", "hour": "hour", "minute": "minute", "second": "second", "quarter": "quarter",
}  # fmt: skip
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}


def _refused(call: FormCall, what: str) -> ExportError:
    return ExportError(f"{call.primitive.name}: {what} has no form over columns; export this program to python")


def _of_column(place: int, write: Callable[[str, tuple[Any, ...]], str]) -> Form:
    """A form of one column, argument ``place``, and constants."""

    def form(call: FormCall) -> str:
        others = [i for i in range(len(call.arguments)) if i != place]
        if call.is_constant(place) or not all(map(call.is_constant, others)):
            raise _refused(call, "a call of other than one column and constants")
        return write(call[place], tuple(call.constant(i) for i in others))

    return form


def _plain(format: str, flags: str) -> str | None:
    """A date format that the library has, or None."""
    if format.startswith("[") or "|" in format:
        return None
    codes = re.findall(r"%([-_^~.12]*)(.)", format)
    return format if all(letter in _CODES and flag in ("", *flags) for flag, letter in codes) else None


def _completed(letters: set[str], dialect: str) -> tuple[str, str]:
    """What stands before a text, and its codes, so that the library takes the parts that the format lacks as the language does: a day
    or a month without a year is in 2000, which has a 29 February; polars reads no clock without a date, no day without a month and
    no hours without minutes."""
    before, codes = "", ""
    if letters & _IN_YEAR and not letters & set("Yy"):
        before, codes = "2000 ", "%Y "
    elif dialect == "polars" and not letters & (_IN_YEAR | set("Yy")):
        before, codes = "1900 01 01 ", "%Y %m %d "
    if dialect == "polars" and "d" in letters and not letters & set("mBbj"):
        before, codes = f"{before}01 ", f"{codes}%m "
    if dialect == "polars" and letters & set("HI") and "M" not in letters:
        before, codes = f"{before}00 ", f"{codes}%M "
    return before, codes


def _read(kind: str, dialect: str) -> Form:
    def form(call: FormCall) -> str:
        format = _plain(str(call.constant(0)), "")
        if format is None or call.is_constant(1):
            raise _refused(call, f"the format {call.constant(0)!r}")
        letters = set(re.findall("%(.)", format))
        if letters & set("aA") and not letters & (_IN_YEAR | set("Yy")):
            raise _refused(call, f"the format {call.constant(0)!r}, a weekday without a date,")
        before, codes = _completed(letters, dialect)
        if dialect == "pandas":
            text = f"{before!r} + {call[1]}" if before else call[1]
            return f'pd.to_datetime({text}, format={codes + format!r}, errors="coerce")'
        text = f"(pl.lit({before!r}) + {call[1]})" if before else call[1]
        dtype = "pl.Datetime" if kind == "datetime" and letters & set("HIMSp") else "pl.Date"
        read = f"{text}.str.strptime({dtype}, {codes + format!r}, strict=False)"
        if "y" in letters:  # polars takes 69 for 2069; POSIX and the language, for 1969
            read = f'pl.when({read}.dt.year() == 2069).then({read}.dt.offset_by("-100y")).otherwise({read})'
        return f'{read}.cast(pl.Datetime("us"))' if kind == "datetime" and dtype == "pl.Date" else read

    return form


def _written(dialect: str) -> Form:
    def form(call: FormCall) -> str:
        format = _plain(str(call.constant(0)), "-" if dialect == "polars" else "")
        if format is None or call.is_constant(1):
            raise _refused(call, f"the format {call.constant(0)!r}")
        return f"{call[1]}.dt.strftime({format!r})" if dialect == "pandas" else f"{call[1]}.dt.to_string({format!r})"

    return form


def _part(dialect: str) -> Form:
    def form(call: FormCall) -> str:
        name = str(call.constant(0))
        if name == "weekday":
            return (
                f'({call[1]}.dt.day_of_week + 1).astype("Int64")' if dialect == "pandas" else f"{call[1]}.dt.weekday()"
            )
        if name not in _PARTS:
            raise _refused(call, f"the part {name}")
        return (
            f'{call[1]}.dt.{_PARTS[name]}.astype("Int64")' if dialect == "pandas" else f"{call[1]}.dt.{_PARTS[name]}()"
        )

    return form


def _add(dialect: str) -> Form:
    def form(call: FormCall) -> str:
        n, unit = int(call.constant(0)), str(call.constant(1))
        if unit in _MONTHS:
            months = n * _MONTHS[unit]
            return (
                f"{call[2]} + pd.DateOffset(months={months})"
                if dialect == "pandas"
                else f'{call[2]}.dt.offset_by("{months}mo")'
            )
        if unit in _DAYS:
            days = n * _DAYS[unit]
            return (
                f'{call[2]} + pd.Timedelta({days}, "D")'
                if dialect == "pandas"
                else f'{call[2]}.dt.offset_by("{days}d")'
            )
        raise _refused(call, f"the unit {unit}")

    return form


def _month_end(dialect: str) -> Form:
    def form(call: FormCall) -> str:
        if call.constant(0) != "month":
            raise _refused(call, f"the end of a {call.constant(0)}")
        return f"{call[1]} + pd.offsets.MonthEnd(0)" if dialect == "pandas" else f"{call[1]}.dt.month_end()"

    return form


def _table(keys: tuple[str, ...], values: tuple[Any, ...]) -> str:
    return repr(dict(reversed(list(zip(keys, values, strict=True)))))


def _texts(call: FormCall, place: int) -> None:
    if not all(isinstance(v, str) for v in call.constant(place)):
        raise _refused(call, "a table of other than texts")


def _pandas_lookup(call: FormCall) -> str:
    _texts(call, 1)
    return f"{call[2]}.map({_table(call.constant(0), call.constant(1))})"


def _pandas_lookup_or(call: FormCall) -> str:
    _texts(call, 1)
    found = f"{call[3]}.map({_table(call.constant(0), call.constant(1))})"
    return f"{found}.fillna({call.constant(2)!r}).where({call[3]}.notna())"


def _pandas_is_one_of(call: FormCall) -> str:
    return f"{call[1]}.isin({list(call.constant(0))!r}).where({call[1]}.notna())"


def _pandas_first_present(call: FormCall) -> str:
    if call.is_constant(0):
        raise _refused(call, "a constant where a column was expected")
    return f"{call[0]}.fillna({call[1]})"


def _polars_lookup(call: FormCall) -> str:
    _texts(call, 1)
    return (
        f"{call[2]}.replace_strict({_table(call.constant(0), call.constant(1))}, default=None, return_dtype=pl.String)"
    )


def _polars_lookup_or(call: FormCall) -> str:
    _texts(call, 1)
    table, default = _table(call.constant(0), call.constant(1)), call.constant(2)
    found = f"{call[3]}.replace_strict({table}, default={default!r}, return_dtype=pl.String)"
    return f"pl.when({call[3]}.is_not_null()).then({found})"


def _slice(s: str, c: tuple[Any, ...]) -> str:
    start, end = c
    return f"{s}.str[{start}:{end}]"


def _polars_slice(s: str, c: tuple[Any, ...]) -> str:
    start, end = c
    if start < 0 or end < 0:
        raise ExportError(f"a slice from {start} to {end} has no form in polars; export this program to python")
    return f"{s}.str.slice({start}, {max(end - start, 0)})"


PANDAS: Mapping[str, Form] = {
    "lookup": _pandas_lookup,
    "lookup_or": _pandas_lookup_or,
    "is_one_of": _pandas_is_one_of,
    "first_present": _pandas_first_present,
    "date.parse": _read("date", "pandas"),
    "datetime.parse": _read("datetime", "pandas"),
    "date.format": _written("pandas"),
    "datetime.format": _written("pandas"),
    "date.part": _part("pandas"),
    "datetime.part": _part("pandas"),
    "date.add": _add("pandas"),
    "datetime.add": _add("pandas"),
    "date.end_of": _month_end("pandas"),
    "text.umlauts": _of_column(
        0, lambda s, _: f'{s}.str.normalize("NFC").str.translate({ {ord(a): b for a, b in UMLAUTS.items()}!r})'
    ),
    "text.first_upper": _of_column(0, lambda s, _: f"{s}.str[:1].str.upper() + {s}.str[1:]"),
    "text.first_lower": _of_column(0, lambda s, _: f"{s}.str[:1].str.lower() + {s}.str[1:]"),
    "text.slice": _of_column(0, _slice),
    "text.word_at": _of_column(0, lambda s, c: f"{s}.str.split().str[{c[0]}]"),
    "text.split_at": _of_column(0, lambda s, c: f"{s}.str.split({c[0]!r}, regex=False).str[{c[1]}]"),
    "text.pad_right": _of_column(0, lambda s, c: f"{s}.str.ljust({max(c[0], 0)}, {c[1][:1]!r})" if c[1] else s),
    "text.repeat": _of_column(1, lambda s, c: f"{s}.str.repeat({max(c[0], 0)})"),
}

POLARS: Mapping[str, Form] = {
    "lookup": _polars_lookup,
    "lookup_or": _polars_lookup_or,
    "is_one_of": lambda call: f"{call[1]}.is_in({list(call.constant(0))!r})",
    "date.parse": _read("date", "polars"),
    "datetime.parse": _read("datetime", "polars"),
    "date.format": _written("polars"),
    "datetime.format": _written("polars"),
    "date.part": _part("polars"),
    "datetime.part": _part("polars"),
    "date.add": _add("polars"),
    "datetime.add": _add("polars"),
    "date.end_of": _month_end("polars"),
    "text.umlauts": _of_column(
        0,
        lambda s, _: f'{s}.str.normalize("NFC").str.replace_many({list(UMLAUTS)!r}, {list(UMLAUTS.values())!r})',
    ),
    "text.slice": _of_column(0, _polars_slice),
    "text.word_at": _of_column(
        0,
        lambda s, c: (
            f'{s}.str.strip_chars().str.replace_all(r"\\s+", " ").str.split(" ").list.get({c[0]}, null_on_oob=True)'
        ),
    ),
    "text.split_at": _of_column(
        0, lambda s, c: f"{s}.str.split({c[0]!r}).list.get({c[1]}, null_on_oob=True)" if c[0] else s
    ),
    "text.pad_right": _of_column(0, lambda s, c: f"{s}.str.pad_end({max(c[0], 0)}, {c[1][:1]!r})" if c[1] else s),
}
