"""The forms of the primitives of ``strings`` in SQL (DuckDB), pandas, polars and spreadsheets: templates, and functions that read
constants. White space is ASCII's here; Python's ``split`` also knows the rarer white space of Unicode."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from neurosynth.export.base import ExportError
from neurosynth.export.expressions import Form, FormCall
from neurosynth.export.sql import literal
from neurosynth_dsls.strings.excel_forms import EXCEL

__all__ = ["CAPITAL", "FORMS"]


def _item(things: str, n: int | str) -> str:
    """Item n of a list, from 0, or from -1 backwards; the empty text if there is none."""
    if isinstance(n, int):
        return f"coalesce({things}[{n + 1 if n >= 0 else n}], '')"
    return f"coalesce({things}[CASE WHEN {n} >= 0 THEN {n} + 1 ELSE {n} END], '')"


def _number(call: FormCall, position: int) -> int | str:
    """A constant, or an expression."""
    return int(call.constant(position)) if call.is_constant(position) else call[position]


def _runs(pattern: str) -> Form:
    return lambda call: _item(f"regexp_extract_all({call[0]}, '{pattern}')", _number(call, 1))


def _at(call: FormCall) -> str:
    n = _number(call, 1)
    if isinstance(n, int):
        return f"{call[0]}[{n + 1}]" if n >= 0 else "''"
    return f"CASE WHEN {n} >= 0 THEN {call[0]}[{n} + 1] ELSE '' END"


def _substring(call: FormCall) -> str:
    i, n = _number(call, 1), _number(call, 2)
    if isinstance(i, int) and isinstance(n, int):
        return f"substring({call[0]}, {i + 1}, {n})" if i >= 0 and n > 0 else "''"
    return f"CASE WHEN {i} >= 0 AND {n} > 0 THEN substring({call[0]}, {i} + 1, {n}) ELSE '' END"


def _take(call: FormCall) -> str:
    return f"left({call[0]}, {call[1]})"


def _drop(call: FormCall) -> str:
    n = _number(call, 1)
    if isinstance(n, int):
        return f"{call[0]}[{n + 1}:]" if n >= 0 else f"right({call[0]}, {-n})"
    return f"CASE WHEN {n} >= 0 THEN {call[0]}[{n} + 1:] ELSE right({call[0]}, -{n}) END"


def _before(call: FormCall) -> str:
    if call.is_constant(1):
        return f"split_part({call[0]}, {call[1]}, 1)" if call.constant(1) else "''"
    return f"CASE WHEN {call[1]} = '' THEN '' ELSE split_part({call[0]}, {call[1]}, 1) END"


def _after(call: FormCall) -> str:
    s, separator = call[0], call[1]
    rest = f"CASE WHEN contains({s}, {separator}) THEN {s}[strpos({s}, {separator}) + length({separator}):] ELSE '' END"
    if call.is_constant(1):
        return rest if call.constant(1) else s
    return f"CASE WHEN {separator} = '' THEN {s} ELSE {rest} END"


def _field(call: FormCall) -> str:
    n = _number(call, 2)
    if call.is_constant(1) and call.constant(1):
        return _item(f"string_split({call[0]}, {call[1]})", n)
    pieces = (
        f"CASE WHEN {call[1]} = '' THEN [{call[0]}] WHEN {call[1]} <> '' THEN string_split({call[0]}, {call[1]}) END"
    )
    return _item(f"({pieces})", n)


def _index_of(call: FormCall) -> str:
    s, pattern = call[0], call[1]
    start = _number(call, 2)
    if start == 0:
        return f"strpos({s}, {pattern}) - 1"
    place = f"strpos({s}[{start} + 1:], {pattern})"
    found = f"CASE WHEN {start} > length({s}) OR {place} = 0 THEN -1 ELSE {place} - 1 + {start} END"
    return found if isinstance(start, int) and start > 0 else f"CASE WHEN {start} < 0 THEN -1 ELSE {found} END"


def _replace_first(call: FormCall) -> str:
    if not call.is_constant(1) or not call.is_constant(2):
        s, pattern, by = call.arguments
        place = f"strpos({s}, {pattern})"
        return f"CASE WHEN contains({s}, {pattern}) THEN left({s}, {place} - 1) || {by} || {s}[{place} + length({pattern}):] ELSE {s} END"
    pattern, by = re.escape(call.constant(1)).replace("\\ ", " "), call.constant(2).replace("\\", "\\\\")
    return f"regexp_replace({call[0]}, {literal(pattern)}, {literal(by)})"


def _words(change: str) -> Form:
    """Each run of letters changed, and the rest unchanged."""
    return lambda call: (
        f"array_to_string(list_transform(regexp_extract_all({call[0]}, '\\p{{L}}+|\\P{{L}}+'), lambda w: {change}), '')"
    )


CAPITAL = "CASE w[1] WHEN 'ß' THEN 'Ss' ELSE upper(w[1]) END || lower(w[2:])"
"""DuckDB's expression for a word ``w`` with a capital first letter, of which its own for 'ß' is 'ẞ'."""

