"""Keys tell values apart whatever their bits are, and in whatever column they stand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from neurosynth.engine.constants import UNDEFINED_WORD
from neurosynth.engine.store.lambda_samples import columns_of
from neurosynth.engine.store.tables import keys_of_words

EXAMPLES = 10
HIGH = (0, 1 << 63, 1 << 62, 3 << 62, 1 << 56, 1 << 32, 1, (1 << 64) - 1)


def keys(rows: np.ndarray) -> np.ndarray:
    """(K,) keys of the word rows (K, EXAMPLES)."""
    columns = columns_of((), [(i,) for i in range(EXAMPLES)], [0] * EXAMPLES, partial=True)
    out = np.empty(len(rows), np.uint64)
    total = rows.dtype == np.uint64
    keys_of_words(np.ascontiguousarray(rows).reshape(-1), len(rows), columns.multipliers, True, total, out)
    return out


def distinct(rows: np.ndarray) -> bool:
    return len(set(keys(rows).tolist())) == len(rows)


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(HIGH, 2)), ids=lambda v: hex(v))
def test_which_columns_hold_which_of_two_words_makes_a_difference(one: int, other: int) -> None:
    masks = np.arange(1 << EXAMPLES)[:, None] >> np.arange(EXAMPLES) & 1
    assert distinct(np.where(masks == 1, np.uint64(one), np.uint64(other)))


def test_where_a_value_is_undefined_makes_a_difference() -> None:
    masks = np.arange((1 << EXAMPLES) - 1)[:, None] >> np.arange(EXAMPLES) & 1
    for value in (0, 1, -1):
        assert distinct(np.where(masks == 1, np.int64(UNDEFINED_WORD), np.int64(value)))


def test_constants_of_all_single_bits_differ() -> None:
    bits = np.uint64(1) << np.arange(64, dtype=np.uint64)
    assert distinct(np.repeat(np.concatenate([bits, bits * np.uint64(3)])[: 64 + 62, None], EXAMPLES, axis=1))
