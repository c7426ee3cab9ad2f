"""The record of each token in a guide's file, and how a language that has changed since is matched to it, token by token. A language
may gain primitives and constants (each new token gets little probability and takes little), and lose some (their numbers are left out).
A primitive whose type or meaning has changed is refused by name, because the guide has learned about another one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakKeyDictionary

import numpy as np

from neurosynth.errors import InputError, shortened
from neurosynth.language.language import Language
from neurosynth.language.meaning import meaning
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Constant
from neurosynth.language.tokens import Vocabulary

__all__ = ["FLOOR", "ByToken", "GuideMismatch", "TokenMatch", "TokenRecord", "language_records", "vocabulary_records"]

FLOOR = 0.01
"""Maximum share of probability that a new token takes at a place: for a neural guide, of that of the tokens of its type."""

ByToken = Literal["vector", "score"]
"""How the numbers of a new token are computed: the mean of its type's ``vector``s, or the mean of their ``score``s less ``-log FLOOR``.

As scores are linear in vectors, a new token then has at most ``FLOOR`` times the geometric mean of the probabilities of
its type's tokens: the log-probability of any other token falls by at most ``log(1 + FLOOR)``.
"""


class GuideMismatch(InputError):
    """A guide was trained on another language, or on a version of it with another meaning."""


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """The record of a token in a file."""

    kind: str
    """``special``, ``lambda``, ``primitive``, ``input``, ``constant`` or ``variable``."""
    name: str
    type: str = ""
    """For a primitive and a constant of the language."""
    meaning: str = ""
    """For a primitive its fingerprint, for a constant of the language its text; empty if nothing is known."""

    def to_json(self) -> list[str]:
        """Without the empty fields at its end."""
        fields = [self.kind, self.name, self.type, self.meaning]
        while not fields[-1]:
            fields.pop()
        return fields

    @staticmethod
    def of_json(fields: Sequence[Any]) -> TokenRecord:
        """From :meth:`to_json`.

        Raises:
            ValueError: for anything else.
        """
        if not 2 <= len(fields) <= 4 or not all(isinstance(f, str) for f in fields):
            raise ValueError(f"no token: {shortened(repr(fields))}")
        return TokenRecord(*fields)


_KNOWN: WeakKeyDictionary[Language, tuple[list[Primitive], list[TokenRecord]]] = WeakKeyDictionary()


def _primitives(language: Language) -> list[TokenRecord]:
    """Records by name; computed once for a language in its current state, because every search asks whether its guide still fits."""
    now = [language.primitives[name] for name in sorted(language.primitives)]
    before, records = _KNOWN.get(language, ([], []))
    if len(now) != len(before) or any(a is not b for a, b in zip(now, before, strict=True)):
        records = [TokenRecord("primitive", p.name, str(p.type), meaning(p)) for p in now]
        _KNOWN[language] = now, records
    return records


def _constant(name: str, constant: Constant) -> TokenRecord:
    return TokenRecord("constant", name, str(constant.type), str(constant))


def language_records(language: Language) -> tuple[TokenRecord, ...]:
    """Primitives and constants of a language, for guides without a vocabulary."""
    constants = (_constant(f"c{i}", c) for i, (c, _) in enumerate(language.constants))
    return (*_primitives(language), *constants)


def vocabulary_records(vocabulary: Vocabulary) -> tuple[TokenRecord, ...]:
    """The tokens of a vocabulary, by id."""
    primitives = {r.name: r for r in _primitives(vocabulary.language)}
    constants = vocabulary.constants()
    records = []
    for token, name in enumerate(vocabulary.tokens):
        match vocabulary.classify(token):
            case None:
                records.append(TokenRecord("special", name))
            case "primitive", _:
                records.append(primitives[name])
            case "constant", index if index < len(constants):
                records.append(_constant(name, constants[index]))
            case kind, _:
                records.append(TokenRecord(kind, name))
    return tuple(records)


Key = tuple[str, str, str]


def _keyed(records: Sequence[TokenRecord]) -> dict[Key, int]:
    """The key by which a token is matched: constants of the language by value, slots of a task's constants by order."""
    slots = 0
    keyed: dict[Key, int] = {}
    for place, record in enumerate(records):
        key = (record.kind, record.name, "")
        if record.kind == "constant" and record.meaning:
            key = (record.kind, record.type, record.meaning)
        elif record.kind == "constant":
            key = (record.kind, "", str(slots))
            slots += 1
        keyed.setdefault(key, place)
    return keyed


