"""Tables as pieces: a word of the input determines a part of the output, if the column has few such words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Constant, Program
from neurosynth.values.types import STRING, list_of
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["Lookups"]

BASE = 14
"""Bits of a table, in addition to its entries."""
ENTRY = 4
"""Bits of an entry, in addition to its text; its key is visible in the table."""
LETTER, DIGIT, OTHER = 3, 7, 1
"""Bits of a character of an entry; fewer than in a constant, because all rows of the table support its keys."""
STAYS = 6
"""Bits of a table that leaves other keys as they are, as it leaves some of the examples."""
COPIED = 10
"""Additional bits of an entry that has a word or a number of its row's inputs in addition to its key: it may be a copy."""
COPIED_EMPTY = 16
"""Additional bits of such an entry for an empty cell: another cell of the row stands in for it."""
AGAIN = 8
"""Additional bits of several such entries."""
COPIED_RUN = 4
"""Additional bits of each row, if all entries begin or all end with a run of letters or digits of their rows that is not their key."""
UNKNOWN = 120
"""Bits if all rows of the table have other keys; proportional if some have."""
FEW = 5
"""Bits less for cells that have no other values in the whole table, which is longer than the examples: few values are classes."""
CUT_DIGIT = 60
"""Bits for a key that is one digit of a longer number on every example: it says little of what the number is."""
NUMBERS = 8
"""Bits for the length of a number, which is compared by its value."""
CODE, SHORT = 4, 30
"""Characters from which on a text's length tells what kind of code it is, and bits for shorter ones."""
INSIDE = 8
"""Additional bits of an entry that continues a word of the output."""
LONGEST = 40
"""Characters of an entry."""

_WORDED = re.compile(r"[^\W\d_A-Z]{2}")
"""Words in small letters, whose number of characters means nothing."""
_NUMBER = re.compile(r"\s*[-+]?\d{1,3}(,?\d{3})*([.,]\d+)?\s*")

LETTERS = r"[^\W\d_]+"
"""Letters that stand together."""


def _word(text: str, n: int) -> str | None:
    words = text.split()
    return words[n] if words else None


def _part(text: str, n: int) -> str | None:
    return text.split(", ")[n] if ", " in text else None


def _match(pattern: str, text: str, n: int) -> str | None:
    found = re.findall(pattern, text)
    return found[n] if -len(found) <= n < len(found) else None


def _small_match(n: int, text: str) -> str | None:
    found = _match(LETTERS, text, n)
    return found.lower() if found is not None else None


def _small_letters(n: int, source: Program) -> Program:
    return call("str.lower", call("text.match", source, LETTERS, n))


KEYS: tuple[tuple[int, str, Callable[[str], str | None], Callable[[Program], Program]], ...] = (
    (0, "whole", lambda t: t, lambda p: p),
    (5, "small letters", str.lower, lambda p: call("str.lower", p)),
    (7, "trimmed small letters", lambda t: t.strip().lower(), lambda p: call("str.lower", call("str.trim", p))),
    (3, "first word", lambda t: _word(t, 0), lambda p: call("text.word_at", p, 0)),
    (3, "last word", lambda t: _word(t, -1), lambda p: call("text.word_at", p, -1)),
    (4, "behind comma", lambda t: _part(t, -1), lambda p: call("text.split_at", p, ", ", -1)),
    (4, "first letters", lambda t: _match(LETTERS, t, 0), lambda p: call("text.match", p, LETTERS, 0)),
    (4, "last letters", lambda t: _match(LETTERS, t, -1), lambda p: call("text.match", p, LETTERS, -1)),
    (5, "second letters", lambda t: _match(LETTERS, t, 1), lambda p: call("text.match", p, LETTERS, 1)),
    *(
        (bits + 2, f"{name} in small letters", partial(_small_match, n), partial(_small_letters, n))
        for bits, name, n in ((4, "first letters", 0), (4, "last letters", -1), (5, "second letters", 1))
    ),
    (4, "first number", lambda t: _match(r"\d+", t, 0), lambda p: call("text.match", p, r"\d+", 0)),
    (14, "first character", lambda t: t[:1] or None, lambda p: call("str.take", p, 1)),
    (15, "first small letter", lambda t: t[:1].lower() or None, lambda p: call("str.lower", call("str.take", p, 1))),
    (22, "last character", lambda t: t[-1:] or None, lambda p: call("str.drop", p, -1)),
    (14, "length", lambda t: str(len(t)), lambda p: call("int.to.str", call("str.len", p))),
)
"""Bits, name, the key of a text, and its program."""


