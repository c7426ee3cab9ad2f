"""Complete anytime beam search over prefixes: a beam that becomes wider until the time is over.

Zhang, Complete anytime beam search, AAAI 1998; used for program synthesis in PCCoder (Zohar and Wolf, NeurIPS 2018). Each round starts
from the empty prefix and keeps the likeliest prefixes of each length; all programs that need one more token than a kept prefix are run,
in the first round that keeps it: at once if they are as likely as what the beam keeps, otherwise at the end of the round. Nor is the
guide asked again about prefixes that the previous round kept, if its states can be batched and fit into memory.

Letters: ``B`` prefixes.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import InputError
from neurosynth.guides.base import GuideState
from neurosynth.guides.prefixes import Batches, Gathers, Prefixes, ranked
from neurosynth.search.candidates import PULSE, Step
from neurosynth.search.decoding.execution import ROOT
from neurosynth.search.decoding.prefix_run import Decoding, PrefixRun, names
from neurosynth.work_clock import stopwatch

__all__ = ["Beam"]

Ints = NDArray[np.int64]

_VALUES = 2_000_000  # including nodes kept from round to round; about 1 GB


@dataclass(frozen=True, kw_only=True)
class Beam(Decoding):
    """A beam whose width grows from round to round."""

    name: str = field(default="beam", init=False)
    width: int = 16
    """Number of prefixes of each length kept in the first round."""
    growth: float = 2.0
    """Factor by which each round is wider than the one before."""
    focus: bool = True
    """Leave prefixes that are less likely than ``width`` whole programs of this round to the next round."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width < 1:
            raise InputError(f"Beam: width is {self.width}; allowed: 1 or more")
        if not 1 < self.growth < np.inf:
            raise InputError(f"Beam: growth is {self.growth}; allowed: a number above 1")

    def body(self, run: PrefixRun) -> Iterator[Step]:
        """The steps of one call, until every program of up to ``max_tokens`` tokens was tried."""
        return _Rounds(self, run).all()


class _Rounds:
    def __init__(self, config: Beam, run: PrefixRun) -> None:
        self.config, self.run, self.states = config, run, _RoundStates(run)

    def all(self) -> Iterator[Step]:
        """Run round after round until one leaves nothing out."""
        width, whole = self.config.width, False
        while not whole:
            begun, tried = stopwatch(), self.run.tried
            self.run.phase = f"beam {width}"
            self.run.renew(_VALUES)
            try:
                whole = yield from self._round(width)
            finally:
                self.run.note_round(begun, tried, width=width)
            width = max(width + 1, int(width * self.config.growth))

    def _round(self, width: int) -> Generator[Step, None, bool]:
        """Run one beam; return whether nothing was left out."""
        run, walk = self.run, self.run.walk
        whole = True
        kept: dict[tuple[int, int], float] = {}
        later = _Later(run)
        programs = np.empty(0)  # the largest log-probabilities of whole programs
        prefixes, nodes, known = walk.root(), np.array([ROOT]), [b""]
        while True:
            run.tokens = prefixes.tokens.shape[1] + 1
            scores = prefixes.logprobs[:, None] + walk.next_logprobs(prefixes)
            closing = walk.table.closing(prefixes.nodes)
            wanted = closing & run.fresh(known)[:, None]
            likely = scores >= _cut(scores, width)
            yield from run.finish(prefixes, nodes, scores, wanted & likely)
            later.add(prefixes, nodes, scores, wanted & ~likely)
            programs = np.sort(np.concatenate([programs, scores[closing]]))[-width:]
            scores[closing] = -np.inf
            least = programs[0] if self.config.focus and len(programs) == width else -np.inf
            chosen = run.choose(prefixes, nodes, ranked(scores, 4 * width, least), width, kept)
            whole = whole and chosen.all and not (scores[scores > -np.inf] <= least).any()
            if not chosen.nodes:
                break
            parents, tokens, nodes = np.array(chosen.parents), np.array(chosen.tokens), np.array(chosen.nodes)
            longer = np.concatenate([prefixes.tokens[parents], tokens[:, None]], axis=1)
            known = names(longer)
            state = self.states.after(prefixes.state, parents, tokens, known)
            after = walk.table.advance(prefixes.nodes[parents], tokens)
            prefixes = Prefixes(state, after, longer, scores[parents, tokens])
            yield PULSE  # a search alongside may run next
        yield from later.run_all()
        self.states.next_round()
        return whole


