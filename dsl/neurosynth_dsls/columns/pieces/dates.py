"""Dates and times as pieces: read from the inputs under the column's formats, derived, and written field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
from operator import attrgetter
from typing import Any

from neurosynth.language.pieces import Column, Frame, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.date_codes import Code
from neurosynth_dsls.columns.date_format import DateFormat
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.date_fields import Field, fields_in
from neurosynth_dsls.columns.pieces.date_padding import OwnFormat, own_format, padding
from neurosynth_dsls.columns.pieces.date_readings import readings
from neurosynth_dsls.columns.pieces.date_tokens import locale_of, shortens
from neurosynth_dsls.columns.pieces.day_shifts import (
    day_shifts,
    later_years,
    minute_shifts,
    month_shifts,
    weekday_steps,
)
from neurosynth_dsls.columns.pieces.moment_reading import Reading
from neurosynth_dsls.columns.pieces.moments import HOUR, MomentStep, derivations
from neurosynth_dsls.columns.pieces.rolled_days import rolled_shifts
from neurosynth_dsls.columns.pieces.shifted_dates import shifted_readings
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["Dates"]

AGAIN = 3
"""Bits of another field of the value just written."""
TWINS = 12
"""Number of derivations kept that have equal values on the example rows, the cheapest."""
UNREAD = 20
"""Bits for a format that reads none of the table's rows; proportional if it does not read some."""

UNSHOWN = 3
"""Bits for years that begin with a month in which no example is."""

WEEKDAY = 8
"""Bits for a weekday of a rounded or moved time without a day of the month next to it: usually the day of the input is meant."""

PLACE = attrgetter("place")
"""The order of fields."""

FOLLOWING = ("add -1 day", "add 1 day", "floor month ", "workday on or after", "workday on or before")
"""What is derived from moments that another input has moved: a contract of 12 months ends on the day before."""

ANNOUNCED = 8
"""Bits for another field than the one that the word before it announces: a month behind W."""

ALIKE = 8
"""Bits for writing a changed moment in the format in which it is read."""

FINE = 6
"""Bits for rounding to a step of minutes if the outputs do not have the minutes."""

HALVED = 8
"""Bits for an hour of 24 before AM or PM: there an hour of 12 is meant, also if no example has one after noon."""

LONE = 6
"""Bits for a number that is read as a part of a date and written as the same part: as a number, it has no largest value."""

WEEKS_OF_YEAR = 6
"""Bits for a year before a week that is not the year of the week."""


@dataclass(frozen=True)
class Dates:
    """Fields of dates and times."""

    name: str = "dates"

    def bind(self, column: Column) -> BoundDates:
        """Read the inputs and derive values."""
        return BoundDates(column)


