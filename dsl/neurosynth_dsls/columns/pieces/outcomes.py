"""Outcomes of comparing two numbers, with what lies between them: ``up 12 %``, ``down 8 %``, ``unchanged``; or with a tolerance.

A branch of a condition has one or two rows of its own, which tell little. Here all rows tell the amount and its notation together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import permutations, product

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.number_format import CONTEXT
from neurosynth_dsls.columns.pieces.amount_readings import TYPED
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.number_guess import NumberTexts, number_texts
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings

__all__ = ["Outcomes", "Written", "ways_to_write"]

BASE = 26
"""Bits of a comparison with an amount, in addition to those of its numbers and texts."""
TEXT, LETTER, DIGIT, OTHER = 5, 5, 9, 1
"""Bits of a text, and of its characters."""
READINGS = 3
"""Inputs whose numbers are compared, the cheapest."""
GAP, BEYOND, PERCENT, PACKS = 3, 4, 9, 12
"""Bits of the kind of amount: the distance, that beyond the tolerance, that in percent, that in packs of another number."""
TOLERANCE = 8
"""Bits of a tolerance within which two numbers count as equal."""
PLURAL = 8
"""Bits of another word behind a single one."""
LONGEST = 24
"""Characters of a text."""
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Outcomes:
    """Outcomes of comparing two numbers."""

    name: str = "outcomes"

    def bind(self, column: Column) -> BoundOutcomes:
        """Compare the numbers of the inputs."""
        return BoundOutcomes(column)


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """How one outcome is written: a constant, or an amount between two texts."""

    before: str
    behind: str = ""
    amounts: Mapping[int, str] | None = None
    """The amounts by row; None for a constant."""
    one: str = ""
    """What stands behind a single one, if that is another word: ``1 pack``, ``3 packs``."""

    @property
    def bits(self) -> int:
        """Bits of its texts."""
        return sum(
            TEXT + sum(DIGIT if c.isdigit() else LETTER if c.isalpha() else OTHER for c in t)
            for t in (self.before, self.behind)
            if t
        ) + PLURAL * bool(self.one)


@dataclass(frozen=True, slots=True, eq=False)
class _Amount:
    """What is written, for rows where the first number is less, and for the others."""

    cost: int
    values: tuple[Decimal | None, ...]
    build: Callable[[bool], Program]
    exact: bool
    """Whether it is written as it is; otherwise it is rounded."""


class BoundOutcomes:
    """The outcomes in one column."""

    def __init__(self, column: Column) -> None:
        self.pieces: list[Piece] = []
        outputs = column.outputs
        if column.leaf or len(outputs) < 3 or len({*outputs}) < 3 or not all(outputs):
            return
        if sum(_NUMBER.search(o) is not None for o in outputs) < 2 or all(map(_NUMBER.fullmatch, outputs)):
            return
        best: dict[object, NumberReading] = {}
        for reading in sorted(number_readings(column), key=lambda r: (r.key[1] not in TYPED, r.cost)):
            if isinstance(reading.key[0], int) and reading.plain:
                best.setdefault(reading.key[0], reading)
        numbers = [*best.values()]
        for first, second in permutations(numbers[:READINGS], 2):
            others = [r for r in numbers if r is not first and r is not second]
            for slack in (None, *others):
                self.pieces += _outcomes(outputs, first, second, others, slack)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The outcomes, if the rests are the whole outputs."""
        if not any(positions):
            yield from (p for p in self.pieces if p.texts == tuple(rests))


def _outcomes(
    outputs: Sequence[str],
    first: NumberReading,
    second: NumberReading,
    others: Sequence[NumberReading],
    slack: NumberReading | None,
) -> Iterator[Piece]:
    """The outcomes, if two numbers count as equal that are no farther apart than the ``slack``."""
    groups: dict[int, list[int]] = {}
    limits = slack.values if slack is not None else (Decimal(),) * len(first.values)
    for n, (a, b, most) in enumerate(zip(first.values, second.values, limits, strict=True)):
        groups.setdefault((a > b + most) - (a + most < b), []).append(n)
    if len(groups) < 2 or -1 not in groups or (slack is not None and (len(groups) < 3 or min(limits) < 0)):
        return
    options = [list(ways_to_write(outputs, rows)) for rows in groups.values()]
    for chosen in product(*options):
        if _alike(chosen):
            continue
        amounts = {n: t for w in chosen for n, t in (w.amounts or {}).items()}
        if len({*amounts.values()}) < 2:
            continue
        shown = sorted(amounts)
        texts = sum(w.bits for w in chosen)
        for notation in number_texts([amounts[n] for n in shown]):
            for amount in _amounts(first, second, others, slack):
                step = Decimal(1).scaleb(-notation.decimals)
                rounded = [_rounded(amount, n, step) for n in shown]
                if rounded != list(notation.values) or notation.kept:
                    continue
                cost = BASE + first.cost + second.cost + amount.cost + notation.cost + texts
                cost += TOLERANCE + slack.cost if slack is not None else 0
                written = dict(zip(groups, chosen, strict=True))
                build = partial(_program, first, second, slack, written, amount, notation, step)
                yield Piece(tuple(outputs), cost, build, name="outcome")