@dataclass(frozen=True, slots=True)
class TokenMatch:
    """The tokens of a file matched with those of the language in its current state."""

    old: tuple[TokenRecord, ...]
    new: tuple[TokenRecord, ...]
    source: np.ndarray
    """(V,) int64: for each current token its place in the file, -1 for a new one."""

    @staticmethod
    def of(old: Sequence[TokenRecord], new: Sequence[TokenRecord]) -> TokenMatch:
        """Match tokens by name, constants by value.

        Raises:
            GuideMismatch: for a primitive whose type or meaning has changed, by name.
        """
        before = _keyed(old)
        source = np.full(len(new), -1, dtype=np.int64)
        for key, place in _keyed(new).items():
            found = before.get(key)
            if found is None:
                continue
            was, now = old[found], new[place]
            if was.type != now.type:
                raise GuideMismatch(f"primitive {now.name!r} has changed its type: {was.type}, now {now.type}")
            if was.meaning and now.meaning and was.meaning != now.meaning:
                raise GuideMismatch(
                    f"primitive {now.name!r} has changed its meaning: it gives other values for the same arguments"
                )
            source[place] = found
        return TokenMatch(tuple(old), tuple(new), source)

    @property
    def same(self) -> bool:
        """Whether the file's tokens are the current ones, in the same order."""
        return len(self.old) == len(self.new) and bool((self.source == np.arange(len(self.new))).all())

    @property
    def added(self) -> tuple[TokenRecord, ...]:
        """Tokens that the file lacks."""
        return tuple(self.new[i] for i in np.flatnonzero(self.source < 0))

    @property
    def dropped(self) -> tuple[TokenRecord, ...]:
        """Tokens of the file that the language no longer has."""
        kept = set(self.source.tolist())
        return tuple(r for i, r in enumerate(self.old) if i not in kept)

    def target(self) -> np.ndarray:
        """(tokens of the file,) int64: the current place of each, -1 for one that was dropped."""
        found = np.full(len(self.old), -1, dtype=np.int64)
        known = np.flatnonzero(self.source >= 0)
        found[self.source[known]] = known
        return found

    def relatives(self, token: int) -> np.ndarray:
        """Places in the file of the tokens most similar to a new one: of its type, or else of its result, or else of its kind."""
        new = self.new[token]
        same_kind = [i for i, r in enumerate(self.old) if r.kind == new.kind] or [*range(len(self.old))]
        result = new.type.rpartition("-> ")[2]
        for alike in (
            [i for i in same_kind if new.type and self.old[i].type == new.type],
            [i for i in same_kind if result and self.old[i].type.rpartition("-> ")[2] == result],
        ):
            if alike:
                return np.array(alike, dtype=np.int64)
        return np.array(same_kind, dtype=np.int64)

    def adapted(self, tensors: Mapping[str, np.ndarray], by_token: Mapping[str, ByToken]) -> dict[str, np.ndarray]:
        """Tensors of a file for the current tokens; those in ``by_token`` have tokens as their first dimension.

        Raises:
            InputError: for a tensor of ``by_token`` that is missing, or has another number of rows than the file has tokens.
        """
        found = dict(tensors)
        for name, how in by_token.items():
            table = tensors.get(name)
            if table is None or len(table) != len(self.old):
                shape = "missing" if table is None else f"of shape {table.shape}"
                raise InputError(f"tensor {name} is {shape}, with {len(self.old)} tokens; train the guide again")
            if not self.same:
                rows = np.array(table[np.maximum(self.source, 0)])
                for token in np.flatnonzero(self.source < 0).tolist():
                    mean = table[self.relatives(token)].mean(axis=0)
                    rows[token] = mean if how == "vector" else mean + math.log(FLOOR)
                found[name] = rows
        return found