class BoundDates:
    """The moments of one column, and the fields in which its outputs may be written."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        self.column, self.outputs, self.believed = column, column.outputs, column.believes
        self.rows, self.judged = column.rows, column.judged
        seen: set[tuple[Any, ...]] = set()
        self.locale = locale_of(column.outputs, column.outputs) or ""
        self.needed = frozenset(f.needs for f in fields_in(column.outputs, self.locale))
        if not self.needed:
            return
        self.reached = column.memo.setdefault("dates reached", {})
        shifted = shifted_readings(column) if column.believes else ()
        found = [*(r for r in readings(column) if not r.fixed), *shifted]
        for reading in found:
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
                unread = [row for row, m in zip(column.judged, judged, strict=True) if not isinstance(m, datetime)]
                share = UNREAD * len(unread) // max(1, len(judged))
                self._derive(reading, moments, UNREAD if _of_plain_numbers(reading, unread) else share)

    @cached_property
    def padded(self) -> tuple[bool, bool]:
        """Whether days and months, and hours, are padded."""
        return padding(self.outputs, self.column)

    @cached_property
    def short(self) -> bool:
        """Whether the inputs have short names of months."""
        return shortens([v for row in self.column.every for v in row if isinstance(v, str)])

    def _derive(self, reading: Reading, moments: Sequence[datetime], unread: int) -> None:
        fields = reading.fields
        told = fields | {"d"} if "m" in fields and "Y" in fields else fields
        needed = told & self.needed
        if not needed:
            return
        twins: dict[tuple[datetime, ...], int] = {}
        written: dict[tuple[datetime, ...], list[tuple[Code, str, int, tuple[str, ...]]]] = {}
        dated = "d" in fields or ("m" in fields and "Y" in fields)
        usual = every = derivations("H" in fields, dated)
        if self.believed and not reading.moved:
            known = {d.family for d in every}
            dated_days = {"Y", "d"} <= fields
            days = (*day_shifts(self.column, moments), *rolled_shifts(self.column, moments)) if dated_days else ()
            minutes = minute_shifts(self.column, moments) if "H" in fields else ()
            months = (
                (*month_shifts(self.column, moments), *weekday_steps(self.column, moments))
                if {"Y", "m"} <= fields
                else ()
            )
            years = later_years(self.column, moments) if {"Y", "m"} <= fields else ()
            every = (*every, *(d for d in (*days, *minutes, *months, *years) if d.family not in known))
        own: list[OwnFormat | None] = []
        kept = frozenset(usual)
        for derivation in self._tried(reading, every):
            derived, shown = self._reached(derivation, moments, needed, self.reached if derivation in kept else {})
            if not shown:
                continue
            twins[derived] = twins.get(derived, 0) + 1
            if twins[derived] > TWINS:
                continue
            if derived not in written:
                most = 9 if not derivation.family or derivation.starts else 3
                written[derived] = list(self._written(derived, shown, most))
            parts = {needs for _, needs, *_ in written[derived]}
            bits = reading.cost + derivation.cost + unread + FINE * (derivation.grid % HOUR != 0 and "M" not in parts)
            if derivation.family and parts:
                own = own or [own_format(reading, (*self.rows, *self.judged), len(self.rows))]
                if own[0] and own[0].needs <= parts:
                    self._add_alike(reading, derivation, own[0].format, derived, bits)
            dayless = derivation.of_times and not any(code.letter == "d" for code, *_ in written[derived])
            dayless = dayless and derivation.crosses
            for code, needs, cost, texts in written[derived]:
                if (needs in fields or derivation.whole_days) and code.letter in (derivation.only or code.letter):
                    cost += WEEKDAY * (dayless and code.letter in "aA")
                    cost += LONE * (code.letter in fields and len(fields) == 1 and not derivation.family)
                    cost += UNSHOWN * (derivation.starts > 0 and all(m.month != derivation.starts for m in moments))
                    self._add(reading, derivation, code, needs, cost, bits, texts)

    def _add_alike(
        self, reading: Reading, derivation: MomentStep, format: DateFormat, moments: Sequence[datetime], cost: int
    ) -> None:
        """The changed moments, written as they are read."""
        texts = tuple(map(format.format, moments))
        if all(t in o for t, o in zip(texts, self.outputs, strict=True)):
            self.index.add(
                Piece(
                    texts,
                    cost + ALIKE,
                    lambda: call("datetime.format", format.text, derivation.build(reading.build())),
                    (reading.key, derivation.family, id(derivation)),
                    (reading.key, derivation.family),
                    manner=id(derivation),
                    alike=derivation.cost * 3 // 4,
                    read=reading.key[0],
                    name="as read",
                )
            )

    def _tried(self, reading: Reading, every: Sequence[MomentStep]) -> Sequence[MomentStep]:
        """The derivations; of moments that another input has moved, the day before and behind, and the ends of months alone."""
        if not self.believed:
            return every[:1]
        return [d for d in every if not d.family or d.family in FOLLOWING] if reading.moved else every

    def _reached(
        self, derivation: MomentStep, moments: Sequence[datetime], needed: frozenset[str], known: dict[Any, datetime]
    ) -> tuple[tuple[datetime, ...], Sequence[Field]]:
        """The values of a derivation, and the fields of them that the outputs have; no fields if it has no value on some row.

        ``known`` remembers the values, which all branches of the table share; and the fields of first rows are remembered.
        """
        derived: list[datetime] = []
        fields: Sequence[Field] = ()
        for moment, output in zip(moments, self.outputs, strict=True):
            key = derivation, moment
            value = known.get(key)
            if value is None:
                try:
                    value = known[key] = derivation.function(moment)
                except (OverflowError, ValueError):
                    return (), ()
            if derived:
                fields = [f for f in fields if f.code.write(value) in output]
            else:
                found = (*self._shown(value, value.date(), False), *self._shown(value, value.time(), True))
                fields = sorted((f for f in found if f.needs in needed), key=PLACE)
            if not fields:
                break
            derived.append(value)
        return tuple(derived), fields

    def _shown(self, moment: datetime, part: date | time, timed: bool) -> Sequence[Field]:
        """The fields of a date, or of a time of day, that the first output has."""
        known: dict[Any, Sequence[Field]] = self.column.memo.setdefault("fields of dates", {})
        output = self.outputs[0]
        found = known.get((part, output, self.locale))
        if found is None:
            fields = known.get((output, self.locale))
            if fields is None:
                fields = known[output, self.locale] = fields_in((output,), self.locale)
            found = [f for f in fields if (f.needs in "HMSf") == timed and f.code.write(moment) in output]
            known[part, output, self.locale] = found
        return found

    def _written(
        self, moments: Sequence[datetime], fields: Sequence[Field], most: int
    ) -> Iterator[tuple[Code, str, int, tuple[str, ...]]]:
        for field in fields:
            if field.cost <= most:
                texts = tuple(map(field.code.write, moments))
                yield field.code, field.needs, field.cost + self._padding_cost(field.code, texts), texts

    def _padding_cost(self, code: Code, texts: Sequence[str]) -> int:
        """Bits if the example rows do not determine whether a number is padded.

        Its siblings decide, or else minutes are padded and days are not. The rows may also not determine whether May is a short name:
        it is if the inputs have short names.
        """
        if code.letter in "YG" and all(
            re.search(rf"(?<!\d){t}-?W\d", o) for t, o in zip(texts, self.outputs, strict=True)
        ):
            return WEEKS_OF_YEAR * (code.letter == "Y")  # 1 January 2010 is in 2009-W53
        if code.letter in "Bb" and all(t.casefold() == "may" for t in texts):
            return 2 * ((code.letter == "b") != self.short)
        if code.letter not in "mdHIVNJUWj" or len(code.text) > 3:
            return 0
        if any(t.startswith("0") or len(t) < 2 for t in texts):
            return 0
        padded = "-" not in code.flags
        if code.letter == "V" and all(re.search(rf"\d-?W{t}", o) for t, o in zip(texts, self.outputs, strict=True)):
            return 0 if padded else 2  # 2007-W09, as the standard has it
        return 0 if padded == self.padded[code.letter in "HI"] else 1

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
            named = self.locale and re.search(r"(?<!%)%[-^~.12]*[BbAap]", format)
            text = f"[{self.locale}]{format}" if named else format
            return call("datetime.format", text, derivation.build(reading.build()))

        value = (reading.key, derivation.family, id(derivation))
        free = needs not in reading.implied and not (needs in "MS" and derivation.of_times) and code.letter != "p"
        after = "" if free else _BEFORE[code.letter]
        self.index.add(
            Piece(
                texts,
                cost + own,
                lambda: write(code.text),
                value,
                (reading.key, derivation.family),
                AGAIN + own,
                needs not in "HMS",
                Frame(code.text, write, _escape, after=after),
                moves=_moved(reading, derivation, needs),
                manner=id(derivation) if derivation.family else None,
                alike=derivation.cost * 3 // 4,
                read=reading.key[0],
                unlikely=derivation.of_times and needs not in "HMS",
                name=code.text,
            )
        )

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The fields that the rests start with."""
        meant = self._announced(positions)
        for piece in self.index.starting(rests):
            if piece.name == "%O" and not all(
                o[:at][-1:].isdigit() for o, at in zip(self.outputs, positions, strict=True)
            ):
                continue  # the ending of a number stands behind one
            if not self._inside_digits(piece, rests) and not _as_hour(piece, rests) and not _inside_word(piece, rests):
                more = ANNOUNCED if meant and piece.name[-1] not in meant else 0
                if more := more + HALVED * (piece.name[-1] == "H" and _in_halves(piece, rests)):
                    again = None if piece.again is None else piece.again + more
                    piece = replace(piece, cost=piece.cost + more, again=again)
                yield piece

    def _announced(self, positions: Sequence[int]) -> str:
        """Letters of the codes one of which a word before them announces, as W does a week; empty for none."""
        before = [o[:at] for o, at in zip(self.outputs, positions, strict=True)]
        return next((letters for word, letters in _WORDS if all(map(word.search, before))), "")

    def _inside_digits(self, piece: Piece, rests: Sequence[str]) -> bool:
        """Whether an unpadded number would stop inside digits."""
        if "-" not in piece.name or len(set(map(len, piece.texts))) < 2:
            return False
        return any(
            len(t) < len(r) and t[-1].isdigit() and r[len(t)].isdigit() for t, r in zip(piece.texts, rests, strict=True)
        )