def _alike(outcomes: Sequence[Written]) -> bool:
    """Whether all outcomes have the same texts around their amounts: such a difference is a number, whichever number is less."""
    return all(w.amounts is not None for w in outcomes) and len({(w.before, w.behind, w.one) for w in outcomes}) == 1


def ways_to_write(outputs: Sequence[str], rows: Sequence[int]) -> Iterator[Written]:
    """The ways to write the outputs of some rows: one constant, or the same texts around one number."""
    texts = [outputs[n] for n in rows]
    if len({*texts}) == 1:
        yield Written(texts[0])
    found = [list(_NUMBER.finditer(t)) for t in texts]
    for k in range(min(map(len, found))):
        amounts = {n: m[k].group() for n, m in zip(rows, found, strict=True)}
        around = {(t[: m[k].start()], t[m[k].end() :], m[k].group() == "1") for t, m in zip(texts, found, strict=True)}
        if max(len(t) for before, behind, _ in around for t in (before, behind)) > LONGEST:
            continue
        if len({(before, behind) for before, behind, _ in around}) == 1:
            before, behind, _ = around.pop()
            yield Written(before, behind, amounts)
        elif len(around) == 2 and len({before for before, _, _ in around}) == 1:
            words = {single: behind for _, behind, single in around}
            if len(words) == 2:
                yield Written(around.pop()[0], words[False], amounts, words[True])


def _amounts(
    first: NumberReading, second: NumberReading, others: Sequence[NumberReading], slack: NumberReading | None
) -> Iterator[_Amount]:
    pairs = list(zip(first.values, second.values, strict=True))
    gaps = tuple(abs(a - b) for a, b in pairs)

    def gap(less: bool) -> Program:
        ends = (second, first) if less else (first, second)
        return call("decimal.-", *(r.build() for r in ends))

    yield _Amount(GAP, gaps, gap, True)
    if slack is not None:
        beyond = tuple(g - most for g, most in zip(gaps, slack.values, strict=True))
        yield _Amount(BEYOND, beyond, lambda less: call("decimal.-", gap(less), slack.build()), True)
        return
    for base in (first, second):
        shares = tuple(CONTEXT.divide(g * 100, v) if v else None for g, v in zip(gaps, base.values, strict=True))
        yield _Amount(PERCENT, shares, partial(_share, gap, base), False)
    for size in others:
        packs = tuple(
            round_to(Decimal(1), "ceiling", CONTEXT.divide(g, v)) if v else None
            for g, v in zip(gaps, size.values, strict=True)
        )
        yield _Amount(PACKS + size.cost, packs, partial(_packs, gap, size), True)


def _share(gap: Callable[[bool], Program], base: NumberReading, less: bool) -> Program:
    return call("decimal.shift", 2, call("decimal./", gap(less), base.build()))


def _packs(gap: Callable[[bool], Program], size: NumberReading, less: bool) -> Program:
    return call("decimal.round", decimal(Decimal(1)), "ceiling", call("decimal./", gap(less), size.build()))


def _rounded(amount: _Amount, row: int, step: Decimal) -> Decimal | None:
    value = amount.values[row]
    return value if value is None or amount.exact else round_to(step, "half_up", value)


def _program(
    first: NumberReading,
    second: NumberReading,
    slack: NumberReading | None,
    written: Mapping[int, Written],
    amount: _Amount,
    notation: NumberTexts,
    step: Decimal,
) -> Program:
    def outcome(sign: int) -> Program:
        found = written[sign]
        if found.amounts is None:
            return text(found.before)
        value = amount.build(sign < 0)
        if not amount.exact:
            value = call("decimal.round", decimal(step), "half_up", value)
        program = call("decimal.format", notation.pattern, value)
        if found.one:
            behind = call("ite", call("=", program, "1"), text(found.one), text(found.behind))
            program = call("str.++", program, behind)
        elif found.behind:
            program = call("str.++", program, text(found.behind))
        return call("str.++", text(found.before), program) if found.before else program

    less = _below(first, second, slack)
    if len(written) == 2:
        return call("ite", less, outcome(-1), outcome(next(s for s in written if s >= 0)))
    more = _below(second, first, slack)
    return call("ite", less, outcome(-1), call("ite", more, outcome(1), outcome(0)))


def _below(one: NumberReading, other: NumberReading, slack: NumberReading | None) -> Program:
    """Whether a number is less than another one, by more than the tolerance."""
    number = one.build() if slack is None else call("decimal.+", one.build(), slack.build())
    return call("decimal.<", number, other.build())
