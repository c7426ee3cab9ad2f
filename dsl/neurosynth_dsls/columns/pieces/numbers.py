"""Numbers as pieces: read from the inputs, mapped by a rule to the numbers of the outputs, and written in their format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.amount_readings import TYPED
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.cumulative import cumulative
from neurosynth_dsls.columns.pieces.formulas import Formulas
from neurosynth_dsls.columns.pieces.number_bounds import bounded
from neurosynth_dsls.columns.pieces.number_decimals import decimals_of, dropped, loses_sign, rounds
from neurosynth_dsls.columns.pieces.number_divided_steps import divided_steps, products
from neurosynth_dsls.columns.pieces.number_guess import NumberTexts, number_texts
from neurosynth_dsls.columns.pieces.number_kept import kept
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal
from neurosynth_dsls.columns.pieces.number_notations import BASE, notations
from neurosynth_dsls.columns.pieces.number_pairs import Combinations, combined
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings
from neurosynth_dsls.columns.pieces.number_stepped_formulas import SteppedFormulas
from neurosynth_dsls.columns.pieces.number_steps import differences, offset_steps, priced_units, solved_steps
from neurosynth_dsls.columns.pieces.number_values import nice_steps, rules, stepped
from neurosynth_dsls.columns.pieces.prorata import Shares
from neurosynth_dsls.columns.pieces.shared_numbers import shared_numbers
from neurosynth_dsls.columns.pieces.text_index import TextIndex
from neurosynth_dsls.columns.pieces.tiers import tier_rules
from neurosynth_dsls.columns.pieces.unit_factors import UnitFactors

__all__ = ["Numbers"]


@dataclass(frozen=True)
class Numbers:
    """Numbers of the inputs, mapped to those of the outputs."""

    name: str = "numbers"

    def bind(self, column: Column) -> BoundNumbers:
        """Read the numbers of the inputs."""
        return BoundNumbers(column)


ENDLESS = 3
"""Bits for all decimals of a quotient, which may not terminate."""
IDLE, IDLE_WHOLE = 2, 9
"""Bits for decimals in a format beyond those of the rounding step, and for any decimals of whole numbers: 15.0 is hardly a multiple of
1."""
WHOLE = 10
"""Bits for a fixed number of decimals of significant digits, which other numbers may have more of."""
STRIPPED = 2
"""Bits for the result of a formula without its trailing zeros."""
CENTS = 2
"""Decimals of an amount of money, which no formula drops."""
ZEROS = 4
"""Bits for dropping zeros behind decimals where the inputs of the table keep theirs."""
ALIKE = 3
"""Quarters of the bits of a rule that are saved if it was already used for another number."""
LINE = "linear"
"""The family of rules that round nothing."""
UNSEEN = 1
"""Bits of the decimals of a sum that are kept, if no zero at their end tells."""
UNTRUE = 24
"""Bits for a plus before a zero that had a minus."""
ZERO = r"^\+(?=[0.,]*$)"
"""The sign of a zero."""
_BEFORE = frozenset("-+($€£¥")
_OUTPUT = re.compile(r"-?(?:\d{1,3}(?:[,.' ]\d{3})+|\d{1,2}(?:,\d\d)+,\d{3}|\d+)(?:[.,]\d+)?")
_SIGNED = re.compile(r"[-+][$€£¥]?\d[\d,.]*(?<=\d)|\([$€£¥]?\d[\d,.]*\)|[$€£¥]?\d[\d,.]*(?<=\d)")
_AMOUNT = re.compile(r"\d[\d.,]*")
_SHORTER = (re.compile(r"-?\d+(?:[.,]\d+)?"), re.compile(r"-?\d+"))


class BoundNumbers:
    """The numbers of one column."""

    def __init__(self, column: Column) -> None:
        self.column, self.outputs, self.believed = column, column.outputs, column.believes
        self.readings = number_readings(column)
        self.lengths = _lengths(column.outputs)
        self.steps = _steps(self.lengths)
        self.combined = Combinations(list(combined(self.readings)) if column.believes else [])
        self.formulas = Formulas(column, self.readings)
        self.stepped = SteppedFormulas(column, self.readings)
        self.shared = shared_numbers(column, self.readings)
        self.differences = differences(self.readings) if column.believes else []
        self.products = products(self.readings) if column.believes else []
        self.factors = UnitFactors(column)
        self.shares = Shares(column)
        self.index = TextIndex()
        self.known: dict[tuple[str, ...], list[Piece]] = {}
        for piece in notations(column, self.readings) if column.believes else ():
            self.index.add(piece)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """Numbers that the rests start with."""
        yield from self.index.starting(rests)
        if not self.readings or not all(r[:1].isdigit() or r[:1] in _BEFORE for r in rests):
            return
        signed = any(r[:1] in "+(" or (r[:1] == "-" and r[1:2] in "$€£¥") for r in rests)
        if not signed and any(r[:1] in "$€£¥" or (r[:1] == "-" and not r[1:2].isdigit()) for r in rests):
            return
        if any(p and o[p - 1].isdigit() for p, o in zip(positions, self.outputs, strict=True)):
            return
        tried = set()
        for pattern in (_SIGNED,) if signed else (_OUTPUT, *_SHORTER):
            texts = tuple(_matched(pattern, r) for r in rests)
            if all(texts) and texts not in tried:
                tried.add(texts)
                yield from self._writing(texts)

    def _writing(self, texts: tuple[str, ...]) -> list[Piece]:
        if texts not in self.known:
            self.known[texts] = [p for found in number_texts(texts) for p in self._pieces(texts, found)]
        return self.known[texts]

    def _doubted(self, found: NumberTexts) -> NumberTexts:
        """The notation of a computed number, which costs more if it drops zeros although inputs of the table keep theirs: ``1.50``."""
        drops = found.even and found.decimals > 0 and not found.fixed and not found.kept and found.pattern[-1] in "#*"
        return replace(found, cost=found.cost + ZEROS) if drops and _keeps_zeros(self.column) else found

    def _pieces(self, texts: tuple[str, ...], found: NumberTexts) -> Iterator[Piece]:
        for reading in self.readings:
            for rule in self._rules(reading, found):
                if not found.kept or (_keeps(rule, reading.values, found.values) and not _computed(reading)):
                    if rule.places and found.decimals == rule.places and not found.fixed and not found.kept:
                        rule = replace(rule, cost=rule.cost + STRIPPED * (found.even and _computed(reading)))
                    if rule.family == "function" and found.even and found.decimals and not found.fixed:
                        rule = replace(rule, cost=rule.cost + STRIPPED)
                    yield self._piece(texts, found, reading, rule)
            if self.believed and not found.kept:
                limited = list(bounded(reading.values, found.values, found.decimals))
                limited += tier_rules(reading.values, found.values, found.decimals) if self._amount(reading) else ()
                for rule in limited:
                    yield self._piece(texts, found, reading, rule)
        yield from self._by_steps(texts, found)
        doubted = self._doubted(found)
        for both in self.combined.near(found.values, found.decimals) if not found.kept else ():
            for rule in both.rules(found.values, found.decimals, found.fixed):
                rule = replace(rule, cost=rule.cost + STRIPPED * (found.decimals > 0 and not found.fixed))
                yield self._piece(texts, doubted, both.reading, rule)
        if found.kept and not found.even and _keeps_zeros(self.column):
            yield from self._kept_sums(texts, found)
        if not found.kept:
            yield from self._by_words(texts, found)
        for formula, rule in self.formulas.leading(found.values, found.decimals, found.fixed) if not found.kept else ():
            stripped = found.even and not found.fixed and (found.decimals == CENTS or bool(found.decimals and rule.key))
            yield self._piece(texts, doubted, formula, replace(rule, cost=rule.cost + STRIPPED * stripped))
        for formula, rule in self.stepped.leading(found.values, found.decimals) if not found.kept else ():
            yield self._piece(texts, doubted, formula, rule)
        for shared in self.shared if not found.kept else ():
            if shared.values == found.values:
                yield Piece(
                    texts,
                    shared.cost + found.cost,
                    lambda p=shared.program: call("decimal.format", found.pattern, p),  # type: ignore[misc]  # a bound default has no type
                    name=f"number {shared.key} {found.pattern}",
                )

    def _rules(self, reading: NumberReading, found: NumberTexts) -> tuple[Rule, ...]:
        return _known_rules(reading.values, found.values, self.lengths, found.decimals, found.fixed, self.believed)

    def _kept_sums(self, texts: tuple[str, ...], found: NumberTexts) -> Iterator[Piece]:
        """Sums and differences with the decimals of their numbers: 8.0 of 7.4 and 0.6."""
        for formula, rule in self.formulas.leading(found.values, found.decimals, False):
            same = all(str(x) == str(y) for x, y in zip(formula.values, found.values, strict=True))
            if same and not rule.key and _SUM.fullmatch(str(formula.key[1])):
                zeros = any(map(_ZERO_AT_END.fullmatch, texts))
                yield self._piece(texts, found, formula, rule if zeros else replace(rule, cost=rule.cost + UNSEEN))

    def _amount(self, reading: NumberReading) -> bool:
        """Whether the cells that a number is read from are one number each, with the same signs and words around them."""
        if not reading.plain or not isinstance(reading.key[0], int):
            return False
        cells = (row[reading.key[0]] for row in self.column.every)
        masks = {_AMOUNT.sub("0", c) for c in cells if isinstance(c, str)}
        return len(masks) == 1 and masks.pop().count("0") == 1

    def _by_steps(self, texts: tuple[str, ...], found: NumberTexts) -> Iterator[Piece]:
        """Multiples of a step of a difference, and the ends of its ranges."""
        if found.kept or not self.believed:
            return
        for reading in self.readings:
            for rule in offset_steps(reading.values, found.values) if reading.plain else ():
                yield self._piece(texts, found, reading, rule)
            for rule in (*priced_units(reading.values, found.values), *cumulative(reading.values, found.values)):
                yield self._piece(texts, found, reading, rule)
        for reading in self.products:
            for rule in divided_steps(reading.values, found.values, self.steps, found.decimals, made=True):
                yield self._piece(texts, found, reading, rule)
        if found.decimals:
            return
        for reading in self.differences:
            for rule in stepped(reading.values, found.values, self.steps):
                yield self._piece(texts, found, reading, rule)
        for reading in self.readings:
            for rule in solved_steps(reading.values, found.values, self.steps) if reading.plain else ():
                yield self._piece(texts, found, reading, rule)

    def _by_words(self, texts: tuple[str, ...], found: NumberTexts) -> Iterator[Piece]:
        """Numbers whose factor or sign a word tells."""
        for scaled in self.factors.readings(self.readings, found.values):
            yield self._piece(texts, found, scaled, Rule("", "", 0, lambda p: p))
        for told in (self.factors, self.shares):
            for scaled, rule in told.rounded(self.readings, found.values, found.decimals):
                yield self._piece(texts, found, scaled, rule)
        for reading in self.factors.signed(self.readings, found.values):
            for rule in self._rules(reading, found):
                yield self._piece(texts, found, reading, rule)
        for both in self.combined.found if len({y < 0 for y in found.values}) > 1 else ():
            for reading in self.factors.signed([both.reading], found.values):
                signed = replace(both, reading=reading)
                for rule in signed.rules(found.values, found.decimals, found.fixed):
                    yield self._piece(texts, found, reading, rule)

    def _piece(self, texts: tuple[str, ...], found: NumberTexts, reading: NumberReading, rule: Rule) -> Piece:
        endless = found.pattern.endswith("*") and _computed(reading) and not rule.key
        pattern = found.pattern
        cost = BASE + reading.cost + rule.cost + found.cost + _unsuited(found, rule) + ENDLESS * endless
        exact = not rule.key or (rule.family == LINE and reading.plain)
        exact = exact or (rule.family == "shift" and reading.key[1] in TYPED)
        lost = dropped(self.column, reading, pattern, rule if rule.key else None) if exact and "*" not in pattern else 0
        cost += lost * 3 // 2 if reading.key[0] == "factor" else lost
        cost += WHOLE * (rule.significant and "*" not in pattern)
        cost += UNTRUE * loses_sign(self.column, reading, pattern)

        def build() -> Program:
            value = rule.build(reading.build())
            if lost or (rule.family == "linear" and rounds(self.column, value, pattern)):
                value = call("decimal.round", decimal(Decimal(1).scaleb(-decimals_of(pattern))), "half_up", value)
            written = call("decimal.format", pattern, value)
            return call("re.replace", ZERO, "", written) if found.unsigned else written

        family = (reading.key, rule.family)
        value, name = (reading.key, rule.key, pattern, found.unsigned), f"number {rule.key} {pattern}"
        manner = (rule.key, pattern) if rule.key else None
        return Piece(
            texts, cost, build, value, family, style=pattern, manner=manner, alike=ALIKE * rule.cost // 4, name=name
        )


def _keeps_zeros(column: Column) -> bool:
    """Whether decimals of an input of the table end with a zero."""
    if "keeps zeros" not in column.memo:
        texts = (v for row in column.every for v in row if isinstance(v, str))
        column.memo["keeps zeros"] = any(map(_ZERO_AT_END.search, texts))
    return bool(column.memo["keeps zeros"])


_SUM = re.compile(r"\(#\d+ [-+] #\d+\) ?")
_ZERO_AT_END = re.compile(r"(?<![\d.])\d+\.\d*0(?![\d.])")


def _unsuited(found: NumberTexts, rule: Rule) -> int:
    """Bits for a format whose last decimals are always zero after the rounding."""
    zeros = re.search(r"\.(0+)", found.pattern)
    if rule.places is None or zeros is None or len(zeros.group(1)) <= rule.places:
        return 0
    return IDLE if rule.places else IDLE_WHOLE


def _keeps(rule: Rule, xs: Sequence[Decimal], ys: Sequence[Decimal]) -> bool:
    """Whether the numbers have the shown decimals: only read numbers, and those moved by powers of ten, have any."""
    if rule.family not in ("", "shift"):
        return False
    places = int(rule.key.split()[1]) if rule.key else 0
    return all(str(x.scaleb(places)) == str(y) for x, y in zip(xs, ys, strict=True))


def _computed(reading: NumberReading) -> bool:
    """Whether a number is a quotient without decimals of its own: hours of a time, a mean."""
    return reading.key[1:2] in (("in",), ("list",))


def _matched(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.match(text)
    return found.group() if found else ""


def _lengths(outputs: Sequence[str]) -> tuple[Decimal, ...]:
    """The lengths of ranges that all outputs show, without and with their last number."""
    pairs = [re.findall(r"\d+(?:\.\d+)?", o.replace(",", "")) for o in outputs]
    if all(len(p) == 2 for p in pairs):
        lengths = {Decimal(b) - Decimal(a) for a, b in pairs}
        if len(lengths) == 1 and (length := lengths.pop()) > 0:
            unit = Decimal(1).scaleb(min(0, int(length.as_tuple().exponent)))
            return length, length + unit
    return ()


@lru_cache(maxsize=256)
def _steps(lengths: tuple[Decimal, ...]) -> list[tuple[Decimal, int]]:
    """Steps to try: common ones, and the lengths of ranges."""
    return sorted((dict.fromkeys(lengths, 6) | dict(nice_steps())).items())


@kept
def _known_rules(
    xs: Sequence[Decimal],
    ys: Sequence[Decimal],
    lengths: tuple[Decimal, ...],
    shown: int,
    fixed: bool,
    believed: bool,
) -> Iterator[Rule]:
    yield from rules(xs, ys, _steps(lengths), shown, fixed, believed)
