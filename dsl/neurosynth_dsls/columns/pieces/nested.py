"""Parts of parts of texts: what stands before a point in what stands behind an @, from which functions and lists are made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["Part", "parts_of_parts", "parts_with_lists", "whole"]

MOST = 12
"""Maximum number of parts of parts of one input."""
SIGNS = 5
"""Maximum number of separators that are tried at either level."""
COST = 4
"""Bits of each of the two cuts."""

_SHARED = r"[^\w\s]\s?|\s[^\w\s]\s|\s"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of a part of an input."""

    texts: tuple[str, ...]
    """On the example rows."""
    others: tuple[str | None, ...]
    """On the judged rows; None if there is no such part."""
    cost: int
    build: Callable[[], Program]

    @property
    def table(self) -> list[str]:
        """On the judged rows that have such a part."""
        return [t for t in self.others if t is not None]


def parts_of_parts(
    source: Program, texts: Sequence[str], others: Sequence[str], outputs: Sequence[str]
) -> Iterator[Part]:
    """Parts between two different separators of all texts that have a word in common with the outputs."""
    seen: set[tuple[str, ...]] = {tuple(texts)}
    once = list(_cuts(whole(source, texts, others)))
    seen |= {part.texts for _, part in once}
    count = 0
    for sign, part in once:
        for inner, found in _cuts(part):
            if inner == sign or found.texts in seen or not all(map(_related, found.texts, outputs)):
                continue
            seen.add(found.texts)
            yield found
            count += 1
            if count == MOST:
                return


def whole(source: Program, texts: Sequence[str], others: Sequence[str]) -> Part:
    """An input as it is."""
    return Part(tuple(texts), tuple(others), 0, lambda: source)


LISTS = 4
"""Maximum number of parts of one input in which lists are looked for."""


def parts_with_lists(
    source: Program, texts: Sequence[str], others: Sequence[str], outputs: Sequence[str]
) -> Iterator[Part]:
    """Parts, and parts of parts, that share several words with some output, and have more than one shape."""
    found: dict[tuple[str, ...], Part] = {}
    all_of_it = whole(source, texts, others)
    once = [*_after_opening(all_of_it), *(part for _, part in _cuts(all_of_it))]
    for part in (*once, *parts_of_parts(source, texts, others, outputs)):
        listed = [len(_WORD.findall(t)) for t in part.texts]
        if max(listed) > 1 and len(set(listed)) > 1 and all(map(_told, part.texts, outputs)):
            found.setdefault(part.texts, part)
    yield from list(found.values())[:LISTS]


def _after_opening(part: Part) -> Iterator[Part]:
    """What follows a word that all texts of the table begin with: ``with ``, ``By ``."""
    opening = _OPENING.match(part.texts[0])
    if opening is not None and all(t.startswith(opening.group()) for t in (*part.texts, *part.table)):
        sign = opening.group()
        found = tuple(t[len(sign) :] for t in part.texts)
        rest = tuple(t[len(sign) :] if t is not None else None for t in part.others)
        yield Part(found, rest, part.cost + COST, lambda: call("str.after", part.build(), sign))


_OPENING = re.compile(r"[^\W\d_]+:? ")
_WORD = re.compile(r"[^\W_]+")


def _told(text: str, output: str) -> bool:
    """Whether half of the words of a text stand in an output, in any letter case."""
    words, folded = _WORD.findall(text), output.casefold()
    return sum(w.casefold() in folded for w in words) * 2 >= len(words)


def _cuts(part: Part) -> Iterator[tuple[str, Part]]:
    """The parts before the first and behind the last separator, and the second one."""
    shared = set.intersection(*({*re.findall(_SHARED, t)} for t in part.texts))
    for sign in sorted(shared, key=lambda s: (-len(s), s))[:SIGNS]:
        for n in (0, -1, 1):
            pieces = [t.split(sign) for t in part.texts]
            if any(len(p) <= abs(n) for p in pieces) or (n == 1 and all(len(p) == 2 for p in pieces)):
                continue
            found = tuple(p[n].strip() if p[n].strip() == p[n] else "" for p in pieces)
            if all(found):
                rest = tuple(_piece(t, sign, n) for t in part.others)
                yield sign, Part(found, rest, part.cost + COST, partial(_split_at, part.build, sign, n))


def _split_at(build: Callable[[], Program], sign: str, n: int) -> Program:
    return call("text.split_at", build(), sign, n)


def _piece(text: str | None, sign: str, n: int) -> str | None:
    pieces = text.split(sign) if text is not None else []
    return pieces[n] if -len(pieces) <= n < len(pieces) else None


def _related(text: str, output: str) -> bool:
    """Whether a word or number of a text stands in an output, in any letter case."""
    folded = output.casefold()
    return any(run.casefold() in folded for run in re.findall(r"[^\W\d_]{2,}|\d+", text))
