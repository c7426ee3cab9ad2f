"""The read-only view of banks that compiled code fills, for strategies: values, programs, masks, inverses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from neurosynth.engine.backends.compiled import CompiledBackend
from neurosynth.engine.backends.encoder import word_bank
from neurosynth.engine.backends.inverse import Goals, Inverses
from neurosynth.engine.store.banks import Bank, Columns
from neurosynth.engine.store.batch import Batch
from neurosynth.engine.store.value_store import Range
from neurosynth.language.grammar import Grammar, Nonterminal, Production
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Program

__all__ = ["BankView"]


class BankView:
    """A read-only view of the banks of a store on the examples of the search; they grow between two calls."""

    def __init__(self, backend: CompiledBackend) -> None:
        self._backend, self._store = backend, backend.store
        self.inverses = Inverses(backend)
        """Inverse semantics over the banks."""

    @property
    def grammar(self) -> Grammar:
        """The grammar of the programs."""
        return self._store.grammar

    @property
    def inputs(self) -> tuple[tuple[Any, ...], ...]:
        """The inputs of each example."""
        return self._store.inputs

    @property
    def goal(self) -> tuple[Any, ...]:
        """The wanted output of each example."""
        return self._store.goal

    @property
    def goals(self) -> frozenset[Nonterminal]:
        """Non-terminals whose programs are programs of the task."""
        return self._store.goals

    @property
    def programs_left(self) -> int:
        """Number of candidates that may still be tried."""
        return self._store.quota.left

    @property
    def goal_bank(self) -> Goals:
        """The goal as a bank of one entry."""
        return self._backend.goal.bank

    @property
    def banks(self) -> Mapping[Nonterminal, Bank]:
        """Of each non-terminal but those of functions."""
        return self._store.banks

    def bank(self, target: Nonterminal) -> Bank:
        """The bank of a non-terminal; one of functions shares its body's."""
        return self._store.bank(target)

    def columns(self, target: Nonterminal) -> Columns:
        """The columns of a non-terminal's bank."""
        return self._store.columns[target.scope]

    def number(self, production: Production) -> int:
        """The number by which banks refer to a production."""
        return self._store.numbers[production]

    def values(self, target: Nonterminal, entry: int) -> tuple[Any, ...]:
        """Outputs of an entry in all columns, as Python objects; for functions, callables."""
        return self._store.values(target, entry)

    def program(self, target: Nonterminal, entry: int) -> Program:
        """The program of an entry."""
        return self._store.program(target, entry)

    def build(self, production: Production, entries: Sequence[int]) -> Program:
        """The program of a production over entries of its arguments."""
        return self._store.build(production, entries)

    def cost_of(self, production: Production, entries: Sequence[int]) -> int:
        """The cost of that program."""
        return self._store.cost_of(production, entries)

    def masks(self, bank: Bank, start: int, end: int) -> np.ndarray:
        """(end - start,) int64: for each of these entries of a goal bank, a bit for each example on which it is right."""
        return self._backend.masks(bank, start, end)

    def has_kernel(self, production: Production) -> bool:
        """Whether a loop can try candidates of a production."""
        return isinstance(production.head, Primitive) and self._backend.kernels.of(production) is not None

    def equal(
        self, production: Production, ranges: Sequence[Range], triangular: bool, goals: Goals, goal: int
    ) -> Iterator[Batch]:
        """Matches: combinations whose outputs equal those of entry ``goal`` of ``goals``."""
        return self._backend.equal(production, ranges, triangular, goals, goal)

    def scratch(self, target: Nonterminal, values: np.ndarray) -> Goals:
        """A separate bank that holds some rows of words to look up."""
        return word_bank(self._store, target, values)
