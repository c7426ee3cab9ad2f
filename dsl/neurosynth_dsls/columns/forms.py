"""The forms of the primitives of ``columns`` beyond ``strings`` in SQL (DuckDB), spreadsheets, pandas and polars.

Primitives without an exact counterpart in DuckDB (numbers to significant digits, Roman numerals, names in other languages) have no
form, and the exporter names them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from neurosynth.export.expressions import Form, FormCall
from neurosynth.export.sql import literal
from neurosynth_dsls.columns.excel_forms import EXCEL
from neurosynth_dsls.columns.sql_codes import CODES
from neurosynth_dsls.columns.sql_dates import DATES
from neurosynth_dsls.columns.sql_decimals import DECIMALS
from neurosynth_dsls.columns.sql_digits import aligned, aligned_table
from neurosynth_dsls.columns.sql_texts import TEXTS
from neurosynth_dsls.columns.vector_forms import PANDAS, POLARS

__all__ = ["FORMS"]


def _table(text: int, default: int | None = None) -> Form:
    def form(call: FormCall) -> str:
        keys, values = call.constant(0), call.constant(1)
        if any(isinstance(v, Decimal) for v in values):
            written, otherwise = aligned_table(call, 1, default)
        else:
            written, otherwise = list(map(literal, values)), "NULL" if default is None else call[default]
        cases = " ".join(f"WHEN {literal(k)} THEN {v}" for k, v in zip(keys, written, strict=True))
        return f"CASE {call[text]} {cases} ELSE {otherwise} END"

    return form


def _ite(call: FormCall) -> str:
    then, otherwise = aligned(call, 1, 2)
    return f"CASE WHEN {call[0]} THEN {then} ELSE {otherwise} END"


_SQL: Mapping[str, Form] = {
    "ite": _ite,
    "is_missing": "{0} IS NULL",
    "first_present": lambda call: f"coalesce({', '.join(aligned(call, 0, 1))})",
    "missing": "NULL",
    "lookup": _table(2),
    "lookup_or": _table(3, 2),
    "is_one_of": lambda call: (
        f"{call[1]} IN ({', '.join(map(literal, call.constant(0)))})"
        if call.constant(0)
        else f"({call[1]} <> {call[1]})"
    ),
    **DECIMALS,
    **DATES,
    **TEXTS,
    **CODES,
}

FORMS: Mapping[str, Mapping[str, Form]] = {"sql": _SQL, "excel": EXCEL, "pandas": PANDAS, "polars": POLARS}