def _cut(scores: NDArray[np.float64], width: int) -> float:
    """The lowest score among the ``width`` likeliest continuations (B, V); -inf if there are fewer."""
    if scores.size <= width:
        return -np.inf
    return float(np.partition(scores.ravel(), scores.size - width)[scores.size - width])


class _Later:
    """Whole programs that are less likely than everything that the beam kept at the same length, for the end of the round.

    They are most of the programs. Running them takes as much time as asking the guide, and few of them are solutions.
    """

    def __init__(self, run: PrefixRun) -> None:
        self.run_of = run
        self.prefixes: list[NDArray[np.uint16]] = []
        """(B, T) for each length: the prefixes with programs to run."""
        self.parts: list[tuple[Ints, Ints, Ints, NDArray[np.float64]]] = []
        """For each length, one entry a program: the row of its prefix, the node of that, the last token, and the log-probability."""

    def add(self, prefixes: Prefixes, nodes: Ints, scores: NDArray[np.float64], wanted: NDArray[np.bool_]) -> None:
        """Keep the ``wanted`` (B, V) programs, which consist of a prefix and one more token; ``nodes`` (B,) are those of the execution."""
        rows, tokens = np.nonzero(wanted & (scores > -np.inf))
        used, at = np.unique(rows, return_inverse=True)
        self.prefixes.append(prefixes.tokens[used].astype(np.uint16))
        self.parts.append((at, nodes[rows], tokens, scores[rows, tokens]))

    def run_all(self) -> Iterator[Step]:
        """Run the kept programs, the likeliest first."""
        lengths = np.repeat(np.arange(len(self.parts)), [len(part[0]) for part in self.parts])
        rows, nodes, tokens, scores = (np.concatenate(column) for column in zip(*self.parts, strict=True))
        order = np.argsort(-scores, kind="stable")
        found = (column[order].tolist() for column in (lengths, rows, nodes, tokens, scores))
        for length, row, node, token, score in zip(*found, strict=True):
            before = self.prefixes[length][row]
            self.run_of.tokens = len(before) + 1
            yield from self.run_of.try_program(node, token, before, score)


class _RoundStates:
    """The guide's states of a round's prefixes, from which the next round continues."""

    def __init__(self, run: PrefixRun) -> None:
        self.run = run
        self.before: dict[bytes, tuple[GuideState, int]] = {}
        """The last round's prefixes by name: a state, and the position of the prefix in it."""
        self.now: dict[bytes, tuple[GuideState, int]] = {}

    def next_round(self) -> None:
        """Drop all states except this round's."""
        self.before, self.now = self.now, {}

    def after(self, state: GuideState, parents: Ints, tokens: Ints, known: list[bytes]) -> GuideState:
        """The state of extended prefixes, by old prefix, by token and by name (B,)."""
        assert isinstance(state, Batches)
        if not isinstance(state.states[0], Gathers):
            return state.advance(parents, tokens)  # pieces of many rounds would make batches ever smaller
        found = [self.before.get(name) for name in known]
        new = np.array([f is None for f in found])
        asked = state.advance(parents[new], tokens[new])
        states = {id(s): s for s in (*asked.states, *(f[0] for f in found if f is not None))}
        place = {key: i for i, key in enumerate(states)}
        batch, row = np.empty(len(known), dtype=np.int64), np.empty(len(known), dtype=np.int64)
        batch[new], row[new] = asked.batch, asked.row
        for i, f in enumerate(found):
            if f is not None:
                batch[i], row[i] = place[id(f[0])], f[1]
        gathered = tuple(states.values())
        size = len(self.before) + len(self.now)
        if size + len(known) <= self.run.room.most(size):
            at = zip(batch.tolist(), row.tolist(), strict=True)
            self.now.update((name, (gathered[b], r)) for name, (b, r) in zip(known, at, strict=True))
        return Batches(gathered, batch, row, state.pace)
