"""The loop that runs a production, and whether a range of its candidates is worth compiling it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from neurosynth.engine.backends.kernel_batch import ArgumentSource, Buffers, KernelBatch, sizes_of
from neurosynth.engine.backends.lambda_bytecode import LambdaBytecode
from neurosynth.engine.kernels.cache import load_machine, should_compile
from neurosynth.engine.kernels.choice import Loop, kernel_of, kind_of, reference_of
from neurosynth.engine.store.banks import SequenceBank
from neurosynth.engine.store.value_store import Range, ValueStore
from neurosynth.language.grammar import Nonterminal, Production
from neurosynth.language.primitive import Primitive
from neurosynth.values.types import INT

__all__ = ["ProductionKernels"]


class ProductionKernels:
    """The compiled loops of a store's productions, each found when first needed."""

    def __init__(self, store: ValueStore, buffers: Buffers, code: LambdaBytecode) -> None:
        self.store, self.buffers, self.code = store, buffers, code
        self._found: dict[Production, KernelBatch | None] = {}

    def of(self, production: Production) -> KernelBatch | None:
        """The loop of a production, or None if there is none."""
        if production not in self._found:
            self._found[production] = self._find(production)
        return self._found[production]

    def should_compile(self, production: Production, ranges: Sequence[Range], times: int = 1) -> bool:
        """Whether to run these combinations, this many times, in the production's loop, if it has one."""
        cells = self.of(production)
        if cells is None:
            return False
        count = times * math.prod(max(0, b - a) for a, b in ranges)
        work = count * (8 + self.store.columns[production.target.scope].count)
        return cells.module is None or should_compile(cells.loop, work, self.store.patience)

    def _find(self, production: Production) -> KernelBatch | None:
        primitive = production.head
        assert isinstance(primitive, Primitive)
        if not primitive.arity:
            return None
        kinds = "".join("t" if self._is_table(production, a) else kind_of(a.type) for a in production.arguments)
        loop = kernel_of(primitive, kinds, kind_of(production.target.type), self._run_of_points())
        if loop is None or not self._may_test(production, loop):
            return None
        loop = self.with_machine(loop, production)
        if loop is None:
            return None
        store, banks = self.store, self.store.banks
        examples = store.columns[()].count
        sources = [
            ArgumentSource(k, store.bank(a) if k == "t" else banks.get(a, a), examples)
            for k, a in zip(kinds, production.arguments, strict=True)
        ]
        return KernelBatch(loop, sources, sizes_of(primitive), self.buffers, self.code)

    def with_machine(self, loop: Loop, production: Production) -> Loop | None:
        """The loop with the machine that applies its functions, if it has any; None if the machine does not have all of their
        operations."""
        if "f" not in loop.arguments:
            return loop
        functions = [a for a in production.arguments if kind_of(a.type) == "f"]
        if production.target.scope or not all(self.code.covers(f) for f in functions):
            return None
        return replace(loop, machine=load_machine(self.code.operations, self.code.macros).__name__)

    def _run_of_points(self) -> tuple[int, ...]:
        """The integers with which functions are called, if the language declares consecutive ones."""
        points = self.store.grammar.hints.points_of(INT)
        found = points.values if points is not None else ()
        return found if list(found) == list(range(found[0], found[0] + len(found)) if found else ()) else ()

    def _is_table(self, production: Production, argument: Nonterminal) -> bool:
        """Whether an argument is a function from one parameter to sequences, all of whose values are in its body's columns."""
        body = self.store.bodies.get(argument)
        if body is None or production.target.scope or len(body.scope) != 1:
            return False
        points = self.store.grammar.hints.points_of(body.scope[0])
        columns = self.store.columns
        complete = points is not None and len(points.values) * columns[()].count == columns[body.scope].count
        return complete and isinstance(self.store.banks[body], SequenceBank)

    def _may_test(self, production: Production, loop: Loop) -> bool:
        """Whether a loop tests for values that cannot be part of the goal, if the language defines such a test."""
        test = self.store.parts.get(production.target.type)
        return test is None or (loop.result in "ci" and not loop.hashed and reference_of(test.keep.kernel) is not None)
