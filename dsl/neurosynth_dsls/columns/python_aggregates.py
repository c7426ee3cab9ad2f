"""Exported code for numbers in pieces of a text."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from neurosynth.language.primitive import PythonCall
from neurosynth_dsls.columns.number_format import number_format
from neurosynth_dsls.columns.python_numbers import read_with, reader

__all__ = ["AGGREGATES"]


def _of_pieces(write: Callable[[PythonCall, str], str]) -> Callable[[PythonCall], str]:
    """A function of the numbers in pieces."""

    def hook(call: PythonCall) -> str:
        alternatives = number_format(call.constant(0))
        xs = call.arguments[1]
        if len(alternatives) == 1:
            read = read_with(call, alternatives[0], "piece")
            plain = read == f"{call.use(Decimal)}(piece)"
            return write(call, f"map({call.use(Decimal)}, {xs})" if plain else f"({read} for piece in {xs})")
        return write(call, f"map({reader(call, alternatives)}, {xs})")

    return hook


def _statistic(function: Callable[..., Any]) -> Callable[[PythonCall], str]:
    return _of_pieces(lambda call, numbers: f"{call.use(function)}({_inner(numbers)})")


def _inner(numbers: str) -> str:
    """A generator that is the only argument needs no parentheses."""
    return numbers[1:-1] if numbers.startswith("(") else numbers


AGGREGATES: Mapping[str, Callable[[PythonCall], str]] = {
    "pieces.sum": _of_pieces(lambda call, numbers: f"sum({numbers}, {call.use(Decimal)}(0))"),
    "pieces.mean": _statistic(statistics.mean),
    "pieces.median": _statistic(statistics.median),
    "pieces.least": _of_pieces(lambda _, numbers: f"min({_inner(numbers)})"),
    "pieces.greatest": _of_pieces(lambda _, numbers: f"max({_inner(numbers)})"),
    "pieces.count_of": lambda call: "{1}.count({0})".format(*call.arguments),
}
