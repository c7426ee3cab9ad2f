"""Compiled parts of enumeration by cost: how many programs there are of each cost, and how a cost is shared among arguments.

Letters as in :mod:`~neurosynth.search.best_first.rules`: ``S`` symbols, ``R`` rules, ``A`` arguments; ``C`` costs there is room for.

    counts (S, C)      programs of a symbol at a cost
    starts (S, C + 1)  programs of a symbol below a cost: the number of the first one at it
    levels (S, C)      costs at which a symbol has programs, ascending; used (S,) how many of them

A symbol's programs are numbered by cost; at one cost by production, then by how the cost is shared among the arguments, then
by the numbers of the arguments.  So a production and the numbers of its arguments are a program, and nothing else is stored.
"""

# mypy: allow-untyped-defs, allow-untyped-decorators, allow-untyped-calls

from __future__ import annotations

from neurosynth.engine.kernels.code_cache import njit

__all__ = ["advance", "close", "next_split", "totals"]


@njit(cache=True, nogil=True)
def _ways(rule, rest, arity, parts, least, counts, levels, used):
    """Number of programs of a rule whose parts together cost ``rest``; ``least`` (S,) is the cost of a symbol's
    cheapest program."""
    if rest < 0:
        return 0
    if arity[rule] == 0:
        return 1 if rest == 0 else 0
    left = parts[rule, 0]
    if arity[rule] == 1:
        return counts[left, rest]
    right = parts[rule, 1]
    if used[left] > used[right]:  # iterate over the one with fewer costs
        left, right = right, left
    most = rest - least[right]
    total = 0
    for k in range(used[left]):
        cost = levels[left, k]
        if cost > most:
            break
        total += counts[left, cost] * counts[right, rest - cost]
    return total


@njit(cache=True, nogil=True)
def totals(symbol, cost, first, weight, arity, parts, least, counts, starts, levels, used, out):
    """``out``: for each rule of a symbol the programs at ``cost`` that it and those before it have."""
    total = 0
    for rule in range(first[symbol], first[symbol + 1]):
        total += _ways(rule, cost - weight[rule], arity, parts, least, counts, levels, used)
        out[rule - first[symbol]] = total


@njit(cache=True, nogil=True)
def close(symbol, cost, count, counts, starts, levels, used):
    """Record that a symbol has ``count`` programs at ``cost``; the counts of all lower costs are known."""
    counts[symbol, cost] = count
    starts[symbol, cost + 1] = starts[symbol, cost] + count
    if count:
        levels[symbol, used[symbol]] = cost
        used[symbol] += 1


@njit(cache=True, nogil=True)
def advance(
    moment, place, end, passive, order, delay, first, weight, arity, parts, least, counts, starts, levels, used
):
    """Go through moments from ``moment``, symbols from ``order[place]``, to the first one with candidates that is not passive.

    On the way passive symbols (S,) have as many programs as candidates.  Returns moment, place and the number of candidates;
    none when ``end`` is reached.
    """
    while moment < end:
        while place < order.size:
            symbol = order[place]
            cost = moment - delay[symbol]
            if cost >= 0:
                count = 0
                for rule in range(first[symbol], first[symbol + 1]):
                    count += _ways(rule, cost - weight[rule], arity, parts, least, counts, levels, used)
                if count and not passive[symbol]:
                    return moment, place, count
                close(symbol, cost, count, counts, starts, levels, used)
            place += 1
        moment += 1
        place = 0
    return moment, place, 0


@njit(cache=True, nogil=True)
def _place(rule, j, size, k, rest, chain, counts, levels, used):
    """The first of argument ``j``'s levels, from the ``k``-th on, that leaves the others a way to cost the rest; -1 if
    there is none."""
    symbol = chain[rule, j]
    if j == size - 1:  # no argument is left
        return 0 if k == 0 and rest >= 0 and counts[symbol, rest] else -1
    others = chain[rule, chain.shape[1] // 2 + j + 1]
    while k < used[symbol]:
        cost = levels[symbol, k]
        if cost > rest:
            return -1
        if counts[others, rest - cost]:
            return k
        k += 1
    return -1


@njit(cache=True, nogil=True)
def next_split(rule, size, begin, split, chain, counts, levels, used):
    """The next way to share ``split[0, 0]`` among the arguments, or the first one; False when there is none.

    ``split`` (3, A) has for each argument what it and those after it cost together, its place among its symbol's levels, and
    its cost.
    """
    j = 0 if begin else size - 2
    if j < 0:
        return False
    k = 0 if begin else split[1, j] + 1
    while True:
        place = _place(rule, j, size, k, split[0, j], chain, counts, levels, used)
        if place < 0:
            j -= 1
            if j < 0:
                return False
            k = split[1, j] + 1
            continue
        split[1, j] = place
        if j == size - 1:
            split[2, j] = split[0, j]
            return True
        split[2, j] = levels[chain[rule, j], place]
        split[0, j + 1] = split[0, j] - split[2, j]
        j += 1
        k = 0
