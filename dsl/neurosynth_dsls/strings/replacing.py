"""Replacing a pattern, as in SMT-LIB."""

from __future__ import annotations

from neurosynth.engine.hashing import hash_of, joined
from neurosynth.engine.kernels import ANY, UNCHANGED, Data, Powers, Word, helper, np
from neurosynth.language.language import Language
from neurosynth_dsls.strings.machine import copy, find

__all__ = ["part"]

part = Language("strings.replacing")


@helper
def _same(a: Data, i: int, b: Data, j: int, n: int) -> bool:
    """Whether ``n`` characters from there on are equal."""
    same = 0
    while same < n and a[np.uint64(i + same)] == b[np.uint64(j + same)]:
        same += 1
    return same == n


def _once_replaced_size(s: str, pattern: str, by: str) -> int:
    return len(s) + len(by) - len(pattern) if pattern in s else len(s)


@part.primitive(
    name="str.replace",
    python="{0}.replace({1}, {2}, 1)",
    size=_once_replaced_size,
)
def replace_first(s: str, pattern: str, by: str) -> str:
    """First text with the first occurrence of the second replaced by the third; an empty second puts it in front."""
    return s.replace(pattern, by, 1)


@replace_first.kernel
def replace_first_kernel(out: Data, a: Data, i: int, n: int, b: Data, j: int, m: int, c: Data, k: int, l: int) -> int:
    at = find(a, i, n, b, j, m, 0)
    if at < 0:
        return UNCHANGED
    if n - m + l > out.size:
        return -1
    copy(out, 0, a, i, at)
    copy(out, at, c, k, l)
    return copy(out, at + l, a, i + at + m, n - at - m)


@replace_first.hash_notes
def note_first_kernel(
    notes: Powers, power: Powers, a: Data, i: int, n: int, f: Word, b: Data, j: int, m: int, g: Word
) -> None:
    """The position of the pattern, and the hashes of the text before and after it, which are the same for every replacement."""
    at = find(a, i, n, b, j, m, 0)
    notes[0] = np.uint64(at + 1)
    if at >= 0:
        rest = n - m - at
        head = hash_of(a, i, at)
        notes[1], notes[2], notes[3] = np.uint64(n - m), np.uint64(rest), head
        notes[4] = f - joined(power, joined(power, head, g, m), np.uint64(0), rest)


@replace_first.hash_kernel
def replaced_first_kernel(
    limit: int, power: Powers, notes: Powers, c: Data, k: int, l: int, h: Word
) -> tuple[int, Word]:
    if notes[0] == np.uint64(0):
        return UNCHANGED, h
    size = int(notes[1]) + l
    if size > limit:
        return -1, h
    return size, joined(power, joined(power, notes[3], h, l), notes[4], int(notes[2]))


@replace_first.inverse(1)
def inverse_replace_pattern(output: str, s: str, by: str) -> list[str]:
    """Pieces of the text at their first occurrence whose replacement gives the output."""
    size = len(s) + len(by) - len(output)
    pieces = dict.fromkeys(s[i : i + size] for i in range(len(s) - size + 1)) if size > 0 else {}
    return [p for p in pieces if s.replace(p, by, 1) == output]


@replace_first.inverse_kernel(1)
def inverse_replace_pattern_kernel(
    out: Data, goal: Data, i: int, n: int, b: Data, j: int, m: int, c: Data, k: int, l: int
) -> int:
    """The piece of ``b`` that was replaced by ``c``: the first one between the unchanged ends, if it does not occur earlier."""
    size = m - (n - l)
    if size <= 0:
        return -1
    tail = 0  # characters at the end that may be unchanged
    while tail < min(n, m) and goal[i + n - 1 - tail] == b[j + m - 1 - tail]:
        tail += 1
    at = 0
    while at <= n - l:
        fits = n - l - at <= tail and _same(goal, i + at, c, k, l)
        if fits and find(b, j, m, b, j + at, size, 0) == at:
            return copy(out, 0, b, j + at, size)
        if at == n or goal[i + at] != b[j + at]:
            return -1
        at += 1
    return -1


@replace_first.inverse(2)
def inverse_replace_by(output: str, s: str, pattern: str) -> list[str]:
    """The text in the output in place of the pattern; any text if the pattern does not occur."""
    if pattern not in s:
        return [""] if output == s else []
    before, after = s.split(pattern, 1) if pattern else ("", s)
    fits = len(output) >= len(before) + len(after) and output.startswith(before) and output.endswith(after)
    return [output[len(before) : len(output) - len(after)]] if fits else []