_SQL: Mapping[str, Form] = {
    "ite": "CASE WHEN {0} THEN {1} ELSE {2} END",
    "=": "{0} = {1}",
    "and": "{0} AND {1}",
    "or": "{0} OR {1}",
    "not": "NOT {0}",
    "=>": "NOT {0} OR {1}",
    "str.++": "{0} || {1}",
    "str.at": _at,
    "str.substr": _substring,
    "str.replace": _replace_first,
    "str.replace_all": "replace({0}, {1}, {2})",
    "str.len": "length({0})",
    "str.indexof": _index_of,
    "str.rindexof": (
        "CASE WHEN contains({0}, {1}) THEN length({0}) - length({1}) - strpos(reverse({0}), reverse({1})) + 1 ELSE -1 END"
    ),
    "str.prefixof": "starts_with({1}, {0})",
    "str.suffixof": "ends_with({1}, {0})",
    "str.contains": "contains({0}, {1})",
    "str.<": "{0} < {1}",
    "str.<=": "{0} <= {1}",
    "str.is_digit": "regexp_full_match({0}, '[0-9]')",
    "str.to.int": "CASE WHEN regexp_full_match({0}, '[0-9]+') THEN TRY_CAST({0} AS BIGINT) ELSE -1 END",
    "int.to.str": "CASE WHEN {0} >= 0 THEN CAST({0} AS VARCHAR) ELSE '' END",
    "+": "{0} + {1}",
    "-": "{0} - {1}",
    "neg": "-({0})",
    "<": "{0} < {1}",
    "<=": "{0} <= {1}",
    ">": "{0} > {1}",
    ">=": "{0} >= {1}",
    "str.lower": "lower({0})",
    "str.upper": "upper(replace({0}, 'ß', 'SS'))",  # DuckDB's own capital of it is 'ẞ'
    "str.title": _words(CAPITAL),
    "str.trim": "trim({0}, ' \t\n\r\x0b\x0c')",
    "str.reverse": "reverse({0})",
    "str.word": lambda call: _item(f"regexp_split_to_array(trim({call[0]}), '\\s+')", _number(call, 1)),
    "str.field": _field,
    "str.number": _runs("[0-9]+"),
    "str.letters": _runs("\\p{L}+"),
    "str.capitals": _runs("\\p{Lu}+"),
    "str.lowers": _runs("\\p{Ll}+"),
    "str.before": _before,
    "str.after": _after,
    "str.take": _take,
    "str.drop": _drop,
    "str.initials": ("array_to_string(list_transform(regexp_split_to_array(trim({0}), '\\s+'), lambda w: w[1]), '')"),
    "str.only_digits": "regexp_replace({0}, '[^0-9]', '', 'g')",
    "str.only_letters": "regexp_replace({0}, '\\P{{L}}', '', 'g')",
    "str.only_capitals": "regexp_replace({0}, '\\P{{Lu}}', '', 'g')",
    "str.drop_digits": "regexp_replace({0}, '[0-9]', '', 'g')",
    "str.collapse": "trim(regexp_replace({0}, '\\s+', ' ', 'g'))",
    "str.capitalize": "upper({0}[1]) || lower({0}[2:])",
    "str.pad_left": "CASE WHEN length({0}) < {1} AND {2} <> '' THEN lpad({0}, CAST({1} AS INTEGER), {2}[1]) ELSE {0} END",
    "is_missing": "{0} IS NULL",
    "first_present": "coalesce({0}, {1})",
}


Over = Callable[[str, tuple[Any, ...]], str]
"""From a column and the constants to an expression."""


