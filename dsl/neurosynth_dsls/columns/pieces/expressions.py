"""Small expressions over the numbers of a row, with their values on all example rows: a table that is searched by value.

Every expression is one line of several arrays: its values, its bits, its operator and the lines of its arguments. All of one size are
made at once, so that the ten thousand expressions over five numbers take a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import log2

import numpy as np
import numpy.typing as npt

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_lines import decimal

__all__ = ["Expressions"]

Floats = npt.NDArray[np.float64]
Lines = npt.NDArray[np.intp]

ONE, ZERO = Decimal(1), Decimal(0)
ATOM = "atom"
UNARY: dict[str, tuple[int, Callable[[Program], Program]]] = {
    "percent": (4, lambda p: call("decimal.shift", -2, p)),
    "percent more": (6, lambda p: call("decimal.+", decimal(ONE), call("decimal.shift", -2, p))),
    "percent less": (6, lambda p: call("decimal.-", decimal(ONE), call("decimal.shift", -2, p))),
    "more": (5, lambda p: call("decimal.+", decimal(ONE), p)),
    "less": (5, lambda p: call("decimal.-", decimal(ONE), p)),
    "square": (7, lambda p: call("decimal.*", p, p)),
    "positive": (5, lambda p: call("decimal.max", decimal(ZERO), p)),
    "half": (5, lambda p: call("decimal./", p, decimal(Decimal(2)))),
    "third": (5, lambda p: call("decimal./", p, decimal(Decimal(3)))),
    "fourth": (5, lambda p: call("decimal./", p, decimal(Decimal(4)))),
}
"""Bits and programs of functions of one number."""
BINARY: dict[str, tuple[int, Callable[[Program, Program], Program]]] = {
    "+": (6, lambda a, b: call("decimal.+", a, b)),
    "-": (6, lambda a, b: call("decimal.-", a, b)),
    "*": (6, lambda a, b: call("decimal.*", a, b)),
    "/": (6, lambda a, b: call("decimal./", a, b)),
    "smaller": (9, lambda a, b: call("decimal.min", a, b)),
    "larger": (9, lambda a, b: call("decimal.max", a, b)),
    "distance": (9, lambda a, b: call("decimal.abs", call("decimal.-", a, b))),
    "rest": (11, lambda a, b: call("decimal.mod", a, b)),
}
"""The same of two."""
_NAMES = (ATOM, *UNARY, *BINARY)
_CODE = {name: i for i, name in enumerate(_NAMES)}
_SYMMETRIC = frozenset({"+", "*", "smaller", "larger", "distance"})
_ARITHMETIC = ("+", "-", "*", "/")
_MEANS = frozenset({"half", "third", "fourth"})
_DIVIDES = _MEANS | {"/"}
_PARTS = ("percent", "percent more", "percent less", "more", "less")
"""Functions of numbers that are percentages or shares."""
AGAIN = 3
"""Bits saved if a number occurs twice: ``(a - b) / a``."""
_FUNCTIONS: dict[str, Callable[[Floats], Floats]] = {
    "percent": lambda x: x / 100,
    "percent more": lambda x: 1 + x / 100,
    "percent less": lambda x: 1 - x / 100,
    "more": lambda x: 1 + x,
    "less": lambda x: 1 - x,
    "square": lambda x: x * x,
    "positive": lambda x: np.maximum(x, 0),
    "half": lambda x: x / 2,
    "third": lambda x: x / 3,
    "fourth": lambda x: x / 4,
}
_UFUNCS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "smaller": np.minimum,
    "larger": np.maximum,
    "distance": lambda a, b: np.abs(a - b),
    "rest": np.mod,
}
TURNED = 5
"""Bits of dividing by a quotient, which is a product divided, and less exact."""
IDLE = 15
"""Bits of the smaller or the larger of two numbers that is the same one in all examples: the other one says nothing."""
NATURAL = 3.0
"""Bits of choosing the sum or the mean of all numbers, which are natural whatever else could be computed from them."""
MANY = 4
"""Up to this many numbers, all expressions of four of them are built; with more, only sums."""


class Expressions:
    """The expressions over some numbers; line ``i`` for ``i < count`` is number ``i`` itself.

    Numbers beyond ``count`` occur only in expressions of two numbers, which are the last lines, from ``more`` on.
    """

    def __init__(self, numbers: Sequence[Sequence[Decimal]], costs: Sequence[int], *, count: int | None = None) -> None:
        """
        Args:
            numbers: their values on all rows.
            costs: the bits of each.
            count: how many of them, the first, occur in all expressions; None for all.
        """
        beyond, more_costs = ([], []) if count is None else (list(numbers[count:]), list(costs[count:]))
        numbers, costs = numbers[:count], costs[:count]
        self.count = count = len(numbers)
        self.values = np.array([[float(v) for v in row] for row in numbers])
        self.costs = np.array(costs, dtype=np.intp)
        self.own_costs = self.costs
        self.ops = np.zeros(count, dtype=np.intp)
        self.left = self.right = np.full(count, -1, dtype=np.intp)
        self.uses = np.left_shift(1, np.arange(count, dtype=np.intp))
        self.sizes: list[int] = [count]
        """The end of the lines of each size: the numbers, and those of one, two and three operations."""
        self._numbers: dict[int, int] = {}
        """Numbers beyond the first ``count``, by their lines."""
        with np.errstate(all="ignore"):
            self._make()
            self.more = len(self.values)
            self._pairs_with(beyond, more_costs)
        self.sizes.append(len(self.values))

    def _make(self) -> None:
        count = self.count
        atoms = np.arange(count)
        factors = self._factors(atoms)
        plain = np.concatenate([self._binary(op, atoms, atoms) for op in _ARITHMETIC])
        times = np.concatenate([self._binary(op, atoms, factors) for op in ("*", "/")])
        made = {op: self._binary(op, atoms, atoms) for op in ("smaller", "larger", "distance", "rest")}
        self._means(plain)
        self._positive(plain)
        self.sizes.append(len(self.values))
        three = self._three(atoms, factors, plain, times)
        for op in ("smaller", "larger"):  # of three numbers, each set of them once
            self._binary(op, made[op], atoms, rising=True)
        self._binary("/", made["distance"], atoms, again=True)  # how far apart, as a share
        self.sizes.append(len(self.values))
        if count >= MANY:
            self._four(atoms, plain, three)
        self.sizes.append(len(self.values))

    def _pairs_with(self, beyond: Sequence[Sequence[Decimal]], costs: Sequence[int]) -> None:
        """Expressions of two numbers, at least one of them beyond the first ones."""
        if not beyond:
            return
        values = np.array([[float(v) for v in row] for row in beyond])
        none = np.full(len(beyond), -1, dtype=np.intp)
        uses: Lines = np.left_shift(1, np.arange(self.count, self.count + len(beyond), dtype=np.intp))
        start = len(self.values)
        others = self._append(ATOM, values, none, none, np.array(costs, dtype=np.intp), uses)
        self._numbers = {start + i: self.count + i for i in range(len(beyond))}
        every = np.concatenate([np.arange(self.count), others])
        factors = self._factors(others)
        own = np.arange(self.count, self.sizes[1])
        own = own[np.isin(self.ops[own], [_CODE[name] for name in _PARTS])]
        for op in BINARY:
            self._binary(op, others, others)
            self._binary(op, np.arange(self.count), others)
            if op not in _SYMMETRIC:
                self._binary(op, others, np.arange(self.count))
        for op in ("*", "/"):
            self._binary(op, every, factors)
            self._binary(op, others, own)

    def _three(self, atoms: Lines, factors: Lines, plain: Lines, times: Lines) -> Lines:
        twos = np.concatenate([plain, times]) if self.count <= MANY else plain
        made = [self._binary(op, twos, atoms, again=op == "/") for op in _ARITHMETIC]
        made += [self._binary(op, atoms, twos, again=op == "/") for op in ("-", "/")]
        made += [self._binary(op, plain, factors) for op in ("*", "/")]
        three = np.concatenate(made)
        self._means(three)
        self._positive(three)
        return three

    def _four(self, atoms: Lines, plain: Lines, three: Lines) -> None:
        if self.count > MANY:
            three = three[np.isin(self.ops[three], (_CODE["+"], _CODE["-"]))]
        made = [self._binary(op, three, atoms) for op in _ARITHMETIC]
        for op in ("-", "/"):
            self._binary(op, atoms, three)
        for op in _ARITHMETIC:
            self._binary(op, plain, plain)
        self._means(np.concatenate(made))
        total = int(atoms[0])
        for i in range(1, self.count):
            found = self._add("+", np.array([total]), np.array([i]), np.zeros(1, dtype=np.intp))
            if len(found) == 0:
                return
            total = int(found[0])

    def _factors(self, atoms: Lines) -> Lines:
        """Percentages, and increases or decreases by them, of numbers that may be percentages or shares."""
        values = self.values[atoms]
        percents = atoms[((values >= 0) & (values <= 100)).all(axis=1) & (values >= 1).any(axis=1)]
        shares = atoms[((values >= 0) & (values <= 1)).all(axis=1) & (values < 1).any(axis=1)]
        made = [self._unary(name, percents) for name in ("percent", "percent more", "percent less")]
        made += [self._unary(name, shares) for name in ("more", "less")]
        made.append(self._unary("square", atoms))
        return np.concatenate(made)

    def _means(self, lines: Lines) -> None:
        """Sums of so many numbers by their count."""
        sums = lines[self.ops[lines] == _CODE["+"]]
        used = np.array([int(u).bit_count() for u in self.uses[sums]], dtype=np.intp)
        for count, name in ((2, "half"), (3, "third"), (4, "fourth")):
            chosen = sums[used == count]
            depth = {2: 1, 3: 2, 4: 3}[count]
            self._unary(name, chosen[self._pure(chosen, depth)])

    def _pure(self, lines: Lines, depth: int) -> npt.NDArray[np.bool_]:
        """Whether expressions are sums of numbers only."""
        found: npt.NDArray[np.bool_] = self.ops[lines] == _CODE["+"]
        if depth > 1:
            found &= self._pure(self.left[lines], depth - 1) & (self.right[lines] < self.count)
        return found

    def _positive(self, lines: Lines) -> None:
        """Differences cut off at zero, if they are negative in some rows."""
        lines = lines[self.ops[lines] == _CODE["-"]]
        self._unary("positive", lines[(self.values[lines] < 0).any(axis=1)])

    def _unary(self, name: str, lines: Lines) -> Lines:
        x = self.values[lines]
        values = _FUNCTIONS[name](x)
        return self._append(
            name,
            values,
            lines,
            np.full(len(lines), -1, dtype=np.intp),
            self.costs[lines] + UNARY[name][0],
            self.uses[lines],
        )

    def _binary(self, op: str, lefts: Lines, rights: Lines, *, again: bool = False, rising: bool = False) -> Lines:
        """All of ``lefts`` with all of ``rights`` that share no number, or share one if ``again``; if ``rising``, only with numbers that
        follow all of the left one's."""
        i, j = (grid.ravel() for grid in np.meshgrid(lefts, rights, indexing="ij"))
        shared = self.uses[i] & self.uses[j]
        kept: npt.NDArray[np.bool_] = shared == 0
        if again:
            kept = ((shared & (shared - 1)) == 0) & (self.uses[i] != self.uses[j])
        if op in _SYMMETRIC and lefts is rights:
            kept &= i < j
        if rising:
            kept &= self.uses[i] < self.uses[j]
        i, j, shared = i[kept], j[kept], shared[kept]
        saved = np.zeros(len(i), dtype=np.intp)
        for k in range(self.count if again else 0):
            saved[(shared >> k) & 1 == 1] = AGAIN + self.own_costs[k]
        if op in ("smaller", "larger") and self.values.shape[1] > 1:
            chosen = _UFUNCS[op](self.values[i], self.values[j])
            same = (chosen == self.values[i]).all(axis=1) | (chosen == self.values[j]).all(axis=1)
            saved[same] -= IDLE
        return self._add(op, i, j, saved)

    def _add(self, op: str, i: Lines, j: Lines, saved: Lines) -> Lines:
        values = _UFUNCS[op](self.values[i], self.values[j])
        costs = self.costs[i] + self.costs[j] + BINARY[op][0] - saved
        if op == "/":
            costs = costs + TURNED * (self.ops[j] == _CODE["/"])
        uses: Lines = np.bitwise_or(self.uses[i], self.uses[j])
        return self._append(op, values, i, j, costs, uses)

    def _append(self, name: str, values: Floats, i: Lines, j: Lines, costs: Lines, uses: Lines) -> Lines:
        kept = np.isfinite(values).all(axis=1)
        start = len(self.values)
        self.values = np.concatenate([self.values, values[kept]])
        self.costs = np.concatenate([self.costs, costs[kept]])
        self.ops = np.concatenate([self.ops, np.full(int(kept.sum()), _CODE[name], dtype=np.intp)])
        self.left, self.right = np.concatenate([self.left, i[kept]]), np.concatenate([self.right, j[kept]])
        self.uses = np.concatenate([self.uses, uses[kept]])
        return np.arange(start, len(self.values))

    def bits(self, line: int) -> float:
        """Bits of choosing one of the expressions up to this one's size; few for the sum and the mean of all numbers."""
        if self._natural(line):
            return NATURAL
        if line >= self.more:
            return log2(self.sizes[1] + len(self.values) - self.more)
        return log2(next(s for s in self.sizes if line < s))

    def _natural(self, line: int) -> bool:
        """Whether it is the sum or the mean of all numbers."""
        if int(self.uses[line]).bit_count() < max(self.count, 2):
            return False
        if _NAMES[self.ops[line]] in _MEANS:
            line = int(self.left[line])
        return bool(self._pure(np.array([line]), self.count - 1)[0])

    def build(self, line: int, numbers: Sequence[Program]) -> Program:
        """The program of an expression over those of the numbers."""
        name = _NAMES[self.ops[line]]
        if name == ATOM:
            return numbers[self._numbers.get(line, line)]
        left = self.build(int(self.left[line]), numbers)
        if name in UNARY:
            return UNARY[name][1](left)
        return BINARY[name][1](left, self.build(int(self.right[line]), numbers))

    def divides(self, line: int) -> bool:
        """Whether results are rarely whole."""
        name = _NAMES[self.ops[line]]
        if name == ATOM:
            return False
        below = self.divides(int(self.left[line])) or (name in BINARY and self.divides(int(self.right[line])))
        return name in _DIVIDES or below

    def arithmetic(self, line: int) -> bool:
        """Whether it is a sum, difference, product or quotient of two numbers."""
        return _NAMES[self.ops[line]] in _ARITHMETIC and max(int(self.left[line]), int(self.right[line])) < self.count

    def text(self, line: int) -> str:
        """The expression as text, which identifies it."""
        name = _NAMES[self.ops[line]]
        if name == ATOM:
            return f"#{self._numbers.get(line, line)}"
        if name in UNARY:
            return f"{name}({self.text(int(self.left[line]))})"
        sides = [self.text(int(self.left[line])), self.text(int(self.right[line]))]
        if name in ("+", "*"):  # independent of order and brackets
            sides = sorted(
                part for side in sides for part in (side[1:-1].split(f" {name} ") if _chain(side, name) else [side])
            )
        return "(" + f" {name} ".join(sides) + ")"


def _chain(text: str, name: str) -> bool:
    """Whether a text is a sum of sums, or a product of products, of numbers only."""
    return (
        text.startswith("(#")
        and f" {name} " in text
        and text.count("(") == 1
        and all(p.startswith("#") for p in text[1:-1].split(f" {name} "))
    )
