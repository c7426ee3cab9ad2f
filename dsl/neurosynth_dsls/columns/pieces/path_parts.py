"""The last parts of the paths of web addresses, without the query that some of them have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.nested import Part

__all__ = ["path_parts"]

BITS = 6
"""Bits of the last part of a path."""
PARTS = ((r"(?<=[^/:]/)[^/?#]+(?=/?(?:[?#]|$))", 0), (r"(?<=[^/:]/)[^/?#]+(?=/[^/?#]+/?(?:[?#]|$))", 1))
"""Patterns of the last part of a path and of the last but one, and bits."""
_ADDRESS = re.compile(r"(?:[a-z]+:/)?/[^\s?#]+(?:[?#]\S*)?")


def path_parts(source: Program, texts: Sequence[str], judged: Sequence[str]) -> Iterator[Part]:
    """The parts, if all texts are addresses or paths and only some have a query."""
    every = (*texts, *judged)
    if not all(map(_ADDRESS.fullmatch, every)) or len({"?" in t or "#" in t for t in every}) < 2:
        return
    for pattern, bits in PARTS:
        found = [_first(pattern, t) for t in texts]
        if all(found):
            rest = tuple(_first(pattern, t) for t in judged)
            yield Part(tuple(f or "" for f in found), rest, BITS + bits, partial(_match, source, pattern))


def _first(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text)
    return found.group() if found is not None else None


def _match(source: Program, pattern: str) -> Program:
    return call("text.match", source, pattern, 0)
