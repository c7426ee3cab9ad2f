"""Amounts as people type them: either decimal mark in one column, packs and several units of one kind, currencies by sign or code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["TYPED", "Currencies", "fields_of_codes", "has_either_mark", "typed_amounts"]

TYPED = ("number.read", "quantity.read", "bytes.read", "clock.read", "count.read", "rkm.read")
"""Ways of reading that are known to be right where the table has several units, decimal marks or lengths of times."""

EITHER, QUANTITY, RACE, COMPONENT = 0, 1, 0, 1
"""Bits of a number with either decimal mark, where the table has both, of an amount in a unit, where it has several, of seconds, and of
values of components, where a letter is a decimal mark."""
FIELD = 4
"""Bits of a number at fixed places of a code."""
FEWEST, LEAST = 3, 10
"""Different numbers that tell such places, and what one of them must be at least."""
UNREAD = 20
"""Bits for a reading that is undefined on all rows of the table; proportional if on some."""
CURRENCY = 11
"""Bits of the code of a currency."""
KINDS = (
    ("m", frozenset({"mm", "cm", "dm", "m", "km", "in", "ft", "mi"})),
    ("l", frozenset({"ml", "cl", "dl", "l", "hl"})),
    ("kg", frozenset({"mg", "g", "kg", "t", "oz", "lb"})),
    ("s", frozenset({"ms", "s", "sec", "min", "h", "hr", "d", "day"})),
    ("°C", frozenset({"c", "f"})),
    ("°F", frozenset({"c", "f"})),
)
"""The units in which amounts are read, and those that they are read from."""
_COMMA = re.compile(r"\d,\d{1,2}(?!\d)|\d\.\d{3},\d")
_POINT = re.compile(r"\d\.\d{1,2}(?!\d)|\d,\d{3}\.\d")
_RACE = re.compile(r"\s*(?:(?:\d{1,2}:)?\d{1,2}:[0-5]\d|\d{1,4})(?:[.,]\d{1,3})?\s*")
_COMPONENT = re.compile(
    r"\s*(?:[0-9]+(?:[.,][0-9]+\s?[pnuµμmRkKMG]?|\s?[pnuµμmRkKMG]?[0-9]*)|R[0-9]+)\s?(?:Ω|[Oo]hms?|F|H)?\s*"
)
_MARKED = re.compile(r"[0-9]([pnuµμmRkKMG])[0-9]|[0-9](R)")
_CODE_OF_DIGITS = re.compile("[0-9]{8,20}")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_ALONE = re.compile(r"\D{0,6}\d[\d.,]*\D{0,6}")
_QUANTITY = re.compile(r"\s*(?:(\d+)\s*[xX×*]\s*)?-?\d+(?:[.,]\d+)?\s*[°º]?\s?([A-Za-z]+)\.?\s*")

AMOUNT = r"\d+(?:[.,]\d+)?\s?[A-Za-z]+"
"""An amount of several in a text."""
MOST = 3
"""Amounts of a text that are told apart."""
UNAPART = ("s", "°C", "°F")
"""Units whose amounts are parts of one length of time, or temperatures."""
BYTES = frozenset(f"{p}{i}b" for p in ("", *"kmgtp") for i in ("", "i")) - {"ib"}
"""Units of sizes of files and disks."""
BASES = ((1000, 1), (1024, 2))
"""How many of a unit of sizes make the next one, with bits."""
_AMOUNT = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?\s?([A-Za-z]+)(?!\w)")
_APART = re.compile(r"(?!\s*(?:,|&|and|und|et|y|e|en|och)?\s*$)[^\d,;]{1,16}")
LAST_QUANTITY = r"(?<![\w.,])\d+(?:[.,]\d+)?\s?[A-Za-z]+(?=\.?$)"
"""An amount at the end of a text."""
_LAST_QUANTITY = re.compile(r"(?<![\w.,])(\d+)(?:[.,]\d+)?\s?([A-Za-z]+)(?=\.?$)")
_COUNTED = re.compile(r"(?i)^\W*(?:[\d.]+|half an?|an?|[a-z]+) ?(?:dozen|pairs?|couples?|gross)\b")
COUNTED = 1
"""Bits of numbers of dozens or pairs, where the table has some."""

Way = tuple[str, tuple[str | int, ...], str, int, int]
"""A primitive that reads an amount, its first arguments, the pattern of the part that is read (all of the text if empty), which match of it
that is, and bits."""
Made = tuple[tuple[Any, ...], int, Callable[[], Program], tuple[Decimal, ...]]


def typed_amounts(column: Column) -> Iterator[Made]:
    """Key, bits, program and values of the amounts of all inputs."""
    for i, source in enumerate(column.inputs):
        if source.type != STRING:
            continue
        for name, arguments, pattern, n, bits in _ways(column, i):
            function = _compiled(column, name, arguments, pattern, n)
            part = source if not pattern else call("text.match", source, pattern, n)
            values = tuple(function(row[i]) for row in column.rows)
            if not all(isinstance(v, Decimal) for v in values):
                continue
            unread = sum(not isinstance(function(row[i]), Decimal) for row in column.judged)
            cost = bits + UNREAD * unread // max(1, len(column.judged))
            key = (i, name, *arguments) if n < 0 else (i, name, *arguments, n)
            yield key, cost, partial(call, name, *arguments, part), values


def fields_of_codes(column: Column) -> Iterator[Made]:
    """Key, bits, program and values of the numbers at fixed places of codes of one length, without the zeros in front of them."""
    told = [_NUMBER.search(o) if isinstance(o, str) else None for o in column.outputs]
    numbers = [int(m.group().replace(".", "")) for m in told if m]
    if column.leaf or len(numbers) < len(told) or len({*numbers}) < FEWEST or max(numbers) < LEAST:
        return
    for i, source in enumerate(column.inputs):
        cells = [row[i] for row in column.every]
        if not all(isinstance(c, str) and _CODE_OF_DIGITS.fullmatch(c) for c in cells) or len({*map(len, cells)}) > 1:
            continue
        size, shown = len(cells[0]), [row[i] for row in column.rows]
        spans = ((a, b) for n in range(size - 1, 1, -1) for a in range(size - n + 1) for b in (a + n,))
        span = next((s for s in spans if [int(c[slice(*s)]) for c in shown] == numbers), None)
        if span is not None and any(
            c[span[0]] == "0" for c in shown
        ):  # otherwise it is a part of the text as any other
            build = partial(call, "decimal.parse", "0", call("text.slice", source, *span))
            yield (i, "field", *span), FIELD, build, tuple(map(Decimal, numbers))


def _ways(column: Column, i: int) -> Sequence[Way]:
    """The primitives that read amounts from an input."""
    known: dict[int, Sequence[Way]] = column.memo.setdefault("typed amounts", {})
    if i not in known:
        texts = [row[i] for row in column.every if isinstance(row[i], str) and row[i]]
        clocks = _raced(texts)
        known[i] = [("clock.read", (), "", -1, RACE)] if clocks else [*_several(texts)] or [*_quantities(texts)]
        if not known[i] and _either(texts):
            known[i] = [("number.read", (), "", -1, EITHER)]
        elif not known[i] and any(map(_COUNTED.search, texts)):
            known[i] = [("count.read", (), "", -1, COUNTED)]
        elif not known[i] and _components(texts):
            known[i] = [("rkm.read", (), "", -1, COMPONENT)]
    return known[i]


def has_either_mark(column: Column, i: int) -> bool:
    """Whether the numbers of an input have a decimal comma in some cells and a decimal point in others."""
    return column.inputs[i].type == STRING and any(name == "number.read" for name, *_ in _ways(column, i))


def _either(texts: Sequence[str]) -> bool:
    """Whether numbers of some cells have decimal commas, and those of others decimal points."""
    return (
        any(map(_COMMA.search, texts)) and any(map(_POINT.search, texts)) and all(map(_ALONE.fullmatch, texts))
    )  # a list of numbers has commas, too


def _components(texts: Sequence[str]) -> bool:
    """Whether all cells are values of components, and letters are decimal marks in some: not only an m, which parts minutes and seconds."""
    marks = {m[1] or m[2] for m in map(_MARKED.search, texts) if m}
    return bool(marks - {"m"}) and all(map(_COMPONENT.fullmatch, texts))


def _raced(texts: Sequence[str]) -> bool:
    """Whether all cells are times of races, some of which have minutes, and some parts of seconds."""
    raced = any(":" in t for t in texts) and any("." in t or "," in t for t in texts)
    return raced and all(map(_RACE.fullmatch, texts))


def _several(texts: Sequence[str]) -> Iterator[Way]:
    """Amounts of one kind, two or three in each cell and apart from each other, if their units differ somewhere: ``0.9 TB of 2 TB``."""
    found = [list(_AMOUNT.finditer(t)) for t in texts]
    if not found or len({*map(len, found)}) > 1 or not 2 <= len(found[0]) <= MOST:
        return
    units = {m[1].lower() for some in found for m in some}
    if len(units) < 2 or not all(
        _APART.fullmatch(t, a.end(), b.start()) for t, some in zip(texts, found, strict=True) for a, b in pairwise(some)
    ):
        return
    for unit, names in KINDS:
        if units <= names and unit not in UNAPART:
            for n in range(len(found[0])):
                yield "quantity.read", (unit,), AMOUNT, n, QUANTITY
    if units <= BYTES:
        for base, bits in BASES:
            for n in range(len(found[0])):
                yield "bytes.read", (base,), AMOUNT, n, bits


def _quantities(texts: Sequence[str]) -> Iterator[Way]:
    found, pattern = [_QUANTITY.fullmatch(t) for t in texts], ""
    if texts and not any(found):
        found, pattern = [_LAST_QUANTITY.search(t) for t in texts], LAST_QUANTITY
    if not texts or not all(found):
        return
    units = {m[2].lower() for m in found if m}
    if len(units) > 1 or any(m and m[1] for m in found if not pattern):
        for unit, names in KINDS:
            if units <= names:
                yield "quantity.read", (unit,), pattern, -1, QUANTITY


def _compiled(
    column: Column, name: str, arguments: tuple[str | int, ...], pattern: str = "", n: int = -1
) -> Callable[[Any], Any]:
    """The function of a text, which remembers its values."""
    known: dict[Any, Any] = column.memo.setdefault(("amounts", name, *arguments, pattern, n), {})
    part = call("text.match", Input(0, STRING), pattern, n) if pattern else Input(0, STRING)
    function = function_of(call(name, *arguments, part))

    def read(text: Any) -> Any:
        if text not in known:
            known[text] = function((text,))
        return known[text]

    return read


@dataclass(frozen=True)
class Currencies:
    """Codes of the currencies of texts, whatever way they are written."""

    name: str = "currencies"

    def bind(self, column: Column) -> BoundCurrencies:
        """Read the currencies of all inputs."""
        return BoundCurrencies(column)


class BoundCurrencies:
    """The currencies of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        if not all(isinstance(o, str) and _CODE.search(o) for o in column.outputs):
            return
        for i, source in enumerate(column.inputs):
            if texts_of(column, i, column.rows) is None:
                continue
            function = _compiled(column, "currency.code", ())
            codes = [function(row[i]) for row in column.rows]
            if all(isinstance(c, str) and c in o for c, o in zip(codes, column.outputs, strict=True)):
                unread = sum(not isinstance(function(row[i]), str) for row in column.judged)
                cost = CURRENCY + UNREAD * unread // max(1, len(column.judged))
                self.index.add(Piece(tuple(codes), cost, partial(call, "currency.code", source), name="currency"))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The codes that the rests start with."""
        if all(rests):
            yield from self.index.starting(rests)


_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")
