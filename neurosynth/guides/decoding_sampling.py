"""Decoding by random sampling under the grammar, with and without replacement."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import InputError
from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.decoding import MAX_TOKENS, DecodingReport, Found, report
from neurosynth.guides.prefixes import PrefixWalk
from neurosynth.language.grammar import Grammar
from neurosynth.tasks.task import Task
from neurosynth.work_clock import clock_seconds

__all__ = ["conditioned_gumbel", "sample", "sample_without_replacement"]

_ROUND = 4096  # draws made together: limits the batch of a neural guide
Floats = NDArray[np.float64]


def sample(
    guide: SequenceGuide,
    task: Task,
    grammar: Grammar,
    *,
    count: int,
    temperature: float = 1.0,
    seed: int = 0,
    max_tokens: int = MAX_TOKENS,
) -> DecodingReport:
    """Draw ``count`` programs independently; each distinct one is returned once, with how often it was drawn.

    Draws that share a prefix share its computation: the number of draws at a prefix is split over the next tokens by
    one multinomial draw, which gives the same distribution as drawing one by one.

    Args:
        guide: the source of the probabilities.
        task: the examples.
        grammar: the allowed programs.
        count: draws.
        temperature: the divisor of the guide's log-probabilities before the mask renormalises them; above 1 draws more evenly.
            ``logprob`` is reported at temperature 1. seed: equal seeds draw the same programs. max_tokens: the maximum length of a
            program.

    Raises:
        InputError: for a setting that is not allowed, or a grammar without programs of that length.
    """
    _check(count, temperature)
    start = clock_seconds()
    walk = PrefixWalk(guide, task, grammar, max_tokens)
    rng = np.random.default_rng(seed)
    found = Found()
    for begin in range(0, count, _ROUND):
        _draw(walk, rng, min(_ROUND, count - begin), temperature, found)
    chosen = found.best(len(found.logprobs))
    return report(walk, found, chosen, f"sample {count}", start)


def _draw(walk: PrefixWalk, rng: np.random.Generator, count: int, temperature: float, found: Found) -> None:
    prefixes = walk.root()
    draws = np.array([count], dtype=np.int64)
    while len(prefixes):
        logprobs = walk.next_logprobs(prefixes)
        chances = np.exp(logprobs if temperature == 1.0 else walk.next_logprobs(prefixes, temperature))
        split = rng.multinomial(draws, chances / chances.sum(axis=1, keepdims=True))
        parents, tokens = np.nonzero(split)
        draws = split[parents, tokens]
        totals = prefixes.logprobs[parents] + logprobs[parents, tokens]
        extended = walk.extend(prefixes, parents, tokens, totals)
        found.add(extended, totals, draws)
        prefixes, draws = extended.live, draws[~extended.whole]


def sample_without_replacement(
    guide: SequenceGuide,
    task: Task,
    grammar: Grammar,
    *,
    count: int,
    temperature: float = 1.0,
    seed: int = 0,
    max_tokens: int = MAX_TOKENS,
) -> DecodingReport:
    """Draw ``count`` different programs, or all there are, as if each draw excluded those drawn before.

    Stochastic beam search (Kool, van Hoof and Welling, ICML 2019): a beam of the prefixes with the largest log-probabilities perturbed
    by Gumbel noise, where the noise of a prefix is the maximum over its continuations.

    Args:
        guide: the source of the probabilities.
        task: the examples.
        grammar: the allowed programs.
        count: draws, which is also the width of the beam.
        temperature: as in :func:`sample`.
        seed: equal seeds draw the same programs. max_tokens: the maximum length of a program.

    Raises:
        InputError: for a setting that is not allowed, or a grammar without programs of that length.
    """
    _check(count, temperature)
    start = clock_seconds()
    walk = PrefixWalk(guide, task, grammar, max_tokens)
    rng = np.random.default_rng(seed)
    found = Found()
    prefixes = walk.root()
    drawn = np.zeros(1)  # (B,) log-probability of each prefix at the temperature
    disturbed = np.zeros(1)  # (B,) the same with noise; the root's value only shifts all others
    kept = np.empty(0)  # perturbed log-probabilities of the whole programs still in the beam
    names: list[tuple[int, ...]] = []
    while len(prefixes):
        logprobs = walk.next_logprobs(prefixes)
        tempered = logprobs if temperature == 1.0 else walk.next_logprobs(prefixes, temperature)
        parents, tokens = np.nonzero(np.isfinite(tempered))
        phi = drawn[parents] + tempered[parents, tokens]
        noisy = conditioned_gumbel(rng, phi, parents, disturbed)
        order = np.argsort(-np.r_[kept, noisy], kind="stable")[:count]
        stay, chosen = np.sort(order[order < len(kept)]), order[order >= len(kept)] - len(kept)
        names, kept = [names[i] for i in stay.tolist()], kept[stay]
        parents, tokens, phi, noisy = parents[chosen], tokens[chosen], phi[chosen], noisy[chosen]
        totals = prefixes.logprobs[parents] + logprobs[parents, tokens]
        extended = walk.extend(prefixes, parents, tokens, totals)
        found.add(extended, totals)
        whole = extended.whole
        names += [tuple(row) for row in extended.tokens[whole].tolist()]
        kept = np.r_[kept, noisy[whole]]
        prefixes, drawn, disturbed = extended.live, phi[~whole], noisy[~whole]
    drawn_programs = set(names)
    ranked = [tokens for tokens in found.best(len(found.logprobs)) if tokens in drawn_programs]
    return report(walk, found, ranked, f"sample {count} without replacement", start)


def conditioned_gumbel(rng: np.random.Generator, phi: Floats, parents: NDArray[np.int64], limits: Floats) -> Floats:
    """Gumbel noise at ``phi`` (B',) given that the maximum over the children of parent i is ``limits[i]`` (B,). The numerically stable
    form is from the paper's appendix B.
    """
    noisy = phi + rng.gumbel(size=len(phi))
    highest = np.full(len(limits), -np.inf)
    np.maximum.at(highest, parents, noisy)
    gap = highest[parents] - noisy  # 0 at the largest of each parent
    with np.errstate(divide="ignore"):
        shifted = limits[parents] - noisy + np.log1p(-np.exp(-gap))
    limited: Floats = limits[parents] - np.maximum(shifted, 0.0) - np.log1p(np.exp(-np.abs(shifted)))
    return limited


def _check(count: int, temperature: float) -> None:
    if count < 1:
        raise InputError(f"count is {count}; allowed: 1 or more")
    if not 0 < temperature < np.inf:
        raise InputError(f"temperature is {temperature}; allowed: a positive number")
