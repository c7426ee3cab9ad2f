"""Dates and times as pieces: read from the inputs under the column's formats, derived, and written field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Frame, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.date_codes import Code
from neurosynth_dsls.columns.date_format import date_format
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.date_guess import column_formats
from neurosynth_dsls.columns.pieces.functions import TextIndex
from neurosynth_dsls.columns.pieces.moments import MomentStep, derivations
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["Dates", "Reading", "readings"]

AGAIN = 3
"""Bits of another field of the value just written."""
TWINS = 12
"""Derivations with equal values on the example rows that are kept, the cheapest."""
UNREAD = 20
"""Bits for a format that reads none of the table's rows; in proportion where it does not read some."""
FORMATS = 3
"""Formats of one text at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One way to read moments from an input."""

    key: tuple[Any, ...]
    cost: int
    build: Callable[[], Program]
    read: Callable[[tuple[Any, ...]], Any]
    """From a row to a moment, ``UNDEFINED`` or None."""
    fields: frozenset[str]
    """What the moments tell: Y, m, d, H, M, S."""
    dated: bool = True
    """Whether the texts look like dates or times, not like plain numbers."""


FIELDS: tuple[tuple[str, str, int], ...] = (
    ("%Y", "Y", 0),
    ("%y", "Y", 3),
    ("%-m", "m", 0),
    ("%m", "m", 0),
    ("%-d", "d", 0),
    ("%d", "d", 0),
    ("%B", "m", 0),
    ("%b", "m", 1),
    ("%^B", "m", 1),
    ("%^b", "m", 1),
    ("%~B", "m", 2),
    ("%~b", "m", 2),
    ("%A", "d", 0),
    ("%a", "d", 1),
    ("%^A", "d", 2),
    ("%^a", "d", 2),
    ("%~A", "d", 3),
    ("%~a", "d", 3),
    ("%1a", "d", 7),
    ("%2a", "d", 5),
    ("%-H", "H", 0),
    ("%H", "H", 0),
    ("%-I", "H", 1),
    ("%I", "H", 1),
    ("%-M", "M", 1),
    ("%M", "M", 0),
    ("%-S", "S", 1),
    ("%S", "S", 0),
    ("%L", "f", 1),
    ("%f", "f", 1),
    ("%p", "H", 0),
    ("%~p", "H", 0),
    ("%.p", "H", 1),
    ("%.~p", "H", 1),
    ("%1p", "H", 5),
    ("%1~p", "H", 5),
    ("%q", "m", 5),
    ("%K", "m", 7),
    ("%O", "d", 2),
    ("%V", "d", 4),
    ("%-V", "d", 4),
    ("%-N", "d", 5),
    ("%N", "d", 5),
    ("%-U", "d", 7),
    ("%U", "d", 7),
    ("%-J", "d", 6),
    ("%J", "d", 6),
    ("%-W", "d", 7),
    ("%W", "d", 7),
    ("%j", "d", 5),
    ("%-j", "d", 5),
    ("%u", "d", 8),
    ("%w", "d", 9),
    ("%n", "d", 8),
    ("%G", "d", 4),
    ("%C", "Y", 8),
)
"""Codes that outputs are written with, what they need of a moment, bits."""

_NEEDS = {
    "Y": "Y", "y": "Y", "m": "m", "d": "d", "H": "H", "I": "H", "M": "M", "S": "S", "f": "f", "j": "md", "V": "md", "G": "Y", "g": "Y",
    "u": "d", "q": "m", "K": "m", "n": "d",
}  # fmt: skip


@cache
def _codes() -> tuple[tuple[Code, str, int], ...]:
    found = []
    for text, needs, cost in FIELDS:
        (code,) = date_format(text)[0].codes
        found.append((code, needs, cost))
    return tuple(found)


def readings(column: Column) -> list[Reading]:
    """Ways to read moments from the inputs that work on all example rows."""
    found: list[Reading] = []
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is not None and all(texts) and max(map(len, texts)) <= 100:
            found += _of_input(column, i, source, texts)
    return found