@replace_first.inverse_kernel(2)
def inverse_replace_by_kernel(
    out: Data, goal: Data, i: int, n: int, b: Data, j: int, m: int, c: Data, k: int, l: int
) -> int:
    """The text in the goal where ``c`` was first in ``b``; any text if it is not there."""
    at = find(b, j, m, c, k, l, 0)
    before = at if at >= 0 else m
    after = m - l - at if at >= 0 else 0
    size = n - before - after
    if size < 0 or (at < 0 and size > 0):
        return -1
    if not (_same(goal, i, b, j, before) and _same(goal, i + n - after, b, j + m - after, after)):
        return -1
    return copy(out, 0, goal, i + before, size) if at >= 0 else ANY


def _replaced_size(s: str, pattern: str, by: str) -> int:
    return len(s) + s.count(pattern) * (len(by) - len(pattern)) if pattern else len(s)


@part.primitive(
    name="str.replace_all",
    size=_replaced_size,
)
def replace_all(s: str, pattern: str, by: str) -> str:
    """First text with every occurrence of the second replaced by the third; an empty second changes nothing."""
    return s.replace(pattern, by) if pattern else s


@replace_all.kernel
def replace_all_kernel(out: Data, a: Data, i: int, n: int, b: Data, j: int, m: int, c: Data, k: int, l: int) -> int:
    read, written = 0, 0
    while m > 0:
        at = find(a, i, n, b, j, m, read)
        if at < 0:
            break
        written = copy(out, written, a, i + read, at - read)
        if written < 0:
            return -1
        written = copy(out, written, c, k, l)
        if written < 0:
            return -1
        read = at + m
    return copy(out, written, a, i + read, n - read)


@replace_all.hash_kernel
def replaced_all_kernel(
    limit: int,
    power: Powers,
    a: Data,
    i: int,
    n: int,
    f: Word,
    b: Data,
    j: int,
    m: int,
    g: Word,
    c: Data,
    k: int,
    l: int,
    h: Word,
) -> tuple[int, Word]:
    """Like :func:`replaced_first`, of every occurrence."""
    at = find(a, i, n, b, j, m, 0) if m > 0 else -1
    if at < 0:
        return UNCHANGED, f
    read, written = 0, 0
    head, result = np.uint64(0), np.uint64(0)  # hashes of what was read, and of what is written
    while at >= 0:
        gap = at - read
        between = hash_of(a, i + read, gap)
        head = joined(power, joined(power, head, between, gap), g, m)
        written += gap + l
        if written > limit:
            return -1, f
        result = joined(power, joined(power, result, between, gap), h, l)
        read = at + m
        at = find(a, i, n, b, j, m, read)
    rest = n - read
    if written + rest > limit:
        return -1, f
    return written + rest, joined(power, result, f - joined(power, head, np.uint64(0), rest), rest)


@replace_all.inverse(2)
def inverse_replace_all_by(output: str, s: str, pattern: str) -> list[str]:
    """The text in the output in place of every occurrence of the pattern; any text if there is none."""
    count = s.count(pattern) if pattern else 0
    if not count:
        return [""] if output == s else []
    start, size = s.index(pattern), (len(output) - len(s)) // count + len(pattern)
    by = output[start : start + max(size, 0)]
    return [by] if s.replace(pattern, by) == output else []


@replace_all.inverse_kernel(2)
def inverse_replace_all_by_kernel(
    out: Data, goal: Data, i: int, n: int, b: Data, j: int, m: int, c: Data, k: int, l: int
) -> int:
    """The text in the goal wherever ``c`` was in ``b``; any text if it is not there."""
    count, first, size = 0, 0, 0
    for known in (
        False,
        True,
    ):  # the number of occurrences determines its length; then the rest must be unchanged
        read, written = 0, 0
        while True:
            at = find(b, j, m, c, k, l, read) if l > 0 else -1
            end = at if at >= 0 else m
            if known:
                if written + end - read > n or not _same(goal, i + written, b, j + read, end - read):
                    return -1
                written += end - read
            if at < 0:
                break
            if known:
                if written + size > n or not _same(goal, i + written, goal, i + first, size):
                    return -1
                written += size
            else:
                first = at if count == 0 else first
                count += 1
            read = at + l
        if known:
            if written != n:
                return -1
        elif count > 0:
            size = (n - m + count * l) // count
            if size < 0 or first + size > n:
                return -1
    return copy(out, 0, goal, i + first, size) if count > 0 else ANY
