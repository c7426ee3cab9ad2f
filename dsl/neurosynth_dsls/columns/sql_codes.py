"""SQL (DuckDB) of texts in the encodings of computers."""

from __future__ import annotations

import html
from collections.abc import Mapping
from string import ascii_lowercase, ascii_uppercase

from neurosynth.export.expressions import Form, FormCall
from neurosynth.export.sql import literal
from neurosynth_dsls.columns.encodings import rotate

__all__ = ["CODES"]

_LETTERS = ascii_lowercase + ascii_uppercase


def _rotated(call: FormCall) -> str:
    return f"translate({call[1]}, {literal(_LETTERS)}, {literal(rotate(int(call.constant(0)), _LETTERS))})"


def _escaped(call: FormCall) -> str:
    text = call[0]
    for sign in "&<>\"'":
        text = f"replace({text}, {literal(sign)}, {literal(html.escape(sign))})"
    return text


CODES: Mapping[str, Form] = {
    "text.rotate": _rotated,
    "text.escape": _escaped,
    "text.hex": "lower(hex(encode({0})))",
    "text.base64": "to_base64(encode({0}))",
    "is_leap_year": "({0} % 4 = 0 AND ({0} % 100 <> 0 OR {0} % 400 = 0))",
}
"""Forms by the name of the primitive."""