def _over(write: Over | str) -> Form:
    """A form over a column whose other arguments are constants; other calls are declined."""

    def form(call: FormCall) -> str:
        if call.is_constant(0):
            raise ExportError(f"{call.primitive.name} of a constant text; export this program to python")
        constants = tuple(call.constant(i) for i in range(1, len(call.arguments)))
        return write.format(call[0]) if isinstance(write, str) else write(call[0], constants)

    return form


def _pandas_slice(s: str, c: tuple[Any, ...]) -> str:
    i, n = c
    return f"{s}.str[{i}:{i + n}]" if i >= 0 and n > 0 else f"{s}.str[:0]"


_PANDAS: Mapping[str, Form] = {
    "str.++": "{0} + {1}",
    "str.at": _over(lambda s, c: _pandas_slice(s, (c[0], 1))),
    "str.substr": _over(_pandas_slice),
    "str.replace": _over(
        lambda s, c: f"{s}.str.replace({c[0]!r}, {c[1]!r}, n=1, regex=False)" if c[0] else f"{c[1]!r} + {s}"
    ),
    "str.replace_all": _over(lambda s, c: f"{s}.str.replace({c[0]!r}, {c[1]!r}, regex=False)" if c[0] else s),
    "str.lower": _over("{0}.str.lower()"),
    "str.upper": _over("{0}.str.upper()"),
    "str.title": _over("{0}.str.title()"),
    "str.capitalize": _over("{0}.str.capitalize()"),
    "str.swapcase": _over("{0}.str.swapcase()"),
    "str.trim": _over("{0}.str.strip()"),
    "str.take": _over(lambda s, c: f"{s}.str[:{c[0]}]"),
    "str.drop": _over(lambda s, c: f"{s}.str[{c[0]}:]"),
    "str.reverse": _over("{0}.str[::-1]"),
    "str.before": _over(lambda s, c: f"{s}.str.partition({c[0]!r})[0]" if c[0] else f"{s}.str[:0]"),
    "str.after": _over(lambda s, c: f"{s}.str.partition({c[0]!r})[2]" if c[0] else s),
    "str.only_digits": _over('{0}.str.replace(r"[^0-9]", "", regex=True)'),
    "str.drop_digits": _over('{0}.str.replace(r"[0-9]", "", regex=True)'),
    "str.pad_left": _over(lambda s, c: f"{s}.str.rjust({max(c[0], 0)}, {c[1][:1]!r})" if c[1] else s),
}


def _polars_slice(s: str, c: tuple[Any, ...]) -> str:
    i, n = c
    return f"{s}.str.slice({i}, {n})" if i >= 0 and n > 0 else f"{s}.str.head(0)"


def _polars_drop(s: str, c: tuple[Any, ...]) -> str:
    return f"{s}.str.slice({c[0]})" if c[0] >= 0 else f"{s}.str.tail({-c[0]})"


def _polars_replace(s: str, c: tuple[Any, ...]) -> str:
    return f"{s}.str.replace({c[0]!r}, {c[1]!r}, literal=True)" if c[0] else f"{c[1]!r} + {s}"


def _polars_joined(call: FormCall) -> str:
    parts = [f"pl.lit({t})" if call.is_constant(i) else t for i, t in enumerate(call.arguments)]
    return " + ".join(parts)


_POLARS: Mapping[str, Form] = {
    "str.++": _polars_joined,
    "str.at": _over(lambda s, c: _polars_slice(s, (c[0], 1))),
    "str.substr": _over(_polars_slice),
    "str.replace": _over(_polars_replace),
    "str.replace_all": _over(lambda s, c: f"{s}.str.replace_all({c[0]!r}, {c[1]!r}, literal=True)" if c[0] else s),
    "str.lower": _over("{0}.str.to_lowercase()"),
    "str.upper": _over("{0}.str.to_uppercase()"),
    "str.trim": _over("{0}.str.strip_chars()"),
    "str.take": _over(lambda s, c: f"{s}.str.head({c[0]})"),
    "str.drop": _over(_polars_drop),
    "str.reverse": _over("{0}.str.reverse()"),
    "str.only_digits": _over('{0}.str.replace_all("[^0-9]", "")'),
    "str.drop_digits": _over('{0}.str.replace_all("[0-9]", "")'),
}

FORMS: Mapping[str, Mapping[str, Form]] = {"sql": _SQL, "pandas": _PANDAS, "polars": _POLARS, "excel": EXCEL}
