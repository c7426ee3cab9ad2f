"""One space of programs as several that have none in common, so that as many workers share it."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from neurosynth.errors import InputError
from neurosynth.guides.base import WeightedGrammar
from neurosynth.language.grammar import Grammar, Nonterminal, Production
from neurosynth.search.best_first.rules import possible

__all__ = ["split"]

FINENESS = 8
"""Pieces no likelier than one part of the space by this factor are small enough."""
MOST = 512
"""Pieces a part at most."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """All programs that begin with some productions: a tree whose holes are non-terminals."""

    root: Nonterminal | _Node
    logprob: float
    """Natural log of the probability of its productions."""


@dataclass(frozen=True, slots=True)
class _Node:
    production: int
    inner: tuple[Nonterminal | _Node, ...]


def split(weighted: WeightedGrammar, parts: int) -> list[WeightedGrammar]:
    """``parts`` grammars whose derivations together are those of ``weighted``, each in one of them.

    Every production keeps its log-probability, so a program is as probable in its part as in the whole, and what the parts
    enumerate can be merged by probability; those of a part's start symbol sum to the part's share of the space.  The parts
    are about equally probable.  There are fewer of them when there are fewer programs.  In an ambiguous grammar two parts may
    make the same program, by different derivations.

    The space is cut where it is likeliest until the pieces are small, then they are dealt out (the grammar splitter of
    Fijalkow et al., AAAI 2022, does the same and then improves by exchanges).

    Raises:
        InputError: for a number of parts that is not positive, and when the probabilities leave no program.
    """
    if parts < 1:
        raise InputError(f"parts is {parts}; allowed: a positive number")
    if parts == 1:
        return [weighted]
    groups: list[list[_Piece]] = [[] for _ in range(parts)]
    shares = [0.0] * parts
    for piece in _pieces(weighted, parts):
        k = min(range(parts), key=lambda i: (shares[i], len(groups[i]), i))
        groups[k].append(piece)
        # a finished program is no work to speak of, however probable
        shares[k] += math.exp(piece.logprob) if _holes(piece.root) else 0.0
    return [_grammar(weighted, group, k) for k, group in enumerate(groups) if group]


def _pieces(weighted: WeightedGrammar, parts: int) -> list[_Piece]:
    """Pieces of the space, the likeliest first."""
    logprobs: list[float] = np.asarray(weighted.logprobs, np.float64).tolist()
    choices: dict[Nonterminal, list[int]] = {}
    for i in possible(weighted):
        choices.setdefault(weighted.grammar.productions[i].target, []).append(i)
    order = itertools.count()
    heap = [(0.0, next(order), _Piece(weighted.grammar.start, 0.0))]
    whole: list[_Piece] = []
    small = -math.log(parts * FINENESS)
    while heap and len(heap) + len(whole) < MOST * parts and (-heap[0][0] > small or len(heap) + len(whole) < parts):
        _, _, piece = heapq.heappop(heap)
        for i in choices[_holes(piece.root)[0]]:
            production = weighted.grammar.productions[i]
            longer = _Piece(_filled(piece.root, _Node(i, production.arguments)), piece.logprob + logprobs[i])
            if _holes(longer.root):
                heapq.heappush(heap, (-longer.logprob, next(order), longer))
            else:
                whole.append(longer)
    return sorted([*whole, *(piece for _, _, piece in heap)], key=lambda piece: -piece.logprob)


def _holes(tree: Nonterminal | _Node) -> list[Nonterminal]:
    """Non-terminals left open, from the left."""
    return [tree] if isinstance(tree, Nonterminal) else [hole for inner in tree.inner for hole in _holes(inner)]


def _filled(tree: Nonterminal | _Node, node: _Node) -> Nonterminal | _Node:
    """The tree with its first hole filled."""
    if isinstance(tree, Nonterminal):
        return node
    inner = list(tree.inner)
    j = next(j for j, part in enumerate(inner) if _holes(part))
    inner[j] = _filled(inner[j], node)
    return replace(tree, inner=tuple(inner))


def _grammar(weighted: WeightedGrammar, pieces: list[_Piece], part: int) -> WeightedGrammar:
    """The grammar of some pieces: a start symbol of its own, and a non-terminal for every node of a piece."""
    whole = weighted.grammar
    fresh = _fresh(whole, part)
    logprobs = np.asarray(weighted.logprobs, np.float64).tolist()
    productions: list[Production] = []
    kept: list[float] = []

    def add(node: _Node, target: Nonterminal) -> None:
        original = whole.productions[node.production]
        arguments = []
        for inner, hole in zip(node.inner, original.arguments, strict=True):
            if isinstance(inner, _Node):
                own = replace(hole, name=next(fresh))
                add(inner, own)
                arguments.append(own)
            else:
                arguments.append(hole)
        productions.append(replace(original, target=target, arguments=tuple(arguments)))
        kept.append(logprobs[node.production])

    start = replace(whole.start, name=next(fresh))
    for piece in pieces:
        assert isinstance(piece.root, _Node)  # several parts: the start symbol was the first hole to be filled
        add(piece.root, start)
    everything = Grammar(start, (*productions, *whole.productions), whole.inputs, whole.request)
    reached = [i for i, p in enumerate(everything.productions) if p.target not in everything.unreachable]
    return WeightedGrammar(
        replace(everything, productions=tuple(everything.productions[i] for i in reached)),
        np.array([*kept, *logprobs], np.float64)[reached],
    )


def _fresh(grammar: Grammar, part: int) -> Iterator[str]:
    """Names no non-terminal has."""
    taken = {n.name for n in grammar.nonterminals}
    names = (f"{grammar.start.name}/{part}.{k}" for k in itertools.count())
    return (name for name in names if name not in taken)
