"""How SQL (DuckDB), spreadsheets, pandas and polars write the primitives of ``columns`` that are not those of ``strings``.

What DuckDB has no exact counterpart of (exact decimals with a format, steps of time, slugs) has no form: the exporter names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from neurosynth.export.base import ExportError
from neurosynth.export.expressions import Form, FormCall
from neurosynth.export.sql import literal
from neurosynth_dsls.columns.excel_forms import EXCEL
from neurosynth_dsls.columns.vector_forms import PANDAS, POLARS

__all__ = ["FORMS"]

_CODES = frozenset("YmdBbAajHIMSpyf%")
"""Letters of date codes that mean the same in DuckDB."""
_PARTS = {
    "year": "year", "month": "month", "day": "day", "hour": "hour", "minute": "minute", "second": "second", "weekday": "isodow",
    "quarter": "quarter", "iso_week": "weekofyear", "day_of_year": "dayofyear", "iso_year": "isoyear",
}  # fmt: skip
_UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")


def _format(text: str, name: str) -> str:
    """A date format as DuckDB has it.

    Raises:
        ExportError: for a code that it does not know.
    """
    if text.startswith("["):
        raise ExportError(
            f"{name}: DuckDB knows English names alone, not those of {text!r}; export this program to python"
        )
    for found in re.finditer(r"%([-_^~.12]*)(.)", text):
        if found[2] not in _CODES or found[1] not in ("", "-"):
            raise ExportError(f"{name}: DuckDB has no {found[0]} in the format {text!r}; export this program to python")
    return text


def _parse(kind: str) -> Form:
    def form(call: FormCall) -> str:
        formats = [literal(_format(f, call.primitive.name)) for f in call.constant(0).split("|")]
        read = f"try_strptime({call[1]}, [{', '.join(formats)}])"
        return read if kind == "TIMESTAMP" else f"CAST({read} AS {kind})"

    return form


def _write(moment: str) -> Form:
    return lambda call: f"strftime({moment.format(call[1])}, {literal(_format(call.constant(0), call.primitive.name))})"


def _part(call: FormCall) -> str:
    name = call.constant(0)
    if name not in _PARTS:
        raise ExportError(f"{call.primitive.name}: DuckDB has no part {name!r}; export this program to python")
    return f"{_PARTS[name]}({call[1]})"


def _unit(call: FormCall, position: int) -> str:
    unit = str(call.constant(position))
    if unit not in _UNITS:
        raise ExportError(f"{call.primitive.name}: DuckDB has no unit {unit!r}; export this program to python")
    return unit


def _add(kind: str) -> Form:
    def form(call: FormCall) -> str:
        moved = f"{call[2]} + INTERVAL ({call[0]}) {_unit(call, 1).upper()}"
        return f"CAST({moved} AS DATE)" if kind == "DATE" else moved

    return form


def _end_of(call: FormCall) -> str:
    unit, d = _unit(call, 0), call[1]
    months = {"month": 0, "quarter": 2, "year": 11}
    if unit not in months:
        raise ExportError(f"{call.primitive.name}: this form has no end of a {unit}; export this program to python")
    last = f"last_day(date_trunc('{unit}', {d}) + INTERVAL {months[unit]} MONTH)"
    return last if call.primitive.name.startswith("date.") else f"CAST({last} AS TIMESTAMP)"


def _table(default: Callable[[FormCall], str], text: int) -> Form:
    def form(call: FormCall) -> str:
        keys, values = call.constant(0), call.constant(1)
        cases = " ".join(f"WHEN {literal(k)} THEN {literal(v)}" for k, v in zip(keys, values, strict=True))
        return f"CASE {call[text]} {cases} ELSE {default(call)} END"

    return form


def _place(n: int) -> int:
    """Item n of a list, from 0, or from -1 backwards, as DuckDB counts."""
    return n + 1 if n >= 0 else n


def _slice(call: FormCall) -> str:
    start, end = int(call.constant(1)), int(call.constant(2))
    if start < 0 or end < 0:
        raise ExportError(
            f"{call.primitive.name}: SQL has no slice from {start} to {end}; export this program to python"
        )
    return f"{call[0]}[{start + 1}:{end}]"


def _literal_by(call: FormCall, position: int) -> str:
    return literal(call.constant(position).replace("\\", "\\\\"))


_SQL: Mapping[str, Form] = {
    "ite": "CASE WHEN {0} THEN {1} ELSE {2} END",
    "is_missing": "{0} IS NULL",
    "first_present": "coalesce({0}, {1})",
    "missing": "NULL",
    "lookup": _table(lambda _: "NULL", 2),
    "lookup_or": _table(lambda call: call[2], 3),
    "datetime.parse": _parse("TIMESTAMP"),
    "date.parse": _parse("DATE"),
    "time.parse": _parse("TIME"),
    "datetime.format": _write("{}"),
    "date.format": _write("{}"),
    "time.format": _write("DATE '1900-01-01' + {}"),
    "datetime.part": _part,
    "date.part": _part,
    "datetime.add": _add("TIMESTAMP"),
    "date.add": _add("DATE"),
    "datetime.end_of": _end_of,
    "date.end_of": _end_of,
    "datetime.<": "{0} < {1}",
    "datetime.<=": "{0} <= {1}",
    "date.<": "{0} < {1}",
    "date.<=": "{0} <= {1}",
    "time.<": "{0} < {1}",
    "datetime.date": "CAST({0} AS DATE)",
    "datetime.time": "CAST({0} AS TIME)",
    "date.moment": "CAST({0} AS TIMESTAMP)",
    "datetime.combine": "{0} + {1}",
    "datetime.from_epoch": "make_timestamp({0} * 1000000)",
    "datetime.to_epoch": "CAST(floor(epoch({0})) AS BIGINT)",
    "text.first_upper": "upper({0}[1]) || {0}[2:]",
    "text.first_lower": "lower({0}[1]) || {0}[2:]",
    "text.only_alphanumeric": "regexp_replace({0}, '[^\\p{{L}}\\p{{N}}]', '', 'g')",
    "text.without_blanks": "regexp_replace({0}, '\\s+', '', 'g')",
    "text.slice": _slice,
    "text.split_at": lambda call: f"string_split({call[0]}, {call[1]})[{_place(call.constant(2))}]",
    "text.word_at": lambda call: (
        f"nullif(regexp_split_to_array(trim({call[0]}), '\\s+')[{_place(call.constant(1))}], '')"
    ),
    "text.match": lambda call: (
        f"regexp_extract_all({call[0]}, {literal(call.constant(1))})[{_place(call.constant(2))}]"
    ),
    "text.replace_pattern": lambda call: (
        f"regexp_replace({call[0]}, {literal(call.constant(1))}, {_literal_by(call, 2)}, 'g')"
    ),
    "text.matches": lambda call: f"regexp_full_match({call[0]}, {literal(call.constant(1))})",
    "text.contains_pattern": lambda call: f"regexp_matches({call[0]}, {literal(call.constant(1))})",
    "text.count_pattern": lambda call: f"len(regexp_extract_all({call[0]}, {literal(call.constant(1))}))",
    "re.extract": lambda call: (
        f"coalesce(regexp_extract_all({call[2]}, {literal(call.constant(0))})[{_place(call.constant(1))}], '')"
    ),
    "re.test": lambda call: f"regexp_matches({call[1]}, {literal(call.constant(0))})",
    "looks_like": lambda call: f"regexp_full_match({call[1]}, {literal(call.constant(0))})",
    "re.count": lambda call: f"len(regexp_extract_all({call[1]}, {literal(call.constant(0))}))",
    "pieces.split": lambda call: f"string_split({call[1]}, {literal(call.constant(0))})",
    "pieces.words": "list_filter(regexp_split_to_array(trim({0}), '\\s+'), lambda w: w <> '')",
    "pieces.characters": "string_split({0}, '')",
    "pieces.sort": "list_sort({0})",
    "pieces.reverse": "list_reverse({0})",
    "pieces.item": lambda call: f"coalesce({call[1]}[{_place(call.constant(0))}], '')",
    "pieces.count": "len({0})",
    "pieces.join": "array_to_string({1}, {0})",
}

FORMS: Mapping[str, Mapping[str, Form]] = {"sql": _SQL, "excel": EXCEL, "pandas": PANDAS, "polars": POLARS}
