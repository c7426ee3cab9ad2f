"""Backends fill a store: one interface, on Python objects or in compiled loops."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from neurosynth.engine.backends.objects import ObjectBackend
from neurosynth.engine.store.banks import Bank
from neurosynth.engine.store.batch import Batch
from neurosynth.engine.store.value_store import Range, ValueStore
from neurosynth.language.grammar import Nonterminal, Production

if TYPE_CHECKING:  # it imports numba, which small tasks need not wait for
    from neurosynth.engine.backends.view import BankView

__all__ = ["Backend", "backend_of", "view_of"]


class Backend(Protocol):
    """Extends the banks of a store. Candidates tried and matches found are returned as batches; the caller may stop at any batch."""

    @property
    def store(self) -> ValueStore:
        """The store that it fills."""
        ...

    @property
    def object_cells(self) -> int:
        """Number of values computed on Python objects so far: candidates times columns of their scope."""
        ...

    def expand(
        self,
        production: Production,
        ranges: Sequence[Range],
        *,
        triangular: bool = False,
        firsts: np.ndarray | None = None,
    ) -> Iterator[Batch]:
        """Try the production on every combination of entries in ``ranges``; store new values.

        ``triangular`` skips combinations whose second entry comes before the first (commutative primitives). With ``firsts`` (K, arity
        - 1), the range is that of the last argument, and these are the other arguments.
        """
        ...

    def insert(self, production: Production, entries: tuple[int, ...]) -> Generator[Batch, None, int | None]:
        """Store one program at the cost for which its bank is open.

        Returns:
            its entry, or that of an older one with the same outputs; None if it has no outputs.
        """
        ...

    def find(self, target: Nonterminal, values: tuple[Any, ...]) -> int | None:
        """The entry with these outputs, or None. Callers must check it: compiled banks compare hashes."""
        ...

    def masks(self, bank: Bank, start: int, end: int) -> np.ndarray:
        """(end - start,) int64: for each of these entries of a goal bank, a bit for each example on which it is right (at most 63)."""
        ...


def backend_of(store: ValueStore) -> Backend:
    """The backend for which the store was made; numba is imported only for compiled ones."""
    if not store.compiled:
        return ObjectBackend(store)
    from neurosynth.engine.backends.compiled import CompiledBackend

    return CompiledBackend(store)


def view_of(backend: Backend) -> BankView | None:
    """For reading banks that compiled code fills; None for those of Python objects, which strategies do not read."""
    if isinstance(backend, ObjectBackend):
        return None
    from neurosynth.engine.backends.compiled import CompiledBackend
    from neurosynth.engine.backends.view import BankView

    return BankView(backend) if isinstance(backend, CompiledBackend) else None
