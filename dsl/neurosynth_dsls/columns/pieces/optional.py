"""Parts that only some rows have: a title that may be missing, text before a separator or all of it, prefixes that are removed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import repeat
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.contexts import STRANGE, strange
from neurosynth_dsls.columns.pieces.filled import SEPARATORS as SEPARATORS_OF_INPUTS
from neurosynth_dsls.columns.pieces.filled import joined_inputs, runs_of_inputs
from neurosynth_dsls.columns.pieces.moved_words import moved_words
from neurosynth_dsls.columns.pieces.positions import PARTIAL, part_of_separators
from neurosynth_dsls.columns.pieces.removals import removals
from neurosynth_dsls.columns.pieces.respelled import respelled
from neurosynth_dsls.columns.pieces.shared_words import shared_words
from neurosynth_dsls.columns.pieces.shortened import shortened, shortened_by_words, with_another_word
from neurosynth_dsls.columns.pieces.spelled_markers import main_parts, told_behind
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.text_index import TextIndex
from neurosynth_dsls.columns.pieces.word_tables import with_other_words

__all__ = ["Optionals"]

BASE = 15
"""Bits of a part that is left out if it is not there."""
ALWAYS = 8
"""Additional bits of a match inside a text that no example lacks."""
TORN = 12
"""Additional bits of a part that makes one word with its constant, on the only row that has it."""
WHOLE = 12
"""Bits of a part that is the whole text if its separator is not there."""
OUTSIDE = 14
"""Bits of losing words that no example loses, if the lost words are always of a few kinds."""
BESIDE = 3
"""Bits of a constant next to an optional part, in addition to its characters."""
LETTER, DIGIT, OTHER = 6, 9, 1
"""Bits of its characters."""
JOINED = 4
"""Bits of joining several inputs without the empty ones."""
LONGEST = 16
"""Characters of such a constant."""
SEPARATORS = 8
"""Separators that only some rows have, the most frequent."""

LETTERS: tuple[tuple[int, str], ...] = (
    (0, ""),
    (5, "str.lower"),
    (5, "str.upper"),
    (5, "str.title"),
    (6, "str.capitalize"),
)
"""The letter case of an optional part, with bits."""

PATTERNS: tuple[tuple[int, str, int], ...] = (
    (4, r"\d+", 0),
    (5, r"\d+", -1),
    (4, r"(?<=\()[^()]+(?=\))", 0),
    (4, r"(?<=\[)[^\[\]]+(?=\])", 0),
    (5, r"(?<= ).+(?= )", 0),
    (6, r"(?<= )[^\W\d_](?=.* )", 0),
    (6, r"[A-Z]+", 0),
    (6, r"[^\W\d_]+$", 0),
    (6, r"^[^\W\d_]+", 0),
    (6, r"(?<=\d)[^\W\d_]+", 0),
    (6, r"(?<=[\W_])[^\W_]+$", 0),
    (4, r"[^\W\d_]{2,}\.(?:[ -]?[^\W\d_]{2,}\.)*(?= )", 0),
    (5, r"\S+", 1),
    (5, r"\S+", 2),
    (6, r"\S+", 3),
)
"""Bits, pattern and number of matches that only some rows have."""


@dataclass(frozen=True)
class Optionals:
    """Parts of inputs, or inputs, that only some rows have."""

    name: str = "optional"

    def bind(self, column: Column) -> BoundOptionals:
        """Find the parts that only some rows have."""
        return BoundOptionals(column)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A part with its texts on the example rows, "" if it is not there."""

    texts: tuple[str, ...]
    cost: int
    build: Callable[[], Program]
    inside: bool = False
    """Whether it is a match of a pattern inside a text."""


class BoundOptionals:
    """The optional parts of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        self.parts: list[_Part] = []
        if not column.outputs:
            return
        seen: set[tuple[str, ...]] = set()
        behind = (_Part(*told) for told in told_behind(column))
        for part in (*_inputs(column), *_joined(column), *behind, *_in_other_letters(_parts(column), column.outputs)):
            some = any(t and t in o for t, o in zip(part.texts, column.outputs, strict=True))
            if some and part.texts not in seen and all(t in o for t, o in zip(part.texts, column.outputs, strict=True)):
                seen.add(part.texts)
                self.parts.append(part)
        for piece in (
            *_wholes(column),
            *removals(column),
            *shortened(column),
            *shortened_by_words(column),
            *with_another_word(column),
            *respelled(column),
            *with_other_words(column),
            *moved_words(column),
            *main_parts(column),
            *shared_words(column),
        ):
            self.index.add(piece)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The parts that the rests start with, with constants around them."""
        if all(rests):
            yield from self.index.starting(rests)
        for part in self.parts:
            yield from _around(part, rests)


