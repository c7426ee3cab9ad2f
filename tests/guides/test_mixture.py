"""Guides mixed into one: their mean probabilities, which guides go together, and the name that asks for a mixture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.errors import InputError, UnknownNameError
from neurosynth.guides.mixture import Mixture
from neurosynth.guides.ngram import NGram
from neurosynth.guides.prefixes import Gathers
from neurosynth.guides.trained import find_guide, mixed_names
from neurosynth.guides.uniform_tokens import UniformTokens
from neurosynth.language.load import load_language
from neurosynth.language.tokens import Vocabulary
from neurosynth.search.base import Limits
from neurosynth.synthesize import synthesize
from neurosynth.tasks.task import Task, example
from neurosynth.testing import check_guide
from tests.guides.counting import TASK, Noise, numbers, parsed
from tests.search.gathering import GatheringNoise

LANGUAGE = numbers()
WORDS = Vocabulary(LANGUAGE, constants=32)


def test_a_mixture_passes_the_checks_of_a_guide() -> None:
    programs = parsed(LANGUAGE, "(+ 1 x0)", "(neg x0)")
    check_guide(Mixture((NGram(n=2).fit(programs, LANGUAGE), Noise(WORDS, 3))))
    check_guide(Mixture((GatheringNoise(WORDS, 1), GatheringNoise(WORDS, 2), UniformTokens(WORDS))))


@given(st.integers(0, 10**6), st.integers(2, 4))
@settings(max_examples=20)
def test_probabilities_are_the_geometric_mean(seed: int, count: int) -> None:
    guides = tuple(Noise(WORDS, seed + i) for i in range(count))
    mixed = np.exp(Mixture(guides).start(TASK).log_probs()[0].astype(np.float64))
    product = np.prod([np.exp(g.start(TASK).log_probs()[0].astype(np.float64)) for g in guides], axis=0)
    mean = product ** (1 / count)
    assert mixed.sum() == pytest.approx(1, abs=1e-5)
    assert mixed == pytest.approx(mean / mean.sum(), abs=1e-6)


def test_a_guide_mixed_with_itself_is_unchanged_after_any_prefix() -> None:
    alone, mixed = Noise(WORDS, 7).start(TASK), Mixture((Noise(WORDS, 7), Noise(WORDS, 7))).start(TASK)
    token = np.array([WORDS.tokens.index("neg")])
    for _ in range(3):
        assert mixed.log_probs() == pytest.approx(alone.log_probs(), abs=1e-5)
        alone, mixed = alone.advance(np.array([0]), token), mixed.advance(np.array([0]), token)


def test_tokens_that_no_guide_allows_together_are_impossible_and_no_nan_appears() -> None:
    one = NGram(n=2, smoothing="mle", floor=0.0).fit(parsed(LANGUAGE, "1"), LANGUAGE)
    other = NGram(n=2, smoothing="mle", floor=0.0).fit(parsed(LANGUAGE, "x0"), LANGUAGE)
    assert np.isneginf(Mixture((one, other)).start(TASK).log_probs()).all()


def test_states_are_joined_where_all_guides_join_theirs() -> None:
    both = Mixture((GatheringNoise(WORDS, 1), GatheringNoise(WORDS, 2))).start(TASK)
    assert isinstance(both, Gathers)
    assert not isinstance(Mixture((GatheringNoise(WORDS, 1), Noise(WORDS, 2))).start(TASK), Gathers)
    token = np.array([WORDS.tokens.index("neg")])
    longer = both.advance(np.array([0]), token)
    joined = both.gather([longer, longer], np.array([1, 0]), np.array([0, 0]))
    assert joined.log_probs() == pytest.approx(np.repeat(longer.log_probs(), 2, axis=0))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("lists-lstm", []),
        ("lists-lstm+lists-transformer", ["lists-lstm", "lists-transformer"]),
        ("a.safetensors+b.json+c", ["a.safetensors", "b.json", "c"]),
        ("+", ["", ""]),
    ],
)
def test_a_plus_sign_mixes_names(name: str, parts: list[str]) -> None:
    assert mixed_names(name) == parts


def test_a_file_with_a_plus_sign_in_its_name_is_one_guide(tmp_path: Path) -> None:
    file = tmp_path / "c++.json"
    programs = parsed(LANGUAGE, "(+ 1 x0)")
    NGram(n=2).fit(programs, LANGUAGE).save(file)
    assert mixed_names(str(file)) == []


@pytest.mark.parametrize(
    ("guides", "message"),
    [
        ((Noise(WORDS),), "Mixture: 1 guides; allowed: two or more"),
        ((Noise(WORDS), Noise(Vocabulary(LANGUAGE, inputs=2))), "'noise' and 'noise' cannot be mixed: their tokens differ"),
    ],
)  # fmt: skip
def test_guides_that_cannot_be_mixed_are_refused(guides: tuple[Noise, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Mixture(guides)


def test_names_of_guides_that_cannot_be_mixed_are_refused() -> None:
    lists = load_language("lists")
    with pytest.raises(InputError, match="guide 'lists-bigram-pcfg' weights productions and cannot be combined"):
        find_guide("lists-bigram-pcfg+lists-lstm", lists)
    with pytest.raises(UnknownNameError, match="unknown guide 'no-such'"):
        find_guide("lists-lstm+no-such", lists)


def test_a_search_takes_a_mixture_by_its_name() -> None:
    task = Task([example([3, 1, 2], output=[2, 4, 6]), example([5, 4], output=[8, 10])])
    result = synthesize(
        task, "lists", guide="lists-lstm+lists-ngram", search="beam", limits=Limits(max_programs=20_000)
    )
    assert result.solved
    assert result.guide == "lstm+3-gram kneser-ney"
