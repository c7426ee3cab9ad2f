"""Sampling as a search: nothing twice, what is left is known, restarts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.guides.decoding import beam
from neurosynth.language.compile import compile_grammar
from neurosynth.language.tokens import Vocabulary
from neurosynth.search.base import Limits, SearchRequest, StopReason
from neurosynth.search.decoding.prefix_run import PrefixRun
from neurosynth.search.decoding.sampling import Sampling, _Walks
from neurosynth.search.strategies.base import result_of
from tests.guides.counting import Noise
from tests.search.sequences import find, small_space, watched, wrong


@given(st.integers(0, 10**6), st.integers(1, 6))
@settings(max_examples=10)
def test_what_is_left_is_the_probability_of_the_programs_not_run(seed: int, width: int) -> None:
    """Without pruning and merging, and nothing else is left out of what is drawn."""
    language, task, store = small_space()
    given_ = wrong(task, 99)
    assert given_.type is not None
    grammar = compile_grammar(language, given_.type)
    guide = Noise(Vocabulary(language), seed)
    decoded = {d.tokens: d.logprob for d in beam(guide, given_, grammar, width=10 * len(store), max_tokens=5)}
    patch = pytest.MonkeyPatch()
    with patch.context() as changed:
        seen = watched(changed)
        config = Sampling(max_tokens=5, prune=False, merge=False)
        request = SearchRequest(task=given_, grammar=grammar, limits=Limits(), sequence=guide)
        walks = _Walks(PrefixRun(config, request, "sampling"), np.random.default_rng(seed), 1.0)
        more = True
        while more:
            before = len(seen)
            more = result_of(walks.draw(width))
            left = sum(math.exp(decoded[t]) for t in decoded.keys() - set(seen))
            assert float(np.exp(walks.tree.left(np.zeros(1, dtype=np.int64))[0])) == pytest.approx(left, abs=1e-5)
            assert len(seen) > before
    assert sorted(seen) == sorted(decoded)


@given(st.integers(0, 10**6), st.integers(1, 5), st.floats(0.5, 2))
@settings(max_examples=10)
def test_restarts_run_no_program_again_and_come_to_an_end(seed: int, width: int, heat: float) -> None:
    language, task, store = small_space()
    patch = pytest.MonkeyPatch()
    with patch.context() as changed:
        seen = watched(changed)
        search = Sampling(max_tokens=5, merge=False, width=width, batches=1, heat=heat)
        outcome = find(search, wrong(task, 99), language, Noise(Vocabulary(language), seed), seed=seed)
    assert outcome.stop is StopReason.EXHAUSTED
    assert len(seen) == len(set(seen)) == len(store)
    temperatures = [row["temperature"] for row in outcome.trace]
    assert temperatures == pytest.approx([round(heat**i, 3) for i in range(len(temperatures))])


def test_likely_programs_come_early_on_average() -> None:
    language, task, store = small_space()
    given_ = wrong(task, 99)
    assert given_.type is not None
    guide = Noise(Vocabulary(language), 3, 3.0)
    grammar = compile_grammar(language, given_.type)
    guide_proposed = [d.tokens for d in beam(guide, given_, grammar, width=10 * len(store), max_tokens=5)]
    places = np.zeros(len(guide_proposed))
    patch = pytest.MonkeyPatch()
    for seed in range(10):
        with patch.context() as changed:
            seen = watched(changed)
            find(Sampling(max_tokens=5, merge=False, width=1), given_, language, guide, seed=seed)
        places += [seen.index(tokens) for tokens in guide_proposed]
    early, late = places[: len(places) // 4].mean(), places[-len(places) // 4 :].mean()
    assert early < 0.6 * late


def test_a_hot_guide_draws_more_evenly() -> None:
    """Among the first programs of many seeds there are more different ones."""
    language, task, _ = small_space()
    guide = Noise(Vocabulary(language), 3, 4.0)
    first: dict[float, set[tuple[int, ...]]] = {}
    patch = pytest.MonkeyPatch()
    for temperature in (1.0, 20.0):
        for seed in range(12):
            with patch.context() as changed:
                seen = watched(changed)
                search = Sampling(max_tokens=5, merge=False, width=1, temperature=temperature)
                find(search, wrong(task, 99), language, guide, seed=seed, max_programs=25)
            first.setdefault(temperature, set()).update(seen)
    assert len(first[20.0]) > len(first[1.0])
