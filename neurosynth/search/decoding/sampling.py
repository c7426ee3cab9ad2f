"""Sampling programs without replacement, with restarts.

Every walk from the empty prefix to a program leaves out what earlier walks have used up (UniqueRandomizer: Shi, Bieber and Singh,
Incremental sampling without replacement for sequence models, ICML 2020); the walks of a batch are drawn together by stochastic beam
search (Kool, van Hoof and Welling, ICML 2019). Programs that need one more token than a prefix on a walk are run at once and used up.
Prefixes that no new and right program continues are used up, too. From time to time the walks restart at a higher temperature, as
restarts helped LambdaBeam (Shi et al., NeurIPS 2023); no program is run twice.

Letters: ``B`` prefixes, ``V`` vocabulary, ``N`` prefixes on walks.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import InputError
from neurosynth.guides.decoding_sampling import conditioned_gumbel
from neurosynth.guides.prefixes import Prefixes, ranked
from neurosynth.search.candidates import PULSE, Step
from neurosynth.search.decoding.execution import ROOT
from neurosynth.search.decoding.prefix_run import Decoding, PrefixRun, names
from neurosynth.work_clock import stopwatch

__all__ = ["Sampling"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_VALUES = 2_000_000  # including nodes kept from pass to pass; about 1 GB
_NONE = -1


@dataclass(frozen=True, kw_only=True)
class Sampling(Decoding):
    """Samples programs from the guide's distribution, none twice."""

    name: str = field(default="sampling", init=False)
    width: int = 128
    """Number of walks drawn together."""
    temperature: float = 1.0
    """Divisor of the guide's log-probabilities in the first pass; above 1 draws more evenly."""
    heat: float = 1.2
    """Factor by which the temperature rises at each restart."""
    batches: int = 16
    """Number of batches of walks before the first restart; each later one has twice as many."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("width", "batches"):
            if getattr(self, name) < 1:
                raise InputError(f"Sampling: {name} is {getattr(self, name)}; allowed: 1 or more")
        for name in ("temperature", "heat"):
            if not 0 < getattr(self, name) < np.inf:
                raise InputError(f"Sampling: {name} is {getattr(self, name)}; allowed: a positive number")

    def body(self, run: PrefixRun) -> Iterator[Step]:
        """The steps of one call, until every program of up to ``max_tokens`` tokens was tried."""
        return _Passes(self, run).all()


class _Passes:
    def __init__(self, config: Sampling, run: PrefixRun) -> None:
        self.config, self.run = config, run
        self.rng = np.random.default_rng(run.request.seed)

    def all(self) -> Iterator[Step]:
        """Run pass after pass until nothing is left to draw."""
        temperature, batches = self.config.temperature, self.config.batches
        while True:
            begun, tried = stopwatch(), self.run.tried
            self.run.phase = f"temperature {temperature:.2f}"
            self.run.renew(_VALUES)
            walks = _Walks(self.run, self.rng, temperature)
            try:
                for _ in range(batches):
                    if not (yield from walks.draw(self.config.width)):
                        return
            finally:
                self.run.note_round(begun, tried, temperature=round(temperature, 3))
            temperature, batches = temperature * self.config.heat, 2 * batches


class _Tree:
    """The prefixes on walks, by number, and what is left of each."""

    def __init__(self, width: int) -> None:
        self.size = 0
        self.chances = np.empty((256, width), dtype=np.float32)
        """(N, V) natural log: the next token's probability at this temperature."""
        self.rest = np.empty((256, width), dtype=np.float32)
        """(N, V) natural log: the share of it that is left."""
        self.children = np.empty((256, width), dtype=np.int32)
        """(N, V) the number of the extended prefix, or _NONE."""
        self.parents = np.empty((256, 2), dtype=np.int64)
        """(N, 2) the number of the prefix that is one token shorter, and the last token."""

    def add(self, parents: Ints, tokens: Ints) -> Ints:
        """The numbers of extended prefixes (B,), new or known."""
        found = self.children[parents, tokens].astype(np.int64)
        new = np.flatnonzero(found == _NONE)
        found[new] = self._grow(len(new))
        self.parents[found[new], 0], self.parents[found[new], 1] = parents[new], tokens[new]
        self.children[parents, tokens] = found
        return found

    def root(self) -> Ints:
        """(1,) the empty prefix."""
        return np.zeros(1, dtype=np.int64) if self.size else self._grow(1)

    def _grow(self, count: int) -> Ints:
        first, self.size = self.size, self.size + count
        while self.size > len(self.parents):
            self.chances, self.rest, self.children, self.parents = (
                np.concatenate([a, np.empty_like(a)]) for a in (self.chances, self.rest, self.children, self.parents)
            )
        self.children[first : self.size] = _NONE
        self.rest[first : self.size] = 0.0
        return np.arange(first, self.size)

    def spend(self, numbers: Ints, rows: Ints, tokens: Ints) -> None:
        """Use up the continuations of some of the prefixes (B,) with some tokens."""
        self.rest[numbers[rows], tokens] = -np.inf

    def left(self, numbers: Ints) -> NDArray[np.float32]:
        """(B,) natural log: the share of each prefix that is left."""
        shares: NDArray[np.float32] = np.logaddexp.reduce(self.chances[numbers] + self.rest[numbers], axis=1)
        return shares

    def use_up(self, numbers: Ints) -> None:
        """Update the shorter prefixes with what is left of these (B,)."""
        parents, tokens = self.parents[numbers].T
        self.rest[parents, tokens] = self.left(numbers)


