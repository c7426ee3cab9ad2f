"""Python values as cells of arrays with their keys, and the goal in the same form."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from neurosynth.engine.backends.objects import object_masks
from neurosynth.engine.kernels.choice import kind_of
from neurosynth.engine.store.banks import Bank, Columns, SequenceBank, WordBank, words_from_python
from neurosynth.engine.store.tables import element_hashes, keys_of_hashes, keys_of_words, powers
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.grammar import Nonterminal
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Type

__all__ = ["Encoder", "Goal", "word_bank"]


class Encoder:
    """Writes values into a store's arenas, and the keys of candidates into ``keys``, which has space for ``room`` of them."""

    def __init__(self, store: ValueStore, room: int) -> None:
        self.store = store
        self.power = powers(store.max_length)
        self.keys = np.empty(room, np.uint64)

    def word_keys(self, cells: np.ndarray, n: int, columns: Columns, total: bool) -> None:
        """Keys of ``n`` candidates from their word cells."""
        keys_of_words(cells.reshape(-1), n, columns.multipliers, columns.partial, total, self.keys)

    def sequences(
        self, values: Sequence[tuple[Any, ...]], kind: str, columns: Columns, t: Type
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Write Python sequences into the arena: starts, lengths, hashes (K, E). Their keys are written to ``keys``."""
        arena = self.store.arena(kind)
        shape = (len(values), columns.count)
        starts, lengths = (
            a.reshape(shape) for a in arena.put([value for row in values for value in row], domain_of(t))
        )
        if lengths.max(initial=0) >= self.power.size:  # constants may be longer than values of the search
            self.power = powers(int(lengths.max()))
        hashes = np.empty(shape, np.uint64)
        element_hashes(arena.data, starts.reshape(-1), lengths.reshape(-1), starts.size, hashes.reshape(-1))
        keys_of_hashes(
            hashes.reshape(-1), lengths.reshape(-1), len(values), columns.multipliers, columns.partial, self.keys
        )
        return starts, lengths, hashes

    def key(self, bank: WordBank | SequenceBank, values: tuple[Any, ...]) -> np.ndarray:
        """(1,) the key of these outputs."""
        if isinstance(bank, WordBank):
            self.word_keys(words_from_python(values, bank.target.type), 1, bank.columns, bank.kind == "u")
        else:
            self.sequences([values], bank.kind, bank.columns, bank.target.type)
        return self.keys[:1].copy()


class Goal:
    """The outputs that a store's programs should have, as cells; computing them does not disturb a tile in progress."""

    def __init__(self, store: ValueStore) -> None:
        self.store = store

    @cached_property
    def bank(self) -> WordBank | SequenceBank:
        """The goal as a bank of one entry."""
        store = self.store
        start = store.grammar.start
        kind, columns = kind_of(start.type), store.columns[()]
        if kind in "wu":
            words = WordBank(start, columns, 0, store.memory, kind)
            words.values[0] = words_from_python(store.goal, start.type)
            return words
        bank = SequenceBank(start, columns, 0, store.memory, kind, store.arena(kind))
        starts, lengths, hashes = Encoder(store, 1).sequences([store.goal], kind, columns, start.type)
        bank.starts[0], bank.lengths[0], bank.hashes[0] = starts[0], lengths[0], hashes[0]
        return bank

    @cached_property
    def key(self) -> np.uint64:
        """The key of a candidate that may be right."""
        return np.uint64(Encoder(self.store, 1).key(self.bank, self.store.goal)[0])

    def masks(self, bank: Bank, start: int, end: int) -> np.ndarray:
        """(end - start,) int64: for each of these entries of a goal bank, a bit for each example on which it is right (at most 63)."""
        if not isinstance(bank, (WordBank, SequenceBank)):
            return object_masks(bank, self.store.goal, start, end)
        goal = self.bank
        if isinstance(bank, WordBank):
            assert isinstance(goal, WordBank)
            same = bank.values[start:end] == goal.values[0]
        else:
            assert isinstance(goal, SequenceBank)
            same = (bank.hashes[start:end] == goal.hashes[0]) & (bank.lengths[start:end] == goal.lengths[0])
        masks: np.ndarray = (same * (np.int64(1) << np.arange(len(self.store.goal)))).sum(axis=1, dtype=np.int64)
        return masks


def word_bank(store: ValueStore, target: Nonterminal, values: np.ndarray) -> WordBank:
    """A separate bank that holds some rows of words (K, E)."""
    bank = WordBank(target, store.columns[target.scope], 0, store.memory, kind_of(target.type))
    bank.reserve(len(values))
    bank.values[: len(values)] = values
    return bank
