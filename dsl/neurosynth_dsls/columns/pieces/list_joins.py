"""Items of lists put in an order, numbered, and joined by the texts between them in the outputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from neurosynth.language.pieces import Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.list_orders import orders

__all__ = ["all_changed", "all_in", "joined_lists"]

BASE = 12
"""Bits of a list whose items are joined again."""
RUN_TOGETHER = 6
"""Bits of joining items that contain digits without a separator."""
UNUSUAL = 16
"""Bits of a sign before the last item where only blanks stand between the others: that sign is between two parts of the output."""
WRITTEN = 7
"""Bits of a digit between items."""
JOIN = 8
"""Maximum number of characters between two items of an output."""

Items = list[str]


def joined_lists(
    lists: Sequence[Items],
    cost: int,
    build: Callable[[], Program],
    outputs: Sequence[str],
    swaps: int,
    copied: Callable[[str, Sequence[int]], bool],
) -> Iterator[Piece]:
    """The items in an order, joined by the text between them in the outputs.

    ``swaps`` are bits of another order. ``copied`` tells whether all of some rows have a text between items in their inputs.
    """
    several = [k for k, xs in enumerate(lists) if len(xs) > 1]
    if not several:
        return

    def separates(text: str) -> bool:
        return not copied(text, several)

    for bits, names, items in orders(lists, outputs, not swaps):
        ordered = partial(_ordered, build, names)
        bits += cost + (swaps if names else 0)
        yield from _with_joins(items, outputs, bits, ordered, separates)
        for separator in _numberings(items, outputs):
            numbered = tuple([f"{n}{separator}{x}" for n, x in enumerate(xs, 1)] for xs in items)
            yield from _with_joins(
                numbered,
                outputs,
                bits + 6 + len(separator),
                lambda b=ordered, s=separator: call("pieces.numbered", s, b()),  # type: ignore[misc]  # a bound default has no type
                separates,
            )


def _ordered(build: Callable[[], Program], names: Sequence[str]) -> Program:
    program = build()
    for name in names:
        program = call(name, program)
    return program


def _with_joins(
    items: Sequence[Items],
    outputs: Sequence[str],
    cost: int,
    build: Callable[[], Program],
    separates: Callable[[str], bool],
) -> Iterator[Piece]:
    longest = max(range(len(items)), key=lambda k: len(items[k]))
    for join in filter(separates, _between_items(items[longest], outputs[longest], 0)):
        values = tuple(join.join(xs) for xs in items)
        if all_in(values, outputs):
            digits = not join and any(map(_DIGIT.search, values))
            bits = BASE + cost + _between_bits(join) + RUN_TOGETHER * digits
            yield Piece(values, bits, partial(_join, join, build), name="list")
        elif len(items[longest]) > 2:
            for last in filter(separates, _between_items(items[longest], outputs[longest], -2)):
                values = tuple(last.join([*([join.join(xs[:-1])] if xs[:-1] else []), *xs[-1:]]) for xs in items)
                if last != join and all_in(values, outputs):
                    unusual = not join.strip() and "&" not in last and not any(map(str.isalnum, last))
                    yield Piece(
                        values,
                        BASE + cost + 4 + _between_bits(join + last) + UNUSUAL * unusual,
                        lambda j=join, k=last: call("pieces.join_last", j, k, build()),  # type: ignore[misc]  # a bound default has no type
                        name="list",
                    )


_DIGIT = re.compile(r"\d")


def _between_bits(text: str) -> int:
    """Bits of what is written between items: signs are usual there, digits are hardly constant."""
    return len(text) // 2 + WRITTEN * sum(map(str.isdigit, text))


def _join(separator: str, build: Callable[[], Program]) -> Program:
    return call("pieces.join", separator, build())


def all_in(values: Sequence[str], outputs: Sequence[str]) -> bool:
    """Whether every text stands in its output."""
    return all(v in o for v, o in zip(values, outputs, strict=True))


def all_changed(
    lists: Sequence[Items], change: Callable[[str], str], outputs: Sequence[str]
) -> tuple[Items, ...] | None:
    """The changed items, or None as soon as one is not in its output."""
    found: list[Items] = []
    for xs, output in zip(lists, outputs, strict=True):
        changed: Items = []
        for x in xs:
            item = change(x)
            if item not in output:
                return None
            changed.append(item)
        found.append(changed)
    return tuple(found)


def _between_items(items: Items, output: str, at: int) -> list[str]:
    """Possible texts between an item and the next in an output."""
    if len(items) < 2:
        return []
    first, second = items[at], items[at + 1]
    found: list[str] = []
    start = output.find(first)
    while start >= 0 and len(found) < 3:
        end = start + len(first)
        place = output.find(second, end)
        if 0 <= place - end <= JOIN and output[end:place] not in found:
            found.append(output[end:place])
        start = output.find(first, start + 1)
    return found


def _numberings(items: Sequence[Items], outputs: Sequence[str]) -> list[str]:
    """Possible texts between the number 1 and the first item in all outputs."""
    found: set[str] | None = None
    for xs, output in zip(items, outputs, strict=True):
        if not xs:
            continue
        if "1" not in output or xs[0] not in output:
            return []
        mine = set(re.findall(rf"(?<!\d)1([^\w]{{1,3}}){re.escape(xs[0])}", output))
        found = mine if found is None else found & mine
    return sorted(found or ())
