"""Kinds by words as pieces: several words of the inputs mean one text. ``GmbH``, ``Ltd`` and ``Inc`` are a company, everything else a person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.choices import INITIAL, is_initial
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["Kinds"]

BASE = 14
"""Bits of a choice by words, in addition to its kinds."""
KIND = 4
"""Bits of a kind, in addition to its text and its words."""
LETTER, DIGIT, OTHER = 3, 7, 1
"""Bits of a character of a kind's text, as in a table."""
WORD, ALONE = 5, 20
"""Bits of a word that several rows of the table have, and additional bits of a word that one row alone has: it is hardly a kind's."""
SHORT = 6
"""Additional bits of a word of one character, or of up to three small letters: ``is`` and ``of`` tell no kinds."""
LONE = 8
"""Additional bits of a kind that one example has, unless its word is a part of its text: any word of the row would do."""
NAMED = 2
"""Bits that a word saves if it is a part of the kind's text."""
COPIED = 30
"""Bits of a text that stands in the input of one of its rows, and is none of its words: it is copied rather than chosen."""
ECHO, RARE = 24, 4
"""Bits of a kind of one example that is a word of it which less than one of so many rows have: it is copied rather than chosen."""
SMALL = 2
"""Bits of comparing words in small letters."""
ANCHORED = 2
"""Bits of looking at the start or the end of the text alone."""
MOST = 6
"""Maximum number of kinds."""
WORDS = 5
"""Maximum number of words of a kind."""
LONGEST = 30
"""Characters of a kind's text."""
LONG = 40
"""Maximum number of words of an input."""
ROWS = 3
"""Number of examples from which kinds are looked for."""