class _Walks:
    """Walks at one temperature."""

    def __init__(self, run: PrefixRun, rng: np.random.Generator, temperature: float) -> None:
        self.run, self.rng, self.temperature = run, rng, temperature
        self.tree = _Tree(len(run.walk.guide.vocabulary))
        self.kept: dict[tuple[int, int], float] = {}

    def draw(self, width: int) -> Generator[Step, None, bool]:
        """Draw a batch of walks; return whether anything is left after it."""
        run, walk, tree = self.run, self.run.walk, self.tree
        prefixes, nodes, numbers = walk.root(), np.array([ROOT]), tree.root()
        drawn, disturbed = np.zeros(1), np.zeros(1)  # (B,) log-probability at the temperature, without and with noise
        ended = np.empty(0)  # perturbed log-probabilities of the walks that have completed a program
        passed = [numbers]
        while True:
            run.tokens = prefixes.tokens.shape[1] + 1
            logprobs, closing = yield from self._look(prefixes, nodes, numbers)
            phi = drawn[:, None] + tree.chances[numbers] + tree.rest[numbers]
            noisy = self._disturb(phi, disturbed)
            tree.spend(numbers, *np.nonzero(closing))
            ended, count = _end(ended, noisy, closing, width)
            if not count:
                break
            noisy[closing] = -np.inf
            chosen = run.choose(
                prefixes,
                nodes,
                _by_room(ranked(noisy, 4 * count), self._room(prefixes)),
                count,
                self.kept,
                tree.children[numbers] != _NONE,
            )
            tree.spend(numbers, *np.array(chosen.refused, dtype=np.int64).reshape(-1, 2).T)
            if not chosen.nodes:
                break
            parents, tokens, nodes = np.array(chosen.parents), np.array(chosen.tokens), np.array(chosen.nodes)
            drawn, disturbed = phi[parents, tokens], noisy[parents, tokens]
            numbers = tree.add(numbers[parents], tokens)
            passed.append(numbers)
            totals = prefixes.logprobs[parents] + logprobs[parents, tokens]
            prefixes = walk.extend(prefixes, parents, tokens, totals).live
            yield PULSE  # a search alongside may run next
        for numbers in passed[:0:-1]:
            tree.use_up(numbers)
        return bool(tree.left(passed[0])[0] > -np.inf)

    def _look(self, prefixes: Prefixes, nodes: Ints, numbers: Ints) -> Generator[Step, None, tuple[Floats, Bools]]:
        """Ask the guide about prefixes and run the programs one token after them.

        Returns:
            (B, V) log-probabilities of the next token, and (B, V) which tokens completed the programs that were run.
        """
        run, tree = self.run, self.tree
        logprobs = run.walk.next_logprobs(prefixes)
        plain = self.temperature == 1.0
        tree.chances[numbers] = logprobs if plain else run.walk.next_logprobs(prefixes, self.temperature)
        closing = run.walk.table.closing(prefixes.nodes)
        fresh = run.fresh(names(prefixes.tokens))
        tree.spend(numbers, *np.nonzero(closing & ~fresh[:, None]))
        closing &= fresh[:, None]
        yield from run.finish(prefixes, nodes, prefixes.logprobs[:, None] + logprobs, closing)
        return logprobs, closing

    def _disturb(self, phi: Floats, limits: Floats) -> Floats:
        """Gumbel noise around ``phi`` (B, V), whose maximum in each row is ``limits`` (B,)."""
        noisy = np.full(phi.shape, -np.inf)
        parents, tokens = np.nonzero(phi > -np.inf)
        noisy[parents, tokens] = conditioned_gumbel(self.rng, phi[parents, tokens], parents, limits)
        return noisy

    def _room(self, prefixes: Prefixes) -> int:
        """The tokens that may follow any of the prefixes."""
        return int(self.run.walk.table.left(prefixes.nodes[:1])[0])


def _by_room(candidates: Iterator[tuple[Ints, Ints, Floats]], room: int) -> Iterator[tuple[Ints, Ints, Floats]]:
    """The same score for all of a class: which of several equal prefixes is extended depends on how long it may become."""
    for parents, tokens, _ in candidates:
        yield parents, tokens, np.full(len(parents), float(room))


def _end(ended: Floats, noisy: Floats, closing: Bools, width: int) -> tuple[Floats, int]:
    """The walks that have ended and are among the ``width`` best, and the number of others."""
    values = np.concatenate([ended, noisy[noisy > -np.inf]])
    least = np.partition(values, -width)[-width] if len(values) > width else -np.inf
    best = (noisy >= least) & (noisy > -np.inf)
    return np.concatenate([ended[ended >= least], noisy[best & closing]]), int((best & ~closing).sum())
