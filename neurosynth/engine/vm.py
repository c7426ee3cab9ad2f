"""Code of lambda bodies, for the virtual machine that applies functions in compiled loops."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from neurosynth.engine.banks import Bank, WordBank, grown
from neurosynth.engine.codegen import kernel_of, kind_of
from neurosynth.language.grammar import Lift, Nonterminal, Production
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Variable
from neurosynth.language.types import INT

if TYPE_CHECKING:
    from neurosynth.engine.space import Space

__all__ = ["CodeBook"]

STACK = 48
"""Depth of the machine's stack; no body of a cost a search reaches needs more."""


@njit(cache=True, nogil=True)
def _append(
    code, tail, opcode, rows, arity, starts0, counts0, starts1, counts1, starts2, counts2, starts, counts, base
):
    """Postfix code of new entries from the code of their arguments; returns the new tail."""
    for k in range(rows.shape[0]):
        begin = tail
        for j in range(arity):
            if j == 0:
                s, n = starts0[rows[k, 0]], counts0[rows[k, 0]]
            elif j == 1:
                s, n = starts1[rows[k, 1]], counts1[rows[k, 1]]
            else:
                s, n = starts2[rows[k, 2]], counts2[rows[k, 2]]
            for t in range(n):
                code[tail, 0] = code[s + t, 0]
                code[tail, 1] = code[s + t, 1]
                tail += 1
        code[tail, 0] = opcode
        code[tail, 1] = rows[k, 0] if arity == 0 else 0
        tail += 1
        starts[base + k] = begin
        counts[base + k] = tail - begin
    return tail


class CodeBook:
    """Postfix code of every body entry in scopes where bodies are words made by kernels alone."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.code = np.empty((1 << 10, 2), np.int32)
        self.tail = 0
        self.starts: dict[Nonterminal, np.ndarray] = {}
        self.counts: dict[Nonterminal, np.ndarray] = {}
        covered = {b.scope for f, b in space.bodies.items() if self.covers(f)}
        for n in space.grammar.nonterminals:
            if n.scope in covered and n not in space.bodies and kind_of(n.type) == "w":
                self.starts[n], self.counts[n] = np.empty(64, np.int64), np.empty(64, np.int32)
        self.stack = np.empty(STACK, np.int64)
        self.scratch = np.empty(4 * space.max_length, np.int64)

    @cached_property
    def operations(self) -> tuple[tuple[str, int], ...]:
        """(kernel, arity) of every primitive that occurs under a lambda and has a kernel over words, sorted."""
        found = set()
        for p in self.space.grammar.productions:
            operation = self._operation(p)
            if operation is not None:
                found.add(operation)
        return tuple(sorted(found))

    def _operation(self, production: Production) -> tuple[str, int] | None:
        if not production.target.scope or not isinstance(production.head, Primitive):
            return None
        kinds = "".join(kind_of(a.type) for a in production.arguments)
        if kind_of(production.target.type) != "w" or set(kinds) - {"w"} or len(kinds) > 3:
            return None
        loop = kernel_of(production.head, kinds, "w")
        if loop is None or loop.kernel.startswith("="):
            return None
        return loop.kernel, len(kinds)

    def covers(self, function: Nonterminal) -> bool:
        """Whether every body of a function non-terminal has code."""
        body = self.space.bodies[function]
        scope = body.scope
        if any(kind_of(t) != "w" for t in scope) or len(scope) > 2:
            return False
        for p in self.space.grammar.productions:
            if p.target.scope == scope and kind_of(p.target.type) == "w":
                lifted = isinstance(p.head, Lift) and str(p.target.type) in ("int", "bool")
                if not (lifted or isinstance(p.head, Variable) or self._operation(p) is not None):
                    return False
        return True

    def extend(self, production: Production, bank: Bank, start: int) -> None:
        """Write the code of the bank's entries from ``start`` on, all made by ``production``."""
        target = production.target
        if target not in self.starts:
            return
        rows = bank.children[start : bank.size]
        opcode, arity = self._opcode(production)
        self.starts[target] = grown(self.starts[target], start, len(rows), self.space.grow)
        self.counts[target] = grown(self.counts[target], start, len(rows), self.space.grow)
        needed = len(rows)
        tables = []
        for j in range(3):
            a = production.arguments[j] if j < arity else target
            if j < arity:
                needed += int(self.counts[a][rows[:, j]].sum())
            tables += [self.starts[a], self.counts[a]]
        self.code = grown(self.code, self.tail, needed, self.space.grow)
        if isinstance(production.head, Variable):
            rows = np.zeros((len(rows), 1), np.int32)
        self.tail = _append(
            self.code, self.tail, opcode, rows, arity, *tables, self.starts[target], self.counts[target], start
        )

    def _opcode(self, production: Production) -> tuple[int, int]:
        head = production.head
        if isinstance(head, Variable):
            # the machine's first argument is the outermost variable
            return (0 if head.index == len(production.target.scope) - 1 else 1), 0
        if isinstance(head, Lift):
            return (2 if production.target.type == INT else 3), 0
        operation = self._operation(production)
        assert operation is not None  # what covers() checked
        return 4 + self.operations.index(operation), operation[1]

    def arrays(self, function: Nonterminal) -> list[np.ndarray]:
        """Code, starts and lengths of a function non-terminal's bodies."""
        body = self.space.bodies[function]
        return [self.code, self.starts[body], self.counts[body]]

    def environment(self) -> list[np.ndarray]:
        """Captured words and bools of the outer scope, stack and scratch."""
        captured = []
        for name in ("int", "bool"):
            bank = next((b for n, b in self.space.banks.items() if not n.scope and str(n.type) == name), None)
            empty = np.zeros((1, len(self.space.inputs)), np.int64)
            captured.append(bank.values if isinstance(bank, WordBank) else empty)
        return [*captured, self.stack, self.scratch]
