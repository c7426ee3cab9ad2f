"""Decoding under the grammar: beams enumerate small spaces in order, samplers draw what the guide says."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.errors import InputError, NeurosynthError
from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.decoding import Decoded, DecodingReport, beam, greedy, program_logprobs
from neurosynth.guides.decoding_sampling import sample, sample_without_replacement
from neurosynth.guides.ngram import NGram
from neurosynth.guides.prefixes import PrefixWalk, log_softmax
from neurosynth.guides.uniform_tokens import UniformTokens
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Grammar
from neurosynth.language.program import Constant
from neurosynth.language.tokens import Vocabulary
from neurosynth.synthesize import load_language
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import INT, parse_type
from tests.guides.counting import TASK, Noise, grammar_of, numbers, parsed, programs_within

LANGUAGE = numbers()
GRAMMAR = grammar_of(LANGUAGE)
VOCABULARY = Vocabulary(LANGUAGE)
SHORT = 4
"""Tokens: 48 programs."""
LISTS = load_language("lists")

seeds = st.integers(0, 2**32)


def check_ranked(report: DecodingReport) -> None:
    """The most probable first, none twice, each with the probability it has by itself."""
    logprobs = [d.logprob for d in report]
    assert logprobs == sorted(logprobs, reverse=True)
    assert len({d.program for d in report}) == len({d.tokens for d in report}) == len(report)


@given(seeds, st.floats(0.1, 5))
def test_a_wide_beam_finds_every_program_in_order_and_the_probabilities_sum_to_one(seed: int, spread: float) -> None:
    guide = Noise(VOCABULARY, seed, spread)
    report = beam(guide, TASK, GRAMMAR, width=100, max_tokens=SHORT)
    check_ranked(report)
    assert {d.program for d in report} == programs_within(GRAMMAR, SHORT)
    assert sum(math.exp(d.logprob) for d in report) == pytest.approx(1)
    alone = program_logprobs(guide, TASK, GRAMMAR, [d.program for d in report], max_tokens=SHORT)
    assert alone == pytest.approx([d.logprob for d in report], abs=1e-5)


@given(seeds, st.integers(1, 60))
def test_a_beam_is_never_wider_than_asked_and_never_invents(seed: int, width: int) -> None:
    report = beam(Noise(VOCABULARY, seed), TASK, GRAMMAR, width=width, max_tokens=SHORT)
    check_ranked(report)
    assert 1 <= len(report) <= width
    assert sum(math.exp(d.logprob) for d in report) <= 1 + 1e-9
    assert {d.program for d in report} <= programs_within(GRAMMAR, SHORT)


@given(seeds)
def test_greedy_takes_the_likeliest_token_each_time_and_is_a_beam_of_one(seed: int) -> None:
    guide = Noise(VOCABULARY, seed)
    (found,) = greedy(guide, TASK, GRAMMAR, max_tokens=SHORT)
    (same,) = beam(guide, TASK, GRAMMAR, width=1, max_tokens=SHORT)
    assert (found.program, found.logprob) == (same.program, same.logprob)
    walk = PrefixWalk(guide, TASK, GRAMMAR, SHORT)
    prefixes = walk.root()
    for token in found.tokens:
        assert int(walk.next_logprobs(prefixes)[0].argmax()) == token
        prefixes = walk.extend(prefixes, np.array([0]), np.array([token]), np.zeros(1)).live


@given(seeds, st.integers(1, 48))
def test_without_replacement_draws_different_programs_as_many_as_asked(seed: int, count: int) -> None:
    guide = Noise(VOCABULARY, seed % 7)
    report = sample_without_replacement(guide, TASK, GRAMMAR, count=count, seed=seed, max_tokens=SHORT)
    check_ranked(report)
    assert len(report) == min(count, len(programs_within(GRAMMAR, SHORT)))
    again = sample_without_replacement(guide, TASK, GRAMMAR, count=count, seed=seed, max_tokens=SHORT)
    assert list(report) == list(again)


@given(seeds)
def test_without_replacement_takes_all_there_are(seed: int) -> None:
    report = sample_without_replacement(Noise(VOCABULARY), TASK, GRAMMAR, count=1000, seed=seed, max_tokens=SHORT)
    assert {d.program for d in report} == programs_within(GRAMMAR, SHORT)


def probabilities(guide: SequenceGuide, temperature: float = 1.0) -> dict[tuple[int, ...], float]:
    """Of every program of up to three tokens, worked out token by token."""
    walk = PrefixWalk(guide, TASK, GRAMMAR, 3)
    found: dict[tuple[int, ...], float] = {}
    todo = [(walk.root(), 1.0)]
    while todo:
        prefixes, chance = todo.pop()
        row = np.exp(walk.next_logprobs(prefixes, temperature)[0])
        for token in np.flatnonzero(row).tolist():
            longer = walk.extend(prefixes, np.array([0]), np.array([token]), np.zeros(1))
            if longer.whole[0]:
                found[tuple(longer.tokens[0].tolist())] = chance * row[token]
            else:
                todo.append((longer.live, chance * row[token]))
    assert sum(found.values()) == pytest.approx(1)
    return found


@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_sampled_frequencies_approach_the_probabilities(temperature: float) -> None:
    guide = Noise(VOCABULARY, 3)
    count = 20_000
    report = sample(guide, TASK, GRAMMAR, count=count, temperature=temperature, seed=5, max_tokens=3)
    check_ranked(report)
    assert sum(d.count for d in report) == count
    drawn = {d.tokens: d.count / count for d in report}
    wanted = probabilities(guide, temperature)
    assert set(drawn) <= set(wanted)
    for tokens, p in wanted.items():
        assert abs(drawn.get(tokens, 0.0) - p) < 5 * math.sqrt(p / count) + 1e-9
    plain = probabilities(guide)
    assert [d.logprob for d in report] == pytest.approx([math.log(plain[d.tokens]) for d in report], abs=1e-6)


def test_the_first_draw_without_replacement_is_distributed_as_the_guide_says() -> None:
    guide = Noise(VOCABULARY, 3)
    wanted = probabilities(guide)
    count = 600
    drawn: dict[tuple[int, ...], int] = {}
    for seed in range(count):
        (only,) = sample_without_replacement(guide, TASK, GRAMMAR, count=1, seed=seed, max_tokens=3)
        drawn[only.tokens] = drawn.get(only.tokens, 0) + 1
    for tokens, p in wanted.items():
        assert abs(drawn.get(tokens, 0) / count - p) < 4.5 * math.sqrt(p * (1 - p) / count)


def test_pairs_without_replacement_come_as_often_as_drawing_one_after_the_other() -> None:
    guide = Noise(VOCABULARY, 11)
    wanted = probabilities(guide)
    count = 600
    drawn: dict[tuple[int, ...], int] = {}
    for seed in range(count):
        for d in sample_without_replacement(guide, TASK, GRAMMAR, count=2, seed=seed, max_tokens=3):
            drawn[d.tokens] = drawn.get(d.tokens, 0) + 1
    for tokens, p in wanted.items():
        inclusion = p + sum(q * p / (1 - q) for other, q in wanted.items() if other != tokens)
        assert abs(drawn.get(tokens, 0) / count - inclusion) < 4.5 * math.sqrt(inclusion * (1 - inclusion) / count)


def test_a_seed_draws_the_same_programs() -> None:
    guide = Noise(VOCABULARY)
    runs = [list(sample(guide, TASK, GRAMMAR, count=50, seed=s, max_tokens=9)) for s in (0, 0, 1)]
    assert runs[0] == runs[1] != runs[2]


def test_every_program_is_run_on_the_examples() -> None:
    report = beam(UniformTokens(VOCABULARY), TASK, GRAMMAR, width=100, max_tokens=3)
    shares = {str(d): (d.share, d.matches) for d in report}
    assert shares["(+ x0 1)"] == (1.0, True)
    assert shares["x0"] == (0.0, False)
    assert report.solved
    assert report.best is not None
    assert report.best.matches
    assert report.candidates_per_second > 0
    head, *lines = str(report).split("\n")
    assert head.startswith(f"{len(report)} programs, 2 right on every example · beam 100 · guide uniform tokens · ")
    assert len(lines) == len(report)
    assert isinstance(report[0], Decoded)
    assert len(report[1:3]) == 2


def test_a_program_is_right_on_a_share() -> None:
    task = Task([example(1, output=2), example(2, output=2)])
    shares = {str(d): d.share for d in beam(UniformTokens(VOCABULARY), task, GRAMMAR, width=100, max_tokens=3)}
    assert shares["(+ x0 1)"] == shares["x0"] == 0.5


def test_a_task_constant_has_a_slot() -> None:
    task = Task([example(3, output=45)], constants=[Constant(42, INT)])
    grammar = compile_grammar(LANGUAGE, parse_type("int -> int"), constants=task.constants)
    best = beam(UniformTokens(VOCABULARY), task, grammar, width=200, max_tokens=3).best
    assert best is not None
    assert 42 in [c.value for c in best.program.subprograms() if isinstance(c, Constant)]


@pytest.mark.parametrize("tokens", [5, 9])
def test_programs_with_lambdas(tokens: int) -> None:
    task = Task([example([1, 2], output=[2, 3])])
    grammar = compile_grammar(LISTS, parse_type("list int -> list int"))
    corpus = parsed(LISTS, "(map (lambda (a) (+ a 1)) x0)", "(reverse (sort x0))")
    guide = NGram().fit(corpus, LISTS)
    report = beam(guide, task, grammar, width=20, max_tokens=tokens)
    check_ranked(report)
    assert str(report.best) == ("None" if tokens < 6 else "(map (lambda (a) (+ a 1)) x0)")
    for d in report:
        assert d.program.size <= tokens
        assert guide.vocabulary.encode(d.program, guide.vocabulary.constants()) == list(d.tokens)


@dataclass(frozen=True)
class Broken:
    """A guide that gives the same scores, whatever they are."""

    vocabulary: Vocabulary
    scores: Any
    name: str = field(default="broken", init=False)

    def start(self, task: Task) -> Broken:
        """Itself: it is its own state."""
        return self

    def log_probs(self) -> Any:
        """The scores."""
        return self.scores

    def advance(self, parents: Any, tokens: Any) -> Broken:
        """For any number of prefixes."""
        return Broken(self.vocabulary, np.tile(self.scores[:1], (len(tokens), 1)))


def test_a_guide_that_rules_out_all_that_is_allowed_leaves_it_equally_likely() -> None:
    guide = Broken(VOCABULARY, np.full((1, len(VOCABULARY)), -np.inf, dtype=np.float32))
    report = beam(guide, TASK, GRAMMAR, width=10, max_tokens=1)
    assert [math.exp(d.logprob) for d in report] == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        (np.full((1, len(VOCABULARY)), np.nan), "'broken' gave NaN for 1 prefixes of task 'task'"),
        (np.zeros((1, 3)), r"gave shape \(1, 3\) .* shape \(1, \d+\) are needed"),
    ],
)
def test_a_guide_that_gives_no_numbers(scores: Any, message: str) -> None:
    with pytest.raises(NeurosynthError, match=message):
        greedy(Broken(VOCABULARY, scores), TASK, GRAMMAR)


def test_the_mask_is_what_gets_probability() -> None:
    scores = np.array([[0.0, 1.0, 2.0], [-np.inf, 5.0, 0.0]])
    allowed = np.array([[True, False, True], [True, False, False]])
    rows = np.exp(log_softmax(scores, allowed))
    assert rows[0] == pytest.approx([1 / (1 + math.e**2), 0, math.e**2 / (1 + math.e**2)])
    assert rows[1].tolist() == [1, 0, 0]


@given(seeds)
@settings(max_examples=10)
def test_given_programs_are_scored_in_one_batch_as_one_by_one(seed: int) -> None:
    guide = Noise(VOCABULARY, seed)
    some = parsed(LANGUAGE, "(+ x0 (neg 1))", "x0", "(+ 0 99)", "(neg (neg (neg (neg x0))))", "(neg x0)")
    together = program_logprobs(guide, TASK, GRAMMAR, some, max_tokens=SHORT)
    alone = [program_logprobs(guide, TASK, GRAMMAR, [p], max_tokens=SHORT)[0] for p in some]
    assert together == alone
    assert [score is None for score in together] == [False, False, True, True, False]
    assert program_logprobs(guide, TASK, GRAMMAR, []) == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda g: beam(g, TASK, GRAMMAR, width=0), "beam width is 0; allowed: 1 or more"),
        (lambda g: sample(g, TASK, GRAMMAR, count=0), "count is 0; allowed: 1 or more"),
        (lambda g: sample(g, TASK, GRAMMAR, count=1, temperature=0), "temperature is 0; allowed: a positive number"),
        (lambda g: sample_without_replacement(g, TASK, GRAMMAR, count=0), "count is 0"),
        (lambda g: greedy(g, TASK, GRAMMAR, max_tokens=0), "max_tokens is 0; the shortest program"),
    ],
)
def test_settings_that_are_not_allowed(call: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call(UniformTokens(VOCABULARY))


def test_a_beam_on_lists_tries_thousands_of_programs_a_second() -> None:
    task = Task([example([1, 2, 3], output=[2, 3, 4]), example([4], output=[5])])
    grammar: Grammar = compile_grammar(LISTS, parse_type("list int -> list int"))
    corpus = parsed(
        LISTS, "(map (lambda (a) (+ a 1)) x0)", "(reverse (sort x0))", "(take 2 (filter (lambda (a) (> a 0)) x0))"
    )
    report = beam(NGram().fit(corpus, LISTS), task, grammar, width=500)
    assert len(report) == 500
    assert report.candidates_per_second > 500  # 6,000 on the machine it was written on; slow machines are no failure
