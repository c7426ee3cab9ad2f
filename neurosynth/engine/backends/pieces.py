"""Compiled parts of deduction over concatenation: the known values that occur at a position of the goal.

Letters: ``N`` values, ``E`` examples, ``L`` characters of the longest goal.
"""

from __future__ import annotations

import numpy as np
from numba import int64, uint64

from neurosynth.engine.hashing import BASE, hash_of
from neurosynth.engine.kernels.code_cache import njit

__all__ = ["advances", "piece_hashes", "pieces_of"]


_BASE = np.uint64(BASE)


@njit(cache=True, nogil=True)
def piece_hashes(data, starts, lengths, hashes):
    """``hashes[e, p, n]``: hash of the goal's ``n`` elements from place ``p`` of example ``e`` (the bank's sequence hash)."""
    for e in range(starts.size):
        for p in range(lengths[e] + 1):
            h = uint64(0)
            hashes[e, p, 0] = h
            for n in range(lengths[e] - p):
                h = h * _BASE + hash_of(data, starts[e] + p + n, 1)  # an element counts as its own hash
                hashes[e, p, n + 1] = h


@njit(cache=True, nogil=True)
def pieces_of(lengths, hashes, goal_lengths, goal_hashes, first, end, counts):
    """``counts[k]``: the number of examples in whose goal value ``first + k`` occurs; 0 if it is empty wherever it does."""
    for k in range(end - first):
        found = 0
        solid = False
        for e in range(goal_lengths.size):
            n = int64(lengths[first + k, e])
            if n < 0 or n > goal_lengths[e]:
                continue
            if n == 0:
                found += 1
                continue
            h = hashes[first + k, e]
            for p in range(goal_lengths[e] - n + 1):
                if goal_hashes[e, p, n] == h:
                    found += 1
                    solid = True
                    break
        counts[k] = found if solid else 0


@njit(cache=True, nogil=True)
def advances(rows, lengths, hashes, goal_lengths, goal_hashes, place, alive, result):
    """For each of ``rows``: a bit for each remaining example in which the value occurs at ``place``; 0 where it adds nothing.

    ``alive`` is a bit mask of up to 63 examples.
    """
    for k in range(rows.size):
        mask = int64(0)
        solid = False
        for e in range(goal_lengths.size):
            if not (alive >> e) & 1:
                continue
            n = int64(lengths[rows[k], e])
            if n < 0 or place[e] + n > goal_lengths[e]:
                continue
            if goal_hashes[e, place[e], n] == hashes[rows[k], e]:
                mask |= int64(1) << e
                solid = solid or n > 0
        result[k] = mask if solid else 0
