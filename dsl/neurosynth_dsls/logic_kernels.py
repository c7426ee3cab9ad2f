"""Compiled semantics of ``logic``; the protocol is that of docs/kernels.md."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Data = npt.NDArray[np.integer[Any]]


def equal_words(x: int, y: int) -> int:
    return 1 if x == y else 0


def equal_sequences(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    if n != m:
        return 0
    for k in range(n):
        if a[i + k] != b[j + k]:
            return 0
    return 1


def both(p: int, q: int) -> int:
    return 1 if p != 0 and q != 0 else 0


def either(p: int, q: int) -> int:
    return 1 if p != 0 or q != 0 else 0


def negation(p: int) -> int:
    return 1 if p == 0 else 0


def implies(p: int, q: int) -> int:
    return 1 if p == 0 or q != 0 else 0
