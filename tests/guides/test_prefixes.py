"""Prefixes in batches: pieces of a state, states read again, what closes a program, the likeliest of a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.guides.prefixes import Batches, Pace, PrefixWalk, likeliest, ranked
from neurosynth.language.tokens import Vocabulary
from tests.guides.counting import TASK, Noise, grammar_of, numbers
from tests.search.gathering import GatheringNoise

LANGUAGE = numbers()
GRAMMAR = grammar_of(LANGUAGE)
VOCABULARY = Vocabulary(LANGUAGE)

seeds = st.integers(0, 2**32)


def walk(guide: Any, most: int | None) -> PrefixWalk:
    """A walk that asks about so many prefixes at once."""
    return PrefixWalk(guide, TASK, GRAMMAR, 9, None if most is None else Pace(most, lambda: None))


@given(seeds, st.integers(1, 4), st.booleans())
def test_pieces_of_a_state_say_what_the_state_says(seed: int, most: int, gathers: bool) -> None:
    rng = np.random.default_rng(seed)
    guide: Any = GatheringNoise(VOCABULARY) if gathers else Noise(VOCABULARY)
    whole, pieces = walk(guide, None), walk(guide, most)
    one, other = whole.root(), pieces.root()
    for _ in range(4):
        assert pieces.next_logprobs(other) == pytest.approx(whole.next_logprobs(one))
        rows, tokens = np.nonzero(whole.table.masks(one.nodes) & ~whole.table.closing(one.nodes))
        some = rng.permutation(len(rows))[:7]
        one = whole.extend(one, rows[some], tokens[some], np.zeros(len(some))).live
        other = pieces.extend(other, rows[some], tokens[some], np.zeros(len(some))).live
        assert one.tokens.tolist() == other.tokens.tolist()
        assert isinstance(other.state, Batches)
        again = pieces.replay(other.tokens)
        assert again.log_probs() == pytest.approx(other.state.log_probs())
        some = rng.integers(len(one), size=3)
        assert again.take(some).log_probs() == pytest.approx(one.state.log_probs()[some])


def test_the_pace_is_kept_and_told() -> None:
    ticks = []
    guide = GatheringNoise(VOCABULARY)
    pace = Pace(2, lambda: ticks.append(len(guide.sizes)))
    slow = PrefixWalk(guide, TASK, GRAMMAR, 9, pace)
    root = slow.root()
    tokens = np.flatnonzero(slow.table.masks(root.nodes)[0])
    assert len(tokens) == 5
    state = root.state.advance(np.zeros(5, dtype=np.int64), tokens)
    assert guide.sizes == [2, 2, 1]
    assert ticks == [1, 2, 3]
    assert pace.asked == 6
    state.log_probs()
    assert pace.seconds > 0


@given(seeds)
def test_what_closes_a_program_is_what_makes_it_whole(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = walk(Noise(VOCABULARY), None).table
    node = np.array([table.root])
    for left in range(9, 0, -1):
        assert table.left(node).tolist() == [left]
        allowed = np.flatnonzero(table.masks(node)[0])
        after = table.advance(np.repeat(node, len(allowed)), allowed)
        assert table.done(after).tolist() == table.closing(node)[0, allowed].tolist()
        going_on = after[~table.done(after)]
        if not len(going_on):
            return
        node = rng.choice(going_on, size=1)


def test_prefixes_that_differ_only_in_what_may_follow_at_most_have_one_form() -> None:
    table = walk(Noise(VOCABULARY), None).table
    plus, neg = (VOCABULARY.tokens.index(name) for name in ("+", "neg"))
    root = np.array([table.root])
    once = table.advance(root, np.array([neg]))
    assert table.forms(once) == table.forms(root)
    assert table.left(once) == table.left(root) - 1
    assert table.forms(table.advance(root, np.array([plus]))) != table.forms(root)


@given(
    st.lists(st.lists(st.sampled_from([-np.inf, 0.0, 1.0, 2.5]), min_size=3, max_size=3), max_size=6), st.integers(1, 9)
)
def test_ranked_is_a_stable_sort_in_parts(rows: list[list[float]], count: int) -> None:
    scores = np.array(rows).reshape(-1, 3)
    flat = scores.ravel()
    order = [i for i in np.argsort(-flat, kind="stable").tolist() if flat[i] > 0]
    parts = list(ranked(scores, count, 0.0))
    found = [3 * r + c for rows_, columns, _ in parts for r, c in zip(rows_.tolist(), columns.tolist(), strict=True)]
    assert found == order
    assert [v for _, _, values in parts for v in values.tolist()] == flat[order].tolist()
    assert len(parts[0][0]) == min(count, len(order))
    assert [a.tolist() for a in likeliest(scores, count, 0.0)] == [a.tolist() for a in parts[0]]