@dataclass(frozen=True)
class Lookups:
    """Tables from words of the inputs to parts of the outputs."""

    table: Callable[[Program, Sequence[tuple[str, str | None]]], Program]
    """Makes the program of a table."""
    name: str = "lookups"

    def bind(self, column: Column) -> BoundLookups:
        """Find words that are unknown in few rows of the table only."""
        return BoundLookups(column, self.table)


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    cost: int
    keys: tuple[str, ...]
    build: Callable[[], Program]
    unknown: int = 0
    """Bits of its cost that are due to rows of the table with other keys."""


class BoundLookups:
    """The words of one column that may be keys of a table."""

    def __init__(self, column: Column, table: Callable[[Program, Sequence[tuple[str, str | None]]], Program]) -> None:
        self.table, self.rows, self.outputs = table, column.rows, column.outputs
        self.keys = list(_keys(column)) if not column.leaf and len(column.rows) > 1 else []
        self.runs = list(_runs(column.rows)) if self.keys else []

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """Tables whose entries start the rests: up to their end, or to the end of a word."""
        if not self.keys or not all(rests):
            return
        for texts in dict.fromkeys((*_ends(rests), *_before_copies(self.rows, rests), *_before_runs(self.runs, rests))):
            if len(set(texts)) < 2 or max(map(len, texts)) > LONGEST:
                continue
            for key in self.keys:
                pairs: dict[str, str | None] = {}
                if all(pairs.setdefault(k, t) == t for k, t in zip(key.keys, texts, strict=True)):
                    bits = BASE + key.cost + sum(ENTRY + _bits(t or "") for t in pairs.values())
                    copied = [k for r, t, k in zip(self.rows, texts, key.keys, strict=True) if _copies(r, t, k)]
                    bits += COPIED * len(copied) + COPIED_EMPTY * ("" in copied) + AGAIN * (len(set(copied)) > 1)
                    bits += COPIED_RUN * len(texts) * _has_runs(self.runs, texts, key.keys)
                    bits += INSIDE * len(
                        {t for t, p, o in zip(texts, positions, self.outputs, strict=True) if _inside(o, p)}
                    )
                    yield Piece(texts, bits, partial(self._build, key, pairs), name="lookup")
                    changed = [(k, t) for k, t in pairs.items() if t is not None and k != t]
                    if 1 < len(changed) < len(pairs):
                        saved = key.unknown + sum(ENTRY + _bits(k) for k, t in pairs.items() if k == t)
                        yield Piece(texts, bits - saved + STAYS, partial(_recoded, key, changed), name="lookup of some")

    def _build(self, key: _Key, pairs: Mapping[str, str | None]) -> Program:
        return self.table(key.build(), list(pairs.items()))


def _recoded(key: _Key, changed: Sequence[tuple[str, str]]) -> Program:
    """A table whose other keys stay as they are."""
    texts = list_of(STRING)
    keys, values = (Constant(tuple(pair[n] for pair in changed), texts) for n in (0, 1))
    return call("lookup_or", keys, values, key.build(), key.build())


def _bits(text: str) -> int:
    return sum(DIGIT if c.isdigit() else LETTER if c.isalpha() else OTHER for c in text)


def _inside(output: str, position: int) -> bool:
    """Whether a position is between two letters."""
    return position > 0 and output[position - 1].isalpha() and output[position].isalpha()


def _copies(row: Sequence[Any], text: str, key: str) -> bool:
    runs = re.findall(r"\d+|[^\W\d_]{2,}", text)
    return any(
        run != key and isinstance(v, str) and run in re.findall(r"\d+|[^\W\d_]+", v) for v in row for run in runs
    )


def _ends_in_digits(text: str) -> bool:
    """Whether several digits stand together at one end of a text, or time or decimals do."""
    return re.match(r"\d[.,:]?\d", text) is not None or re.search(r"\d[.,:]?\d$", text) is not None


