"""Constants that a task does not give: candidates read from its examples, each with a cost. A part of an output that the inputs lack
must come from somewhere. Candidates are pieces that outputs share and inputs lack, separators of the inputs, words that the inputs
share, and numbers that every output repeats.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from neurosynth.errors import InputError
from neurosynth.language.program import Constant
from neurosynth.tasks.task import Task
from neurosynth.values.types import INT, STRING

__all__ = ["suggest_constants", "with_given"]

_DIGITS = 4000
"""Maximum number of digits of an integer constant: Python reads few more."""

LONGEST = 24
"""Maximum length of a suggested piece of text; longer ones memorise."""


def suggest_constants(task: Task, *, most: int = 8) -> list[tuple[Constant, int]]:
    """Up to ``most`` constants of each kind with their costs (1 for likely ones, 2 for the others), most likely first."""
    found: dict[Constant, int] = {}
    if task.output_type == STRING:
        rows = [(_texts(e.inputs), str(e.output)) for e in task.examples]
        for text, cost in _new_pieces(rows, most):
            found.setdefault(Constant(text, STRING), cost)
    texts = [_texts(e.inputs) for e in task.examples]
    if any(texts):
        for text in _separators(texts)[: most // 2]:
            found.setdefault(Constant(text, STRING), 1)
        for text in _shared_words(texts)[: most // 2]:
            found.setdefault(Constant(text, STRING), 2)
    if "int" in str(task.output_type):
        for number in _repeated_numbers([e.output for e in task.examples])[: most // 2]:
            found.setdefault(Constant(number, INT), 2)
    return list(found.items())


def with_given(task: Task, texts: Sequence[str]) -> Task:
    """The task with constants that a user gave: texts, and integers if the task has integers and the text is one.

    Raises:
        InputError: for a task whose programs use neither texts nor integers.
    """
    kinds = str(task.type)
    found: list[Constant] = []
    for text in texts:
        number = re.fullmatch(r"[-+]?\d+", text)
        if "int" in kinds and number:
            if len(text) > _DIGITS:
                raise InputError(
                    f"task {task.name!r}: a constant of {len(text):,} characters; allowed: at most {_DIGITS:,} digits"
                )
            found.append(Constant(int(text), INT))
        if "string" in kinds or (task.language == "columns" and not number):
            found.append(Constant(text, STRING))
        if "int" in kinds and not number and "string" not in kinds:
            raise InputError(
                f"task {task.name!r}: the constant {text!r} is not an integer; its type {kinds} holds integers only; "
                "allowed: integers such as 3 or -1"
            )
    if not found:
        raise InputError(
            f"task {task.name!r}: constants on the command line are texts and integers; its type is {kinds}; "
            'write others into the task file as {"value", "type"}'
        )
    return replace(task, constants=(*task.constants, *found))


def _texts(values: Iterable[Any]) -> list[str]:
    return [v for v in values if isinstance(v, str)]


def _new_pieces(rows: Sequence[tuple[list[str], str]], most: int) -> list[tuple[str, int]]:
    """Pieces of outputs that their own inputs lack: the longest with a given support, well-supported ones first."""
    support: Counter[str] = Counter()
    for inputs, output in rows:
        pieces = {
            output[i:j]
            for i in range(len(output))
            for j in range(i + 1, min(len(output), i + LONGEST) + 1)
            if not any(output[i:j] in text for text in inputs)
        }
        support.update(pieces)
    needed = 1 if len(rows) == 1 else 2
    common = {piece: n for piece, n in support.items() if n >= needed or n == len(rows)}
    kept: list[tuple[str, int]] = []
    for piece, n in sorted(common.items(), key=lambda item: (-item[1], -len(item[0]), item[0])):
        if not any(piece in longer and m >= n for longer, m in kept):
            kept.append((piece, n))
    ranked = [(piece, 1 if n * 2 > len(rows) else 2) for piece, n in kept]
    # a longer piece often contains ends that are really taken from an input: offer the part that all its uses lack, too
    trimmed = [(_trimmed(piece, rows), cost) for piece, cost in ranked[:most]]
    cores = [
        (core, cost)
        for piece, cost in [*trimmed, *ranked[:most]]
        for core in _cores(piece)
        if core != piece and not all(any(core in text for text in inputs) for inputs, _ in rows)
    ]
    whole = {output for _, output in rows} if len(rows) == 1 else set()  # a literal of the only output explains nothing
    found = dict([row for row in trimmed if row[0]] + ranked[:most] + cores[:most])
    return [(piece, cost) for piece, cost in found.items() if piece not in whole]


def _trimmed(piece: str, rows: Sequence[tuple[list[str], str]]) -> str:
    """The piece without the ends that every row using it could take from its own inputs."""
    uses = [inputs for inputs, output in rows if piece in output and not any(piece in text for text in inputs)]

    def taken(inputs: list[str], parts: list[str]) -> int:
        return max((len(part) for part in parts if any(part in text for text in inputs)), default=0)

    start = min(taken(inputs, [piece[:n] for n in range(1, len(piece))]) for inputs in uses)
    rest = piece[start:]
    end = min(taken(inputs, [rest[-n:] for n in range(1, len(rest) + 1)]) for inputs in uses)
    return rest[: len(rest) - end]


def _cores(piece: str) -> list[str]:
    """Runs of one kind of character inside a piece: ``", USA"`` gives ``", "`` and ``"USA"``."""
    return re.findall(r"[^\W_]+|[\W_]+", piece)


def _separators(texts: Sequence[list[str]]) -> list[str]:
    """Characters other than letters and digits that at least half of the rows contain, the most common first."""
    support: Counter[str] = Counter()
    for row in texts:
        support.update({ch for text in row for ch in text if not ch.isalnum()})
    return [ch for ch, n in sorted(support.items(), key=lambda item: (-item[1], item[0])) if n * 2 >= len(texts)]


def _shared_words(texts: Sequence[list[str]]) -> list[str]:
    """Words that every row contains, longest first."""
    common = set.intersection(*({w for text in row for w in re.findall(r"\w+", text)} for row in texts))
    return sorted((w for w in common if len(w) <= LONGEST), key=lambda w: (-len(w), w))


def _repeated_numbers(outputs: Sequence[Any]) -> list[int]:
    """Integers that every output equals or contains."""

    def numbers(value: Any) -> set[int]:
        if isinstance(value, tuple):
            return set().union(*map(numbers, value)) if value else set()
        return {value} if isinstance(value, int) and not isinstance(value, bool) else set()

    return sorted(set.intersection(*map(numbers, outputs)), key=lambda n: (abs(n), n))
