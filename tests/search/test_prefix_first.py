"""Best-first search over prefixes: the order of probability, exactly, whatever becomes of the guide's states."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.decoding import beam
from neurosynth.language.compile import compile_grammar
from neurosynth.language.tokens import Vocabulary
from neurosynth.search.base import StopReason
from neurosynth.search.decoding.prefix_first import PrefixFirst
from neurosynth.search.decoding.prefix_run import MemoryRoom
from neurosynth.tasks.task import Task
from tests.guides.counting import Noise
from tests.search.gathering import GatheringNoise
from tests.search.sequences import LISTS, TASKS, find, prior, small_space, watched, wrong


def in_order(guide: SequenceGuide, given_: Task, count: int, tokens: int) -> dict[tuple[int, ...], float]:
    """The likeliest programs of up to some tokens with their log-probability, by a beam wide enough for all."""
    assert given_.type is not None
    grammar = compile_grammar(guide.vocabulary.language, given_.type)
    return {d.tokens: d.logprob for d in beam(guide, given_, grammar, width=count, max_tokens=tokens)}


@given(st.integers(0, 10**6), st.integers(1, 9), st.floats(0.2, 4))
@settings(max_examples=15)
def test_programs_are_run_in_the_order_of_their_probability(seed: int, width: int, spread: float) -> None:
    language, task, store = small_space()
    given_ = wrong(task, 99)
    guide = Noise(Vocabulary(language), seed, spread)
    patch = pytest.MonkeyPatch()
    with patch.context() as changed:
        seen = watched(changed)
        outcome = find(PrefixFirst(width=width, max_tokens=5, merge=False), given_, language, guide)
    assert outcome.stop is StopReason.EXHAUSTED
    logprobs = in_order(guide, given_, 10 * len(store), 5)
    assert set(seen) == set(logprobs)
    order = [logprobs[tokens] for tokens in seen]
    assert order == sorted(order, reverse=True)


def test_the_likeliest_programs_of_an_infinite_space_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    task = wrong(TASKS[2][1], [99])
    seen = watched(monkeypatch)
    find(PrefixFirst(max_tokens=6, merge=False, prune=False), task, LISTS, prior(), max_programs=60)
    logprobs = in_order(prior(), task, 3000, 6)
    assert seen == list(logprobs)[:60]
    order = [logprobs[tokens] for tokens in seen]
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize("room", [10**9, 6, 0], ids=["room for all", "room for a few", "no room"])
@pytest.mark.parametrize("gathers", [True, False], ids=["states gathered", "states read again"])
def test_what_becomes_of_states_changes_nothing(gathers: bool, room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    language, task, _ = small_space()
    guides = Noise(Vocabulary(language)), GatheringNoise(Vocabulary(language))
    runs = []
    for guide in (guides[0], guides[gathers]):
        seen = watched(monkeypatch)
        find(PrefixFirst(width=3, max_tokens=5, batch=2), wrong(task, 99), language, guide)
        runs.append(list(seen))
        monkeypatch.setattr(MemoryRoom, "most", lambda self, size: room)
    assert runs[0] == runs[1]


def test_a_guide_that_gathers_is_asked_once_about_a_prefix() -> None:
    language, task, _ = small_space()
    asked = []
    guides = Noise(Vocabulary(language)), GatheringNoise(Vocabulary(language))
    for guide in guides:
        outcome = find(PrefixFirst(width=3, max_tokens=5), wrong(task, 99), language, guide)
        asked.append(outcome.trace[-1]["prefixes"])
    assert asked[1] < asked[0]
    assert asked[1] == 1 + sum(guides[1].sizes)
    assert max(guides[1].gathered) > 1


def test_the_trace_tells_how_far_the_queue_has_come() -> None:
    language, task, _ = small_space()
    outcome = find(PrefixFirst(width=2, max_tokens=5), wrong(task, 99), language, Noise(Vocabulary(language)))
    reached = [row["logprob"] for row in outcome.trace]
    assert reached[-1] is None
    assert len(reached) > 2
    assert reached[:-1] == sorted(reached[:-1], reverse=True)


@pytest.mark.parametrize("kind", ["lstm", "transformer"])
def test_neural_guides_say_the_same_from_states_kept_and_read_again(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    from neurosynth.guides.kinds import build_guide

    guide = build_guide(kind, LISTS, {"width": 16, "max_length": 32, "max_examples": 2}, 0)
    assert isinstance(guide, SequenceGuide)
    seen = watched(monkeypatch)
    runs = []
    for _ in range(2):
        find(PrefixFirst(width=16, max_tokens=4), TASKS[2][1], LISTS, guide, max_programs=15)
        runs.append(list(seen))
        seen.clear()
        monkeypatch.setattr(MemoryRoom, "most", lambda self, size: 0)
    assert runs[0] == runs[1]