def _of_input(column: Column, i: int, source: Program, texts: Sequence[str]) -> Iterator[Reading]:
    whole = list(_read_as_dates(column, (i,), source, lambda t: t, texts, 0))
    yield from whole
    if not whole:
        for separator, n in _parts(texts):
            part = _part_of(separator, n)
            if all(part(t) for t in texts):
                cut = call("text.split_at", source, separator, n)
                yield from _read_as_dates(column, (i, separator, n), cut, part, texts, 5)
    if all(re.fullmatch(r"\d{1,13}", t) for t in texts):
        yield from _of_numbers(column, i, source, texts)


def _parts(texts: Sequence[str]) -> Iterator[tuple[str, int]]:
    signs = sorted({c for c in set.intersection(*map(set, texts)) if not c.isalnum() and c not in ":/"})
    for sign in [*signs, *(s + " " for s in signs if all(s + " " in t for t in texts) and s != " ")]:
        for n in (0, 1, 2, -1):
            if all(len(t.split(sign)) > abs(n) for t in texts):
                yield sign, n


def _part_of(separator: str, n: int) -> Callable[[str], str]:
    def part(text: str) -> str:
        pieces = text.split(separator)
        return pieces[n] if -len(pieces) <= n < len(pieces) else ""

    return part


def _read_as_dates(
    column: Column, key: tuple[Any, ...], source: Program, part: Callable[[str], str], texts: Sequence[str], bits: int
) -> Iterator[Reading]:
    every = [part(row[key[0]]) for row in column.every if isinstance(row[key[0]], str)]
    shown = tuple(part(t) for t in texts)
    memo = column.memo.setdefault("date formats", {})
    if (key, shown) not in memo:
        memo[key, shown] = column_formats(every, shown)[:FORMATS]
    for found in memo[key, shown]:
        formats = date_format(found.text)
        fields = frozenset("".join(_NEEDS.get(c.field, "") for c in formats[0].codes))
        for other in formats[1:]:
            told = frozenset("".join(_NEEDS.get(c.field, "") for c in other.codes))
            if any(_fits(other.parse, s) for s in shown):
                fields &= told
        yield Reading(
            (*key, found.text),
            bits + found.cost,
            partial(call, "datetime.parse", found.text, source),
            Evaluator().function(call("datetime.parse", found.text, source)),
            fields | ({"S"} if "M" in fields else set()) | ({"M", "S"} if "H" in fields else set()),
            not found.numeric,
        )


def _fits(parse: Callable[[str], Any], text: str) -> bool:
    try:
        parse(text)
    except (ValueError, OverflowError):
        return False
    return True


def _reader(build: Callable[[], Program]) -> Callable[[tuple[Any, ...]], Any]:
    return Evaluator().function(build())


def _of_numbers(column: Column, i: int, source: Program, texts: Sequence[str]) -> Iterator[Reading]:
    """Whole numbers that count something."""
    numbers = [int(t) for t in texts]
    whole = call("str.to.int", source)
    if all(len(t) in (3, 4) for t in texts) and any(len(t) == 3 for t in texts):
        build = lambda: call("datetime.parse", "%H%M", call("str.pad_left", source, 4, "0"))  # noqa: E731
        yield Reading((i, "hhmm"), 8, build, _reader(build), frozenset("HMS"), False)
    if all(n < 14400 for n in numbers):
        start = call("datetime.parse", "%H:%M", "00:00")
        build_minutes = lambda: call("datetime.add", whole, "min", start)  # noqa: E731
        yield Reading((i, "minutes"), 20, build_minutes, _reader(build_minutes), frozenset("HMS"), False)
    if all(20000 < n < 80000 for n in numbers):
        build_serial = lambda: call("datetime.from_serial", whole)  # noqa: E731
        yield Reading((i, "serial"), 8, build_serial, _reader(build_serial), frozenset("Ymd"), False)
    if all(10**8 <= n < 10**10 for n in numbers):
        build_epoch = lambda: call("datetime.from_epoch", whole)  # noqa: E731
        yield Reading((i, "epoch"), 8, build_epoch, _reader(build_epoch), frozenset("YmdHMS"), False)


@dataclass(frozen=True)
class Dates:
    """Fields of dates and times."""

    name: str = "dates"

    def bind(self, column: Column) -> BoundDates:
        """Read the inputs and derive values."""
        return BoundDates(column)


