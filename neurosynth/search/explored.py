"""How far a search has come: the programs of a grammar up to a cost, which were all tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from neurosynth.language.grammar import Grammar, Nonterminal

__all__ = ["Explored", "count_programs"]


@dataclass(frozen=True)
class Explored:
    """The programs that were tried one by one: those of a grammar up to a cost.

    Programs that give the same on all examples searched on stand for each other, bodies of lambdas where they give the same on
    sample points; programs whose values are larger than the search keeps are left out.
    """

    grammar: Grammar
    """With the costs that the search went by."""
    cost: int
    """The last level that was finished."""

    @cached_property
    def programs(self) -> int:
        """How many programs the grammar has up to that cost, each way to derive one counted."""
        return sum(count_programs(self.grammar, self.cost))

    @cached_property
    def next_level(self) -> int:
        """How many programs the next level has."""
        return count_programs(self.grammar, self.cost + 1)[-1]


def count_programs(grammar: Grammar, cost: int) -> list[int]:
    """How many programs of the start symbol a grammar has at each cost from 1 up to ``cost``, by counting derivations."""
    order = grammar.levels()
    counts: dict[Nonterminal, list[int]] = {n: [0] * (cost + 1) for n in order}
    for level in range(cost + 1):
        for target in order:  # what one of equal cost needs comes before it
            total = 0
            for p in grammar.by_target[target]:
                rest = level - p.cost
                if rest >= 0:
                    total += _ways([counts[a] for a in p.arguments], rest)
            counts[target][level] = total
    return counts[grammar.start][1:]


def _ways(arguments: Sequence[Sequence[int]], rest: int) -> int:
    """Ways to choose arguments whose costs are ``rest`` together, by how many there are of each at each cost."""
    if not arguments:
        return int(rest == 0)
    first, *others = arguments
    if not others:
        return first[rest] if rest < len(first) else 0
    return sum(first[c] * _ways(others, rest - c) for c in range(rest + 1) if first[c])
