"""Complete anytime beam search over prefixes: a beam that becomes wider until the time is over.

Zhang, Complete anytime beam search, AAAI 1998; used for program synthesis in PCCoder (Zohar and Wolf, NeurIPS 2018). Each round starts
from the empty prefix and keeps the likeliest prefixes of each length. A program that needs one more token than a kept prefix waits
until the end of the round; the round then runs those that are likelier than every prefix which did not fit into it, and few others.
The rest waits for later rounds. So programs run nearly in the order of their probability, and none runs twice. Then values of finished
arguments are joined (:mod:`neurosynth.search.decoding.joins`). The guide is not asked again about prefixes that the previous round kept,
if its states can be batched and fit into memory.

Letters: ``B`` prefixes, ``V`` vocabulary.
"""

from __future__ import annotations

import math
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
_SHORT = 64
"""Width up to which a round takes so little time that all of its programs wait for its end."""
_WAITING = 500_000
"""Maximum number of programs that wait for later rounds; each takes about 50 bytes."""


@dataclass(frozen=True, kw_only=True)
class Beam(Decoding):
    """A beam whose width grows from round to round."""

    name: str = field(default="beam", init=False)
    width: int = 16
    """Number of prefixes of each length kept in the first round."""
    growth: float = 2.0
    """Factor by which each round is wider than the one before."""
    programs: int = 16
    """Maximum number of programs that a round runs for each prefix of its width."""
    unlikely: int = 1
    """Minimum number of them. Further ones only run if they are at least as likely as every prefix that did not fit into the width:
    a wider round may find likelier ones."""
    joins: int = 2
    """Number of values of finished arguments that a round joins for each prefix of its width."""
    focus: bool = True
    """Leave prefixes that are less likely than ``width`` whole programs of this round to the next round."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width < 1:
            raise InputError(f"Beam: width is {self.width}; allowed: 1 or more")
        if self.programs < 1:
            raise InputError(f"Beam: programs is {self.programs}; allowed: 1 or more")
        for name in ("unlikely", "joins"):
            if getattr(self, name) < 0:
                raise InputError(f"Beam: {name} is {getattr(self, name)}; allowed: 0 or more")
        if not 1 < self.growth < np.inf:
            raise InputError(f"Beam: growth is {self.growth}; allowed: a number above 1")

    def body(self, run: PrefixRun) -> Iterator[Step]:
        """The steps of one call, until every program of up to ``max_tokens`` tokens was tried."""
        return _Rounds(self, run).all()


class _Rounds:
    def __init__(self, config: Beam, run: PrefixRun) -> None:
        self.config, self.run, self.states = config, run, _RoundStates(run)
        self.waiting = _Waiting(run)

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
        ordered = self.config.unlikely < self.config.programs
        whole, left = True, self.config.programs * width
        likely = -math.inf  # the log-probability of the likeliest prefix that may have been left out
        kept: dict[tuple[int, int], float] = {}
        programs = np.empty(0)  # the largest log-probabilities of whole programs
        prefixes, nodes, known = walk.root(), np.array([ROOT]), [b""]
        while True:
            run.tokens = prefixes.tokens.shape[1] + 1
            scores = prefixes.logprobs[:, None] + walk.next_logprobs(prefixes)
            closing = walk.table.closing(prefixes.nodes)
            wanted = closing & run.fresh(known)[:, None]
            self.waiting.add(prefixes.tokens, scores, wanted)
            programs = np.sort(np.concatenate([programs, scores[closing]]))[-width:]
            scores[closing] = -np.inf
            least = programs[0] if self.config.focus and len(programs) == width else -np.inf
            chosen = run.choose(prefixes, nodes, ranked(scores, 4 * width, least), width, kept)
            whole = whole and chosen.all and not (scores[scores > -np.inf] <= least).any()
            if chosen.nodes and not chosen.all:
                likely = max(likely, float(scores[chosen.parents[-1], chosen.tokens[-1]]))
            if not chosen.nodes:
                break
            parents, tokens, nodes = np.array(chosen.parents), np.array(chosen.tokens), np.array(chosen.nodes)
            longer = np.concatenate([prefixes.tokens[parents], tokens[:, None]], axis=1)
            known = names(longer)
            state = self.states.after(prefixes.state, parents, tokens, known)
            after = walk.table.advance(prefixes.nodes[parents], tokens)
            prefixes = Prefixes(state, after, longer, scores[parents, tokens])
            if width > _SHORT and left > 0:
                ready = min(width, self.waiting.above(likely)) if ordered else width
                left -= ready
                yield from self.waiting.run_best(ready)
            yield PULSE  # a search alongside may run next
        if ordered:
            least_count = max(0, left - (self.config.programs - self.config.unlikely) * width)
            left = max(least_count, min(left, self.waiting.above(likely)))
        yield from self.waiting.run_best(len(self.waiting) if whole else left)
        if self.config.joins:
            yield from run.join(self.config.joins * width)
        self.states.next_round()
        return whole


class _Waiting:
    """Whole programs that were reached and not run yet, because enough others are likelier."""

    def __init__(self, run: PrefixRun) -> None:
        self.run = run
        self.groups: dict[int, NDArray[np.uint16]] = {}
        """By number: prefixes (B, T) of one length and round."""
        self.count = 0
        """Number of groups so far."""
        self.where = np.empty((3, 0), dtype=np.int64)
        """(3, N) for each program: the group and the row of its prefix, and its last token."""
        self.logprobs = np.empty(0)
        """(N,) natural log."""

    def __len__(self) -> int:
        return len(self.logprobs)

    def add(self, tokens: Ints, scores: NDArray[np.float64], wanted: NDArray[np.bool_]) -> None:
        """Keep the ``wanted`` (B, V) programs, which consist of prefixes ``tokens`` (B, T) and one more token each."""
        rows, last = np.nonzero(wanted & (scores > -np.inf))
        used, at = np.unique(rows, return_inverse=True)
        self.groups[self.count] = tokens[used].astype(np.uint16)
        new = np.stack([np.full(len(rows), self.count), at, last])
        self.where = np.concatenate([self.where, new], axis=1)
        self.logprobs = np.concatenate([self.logprobs, scores[rows, last]])
        self.count += 1

    def above(self, logprob: float) -> int:
        """Number of the programs that are at least as likely."""
        return int((self.logprobs >= logprob).sum())

    def run_best(self, count: int) -> Iterator[Step]:
        """Run the ``count`` likeliest programs, the likeliest first, and as many more as would take too much memory."""
        count = min(max(count, len(self) - _WAITING, 0), len(self))
        order = np.argpartition(-self.logprobs, count - 1) if 0 < count < len(self) else np.arange(len(self))
        first, rest = np.sort(order[:count]), np.sort(order[count:])
        first = first[np.argsort(-self.logprobs[first], kind="stable")]
        where, logprobs = self.where[:, first], self.logprobs[first]
        groups = self.groups
        self.where, self.logprobs = self.where[:, rest], self.logprobs[rest]
        self.groups = {group: groups[group] for group in np.unique(self.where[0]).tolist()}
        for (group, row, token), node, logprob in zip(
            where.T.tolist(), self._nodes(groups, where), logprobs.tolist(), strict=True
        ):
            before = groups[group][row]
            self.run.tokens = len(before) + 1
            yield from self.run.try_program(node, token, before, logprob)

    def _nodes(self, groups: dict[int, NDArray[np.uint16]], where: Ints) -> list[int]:
        """(N,) the nodes of prefixes in the execution, which may have dropped those of earlier rounds."""
        nodes = np.empty(where.shape[1], dtype=np.int64)
        for group in np.unique(where[0]).tolist():
            of_group = np.flatnonzero(where[0] == group)
            rows, at = np.unique(where[1, of_group], return_inverse=True)
            reached = np.full(len(rows), ROOT, dtype=np.int64)
            for column in groups[group][rows].astype(np.int64).T:
                reached = self.run.execution.advance(reached, column)
            nodes[of_group] = reached[at]
        return nodes.tolist()


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