def _around(part: _Part, rests: Sequence[str]) -> Iterator[Piece]:
    present = [(t, r) for t, r in zip(part.texts, rests, strict=True) if t]
    first, rest = present[0]
    at = rest.find(first)
    while 0 <= at <= LONGEST:
        before = rest[:at]
        if all(r.startswith(before + t) for t, r in present):
            behind = _common([r[at + len(t) :] for t, r in present])
            for after in _afters(behind):
                texts = tuple(before + t + after if t else "" for t in part.texts)
                cost = BASE + part.cost + _bits(before) + _bits(after) + ALWAYS * (part.inside and all(part.texts))
                cost += TORN * (len(present) == 1 and _inside_word(before, first, after))
                yield Piece(texts, cost, partial(_optional, part, before, after), name="optional")
        at = rest.find(first, at + 1)


def _inside_word(before: str, part: str, after: str) -> bool:
    """Whether a part and a constant beside it make one word: letters that occur in it by chance, as a rule."""
    return bool(before and (before[-1] + part[0]).isalpha()) or bool(after and (part[-1] + after[0]).isalpha())


def _optional(part: _Part, before: str, after: str) -> Program:
    return call("text.optional", before, part.build(), after)


def _afters(behind: str) -> Iterator[str]:
    """Constants that may follow a part: signs and blanks, and a word with those around it."""
    yield ""
    for n in range(1, min(len(behind), 4) + 1):
        if behind[n - 1].isalnum():
            break
        yield behind[:n]
    found = re.match(r"[^\w]*[^\W\d_]+[^\w]*", behind)
    if found and len(found.group()) <= LONGEST:
        yield found.group()


def _bits(text: str) -> int:
    bits = sum(DIGIT if c.isdigit() else LETTER if c.isalnum() else OTHER for c in text)
    return BESIDE + bits if text else 0


