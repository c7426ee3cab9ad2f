"""Beam search made wider: rounds, what they leave out and to whom the guide is asked again."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.guides.decoding import beam, program_logprobs
from neurosynth.language.compile import compile_grammar
from neurosynth.language.language import Language
from neurosynth.language.program import Program
from neurosynth.language.tokens import Vocabulary
from neurosynth.search.base import StopReason
from neurosynth.search.decoding.beam import Beam
from neurosynth.search.decoding.prefix_run import MemoryRoom
from tests.guides.counting import Noise
from tests.search.gathering import GatheringNoise
from tests.search.sequences import find, small_space, watched, wrong


def parsed_tokens(language: Language, tokens: Sequence[int]) -> Program:
    """The program of some tokens, of one number."""
    vocabulary = Vocabulary(language)
    return vocabulary.decode(tokens, request="int -> int", constants=vocabulary.constants())


def test_each_round_is_wider_and_runs_only_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    language, task, store = small_space()
    seen = watched(monkeypatch)
    search = Beam(width=2, growth=1.5, max_tokens=5, merge=False)
    outcome = find(search, wrong(task, 99), language, Noise(Vocabulary(language)))
    widths = [row["width"] for row in outcome.trace]
    assert widths[:5] == [2, 3, 4, 6, 9]
    assert outcome.stop is StopReason.EXHAUSTED
    assert sum(row["programs_tried"] for row in outcome.trace) == len(seen) == len(store)


@given(st.integers(0, 10**6))
@settings(max_examples=10)
def test_a_round_runs_all_that_decoding_by_a_beam_of_its_width_finds(seed: int) -> None:
    language, task, _ = small_space()
    given_ = wrong(task, 99)
    guide = Noise(Vocabulary(language), seed)
    patch = pytest.MonkeyPatch()
    with patch.context() as changed:
        seen = watched(changed)
        width = 3 + seed % 5
        find(Beam(width=width, max_tokens=5, merge=False, focus=False, growth=1e6), given_, language, guide)
    assert given_.type is not None
    grammar = compile_grammar(language, given_.type)
    decoded = beam(guide, given_, grammar, width=width, max_tokens=5)
    assert {d.tokens for d in decoded} <= set(seen)


@given(st.integers(0, 10**6))
@settings(max_examples=10)
def test_a_round_runs_the_likeliest_programs_first_and_leaves_the_others_to_later_rounds(seed: int) -> None:
    language, task, store = small_space()
    given_ = wrong(task, 99)
    guide = Noise(Vocabulary(language), seed, 2.0)
    assert given_.type is not None
    grammar = compile_grammar(language, given_.type)
    with pytest.MonkeyPatch.context() as changed:
        seen = watched(changed)
        outcome = find(Beam(width=8, programs=1, max_tokens=5, merge=False, focus=False), given_, language, guide)
    assert len(seen) == len(set(seen)) == len(store)
    begun = 0
    for row in outcome.trace:
        count = row["programs_tried"]
        run = [parsed_tokens(language, tokens) for tokens in seen[begun : begun + count]]
        logprobs = program_logprobs(guide, given_, grammar, run, max_tokens=5)
        assert all(a is not None and b is not None and a >= b - 1e-5 for a, b in itertools.pairwise(logprobs))
        assert count == row["width"] or begun + count == len(store)
        begun += count


@given(st.integers(0, 10**6))
@settings(max_examples=10)
def test_without_unlikely_programs_all_run_in_the_order_of_their_probability(seed: int) -> None:
    language, task, store = small_space()
    given_ = wrong(task, 99)
    guide = Noise(Vocabulary(language), seed, 2.0)
    assert given_.type is not None
    search = Beam(width=2, growth=1.5, programs=1000, unlikely=0, joins=0, max_tokens=5, merge=False, focus=False)
    with pytest.MonkeyPatch.context() as changed:
        seen = watched(changed)
        find(search, given_, language, guide)
    run = [parsed_tokens(language, tokens) for tokens in seen]
    assert len(run) == len(store)
    logprobs = program_logprobs(guide, given_, compile_grammar(language, given_.type), run, max_tokens=5)
    assert all(a is not None and b is not None and a >= b - 1e-5 for a, b in itertools.pairwise(logprobs))


def test_programs_that_wait_survive_the_execution_that_reached_them(monkeypatch: pytest.MonkeyPatch) -> None:
    language, task, store = small_space()
    monkeypatch.setattr("neurosynth.search.decoding.beam._VALUES", 0)  # each round begins a new execution
    search = Beam(width=3, programs=1, max_tokens=5)
    outcome = find(search, task, language, Noise(Vocabulary(language)))
    assert outcome.stop is StopReason.SOLVED
    exhausted = find(replace(search, merge=False), wrong(task, 99), language, Noise(Vocabulary(language)))
    assert exhausted.stats.programs_tried == len(store)


def test_too_many_waiting_programs_are_run(monkeypatch: pytest.MonkeyPatch) -> None:
    language, task, _ = small_space()
    monkeypatch.setattr("neurosynth.search.decoding.beam._WAITING", 5)
    outcome = find(Beam(width=8, programs=1, max_tokens=5, merge=False), wrong(task, 99), language)
    assert max(row["programs_tried"] - row["width"] for row in outcome.trace) > 0


def test_a_round_runs_at_least_one_program() -> None:
    with pytest.raises(InputError, match="Beam: programs is 0; allowed: 1 or more"):
        Beam(programs=0)
    with pytest.raises(InputError, match="Beam: unlikely is -1; allowed: 0 or more"):
        Beam(unlikely=-1)


@given(st.integers(0, 10**6), st.integers(1, 7))
@settings(max_examples=10)
def test_focus_changes_the_order_and_not_what_is_found(seed: int, width: int) -> None:
    language, task, store = small_space()
    guide = Noise(Vocabulary(language), seed, 3.0)
    tried = []
    for focus in (True, False):
        search = Beam(width=width, max_tokens=5, merge=False, focus=focus)
        outcome = find(search, wrong(task, 99), language, guide)
        assert outcome.stop is StopReason.EXHAUSTED
        tried.append(outcome.stats.programs_tried)
    assert tried == [len(store)] * 2


def test_a_guide_that_gathers_is_not_asked_again_and_the_same_programs_are_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    language, task, _ = small_space()
    seen = watched(monkeypatch)
    runs: list[tuple[Any, ...]] = []
    asked = []
    for guide in (Noise(Vocabulary(language)), GatheringNoise(Vocabulary(language))):
        outcome = find(Beam(width=2, max_tokens=5, batch=4), wrong(task, 99), language, guide)
        runs.append(tuple(seen))
        asked.append(outcome.trace[-1]["prefixes"])
        seen.clear()
    assert runs[0] == runs[1]
    rounds = len(outcome.trace)
    assert asked[1] < asked[0]
    monkeypatch.setattr(MemoryRoom, "most", lambda self, size: 0)  # no room: asked each time
    outcome = find(Beam(width=2, max_tokens=5, batch=4), wrong(task, 99), language, guide)
    assert tuple(seen) == runs[0]
    assert outcome.trace[-1]["prefixes"] == asked[0]
    assert len(outcome.trace) == rounds > 2


def test_the_width_bounds_the_prefixes_of_each_length() -> None:
    language, task, _ = small_space()
    guide = GatheringNoise(Vocabulary(language))
    search = Beam(width=5, max_tokens=9, growth=1e9, merge=False, focus=False)
    find(search, wrong(task, 99), language, guide, max_programs=25)
    assert guide.sizes[:4] == [2, 5, 5, 5]
    assert max(guide.sizes) == 5
