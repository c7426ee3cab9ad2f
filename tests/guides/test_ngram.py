"""N-gram priors: nltk.lm agrees, probabilities sum to one, files come back, and what a user can get wrong."""

from __future__ import annotations

import json
import math
import re
import time
from pathlib import Path
from typing import Any

import nltk.lm
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.lm.counter import NgramCounter
from nltk.util import everygrams

from neurosynth.errors import InputError
from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.corpus import encode_programs
from neurosynth.guides.kinds import load_guide
from neurosynth.guides.ngram import SMOOTHINGS, NGram, NGramGuide
from neurosynth.guides.smoothing import NGramCounts, ngrams
from neurosynth.language.program import Constant
from neurosynth.language.tokens import END, PAD, START, Vocabulary
from neurosynth.values.types import INT
from tests.guides.counting import TASK, numbers, parsed
from tests.strategies import programs, requests, tiny

LANGUAGE = numbers()
VOCABULARY = Vocabulary(LANGUAGE, inputs=1, constants=2, variables=1)
TOKENS = list(range(END + 1, len(VOCABULARY)))
PREDICTED = [END, *TOKENS]

Corpus = list[list[int]]
corpora = st.lists(st.lists(st.sampled_from(TOKENS), max_size=6), min_size=1, max_size=8)


def fitted(config: NGram, sequences: Corpus) -> NGramGuide:
    """A guide fitted to token sequences that need not be programs."""
    return NGramGuide(config, VOCABULARY, NGramCounts(*ngrams(sequences, config.n), len(VOCABULARY)))


def reference(config: NGram, sequences: Corpus) -> Any:
    """nltk's model of the same n-grams over the same events: all but those that end in a START."""
    padded = [[START] * (config.n - 1) + sequence + [END] for sequence in sequences]
    counter = NgramCounter([[g for g in everygrams(s, max_len=config.n) if g[-1] != START] for s in padded])
    # nltk's vocabulary has one token for all unknown ones; naming it like the last of ours makes the sizes agree
    known = nltk.lm.Vocabulary([t for t in PREDICTED[:-1] for _ in "ab"], unk_cutoff=2, unk_label=PREDICTED[-1])
    common = {"order": config.n, "vocabulary": known, "counter": counter}
    match config.smoothing:
        case "mle":
            return nltk.lm.MLE(**common)
        case "add-k":
            return nltk.lm.Lidstone(config.k, **common)
        case "witten-bell":
            return nltk.lm.WittenBellInterpolated(**common)
    return nltk.lm.KneserNeyInterpolated(discount=config.discount, **common)


def contexts(n: int, sequences: Corpus) -> list[tuple[int, ...]]:
    """Contexts that occur, and two that may not."""
    found = {tuple(row[:-1]) for row in ngrams(sequences, n)[0].tolist()}
    return [*sorted(found), (TOKENS[0],) * (n - 1), (TOKENS[-1],) * (n - 1)]


@given(corpora, st.integers(1, 4), st.sampled_from(SMOOTHINGS), st.floats(0.01, 2), st.floats(0, 1))
def test_nltk_agrees(sequences: Corpus, n: int, smoothing: str, k: float, discount: float) -> None:
    if smoothing == "kneser-ney" and n == 1:
        n = 2  # nltk has no continuations to count then
    config = NGram(n=n, smoothing=smoothing, k=k, discount=discount, floor=0)
    guide, other = fitted(config, sequences), reference(config, sequences)
    for context in contexts(n, sequences):
        row = guide.row(context)
        wanted = [other.unmasked_score(token, context) for token in PREDICTED]
        assert row[PREDICTED] == pytest.approx(wanted, abs=1e-9)
        assert row[[PAD, START]].tolist() == [0, 0]


def test_the_textbook_example_by_hand() -> None:
    a, b = TOKENS[:2]
    row = fitted(NGram(n=2, discount=0.5, floor=0), [[a, b], [a, a]]).row([a])
    # after a: b, a and END once each; before a stand START and a, before b stands a, before END stand a and b
    assert row[a] == pytest.approx(0.5 / 3 + 0.5 * 3 / 3 * 2 / 5)
    assert row[b] == pytest.approx(0.5 / 3 + 0.5 * 3 / 3 * 1 / 5)
    assert row[END] == pytest.approx(0.5 / 3 + 0.5 * 3 / 3 * 2 / 5)


