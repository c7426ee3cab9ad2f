"""Parts of texts that a pattern finds: beside a marker that all rows have, up to one of several signs, addresses and numbers of all kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.contexts import CONTEXT, STRANGE, Contexts, strange
from neurosynth_dsls.columns.pieces.positions import Spans, spans
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["Markers"]

BASE = 10
"""Bits of any part that a pattern finds."""
SIGN, WORD, KEYWORD = 2, 3, 4
"""Bits of a sign as a marker, of a word, and of a word in any letter case."""
NTH = 2
"""Bits of another match than the first."""
UNDEFINED = 20
"""Bits for a pattern that no row of the table matches; proportional if some do not."""
DEFAULT, LETTER = 10, 2
"""Bits of a constant where a labelled value is missing, and of its letters."""
MARKERS = 6
"""Maximum number of markers of a text."""
LONGEST = 400
"""Maximum number of characters of a text in which markers are sought."""

TOKENS = ((2, r"\S+"), (2, r"[^\W_]+"), (3, r"\d[\d.,]*(?<=\d)"), (4, r"[\w.-]+(?<=\w)"))
"""Bits and pattern of what stands beside a marker."""
ENTITIES = (
    (4, r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    (4, r"https?://[^\s<>\"]+(?<![.,;:!?)\]])"),
    (3, r"\d{1,3}(?:\.\d{1,3}){3}"),
    (5, r"[+(]?\d(?:[ /().-]{0,2}\d){6,}"),
    (5, r"[$€£¥] ?\d[\d.,]*(?<=\d)|\d[\d.,]*(?<=\d) ?[$€£¥]"),
    (5, r"\d{1,4}([-./])\d{1,2}\1\d{1,4}"),
)
"""Bits and pattern of e-mail and web addresses, IP addresses, telephone numbers, amounts, and dates."""
CASES = ((0, "", str), (4, "str.lower", str.lower), (4, "str.upper", str.upper), (4, "str.title", str.title))
"""Bits and name of a change of letter case."""


@dataclass(frozen=True)
class Markers:
    """Parts that are found by a pattern."""

    name: str = "markers"

    def bind(self, column: Column) -> BoundMarkers:
        """Find the markers of all inputs, and the parts beside them."""
        return BoundMarkers(column)


@dataclass(frozen=True, slots=True, eq=False)
class _Label:
    """A value with its label, "" on the rows that lack it."""

    texts: tuple[str, ...]
    source: Program
    pattern: str


class BoundMarkers:
    """The parts of one column's texts."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        self.labels: list[_Label] = []
        memo: Spans = column.memo.setdefault("spans", {})
        outputs = column.outputs
        if not all(outputs):
            return
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            if texts is None or not all(texts) or max(map(len, texts)) > LONGEST:
                continue
            every = column.memo.get(("texts of markers", i))
            if every is None:
                every = [row[i] for row in column.every if isinstance(row[i], str) and row[i]]
                column.memo["texts of markers", i] = every
            judged = [row[i] for row in column.judged if isinstance(row[i], str)]
            known = column.memo.get(("markers", i))
            if known is None:
                known = column.memo["markers", i] = [*_patterns(every)]
            for bits, pattern, trimmed in (*known, *_until(texts)):
                for piece in _pieces(source, texts, judged, outputs, BASE + bits, pattern, trimmed, memo):
                    self.index.add(piece)
            self.labels += _labels(source, texts, every, outputs)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The parts that the rests start with."""
        if all(rests):
            yield from self.index.starting(rests)
            for label in self.labels:
                yield from _with_default(label, rests)


def _patterns(every: Sequence[str]) -> Iterator[tuple[int, str, bool]]:
    """Bits and patterns of parts beside the markers of all rows, and of addresses and numbers; whether blanks around are cut off."""
    for bits, pattern in ENTITIES:
        found = re.compile(pattern)
        if sum(found.search(t) is not None for t in every) * 2 > len(every):
            yield bits, pattern, False
    if len(every) < 2 or max(map(len, every)) > LONGEST:
        return
    shared = set.intersection(*({*_MARKERS.findall(t), *_ENDS.findall(t)} for t in every))
    small = set.intersection(*({w.lower() for w in _WORDS.findall(t)} for t in every))
    for marker in sorted(shared, key=lambda m: (not any(map(str.isalnum, m)), -len(m), m))[:MARKERS]:
        kind = WORD if any(map(str.isalnum, marker)) else SIGN
        behind, ahead = marker[-1] in " =:" or not marker[-1].isalnum(), marker[0] == " " or not marker[0].isalnum()
        literal = re.escape(marker).replace("\\ ", " ")
        for bits, token in TOKENS:
            if behind:
                yield kind + bits, f"(?<={literal}){token}", False
            if ahead:
                yield kind + bits, f"{token}(?={literal})", False
    if len({tuple(w for w in _WORDS.findall(t) if w.lower() in small) for t in every}) > 1:
        for word in sorted(small)[:MARKERS]:
            anyhow = "".join(f"[{c.upper()}{c.lower()}]" if c.upper() != c.lower() else re.escape(c) for c in word)
            for bits, token in TOKENS[1:3]:
                yield KEYWORD + bits, rf"(?<={anyhow} ){token}", False


_MARKERS = re.compile(r"(?<!\S)[^\W\d_]+:? |[^\w\s.,'\"<>-] ?|[=:] ?")
_ENDS = re.compile(r" [^\W\d_]+(?!\S)| [^\w\s](?!\S)")
_WORDS = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}(?= )")


def _until(texts: Sequence[str]) -> Iterator[tuple[int, str, bool]]:
    """Text until the first of two signs, of which each row has at least one, and not all have the same."""
    if len(texts) < 2:
        return
    signs = [{*re.findall(r"[^\w\s]", t)} for t in texts]
    some = sorted(c for c in set().union(*signs) if c not in ".'-&" and not all(c in s for s in signs))
    always = sorted(c for c in set.intersection(*signs) if c not in ".'-&")
    for a, b in [*combinations(some[:5], 2), *((a, b) for a in some[:5] for b in always[:3])]:
        if all(a in s or b in s for s in signs):
            yield 5, f"[^{re.escape(a)}{re.escape(b)}]+", True
            yield 5, rf"[^\s{re.escape(a)}{re.escape(b)}]+(?=[{re.escape(a)}{re.escape(b)}])", False


def _pieces(
    source: Program,
    texts: Sequence[str],
    judged: Sequence[str],
    outputs: Sequence[str],
    cost: int,
    pattern: str,
    trimmed: bool,
    memo: Spans,
) -> Iterator[Piece]:
    found = [spans(pattern, t, memo) for t in texts]
    least = min(map(len, found))
    if not least:
        return
    same = len({*map(len, found)}) == 1 and least == 1
    for n in (0,) if same else (0, 1, -1):
        if n >= least:
            continue
        parts = [t[slice(*f[n])] for t, f in zip(texts, found, strict=True)]
        if trimmed:
            parts = [p.strip() for p in parts]
        if not all(parts) or (n and parts == [t[slice(*f[0])] for t, f in zip(texts, found, strict=True)]):
            continue
        made = [(more, name, tuple(map(change, parts))) for more, name, change in CASES]
        fits = [
            (more, name, values)
            for more, name, values in made
            if (not name or list(values) != parts) and all(v in o for v, o in zip(values, outputs, strict=True))
        ]
        if not fits:
            continue
        contexts = Contexts([(t, *f[n]) for t, f in zip(texts, found, strict=True)])
        others = [(t, spans(pattern, t, memo)) for t in judged]
        places = [(t, *m[n]) for t, m in others if -len(m) <= n < len(m)]
        doubt = CONTEXT * sum(contexts.unlike(p, counted=False) for p in places) + UNDEFINED * (
            len(others) - len(places)
        )
        bits = cost + NTH * (n != 0) + int(doubt) // max(1, len(judged))
        bits += STRANGE * strange(parts, (t[a:b] for t, a, b in places))
        for more, name, values in fits:
            yield Piece(values, bits + more, partial(_match, source, pattern, n, trimmed, name), name="marker")


def _match(source: Program, pattern: str, n: int, trimmed: bool, case: str) -> Program:
    program = call("text.match", source, pattern, n)
    for name in ("str.trim" if trimmed else "", case):
        program = call(name, program) if name else program
    return program


def _labels(source: Program, texts: Sequence[str], every: Sequence[str], outputs: Sequence[str]) -> Iterator[_Label]:
    """Values behind a label and ``=`` or ``:`` that some rows lack."""
    keys = {k for t in texts for k in _LABEL.findall(t)}
    for key in sorted(keys)[:MARKERS]:
        for inside in _VALUES:
            pattern = rf"(?<!\w){re.escape(key)} ?({inside})"
            found = re.compile(pattern)
            values = tuple(m.group(1) if (m := found.search(t)) else "" for t in texts)
            if all(values) or all(map(found.search, every)) or not any(values):
                break
            if all(v in o for v, o in zip(values, outputs, strict=True)):
                yield _Label(values, source, pattern)
                break


_VALUES = (r"[^\s;,&|]+", r"[^\s;,&|()\[\]]+")
"""What stands behind a label: up to a blank or a sign between values, or up to a bracket that closes the label and its value."""
_LABEL = re.compile(r"(?<!\w)[^\W\d_]+[=:](?=\s?\S)")
_CONSTANT = re.compile(r"([^\w\s])\1*|[^\W\d_]+(?:/[^\W\d_]+)?|0(?!\d)")


def _with_default(label: _Label, rests: Sequence[str]) -> Iterator[Piece]:
    if not all(r.startswith(t) for r, t in zip(rests, label.texts, strict=True)):
        return
    lacking = [_CONSTANT.match(r) for r, t in zip(rests, label.texts, strict=True) if not t]
    defaults = {m.group() if m else "" for m in lacking}
    if len(defaults) == 1 and (default := defaults.pop()):
        bits = BASE + DEFAULT + LETTER * sum(map(str.isalnum, default))
        texts = tuple(t or default for t in label.texts)
        yield Piece(texts, bits, partial(_labelled, label, default), name="labelled value")


def _labelled(label: _Label, default: str) -> Program:
    value = call("re.group", label.pattern, 1, label.source)
    return call("ite", call("text.contains_pattern", label.source, label.pattern), value, default)
