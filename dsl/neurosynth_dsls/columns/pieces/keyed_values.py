"""The value of a key in a text with several: a setting, a cookie, a parameter of an address, wherever the key stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote_plus

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["KeyedValues"]

BITS, KEY = 9, 6
"""Bits of the value of a key, and at most those of its characters, which stand in the table: half a bit each."""
LACKING = 5
"""Bits of a value that is empty where the key is not there."""
DECODED = 2
"""Bits of a value that is decoded."""


def _worded(text: str) -> str:
    """A text with blanks in place of its signs."""
    return re.sub(r"[\W_]+", " ", text).strip()


def _words(p: Program) -> Program:
    return call("str.trim", call("text.replace_pattern", p, r"[\W_]+", " "))


SPELT = 2
"""Bits of a value in another spelling, in addition to those of the spelling."""
_SPELLINGS: tuple[tuple[int, Callable[[str], str], Callable[[Program], Program]], ...] = (
    (0, str.lower, partial(call, "str.lower")),
    (0, str.upper, partial(call, "str.upper")),
    (0, str.title, partial(call, "str.title")),
    (0, str.capitalize, partial(call, "str.capitalize")),
    (2, _worded, _words),
    (3, lambda s: _worded(s).title(), lambda p: call("str.title", _words(p))),
    (3, lambda s: _worded(s).capitalize(), lambda p: call("str.capitalize", _words(p))),
)
"""Bits of other spellings of a value: letter cases, and blanks in place of signs."""
_KEYS = re.compile(r"(?<![\w-])([\w-]+)(=|: ?)(?=[^\s=:;&,|/])")
LONGEST = 24
"""Maximum number of characters of a key."""


@dataclass(frozen=True)
class KeyedValues:
    """Values of keys."""

    name: str = "keyed values"

    def bind(self, column: Column) -> BoundKeyedValues:
        """Find the keys that all example rows have."""
        return BoundKeyedValues(column)


class BoundKeyedValues:
    """The values of the keys in one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        self.lacking: list[Piece] = []
        """Values that are empty on some rows."""
        for i in range(len(column.inputs)):
            texts = texts_of(column, i, column.rows)
            if texts is not None and any(len(_KEYS.findall(row[i])) > 1 for row in column.every if row[i]):
                for piece in _values(column, i, texts):
                    self.index.add(piece)
                self.lacking += _values_of_some(column, i, texts)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The values that the rests start with."""
        yield from self.index.starting(rests)
        for piece in self.lacking:
            if all(map(str.startswith, rests, piece.texts)):
                yield piece


def _values_of_some(column: Column, i: int, texts: Sequence[str]) -> Iterator[Piece]:
    """Values of keys that some rows lack, whose outputs are empty."""
    lacking = [k for k, o in enumerate(column.outputs) if o == ""]
    shown = [k for k in range(len(texts)) if k not in lacking]
    if not shown or not lacking:
        return
    every = [row[i] for row in column.every if isinstance(row[i], str)]
    for key, sign in sorted(set.intersection(*(set(_KEYS.findall(texts[k])) for k in shown))):
        if len(key) > LONGEST:
            continue
        pattern = _behind(key + sign, every) + _inside(sign, texts)
        found = [re.findall(pattern, t) for t in texts]
        if any(found[k] for k in lacking) or any(len(found[k]) != 1 for k in shown):
            continue
        values = tuple(f[0] if f else "" for f in found)
        decoded = tuple(map(unquote_plus, values))
        bits = BITS + LACKING + min(KEY, len(key) // 2)
        extracted = partial(call, "re.extract", pattern, 0, column.inputs[i])
        if all(v in o for v, o in zip(values, column.outputs, strict=True)):
            yield Piece(values, bits, extracted, name="keyed value")
        if decoded != values and all(v in o for v, o in zip(decoded, column.outputs, strict=True)):
            yield Piece(decoded, bits + DECODED, partial(_spelt, lambda p: p, extracted, True), name="keyed value")


def _values(column: Column, i: int, texts: Sequence[str]) -> Iterator[Piece]:
    every = [row[i] for row in column.every if isinstance(row[i], str)]
    for key, sign in sorted(set.intersection(*(set(_KEYS.findall(t)) for t in texts))):
        inside = _inside(sign, texts)
        pattern = rf"(?<![\w-]){re.escape(key)}{sign}({inside})"
        found = [re.findall(pattern, t) for t in texts]
        if len(key) > LONGEST or not all(len(f) == 1 for f in found):
            continue
        values = tuple(f[0] for f in found)
        look = _behind(key + sign, every) + inside
        decoded = tuple(map(unquote_plus, values))
        if decoded != values and all(v and v in o for v, o in zip(decoded, column.outputs, strict=True)):
            extracted = partial(call, "re.extract", look, 0, column.inputs[i])
            cost = BITS + DECODED + min(KEY, len(key) // 2)
            yield Piece(decoded, cost, lambda e=extracted: call("text.url_decode", e()), name="keyed value")  # type: ignore[misc]  # a bound default has no type
        exact = [re.findall(look, t)[0] for t in texts] == list(values)
        for bits, spell, build in _SPELLINGS if exact else ():
            spelt = tuple(map(spell, decoded))
            if all(spelt) and spelt != decoded and all(v in o for v, o in zip(spelt, column.outputs, strict=True)):
                extracted = partial(call, "re.extract", look, 0, column.inputs[i])
                cost = BITS + SPELT + bits + DECODED * (decoded != values) + min(KEY, len(key) // 2)
                yield Piece(spelt, cost, partial(_spelt, build, extracted, decoded != values), name="keyed value")
                break
        inside_all = all(v in o for v, o in zip(values, column.outputs, strict=True))
        if inside_all and exact:
            cost = BITS + min(KEY, len(key) // 2)
            yield Piece(values, cost, partial(call, "re.extract", look, 0, column.inputs[i]), name="keyed value")


def _behind(key: str, every: Sequence[str]) -> str:
    """The pattern of a place behind a key and its sign, which may also end the name of another key: ``id=`` in ``gclid=``."""
    edge = r"\b" if any(re.search(rf"[\w-]{re.escape(key)}", t) for t in every) else ""
    return f"(?<={edge}{re.escape(key)})"


def _inside(sign: str, texts: Sequence[str]) -> str:
    """The pattern of a value."""
    signs = any(c in t for t in texts for c in ";&")  # otherwise blanks stand between the keys
    return r"[^;&|\n]+" if sign == ": " else r"[^;&|,#\n]+" if signs else r"[^;&|,#\s]+"


def _spelt(build: Callable[[Program], Program], extracted: Callable[[], Program], decodes: bool) -> Program:
    return build(call("text.url_decode", extracted()) if decodes else extracted())