def _cut(texts: Sequence[str]) -> bool:
    """Whether a character at one end of the texts would be a digit of a longer number."""
    numbers = all(map(_NUMBER.fullmatch, texts)) and any(sum(map(str.isdigit, t)) > 1 for t in texts)
    return numbers or all(map(_ends_in_digits, texts))


def _ends(rests: Sequence[str]) -> Iterator[tuple[str, ...]]:
    yield tuple(rests)
    for pattern in (r"[^\W\d_]+", r"[^\W_]+", r"[^\W\d_]+(?: [^\W\d_]+)*", r"[^,;]+", r"\S+", r"[^\w\s]"):
        found = [re.match(pattern, r) for r in rests]
        if all(found):
            yield tuple(m.group() for m in found if m)


COPY = 4
"""Letters and digits of an input that an entry is taken to be before."""


def _before_copies(rows: Sequence[Sequence[Any]], rests: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What stands in a first run of letters and digits before the end of an input's letters or digits: ``49`` in ``4930123456``, from
    ``030 123456``."""
    found = []
    for row, rest in zip(rows, rests, strict=True):
        run = re.match(r"[^\W_]+", rest)
        plain = [re.sub(r"[\W_]", "", v).casefold() for v in row if isinstance(v, str)]
        text = run.group().casefold() if run else ""
        ends = (n for n in range(1, len(text) - COPY + 1) if any(p.endswith(text[n:]) for p in plain))
        n = next(ends, 0)
        if not n:
            return
        found.append(rest[:n])
    yield tuple(found)


RUNS = tuple((re.compile(pattern), n) for pattern in (r"\d+", r"[^\W\d_]+") for n in (0, -1))
"""Runs of an input that an output may copy beside an entry, however short they are: the first and the last digits and letters."""


def _runs(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[str, ...]]:
    """Such runs of the inputs, if they differ."""
    for i in range(len(rows[0])):
        texts = [row[i] for row in rows if isinstance(row[i], str)]
        for pattern, n in RUNS if len(texts) == len(rows) else ():
            runs = tuple(found[n] for t in texts if (found := pattern.findall(t)))
            if len(runs) == len(rows) and len({*runs}) > 1:
                yield runs


def _before_runs(runs: Iterable[tuple[str, ...]], rests: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What stands before a copied run in first runs of letters and digits: ``1`` in ``16`` from ``UR6``, ``2`` in ``21`` from ``UL1``."""
    first = [m.group() for r in rests if (m := re.match(r"[^\W_]+", r))]
    if len(first) == len(rests):
        for some in runs:
            if all(len(r) < len(f) and f.endswith(r) for r, f in zip(some, first, strict=True)):
                yield tuple(f[: -len(r)] for r, f in zip(some, first, strict=True))


def _has_runs(runs: Iterable[tuple[str, ...]], texts: Sequence[str], keys: Sequence[str]) -> bool:
    """Whether all texts begin or all end with a run of their inputs that is not their key."""
    ends = (str.startswith, str.endswith)
    return any(some != keys and any(all(map(has, texts, some)) for has in ends) for some in runs)


def _keys(column: Column) -> Iterator[_Key]:
    seen = set()
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None:
            continue
        for cost, name, key, program in KEYS:
            keys = tuple(key(t) for t in texts)
            cost += SHORT * (name == "length" and min(map(len, texts)) < CODE)
            cost += NUMBERS * (name == "length" and all(map(_NUMBER.fullmatch, texts)))
            cost += CUT_DIGIT * (name.endswith("character") and _cut(texts))
            cost += SHORT * (name == "length" and any(map(_WORDED.search, texts)))
            if None in keys or keys in seen or len(set(keys)) < 2:
                continue
            seen.add(keys)
            unknown = sum(not isinstance(row[i], str) or key(row[i]) not in keys for row in column.judged)
            if unknown * 3 > len(column.judged) or not column.judged:
                continue
            strange = UNKNOWN * unknown // len(column.judged)
            cost += strange
            cost -= FEW * (name == "whole" and not unknown and len(column.judged) > len(set(keys)))
            yield _Key(cost, tuple(k for k in keys if k is not None), lambda s=source, p=program: p(s), strange)  # type: ignore[misc]  # a bound default has no type