def _of_plain_numbers(reading: Reading, unread: Sequence[tuple[Any, ...]]) -> bool:
    """Whether numbers without signs are read that are no dates: 478 beside 3763 is no year."""
    place = reading.key[0]
    return not reading.dated and isinstance(place, int) and any(str(row[place] or "").isdecimal() for row in unread)


def _moved(reading: Reading, derivation: MomentStep, needs: str) -> Any:
    """The input whose moments are written after a change, if digits of it next to the field would belong to the unchanged moment."""
    if reading.moved:
        return reading.origin if needs not in "HMS" else None
    return reading.key[0] if _moves(derivation, needs, reading) else None


def _moves(derivation: MomentStep, needs: str, reading: Reading) -> bool:
    """Whether digits of the input next to a field of the derived moment would belong to the unchanged moment."""
    if needs not in "HMS":
        return derivation.family != ""
    return derivation.family.startswith("add ") and derivation.crosses and "d" in reading.fields


def _inside_word(piece: Piece, rests: Sequence[str]) -> bool:
    """Whether the first letters of a weekday would stand at the beginning of a longer word, or one of them before a digit: the T of
    ``2024-03-07T12:05`` is none of Thursday."""
    if piece.frame is None or piece.frame.code not in ("%1a", "%2a"):
        return False
    after = [r[len(t) : len(t) + 1] for t, r in zip(piece.texts, rests, strict=True)]
    return any(map(str.isalpha, after)) or (piece.frame.code == "%1a" and any(map(str.isdigit, after)))


