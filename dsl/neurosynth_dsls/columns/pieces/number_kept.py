"""Rules between numbers that were found before: the parts of a column and the ways to read a number often have the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache, wraps
from typing import TypeVarTuple

from neurosynth_dsls.columns.pieces.number_lines import Rule

__all__ = ["kept"]

Ts = TypeVarTuple("Ts")
MOST = 4096
"""Number of answers kept of each function."""


def kept(
    search: Callable[[Sequence[Decimal], Sequence[Decimal], *Ts], Iterator[Rule]],
) -> Callable[[Sequence[Decimal], Sequence[Decimal], *Ts], tuple[Rule, ...]]:
    """A search for rules that lead from some numbers to others, which keeps its last answers. Further arguments are hashable.

    Two of three searches ask for what was asked before. Numbers are told apart by how they are written: ``1.0`` has other decimals than
    ``1``.
    """

    @lru_cache(maxsize=MOST)
    def found(xs: tuple[str, ...], ys: tuple[str, ...], *given: *Ts) -> tuple[Rule, ...]:
        return tuple(search(tuple(map(Decimal, xs)), tuple(map(Decimal, ys)), *given))

    @wraps(search)
    def ask(xs: Sequence[Decimal], ys: Sequence[Decimal], *given: *Ts) -> tuple[Rule, ...]:
        texts = tuple(map(str, xs))
        if len({*zip(texts, ys, strict=True)}) > len({*texts}):
            return ()  # one number leads to one number
        return found(texts, tuple(map(str, ys)), *given)

    return ask
