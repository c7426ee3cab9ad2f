"""Compiled parts of enumeration by cost: how many programs there are of each cost, and walking through them.

Letters as in ``enumeration_rules``: ``S`` symbols, ``R`` rules, ``A`` arguments; ``C`` costs there is room for.

    counts (S, C)      programs of a symbol at a cost
    starts (S, C + 1)  programs of a symbol below a cost: the number of the first one at it
    levels (S, C)      costs at which a symbol has programs, ascending; used (S,) how many of them

A symbol's programs are numbered by cost; at one cost by production, then by how the cost is shared among the arguments, then
by the numbers of the arguments.  So a production and the numbers of its arguments are a program, and nothing else is stored.
"""

# mypy: allow-untyped-defs, allow-untyped-decorators, allow-untyped-calls

from __future__ import annotations

from neurosynth.engine.kernels.code_cache import njit

__all__ = ["advance", "close", "next_split", "reach", "totals", "unrank", "walk", "write"]


@njit(cache=True, nogil=True)
def _ways(rule, rest, arity, parts, least, counts, levels, used):
    """Programs of a rule whose parts cost ``rest`` together; ``least`` (S,) is what a symbol's cheapest program costs."""
    if rest < 0:
        return 0
    if arity[rule] == 0:
        return 1 if rest == 0 else 0
    left = parts[rule, 0]
    if arity[rule] == 1:
        return counts[left, rest]
    right = parts[rule, 1]
    if used[left] > used[right]:  # the one with fewer costs leads
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
    """A symbol has ``count`` programs at ``cost``; all cheaper ones are known."""
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
    """The first of argument ``j``'s levels from the ``k``-th on that leaves the others a way to cost the rest; -1 for none."""
    symbol = chain[rule, j]
    if j == size - 1:  # nothing is left to choose
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


@njit(cache=True, nogil=True)
def _fill(rule, size, split, numbers, chain, starts, rules, arguments, done):
    """Write the combinations of one split, from ``numbers`` (A,) on; returns how many programs there are, and whether all."""
    last = size - 1
    symbol = chain[rule, last]
    low = starts[symbol, split[2, last]]
    high = starts[symbol, split[2, last] + 1]
    while done < rules.size:
        take = min(rules.size - done, high - numbers[last])
        for q in range(take):
            rules[done + q] = rule
            arguments[last, done + q] = numbers[last] + q
        for j in range(last):
            for q in range(take):
                arguments[j, done + q] = numbers[j]
        done += take
        numbers[last] += take
        if numbers[last] < high:
            break
        numbers[last] = low
        j = last - 1
        while j >= 0:
            numbers[j] += 1
            if numbers[j] < starts[chain[rule, j], split[2, j] + 1]:
                break
            numbers[j] = starts[chain[rule, j], split[2, j]]
            j -= 1
        if j < 0:
            return done, True
    return done, False


@njit(cache=True, nogil=True)
def walk(state, cost, end, split, numbers, weight, sizes, chain, counts, starts, levels, used, rules, arguments, done):
    """Write programs of ``cost`` of the productions from ``state[0]`` to ``end``; returns how many are written in all.

    ``state`` (2,) is the production, and how far it is: 0 not begun, 1 a split is done, 2 in the middle of one; ``split`` and
    ``numbers`` go with it, so that a walk can be taken up again.  ``rules`` (K,) and ``arguments`` (A, K) have room for K;
    ``done`` are written already.
    """
    while state[0] < end and done < rules.size:
        rule = state[0]
        size = sizes[rule]
        found = False
        if size == 0 and weight[rule] == cost:
            rules[done] = rule
            done += 1
        elif size and state[1] == 2:
            found = True
        elif size:
            if state[1] == 0:
                split[0, 0] = cost - weight[rule]
            found = next_split(rule, size, state[1] == 0, split, chain, counts, levels, used)
            for j in range(size if found else 0):
                numbers[j] = starts[chain[rule, j], split[2, j]]
        if found:
            done, whole = _fill(rule, size, split, numbers, chain, starts, rules, arguments, done)
            state[1] = 1 if whole else 2
        else:
            state[0] += 1
            state[1] = 0
    return done


@njit(cache=True, nogil=True)
def unrank(rule, size, rest, number, numbers, chain, counts, starts, levels):
    """``numbers`` (A,) of the arguments of the program that is the ``number``-th of a production whose arguments cost ``rest``."""
    before = 1
    shares = chain[rule, :size].copy()
    for j in range(size):
        symbol = chain[rule, j]
        share = rest
        if j < size - 1:
            others = chain[rule, chain.shape[1] // 2 + j + 1]
            k = 0
            while True:
                share = levels[symbol, k]
                block = before * counts[symbol, share] * counts[others, rest - share]
                if number < block:
                    break
                number -= block
                k += 1
        shares[j] = share
        before *= counts[symbol, share]
        rest -= share
    for j in range(size - 1, -1, -1):
        symbol = chain[rule, j]
        count = counts[symbol, shares[j]]
        numbers[j] = starts[symbol, shares[j]] + number % count
        number //= count


@njit(cache=True, nogil=True)
def reach(rules, arguments, n, sizes, chain, wanted):
    """``wanted`` (S,): one more than the highest number that ``n`` programs have as an argument, where that is more."""
    for k in range(n):
        rule = rules[k]
        for j in range(sizes[rule]):
            symbol = chain[rule, j]
            wanted[symbol] = max(wanted[symbol], arguments[j, k] + 1)


@njit(cache=True, nogil=True)
def write(rules, arguments, k, sizes, chain, stored, stored_arguments, offsets, stack, lengths, out):
    """Write programs from the ``k``-th on as productions in prefix order, as long as ``out`` and ``stack`` have room.

    ``stored`` and ``stored_arguments`` (A, M) hold the programs of symbols, those of a symbol from its offset (S,) on.
    ``lengths`` (K + 1,) are where programs end; the first is 0.  Returns how many programs there are then.
    """
    while k < rules.size:
        tail = lengths[k]
        height = 0
        rule = rules[k]
        source = k
        outermost = True
        while True:
            size = sizes[rule]
            if tail == out.size or height + size > stack.shape[0]:
                return k
            out[tail] = rule
            tail += 1
            for j in range(size - 1, -1, -1):
                stack[height, 0] = chain[rule, j]
                stack[height, 1] = arguments[j, source] if outermost else stored_arguments[j, source]
                height += 1
            if height == 0:
                break
            height -= 1
            source = offsets[stack[height, 0]] + stack[height, 1]
            rule = stored[source]
            outermost = False
        k += 1
        lengths[k] = tail
    return k
