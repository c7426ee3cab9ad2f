"""Compiled parts that every search shares: enumerating tiles, gathering arguments, keys, the table of seen keys, storing.

Letters: ``N`` entries of a bank, ``E`` columns (examples, or sample points under a lambda), ``K`` candidates of a tile; a
cell is a candidate in a column, cells lie candidate by candidate.

A candidate's key is a 64-bit hash of its outputs in all columns; 0 means "dropped" and 2 "ask the reference semantics".
The table is open addressing with linear probing over parallel arrays of keys and entry numbers.
"""

from __future__ import annotations

import numpy as np
from numba import int64, uint64

from neurosynth.engine.constants import UNDEFINED_WORD
from neurosynth.engine.hashing import BASE, hash_of
from neurosynth.engine.kernels import compile_helpers
from neurosynth.engine.kernels.code_cache import njit

__all__ = [
    "LOST",
    "closest_sequences",
    "closest_words",
    "element_hashes",
    "elements_of",
    "fill",
    "filter_new",
    "find_keys",
    "gather",
    "insert_all",
    "keys_of_hashes",
    "keys_of_words",
    "powers",
    "store_references",
    "store_sequences",
    "store_words",
]

compile_helpers()

LOST = np.uint64(0x5851F42D4C957F2D)
"""Hash of an undefined sequence."""
_M = np.uint64(0xD6E8FEB86659FD93)
_ONE = np.uint64(1)
_BASE = np.uint64(BASE)
_S29 = np.uint64(29)
_S32 = np.uint64(32)
_LEAST = np.uint64(3)
_ASK = np.uint64(2)
_UNDEFINED = np.int64(UNDEFINED_WORD)
_BLOCK = 1 << 12
"""Number of keys looked up together: the cache lines of the table that they touch fit the level-2 cache."""


@njit(cache=True, inline="always")
def _mix(value, salt):
    """One column's share of a key: salted by the column, then a multiply-and-fold finaliser; shares are summed.

    The salt is added, not multiplied: a multiple of a high power of two (the undefined word, a sign bit) times any odd number is nearly
    itself in every column.
    """
    h = value + salt
    h ^= h >> _S32
    h *= _M
    h ^= h >> _S29
    h *= _BASE
    h ^= h >> _S32
    return h


def powers(length: int) -> np.ndarray:
    """``BASE**k`` modulo 2**64 for ``k <= length``."""
    with np.errstate(over="ignore"):
        return np.cumprod(np.concatenate([np.ones(1, np.uint64), np.full(length, _BASE, np.uint64)]), dtype=np.uint64)


@njit(cache=True, nogil=True)
def fill(state, low, high, triangular, rows, room):
    """Write the next combinations of entries to ``rows`` (arity, room), advance ``state``, and return their number."""
    last = low.size - 1
    n = 0
    while n < room and state[0] < high[0]:
        take = min(room - n, high[last] - state[last])
        for q in range(take):
            for j in range(last):
                rows[j, n + q] = state[j]
            rows[last, n + q] = state[last] + q
        n += take
        state[last] += take
        j = last
        while j > 0 and state[j] >= high[j]:
            state[j - 1] += 1
            state[j] = max(low[j], state[0]) if triangular else low[j]
            j -= 1
    return n


@njit(cache=True, nogil=True)
def gather(values, entries, n, first, width, out):
    """``out`` cells from ``values`` (N, E) of ``entries[:n]`` at ``width`` columns from ``first`` on."""
    for k in range(n):
        row = entries[k]
        for c in range(width):
            out[k * width + c] = values[row, first + c]


@njit(cache=True, nogil=True)
def keys_of_words(cells, n, multipliers, partial, total, keys):
    """Keys of ``n`` candidates from word cells; ``total`` means that no word is undefined (bit-vectors)."""
    width = multipliers.size
    for k in range(n):
        key = uint64(0)
        lost = 0
        for c in range(width):
            y = cells[k * width + c]
            if not total and int64(y) == _UNDEFINED:
                lost += 1
            key += _mix(uint64(y), multipliers[c])
        if lost == width or (lost > 0 and not partial):
            key = uint64(0)
        elif key < _LEAST:
            key += _LEAST
        keys[k] = key


@njit(cache=True, nogil=True)
def element_hashes(data, starts, lengths, n, hashes):
    """Polynomial hash of each of ``n`` sequences (:func:`neurosynth.engine.hashing.hash_of`); ``LOST`` for an undefined one.

    A negative start means that the sequence is an unchanged argument, whose hash is there already.
    """
    for t in range(n):
        length = lengths[t]
        start = starts[t]
        if start < 0:
            continue
        hashes[t] = hash_of(data, start, int64(length)) if length >= 0 else LOST


@njit(cache=True, nogil=True)
def keys_of_hashes(hashes, lengths, n, multipliers, partial, keys):
    """Keys of ``n`` candidates from hashes and lengths; a length of -2 asks the reference semantics."""
    width = multipliers.size
    for k in range(n):
        key = uint64(0)
        lost = 0
        ask = False
        for c in range(width):
            length = lengths[k * width + c]
            if length < 0:
                lost += 1
                ask = ask or length == -2
            key += _mix(hashes[k * width + c] + uint64(length) * _M, multipliers[c])
        if ask:
            key = _ASK
        elif lost == width or (lost > 0 and not partial):
            key = uint64(0)
        elif key < _LEAST:
            key += _LEAST
        keys[k] = key