def _as_hour(piece: Piece, rests: Sequence[str]) -> bool:
    """Whether a field of a date is where the outputs have the hour of a clock."""
    if piece.name[-1] in "HIMSfLpBbAaZz":
        return False
    return all(_CLOCK.match(r, len(t)) for r, t in zip(rests, piece.texts, strict=True))


def _in_halves(piece: Piece, rests: Sequence[str]) -> bool:
    """Whether the outputs have AM or PM behind the time that begins with a piece."""
    return all(_HALVES.match(r, len(t)) for r, t in zip(rests, piece.texts, strict=True))


_WORDS = (
    (re.compile(r"(?<![^\W\d_])(?:W|wk|week)[ .#-]?$", re.IGNORECASE), "VNUJW"),
    (re.compile(r"(?<![^\W\d_])(?:Q|quarter)[ .#-]?$", re.IGNORECASE), "q"),
)
"""Words that announce a field of a date, and the letters of its codes."""
_HALVES = re.compile(r"(?::\d\d){0,2}(?:\.\d+)? ?[AaPp]\.?[Mm](?![a-z])")
_CLOCK = re.compile(r":\d\d| ?[AaPp]\.?[Mm](?![a-z])")
_BEFORE = {"M": "HI", "S": "M", "p": "HIMS" + Frame.START}
"""The fields that must precede computed or rounded minutes and seconds, and halves of a day."""


def _escape(text: str) -> str:
    return text.replace("%", "%%").replace("|", "%|")
