"""Best-first search over prefixes: programs are tried in the order of their probability, exactly.

A queue holds the prefixes that were not expanded yet, the likeliest first, and the guide scores a batch of them at a time. A whole
program waits until nothing in the queue is as likely. The states of the guide are kept while they fit into memory, and computed again
otherwise.

Letters: ``B`` prefixes, ``T`` tokens of each.
"""

from __future__ import annotations

import heapq
from array import array
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import InputError
from neurosynth.guides.base import GuideState
from neurosynth.guides.prefixes import Batches, Gathers, Prefixes
from neurosynth.search.candidates import PULSE, Step
from neurosynth.search.decoding.execution import DEAD, ROOT
from neurosynth.search.decoding.prefix_run import Decoding, PrefixRun
from neurosynth.work_clock import stopwatch

__all__ = ["PrefixFirst"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class PrefixFirst(Decoding):
    """Every program of a grammar in the order of its probability."""

    name: str = field(default="prefix-first", init=False)
    width: int = 128
    """Number of prefixes taken from the queue together."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width < 1:
            raise InputError(f"PrefixFirst: width is {self.width}; allowed: 1 or more")

    def body(self, run: PrefixRun) -> Iterator[Step]:
        """The steps of one call, until every program of up to ``max_tokens`` tokens was tried."""
        return _Queue(self, run).all()


@dataclass(slots=True, eq=False)
class _Home:
    """A state of the guide, until it is dropped."""

    state: GuideState | None
    size: int
    """Number of its prefixes with children still to come."""


@dataclass(slots=True, eq=False)
class _Open:
    """A prefix that the guide has scored."""

    tokens: tuple[int, ...]
    node: int
    """In the table of masks."""
    at: int
    """In the execution."""
    home: _Home
    row: int
    """The index of the prefix in the state."""
    children: array[int]
    """The next tokens, the likeliest first; ``~token`` if it completes a program."""
    logprobs: array[float]
    """Natural log of the probability of the prefix and each of them."""


class _Queue:
    def __init__(self, config: PrefixFirst, run: PrefixRun) -> None:
        self.config, self.run = config, run
        self.states = _QueueStates(run)
        self.count = 0
        """Expanded prefixes; their numbers break ties."""
        self.next: list[tuple[float, int, int, _Open]] = []
        """A heap: minus the log-probability of a prefix's likeliest remaining child, its number, the child's index, and the prefix."""
        self.whole: list[tuple[float, int, int, _Open]] = []
        """A heap of programs: minus the log-probability, the number of a prefix, its last token, the prefix."""
        self.spent: list[_Open] = []
        """Prefixes whose last child was just taken."""
        self.kept: dict[tuple[int, int], int] = {}
        """Largest number of tokens that may follow on expanded prefixes with equal outputs."""

    def all(self) -> Iterator[Step]:
        """Expand prefix after prefix until none is left."""
        begun, tried, due = stopwatch(), 0, 1
        try:
            self.run.phase = "log-probability 0"
            self._open(self.run.walk.root(), np.array([ROOT]))
            while self.next or self.whole:
                self._expand((yield from self._take()))
                yield PULSE  # a search alongside may run next
                if self.run.pace.asked >= due:
                    self._note(begun, tried)
                    begun, tried, due = (
                        stopwatch(),
                        self.run.tried,
                        2 * self.run.pace.asked,
                    )
        finally:
            self._note(begun, tried)

    def _note(self, begun: float, tried: int) -> None:
        logprob = round(-self.next[0][0], 3) if self.next else None
        self.run.note_round(begun, tried, logprob=logprob)

    def _take(self) -> Generator[Step, None, list[tuple[_Open, int, float]]]:
        """The likeliest prefixes, after running the programs that are at least as likely as everything in the queue.

        Returns:
            prefixes, the next token of each, and the log-probability of both.
        """
        taken: list[tuple[_Open, int, float]] = []
        following, whole = self.next, self.whole
        while len(taken) < self.config.width:
            if whole and not taken and (not following or whole[0][0] <= following[0][0]):
                minus, _, token, prefix = heapq.heappop(whole)
                yield from self.run.try_program(prefix.at, token, prefix.tokens, -minus)
                continue
            if not following:
                break
            minus, number, which, prefix = following[0]
            if which + 1 < len(prefix.children):
                heapq.heapreplace(following, (-prefix.logprobs[which + 1], number, which + 1, prefix))
            else:
                heapq.heappop(following)
                self.spent.append(prefix)
            token = prefix.children[which]
            if token < 0:
                heapq.heappush(whole, (minus, number, ~token, prefix))
            else:
                taken.append((prefix, token, -minus))
        return taken

    def _expand(self, taken: list[tuple[_Open, int, float]]) -> None:
        """Ask the guide about extended prefixes, except those that no new and right program continues."""
        if taken:
            run, table = self.run, self.run.walk.table
            run.phase = f"log-probability {taken[0][2]:.1f}"
            tokens = np.array([token for _, token, _ in taken])
            at = run.execution.advance(np.array([p.at for p, _, _ in taken]), tokens)
            nodes = table.advance(np.array([p.node for p, _, _ in taken]), tokens)
            forms, left = table.forms(nodes).tolist(), table.left(nodes).tolist()
            groups: dict[tuple[int, bool], list[int]] = {}
            for i, (prefix, _, _) in enumerate(taken):
                key = (forms[i], int(at[i]))
                if at[i] != DEAD and self.kept.get(key, -1) < left[i]:
                    if self.config.merge:
                        self.kept[key] = left[i]
                    groups.setdefault((len(prefix.tokens), prefix.home.state is None), []).append(i)
            for members in groups.values():
                some = np.array(members)
                longer = np.array([(*taken[i][0].tokens, taken[i][1]) for i in members])
                logprobs = np.array([taken[i][2] for i in members])
                state = self.states.after([taken[i][0] for i in members], longer)
                self._open(Prefixes(state, nodes[some], longer, logprobs), at[some])
        for prefix in self.spent:
            self.states.leave(prefix.home)
        self.spent.clear()

    def _open(self, prefixes: Prefixes, at: Ints) -> None:
        """Ask the guide about prefixes and put the likeliest child of each into the queue."""
        run = self.run
        run.tokens = prefixes.tokens.shape[1] + 1
        scores = prefixes.logprobs[:, None] + run.walk.next_logprobs(prefixes)
        order = np.argsort(-scores, axis=1, kind="stable")
        counts = (scores > -np.inf).sum(axis=1).tolist()
        ids = np.arange(scores.shape[1])
        coded = np.where(run.walk.table.closing(prefixes.nodes), ~ids, ids)
        children = np.take_along_axis(coded, order, axis=1).astype(np.int16)
        logprobs = np.take_along_axis(scores, order, axis=1)
        homes = self.states.homes(prefixes.state)
        tokens, nodes, nodes_at = prefixes.tokens.tolist(), prefixes.nodes.tolist(), at.tolist()
        for i, (count, (home, row)) in enumerate(zip(counts, homes, strict=True)):
            follow = array("h", children[i, :count].tobytes())
            values = array("d", logprobs[i, :count].tobytes())
            prefix = _Open(tuple(tokens[i]), nodes[i], nodes_at[i], home, row, follow, values)
            heapq.heappush(self.next, (-values[0], self.count, 0, prefix))
            self.count += 1


class _QueueStates:
    """The guide's states of prefixes with children to come."""

    def __init__(self, run: PrefixRun) -> None:
        self.run = run
        self.known: deque[_Home] = deque()
        self.size = 0
        """Number of prefixes in all of them."""

    def homes(self, state: GuideState) -> list[tuple[_Home, int]]:
        """Keep the state of new prefixes, and the position of each of them."""
        assert isinstance(state, Batches)
        sizes = np.bincount(state.batch, minlength=len(state.states)).tolist()
        new = [_Home(s, size) for s, size in zip(state.states, sizes, strict=True)]
        self.known.extend(new)
        self.size += len(state.batch)
        while self.size > self.run.room.most(self.size):
            home = self.known.popleft()
            self.size -= home.size
            home.state, home.size = None, 0
        return [(new[batch], row) for batch, row in zip(state.batch.tolist(), state.row.tolist(), strict=True)]

    def leave(self, home: _Home) -> None:
        """Record that one prefix of a state has no more children to come."""
        if home.size:
            home.size -= 1
            self.size -= 1
            if not home.size:
                home.state = None

    def after(self, prefixes: list[_Open], longer: Ints) -> GuideState:
        """The state of extended prefixes (B, T), from those of prefixes that are all kept or all dropped."""
        homes = list(dict.fromkeys(p.home for p in prefixes))
        states = tuple(home.state for home in homes if home.state is not None)
        # states of a group may have been dropped since it was formed, to make room for another group of the same batch
        if len(states) < len(homes) or (len(states) > 1 and not isinstance(states[0], Gathers)):
            return self.run.walk.replay(longer)
        place = {home: i for i, home in enumerate(homes)}
        batch, row = np.array([(place[p.home], p.row) for p in prefixes]).T
        return Batches(states, batch, row, self.run.pace).advance(np.arange(len(prefixes)), longer[:, -1])
