"""Exported code for lines of CSV and numbers of a series."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping

from neurosynth.language.primitive import PythonCall
from neurosynth_dsls.columns import python_helpers as helpers

__all__ = ["RECORDS"]


def _fields(call: PythonCall) -> str:
    separator, text = call.arguments
    if not call.is_constant(0) or len(call.constant(0)) != 1 or call.constant(0) in '"\r\n':
        return f"{call.use(call.primitive.function)}({separator}, {text})"
    delimiter = "" if call.constant(0) == "," else f", delimiter={separator}"
    return f"next({call.use(csv)}.reader([{text}]{delimiter}), [])"


def _step(call: PythonCall) -> str:
    return f"{call.use(helpers.step_number)}({call.arguments[1]}, {call.arguments[0]})"


RECORDS: Mapping[str, Callable[[PythonCall], str]] = {"pieces.csv": _fields, "text.step_number": _step}
"""Hooks by the name of the primitive."""