@njit(cache=True, nogil=True)
def filter_new(keys, n, table, ids, base, goal, met, fresh, hits, asks):
    """Split a tile's ``keys[:n]``: entries new to the table (inserted at once, numbered from ``base``), goal hits, asks.

    Returns the three counts; positions are written to ``fresh``, ``hits`` and ``asks``. The content of each key's slot is read first,
    into ``met``: no branch waits for memory there, so that many reads overlap.
    """
    mask = uint64(table.size - 1)
    new = 0
    hit = 0
    ask = 0
    for block in range(0, n, _BLOCK):
        end = min(block + _BLOCK, n)
        for k in range(block, end):
            met[k] = table[(keys[k] ^ (keys[k] >> _S32)) & mask]
        for k in range(block, end):
            key = keys[k]
            if key < _LEAST:
                if key == _ASK:
                    asks[ask] = k
                    ask += 1
                continue
            if key == goal:
                hits[hit] = k
                hit += 1
            if met[k] == key:
                continue
            slot = (key ^ (key >> _S32)) & mask
            while True:
                found = table[slot]
                if found == key:
                    break
                if found == uint64(0):
                    table[slot] = key
                    ids[slot] = base + new
                    fresh[new] = k
                    new += 1
                    break
                slot = (slot + _ONE) & mask
    return new, hit, ask


@njit(cache=True, nogil=True)
def insert_all(table, ids, old_table, old_ids):
    """Move every key of an old table to a new, larger one."""
    mask = uint64(table.size - 1)
    for i in range(old_table.size):
        key = old_table[i]
        if key != uint64(0):
            slot = (key ^ (key >> _S32)) & mask
            while table[slot] != uint64(0):
                slot = (slot + _ONE) & mask
            table[slot] = key
            ids[slot] = old_ids[i]


@njit(cache=True, nogil=True)
def find_keys(keys, n, table, ids, found):
    """Entry number of each key, -1 if there is none."""
    mask = uint64(table.size - 1)
    for k in range(n):
        key = keys[k]
        found[k] = -1
        if key < _LEAST:
            continue
        slot = (key ^ (key >> _S32)) & mask
        while table[slot] != uint64(0):
            if table[slot] == key:
                found[k] = ids[slot]
                break
            slot = (slot + _ONE) & mask


@njit(cache=True, nogil=True)
def store_sequences(
    source, cell_starts, cell_lengths, cell_hashes, fresh, new, data, tail, starts, lengths, hashes, base
):
    """Copy new candidates from a tile's buffer to the arena ``data`` and the bank's rows; returns the arena's tail."""
    width = starts.shape[1]
    for q in range(new):
        for c in range(width):
            t = fresh[q] * width + c
            length = cell_lengths[t]
            start = cell_starts[t]
            lengths[base + q, c] = length
            hashes[base + q, c] = cell_hashes[t]
            if start < 0:  # an unchanged argument: its elements are in the arena
                starts[base + q, c] = -1 - start
                continue
            for i in range(length):
                data[tail + i] = source[start + i]
            starts[base + q, c] = tail
            tail += max(int64(length), int64(0))
    return tail


@njit(cache=True, nogil=True)
def store_words(cells, fresh, new, values, base):
    """Copy new candidates from a tile's word cells to the bank's rows."""
    width = values.shape[1]
    for q in range(new):
        at = fresh[q] * width
        for c in range(width):
            values[base + q, c] = cells[at + c]


@njit(cache=True, nogil=True)
def store_references(cell_starts, cell_lengths, cell_hashes, fresh, new, starts, lengths, hashes, base):
    """Like :func:`store_sequences` for elements that are all in the arena already."""
    width = starts.shape[1]
    for q in range(new):
        at = fresh[q] * width
        for c in range(width):
            starts[base + q, c] = cell_starts[at + c]
            lengths[base + q, c] = cell_lengths[at + c]
            hashes[base + q, c] = cell_hashes[at + c]


@njit(cache=True, nogil=True)
def elements_of(cell_starts, cell_lengths, fresh, new, width):
    """Number of elements that storing new candidates will write to the arena."""
    total = 0
    for q in range(new):
        for t in range(fresh[q] * width, (fresh[q] + 1) * width):
            if cell_starts[t] >= 0 and cell_lengths[t] > 0:
                total += cell_lengths[t]
    return total


@njit(cache=True, nogil=True)
def closest_words(values, start, end, goal):
    """The first of the entries that agrees with the goal in most columns, and the number of these columns."""
    best = -1
    at = start
    for k in range(start, end):
        same = 0
        for c in range(goal.size):
            same += values[k, c] == goal[c]
        if same > best:
            best, at = same, k
    return at, best


@njit(cache=True, nogil=True)
def closest_sequences(hashes, lengths, start, end, goal, goal_lengths):
    """Like :func:`closest_words` for sequences."""
    best = -1
    at = start
    for k in range(start, end):
        same = 0
        for c in range(goal.size):
            same += hashes[k, c] == goal[c] and lengths[k, c] == goal_lengths[c]
        if same > best:
            best, at = same, k
    return at, best
