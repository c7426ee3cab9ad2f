"""Which tokens may follow a prefix, as an automaton in arrays, for looking up masks during batched decoding.

Letters: ``B`` prefixes, ``V`` vocabulary.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from neurosynth.language.masks import TokenGrammar, TokenState
from neurosynth.language.tokens import Vocabulary

__all__ = ["MaskTable"]

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_UNKNOWN = -1  # a step of the automaton that was not computed yet


class MaskTable:
    """The masks of a :class:`TokenGrammar` as an automaton, built as decoding proceeds.

    Prefixes with the same continuations share a node, whose mask is computed once.
    """

    def __init__(self, grammar: TokenGrammar, max_tokens: int) -> None:
        """Raises InputError if the shortest program has more than ``max_tokens`` tokens."""
        self._width = len(grammar.vocabulary)
        self._ids: dict[tuple[int, frozenset[tuple[int, ...]]], int] = {}
        self._form_ids: dict[frozenset[tuple[int, ...]], int] = {}
        self._states: list[TokenState] = []
        self._masks = np.empty((64, self._width), dtype=np.bool_)
        self._next = np.full((64, self._width), _UNKNOWN, dtype=np.int32)
        self._forms = np.empty(64, dtype=np.int64)
        self._open = np.empty(64, dtype=np.int64)
        self._left = np.empty(64, dtype=np.int64)
        self._leaves = _leaves(grammar.vocabulary)
        self.root = self._node(grammar.start(max_tokens))

    def __len__(self) -> int:
        return len(self._states)

    def masks(self, nodes: Ints) -> Bools:
        """(B, V): which tokens may come next."""
        masks: Bools = self._masks[nodes]
        return masks

    def closing(self, nodes: Ints) -> Bools:
        """(B, V): which tokens may come next and complete a program."""
        closing: Bools = self.masks(nodes) & self._leaves & (self._open[nodes] == 1)[:, None]
        return closing

    def done(self, nodes: Ints) -> Bools:
        """(B,): whether the tokens so far are a whole program."""
        done: Bools = self._open[nodes] == 0
        return done

    def forms(self, nodes: Ints) -> Ints:
        """(B,): equal where the same programs may follow, apart from their maximum number of tokens."""
        return self._forms[nodes]

    def left(self, nodes: Ints) -> Ints:
        """(B,): number of tokens that the program may still have."""
        return self._left[nodes]

    def advance(self, nodes: Ints, tokens: Ints) -> Ints:
        """(B,): the nodes after one more token each.

        Raises:
            InputError: for a token that the mask does not allow.
        """
        found = self._next[nodes, tokens]
        missing = np.flatnonzero(found == _UNKNOWN)
        if len(missing):
            for node, token in dict.fromkeys(zip(nodes[missing].tolist(), tokens[missing].tolist(), strict=True)):
                # first the node: making it may replace this table by a larger one
                after = self._node(self._states[node].advance(token))
                self._next[node, token] = after
            found = self._next[nodes, tokens]
        return found.astype(np.int64)

    def _node(self, state: TokenState) -> int:
        stacks = frozenset(state.stacks)
        found = self._ids.get((state.left, stacks))
        if found is None:
            found = self._ids[state.left, stacks] = len(self._states)
            self._states.append(state)
            if found == len(self._masks):
                self._masks, self._forms, self._open, self._left = (
                    np.concatenate([a, np.empty_like(a)]) for a in (self._masks, self._forms, self._open, self._left)
                )
                self._next = np.concatenate([self._next, np.full_like(self._next, _UNKNOWN)])
            self._masks[found] = state.mask()
            self._forms[found] = self._form_ids.setdefault(stacks, len(self._form_ids))
            # the number of arguments is part of a token, so that all derivations still need equally many
            self._open[found] = len(next(iter(stacks)))
            self._left[found] = state.left
        return found


def _leaves(vocabulary: Vocabulary) -> Bools:
    """(V,): which tokens are whole programs."""
    leaves = np.zeros(len(vocabulary), dtype=np.bool_)
    for token in range(len(vocabulary)):
        match vocabulary.classify(token):
            case "primitive", _:
                leaves[token] = vocabulary.language[vocabulary.primitive_name(token)].arity == 0
            case "input" | "constant" | "variable", _:
                leaves[token] = True
    return leaves
