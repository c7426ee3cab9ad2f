"""The ends of parts of a text: the last characters, the last word or number, the last words in a row.

Positions count to the right, from the start of a text or from a sign. This source counts back from a sign or a word, as in ``cccc, d``
before the second ``}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.contexts import CONTEXT, STRANGE, Contexts, Place, strange
from neurosynth_dsls.columns.pieces.positions import delimiters
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["Endings"]

BASE = 18
"""Bits of the end of any part."""
MOST = 6
"""Maximum number of characters that are counted back."""
INTO_RUN = 5
"""Bits for beginning inside a run of letters or digits of every example: words and numbers are usually whole."""
SHORT = 8
"""Bits if the result has only one character: many parts agree on it by coincidence."""
ONE_ROW = 4
"""Bits if one row alone has it: there are many ways to come to the end of a part."""
UNDEFINED = 20
"""Bits for a piece that is undefined on all rows of the table; proportional if on some."""
LONGEST = 600
"""Maximum number of characters of a text whose parts are sought."""
PLACES = (0, 1, 2, 3, -1, -2, -3)
"""Which parts between delimiters are tried."""


Span = tuple[int, int] | None
"""Where a part of a text begins and ends."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ending:
    """The end of a text."""

    cost: int
    find: Callable[[str], Span]
    build: Callable[[Program], Program]
    counted: bool = False
    """Whether characters are counted, wherever words begin."""


def _last(cost: int, pattern: str) -> _Ending:
    found = re.compile(pattern)

    def find(text: str) -> Span:
        place = None
        for m in found.finditer(text):
            place = m.span()
        return place

    return _Ending(cost, find, lambda p: call("text.match", p, pattern, -1))


def _characters(n: int) -> _Ending:
    return _Ending(
        4 + n // 3,
        lambda t: (len(t) - n, len(t)) if len(t) > n else None,
        lambda p: call("str.drop", p, -n),
        counted=True,
    )


ENDINGS = (
    *map(_characters, range(1, MOST + 1)),
    _last(3, r"[^\W_]+"),
    _last(3, r"\d+"),
    _last(4, r"[^\W\d_]+"),
    _last(4, r"-?\d+(?:\.\d+)?"),
    _last(5, r"[^\W_]+(?: [^\W_]+)*"),
)
"""What is taken of a part."""

CASES: tuple[tuple[int, Callable[[str], str], Callable[[Program], Program]], ...] = (
    (0, lambda t: t, lambda p: p),
    (5, str.lower, lambda p: call("str.lower", p)),
    (5, str.upper, lambda p: call("str.upper", p)),
    (5, str.title, lambda p: call("str.title", p)),
)
"""Bits, function and program of a change of letter case."""


@dataclass(frozen=True)
class Endings:
    """Ends of parts of the inputs."""

    name: str = "endings"

    def bind(self, column: Column) -> BoundEndings:
        """Find the parts in all inputs."""
        return BoundEndings(column)


class BoundEndings:
    """The ends of parts that occur in the outputs of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        self.column = column
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            if texts is not None and all(texts) and max(map(len, texts)) <= LONGEST:
                judged = [row[i] for row in column.judged if isinstance(row[i], str) and row[i]]
                self._add(source, texts, judged)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The pieces that the rests start with."""
        return self.index.starting(rests)

    def _add(self, source: Program, texts: Sequence[str], judged: Sequence[str]) -> None:
        seen: set[tuple[Span, ...]] = set()
        for token in delimiters(texts, judged):
            for n in PLACES:
                parts = [_part(t, token.literal, n) for t in texts]
                others = [_part(t, token.literal, n) for t in judged]
                if not all(parts) or (*parts, *others) in seen:
                    continue
                seen.add((*parts, *others))
                build = partial(call, "text.split_at", source, token.literal, n)
                shown = [(t, *p) for t, p in zip(texts, parts, strict=True) if p is not None]
                rest = [(t, *p) for t, p in zip(judged, others, strict=True) if p is not None]
                self._of_parts(shown, rest, len(judged), BASE + token.cost + abs(n), build)

    def _of_parts(
        self,
        shown: Sequence[Place],
        rest: Sequence[Place],
        count: int,
        bits: int,
        part: Callable[[], Program],
    ) -> None:
        """The ends of the parts of all examples; ``rest`` are those of the ``count`` rows without outputs that have them."""
        for ending in ENDINGS:
            places = [place for p in shown if (place := _end_of(p, ending)) is not None]
            if len(places) < len(shown) or places == shown:
                continue
            values = [t[a:b] for t, a, b in places]
            case = next((c for c in CASES if self._occur(tuple(map(c[1], values)))), None)
            if case is None:
                continue
            more, change, program = case
            on = [t[b : b + 1] for t, _, b in places]
            if all(on) and self._occur([change(v) + c for v, c in zip(values, on, strict=True)]):
                continue  # what goes on as the text does is no end
            cost = bits + ending.cost + more + SHORT * all(len(v) == 1 for v in values)
            cost += ONE_ROW * (len(values) == 1)
            cost += INTO_RUN * (ending.counted and all(t[a - 1].isalnum() and t[a].isalnum() for t, a, _ in places))
            if count:
                cost += _unlike(places, [_end_of(p, ending) for p in rest], count)
            build = lambda e=ending, c=program: c(e.build(part()))  # noqa: E731  # a lambda a loop binds
            self.index.add(Piece(tuple(map(change, values)), cost, build, name="ending"))

    def _occur(self, texts: Sequence[str]) -> bool:
        """Whether the outputs have the texts."""
        return all(t in o for t, o in zip(texts, self.column.outputs, strict=True))


def _part(text: str, separator: str, n: int) -> Span:
    """Where part ``n`` between separators is; None if the text has none there, or is empty."""
    parts = text.split(separator)
    if len(parts) < 2 or not -len(parts) <= n < len(parts) or not parts[n]:
        return None
    at = n % len(parts)
    start = sum(map(len, parts[:at])) + at * len(separator)
    return start, start + len(parts[n])


def _end_of(place: Place, ending: _Ending) -> Place | None:
    text, start, end = place
    found = ending.find(text[start:end])
    return None if found is None else (text, start + found[0], start + found[1])


def _unlike(shown: Sequence[Place], judged: Sequence[Place | None], count: int) -> int:
    """Bits for rows without outputs where there is no such end, or where it stands between other signs than on any example."""
    found = [p for p in judged if p is not None]
    contexts = Contexts(shown)
    other = STRANGE * strange((t[a:b] for t, a, b in shown), (t[a:b] for t, a, b in found))
    return other + int(UNDEFINED * (count - len(found)) + CONTEXT * sum(map(contexts.unlike, found))) // count