@given(corpora, st.integers(1, 4), st.sampled_from(SMOOTHINGS), st.sampled_from([0, 1e-4, 1]))
def test_probabilities_sum_to_one(sequences: Corpus, n: int, smoothing: str, floor: float) -> None:
    guide = fitted(NGram(n=n, smoothing=smoothing, floor=floor), sequences)
    for context in contexts(n, sequences):
        row = guide.row(context)
        unseen = smoothing == "mle" and not floor and guide.counts.followers(context) is None
        assert row.sum() == pytest.approx(0 if unseen else 1)
        assert (row[PREDICTED] > 0).all() or not floor


@given(corpora, st.integers(1, 4), st.lists(st.sampled_from(TOKENS), max_size=5))
def test_a_state_knows_what_its_prefix_makes_likely(sequences: Corpus, n: int, prefix: list[int]) -> None:
    guide = fitted(NGram(n=n), sequences)
    state: Any = guide.start(TASK)
    assert np.exp(state.log_probs()[0]) == pytest.approx(guide.row([]), abs=1e-6)
    for i, token in enumerate(prefix):
        both = state.advance(np.array([0, 0]), np.array([TOKENS[0], token]))  # the second is the one wanted
        rows = both.log_probs()
        assert rows.shape == (2, len(VOCABULARY))
        assert rows.dtype == np.float32
        assert np.exp(rows[1]) == pytest.approx(guide.row(prefix[: i + 1]), abs=1e-6)
        state = state.advance(np.array([0]), np.array([token]))


def test_no_prefixes_are_a_batch_too() -> None:
    guide = fitted(NGram(), [[TOKENS[0]]])
    state = guide.start(TASK).advance(np.array([], dtype=int), np.array([], dtype=int))
    assert state.log_probs().shape == (0, len(VOCABULARY))


def test_it_is_a_sequence_guide_with_a_name() -> None:
    guide = NGram(n=2, smoothing="witten-bell").fit(parsed(LANGUAGE, "(+ 0 x0)"), LANGUAGE)
    assert isinstance(guide, SequenceGuide)
    assert guide.name == "2-gram witten-bell"
    assert str(guide) == "2-gram witten-bell of language 'numbers', fitted to 4 tokens"


def test_perplexity_is_that_of_the_tokens_and_the_end() -> None:
    guide = NGram(n=1, smoothing="mle", floor=0).fit(parsed(LANGUAGE, "(neg x0)", "x0"), LANGUAGE)
    # tokens: neg x0 END x0 END; probabilities: neg 1/5, x0 2/5, END 2/5
    assert guide.perplexity(parsed(LANGUAGE, "(neg x0)")) == pytest.approx((1 / 5 * 2 / 5 * 2 / 5) ** (-1 / 3))
    assert guide.perplexity(parsed(LANGUAGE, "(neg 0)")) == math.inf


def test_perplexity_of_held_out_programs_falls_with_what_was_seen() -> None:
    held_out = parsed(LANGUAGE, "(+ x0 1)", "(neg (+ x0 1))")
    alike, other = parsed(LANGUAGE, "(neg (neg (+ x0 1)))", "x0"), parsed(LANGUAGE, "(+ 0 (+ 0 0))", "0")
    for smoothing in SMOOTHINGS:
        guide = NGram(smoothing=smoothing)
        assert guide.fit(alike, LANGUAGE).perplexity(held_out) < guide.fit(other, LANGUAGE).perplexity(held_out)


@given(st.data())
@settings(max_examples=20)
def test_a_saved_guide_comes_back(data: st.DataObject) -> None:
    import tempfile

    language = tiny()
    request = data.draw(requests())
    some = data.draw(st.lists(programs(language, request, depth=3), min_size=1, max_size=4))
    config = NGram(
        n=data.draw(st.integers(1, 4)), smoothing=data.draw(st.sampled_from(SMOOTHINGS)), k=0.25, floor=0.125
    )
    guide = config.fit(some, language)
    with tempfile.TemporaryDirectory() as folder:
        guide.save(Path(folder) / "prior.json")
        same = load_guide(Path(folder) / "prior.json", language)
    assert isinstance(same, NGramGuide)
    assert same.config == config
    assert same.vocabulary.tokens == guide.vocabulary.tokens
    assert same.perplexity(some) == guide.perplexity(some)
    for context in guide.counts.contexts:
        assert same.row(context).tolist() == guide.row(context).tolist()


