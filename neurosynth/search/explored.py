"""How far a search has come: the cost up to which all programs of a grammar were tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from neurosynth.language.grammar import Grammar, Nonterminal

__all__ = ["Explored", "count_programs"]


@dataclass(frozen=True)
class Explored:
    """The programs that were tried one by one: those of a grammar up to a cost.

    Programs with equal outputs on all examples of the search represent each other, as do bodies of lambdas with equal values on sample
    points. Programs whose values are larger than the search keeps are left out.
    """

    grammar: Grammar
    """The grammar, with the costs that the search used."""
    cost: int
    """The last complete cost level."""

    @cached_property
    def programs(self) -> int:
        """Number of programs of the grammar up to that cost, counted by derivation."""
        return sum(count_programs(self.grammar, self.cost))

    @cached_property
    def next_level(self) -> int:
        """Number of programs of the next level."""
        return count_programs(self.grammar, self.cost + 1)[-1]


def count_programs(grammar: Grammar, cost: int) -> list[int]:
    """Number of programs of the start symbol at each cost from 1 up to ``cost``, counted by derivation."""
    order = grammar.levels()
    counts: dict[Nonterminal, list[int]] = {n: [0] * (cost + 1) for n in order}
    for level in range(cost + 1):
        for target in order:  # parts of equal cost come first
            total = 0
            for p in grammar.by_target[target]:
                rest = level - p.cost
                if rest >= 0:
                    total += _ways([counts[a] for a in p.arguments], rest)
            counts[target][level] = total
    return counts[grammar.start][1:]


def _ways(arguments: Sequence[Sequence[int]], rest: int) -> int:
    """Number of ways to choose arguments whose costs sum to ``rest``, given how many there are of each at each cost."""
    if not arguments:
        return int(rest == 0)
    first, *others = arguments
    if not others:
        return first[rest] if rest < len(first) else 0
    return sum(first[c] * _ways(others, rest - c) for c in range(rest + 1) if first[c])
