"""Pieces of a text."""

from __future__ import annotations

from dataclasses import replace

from neurosynth.engine.kernels import ASK_REFERENCE, Data
from neurosynth.language.language import Language
from neurosynth_dsls.robustfill.matching import (
    KINDS,
    edge,
    edge_of,
    match,
    nth,
    nth_match,
    signed,
    spans,
)
from neurosynth_dsls.strings.pieces import part as joining

__all__ = ["part"]

part = Language("robustfill.pieces")
part.add(replace(joining["str.++"], name="Concat", cost=5))


@part.primitive(name="Const", type="character -> string", python="chr({0})")
def const(c: int) -> str:
    """The text of one character."""
    return chr(c)


@const.kernel
def const_kernel(out: Data, char: int) -> int:
    if out.size < 1:
        return -1
    if char >= 128 and out.itemsize == 1:  # not representable in bytes
        return ASK_REFERENCE
    out[0] = char
    return 1


@part.primitive(name="SubStr", type="string -> place -> place -> string", cost=2)
def sub_str(s: str, first: int, last: int) -> str:
    """From one position to another, both included; "" unless the first is in the text and before the last."""
    p, q = (place - 64 if place > 31 else place for place in (first, last))
    p, q = (place - 1 if place > 0 else len(s) + place for place in (p, q))
    return s[p : q + 1] if 0 <= p < q else ""


@sub_str.kernel(slices=True)
def sub_str_kernel(a: Data, i: int, n: int, first: int, last: int) -> tuple[int, int]:
    p, q = signed(first), signed(last)
    p = p - 64 if p > 31 else p
    q = q - 64 if q > 31 else q
    p = p - 1 if p > 0 else n + p
    q = q - 1 if q > 0 else n + q
    if p < 0 or p >= min(q, n):
        return i, 0
    return i + p, max(min(q + 1, n) - p, 0)


@part.primitive(name="GetSpan", type="string -> regex -> int -> bool -> regex -> int -> bool -> string")
def get_span(s: str, regex1: int, index1: int, end1: bool, regex2: int, index2: int, end2: bool) -> str:
    """From an edge of a match to an edge of another; "" where either regex has no match."""
    p, q = edge(s, regex1, index1, end1), edge(s, regex2, index2, end2)
    return s[p:q] if min(p, q) >= 0 else ""


@get_span.kernel(slices=True)
def get_span_kernel(
    a: Data, i: int, n: int, regex1: int, index1: int, end1: int, regex2: int, index2: int, end2: int
) -> tuple[int, int]:
    p = edge_of(a, i, n, signed(regex1), index1, end1)
    if p < 0:
        return i, 0
    q = edge_of(a, i, n, signed(regex2), index2, end2)
    return i + p, max(q - p, 0)


@part.primitive(name="GetToken", type="string -> token -> int -> string", cost=2)
def get_token(s: str, kind: int, index: int) -> str:
    """A token by its index; "" where there is none."""
    return nth(s, kind, index)


@get_token.kernel(slices=True)
def get_token_kernel(a: Data, i: int, n: int, kind: int, index: int) -> tuple[int, int]:
    start, end, _ = nth_match(a, i, n, KINDS + signed(kind), index)
    return (i + start, end - start) if start >= 0 else (i, 0)


@part.primitive(name="GetUpto", type="string -> regex -> string", cost=2)
def get_upto(s: str, regex: int) -> str:
    """All up to the end of the first match; "" where there is none."""
    return next((s[:stop] for _, stop in spans(s, regex)), "")


@get_upto.kernel(slices=True)
def get_upto_kernel(a: Data, i: int, n: int, regex: int) -> tuple[int, int]:
    start, end = match(a, i, n, signed(regex), 0)
    return i, (end if start >= 0 else 0)


@part.primitive(name="GetFrom", type="string -> regex -> string", cost=2)
def get_from(s: str, regex: int) -> str:
    """All from the end of the first match on; "" where there is none."""
    return next((s[stop:] for _, stop in spans(s, regex)), "")


@get_from.kernel(slices=True)
def get_from_kernel(a: Data, i: int, n: int, regex: int) -> tuple[int, int]:
    start, end = match(a, i, n, signed(regex), 0)
    return (i + end, n - end) if start >= 0 else (i, 0)
