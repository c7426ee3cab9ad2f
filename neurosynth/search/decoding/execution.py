"""Unfinished programs run on a task's examples: an automaton over tokens that knows the values of finished arguments.

A prefix of a program is a path of primitives whose first arguments are finished. Two prefixes with the same path and finished arguments
of equal values give the same outputs for every continuation, so they share one node (observational equivalence, as in bottom-up
enumeration: Udupa et al., PLDI 2013). If an argument has no value but the output needs one, no continuation is right.

Letters: ``B`` prefixes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from neurosynth.language.masks import TokenGrammar
from neurosynth.search.decoding.token_values import FAILS, NOWHERE, TOTAL, TokenValues
from neurosynth.tasks.task import Example

__all__ = ["DEAD", "ROOT", "Execution"]

ROOT = 0
"""The node of the empty prefix."""
DEAD = -1
"""Instead of a node: no continuation is right."""

_STRICT, _LAZY, _BOUND = range(3)  # the next argument is needed on every example; on some or none; is under a lambda

Ints = NDArray[np.int64]


class Execution:
    """The automaton for one task; nodes are numbers, the first is ``ROOT``.

    With ``prune``, a step with no right continuation gives ``DEAD``: a finished argument is undefined on an example whose output needs
    it, or undefined on all where it stands under a lazy primitive.
    """

    def __init__(
        self,
        grammar: TokenGrammar,
        examples: Sequence[Example],
        *,
        prune: bool = True,
        first: int = 5,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        """``first``: the number of examples on which values are computed at once; the others follow if two values agree on those.

        ``tick`` is called now and then while values are computed, and may raise.
        """
        self.prune = prune
        self._width = len(grammar.vocabulary)
        self.values = TokenValues(grammar, examples, first, tick)
        """Of finished arguments."""
        # nodes, by number: ``token`` with these first arguments waits for the next, itself the next argument of ``parent``
        self._parents, self._tokens, self._use = [ROOT], [-1], [_STRICT]
        self._arguments: list[tuple[int, ...]] = [()]
        self._nodes: dict[tuple[int, int, tuple[int, ...]], int] = {}
        self._steps: dict[int, int] = {}

    def __len__(self) -> int:
        """Number of distinct values and functions kept."""
        return len(self.values)

    @property
    def size(self) -> int:
        """Number of values and nodes kept; about 500 bytes each."""
        return len(self.values) + len(self._parents)

    def advance(self, nodes: Ints, tokens: Ints) -> Ints:
        """(B,): the nodes after one more token each that completes no program, or ``DEAD``."""
        keys = (nodes * self._width + tokens).tolist()
        steps = self._steps
        for key in keys:
            if key not in steps:
                steps[key] = self._step(*divmod(key, self._width))
        return np.array([steps[key] for key in keys], dtype=np.int64)

    def finish(self, node: int, token: int) -> int:
        """Number of the first examples on which the program completed by a last token is right; if it is right on all of those, the
        number of all examples. None if it was dropped. If that is undecided, all of them, so that the reference semantics decides."""
        values = self.values
        value = values.leaves[token]
        while node != ROOT:
            if self._hopeless(value, self._use[node]):
                return 0
            above, waiting = self._tokens[node], (*self._arguments[node], value)
            node = self._parents[node]
            if node == ROOT:
                return values.right_with(above, waiting)
            value = values.apply(above, waiting, strict=self.prune and self._use[node] == _STRICT)
        return values.right(value)

    def _step(self, node: int, token: int) -> int:
        values = self.values
        if values.arity.get(token):
            return self._node(node, token, ())
        value = values.leaves[token]
        while node != ROOT:
            if self._hopeless(value, self._use[node]):
                return DEAD
            above, waiting = self._tokens[node], (*self._arguments[node], value)
            node = self._parents[node]
            if len(waiting) < values.arity[above]:
                return self._node(node, above, waiting)
            value = values.apply(above, waiting, strict=self.prune and self._use[node] == _STRICT)
        raise AssertionError(f"token {token} makes a whole program")

    def _hopeless(self, value: int, use: int) -> bool:
        if value == FAILS:
            return True
        defined = self.values.defined[value]
        return self.prune and defined != TOTAL and (use == _STRICT or (use == _LAZY and defined == NOWHERE))

    def _node(self, parent: int, token: int, arguments: tuple[int, ...]) -> int:
        key = (parent, token, arguments)
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = len(self._parents)
            self._parents.append(parent)
            self._tokens.append(token)
            self._arguments.append(arguments)
            own = _BOUND if token in self.values.parameters else _LAZY if self.values.lazy(token) else _STRICT
            self._use.append(max(own, self._use[parent]))
        return found
