"""A hash kernel gives the length and hash of what the kernel writes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.strings import replacing
from numba import njit

from neurosynth.engine import hashing
from neurosynth.engine.constants import UNCHANGED
from neurosynth.engine.kernels.choice import NOTES
from neurosynth.engine.store.tables import powers

LIMIT = 12
POWER = powers(40)
TEXTS = st.text("ab", max_size=8)

sequence_hash: Any = njit(hashing.hash_of)
concatenation: Any = njit(hashing.concatenation)
replaced_all: Any = njit(replacing.replaced_all_kernel)
note_first: Any = njit(replacing.note_first_kernel)
replaced_first: Any = njit(replacing.replaced_first_kernel)


def hashed(text: str) -> np.uint64:
    return np.uint64(sequence_hash(np.array([*map(ord, text)], np.uint8), 0, len(text)))


def passed(text: str) -> tuple[Any, ...]:
    """The text in the midst of other data, with its hash."""
    return np.array([97, *map(ord, text), 98], np.uint8), 1, len(text), hashed(text)


def first(s: str, pattern: str, by: str) -> tuple[int, np.uint64]:
    notes = np.zeros(NOTES, np.uint64)
    note_first(notes, POWER, *passed(s), *passed(pattern))
    return replaced_first(LIMIT, POWER, notes, *passed(by))  # type: ignore[no-any-return]  # a numba function


def every(s: str, pattern: str, by: str) -> tuple[int, np.uint64]:
    return replaced_all(LIMIT, POWER, *passed(s), *passed(pattern), *passed(by))  # type: ignore[no-any-return]  # a numba function


def check(found: tuple[int, np.uint64], before: str, after: str) -> None:
    length, value = found
    if length == UNCHANGED:
        assert after == before
    elif length == -1:
        assert len(after) > LIMIT
    else:
        assert (length, value) == (len(after), hashed(after))


@given(TEXTS, TEXTS)
def test_concatenation(s: str, t: str) -> None:
    check(concatenation(LIMIT, POWER, *passed(s), *passed(t)), s, s + t)


@given(TEXTS, st.text("ab", max_size=3), TEXTS)
def test_replacement(s: str, pattern: str, by: str) -> None:
    check(first(s, pattern, by), s, s.replace(pattern, by, 1))
    check(every(s, pattern, by), s, s.replace(pattern, by) if pattern else s)


@pytest.mark.parametrize("replace", [first, every])
def test_what_does_not_occur_leaves_a_text_as_it_is(replace: Any) -> None:
    assert replace("abab", "bb", "a")[0] == UNCHANGED


def test_the_highest_bits_of_elements_do_not_cancel_out() -> None:
    """Rows of small pictures at the right edge of the paper, a few points each: all shapes of four rows at two heights."""
    rows = [np.array([*row, 0, 0]) for row in np.ndindex(6, 6, 6, 6)]
    shapes = [np.roll(row, by).astype(np.int64) << 59 for row in rows for by in (0, 1) if row[3] or not by]
    different = {shape.tobytes() for shape in shapes}
    assert len({int(sequence_hash(shape, 0, len(shape))) for shape in shapes}) == len(different)