class BoundDates:
    """The moments of one column and the fields that its outputs may be written with."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        self.outputs, self.believed = column.outputs, column.believes
        self.padded = _padding(column.outputs)
        seen: set[tuple[Any, ...]] = set()
        for reading in readings(column):
            moments = [reading.read(row) for row in column.rows]
            if not all(isinstance(m, datetime) for m in moments):
                continue
            judged = [reading.read(row) for row in column.judged]
            signature = (
                *moments,
                *(m if isinstance(m, datetime) else None for m in judged),
                tuple(sorted(reading.fields)),
            )
            if signature not in seen:
                seen.add(signature)
                unread = sum(not isinstance(m, datetime) for m in judged)
                self._derive(reading, moments, UNREAD * unread // max(1, len(judged)))

    def _derive(self, reading: Reading, moments: Sequence[datetime], unread: int) -> None:
        fields = reading.fields
        twins: dict[tuple[datetime, ...], int] = {}
        written: dict[tuple[datetime, ...], list[tuple[Code, str, int, tuple[str, ...]]]] = {}
        dated = "d" in fields or ("m" in fields and "Y" in fields)
        every = derivations("H" in fields, dated)
        for derivation in every if self.believed else every[:1]:
            try:
                derived = tuple(derivation.function(m) for m in moments)
            except (OverflowError, ValueError):
                continue
            twins[derived] = twins.get(derived, 0) + 1
            if twins[derived] > TWINS:
                continue
            if derived not in written:
                most = 9 if not derivation.family else 3
                written[derived] = list(self._written(derived, fields, most))
            for code, needs, cost, texts in written[derived]:
                self._add(reading, derivation, code, needs, cost, reading.cost + derivation.cost + unread, texts)

    def _written(
        self, moments: Sequence[datetime], fields: frozenset[str], most: int
    ) -> Iterator[tuple[Code, str, int, tuple[str, ...]]]:
        first, output = moments[0], self.outputs[0]
        for code, needs, cost in _codes():
            if cost > most or needs not in fields or code.write(first) not in output:
                continue
            texts = tuple(code.write(m) for m in moments)
            if all(t in o for t, o in zip(texts, self.outputs, strict=True)):
                yield code, needs, cost + self._padding_cost(code, texts), texts

    def _padding_cost(self, code: Code, texts: Sequence[str]) -> int:
        """Bits where the example rows do not tell whether a number is padded: siblings tell, else minutes are, days are not."""
        if code.letter not in "mdHIVNJUWj" or len(code.text) > 3:
            return 0
        if any(t.startswith("0") or len(t) < 2 for t in texts):
            return 0
        padded = "-" not in code.flags
        return 0 if padded == self.padded else 1

    def _add(
        self,
        reading: Reading,
        derivation: MomentStep,
        code: Code,
        needs: str,
        own: int,
        cost: int,
        texts: tuple[str, ...],
    ) -> None:
        def write(format: str) -> Program:
            return call("datetime.format", format, derivation.build(reading.build()))

        value = (reading.key, derivation.family, id(derivation))
        self.index.add(
            Piece(
                texts,
                cost + own,
                lambda: write(code.text),
                value,
                (reading.key, derivation.family),
                AGAIN + own,
                needs not in "HMS",
                Frame(code.text, write, _escape),
                code.text,
            )
        )

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The fields that the rests start with."""
        for piece in self.index.starting(rests):
            if self._inside_digits(piece, rests):
                continue
            yield piece

    def _inside_digits(self, piece: Piece, rests: Sequence[str]) -> bool:
        """Whether an unpadded number would stop inside digits."""
        if "-" not in piece.name or len(set(map(len, piece.texts))) < 2:
            return False
        return any(
            len(t) < len(r) and t[-1].isdigit() and r[len(t)].isdigit() for t, r in zip(piece.texts, rests, strict=True)
        )


def _escape(text: str) -> str:
    return text.replace("%", "%%").replace("|", "%|")


def _padding(outputs: Sequence[str]) -> bool:
    """Whether numbers of one digit are padded in the outputs, as far as they tell."""
    padded = plain = 0
    for output in outputs:
        for m in re.finditer(r"(?<![\d:.])(\d{1,2})(?![\d])", output):
            padded += m.group(1).startswith("0") and len(m.group(1)) == 2
            plain += len(m.group(1)) == 1
    if padded != plain:
        return padded > plain
    return any(re.search(r"\d{8}|\d{4}-\d\d|\d\d-\d\d-\d{4}|\d\d\.\d\d\.", o) for o in outputs)
