"""Orders of the items of lists: reversed, each once, sorted as texts, as numbers or by the number in each, and these together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import factorial, prod
from operator import itemgetter

from neurosynth_dsls.columns.python_phrases import by_number

__all__ = ["Order", "orders"]

Items = list[str]
Order = tuple[int, tuple[str, ...], tuple[Items, ...]]
"""Bits, primitives, and the items of all rows in this order."""

GIVEN, REVERSED = 4, 8
"""Bits of the order of the input, and of the reverse order."""
ONCE, ONCE_REVERSED = 4, 8
"""Bits of having each item once in either; sorted items are usually listed once, reversed ones hardly ever."""
SAVED = 7
"""Bits that sorting saves if it is more than a coincidence that the items of all outputs are sorted."""
ORDERINGS = 12
"""Number of orders that the items could have had from which on it is."""
_WHOLE = re.compile(r"\s*[-+]?\d+\s*")
_NUMBERED = re.compile(r"(.*?)(\d+)")


def orders(lists: Sequence[Items], outputs: Sequence[str], told: bool) -> Iterator[Order]:
    """The orders that differ on the example rows; the cheapest of equal ones. ``told`` allows the lower bits of what the outputs show."""
    seen: list[tuple[Items, ...]] = []
    for bits, names, items in sorted(_orders(lists, outputs, told), key=itemgetter(0)):
        if items not in seen:
            seen.append(items)
            yield bits, names, items


def _orders(lists: Sequence[Items], outputs: Sequence[str], told: bool) -> Iterator[Order]:
    """All of them, with equal ones."""
    given = tuple(lists)
    once: tuple[Items, ...] = tuple(list(dict.fromkeys(xs)) for xs in lists)
    kept: list[tuple[tuple[str, ...], tuple[Items, ...]]] = [((), given)]
    if once != given:
        kept.append((("pieces.unique",), once))
    for bits, name, sort in _sorts(given):
        for names, items in kept:
            rising = tuple(map(sort, items))
            for turned, arranged in enumerate((rising, _reversed(rising))):
                primitives = (*names, name, *("pieces.reverse",) * turned)
                shown = told and _shown(items, arranged, outputs)
                yield turned + bits - (SAVED if shown else 0), primitives, arranged
    for names, items in kept:
        yield GIVEN + ONCE * len(names), names, items
        yield REVERSED + ONCE_REVERSED * len(names), (*names, "pieces.reverse"), _reversed(items)


Sort = tuple[int, str, Callable[[Items], Items]]
"""Bits of an ascending order, the primitive, and what it does to the items; a descending order has one bit more."""
_TEXTS: Sort = (14, "pieces.sort", sorted)
_NUMBERS_AS_TEXTS: Sort = (18, "pieces.sort", sorted)
_NUMBERS: Sort = (15, "pieces.sort_numbers", partial(sorted, key=int))
_NUMBERED_ALIKE: Sort = (15, "pieces.by_number", by_number)
_BY_NUMBER: Sort = (17, "pieces.by_number", by_number)


def _sorts(lists: Sequence[Items]) -> list[Sort]:
    """Ways to sort the items; what is the same text before numbers is in order of the numbers, whatever their lengths."""
    items = [x for xs in lists for x in xs]
    if all(map(_WHOLE.fullmatch, items)):
        return [_NUMBERS, _NUMBERS_AS_TEXTS]
    numbered = [_NUMBERED.fullmatch(x) for x in items]
    if all(numbered) and len({m[1] for m in numbered if m}) == 1:
        return [_NUMBERED_ALIKE, _NUMBERS_AS_TEXTS]
    return [_TEXTS, _BY_NUMBER] if all(map(_DIGIT.search, items)) else [_TEXTS]


_DIGIT = re.compile(r"\d")


def _reversed(lists: Sequence[Items]) -> tuple[Items, ...]:
    return tuple(xs[::-1] for xs in lists)


def _shown(lists: Sequence[Items], arranged: Sequence[Items], outputs: Sequence[str]) -> bool:
    """Whether the items stand in an order in all outputs, and not in all inputs, and could have stood in many."""
    orderings = prod(factorial(min(9, len({*xs}))) for xs in lists)
    if orderings < ORDERINGS or all(xs == ys for xs, ys in zip(lists, arranged, strict=True)):
        return False
    return all(_in_order(xs, o) for xs, o in zip(arranged, outputs, strict=True))


def _in_order(items: Items, output: str) -> bool:
    at = 0
    for x in items:
        at = output.find(x, at) + len(x)
        if at < len(x):
            return False
    return True