def test_constants_of_a_program_take_the_slots_behind_those_of_the_language() -> None:
    program = parsed(LANGUAGE, "(+ 1 (+ 7 (+ 5 7)))")
    (tokens,) = encode_programs(program, Vocabulary(LANGUAGE, constants=4))
    texts = [Vocabulary(LANGUAGE, constants=4).tokens[t] for t in tokens]
    assert texts == ["+", "c1", "+", "c2", "+", "c3", "c2"]
    with pytest.raises(InputError, match=r"program 1 of the corpus, .*constant 3 has no token"):
        list(encode_programs(program, Vocabulary(LANGUAGE, constants=3)))
    assert Constant(7, INT) in program[0].subprograms()


def test_a_million_tokens_fit_in_seconds() -> None:
    rng = np.random.default_rng(0)
    sequences = rng.choice(TOKENS, size=(50_000, 20)).tolist()
    start = time.process_time()
    guide = fitted(NGram(n=4), sequences)
    seconds = time.process_time() - start
    assert int(guide.counts.counts.sum()) == 50_000 * 21
    assert seconds < 8


@pytest.mark.parametrize(
    ("settings_", "message"),
    [
        ({"n": 0}, "n is 0; allowed: 1 or more"),
        ({"smoothing": "kneserney"}, "unknown smoothing .*did you mean kneser-ney"),
        ({"k": 0}, "k is 0; allowed: a positive number"),
        ({"discount": 1.5}, "discount is 1.5; allowed: 0 to 1"),
        ({"floor": -0.1}, "floor is -0.1; allowed: 0 to 1"),
    ],
)
def test_settings_that_are_not_allowed(settings_: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        NGram(**settings_)


def test_a_corpus_must_have_programs_and_a_language() -> None:
    with pytest.raises(InputError, match="empty corpus"):
        NGram().fit([], LANGUAGE)
    with pytest.raises(InputError, match=r"the language of the programs is unknown; call fit\(programs, language\)"):
        NGram().fit(parsed(LANGUAGE, "x0"))


def changed(path: Path, **parts: Any) -> str:
    """A saved guide's text with parts of its model replaced."""
    row = json.loads(path.read_text())
    row["model"].update(parts)
    return json.dumps(row)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (lambda p: p.read_text()[:80], "not a complete JSON object .*truncated"),
        (lambda p: "[1, 2]", "no guide; allowed: files that 'neurosynth train' wrote"),
        (lambda p: '{"a": 1}', "JSON, but not a guide"),
        (lambda p: p.read_text().replace('"format":2', '"format":9'), "format 9; this version reads format 2"),
        (lambda p: p.read_text().replace('"kind":"ngram"', '"kind":"pcfg"'), "a damaged guide of kind 'pcfg'"),
        (lambda p: changed(p, ngrams=[[1, 2]]), "damaged"),
        (lambda p: changed(p, ngrams=[[1, 1, 900]], counts=[1]), "damaged .*out of range"),
        (lambda p: changed(p, ngrams=[], counts=[]), "damaged"),
        (lambda p: p.read_text().replace('"n":3', '"order":3'), "damaged .*unknown setting of ngram 'order'"),
        (lambda p: p.read_text().replace('"n":3', '"n":0'), "damaged .*n is 0"),
        (lambda p: changed(p, counts="many"), "damaged"),
    ],
)
def test_files_that_are_no_guide(tmp_path: Path, text: Any, message: str) -> None:
    path = tmp_path / "prior.json"
    NGram().fit(parsed(LANGUAGE, "(neg x0)"), LANGUAGE).save(path)
    path.write_text(text(path))
    with pytest.raises(InputError, match=message) as caught:
        load_guide(path, LANGUAGE)
    assert str(path) in str(caught.value)


def test_a_guide_of_another_language_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prior.json"
    NGram().fit(parsed(LANGUAGE, "(neg x0)"), LANGUAGE).save(path)
    with pytest.raises(InputError, match="a guide for language 'numbers', not 'tiny'"):
        load_guide(path, tiny())
    grown = numbers()
    grown.constant(2, "int")
    assert isinstance(load_guide(path, grown), NGramGuide)
    with pytest.raises(InputError, match=re.escape("unknown language 'numbers'")):
        load_guide(path)
    with pytest.raises(InputError, match="no such file"):
        load_guide(tmp_path / "none.json")
