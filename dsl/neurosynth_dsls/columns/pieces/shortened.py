"""Whole inputs that are shortened to a number of characters, and whole inputs in which one word or part of a word becomes another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import takewhile

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["shortened", "shortened_by_words", "with_another_word"]

SHORTENED = 14
"""Bits of a text that is cut where it is too long, in addition to its sign."""
FEWEST = 3
"""Minimum number of characters that are left."""
SIGN = re.compile(r" ?(?:\.{2,3}|…|~|\[\.\.\.\]|\[…\])")
"""What stands for the rest of a text; without it, the output is a part of the text like any other."""
OTHER_LENGTH = 4
"""Bits of a length from which on texts are cut that is neither the one to which they are cut nor the one that they have then."""

REPLACED = 12
"""Bits of a word that becomes another, in addition to its characters."""
SEEN, WRITTEN = 1, 5
"""Bits of a character that is replaced, which is visible in the table, and of one that replaces it."""
LONGEST = 24
"""Maximum number of characters of either."""


def shortened(column: Column) -> Iterator[Piece]:
    """Inputs of which some are cut to a number of characters, with a sign such as three dots behind it."""
    for source, texts, cut in _sometimes_changed(column):
        ends = set.intersection(*({*_cuts(t, o)} for t, o in cut))
        if not ends:
            continue
        kept, sign = max(ends)
        longest = max(len(t) for t, o in zip(texts, column.outputs, strict=True) if t == o)
        least = min(len(t) for t, _ in cut)
        if longest < least:
            limit, bits = _limit(kept, kept + len(sign), longest, least)
            yield Piece(
                tuple(column.outputs),
                SHORTENED + len(sign) + bits,
                partial(_shortened, source, kept, sign, limit),
                name="shortened",
            )


def _sometimes_changed(column: Column) -> Iterator[tuple[Program, Sequence[str], list[tuple[str, str]]]]:
    """Inputs that are the output in some examples, but not in all: the input, its texts, and those that differ with their outputs."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or not all(texts):
            continue
        changed = [(t, o) for t, o in zip(texts, column.outputs, strict=True) if t != o]
        if changed and len(changed) < len(texts):
            yield source, texts, changed


def shortened_by_words(column: Column) -> Iterator[Piece]:
    """Inputs of which some are cut behind the last whole word within a number of characters, with a sign behind it."""
    for source, texts, cut in _sometimes_changed(column):
        ends = set.intersection(*({s for _, s in _cuts(t, o)} for t, o in cut)) if len(cut) > 1 else ()
        for sign in sorted(ends, key=len, reverse=True)[:1]:
            kept = [len(o) - len(sign) for _, o in cut]
            further = [re.search(r"\s\S+", t[n:]) for (t, _), n in zip(cut, kept, strict=True)]
            if not all(m is not None and m.start() == 0 for m in further) or len({*kept}) < 2:
                continue  # words are cut, or no number of characters tells where
            most = min(n + m.end() for n, m in zip(kept, further, strict=True) if m is not None)
            longest = max(len(t) for t, o in zip(texts, column.outputs, strict=True) if t == o)
            least = min(len(t) for t, _ in cut)
            options = range(max(*kept, longest), min(most, least))
            if longest < least and max(kept) < most:
                n = min(options, key=lambda n: (n % 10 != 0, n % 5 != 0, n), default=max(kept))
                limit = n if options else longest
                build = partial(call, "text.shorten", limit, n, sign, source)
                yield Piece(tuple(column.outputs), SHORTENED + len(sign), build, name="shortened by words")


def _cuts(text: str, output: str) -> Iterator[tuple[int, str]]:
    """Numbers of characters that may be left of a text, and the sign behind them; none if it is not cut."""
    kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, output, strict=False)))
    for at in range(FEWEST, kept + 1):
        if at < len(text) and SIGN.fullmatch(output[at:]):
            yield at, output[at:]


def _limit(kept: int, whole: int, longest: int, least: int) -> tuple[int, int]:
    """The number of characters that texts may have before they are cut, and its bits.

    Args:
        kept: the number of characters that are left.
        whole: the same with the sign.
        longest: characters of the longest text that is not cut.
        least: characters of the shortest one that is cut.
    """
    options = [n for n in dict.fromkeys((kept, whole)) if longest <= n < least]
    if not options:
        return longest, OTHER_LENGTH
    return min(options, key=lambda n: (n % 5 != 0, n != kept)), 0


def _shortened(source: Program, kept: int, sign: str, limit: int) -> Program:
    cut = call("str.take", source, kept)
    return call("ite", call(">=", limit, call("str.len", source)), source, call("str.++", cut, sign))


def with_another_word(column: Column) -> Iterator[Piece]:
    """Inputs in which a word, or a part of one, becomes another wherever it stands: ``colour`` becomes ``color``."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or not all(texts) or len(texts) < 2:
            continue
        changed = [(t, o) for t, o in zip(texts, column.outputs, strict=True) if t != o]
        if not changed:
            continue
        others = [row[i] for row in column.every if isinstance(row[i], str) and row[i] not in texts]
        text, output = min(changed, key=lambda pair: len(pair[0]))
        start, end, new = _difference(text, output)
        if new and not any(map(str.isalnum, new)):
            continue  # signs instead of words are cuts
        for left, right in _contexts(text, start, end):
            old, by = text[start - left : end + right], text[start - left : start] + new + text[end : end + right]
            if not old or not any(map(str.isalpha, old + by)) or max(len(old), len(by)) > LONGEST:
                continue
            if old == text or (len(changed) == 1 and not any(old in t for t in others)):
                continue  # that is a text, not a word that others have as well
            for alone in (True, False):
                found = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)" if alone else re.escape(old))
                if [found.sub(lambda _, b=by: b, t) for t in texts] != list(column.outputs):  # type: ignore[misc]  # a bound default has no type
                    continue
                bits = REPLACED + SEEN * len(old) + WRITTEN * len(new)
                yield Piece(
                    tuple(column.outputs), bits, partial(_replaced, source, old, by, alone=alone), name="another word"
                )
                break
            else:
                continue
            break


def _difference(text: str, output: str) -> tuple[int, int, str]:
    """Where the part of a text that differs from the output begins and ends, and what stands there instead."""
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, output, strict=False)))
    most = min(len(text), len(output)) - start
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text[::-1][:most], output[::-1][:most], strict=True))
    )
    return start, len(text) - same, output[start : len(output) - same]


def _contexts(text: str, start: int, end: int) -> Sequence[tuple[int, int]]:
    """Numbers of characters before and behind the differing part that may belong to the word: the whole word first."""
    left = sum(1 for _ in takewhile(str.isalnum, reversed(text[:start])))
    right = sum(1 for _ in takewhile(str.isalnum, text[end:]))
    found = [(left, n) for n in range(right, -1, -1)] + [(n, right) for n in range(left, -1, -1)]
    return [*dict.fromkeys([*found, (1, 1), (1, 0), (0, 1), (0, 0)])]


def _replaced(source: Program, old: str, by: str, *, alone: bool) -> Program:
    if alone:
        return call("text.replace_pattern", source, rf"(?<!\w){re.escape(old)}(?!\w)", by)
    return call("str.replace_all", source, old, by)