_TOKEN = re.compile(r"[^\W_]+(?:[.'&-][^\W_]+)*|[^\W_]+")
_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?![\d.])")
_DOTTED = re.compile(r"\d+\.\d+\.\d|\d+[^\W\d_]")
_ENDS = (r"[^\W\d_]+", r"[^\W\d_]+(?: [^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to find words in an input."""

    cost: int
    small: bool
    before: str
    after: str
    inputs: tuple[str, ...]
    """The input of each example row."""
    words: tuple[frozenset[str], ...]
    """The words of each example row."""
    shared: tuple[bool, ...]
    """Whether each example row has a word that several rows of the table have, but not all."""
    counts: Counter[str]
    """The number of rows of the table with each word."""
    rows: int
    """The number of rows of the table."""

    def pattern(self, words: Sequence[str]) -> str:
        """The regular expression for any of some words."""
        chosen = "|".join(map(re.escape, words))
        return f"{self.before}(?:{chosen}){self.after}" if len(words) > 1 else f"{self.before}{chosen}{self.after}"


@dataclass(frozen=True)
class Kinds:
    """Choices by words between a few texts."""

    name: str = "kinds"

    def bind(self, column: Column) -> BoundKinds:
        """Note the column; words are read on first use."""
        return BoundKinds(column)


class BoundKinds:
    """The words of one column that may tell kinds."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.usable = not column.leaf and len(column.rows) >= ROWS and all(column.outputs)
        self.readings: list[tuple[Program, _Reading]] | None = None

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """Choices whose texts start the rests: up to their end, or to the end of a word."""
        if not self.usable or not all(rests):
            return
        for texts in dict.fromkeys(_texts(rests)):
            distinct = len(set(texts))
            if not 2 <= distinct <= MOST or max(map(len, texts)) > LONGEST:
                continue
            initials = INITIAL * all(map(is_initial, texts, self.column.rows))
            if self.readings is None:
                self.readings = list(_readings(self.column))
            for source, reading in self.readings:
                known = {t for t, shared in zip(texts, reading.shared, strict=True) if shared}
                found = _kinds(reading, texts) if len(known) >= distinct - 1 else None
                if found is not None:
                    cost, kinds, default = found
                    yield Piece(
                        texts,
                        BASE + reading.cost + cost + initials,
                        partial(_program, source, reading, kinds, default),
                        name="kinds",
                    )


def _texts(rests: Sequence[str]) -> Iterator[tuple[str, ...]]:
    yield tuple(rests)
    for pattern in _ENDS:
        found = [re.match(pattern, r) for r in rests]
        if all(found):
            yield tuple(m.group() for m in found if m)


def _readings(column: Column) -> Iterator[tuple[Program, _Reading]]:
    """The words of each input: as they are or in small letters, anywhere or at one end."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None:
            continue
        every = list(dict.fromkeys(row[i] for row in column.every if isinstance(row[i], str)))
        for small in (False, True):
            shown, table = ([t.lower() for t in some] if small else some for some in (texts, every))
            if small and (shown == texts or Counter(map(str.lower, every)) == Counter(every)):
                continue
            for cost, before, after, words in (
                (0, r"\b", r"\b", _anywhere),
                (ANCHORED, "^", r"\b", _at_start),
                (ANCHORED, "^", "", _beginnings),
                (ANCHORED, r"\b", "$", _at_end),
            ):
                counts = Counter(w for t in table for w in words(t))
                found = tuple(map(words, shown))
                if max(map(len, found)) > LONG:
                    continue
                shared = tuple(any(1 < counts[w] < len(table) for w in ws) for ws in found)
                if any(shared):
                    yield (
                        source,
                        _Reading(
                            cost + SMALL * small, small, before, after, tuple(shown), found, shared, counts, len(table)
                        ),
                    )


def _anywhere(text: str) -> frozenset[str]:
    """Words, also the parts of compounds; numbers are compared by their size, and name no kind."""
    return frozenset(w for w in (*_TOKEN.findall(text), *re.findall(r"[^\W_]+", text)) if not w.isdigit())


def _at_start(text: str) -> frozenset[str]:
    found = re.match(r"[^\W_]*[^\W\d_][^\W_]*", text)
    return frozenset([found.group()] if found else ())


def _beginnings(text: str) -> frozenset[str]:
    """The first run of two characters or more with the sign behind it, and the first two; none of dates, times and other
    numbers, which are compared by their size.
    """
    if text[:1].isdigit() and (_DATE.match(text) or not _DOTTED.match(text)):
        return frozenset()
    found = re.match(r"([^\W_]{2,}[^\w\s])(?:[^\W_]+[^\w\s])?", text)
    return frozenset([found[0], found[1]] if found else ())


def _at_end(text: str) -> frozenset[str]:
    found = re.search(r"[^\W_]*[^\W\d_][^\W_]*$", text)
    return frozenset([found.group()] if found else ())


def _kinds(reading: _Reading, texts: Sequence[str]) -> tuple[int, tuple[tuple[str, tuple[str, ...]], ...], str] | None:
    """Bits, the kinds in their order with their words, and the text of all other rows; the cheapest choice of the latter."""
    best = None
    for default in dict.fromkeys(texts):
        found = _ordered(reading, texts, default)
        if found is not None:
            cost = found[0] + _bits(default) + COPIED * _copied(reading, texts, default)
            if best is None or cost < best[0]:
                best = cost, found[1], default
    return best


def _copied(reading: _Reading, texts: Sequence[str], kind: str) -> bool:
    """Whether the text of a kind stands in an input that has it as its output."""
    return any(t == kind and kind.lower() in i.lower() for t, i in zip(texts, reading.inputs, strict=True))


def _ordered(
    reading: _Reading, texts: Sequence[str], default: str
) -> tuple[int, tuple[tuple[str, tuple[str, ...]], ...]] | None:
    """The kinds other than the default, each told by words that no row of a later kind has; None if there are no such words."""
    left = set(range(len(texts)))
    kinds: list[tuple[str, tuple[str, ...]]] = []
    total, waiting = 0, [t for t in dict.fromkeys(texts) if t != default]
    while waiting:
        told = [(found, t) for t in waiting if (found := _words(reading, texts, t, left)) is not None]
        if not told:
            return None
        (bits, words), kind = min(told, key=lambda x: x[0][0])
        if all(reading.counts[w] < 2 for w in words):
            return None  # its rows have nothing in common with others of the table: they are remembered
        named = any(w.casefold() in kind.casefold() for w in words)
        total += KIND + bits + _bits(kind) + LONE * (not named and texts.count(kind) == 1)
        total += COPIED * (not named and _copied(reading, texts, kind))
        rare = RARE * max(reading.counts[w] for w in words) < reading.rows
        total += ECHO * (named and rare and texts.count(kind) == 1)
        kinds.append((kind, words))
        waiting.remove(kind)
        left -= {k for k in left if texts[k] == kind}
    return total, tuple(kinds)


def _words(reading: _Reading, texts: Sequence[str], kind: str, left: set[int]) -> tuple[int, tuple[str, ...]] | None:
    """Bits and words of a kind: each of its rows has one of them, and no other remaining row has any."""
    others = frozenset().union(*(reading.words[k] for k in left if texts[k] != kind))
    rows = [k for k in sorted(left) if texts[k] == kind]
    if any(reading.words[k] <= others for k in rows):
        return None
    chosen: list[str] = []
    bits = 0
    while rows:
        seen = Counter(w for k in rows for w in reading.words[k] - others)
        if not seen or len(chosen) == WORDS:
            return None
        word = min(seen, key=lambda w: (_word_bits(w, kind, reading) / seen[w], -reading.counts[w], -len(w), w))
        chosen.append(word)
        bits += _word_bits(word, kind, reading)
        rows = [k for k in rows if word not in reading.words[k]]
    return bits, tuple(chosen)


def _word_bits(word: str, kind: str, reading: _Reading) -> int:
    bits = WORD + ALONE * (reading.counts[word] < 2) + SHORT * (len(word) < 2 or (len(word) < 4 and word.islower()))
    return bits - NAMED * (word.casefold() in kind.casefold())


def _bits(kind: str) -> int:
    return sum(DIGIT if c.isdigit() else LETTER if c.isalpha() else OTHER for c in kind)


def _program(source: Program, reading: _Reading, kinds: Sequence[tuple[str, tuple[str, ...]]], default: str) -> Program:
    read = call("str.lower", source) if reading.small else source
    program: Program = text(default)
    for kind, words in reversed(kinds):
        program = call("ite", call("text.contains_pattern", read, reading.pattern(words)), text(kind), program)
    return program
