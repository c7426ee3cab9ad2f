"""``check_guide``: probabilities must be valid, and must not depend on how they are requested.

Letters: ``B`` prefixes, ``V`` vocabulary.
"""

from __future__ import annotations

import random
from itertools import islice
from typing import Any

import numpy as np

from neurosynth.errors import NeurosynthError
from neurosynth.guides.base import GuideState, RuleGuide, SequenceGuide, ValueGuide, WeightedGrammar
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.language.language import Language
from neurosynth.language.masks import TokenGrammar
from neurosynth.tasks.task import Example, Task
from neurosynth.testing.tiny import grammar_of, tiny, tiny_tasks
from neurosynth.testing.values import draw, ground_types, request
from neurosynth.values.types import TypeConstructor

__all__ = ["check_guide"]

RULES = 1e-6
"""Maximum deviation from 1 of the sum of a non-terminal's production probabilities (float64)."""
TOKENS = 1e-3
"""The same for next tokens (float32), and the maximum difference of equal log-probabilities."""
STEPS = 6


def check_guide(
    guide: RuleGuide | SequenceGuide | ValueGuide, *, language: Language | None = None, seed: int = 0
) -> None:
    """Check a guide of any kind.

    Rule guides: one probability for each production, whose sum is 1 for each non-terminal, and the same ones when asked again. Sequence
    guides: next tokens' probabilities sum to 1 after every prefix; the same prefix always has the same ones: asked again, after other
    prefixes, or in a batch; and an old state does not change. Value guides: a finite number of bits for each value, the same alone and
    among others.

    Args:
        guide: the object, fitted if necessary.
        language: the language of a rule or value guide, unless it works for any; the vocabulary of a sequence guide determines it.
        seed: for drawing tasks and tokens.

    Raises:
        AssertionError: with the fault, and the task, production or prefix.
    """
    name = getattr(guide, "name", None)
    assert isinstance(name, str) and name, f"{guide!r} has no name; rows and messages call it by that"  # noqa: PT018
    rng = random.Random(seed)
    known = False
    if isinstance(guide, RuleGuide):
        known = True
        chosen = language or tiny()
        for task in tiny_tasks() if language is None else _tasks(chosen, rng):
            _rules(guide, chosen, task)
    if isinstance(guide, SequenceGuide):
        known = True
        own = guide.vocabulary.language
        assert language is None or own.fingerprint == language.fingerprint, (
            f"guide {name!r} speaks language {own.name!r}, not the given {language.name!r}"
        )
        for task in _tasks(own, rng):
            _sequence(guide, task, rng)
    if isinstance(guide, ValueGuide):
        known = True
        for task in _tasks(language or tiny(), rng):
            _values(guide, task, rng)
    assert known, (
        f"{guide!r} is not a guide: it has neither predict(task, grammar) nor vocabulary and start(task), nor bits(task, values)"
    )


def _tasks(language: Language, rng: random.Random, count: int = 3) -> list[Task]:
    """Tasks with random inputs and outputs over the language's types, for which some program has the type."""
    types = ground_types(language, 8)
    found: list[Task] = []
    for _ in range(100):
        parameters = [rng.choice(types) for _ in range(rng.randint(1, 2))]
        output = rng.choice(types)
        rows = {tuple(draw(t, rng) for t in parameters) for _ in range(3)}
        whole = request(parameters, output)
        task = Task([Example(row, draw(output, rng)) for row in sorted(rows, key=repr)], str(whole), type=whole)
        try:
            grammar_of(language, task)
        except NeurosynthError:
            continue  # no program of this type
        found.append(task)
        if len(found) == count:
            return found
    raise AssertionError(f"language {language.name!r}: no grammar over its types derives a program; add constants")


# --- rules -------------------------------------------------------------------------------------------------------


def _rules(guide: RuleGuide, language: Language, task: Task) -> None:
    where = f"guide {guide.name!r}, task {task.name!r}"
    grammar = grammar_of(language, task)
    weighted = guide.predict(task, grammar)
    assert isinstance(weighted, WeightedGrammar), f"{where}: predict() returned {weighted!r}, not a WeightedGrammar"
    own, logprobs = weighted.grammar, weighted.logprobs
    count = len(own.productions)
    assert logprobs.shape == (count,), (
        f"{where}: logprobs has shape {logprobs.shape}, not ({count},), one for each production"
    )
    assert not np.isnan(logprobs).any(), f"{where}: a log-probability is nan"
    assert (logprobs <= RULES).all(), f"{where}: a log-probability is {logprobs.max():.3g}, above 0"
    totals: dict[Any, float] = {}
    for production, logprob in zip(own.productions, logprobs.tolist(), strict=True):
        totals[production.target] = totals.get(production.target, 0.0) + float(np.exp(logprob))
    for target, total in totals.items():
        assert abs(total - 1) <= RULES, (
            f"{where}: the probabilities of {target}'s productions sum to {total:.8f}, not 1"
        )
    again = guide.predict(task, grammar)
    same = again.grammar.productions == own.productions and np.array_equal(again.logprobs, logprobs)
    assert same, f"{where}: asked again, predict() gives other probabilities"
    for program in (p for cost in (1, 2, 3) for p in islice(grammar.enumerate(cost), 20)):
        assert derivation_logprob(weighted, program) is not None, (
            f"{where}: its grammar does not derive {program}; a refinement must derive what the given grammar does"
        )


