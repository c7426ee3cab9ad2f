"""The tools for writing kernels; importing this module loads neither numba nor numpy.

A kernel is a plain function beside its primitive (see ``docs/kernels.md``). Functions that kernels call are marked with :func:`helper`;
both are compiled once the engine has enough work for them.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from neurosynth.engine.constants import ANY, ASK_REFERENCE, UNCHANGED, UNDEFINED_WORD, WORD_LIMIT
from neurosynth.values.domain import MISSING_WORD

__all__ = [
    "ANY",
    "ASK_REFERENCE",
    "MISSING_WORD",
    "UNCHANGED",
    "UNDEFINED_WORD",
    "WORD_LIMIT",
    "Data",
    "Powers",
    "Word",
    "compile_helpers",
    "helper",
    "np",
]

K = TypeVar("K", bound=Callable[..., Any])

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Data = npt.NDArray[np.integer[Any]]
    """The elements of sequences."""
    Powers = npt.NDArray[np.uint64]
    """Powers of the base of hashes; also the array to which notes are written."""
    Word = np.uint64
    """A bit-vector or a hash."""
else:

    class _OnUse(ModuleType):
        """A module that is imported on first use; numba takes it for the module itself."""

        def __getattr__(self, name: str) -> Any:
            value = getattr(importlib.import_module(self.__name__), name)
            setattr(self, name, value)
            return value

    np = _OnUse("numpy")
    Data = Powers = Word = Any

_waiting: list[Callable[..., Any]] = []
"""Helpers that are not registered with numba yet."""


def helper(function: K) -> K:
    """Mark a function that kernels call: numba compiles it with them, and it stays a plain function."""
    _waiting.append(function)
    return function


def compile_helpers() -> None:
    """Register the helpers that were imported so far with numba."""
    from numba.extending import register_jitable

    while _waiting:
        register_jitable(_waiting.pop())
