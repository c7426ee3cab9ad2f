"""What fills a store: one interface, on Python objects or in compiled loops."""

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
    """Extends the banks of a store; what it tried and found comes back as batches, and ends whenever no more are asked for."""

    @property
    def store(self) -> ValueStore:
        """What it fills."""
        ...

    @property
    def object_cells(self) -> int:
        """Values computed on Python objects so far: candidates times columns of their scope."""
        ...

    def expand(
        self,
        production: Production,
        ranges: Sequence[Range],
        *,
        triangular: bool = False,
        firsts: np.ndarray | None = None,
    ) -> Iterator[Batch]:
        """Try the production on every combination of entries in ``ranges``; keep what is new.

        ``triangular`` skips combinations whose second entry comes before the first (commutative primitives).  With ``firsts`` (K, arity - 1)
        the range is of the last argument, and the others are these.
        """
        ...

    def probe(self, production: Production, ranges: Sequence[Range], *, triangular: bool = False) -> Iterator[Batch]:
        """Like :meth:`expand` for a production of a goal non-terminal, but only look for the goal: nothing is kept."""
        ...

    def insert(self, production: Production, entries: tuple[int, ...]) -> Generator[Batch, None, int | None]:
        """One program, kept at the cost that its bank is open for.

        Returns:
            its entry, or that of an older one with the same outputs; None where it has none.
        """
        ...

    def find(self, target: Nonterminal, values: tuple[Any, ...]) -> int | None:
        """The entry with these outputs, or None; to be checked: compiled banks go by hash."""
        ...

    def masks(self, bank: Bank, start: int, end: int) -> np.ndarray:
        """(end - start,) int64: for each of these entries of a goal bank, a bit an example it is right on (at most 63)."""
        ...


def backend_of(store: ValueStore) -> Backend:
    """The backend that the store was made for; numba is only imported for compiled ones."""
    if not store.compiled:
        return ObjectBackend(store)
    from neurosynth.engine.backends.compiled import CompiledBackend

    return CompiledBackend(store)


def view_of(backend: Backend) -> BankView | None:
    """To read banks that are filled in compiled code; None of those of Python objects, which strategies do not look at."""
    if isinstance(backend, ObjectBackend):
        return None
    from neurosynth.engine.backends.compiled import CompiledBackend
    from neurosynth.engine.backends.view import BankView

    return BankView(backend) if isinstance(backend, CompiledBackend) else None