def _common(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    n = 0
    while n < len(first) and first[n] == last[n]:
        n += 1
    return first[:n]


def _inputs(column: Column) -> Iterator[_Part]:
    """Inputs that are empty or missing on some rows."""
    for i, source in enumerate(column.inputs):
        values = [row[i] for row in column.every]
        if source.type != STRING or all(values) or not all(v is None or isinstance(v, str) for v in values):
            continue
        shown = [row[i] or "" for row in column.rows]
        if any(shown):
            for bits, name in LETTERS:
                yield _Part(tuple(_changed(name, t) for t in shown), bits, partial(_in_letters, name, source))
            yield _Part(tuple(t[:1] for t in shown), 4, lambda s=source: call("str.take", s, 1))  # type: ignore[misc]  # a bound default has no type


def _joined(column: Column) -> Iterator[_Part]:
    """Consecutive inputs that are all empty on some rows, joined without the empty ones."""
    for start, end in runs_of_inputs(column):
        if not any(not any(row[start:end]) for row in column.every):
            continue
        shown = [[v for v in row[start:end] if v] for row in column.rows]
        if any(len(filled) > 1 for filled in shown):
            for bits, separator in SEPARATORS_OF_INPUTS:
                build = partial(joined_inputs, separator, column.inputs[start:end])
                yield _Part(tuple(map(separator.join, shown)), JOINED + bits, build)


def _in_other_letters(parts: Iterator[_Part], outputs: Sequence[str]) -> Iterator[_Part]:
    """The parts, each in the first letter case in which the outputs have it."""
    for part in parts:
        for bits, name in LETTERS:
            texts = tuple(_changed(name, t) for t in part.texts)
            if all(t in o for t, o in zip(texts, outputs, strict=True)):
                build = part.build
                yield (
                    part
                    if not name
                    else _Part(
                        texts,
                        part.cost + bits,
                        lambda n=name, b=build: call(n, b()),  # type: ignore[misc]  # a bound default has no type
                        part.inside,
                    )
                )
                break


def _in_letters(name: str, source: Program) -> Program:
    return call(name, source) if name else source


def _changed(name: str, text: str) -> str:
    if not name or not text:
        return text
    return str(_compiled(name)((text,)))


@cache
def _compiled(name: str) -> Callable[[tuple[Any, ...]], Any]:
    return Evaluator().function(call(name, Input(0, STRING)))


def _sources(column: Column) -> Iterator[tuple[Program, list[str], list[str]]]:
    """Inputs that are texts, on the example rows and on all."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is not None:
            yield source, texts, [row[i] for row in column.every if isinstance(row[i], str) and row[i]]


def _parts(column: Column) -> Iterator[_Part]:
    """Parts of texts that only some rows have, after a separator or by a pattern."""
    for source, texts, every in _sources(column):
        for separator in _separators(texts, every):
            bits = 3 + 2 * sum(map(str.isalnum, separator))
            yield _Part(
                tuple(t.rpartition(separator)[2] if separator in t else "" for t in texts),
                bits,
                partial(call, "text.after_last", source, separator),
            )
            if any(t.count(separator) > 1 for t in every):
                yield _Part(
                    tuple(t.partition(separator)[2] for t in texts), bits, partial(call, "str.after", source, separator)
                )
                if separator.strip():
                    yield from _items(source, texts, separator, bits + 1)
        for cost, pattern, n in PATTERNS:
            found = re.compile(pattern)
            if n > 0 and max(map(str.count, texts, repeat(" "))) < n:
                continue
            matches = [found.findall(t) for t in texts]
            if all(len(found.findall(t)) > n for t in every) or not any(len(m) > n for m in matches):
                continue
            yield _Part(
                tuple(m[n] if len(m) > max(n, 0) else "" for m in matches),
                cost,
                partial(call, "re.extract", pattern, n, source),
                inside=True,
            )


def _items(source: Program, texts: Sequence[str], separator: str, bits: int) -> Iterator[_Part]:
    """The second and the third item of a list that some rows are too short for."""
    sign = re.escape(separator).replace("\\ ", " ")
    pattern = rf"(?<={sign}).+?(?={sign}|$)"
    for n in (1, 2):
        items = tuple(t.split(separator)[n] if t.count(separator) >= n else "" for t in texts)
        yield _Part(items, bits + n, partial(call, "re.extract", pattern, n - 1, source))


def _separators(texts: Sequence[str], every: Sequence[str]) -> list[str]:
    """Signs with adjacent blanks, and words between blanks, that only some rows have."""
    counts: dict[str, int] = {}
    for text in every:
        found = {
            *re.findall(r"[^\w\s]", text),
            *re.findall(r"[^\w\s] | [^\w\s](?! )", text),
            *re.findall(r" [^\w\s] | [^\W\d_]+\.? ", text),
            *re.findall(r" {2,}|\t|\n| ", text),
        }
        for separator in found:
            counts[separator] = counts.get(separator, 0) + 1
    some = [s for s, n in counts.items() if n < len(every) and any(s in t for t in texts)]
    return sorted(some, key=lambda s: (any(map(str.isalnum, s)), -counts[s], s))[:SEPARATORS]


WHOLES: tuple[tuple[int, str, Callable[[str, str], str]], ...] = (
    (0, "str.before", lambda t, s: t.partition(s)[0]),
    (1, "text.before_last", lambda t, s: t.rsplit(s, 1)[0]),
    (1, "text.split_at", lambda t, s: t.split(s)[-1]),
)
"""Bits, primitive, and its value: the whole text if there is no separator."""


def _wholes(column: Column) -> Iterator[Piece]:
    """Text before or after a separator, or the whole text if there is none."""
    for source, texts, every in _sources(column):
        if not all(texts):
            continue
        for separator in _separators(texts, every):
            seen: set[tuple[str, ...]] = {tuple(texts)}
            for bits, name, part in WHOLES:
                values = tuple(part(t, separator) for t in texts)
                if values in seen or not all(values):
                    continue
                if all(v in o for v, o in zip(values, column.outputs, strict=True)):
                    doubt = _outside(texts, values, [(t, part(t, separator)) for t in every])
                    doubt += STRANGE * strange(values, (part(t, separator) for t in every))
                    last = (-1,) if name == "text.split_at" else ()
                    letters = sum(map(str.isalnum, separator))
                    doubt += PARTIAL * (separator == " " and part_of_separators(texts, every))
                    yield Piece(
                        values,
                        WHOLE + bits + 2 * letters + doubt,
                        partial(call, name, source, separator, *last),
                        name="whole or part",
                    )


def _outside(texts: Sequence[str], values: Sequence[str], every: Sequence[tuple[str, str]]) -> int:
    """Bits if the examples lose only words of a closed set (``Re``, ``Fwd``), but some rows of the table lose others."""
    lost = [_lost(t, v) for t, v in every]
    counts = Counter(w for words in lost for w in words)
    closed = {w for w, n in counts.items() if n > 1}
    shown = set().union(*(_lost(t, v) for t, v in zip(texts, values, strict=True)))
    if not shown or not shown <= closed:
        return 0
    outside = sum(not words <= closed for words in lost)
    inside = sum(bool(words) and words <= closed for words in lost)
    return OUTSIDE if 0 < outside <= inside else 0


def _lost(text: str, part: str) -> set[str]:
    at = text.find(part)
    return set(re.findall(r"[^\W_]+", text[:at] + text[at + len(part) :]))
