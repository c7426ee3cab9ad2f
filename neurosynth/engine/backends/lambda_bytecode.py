"""Code of lambda bodies, for the virtual machine that applies functions in compiled loops."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from neurosynth.engine.kernels.choice import kernel_of
from neurosynth.engine.kernels.kinds import kind_of
from neurosynth.engine.kernels.macros import MacroText, macro_text, texts_of
from neurosynth.engine.store.banks import Bank, WordBank, grown
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.grammar import Lift, Nonterminal, Production
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Variable
from neurosynth.values.types import INT

__all__ = ["LambdaBytecode"]

STACK = 48
"""Depth of the machine's stack; no body at a cost that a search reaches needs more."""


class LambdaBytecode:
    """Postfix code of every body entry in scopes in which kernels alone compute bodies, as words."""

    def __init__(self, store: ValueStore) -> None:
        self.store = store
        self.code = np.empty((1 << 10, 2), np.int32)
        self.tail = 0
        self.starts: dict[Nonterminal, np.ndarray] = {}
        self.counts: dict[Nonterminal, np.ndarray] = {}
        covered = {b.scope for f, b in store.bodies.items() if self.covers(f)}
        for n in store.grammar.nonterminals:
            if n.scope in covered and n not in store.bodies and kind_of(n.type) == "w":
                self.starts[n], self.counts[n] = np.empty(64, np.int64), np.empty(64, np.int32)
        self.stack = np.empty(STACK, np.int64)
        self.scratch = np.empty(4 * store.max_length, np.int64)

    @cached_property
    def operations(self) -> tuple[tuple[str, int], ...]:
        """(kernel, arity) of every primitive that occurs under a lambda and has a kernel over words, sorted."""
        found = set()
        for p in self.store.grammar.productions:
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
        head = production.head
        if head.macro is not None:
            text = macro_text(head, kinds, "w")
            return None if text is None else (text.name, len(kinds))
        loop = kernel_of(head, kinds, "w")
        return None if loop is None else (loop.kernel, len(kinds))

    @cached_property
    def macros(self) -> tuple[MacroText, ...]:
        """The functions of macros among the operations, and of those that they call."""
        names = {name for name, _ in self.operations}
        heads = [
            p for p in self.store.grammar.productions if isinstance(p.head, Primitive) and p.head.macro is not None
        ]
        texts = [macro_text(p.head, "".join(kind_of(a.type) for a in p.arguments), "w") for p in heads]  # type: ignore[arg-type]
        return tuple(texts_of([t for t in texts if t is not None and t.name in names]))

    def covers(self, function: Nonterminal) -> bool:
        """Whether every body of a function non-terminal has code."""
        body = self.store.bodies[function]
        scope = body.scope
        if any(kind_of(t) != "w" for t in scope) or len(scope) > 2:
            return False
        for p in self.store.grammar.productions:
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
        arguments = production.arguments[:arity]
        parts = [(self.starts[a][rows[:, j]], self.counts[a][rows[:, j]]) for j, a in enumerate(arguments)]
        lengths = sum((count for _, count in parts), np.ones(len(rows), np.int64))
        ends = self.tail + np.cumsum(lengths)
        before, self.tail = self.tail, int(ends[-1])
        self.code = grown(self.code, before, self.tail - before, self.store.memory)
        self.starts[target] = grown(self.starts[target], start, len(rows), self.store.memory)
        self.counts[target] = grown(self.counts[target], start, len(rows), self.store.memory)
        place = ends - lengths
        self.starts[target][start : bank.size], self.counts[target][start : bank.size] = place, lengths
        # the codes of the arguments one after the other, then a separate instruction
        for begin, count in parts:
            within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            self.code[np.repeat(place, count) + within] = self.code[np.repeat(begin, count) + within]
            place = place + count
        self.code[place, 0] = opcode
        self.code[place, 1] = rows[:, 0] if isinstance(production.head, Lift) else 0

    def _opcode(self, production: Production) -> tuple[int, int]:
        head = production.head
        if isinstance(head, Variable):
            # the machine's first argument is the outermost variable
            return (0 if head.index == len(production.target.scope) - 1 else 1), 0
        if isinstance(head, Lift):
            return (2 if production.target.type == INT else 3), 0
        operation = self._operation(production)
        assert operation is not None  # covers() has checked this
        return 4 + self.operations.index(operation), operation[1]

    def arrays(self, function: Nonterminal) -> list[np.ndarray]:
        """Code, starts and lengths of a function non-terminal's bodies."""
        body = self.store.bodies[function]
        return [self.code, self.starts[body], self.counts[body]]

    def environment(self) -> list[np.ndarray]:
        """Captured words and bools of the outer scope, stack and scratch."""
        captured = []
        for name in ("int", "bool"):
            bank = next((b for n, b in self.store.banks.items() if not n.scope and str(n.type) == name), None)
            empty = np.zeros((1, len(self.store.inputs)), np.int64)
            captured.append(bank.values if isinstance(bank, WordBank) else empty)
        return [*captured, self.stack, self.scratch]