# --- values ------------------------------------------------------------------------------------------------------


def _values(guide: ValueGuide, task: Task, rng: random.Random) -> None:
    where = f"guide {guide.name!r}, task {task.name!r}"
    types = [t for t in (*task.parameters, task.output_type) if isinstance(t, TypeConstructor)]
    values = [(t, tuple(draw(t, rng) for _ in task.examples)) for t in types for _ in range(3)]
    bits = guide.bits(task, values)
    assert bits.shape == (len(values),), (
        f"{where}: bits has shape {bits.shape}, not ({len(values)},), one for each value"
    )
    assert np.isfinite(bits).all(), f"{where}: the bits of a value are no finite number"
    for value, found in zip(values, bits.tolist(), strict=True):
        alone = float(guide.bits(task, [value])[0])
        assert abs(alone - found) <= TOKENS * max(1, abs(found)), (
            f"{where}: {value} alone has {alone:.4f} bits, among others {found:.4f}"
        )


# --- sequences ---------------------------------------------------------------------------------------------------


def _sequence(guide: SequenceGuide, task: Task, rng: random.Random) -> None:
    where = f"guide {guide.name!r}, task {task.name!r}"
    vocabulary = guide.vocabulary
    grammar = grammar_of(vocabulary.language, task)
    tokens = _program_tokens(TokenGrammar(vocabulary, grammar, vocabulary.constants(task.constants)), rng)
    walked = _walk(guide, task, tokens, where)
    _same(_walk(guide, task, tokens, where), walked, f"{where}: started again, the same tokens get other probabilities")
    state = guide.start(task)
    fresh = state.log_probs().copy()
    several = sorted(rng.sample(range(2, len(vocabulary)), k=min(4, len(vocabulary) - 2)))
    batch = _advance(state, [0] * len(several), several)
    rows = _log_probs(batch, len(several), len(vocabulary), f"{where}, after a batch of {len(several)} tokens")
    alone = [_advance(state, [0], [t]).log_probs() for t in several]
    _same(
        rows,
        np.concatenate(alone),
        f"{where}: a batch of {len(several)} prefixes gets other probabilities than one by one",
    )
    crossed = [(len(several) - 1, several[0]), (0, several[-1])]
    longer = _advance(batch, [p for p, _ in crossed], [t for _, t in crossed])
    rows = _log_probs(longer, 2, len(vocabulary), f"{where}, after a second batch")
    alone = [_advance(_advance(state, [0], [several[p]]), [0], [t]).log_probs() for p, t in crossed]
    _same(rows, np.concatenate(alone), f"{where}: advance() with parents {[p for p, _ in crossed]} mixes up prefixes")
    _same(state.log_probs(), fresh, f"{where}: advance() changed the state it was called on")


def _program_tokens(grammar: TokenGrammar, rng: random.Random) -> list[int]:
    """The first tokens of some program."""
    state = grammar.start(grammar.need[0] + 2 * STEPS)
    tokens: list[int] = []
    while len(tokens) < STEPS and not state.closed:
        tokens.append(int(rng.choice(np.flatnonzero(state.mask()).tolist())))
        state = state.advance(tokens[-1])
    return tokens


def _walk(guide: SequenceGuide, task: Task, tokens: list[int], where: str) -> np.ndarray:
    """(T+1, V): log-probabilities after each prefix of ``tokens``, checked."""
    state = guide.start(task)
    texts = guide.vocabulary.tokens
    rows = [_log_probs(state, 1, len(texts), f"{where}, at the start")]
    for i, token in enumerate(tokens, 1):
        state = _advance(state, [0], [token])
        rows.append(_log_probs(state, 1, len(texts), f"{where}, after {' '.join(texts[t] for t in tokens[:i])}"))
    return np.concatenate(rows)


def _advance(state: GuideState, parents: list[int], tokens: list[int]) -> GuideState:
    return state.advance(np.array(parents, np.int64), np.array(tokens, np.int64))


def _log_probs(state: GuideState, rows: int, width: int, where: str) -> np.ndarray:
    found = np.asarray(state.log_probs())
    assert found.shape == (rows, width), f"{where}: log_probs() has shape {found.shape}, not {(rows, width)} = (B, V)"
    assert not np.isnan(found).any(), f"{where}: a log-probability is nan"
    totals = np.exp(found.astype(np.float64)).sum(axis=1)
    worst = float(totals[np.argmax(np.abs(totals - 1))])
    assert abs(worst - 1) <= TOKENS, f"{where}: the probabilities of the next token sum to {worst:.6f}, not 1"
    return found


def _same(found: np.ndarray, wanted: np.ndarray, fact: str) -> None:
    infinite = np.isneginf(found) == np.isneginf(wanted)
    finite = np.isfinite(found) & np.isfinite(wanted)
    apart = np.abs(np.where(finite, found, 0) - np.where(finite, wanted, 0)).max(initial=0.0)
    assert infinite.all(), fact
    assert apart <= TOKENS, f"{fact} (up to {apart:.3g} apart)"
