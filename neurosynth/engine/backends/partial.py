"""Compiled parts of inverse semantics that apply to some examples only. A cell is the value of the missing argument in a column. A
length of -1 means that there is none, and :data:`ANY` that any value is right.
"""

from __future__ import annotations

import numpy as np
from numba import int64

from neurosynth.engine.constants import ANY
from neurosynth.engine.kernels.code_cache import njit

__all__ = ["agreeing"]

_ANY = np.int64(ANY)


@njit(cache=True, nogil=True)
def agreeing(lengths, hashes, n, width, cells, masks):
    """The value that most columns of a candidate need: a cell that has it, and the mask of the columns in which it is right. -1 and 0
    if no two columns need the same."""
    for k in range(n):
        most = 1
        cells[k], masks[k] = -1, 0
        for t in range(k * width, (k + 1) * width):
            if lengths[t] < 0:
                continue
            count, mask = 0, int64(0)
            for c in range(width):
                u = k * width + c
                if lengths[u] == _ANY:
                    mask |= int64(1) << c
                elif lengths[u] == lengths[t] and hashes[u] == hashes[t]:
                    mask |= int64(1) << c
                    count += 1
            if count > most:
                most, cells[k], masks[k] = count, t, mask
