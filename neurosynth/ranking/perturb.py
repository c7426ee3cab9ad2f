"""Inputs like the given ones: where programs that agree on the examples may disagree."""

from __future__ import annotations

import random
import string
from collections.abc import Sequence
from typing import Any

from neurosynth.language.evaluate import freeze
from neurosynth.language.types import BOOL, INT, STRING, Size, Type, TypeConstructor
from neurosynth.tasks.task import Task, has_type

__all__ = ["chance_inputs", "unseen_inputs"]


def unseen_inputs(task: Task, *, count: int = 24, seed: int = 0) -> list[tuple[Any, ...]]:
    """Up to ``count`` inputs without outputs: the task's unlabelled rows first, then perturbed examples.

    Perturbing keeps the format: letters become letters of the same case, digits digits, words are doubled or dropped,
    columns of two examples are mixed, numbers move a little, lists gain, lose or change an element.
    """
    rng = random.Random(seed)
    rows = _unlabelled(task)
    seen = {e.inputs for e in task.examples}
    found = [row for row in dict.fromkeys(rows) if row not in seen][:count]
    seen.update(found)
    given = [e.inputs for e in task.examples]
    for _ in range(count * 8):
        if len(found) >= count:
            break
        base, other = rng.choice(given), rng.choice(given)
        mixed = [b if rng.random() < 0.7 else o for b, o in zip(base, other, strict=True)]
        row = tuple(_changed(v, t, rng) for v, t in zip(mixed, task.parameters, strict=True))
        if row not in seen:
            seen.add(row)
            found.append(row)
    return found


def chance_inputs(task: Task, *, count: int = 48, seed: int = 0) -> list[tuple[Any, ...]]:
    """Inputs that look like the examples' and mean nothing: every letter, digit, number and bit is drawn anew."""
    rng = random.Random(seed)
    columns = list(zip(*(e.inputs for e in task.examples), strict=True))
    return [
        tuple(_drawn(rng.choice(column), t, column, rng) for column, t in zip(columns, task.parameters, strict=True))
        for _ in range(count)
    ]


def _drawn(value: Any, t: Type, like: Sequence[Any], rng: random.Random) -> Any:
    """A value of the form of one of ``like``, drawn at random."""
    if t == STRING:
        return "".join(rng.choice([c for text in like for c in text if _kind(c) == _kind(ch)]) for ch in value)
    if t == BOOL:
        return rng.random() < 0.5
    if t == INT:
        return rng.randint(min(like), max(like))
    if isinstance(t, TypeConstructor) and t.name == "bitvec":
        return rng.getrandbits(int(str(t.arguments[0])))
    if isinstance(t, TypeConstructor) and t.name == "list":
        items = [item for other in like for item in other]
        element = t.arguments[0]
        assert not isinstance(element, Size)
        return tuple(_drawn(item, element, items, rng) for item in value)
    return value


def _unlabelled(task: Task) -> list[tuple[Any, ...]]:
    """The rows the task brings without outputs; the field is free, so what does not fit the task's type is left out."""
    given = task.extra.get("unlabelled_inputs")
    if not isinstance(given, (list, tuple)):
        return []
    rows = [freeze(row) for row in given]
    return [row for row in rows if isinstance(row, tuple) and _fits(row, task)]


def _fits(row: tuple[Any, ...], task: Task) -> bool:
    return len(row) == task.arity and all(has_type(v, t) for v, t in zip(row, task.parameters, strict=True))


def _changed(value: Any, t: Type, rng: random.Random) -> Any:
    if t == STRING:
        return _changed_text(value, rng)
    if t == BOOL:
        return value if rng.random() < 0.5 else not value
    if t == INT:
        return value + rng.choice([0, 0, 1, -1, 2, 5, -value])
    if isinstance(t, TypeConstructor) and t.name == "bitvec":
        return value ^ (1 << rng.randrange(int(str(t.arguments[0])))) if rng.random() < 0.7 else value
    if isinstance(t, TypeConstructor) and t.name == "list":
        return _changed_list(value, t.arguments[0], rng)
    return value


def _changed_list(value: tuple[Any, ...], element: Any, rng: random.Random) -> tuple[Any, ...]:
    items = list(value)
    kind = rng.randrange(4)
    if kind == 0 and items:
        del items[rng.randrange(len(items))]
    elif kind == 1 and items:
        items.insert(rng.randrange(len(items) + 1), rng.choice(items))
    elif kind == 2:
        rng.shuffle(items)
    elif items:
        at = rng.randrange(len(items))
        items[at] = _changed(items[at], element, rng)
    return tuple(items)


def _changed_text(text: str, rng: random.Random) -> str:
    kind = rng.randrange(4)
    words = text.split(" ")
    if kind == 0 and len(words) > 1:
        at = rng.randrange(len(words))
        return " ".join(words[:at] + words[at + 1 :] if rng.random() < 0.5 else [*words[:at], words[at], *words[at:]])
    if kind == 1 and text:
        # a run of letters or digits becomes longer or shorter
        at = rng.randrange(len(text))
        if text[at].isalnum():
            return text[:at] + (_like(text[at], rng) if rng.random() < 0.5 else "") + text[at + (rng.random() < 0.5) :]
    return "".join(_like(ch, rng) if ch.isalnum() and rng.random() < 0.6 else ch for ch in text)


def _kind(ch: str) -> str:
    """Digit, small letter, capital or other letter; any other character is a kind of its own."""
    return "digit" if ch.isdigit() else "lower" if ch.islower() else "upper" if ch.isupper() else ch


def _like(ch: str, rng: random.Random) -> str:
    for alphabet in (string.digits, string.ascii_lowercase, string.ascii_uppercase):
        if ch in alphabet:
            return rng.choice(alphabet)
    return ch
